# SPDX-License-Identifier: EUPL-1.2
"""The rules as they ran in a case: condition by condition, with what each read and what it gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from engine.language.sources import regulation_link
from engine.logic.state import RuleTrace
from engine.model import tree
from engine.model.documents import RuleDecl
from engine.model.kinds import Kind
from engine.model.values import Truth, Unknown
from engine.rationale.told import Told, shown_with_period, truth_word
from engine.rationale.values import plain
from engine.rulebook import Compiled


def rule_entry(told: Told, key: str) -> dict[str, Any]:
    """One rule with what it did in this case, per list item where it decides items."""
    rule = told.rules[key]
    info = told.program.rules[rule.id]
    decl = info.decl
    traces = told.a.state.traces[key]
    outcome = told.outcomes[rule.outcome]
    entry: dict[str, Any] = {
        "id": rule.id,
        "persoon": rule.person,
        "titel": decl.title,
        "bepaalt": told.short[outcome.key],
        "rol": decl.role,
        "modaliteit": decl.modality,
        "bron": told.source(decl.source, info.law),
        "niveau": decl.level,
        "invulling": _filling(told, decl),
        "status": decl.status,
        "regelset": info.ruleset,
        "versie": info.version.isoformat(),
        "nietGedekt": decl.not_covered,
    }
    if rule.list is not None:
        entry["voorElke"] = [
            {"onderdeel": f"{rule.list}[{number}]", **_trace(told, rule, trace, outcome.kind, number)}
            for number, trace in enumerate(traces)
        ]
    elif traces:
        entry |= _trace(told, rule, traces[0], outcome.kind, None)
    return entry


def _trace(told: Told, rule: tree.Rule, trace: RuleTrace, kind: Kind, index: int | None) -> dict[str, Any]:
    decl = told.program.rules[rule.id].decl
    applies, exceptions = _shapes(told.a.compiled)[rule.key]
    explanation = decl.explanation
    text = explanation.unknown if isinstance(trace.holds, Unknown) else explanation.true if trace.holds else explanation.false
    entry: dict[str, Any] = {
        "uitkomst": truth_word(trace.holds),
        "tekst": text,
        "voorwaarden": _said(applies, trace.nodes),
        "uitzonderingen": [_said(exception, trace.nodes) for exception in exceptions],
    }
    if trace.power is not None:
        entry["keuze"] = truth_word(trace.power)
    if rule.formula is not None and trace.value is not None:
        entry["waarde"] = plain(trace.value, kind)
        entry["getoond"] = shown_with_period(trace.value, kind)
        entry["berekening"] = _formula_text(decl, trace.row, filled=decl.id in told.a.filled)
    entry["gegevens"] = _used_facts(told, rule, index)
    entry["uitkomsten"] = _used_outcomes(told, rule)
    entry["bedragen"] = list(told.read(rule.key).amounts)
    if isinstance(trace.holds, Unknown):
        entry["rustOp"] = told.causes(trace.holds)
    return entry


def _used_facts(told: Told, rule: tree.Rule, index: int | None) -> list[dict[str, Any]]:
    reads = told.read(rule.key)
    members = [f"{rule.list}[{index}].{member}" for member in reads.members] if index is not None else []
    return [told.used(path) for path in (*reads.paths, *members)]


def _used_outcomes(told: Told, rule: tree.Rule) -> list[dict[str, Any]]:
    return [told.used_outcome(key) for key in told.read(rule.key).own_outcomes]


def _filling(told: Told, decl: RuleDecl) -> dict[str, Any] | None:
    """Where the value of an open term comes from; None where nothing is filled in, or nothing is open."""
    term = told.a.filled.get(decl.id) if decl.open_to is not None else None
    if term is None:
        return None
    return {
        "gemeente": term.municipality,
        "rang": term.rank,
        "titel": term.title,
        "bron": term.source,
        "geldigVanaf": term.valid_from.isoformat(),
        "cvdr": term.cvdr,
        "link": regulation_link(term.cvdr),
    }


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
    """How a criterion is told: its words, the number of its truth in a trace, and its parts (None: one line). No words: not told."""

    number: int
    text: str | None
    parts: tuple[Shape, ...] | None = None


def _said(shape: Shape, truths: list[Truth | None]) -> dict[str, Any] | None:
    """A criterion of a trace as nested lines."""
    if shape.text is None:
        return None
    truth = truths[shape.number]
    word = "niet nagegaan" if truth is None else truth_word(truth)
    if shape.parts is None:
        return {"tekst": shape.text, "uitkomst": word}
    parts = [_said(part, truths) for part in shape.parts]
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
