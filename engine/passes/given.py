# SPDX-License-Identifier: EUPL-1.2
"""A rule outcome from elsewhere in the place of the first pass: what it says is taken over, what only the rules could know is unknown.

The source is taken to name every ground of its decision (art. 3:46 and 3:47 Awb); whether another condition is met, it
does not say. What a word of the law means (`begripsbepaling`) and what a municipality filled in is no part of a decision:
that follows from the facts, as it does in the first pass.
"""

from __future__ import annotations

from engine.logic.lists import rows_of
from engine.logic.state import State
from engine.model import tree
from engine.model.program import DERIVED, Ground, Program
from engine.model.statements import GivenOutcome
from engine.model.values import CauseKind, ListValue, Truth, Unknown
from engine.passes.first import BLOCKING, BlockingGround, FirstPass
from engine.rulebook import Compiled

PARTLY = "deels_geblokkeerd"


def given_pass(compiled: Compiled, state: State, outcome: GivenOutcome) -> FirstPass:
    """The first pass as a source gave it. Fills ``state`` with what follows from it; the rest is unknown."""
    program = compiled.program
    named = tuple(ground if isinstance(ground, str) else ground.id for ground in outcome.grounds)
    _fill(compiled, state, frozenset(named), burdening=outcome.burdening)
    grounds = tuple(BlockingGround(_ground(program, name), True, (name,)) for name in named) if outcome.burdening else ()
    return FirstPass(outcome.result, (outcome.result,), {}, frozenset(), grounds, outcome.burdening)


def follows(program: Program, state: State, outcome: tree.Outcome) -> bool:
    """Whether an outcome is no part of what was decided elsewhere: a definition, or what this municipality filled in."""
    open_terms = (rule.id for rule in outcome.rules if outcome.settled and program.rules[rule.id].decl.open_to is not None)
    return outcome.settled and all(term in state.fillings for term in open_terms)


def _ground(program: Program, name: str) -> Ground:
    """The ground as the rules have it, or as one that stands outside them."""
    for ground in program.grounds:
        if any(key.split("@")[0] == name for key in ground.rule_keys):
            return Ground(ground.role, ground.outcome, (name,), tree.Const(True))
    decides = next((outcome.key for outcome in program.outcomes for rule in outcome.rules if rule.id == name), "")
    return Ground("weigeringsgrond", decides, (name,), tree.Const(True))


def _fill(compiled: Compiled, state: State, named: frozenset[str], *, burdening: bool) -> None:
    program = compiled.program
    for step in compiled.quick:
        outcome = step.outcome
        if follows(program, state, outcome):
            step.run(state)
            continue
        unknown = Unknown.because(CauseKind.RULE, outcome.key)
        if outcome.list is None:
            state.out[outcome.key] = unknown
            state.holds |= {rule.key: unknown for rule in outcome.rules}
            continue
        rows = rows_of(state, outcome.list)
        count = len(rows.items) if isinstance(rows, ListValue) else 0
        state.items[outcome.key] = [unknown] * count
        state.item_holds |= {rule.key: [unknown] * count for rule in outcome.rules}
    decided: dict[str, Truth] = {}
    for ground in program.grounds:
        if any(key.split("@")[0] in named for key in ground.rule_keys):
            decided[ground.outcome] = ground.role == "weigeringsgrond"
    for outcome in program.outcomes:
        holding = [rule.key for rule in outcome.rules if rule.id in named]
        if holding and outcome.boolean:
            truth = decided.setdefault(outcome.key, True)
            for key in holding:
                _hold(state, key, truth is True)
    for key, truth in decided.items():
        if key in state.out:
            state.out[key] = truth
        elif key in state.items:
            state.items[key] = [truth] * len(state.items[key])
    derived: dict[str, Truth] = {**dict.fromkeys(DERIVED, True), BLOCKING: burdening, PARTLY: False}
    for outcome in program.outcomes:
        if outcome.key in derived:
            state.out[outcome.key] = derived[outcome.key]


def _hold(state: State, rule: str, truth: bool) -> None:
    if rule in state.holds:
        state.holds[rule] = truth
    elif rule in state.item_holds:
        state.item_holds[rule] = [truth] * len(state.item_holds[rule])
