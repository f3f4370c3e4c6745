# SPDX-License-Identifier: EUPL-1.2
"""Coverage: what of the law the tests reach, and what not.

A rule and a criterion are reached in three values (waar, onwaar, onbekend), a rule that gives a value where it was
applied, a row of a table where it was the one that fits, a dated amount where a rule read it, a door in each state.
Reaching is not testing: whether a test would notice a mistake is for :mod:`engine.authoring.mutate`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import Field

from engine.authoring.tests import Case
from engine.language.order import rule_nodes
from engine.language.reading import Path, Source, read_document, read_plain
from engine.logic.state import State
from engine.model import documents as doc, tree
from engine.model.problems import Place, Problem, RulesError, choose, meant
from engine.model.program import Program
from engine.model.values import Truth, Unknown, Value
from engine.passes.first import run
from engine.rulebook import Compiled, Rulebook

RULE, CRITERION, VALUE, ROW, AMOUNT, DOOR = "regel", "criterium", "waarde", "rij", "bedrag", "deur"
THREE = ("waar", "onwaar", "onbekend")
APPLIED = "toegepast"
FILE = "dekking.yaml"
"""The file of a law with its thresholds and what cannot be reached."""


class Point(NamedTuple):
    """Something that tests can reach, by the text of the law: one rule text in several programs is one point.

    ``name`` is the id of the rule, amount or door; ``part`` the line of the criterion, the number of the row or the date.
    """

    sort: str
    file: str
    line: int
    name: str
    part: str


Hit: TypeAlias = tuple[Point, str]
"""A point with one of its states."""


class Unreachable(doc.Document):
    """A state that no case can reach, and why: a rule (or its criterion, row, amount or door), in one version or all, and the state.

    It is proved (:mod:`engine.authoring.prove_reach`), or marked ``in woorden``: then the reason is all there is.
    """

    what: str = Field(alias="wat")
    version: doc.IsoDate | None = Field(None, alias="versie")
    part: str | None = Field(None, alias="deel")
    states: doc.Roles = Field(alias="toestand")
    reason: str = Field(alias="reden", min_length=1)
    proof: Literal["in woorden"] | None = Field(None, alias="bewijs")

    def covers(self, law: str, point: Point) -> bool:
        """Whether this is about a point, in the ``dekking.yaml`` of a law."""
        here = point.file.startswith(f"{law}/") and (self.version is None or point.file.endswith(f"/{self.version}.yaml"))
        return here and self.what == point.name and (self.part or "") == point.part


class CoverageDoc(doc.Document):
    """``dekking.yaml``: per regelset (or law, for amounts and doors) the least share reached, and the unreachable."""

    thresholds: Mapping[str, str] = Field(default_factory=dict, alias="drempels")
    unreachable: tuple[Unreachable, ...] = Field((), alias="onbereikbaar")


@dataclass(frozen=True)
class Universe:
    """Everything that can be reached: per point its states, and the regelset (or law) it belongs to."""

    states: Mapping[Point, tuple[str, ...]]
    owner: Mapping[Point, str]


def universe(rulebook: Rulebook, laws: Iterable[str]) -> Universe:
    """What the tests of some laws can reach: the rules of their claims and what those use, their amounts and doors."""
    states: dict[Point, tuple[str, ...]] = {}
    owner: dict[Point, str] = {}
    wanted = set(laws)
    for compiled in rulebook.compiled:
        for point, of, found in _points(compiled.program):
            if of.split("/")[0] in wanted:
                states[point] = tuple(dict.fromkeys((*states.get(point, ()), *found)))
                owner[point] = of
    return Universe(states, owner)


def _points(program: Program) -> Iterator[tuple[Point, str, tuple[str, ...]]]:
    """Every point of a program with its owner and states."""
    read: set[str] = set()
    for outcome in program.outcomes:
        for rule in outcome.rules:
            read |= {node.amount for node in rule_nodes(rule) if isinstance(node, tree.AmountRef)}
            info = program.rules.get(rule.id)
            if info is not None:
                yield from ((point, info.ruleset, states) for point, states in points_of_rule(rule, info.place))
    for name in read:
        amount = program.amounts[name]
        for index, entry in enumerate(amount.series):
            later = amount.series[index + 1].valid_from if index + 1 < len(amount.series) else None
            in_time = (program.valid_until is None or entry.valid_from < program.valid_until) and (
                later is None or later > program.valid_from
            )
            if in_time and entry.value is not None:
                place = amount.place
                yield Point(AMOUNT, place.file, place.line, name, entry.valid_from.isoformat()), amount.law, (APPLIED,)
    for door in program.second.doors:
        excluding = () if door.excluded == tree.Const(False) else ("uitgesloten",)
        point = Point(DOOR, f"{door.law}/omgekeerde_toets.yaml", 0, door.decl.id, "")
        yield point, door.law, ("open", "dicht", "te onderzoeken", *excluding)


def points_of_rule(rule: tree.Rule, place: Place) -> Iterator[tuple[Point, tuple[str, ...]]]:
    """The points of a rule that stands at a place, with their states: itself, its criteria, its rows."""
    file, line, whole = place.file, place.line, rule.formula is None
    yield Point(RULE if whole else VALUE, file, line, rule.id, ""), _truths(rule) if whole else (APPLIED,)
    for node in lines_of_rule(rule):
        yield Point(CRITERION, file, node.line, rule.id, node.text), THREE
    for row in range(len(rule.formula.table) if rule.formula is not None else 0):
        yield Point(ROW, file, line, rule.id, str(row + 1)), (APPLIED,)


def _truths(rule: tree.Rule) -> tuple[str, ...]:
    unconditional = rule.applies == tree.Const(True) and not rule.exceptions and rule.power is None
    return ("waar",) if unconditional else THREE


def lines_of_rule(rule: tree.Rule) -> Iterator[tree.Line]:
    """The criteria of a rule as they are written: conditions, exceptions, rows of a table."""
    tables = rule.formula.table if rule.formula is not None else ()
    for criterion in (rule.applies, *rule.exceptions, *(row.when for row in tables)):
        yield from lines_of(criterion)


def lines_of(node: tree.Criterion) -> Iterator[tree.Line]:
    """The written lines of a criterion."""
    if isinstance(node, tree.Line):
        yield node
    elif isinstance(node, tree.And | tree.Or):
        for child in node.children:
            yield from lines_of(child)
    elif isinstance(node, tree.Not):
        yield from lines_of(node.child)


# --- what a case reaches ---------------------------------------------------------------------------------------------


class _Reads(dict[str, Value]):
    """Amounts that remember which of them were read."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Value:
        self.read.add(name)
        return super().__getitem__(name)


