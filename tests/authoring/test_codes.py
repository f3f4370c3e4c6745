# SPDX-License-Identifier: EUPL-1.2
"""Every code is explained, every explanation is of a code that exists, and every example does what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.reader import read_json
from cli.main import app
from engine.authoring import codes
from engine.model.problems import InvalidInput
from engine.passes.intake import read_claim
from engine.rulebook import load_files
from tests.helpers import book, claim, law
from tests.law import ROOT

PAGES = ROOT / "docs" / "regels"
CODES = codes.codes()
RUN = [code for code, entry in CODES.items() if entry.form not in ("tekst", "bewijs")]
PROVED = [code for code, entry in CODES.items() if entry.form == "bewijs"]


def raised() -> set[str]:
    """Every code that stands in the source."""
    files = (path for package in ("engine", "api", "cli") for path in (ROOT / package).rglob("*.py"))
    return {code for path in files for code in re.findall(r"\bTS-[A-Z]\d\d\b", path.read_text(encoding="utf-8"))}


def test_every_code_that_is_raised_is_explained_and_no_other() -> None:
    assert sorted(CODES) == sorted(raised())


def test_every_code_belongs_to_a_chapter() -> None:
    assert {codes.chapter(code) for code in CODES} == set(codes.CHAPTERS.values())


def test_the_codes_stand_in_order() -> None:
    assert list(CODES) == sorted(CODES)


def found_in(form: str, example: str) -> set[str]:
    """The codes that an example gives; the tiny law of the tests stands around it."""
    try:
        match form:
            case "regel":
                return {
                    problem.code
                    for problem in book(
                        f"- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  als: {json.dumps(example, ensure_ascii=False)}"
                    ).warnings
                }
            case "regels" | "bewijs":
                return {problem.code for problem in book(example).warnings}
            case "bestanden":
                given = codes.files_in(example)
                return {problem.code for problem in load_files({**law(), **given}).warnings}
            case "gegevens":
                read_claim(claim(json.loads(example)), book())
            case "aanvraag":
                read_claim(json.loads(example), book())
            case "bericht":
                read_json(example.encode())
    except InvalidInput as error:
        return {problem.code for problem in error.problems}
    return set()


@pytest.mark.parametrize("code", RUN)
def test_what_to_avoid_gives_the_code(code: str) -> None:
    assert code in found_in(CODES[code].form, CODES[code].avoid)


@pytest.mark.parametrize("code", RUN)
def test_what_to_write_gives_no_mistake(code: str) -> None:
    allowed = {"TS-N01"} if code != "TS-N01" else set()
    assert found_in(CODES[code].form, CODES[code].prefer) <= allowed


@pytest.mark.parametrize("code", PROVED)
def test_rules_in_which_something_can_be_proved_load(code: str) -> None:
    assert found_in("bewijs", CODES[code].avoid) | found_in("bewijs", CODES[code].prefer) <= {"TS-N01"}


@pytest.mark.parametrize("code", CODES)
def test_every_page_is_the_one_that_the_source_gives(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert text == codes.page(code), "draai `toetssteen uitleg --schrijf docs/regels`"
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## Kort", "## Vermijd", "## Liever", "## Waarom"]


def test_the_index_lists_every_code_and_no_page_is_left_over() -> None:
    assert (PAGES / "README.md").read_text(encoding="utf-8") == codes.index()
    assert {path.stem for path in PAGES.glob("TS-*.md")} == set(CODES)


def test_the_command_explains_lists_and_says_what_was_meant() -> None:
    run = CliRunner()
    assert run.invoke(app, ["uitleg", "ts-l10"]).stdout == codes.page("TS-L10")
    assert f"TS-L10  {CODES['TS-L10'].short}" in run.invoke(app, ["uitleg"]).stdout.splitlines()
    unknown = run.invoke(app, ["uitleg", "TS-L99"])
    assert unknown.exit_code == 2
    assert "`TS-L99` bestaat niet. Bedoelde u" in unknown.stderr


def test_the_command_writes_the_pages(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["uitleg", "--schrijf", str(tmp_path / "regels")]).exit_code == 0
    assert {path.name for path in (tmp_path / "regels").iterdir()} == set(codes.pages())


def test_writing_takes_away_the_page_of_a_code_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "TS-X99.md").write_text("oud", encoding="utf-8")
    codes.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(codes.pages())
