# SPDX-License-Identifier: EUPL-1.2
"""The law as a document: lines as phrases, versions over each other, what stands around a rule, and the picture."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from cli.main import app
from engine.authoring import picture, words
from engine.authoring.describe import describe
from engine.authoring.description import Description, as_html, as_markdown
from engine.authoring.picture import BEND, Box, layers, ranks, svg, told
from engine.model.problems import RulesError
from engine.rulebook import load_files
from tests.helpers import law as small_law, ruleset
from tests.law import law

DATES = {"dag_een", "aanvrager.geboortedatum"}


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("woont_hier", "woont hier"),
        ("niet aanvrager.gedetineerd", "niet: aanvrager: gedetineerd"),
        ("loon >= 1419.46", "loon is ten minste 1.419,46"),
        ("loon < 25% van grens", "loon is minder dan 25% van grens"),
        ("dag_een <= 2026-07-01", "dag een ligt op of voor 1 juli 2026"),
        ("aanvrager.geboortedatum + aow_leeftijd > peildatum", "aanvrager: geboortedatum plus aow leeftijd ligt na de peildatum"),
        ("aanvrager.leeftijd op peildatum >= 27", "de leeftijd van aanvrager op de peildatum is ten minste 27"),
        ("leeftijd op peildatum < 18", "de leeftijd op de peildatum is minder dan 18"),
        ("leefvorm in [alleen, samen]", "leefvorm is alleen of samen"),
        ("leefvorm niet in [alleen, samen]", "leefvorm is niet alleen of samen"),
        ("leefvorm is niet alleen en a", "leefvorm is niet alleen en a"),
        ("(a en b) of c", "(a en b) of c"),
        ("partner is geen", "partner is geen"),
        ("een(kinderen waar thuiswonend)", "er is een van kinderen met: thuiswonend"),
        ("alle(kinderen waar zaak.a)", "voor alle kinderen geldt: a"),
        ("aantal(kinderen)", "het aantal van kinderen"),
        ("som(kosten over kinderen waar thuiswonend)", "de som van kosten over kinderen met: thuiswonend"),
        ("laagste(giften, grens)", "de laagste van giften en grens"),
        ("dagen tussen dag_een en dag_twee > 28 dagen", "het aantal dagen tussen dag een en dag twee is meer dan 28 dagen"),
        ("-loon * 2 / 3 - 1", "min loon keer 2 gedeeld door 3 min 1"),
        ("jaar_van(peildatum)", "het jaar van de peildatum"),
        ("keuze(pw.44.5)", "de bevoegdheid van regel pw.44.5 wordt gebruikt"),
        ('plaats is "Utrecht"', "plaats is Utrecht"),
        ("dit is geen regel (", "dit is geen regel ("),
    ],
)
def test_a_line_reads_as_a_phrase(line: str, phrase: str) -> None:
    assert words.said(line, DATES.__contains__) == phrase


@pytest.mark.parametrize(("text", "shown"), [("1419.46", "1.419,46"), ("1000000", "1.000.000"), ("-0.5", "-0,5"), ("7", "7")])
def test_a_number_is_written_as_in_dutch(text: str, shown: str) -> None:
    assert words.number(text) == shown


def test_the_names_of_a_line_are_found_with_the_list_they_stand_in() -> None:
    line = "een(kinderen waar leeftijd op peildatum < 18 en zaak.a) of b"
    assert set(words.names(line)) == {
        (None, "kinderen"),
        ("kinderen", "geboortedatum"),
        ("kinderen", "peildatum"),
        ("kinderen", "zaak.a"),
        (None, "b"),
    }


# --- a small law -----------------------------------------------------------------------------------------------------

RULES = """
- id: wet.1
  bron: art. 19a lid 1
  titel: Wie recht heeft
  bepaalt: rechthebbende
  rol: voorwaarde
  als:
    alle:
      - aanvrager.leeftijd op peildatum >= 21
      - een van:
          - a
          - b
  tenzij: ernstig
  uitleg:
    onwaar: "U bent te jong."
- id: wet.2
  bron: art. 2
  bepaalt: uitkering
  als: rechthebbende
  waarde: norm - loon
  ten minste: 0
  anders: 0
  niet gedekt: "vakantiegeld"
