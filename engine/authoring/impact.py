# SPDX-License-Identifier: EUPL-1.2
"""The effect of a change: the same claims under two rule sets, counted as they stream by.

Every claim runs without a trace; only the examples are run again with one. What is kept grows with the number of
different results, rules and reasons, never with the number of claims. The same file gives the same numbers whatever the
number of processes.
"""

from __future__ import annotations

import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeAlias

from engine.authoring.causes import Cause, Pair, same
from engine.authoring.compare import Side
from engine.authoring.staged import Staged
from engine.logic.state import State
from engine.model import tree
from engine.model.claim import Claim, Received
from engine.model.kinds import Base, Kind
from engine.model.problems import ClaimError, EngineError, InvalidInput, Place, Problem, RulesError, nearest
from engine.model.program import Program, Rung
from engine.model.values import Value
from engine.passes.complete import complete_facts
from engine.passes.first import Verdict, result_of, run
from engine.passes.intake import read_claim
from engine.rationale.values import show
from engine.rulebook import Compiled, Rulebook

Row: TypeAlias = tuple[int, Any]
"""The number of a claim in its file, and the claim: bytes that :data:`Decode` reads, parsed already, or why it cannot be read."""
Decode: TypeAlias = Callable[[bytes], Received]

CHUNK = 250
PER_WORKER = 3
EXAMPLES = 10
REASONS = 100
SAME, RESULT, HIGHER, LOWER, OTHER, POSSIBLE = (
    "gelijk",
    "andere uitkomst",
    "hoger bedrag",
    "lager bedrag",
    "andere waarde",
    "andere mogelijkheden",
)
BEFORE, AFTER, BOTH = "A", "B", "A en B"


# --- what is counted -------------------------------------------------------------------------------------------------


@dataclass
class Spread:
    """Differences in cents: how many, the sum, the largest, and the median.

    Exact until :attr:`MOST` different values; then they are counted in steps ten times as wide, and :attr:`step` says so.
    """

    MOST = 4096
    count: int = 0
    total: int = 0
    largest: int = 0
    step: int = 1
    counts: Counter[int] = field(default_factory=Counter)

    def add(self, cents: int, times: int = 1) -> None:
        """Count a difference."""
        self.count += times
        self.total += cents * times
        if abs(cents) > abs(self.largest):
            self.largest = cents
        self._count(cents, times)

    def _count(self, cents: int, times: int) -> None:
        self.counts[_nearest(cents, self.step)] += times
        while len(self.counts) > self.MOST:
            self._widen(self.step * 10)

    def _widen(self, step: int) -> None:
        self.step = step
        counts: Counter[int] = Counter()
        for cents, times in self.counts.items():
            counts[_nearest(cents, step)] += times
        self.counts = counts

    @property
    def median(self) -> int:
        """The middle difference, to within half a :attr:`step`; 0 of nothing."""
        seen = 0
        for cents in sorted(self.counts):
            seen += self.counts[cents]
            if 2 * seen >= self.count:
                return cents
        return 0

    def merge(self, other: Spread) -> None:
        """Add what another part of the file came to."""
        self.count += other.count
        self.total += other.total
        if abs(other.largest) > abs(self.largest):
            self.largest = other.largest
        if other.step > self.step:
            self._widen(other.step)
        for cents, times in other.counts.items():
            self._count(cents, times)


