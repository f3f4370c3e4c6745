# SPDX-License-Identifier: EUPL-1.2
"""A line of a rule as a Dutch phrase, and the names that stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date

from engine.language import lines as ast
from engine.language.lines import LineError, Syntax, parse_line
from engine.model.problems import either
from engine.rationale.values import show_date

IsDate = Callable[[str], bool]
_COMPARED = {"is": "is", "is niet": "is niet", "<": "is minder dan", "<=": "is ten hoogste", ">": "is meer dan", ">=": "is ten minste"}
_DATED = {"<": "ligt voor", "<=": "ligt op of voor", ">": "ligt na", ">=": "ligt op of na"}
_ARITHMETIC = {"+": "plus", "-": "min", "*": "keer", "/": "gedeeld door", "van": "van"}
_CALLED = {"laagste": "de laagste van", "hoogste": "de hoogste van", "vroegste": "de vroegste van", "laatste": "de laatste van"}
_COUNTED = {"een": "er is een van", "alle": "voor alle", "aantal": "het aantal van"}


def said(text: str, is_date: IsDate = lambda name: False) -> str:
    """A line as a phrase; ``is_date`` says which names are dates. What does not parse comes back as it is."""
    try:
        return _Speaker(is_date).phrase(parse_line(text))
    except LineError:
        return text


def plain(name: str) -> str:
    """A name as words: `aanvrager.in_inrichting` is `aanvrager: in inrichting`."""
    return name.removeprefix("zaak.").replace("_", " ").replace(".", ": ")


def number(text: str) -> str:
    """A number as it is written in Dutch: `1419.46` is `1.419,46`."""
    whole, _, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", ".") if digits.isdigit() else digits
    return sign + grouped + (f",{rest}" if rest else "")


class _Speaker:
    """Phrases of one line."""

    def __init__(self, is_date: IsDate) -> None:
        self.is_date = is_date

    def phrase(self, node: Syntax) -> str:
        """A part of a line in words."""
        match node:
            case ast.Name(text=text):
                return "de peildatum" if text == "peildatum" else plain(text)
            case ast.Literal():
                return _literal(node)
            case ast.Binary():
                return f"{self.phrase(node.left)} {_ARITHMETIC[node.op]} {self.phrase(node.right)}"
            case ast.Negate():
                return f"min {self.phrase(node.value)}"
            case ast.SpanOf():
                return f"{self.phrase(node.number)} {node.unit}"
            case ast.BetweenDates():
                return f"het aantal {node.unit} tussen {self.phrase(node.start)} en {self.phrase(node.end)}"
            case ast.AgeOn():
                whose = node.name.text.rpartition(".")[0]
                return f"de leeftijd{f' van {plain(whose)}' if whose else ''} op {self.phrase(node.day)}"
            case ast.FunctionCall():
                return self._call(node)
            case ast.Quantifier():
                return self._quantifier(node)
            case ast.RuleChoice():
                return f"de bevoegdheid van regel {node.rule} wordt gebruikt"
            case ast.Comparison():
                return self._comparison(node)
            case ast.Membership():
                choices = [plain(choice.text) for choice in node.choices]
                return f"{self.phrase(node.value)} is {'niet ' if node.negated else ''}{either(choices)}"
            case ast.Joined():
                return f" {node.word} ".join(self.phrase(part) for part in node.parts)
            case ast.Negation():
                return f"niet: {self.phrase(node.value)}"
            case ast.Group():
                return f"({self.phrase(node.value)})"

    def _call(self, node: ast.FunctionCall) -> str:
        args = [self.phrase(arg) for arg in node.args]
        if node.function in _CALLED:
            return f"{_CALLED[node.function]} {'; '.join(args[:-1])} en {args[-1]}"
        word = {"jaar_van": "het jaar van", "eerstvolgende_werkdag": "de eerste werkdag vanaf"}.get(node.function, node.function)
        return f"{word} {', '.join(args)}"

    def _quantifier(self, node: ast.Quantifier) -> str:
        named = plain(node.list.text)
        where = f" met: {self.phrase(node.where)}" if node.where is not None else ""
        if node.word == "som":
            value = self.phrase(node.value) if node.value is not None else ""
            return f"de som van {value} over {named}{where}"
        if node.word == "alle" and node.where is not None:
            return f"voor alle {named} geldt: {self.phrase(node.where)}"
        return f"{_COUNTED[node.word]} {named}{where}"

    def _comparison(self, node: ast.Comparison) -> str:
        dated = any(self._dated(side) for side in (node.left, node.right))
        word = _DATED[node.op] if dated and node.op in _DATED else _COMPARED[node.op]
        return f"{self.phrase(node.left)} {word} {self.phrase(node.right)}"

    def _dated(self, node: Syntax) -> bool:
        match node:
            case ast.Literal(sort="date"):
                return True
            case ast.Name(text=text):
                return text == "peildatum" or self.is_date(text)
            case ast.Binary(op="+" | "-"):
                return self._dated(node.left)
            case ast.Group():
                return self._dated(node.value)
            case ast.FunctionCall(function="vroegste" | "laatste" | "eerstvolgende_werkdag"):
                return True
        return False


def _literal(node: ast.Literal) -> str:
    match node.sort:
        case "number":
            return number(node.text)
        case "percent":
            return number(node.text.removesuffix("%")) + "%"
        case "date":
            return show_date(date.fromisoformat(node.text))
    return node.text


def names(text: str) -> Iterator[tuple[str | None, str]]:
    """Every name in a line, with the list inside which it stands (None: the case, or the item of `voor elke`)."""
    try:
        yield from _names(parse_line(text), None)
    except LineError:
        return


def _names(node: object, inside: str | None) -> Iterator[tuple[str | None, str]]:
    match node:
        case ast.Name(text=text):
            yield inside, text
        case ast.AgeOn():
            whose = node.name.text.rpartition(".")[0]
            yield inside, f"{whose}.geboortedatum" if whose else "geboortedatum"
            yield from _names(node.day, inside)
        case ast.Quantifier():
            yield inside, node.list.text
            for part in (node.where, node.value):
                if part is not None:
                    yield from _names(part, node.list.text)
        case tuple():
            for part in node:
                yield from _names(part, inside)
        case _ if is_dataclass(node):
            for field in fields(node):
                yield from _names(getattr(node, field.name), inside)
