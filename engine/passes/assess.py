# SPDX-License-Identifier: EUPL-1.2
"""The heart: one claim, one rulebook, one assessment. Pure: same claim and rulebook, same assessment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from engine.language.fillings import FilledTerm
from engine.logic.state import State
from engine.model.claim import Claim
from engine.model.program import Program
from engine.model.values import Cause, Unknown, Value
from engine.passes.ask import Question, ask_plan, floor_facts, follow_up
from engine.passes.carried import Carried, judgements_behind
from engine.passes.explore import explorer
from engine.passes.first import FirstPass, first_pass
from engine.passes.given import given_pass
from engine.passes.intake import read_claim
from engine.passes.outlook import Outlook
from engine.passes.precedents import Earlier
from engine.passes.second import Beside, advise, second_pass
from engine.passes.seen import SecondPass
from engine.passes.whatif import Change, what_if
from engine.rulebook import Compiled, Rulebook

OFF = "uit"


class SecondOpinion(Protocol):
    """A second engine."""

    def asked(self, compiled: Compiled, state: State) -> AbstractContextManager[Callable[[], str]]:
        """Start on a case as the first engine left it; what this gives waits for ``gelijk`` or ``geen``, and raises on a difference."""


@dataclass(frozen=True)
class Assessment:
    """Everything that was found out about one claim, in concept: a professional decides.

    ``filled`` is what the municipality filled in, by rule id. ``questions`` are those of the first pass, ``follow_up``
    those that only the reversed test asks, ``changes`` the smallest ones that would turn a burdening outcome, ``carried``
    the judgements of people that it rests on.
    ``second_opinion`` stands outside the canonical result.
    """

    claim: Claim
    compiled: Compiled
    rulebook_hash: str
    state: State
    filled: Mapping[str, FilledTerm]
    first: FirstPass
    questions: tuple[Question, ...]
    second: SecondPass
    follow_up: tuple[Question, ...]
    changes: tuple[Change, ...] = ()
    carried: tuple[Carried, ...] = ()
    second_opinion: str = OFF

    @property
    def program(self) -> Program:
        """The program that decided."""
        return self.compiled.program


def assess(data: Any, rulebook: Rulebook, earlier: Earlier | None = None, second_opinion: SecondOpinion | None = None) -> Assessment:
    """Assess a claim (:class:`engine.model.claim.Received`, or plain data) through both passes.

    ``earlier`` are human decisions to compare with; None where there are none at all.
    Raises :class:`engine.model.problems.ClaimError` when the claim is refused, and
    :class:`engine.model.problems.EngineError` when rules or engines contradict each other on this case.
    """
    claim, compiled = read_claim(data, rulebook)
    return assess_claim(claim, compiled, rulebook, earlier, second_opinion)


def assess_claim(
    claim: Claim, compiled: Compiled, rulebook: Rulebook, earlier: Earlier | None = None, second_opinion: SecondOpinion | None = None
) -> Assessment:
    """The same for a claim that was checked before."""
    program = compiled.program
    filled = rulebook.filled_terms(claim.municipality, claim.version_day)
    state = State(
        dict(claim.facts),
        rulebook.amounts(program, claim.version_day),
        {rule: term.value for rule, term in filled.items()},
        rulebook.calendar,
    )
    beside = Beside(earlier, rulebook.price_items(claim.municipality), rulebook.stars_on(claim.municipality, claim.day))
    outcome = claim.stated.outcome
    first = first_pass(compiled, state) if outcome is None else given_pass(compiled, state, outcome)
    asking = second_opinion.asked(compiled, state) if second_opinion is not None and outcome is None else nullcontext(lambda: OFF)
    with asking as opinion:  # the second engine has a process of its own, and works while this one goes on
        questions = ask_plan(compiled, state, first.causes, claim.assumed, claim.day) if outcome is None else ()
        outlook = Outlook(compiled, first, claim)
        second = second_pass(outlook, state, beside)
        known = {question.path for question in questions}
        asked = [cause for cause in second.causes if cause.ref not in known and (cause.ref in program.facts or "[" in cause.ref)]
        if isinstance(first.burdening, Unknown):
            asked = [cause for cause in asked if cause.ref in floor_facts(compiled)]

        tries = explorer(compiled)

        def advised(path: str, answer: Value) -> tuple[str, frozenset[Cause]]:
            tried = tries.tried(state, path, answer) if outcome is None else tries.given(state, path, answer)
            tried.traces = state.traces
            found = advise(outlook, tried, beside)
            return found.result, found.causes

        later = follow_up(compiled, asked, claim.day, advised)
        changes = what_if(compiled, state, first, claim) if outcome is None else ()
        carried = judgements_behind(compiled, state, first, claim)
        return Assessment(claim, compiled, rulebook.hash, state, filled, first, questions, second, later, changes, carried, opinion())
