# SPDX-License-Identifier: EUPL-1.2
"""Assembly: the regelsets in force become one typed program, or a list of everything that is wrong.

Order of work: names, then kinds (inferred from the rules, cycles refused), then rules, grounds and ladder, then the
reversed test, then the order of evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from typing import Any, TypeVar

from engine.language import lines as ast
from engine.language.checker import Checker, alike, common_kind, guards_of, to_kind, unify
from engine.language.facts import FactTable, power_fact
from engine.language.kinds import LiteralError, amount_kind, parse_number
from engine.language.lines import LineError, parse_line
from engine.language.reading import Path, Source
from engine.language.scope import Context, KindError, OutcomeName, Scope
from engine.language.versions import RuleSet, RuleText, in_force
from engine.model import documents as doc, tree
from engine.model.kinds import BOOL, INT, Base, Kind
from engine.model.problems import Problem, meant
from engine.model.program import (
    DERIVED,
    Advice,
    Amount,
    Argument,
    Check,
    Door,
    Fact,
    Ground,
    Law,
    Option,
    Program,
    RuleInfo,
    Rung,
    SecondPass,
    Signal,
    Trigger,
    Version,
)
from engine.model.stages import WORDS
from engine.model.values import Known, simplest

T = TypeVar("T")


@dataclass(frozen=True)
class Reversed:
    """The reversed-test documents that a program reads: (law, document, source)."""

    documents: tuple[tuple[str, doc.ReversedTestDoc, Source], ...]


@dataclass
class _Outcome:
    """An outcome under construction."""

    qualified: str
    name: str
    per: str | None
    rules: list[RuleText] = field(default_factory=list)
    kind: Kind | None = None


class _Cycle(Exception):
    def __init__(self, names: list[str]) -> None:
        super().__init__(" -> ".join(names))
        self.names = names


@dataclass(frozen=True)
class Parts:
    """What assembly needs of the library beside the regelsets."""

    facts: FactTable
    amounts: Mapping[str, Amount]
    laws: Mapping[str, Law]
    reversed: Reversed
    sets: Mapping[str, tuple[RuleSet, ...]]


def assemble(claim: RuleSet, day: date, valid_from: date, valid_until: date | None, parts: Parts) -> tuple[Program | None, list[Problem]]:
    """One program of a claim for the stretch of time that holds ``day``; None when something is wrong."""
    return _Assembly(claim, day, valid_from, valid_until, parts).run()


def used_sets(claim: RuleSet, sets: Mapping[str, tuple[RuleSet, ...]], day: date) -> tuple[list[RuleSet], list[RuleSet]]:
    """The regelsets whose names are directly visible (the claim's own first), and those only named with dots."""
    visible: list[RuleSet] = []
    dotted: list[RuleSet] = []
    queue: list[tuple[RuleSet, bool]] = [(claim, True)]
    while queue:
        current, direct = queue.pop(0)
        if current in visible or (current in dotted and not direct):
            continue
        if direct:
            dotted = [found for found in dotted if found is not current]
        (visible if direct else dotted).append(current)
        for name in current.uses:
            if found := in_force(sets.get(name, ()), day):
                queue.append((found, direct))
        for name in _named_sets(current, sets):
            if found := in_force(sets[name], day):
                queue.append((found, False))
    return visible, dotted


def _named_sets(current: RuleSet, sets: Mapping[str, Any]) -> Iterator[str]:
    for text in _texts(rule.decl.model_dump() for rule in current.rules.values()):
        for word in text.replace("(", " ").replace(")", " ").split():
            pieces = word.split(".")
            if len(pieces) >= 3 and f"{pieces[0]}/{pieces[1]}" in sets:
                yield f"{pieces[0]}/{pieces[1]}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)


class _Assembly:
    def __init__(self, claim: RuleSet, day: date, valid_from: date, valid_until: date | None, parts: Parts) -> None:
        self.claim, self.day, self.valid_from, self.valid_until, self.parts = claim, day, valid_from, valid_until, parts
        self.problems: list[Problem] = []
        self.outcomes: dict[str, _Outcome] = {}
        self.visible, self.dotted = used_sets(claim, parts.sets, day)
        self.inferring: list[str] = []
        self.typed_kinds: dict[str, Kind] = {}

    # --- the whole -----------------------------------------------------------------------------------------------

    def run(self) -> tuple[Program | None, list[Problem]]:
        self._check_uses()
        names = self._collect_outcomes()
        self.facts = dict(self.parts.facts.facts)
        powers = {}
        for rule in self._rules():
            if rule.decl.modality == "kan":
                fact = power_fact(rule.decl)
                self.facts[fact.path] = fact
                powers[rule.decl.id] = fact
        table = self.parts.facts
        self._refuse_ambiguous(names)
        self.scope = Scope(
            facts=table.top_kinds(),
            groups=table.group_kinds(),
            members=table.members,
            lists={name: fact.group for name, fact in table.lists.items()},
            composed=table.composed,
            amounts={name: amount.kind for name, amount in self.parts.amounts.items()},
            outcomes=names,
            powers=frozenset(powers),
            kind_of=self._kind_of,
        )
        self.checker = Checker(self.scope)
        self.presence = self._presence()
        outcomes = self._outcomes()
        grounds = self._grounds(outcomes)
        outcomes += self._derived(grounds, outcomes)
        ladder = self._ladder()
        second = self._second_pass()
        if self.problems:
            return None, self.problems
        ordered = self._ordered(outcomes)
        if ordered is None:
            return None, self.problems
        return self._program(ordered, grounds, ladder, second), self.problems

    def _program(
        self, outcomes: tuple[tree.Outcome, ...], grounds: tuple[Ground, ...], ladder: tuple[Rung, ...], second: SecondPass
    ) -> Program:
        rules = {
            rule.decl.id: RuleInfo(rule.decl, ruleset.law, ruleset.name, rule.version, rule.source.place(rule.path))
            for ruleset in (*self.visible, *self.dotted)
            for rule in ruleset.rules.values()
        }
        versions = tuple(
            Version(
                ruleset.name,
                ruleset.title,
                ruleset.document.valid_from,
                ruleset.valid_until,
                ruleset.document.known_from,
                ruleset.document.status,
                ruleset.document.note,
                tuple(sorted(rule.decl.id for rule in ruleset.rules.values() if rule.decl.status == "te verifieren")),
            )
            for ruleset in (*self.visible, *self.dotted)
        )
        assert self.claim.assessment is not None
        return Program(
            claim=self.claim.name,
            title=self.claim.title,
            sort=self.claim.assessment.sort,
            law=self.claim.law,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            versions=versions,
            facts=self.facts,
            lists=self.parts.facts.lists,
            groups=self.parts.facts.group_members(),
            composed=self.presence,
            amounts=self.parts.amounts,
            outcomes=outcomes,
            rules=rules,
            grounds=grounds,
            ladder=ladder,
            second=second,
            laws=self.parts.laws,
            origins=self.parts.facts.origins,
        )

    def _rules(self) -> Iterator[RuleText]:
        for ruleset in (*self.visible, *self.dotted):
            yield from ruleset.rules.values()

    def _check_uses(self) -> None:
        for ruleset in (*self.visible, *self.dotted):
            for name in ruleset.uses:
                if name not in self.parts.sets:
                    self.problems.append(
                        ruleset.source.problem("TS-C01", ("gebruikt",), f"De regelset `{name}` bestaat niet.", meant(name, self.parts.sets))
                    )
                elif in_force(self.parts.sets[name], self.day) is None:
                    self.problems.append(
                        ruleset.source.problem(
                            "TS-C02",
                            ("gebruikt",),
                            f"De regelset `{name}` heeft geen versie die geldt op {self.day}.",
                            "Voeg een eerdere versie toe.",
                        )
                    )

    def _presence(self) -> dict[str, tuple[tuple[str, tree.Criterion], ...]]:
        result = {}
        for name, persons in self.parts.facts.composed.items():
            found = []
            for person in persons:
                source, path = self.parts.facts.composed_places[name]
                criterion = self._attempt(source, path, lambda person=person: self.checker.presence(person))  # type: ignore[misc]
                found.append((person.name, criterion if criterion is not None else tree.Const(True)))
            result[name] = tuple(found)
        return result

    # --- names and kinds -----------------------------------------------------------------------------------------

    def _collect_outcomes(self) -> dict[str, OutcomeName]:
        names: dict[str, OutcomeName] = {name: OutcomeName(name) for name in DERIVED}
        places: dict[str, tuple[str, RuleText]] = {}
        rule_ids: dict[str, str] = {}
        for ruleset in (*self.visible, *self.dotted):
            for rule in ruleset.rules.values():
                decl = rule.decl
                if decl.id in rule_ids and rule_ids[decl.id] != ruleset.name:
                    self._problem(
                        rule, "id", "TS-C03", f"De id `{decl.id}` komt ook voor in `{rule_ids[decl.id]}`.", "Geef elke regel een eigen id."
                    )
                rule_ids[decl.id] = ruleset.name
                if decl.decides in DERIVED:
                    self._problem(
                        rule,
                        "bepaalt",
                        "TS-C04",
                        f"`{decl.decides}` is een woord van de beoordeling en kan niet door een regel worden bepaald.",
                        "Kies een andere naam.",
                    )
                qualified = f"{ruleset.name.replace('/', '.')}.{decl.decides}"
                outcome = self.outcomes.setdefault(qualified, _Outcome(qualified, decl.decides, decl.per_item))
                if outcome.per != decl.per_item:
                    self._problem(
                        rule, "voor elke", "TS-C05", f"De regels over `{decl.decides}` verschillen in `voor elke`.", "Maak ze gelijk."
                    )
                outcome.rules.append(rule)
                names[qualified] = OutcomeName(qualified, decl.per_item)
                if ruleset in self.visible:
                    known = places.get(decl.decides)
                    if known is not None and known[0] != ruleset.name:
                        self._problem(
                            rule,
                            "bepaalt",
                            "TS-C06",
                            f"`{decl.decides}` wordt ook bepaald in `{known[0]}`.",
                            "Laat een regelset het bepalen, of kies een andere naam.",
                        )
                    places[decl.decides] = (ruleset.name, rule)
                    names[decl.decides] = OutcomeName(qualified, decl.per_item)
        return names

    def _refuse_ambiguous(self, names: Mapping[str, OutcomeName]) -> None:
        table = self.parts.facts
        for outcome in self.outcomes.values():
            rule = outcome.rules[0]
            if outcome.name in names and (
                outcome.name in table.facts or outcome.name in self.parts.amounts or outcome.name in table.composed
            ):
                self._problem(rule, "bepaalt", "TS-C07", f"`{outcome.name}` is ook een gegeven of een bedrag.", "Kies een andere naam.")
            per = outcome.per
            if per is None:
                continue
            if per not in table.lists and per not in table.composed:
                self._problem(rule, "voor elke", "TS-C08", f"`{per}` is geen lijst.", meant(per, [*table.lists, *table.composed]))
                outcome.per = None
                continue
            group = table.lists[per].group if per in table.lists else table.members[table.composed[per][0].name].group
            if outcome.name in table.groups[group]:
                self._problem(rule, "bepaalt", "TS-C07", f"`{outcome.name}` is ook een gegeven van `{group}`.", "Kies een andere naam.")

    def _kind_of(self, qualified: str) -> Kind:
        if qualified in DERIVED:
            return BOOL
        outcome = self.outcomes[qualified]
        if outcome.kind is not None:
            return outcome.kind
        if all(not _has_value(rule.decl) for rule in outcome.rules):
            outcome.kind = BOOL
            return BOOL
        if qualified in self.inferring:
            raise _Cycle([*self.inferring[self.inferring.index(qualified) :], qualified])
        self.inferring.append(qualified)
        try:
            kinds = []
            for rule in outcome.rules:
                for formula in self._formula_expressions(rule, self._context(outcome, rule)):
                    kinds.append(formula.kind)
        finally:
            self.inferring.pop()
        outcome.kind = common_kind(kinds) if kinds else INT
        return outcome.kind

    def _context(self, outcome: _Outcome, rule: RuleText, person: str | None = None) -> Context:
        per = outcome.per
        table = self.parts.facts
        if per is None:
            return Context()
        if per in table.lists:
            return Context(list=per)
        name = person or table.composed[per][0].name
        return Context(person=name, composed=per, guards=frozenset({name}))

    # --- lines ---------------------------------------------------------------------------------------------------

    def _problem(self, rule: RuleText, key: str, code: str, cause: str, remedy: str = "") -> None:
        self.problems.append(rule.source.problem(code, (*rule.path, key), cause, remedy))

    def _attempt(self, source: Source, path: Path, work: Callable[[], T]) -> T | None:
        """Run a check; a mistake becomes a problem at its place, and None."""
        try:
            return work()
        except (LineError, KindError) as error:
            problem = source.problem(error.code, path, error.cause, error.remedy, error.column)
        except _Cycle as error:
            problem = source.problem(
                "TS-C09",
                path,
                f"Deze uitkomsten hangen in een kring van elkaar af: {' -> '.join(name.rsplit('.', 1)[-1] for name in error.names)}.",
                "Verbreek de kring: een uitkomst kan niet van zichzelf afhangen.",
            )
        except LiteralError as error:
            problem = source.problem("TS-C10", path, error.cause, error.remedy)
        if problem not in self.problems:
            self.problems.append(problem)
        return None

    def _condition(self, condition: Any, source: Source, path: Path, context: Context) -> tree.Criterion:
        if condition is None:
            return tree.Const(True)
        if isinstance(condition, str):
            found = self._attempt(source, path, lambda: self.checker.criterion(parse_line(condition), context))
            return tree.Line(condition, found if found is not None else tree.Const(False), source.place(path).line)
        if isinstance(condition, Mapping) and len(condition) == 1:
            word, parts = next(iter(condition.items()))
            if word in ("alle", "een van", "geen van") and isinstance(parts, list) and parts:
                inner = replace(context, guards=context.guards | _sibling_guards(parts, context, "is niet" if word == "alle" else "is"))
                children = tuple(self._condition(part, source, (*path, word, index), inner) for index, part in enumerate(parts))
                if word == "alle":
                    return tree.And(children)
                return tree.Or(children) if word == "een van" else tree.Not(tree.Or(children))
        self.problems.append(
            source.problem(
                "TS-C11",
                path,
                "Dit is geen voorwaarde.",
                "Schrijf een regel, of `alle:`, `een van:` of `geen van:` met streepjes eronder (een van deze drie).",
            )
        )
        return tree.Const(False)

    def _exceptions(self, condition: Any, source: Source, path: Path, context: Context) -> tuple[tree.Criterion, ...]:
        if condition is None:
            return ()
        if isinstance(condition, list):
            return tuple(self._condition(part, source, (*path, index), context) for index, part in enumerate(condition))
        return (self._condition(condition, source, path, context),)

    def _value(self, text: str, source: Source, path: Path, context: Context) -> tree.Expr | None:
        return self._attempt(source, path, lambda: self.checker.value(parse_line(text), context))

    # --- rules ---------------------------------------------------------------------------------------------------

    def _outcomes(self) -> list[tree.Outcome]:
        result = []
        table = self.parts.facts
        for outcome in self.outcomes.values():
            mixed = {_has_value(rule.decl) for rule in outcome.rules}
            if len(mixed) > 1:
                self._problem(
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

    def _outcome(self, outcome: _Outcome, person: str | None) -> list[tree.Outcome]:
        rule = outcome.rules[0]
        kind = self._attempt(rule.source, (*rule.path, "bepaalt"), lambda: self._kind_of(outcome.qualified))
        if kind is None:
            return []
        rules = tuple(found for text in outcome.rules if (found := self._rule(outcome, text, kind, person)) is not None)
        self._check_aside(outcome, rules)
        if sum(1 for text in outcome.rules if text.decl.otherwise is not None) > 1:
            self._problem(
                outcome.rules[-1], "anders", "TS-C13", f"Meer dan een regel geeft `anders` voor `{outcome.name}`.", "Laat er een staan."
            )
        key = f"{person}.{outcome.qualified}" if person else outcome.qualified
        items = outcome.per if person is None else None
        return [tree.Outcome(key, outcome.name, kind, rules, person, items)]

    def _rule(self, outcome: _Outcome, text: RuleText, kind: Kind, person: str | None) -> tree.Rule | None:
        decl = text.decl
        context = self._context(outcome, text, person)
        applies = self._condition(decl.when, text.source, (*text.path, "als"), context)
        guarded = replace(context, guards=context.guards | _condition_guards(decl.when, context))
        exceptions = self._exceptions(decl.unless, text.source, (*text.path, "tenzij"), guarded)
        formula = self._formula(text, kind, guarded) if _has_value(decl) else None
        otherwise = None
        if decl.otherwise is not None:
            value = self._value(decl.otherwise, text.source, (*text.path, "anders"), context)
            otherwise = self._fit(value, kind, text, "anders") if value is not None else None
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

    def _check_aside(self, outcome: _Outcome, rules: tuple[tree.Rule, ...]) -> None:
        keys = {rule.key for rule in rules}
        graph: dict[str, tuple[str, ...]] = {}
        for rule in rules:
            text = next(found for found in outcome.rules if found.decl.id == rule.id)
            for other in rule.sets_aside:
                if other not in keys:
                    self._problem(text, "gaat voor", "TS-C14", f"`{other}` is geen andere regel over `{outcome.name}`.", meant(other, keys))
            graph[rule.key] = rule.sets_aside
        try:
            tuple(TopologicalSorter(graph).static_order())
        except CycleError:
            self._problem(
                outcome.rules[0],
                "gaat voor",
                "TS-C15",
                f"De volgorde met `gaat voor` over `{outcome.name}` loopt in een kring.",
                "Haal een van de verwijzingen weg.",
            )

    def _fit(self, value: tree.Expr, kind: Kind, text: RuleText, key: str) -> tree.Expr:
        fitted = to_kind(value, kind)
        if not alike(fitted.kind, kind):
            self._problem(text, key, "TS-C16", f"Hier past een {kind}; dit is een {value.kind}.", "")
        return fitted

    def _formula_expressions(self, text: RuleText, context: Context) -> list[tree.Expr]:
        """The values that decide the kind of the outcome: typed without recording problems (that happens once, later)."""
        decl = text.decl
        guarded = replace(context, guards=context.guards | _condition_guards(decl.when, context) | self._all_groups())
        if decl.open_to is not None:
            return [tree.FillingRef(amount_kind(str(decl.kind)), decl.id, None)]
        sources = (
            [decl.value]
            if decl.value
            else [row.value for row in decl.table] or ([row.each for row in decl.tiers.rows] if decl.tiers else [])
        )
        found = []
        first: Exception | None = None
        for line in sources:
            try:
                found.append(self.checker.value(parse_line(str(line)), guarded))
            except (LineError, KindError) as error:
                bare = self._bare_choice(str(line))
                if bare is not None:
                    found.append(bare)
                else:
                    first = first or error
        if not found and first is not None:
            raise first
        return unify(found)

    def _all_groups(self) -> frozenset[str]:
        return frozenset(self.parts.facts.members)

    def _bare_choice(self, line: str) -> tree.Lit | None:
        """A bare word as a value is a choice of the outcome itself (`dan: alleenstaande`)."""
        node = parse_line(line)
        if isinstance(node, ast.Name) and "." not in node.text and node.text not in self.scope.names():
            return tree.Lit(Kind(Base.CHOICE, choices=(node.text,)), node.text)
        return None

    def _formula_value(self, line: str, kind: Kind, text: RuleText, path: Path, context: Context) -> tree.Expr | None:
        if kind.base is Base.CHOICE:
            try:
                bare = self._bare_choice(line)
            except LineError:
                bare = None
            if bare is not None:
                return replace(bare, kind=replace(kind, optional=False))
        value = self._value(line, text.source, path, context)
        return None if value is None else self._fit(value, kind, text, str(path[len(text.path)]))

    def _formula(self, text: RuleText, kind: Kind, context: Context) -> tree.Formula | None:
        decl, path = text.decl, text.path
        bound = {
            key: self._formula_value(line, kind, text, (*path, key), context)
            for key, line in (("ten hoogste", decl.at_most), ("ten minste", decl.at_least))
            if line is not None
        }
        if bound and not (kind.numeric or kind.base in (Base.MONEY, Base.DATE, Base.DURATION)):
            self._problem(text, next(iter(bound)), "TS-C17", f"Een {kind} heeft geen grens.", "Laat de grens weg.")
        rounding = self._rounding(text, kind)
        common = {"kind": kind, "at_most": bound.get("ten hoogste"), "at_least": bound.get("ten minste"), "rounding": rounding}
        if decl.open_to is not None:
            fallback = None
            if decl.open_to.otherwise is not None:
                fallback = self._formula_value(decl.open_to.otherwise, kind, text, (*path, "open voor", "anders"), context)
            return tree.Formula(expression=tree.FillingRef(kind, decl.id, fallback), **common)  # type: ignore[arg-type]
        if decl.value is not None:
            value = self._formula_value(decl.value, kind, text, (*path, "waarde"), context)
            return None if value is None else tree.Formula(expression=value, **common)  # type: ignore[arg-type]
        if decl.table:
            return tree.Formula(table=self._table(text, kind, context), **common)  # type: ignore[arg-type]
        assert decl.tiers is not None
        over = self._value(decl.tiers.over, text.source, (*path, "schijven", "over"), context)
        tiers = []
        for index, row in enumerate(decl.tiers.rows):
            place: Path = (*path, "schijven", "rijen", index)
            each = self._formula_value(row.each, kind, text, (*place, "per stuk"), context)
            upto = self._value(row.upto, text.source, (*place, "tot en met"), context) if row.upto is not None else None
            if row.upto is None and index + 1 < len(decl.tiers.rows):
                self.problems.append(
                    text.source.problem("TS-C18", place, "Alleen de laatste schijf mag zonder `tot en met`.", "Voeg `tot en met` toe.")
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
            when = self._condition(row.when, text.source, (*place, "als"), here)
            inner = replace(here, guards=guards | _condition_guards(row.when, context))
            value = self._formula_value(row.value, kind, text, (*place, "dan"), inner)
            guards = guards | _condition_guards(row.when, context, wanted="is")
            if value is not None:
                rows.append(tree.Row(when, value))
        return tuple(rows)

    def _rounding(self, text: RuleText, kind: Kind) -> tuple[Known, str] | None:
        words = text.decl.rounding
        if words is None:
            return None
        if kind.base is not Base.MONEY and not kind.numeric:
            self._problem(text, "afronden", "TS-C20", f"Een {kind} kan niet worden afgerond.", "Laat `afronden` weg.")
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
                    self._problem(text, "afronden", "TS-C20", error.cause, error.remedy)
                    return None
                if step > 0:
                    return step, mode
        self._problem(
            text,
            "afronden",
            "TS-C20",
            f"`{words}` is geen manier van afronden.",
            "Kies uit: cent, euro, geheel, omlaag op 0.20, omhoog op 50.",
        )
        return None

    # --- grounds and ladder --------------------------------------------------------------------------------------

    def _grounds(self, outcomes: list[tree.Outcome]) -> tuple[Ground, ...]:
        roles = {rule.decl.id: rule.decl.role for rule in self._rules()}
        grounds = []
        for outcome in outcomes:
            conditions = [rule for rule in outcome.rules if roles[rule.id] in ("voorwaarde", "bevoegdheid", "ontvankelijkheid")]
            kinds = {roles[rule.id] for rule in conditions}
            for role in sorted(str(kind) for kind in kinds):
                reference = tree.MemberOutcomeRef(BOOL, outcome.list, outcome.key) if outcome.list else tree.OutcomeRef(BOOL, outcome.key)
                keys = tuple(rule.key for rule in outcome.rules)
                grounds.append(Ground(role, outcome.key, keys, tree.Not(tree.Truth(reference)), outcome.person, outcome.list))
            for rule in outcome.rules:
                if roles[rule.id] == "weigeringsgrond":
                    grounds.append(
                        Ground("weigeringsgrond", outcome.key, (rule.key,), tree.RuleHolds(rule.key), outcome.person, outcome.list)
                    )
        return tuple(grounds)

    def _derived(self, grounds: tuple[Ground, ...], outcomes: list[tree.Outcome]) -> list[tree.Outcome]:
        def holds(role: str) -> tree.Criterion:
            found = tuple(tree.Not(ground.criterion) for ground in grounds if ground.role == role and ground.list is None)
            return tree.And(found) if found else tree.Const(True)

        blocking = [ground for ground in grounds if ground.role in ("voorwaarde", "weigeringsgrond")]
        whole: list[tree.Criterion] = [ground.criterion for ground in blocking if ground.person is None and ground.list is None]
        partly: list[tree.Criterion] = []
        for persons in self.presence.values():
            blocked, counted = self._persons_blocked(persons, blocking)
            if any(ground.person in [name for name, _ in persons] for ground in blocking):
                whole.append(tree.And(tuple(blocked)))
                partly.append(tree.Or(tuple(counted)))
        for name in sorted({ground.list for ground in blocking if ground.list}):
            each = tuple(ground.criterion for ground in blocking if ground.list == name)
            whole.append(tree.And((tree.Exists(name, tree.Const(True)), tree.ForAll(name, tree.Or(each)))))
            partly.append(tree.Exists(name, tree.Or(each)))
        all_blocked: tree.Criterion = tree.Or(tuple(whole)) if whole else tree.Const(False)
        some: tree.Criterion = tree.Or(tuple(partly)) if partly else tree.Const(False)
        block = tree.Truth(tree.OutcomeRef(BOOL, "blokkerende_grond"))
        criteria = {
            "bevoegd": holds("bevoegdheid"),
            "ontvankelijk": holds("ontvankelijkheid"),
            "blokkerende_grond": all_blocked,
            "deels_geblokkeerd": tree.And((some, tree.Not(block))),
        }
        return [
            tree.Outcome(name, name, BOOL, (tree.Rule(f"#{name}", f"#{name}", name, criterion),)) for name, criterion in criteria.items()
        ]

    @staticmethod
    def _persons_blocked(
        persons: tuple[tuple[str, tree.Criterion], ...], blocking: list[Ground]
    ) -> tuple[list[tree.Criterion], list[tree.Criterion]]:
        """Per person: blocked or not counting (all of these: the whole is blocked); counting and blocked."""
        blocked: list[tree.Criterion] = []
        counted: list[tree.Criterion] = []
        for name, present in persons:
            own = tuple(ground.criterion for ground in blocking if ground.person == name)
            some: tree.Criterion = tree.Or(own) if own else tree.Const(False)
            always = present == tree.Const(True)
            blocked.append(some if always else tree.Or((tree.Not(present), some)))
            counted.append(some if always else tree.And((present, some)))
        return blocked, counted

    def _ladder(self) -> tuple[Rung, ...]:
        decl, source = self.claim.assessment, self.claim.assessment_source
        assert decl is not None and source is not None
        names = [next(iter(row)) for row in decl.outcomes if len(row) == 1]
        rungs = []
        for index, row in enumerate(decl.outcomes):
            path: Path = ("beoordeling", "uitkomsten", index)
            if len(row) != 1:
                self.problems.append(
                    source.problem(
                        "TS-C21",
                        path,
                        "Een rij van de uitkomsten heeft een naam en een voorwaarde.",
                        "Schrijf `- afwijzen: blokkerende_grond`.",
                    )
                )
                continue
            name, line = next(iter(row.items()))
            last = index + 1 == len(decl.outcomes)
            if (line == "anders") != last:
                self.problems.append(
                    source.problem(
                        "TS-C21",
                        (*path, name),
                        "De laatste uitkomst, en alleen die, is `anders`.",
                        "Zet `anders` achter de laatste uitkomst.",
                    )
                )
            criterion = tree.Const(True) if line == "anders" else self._condition(line, source, (*path, name), Context())
            rungs.append(
                Rung(
                    name,
                    criterion,
                    self._result_values(decl.values.get(name, ()), "waarden", name, source),
                    self._result_values(decl.indicative.get(name, ()), "ter indicatie", name, source),
                    name in decl.burdening,
                    decl.texts.get(name, ""),
                )
            )
        for key, named in (("waarden", decl.values), ("ter indicatie", decl.indicative), ("teksten", decl.texts)):
            for name in named:
                if name not in names:
                    self.problems.append(
                        source.problem("TS-C22", ("beoordeling", key, name), f"`{name}` is geen uitkomst.", meant(name, names))
                    )
        for index, name in enumerate(decl.burdening):
            if name not in names:
                self.problems.append(
                    source.problem("TS-C22", ("beoordeling", "belastend", index), f"`{name}` is geen uitkomst.", meant(name, names))
                )
        return tuple(rungs)

    def _result_values(self, values: tuple[str, ...], key: str, name: str, source: Source) -> tuple[str, ...]:
        result = []
        for index, value in enumerate(values):
            found = self.scope.outcomes.get(value)
            if found is None or found.per is not None:
                self.problems.append(
                    source.problem(
                        "TS-C23",
                        ("beoordeling", key, name, index),
                        f"`{value}` is geen uitkomst van een regel over de hele zaak.",
                        meant(value, self.scope.outcomes),
                    )
                )
            else:
                result.append(found.qualified)
        return tuple(result)

    # --- the reversed test ---------------------------------------------------------------------------------------

    def _second_pass(self) -> SecondPass:
        checker = self.checker
        self.checker = Checker(replace(self.scope, extra=dict.fromkeys(WORDS, BOOL)))
        try:
            found: dict[str, list[Any]] = {
                key: [] for key in ("values", "triggers", "options", "doors", "checks", "arguments", "advice", "signals")
            }
            wordings: dict[str, str] = {}
            for law, document, source in self.parts.reversed.documents:
                self._reversed_document(law, document, source, found)
                wordings |= document.wordings
            return SecondPass(**{key: tuple(items) for key, items in found.items()}, wordings=wordings)
        finally:
            self.checker = checker

    def _reversed_document(self, law: str, document: doc.ReversedTestDoc, source: Source, found: dict[str, list[Any]]) -> None:
        whole = Context()

        def condition(value: Any, path: Path) -> tree.Criterion:
            return self._condition(value, source, path, whole)

        found["values"] += [(law, value) for value in document.values]
        for index, trigger in enumerate(document.triggers):
            found["triggers"].append(Trigger(trigger, condition(trigger.when, ("aanleidingen", index, "als"))))
        for index, door in enumerate(document.doors):
            path: Path = ("deuren", index)
            self._check_grounds(door, source, path)
            excluded = condition(door.excluded_when, (*path, "uitgesloten als")) if door.excluded_when is not None else tree.Const(False)
            found["doors"].append(Door(door, law, excluded, condition(door.when, (*path, "als"))))
        for index, check in enumerate(document.checks):
            place: Path = ("toetsen", index)
            fact = self.facts.get(check.fact)
            if fact is None or fact.kind.base is not Base.BOOL:
                self.problems.append(
                    source.problem(
                        "TS-R02", (*place, "gegeven"), f"`{check.fact}` is geen gegeven van soort ja/nee.", meant(check.fact, self.facts)
                    )
                )
            found["checks"].append(Check(check, condition(check.applies_when, (*place, "geldt als"))))
        for index, option in enumerate(document.options):
            if option.uses_power is not None and option.uses_power not in self._all_rule_ids():
                self.problems.append(
                    source.problem(
                        "TS-R01",
                        ("opties", index, "gebruikt"),
                        f"De regel `{option.uses_power}` bestaat in geen enkele versie.",
                        meant(option.uses_power, self._all_rule_ids()),
                    )
                )
            if self._outside(option.valid_from, option.valid_until) or (
                option.uses_power is not None and option.uses_power not in {rule.decl.id for rule in self._rules()}
            ):
                continue
            found["options"].append(Option(option, law, condition(option.when, ("opties", index, "als"))))
        for index, argument in enumerate(document.arguments):
            found["arguments"].append(Argument(argument, law, condition(argument.when, ("argumenten", index, "als"))))
        for index, row in enumerate(document.advice):
            found["advice"].append(Advice(row, condition(row.when, ("advies", index, "als"))))
        for index, signal in enumerate(document.signals):
            if not self._outside(signal.valid_from, signal.valid_until):
                found["signals"].append(Signal(signal, law, condition(signal.when, ("signalen", index, "als"))))

    def _outside(self, first: date | None, last: date | None) -> bool:
        """Whether an item is never in force during this program."""
        return (first is not None and self.valid_until is not None and first >= self.valid_until) or (
            last is not None and last <= self.valid_from
        )

    def _check_grounds(self, door: doc.DoorDecl, source: Source, path: Path) -> None:
        known = self._all_rule_ids()
        for index, ground in enumerate(door.opens_for):
            if ground not in known:
                self.problems.append(
                    source.problem(
                        "TS-R01", (*path, "opent voor", index), f"De grond `{ground}` bestaat in geen enkele versie.", meant(ground, known)
                    )
                )
        if door.level in ("verordening", "beleidsregel"):
            for index, ground in enumerate(door.opens_for):
                if ground in known:
                    self.problems.append(
                        source.problem(
                            "TS-R03",
                            (*path, "opent voor", index),
                            f"Een deur in een {door.level} kan geen grond van de wet opheffen.",
                            "Verwijder deze grond, of noem de bepaling van de wet die dit toelaat.",
                        )
                    )

    def _all_rule_ids(self) -> frozenset[str]:
        return frozenset(rule for versions in self.parts.sets.values() for version in versions for rule in version.rules)

    # --- order ---------------------------------------------------------------------------------------------------

    def _ordered(self, outcomes: list[tree.Outcome]) -> tuple[tree.Outcome, ...] | None:
        by_key = {outcome.key: outcome for outcome in outcomes}
        owner = {rule.key: outcome.key for outcome in outcomes for rule in outcome.rules}
        graph = {outcome.key: sorted(depends_on(outcome, owner)) for outcome in sorted(outcomes, key=lambda o: o.key)}
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError as error:
            names = [by_key[key].name for key in error.args[1]]
            outcome = by_key[error.args[1][0]]
            text = next((found for found in self._rules() if outcome.rules and found.decl.id == outcome.rules[0].id), None)
            source, path = (text.source, (*text.path, "bepaalt")) if text else (self.claim.source, ())
            self.problems.append(
                source.problem(
                    "TS-C09",
                    path,
                    f"Deze uitkomsten hangen in een kring van elkaar af: {' -> '.join(names)}.",
                    "Verbreek de kring: een uitkomst kan niet van zichzelf afhangen.",
                )
            )
            return None
        return tuple(by_key[key] for key in order if key in by_key)


def depends_on(outcome: tree.Outcome, owner: Mapping[str, str]) -> set[str]:
    """The keys of the outcomes that an outcome reads; ``owner`` maps a rule key to its outcome."""
    found: set[str] = set()
    for rule in outcome.rules:
        for node in rule_nodes(rule):
            if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
                found.add(node.outcome)
            elif isinstance(node, tree.RuleHolds):
                found.add(owner[node.key])
    found.discard(outcome.key) if not _reads_itself(outcome) else None
    return found


def _reads_itself(outcome: tree.Outcome) -> bool:
    return any(
        isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef) and node.outcome == outcome.key
        for rule in outcome.rules
        for node in rule_nodes(rule)
    )


def rule_nodes(rule: tree.Rule) -> Iterator[tree.Node]:
    """Every node of a rule: conditions, exceptions, formula, fallback."""
    yield from tree.walk(rule.criterion())
    if rule.otherwise is not None:
        yield from tree.walk(rule.otherwise)
    if rule.formula is not None:
        yield from formula_nodes(rule.formula)


def formula_nodes(formula: tree.Formula) -> Iterator[tree.Node]:
    """Every node of a formula."""
    for part in (formula.expression, formula.tiers_over, formula.at_most, formula.at_least):
        if part is not None:
            yield from tree.walk(part)
    for row in formula.table:
        yield from tree.walk(row.when)
        yield from tree.walk(row.value)
    for tier in formula.tiers:
        if tier.upto is not None:
            yield from tree.walk(tier.upto)
        yield from tree.walk(tier.each)


def _has_value(decl: doc.RuleDecl) -> bool:
    return bool(decl.value is not None or decl.table or decl.tiers is not None or decl.open_to is not None)


def _sibling_guards(parts: list[Any], context: Context, wanted: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for part in parts:
        if isinstance(part, str):
            try:
                found |= guards_of((parse_line(part),), context, wanted)
            except LineError:
                continue
    return found


def _condition_guards(condition: Any, context: Context, wanted: str = "is niet") -> frozenset[str]:
    """The groups that a condition, once true (or, with ``is``, once false), shows to exist."""
    if isinstance(condition, str):
        return _sibling_guards([condition], context, wanted)
    if isinstance(condition, Mapping) and len(condition) == 1:
        word, parts = next(iter(condition.items()))
        if word == ("alle" if wanted == "is niet" else "een van") and isinstance(parts, list):
            found: frozenset[str] = frozenset()
            for part in parts:
                found |= _condition_guards(part, context, wanted)
            return found
    return frozenset()


__all__ = ["Fact", "Parts", "Reversed", "assemble", "depends_on", "formula_nodes", "rule_nodes", "used_sets"]
