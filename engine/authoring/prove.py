# SPDX-License-Identifier: EUPL-1.2
"""Checks that prove: gaps, clashes and dead text in the rules, each decided by z3 and shown with a concrete case.

Nothing is guessed. What can never be is proved over every case, whatever the length of its lists; what some case shows
was run through the real engine first; what could not be decided is listed with the reason. Needs the extra ``bewijs``.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.authoring import prove_words as words
from engine.authoring.coverage import CoverageDoc
from engine.authoring.prove_questions import dead_outcomes
from engine.authoring.prove_result import Answer, Finding, Hole, Report, Status, Undecided, Verdict
from engine.model.problems import ToetssteenError
from engine.model.program import Program
from engine.rulebook import Rulebook

if TYPE_CHECKING:
    from engine.authoring.prove_search import Search

BOUND = 2
"""So many items a list of the case has at most in a case that is looked for."""
SECONDS = 10.0
"""So long one question may take."""
LADDER = ""


class NoSolver(ToetssteenError):
    """z3 is not installed."""

    def __init__(self) -> None:
        super().__init__("Om te bewijzen is z3 nodig; installeer het met: pip install 'toetssteen[bewijs]'.")


@dataclass(frozen=True)
class _Task:
    """One piece of work: the outcomes of one name in one program, or its ladder."""

    claim: str
    number: int
    outcomes: tuple[str, ...]
    known: frozenset[Any]


@dataclass(frozen=True)
class _Done:
    """What came of it."""

    answers: tuple[Answer, ...]
    holes: tuple[Hole, ...]
    asked: int


def prove(
    rulebook: Rulebook,
    claims: Iterable[str] | None = None,
    *,
    seconds: float = SECONDS,
    bound: int = BOUND,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Prove the programs of some claims (all of them without) over all their versions.

    ``seconds`` bounds one question, ``bound`` the items of a list in a case that is looked for, ``workers`` the
    processes; ``progress`` hears how many pieces of work of the present version are done. Raises :class:`NoSolver`.
    """
    if importlib.util.find_spec("z3") is None:
        raise NoSolver
    start = time.monotonic()
    names = list(rulebook.programs if claims is None else claims)
    answers: list[Answer] = []
    holes: list[Hole] = []
    asked = 0
    with _pool(rulebook, bound, seconds, workers) as run:
        for claim in names:
            for number in reversed(range(len(rulebook.programs[claim]))):
                reached = frozenset(answer.key for answer in answers if answer.status is Status.REACHED)
                tasks = _tasks(rulebook.programs[claim][number].program, claim, number, reached)
                for count, done in enumerate(run(tasks), start=1):
                    answers += done.answers
                    holes += done.holes
                    asked += done.asked
                    if progress is not None:
                        progress(count, len(tasks))
    programs = [compiled.program for claim in names for compiled in rulebook.programs[claim]]
    findings = [*_findings(answers), *words.of_holes(holes), *_dead(rulebook, programs)]
    undecided = [*_undecided(answers), *words.undecided_holes(holes)]
    ordered = sorted(findings, key=lambda found: (found.problem.place, found.problem.code, found.problem.cause))
    return Report(tuple(ordered), tuple(undecided), words.outside(programs, bound), asked, time.monotonic() - start)


def unreachable(rulebook: Rulebook, documents: Mapping[str, CoverageDoc], *, seconds: float = SECONDS) -> tuple[Verdict, ...]:
    """What z3 says of each state that laws declare unreachable, by law. Raises :class:`NoSolver`."""
    if importlib.util.find_spec("z3") is None:
        raise NoSolver
    from engine.authoring.prove_reach import verdict  # noqa: PLC0415 - z3 is an extra

    return tuple(
        verdict(rulebook, law, entry, state, seconds)
        for law, document in documents.items()
        for entry in document.unreachable
        for state in entry.states
    )


# --- the work --------------------------------------------------------------------------------------------------------


def _tasks(program: Program, claim: str, number: int, known: frozenset[Any]) -> list[_Task]:
    """The outcomes of a program by name (all persons together), those that rest on most last in the order of the program."""
    groups: dict[tuple[str, str], list[str]] = {}
    for outcome in program.outcomes:
        if outcome.rules[0].id in program.rules:
            groups.setdefault((program.rules[outcome.rules[0].id].ruleset, outcome.name), []).append(outcome.key)
    return [_Task(claim, number, (), known), *(_Task(claim, number, tuple(keys), known) for keys in reversed(groups.values()))]


