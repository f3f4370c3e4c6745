# SPDX-License-Identifier: EUPL-1.2
"""What a policy adviser sees while typing: the real yaml-language-server, over LSP, with the schemas of the project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from engine.authoring.schemas import modeline
from tests.editor.language_server import SERVER, LanguageServer
from tests.law import RULES

NODE = shutil.which("node")
pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(not SERVER.exists(), reason="yaml-language-server is not installed: run `npm ci`"),
]

RULESET = "wet/aanspraak/2020-01-01.yaml"
HEAD = "regelset: wet/aanspraak\ngeldig vanaf: 2020-01-01\nregels:\n  - id: wet.1\n    bron: art. 1\n    bepaalt: uit\n"


@pytest.fixture(scope="module")
def editor() -> Iterator[LanguageServer]:
    server = LanguageServer(NODE or "node")
    yield server
    server.stop()


def typed(path: str, text: str) -> tuple[str, str]:
    """A path under the project and a text with the modeline on its first line."""
    return f"rules/{path}", f"{modeline(path)}\n{text}"


PLANTED = [
    (RULESET, "regelset: wet/aanspraak\ngeldig vanaf: 2020-1-1\n", 3, "jaar-maand-dag"),
    (RULESET, "regelset: wet/aanspraak\n", 2, "geldig vanaf"),
    (RULESET, "regelset: wet/aanspraak\ngeldig vanaf: 2020-01-01\nregelset_titel: x\n", 4, "regelset_titel"),
    (RULESET, HEAD + "    rol: weigergrond\n", 8, "weigeringsgrond"),
    (RULESET, HEAD + "    als:\n      alles: [a, b]\n", 9, "Expected one of string, number"),
    (RULESET, HEAD + "    tabel:\n      - als: a\n", 9, "dan"),
    (RULESET, HEAD.replace("wet.1", "WET 1"), 5, "pw.13.1.a"),
    (RULESET, HEAD + "    gaat voor: wet.2\n", 8, "array"),
    ("wet/gegevens.yaml", "gegevens:\n  a:\n    soort: ja/nee\n    mag ontbreken: true\n", 5, "ja"),
    ("wet/gegevens.yaml", "gegevens:\n  a:\n    vraag: Werkt u?\n", 3, "soort"),
    ("wet/gegevens.yaml", "gegevens:\n  a:\n    soort: bedrag\n    per: kwartaal\n", 5, "eenmalig"),
    ("wet/bedragen.yaml", "bedragen:\n  norm:\n    bron: art. 1\n    eenheid: EUR\n    waarden:\n      2026-7-1: 100\n", 7, "2026-07-01"),
    ("wet/toetsen/een.yaml", "- toets: een\n  aanspraak: wet/aanspraak\n  peildatum: 2026-07-01\n  bron: zelf\n", 2, "verwacht"),
    ("wet/omgekeerde_toets.yaml", "deuren:\n  - id: wet.deur\n    titel: Deur\n    bron: art. 1\n    soort: luik\n", 6, "hardheid"),
    ("gemeenten/GM0000/a.yaml", "gemeente: Utrecht\n", 2, "GM0344"),
    ("wet/regeling.yaml", "naam: Proefwet\nbwb:\n  - BWBR0000001\n", 4, "string"),
    (RULESET, "regelset: wet/aanspraak\ngeldig vanaf: 2020-01-01\ngeldig vanaf: 2021-01-01\n", 4, "unique"),
    (RULESET, "regelset: wet/aanspraak\n\tgeldig vanaf: 2020-01-01\n", 3, ""),
]


@pytest.mark.parametrize(("path", "text", "line", "words"), PLANTED, ids=[str(number) for number in range(len(PLANTED))])
def test_a_planted_mistake_is_underlined_on_its_line(editor: LanguageServer, path: str, text: str, line: int, words: str) -> None:
    found = editor.open(*typed(path, text))
    assert any(at == line and words in message for at, message in found), found


@pytest.mark.parametrize("path", sorted(path.relative_to(RULES).as_posix() for path in RULES.glob("*/*.yaml")))
def test_nothing_is_underlined_in_a_file_of_the_law(editor: LanguageServer, path: str) -> None:
    text = (RULES / path).read_text(encoding="utf-8")
    assert editor.open(*typed(path, text)) == []


PROPOSED = [
    (RULESET, HEAD + "    ¦\n", {"als", "tenzij", "waarde", "rol", "voor elke"}),
    (RULESET, HEAD + "    rol: ¦\n", {"voorwaarde", "weigeringsgrond", "plicht"}),
    (RULESET, HEAD + "    als:\n      alle:\n        - ¦\n", {"aanvrager.nationaliteit", "partner.geboortedatum"}),
    (RULESET, HEAD + "    waarde: ¦\n", {"norm_jong_alleenstaande", "norm"}),
    (RULESET, HEAD + "    afronden: ¦\n", {"cent", "euro"}),
    (RULESET, "regelset: wet/aanspraak\ngebruikt:\n  - ¦\n", {"participatiewet/middelen"}),
    ("wet/gegevens.yaml", "gegevens:\n  a:\n    soort: ¦\n", {"ja/nee", "bedrag", "keuze", "persoon", "lijst van kind"}),
    ("wet/gegevens.yaml", "gegevens:\n  a:\n    soort: bedrag\n    ¦\n", {"per", "vraag", "mag ontbreken"}),
    ("wet/toetsen/een.yaml", "- toets: een\n  aanspraak: ¦\n", {"participatiewet/algemene_bijstand"}),
    ("wet/toetsen/een.yaml", "- toets: een\n  gegevens:\n    ¦\n", {"aanvrager", "partner", "kinderen"}),
    (RULESET, HEAD.replace("art. 1", "¦"), {"art. 31 lid 2"}),
]


@pytest.mark.parametrize(("path", "text", "wanted"), PROPOSED, ids=[str(number) for number in range(len(PROPOSED))])
def test_keys_kinds_names_and_articles_are_proposed(editor: LanguageServer, path: str, text: str, wanted: set[str]) -> None:
    assert wanted <= set(editor.complete(*typed(path, text)))


def test_a_key_is_explained_in_dutch_under_the_pointer(editor: LanguageServer) -> None:
    assert "De uitzondering" in editor.hover(*typed(RULESET, HEAD + "    ten¦zij: a\n"))
