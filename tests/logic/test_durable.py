# SPDX-License-Identifier: EUPL-1.2
"""The second opinion: when it agrees, when it raises, and that its process can fail without harm."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from engine.logic import durable
from engine.logic.circuit import Circuit, Gate, Output, Point, circuit_of
from engine.logic.durable import NONE, SAME, DurableOpinion, available, second_opinion
from engine.logic.durable_process import MOST_PLANS, Worker, WorkerLost
from engine.logic.durable_wiring import STAGE_RULES, WIDEST, stages_of
from engine.logic.state import State
from engine.model import tree
from engine.model.kinds import BOOL
from engine.model.problems import EngineError
from engine.model.program import Program, Rung
from engine.model.values import Value
from engine.passes.assess import SecondOpinion
from engine.passes.first import run
from engine.rulebook import Compiled
from tests.logic.small import outcome, program, says, state, unknown, yes_no_rule

needs_durable = pytest.mark.skipif(not available(), reason=f"geen tweede motor: {available().reason}")


def wide(width: int) -> tree.Criterion:
    return tree.And(tuple(says(f"p{number}") for number in range(width)))


def law(*, width: int = 3) -> Program:
    first = outcome("u", yes_no_rule("r1", wide(width), exceptions=(says("q"),)), yes_no_rule("r2", says("s")))
    ladder = (Rung("afwijzen", tree.Not(tree.RuleHolds("r1"))), Rung("toekennen", tree.Const(True)))
    return program(first, ladder=ladder)


def case(compiled: Compiled, **facts: Value) -> State:
    """A case that the first engine ran; what is not named is true, except `q` and `s`."""
    given: dict[str, Value] = {f"p{number}": True for number in range(400)}
    after = state({**given, "q": False, "s": False, **facts})
    run(compiled.traced, after)
    return after


@pytest.fixture
def opinion() -> Iterator[DurableOpinion]:
    found = DurableOpinion(limit=5.0, start_limit=30.0)
    yield found
    found.close()


def pid(found: DurableOpinion) -> int:
    assert found.worker.process is not None
    return found.worker.process.pid


# --- agreeing --------------------------------------------------------------------------------------------------------


@needs_durable
@pytest.mark.parametrize("facts", [{}, {"p1": False}, {"p1": unknown("p1")}, {"q": unknown("q")}, {"q": True}, {"s": unknown("s")}])
def test_both_engines_agree(opinion: DurableOpinion, facts: dict[str, Value]) -> None:
    compiled = Compiled(law())
    assert opinion(compiled, case(compiled, **facts)) == SAME
    assert (opinion.given, opinion.missing) == (1, 0)


@needs_durable
@pytest.mark.parametrize("width", [WIDEST, WIDEST + 1, 20, 300])
def test_more_conditions_than_one_rule_can_hold_and_each_of_them_counts(opinion: DurableOpinion, width: int) -> None:
    compiled = Compiled(law(width=width))
    assert opinion(compiled, case(compiled)) == SAME
    for name in (f"p{number}" for number in range(width)):
        assert opinion(compiled, case(compiled, **{name: False})) == SAME
        assert opinion(compiled, case(compiled, **{name: unknown(name)})) == SAME


@needs_durable
def test_a_program_of_several_stages(opinion: DurableOpinion) -> None:
    steps = [outcome("u0", yes_no_rule("r0", says("p0"), "u0"))]
    for number in range(1, 300):
        earlier = tree.Truth(tree.OutcomeRef(BOOL, f"u{number - 1}"))
        either = tree.Or((tree.Not(earlier), says(f"p{number}")))
        steps.append(outcome(f"u{number}", yes_no_rule(f"r{number}", tree.And((either, says(f"p{number + 1}"))), f"u{number}")))
    compiled = Compiled(program(*steps))
    assert len(stages_of(circuit_of(compiled.program))) > 3
    for facts in ({}, {"p100": False}, {"p100": unknown("p100")}, {"p0": unknown("p0"), "p7": False}):
        assert opinion(compiled, case(compiled, **facts)) == SAME


@needs_durable
@pytest.mark.parametrize("given", [True, False, unknown("a")])
def test_an_outcome_that_was_decided_elsewhere_counts_for_both_whatever_its_rules_say(opinion: DurableOpinion, given: Value) -> None:
    reads = tree.Truth(tree.OutcomeRef(BOOL, "a"))
    first = outcome("a", yes_no_rule("r0", says("p0"), "a"))
    compiled = Compiled(
        program(first, outcome("u", yes_no_rule("r1", tree.And((reads, says("p1")))), yes_no_rule("r2", tree.RuleHolds("r0"))))
    )
    for says_the_rule in (True, False):
        after = case(compiled, p0=says_the_rule, a=given)
        assert (after.out["a"], after.holds["r0"]) == (given, says_the_rule)
        assert opinion(compiled, after) == SAME
        after.out["u"] = after.out["u"] is not True
        with pytest.raises(EngineError, match="uitkomst `u`"):
            opinion(compiled, after)
    assert opinion(compiled, case(compiled)) == SAME


@needs_durable
def test_a_case_in_which_nothing_is_known(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    nothing = {name: unknown(name) for name in ("p0", "p1", "p2", "q", "s")}
    assert opinion(compiled, case(compiled, **nothing)) == SAME


@needs_durable
def test_many_cases_one_after_the_other_leave_nothing_behind(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    states = [case(compiled, p1=truth) for truth in (True, False, unknown("p1"))]
    for number in range(1_200):
        assert opinion(compiled, states[number % 3]) == SAME
    assert opinion.given == 1_200


@needs_durable
def test_threads_share_one_worker(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    found: list[str] = []

    def ask() -> None:
        found.extend(opinion(compiled, case(compiled, p1=number % 2 == 0)) for number in range(20))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [SAME] * 120


@needs_durable
def test_it_fits_where_an_assessment_takes_a_second_opinion(opinion: DurableOpinion) -> None:
    taken: SecondOpinion = opinion
    compiled = Compiled(law())
    with taken.asked(compiled, case(compiled)) as answer:
        assert answer() == SAME


@needs_durable
def test_an_opinion_that_nobody_waits_for_is_not_taken_for_the_next_one(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    with suppress(KeyError), opinion.asked(compiled, case(compiled, p1=False)):
        raise KeyError  # the second pass failed, say
    first = pid(opinion)
    assert opinion(compiled, case(compiled)) == SAME
    assert (pid(opinion), opinion.given, opinion.missing) == (first, 1, 0)


@needs_durable
def test_a_crash_while_others_work_costs_one_opinion(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    after = case(compiled)
    assert opinion(compiled, after) == SAME
    os.kill(pid(opinion), signal.SIGSTOP)
    with opinion.asked(compiled, after) as answer:
        os.kill(pid(opinion), signal.SIGKILL)
        assert answer() == NONE
    assert opinion(compiled, after) == SAME


# --- differing -------------------------------------------------------------------------------------------------------


@needs_durable
@pytest.mark.parametrize(
    ("corrupted", "named"),
    [({"out": {"u": False}}, "uitkomst `u`"), ({"holds": {"r2": True}}, "regel `r2`"), ({"holds": {"r1": unknown("p0")}}, "regel `r1`")],
)
def test_a_difference_is_an_error_that_names_what_differs(
    opinion: DurableOpinion, corrupted: dict[str, dict[str, Value]], named: str, caplog: pytest.LogCaptureFixture
) -> None:
    compiled = Compiled(law())
    after = case(compiled)
    for field, values in corrupted.items():
        getattr(after, field).update(values)
    with caplog.at_level(logging.ERROR), pytest.raises(EngineError, match=named):
        opinion(compiled, after)
    assert "the engines differ on toets/toets" in caplog.text


@needs_durable
def test_a_rung_that_differs_is_an_error(opinion: DurableOpinion) -> None:
    compiled = Compiled(law())
    after = case(compiled)
    compiled.__dict__["ladder"] = (lambda s: True, lambda s: True)
    with pytest.raises(EngineError, match="trede `afwijzen`: de eerste zegt waar, de tweede onwaar"):
        opinion(compiled, after)


def test_true_and_false_at_once_is_a_difference() -> None:
    compiled = Compiled(law())
    plan = durable.plan_of(compiled.program)
    known = {literal for output in plan.circuit.outputs for literal in (output.literal, output.literal ^ 1)}
    found = list(durable.differences(plan, compiled, case(compiled), known))
    assert {difference.second for difference in found} == {"waar en onwaar tegelijk"}


# --- failing ---------------------------------------------------------------------------------------------------------


@needs_durable
def test_a_crash_costs_one_opinion_and_the_next_call_has_a_new_worker(opinion: DurableOpinion, caplog: pytest.LogCaptureFixture) -> None:
    compiled = Compiled(law())
    after = case(compiled)
    assert opinion(compiled, after) == SAME
    first = pid(opinion)
    os.kill(first, signal.SIGKILL)
    with caplog.at_level(logging.WARNING):
        assert opinion(compiled, after) == NONE
    assert "no second opinion on toets/toets" in caplog.text
    assert (opinion.missing, opinion.last_failure.split(" (")[0]) == (1, "proces weggevallen")
    assert opinion(compiled, after) == SAME
    assert pid(opinion) != first


@needs_durable
def test_a_worker_that_does_not_answer_costs_one_opinion() -> None:
    opinion = DurableOpinion(limit=0.3, start_limit=30.0)
    compiled = Compiled(law())
    after = case(compiled)
    assert opinion(compiled, after) == SAME
    os.kill(pid(opinion), signal.SIGSTOP)
    assert opinion(compiled, after) == NONE
    assert opinion.last_failure == "tijd verstreken"
    opinion.worker.limit = 30.0
    assert opinion(compiled, after) == SAME
    opinion.close()


@needs_durable
def test_a_worker_that_is_busy_for_too_long_costs_one_opinion() -> None:
    opinion = DurableOpinion(limit=0.05)
    compiled = Compiled(law())
    with opinion.worker.lock:
        assert opinion(compiled, case(compiled)) == NONE
    assert opinion.last_failure == "bezet"


def test_a_worker_that_cannot_start_costs_one_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    for executable in ("/does/not/exist", "/bin/false"):
        monkeypatch.setattr("sys.executable", executable)
        opinion = DurableOpinion()
        compiled = Compiled(law())
        assert opinion(compiled, case(compiled)) == NONE
        assert opinion.worker.process is None


@needs_durable
@pytest.mark.parametrize("facts", [{"p0": True}, {"s": True}, {"q": True}, {}])
def test_a_new_worker_survives_a_case_in_which_no_rule_fires(opinion: DurableOpinion, facts: dict[str, Value]) -> None:
    compiled = Compiled(law())
    nothing = {name: unknown(name) for name in ("p0", "p1", "p2", "q", "s")}
    assert opinion(compiled, case(compiled, **{**nothing, **facts})) == SAME


@needs_durable
def test_rules_that_the_c_code_refuses_cost_one_opinion() -> None:
    worker = Worker(5.0, 30.0)
    (stage,) = stages_of(circuit_of(law()))
    with pytest.raises(WorkerLost):
        worker.ask(1, [type(stage)("{", stage.derives, stage.reads)], [[2]])
    assert worker.ask(2, [stage], [[2, 4]])[0] >= {2, 4}
    worker.close()


@needs_durable
def test_the_worker_ends_with_its_owner() -> None:
    opinion = DurableOpinion(limit=5.0, start_limit=30.0)
    compiled = Compiled(law())
    assert opinion(compiled, case(compiled)) == SAME
    process = opinion.worker.process
    assert process is not None
    del opinion
    gc.collect()
    assert process.poll() is not None


@needs_durable
def test_a_worker_is_replaced_before_it_holds_too_many_programs() -> None:
    worker = Worker(5.0, 30.0)
    stages = stages_of(circuit_of(law()))
    worker.ask(0, stages, [[2]])
    assert worker.process is not None
    first = worker.process.pid
    for number in range(1, MOST_PLANS + 1):
        worker.ask(number, stages, [[2]])
    assert worker.process.pid != first
    worker.close()


@needs_durable
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_of_the_service_starts_a_worker_of_its_own() -> None:
    opinion = DurableOpinion(limit=5.0, start_limit=30.0)
    compiled = Compiled(law())
    assert opinion(compiled, case(compiled)) == SAME
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            before = pid(opinion)
            answer = opinion(compiled, case(compiled))
            os.write(write, json.dumps([answer, pid(opinion) != before]).encode())
            opinion.close()
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert json.load(pipe) == [SAME, True]
    os.waitpid(child, 0)
    assert opinion(compiled, case(compiled)) == SAME
    assert (opinion.given, opinion.missing) == (2, 0)
    opinion.close()


# --- not installed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ModuleNotFoundError("durable_rules_engine"), "durable-rules is niet geïnstalleerd"),
        (ImportError("undefined symbol"), "durable-rules kan op deze versie van Python niet worden geladen"),
    ],
)
def test_without_the_package_there_is_no_second_opinion_and_a_reason(
    monkeypatch: pytest.MonkeyPatch, error: ImportError, reason: str
) -> None:
    def fails(name: str) -> None:
        raise error

    monkeypatch.setattr("importlib.import_module", fails)
    available.cache_clear()
    second_opinion.cache_clear()
    try:
        assert not available()
        assert available().reason == reason
        assert second_opinion() is None
    finally:
        available.cache_clear()
        second_opinion.cache_clear()


@needs_durable
def test_one_second_opinion_for_the_whole_service() -> None:
    found = second_opinion()
    assert found is not None
    assert found is second_opinion()


# --- the rules that the C code gets ----------------------------------------------------------------------------------


def big() -> Circuit:
    """A circuit at every limit: a wide gate, many gates, one input that all of them read."""
    atoms = 400
    gates = [Gate(True, tuple(2 * node for node in range(1, atoms)), 1)]
    gates += [Gate(number % 2 == 0, (2, 2 * (1 + number % atoms) + 1, 2 * (atoms + number)), number + 1) for number in range(1, 600)]
    return Circuit(tuple(says(f"p{number}") for number in range(atoms)), tuple(gates), (Output(Point.RULE, "r", 2 * (atoms + 600)),))


def test_every_stage_stays_within_the_limits_of_the_c_code() -> None:
    stages = stages_of(big())
    assert len(stages) > 5
    for stage in stages:
        rules = json.loads(stage.rules)
        assert len(rules) == len(stage.derives) <= STAGE_RULES < 255
        assert all(len(rule["all"]) <= WIDEST for rule in rules.values())
        assert all(set(rule) == {"pri", "dist", "all"} and rule["dist"] == 0 for rule in rules.values())
        tests = [condition for rule in rules.values() for part in rule["all"] for (_, condition) in part.items()]
        pairs = [[next(iter(test.items())) for test in condition["$and"]] for condition in tests]
        assert all((bucket, field) == (f"b{first}", f"k{second}") for (bucket, first), (field, second) in pairs)
        assert len({bucket for (bucket, _), _ in pairs}) < 512


def test_a_stage_reads_only_what_is_given_or_derived_before() -> None:
    circuit = big()
    known = {2 * node + sign for node in range(circuit.first_gate) for sign in (0, 1)}
    for stage in stages_of(circuit):
        assert set(stage.reads) <= known | set(stage.derives)
        known |= set(stage.derives)
