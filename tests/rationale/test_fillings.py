# SPDX-License-Identifier: EUPL-1.2
"""The explanation says where a filled-in value comes from, and what is missing where nothing was filled in."""

from __future__ import annotations

from typing import Any

import pytest

from api.contract import Regel
from engine.language.sources import regulation_link
from engine.passes.assess import Assessment
from engine.rationale import html, text
from engine.rationale.build import rationale
from engine.rulebook import Rulebook, load_files
from tests.helpers import law, run

RULE = """
- id: wet.1
  titel: Wachttijd
  bron: art. 1
  bepaalt: wachttijd
  soort: weken
  open voor: {niveau: gemeente, rang: nadere regel, ten minste: 2, ten hoogste: 8%s}
- {id: wet.2, bron: art. 2, bepaalt: einde, waarde: dag_een + wachttijd}
"""
LADDER = "- gereed: anders"
PUBLISHED = "https://lokaleregelgeving.overheid.nl/CVDR123456/1"
DOCUMENT = """
gemeente: GM0000
rang: verordening
citeertitel: Verordening wachttijd
cvdr: CVDR123456/1
geldig vanaf: 2020-01-01
invulling:
  wet.1:
    waarde: 6
    %s
    geldig vanaf: 2026-01-01
"""


def filled(
    municipality: str | None, *, term: str = "", article: str = "bron: art. 20", day: str = "2026-07-15"
) -> tuple[Rulebook, Assessment]:
    files = law(RULE % term, ladder=LADDER, files={"gemeenten/GM0000/verordening.yaml": DOCUMENT % article})
    files["wet/aanspraak/2020-01-01.yaml"] = files["wet/aanspraak/2020-01-01.yaml"].replace(
        "regels:", "  waarden: {gereed: [einde]}\nregels:", 1
    )
    more = {} if municipality is None else {"gemeente": municipality}
    book = load_files(files)
    return book, run(book, {"dag_een": "2026-07-01"}, day, **more)


def told(municipality: str | None, **written: str) -> dict[str, Any]:
    return rationale(filled(municipality, **written)[1], steps=True)


def entries(data: dict[str, Any], rule: str = "wet.1") -> list[dict[str, Any]]:
    return [entry for part in ("regels", "stappen") for entry in data[part] if entry["id"] == rule]


def test_a_rule_names_the_document_that_filled_it_in() -> None:
    found = entries(told("GM0000"))
    assert len(found) == 2
    for entry in found:
        assert entry["invulling"] == {
            "gemeente": "GM0000",
            "rang": "verordening",
            "titel": "Verordening wachttijd",
            "bron": "art. 20",
            "geldigVanaf": "2026-01-01",
            "cvdr": "CVDR123456/1",
            "link": PUBLISHED,
        }
        assert entry["getoond"] == "42 dagen"
        assert entry["berekening"] == "ingevuld door de gemeente"


@pytest.mark.parametrize("municipality", ["GM0000", "GM0001", None])
def test_a_rule_that_is_not_open_is_filled_in_by_nobody(municipality: str | None) -> None:
    assert [entry["invulling"] for entry in entries(told(municipality), "wet.2")] == [None, None]


@pytest.mark.parametrize("municipality", ["GM0000", "GM0001", None])
def test_every_entry_keeps_to_the_contract(municipality: str | None) -> None:
    data = told(municipality)
    for entry in [*data["regels"], *data["stappen"]]:
        assert Regel.model_validate(entry).invulling is not None or entry["invulling"] is None


def test_the_text_and_the_page_say_it_too() -> None:
    data = told("GM0000")
    words = " ".join(text.render(data).split())
    assert "ingevuld door GM0000: Verordening wachttijd, art. 20 (verordening, CVDR123456/1, vanaf 2026-01-01)" in words
    page = html.render(data)
    title = f'<a href="{PUBLISHED}" rel="noreferrer">Verordening wachttijd</a>'
    assert f"Ingevuld door GM0000: {title}, art. 20 (verordening, CVDR123456/1), vanaf 1 januari 2026." in page
    assert f"Wat de gemeente heeft geregeld: - Verordening wachttijd: {PUBLISHED}" in words


def test_a_made_up_document_leads_nowhere() -> None:
    assert regulation_link("verzonnen") is None
    assert regulation_link(None) is None


def test_without_an_article_the_title_stands_alone() -> None:
    data = told("GM0000", article="geldig tot: 2027-01-01")
    assert "GM0000: Verordening wachttijd (verordening" in " ".join(text.render(data).split())
    assert "Verordening wachttijd</a> (verordening" in html.render(data)


def missing(data: dict[str, Any]) -> str:
    (entry,) = data["nietTeBepalen"]
    assert (entry["soort"], entry["naam"]) == ("invulling", "wet.1")
    return str(entry["tekst"])


ASKED = "gevraagd: weken, ten minste 2, ten hoogste 8."


def test_what_is_missing_names_the_rule_the_municipality_and_what_was_asked() -> None:
    data = told("GM0001")
    assert [entry["invulling"] for entry in entries(data)] == [None, None]
    assert missing(data) == (
        "Niet te bepalen: Wachttijd (art. 1) vult de gemeente zelf in, minstens bij nadere regel, "
        f"en gemeente GM0001 heeft dat voor 2026-07-15 niet gedaan; {ASKED}"
    )
    assert "gemeente GM0001 heeft dat" in " ".join(text.render(data).split())
    assert "gemeente GM0001 heeft dat" in html.render(data)


def test_what_is_missing_before_the_filling_began_names_the_day() -> None:
    assert "gemeente GM0000 heeft dat voor 2025-12-31 niet gedaan" in missing(told("GM0000", day="2025-12-31"))


def test_what_is_missing_says_that_no_municipality_was_given() -> None:
    found = missing(told(None))
    assert found.endswith(f"en er is geen gemeente opgegeven; {ASKED}")


def test_what_is_missing_repeats_the_question_of_the_law() -> None:
    assert "gevraagd: Hoeveel weken? (weken, ten minste 2" in missing(told(None, term=', vraag: "Hoeveel weken?"'))


def test_what_the_law_says_itself_is_not_said_to_be_filled_in() -> None:
    for entry in entries(told("GM0001", term=", anders: 4")):
        assert entry["invulling"] is None
        assert entry["berekening"] == "niet ingevuld door de gemeente, dan 4"
        assert entry["getoond"] == "28 dagen"


def test_a_rule_says_its_level() -> None:
    assert {entry["niveau"] for entry in entries(told("GM0000"))} == {"formele wet"}
    local = RULE % ""
    files = law(local.replace("- {id: wet.2, ", "- {id: wet.2, niveau: beleidsregel, "), ladder=LADDER)
    data = rationale(run(load_files(files), {"dag_een": "2026-07-01"}), steps=True)
    assert next(entry["niveau"] for entry in data["stappen"] if entry["id"] == "wet.2") == "beleidsregel"
