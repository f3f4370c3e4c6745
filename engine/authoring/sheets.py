# SPDX-License-Identifier: EUPL-1.2
"""Amounts out to a spreadsheet and back in. Back in changes only the lines whose value changed: comments and layout stay.

A sheet has one row for each value. What comes back is the value, new rows with a later or earlier date, and the day
until which a series was entered; the other columns are there to read, and a change in them is refused, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from engine.language.kinds import LiteralError, amount_kind, parse_date, parse_literal
from engine.language.reading import Source, read_document
from engine.model import documents as doc
from engine.model.kinds import Base, Kind
from engine.model.problems import Place, Problem, RulesError, ToetssteenError, meant
from engine.model.values import Dimension, Value

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = ("naam", "omschrijving", "bron", "eenheid", "status", "vanaf", "waarde", "ingevoerd tot en met", "opmerking")
TITLE = "bedragen"
UNKNOWN = "onbekend"
_READ_ONLY = ("omschrijving", "bron", "eenheid", "status", "opmerking")
_WIDTHS = (34, 50, 26, 16, 14, 12, 14, 20, 40)


class NoSpreadsheets(ToetssteenError):
    """openpyxl is not installed."""

    def __init__(self) -> None:
        super().__init__("Rekenbladen vragen het pakket openpyxl: pip install 'toetssteen[rekenblad]'.")


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a series as it stands in YAML; ``text`` as it was written."""

    name: str
    decl: doc.AmountDecl
    kind: Kind
    day: date
    text: str
    status: str
    note: str

    def cells(self) -> dict[str, str]:
        """The columns that are only there to read."""
        return {
            "omschrijving": self.decl.description or "",
            "bron": self.decl.source,
            "eenheid": self.decl.unit,
            "status": self.status,
            "opmerking": self.note,
        }


def rows(document: doc.AmountsDoc) -> Iterator[Row]:
    """Every value of a file of amounts, series by series in the order of the file, each by date."""
    for name, decl in document.amounts.items():
        for day, value in sorted(decl.values.items()):
            text, status, note = (value, None, None) if isinstance(value, str) else (value.value, value.status, value.note)
            yield Row(name, decl, amount_kind(decl.unit), day, text, status or decl.status, note or "")


def to_sheet(text: bytes | str, file: str) -> bytes:
    """The amounts of a YAML file as an xlsx workbook. Raises :class:`RulesError` for a file that does not load."""
    document, _ = read_document(text, file, doc.AmountsDoc)
    workbook = _openpyxl().Workbook()
    sheet = workbook.active
    sheet.title = TITLE
    sheet.append(COLUMNS)
    for row in rows(document):
        values = {**row.cells(), "naam": row.name, "vanaf": row.day, "ingevoerd tot en met": row.decl.entered_until}
        sheet.append([_safe(values.get(column)) for column in COLUMNS])
        cell = sheet.cell(sheet.max_row, COLUMNS.index("waarde") + 1)
        cell.value, cell.number_format = _shown(row)
    _dressed(sheet)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value


def _shown(row: Row) -> tuple[Any, str]:
    """A value as a cell, with how it is shown."""
    if row.text == UNKNOWN:
        return UNKNOWN, "General"
    match row.kind.base:
        case Base.MONEY:
            return float(Decimal(row.text)), "#,##0.00"
        case Base.PERCENTAGE:
            share = Decimal(row.text.removesuffix("%")) / 100
            return float(share), "0.00##%"
        case Base.INT | Base.NUMBER:
            return (float(row.text) if "." in row.text else int(row.text)), "General"
        case _:
            return (int(row.text) if row.text.isdigit() else row.text), "General"


