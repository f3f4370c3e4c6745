# SPDX-License-Identifier: EUPL-1.2
"""The python engine, node by node: what each gives for known values, for `geen` and for what is not known."""

from __future__ import annotations

import pytest

from engine.model import tree
from engine.model.kinds import INT
from tests.logic.small import fact, lit, number_rule, unknown, value_of

ALWAYS = tree.Const(True)


# --- several rules for one value -------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1])
def test_two_rules_that_both_apply_leave_the_value_open_while_one_of_the_two_is_open(order: int) -> None:
    rules = [number_rule("r1", ALWAYS, fact("n", INT)), number_rule("r2", ALWAYS, lit(5))][::order]
    assert value_of(rules, n=unknown("n")) == unknown("n")
