# SPDX-License-Identifier: EUPL-1.2
"""Rules typed: conditions, exceptions, the power of a `kan` rule, and how a value is computed, bounded and rounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import cast

from engine.language.conditions import condition_guards
from engine.language.fits import alike, to_kind
from engine.language.kinds import LiteralError, parse_literal, parse_number
from engine.language.names import Decided, Names, has_value
from engine.language.reading import Path
from engine.language.scope import Context
from engine.language.versions import RuleText
from engine.model import documents as doc, tree
from engine.model.kinds import Base, Kind
from engine.model.problems import meant
from engine.model.values import Known, simplest


def outcomes_of(names: Names) -> list[tree.Outcome]:
    """Every outcome with its rules; over a composed list once for each person. Problems go to ``names.problems``."""
    return _Rules(names).outcomes()


class _Rules:
    def __init__(self, names: Names) -> None:
        self.names, self.lines, self.problems = names, names.lines, names.problems

    def outcomes(self) -> list[tree.Outcome]:
        result = []
        table = self.names.facts
        for outcome in self.names.outcomes.values():
            mixed = {has_value(rule.decl) for rule in outcome.rules}
            if len(mixed) > 1:
                self.names.problem(
                    outcome.rules[-1],
                    "bepaalt",
                    "TS-C12",
                    f"De ene regel bepaalt `{outcome.name}` als ja of nee, de andere als een waarde.",
                    "Kies een van beide, of een andere naam.",
                )
                continue
            if outcome.per in table.composed:
                assert outcome.per is not None
                for person in table.composed[outcome.per]:
                    result += self._outcome(outcome, person.name)
            else:
                result += self._outcome(outcome, None)
        return result

    def _outcome(self, outcome: Decided, person: str | None) -> list[tree.Outcome]:
        rule = outcome.rules[0]
        kind = self.lines.attempt(rule.source, (*rule.path, "bepaalt"), lambda: self.names.kind_of(outcome.qualified))
        if kind is None:
            for text in outcome.rules:
                self._conditions(outcome, text, person)
            return []
        rules = tuple(found for text in outcome.rules if (found := self._rule(outcome, text, kind, person)) is not None)
        rules = self._in_precedence(outcome, rules)
        if sum(1 for text in outcome.rules if text.decl.otherwise is not None) > 1:
            self.names.problem(
                outcome.rules[-1], "anders", "TS-C13", f"Meer dan een regel geeft `anders` voor `{outcome.name}`.", "Laat er een staan."
            )
        key = f"{person}.{outcome.qualified}" if person else outcome.qualified
        items = outcome.per if person is None else None
        return [tree.Outcome(key, outcome.name, kind, rules, person, items, self._settled(outcome))]

    def _settled(self, outcome: Decided) -> bool:
        """Whether every rule about an outcome defines it, or it is filled in; part of them is refused."""
        apart = [text for text in outcome.rules if text.decl.role != "begripsbepaling" and text.decl.open_to is None]
        defining = [text for text in outcome.rules if text.decl.role == "begripsbepaling"]
        if apart and defining:
            self.names.problem(
                apart[0],
                "bepaalt",
                "TS-C25",
                f"`{outcome.name}` is bij een andere regel een begripsbepaling, bij deze niet.",
                "Geef elke regel over deze uitkomst `rol: begripsbepaling`, of geen ervan.",
            )
        return not apart

    def _conditions(
        self, outcome: Decided, text: RuleText, person: str | None
    ) -> tuple[Context, Context, tree.Criterion, tuple[tree.Criterion, ...]]:
        """Where the lines of a rule stand (before and behind its `als`), when it applies and its exceptions."""
        decl = text.decl
        context = self.names.context(outcome, person)
        applies = self.lines.condition(decl.when, text.source, (*text.path, "als"), context)
        guarded = replace(context, guards=context.guards | condition_guards(decl.when, context))
        return context, guarded, applies, self.lines.exceptions(decl.unless, text.source, (*text.path, "tenzij"), guarded)

    def _rule(self, outcome: Decided, text: RuleText, kind: Kind, person: str | None) -> tree.Rule | None:
        decl = text.decl
        context, guarded, applies, exceptions = self._conditions(outcome, text, person)
        formula = self._formula(text, kind, guarded) if has_value(decl) else None
        otherwise = None
        if decl.otherwise is not None:
            value = self.lines.value(decl.otherwise, text.source, (*text.path, "anders"), context)
            otherwise = self._fit(value, kind, text, (*text.path, "anders")) if value is not None else None
        return tree.Rule(
            key=f"{decl.id}@{person}" if person else decl.id,
            id=decl.id,
            outcome=f"{person}.{outcome.qualified}" if person else outcome.qualified,
            applies=applies,
            exceptions=exceptions,
            power=f"keuze({decl.id})" if decl.modality == "kan" else None,
            formula=formula,
            otherwise=otherwise,
            sets_aside=tuple(f"{rule}@{person}" if person else rule for rule in decl.sets_aside),
            person=person,
            list=outcome.per if person is None else None,
        )

    def _in_precedence(self, outcome: Decided, rules: tuple[tree.Rule, ...]) -> tuple[tree.Rule, ...]:
        """The rules with everything that each sets aside, through others too; a circle and an unknown id are refused."""
        keys = {rule.key for rule in rules}
        graph: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            text = next(found for found in outcome.rules if found.decl.id == rule.id)
            for other in rule.sets_aside:
                if other not in keys:
                    known = {found.decl.id for found in outcome.rules}
                    name = other.split("@")[0]
                    self.names.problem(
                        text, "gaat voor", "TS-C14", f"`{name}` is geen andere regel over `{outcome.name}`.", meant(name, known)
                    )
                elif doc.is_above(high := self._level(outcome, other), own := text.decl.level):
                    self.names.problem(
                        text,
                        "gaat voor",
                        "TS-C24",
                        f"`{text.decl.id}` ({own}) kan niet voor `{other.partition('@')[0]}` gaan: die regel is {high}.",
                        "Een lager niveau zet nooit een hoger niveau opzij; controleer `niveau`.",
                    )
            graph[rule.key] = rule.sets_aside
        below: dict[str, tuple[str, ...]] = {}
        try:
            for key in TopologicalSorter(graph).static_order():
                beneath = graph.get(key, ())
                below[key] = tuple(dict.fromkeys([*beneath, *(low for other in beneath for low in below[other])]))
        except CycleError:
            self.names.problem(
                outcome.rules[0],
                "gaat voor",
                "TS-C15",
                f"De volgorde met `gaat voor` over `{outcome.name}` loopt in een kring.",
                "Haal een van de verwijzingen weg.",
            )
            return rules
        return tuple(replace(rule, sets_aside=below[rule.key]) for rule in rules)

    @staticmethod
    def _level(outcome: Decided, key: str) -> doc.Level:
        return next(found.decl.level for found in outcome.rules if found.decl.id == key.partition("@")[0])

    def _fit(self, value: tree.Expr, kind: Kind, text: RuleText, path: Path) -> tree.Expr:
        fitted = to_kind(value, kind)
        if not alike(fitted.kind, kind):
            problem = text.source.problem("TS-C16", path, f"Hier past een {kind}; dit is een {value.kind}.")
            if problem not in self.problems:
                self.problems.append(problem)
        return fitted

    def _formula_value(self, line: str, kind: Kind, text: RuleText, path: Path, context: Context) -> tree.Expr | None:
        if kind.base is Base.CHOICE and (bare := self.names.bare_choice(line, context)) is not None:
            return replace(bare, kind=replace(kind, optional=False))
        value = self.lines.value(line, text.source, path, context)
        return None if value is None else self._fit(value, kind, text, path)

    def _formula(self, text: RuleText, kind: Kind, context: Context) -> tree.Formula | None:
        decl, path = text.decl, text.path
        bound = {
            key: self._formula_value(line, kind, text, (*path, key), context)
            for key, line in (("ten hoogste", decl.at_most), ("ten minste", decl.at_least))
            if line is not None
        }
        if bound and not (kind.numeric or kind.base in (Base.MONEY, Base.DATE, Base.DURATION)):
            self.names.problem(text, next(iter(bound)), "TS-C17", f"Een {kind} heeft geen grens.", "Laat de grens weg.")
        rounding = self._rounding(text, kind)
        common = {"kind": kind, "at_most": bound.get("ten hoogste"), "at_least": bound.get("ten minste"), "rounding": rounding}
        if decl.open_to is not None:
            fallback = self._fallback(decl.open_to, kind, text, context)
            return tree.Formula(expression=tree.FillingRef(kind, decl.id, fallback), **common)  # type: ignore[arg-type]
        if decl.value is not None:
            value = self._formula_value(decl.value, kind, text, (*path, "waarde"), context)
            return None if value is None else tree.Formula(expression=value, **common)  # type: ignore[arg-type]
        if decl.table:
            return tree.Formula(table=self._table(text, kind, context), **common)  # type: ignore[arg-type]
        assert decl.tiers is not None
        over = self.lines.value(decl.tiers.over, text.source, (*path, "schijven", "over"), context)
        tiers = []
        for index, row in enumerate(decl.tiers.rows):
            place: Path = (*path, "schijven", "rijen", index)
            each = self._formula_value(row.each, kind, text, (*place, "per stuk"), context)
            upto = self.lines.value(row.upto, text.source, (*place, "tot en met"), context) if row.upto is not None else None
            if row.upto is None and index + 1 < len(decl.tiers.rows):
                self.problems.append(
                    text.source.problem("TS-C18", place, "Alleen de laatste schijf mag zonder `tot en met`.", "Voeg `tot en met` toe.")
                )
            if upto is not None and upto.kind.base not in (Base.INT, Base.NUMBER):
                self.problems.append(
                    text.source.problem("TS-C18", (*place, "tot en met"), f"`tot en met` is een getal; dit is een {upto.kind}.", "")
                )
            if each is not None:
                tiers.append(tree.Tier(upto, each))
        if over is None:
            return None
        if over.kind.base not in (Base.INT, Base.NUMBER):
            self.problems.append(
                text.source.problem("TS-C18", (*path, "schijven", "over"), f"`over` is een getal; dit is een {over.kind}.", "")
            )
        return tree.Formula(tiers_over=over, tiers=tuple(tiers), **common)  # type: ignore[arg-type]

    def _fallback(self, term: doc.OpenTerm, kind: Kind, text: RuleText, context: Context) -> tree.Expr | None:
        """What holds where a lower level filled in nothing: a value as a filling writes it, or a line. The bounds are checked too."""
        path: Path = (*text.path, "open voor")
        for key, bound in (("ten minste", term.minimum), ("ten hoogste", term.maximum)):
            if bound is not None:
                self.lines.attempt(text.source, (*path, key), lambda bound=bound: parse_literal(bound, kind, text.decl.kind))  # type: ignore[misc]
        if term.otherwise is None:
            return None
        try:
            return tree.Lit(kind, cast(Known, parse_literal(term.otherwise, kind, text.decl.kind)))
        except LiteralError:
            return self._formula_value(term.otherwise, kind, text, (*path, "anders"), context)

    def _table(self, text: RuleText, kind: Kind, context: Context) -> tuple[tree.Row, ...]:
        rows = []
        guards = context.guards
        decl = text.decl
        for index, row in enumerate(decl.table):
            place: Path = (*text.path, "tabel", index)
            if row.when is None and index + 1 < len(decl.table):
                self.problems.append(
                    text.source.problem(
                        "TS-C19",
                        place,
                        "Alleen de laatste rij mag zonder `als`: wat eronder staat wordt nooit bereikt.",
                        "Zet deze rij onderaan.",
                    )
                )
            here = replace(context, guards=guards)
            when = self.lines.condition(row.when, text.source, (*place, "als"), here)
            inner = replace(here, guards=guards | condition_guards(row.when, context))
            value = self._formula_value(row.value, kind, text, (*place, "dan"), inner)
            guards = guards | condition_guards(row.when, context, wanted="is")
            if value is not None:
                rows.append(tree.Row(when, value))
        return tuple(rows)

    def _rounding(self, text: RuleText, kind: Kind) -> tuple[Known, str] | None:
        words = text.decl.rounding
        if words is None:
            return None
        if kind.base is not Base.MONEY and not kind.numeric:
            self.names.problem(text, "afronden", "TS-C20", f"Een {kind} kan niet worden afgerond.", "Laat `afronden` weg.")
            return None
        unit = 100 if kind.base is Base.MONEY else 1
        if words == "cent" and kind.base is Base.MONEY:
            return 1, "half"
        if words == "euro" and kind.base is Base.MONEY:
            return 100, "half"
        if words == "geheel" and kind.numeric:
            return 1, "half"
        for mode in ("omlaag", "omhoog"):
            if words.startswith(f"{mode} op "):
                try:
                    step = simplest(Fraction(parse_number(words.removeprefix(f"{mode} op "))) * unit)
                except LiteralError as error:
                    self.names.problem(text, "afronden", "TS-C20", error.cause, error.remedy)
                    return None
                if step > 0:
                    return step, mode
        self.names.problem(
            text,
            "afronden",
            "TS-C20",
            f"`{words}` is geen manier van afronden.",
            "Kies uit: cent, euro, geheel, omlaag op 0.20, omhoog op 50.",
        )
        return None
