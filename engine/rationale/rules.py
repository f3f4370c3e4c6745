# SPDX-License-Identifier: EUPL-1.2
"""The rules as they ran in a case: condition by condition, with what each read and what it gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from engine.model import tree
from engine.model.documents import RuleDecl
from engine.rationale.told import Ran, Telling
from engine.rulebook import Compiled


def rule_entry(told: Telling, key: str) -> dict[str, Any]:
    """One rule with what it did in this case, per list item where it decides items."""
    rule = told.rules[key]
    info = told.program.rules[rule.id]
    decl = info.decl
    ran = told.ran(key)
    entry: dict[str, Any] = {
        "id": rule.id,
        "persoon": rule.person,
        "titel": decl.title,
        "bepaalt": told.short[rule.outcome],
        "rol": decl.role,
        "modaliteit": decl.modality,
        "bron": told.source(decl.source, info.law),
        "niveau": decl.level,
        "invulling": told.filling(rule.id),
        "status": decl.status,
        "regelset": info.ruleset,
        "versie": info.version.isoformat(),
        "nietGedekt": decl.not_covered,
    }
    if rule.list is not None:
        entry["voorElke"] = [{"onderdeel": f"{rule.list}[{number}]", **_told(told, rule, once, number)} for number, once in enumerate(ran)]
    elif ran:
        entry |= _told(told, rule, ran[0], None)
    return entry


def _told(told: Telling, rule: tree.Rule, ran: Ran, index: int | None) -> dict[str, Any]:
    """What a rule did once; ``index`` is the place of the list item that it decided."""
    decl = told.program.rules[rule.id].decl
    applies, exceptions = _shapes(told.compiled)[rule.key]
    reads = told.read(rule.key)
    entry: dict[str, Any] = {
        "uitkomst": ran.outcome,
        "tekst": _explanation(decl, ran.outcome),
        "voorwaarden": _said(applies, ran.signs),
        "uitzonderingen": [_said(exception, ran.signs) for exception in exceptions],
    }
    if ran.choice is not None:
        entry["keuze"] = ran.choice
    if ran.shown is not None:
        entry["waarde"] = ran.value
        entry["getoond"] = ran.shown
        entry["berekening"] = _formula_text(decl, ran.row, filled=told.filling(rule.id) is not None)
    entry["gegevens"] = [told.used(path) for path in (*reads.paths, *reads.in_item(rule.list, index))]
    entry["uitkomsten"] = [told.used_outcome(key) for key in reads.own_outcomes]
    entry["bedragen"] = list(reads.amounts)
    if ran.rests_on is not None:
        entry["rustOp"] = ran.rests_on
    return entry


def _explanation(decl: RuleDecl, outcome: str) -> str | None:
    texts = decl.explanation
    return {"waar": texts.true, "onwaar": texts.false}.get(outcome, texts.unknown)


def _formula_text(decl: RuleDecl, row: int | None, *, filled: bool) -> str:
    """The sum as policy staff wrote it; of a table the row that gave the value."""
    if decl.value is not None:
        text = str(decl.value)
    elif decl.table:
        text = "tabel" if row is None else decl.table[row].value
    elif decl.open_to is not None:
        text = "ingevuld door de gemeente" if filled else f"niet ingevuld door de gemeente, dan {decl.open_to.otherwise}"
    else:
        text = f"schijven over {decl.tiers.over}" if decl.tiers is not None else ""
    for word, bound in (("ten hoogste", decl.at_most), ("ten minste", decl.at_least)):
        if bound is not None:
            text += f", {word} {bound}"
    return text + (f", afgerond op {decl.rounding}" if decl.rounding else "")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a criterion is told: its words, the number of its sign in a trace, and its parts (None: one line). No words: not told."""

    number: int
    text: str | None
    parts: tuple[Shape, ...] | None = None


_WORDS = {"1": "waar", "0": "onwaar", "?": "onbekend", "-": "niet nagegaan"}


def _said(shape: Shape, signs: str) -> dict[str, Any] | None:
    """A criterion of a trace as nested lines."""
    if shape.text is None:
        return None
    word = _WORDS[signs[shape.number]]
    if shape.parts is None:
        return {"tekst": shape.text, "uitkomst": word}
    parts = [_said(part, signs) for part in shape.parts]
    return {"tekst": shape.text, "uitkomst": word, "delen": [part for part in parts if part]}


@lru_cache(maxsize=64)
def _shapes(compiled: Compiled) -> dict[str, tuple[Shape, tuple[Shape, ...]]]:
    """Per rule the shape of its conditions and of each exception, which share one row of numbers."""
    found = {}
    for outcome in compiled.program.outcomes:
        for rule in outcome.rules:
            numbers = count()
            found[rule.key] = _shape(rule.applies, numbers), tuple(_shape(exception, numbers) for exception in rule.exceptions)
    return found


def _shape(node: tree.Criterion, numbers: Iterator[int]) -> Shape:
    """The shape of a criterion; the numbers run in the order in which the compiler gave them."""
    number = next(numbers)
    match node:
        case tree.Const():
            return Shape(number, None)
        case tree.Line(text=text, child=child):
            if isinstance(child, tree.And | tree.Or | tree.Not):
                _skip(child, numbers)
            return Shape(number, text)
        case tree.And(children=children) | tree.Or(children=children):
            word = "alle" if isinstance(node, tree.And) else "een van"
            return Shape(number, word, tuple(_shape(child, numbers) for child in children))
        case tree.Not(child=tree.Or(children=children)):
            next(numbers)
            return Shape(number, "geen van", tuple(_shape(child, numbers) for child in children))
        case tree.Not(child=child):
            _skip(child, numbers)
    return Shape(number, "")


def _skip(node: tree.Criterion, numbers: Iterator[int]) -> None:
    """Pass over the numbers of a criterion that is shown as one line."""
    next(numbers)
    match node:
        case tree.And(children=children) | tree.Or(children=children):
            for child in children:
                _skip(child, numbers)
        case tree.Not(child=child):
            _skip(child, numbers)
        case tree.Line(child=child) if isinstance(child, tree.And | tree.Or | tree.Not):
            _skip(child, numbers)
