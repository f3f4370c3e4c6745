# SPDX-License-Identifier: EUPL-1.2
"""The walk of an operator over the store, as docs/beheer.md tells it, command after command."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from store.chain import Sort
from store.errors import Erased
from store.keys import Keys
from store.model import ANSWER, Kind
from store.store import Store
from tests.docs.test_docs import OVER_A_STORE, PAGES, ROOT, blocks, commands
from tests.store.drafts import PERSON, assessment
from tests.store.tampering import BY_EXPORT, SORTS

PAGE = ROOT / "docs" / "beheer.md"
PLACE = "/var/lib/toetssteen"


def walk() -> list[list[str]]:
    """The commands of the page over a store, and the settings that go before them, in order."""
    return [found for found in commands(PAGE) if found[0] == "export" or found[1] in OVER_A_STORE]


def filled(place: Path) -> tuple[str, str]:
    """A store in use: the ids of an assessment of long ago and of a new one."""
    store = Store(f"sqlite:///{place / 'opslag.sqlite'}", Keys.read(place / "sleutels.json"))
    new, store.now = store.now, lambda: datetime(2010, 3, 1, tzinfo=UTC)
    old = store.append(assessment("zaak-oud", subject=PERSON)).id
    store.now = new
    young = store.append(assessment("zaak-nieuw", subject=PERSON)).id
    store.close()
    return old, young


def test_the_walk_is_on_one_page() -> None:
    assert [page.name for page in PAGES for found in commands(page) if len(found) > 1 and found[1] in OVER_A_STORE] == ["beheer.md"] * (
        len(walk()) - 2
    )
    assert {tuple(found[1:3]) for found in walk()} >= {
        ("keten", "controleer"),
        ("keten", "uitvoer"),
        ("opslag", "bewaren"),
        ("opslag", "wissen"),
    }


def test_every_command_of_the_walk_does_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (terms,) = blocks(PAGE, "toml")
    (tmp_path / "bewaartermijnen.toml").write_text(terms, encoding="utf-8")
    old = young = ""
    told = []
    for command in walk():
        if command[0] == "export":
            name, _, value = command[1].partition("=")
            monkeypatch.setenv(name, value.replace(PLACE, str(tmp_path)))
            continue
        result = CliRunner().invoke(app, [young if word == "ID" else word for word in command[1:]])
        assert result.exit_code == 0, (command, result.output)
        told.append((" ".join(command[1:3]), result.output))
        if command[1:] == ["opslag", "sleutels"]:
            old, young = filled(tmp_path)
    assert [text for what, text in told if what == "keten controleer"][-1].endswith("uit controlepunten.jsonl.\n")
    store = Store(f"sqlite:///{tmp_path / 'opslag.sqlite'}", Keys.read(tmp_path / "sleutels.json"))
    for record in (old, young):
        with pytest.raises(Erased):
            store.payload(record, ANSWER)
    kinds = [record.kind for record in store.search("GM0000").records]
    erased = [Kind.DESTRUCTION] * 3  # of the assessment, and of who laid the hold and lifted it
    assert kinds == [*erased, Kind.LIFTED, Kind.HOLD, Kind.DESTRUCTION, Kind.ASSESSMENT, Kind.ASSESSMENT]
    store.close()


def test_the_page_names_every_sort_of_break_and_how_often_the_chain_is_tampered_with() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [sort for sort in Sort if f"`{sort}`" not in page] == []
    assert f"op {len(SORTS)} manieren" in page
    assert len(BY_EXPORT) == 3
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (count,) = re.findall(r"^TAMPERINGS \?= (\d+)$", makefile, re.MULTILINE)
    assert f"{int(count):,}".replace(",", ".") in page
