# SPDX-License-Identifier: EUPL-1.2
"""The line: text of one condition or sum to an untyped syntax tree, with the column of every part.

The grammar is ``grammar.lark``. What a reader would misread is refused here: `en` with `of` without brackets,
`van` followed by `+` or `-`, a comma decimal, a date without zeros. Kinds are checked later, in :mod:`engine.language.checker`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args
from lark.tree import Meta

MAX_LINE = 1_000
MAX_DEPTH = 50


class LineError(Exception):
    """A line that does not parse; ``column`` counts from 0 within the line."""

    def __init__(self, code: str, column: int, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.code, self.column, self.cause, self.remedy = code, column, cause, remedy


@dataclass(frozen=True, slots=True)
class Name:
    """A name, with dots for members and other laws."""

    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """``sort`` is one of number, percent, date, string, yes, no, none; ``text`` as it was written."""

    column: int
    sort: str
    text: str


@dataclass(frozen=True, slots=True)
class Binary:
    """``op`` is one of ``+ - * / van``."""

    column: int
    op: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    column: int
    value: Syntax


@dataclass(frozen=True, slots=True)
class SpanOf:
    """A number of calendar units."""

    column: int
    number: Syntax
    unit: str


@dataclass(frozen=True, slots=True)
class BetweenDates:
    """Completed units between two dates."""

    column: int
    unit: str
    start: Syntax
    end: Syntax


@dataclass(frozen=True, slots=True)
class AgeOn:
    """``<name> op <date>``."""

    column: int
    name: Name
    day: Syntax


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A call of one of the closed set of functions."""

    column: int
    function: str
    args: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Quantifier:
    """``word`` is one of een, alle, aantal, som."""

    column: int
    word: str
    list: Name
    where: Syntax | None
    value: Syntax | None = None


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """``keuze(<id>)``: whether a power is used."""

    column: int
    rule: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``op`` is one of ``is``, ``is niet``, ``< <= > >=``."""

    column: int
    op: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Membership:
    """``in`` and ``niet in``."""

    column: int
    value: Syntax
    choices: tuple[Name, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """``word`` is ``en`` or ``of``."""

    column: int
    word: str
    parts: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """``niet`` before a test."""

    column: int
    value: Syntax


@dataclass(frozen=True, slots=True)
class Group:
    """Brackets."""

    column: int
    value: Syntax


Syntax: TypeAlias = (
    Name
    | Literal
    | Binary
    | Negate
    | SpanOf
    | BetweenDates
    | AgeOn
    | FunctionCall
    | Quantifier
    | RuleChoice
    | Comparison
    | Membership
    | Joined
    | Negation
    | Group
)


@v_args(meta=True)
class _Build(Transformer[Token, Syntax]):
    """Lark's tree to ours."""

    def start(self, _: Meta, parts: list[Any]) -> Any:
        return parts[0]

    def or_(self, meta: Meta, parts: list[Any]) -> Any:
        return Joined(_col(meta), "of", tuple(parts))

    def and_(self, meta: Meta, parts: list[Any]) -> Any:
        return Joined(_col(meta), "en", tuple(parts))

    def not_(self, meta: Meta, parts: list[Any]) -> Any:
        return Negation(_col(meta), parts[0])

    def is_(self, meta: Meta, parts: list[Any]) -> Any:
        return Comparison(_col(meta), "is", parts[0], parts[1])

    def is_not(self, meta: Meta, parts: list[Any]) -> Any:
        return Comparison(_col(meta), "is niet", parts[0], parts[1])

    def compare(self, meta: Meta, parts: list[Any]) -> Any:
        return Comparison(_col(meta), str(parts[1]), parts[0], parts[2])

    def choices(self, _: Meta, parts: list[Any]) -> Any:
        return tuple(_name(token) for token in parts)

    def in_(self, meta: Meta, parts: list[Any]) -> Any:
        return Membership(_col(meta), parts[0], parts[1], negated=False)

    def not_in(self, meta: Meta, parts: list[Any]) -> Any:
        return Membership(_col(meta), parts[0], parts[1], negated=True)

    def add(self, meta: Meta, parts: list[Any]) -> Any:
        return Binary(_col(meta), "+", parts[0], parts[1])

    def subtract(self, meta: Meta, parts: list[Any]) -> Any:
        return Binary(_col(meta), "-", parts[0], parts[1])

    def multiply(self, meta: Meta, parts: list[Any]) -> Any:
        return Binary(_col(meta), "*", parts[0], parts[1])

    def divide(self, meta: Meta, parts: list[Any]) -> Any:
        return Binary(_col(meta), "/", parts[0], parts[1])

    def part_of(self, meta: Meta, parts: list[Any]) -> Any:
        return Binary(_col(meta), "van", parts[0], parts[1])

    def negate(self, meta: Meta, parts: list[Any]) -> Any:
        return Negate(_col(meta), parts[0])

    def span(self, meta: Meta, parts: list[Any]) -> Any:
        return SpanOf(_col(meta), Literal(_col(meta), "number", str(parts[0])), str(parts[1]))

    def span_of_name(self, meta: Meta, parts: list[Any]) -> Any:
        return SpanOf(_col(meta), _name(parts[0]), str(parts[1]))

    def between(self, meta: Meta, parts: list[Any]) -> Any:
        return BetweenDates(_col(meta), str(parts[0]), parts[1], parts[2])

    def age_on(self, meta: Meta, parts: list[Any]) -> Any:
        return AgeOn(_col(meta), _name(parts[0]), parts[1])

    def number(self, meta: Meta, parts: list[Any]) -> Any:
        return Literal(_col(meta), "number", str(parts[0]))

    def percent(self, meta: Meta, parts: list[Any]) -> Any:
        return Literal(_col(meta), "percent", str(parts[0]))

    def date(self, meta: Meta, parts: list[Any]) -> Any:
        return Literal(_col(meta), "date", str(parts[0]))

    def string(self, meta: Meta, parts: list[Any]) -> Any:
        return Literal(_col(meta), "string", str(parts[0])[1:-1])

    def yes(self, meta: Meta, _: list[Any]) -> Any:
        return Literal(_col(meta), "yes", "ja")

    def no(self, meta: Meta, _: list[Any]) -> Any:
        return Literal(_col(meta), "no", "nee")

    def none(self, meta: Meta, _: list[Any]) -> Any:
        return Literal(_col(meta), "none", "geen")

    def name(self, _: Meta, parts: list[Any]) -> Any:
        return _name(parts[0])

    def group(self, meta: Meta, parts: list[Any]) -> Any:
        return Group(_col(meta), parts[0])

    def choice_of_rule(self, meta: Meta, parts: list[Any]) -> Any:
        return RuleChoice(_col(meta), str(parts[0]))

    def call(self, meta: Meta, parts: list[Any]) -> Any:
        return FunctionCall(_col(meta), str(parts[0]), tuple(parts[1:]))

    def exists(self, meta: Meta, parts: list[Any]) -> Any:
        return Quantifier(_col(meta), "een", _name(parts[0]), parts[1])

    def for_all(self, meta: Meta, parts: list[Any]) -> Any:
        return Quantifier(_col(meta), "alle", _name(parts[0]), parts[1])

    def count(self, meta: Meta, parts: list[Any]) -> Any:
        return Quantifier(_col(meta), "aantal", _name(parts[0]), parts[1] if len(parts) > 1 else None)

    def sum_over(self, meta: Meta, parts: list[Any]) -> Any:
        return Quantifier(_col(meta), "som", _name(parts[1]), parts[2] if len(parts) > 2 else None, parts[0])


