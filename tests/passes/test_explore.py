# SPDX-License-Identifier: EUPL-1.2
"""Trying an answer: running only what is asked for gives what running everything would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.logic.state import State
from engine.model.values import Value
from engine.passes.assess import Assessment, assess
from engine.passes.explore import explorer
from engine.passes.first import read_ladder, run
from engine.passes.paths import fact_at, root
from tests.law import example, example_names, law


def answers_to_try(assessment: Assessment) -> Iterator[tuple[str, Value]]:
    tries, program = explorer(assessment.compiled), assessment.program
    for path in program.facts:
        if path in assessment.state.facts and ("." not in path or path.partition(".")[0] in program.groups):
            for answer in tries.answers(path, fact_at(program, path), assessment.claim.day):
                yield path, answer


@pytest.mark.parametrize("name", example_names())
def test_every_answer_to_every_fact_gives_the_same_ladder_as_the_whole_law_run_anew(name: str) -> None:
    assessment = assess(example(name), law())
    compiled, state = assessment.compiled, assessment.state
    tries = explorer(compiled)
    for path, answer in answers_to_try(assessment):
        anew = State(dict(tries.tried(state, path, answer).facts), state.amounts, state.fillings, state.calendar)
        run(compiled.quick, anew)
        expected = read_ladder(compiled, anew)
        assert tries.verdict(state, path, answer) == expected
        assert read_ladder(compiled, tries.tried(state, path, answer)) == expected


@pytest.mark.parametrize("name", example_names())
def test_a_ladder_read_until_the_first_open_thing_tells_the_same_settled_results_and_what_is_left_open(name: str) -> None:
    assessment = assess(example(name), law())
    tries, state = explorer(assessment.compiled), assessment.state
    for path, answer in answers_to_try(assessment):
        whole, short = tries.verdict(state, path, answer), tries.verdict(state, path, answer, until_open=True)
        assert bool(short.causes) == bool(whole.causes)
        assert whole.causes or short == whole


@pytest.mark.parametrize("name", example_names())
def test_a_rung_fails_only_where_each_part_of_it_fails_and_a_part_rests_on_nothing_else_than_it_says(name: str) -> None:
    assessment = assess(example(name), law())
    tries, state = explorer(assessment.compiled), assessment.state
    split = 0
    for path, answer in answers_to_try(assessment):
        tried = tries.tried(state, path, answer)
        for test, parts in zip(assessment.compiled.ladder, tries.rungs, strict=True):
            split += len(parts) > 1
            assert (test(tried) is False) == all(part.test(tried) is False for part in parts)
            assert all(part.test(tried) == part.test(state) for part in parts if root(path) not in part.behind)
    assert split


@pytest.mark.parametrize("name", example_names())
def test_no_answer_to_a_fact_that_does_not_carry_the_result_changes_it(name: str) -> None:
    assessment = assess(example(name), law())
    tries, state = explorer(assessment.compiled), assessment.state
    now = read_ladder(assessment.compiled, state)
    spared = [(path, answer) for path, answer in answers_to_try(assessment) if not tries.carries(now, path)]
    assert spared
    for path, answer in spared:
        assert tries.verdict(state, path, answer) == now