class _Worker:
    """Does tasks, with one search for each program."""

    def __init__(self, rulebook: Rulebook, bound: int, seconds: float) -> None:
        self.rulebook, self.bound, self.seconds = rulebook, bound, seconds
        self.searches: dict[tuple[str, int], Search] = {}

    def __call__(self, task: _Task) -> _Done:
        from engine.authoring.prove_search import Search  # noqa: PLC0415 - z3 is an extra

        key = (task.claim, task.number)
        if key not in self.searches:
            self.searches = {key: Search(self.rulebook, self.rulebook.programs[task.claim][task.number], self.bound, self.seconds)}
        search = self.searches[key]
        before = search.asked
        if not task.outcomes:
            answers = tuple(search.ladder(task.known))
            return _Done(answers, (), search.asked - before)
        found: list[Answer] = []
        holes: list[Hole] = []
        for outcome in task.outcomes:
            known = task.known | {answer.key for answer in found if answer.status is Status.REACHED}
            found += search.outcome(outcome, known)
            holes += search.holes(outcome)
        return _Done(tuple(found), tuple(holes), search.asked - before)


_worker: _Worker | None = None


def _in_process(task: _Task) -> _Done:
    assert _worker is not None
    return _worker(task)


@contextmanager
def _pool(rulebook: Rulebook, bound: int, seconds: float, workers: int) -> Iterator[Callable[[list[_Task]], Iterable[_Done]]]:
    """Something that does tasks: here, or in processes that take over the rulebook as it stands."""
    global _worker  # noqa: PLW0603 - what a forked process finds
    worker = _Worker(rulebook, bound, seconds)
    if workers <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield lambda tasks: map(worker, tasks)
        return
    _worker = worker
    try:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            yield lambda tasks: pool.map(_in_process, tasks)
    finally:
        _worker = None


# --- what it means ---------------------------------------------------------------------------------------------------


def _findings(answers: list[Answer]) -> Iterator[Finding]:
    """What can never be, in any version and for any person in which the text stands."""
    by_key: dict[Any, list[Answer]] = {}
    for answer in answers:
        by_key.setdefault(answer.key, []).append(answer)
    never = {key: found for key, found in by_key.items() if all(answer.status is Status.NEVER for answer in found)}
    wrong = {key[:2] for key in never}
    for key, found in never.items():
        if any((sort, place) in wrong for sort, place in found[0].part.inside):
            continue
        other = never.get((*key[:2], not key[2]))
        if other is not None and not key[2]:
            continue
        best = next((answer for answer in found if answer.case is not None), found[0])
        versions = tuple(sorted({answer.version for answer in found}))
        yield replace(words.of_answer(best, at_all=other is not None), versions=versions)


def _undecided(answers: list[Answer]) -> Iterator[Undecided]:
    """What was reached nowhere, and stayed open somewhere."""
    reached = {answer.key for answer in answers if answer.status is Status.REACHED}
    seen: set[Any] = set()
    for answer in answers:
        if answer.status is Status.OPEN and answer.key not in reached and answer.key not in seen:
            seen.add(answer.key)
            yield Undecided(words.question(answer), answer.part.place, answer.reason)


def _dead(rulebook: Rulebook, programs: list[Program]) -> Iterator[Finding]:
    """Outcomes that nothing rests on in any program of any claim that has them."""
    dead: set[tuple[str, str]] = set()
    alive: set[tuple[str, str]] = set()
    for compileds in rulebook.programs.values():
        for compiled in compileds:
            found = dead_outcomes(compiled.program)
            dead |= found
            alive |= _names(compiled.program) - found
    for ruleset, name in sorted(dead - alive):
        program = next((program for program in reversed(programs) if (ruleset, name) in _names(program)), None)
        if program is not None:
            yield words.of_dead(rulebook, program, ruleset, name)


def _names(program: Program) -> set[tuple[str, str]]:
    return {
        (program.rules[outcome.rules[0].id].ruleset, outcome.name) for outcome in program.outcomes if outcome.rules[0].id in program.rules
    }
