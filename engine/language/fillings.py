# SPDX-License-Identifier: EUPL-1.2
"""What municipalities fill in for the terms that a law leaves open, held against the bounds of the law of that time."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from engine.language.kinds import LiteralError, amount_kind, parse_literal
from engine.language.library import Entry, Library
from engine.language.reading import Path
from engine.language.versions import RuleSet
from engine.model import documents as doc
from engine.model.problems import Problem, meant
from engine.model.values import Duration, Value


@dataclass(frozen=True)
class FilledTerm:
    """One dated value that a municipality filled in for an open term."""

    rule: str
    valid_from: date
    valid_until: date | None
    value: Value
    source: str


@dataclass(frozen=True, slots=True)
class _OpenTerm:
    """A term as one version of the law leaves it open."""

    valid_from: date
    valid_until: date | None
    decl: doc.RuleDecl
    bounds: doc.OpenTerm


def fillings_of(library: Library, sets: Mapping[str, tuple[RuleSet, ...]]) -> tuple[dict[str, tuple[FilledTerm, ...]], list[Problem]]:
    """Per municipality what it filled in, typed, and every mistake in it."""
    open_terms = _open_terms(sets)
    filled: dict[str, tuple[FilledTerm, ...]] = {}
    problems: list[Problem] = []
    for entry in library.of(doc.MunicipalityDoc):
        document = entry.document
        assert isinstance(document, doc.MunicipalityDoc)
        for rule, decl in document.fillings.items():
            earlier = filled.get(document.municipality, ())
            found = [*_mistakes(rule, decl, open_terms, entry), *_overlaps(rule, decl, earlier, entry)]
            problems += found
            if not found:
                term = open_terms[rule][-1].decl.kind
                value = parse_literal(decl.value, amount_kind(str(term)), term)
                filled[document.municipality] = (*earlier, FilledTerm(rule, decl.valid_from, decl.valid_until, value, decl.source))
    return filled, problems


def _open_terms(sets: Mapping[str, tuple[RuleSet, ...]]) -> dict[str, list[_OpenTerm]]:
    found: dict[str, list[_OpenTerm]] = {}
    for versions in sets.values():
        for version in versions:
            for rule in version.rules.values():
                if rule.decl.open_to is not None:
                    term = _OpenTerm(version.document.valid_from, version.valid_until, rule.decl, rule.decl.open_to)
                    found.setdefault(rule.decl.id, []).append(term)
    return found


def _meet(first: doc.FillingDecl | FilledTerm, second: doc.FillingDecl | FilledTerm | _OpenTerm) -> bool:
    """Whether two stretches of time share a day."""
    return (first.valid_until is None or second.valid_from < first.valid_until) and (
        second.valid_until is None or first.valid_from < second.valid_until
    )


def _mistakes(rule: str, decl: doc.FillingDecl, open_terms: Mapping[str, list[_OpenTerm]], entry: Entry) -> Iterator[Problem]:
    path: Path = ("invulling", rule)
    if decl.valid_until is not None and decl.valid_until <= decl.valid_from:
        yield entry.source.problem("TS-I04", (*path, "geldig tot"), "Deze invulling eindigt voor zij begint.", "Controleer de datums.")
        return
    terms = [term for term in open_terms.get(rule, ()) if _meet(decl, term)]
    if not terms:
        remedy = "Zij stond dat alleen in een andere tijd; controleer de datums." if rule in open_terms else meant(rule, open_terms)
        yield entry.source.problem(
            "TS-I01",
            path,
            f"De regel `{rule}` staat niet open voor een gemeente.",
            remedy or "Alleen een regel met `open voor` kan worden ingevuld.",
        )
    for term in terms:
        try:
            if outside := _outside(decl.value, term):
                yield entry.source.problem(
                    "TS-I02",
                    (*path, "waarde"),
                    f"De wet laat hier {outside} toe; er staat {decl.value}.",
                    "Kies een waarde binnen de grens.",
                )
                return
        except LiteralError as error:
            yield entry.source.problem("TS-I03", (*path, "waarde"), error.cause, error.remedy)
            return


def _outside(text: str, term: _OpenTerm) -> str | None:
    """The bound that a value passes, in words. Raises :class:`LiteralError`."""
    unit = term.decl.kind
    kind = amount_kind(str(unit))
    value = parse_literal(text, kind, unit)
    for words, bound, passes in (("ten minste", term.bounds.minimum, operator.lt), ("ten hoogste", term.bounds.maximum, operator.gt)):
        if bound is not None and passes(_size(value), _size(parse_literal(bound, kind, unit))):
            return f"{words} {bound}"
    return None


def _size(value: Value) -> int | Fraction:
    """A number or the length of a duration, to compare with a bound."""
    size = value.size() if isinstance(value, Duration) else value
    assert isinstance(size, int | Fraction)
    return size


def _overlaps(rule: str, decl: doc.FillingDecl, earlier: Iterable[FilledTerm], entry: Entry) -> Iterator[Problem]:
    for other in earlier:
        if other.rule == rule and _meet(decl, other):
            yield entry.source.problem(
                "TS-I04",
                ("invulling", rule),
                f"`{rule}` is voor een deel van deze tijd al ingevuld: vanaf {other.valid_from}.",
                "Zet `geldig tot` bij de eerdere invulling.",
            )
