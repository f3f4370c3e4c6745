# SPDX-License-Identifier: EUPL-1.2
"""Amounts out to a spreadsheet and back in: only what changed changes, and nothing is dropped without a word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from difflib import unified_diff
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from typer.testing import CliRunner

from cli.main import app
from engine.authoring import sheets
from engine.language.reading import read_document
from engine.model import documents as doc
from engine.model.problems import RulesError
from tests.helpers import law
from tests.law import RULES

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl (extra `rekenblad`) is not installed")

SMALL = """# Kop die blijft
bedragen:
  # Opmerking bij de norm
  norm:
    bron: art. 1
    eenheid: EUR per maand
    waarden:
      2026-01-01: 1402.36

      # hier tussen
      2026-07-01:
        waarde: 1419.46
        opmerking: "nagerekend"
  aandeel:
    bron: art. 2
    eenheid: percentage
    ingevoerd tot en met: 2026-12-31
    waarden:
      2026-01-01: 40%
      2026-07-01: onbekend
  leeftijd:
    bron: art. 3
    eenheid: jaar
    waarden:
      2026-01-01: "66 jaar + 10 maanden"
"""
FILE = "bedragen.yaml"
VALUE, FROM, UNTIL = (sheets.COLUMNS.index(name) + 1 for name in ("waarde", "vanaf", "ingevoerd tot en met"))


def edited(text: str, change: Callable[[Any], None]) -> bytes:
    """A workbook of a text, with a change made in it as in a spreadsheet."""
    workbook = openpyxl.load_workbook(BytesIO(sheets.to_sheet(text, FILE)))
    change(workbook[sheets.TITLE])
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def taken(text: str, change: Callable[[Any], None]) -> str:
    return sheets.from_sheet(edited(text, change), "blad.xlsx", text, FILE)[0]


def differences(before: str, after: str) -> list[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def row_of(sheet: Any, name: str, day: date) -> int:
    return next(int(row[0].row) for row in sheet.iter_rows(min_row=2) if row[0].value == name and row[FROM - 1].value.date() == day)


def put(name: str, day: date, value: Any) -> Callable[[Any], None]:
    return lambda sheet: setattr(sheet.cell(row_of(sheet, name, day), VALUE), "value", value)


def test_a_sheet_has_a_row_for_each_value() -> None:
    sheet = openpyxl.load_workbook(BytesIO(sheets.to_sheet(SMALL, FILE)))[sheets.TITLE]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[FROM - 1].date().isoformat(), row[VALUE - 1]) for row in found] == [
        ("norm", "2026-01-01", 1402.36),
        ("norm", "2026-07-01", 1419.46),
        ("aandeel", "2026-01-01", 0.4),
        ("aandeel", "2026-07-01", "onbekend"),
        ("leeftijd", "2026-01-01", "66 jaar + 10 maanden"),
    ]


@pytest.mark.parametrize("path", sorted(RULES.glob("*/bedragen.yaml")), ids=lambda path: path.parent.name)
def test_a_sheet_that_nobody_touched_changes_no_byte(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert sheets.from_sheet(sheets.to_sheet(text, FILE), "blad.xlsx", text, FILE) == (text, ())


@pytest.mark.parametrize(
    ("name", "day", "value", "wanted"),
    [
        ("norm", date(2026, 1, 1), 1402.4, ["-      2026-01-01: 1402.36", "+      2026-01-01: 1402.40"]),
        ("norm", date(2026, 1, 1), 1500, ["-      2026-01-01: 1402.36", "+      2026-01-01: 1500"]),
        ("norm", date(2026, 1, 1), "1402.37", ["-      2026-01-01: 1402.36", "+      2026-01-01: 1402.37"]),
        ("norm", date(2026, 7, 1), 1420, ["-        waarde: 1419.46", "+        waarde: 1420"]),
        ("norm", date(2026, 1, 1), "onbekend", ["-      2026-01-01: 1402.36", "+      2026-01-01: onbekend"]),
        ("aandeel", date(2026, 1, 1), 0.425, ["-      2026-01-01: 40%", "+      2026-01-01: 42.5%"]),
        ("aandeel", date(2026, 7, 1), 0.5, ["-      2026-07-01: onbekend", "+      2026-07-01: 50%"]),
        ("leeftijd", date(2026, 1, 1), 67, ['-      2026-01-01: "66 jaar + 10 maanden"', '+      2026-01-01: "67"']),
        ("norm", date(2026, 1, 1), 1402.36, []),
        ("norm", date(2026, 1, 1), "1402.360", []),
    ],
)
def test_a_changed_value_changes_its_own_line_and_no_other(name: str, day: date, value: Any, wanted: list[str]) -> None:
    assert differences(SMALL, taken(SMALL, put(name, day, value))) == wanted


def test_a_new_row_becomes_a_line_in_its_place() -> None:
    def change(sheet: Any) -> None:
        sheet.append(["norm", None, None, None, None, date(2026, 4, 1), 1410.5])
        sheet.append(["norm", None, None, None, None, date(2027, 1, 1), 1450])
        sheet.append(["leeftijd", None, None, None, None, "2025-01-01", "66 jaar + 9 maanden"])

    after = taken(SMALL, change)
    assert differences(SMALL, after) == [
        "+      2026-04-01: 1410.50",
        "+      2027-01-01: 1450",
        "+      2025-01-01: 66 jaar + 9 maanden",
    ]
    document, _ = read_document(after, FILE, doc.AmountsDoc)
    assert list(document.amounts["norm"].values) == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2027, 1, 1)]


def test_the_last_day_of_a_series_can_move_and_can_be_added() -> None:
    def change(sheet: Any) -> None:
        for row in sheet.iter_rows(min_row=2):
            if row[0].value in ("aandeel", "leeftijd"):
                row[UNTIL - 1].value = date(2027, 12, 31)

    assert differences(SMALL, taken(SMALL, change)) == [
        "-    ingevoerd tot en met: 2026-12-31",
        "+    ingevoerd tot en met: 2027-12-31",
        "+    ingevoerd tot en met: 2027-12-31",
    ]


def test_a_row_that_was_taken_away_leaves_the_value_as_it_is() -> None:
    assert taken(SMALL, lambda sheet: sheet.delete_rows(2)) == SMALL


def test_the_line_ends_of_windows_stay() -> None:
    text = SMALL.replace("\n", "\r\n")
    after = taken(text, lambda sheet: sheet.append(["norm", None, None, None, None, date(2027, 1, 1), 1450]))
    assert after.count("\r\n") == after.count("\n") == text.count("\n") + 1


def cell(column: str, value: Any) -> Callable[[Any], None]:
    return lambda sheet: setattr(sheet.cell(2, sheets.COLUMNS.index(column) + 1), "value", value)


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        (cell("naam", "nrom"), "TS-X02", 1),
        (cell("waarde", "1.402,36"), "TS-X03", VALUE),
        (cell("waarde", 1402.361), "TS-X03", VALUE),
        (cell("waarde", None), "TS-X03", VALUE),
        (cell("vanaf", "1-1-2026"), "TS-X03", FROM),
        (cell("eenheid", "EUR per jaar"), "TS-X04", 4),
        (cell("bron", "art. 9"), "TS-X04", 3),
        (cell("ingevoerd tot en met", date(2027, 1, 1)), "TS-X05", UNTIL),
        (cell("vanaf", date(2026, 7, 1)), "TS-X05", FROM),
        (cell("naam", "naam"), "TS-X02", 1),
        (lambda sheet: setattr(sheet, "title", "Blad1"), "TS-X01", 0),
        (lambda sheet: sheet.delete_cols(3), "TS-X01", 1),
    ],
)
def test_what_cannot_come_back_is_refused_at_its_cell(change: Callable[[Any], None], code: str, column: int) -> None:
    with pytest.raises(RulesError) as caught:
        taken(SMALL, change)
    assert (code, column) in {(problem.code, problem.place.column) for problem in caught.value.problems}


@pytest.mark.parametrize("data", [b"", b"naam;waarde\nnorm;3\n", b"PK\x03\x04rommel"])
def test_a_file_that_is_no_spreadsheet_is_refused(data: bytes) -> None:
    with pytest.raises(RulesError) as caught:
        sheets.from_sheet(data, "blad.xlsx", SMALL, FILE)
    assert caught.value.problems[0].code == "TS-X01"


def test_a_series_between_braces_takes_no_new_line() -> None:
    text = "bedragen:\n  norm: {bron: art. 1, eenheid: EUR, waarden: {2026-01-01: 100}}\n"
    with pytest.raises(RulesError) as caught:
        taken(text, lambda sheet: sheet.append(["norm", None, None, None, None, date(2027, 1, 1), 110]))
    assert caught.value.problems[0].code == "TS-X06"
    assert "2026-01-01: 105" in taken(text, put("norm", date(2026, 1, 1), 105))


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    text = SMALL.replace("bron: art. 2", 'bron: "=1+1"')
    sheet = openpyxl.load_workbook(BytesIO(sheets.to_sheet(text, FILE)))[sheets.TITLE]
    assert {row[2].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    assert taken(text, lambda sheet: None) == text


@settings(max_examples=25)
@given(cents=st.integers(0, 10**9))
def test_any_amount_comes_back_to_the_cent(cents: int) -> None:
    wanted = Decimal(cents) / 100
    document, _ = read_document(taken(SMALL, put("norm", date(2026, 1, 1), float(wanted))), FILE, doc.AmountsDoc)
    assert Decimal(str(document.amounts["norm"].values[date(2026, 1, 1)])) == wanted


def test_numbers_and_shares_of_every_unit_come_back() -> None:
    text = "bedragen:\n" + "".join(
        f"  {name}:\n    bron: art. 1\n    eenheid: {unit}\n    waarden:\n      2026-01-01: {value}\n"
        for name, unit, value in (
            ("aa", "getal", "1.5"),
            ("bb", "geheel getal", "7"),
            ("cc", "dagen", "28"),
            ("dd", "percentage", "33.33%"),
        )
    )
    assert taken(text, lambda sheet: None) == text
    day = date(2026, 1, 1)
    assert "2026-01-01: 2.25" in taken(text, put("aa", day, 2.25))
    assert "2026-01-01: 8" in taken(text, put("bb", day, 8.0))
    assert "2026-01-01: 30" in taken(text, put("cc", day, 30))
    assert "2026-01-01: 0%" in taken(text, put("dd", day, 0))


def test_a_value_on_a_line_of_its_own_is_not_guessed_at() -> None:
    text = SMALL.replace("2026-01-01: 1402.36", "2026-01-01:\n        1402.36")
    assert "        1403" in taken(text, put("norm", date(2026, 1, 1), 1403))


def test_without_the_package_the_command_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = CliRunner().invoke(app, ["bedragen-uit", "participatiewet", str(tmp_path / "blad.xlsx")])
    assert result.exit_code == 2
    assert "toetssteen[rekenblad]" in result.stderr


def test_the_commands_go_out_and_in_and_say_what_changed(tmp_path: Path) -> None:
    files = {**law(), "wet/bedragen.yaml": SMALL}
    for path, text in files.items():
        (tmp_path / "rules" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / path).write_text(text, encoding="utf-8")
    rules, blad, run = ["--regels", str(tmp_path / "rules")], tmp_path / "blad.xlsx", CliRunner()
    assert run.invoke(app, ["bedragen-uit", "wet", str(blad), *rules]).exit_code == 0
    blad.write_bytes(edited(SMALL, put("norm", date(2026, 1, 1), 1403)))
    tried = run.invoke(app, ["bedragen-in", "wet", str(blad), "--proef", *rules])
    assert "norm, vanaf 2026-01-01: 1402.36 -> 1403" in tried.stdout
    assert (tmp_path / "rules/wet/bedragen.yaml").read_text(encoding="utf-8") == SMALL
    assert run.invoke(app, ["bedragen-in", "wet", str(blad), *rules]).exit_code == 0
    assert "2026-01-01: 1403" in (tmp_path / "rules/wet/bedragen.yaml").read_text(encoding="utf-8")
    assert run.invoke(app, ["bedragen-uit", "wte", str(blad), *rules]).exit_code == 2
    blad.write_bytes(edited(SMALL, put("norm", date(2026, 1, 1), "veel")))
    refused = run.invoke(app, ["bedragen-in", "wet", str(blad), *rules])
    assert refused.exit_code == 1
    assert "blad.xlsx:2:7: fout TS-X03" in refused.stderr
