# SPDX-License-Identifier: EUPL-1.2
"""Files of many claims, read one by one: JSON Lines, CSV with dotted columns, Parquet. Memory does not grow with the file.

A column is named by its path: ``aanspraak``, ``peildatum``, ``aanvrager.geboortedatum``, ``kinderen.0.geboortedatum``.
What is not a key of the claim itself stands under ``gegevens``. An empty cell is a fact that is not given; a cell that
starts with `[` or `{` is JSON, so that `[]` is an empty list. A name that has dots of its own stands between brackets.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from api.reader import MAX_BYTES, receive_json
from engine.authoring.impact import Row
from engine.model.claim import Received
from engine.model.problems import ClaimError, InvalidInput, Place, Problem, choose, pointer_to
from engine.passes.intake import KEYS

ENDINGS = (".jsonl", ".ndjson", ".csv", ".parquet")
_BATCH = 500
_PART = re.compile(r"\[([^\]]*)\]|((?:[^.\[(]|\([^)]*\))+)")


@dataclass
class ClaimFile:
    """A file of claims; ``size`` counts what there is to read (bytes, or rows of Parquet) and ``read`` what was read."""

    path: Path
    size: int = 0
    read: int = 0

    def rows(self) -> Iterator[Row]:
        """The claims with their numbers. Raises :class:`InvalidInput` when the file as a whole cannot be read."""
        reader: Callable[[], Iterator[Row]] | None = {
            ".jsonl": self._lines,
            ".ndjson": self._lines,
            ".csv": self._csv,
            ".parquet": self._parquet,
        }.get(self.path.suffix.lower())
        if reader is None:
            raise self._unreadable(f"`{self.path.suffix}` is geen bestand met zaken.", choose(ENDINGS))
        try:
            yield from reader()
        except OSError as error:
            raise self._unreadable(f"Het bestand is niet te lezen: {error.strerror or error}.", "Controleer de naam.") from None

    def _unreadable(self, cause: str, remedy: str) -> InvalidInput:
        return ClaimError([Problem("TS-Z25", Place(str(self.path)), cause, remedy)])

    def _open(self) -> BinaryIO:
        self.size = self.path.stat().st_size
        return self.path.open("rb")

    def _lines(self) -> Iterator[Row]:
        with self._open() as file:
            number = 0
            while line := file.readline(MAX_BYTES + 1):
                number += 1
                self.read += len(line)
                whole = line.endswith(b"\n") or len(line) <= MAX_BYTES
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not whole:
                    self._skip(file)
                    yield number, Problem("TS-J01", Place(pointer=""), "De zaak is te groot.", "")
                elif line.strip():
                    yield number, line

    def _skip(self, file: BinaryIO) -> None:
        """Read past the rest of a line that is too long."""
        while (rest := file.readline(MAX_BYTES)) and not rest.endswith(b"\n"):
            self.read += len(rest)

    def _csv(self) -> Iterator[Row]:
        with self._open() as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
            try:
                yield from self._cells(self._measured(file))
            except (csv.Error, UnicodeDecodeError) as error:
                remedy = "Bewaar het als CSV (UTF-8), met een komma of puntkomma."
                raise self._unreadable(f"Dit is geen CSV in UTF-8: {error}.", remedy) from None

    def _cells(self, lines: Iterator[str]) -> Iterator[Row]:
        head = next(lines, "")
        mark = ";" if head.count(";") > head.count(",") else ","
        columns = next(csv.reader([head], delimiter=mark), [])
        if twice := next((column for column in columns if columns.count(column) > 1), None):
            raise self._unreadable(f"De kolom `{twice}` staat er twee keer.", "Geef elke kolom een eigen naam.")
        for number, cells in enumerate(csv.reader(lines, delimiter=mark, strict=True), 1):
            if len(cells) > len(columns):
                yield number, Problem("TS-Z02", Place(pointer=""), "Er zijn meer cellen dan kolommen.", "")
            elif any(cells):
                yield number, _claim({column: cell for column, cell in zip(columns, cells, strict=False) if cell != ""})

    def _measured(self, file: io.TextIOWrapper) -> Iterator[str]:
        while line := file.readline(MAX_BYTES + 1):
            if len(line) > MAX_BYTES:
                raise csv.Error("een regel is te lang")
            self.read += len(line.encode())
            yield line

    def _parquet(self) -> Iterator[Row]:
        try:
            from pyarrow import ArrowException, parquet  # noqa: PLC0415
        except ImportError:
            raise self._unreadable("Om Parquet te lezen is pyarrow nodig.", "Installeer `toetssteen[gevolgen]`.") from None
        try:
            with parquet.ParquetFile(self.path) as file:
                self.size = file.metadata.num_rows
                for batch in file.iter_batches(batch_size=_BATCH):
                    for row in batch.to_pylist():
                        self.read += 1
                        yield self.read, _claim({column: _plain(cell) for column, cell in row.items() if cell is not None})
        except ArrowException as error:
            raise self._unreadable(f"Dit is geen Parquet: {error}.", "Controleer het bestand.") from None


def _plain(cell: Any) -> Any:
    """A cell of Parquet as JSON would carry it; what is empty inside it is left out."""
    if isinstance(cell, Mapping):
        return {key: _plain(inner) for key, inner in cell.items() if inner is not None}
    if isinstance(cell, list):
        return [_plain(inner) for inner in cell if inner is not None]
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == cell.time().min else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell


def _claim(cells: Mapping[str, Any]) -> Received:
    """The claim that a row of cells describes, with what is wrong in the cells."""
    claim: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    problems: list[Problem] = []
    unread: set[str] = set()
    for column, cell in cells.items():
        parts = [bracketed or plain for bracketed, plain in _PART.findall(column)]
        if not parts:
            problems.append(Problem("TS-Z02", Place(pointer=""), "Een kolom heeft geen naam.", ""))
            continue
        target, pointer = (claim, pointer_to(parts)) if parts[0] in KEYS else (facts, pointer_to(("gegevens", *parts)))
        found = _cell(cell)
        problems += [replace(problem, place=Place(pointer=f"{pointer}{problem.place.pointer}")) for problem in found.problems]
        unread |= {f"{pointer}{inside}" for inside in found.unread}
        if not _put(target, parts, found.data):
            problems.append(_same(pointer))
    given = claim.setdefault("gegevens", {})
    if isinstance(given, dict):
        problems += [_same(pointer_to(("gegevens", name))) for name in given.keys() & facts.keys()]
        claim["gegevens"] = facts | given
    elif facts:
        problems.append(_same("/gegevens"))
        claim["gegevens"] = facts
    return Received(_listed(claim), tuple(problems), frozenset(unread))


def _same(pointer: str) -> Problem:
    return Problem("TS-Z02", Place(pointer=pointer), "Twee kolommen zeggen iets over hetzelfde.", "")


def _cell(cell: Any) -> Received:
    """What a cell holds; JSON in it that cannot be read at all is one mistake of the claim."""
    if not isinstance(cell, str) or cell[:1] not in ("[", "{"):
        return Received(cell)
    try:
        return receive_json(cell.encode())
    except InvalidInput as error:
        return Received(None, error.problems, frozenset({""}))


def _put(target: dict[str, Any], parts: list[str], value: Any) -> bool:
    """Put a value at its path; False where something else stands there."""
    for part in parts[:-1]:
        inner = target.setdefault(part, {})
        if not isinstance(inner, dict):
            return False
        target = inner
    if parts[-1] in target:
        return False
    target[parts[-1]] = value
    return True


def _listed(value: Any) -> Any:
    """What is numbered becomes a list."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(found) for key, found in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
