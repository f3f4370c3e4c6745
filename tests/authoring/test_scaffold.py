# SPDX-License-Identifier: EUPL-1.2
"""New files to start from: they load at once, and nothing that was there is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from cli.main import app
from engine.authoring import scaffold
from engine.authoring.tests import run_tests
from engine.model.problems import RulesError
from engine.rulebook import load_files

DAY = date(2026, 1, 1)


def started() -> dict[str, str]:
    files = scaffold.law({}, "wmo", "Wet maatschappelijke ondersteuning 2015", "BWBR0035362")
    return {**files, **scaffold.claim(files, "wmo/hulp", "Hulp bij het huishouden", DAY)}


def test_a_new_law_with_a_claim_and_tests_loads_without_a_warning() -> None:
    files = started()
    files |= scaffold.tests(files, "wmo/hulp", "eerste", date(2026, 7, 15))
    book = load_files(files)
    assert list(book.programs) == ["wmo/hulp"]
    assert book.warnings == ()
    assert [result.passed for result in run_tests(book)] == [True]


def test_every_new_file_starts_with_its_schema() -> None:
    assert all(text.startswith("# yaml-language-server: $schema=../") for text in started().values())


def test_a_second_claim_of_a_law_keeps_the_facts_of_the_first() -> None:
    files = started()
    files |= scaffold.claim(files, "wmo/vervoer", "Vervoer", DAY)
    assert files["wmo/gegevens.yaml"].index("voldoet_vervoer") < files["wmo/gegevens.yaml"].index("voldoet_hulp")
    assert set(load_files(files).programs) == {"wmo/hulp", "wmo/vervoer"}


def test_a_fact_is_added_to_a_file_that_had_only_groups() -> None:
    files = {**scaffold.law({}, "wmo", "Wmo"), "wmo/gegevens.yaml": "groepen:\n  kind:\n    thuis: {soort: ja/nee}\n"}
    files |= scaffold.claim(files, "wmo/hulp", "Hulp", DAY)
    assert "wmo/hulp" in load_files(files).programs


@given(title=st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and text.strip()))
def test_any_title_can_be_read_back(title: str) -> None:
    book = load_files({**(files := scaffold.law({}, "wmo", title)), **scaffold.claim(files, "wmo/hulp", title, DAY)})
    assert book.laws["wmo"].name == " ".join(title.split())


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda files: scaffold.law(files, "wmo", "Wmo"), "TS-B06"),
        (lambda files: scaffold.law(files, "Wmo", "Wmo"), "TS-B07"),
        (lambda files: scaffold.law(files, "gemeenten", "Gemeenten"), "TS-B07"),
        (lambda files: scaffold.claim(files, "wmo", "Hulp", DAY), "TS-B07"),
        (lambda files: scaffold.claim(files, "wmo/hulp/thuis", "Hulp", DAY), "TS-B07"),
        (lambda files: scaffold.claim(files, "wmo/hulp", "Hulp", DAY), "TS-B06"),
        (lambda files: scaffold.claim(files, "zvw/zorg", "Zorg", DAY), "TS-B04"),
        (lambda files: scaffold.tests(files, "wmo/vervoer", "eerste", DAY), "TS-B04"),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(make, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RulesError) as caught:
        make(started())
    assert [problem.code for problem in caught.value.problems] == [code]


def test_the_command_writes_files_that_controleer_accepts(tmp_path: Path) -> None:
    rules, run = tmp_path / "rules", CliRunner()
    rules.mkdir()
    for words in (
        ["regeling", "wmo", "--titel", "Wmo 2015"],
        ["aanspraak", "wmo/hulp", "--titel", "Hulp", "--vanaf", "2026-01-01"],
        ["toets", "wmo/hulp", "--naam", "eerste", "--peildatum", "2026-07-15"],
    ):
        result = run.invoke(app, ["nieuw", *words, "--regels", str(rules)])
        assert result.exit_code == 0, result.output
    assert run.invoke(app, ["controleer", str(rules), "--streng"]).exit_code == 0
    assert run.invoke(app, ["toets", str(rules)]).exit_code == 0
    again = run.invoke(app, ["nieuw", "regeling", "wmo", "--titel", "Wmo", "--regels", str(rules)])
    assert again.exit_code == 2
    assert "bestaat al" in again.output


def test_nothing_is_written_beside_rules_that_do_not_load(tmp_path: Path) -> None:
    (tmp_path / "wet").mkdir()
    (tmp_path / "wet" / "regeling.yaml").write_text("nam: Wet\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["nieuw", "regeling", "wmo", "--titel", "Wmo", "--regels", str(tmp_path)])
    assert result.exit_code == 1
    assert not (tmp_path / "wmo").exists()
