# SPDX-License-Identifier: EUPL-1.2
"""Bad input as a policy adviser makes it: each gives one sentence with the place and a way out, and never a traceback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from engine.model.problems import MAX_SHOWN, excerpt
from tests.helpers import law

run = CliRunner()
RULES = "wet/aanspraak/2020-01-01.yaml"
AMOUNTS = "wet/bedragen.yaml"
SERIES = "bedragen:\n  norm:\n    bron: art. 1\n    eenheid: EUR per maand\n    waarden:\n      2026-01-01: "

BAD: dict[str, tuple[str, bytes | str, str | None, str, str]] = {
    "broken yaml": (AMOUNTS, "bedragen:\n  norm: [a, b\n  c: d\n", "2:9", "TS-Y05", "Sluit de lijst met `]`"),
    "a tab": (AMOUNTS, "bedragen:\n\tnorm: x\n", "2:1", "TS-Y03", "Gebruik spaties om in te springen."),
    "a word quote": (AMOUNTS, "bedragen:\n  norm:\n    bron: “art. 1”\n", "3:11", "TS-Y11", "Gebruik een recht aanhalingsteken"),
    "a comma decimal": (AMOUNTS, SERIES + "1.419,46\n", "6:19", "TS-A03", "1419.46"),
    "a ten megabyte file": (AMOUNTS, "# " + "x" * 10_000_000 + "\n", None, "TS-Y01", "Verdeel het over meer bestanden."),
    "an alias bomb": (
        AMOUNTS,
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "1:4",
        "TS-Y08",
        "Schrijf de waarde op elke plaats voluit.",
    ),
    "a hundred thousand brackets": (AMOUNTS, "[" * 100_000, "1:", "TS-Y05", "Maak de structuur platter."),
    "another encoding": (AMOUNTS, "bedragen: één\n".encode("latin-1"), "1:", "TS-Y02", "Sla het op als UTF-8"),
    "an empty key": (AMOUNTS, "bedragen:\n", "1:1", "TS-Y14", "Vul hem in, of laat de sleutel weg."),
    "a key twice": (AMOUNTS, SERIES + "1\n      2026-01-01: 2\n", "7:7", "TS-Y13", "Laat er een weg."),
}


def folder(tmp_path: Path, more: Mapping[str, bytes | str]) -> Path:
    files: dict[str, bytes | str] = {**law(), **more}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return tmp_path


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gives_one_sentence_that_helps(name: str, tmp_path: Path) -> None:
    path, text, place, code, remedy = BAD[name]
    result = run.invoke(app, ["controleer", str(folder(tmp_path, {path: text}))])
    assert result.exit_code == 1
    first, *_, last = result.stderr.strip().split("\n")
    assert first.startswith(f"{path}:{place}" if place else path)
    assert f"fout {code}: " in first
    assert remedy in first
    assert last == f"{'7 fouten' if name == 'an alias bomb' else '1 fout'}; er is niets geladen."
    assert "Traceback" not in result.output
    assert max(len(line) for line in result.stderr.split("\n")) < 1_000


def test_the_line_ends_of_windows_change_nothing(tmp_path: Path) -> None:
    files = {path: text.replace("\n", "\r\n") for path, text in law().items()}
    result = run.invoke(app, ["controleer", str(folder(tmp_path, files))])
    assert result.exit_code == 0
    wrong = {AMOUNTS: (SERIES + "1.419,46\n").replace("\n", "\r\n")}
    refused = run.invoke(app, ["controleer", str(folder(tmp_path, wrong))])
    assert refused.stderr.startswith(f"{AMOUNTS}:6:19: fout TS-A03")


def test_a_mistake_is_shown_with_its_line_and_a_mark_and_no_more(tmp_path: Path) -> None:
    result = run.invoke(app, ["controleer", str(folder(tmp_path, {AMOUNTS: SERIES + "veel\n"}))])
    _, shown, mark, last = result.stderr.rstrip("\n").split("\n")
    assert shown == "          2026-01-01: veel"
    assert mark.index("^") == shown.index("veel")
    assert last.endswith("er is niets geladen.")


@pytest.mark.parametrize("at", [0, 500, 5_000, 9_999])
def test_of_a_very_long_line_the_part_around_the_mistake_is_shown(at: int) -> None:
    line = "a" * at + "X" + "a" * (9_999 - at)
    shown, column = excerpt(line, at + 1)
    assert shown[column - 1] == "X"
    assert len(shown) <= MAX_SHOWN + 2
