# SPDX-License-Identifier: EUPL-1.2
"""A decision as it is told: whose it is, in whose words, and what the register must not say."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rationale import html, text
from engine.rationale.build import rationale
from engine.rationale.decision import as_line, decide, precedent_of, with_decision
from tests.helpers import judged
from tests.passes.decisions import FACTS, FOLLOWED, RECORD, WORDS, problems
from tests.passes.reversed_law import SAID, effect, weighed


def told(record: Any, **more: Any) -> str:
    """Part 11, on one line."""
    return " ".join(text.decision_part(with_decision(decide(weighed(FACTS, **more), record))).split())


# --- told ------------------------------------------------------------------------------------------------------------


def test_part_eleven_tells_who_decided_in_which_role_and_in_their_own_words() -> None:
    part = told(RECORD)
    assert part.startswith("11. Advies en besluit")
    assert "Besluit van A. de Wit (teamleider) op 2026-07-20: van de regels afgeweken." in part
    assert f'In eigen woorden: "{WORDS}"' in part
    assert "Door de deur: wet.deur." in part
    assert "Verworpen [arg.regel]: Dat weegt hier minder dan een dak." in part
    assert "Gehoord op 2026-07-10." in part
    assert "Er is nog geen besluit" not in part


@pytest.mark.parametrize(
    ("record", "words"),
    [(RECORD, "Dit is ook wat de beoordeling adviseerde."), (FOLLOWED, "Dit is iets anders dan de beoordeling adviseerde.")],
)
def test_it_says_whether_the_decision_is_the_advice(record: Any, words: str) -> None:
    assert words in told(record)


def test_everything_that_was_written_is_told() -> None:
    facts = {**FACTS, "kinderen": [{"geboortedatum": "2018-01-01"}]}
    late = {"persoon": "aanvrager", "leefgebied": "wonen", "omschrijving": "Ik wil blijven.", "termijn": "lang", **SAID}
    record = {
        **{key: value for key, value in FOLLOWED.items() if key != "beoogdEffect"},
        "beantwoordeArgumenten": [{"argument": "arg.regel", "antwoord": "Daarom blijft het hierbij."}],
        "gehoord": {"gehoord": False, "reden": "Zij is met de noorderzon vertrokken."},
        "geraadpleegd": [{"wie": "de jurist", "datum": "2026-07-12", "inbreng": "Kan zo."}],
        "kinderen": [{"wie": "kinderen[0]", "belang": "Hij blijft bij zijn oma.", "gewogen": "Dat gaat hier goed samen."}],
        "effectNaUitkomst": [late],
    }
    part = " ".join(text.decision_part(with_decision(decide(weighed(facts), record))).split())
    for words in (
        "Beantwoord [arg.regel]: Daarom blijft het hierbij.",
        "Niet gehoord: Zij is met de noorderzon vertrokken.",
        "Geraadpleegd: de jurist op 2026-07-12. Kan zo.",
        "Kinderen 1, het belang: Hij blijft bij zijn oma.",
        'Genoemd na de uitkomst, door aanvrager: "Ik wil blijven."',
    ):
        assert words in part


def test_without_a_decision_the_text_and_the_page_say_that_there_is_none() -> None:
    data = rationale(weighed(FACTS))
    assert data["besluit"] is None
    assert "Er is nog geen besluit." in text.render(data)
    assert "Er is nog geen besluit." in html.render(data)


def test_the_page_carries_the_decision_and_escapes_what_a_person_wrote() -> None:
    record = {**RECORD, "eigenWoorden": f"{WORDS} <script>"}
    page = html.render(with_decision(decide(weighed(FACTS), record)))
    assert "Het besluit" in page
    assert "A. de Wit (teamleider)" in page
    assert "<script" not in page
    assert "Er is nog geen besluit" not in page


def test_the_assessment_beside_the_decision_is_unchanged() -> None:
    case = weighed(FACTS)
    assert {**with_decision(decide(case, RECORD)), "besluit": None} == rationale(case)


# --- own words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Omdat het moet.", "TS-H07"),
        ("nee nee nee nee nee nee nee nee nee nee nee", "TS-H07"),
        ("Dit is een beoordeling in concept. Een professional weegt en besluit.", "TS-H08"),
        ("Niemand zakt door de bodem. Van de regel volgen komt het dus dat", "TS-H08"),
    ],
)
def test_a_reason_that_is_too_short_or_not_one_s_own_is_no_reason(words: str, code: str) -> None:
    assert problems({**RECORD, "eigenWoorden": words}) == [(code, "/eigenWoorden")]


def test_short_names_of_articles_may_stand_in_a_reason() -> None:
    assert problems({**RECORD, "eigenWoorden": f"Met Hardheid (art. 6) in de hand: {WORDS}"}) == []


@pytest.mark.parametrize("key", ["motief", "reden"])
def test_the_shorter_reasons_are_one_s_own_as_well(key: str) -> None:
    copy = "Dit is een beoordeling in concept. Een professional weegt."
    changes: dict[str, tuple[dict[str, Any], str]] = {
        "motief": ({"motief": copy}, "/motief"),
        "reden": ({"verworpenArgumenten": [{"argument": "arg.regel", "reden": copy}]}, "/verworpenArgumenten/0/reden"),
    }
    change, pointer = changes[key]
    assert problems({**RECORD, **change}) == [("TS-H08", pointer)]


def test_what_somebody_said_in_the_claim_may_be_said_again() -> None:
    reason = "De huisarts schrijft dat zij zonder rust een lange tijd niet meer kan werken."
    facts = {**FACTS, "ernstig": {**judged(False), "reden": reason}}
    case = weighed(facts, effecten=[effect(omschrijving=reason, optie="opt.elders")])
    assert problems({**RECORD, "eigenWoorden": reason}, case) == []


def test_the_motive_of_an_earlier_decision_may_be_said_again() -> None:
    kept = precedent_of(decide(weighed(FACTS), RECORD), "p1")
    assert kept is not None
    case = weighed(FACTS, precedents=as_line(kept).encode())
    assert problems(RECORD, case) == []


def test_text_of_the_engine_does_not_become_one_s_own_by_putting_it_in_the_claim() -> None:
    copy = "Dit is een beoordeling in concept. Een professional weegt en besluit."
    case = weighed({**FACTS, "ernstig": {**judged(False), "reden": copy}})
    assert problems({**RECORD, "eigenWoorden": copy}, case) == [("TS-H08", "/eigenWoorden")]


# --- the motive ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "motive",
    [
        "Zonder geld raakt mevrouw Bos haar kamer kwijt.",
        "Zaak 1234 56 789 kreeg uitstel voor de kamer.",
        "Geboren op 1 januari 1990 en zonder kamer.",
        "Woont op 2611 AB en moet daar weg.",
        "Zij schrijft vanaf bos@voorbeeld.nl over haar kamer.",
        "A. de Wit vond dat zij de kamer houdt.",
        "Door ernst van j. JANSEN houdt zij de kamer.",
    ],
)
def test_the_motive_names_nobody(motive: str) -> None:
    facts = {**FACTS, "aanvrager": {"geboortedatum": "1990-01-01"}}
    case = weighed(facts, effecten=[effect(optie="opt.elders", naam="mevrouw Bos")])
    assert problems({**RECORD, "motief": motive}, case) == [("TS-H19", "/motief")]


def test_a_role_or_a_person_of_the_law_is_no_name() -> None:
    wanted = {"persoon": "aanvrager", "leefgebied": "wonen", "omschrijving": "Ik wil blijven.", "termijn": "lang", **SAID}
    case = weighed(FACTS, beoogdeEffecten=[{**wanted, "gesteldDoor": "consulent"}])
    record = {key: value for key, value in RECORD.items() if key != "beoogdEffect"}
    assert problems({**record, "motief": "De aanvrager en de consulent vonden samen geen kamer."}, case) == []