- {id: wet.3, bron: Beleidsregel 3, voor elke: kinderen, bepaalt: telt, als: thuiswonend}
"""
HEAD = "titel: Proefuitkering\n"
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
AMOUNTS = """
norm:
  bron: art. 21
  eenheid: EUR per maand
  ingevoerd tot en met: 2026-12-31
  waarden:
    2026-01-01: 1402.36
    2026-07-01: onbekend
"""
WORDS = """naam: Proefwet
bwb: BWBR0000001
woorden:
  - {woord: norm, uitleg: "Het bedrag van de wet.", bron: art. 21, status: gelezen, geldig vanaf: 2024-01-01, geldig tot: 2027-01-01}
  - {woord: kind, uitleg: "Iemand van jonger dan <18>."}
"""
FILES = {
    **small_law(RULES, ladder=LADDER, head=HEAD, amounts=AMOUNTS),
    "wet/regeling.yaml": WORDS,
    "wet/aanspraak/2025-01-01.yaml": ruleset(
        "- {id: wet.1, bron: art. 19a lid 1, status: gelezen, bepaalt: rechthebbende, rol: voorwaarde, als: a}",
        ladder="",
        head="wijzigt: 2020-01-01\n",
        since="2025-01-01",
    ),
    "wet/omgekeerde_toets.yaml": """deuren:
  - id: wet.deur
    titel: Zeer <dringende> redenen
    bron: art. 16
    soort: hardheid
    niveau: formele wet
    geldig vanaf: 2020-01-01
    opent voor: [wet.1]
    als: ernstig
""",
    "wet/toetsen/eerste.yaml": """- toets: Een eerste toets
  aanspraak: wet/aanspraak
  peildatum: 2026-07-15
  verwacht:
    regels: {wet.1: onbekend}
  bron: eigen berekening
