# SPDX-License-Identifier: EUPL-1.2
"""Versions of a regelset laid over each other, and what a municipality fills in."""

from __future__ import annotations

from datetime import date

import pytest

from engine.language.library import read_files
from engine.language.versions import in_force, rule_sets
from engine.model.values import Duration
from engine.rulebook import load_files
from tests.helpers import CLAIM, causes, law, outcome, problems_of, ruleset, run, the_problem

BASE = """
- {id: wet.1, bron: art. 1, bepaalt: een_ding, waarde: "1"}
- {id: wet.2, bron: art. 2, bepaalt: twee_ding, waarde: "2"}
"""


def versions(*later: tuple[str, str, str], base: str = BASE) -> dict[str, str]:
    """The tiny law with later versions: (date, head, rules)."""
    files = law(base)
    for since, head, rules in later:
        files[f"{CLAIM}/{since}.yaml"] = ruleset(rules, ladder="", head=head, since=since)
    return files


CHANGED = versions(
    ("2023-01-01", "wijzigt: 2020-01-01\n", '- {id: wet.2, bron: art. 2, bepaalt: twee_ding, waarde: "22"}'),
    ("2026-01-01", "wijzigt: 2023-01-01\nvervalt: [wet.1]\n", '- {id: wet.3, bron: art. 3, bepaalt: een_ding, waarde: "3"}'),
)


@pytest.mark.parametrize(
    ("day", "one", "two"),
    [
        ("2020-01-01", 1, 2),
        ("2022-12-31", 1, 2),
        ("2023-01-01", 1, 22),
        ("2025-12-31", 1, 22),
        ("2026-01-01", 3, 22),
        ("2100-01-01", 3, 22),
    ],
)
def test_a_later_version_says_only_what_changed(day: str, one: int, two: int) -> None:
    found = run(load_files(CHANGED), {}, day)
    assert (outcome(found, "een_ding"), outcome(found, "twee_ding")) == (one, two)


def test_a_rule_remembers_the_version_its_text_comes_from() -> None:
    found = run(load_files(CHANGED), {}, "2026-01-01").program
    assert {rule: info.version for rule, info in found.rules.items()} == {"wet.2": date(2023, 1, 1), "wet.3": date(2026, 1, 1)}


def test_a_program_holds_until_the_next_version() -> None:
    programs = [compiled.program for compiled in load_files(CHANGED).programs[CLAIM]]
    assert [(found.valid_from, found.valid_until) for found in programs] == [
        (date(2020, 1, 1), date(2023, 1, 1)),
        (date(2023, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), None),
    ]


def test_before_the_first_version_none_is_in_force() -> None:
    sets, problems = rule_sets(read_files(CHANGED))
    assert problems == []
    assert in_force(sets[CLAIM], date(2019, 12, 31)) is None


def test_a_version_changes_the_one_directly_before_it_and_no_other() -> None:
    skipping = versions(("2023-01-01", "wijzigt: 2020-01-01\n", ""), ("2026-01-01", "wijzigt: 2020-01-01\n", ""))
    problem = the_problem(skipping)
    assert (problem.code, problem.place.file, problem.place.line) == ("TS-V01", f"{CLAIM}/2026-01-01.yaml", 3)
    assert "2023-01-01" in problem.remedy


def test_a_rule_that_lapses_must_have_stood() -> None:
    problem = the_problem(versions(("2023-01-01", "wijzigt: 2020-01-01\nvervalt: [wet.9]\n", "")))
    assert (problem.code, problem.place.column) == ("TS-V02", 11)


def test_what_lapsed_is_no_longer_known_to_other_rules() -> None:
    reads = BASE + "- {id: wet.4, bron: art. 4, bepaalt: leest, waarde: een_ding + 1}\n"
    problem = the_problem(versions(("2023-01-01", "wijzigt: 2020-01-01\nvervalt: [wet.1]\n", ""), base=reads))
    assert (problem.code, problem.place.file) == ("TS-T19", f"{CLAIM}/2020-01-01.yaml")


def test_a_version_without_wijzigt_starts_anew() -> None:
    files = law(BASE)
    files[f"{CLAIM}/2026-01-01.yaml"] = ruleset('- {id: wet.9, bron: art. 9, bepaalt: nieuw, waarde: "9"}', since="2026-01-01")
    assert set(run(load_files(files), {}, "2026-01-01").program.rules) == {"wet.9"}


def test_a_withdrawn_version_is_passed_over() -> None:
    withdrawn = versions(
        ("2023-01-01", "wijzigt: 2020-01-01\nstatus: ingetrokken\n", '- {id: wet.1, bron: art. 1, bepaalt: een_ding, waarde: "7"}')
    )
    assert outcome(run(load_files(withdrawn), {}, "2024-01-01"), "een_ding") == 1


def test_a_shared_regelset_brings_its_own_versions() -> None:
    shared = '- {id: deel.1, bron: art. 8, bepaalt: gedeeld, waarde: "%s"}'
    files = law("- {id: wet.1, bron: art. 1, bepaalt: uit, waarde: gedeeld}", head="gebruikt: [wet/deel]\n")
    files["wet/deel/2020-01-01.yaml"] = ruleset(shared % 1, ladder="", name="wet/deel")
    files["wet/deel/2024-07-01.yaml"] = ruleset(shared % 2, ladder="", name="wet/deel", since="2024-07-01", head="wijzigt: 2020-01-01\n")
    rules = load_files(files)
    assert [outcome(run(rules, {}, day), "uit") for day in ("2024-06-30", "2024-07-01")] == [1, 2]


