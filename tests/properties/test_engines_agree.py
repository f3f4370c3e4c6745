# SPDX-License-Identifier: EUPL-1.2
"""Python with a trace, python without one, durable_rules and the sliced engine agree on every criterion of random programs.

The first two are compared on everything that is decided: outcomes, rules, list items, values, rungs, causes included. The
others are compared on what they decide: ja/nee outcomes, their rules and the rungs, from atoms that python evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, note, strategies as st

from engine.logic import sliced
from engine.logic.durable import Plan, available, differences, plan_of
from engine.logic.durable_process import Worker
from engine.model.program import Program
from engine.rulebook import Compiled
from tests.properties.cases import full_case, hidden
from tests.properties.engines import Result, result_of
from tests.properties.trees import programs

CASES = 110
SHARES = (0.0, 0.1, 0.3, 0.6)
needs_durable = pytest.mark.skipif(not available(), reason=f"geen tweede motor: {available().reason}")


def results(compiled: Compiled, seed: int) -> Iterator[tuple[Result, Result]]:
    random = Random(seed)
    for number in range(CASES):
        facts = hidden(full_case(compiled.program, random), SHARES[number % len(SHARES)], random)
        yield result_of(compiled, facts, traced=True), result_of(compiled, facts)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    found = Worker(limit=60.0, start_limit=60.0)
    yield found
    found.close()


@given(programs(), st.integers(0, 2**32))
def test_a_trace_changes_nothing(program: Program, seed: int) -> None:
    for traced, quick in results(Compiled(program), seed):
        assert traced.conflict == quick.conflict
        assert traced.values == quick.values


@needs_durable
@given(program=programs(), seed=st.integers(0, 2**32))
def test_durable_rules_derives_what_python_decides(worker: Worker, program: Program, seed: int) -> None:
    compiled = Compiled(program)
    plan = plan_of(program)
    sound = [quick for _, quick in results(compiled, seed) if not quick.conflict]
    answers = worker.ask(plan.number, plan.stages, [plan.tokens(result.state) for result in sound])
    for result, known in zip(sound, answers, strict=True):
        found = list(differences(plan, compiled, result.state, known))
        note(f"{result.values}")
        assert not found, _explain(plan, result)


@given(programs(), st.integers(0, 2**32))
def test_the_sliced_engine_gives_what_python_decides(program: Program, seed: int) -> None:
    compiled = Compiled(program)
    plan = plan_of(program)
    as_it_is = sliced.scenarios(len(plan.atoms), [()])
    for _, quick in results(compiled, seed):
        if quick.conflict:
            continue
        found = sliced.evaluate(plan.circuit, [atom(quick.state) for atom in plan.atoms], as_it_is)
        known = {literal for literal in range(len(found.masks)) if found.true_in(literal)}
        assert not list(differences(plan, compiled, quick.state, known)), _explain(plan, quick)


def _explain(plan: Plan, result: Result) -> str:
    return f"{plan.circuit}\n{result.state.facts}"