""",
}


@pytest.fixture(scope="module")
def small() -> Description:
    return describe(load_files(FILES), "wet/aanspraak")


def section(text: str, heading: str) -> str:
    """A part of a Markdown text: from its heading up to the next of any level."""
    return text.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]


def test_both_texts_of_a_rule_stand_below_each_other_with_their_days(small: Description) -> None:
    text = section(as_markdown(small), "Rechthebbende")
    assert "vanaf 1 januari 2020, tot 1 januari 2025; te verifieren" in text
    assert "vanaf 1 januari 2025; gelezen" in text
    assert "jci1.3:c:BWBR0000001&artikel=19a&lid=1&z=2025-01-01" in text
    first, second = text.split("vanaf 1 januari 2025")
    assert "  - Al het volgende geldt:\n    - De leeftijd van aanvrager op de peildatum is ten minste 21" in first
    assert "Ten minste een van deze geldt:\n      - A\n      - B" in first
    assert "- Tenzij:\n  - Ernstig" in first
    assert "- Geldt als:\n  - A\n" in second


def test_a_value_its_bounds_and_what_is_not_covered_are_told(small: Description) -> None:
    text = section(as_markdown(small), "Uitkering")
    assert "- De waarde is norm min loon" in text
    assert "- Ten minste 0" in text
    assert "- Geldt de regel niet, dan is de waarde 0" in text
    assert "Niet gedekt: vakantiegeld" in text
    assert "Rust op: rechthebbende (`wet.1`)" in text


@pytest.mark.parametrize(
    ("rule", "phrases"),
    [
        (
            "tabel:\n    - als: leefvorm is alleen\n      dan: 1\n    - dan: 2",
            ["- De waarde is het eerste dat past:\n  - 1, als:\n    - Leefvorm is alleen\n  - Anders 2"],
        ),
        (
            "schijven:\n    over: n\n    rijen:\n      - tot en met: 14\n        per stuk: 2.50\n      - per stuk: 1",
            ["- De waarde loopt in schijven over n:\n  - Tot en met 14: 2,50 per stuk\n  - Daarboven: 1 per stuk"],
        ),
        (
            "soort: weken\n  open voor: {niveau: gemeente, ten minste: 2, ten hoogste: 8, anders: 6}",
            [
                "- Een gemeente vult dit in (weken, ten minste 2, ten hoogste 8)",
                "- Vult zij niets in, dan is de waarde 6",
            ],
        ),
        ("modaliteit: kan\n  als: a", ["- Het is een bevoegdheid: wie beslist, kiest of zij wordt gebruikt"]),
        (
            "rol: plicht\n  plicht van: college\n  als: {geen van: [a, b]}",
            ["Plicht van college.", "- Geen van deze geldt:\n    - A\n    - B"],
        ),
        ("waarde: loon / 3\n  afronden: cent", ["- De waarde is loon gedeeld door 3", "- Afgerond: cent"]),
        ("als: a\n  tenzij: [b, c]", ["- Tenzij een van deze geldt:\n  - B\n  - C"]),
        ("als: een(volwassenen waar student)", ["Vraagt: aanvrager: student."]),
    ],
)
def test_every_form_of_a_rule_is_told(rule: str, phrases: list[str]) -> None:
    text = as_markdown(describe(load_files(small_law(f"- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  {rule}")), "wet"))
    for phrase in phrases:
        assert phrase in section(text, "Uit")


def test_what_stands_around_a_rule_is_named(small: Description) -> None:
    text = section(as_markdown(small), "Rechthebbende")
    assert "Vraagt: aanvrager: geboortedatum, a, b, ernstig." in text
    assert "Deuren: Zeer <dringende> redenen." in text
    assert "1 toets gaat over deze regel:\n\n- Een eerste toets (`wet/toetsen/eerste.yaml`)" in text
    assert "Is het onwaar, dan leest de betrokkene: U bent te jong." in text


def test_facts_amounts_and_doors_that_are_used_are_listed(small: Description) -> None:
    text = as_markdown(small)
    assert "| 1 januari 2026 | € 1.402,36 |" in text
    assert "| 1 juli 2026 | onbekend |" in text
    assert "| kinderen: thuiswonend |" in text
    assert "| leefvorm |" not in text
    at = "https://wetten.overheid.nl/jci1.3:c:BWBR0000001&artikel"
    assert f"[art. 16]({at}=16&z=2020-01-01&g=2020-01-01); hardheid, formele wet (`wet.deur`)" in text
    assert f"([art. 21]({at}=21&z=2026-07-01&g=2026-07-01); ingevoerd tot en met 31 december 2026)" in text


def test_the_words_of_the_law_are_listed_with_their_article_and_days(small: Description) -> None:
    text = section(as_markdown(small), "Woorden van de wet")
    at = "https://wetten.overheid.nl/jci1.3:c:BWBR0000001&artikel=21&z=2024-01-01&g=2024-01-01"
    assert [line for line in text.splitlines() if line] == [
        "- **kind**: Iemand van jonger dan <18>.",
        f"- **norm**: Het bedrag van de wet. ([art. 21]({at}); gelezen; vanaf 1 januari 2024; tot 1 januari 2027)",
    ]
    page = as_html(small)
    assert "<dt>kind</dt><dd>Iemand van jonger dan &lt;18&gt;.</dd>" in page
    assert '<a href="#woorden">' in page


def test_the_ladder_and_the_versions_are_told(small: Description) -> None:
    text = as_markdown(small)
    assert "1. **Afwijzen**, als blokkerende grond\n2. **Toekennen**, in alle andere gevallen" in text
    assert "| 1 januari 2020 | concept |" in text
    assert "- Blokkerende grond volgt uit: Rechthebbende." in text


def test_articles_stand_as_people_count_them_and_what_has_none_last(small: Description) -> None:
    assert [article for article, _ in small.sets[0].articles] == ["Artikel 2", "Artikel 19a", "Zonder artikel"]


def test_a_page_escapes_what_the_rules_say(small: Description) -> None:
    page = as_html(small)
    assert "Zeer &lt;dringende&gt; redenen" in page
    assert "<dringende>" not in page


@pytest.mark.parametrize("path", ["algemeen", "wet/anders", "wet/aanspraken"])
def test_what_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(RulesError) as caught:
        describe(load_files(FILES), path)
    assert caught.value.problems[0].code == "TS-B04"


# --- the law that ships ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted({*law().laws} - {"algemeen"}))
def test_the_page_of_a_law_stands_alone_and_its_links_lead_somewhere(path: str) -> None:
    page = as_html(describe(law(), path))
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!#|https://wetten\.overheid\.nl/)', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("path", sorted({*law().laws} - {"algemeen"}))
def test_every_rule_of_a_law_is_described_and_nothing_is_left_of_the_template(path: str) -> None:
    text = as_markdown(describe(law(), path))
    for name, versions in law().sets.items():
        for version in versions:
            assert all(f"`{rule}`" in text for rule in version.rules if name.startswith(f"{path}/"))
    assert "{{" not in text
    assert "{%" not in text


def test_a_law_without_rules_is_described_by_its_grounds_its_doors_and_who_holds_them() -> None:
    found = describe(law(), "leerplichtwet")
    assert found.sets == ()
    text = as_markdown(found)
    second = law().given["leerplichtwet"].program.second
    assert all(f"`{ground}`" in text for ground, (of, _) in second.grounds.items() if of == "leerplichtwet")
    assert all(f"`{door.decl.id}`" in text for door in second.doors if door.law == "leerplichtwet")
    assert "In handen van: schoolhoofd." in text
    assert "van wie" in text.lower()


def test_the_command_prints_markdown_and_writes_pages(tmp_path: Path) -> None:
    run = CliRunner()
    printed = run.invoke(app, ["beschrijf", "participatiewet/algemene_bijstand"])
    assert printed.stdout.startswith("# Algemene bijstand\n")
    files = ["--html", str(tmp_path / "a.html"), "--markdown", str(tmp_path / "a.md")]
    assert run.invoke(app, ["beschrijf", "participatiewet/algemene_bijstand", *files]).stdout == ""
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == printed.stdout
    assert "<svg" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert run.invoke(app, ["beschrijf", "participatiewet/bijstnd"]).exit_code == 2


# --- the picture -----------------------------------------------------------------------------------------------------

NAMES = [f"n{number}" for number in range(9)]
ARROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)
BOXES = [Box(name, f"De stap <{name}> met een lange naam die over regels loopt", "stap") for name in NAMES]


@given(ARROWS.map(lambda arrows: [(start, end) for start, end in arrows if start < end]))
def test_every_arrow_runs_to_a_later_layer_and_passes_each_layer_between(arrows: list[tuple[str, str]]) -> None:
    rank = ranks(BOXES, arrows)
    assert all(rank[start] < rank[end] for start, end in arrows)
    found, routes = layers(BOXES, arrows)
    place = {box.name: number for number, layer in enumerate(found) for box in layer}
    assert {(route[0], route[-1]) for route in routes} == set(arrows)
    assert all([place[name] for name in route] == list(range(place[route[0]], place[route[-1]] + 1)) for route in routes)
    assert sorted(box.name for layer in found for box in layer if box.sort != BEND) == NAMES


@given(ARROWS)
def test_a_picture_is_drawn_whatever_leads_to_what(arrows: list[tuple[str, str]]) -> None:
    drawn = ElementTree.fromstring(svg(BOXES, arrows, "Een <plaat>", "p"))
    boxes = [
        (float(box.get("x", "")), float(box.get("y", "")), float(box.get("height", "")))
        for box in drawn.iter("{http://www.w3.org/2000/svg}rect")
    ]
    assert len(boxes) == len(NAMES)
    for x, y, height in boxes:
        assert all(x != other or y + height < low or low + tall < y for other, low, tall in boxes if (other, low) != (x, y))


def test_a_picture_has_a_text_alternative() -> None:
    boxes = [Box("a", "Woont hier", "stap"), Box("b", "Recht", "uitkomst"), Box("c", "Los", "elders")]
    drawn = ElementTree.fromstring(svg(boxes, [("a", "b")], "Hoe het volgt", "p"))
    assert drawn.get("role") == "img"
    assert [drawn[0].text, drawn[1].text] == ["Hoe het volgt", "Recht volgt uit: Woont hier."]
    assert drawn.get("aria-labelledby") == "p-titel p-tekst"
    assert told(boxes, [("a", "b")]) == ["Recht volgt uit: Woont hier."]


def test_nothing_is_an_empty_picture() -> None:
    assert ElementTree.fromstring(picture.svg([], [], "Leeg", "p")).tag.endswith("svg")
