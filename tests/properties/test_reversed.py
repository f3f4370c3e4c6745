# SPDX-License-Identifier: EUPL-1.2
"""What must hold of the reversed test in every case of every small law: the properties (a) to (l) of its design.

That no decision exists without a human record, and that the engine's text is never a person's own words, stands with the
record itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.model.problems import RulesError
from engine.passes.assess import Assessment, assess
from engine.passes.precedents import laid_together, read_precedents
from engine.rationale.build import rationale
from engine.rulebook import Rulebook, load_files
from tests.helpers import CLAIM, judged, law

ROOT = Path(__file__).parents[2]
GENERAL = (ROOT / "rules/algemeen/omgekeerde_toets.yaml").read_text(encoding="utf-8")
GENERAL_FACTS = (ROOT / "rules/algemeen/gegevens.yaml").read_text(encoding="utf-8")
CITED = (ROOT / "rules/algemeen/regeling.yaml").read_text(encoding="utf-8")
OWN = "gegevens:\n" + "".join(f"  {name}: {{soort: ja/nee}}\n" for name in ("a", "b", "c", "d", "e", "f", "ongebruikt"))
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
LEVELS = ("formele wet", "verordening", "beleidsregel")
FACTS = ("a", "b", "c", "d", "e", "f")
JUDGEMENTS = ("uitkomst_geschikt", "uitkomst_noodzakelijk", "uitkomst_evenwichtig", "belang_kind_gewogen", "lichter_middel_bereikt_doel")
DAY = "2026-07-15"
WITHIN = {"geldig vanaf": "2020-01-01"}
DATES = (WITHIN, {"geldig vanaf": "2026-07-16"}, {"geldig vanaf": "2020-01-01", "geldig tot": "2026-07-15"})

ground = st.fixed_dictionaries({"als": st.sampled_from(["a", "b", "a en b", "c"]), "niveau": st.sampled_from(LEVELS)})
door = st.fixed_dictionaries(
    {
        "grounds": st.sets(st.integers(1, 3), min_size=1, max_size=3),
        "als": st.sampled_from(["d", "e", "d en e", "d of e"]),
        "uitgesloten als": st.sampled_from(["f", None]),
        "dates": st.sampled_from(DATES),
        "richting": st.sampled_from(["gunstig", "beide"]),
        "gehouden door": st.sampled_from(["college", "rechtbank"]),
    }
)
laws = st.tuples(st.lists(ground, min_size=1, max_size=3), st.lists(door, max_size=3))
answer = st.sampled_from([True, False, None])
cases = st.fixed_dictionaries(dict.fromkeys((*FACTS, *JUDGEMENTS, "aandeel_overheid"), answer) | {"kind": st.booleans()})
Law = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def written(found: Law) -> dict[str, str]:
    """The files of a law with these grounds and doors; a door lifts only grounds of its own level or lower."""
    grounds, doors = found
    rules = "\n".join(
        f"- {{id: wet.{number}, bron: art. {number}, bepaalt: u{number}, rol: weigeringsgrond, "
        f"niveau: {item['niveau']}, als: {item['als']}}}"
        for number, item in enumerate(grounds, 1)
    )
    lines = ["waarden:", '  - {id: wet.vangnet, soort: vloer, bron: art. 1, tekst: "Een bodem."}']
    lines += ["deuren:"] if doors else []
    for number, item in enumerate(doors, 1):
        lifted = [f"wet.{index}" for index in sorted(item["grounds"]) if index <= len(grounds)] or ["wet.1"]
        extra = {"als": item["als"], "richting": item["richting"], "gehouden door": item["gehouden door"], **item["dates"]}
        extra |= {"uitgesloten als": item["uitgesloten als"]} if item["uitgesloten als"] else {}
        rest = ", ".join(f"{key}: {value}" for key, value in extra.items())
        lines.append(
            f"  - {{id: wet.deur.{number}, titel: Deur, bron: art. 9, soort: hardheid, niveau: formele wet, "
            f"opent voor: [{', '.join(lifted)}], waarden: [wet.vangnet], {rest}}}"
        )
    files = law(rules, facts=OWN, ladder=LADDER, burdening="afwijzen")
    general = {"omgekeerde_toets": GENERAL, "gegevens": GENERAL_FACTS, "regeling": CITED}
    return {
        **files,
        "wet/omgekeerde_toets.yaml": "\n".join(lines) + "\n",
        **{f"algemeen/{name}.yaml": text for name, text in general.items()},
    }


@lru_cache(maxsize=64)
def _book(text: str) -> Rulebook:
    return load_files(json.loads(text))


def book(found: Law) -> Rulebook:
    return _book(json.dumps(written(found), sort_keys=True))


def claim(case: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {name: case[name] for name in FACTS if case[name] is not None}
    facts |= {name: judged(case[name]) for name in (*JUDGEMENTS, "aandeel_overheid") if case[name] is not None}
    facts["kinderen"] = [{"geboortedatum": "2018-01-01"}] if case["kind"] else []
    return {"aanspraak": CLAIM, "peildatum": DAY, "gegevens": facts, **more}


def weighed(found: Law, case: Mapping[str, Any], **more: Any) -> Assessment:
    return assess(claim(case, **more), book(found))


def holds(check: Callable[..., None]) -> Callable[..., None]:
    return settings(max_examples=60)(given(laws, cases)(check))


@holds
def test_a_no_deviation_is_advised_while_a_blocking_ground_lacks_an_open_door(found: Law, case: dict[str, Any]) -> None:
    result = weighed(found, case)
    if result.second.advice == "afwijken_onderbouwd":
        opened = {rule for item in result.second.doors if item.state == "open" for rule in item.lifts}
        assert {rule for item in result.first.grounds for rule in item.rules} <= opened


@settings(max_examples=60)
@given(laws, cases, st.sampled_from([*FACTS, *JUDGEMENTS]))
def test_b_what_is_unknown_is_never_more_certain_than_all_its_completions(found: Law, case: dict[str, Any], hidden: str) -> None:
    before = weighed(found, {**case, hidden: None}).second
    if not before.causes:
        assert {weighed(found, {**case, hidden: value}).second.advice for value in (True, False)} == {before.advice}


@settings(max_examples=60)
@given(laws, cases, st.randoms(use_true_random=False))
def test_c_the_order_of_doors_facts_and_earlier_decisions_changes_nothing(found: Law, case: dict[str, Any], random: Any) -> None:
    first = weighed(found, case)
    shuffled = claim(case)
    names = list(shuffled["gegevens"])
    random.shuffle(names)
    shuffled["gegevens"] = {name: shuffled["gegevens"][name] for name in names}
    assert rationale(assess(shuffled, book(found))) == rationale(first)
    files = written(found)
    reordered = load_files({path: files[path] for path in random.sample(sorted(files), len(files))})
    assert rationale(assess(claim(case), reordered)) == rationale(first)


@holds
def test_d_the_same_facts_give_the_same_bytes(found: Law, case: dict[str, Any]) -> None:
    told = [json.dumps(rationale(assess(claim(case), law_)), ensure_ascii=False) for law_ in (book(found), load_files(written(found)))]
    assert told[0] == told[1]


@settings(max_examples=60)
@given(laws, cases, st.booleans())
def test_e_a_fact_that_no_rule_names_changes_nothing(found: Law, case: dict[str, Any], value: bool) -> None:
    data = claim(case)
    data["gegevens"]["ongebruikt"] = value
    before, after = weighed(found, case), assess(data, book(found))
    assert (after.first, after.second.advice, after.second.words) == (before.first, before.second.advice, before.second.words)


@holds
def test_i_a_door_outside_its_dates_is_never_seen(found: Law, case: dict[str, Any]) -> None:
    for item in weighed(found, case).second.doors:
        decl = item.door.decl
        assert decl.valid_from <= date.fromisoformat(DAY)
        assert decl.valid_until is None or date.fromisoformat(DAY) < decl.valid_until


@holds
def test_j_a_fault_of_the_authority_never_moves_the_advice_towards_the_rule(found: Law, case: dict[str, Any]) -> None:
    with_fault = weighed(found, {**case, "aandeel_overheid": True}).second.advice
    if with_fault == "regel_volgen":
        assert weighed(found, {**case, "aandeel_overheid": False}).second.advice == "regel_volgen"


@holds
def test_h_every_argument_and_door_cites_values_and_grounds_that_exist(found: Law, case: dict[str, Any]) -> None:
    result = weighed(found, case)
    values = {decl.id for _, decl in result.program.second.values}
    for argument in result.second.arguments:
        assert set(argument.decl.values) <= values
        assert argument.decl.source
    for item in result.second.doors:
        assert set(item.lifts) <= set(result.program.rules)
        assert set(item.door.decl.values) <= values


@given(st.sampled_from(["verordening", "nadere regel", "beleidsregel"]))
def test_k_a_door_of_policy_or_ordinance_lifts_no_ground_of_formal_law(level: str) -> None:
    files = written(
        (
            [{"als": "a", "niveau": "formele wet"}],
            [{"grounds": {1}, "als": "d", "uitgesloten als": None, "dates": WITHIN, "richting": "gunstig", "gehouden door": "college"}],
        )
    )
    files["wet/omgekeerde_toets.yaml"] = files["wet/omgekeerde_toets.yaml"].replace("niveau: formele wet", f"niveau: {level}")
    with pytest.raises(RulesError) as caught:
        load_files(files)
    assert "TS-R03" in {problem.code for problem in caught.value.problems}


@holds
def test_l_where_a_trigger_fired_there_are_two_options_and_the_rule_outcome_is_one(found: Law, case: dict[str, Any]) -> None:
    second = weighed(found, case).second
    assert [option.sort for option in second.options].count("regeluitkomst") == 1
    if second.reason_seen is True:
        assert len(second.options) >= 2


@holds
def test_only_to_the_better_harm_to_the_household_through_a_door_is_never_advised(found: Law, case: dict[str, Any]) -> None:
    doors = [item.door.decl.id for item in weighed(found, case).second.doors]
    harm = {"wie": "kinderen[0]", "richting": "schaadt", "termijn": "kort", "ernst": "licht", "zekerheid": "vermoed", "omschrijving": "x"}
    stated = [{**harm, "optie": f"optie.{name}", "bron": "y", "gesteldDoor": "z", "gesteldOp": DAY} for name in doors]
    if stated and case["kind"]:
        assert weighed(found, case, effecten=stated).second.advice != "afwijken_onderbouwd"


@holds
def test_an_earlier_refusal_never_turns_the_advice_into_a_deviation(found: Law, case: dict[str, Any]) -> None:
    result = weighed(found, case)
    grounds = [rule for item in result.first.grounds for rule in item.rules]
    lines = b"".join(
        json.dumps(
            {
                "id": item.door.decl.id,
                "datum": DAY,
                "regeling": "wet",
                "gronden": grounds,
                "deur": item.door.decl.id,
                "afgeweken": False,
                "motief": "m",
            }
        ).encode()
        + b"\n"
        for item in result.second.doors
        if grounds
    )
    after = assess(claim(case), book(found), laid_together(read_precedents(lines, "p.jsonl"))).second
    if after.advice == "afwijken_onderbouwd":
        assert result.second.advice == "afwijken_onderbouwd"
