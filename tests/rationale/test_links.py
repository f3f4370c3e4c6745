# SPDX-License-Identifier: EUPL-1.2
"""Every statement that names an article or a ruling leads to it: in the data, in the text and on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.language.library import read_folder
from engine.language.sources import RULING
from engine.model import documents as doc
from engine.passes.assess import assess
from engine.rationale import html, text
from engine.rationale.build import rationale
from engine.rulebook import load_files
from tests.helpers import law as small_law, run
from tests.law import RULES, base_claims, example, example_names, law

ARTICLE = re.compile(r"\b(?:art\.|[Aa]rtikel(?:en)?) \d")
WRITTEN_BY_PEOPLE = ("omschrijving", "reden", "door", "herkomst", "getoond", "waarde", "nu", "anders")
WITHOUT_NUMBER = {"Richtlijn 2004/38/EG"}
"""Laws that may be cited and have no number: a European directive stands in no Dutch register."""


def statements(node: Any, *, led: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every part of a rationale that says something, and whether it or the part that it stands in leads somewhere."""
    if isinstance(node, dict):
        led = led or any(found for found in links(node))
        yield node, led
        for part in node.values():
            yield from statements(part, led=led and "tekst" in node)
    elif isinstance(node, list):
        for part in node:
            yield from statements(part, led=led)


def links(node: dict[str, Any]) -> Iterator[str]:
    """The links of a statement itself."""
    yield node.get("link") or ""
    for key in ("bron", "bronnen", "verwijzing"):
        for source in node[key] if isinstance(node.get(key), list) else [node.get(key)]:
            if isinstance(source, dict):
                yield source["link"] or ""


def named(node: dict[str, Any]) -> list[str]:
    """The words of a statement that name an article or a ruling, save what people wrote."""
    said = [(key, part) for key, value in node.items() for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]
    return [part for key, part in said if key not in WRITTEN_BY_PEOPLE and (ARTICLE.search(part) or RULING.search(part))]


def without_link(data: dict[str, Any]) -> set[str]:
    """What a rationale says about an article or a ruling without leading there, but for a made-up document of a municipality."""
    return {
        said
        for node, led in statements(data)
        if not led and node.get("cvdr") != "verzonnen"
        for said in named(node)
        if not any(said.endswith(law) for law in WITHOUT_NUMBER)
    }


@pytest.mark.parametrize("name", example_names())
def test_every_statement_of_an_example_that_names_an_article_or_a_ruling_leads_to_it(name: str) -> None:
    assert without_link(rationale(assess(example(name), law()), steps=True)) == set()


@pytest.mark.parametrize("folder", sorted({*law().laws} - {"algemeen"}))
def test_every_statement_about_a_base_household_leads_to_its_article_or_ruling(folder: str) -> None:
    claims = list(base_claims(folder))
    assert claims
    assert {said for claim in claims for said in without_link(rationale(assess(claim, law())))} == set()


def test_every_law_that_may_be_cited_has_a_number() -> None:
    cited = [entry.document for entry in read_folder(RULES).of(doc.LawDoc)]
    without = {name for document in cited for name, law in document.citable.items() if law.bwb is None and not law.books}  # type: ignore[attr-defined]
    assert without == WITHOUT_NUMBER
    assert all(found.bwb for name, found in law().laws.items() if name != "algemeen")


# --- rulings ---------------------------------------------------------------------------------------------------------

RULING_OF_DOOR = "ECLI:NL:CRVB:2023:985"
ADDRESS = f"https://deeplink.rechtspraak.nl/uitspraak?id={RULING_OF_DOOR}"


def test_a_ruling_about_a_door_leads_to_where_it_is_published_in_every_rendering() -> None:
    data = rationale(assess(example("2-"), law()))
    (ruling,) = [case for door in data["deuren"] for case in door["rechtspraak"] if case["ecli"] == RULING_OF_DOOR]
    assert ruling["link"] == ADDRESS
    assert f"- {RULING_OF_DOOR}:\n  {ADDRESS}\n" in text.render(data) + "\n"
    assert f'<a href="{ADDRESS}" rel="noreferrer">{RULING_OF_DOOR}</a>' in html.render(data)


RULES_THAT_NAME = """
- id: wet.1
  titel: Eigen kracht
  bron: art. 4 lid 2 onder c
  bepaalt: toegelaten
  rol: voorwaarde
  als: a
  niet gedekt: "%s"
"""


def told(not_covered: str) -> dict[str, Any]:
    """The rationale of a tiny law with a rule that leaves something out."""
    files = small_law(RULES_THAT_NAME % not_covered, ladder="- weigeren: blokkerende_grond\n- gereed: anders")
    cited = "naam: Algemeen\naanhaalbaar:\n"
    cited += "  Vw: {naam: Vreemdelingenwet 2000, bwb: BWBR0011823}\n  BW: {naam: Burgerlijk Wetboek, boeken: {1: BWBR0002656}}\n"
    return rationale(run(load_files({**files, "algemeen/regeling.yaml": cited}), {"a": False}))


def sources_of(not_covered: str) -> list[str]:
    """What the warning about that leads to, after its own article: the end of each address."""
    (found,) = [item for item in told(not_covered)["waarschuwingen"] if item["code"] == "niet gedekt"]
    assert found["bronnen"][0]["jci"].startswith("jci1.3:c:BWBR0000001&artikel=4&lid=2&o=c")
    return [source["link"].rpartition("/")[2].split("&z=")[0] for source in found["bronnen"][1:]]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Artikel 8 van de Vreemdelingenwet 2000 is niet gelezen.", ["jci1.3:c:BWBR0011823&artikel=8"]),
        ("Zie artikel 8 onder a Vw, en artikel 7.", ["jci1.3:c:BWBR0011823&artikel=8&o=a", "jci1.3:c:BWBR0000001&artikel=7"]),
        ("De artikelen 7 en 18 van de Vreemdelingenwet 2000 tellen.", ["jci1.3:c:BWBR0011823&artikel=7"]),
        ("Graden telt art. 1:3 lid 1 BW.", ["jci1.3:c:BWBR0002656&artikel=3&lid=1"]),
        ("Artikel 4 lid 2 onder c is de eigen bron.", []),
        ("Artikel 9 van de Wet die niemand kent staat er niet in.", []),
        ("Artikel 9 Wetboek van Onbekendheid ook niet.", []),
        ("Zo oordeelde ECLI:NL:CRVB:2024:1095.", ["uitspraak?id=ECLI:NL:CRVB:2024:1095"]),
        ("Zo oordeelde ECLI:EU:C:2023:957.", []),
    ],
)
def test_what_a_warning_names_is_led_to_and_never_to_another_law(words: str, found: list[str]) -> None:
    assert sources_of(words) == found


def test_the_page_puts_each_link_at_the_words_that_name_it() -> None:
    page = html.render(told("Artikel 8 van de Vreemdelingenwet 2000 en artikel 7 en ECLI:NL:CRVB:2024:1095."))
    assert re.search(
        r'<a href="[^"]+artikel=8&amp;z=[^"]+" rel="noreferrer">Artikel 8 van de Vreemdelingenwet 2000</a> en <a href="[^"]+artikel=7&',
        page,
    )
    assert (
        ' en <a href="https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:CRVB:2024:1095" rel="noreferrer">ECLI:NL:CRVB:2024:1095</a>.'
        in page
    )
    assert re.search(r'wet\.1 \(<a href="[^"]+artikel=4[^"]+" rel="noreferrer">art\. 4 lid 2 onder c</a>\)', page)
