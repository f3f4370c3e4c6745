# SPDX-License-Identifier: EUPL-1.2
"""The words of the law are explained where an assessment uses them: each once, in plain Dutch, in every rendering."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, strategies as st
from pydantic import BaseModel

from api.contract import Woord
from engine.language.library import GENERAL, read_folder
from engine.language.sources import RULING, juriconnect, parse_reference
from engine.model import documents as doc
from engine.passes.assess import assess
from engine.rationale import html, text
from engine.rationale.build import rationale
from engine.rationale.lexicon import Lexicon, finder
from engine.rulebook import load_files
from tests.helpers import law as small_law, run
from tests.law import ROOT, RULES, base_claims, example, example_names, law

CORE = """aanverwant|alleenstaande ouder|alleenstaande|beleidsregel|belanghebbende|besluit|bijstandsnorm|bijzondere bijstand|bloedverwant
|deur|duurzaam gescheiden|gehuwden|gezamenlijke huishouding|inrichting|kostendelende medebewoner|kostendelersnorm|middelen|norm|normen
|omgekeerde toets|peildatum|rechthebbende|ten laste komende kinderen|vermogen|voorliggende voorziening|vrijlating|zeer dringende redenen"""
CORE_WORDS = [word.strip() for word in CORE.split("|")]
every_example = pytest.mark.parametrize("name", example_names())


def data_of(name: str) -> dict[str, Any]:
    return rationale(assess(example(name), law()))


def forms(word: Mapping[str, Any]) -> list[str]:
    return [word["woord"], *word["vormen"]]


def plain(form: str) -> str:
    return " ".join(form.casefold().split())


def named(words: list[str], told: str) -> bool:
    """Whether a text names one of these as a whole word."""
    return finder(words).search(told.replace("_", " ")) is not None


def words_in_text(told: str) -> list[str]:
    """The words that the list of a text explains."""
    section = told.partition("\nWoorden\n-------\n")[2].partition("\n\n13. ")[0]
    return [line[2:].partition(":")[0] for line in section.splitlines() if line.startswith("- ")]


def body_of_text(told: str) -> str:
    """A text without its list of words and its addresses."""
    before, _, after = told.partition("\nWoorden\n")
    return before + after.partition("\n13. ")[2].partition("\nDe artikelen, ")[0]


def shown(page: str) -> str:
    """What a page says, without its list of words and its ids."""
    page = re.sub(r"<style>.*?</style>|<dl class=\"woorden\">.*?</dl>|<span class=\"id\">.*?</span>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "", page)


# --- an assessment ---------------------------------------------------------------------------------------------------


@every_example
def test_the_list_of_the_text_has_exactly_the_explained_words_that_the_text_uses(name: str) -> None:
    data = data_of(name)
    told = text.render(data)
    body = body_of_text(told)
    assert words_in_text(told) == [word["woord"] for word in data["woorden"] if named(forms(word), body)]


@every_example
def test_no_word_is_explained_twice_and_the_list_runs_by_the_alphabet(name: str) -> None:
    words = [word["woord"].casefold() for word in data_of(name)["woorden"]]
    assert words == sorted(set(words))
    listed = words_in_text(text.render(data_of(name)))
    assert len(listed) == len(set(listed))


@every_example
def test_every_core_word_of_the_law_that_the_text_uses_is_explained(name: str) -> None:
    data = data_of(name)
    told = text.render(data)
    explained = {plain(form) for word in data["woorden"] if word["woord"] in words_in_text(told) for form in forms(word)}
    used = {plain(found[0]) for found in finder(CORE_WORDS).finditer(body_of_text(told).replace("_", " "))}
    assert {"besluit", "peildatum"} <= used
    assert used <= explained


def claims(folder: str) -> Iterator[dict[str, Any]]:
    """The examples of a law, and some of the claims of its tests."""
    yield from (claim for name in example_names() if (claim := example(name))["aanspraak"].startswith(f"{folder}/"))
    yield from islice(base_claims(folder), 30)


@pytest.mark.parametrize("folder", sorted({*law().laws} - {GENERAL}))
def test_the_page_explains_every_word_that_it_uses_and_no_other(folder: str) -> None:
    """Words of the law of the claim and of all laws, save in answers (`Pleegzorg`) and in the name of an ordinance."""
    own = {form for place in (GENERAL, folder) for word in law().laws[place].words for form in (word.word, *word.forms)}
    for claim in claims(folder):
        data = rationale(assess(claim, law()))
        page = shown(html.render(data))
        names = " ".join(item["naam"] for key in ("gegevens", "aannames", "ontbrekendeGegevens", "vervolgvragen") for item in data[key])
        assert [word["woord"] for word in data["woorden"] if not named(forms(word), f"{page} {names}")] == []
        answers = " ".join(fact["getoond"] for fact in data["gegevens"])
        answers += " ".join(value["sterren"]["verordening"] for value in data["waardenVanDeWet"] if value["sterren"])
        used = {plain(found[0]) for found in finder(sorted(own)).finditer(page.replace("_", " "))}
        unexplained = used - {plain(form) for word in data["woorden"] for form in forms(word)}
        assert {form for form in unexplained if not named([form], answers)} == set()


@every_example
def test_a_word_keeps_to_the_contract_and_its_article_leads_to_the_text_of_the_day(name: str) -> None:
    data = data_of(name)
    for word in data["woorden"]:
        found = Woord.model_validate(word)
        assert (found.bron is None) is (found.status is None)
        assert found.bron is None or (found.bron.link or "").endswith(data["peildatum"]) or "ECLI" in found.bron.tekst


@every_example
def test_the_page_leads_to_the_list_from_where_a_word_first_stands(name: str) -> None:
    page = html.render(data_of(name))
    ids = re.findall(r'<div id="(woord-[^"]+)"><dt>', page)
    assert ids == [html.word_id(word["woord"]) for word in data_of(name)["woorden"]]
    places = re.findall(r'<a class="woord" href="#(woord-[^"]+)">', page)
    assert set(places) <= set(ids)
    assert max(places.count(place) for place in places) <= 2  # once in the open, once in what is folded
    assert len(set(places)) >= len(ids) - 6  # the others stand in headings and names only, where a link has no place
    assert not re.search(r"<summary>(?:(?!</summary>).)*class=\"woord\"", page)
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", page)


def test_the_same_case_gives_the_same_words_in_another_process() -> None:
    """Sets have another order there."""
    program = (
        "import json; from tests.law import *; from engine.passes.assess import assess; from engine.rationale.build import rationale;"
        "print(json.dumps([rationale(assess(example(name), law()))['woorden'] for name in example_names()]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "1"}, capture_output=True, check=True, text=True
    )
    assert json.loads(ran.stdout) == [data_of(name)["woorden"] for name in example_names()]


# --- a tiny law ------------------------------------------------------------------------------------------------------

WORDS = """
naam: Proefwet
bwb: BWBR0000001
woorden:
  - woord: norm
    vormen: [normen]
    uitleg: "Het oude bedrag."
    bron: art. 20
    status: gelezen
    geldig tot: 2026-07-01
  - woord: norm
    vormen: [normen]
    uitleg: "Het nieuwe bedrag."
    bron: art. 21
    geldig vanaf: 2026-07-01
  - {woord: alleenstaande, uitleg: "Iemand die alleen is."}
  - {woord: alleenstaande ouder, uitleg: "Een ouder die alleen is."}
  - {woord: hardheid, uitleg: "Van deze wet."}