def _col(meta: Meta) -> int:
    return int(meta.column) - 1


def _name(token: Token) -> Name:
    return Name((token.column or 1) - 1, str(token))


_PARSER = Lark(
    Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="basic",
    propagate_positions=True,
    maybe_placeholders=False,
)
_BUILD = _Build()

_TRAPS: tuple[tuple[str, str, str, str], ...] = (
    ("[\u201c\u201d\u201e\u2018\u2019]", "TS-L02", "Hier staat een gekruld aanhalingsteken.", 'Gebruik een recht aanhalingsteken: ".'),
    (
        r"(?<![\w.])(?!0\.)\d{1,3}(?:\.\d{3})+(?![\d.%])|\d+,\d",
        "TS-L03",
        "Dit getal heeft een komma of punten voor duizendtallen.",
        "Schrijf een punt voor de decimalen en niets voor duizendtallen: 1419.46. Zet tussen twee waarden een komma met een spatie.",
    ),
    (
        r"[\u00a0\u2007\u202f\u200b\u200e\ufeff]",
        "TS-L02",
        "Hier staat een bijzondere of onzichtbare spatie (uit een tekstverwerker).",
        "Typ een gewone spatie.",
    ),
    (r"\d\s+%", "TS-L04", "Tussen het getal en `%` staat een spatie.", "Schrijf het aan elkaar: 40%."),
    (
        r"\b(?!\d{4}-\d{2}-\d{2}\b)\d{4}-\d{1,2}-\d{1,2}\b",
        "TS-L05",
        "Deze datum mist een nul.",
        "Schrijf jaar-maand-dag met twee cijfers: 2026-07-01.",
    ),
    (r"\b\d{1,2}-\d{1,2}-\d{4}\b", "TS-L05", "Deze datum staat in de verkeerde volgorde.", "Schrijf jaar-maand-dag: 2026-07-01."),
    (
        r"€",
        "TS-L06",
        "Het euroteken hoort niet in een regel.",
        "Schrijf alleen het getal, of liever de naam van een bedrag uit bedragen.yaml.",
    ),
    (
        r"[A-Z]",
        "TS-L07",
        "Namen en woorden in een regel hebben geen hoofdletters.",
        "Schrijf de naam zoals hij bij de gegevens staat, met kleine letters.",
    ),
)
_TRAP_PATTERNS = tuple((re.compile(pattern), code, cause, remedy) for pattern, code, cause, remedy in _TRAPS)
_SIGNS = re.compile("[=!<>&|]+|[\u2264\u2265\u2260\u00d7\u00f7\u2013\u2014\u2212]")
_FOR_SIGNS = {
    **dict.fromkeys(("=", "==", "==="), "is"),
    **dict.fromkeys(("!=", "!==", "<>", "><", "=!", "\u2260"), "is niet"),
    **dict.fromkeys(("=>", ">==", "\u2265"), ">="),
    **dict.fromkeys(("=<", "<==", "\u2264"), "<="),
    **dict.fromkeys(("&", "&&"), "en"),
    **dict.fromkeys(("|", "||"), "of"),
    "!": "niet",
    "\u00d7": "*",
    "\u00f7": "/",
    **dict.fromkeys(("\u2013", "\u2014", "\u2212"), "-"),
}
"""What to write for a sign of a programming language, a spreadsheet or a word processor."""
_FOR_WORDS = {"and": "en", "or": "of", "not": "niet"}
_ENGLISH = re.compile(r"(?<![\w.])(and|or|not)(?![\w.])(?:\s*\S+)?$")
_STRING = re.compile(r'"[^"\n]*"')

