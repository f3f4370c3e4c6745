# SPDX-License-Identifier: EUPL-1.2
"""What is known stays known when more facts come in: an unknown never stands for less than everything it can become."""

from __future__ import annotations

from random import Random

from hypothesis import given, strategies as st

from engine.model.program import Program
from engine.model.values import ListValue, Unknown
from engine.rulebook import Compiled
from tests.properties.cases import Facts, completed, full_case, hidden
from tests.properties.engines import Result, result_of
from tests.properties.trees import CASE_FACTS, PARTNER, programs

CASES = 12
COMPLETIONS = 6


def assert_kept(before: Result, after: Result) -> None:
    """Everything that was known is still so; a conflict that was certain still is."""
    if before.conflict:
        assert after.conflict
    elif not after.conflict:
        lost = {name: (value, after.values[name]) for name, value in before.definite() if after.values[name] != value}
        assert not lost


@given(programs(), st.integers(0, 2**32))
def test_a_result_with_hidden_facts_is_never_more_certain_than_its_completions(program: Program, seed: int) -> None:
    random, compiled = Random(seed), Compiled(program)
    for _ in range(CASES):
        full = full_case(program, random)
        partial = hidden(full, 0.3, random)
        before = result_of(compiled, partial)
        assert_kept(before, result_of(compiled, full))
        for _ in range(COMPLETIONS):
            assert_kept(before, result_of(compiled, completed(partial, program, random)))


@given(programs(), st.integers(0, 2**32))
def test_an_added_fact_never_turns_true_into_false_or_false_into_true(program: Program, seed: int) -> None:
    random, compiled = Random(seed), Compiled(program)
    for _ in range(2):
        full = full_case(program, random)
        facts = hidden(full, 1.0, random)
        before = result_of(compiled, facts)
        for added in _steps(full, random):
            facts |= added
            after = result_of(compiled, facts)
            assert_kept(before, after)
            before = after


def _steps(full: Facts, random: Random) -> list[Facts]:
    """The facts of a case one by one, in some order; what belongs to a partner who is not there comes with him."""
    of_partner = {path for path in CASE_FACTS if path.startswith(f"{PARTNER}.")}
    alone = full[PARTNER] is True
    steps: list[Facts] = [{path: value} for path, value in full.items() if path != PARTNER and (alone or path not in of_partner)]
    first: Facts = {PARTNER: full[PARTNER]} | ({} if alone else {path: full[path] for path in of_partner})
    lists: list[Facts] = [{path: ListValue(value.items, complete=False)} for path, value in full.items() if isinstance(value, ListValue)]
    random.shuffle(steps)
    return [first, *lists, *steps]


@given(programs(), st.integers(0, 2**32))
def test_an_unknown_rests_on_something_that_is_missing(program: Program, seed: int) -> None:
    random, compiled = Random(seed), Compiled(program)
    for _ in range(CASES):
        result = result_of(compiled, hidden(full_case(program, random), 0.3, random))
        assert all(value.causes for value in result.values.values() if isinstance(value, Unknown))