"""
GENERAL_WORDS = """
naam: Algemeen
woorden:
  - {woord: hardheid, vormen: [hard], uitleg: "Van alle wetten."}
  - {woord: peildatum, uitleg: "De dag waarop we kijken."}
"""
RULE = """
- id: wet.1
  titel: "%s"
  bron: art. 1
  bepaalt: toegelaten
  rol: voorwaarde
  als: a
"""


def told(title: str, *, day: str = "2026-07-15", facts: Mapping[str, Any] | None = None) -> dict[str, Any]:
    files = small_law(RULE % title, ladder="- weigeren: blokkerende_grond\n- gereed: anders")
    files |= {"wet/regeling.yaml": WORDS, "algemeen/regeling.yaml": GENERAL_WORDS}
    return rationale(run(load_files(files), {"a": True, **(facts or {})}, day))


def explained(title: str, **more: Any) -> dict[str, str]:
    return {word["woord"]: word["uitleg"] for word in told(title, **more)["woorden"] if word["woord"] != "peildatum"}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("De norm telt", {"norm"}),
        ("Alle NORMEN tellen", {"norm"}),
        ("De bijstandsnorm en de normering", set()),
        ("Een niet-norm, en norm-achtig", set()),
        ("Een alleenstaande ouder", {"alleenstaande ouder"}),
        ("Een alleenstaande ouder en een alleenstaande", {"alleenstaande", "alleenstaande ouder"}),
        ("Zie wet/norm en wet.4.norm", set()),
    ],
)
def test_only_whole_words_count_and_the_longest_first(title: str, words: set[str]) -> None:
    assert set(explained(title)) == words


def test_a_word_means_what_it_meant_on_the_day() -> None:
    assert explained("De norm", day="2026-06-30") == {"norm": "Het oude bedrag."}
    assert explained("De norm", day="2026-07-01") == {"norm": "Het nieuwe bedrag."}


def test_what_a_law_says_of_a_word_itself_comes_before_what_all_laws_say() -> None:
    assert explained("Hardheid") == {"hardheid": "Van deze wet."}
    assert explained("Hard") == {"hardheid": "Van alle wetten."}
    assert explained("Hard en hardheid") == {"hardheid": "Van deze wet."}


def test_what_is_not_read_yet_says_so_in_every_rendering() -> None:
    data = told("De norm")
    (word,) = [word for word in data["woorden"] if word["woord"] == "norm"]
    assert (word["status"], word["vormen"]) == ("te verifieren", ["normen"])
    assert "- norm: Het nieuwe bedrag. (art. 21) (nog niet nagelezen)\n" in text.render(data)
    assert "art. 21</a>; nog niet nagelezen" in html.render(data)


def test_what_a_person_wrote_is_not_searched_and_not_kept() -> None:
    files = small_law(RULE % "Regel", ladder="- gereed: anders")
    book = load_files(files | {"wet/regeling.yaml": WORDS})
    effect = {
        "persoon": "aanvrager",
        "leefgebied": "wonen",
        "omschrijving": "Ik ben een alleenstaande.",
        "termijn": "kort",
        "gesteldDoor": "consulent",
        "gesteldOp": "2026-07-01",
    }
    found = run(book, {"a": True, "plaats": "alleenstaande"}, beoogdeEffecten=[effect])
    assert rationale(found)["woorden"] == []


def test_a_law_without_words_gives_no_list() -> None:
    files = small_law(RULE % "De norm", ladder="- gereed: anders")
    data = rationale(run(load_files(files), {"a": True}))
    assert data["woorden"] == []
    assert "Woorden" not in text.render(data)
    assert 'id="woorden"' not in html.render(data)


@given(st.lists(st.sampled_from(["de", "norm", "normen", "een", "alleenstaande", "ouder", "hardheid", "huis"]), max_size=12))
def test_a_word_is_found_as_often_as_it_stands_there_and_never_elsewhere(tokens: list[str]) -> None:
    found = Lexicon([load_files(small_law(files={"wet/regeling.yaml": WORDS})).laws["wet"]]).in_text(" ".join(tokens))
    expected = {token for token in tokens if token in ("norm", "normen", "hardheid")}
    for place, token in enumerate(tokens):
        if token == "alleenstaande":
            expected.add("alleenstaande ouder" if tokens[place + 1 : place + 2] == ["ouder"] else "alleenstaande")
    assert found == expected


# --- the lists of the law --------------------------------------------------------------------------------------------

LISTS = [(folder, word) for folder, found in law().laws.items() for word in found.words]
ids = [f"{folder}-{word.word}" for folder, word in LISTS]


def said(value: Any, key: str = "") -> Iterator[str]:
    """Every name and text in a document of the rules, save sources and the lists of words."""
    if isinstance(value, str) and key != "source":
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "words":
                yield from (str(name), *said(inner, str(name)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from said(inner, key)


def texts() -> dict[str, str]:
    """What the rules of each folder say, in one text."""
    found: dict[str, str] = {}
    for entry in read_folder(RULES).entries:
        if not isinstance(entry.document, doc.BaseCasesDoc) and isinstance(entry.document, BaseModel):
            found[entry.law] = found.get(entry.law, "") + "\n" + "\n".join(said(entry.document.model_dump(mode="json")))
    return found


TEXTS = texts()


@pytest.mark.parametrize(("folder", "word"), LISTS, ids=ids)
def test_a_word_in_a_list_is_used_by_the_rules(folder: str, word: doc.WordDecl) -> None:
    places = list(TEXTS.values()) if folder == GENERAL else [TEXTS[folder], TEXTS[GENERAL]]
    fixed = "Er is nog geen besluit. De omgekeerde toets, en de deuren in de wet."
    assert any(named([word.word, *word.forms], place) for place in (*places, fixed))


@pytest.mark.parametrize(("folder", "word"), LISTS, ids=ids)
def test_an_explanation_is_short_and_leans_on_no_other_word_that_needs_one(folder: str, word: doc.WordDecl) -> None:
    sentences = [sentence for sentence in re.split(r"(?<=[.!?]) ", word.explanation) if sentence]
    assert len(sentences) <= 2
    assert max(len(sentence.split()) for sentence in sentences) <= 23
    assert word.explanation.endswith(".")
    others = [
        form
        for place in dict.fromkeys((folder, GENERAL))
        for other in law().laws[place].words
        if other.word != word.word
        for form in (other.word, *other.forms)
        if not set(form.casefold().split()) & {part.casefold() for part in (word.word, *word.forms)}
    ]
    assert [found[0] for found in finder(others).finditer(word.explanation)] == []
    assert not re.search(r"\bniet\b.*\b(?:niet|geen|zonder|on\w+)\b", word.explanation.casefold())


@pytest.mark.parametrize(("folder", "word"), LISTS, ids=ids)
def test_what_defines_a_word_has_an_address(folder: str, word: doc.WordDecl) -> None:
    if word.source is not None:
        laws = next(compiled.program.laws for versions in law().programs.values() for compiled in versions)
        reference = parse_reference(word.source, laws[folder], laws)
        assert juriconnect(reference, date(2026, 7, 1)) if reference is not None else RULING.fullmatch(word.source)
