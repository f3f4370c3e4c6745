# SPDX-License-Identifier: EUPL-1.2
"""Small wrongs in the text of the law, of the kind that a person makes: one changed line each.

A wrong is an edit of lines of one YAML file. Words are changed on the tokens of a line (`<` for `<=`, `en` for `of`, a
nudged number, another amount); structure on the places that the reader kept (a dropped condition, exception, row or rule).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from engine.language.reading import Path, Source, read_plain


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One wrong: lines ``start`` up to ``end`` of a file (from 0) become ``lines``.

    ``owner`` is the id of the rule, amount or door; ``part`` the date of an amount. ``before`` and ``after`` say it in
    words of the file.
    """

    file: str
    line: int
    sort: str
    before: str
    after: str
    owner: str
    start: int
    end: int
    lines: tuple[str, ...]
    part: str = ""

    def apply(self, text: str) -> str:
        """The text of the file with the wrong in it."""
        lines = text.split("\n")
        lines[self.start : self.end] = self.lines
        return "\n".join(lines)

    def __str__(self) -> str:
        change = f"`{self.before}` werd `{self.after}`" if self.after else f"`{self.before}` viel weg"
        return f"{self.file}:{self.line}: {self.owner}: {self.sort}: {change}"


@dataclass(frozen=True)
class Words:
    """What names mean, for plausible swaps: the unit of each amount, and the choice that can stand for another."""

    units: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    persons: tuple[str, ...] = ()

    def other_amount(self, name: str) -> str | None:
        """The amount with the same unit whose name is nearest."""
        same = [other for other, unit in self.units.items() if unit == self.units.get(name) and other != name]
        near = difflib.get_close_matches(name, same, n=1, cutoff=0.0)
        return near[0] if near else None


# --- one line --------------------------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A word or sign of a line, where it stands, and in which pair of brackets (0: none)."""

    text: str
    start: int
    end: int
    group: int


_TOKEN = re.compile(r'"[^"]*"|\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?%?|[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*|<=|>=|[<>+\-*/()\[\],]')
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_CALLS = {"een": "alle", "alle": "een", "laagste": "hoogste", "hoogste": "laagste", "vroegste": "laatste", "laatste": "vroegste"}
_UNITS = {"weken": "maanden", "week": "maand", "maanden": "weken", "maand": "week", "jaar": "maanden", "dagen": "weken", "dag": "week"}
_SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*"}
_JOINS = {"en": "of", "of": "en"}
_BETWEEN_TESTS = {None, "en", "of", "waar", "(", ")", "niet"}


def tokens(line: str) -> list[Token]:
    """The words and signs of a line."""
    found, stack, groups = [], [0], 0
    for match in _TOKEN.finditer(line):
        text = match.group()
        if text in "([":
            groups += 1
            found.append(Token(text, *match.span(), stack[-1]))
            stack.append(groups)
            continue
        if text in ")]" and len(stack) > 1:
            stack.pop()
        found.append(Token(text, *match.span(), stack[-1]))
    return found


def in_line(line: str, words: Words, *, value: bool = False) -> Iterator[tuple[str, str]]:
    """The wrongs of one line of the rule language, as (sort, the line with the wrong in it). ``value``: it computes a value."""
    found = tokens(line)

    def put(token: Token, text: str) -> str:
        return line[: token.start] + text + line[token.end :]

    for index, token in enumerate(found):
        before = found[index - 1].text if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        text = token.text
        following = after.text if after else None
        if text in _BOUNDARY:
            yield "grens", put(token, _BOUNDARY[text])
            yield "omgekeerd", put(token, _OPPOSITE[text])
        elif text == "is":
            yield "omgekeerd", line[: token.end] + line[after.end :] if after and following == "niet" else put(token, "is niet")
        elif text == "in" and following == "[":
            niet = before == "niet"
            yield "omgekeerd", line[: found[index - 1].start] + line[token.start :] if niet else put(token, "niet in")
        elif text == "niet" and before != "is" and following != "in" and after:
            yield "omgekeerd", line[: token.start] + line[after.start :]
        elif text in _CALLS and following == "(":
            yield "woord", put(token, _CALLS[text])
            if text in ("een", "alle") and before != "niet":
                yield "omgekeerd", put(token, f"niet {text}")
        elif text in _UNITS and (before and re.fullmatch(r"\d+|[a-z_.]+", before)) and before not in _BETWEEN_TESTS:
            yield "eenheid", put(token, _UNITS[text])
        elif text in _SIGNS and before not in (None, "(", ",", "en", "of", *_BOUNDARY):
            yield "rekenen", put(token, _SIGNS[text])
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            yield "datum", put(token, (date.fromisoformat(text) + timedelta(days=1)).isoformat())
        elif re.fullmatch(r"\d+(\.\d+)?%?", text):
            number, sign = text.rstrip("%"), "%" if text.endswith("%") else ""
            yield "getal", put(token, f"{Decimal(number) + 1}{sign}")
            if Decimal(number) >= 1:
                yield "getal", put(token, f"{Decimal(number) - 1}{sign}")
        elif re.fullmatch(r"[a-z_][a-z0-9_.]*", text):
            yield from ((sort, put(token, new)) for sort, new in _names(text, before, words))
            if _is_test(before, following, value=value):
                yield "omgekeerd", put(token, f"niet {text}")
    yield from _joined(line, found)
    yield from _choices(line, found)
    yield from _where(line, found)


