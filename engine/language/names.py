# SPDX-License-Identifier: EUPL-1.2
"""The names that rules decide: what each is called, per what it is decided, and its kind as the rules give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.language import lines as ast
from engine.language.conditions import Circle, Conditions, Untyped, condition_guards
from engine.language.facts import FactTable
from engine.language.fits import common_kind, unify
from engine.language.kinds import LiteralError, amount_kind
from engine.language.lines import LineError, parse_line
from engine.language.reading import Path
from engine.language.scope import Context, KindError, OutcomeName
from engine.language.versions import RuleSet, RuleText
from engine.model import documents as doc, tree
from engine.model.kinds import BOOL, INT, Base, Kind
from engine.model.problems import Problem, meant
from engine.model.program import DERIVED, Amount
from engine.model.stages import WORDS


@dataclass
class Decided:
    """Something that rules decide, while the program is made; ``kind`` is filled when it is first asked for."""

    qualified: str
    name: str
    per: str | None
    rules: list[RuleText] = field(default_factory=list)
    kind: Kind | None = None


def has_value(decl: doc.RuleDecl) -> bool:
    """Whether a rule decides a value rather than ja/nee."""
    return bool(decl.value is not None or decl.table or decl.tiers is not None or decl.open_to is not None)


def _written(decl: doc.RuleDecl) -> list[tuple[Path, str]]:
    """Every line of a rule that gives its value, with the path of its text."""
    if decl.value is not None:
        return [(("waarde",), decl.value)]
    if decl.table:
        return [(("tabel", index, "dan"), row.value) for index, row in enumerate(decl.table)]
    rows = decl.tiers.rows if decl.tiers is not None else ()
    return [(("schijven", "rijen", index, "per stuk"), row.each) for index, row in enumerate(rows)]


class Names:
    """The outcomes of the regelsets that take part. ``known`` is what a line may call them by.

    ``lines`` is set once the scope that it needs, with these names in it, exists.
    """

    lines: Conditions

    def __init__(
        self, visible: list[RuleSet], dotted: list[RuleSet], facts: FactTable, amounts: Mapping[str, Amount], problems: list[Problem]
    ) -> None:
        self.visible, self.dotted, self.facts, self.amounts, self.problems = visible, dotted, facts, amounts, problems
        self.outcomes: dict[str, Decided] = {}
        self.inferring: list[str] = []
        self.known = self._collect()
        self._refuse_ambiguous()

    def rules(self) -> Iterator[RuleText]:
        """Every rule that takes part."""
        for ruleset in (*self.visible, *self.dotted):
            yield from ruleset.rules.values()

    def problem(self, rule: RuleText, key: str, code: str, cause: str, remedy: str = "") -> None:
        """Note a problem at a key of a rule."""
        self.problems.append(rule.source.problem(code, (*rule.path, key), cause, remedy))

    def _collect(self) -> dict[str, OutcomeName]:
        names: dict[str, OutcomeName] = {name: OutcomeName(name) for name in DERIVED}
        places: dict[str, tuple[str, RuleText]] = {}
        rule_ids: dict[str, str] = {}
        for ruleset in (*self.visible, *self.dotted):
            for rule in ruleset.rules.values():
                decl = rule.decl
                if decl.id in rule_ids and rule_ids[decl.id] != ruleset.name:
                    self.problem(
                        rule, "id", "TS-C03", f"De id `{decl.id}` komt ook voor in `{rule_ids[decl.id]}`.", "Geef elke regel een eigen id."
                    )
                rule_ids[decl.id] = ruleset.name
                if decl.decides in DERIVED or decl.decides in WORDS:
                    self.problem(
                        rule,
                        "bepaalt",
                        "TS-C04",
                        f"`{decl.decides}` is een woord van de beoordeling en kan niet door een regel worden bepaald.",
                        "Kies een andere naam.",
                    )
                qualified = f"{ruleset.name.replace('/', '.')}.{decl.decides}"
                outcome = self.outcomes.setdefault(qualified, Decided(qualified, decl.decides, decl.per_item))
                if outcome.per != decl.per_item:
                    self.problem(
                        rule, "voor elke", "TS-C05", f"De regels over `{decl.decides}` verschillen in `voor elke`.", "Maak ze gelijk."
                    )
                outcome.rules.append(rule)
                names[qualified] = OutcomeName(qualified, decl.per_item)
                if ruleset in self.visible:
                    known = places.get(decl.decides)
                    if known is not None and known[0] != ruleset.name:
                        self.problem(
                            rule,
                            "bepaalt",
                            "TS-C06",
                            f"`{decl.decides}` wordt ook bepaald in `{known[0]}`.",
                            "Laat een regelset het bepalen, of kies een andere naam.",
                        )
                    places[decl.decides] = (ruleset.name, rule)
                    names[decl.decides] = OutcomeName(qualified, decl.per_item)
        return names

    def _refuse_ambiguous(self) -> None:
        table, names = self.facts, self.known
        for outcome in self.outcomes.values():
            rule = outcome.rules[0]
            if outcome.name in names and (outcome.name in table.facts or outcome.name in self.amounts or outcome.name in table.composed):
                self.problem(rule, "bepaalt", "TS-C07", f"`{outcome.name}` is ook een gegeven of een bedrag.", "Kies een andere naam.")
            per = outcome.per
            if per is None:
                continue
            if per not in table.lists and per not in table.composed:
                self.problem(rule, "voor elke", "TS-C08", f"`{per}` is geen lijst.", meant(per, [*table.lists, *table.composed]))
                outcome.per = None
                continue
            group = table.lists[per].group if per in table.lists else table.members[table.composed[per][0].name].group
            if outcome.name in table.groups[group]:
                self.problem(rule, "bepaalt", "TS-C07", f"`{outcome.name}` is ook een gegeven van `{group}`.", "Kies een andere naam.")

    def kind_of(self, qualified: str) -> Kind:
        """The kind of an outcome, from its rules. Raises :class:`Circle`, or :class:`Untyped` where a rule is wrong."""
        if qualified in DERIVED:
            return BOOL
        outcome = self.outcomes[qualified]
        if outcome.kind is not None:
            return outcome.kind
        if all(not has_value(rule.decl) for rule in outcome.rules):
            outcome.kind = BOOL
            return BOOL
        if qualified in self.inferring:
            raise Circle([*self.inferring[self.inferring.index(qualified) :], qualified])
        self.inferring.append(qualified)
        try:
            kinds = []
            for rule in outcome.rules:
                for formula in self._formula_expressions(rule, self.context(outcome)):
                    kinds.append(formula.kind)
        finally:
            self.inferring.pop()
        outcome.kind = common_kind(kinds) if kinds else INT
        self._refuse_single_choice(outcome)
        return outcome.kind

    def _refuse_single_choice(self, outcome: Decided) -> None:
        """A bare word that is the only choice of an outcome chooses nothing: it is a mistyped name."""
        assert outcome.kind is not None
        if outcome.kind.base is not Base.CHOICE or len(outcome.kind.choices) > 1:
            return
        rule = outcome.rules[0]
        path, line = _written(rule.decl)[0]
        remedy = meant(line, self.lines.checker.scope.names())
        self.problems.append(
            rule.source.problem(
                "TS-T19", (*rule.path, *path), f"`{line}` is niet bekend, en als keuze is het de enige van `{outcome.name}`.", remedy
            )
        )

    def context(self, outcome: Decided, person: str | None = None) -> Context:
        """Where the lines of an outcome stand: the case, an item of its list, or one person."""
        per = outcome.per
        table = self.facts
        if per is None:
            return Context()
        if per in table.lists:
            return Context(list=per)
        name = person or table.composed[per][0].name
        return Context(person=name, composed=per, guards=frozenset({name}))

    def _formula_expressions(self, text: RuleText, context: Context) -> list[tree.Expr]:
        """The values that decide the kind of the outcome. Raises :class:`Untyped` when none can be typed, and notes why."""
        decl = text.decl
        if decl.open_to is not None:
            try:
                return [tree.FillingRef(amount_kind(str(decl.kind)), decl.id, None)]
            except LiteralError as error:
                self.problem(text, "soort", "TS-C10", error.cause, error.remedy)
                raise Untyped from error
        guarded = replace(context, guards=context.guards | condition_guards(decl.when, context) | self._all_groups())
        found = []
        wrong: list[tuple[Path, LineError | KindError]] = []
        for path, line in _written(decl):
            try:
                found.append(self._value_or_choice(line, guarded))
            except (LineError, KindError) as error:
                wrong.append((path, error))
        if wrong and not found:
            for path, mistake in wrong:
                problem = text.source.problem(mistake.code, (*text.path, *path), mistake.cause, mistake.remedy, mistake.column)
                if problem not in self.problems:
                    self.problems.append(problem)
            raise Untyped
        return unify(found)

    def _value_or_choice(self, line: str, context: Context) -> tree.Expr:
        bare = self.bare_choice(line, context)
        return bare if bare is not None else self.lines.checker.value(parse_line(line), context)

    def _all_groups(self) -> frozenset[str]:
        return frozenset(self.facts.members)

    def bare_choice(self, line: str, context: Context) -> tree.Lit | None:
        """A bare word that names nothing is, as a value, a choice of the outcome itself (`dan: alleenstaande`)."""
        try:
            node = parse_line(line)
        except LineError:
            return None
        if isinstance(node, ast.Name) and "." not in node.text and not self.lines.checker.names_something(node, context):
            return tree.Lit(Kind(Base.CHOICE, choices=(node.text,)), node.text)
        return None