def _dressed(sheet: Worksheet) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for number, width in enumerate(_WIDTHS, start=1):
        cell = sheet.cell(1, number)
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for name in ("vanaf", "ingevoerd tot en met"):
        for (cell,) in sheet.iter_rows(min_row=2, min_col=(at := COLUMNS.index(name) + 1), max_col=at):
            cell.number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed: ``before`` is None for a new one."""

    name: str
    what: str
    before: str | None
    after: str

    def __str__(self) -> str:
        return f"{self.name}, {self.what}: {self.before or 'nieuw'} -> {self.after}"


@dataclass
class _Reader:
    """Rows of a sheet against the file that they came from."""

    document: doc.AmountsDoc
    file: str
    problems: list[Problem] = field(default_factory=list)
    values: dict[tuple[str, date], tuple[str, Value | None]] = field(default_factory=dict)
    until: dict[str, date | None] = field(default_factory=dict)

    def wrong(self, number: int, column: str, code: str, cause: str, remedy: str = "") -> None:
        """Note a problem in a cell."""
        self.problems.append(Problem(code, Place(self.file, number, COLUMNS.index(column) + 1), cause, remedy))

    def row(self, number: int, cells: Mapping[str, Any]) -> None:
        """Take one row."""
        name = _text(cells["naam"])
        decl = self.document.amounts.get(name)
        if decl is None:
            remedy = meant(name, self.document.amounts) or "Een nieuwe reeks begint in de YAML, met bron en eenheid."
            self.wrong(number, "naam", "TS-X02", f"Het bedrag `{name}` bestaat niet.", remedy)
            return
        day, until = self._day(number, "vanaf", cells), self._day(number, "ingevoerd tot en met", cells, empty=True)
        if name in self.until and self.until[name] != until:
            self.wrong(number, "ingevoerd tot en met", "TS-X05", f"Bij `{name}` staan hier verschillende dagen.", "Maak ze gelijk.")
        self.until.setdefault(name, until)
        if day is None:
            return
        if (name, day) in self.values:
            self.wrong(number, "vanaf", "TS-X05", f"`{name}` heeft twee waarden vanaf {day}.", "Laat er een staan.")
            return
        self._read_only(number, decl, day, cells)
        kind = amount_kind(decl.unit)
        text = _literal(cells["waarde"], kind)
        try:
            self.values[name, day] = text, None if text == UNKNOWN else parse_literal(text, _widened(kind), decl.unit)
        except LiteralError as error:
            self.wrong(number, "waarde", "TS-X03", error.cause, error.remedy)

    def _read_only(self, number: int, decl: doc.AmountDecl, day: date, cells: Mapping[str, Any]) -> None:
        """A new row may leave these columns empty; an old one has them as they went out."""
        known = decl.values.get(day)
        status, note = (known.status, known.note) if isinstance(known, doc.AmountEntry) else (None, None)
        there = {
            "omschrijving": decl.description,
            "bron": decl.source,
            "eenheid": decl.unit,
            "status": status or decl.status,
            "opmerking": note,
        }
        for column in _READ_ONLY:
            found = _text(cells[column])
            if found != _text(there[column]) and not (known is None and not found):
                self.wrong(number, column, "TS-X04", f"De kolom `{column}` komt niet terug uit het rekenblad.", "Verander haar in de YAML.")

    def _day(self, number: int, column: str, cells: Mapping[str, Any], *, empty: bool = False) -> date | None:
        found = cells[column]
        if isinstance(found, datetime):
            return found.date()
        if empty and not _text(found):
            return None
        try:
            return parse_date(_text(found))
        except LiteralError as error:
            self.wrong(number, column, "TS-X03", error.cause, error.remedy)
            return None


def from_sheet(data: bytes, sheet_name: str, text: str, file: str) -> tuple[str, tuple[Change, ...]]:
    """The YAML with the values of a workbook, and what changed. A value that has no row stays as it is.

    Raises :class:`RulesError` with every problem, its place as row and column of the sheet.
    """
    document, source = read_document(text, file, doc.AmountsDoc)
    reader = _Reader(document, sheet_name)
    for number, cells in _cells(data, sheet_name):
        reader.row(number, cells)
    if reader.problems:
        raise RulesError(reader.problems)
    edit = _Edit(text, source)
    changes = [*_values(reader, edit), *_until(reader, edit)]
    changed = edit.text()
    if edit.problems:
        raise RulesError(edit.problems)
    read_document(changed, file, doc.AmountsDoc)
    return changed, tuple(changes)


def _values(reader: _Reader, edit: _Edit) -> Iterator[Change]:
    for (name, day), (text, value) in sorted(reader.values.items()):
        decl = reader.document.amounts[name]
        known = decl.values.get(day)
        old = known.value if isinstance(known, doc.AmountEntry) else known
        if old is None:
            edit.add_value(name, decl, day, text)
            yield Change(name, f"vanaf {day}", None, text)
        elif text != old and (UNKNOWN in (text, old) or value != _value_of(old, decl)):
            edit.replace(("bedragen", name, "waarden", day.isoformat(), *(("waarde",) if isinstance(known, doc.AmountEntry) else ())), text)
            yield Change(name, f"vanaf {day}", old, text)


def _value_of(text: str, decl: doc.AmountDecl) -> Value:
    return parse_literal(text, _widened(amount_kind(decl.unit)), decl.unit)


def _until(reader: _Reader, edit: _Edit) -> Iterator[Change]:
    for name, until in reader.until.items():
        known = reader.document.amounts[name].entered_until
        if until is not None and until != known:
            if known is None:
                edit.add_until(name, until)
            else:
                edit.replace(("bedragen", name, "ingevoerd tot en met"), until.isoformat())
            yield Change(name, "ingevoerd tot en met", known.isoformat() if known else None, until.isoformat())


@dataclass
class _Edit:
    """Changes to a text, each on a line of its own; the lines that are not named stay byte for byte."""

    original: str
    source: Source
    problems: list[Problem] = field(default_factory=list)
    replaced: list[tuple[int, int, str, str]] = field(default_factory=list)
    added: list[tuple[int, str]] = field(default_factory=list)

    def replace(self, path: tuple[str, ...], text: str) -> None:
        """Put another text in the place of a scalar."""
        place, old = self.source.places[path], self.source.texts[path]
        line = self.source.lines[place.line - 1]
        start = place.column - 1 + (line[place.column - 1] in "'\"")
        if not line.startswith(old, start):
            self.problems.append(self.source.problem("TS-X06", path, "Deze waarde staat niet op een regel.", "Schrijf haar op een regel."))
            return
        self.replaced.append((place.line, start, old, text))

    def add_value(self, name: str, decl: doc.AmountDecl, day: date, text: str) -> None:
        """Put a new value on a line of its own, after the last one that is earlier."""
        keys = {known: self.source.keys["bedragen", name, "waarden", known.isoformat()] for known in decl.values}
        lines = [place.line for place in keys.values()]
        if len(set(lines)) < len(lines) or self.source.keys["bedragen", name, "waarden"].line in lines:
            self.problems.append(
                self.source.problem(
                    "TS-X06", ("bedragen", name, "waarden"), "Deze waarden staan tussen `{ }`.", "Schrijf ze eerst onder elkaar."
                )
            )
            return
        before = [known for known in keys if known < day]
        indent = " " * (min(place.column for place in keys.values()) - 1)
        at = self._end(keys[max(before)].line) if before else min(lines) - 1
        self.added.append((at, f"{indent}{day}: {text}"))

    def add_until(self, name: str, until: date) -> None:
        """Say until when a series was entered, above its values."""
        key = self.source.keys["bedragen", name, "waarden"]
        if key.line == self.source.keys["bedragen", name].line:
            self.problems.append(
                self.source.problem("TS-X06", ("bedragen", name), "Deze reeks staat tussen `{ }`.", "Schrijf haar eerst onder elkaar.")
            )
            return
        self.added.append((key.line - 1, f"{' ' * (key.column - 1)}ingevoerd tot en met: {until}"))

    def _end(self, line: int) -> int:
        """The last line of the entry that starts on a line: those below it that are indented deeper."""
        depth = _depth(self.source.lines[line - 1])
        while line < len(self.source.lines) and self.source.lines[line].strip() and _depth(self.source.lines[line]) > depth:
            line += 1
        return line

    def text(self) -> str:
        """The text with every change."""
        lines = self.original.split("\n")
        end = "\r" if lines[0].endswith("\r") else ""
        for number, start, old, new in sorted(self.replaced, reverse=True):
            line = lines[number - 1]
            lines[number - 1] = line[:start] + new + line[start + len(old) :]
        for at, new in sorted(self.added, reverse=True):
            lines.insert(at, new + end)
        return "\n".join(lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _widened(kind: Kind) -> Kind:
    return replace(kind, dimension=kind.dimension or Dimension.DAYS) if kind.base is Base.DURATION else kind


def _literal(cell: Any, kind: Kind) -> str:
    """A cell as the YAML writes it."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return _text(cell)
    number = Decimal(str(cell))
    if kind.base is Base.PERCENTAGE:
        return f"{_plain(number * 100)}%"
    if kind.base is Base.MONEY and number != number.to_integral_value() and number == round(number, 2):
        return f"{number:.2f}"
    return _plain(number)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip().removeprefix("'")


