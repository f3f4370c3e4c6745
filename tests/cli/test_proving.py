# SPDX-License-Identifier: EUPL-1.2
"""The command `bewijs`: what it says, as JSON too, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.helpers import CLAIM, law

pytest.importorskip("z3")

run = CliRunner()
CLASH = """
- id: wet.1
  bron: art. 1
  bepaalt: vrij
  als: n >= 5
  waarde: 100
  anders: 0
- id: wet.2
  bron: art. 2
  bepaalt: vrij
  als: n <= 5
  waarde: 200
"""


@pytest.fixture
def clashing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOETSSTEEN_CACHE", "uit")
    for file, text in law(CLASH, ladder="- ja_dus: vrij > 150\n- gereed: anders").items():
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_clash_is_shown_with_its_place_and_its_case(clashing: Path) -> None:
    result = run.invoke(app, ["bewijs", str(clashing)])
    assert result.exit_code == 1
    assert "wet/aanspraak/2020-01-01.yaml:9:5: fout TS-P11" in result.stdout
    assert "      n: 5\n" in result.stdout
    assert "Wat deze bewijzen niet zeggen:" in result.stdout


def test_json_carries_the_claim(clashing: Path) -> None:
    result = run.invoke(app, ["bewijs", str(clashing), "--json", "--aanspraak", CLAIM])
    found = json.loads(result.stdout)
    (clash,) = [item for item in found["vondsten"] if item["code"] == "TS-P11"]
    assert clash["zaak"]["aanvraag"]["gegevens"] == {"n": 5}
    assert found["nietBeslist"] == []


def test_an_unknown_claim_is_refused(clashing: Path) -> None:
    result = run.invoke(app, ["bewijs", str(clashing), "--aanspraak", "wet/aanspraken"])
    assert result.exit_code == 2
    assert "Bedoelde u `wet/aanspraak`?" in result.stderr


def test_without_the_solver_one_sentence_says_how_to_get_it(clashing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = run.invoke(app, ["bewijs", str(clashing)])
    assert result.exit_code == 2
    assert "pip install 'toetssteen[bewijs]'" in result.stderr
