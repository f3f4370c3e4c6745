# SPDX-License-Identifier: EUPL-1.2
"""The solver and the engine mean the same: random programs on random cases, full or with facts left out, value by value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import assume, given, settings, strategies as st

from engine.logic.evaluator import compile_program
from engine.model import documents as doc
from engine.model.kinds import BOOL, Base, Kind
from engine.model.problems import EngineError, Place
from engine.model.program import Amount, AmountValue, Fact, ListFact, Program, RuleInfo
from engine.model.values import GEEN, ListValue, Unknown, Value
from tests.properties.cases import CALENDAR, Facts, full_case, hidden, powers_of, state_of
from tests.properties.trees import AMOUNTS, CASE_FACTS, EUROS, FILLING, LISTS, MEMBERS, PARTNER, programs

z3 = pytest.importorskip("z3")

from engine.authoring.prove_case import reading  # noqa: E402 - z3 first
from engine.authoring.prove_encode import Encoder  # noqa: E402
from engine.authoring.prove_open import OpenEncoder  # noqa: E402
from engine.authoring.prove_terms import Day, Length, Val  # noqa: E402

DECL = doc.FactDecl.model_validate({"soort": "ja/nee"})
OPEN = {"id": FILLING, "bron": "art. 1", "bepaalt": "open_term", "soort": "geheel getal", "open voor": {"niveau": "gemeente"}}


def declared(program: Program, facts: Facts) -> Program:
    """The program with its facts, lists, amounts and open term declared."""
    kinds: dict[str, Kind] = {**CASE_FACTS, **dict.fromkeys(powers_of(program), BOOL)}
    kinds |= {PARTNER: Kind(Base.GROUP, group="persoon", optional=True)}
    kinds |= {name: Kind(Base.LIST, group="onderdeel", optional=True) for name in LISTS}
    members = {name: Fact(name, kind, DECL) for name, kind in MEMBERS.items()}
    series = {"bron": "art. 1", "eenheid": "EUR per maand", "waarden": {"2020-01-01": "1"}}
    decl = doc.AmountDecl.model_validate(series)
    return replace(
        program,
        facts={path: Fact(path, kind, DECL) for path, kind in kinds.items()},
        lists={name: ListFact(name, "onderdeel", members) for name in LISTS},
        groups={PARTNER: "persoon"},
        amounts={
            name: Amount(name, "toets", EUROS, decl, (AmountValue(date(2020, 1, 1), known(facts[name]), "gelezen"),), Place())
            for name in AMOUNTS
        },
        rules={FILLING: RuleInfo(doc.RuleDecl.model_validate(OPEN), "toets", "toets/toets", date(2020, 1, 1), Place())},
    )


def known(value: Value) -> Value | None:
    return None if isinstance(value, Unknown) else value


def is_value(encoder: Encoder, found: Val, kind: Kind, value: Value) -> list[Any]:
    """That a variable has a value."""
    if value is GEEN:
        return [found.geen]
    term = encoder.literal(kind, value).term
    absent = [z3.Not(found.geen)] if found.geen is not False else []
    if isinstance(term, Day):
        return [*absent, found.term.year == term.year, found.term.month == term.month, found.term.day == term.day]
    if isinstance(term, Length):
        return [*absent, found.term.months + found.term.days == term.months + term.days]
    return [*absent, found.term == term]


def this_case(encoder: Encoder, facts: Facts) -> list[Any]:
    """That the facts are those of a case."""
    rules: list[Any] = []
    for path, fact in encoder.program.facts.items():
        value = facts[path]
        if fact.kind.base is Base.GROUP:
            rules.append(encoder.fact(path).geen == (value is GEEN))
        elif fact.kind.base is Base.LIST:
            rows = value.items if isinstance(value, ListValue) else ()
            rules += [encoder.length(path) == len(rows), z3.Bool(f"{path}:geen") == (value is GEEN)]
            for index, row in enumerate(rows):
                for name, inner in row.items():
                    rules += is_value(encoder, encoder.item_fact((path, index), name), MEMBERS[name], inner)
        elif not (facts[PARTNER] is GEEN and path.startswith(f"{PARTNER}.")):
            rules += is_value(encoder, encoder.fact(path), fact.kind, value)
    filled = z3.Bool(f"invulling({FILLING}):gevuld")
    found = encoder.given(f"invulling({FILLING})")
    if found is not None and not isinstance(facts[FILLING], Unknown):
        rules.append(found.term == z3.RealVal(facts[FILLING]))
    return [*rules, filled == (not isinstance(facts[FILLING], Unknown))]


def partial_case(encoder: Encoder, facts: Facts) -> list[Any]:
    """That the facts are those of a case of which some are not given."""
    rules: list[Any] = []
    for path, fact in encoder.program.facts.items():
        value = facts[path]
        inside = path.startswith(f"{PARTNER}.")
        if not inside or isinstance(facts[PARTNER], bool):
            rules.append(z3.Bool(f"{path}:onbekend") == isinstance(value, Unknown))
        if isinstance(value, Unknown) or (inside and facts[PARTNER] is GEEN):
            continue
        if fact.kind.base is Base.GROUP:
            rules.append(encoder.fact(path).geen == (value is GEEN))
        elif fact.kind.base is Base.LIST:
            rows = value if isinstance(value, ListValue) else ListValue(())
            rules += [encoder.length(path) == len(rows.items), z3.Bool(f"{path}:geen") == (value is GEEN)]
            rules.append(encoder.incomplete(path) == (not rows.complete))
            for index, row in enumerate(rows.items):
                for name, inner in row.items():
                    rules.append(z3.Bool(f"{path}[{index}].{name}:onbekend") == isinstance(inner, Unknown))
                    if not isinstance(inner, Unknown):
                        rules += is_value(encoder, encoder.item_fact((path, index), name), MEMBERS[name], inner)
        else:
            rules += is_value(encoder, encoder.fact(path), fact.kind, value)
    filled = z3.Bool(f"invulling({FILLING}):gevuld")
    found = encoder.given(f"invulling({FILLING})")
    if found is not None and not isinstance(facts[FILLING], Unknown):
        rules.append(found.term == z3.RealVal(facts[FILLING]))
    return [*rules, filled == (not isinstance(facts[FILLING], Unknown))]


def in_reach(program: Program, random: Random) -> Facts:
    """A full case of values that the encoding has: parts of one in ten thousand, and few fillings."""
    facts = full_case(program, random)
    facts |= {path: Fraction(5, 4) for path, value in facts.items() if isinstance(value, Fraction) and value.denominator == 3}
    for name in LISTS:
        rows = facts[name]
        if isinstance(rows, ListValue):
            even = [{key: Fraction(5, 4) if isinstance(value, Fraction) else value for key, value in row.items()} for row in rows.items]
            facts[name] = ListValue(tuple(even))
    if not isinstance(facts[FILLING], Unknown):
        facts[FILLING] = random.choice([0, 1, 2])
    return facts


def same_as_the_engine(program: Program, facts: Facts, encoder: Encoder, case: Callable[[Encoder, Facts], list[Any]]) -> None:
    """The one model of a case gives every outcome what the engine gives it, and leaves open what the engine leaves open."""
    state = state_of(facts)
    pairs: list[tuple[Kind, Val, Value]] = []
    for step in compile_program(program, traced=False):
        try:
            step.run(state)
        except EngineError:
            break
        outcome = step.outcome
        values = state.items[outcome.key] if outcome.list else [state.out[outcome.key]]
        for index, value in enumerate(values):
            pairs.append((outcome.kind, encoder.outcome(outcome.key, (outcome.list, index) if outcome.list else None), value))
    assume(not any(reach.vague for reach in encoder.reach.values()))
    outcomes, used = encoder.cone((), [outcome.key for outcome in program.outcomes])
    solver = z3.Solver()
    solver.set(timeout=5000)
    solver.add(*case(encoder, facts), *encoder.constraints(outcomes, used))
    answer = solver.check()
    assume(answer != z3.unknown)
    assert answer == z3.sat
    for kind, found, value in pairs:
        assert reading(encoder, solver.model(), found, kind) == value or isinstance(value, Unknown)
        assert (reading(encoder, solver.model(), found, kind) is None) is isinstance(value, Unknown)


RULEBOOK = cast(Any, SimpleNamespace(calendar=CALENDAR))


@settings(max_examples=60)
@given(programs(5), st.integers(0, 10_000))
def test_the_solver_computes_what_the_engine_computes(program: Program, seed: int) -> None:
    facts = in_reach(program, Random(seed))
    encoder = Encoder(RULEBOOK, declared(program, facts), bound=3)
    same_as_the_engine(program, facts, encoder, this_case)


@settings(max_examples=60)
@given(programs(5), st.integers(0, 10_000), st.sampled_from([0.1, 0.3, 0.6]))
def test_the_solver_leaves_open_what_the_engine_leaves_open(program: Program, seed: int, share: float) -> None:
    random = Random(seed)
    facts = hidden(in_reach(program, random), share, random)
    partner = facts[PARTNER]
    if not isinstance(partner, bool):
        facts |= {path: partner for path in facts if path.startswith(f"{PARTNER}.")}
    encoder = OpenEncoder(RULEBOOK, declared(program, facts), bound=3)
    same_as_the_engine(program, facts, encoder, partial_case)