def _nearest(cents: int, step: int) -> int:
    return cents if step == 1 else (cents + step // 2) // step * step


@dataclass(frozen=True, slots=True)
class Seen:
    """What one rule set gives on one claim: the result (or what it waits for), what is possible, the values, the amount."""

    result: str
    possible: tuple[str, ...]
    values: Mapping[str, Value]
    amount: Value | None
    kind: Kind | None
    rung: Rung | None

    def __str__(self) -> str:
        if self.amount is None or self.kind is None:
            return self.result.replace("_", " ")
        per = f" per {self.kind.per}" if self.kind.per and self.kind.per != "eenmalig" else ""
        return f"{self.result.replace('_', ' ')}, {show(self.amount, self.kind)}{per}"


@dataclass(frozen=True, slots=True)
class Example:
    """A claim that changed: its number in the file, what it gave and gives, and why."""

    number: int
    change: str
    before: str
    after: str
    causes: tuple[Cause, ...]
    claim: Any = None
    lines: tuple[str, ...] = ()


@dataclass
class Impact:
    """Everything that was counted. ``moves`` counts from result to result, ``changes`` by what changed."""

    total: int = 0
    assessed: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    up: Spread = field(default_factory=Spread)
    down: Spread = field(default_factory=Spread)
    before: Spread = field(default_factory=Spread)
    after: Spread = field(default_factory=Spread)
    per: str | None = None
    kept: dict[tuple[str, str, str], list[Example]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        """How many claims came out differently."""
        return sum(self.changes.values())

    @property
    def examples(self) -> tuple[Example, ...]:
        """Up to ten: the commonest change first, every change once before any twice."""
        groups = [kept for _, kept in sorted(self.kept.items(), key=lambda group: (-self._weight(group[0]), group[1][0].number))]
        ranked = sorted((rank, order) for order, kept in enumerate(groups) for rank in range(len(kept)))
        return tuple(groups[order][rank] for rank, order in ranked[:EXAMPLES])

    def _weight(self, key: tuple[str, str, str]) -> int:
        change, *move = key
        return min(self.changes[change], self.moves[move[0], move[1]])

    def refuse(self, side: str, reasons: Iterable[str]) -> None:
        """Count a claim that one of the rule sets does not take, once under each reason."""
        for reason in reasons:
            self._refuse(side, reason, 1)

    def _refuse(self, side: str, reason: str, times: int) -> None:
        key = (side, reason)
        self.refused[key if key in self.refused or len(self.refused) < REASONS else (side, "andere redenen")] += times

    def keep(self, key: tuple[str, str, str], example: Example) -> None:
        """Keep an example while there are few like it."""
        found = self.kept.setdefault(key, [])
        if len(found) < EXAMPLES:
            found.append(example)

    def merge(self, other: Impact) -> None:
        """Add what the next part of the file came to."""
        self.total += other.total
        self.assessed += other.assessed
        self.per = self.per or other.per
        for mine, theirs in ((self.up, other.up), (self.down, other.down), (self.before, other.before), (self.after, other.after)):
            mine.merge(theirs)
        self.moves.update(other.moves)
        self.changes.update(other.changes)
        self.causes.update(other.causes)
        for (side, reason), times in other.refused.items():
            self._refuse(side, reason, times)
        for key, examples in other.kept.items():
            for example in examples:
                self.keep(key, example)


# --- one rule set ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """The terms on which claims are read: a side, and where it is not their own the day on which they are assessed.

    A side that names a regelset and a day lets the rules and amounts of that day decide, whatever the peildatum of the
    claim; the peildatum still gives ages and terms.
    """

    side: Side
    peildatum: date | None = None


class _Under:
    """Runs claims on the terms of one side."""

    def __init__(self, terms: Terms) -> None:
        self.peildatum, self.day = terms.peildatum, terms.side.day
        self.book = pinned(terms.side)
        self.amounts: dict[tuple[int, date], Mapping[str, Value]] = {}

    def read(self, data: Any) -> tuple[Claim, Compiled]:
        return read_claim(data if self.peildatum is None else Received.of(data).on(self.peildatum.isoformat()), self.book)

    def state(self, claim: Claim, compiled: Compiled) -> State:
        day = self.day or claim.version_day
        key = (id(compiled), day)
        if key not in self.amounts:
            if len(self.amounts) > 1000:
                self.amounts.clear()
            self.amounts[key] = self.book.amounts(compiled.program, day)
        return State(dict(claim.facts), self.amounts[key], self.book.filled(claim.municipality, day), self.book.calendar)


def pinned(side: Side) -> Rulebook:
    """The rulebook of a side; where it names a day, with the rules of that day for every peildatum.

    Raises :class:`RulesError` when there is nothing to claim by that name, or not yet on that day.
    """
    book = side.book
    if side.ruleset is None or side.day is None:
        return book
    if side.ruleset not in book.programs:
        known = nearest(side.ruleset, book.programs)
        raise RulesError([Problem("TS-W02", Place(side.ruleset), f"`{side.ruleset}` is niet iets dat wordt aangevraagd.", known)])
    compiled = book.program(side.ruleset, side.day)
    if compiled is None:
        first = book.programs[side.ruleset][0].program.valid_from
        cause = f"Op {side.day} gelden er nog geen regels voor `{side.ruleset}`."
        raise RulesError([Problem("TS-B05", Place(side.ruleset), cause, f"De eerste gelden vanaf {first}.")])
    always = Compiled(replace(compiled.program, valid_from=date.min, valid_until=None))
    return replace(book, programs={side.ruleset: (always,)})


@dataclass(frozen=True, slots=True)
class _Ran:
    """A claim after a run on one side."""

    claim: Claim
    compiled: Compiled
    state: State
    seen: Seen


def _seen(compiled: Compiled, state: State, verdict: Verdict) -> Seen:
    result = result_of(verdict)
    names = tuple(rung.result for rung in verdict.possible)
    rung = verdict.possible[0]
    values = {name: state.out[name] for name in rung.values} if len(verdict.possible) == 1 else {}
    if verdict.causes:
        return Seen(result, names, values, None, None, rung)
    kinds = _kinds(compiled)
    money = next((name for name in rung.values if kinds[name].base is Base.MONEY), None)
    amount = values[money] if money is not None else None
    known = amount if isinstance(amount, int | Fraction) else None
    return Seen(result, names, values, known, kinds[money] if money is not None else None, rung)


def _kinds(compiled: Compiled) -> Mapping[str, Kind]:
    return {outcome.key: outcome.kind for outcome in compiled.program.outcomes}


# --- two rule sets ---------------------------------------------------------------------------------------------------


class Comparison:
    """Two sides, ready to take claims."""

    def __init__(self, a: Terms, b: Terms, decode: Decode) -> None:
        self.a, self.b, self.decode = _Under(a), _Under(b), decode
        self.staged: dict[int, Staged] = {}
        self.pairs: dict[tuple[int, int], Pair] = {}
        self.unlike: dict[tuple[int, int], frozenset[str] | None] = {}

    def chunk(self, rows: Iterable[Row]) -> Impact:
        """Count a part of the file."""
        counted = Impact()
        for number, raw in rows:
            counted.total += 1
            self._one(number, raw, counted)
        return counted

    def _one(self, number: int, raw: Any, counted: Impact) -> None:
        try:
            data = self.decode(raw) if isinstance(raw, bytes) else raw
        except InvalidInput as error:
            data = error.problems[0]
        if isinstance(data, Problem):
            counted.refuse(BOTH, _reasons([data]))
            return
        found = self._both(data, counted)
        if found is None:
            return
        a, b = found
        old, new = a.seen, b.seen
        counted.assessed += 1
        counted.moves[old.result, new.result] += 1
        change = _change(old, new)
        self._amounts(old, new, counted)
        if change == SAME:
            return
        counted.changes[change] += 1
        for ran in found:
            self._staged(ran.compiled).finish(ran.state)
        causes = self._pair(a.compiled, b.compiled).causes(a.state, b.state, _last(old, new), _different(old, new))
        counted.causes.update(causes or (Cause("niet herleid", "", ""),))
        counted.keep((change, old.result, new.result), Example(number, change, str(old), str(new), causes, raw))

    def _both(self, data: Any, counted: Impact) -> tuple[_Ran, _Ran] | None:
        """The claim run on both sides; None, and counted, where a side refuses it."""
        first = _attempt(lambda: self._run(self.a, *self.a.read(data)))
        if isinstance(first, tuple):
            second = _attempt(lambda: self._run(self.b, *self.b.read(data)))
            counted.refuse(BOTH if isinstance(second, tuple) else BEFORE, first)
            return None
        other = self._reused(first.claim, first.compiled)
        second = _attempt(lambda: self._run(self.b, *(other or self.b.read(data))))
        if isinstance(second, tuple):
            counted.refuse(AFTER, second)
            return None
        return first, second

    def _run(self, under: _Under, claim: Claim, compiled: Compiled) -> _Ran:
        state = under.state(claim, compiled)
        return _Ran(claim, compiled, state, _seen(compiled, state, self._staged(compiled).run(state)))

    def _staged(self, compiled: Compiled) -> Staged:
        if id(compiled) not in self.staged:
            self.staged[id(compiled)] = Staged(compiled)
        return self.staged[id(compiled)]

    def _reused(self, claim: Claim, compiled: Compiled) -> tuple[Claim, Compiled] | None:
        """The claim as it was read, where the other side would read the same from it."""
        if self.a.peildatum != self.b.peildatum or claim.effects:
            return None
        other = self.b.book.program(claim.claim, claim.version_day)
        if other is None:
            return None
        key = (id(compiled), id(other))
        if key not in self.unlike:
            self.unlike[key] = _unlike(compiled.program, other.program)
        if self.unlike[key] is None or not claim.given.keys().isdisjoint(self.unlike[key] or ()):
            return None
        facts, assumed = complete_facts(other, claim.given, claim.day)
        return replace(claim, facts=facts, assumed=assumed), other

    def _pair(self, a: Compiled, b: Compiled) -> Pair:
        key = (id(a), id(b))
        if key not in self.pairs:
            self.pairs[key] = Pair(a, b)
        return self.pairs[key]

    @staticmethod
    def _amounts(old: Seen, new: Seen, counted: Impact) -> None:
        before, after = _cents(old.amount), _cents(new.amount)
        if before is not None:
            counted.before.add(before)
        if after is not None:
            counted.after.add(after)
        kind = new.kind or old.kind
        if before is None or after is None or kind is None:
            return
        counted.per = counted.per or kind.per
        if after > before:
            counted.up.add(after - before)
        elif after < before:
            counted.down.add(after - before)

    def explained(self, example: Example) -> Example:
        """An example with the lines of its causes that differ, from a run with a full trace; without the claim."""
        data = self.decode(example.claim) if isinstance(example.claim, bytes) else example.claim
        states = []
        for under in (self.a, self.b):
            claim, compiled = under.read(data)
            state = under.state(claim, compiled)
            run(compiled.traced, state)
            states.append((compiled, state))
        lines = [line for cause in example.causes for line in _traced(cause, *states)]
        return replace(example, claim=None, lines=tuple(dict.fromkeys(lines)))


def _unlike(a: Program, b: Program) -> frozenset[str] | None:
    """The facts that two programs read differently; None where they differ in more than that."""
    if a.groups != b.groups or a.version_by != b.version_by:
        return None
    before, after = ({**program.decisions, **program.facts} for program in (a, b))
    names = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return frozenset(names | {name for name in a.lists.keys() | b.lists.keys() if a.lists.get(name) != b.lists.get(name)})


def _attempt(work: Callable[[], _Ran]) -> _Ran | tuple[str, ...]:
    """A claim after a run, or why it does not run."""
    try:
        return work()
    except ClaimError as error:
        return _reasons(error.problems)
    except EngineError:
        return ("de regels spreken elkaar tegen in deze zaak",)


def _reasons(problems: Iterable[Problem]) -> tuple[str, ...]:
    """Why a claim is refused, without what it says: the code and the place of every problem, each reason once."""
    return tuple(dict.fromkeys(_reason(problem) for problem in problems))


def _reason(problem: Problem) -> str:
    pointer = "/".join("*" if part.isdigit() else part for part in (problem.place.pointer or "").split("/"))
    return f"{problem.code} bij {pointer or 'de aanvraag'}"


def _cents(amount: Value | None) -> int | None:
    return None if not isinstance(amount, int | Fraction) else (Fraction(amount) + Fraction(1, 2)).__floor__()


def _change(old: Seen, new: Seen) -> str:
    if old.result != new.result:
        return RESULT
    if old.possible != new.possible:
        return POSSIBLE
    if not same(old.amount, new.amount) and isinstance(old.amount, int | Fraction) and isinstance(new.amount, int | Fraction):
        return HIGHER if new.amount > old.amount else LOWER
    return OTHER if _different(old, new) else SAME


def _different(old: Seen, new: Seen) -> tuple[str, ...]:
    """The values that differ, where both have them."""
    return tuple(name for name in new.values if name in old.values and not same(old.values[name], new.values[name]))


def _last(old: Seen, new: Seen) -> tuple[Rung | None, Rung | None]:
    """The last rungs that were reached; twice the same result says that the ladder is not the cause."""
    return (old.rung, new.rung) if old.possible == new.possible and old.result == new.result else (_or(old), _or(new))


def _or(seen: Seen) -> Rung | None:
    return seen.rung if len(seen.possible) == 1 else None


def _traced(cause: Cause, a: tuple[Compiled, State], b: tuple[Compiled, State]) -> Iterator[str]:
    """For a rule the truths, values and lines in which two traced runs differ."""
    before, after = _traces(cause.rule, *a), _traces(cause.rule, *b)
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key, {}), after.get(key, {})
        for text in dict.fromkeys((*old, *new)):
            if old.get(text) != new.get(text):
                yield f"{key}: `{text}` was {old.get(text, 'er niet')}, wordt {new.get(text, 'er niet')}"


def _traces(rule: str, compiled: Compiled, state: State) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for step in compiled.traced:
        for one in step.rules:
            if one.rule.id != rule:
                continue
            for trace in state.traces.get(one.rule.key, ())[:1]:
                shown = found[one.rule.key] = {"geldt": _truth(trace.holds)}
                if trace.value is not None:
                    shown["waarde"] = show(trace.value, step.outcome.kind)
                for criterion, truth in zip(one.criteria, trace.nodes, strict=True):
                    if isinstance(criterion, tree.Line) and truth is not None:
                        shown[criterion.text] = _truth(truth)
    return found


def _truth(truth: Value) -> str:
    return "waar" if truth is True else "onwaar" if truth is False else "onbekend"


# --- the whole file --------------------------------------------------------------------------------------------------


def impact(
    a: Terms, b: Terms, rows: Iterable[Row], decode: Decode, *, workers: int = 1, progress: Callable[[int], None] = lambda done: None
) -> Impact:
    """Count a stream of claims under both sides.

    ``decode`` reads a claim given as bytes (it must be a function of a module, so that other processes find it) and
    raises :class:`InvalidInput` on what it refuses. ``progress`` hears how many claims are done.
    Raises :class:`RulesError` when a side names something that is not there.
    """
    comparison = Comparison(a, b, decode)
    total = Impact()
    chunks = _chunks(rows)
    for part in (comparison.chunk(chunk) for chunk in chunks) if workers < 2 else _parallel(a, b, decode, chunks, workers):
        total.merge(part)
        progress(total.total)
    chosen = {id(example): comparison.explained(example) for example in total.examples}
    total.kept = {key: [chosen[id(example)] for example in kept if id(example) in chosen] for key, kept in total.kept.items()}
    total.kept = {key: kept for key, kept in total.kept.items() if kept}
    return total


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _parallel(a: Terms, b: Terms, decode: Decode, chunks: Iterator[list[Row]], workers: int) -> Iterator[Impact]:
    """The chunks over processes, in order, with no more of them under way than the workers can hold."""
    setup = pickle.dumps((_fresh(a), _fresh(b), decode), protocol=pickle.HIGHEST_PROTOCOL)
    waiting: deque[Future[Impact]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start, initargs=(setup,)) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(_work, chunk))
                if len(waiting) >= workers * PER_WORKER:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _fresh(terms: Terms) -> Terms:
    """The same without closures, which do not travel between processes; each worker compiles its own."""
    programs = {name: tuple(Compiled(c.program) for c in found) for name, found in terms.side.book.programs.items()}
    return replace(terms, side=replace(terms.side, book=replace(terms.side.book, programs=programs, tests=(), bases={})))


_comparison: list[Comparison] = []


def _start(setup: bytes) -> None:
    _comparison[:] = [Comparison(*pickle.loads(setup))]


def _work(chunk: list[Row]) -> Impact:
    return _comparison[0].chunk(chunk)
