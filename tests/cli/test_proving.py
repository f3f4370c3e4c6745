# SPDX-License-Identifier: EUPL-1.2
"""The command `bewijs`: what it says, as JSON too, and how it ends."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

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
def clashing(tmp_path: Path) -> Path:
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


# --- what is declared unreachable ------------------------------------------------------------------------------------

NEVER = "  - {wat: wet.1, deel: a en niet a, toestand: waar, reden: zo is het}\n"
REACHED = "  - {wat: wet.1, deel: a en niet a, toestand: onwaar, reden: zo is het}\n"
OUT_OF_REACH = "  - {wat: basis, deel: 2020-01-01, toestand: toegepast, reden: de wet noemt het alleen}\n"


@pytest.fixture
def declaring(tmp_path: Path) -> Callable[..., Result]:
    """Run `toets --dekking` on a law of one rule that declares something unreachable."""
    rules = "- {id: wet.1, bron: art. 1, bepaalt: uit, als: a en niet a}\n- {id: wet.2, bron: art. 2, bepaalt: hoogte, waarde: basis}\n"
    amounts = "basis: {bron: art. 3, eenheid: EUR per maand, waarden: {2020-01-01: 100}}"
    found = law(rules, ladder="- ja_dus: uit\n- gereed: anders", amounts=amounts)
    found["wet/toetsen/t.yaml"] = (
        f"- {{toets: x, aanspraak: {CLAIM}, peildatum: 2026-07-15, verwacht: {{uitkomst: onvolledig}}, bron: eigen berekening}}\n"
    )

    def with_declared(text: str, *more: str) -> Result:
        for file, shown in {**found, "wet/dekking.yaml": f"onbereikbaar:\n{text}"}.items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shown, encoding="utf-8")
        return run.invoke(app, ["toets", str(tmp_path), "--dekking", *more])

    return with_declared


def test_what_is_declared_unreachable_is_proved(declaring: Callable[..., Result]) -> None:
    result = declaring(NEVER)
    assert result.exit_code == 0
    assert "    bewezen: wet.1 (a en niet a): waar\n" in result.stdout


def test_what_a_claim_reaches_may_not_be_declared_unreachable(declaring: Callable[..., Result]) -> None:
    result = declaring(REACHED)
    assert result.exit_code == 1
    assert "    wel te bereiken: wet.1 (a en niet a): onwaar. Haal dit uit dekking.yaml" in result.stdout
    assert "        a: nee\n" in result.stdout or "        a: ja\n" in result.stdout


def test_what_is_out_of_reach_says_so_and_asks_for_words(declaring: Callable[..., Result]) -> None:
    result = declaring(OUT_OF_REACH)
    assert result.exit_code == 1
    assert "    niet te bewijzen: basis (2020-01-01): toegepast (alleen regels, criteria, waarden en rijen worden bewezen" in result.stdout
    assert "schrijf `bewijs: in woorden` erbij" in result.stdout


def test_json_tells_each_proof(declaring: Callable[..., Result]) -> None:
    found = json.loads(declaring(NEVER + REACHED, "--json").stdout)["dekking"]["bewijzen"]
    assert [proof["uitslag"] for proof in found] == ["bewezen", "wel te bereiken"]
    assert "a" in found[1]["zaak"]["aanvraag"]["gegevens"]


def test_without_the_solver_coverage_says_that_nothing_is_proved(declaring: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *more: None if name == "z3" else find(name, *more))
    result = declaring(REACHED)
    assert result.exit_code == 0
    assert "Onbereikbaar: 1, niet bewezen. Om te bewijzen is z3 nodig" in result.stdout