def reached(case: Case) -> Iterator[Hit]:
    """Everything that one case reaches: its rules as they were traced, the amounts they read, the doors of both passes."""
    program = case.program
    yield from reached_by_rules(case.compiled, case.state)
    for name in _amounts_read(case) if case.claim.stated.outcome is None else ():
        amount = program.amounts[name]
        entry = amount.at(case.claim.version_day)
        if entry is not None:
            yield Point(AMOUNT, amount.place.file, amount.place.line, name, entry.valid_from.isoformat()), APPLIED
    for door in case.assessment.second.doors:
        yield Point(DOOR, f"{door.door.law}/omgekeerde_toets.yaml", 0, door.door.decl.id, ""), door.state


def reached_by_rules(compiled: Compiled, state: State) -> Iterator[Hit]:
    """What the rules of a program reach in a case that was run with a trace."""
    for key, points in _steps(compiled):
        for trace in state.traces.get(key, ()):
            yield from _of_trace(trace, points)


@dataclass(frozen=True)
class _Traced:
    """A rule with the points of its trace: its own, one per numbered criterion, one per row."""

    whole: Point
    value: bool
    criteria: tuple[Point | None, ...]
    rows: tuple[Point, ...]


@lru_cache(maxsize=32)
def _steps(compiled: Compiled) -> tuple[tuple[str, _Traced], ...]:
    found = []
    for step in compiled.traced:
        for compiled_rule in step.rules:
            rule = compiled_rule.rule
            info = compiled.program.rules.get(rule.id)
            if info is None:
                continue
            file, line, value = info.place.file, info.place.line, rule.formula is not None
            criteria = tuple(
                Point(CRITERION, file, node.line, rule.id, node.text) if isinstance(node, tree.Line) else None
                for node in compiled_rule.criteria
            )
            rows = tuple(Point(ROW, file, line, rule.id, str(row + 1)) for row in range(len(rule.formula.table) if rule.formula else 0))
            found.append((rule.key, _Traced(Point(VALUE if value else RULE, file, line, rule.id, ""), value, criteria, rows)))
    return tuple(found)


