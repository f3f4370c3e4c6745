# SPDX-License-Identifier: EUPL-1.2
"""The first pass: the law runs forward, the ladder gives the outcome or the set of outcomes still possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.logic.evaluator import CompiledOutcome
from engine.logic.kleene import all_of
from engine.logic.state import State
from engine.model.program import Ground, Program, Rung
from engine.model.values import Cause, CauseKind, ListValue, Truth, Unknown, Value
from engine.rulebook import Compiled

INCOMPLETE = "onvolledig"
TO_JUDGE = "te_beoordelen"
NOT_DETERMINABLE = "niet_te_bepalen"
UNDECIDED: Mapping[str, str] = {
    INCOMPLETE: "Er ontbreken gegevens. De uitkomst staat nog niet vast.",
    TO_JUDGE: "De feiten zijn er. Een professional moet nog oordelen voordat de uitkomst vaststaat.",
    NOT_DETERMINABLE: "De uitkomst is niet te bepalen: de regels of bedragen die daarvoor nodig zijn, zijn niet ingevoerd.",
}

BLOCKING = "blokkerende_grond"
ASKABLE = frozenset({CauseKind.FACT, CauseKind.JUDGEMENT, CauseKind.CHOICE})


@dataclass(frozen=True, slots=True)
class BlockingGround:
    """A ground with its truth in this case; ``rules`` are the ids of the rules that are the ground."""

    ground: Ground
    truth: Truth
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirstPass:
    """What the law gives.

    ``result`` is a name of the ladder, or one of the undecided words; ``possible`` are the names still possible, in the
    order of the ladder. ``causes`` is the cone: everything the result still rests on.
    """

    result: str
    possible: tuple[str, ...]
    values: Mapping[str, Value]
    causes: frozenset[Cause]
    grounds: tuple[BlockingGround, ...]
    burdening: Truth

    @property
    def ground_rules(self) -> frozenset[str]:
        """The rules that are the grounds of the result, certain or not."""
        return frozenset(rule for item in self.grounds for rule in item.rules)

    @property
    def settled(self) -> bool:
        """Whether the outcome and its values stand fixed."""
        return not self.causes


def run(steps: Iterable[CompiledOutcome], state: State) -> None:
    """Run outcomes forward; the state holds the results."""
    for step in steps:
        step.run(state)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The ladder read: which rungs are possible, and the cone of what is still open."""

    possible: tuple[Rung, ...]
    causes: frozenset[Cause]


def read_ladder(
    compiled: Compiled, state: State, need: Callable[[Iterable[str]], None] | None = None, *, until_open: bool = False
) -> Verdict:
    """The first rung that fits; what is unknown on the way leaves a set of rungs.

    ``need`` is called with the outcomes that a rung, and then the values of the possible rungs, are about to read.
    ``until_open`` reads no further than the first thing that is open: of such a verdict only that it has causes says anything.
    """
    possible: list[Rung] = []
    causes: set[Cause] = set()
    for rung, test, reads in zip(compiled.program.ladder, compiled.ladder, compiled.ladder_reads, strict=True):
        if need is not None:
            need(reads)
        truth = test(state)
        if truth is False:
            continue
        possible.append(rung)
        if truth is True:
            break
        causes |= truth.causes
        if until_open and causes:
            return Verdict(tuple(possible), frozenset(causes))
    for rung in possible:
        if need is not None:
            need(rung.values)
        for value in rung.values:
            found = state.out[value]
            if isinstance(found, Unknown):
                causes |= found.causes
    return Verdict(tuple(possible), frozenset(causes))


def first_pass(compiled: Compiled, state: State) -> FirstPass:
    """Run the law on a case with a full trace, and read the outcome."""
    run(compiled.traced, state)
    verdict = read_ladder(compiled, state)
    names = tuple(rung.result for rung in verdict.possible)
    values: dict[str, Value] = {}
    for rung in verdict.possible:
        values |= {name: state.out[name] for name in rung.values}
        values |= {name: state.out[name] for name in rung.indicative if not isinstance(state.out[name], Unknown)}
    return FirstPass(
        result_of(verdict),
        names,
        values,
        verdict.causes,
        blocking_grounds(compiled, state) if _reaches_grounds(compiled, verdict) else (),
        _burdening(verdict),
    )


def _reaches_grounds(compiled: Compiled, verdict: Verdict) -> bool:
    """Whether the ladder comes to the rung that asks for blocking grounds; what stands above it needs none."""
    last = compiled.program.ladder.index(verdict.possible[-1])
    return any(BLOCKING in reads for reads in compiled.ladder_reads[: last + 1])


def result_of(verdict: Verdict) -> str:
    """The name of the result: of the one rung that is left, or the word for what it still waits for."""
    if not verdict.causes:
        return verdict.possible[0].result
    kinds = {cause.kind for cause in verdict.causes}
    if not kinds & ASKABLE:
        return NOT_DETERMINABLE
    return TO_JUDGE if kinds & ASKABLE <= {CauseKind.JUDGEMENT, CauseKind.CHOICE} else INCOMPLETE


def _burdening(verdict: Verdict) -> Truth:
    burdening = {rung.burdening for rung in verdict.possible}
    if len(burdening) == 1:
        return burdening.pop()
    return Unknown(verdict.causes)


def blocking_grounds(compiled: Compiled, state: State) -> tuple[BlockingGround, ...]:
    """Every ground that blocks or may block the whole claim, in the order of the rules.

    A ground of one person counts only where every counting person is blocked (or may be); a ground of an item likewise.
    """
    program = compiled.program
    found: list[BlockingGround] = []
    for ground in program.grounds:
        if ground.role not in ("voorwaarde", "weigeringsgrond"):
            continue
        truth = _ground_truth(compiled, state, ground)
        if truth is not False:
            rules = tuple(dict.fromkeys(key.split("@")[0] for key in ground.rule_keys))
            found.append(BlockingGround(ground, truth, rules))
    return tuple(item for item in found if _blocks_whole(program, compiled, state, item))


def _ground_truth(compiled: Compiled, state: State, ground: Ground) -> Truth:
    test = compiled.test(ground.criterion)
    if ground.list is None:
        return test(state)
    rows = state.facts[ground.list]
    if not isinstance(rows, ListValue):
        return rows if isinstance(rows, Unknown) else False
    truths = []
    for index in range(len(rows.items)):
        state.index = index
        truths.append(test(state))
    return all_of(truths) if truths else False


def _blocks_whole(program: Program, compiled: Compiled, state: State, item: BlockingGround) -> bool:
    person = item.ground.person
    if person is None:
        return True
    for persons in program.composed.values():
        for name, present in persons:
            if name == person and compiled.test(present)(state) is False:
                return False
            if name == person:
                continue
            others = [ground for ground in program.grounds if ground.person == name and ground.role in ("voorwaarde", "weigeringsgrond")]
            if (
                others
                and compiled.test(present)(state) is not False
                and all(_ground_truth(compiled, state, other) is False for other in others)
            ):
                return False
    return True
