# SPDX-License-Identifier: EUPL-1.2
"""What is worth asking: the questions in the cone of the result, in the order in which they help most.

Each open fact is tried with the answers it can have (every choice; for numbers, amounts and dates the values just
around the limits that the rules compare with). An answer that fixes the result makes the question decisive. The order
is greedy: the smallest cone that is left on average, then the cheapest source, then the order of the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from engine.logic.state import State
from engine.model import tree
from engine.model.program import Fact, Program
from engine.model.values import Cause, CauseKind, Value
from engine.passes.answers import LARGE
from engine.passes.explore import Explorer, explorer
from engine.passes.first import ASKABLE, read_ladder
from engine.passes.paths import fact_at, generic, paths_of
from engine.rulebook import Compiled

SOURCES = ("register", "document", "aanvrager", "professional")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the ask plan.

    ``decisive`` says whether an answer can settle the result alone; ``settling`` which answers do, with the result.
    ``left`` is the average number of open questions after an answer. ``assumed``: the fact rests on an assumption.
    """

    path: str
    fact: Fact
    kind: CauseKind
    source: str
    decisive: bool
    settling: tuple[tuple[Value, str], ...]
    left: float
    assumed: bool = False


def ask_plan(compiled: Compiled, state: State, causes: Iterable[Cause], assumed: Iterable[str], day: date) -> tuple[Question, ...]:
    """The questions for the causes of a result, best first; assumptions that carry the result come last."""
    tries = explorer(compiled)
    program = compiled.program
    questions = []
    for cause in sorted(set(causes)):
        if cause.kind not in ASKABLE:
            continue
        fact = fact_at(program, cause.ref)
        questions.append(_question(tries, state, cause.ref, fact, cause.kind, day))
    order = {path: index for index, path in enumerate(program.facts)}
    questions.sort(key=lambda q: (q.left, SOURCES.index(q.source), order.get(generic(q.path), len(order)), q.path))
    return (*questions, *_assumptions(tries, state, assumed, day))


def follow_up(
    compiled: Compiled, causes: Iterable[Cause], day: date, advised: Callable[[str, Value], tuple[str, frozenset[Cause]]]
) -> tuple[Question, ...]:
    """The questions that only the reversed test asks: decisive is what settles the advice.

    ``advised`` gives the advice and its causes when one fact has one answer.
    """
    tries = explorer(compiled)
    questions = []
    for cause in sorted(set(causes)):
        fact = fact_at(compiled.program, cause.ref)
        settling = []
        left = []
        for answer in tries.answers(cause.ref, fact, day):
            result, open_causes = advised(cause.ref, answer)
            left.append(len(open_causes))
            if not open_causes:
                settling.append((answer, result))
        average = sum(left) / len(left) if left else float(LARGE)
        questions.append(Question(cause.ref, fact, cause.kind, source_of(compiled.program, fact), bool(settling), tuple(settling), average))
    floors = floor_facts(compiled)
    return tuple(sorted(questions, key=lambda q: (q.path not in floors, q.left, SOURCES.index(q.source), q.path)))


@lru_cache(maxsize=64)
def floor_facts(compiled: Compiled) -> frozenset[str]:
    """Facts that a trigger on a floor reads: they are asked first."""
    return frozenset(
        path
        for trigger in compiled.program.second.triggers
        if trigger.decl.floor
        for node in tree.walk(trigger.when)
        for path in paths_of(node)
    )


def _question(tries: Explorer, state: State, path: str, fact: Fact, kind: CauseKind, day: date) -> Question:
    settling: list[tuple[Value, str]] = []
    left: list[int] = []
    for answer in tries.answers(path, fact, day):
        verdict = tries.verdict(state, path, answer)
        left.append(sum(1 for cause in verdict.causes if cause.kind in ASKABLE))
        if not verdict.causes:
            settling.append((answer, verdict.possible[0].result))
    average = sum(left) / len(left) if left else float(LARGE)
    return Question(path, fact, kind, source_of(tries.compiled.program, fact), bool(settling), tuple(settling), average)


def _assumptions(tries: Explorer, state: State, assumed: Iterable[str], day: date) -> Iterator[Question]:
    """Assumed facts with another possible value that changes the result."""
    program = tries.compiled.program
    now = read_ladder(tries.compiled, state)
    before = ([rung.result for rung in now.possible], now.causes)
    for path in assumed:
        if not tries.carries(now, path):
            continue
        fact = fact_at(program, path)
        changed: list[tuple[Value, str]] = []
        for answer in tries.answers(path, fact, day):
            if answer == state.facts[path]:
                continue
            verdict = tries.verdict(state, path, answer, until_open=not now.causes)
            if ([rung.result for rung in verdict.possible], verdict.causes) != before:
                changed.append((answer, verdict.possible[0].result if not verdict.causes else ""))
        if changed:
            settling = tuple((answer, result) for answer, result in changed if result)
            yield Question(path, fact, CauseKind.FACT, source_of(program, fact), bool(settling), settling, 0.0, assumed=True)


def source_of(program: Program, fact: Fact) -> str:
    """Who can answer: register, document, aanvrager or professional. Judgements never go to the client."""
    if fact.judged:
        return "professional"
    return program.origins.get(fact.decl.origin or "", "aanvrager")