def test_a_shared_regelset_must_stand_when_it_is_used() -> None:
    files = law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}", head="gebruikt: [wet/deel]\n")
    files["wet/deel/2024-07-01.yaml"] = ruleset(
        "- {id: deel.1, bron: art. 8, bepaalt: gedeeld, als: a}", ladder="", name="wet/deel", since="2024-07-01"
    )
    assert the_problem(files).code == "TS-C02"


def test_one_name_may_not_be_decided_in_two_regelsets_that_meet() -> None:
    files = law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}", head="gebruikt: [wet/deel]\n")
    files["wet/deel/2020-01-01.yaml"] = ruleset("- {id: deel.1, bron: art. 8, bepaalt: uit, als: b}", ladder="", name="wet/deel")
    assert the_problem(files).code == "TS-C06"


def test_one_id_may_not_stand_in_two_regelsets_that_meet() -> None:
    files = law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}", head="gebruikt: [wet/deel]\n")
    files["wet/deel/2020-01-01.yaml"] = ruleset("- {id: wet.1, bron: art. 8, bepaalt: anders_uit, als: b}", ladder="", name="wet/deel")
    assert the_problem(files).code == "TS-C03"


# --- what a municipality fills in ------------------------------------------------------------------------------------

OPEN = "- {id: wet.1, bron: art. 1, bepaalt: uit, soort: weken, open voor: {niveau: gemeente, ten minste: 2, ten hoogste: 8%s}}"

HEAD = "gemeente: GM0000\nrang: verordening\nciteertitel: Verordening wachttijd\ngeldig vanaf: 2020-01-01\n"


def filled(value: str, *, otherwise: str = "", since: str = "2026-01-01", until: str = "", name: str = "invulling") -> dict[str, str]:
    text = f"{HEAD}invulling:\n  wet.1:\n    waarde: {value}\n    bron: artikel 7\n    geldig vanaf: {since}\n"
    text += f"    geldig tot: {until}\n" if until else ""
    return law(OPEN % otherwise, files={f"gemeenten/GM0000/{name}.yaml": text})


def test_what_a_municipality_filled_in_counts_there_and_from_its_date() -> None:
    rules = load_files(filled("6", until="2027-01-01"))
    assert outcome(run(rules, {}, "2026-07-15", gemeente="GM0000"), "uit") == Duration(days=42)
    for day, municipality in (("2025-12-31", "GM0000"), ("2027-01-01", "GM0000"), ("2026-07-15", "GM0001")):
        assert causes(outcome(run(rules, {}, day, gemeente=municipality), "uit")) == {"invulling:wet.1"}
    assert causes(outcome(run(rules, {}, "2026-07-15"), "uit")) == {"invulling:wet.1"}


def test_where_nothing_is_filled_in_the_law_may_say_what_counts() -> None:
    rules = load_files(filled("6", otherwise=", anders: 4"))
    assert outcome(run(rules, {}), "uit") == Duration(days=28)


@pytest.mark.parametrize("value", ["2", "8"])
def test_a_filling_on_the_bound_is_within_it(value: str) -> None:
    assert load_files(filled(value)).fillings["GM0000"]


@pytest.mark.parametrize(("value", "bound"), [("1", "ten minste 2"), ("9", "ten hoogste 8")])
def test_a_filling_outside_the_bounds_is_refused(value: str, bound: str) -> None:
    problem = the_problem(filled(value))
    assert (problem.code, problem.place.line, problem.place.column) == ("TS-I02", 7, 13)
    assert bound in problem.cause


def test_a_filling_of_another_kind_is_refused() -> None:
    problem = the_problem(filled("zes"))
    assert (problem.code, problem.place.line) == ("TS-I03", 7)


def test_a_bound_that_is_no_value_is_refused_without_any_filling() -> None:
    assert the_problem(law(OPEN.replace("ten hoogste: 8", "ten hoogste: acht") % "")).code == "TS-C10"


def test_two_fillings_of_one_term_on_one_day_are_refused() -> None:
    files = {**filled("6"), "gemeenten/GM0000/later.yaml": filled("7", since="2026-06-01")["gemeenten/GM0000/invulling.yaml"]}
    assert {problem.code for problem in problems_of(files)} == {"TS-I04"}


def test_a_filling_may_follow_another_when_that_one_ends() -> None:
    first = filled("6", until="2026-06-01")
    rules = load_files({**first, "gemeenten/GM0000/later.yaml": filled("7", since="2026-06-01")["gemeenten/GM0000/invulling.yaml"]})
    found = [outcome(run(rules, {}, day, gemeente="GM0000"), "uit") for day in ("2026-05-31", "2026-06-01")]
    assert found == [Duration(days=42), Duration(days=49)]


def test_a_filling_is_held_against_the_bounds_of_its_own_time() -> None:
    files = filled("8", since="2020-01-01", until="2026-01-01")
    narrower = (OPEN % "").replace("ten hoogste: 8", "ten hoogste: 4")
    files[f"{CLAIM}/2026-01-01.yaml"] = ruleset(narrower, ladder="", head="wijzigt: 2020-01-01\n", since="2026-01-01")
    assert load_files(files).fillings["GM0000"]
    files["gemeenten/GM0000/invulling.yaml"] = files["gemeenten/GM0000/invulling.yaml"].replace("    geldig tot: 2026-01-01\n", "")
    assert the_problem(files).code == "TS-I02"
