# SPDX-License-Identifier: EUPL-1.2
"""Small wrongs in the law, and whether its tests notice them."""

from __future__ import annotations

import pytest

from engine.authoring.mutate import Fate, Result, Score, Workshop, sample
from engine.authoring.mutations import Mutant, Words, in_line
from tests.authoring.small_law import GRANTED, LADDER, RULES, a_test, files
from tests.helpers import law

FILE = "wet/aanspraak/2020-01-01.yaml"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("n < 5", "n <= 5"),
        ("n >= 5", "n < 5"),
        ("n < 5", "n < 6"),
        ("a en b", "a of b"),
        ("a en b en c", "a en c"),
        ("a en b", "b"),
        ("a", "niet a"),
        ("niet a", "a"),
        ("leefvorm is alleen", "leefvorm is niet alleen"),
        ("leefvorm is niet alleen", "leefvorm is alleen"),
        ("leefvorm in [alleen, samen]", "leefvorm in [samen]"),
        ("leefvorm in [alleen, samen]", "leefvorm niet in [alleen, samen]"),
        ("leefvorm niet in [alleen, samen]", "leefvorm in [alleen, samen]"),
        ("een(kinderen waar thuiswonend en student)", "een(kinderen waar thuiswonend)"),
        ("een(kinderen waar thuiswonend)", "alle(kinderen waar thuiswonend)"),
        ("een(kinderen waar thuiswonend)", "een(kinderen)"),
        ("dag_een + 4 weken <= dag_twee", "dag_een + 4 maanden <= dag_twee"),
        ("dag_een < 2026-01-01", "dag_een < 2026-01-02"),
        ("a en (b of c)", "a en (b en c)"),
        ("a en (b of c)", "a en (c)"),
    ],
)
def test_a_condition_can_be_wrong_in_these_ways(line: str, wrong: str) -> None:
    assert wrong in [text for _, text in in_line(line, Words())]


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("a + b", "a - b"), ("25% van loon", "26% van loon"), ("laagste(a, b)", "hoogste(a, b)"), ("aantal(k waar x)", "aantal(k)")],
)
def test_a_sum_can_be_wrong_in_these_ways(line: str, wrong: str) -> None:
    assert wrong in [text for _, text in in_line(line, Words(), value=True)]


def test_an_amount_is_taken_for_the_one_with_the_nearest_name_and_the_same_unit() -> None:
    words = Words({"norm_jong": "EUR", "norm_oud": "EUR", "norm_jong_deel": "percentage"})
    assert ("ander bedrag", "zaak.norm_oud") in list(in_line("zaak.norm_jong", words, value=True))


def shop(*tests: str) -> Workshop:
    found = Workshop(files(*tests))
    assert found.study("wet/") == []
    return found


def fate(found: Workshop, before: str, after: str) -> Result:
    (mutant,) = [m for m in found.mutants(found.files_of("wet/aanspraak")) if (m.before, m.after) == (before, after)]
    return found.attempt(mutant)


def test_a_boundary_that_no_test_stands_on_survives_with_a_witness() -> None:
    result = fate(shop(GRANTED), "n < 5 en a", "n <= 5 en a")
    assert (result.fate, result.by) == (Fate.SURVIVED, "`recht` op 2026-07-15")


def test_a_test_on_the_boundary_notices() -> None:
    on_it = a_test("n: 5, a: ja, b: nee, c: ja", "uitkomst: afwijzen", title="vijf is te veel")
    result = fate(shop(GRANTED, on_it), "n < 5 en a", "n <= 5 en a")
    assert (result.fate, result.by) == (Fate.KILLED, "wet/toetsen/toetsen.yaml: vijf is te veel")


def test_a_test_that_names_a_rule_notices_that_it_is_gone_though_another_gives_the_same() -> None:
    twice = RULES + "- {id: wet.4, bron: art. 5, bepaalt: kort, als: n < 5}\n- {id: wet.5, bron: art. 6, bepaalt: kort, als: n < 4}\n"
    named = a_test("n: 3, a: ja, b: nee, c: ja", "regels: {wet.5: waar}", title="ook wet.5 geldt")
    for tests, noticed in (((GRANTED,), False), ((GRANTED, named), True)):
        found = Workshop(files(*tests, rules=twice))
        assert found.study("wet/") == []
        (gone,) = [m for m in found.mutants(found.files_of("wet/aanspraak")) if (m.owner, m.sort) == ("wet.5", "regel weg")]
        assert (found.attempt(gone).fate is Fate.KILLED) is noticed


