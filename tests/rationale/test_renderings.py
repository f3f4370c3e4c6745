# SPDX-License-Identifier: EUPL-1.2
"""Three renderings of one rationale: each has every part that says something, and each is right for who reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

import pytest

from engine.language.library import GENERAL
from engine.passes.assess import assess
from engine.rationale import html, plain_language, text
from engine.rationale.build import rationale
from engine.rationale.document import Said
from engine.rationale.parts import PARTS, WORDS, Rendering
from tests.law import base_claims, law
from tests.rationale.test_html import Page
from tests.rationale.told import cases

NAMES = list(cases())
every_case = pytest.mark.parametrize("name", NAMES)
every_rendering = pytest.mark.parametrize("rendering", list(Rendering))
for_lawyers = pytest.mark.parametrize("rendering", [Rendering.PROFESSIONAL, Rendering.LEGAL])


def parts_with_content(data: dict[str, Any]) -> set[str]:
    """The parts of which the data say something."""
    looked = data["advies"]["redenGezien"] != "onwaar"
    holds = {
        "gegevens": data["gegevens"] or data["aannames"] or data["instrumenten"],
        "regels": data["regels"] or data["gronden"] or data["regeluitkomst"],
        "betekenis": data["waarden"] or data["effecten"] or data["effectVragen"],
        "waarden": data["waardenVanDeWet"] if looked else (),
        "opties": data["opties"] or data["aanleidingen"] or data["kosten"],
        "deuren": data["deuren"],
        "argumenten": data["argumenten"] or data["toetsen"] or data["intensiteit"] or data["legeHoeken"],
        "precedenten": data["precedenten"],
        "hoe-verder": data["hoeVerder"]["tekst"] or data["hoeVerder"]["plichten"],
    }
    return {part for part in PARTS if holds.get(part, True)}


def shown(name: str, rendering: Rendering) -> str:
    return " ".join(text.render(cases()[name], rendering).split())


def page(name: str, rendering: Rendering) -> Page:
    return Page(html.render(cases()[name], rendering))


# --- all three -------------------------------------------------------------------------------------------------------


def test_between_them_the_cases_say_something_in_every_part() -> None:
    assert parts_with_content(cases()["alles"]) == set(PARTS)


@every_rendering
@every_case
def test_the_text_has_every_part_that_says_something_by_its_number_and_in_order(name: str, rendering: Rendering) -> None:
    lines = text.render(cases()[name], rendering).splitlines()
    numbers = [int(line.partition(".")[0]) for line, under in pairwise(lines) if set(under) == {"-"} and line[0].isdigit()]
    assert numbers == sorted(set(numbers))
    assert parts_with_content(cases()[name]) <= {PARTS[number - 1] for number in numbers}


@every_rendering
@every_case
def test_the_page_has_every_part_that_says_something_at_its_place_and_in_order(name: str, rendering: Rendering) -> None:
    found = [value for value in page(name, rendering).values("id") if value in PARTS]
    assert found == [part for part in PARTS if part in found]
    assert parts_with_content(cases()[name]) <= set(found)


@every_rendering
@every_case
def test_the_same_rationale_gives_the_same_text_and_page_also_read_back_from_json(name: str, rendering: Rendering) -> None:
    data = cases()[name]
    again = json.loads(json.dumps(data))
    assert text.render(again, rendering) == text.render(data, rendering)
    assert html.render(again, rendering) == html.render(data, rendering)


@every_rendering
@every_case
def test_a_page_is_whole_keeps_its_headings_in_steps_and_every_link_inside_it_arrives(name: str, rendering: Rendering) -> None:
    found = page(name, rendering)
    assert not set(found.tags) & {"script", "link", "img", "iframe", "form"}
    ids = list(found.values("id"))
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in found.values("href") if link.startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag in found.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_rendering
@every_case
def test_nothing_is_decided_in_any_rendering(name: str, rendering: Rendering) -> None:
    told = shown(name, rendering).lower()
    assert "concept" in told
    assert "afgewezen" not in told
    assert re.search(r"er is (nog )?geen besluit", told)


@every_rendering
@every_case
def test_the_text_and_the_page_name_the_same_words_and_explain_each_that_they_list(name: str, rendering: Rendering) -> None:
    data = cases()[name]
    known = {word["woord"] for word in data["woorden"]}
    listed = set(re.findall(r'<div id="woord-[^"]+"><dt>([^<]+)</dt>', html.render(data, rendering)))
    assert listed <= known
    if rendering is not Rendering.PROFESSIONAL:
        title = "\nBegrippen\n" if rendering is Rendering.LEGAL else "\nMoeilijke woorden\n"
        assert (title in text.render(data, rendering)) is bool(listed)


SAID_BY_PEOPLE = (
    "Ik wil hier blijven wonen",
    "Ik wil rust",
    "Er is niets te eten",
    "De school valt weg",
    "De buren houden rust",
    "Betaal in drie delen",
    "Er zijn veel schulden",
    "Een zus helpt",
    "een matrix",
    "62,5%",
)


@every_rendering
@pytest.mark.parametrize("name", ["alles", "alles van elders"])
@pytest.mark.parametrize("words", SAID_BY_PEOPLE)
def test_what_people_stated_stands_in_every_rendering(name: str, words: str, rendering: Rendering) -> None:
    assert words in shown(name, rendering)
    assert words in page(name, rendering).words


@every_rendering
def test_an_effect_that_came_after_the_outcome_says_so(rendering: Rendering) -> None:
    late = {Rendering.PROFESSIONAL: "Genoemd na de uitkomst.", Rendering.LEGAL: "na de uitkomst.", Rendering.PLAIN: "later toegevoegd"}
    assert shown("alles", rendering).count(late[rendering]) == 1


@every_rendering
def test_children_come_before_others_wherever_effects_are_told(rendering: Rendering) -> None:
    for told in (shown("alles", rendering), page("alles", rendering).words):
        assert told.index("De school valt weg") < told.index("Er is niets te eten") < told.index("De buren houden rust")


COSTS = (  # half a year of shelter at 20,000 to 30,000; a year of assistance at 14,000 to 14,500.50, saved
    "kost € 10.000,00 tot € 15.000,00",
    "bespaart € 8.000,00 tot € 10.500,50",
    "bespaart € 14.000,00 tot € 14.500,50",
)


@every_rendering
@pytest.mark.parametrize("words", COSTS)
def test_costs_are_told_as_intervals_and_a_saving_as_a_saving(words: str, rendering: Rendering) -> None:
    assert words in shown("alles", rendering)
    assert words in page("alles", rendering).words


@every_rendering
def test_stars_corners_and_earlier_decisions_are_told(rendering: Rendering) -> None:
    for told in (shown("alles", rendering), page("alles", rendering).words):
        assert re.search(r"3 sterren van (de )?3", told)
        assert "wat het oplevert en kost" in told
        assert "Zo besloten in p1" in told
        assert "Zo besloten in p2" in told
        assert "Toen was er geen kind" in told


@every_rendering
def test_a_door_that_somebody_named_says_by_whom_and_what_would_show_it(rendering: Rendering) -> None:
    for told in (shown("alles van elders", rendering), page("alles van elders", rendering).words):
        assert "Een deur van ons" in told
        assert "De bepaling laat het toe" in told
        assert "jurist" in told
        assert "Is er een verklaring van de school?" in told


@every_rendering
def test_an_outcome_from_elsewhere_says_where_it_comes_from_and_that_the_rules_did_not_run(rendering: Rendering) -> None:
    for told in (shown("van elders", rendering), page("van elders", rendering).words):
        assert "besluit van 1 juli" in told
        assert re.search(r"regels (zijn hier niet toegepast|hier niet zelf toegepast)", told)
        assert "Andere wet" in told


@every_rendering
@every_case
def test_no_line_of_the_text_is_wider_than_a_page_save_an_address(name: str, rendering: Rendering) -> None:
    lines = [line for line in text.render(cases()[name], rendering).splitlines() if not line.startswith("  https://")]
    assert max(map(len, lines)) <= text.WIDTH


# --- the professional and the legal one -------------------------------------------------------------------------------

WITH_ID = ("regels", "bedragen", "deuren", "opties", "toetsen", "argumenten", "signalen")
WITH_NAME = ("gegevens", "aannames", "ontbrekendeGegevens", "vervolgvragen", "nietTeBepalen")


def ids_of(data: dict[str, Any]) -> Iterator[str]:
    """Every id that a professional or lawyer must be able to find."""
    yield from (item["id"] for key in WITH_ID for item in data[key])
    yield from (item["naam"] for key in WITH_NAME for item in data[key])
    yield from (rule for ground in data["gronden"] for rule in ground["regels"])
    yield from (item["id"] for item in data["aanleidingen"] if item["uitkomst"] == "waar")
    yield from (item["optie"] for key in ("effecten", "kosten") for item in data[key])
    yield from (rule for door in data["deuren"] for rule in (*door["heftOp"], *door["steltBij"]))
    yield from (near["id"] for near in (data["precedenten"] or {}).values() if isinstance(near, dict))
    if data["advies"]["redenGezien"] != "onwaar":
        yield from (item["id"] for item in data["waardenVanDeWet"])


@for_lawyers
@every_case
def test_every_fact_rule_and_door_can_be_found_by_its_id(name: str, rendering: Rendering) -> None:
    told, words = shown(name, rendering), page(name, rendering).words
    assert [found for found in ids_of(cases()[name]) if found not in told] == []
    assert [found for found in ids_of(cases()[name]) if found not in words] == []


@for_lawyers
@every_case
def test_there_is_a_place_for_the_decision_and_it_is_empty(name: str, rendering: Rendering) -> None:
    told = shown(name, rendering)
    assert "Besluit, in eigen woorden: ...." in told
    assert "Naam en rol" in told
    assert "Besluit, in eigen woorden" in page(name, rendering).words


@for_lawyers
def test_the_place_for_the_decision_asks_for_each_child_and_names_who_may_use_the_open_door(rendering: Rendering) -> None:
    assert "Hoe het belang van kind 1 is gewogen" in shown("alles", rendering)
    assert "Hoe het belang van kind 2" not in shown("alles", rendering)  # born in 1999
    assert "Naam en rol (bevoegd voor een open deur: kwaliteitsmedewerker, teamleider)" in shown("2-weigering-met-deur", rendering)


@every_case
def test_a_judge_finds_each_rule_with_its_article_level_and_version(name: str) -> None:
    told = shown(name, Rendering.LEGAL)
    for rule in cases()[name]["regels"]:
        assert rule["bron"]["tekst"] in told
        assert f"van {rule['regelset']}; {rule['status']}." in told
    for door in cases()[name]["deuren"]:
        assert f"{door['niveau']}; {door['soort']}; geldig vanaf " in told
        for case in door["rechtspraak"]:
            assert case["ecli"] in told


@every_case
def test_a_judge_reads_whether_what_is_unknown_could_change_the_outcome(name: str) -> None:
    told = shown(name, Rendering.LEGAL).partition(" 10. ")[2]
    data = cases()[name]
    if data["regeluitkomst"] is not None:
        assert "is hier niet na te gaan" in told
    elif len(data["mogelijkeUitkomsten"]) > 1:
        assert "Ja: wat hier onbekend is" in told
    else:
        assert "Nee: bij deze feiten" in told


@every_case
def test_every_trigger_is_told_to_a_judge_also_those_that_did_not_fire(name: str) -> None:
    told = shown(name, Rendering.LEGAL)
    assert [found["id"] for found in cases()[name]["aanleidingen"] if f"[{found['id']}]" not in told] == []


def test_the_addresses_of_the_legal_text_are_all_those_of_what_it_tells() -> None:
    addresses = set(re.findall(r"https://\S+", text.render(cases()["2-weigering-met-deur"], Rendering.LEGAL)))
    sources = [rule["bron"] for rule in cases()["2-weigering-met-deur"]["regels"]]
    assert {source["link"] for source in sources} <= addresses
    assert "https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:CRVB:2023:985" in addresses


# --- plain Dutch -----------------------------------------------------------------------------------------------------

AN_ID = re.compile(r"\b[a-z]+(?:\.[a-z0-9_]+)+\b|\b\w+_\w+\b|\w\[\d+\]|\bart\. \d")
DENIED_TWICE = re.compile(r"\b(?:niet|geen)\b[^,;:]*\b(?:niet|geen|zonder)\b")
QUOTED = re.compile(r"“[^”]*”")


def running(data: dict[str, Any]) -> list[str]:
    """The running text in plain Dutch: without the list of words and the list of ids, and with X for what people said."""
    document = plain_language.document(data)
    parts = [part for part in document.parts if part.key != WORDS]
    blocks = [*document.top, *(block for part in parts for block in part.blocks)]
    texts = [*(part.title for part in parts), *(block.title for block in blocks)]
    texts += [said.text for block in blocks for found in block.said for said in found.all() if not listed(said)]
    return [QUOTED.sub("X", found) for found in texts if found]


def listed(said: Said) -> bool:
    """Whether a statement stands in the list at the end."""
    return bool(said.ids)


def sentences(data: dict[str, Any]) -> list[str]:
    return [sentence for found in running(data) for sentence in re.split(r"(?<=[.!?])\s+", found)]


def hard(data: dict[str, Any]) -> list[str]:
    """The sentences that are too long or deny twice, and the running text with an id or article in it."""
    found = sentences(data)
    assert sum(len(sentence.split()) for sentence in found) / len(found) <= 15
    return [
        *(sentence for sentence in found if len(sentence.split()) > 25 or DENIED_TWICE.search(sentence)),
        *(told for told in running(data) if AN_ID.search(told)),
    ]


@every_case
def test_sentences_are_short_deny_once_and_name_no_id_or_article(name: str) -> None:
    assert hard(cases()[name]) == []


@pytest.mark.parametrize("folder", sorted({*law().laws} - {GENERAL}))
def test_so_are_those_about_the_base_households_of_every_law(folder: str) -> None:
    claims = list(islice(base_claims(folder), 25))
    assert claims
    assert {sentence for claim in claims for sentence in hard(rationale(assess(claim, law())))} == set()


@every_case
def test_the_list_at_the_end_has_the_ids_and_articles_of_what_was_said(name: str) -> None:
    data = cases()[name]
    told = shown(name, Rendering.PLAIN).partition(" 13. ")[2]
    for item in (*data["regels"], *data["bedragen"], *data["deuren"]):
        assert f"[{item['id']}]" in told
    for rule in data["regels"]:
        assert rule["bron"]["tekst"] in told


@pytest.mark.parametrize("name", ["1-toekenning", "2-weigering-met-deur", "3-gegevens-ontbreken"])
def test_a_person_reads_what_can_still_be_sent_what_comes_next_and_about_objecting(name: str) -> None:
    told = shown(name, Rendering.PLAIN)
    asked = {found["wie"] for key in ("ontbrekendeGegevens", "vervolgvragen") for found in cases()[name][key]}
    assert ("Dit kunt u ons nog vertellen of sturen:" in told) is bool(asked & {"aanvrager", "document"})
    assert "Daarna komt er een besluit." in told
    assert "Dan kunt u bezwaar maken." in told


def test_a_sum_is_told_in_words() -> None:
    assert "Bijstand: € 801,50 per maand. Zo is gerekend: norm min inkomen." in shown("1-toekenning", Rendering.PLAIN)