def _of_trace(trace: Any, points: _Traced) -> Iterator[Hit]:
    if not points.value:
        yield points.whole, _word(trace.holds)
    elif trace.holds is True and trace.value is not None and not isinstance(trace.value, Unknown):
        yield points.whole, APPLIED
    for point, truth in zip(points.criteria, trace.nodes, strict=True):
        if point is not None and truth is not None:
            yield point, _word(truth)
    if trace.row is not None and trace.holds is True:
        yield points.rows[trace.row], APPLIED


def _word(truth: Truth) -> str:
    return "onbekend" if isinstance(truth, Unknown) else "waar" if truth else "onwaar"


def _amounts_read(case: Case) -> set[str]:
    reads = _Reads(case.state.amounts)
    state = State(dict(case.claim.facts), reads, case.state.fillings, case.state.calendar)
    run(case.compiled.traced, state)
    return reads.read


# --- the report ------------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """How much of something is reached."""

    reached: int = 0
    total: int = 0

    @property
    def percentage(self) -> float:
        """The share reached, of a hundred; a hundred where there is nothing to reach."""
        return 100 * self.reached / self.total if self.total else 100.0


@dataclass(frozen=True)
class Missed:
    """A point with the states that no test reaches; ``line`` is its place in the file."""

    point: Point
    line: int
    states: tuple[str, ...]

    def __str__(self) -> str:
        point = self.point
        what = f"{point.sort} {point.name}"
        if point.sort == CRITERION:
            what = f"{point.name}: {point.part}"
        elif point.part:
            what += f", {'rij ' if point.sort == ROW else 'vanaf '}{point.part}"
        return f"{point.file}:{self.line}: {what}: nooit {', '.join(self.states)}"


@dataclass
class Report:
    """Coverage per owner (regelset or law) and sort of point, what is missed, what is excused and which excuses are stale."""

    tallies: dict[str, dict[str, Tally]] = field(default_factory=dict)
    missed: list[Missed] = field(default_factory=list)
    excused: int = 0
    stale: list[str] = field(default_factory=list)
    thresholds: dict[str, float] = field(default_factory=dict)
    owner: dict[Point, str] = field(default_factory=dict)

    def total(self, owner: str) -> Tally:
        """Everything of one owner together."""
        tallies = self.tallies.get(owner, {}).values()
        return Tally(sum(tally.reached for tally in tallies), sum(tally.total for tally in tallies))

    def too_low(self, least: float | None = None) -> list[tuple[str, float, float]]:
        """The owners under their threshold (or, where they have none, under ``least``): owner, share, threshold."""
        found = []
        for owner in sorted(self.tallies):
            wanted = self.thresholds.get(owner, 0.0) if least is None else least
            share = self.total(owner).percentage
            if share < wanted:
                found.append((owner, share, wanted))
        return found