def test_a_decision_that_only_one_test_gives_does_not_stop_the_search_for_a_witness() -> None:
    shared = "regelset: wet/gedeeld\ngeldig vanaf: 2020-01-01\nregels:\n  - {id: deel.1, bron: art. 1, bepaalt: telt, als: b}\n"
    rules = "- {id: wet.1, bron: art. 2, bepaalt: recht, rol: voorwaarde, als: n < 5 en telt}\n"
    given = a_test("n: 4, wet.gedeeld.telt: {waarde: ja, herkomst: besluit}", "uitkomst: toekennen")
    found = Workshop(
        {
            **law(rules, ladder=LADDER, head="gebruikt: [wet/gedeeld]\n", files={"wet/gedeeld/2020-01-01.yaml": shared}),
            "wet/toetsen/toetsen.yaml": given + a_test("n: 4, b: ja", "uitkomst: toekennen", title="zonder besluit"),
        }
    )
    assert found.study("wet/") == []
    assert fate(found, "n < 5 en telt", "n <= 5 en telt").fate is Fate.SURVIVED


def test_an_amount_is_noticed_only_by_a_test_on_its_date() -> None:
    assert fate(shop(GRANTED), "110", "110.01").fate is Fate.KILLED
    assert fate(shop(GRANTED), "100", "100.01").fate is Fate.SURVIVED


def test_a_wrong_that_the_checker_refuses_counts_apart() -> None:
    broken = Mutant(FILE, 1, "kapot", "x", "y", "wet.1", 0, 1, ("regelset: [",))
    assert shop(GRANTED).attempt(broken).fate is Fate.REFUSED


def test_a_change_that_means_the_same_is_told_apart() -> None:
    found = shop(GRANTED)
    text = found.texts[FILE].split("\n")
    line = next(number for number, shown in enumerate(text) if "als: n < 5 en a" in shown)
    spaced = Mutant(FILE, line + 1, "spaties", "", "", "wet.1", line, line + 1, (text[line].replace("n < 5", "n  <  5"),))
    assert found.attempt(spaced).fate is Fate.SAME


def test_a_failing_test_is_named_before_anything_is_changed() -> None:
    found = Workshop(files(a_test("n: 4", "uitkomst: afwijzen")))
    assert found.study("wet/") == ["wet/toetsen/toetsen.yaml: een toets"]


def test_every_mutant_changes_its_file_and_says_where() -> None:
    found = shop(GRANTED)
    mutants = found.mutants(found.files_of("wet/aanspraak"))
    assert {mutant.sort for mutant in mutants} >= {"grens", "en/of", "tenzij weg", "regel weg", "rij weg", "rol weg", "bedrag", "afronden"}
    for mutant in mutants:
        assert mutant.apply(found.texts[mutant.file]) != found.texts[mutant.file]
        assert str(mutant).startswith(f"{mutant.file}:{mutant.line}: {mutant.owner}")


def test_the_same_seed_gives_the_same_sample() -> None:
    found = shop(GRANTED)
    mutants = found.mutants(found.files_of("wet/aanspraak"))
    assert sample(mutants, 5, 1) == sample(mutants, 5, 1) != sample(mutants, 5, 2)


def test_the_score_leaves_out_what_was_refused_or_the_same_and_counts_suspects_as_missed() -> None:
    mutant = Mutant(FILE, 1, "x", "x", "y", "z", 0, 1, ())
    fates = [Fate.KILLED, Fate.KILLED, Fate.KILLED, Fate.SUSPECTED, Fate.REFUSED, Fate.SAME]
    score = Score(tuple(Result(mutant, one) for one in fates))
    assert (score.percentage, score.without_suspects) == (75, 100)
