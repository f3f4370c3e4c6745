# SPDX-License-Identifier: EUPL-1.2
"""Deciding on the command line: what a record lacks, the decision as it is told, the register, and what it teaches."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from engine.passes.assess import assess
from tests.law import EXAMPLES, example, law

run = CliRunner()
REFUSAL = str(EXAMPLES / "2-weigering-met-deur.json")


@lru_cache(maxsize=1)
def record() -> Mapping[str, Any]:
    """A complete record of a deviation in the second example."""
    return {
        "besluit": "afgeweken",
        "optie": "optie.pw.deur.16.1",
        "rol": "teamleider",
        "door": "A. de Wit",
        "datum": "2026-09-03",
        "eigenWoorden": "Zonder inkomen breekt hij zijn behandeling af, en dan is studeren straks ook niet meer aan de orde.",
        "motief": "Behandeling zou stoppen zonder inkomen.",
        "verworpenArgumenten": [
            {"argument": argument.decl.id, "reden": "Wie gezond is kan wachten, deze jongere niet."}
            for argument in assess(example("2-"), law()).second.arguments
        ],
        "gehoord": {"gehoord": True, "datum": "2026-08-30"},
    }


def written(folder: Path, **changes: Any) -> str:
    """A record in a file; None takes a key away."""
    path = folder / "vastlegging.json"
    kept = {key: value for key, value in {**record(), **changes}.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")
    return str(path)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def filled(path: Path, count: int, **more: Any) -> Path:
    """A register of so many decisions."""
    decision = {"datum": "2026-03-01", "regeling": "wet", "gronden": ["wet.1"], "deur": "wet.deur", "afgeweken": True, "motief": "zo"}
    path.write_text("".join(json.dumps({"id": f"d{number}", **decision, **more}) + "\n" for number in range(count)), encoding="utf-8")
    return path


# --- besluit ---------------------------------------------------------------------------------------------------------


def test_a_complete_record_is_told_as_a_decision_of_a_person(tmp_path: Path) -> None:
    result = run.invoke(app, ["besluit", REFUSAL, written(tmp_path)])
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("11. Advies en besluit")
    assert "Besluit van A. de Wit (teamleider) op 2026-09-03" in result.stdout
    assert "UITKOMST" not in result.stdout


def test_an_incomplete_record_is_no_decision_and_everything_that_lacks_is_told(tmp_path: Path) -> None:
    register = tmp_path / "register.jsonl"
    file = written(tmp_path, rol="consulent", gehoord=None, verworpenArgumenten=None)
    result = run.invoke(app, ["besluit", REFUSAL, file, "--schrijf", str(register)])
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "er is nog geen besluit" in result.stderr
    for code in ("TS-H06", "TS-H09", "TS-H10"):
        assert code in result.stderr
    assert not register.exists()


def test_the_engine_s_own_words_are_no_decision(tmp_path: Path) -> None:
    copied = "U bent jonger dan 27 en kunt een opleiding volgen. Dan gaat de opleiding voor."
    result = run.invoke(app, ["besluit", REFUSAL, written(tmp_path, eigenWoorden=copied)])
    assert result.exit_code == 3
    assert "TS-H08" in result.stderr


def test_a_record_in_yaml_is_told_with_the_line_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "vastlegging.yaml"
    path.write_text("besluit: gevolgd\noptie: opt.regeluitkomst\ndatum: morgen\n", encoding="utf-8")
    result = run.invoke(app, ["besluit", REFUSAL, str(path)])
    assert result.exit_code == 3
    assert "/datum (regel 3): fout TS-H02" in result.stderr


def test_a_record_of_a_day_that_is_still_to_come_is_no_decision(tmp_path: Path) -> None:
    result = run.invoke(app, ["besluit", REFUSAL, written(tmp_path, datum="9999-12-31")])
    assert result.exit_code == 3
    assert "/datum: fout TS-H21" in result.stderr


def test_a_file_that_holds_no_record_or_claim_is_refused_by_name(tmp_path: Path) -> None:
    gone = run.invoke(app, ["besluit", REFUSAL, str(tmp_path / "weg.json")])
    assert gone.exit_code == 3
    assert "weg.json" in gone.stderr
    text = tmp_path / "besluit.txt"
    text.write_text("ja", encoding="utf-8")
    assert "Een vastlegging is JSON of YAML" in run.invoke(app, ["besluit", REFUSAL, str(text)]).stderr


def test_a_decision_is_added_to_the_register_once_and_without_the_person(tmp_path: Path) -> None:
    register = tmp_path / "register.jsonl"
    first = run.invoke(app, ["besluit", REFUSAL, written(tmp_path), "--schrijf", str(register)])
    assert first.exit_code == 0, first.stderr
    again = run.invoke(app, ["besluit", REFUSAL, written(tmp_path), "--precedenten", str(register), "--schrijf", str(register)])
    assert again.exit_code == 0, again.stderr
    assert "staat al in" in again.stderr
    (line,) = lines(register)
    assert (line["gronden"], line["deur"], line["afgeweken"]) == (["pw.13.2.c"], "pw.deur.16.1", True)
    text = register.read_text(encoding="utf-8")
    assert "Wit" not in text
    assert "2004" not in text
    other = run.invoke(app, ["besluit", REFUSAL, written(tmp_path, datum="2026-09-04"), "--schrijf", str(register)])
    assert other.exit_code == 0
    assert len(lines(register)) == 2


def test_a_register_without_a_line_break_at_its_end_is_not_broken(tmp_path: Path) -> None:
    register = filled(tmp_path / "register.jsonl", 1)
    register.write_text(register.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    assert run.invoke(app, ["besluit", REFUSAL, written(tmp_path), "--schrijf", str(register)]).exit_code == 0
    assert len(lines(register)) == 2


def test_an_earlier_decision_that_came_out_otherwise_asks_for_the_difference(tmp_path: Path) -> None:
    register = filled(tmp_path / "register.jsonl", 1, gronden=["pw.13.2.c"], deur="pw.deur.16.1", afgeweken=False)
    command = ["besluit", REFUSAL, written(tmp_path), "--precedenten", str(register)]
    result = run.invoke(app, command)
    assert result.exit_code == 3
    assert "TS-H16" in result.stderr
    difference = [{"precedent": "d0", "verschil": "Daar liep er geen behandeling."}]
    assert run.invoke(app, ["besluit", REFUSAL, written(tmp_path, verschilMetPrecedent=difference), *command[3:]]).exit_code == 0


def test_a_decision_in_which_nothing_was_weighed_adds_nothing(tmp_path: Path) -> None:
    register = tmp_path / "register.jsonl"
    file = written(
        tmp_path,
        besluit="gevolgd",
        optie="opt.regeluitkomst",
        verworpenArgumenten=None,
        beoogdEffect="geen effect genoemd",
        motief="Er is recht op.",
    )
    grant = json.loads((EXAMPLES / "1-toekenning.json").read_text(encoding="utf-8"))
    grant.pop("beoogdeEffecten", None)
    claim = tmp_path / "aanvraag.json"
    claim.write_text(json.dumps(grant), encoding="utf-8")
    result = run.invoke(app, ["besluit", str(claim), file, "--schrijf", str(register)])
    assert result.exit_code == 0, result.stderr
    assert "Niets toegevoegd" in result.stderr
    assert not register.exists()


# --- bereken with earlier decisions ----------------------------------------------------------------------------------


def test_an_assessment_compares_with_the_decisions_of_a_register(tmp_path: Path) -> None:
    register = filled(tmp_path / "register.jsonl", 2, gronden=["pw.13.2.c"], deur="pw.deur.16.1")
    result = run.invoke(app, ["bereken", REFUSAL, "--precedenten", str(register)])
    assert "Eerdere besluiten met dezelfde grond en deur: 2." in result.stdout


@pytest.mark.parametrize("command", [["bereken", REFUSAL, "--precedenten"], ["leren"]])
def test_a_register_that_is_wrong_or_gone_is_refused_with_its_lines(command: list[str], tmp_path: Path) -> None:
    register = filled(tmp_path / "register.jsonl", 2, afgeweken="soms")
    wrong = run.invoke(app, [*command, str(register)])
    assert wrong.exit_code == 3
    assert f"{register}:2:1" in wrong.stderr
    assert run.invoke(app, [*command, str(tmp_path / "weg.jsonl")]).exit_code == 2


# --- leren -----------------------------------------------------------------------------------------------------------


def test_a_register_tells_what_recurs_and_how_often_advice_is_followed(tmp_path: Path) -> None:
    register = filled(tmp_path / "register.jsonl", 20, advies="afwijken_onderbouwd", adviesGevolgd=True, gemeente="GM0000")
    result = run.invoke(app, ["leren", str(register)])
    assert result.exit_code == 0
    assert "Het register telt 20 besluiten, van 2026-03-01 tot en met 2026-03-01." in result.stdout
    assert "- wet.1 (wet), deur wet.deur: 20 keer afgeweken, 0 keer niet." in result.stdout
    assert "- Maak beleid. In GM0000" in result.stdout
    assert "- afwijken onderbouwd: 20 van de 20 (100,0%)." in result.stdout
    assert "LET OP: Een advies dat bijna altijd wordt gevolgd, is in feite een automatisch besluit" in result.stdout


def test_a_small_register_tells_no_more_than_it_can(tmp_path: Path) -> None:
    result = run.invoke(app, ["leren", str(filled(tmp_path / "register.jsonl", 3))])
    assert "Maak beleid" not in result.stdout
    assert "Maak beleid" in run.invoke(app, ["leren", str(tmp_path / "register.jsonl"), "--vanaf", "3"]).stdout
    assert run.invoke(app, ["leren", str(filled(tmp_path / "leeg.jsonl", 0))]).stdout == "Het register telt 0 besluiten.\n"


def test_the_same_is_given_as_json(tmp_path: Path) -> None:
    data = json.loads(run.invoke(app, ["leren", str(filled(tmp_path / "register.jsonl", 6)), "--json"]).stdout)
    assert data["aantal"] == 6
    assert [ticket["aantal"] for ticket in data["maakBeleid"]] == [6]


def test_what_is_given_away_hides_small_counts(tmp_path: Path) -> None:
    register = str(filled(tmp_path / "register.jsonl", 6, advies="=1+1"))
    as_json, as_csv = tmp_path / "uit.json", tmp_path / "uit.csv"
    assert run.invoke(app, ["leren", register, "--export", str(as_json)]).exit_code == 0
    data = json.loads(as_json.read_text(encoding="utf-8"))
    assert data["afwijkingen"][0]["afgeweken"] == 6
    assert data["afwijkingen"][0]["nietAfgeweken"] == "<5"
    assert run.invoke(app, ["leren", register, "--export", str(as_csv)]).exit_code == 0
    rows = list(csv.reader(as_csv.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    assert rows[0][0] == "regeling"
    assert rows[2][3] == "'=1+1"
    assert run.invoke(app, ["leren", register, "--export", str(tmp_path / "uit.xlsx")]).exit_code == 2
