# SPDX-License-Identifier: EUPL-1.2
"""What is asked of a program: for each rule, exception, row, line and rung whether some case can reach it.

A question is a conjunction of criteria with the truth that each must have; the solver and the engine both know what
that means. A question is the same in every version and for every person in which the same text stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from engine.authoring.prove_result import EXCEPTION, LINE, ROW, RULE, RUNG, Literals, Part
from engine.language.versions import RuleSet, RuleText
from engine.model import tree
from engine.model.kinds import BOOL
from engine.model.problems import Place
from engine.model.program import Program
from engine.rulebook import Rulebook


@dataclass(frozen=True)
class Question:
    """Whether some case makes ``part`` come out as ``wanted``, in the context that the other literals describe."""

    part: Part
    wanted: bool
    context: Literals
    itself: tree.Criterion
    list: str | None = None

    @property
    def key(self) -> tuple[str, Place, bool]:
        """What makes it the same question elsewhere."""
        return (*self.part.key, self.wanted)

    @property
    def literals(self) -> Literals:
        """The context and the part itself."""
        return (*self.context, (self.itself, self.wanted))


class Texts:
    """Where the parts of rules stand in their files."""

    def __init__(self, rulebook: Rulebook, program: Program) -> None:
        self.rulebook, self.program = rulebook, program

    def rule(self, rule: tree.Rule) -> Part:
        """The rule itself."""
        text = self.text(rule.id)
        place = self.program.rules[rule.id].place
        return Part(RULE, place, rule.id, self.program.rules[rule.id].decl.decides, _shown(text, place) if text else "")

    @cache  # noqa: B019 - one object per program, which lives as long as its questions
    def text(self, rule: str) -> RuleText | None:
        """The text of a rule; None for what the language derives itself."""
        info = self.program.rules.get(rule)
        if info is None:
            return None
        for version in self.rulebook.sets[info.ruleset]:
            found = version.rules.get(rule)
            if found is not None and found.version == info.version:
                return found
        return None

    def exception(self, rule: tree.Rule, number: int) -> Part:
        """An exception of a rule, counted from 0."""
        text = self.text(rule.id)
        assert text is not None
        path = (*text.path, "tenzij")
        place = text.source.place((*path, number) if (*path, number) in text.source.places else path)
        several = len(rule.exceptions) > 1
        place = Place(place.file, place.line, place.column)
        name = f"{rule.id}, uitzondering {number + 1}" if several else f"{rule.id}, de uitzondering"
        return Part(EXCEPTION, place, name, _words(rule.exceptions[number]), _shown(text, place), (self.rule(rule).key,))

    def row(self, rule: tree.Rule, number: int) -> Part:
        """A row of a table, counted from 0."""
        text = self.text(rule.id)
        assert text is not None
        assert rule.formula is not None
        place = text.source.place((*text.path, "tabel", number))
        words = _words(rule.formula.table[number].when)
        return Part(ROW, place, f"{rule.id}, rij {number + 1}", words, _shown(text, place), (self.rule(rule).key,))

    def line(self, rule: tree.Rule, line: tree.Line, inside: tuple[tuple[str, Place], ...]) -> Part:
        """A condition that stands on a line of its own."""
        text = self.text(rule.id)
        assert text is not None
        shown = text.source.lines[line.line - 1] if 0 < line.line <= len(text.source.lines) else ""
        column = shown.find(line.text.split("\n")[0].strip()[:20]) + 1 if shown else 0
        place = Place(text.source.file, line.line, max(column, 1))
        return Part(LINE, place, rule.id, line.text, shown, inside)

    def rung(self, number: int) -> Part:
        """An outcome of the ladder, counted from 0."""
        rung = self.program.ladder[number]
        found = self._claim()
        if found is None or found.assessment_source is None:
            return Part(RUNG, Place(self.program.claim), rung.result, rung.result)
        source = found.assessment_source
        place = source.place(("beoordeling", "uitkomsten", number, rung.result))
        return Part(RUNG, place, rung.result, _words(rung.criterion) or "anders", source.shown(place))

    def _claim(self) -> RuleSet | None:
        found = None
        for version in self.rulebook.sets[self.program.claim]:
            if version.document.valid_from <= self.program.valid_from:
                found = version
        return found


def _shown(text: RuleText, place: Place) -> str:
    return text.source.lines[place.line - 1] if 0 < place.line <= len(text.source.lines) else ""


def _words(node: tree.Criterion) -> str:
    """The lines of a criterion, as they are written."""
    return "; ".join(found.text for found in tree.walk(node) if isinstance(found, tree.Line))


def questions_of(outcome: tree.Outcome, texts: Texts) -> Iterator[Question]:
    """Every question about the rules of an outcome; a criterion that the language derived itself has none."""
    for rule in outcome.rules:
        if rule.id in texts.program.rules:
            yield from _about_rule(rule, texts)


def _about_rule(rule: tree.Rule, texts: Texts) -> Iterator[Question]:
    part = texts.rule(rule)
    holds = tree.RuleHolds(rule.key)
    yield Question(part, True, (), holds, rule.list)
    power: Literals = ((tree.Truth(tree.FactRef(BOOL, rule.power)), True),) if rule.power is not None else ()
    none: Literals = tuple((exception, False) for exception in rule.exceptions)
    yield from _lines(rule, rule.applies, (*power, *none), (part.key,), texts)
    for number, exception in enumerate(rule.exceptions):
        found = texts.exception(rule, number)
        others = tuple((other, False) for index, other in enumerate(rule.exceptions) if index != number)
        context: Literals = ((rule.applies, True), *power)
        yield Question(found, True, context, exception, rule.list)
        yield from _lines(rule, exception, (*context, *others), (part.key, found.key), texts)
    if rule.formula is not None and rule.formula.table:
        yield from _about_rows(rule, rule.formula.table, (holds, True), texts)


def _about_rows(rule: tree.Rule, rows: tuple[tree.Row, ...], holds: tuple[tree.Criterion, bool], texts: Texts) -> Iterator[Question]:
    part = texts.rule(rule)
    for number, row in enumerate(rows):
        found = texts.row(rule, number)
        context: Literals = (holds, *((before.when, False) for before in rows[:number]))
        yield Question(found, True, context, row.when, rule.list)
        alone = isinstance(row.when, tree.Line)
        if not alone:
            yield from _lines(rule, row.when, context, (part.key, found.key), texts)


def _lines(
    rule: tree.Rule, node: tree.Criterion, context: Literals, inside: tuple[tuple[str, Place], ...], texts: Texts
) -> Iterator[Question]:
    """The lines below a criterion, each in the context in which it decides: what stands beside it leaves it the last word."""
    match node:
        case tree.Line():
            part = texts.line(rule, node, inside)
            yield Question(part, True, context, node.child, rule.list)
            if not _guard(node.child):
                yield Question(part, False, context, node.child, rule.list)
        case tree.Not(child=child):
            yield from _lines(rule, child, context, inside, texts)
        case tree.And(children=children) | tree.Or(children=children):
            neutral = isinstance(node, tree.And)
            for number, child in enumerate(children):
                beside = tuple((other, neutral) for index, other in enumerate(children) if index != number)
                yield from _lines(rule, child, (*context, *beside), inside, texts)


def _guard(node: tree.Criterion) -> bool:
    """`x is niet geen`: said out loud before x is used, though what follows would be false anyway."""
    return isinstance(node, tree.Present) or (isinstance(node, tree.IsGeen) and node.negated)


def questions_of_ladder(program: Program, texts: Texts) -> Iterator[Question]:
    """Whether each outcome of the ladder can come out."""
    for number, rung in enumerate(program.ladder):
        above: Literals = tuple((before.criterion, False) for before in program.ladder[:number])
        yield Question(texts.rung(number), True, above, rung.criterion)


def dead_outcomes(program: Program) -> frozenset[tuple[str, str]]:
    """Outcomes, as (regelset, name), on which no result, value, duty, power or part of the reversed test rests."""
    from engine.language.order import depends_on, owners  # noqa: PLC0415

    owner = owners(program.outcomes)
    reads = {outcome.key: depends_on(outcome, owner) for outcome in program.outcomes}
    queue = [*_roots(program, owner)]
    alive: set[str] = set()
    while queue:
        key = queue.pop()
        if key not in alive:
            alive.add(key)
            queue += reads.get(key, ())
    named = {_identity(program, outcome) for outcome in program.outcomes if outcome.key in alive}
    return frozenset({_identity(program, outcome) for outcome in program.outcomes if outcome.rules[0].id in program.rules} - named)


def _identity(program: Program, outcome: tree.Outcome) -> tuple[str, str]:
    info = program.rules.get(outcome.rules[0].id)
    return (info.ruleset if info is not None else "", outcome.name)


def _roots(program: Program, owner: Mapping[str, str]) -> Iterator[str]:
    second = program.second
    criteria = [rung.criterion for rung in program.ladder]
    criteria += [ground.criterion for ground in program.grounds]
    criteria += [criterion for door in second.doors for criterion in (door.excluded, door.when)]
    criteria += [
        item.when for items in (second.triggers, second.options, second.arguments, second.advice, second.signals) for item in items
    ]
    criteria += [check.applies for check in second.checks]
    criteria += [criterion for persons in program.composed.values() for _, criterion in persons]
    for criterion in criteria:
        for node in tree.walk(criterion):
            if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
                yield node.outcome
            elif isinstance(node, tree.RuleHolds):
                yield owner[node.key]
    for rung in program.ladder:
        yield from (*rung.values, *rung.indicative)
    tuned = {name for door in second.doors for name in door.decl.tunes}
    for outcome in program.outcomes:
        decls = [program.rules[rule.id].decl for rule in outcome.rules if rule.id in program.rules]
        if outcome.name in tuned or any(decl.role == "plicht" or decl.modality == "kan" for decl in decls):
            yield outcome.key