def _is_test(before: str | None, following: str | None, *, value: bool) -> bool:
    """Whether a bare name between these words is a test of its own."""
    ends = {None, "en", "of", ")"}
    if value:
        return before in ("waar", "en", "of") and following in ends
    return before in (None, "en", "of", "waar", "(") and following in ends


def _names(text: str, before: str | None, words: Words) -> Iterator[tuple[str, str]]:
    scope, _, name = text.rpartition(".")
    if name in words.units and scope in ("", "zaak") and (other := words.other_amount(name)):
        yield "ander bedrag", f"{scope}.{other}" if scope else other
    if before in ("is", "niet") and text in words.choices:
        yield "andere keuze", words.choices[text]
    if scope in words.persons:
        yield from (("andere persoon", f"{other}.{name}") for other in words.persons if other != scope)


def _joined(line: str, found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """`en` for `of` and back, and each part that a line joins left out."""
    joins: dict[tuple[int, int], list[int]] = {}
    for index, token in enumerate(found):
        if token.text in _JOINS:
            start = max((i for i, t in enumerate(found[:index]) if t.text in ("waar", "over") and t.group == token.group), default=-1)
            joins.setdefault((token.group, start), []).append(index)
    for (group, start), indices in joins.items():
        new = line
        for index in reversed(indices):
            token = found[index]
            new = new[: token.start] + _JOINS[token.text] + new[token.end :]
        yield "en/of", new
        first = (
            start
            if start >= 0
            else max(
                (
                    i
                    for i, t in enumerate(found)
                    if t.end <= found[indices[0]].start and t.group != group and t.text == "(" and _opens(found, i, group)
                ),
                default=-1,
            )
        )
        stops = [i for i in range(indices[-1] + 1, len(found)) if found[i].text == ")" and _closes(found, i, first)]
        last = stops[0] if stops else len(found)
        edges = [first, *indices, last]
        for number in range(len(edges) - 1):
            left, right = edges[number], edges[number + 1]
            if number == 0:
                begin = found[left].end if left >= 0 else 0
                lead = " " if left >= 0 and found[left].text == "waar" else ""
                yield "deel weg", line[:begin] + lead + line[found[right].end :].lstrip()
            else:
                stop = found[right - 1].end if right <= len(found) else len(line)
                yield "deel weg", line[: found[left].start].rstrip() + line[stop:]


def _opens(found: Sequence[Token], bracket: int, group: int) -> bool:
    return (bracket + 1 < len(found) and found[bracket + 1].group == group) or found[bracket].group < group


def _closes(found: Sequence[Token], index: int, first: int) -> bool:
    """Whether a closing bracket ends the part that begins behind token ``first``."""
    if first < 0:
        return False
    depth = 1
    for token in found[first + 1 : index + 1]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
    return depth == 0


def _choices(line: str, found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Each choice left out of a list of two or more."""
    for index, token in enumerate(found):
        if token.text != "[":
            continue
        close = next(i for i in range(index, len(found)) if found[i].text == "]")
        choices = [t.text for t in found[index + 1 : close] if t.text != ","]
        if len(choices) > 1:
            for left_out in range(len(choices)):
                kept = ", ".join(choice for number, choice in enumerate(choices) if number != left_out)
                yield "keuze weg", f"{line[: token.end]}{kept}{line[found[close].start :]}"


def _where(line: str, found: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """The `waar` of a list left out."""
    for index, token in enumerate(found):
        if token.text == "waar":
            depth = 0
            for other in found[index:]:
                depth += {"(": 1, ")": -1}.get(other.text, 0)
                if depth < 0:
                    yield "deel weg", line[: token.start].rstrip() + line[other.start :]
                    break


# --- a file ----------------------------------------------------------------------------------------------------------


class File:
    """One file with its places, and the edits that its structure allows."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.plain, self.source = read_plain(text, name)
        self.lines = text.split("\n")

    def mutant(
        self, sort: str, owner: str, line: int, before: str, after: str, edit: tuple[int, int, Iterable[str]], part: str = ""
    ) -> Mutant:
        """A wrong on a line of this file (from 1)."""
        start, end, lines = edit
        return Mutant(self.name, line, sort, " ".join(before.split()), " ".join(after.split()), owner, start, end, tuple(lines), part)

    def texts(self, path: Path, changes: Iterable[tuple[str, str]], owner: str, part: str = "") -> Iterator[Mutant]:
        """Wrongs that put another text at a scalar that stands on one line."""
        text, place = self.source.texts[path], self.source.places[path]
        shown = self.lines[place.line - 1]
        start = place.column - 1
        quote = shown[start : start + 1] if shown[start : start + 1] in ("'", '"') else ""
        start += len(quote)
        if shown[start : start + len(text)] != text:
            return
        for sort, new in changes:
            if new != text:
                edit = (place.line - 1, place.line, [shown[:start] + new + shown[start + len(text) :]])
                yield self.mutant(sort, owner, place.line, text, new, edit, part)

    def span(self, path: Path, siblings: Sequence[Path], outer: int) -> tuple[int, int]:
        """The lines of a node, up to the next sibling or the end of what holds it (``outer``)."""
        start = self.start(path)
        later = [line for sibling in siblings if (line := self.start(sibling)) > start]
        return start, self._trim(start, min([*later, outer]))

    def _trim(self, start: int, end: int) -> int:
        """Without the blank lines and comments that lead to what comes next."""
        while end > start + 1 and (not self.lines[end - 1].strip() or self.lines[end - 1].lstrip().startswith("#")):
            end -= 1
        return end

    def start(self, path: Path) -> int:
        """The first line of a node or of its key, from 0."""
        return (self.source.keys[path] if path in self.source.keys else self.source.places[path]).line - 1

    def dropped(self, sort: str, span: tuple[int, int], owner: str) -> Iterator[Mutant]:
        """Lines left out, where they are whole."""
        start, end = span
        before = " ".join(line.strip() for line in self.lines[start:end])
        yield self.mutant(sort, owner, start + 1, before if len(before) < 100 else before[:97] + "...", "", (start, end, ()))

    def swapped(self, sort: str, first: tuple[int, int], second: tuple[int, int], owner: str) -> Iterator[Mutant]:
        """Two neighbours in the other order."""
        if first[1] <= second[0]:
            (a, b), (c, d) = first, second
            lines = [*self.lines[c:d], *self.lines[b:c], *self.lines[a:b]]
            yield self.mutant(sort, owner, a + 1, self.lines[a].strip(), self.lines[c].strip(), (a, d, lines))

    # --- conditions ----------------------------------------------------------------------------------------------

    def condition(self, condition: Any, path: Path, owner: str, words: Words, outer: int) -> Iterator[Mutant]:
        """The wrongs of a condition tree at a path; ``outer`` is the line behind it."""
        if isinstance(condition, str):
            yield from self.texts(path, in_line(condition, words), owner)
        elif isinstance(condition, list):
            yield from self._parts(condition, path, owner, words, outer)
        elif isinstance(condition, dict):
            for word, parts in condition.items():
                inner = (*path, word)
                if other := {"alle": "een van", "een van": "alle", "geen van": "een van"}.get(word):
                    key = self.source.keys[inner]
                    shown = self.lines[key.line - 1]
                    new = shown[: key.column - 1] + other + shown[key.column - 1 + len(word) :]
                    yield self.mutant("en/of", owner, key.line, f"{word}:", f"{other}:", (key.line - 1, key.line, [new]))
                if isinstance(parts, list):
                    yield from self._parts(parts, inner, owner, words, outer)

    def _parts(self, parts: Sequence[Any], path: Path, owner: str, words: Words, outer: int) -> Iterator[Mutant]:
        siblings = [(*path, index) for index in range(len(parts))]
        block = len({self.start(sibling) for sibling in siblings}) == len(parts)
        for index, part in enumerate(parts):
            span = self.span(siblings[index], siblings, outer)
            if block and len(parts) > 1:
                yield from self.dropped("deel weg", span, owner)
            yield from self.condition(part, siblings[index], owner, words, span[1])


_DROP = ("tenzij", "als", "ten hoogste", "ten minste", "afronden", "anders", "rol", "gaat voor")
_ROUNDING = {"cent": "euro", "euro": "cent", "omlaag": "omhoog", "omhoog": "omlaag", "geheel": "omlaag op 1"}


def of_rules(file: File, words: Words) -> Iterator[Mutant]:
    """The wrongs of a file with rules."""
    rules = file.plain.get("regels", [])
    siblings: list[Path] = [("regels", index) for index in range(len(rules))]
    for index, rule in enumerate(rules):
        path = siblings[index]
        span = file.span(path, siblings, len(file.lines))
        yield from file.dropped("regel weg", span, rule["id"])
        yield from _of_rule(file, rule, path, span[1], words)
    yield from _of_ladder(file, words)
    lapses = file.plain.get("vervalt", [])
    if len(lapses) > 1 and file.source.places[("vervalt", 0)].line == file.source.keys[("vervalt",)].line:
        at = file.start(("vervalt",))
        for lapsed in lapses:
            rest = ", ".join(other for other in lapses if other != lapsed)
            yield file.mutant("vervalt niet", lapsed, at + 1, f"vervalt {lapsed}", "", (at, at + 1, [f"vervalt: [{rest}]"]))
    elif lapses:
        yield from file.dropped("vervalt niet", (file.start(("vervalt",)), file.start(("vervalt",)) + 1), lapses[0])


def _of_rule(file: File, rule: Mapping[str, Any], path: Path, end: int, words: Words) -> Iterator[Mutant]:
    owner = rule["id"]
    keys: list[Path] = [(*path, key) for key in rule]
    for key, value in rule.items():
        at = (*path, key)
        span = file.span(at, keys, end)
        if key in _DROP and at != keys[0]:
            yield from file.dropped(f"{key} weg", span, owner)
        if key in ("als", "tenzij"):
            yield from file.condition(value, at, owner, words, span[1])
        elif key in ("waarde", "ten hoogste", "ten minste", "anders"):
            yield from file.texts(at, in_line(value, words, value=True), owner)
        elif key == "afronden":
            word = value.split()[0]
            yield from file.texts(at, [("afronden", value.replace(word, _ROUNDING[word]))], owner)
        elif key == "tabel":
            yield from _of_table(file, value, at, owner, words, span[1])
        elif key == "schijven":
            for number, row in enumerate(value["rijen"]):
                for part in row:
                    yield from file.texts((*at, "rijen", number, part), in_line(row[part], words, value=True), owner)
    if rule.get("modaliteit") == "kan":
        yield from _bound(file, rule, path, end)


def _bound(file: File, rule: Mapping[str, Any], path: Path, end: int) -> Iterator[Mutant]:
    """A power taken for a duty: without `modaliteit` and what belongs to it."""
    keys: list[Path] = [(*path, key) for key in rule]
    gone: set[int] = set()
    for key in ("modaliteit", "vraag", "keuze van"):
        if key in rule:
            gone |= set(range(*file.span((*path, key), keys, end)))
    start = file.start(path)
    kept = [file.lines[line] for line in range(start, end) if line not in gone]
    yield file.mutant("kan werd moet", rule["id"], min(gone) + 1, "modaliteit: kan", "modaliteit: gebonden", (start, end, kept))


def _of_table(file: File, rows: Sequence[Mapping[str, str]], path: Path, owner: str, words: Words, end: int) -> Iterator[Mutant]:
    siblings: list[Path] = [(*path, index) for index in range(len(rows))]
    spans = [file.span(sibling, siblings, end) for sibling in siblings]
    for index, row in enumerate(rows):
        if len(rows) > 1:
            yield from file.dropped("rij weg", spans[index], owner)
        if index + 1 < len(rows) and "als" in rows[index + 1]:
            yield from file.swapped("rijen verwisseld", spans[index], spans[index + 1], owner)
        if "als" in row:
            yield from file.condition(row["als"], (*siblings[index], "als"), owner, words, spans[index][1])
        others = [other["dan"] for other in rows if other["dan"] != row["dan"]]
        changes = [*in_line(row["dan"], words, value=True), *([("andere rij", others[0])] if others else [])]
        yield from file.texts((*siblings[index], "dan"), changes, owner)


def _of_ladder(file: File, words: Words) -> Iterator[Mutant]:
    decl = file.plain.get("beoordeling")
    if not isinstance(decl, dict):
        return
    rows = decl["uitkomsten"]
    paths: list[Path] = [("beoordeling", "uitkomsten", index) for index in range(len(rows))]
    end = min(
        (file.start(("beoordeling", key)) for key in decl if file.start(("beoordeling", key)) > file.start(paths[-1])),
        default=len(file.lines),
    )
    spans = [file.span(path, paths, end) for path in paths]
    for index, row in enumerate(rows[:-1]):
        name, line = next(iter(row.items()))
        yield from file.dropped("uitkomst weg", spans[index], name)
        if index + 2 < len(rows):
            yield from file.swapped("uitkomsten verwisseld", spans[index], spans[index + 1], name)
        yield from file.texts((*paths[index], name), in_line(line, words), name)


def of_amounts(file: File) -> Iterator[Mutant]:
    """The wrongs of a file with amounts: a value nudged, a dated value left out."""
    for name, decl in file.plain.get("bedragen", {}).items():
        unit = decl["eenheid"]
        days: list[Path] = [("bedragen", name, "waarden", day) for day in decl["waarden"]]
        for path in days:
            at = path if path in file.source.texts else (*path, "waarde")
            text = file.source.texts.get(at, "")
            if re.fullmatch(r"\d+(\.\d+)?%?", text):
                step = Decimal("0.01") if unit.startswith("EUR") else Decimal(1)
                number, sign = text.rstrip("%"), "%" if text.endswith("%") else ""
                yield from file.texts(at, [("bedrag", f"{Decimal(number) + step}{sign}")], name, str(path[-1]))
            if len(days) > 1:
                start = file.start(path)
                later = [file.start(day) for day in days if file.start(day) > start]
                span = (start, later[0] if later else start + 1)
                if at == path:
                    for mutant in file.dropped("bedrag weg", span, name):
                        yield replace(mutant, part=str(path[-1]))


def of_reversed_test(file: File, words: Words) -> Iterator[Mutant]:
    """The wrongs of doors, reasons to look further and signals; options and arguments cannot be expected by a test yet."""
    for section in ("deuren", "aanleidingen", "signalen"):
        items = file.plain.get(section, [])
        siblings: list[Path] = [(section, index) for index in range(len(items))]
        ends = [file.start((key,)) for key in file.plain if file.start((key,)) > file.start((section,))] if items else []
        end = min(ends, default=len(file.lines))
        for index, item in enumerate(items):
            yield from _of_item(file, item, siblings[index], file.span(siblings[index], siblings, end), words)


def _of_item(file: File, item: Mapping[str, Any], path: Path, span: tuple[int, int], words: Words) -> Iterator[Mutant]:
    owner = item["id"]
    yield from file.dropped("weg", span, owner)
    keys: list[Path] = [(*path, key) for key in item]
    for key, value in item.items():
        at = (*path, key)
        inner = file.span(at, keys, span[1])
        if key in ("als", "uitgesloten als"):
            if "als" in item and key != "als":
                yield from file.dropped(f"{key} weg", inner, owner)
            yield from file.condition(value, at, owner, words, inner[1])
        elif key in ("opent voor", "stemt af") and isinstance(value, list):
            parts: list[Path] = [(*at, number) for number in range(len(value))]
            if len({file.start(part) for part in parts}) == len(parts) > 1:
                for part in parts:
                    yield from file.dropped("grond weg", file.span(part, parts, inner[1]), owner)
        elif key in ("geldig vanaf", "geldig tot"):
            yield from file.texts(at, [("datum", (date.fromisoformat(value) + timedelta(days=1)).isoformat())], owner)


__all__ = ["File", "Mutant", "Source", "Words", "in_line", "of_amounts", "of_reversed_test", "of_rules", "tokens"]