_WORDS = {"EN": "`en`", "OF": "`of`", "LPAR": "`(`", "RPAR": "`)`", "LSQB": "`[`", "RSQB": "`]`"}


@lru_cache(maxsize=20_000)
def parse_line(text: str) -> Syntax:
    """Parse one line. Raises :class:`LineError` with column, cause and remedy."""
    if len(text) > MAX_LINE:
        raise LineError("TS-L01", MAX_LINE, f"Deze regel is langer dan {MAX_LINE} tekens.", "Verdeel hem over `alle:` of `een van:`.")
    _refuse_traps(text)
    try:
        tree = _BUILD.transform(_PARSER.parse(text))
        _refuse_depth(tree)
    except UnexpectedToken as error:
        raise _unexpected(error, text) from error
    except UnexpectedCharacters as error:
        raise LineError(
            "TS-L06",
            error.column - 1,
            f"Het teken `{error.char}` kent de regeltaal niet.",
            "Gebruik alleen namen, getallen, datums en de woorden van de regeltaal.",
        ) from error
    except UnexpectedInput as error:  # pragma: no cover - Lark has no third kind today
        raise LineError("TS-L08", 0, "Deze regel is niet te lezen.") from error
    except RecursionError as error:
        raise _too_deep() from error
    _refuse_loose_part_of(tree)
    return tree