def _cells(data: bytes, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of the sheet of amounts with their number, each by column. Raises :class:`RulesError`."""
    try:
        workbook = _openpyxl().load_workbook(BytesIO(data), data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError):
        raise RulesError([Problem("TS-X01", Place(name), "Dit is geen rekenblad (xlsx).", "Bewaar het als xlsx.")]) from None
    if TITLE not in workbook.sheetnames:
        raise RulesError([Problem("TS-X01", Place(name), f"Het rekenblad heeft geen tabblad `{TITLE}`.", "Begin met `bedragen-uit`.")])
    table = workbook[TITLE].iter_rows(values_only=True)
    head = [_text(cell) for cell in next(table, ())]
    if tuple(head[: len(COLUMNS)]) != COLUMNS:
        remedy = f"Laat de eerste rij zoals zij was: {', '.join(COLUMNS)}."
        raise RulesError([Problem("TS-X01", Place(name, 1, 1), "De kolommen zijn veranderd.", remedy)])
    for number, cells in enumerate(table, start=2):
        if any(cell is not None for cell in cells):
            yield number, dict(zip(COLUMNS, cells, strict=False))


def _openpyxl() -> Any:
    """The package, which is an extra. Raises :class:`NoSpreadsheets`."""
    try:
        import openpyxl  # noqa: PLC0415
    except ImportError:
        raise NoSpreadsheets from None
    return openpyxl
