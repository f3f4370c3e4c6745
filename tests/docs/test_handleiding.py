# SPDX-License-Identifier: EUPL-1.2
"""The manual for policy staff works: its steps are done in order, in a copy of the rules, and show what it says they show."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.main import get_command
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).resolve().parents[2]
MANUAL = ROOT / "docs" / "beleid" / "handleiding.md"
LAWS = ("algemeen", "participatiewet", "gemeenten/GM0000/beleidsregels_bijstand.yaml")
"""What the steps use; the other laws would only make the test slow."""
ELSEWHERE = {"bereken", "besluit", "gegevens", "keten", "leren", "opslag", "serveer", "demo", "schema", "sleutel"}
"""Commands that are not for changing rules: the first page has them."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the word behind it (`1`, `fout`), its text, and the line where it starts."""

    language: str
    word: str
    text: str
    line: int

    @property
    def about(self) -> tuple[str, str, str]:
        """The key and value of the first line (`# bestand: x`), and the text below it."""
        first, _, rest = self.text.partition("\n")
        found = re.fullmatch(r"# (bestand|uit|rekenblad): (\S+)", first)
        assert found, f"line {self.line}: the block does not say which file it is about: {first}"
        return found[1], found[2], rest


def blocks() -> list[Block]:
    text = MANUAL.read_text(encoding="utf-8")
    found = re.finditer(r"^```([a-z]+)(?: (\w+))?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [Block(block[1], block[2] or "", block[3], text.count("\n", 0, block.start()) + 1) for block in found]


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block, and the lines that the manual shows below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, shown


class Desk:
    """Somebody who does the steps of the manual: a folder with rules, and a change that is undone after the next command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.undo: tuple[Path, str] | None = None
        self.wrong: list[str] = []

    def do(self, block: Block) -> None:
        match block.language:
            case "console":
                self._type(block)
            case "diff":
                self._change(block)
            case "csv":
                self._fill_in(block)
            case "yaml" | "gherkin":
                self._write(block)
            case _:
                self.wrong.append(f"line {block.line}: nobody does anything with a block `{block.language}`")

    def _type(self, block: Block) -> None:
        for command, shown in commands(block):
            code, output = self._run(command)
            if code != int(block.word or 0):
                self.wrong.append(f"line {block.line}: `{command}` ended with {code}:\n{output}")
            elif (missing := first_not_shown(shown, output)) is not None:
                self.wrong.append(f"line {block.line}: `{command}` does not show `{missing}`:\n{output}")
        if self.undo is not None:
            path, text = self.undo
            path.write_text(text, encoding="utf-8")
            self.undo = None

    def _run(self, command: str) -> tuple[int, str]:
        match shlex.split(command):
            case ["toetssteen", *arguments]:
                result = CliRunner().invoke(app, arguments)
                return result.exit_code, result.output + (f"\n{result.exception!r}" if result.exception else "")
            case ["cp", "-r", source, target]:
                shutil.copytree(self.folder / source, self.folder / target)
            case ["rm", "-r", name]:
                shutil.rmtree(self.folder / name)
            case ["mkdir", name]:
                (self.folder / name).mkdir()
            case ["make", target]:
                assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), target
            case _:
                return -1, "this test does not know the command"
        return 0, ""

    def _change(self, block: Block) -> None:
        _, name, lines = block.about
        path = self.folder / name
        before = "".join(line[1:] + "\n" for line in lines.splitlines() if line[:1] != "+")
        after = "".join(line[1:] + "\n" for line in lines.splitlines() if line[:1] != "-")
        text = path.read_text(encoding="utf-8")
        if text.count(before) != 1:
            self.wrong.append(f"line {block.line}: what is changed stands {text.count(before)} times in {name}:\n{before}")
            return
        if block.word == "fout":
            self.undo = path, text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def _write(self, block: Block) -> None:
        key, name, text = block.about
        path = self.folder / name
        if key == "uit":
            if text not in path.read_text(encoding="utf-8"):
                self.wrong.append(f"line {block.line}: this does not stand in {name}")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _fill_in(self, block: Block) -> None:
        _, name, text = block.about
        book = load_workbook(self.folder / name)
        sheet = book.worksheets[0]
        heads = [cell.value for cell in sheet[1]]
        for row in csv.DictReader(text.splitlines()):
            found = [
                cells
                for cells in sheet.iter_rows(min_row=2)
                if cells[heads.index("naam")].value == row["naam"] and _day(cells[heads.index("vanaf")].value) == row["vanaf"]
            ]
            assert len(found) == 1, f"line {block.line}: {len(found)} rows for {row}"
            found[0][heads.index("waarde")].value = float(row["waarde"])
        book.save(self.folder / name)


def _day(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def first_not_shown(shown: list[str], output: str) -> str | None:
    """The first line of the manual that the output does not have, in this order; `...` stands for anything."""
    lines = iter(line.rstrip() for line in output.splitlines())
    for wanted in shown:
        if wanted.strip() in ("", "..."):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in wanted.rstrip().split("...")))
        if not any(pattern.fullmatch(line) for line in lines):
            return wanted
    return None


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in LAWS:
        source, target = ROOT / "rules" / name, tmp_path / "rules" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOETSSTEEN_REGELS", "rules")
    return Desk(tmp_path)


def test_the_manual_shows_steps_of_every_kind() -> None:
    kinds = Counter(block.language for block in blocks())
    assert kinds["console"] > 10
    assert kinds["yaml"] > 5
    assert kinds["diff"] > 5
    assert kinds["gherkin"] >= 2
    assert kinds["csv"] == 1


def test_the_steps_of_the_manual_do_what_it_says(desk: Desk) -> None:
    steps = blocks()
    assert steps
    for block in steps:
        desk.do(block)
    assert not desk.wrong, "\n\n".join(desk.wrong)


def test_the_manual_uses_every_command_for_changing_rules() -> None:
    group = get_command(app)
    known = set(group.list_commands(group.make_context("toetssteen", [], resilient_parsing=True)))  # type: ignore[attr-defined]
    lines = [command for block in blocks() if block.language == "console" for command, _ in commands(block)]
    typed = {shlex.split(line)[1] for line in lines if line.startswith("toetssteen ")}
    assert known - ELSEWHERE - typed == set()


def test_every_link_of_the_manual_leads_to_a_file_and_heading() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert targets
    assert [t for t in targets if not (t[1:] in anchors if t.startswith("#") else (MANUAL.parent / t).exists())] == []


def test_a_line_that_is_not_in_the_output_is_noticed() -> None:
    assert first_not_shown(["a", "...", "c ... e"], "a\nb\nc d e\n") is None
    assert first_not_shown(["c", "a"], "a\nb\nc\n") == "a"
    assert first_not_shown(["... f"], "a\nb e\n") == "... f"