class Places:
    """Where a point stands in its file; the files are read when first asked for."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self.files = files
        self.read: dict[str, tuple[Any, Source]] = {}

    def line(self, point: Point) -> int:
        """The line of a point."""
        if point.sort in (RULE, VALUE, CRITERION) or point.file not in self.files:
            return point.line
        if point.file not in self.read:
            self.read[point.file] = read_plain(self.files[point.file], point.file)
        plain, source = self.read[point.file]
        path: Path
        if point.sort == AMOUNT:
            path = ("bedragen", point.name, "waarden", point.part)
        elif point.sort == DOOR:
            path = ("deuren", _index(plain.get("deuren", ()), point.name))
        else:
            path = ("regels", _index(plain.get("regels", ()), point.name), "tabel", int(point.part) - 1)
        return source.place(path).line


def _index(items: Iterable[Any], name: str) -> int:
    return next((number for number, item in enumerate(items) if isinstance(item, Mapping) and item.get("id") == name), 0)


def read_coverage(files: Mapping[str, bytes], laws: Iterable[str]) -> dict[str, CoverageDoc]:
    """The ``dekking.yaml`` of each law that has one. Raises :class:`RulesError` for one that cannot be read."""
    found = {}
    for law in laws:
        name = f"{law}/{FILE}"
        if name in files:
            document, source = read_document(files[name], name, CoverageDoc)
            if wrong := list(_bad_thresholds(document, source)):
                raise RulesError(wrong)
            found[law] = document
    return found


def _bad_thresholds(document: CoverageDoc, source: Source) -> Iterator[Problem]:
    for owner, text in document.thresholds.items():
        if not (text.isascii() and text.isdigit() and int(text) <= 100):
            yield source.problem(
                "TS-D04", ("drempels", owner), f"`{text}` is geen drempel.", "Schrijf een geheel getal van 0 tot en met 100."
            )


def report(space: Universe, hits: Iterable[Hit], places: Places, documents: Mapping[str, CoverageDoc]) -> Report:
    """Lay what was reached beside what can be reached."""
    seen: dict[Point, set[str]] = defaultdict(set)
    for point, state in hits:
        seen[point].add(state)
    excuses = _Excuses(documents, space)
    result = Report(stale=[], owner=dict(space.owner))
    for document in documents.values():
        result.thresholds |= {owner: float(text) for owner, text in document.thresholds.items()}
    for point in sorted(space.states):
        excused = excuses.of(point)
        result.stale += [f"{_called(point)}: {state} staat als onbereikbaar en wordt bereikt" for state in sorted(excused & seen[point])]
        wanted = [state for state in space.states[point] if state not in excused]
        missing = tuple(state for state in wanted if state not in seen[point])
        tally = result.tallies.setdefault(space.owner[point], {}).setdefault(point.sort, Tally())
        tally.reached += len(wanted) - len(missing)
        tally.total += len(wanted)
        result.excused += len(space.states[point]) - len(wanted)
        if missing:
            result.missed.append(Missed(point, places.line(point), missing))
    result.missed.sort(key=lambda missed: (missed.point.file, missed.line))
    result.stale += excuses.unknown()
    return result


def _called(point: Point) -> str:
    return f"{point.sort} {point.name}" + (f" ({point.part})" if point.part else "")


class _Excuses:
    """What is declared unreachable, matched to points; what matches none is a mistake."""

    def __init__(self, documents: Mapping[str, CoverageDoc], space: Universe) -> None:
        self.entries = [(law, entry) for law, document in documents.items() for entry in document.unreachable]
        self.states = space.states
        self.possible: dict[int, set[str]] = {}
        self.names = {point.name for point in space.states}

    def of(self, point: Point) -> set[str]:
        """The states of a point that are declared unreachable."""
        found: set[str] = set()
        for number, (law, entry) in enumerate(self.entries):
            if entry.covers(law, point):
                self.possible.setdefault(number, set()).update(self.states[point])
                found |= set(entry.states)
        return found

    def unknown(self) -> list[str]:
        """The declarations that match no point, or name a state that it does not have."""
        found = []
        for number, (law, entry) in enumerate(self.entries):
            called = f"{law}/{FILE}: `{entry.what}`{f' ({entry.part})' if entry.part else ''}"
            possible = self.possible.get(number)
            if possible is None:
                found.append(f"{called} bestaat niet. {meant(entry.what, self.names)}".strip())
            elif wrong := [state for state in entry.states if state not in possible]:
                found.append(f"{called} heeft geen toestand `{wrong[0]}`. {choose(sorted(possible))}")
        return found


Watch: TypeAlias = Callable[[Case], None]


def watching(hits: set[Hit]) -> Watch:
    """A watcher for :func:`engine.authoring.tests.run_test` that adds what each case reaches, but for supposed amounts."""

    def watch(case: Case) -> None:
        if not case.supposed:
            hits.update(reached(case))

    return watch
