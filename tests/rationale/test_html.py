# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from engine.passes.assess import assess
from engine.rationale import html
from engine.rationale.build import rationale
from engine.rationale.wording import line, without_not
from tests.helpers import book, run
from tests.law import example, example_names, law

VOID = {"meta", "br", "link", "input", "hr", "img"}
LADDER = """
- weigeren: blokkerende_grond
- gereed: anders
"""
RULES = """
- id: wet.1
  bron: art. 1
  bepaalt: toegelaten
  rol: voorwaarde
  als:
    alle:
      - a
      - niet b
  tenzij: c
  uitleg:
    waar: "U mag binnen."
    onwaar: "U mag niet binnen."
"""


class Page(HTMLParser):
    """What a page holds: its elements in order, ids, links, and whether every element is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def values(self, attribute: str) -> Iterator[str]:
        return (found for _, attributes in self.attributes if (found := attributes.get(attribute)) is not None)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@lru_cache(maxsize=32)
def data_of(start: str) -> dict[str, Any]:
    return rationale(assess(example(start), law()))


def page_of(start: str) -> Page:
    return Page(html.render(data_of(start)))


def small(facts: dict[str, Any] | None = None, **more: Any) -> str:
    return html.render(rationale(run(book(RULES, ladder=LADDER), facts, **more)))


every_example = pytest.mark.parametrize("start", example_names())


@every_example
def test_a_page_is_whole_and_needs_nothing_from_elsewhere(start: str) -> None:
    page = page_of(start)
    assert not set(page.tags) & {"script", "link", "img", "iframe", "form"}
    assert [
        attribute for _, attributes in page.attributes for attribute in attributes if attribute.startswith("on") or attribute == "src"
    ] == []
    assert dict(page.attributes[0][1]) == {"lang": "nl"}


@every_example
def test_ids_are_unique_and_every_link_inside_the_page_arrives(start: str) -> None:
    page = page_of(start)
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    inside = {link[1:] for link in page.values("href") if link.startswith("#")}
    assert inside <= set(ids), inside - set(ids)


@every_example
def test_links_outside_go_to_the_law_and_to_case_law_only(start: str) -> None:
    outside = [link for link in page_of(start).values("href") if not link.startswith("#")]
    assert all(link.startswith(("https://wetten.overheid.nl/jci1.3:c:", "https://deeplink.rechtspraak.nl/")) for link in outside)


@every_example
def test_no_heading_skips_a_level(start: str) -> None:
    levels = [int(tag[1]) for tag in page_of(start).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_example
def test_the_first_thing_a_reader_sees_is_the_outcome_in_concept(start: str) -> None:
    words, data = page_of(start).words, data_of(start)
    top = words[: words.index("De vraag en wat er is gewenst")]
    assert "Concept" in top
    for said in (data["uitkomstTekst"], data["toelichting"], *(warning["tekst"] for warning in data["waarschuwingen"])):
        assert re.sub(r"[`\s]", "", said) in re.sub(r"\s", "", top)


@every_example
def test_the_parts_stand_in_the_order_of_an_explained_decision(start: str) -> None:
    order = ["vraag", "gegevens", "regels", "betekenis", "waarden", "opties", "deuren", "argumenten"]
    order += ["precedenten", "onbekend", "advies", "hoe-verder", "verantwoording"]
    found = [name for name in page_of(start).values("id") if name in order]
    assert found == [name for name in order if name in found]
    assert {"vraag", "gegevens", "regels", "onbekend", "advies", "verantwoording"} <= set(found)


@every_example
def test_every_statement_names_its_source(start: str) -> None:
    words, data = page_of(start).words, data_of(start)
    for key in ("regels", "bedragen", "deuren", "argumenten", "toetsen", "opties", "waardenVanDeWet", "signalen"):
        for item in data[key]:
            assert item["id"] in words, (key, item["id"])
    for key in ("gegevens", "aannames", "ontbrekendeGegevens", "vervolgvragen"):
        for item in data[key]:
            assert item["naam"] in words, (key, item["naam"])


@every_example
def test_names_of_the_rules_are_shown_as_words_except_where_they_are_ids(start: str) -> None:
    text = re.sub(r'<(span class="id"|code)>.*?</(span|code)>', "", html.fragment(data_of(start)), flags=re.DOTALL)
    page = Page(text)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", page.words) == []


def test_a_condition_says_its_truth_in_a_word_and_a_sign() -> None:
    text = small({"a": True, "b": False})
    assert '<span class="mark waar"><span aria-hidden="true">✓</span> waar</span>' in text
    assert '<span class="mark onbekend"><span aria-hidden="true">?</span> onbekend</span>' in text
    assert '<span class="mark onwaar"><span aria-hidden="true">✗</span> onwaar</span>' in small({"a": False, "c": False})


def test_the_sentence_of_a_rule_is_the_one_for_its_truth() -> None:
    assert "U mag niet binnen." in Page(small({"a": False})).words
    assert "U mag binnen." in Page(small({"a": True, "b": False, "c": False})).words


def test_a_ground_that_is_not_certain_says_nothing_about_the_person_yet() -> None:
    page = Page(small({"a": True, "b": False})).words
    assert "Nog niet bekend of dit in de weg staat" in page
    assert "U mag niet binnen." not in page


def test_what_a_person_wrote_is_shown_and_never_run() -> None:
    effect = {
        "persoon": "aanvrager",
        "leefgebied": "wonen",
        "omschrijving": "<script>alert(1)</script>",
        "termijn": "kort",
        "gesteldDoor": '"><b>',
        "gesteldOp": "2026-07-01",
    }
    page = Page(small({"plaats": "<img src=x onerror=alert(1)>"}, beoogdeEffecten=[effect]))
    assert not set(page.tags) & {"script", "img", "b"}
    assert "<script>alert(1)</script>" in page.words
    assert "<img src=x onerror=alert(1)>" in page.words


def test_an_effect_that_came_late_says_so() -> None:
    effect = {
        "persoon": "aanvrager",
        "leefgebied": "wonen",
        "omschrijving": "Ik wil blijven wonen.",
        "termijn": "lang",
        "gesteldDoor": "consulent",
        "gesteldOp": "2026-07-01",
    }
    assert "na de uitkomst" not in Page(small(beoogdeEffecten=[effect])).words
    assert "Genoemd na de uitkomst." in Page(small(beoogdeEffecten=[effect | {"naUitkomst": True}])).words


def test_a_page_that_is_read_back_from_json_is_the_same() -> None:
    data = data_of(example_names()[0])
    assert html.render(json.loads(json.dumps(data))) == html.render(data)


def test_nothing_is_decided_before_a_person_decides() -> None:
    words = Page(small({"a": False})).words
    assert "Er is nog geen besluit." in words
    assert "afgewezen" not in words.lower()


def test_the_hash_is_that_of_the_style_block() -> None:
    block = re.search(r"<style>(.*?)</style>", small(), re.DOTALL)
    assert block is not None
    assert html.style_hash(block[1]) == html.STYLE_HASH


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("aantal_kostendelers > 1", "aantal kostendelers > 1"),
        ("aanvrager.leeftijd op peildatum >= 27", "aanvrager.leeftijd op peildatum ≥ 27"),
        ("een(echtgenoten waar leeftijd op zaak.melding_datum >= 27)", "een van de echtgenoten (leeftijd op melding datum ≥ 27)"),
        ("aantal(huisgenoten waar kostendeler) + aantal(kinderen)", "aantal huisgenoten (kostendeler) + aantal kinderen"),
    ],
)
def test_a_line_of_a_rule_can_be_read_aloud(written: str, read: str) -> None:
    assert line(written) == read


@pytest.mark.parametrize(
    ("truth", "text", "said"),
    [
        ("onwaar", "niet gehuwden", ("waar", "gehuwden (telt bij nee)")),
        ("waar", "niet gehuwden", ("onwaar", "gehuwden (telt bij nee)")),
        ("onbekend", "niet gehuwden", ("onbekend", "niet gehuwden")),
        ("waar", "niet a en niet b", ("waar", "niet a en niet b")),
        ("waar", "gehuwden", ("waar", "gehuwden")),
    ],
)
def test_a_condition_that_denies_is_told_without_a_double_negation(truth: str, text: str, said: tuple[str, str]) -> None:
    assert without_not(truth, text) == said


@every_example
def test_what_is_folded_away_is_counted_in_good_dutch(start: str) -> None:
    counted = re.findall(r"<summary>(\d+) (\w+)", html.render(data_of(start)))
    assert counted
    one = {"bedragen": "bedrag", "aannames": "aanname", "vragen": "vraag", "gegevens": "gegeven", "regels": "regel"}
    for number, word in counted:
        assert word in (one.values() if number == "1" else one)


def test_a_single_amount_is_no_plural() -> None:
    """Of the amounts only the limit of art. 34 lid 3 Participatiewet counts in the inheritance of 2025."""
    assert "<summary>1 bedrag</summary>" in html.render(data_of("4-"))
