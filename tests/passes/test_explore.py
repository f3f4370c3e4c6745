# SPDX-License-Identifier: EUPL-1.2
"""Trying an answer: running only what is asked for gives what running everything would."""

from __future__ import annotations

import pytest

from engine.logic.state import State
from engine.passes.assess import assess
from engine.passes.explore import explorer, fact_at
from engine.passes.first import read_ladder, run
from tests.law import example, example_names, law


@pytest.mark.parametrize("name", example_names())
def test_every_answer_to_every_fact_gives_the_same_ladder_as_the_whole_law_run_anew(name: str) -> None:
    assessment = assess(example(name), law())
    compiled, state = assessment.compiled, assessment.state
    tries = explorer(compiled)
    for path in assessment.program.facts:
        if path not in state.facts or ("." in path and path.partition(".")[0] not in assessment.program.groups):
            continue
        for answer in tries.answers(path, fact_at(assessment.program, path), assessment.claim.day):
            anew = State(dict(tries.tried(state, path, answer).facts), state.amounts, state.fillings, state.calendar)
            run(compiled.quick, anew)
            expected = read_ladder(compiled, anew)
            assert tries.verdict(state, path, answer) == expected
            assert read_ladder(compiled, tries.tried(state, path, answer)) == expected