def _too_deep() -> LineError:
    return LineError("TS-L01", 0, "Deze regel is te diep genest.", "Verdeel hem over `alle:` of `een van:`, of over meer regels.")


def _refuse_depth(tree: Syntax) -> None:
    """Counted without recursion, so that what passes can be walked with recursion."""
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [part for node in level for part in _parts(node)]
    if level:
        raise _too_deep()


def _bare(text: str) -> str:
    """A line in which what stands between quotes is blotted out."""
    return _STRING.sub(lambda match: '"' + "_" * (len(match.group()) - 2) + '"', text)


def _refuse_traps(text: str) -> None:
    bare = _bare(text)
    for found in _SIGNS.finditer(bare):
        if found[0] not in ("<", "<=", ">", ">="):
            raise _unknown_sign(found[0], found.start())
    for pattern, code, cause, remedy in _TRAP_PATTERNS:
        if match := pattern.search(bare):
            raise LineError(code, match.start(), cause, remedy)


def _unknown_sign(sign: str, column: int) -> LineError:
    instead = _FOR_SIGNS.get(sign)
    remedy = f"Schrijf `{instead}`." if instead else "Schrijf `is`, `is niet`, `en`, `of`, `<`, `<=`, `>` of `>=`."
    return LineError("TS-L06", column, f"`{sign}` is geen teken van de regeltaal.", remedy)


def _unexpected(error: UnexpectedToken, text: str) -> LineError:
    token = error.token
    if token.type == "$END":
        return LineError("TS-L09", len(text), "De regel houdt hier op terwijl er nog iets moet komen.", "Maak de regel af.")
    column = (token.column or 1) - 1
    if word := _ENGLISH.search(_bare(text), 0, column + len(token)):
        instead = _FOR_WORDS[word[1]]
        return LineError("TS-L06", word.start(1), f"`{word[1]}` is geen woord van de regeltaal.", f"Schrijf `{instead}`.")
    if token.type in ("EN", "OF") and re.search(r"\ben\b", text) and re.search(r"\bof\b", text):
        return LineError(
            "TS-L10",
            column,
            "`en` en `of` staan zonder haakjes in dezelfde regel.",
            "Zet haakjes, of verdeel de regel over `alle:` en `een van:`.",
        )
    if token.type == "COMPARE" and re.search(r"[<>]", text[:column]):
        return LineError(
            "TS-L11",
            column,
            "Een vergelijking kan maar een keer in dezelfde test.",
            "Schrijf twee tests met `en` ertussen: a >= 18 en a < 27.",
        )
    return LineError(
        "TS-L08",
        column,
        f"`{token}` past hier niet.",
        "Controleer de woorden ervoor en erna; is het een naam, dan is het misschien een woord van de regeltaal zelf.",
    )


def _refuse_loose_part_of(node: Syntax) -> None:
    for part in _walk(node):
        if isinstance(part, Binary) and part.op in "+-" and isinstance(part.left, Binary) and _ends_in_part_of(part.left):
            raise LineError(
                "TS-L12",
                part.column,
                "`van` wordt gevolgd door `+` of `-`: onduidelijk is waarvan het deel is.",
                "Zet haakjes: (25% van loon) + toeslag, of 25% van (loon + toeslag).",
            )


def _ends_in_part_of(node: Binary) -> bool:
    if node.op in "+-":
        return isinstance(node.right, Binary) and _ends_in_part_of(node.right)
    return node.op == "van" or (isinstance(node.left, Binary) and node.left.op not in "+-" and _ends_in_part_of(node.left))


def _walk(node: Syntax) -> Iterator[Syntax]:
    yield node
    for part in _parts(node):
        yield from _walk(part)


def _parts(node: Syntax) -> Iterator[Syntax]:
    for slot in node.__slots__:
        value = getattr(node, slot)
        for part in value if isinstance(value, tuple) else (value,):
            if hasattr(part, "column"):
                yield part
