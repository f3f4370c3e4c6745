# SPDX-License-Identifier: EUPL-1.2
"""What municipalities fill in for the terms that a law leaves open, held against the law of that time and against each other.

A law says who may fill in a term and within which bounds. Of two documents of one municipality the higher in rank
counts: a lower one that fills in the same term in the same time is refused.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from engine.language.kinds import LiteralError, amount_kind, parse_literal
from engine.language.library import Entry, Library
from engine.language.reading import Path
from engine.language.versions import RuleSet
from engine.model import documents as doc
from engine.model.problems import Problem, meant
from engine.model.values import Duration, Value


@dataclass(frozen=True)
class FilledTerm:
    """One dated value that a municipality filled in for an open term, and the document it stands in.

    ``source`` is the article of that document, ``cvdr`` its number in the register of local law (or `verzonnen`).
    """

    rule: str
    valid_from: date
    valid_until: date | None
    value: Value
    municipality: str
    rank: doc.Rank
    title: str
    source: str | None
    cvdr: str | None


@dataclass(frozen=True, slots=True)
class _OpenTerm:
    """A term as one version of the law leaves it open."""

    valid_from: date
    valid_until: date | None
    decl: doc.RuleDecl
    bounds: doc.OpenTerm


@dataclass(frozen=True, slots=True)
class _Filling:
    """One dated value as it is written: in which document, where in the file, and how long it holds."""

    rule: str
    text: str
    source: str | None
    valid_from: date
    valid_until: date | None
    document: doc.MunicipalityDoc
    entry: Entry
    path: Path

    def problem(self, code: str, key: str | None, cause: str, remedy: str = "") -> Problem:
        """A mistake at this value, or at one of its keys."""
        return self.entry.source.problem(code, self.path if key is None else (*self.path, key), cause, remedy)


def fillings_of(library: Library, sets: Mapping[str, tuple[RuleSet, ...]]) -> tuple[dict[str, tuple[FilledTerm, ...]], list[Problem]]:
    """Per municipality what it filled in, typed, and every mistake in it."""
    open_terms = _open_terms(sets)
    sound: list[_Filling] = []
    problems: list[Problem] = []
    for filling in _written(library):
        found = list(_mistakes(filling, open_terms))
        problems += found
        if not found:
            sound.append(filling)
    problems += _clashes(sound)
    filled: dict[str, tuple[FilledTerm, ...]] = {}
    for filling in sound:
        municipality = filling.document.municipality
        filled[municipality] = (*filled.get(municipality, ()), _typed(filling, open_terms[filling.rule][-1]))
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


def _written(library: Library) -> Iterator[_Filling]:
    """Every dated value of every municipality, in the order of the files."""
    for entry in library.of(doc.MunicipalityDoc):
        document = entry.document
        assert isinstance(document, doc.MunicipalityDoc)
        for rule, written in document.fillings.items():
            yield from _series(rule, written, document, entry)


def _series(rule: str, written: doc.Fillings, document: doc.MunicipalityDoc, entry: Entry) -> list[_Filling]:
    """The values for one term in one document; in a list each holds until the next one begins."""
    path: Path = ("invulling", rule)
    placed = [(path, written)] if isinstance(written, doc.FillingDecl) else [((*path, number), decl) for number, decl in enumerate(written)]
    starts = [decl.valid_from or document.valid_from for _, decl in placed]
    later = dict(pairwise(sorted(set(starts))))
    return [
        _Filling(rule, decl.value, decl.source, start, decl.valid_until or later.get(start), document, entry, place)
        for (place, decl), start in zip(placed, starts, strict=True)
    ]


def _meet(first: _Filling, second: _Filling | _OpenTerm) -> bool:
    """Whether two stretches of time share a day."""
    return (first.valid_until is None or second.valid_from < first.valid_until) and (
        second.valid_until is None or first.valid_from < second.valid_until
    )


def _mistakes(filling: _Filling, open_terms: Mapping[str, list[_OpenTerm]]) -> Iterator[Problem]:
    if filling.valid_until is not None and filling.valid_until <= filling.valid_from:
        yield filling.problem("TS-I04", "geldig tot", "Deze invulling eindigt voor zij begint.", "Controleer de datums.")
        return
    if filling.valid_from < filling.document.valid_from:
        yield filling.problem(
            "TS-I04",
            "geldig vanaf",
            f"Deze invulling begint voor het document zelf: dat geldt vanaf {filling.document.valid_from}.",
            "Controleer de datums, of zet wat eerder gold in een eigen bestand.",
        )
        return
    terms = [term for term in open_terms.get(filling.rule, ()) if _meet(filling, term)]
    if not terms:
        remedy = (
            "Zij stond dat alleen in een andere tijd; controleer de datums."
            if filling.rule in open_terms
            else meant(filling.rule, open_terms)
        )
        yield filling.problem(
            "TS-I01",
            None,
            f"De regel `{filling.rule}` staat niet open voor een gemeente.",
            remedy or "Alleen een regel met `open voor` kan worden ingevuld.",
        )
    for term in terms:
        if problem := _against(filling, term):
            yield problem
            return


def _against(filling: _Filling, term: _OpenTerm) -> Problem | None:
    """What one version of the law has against a filling: its rank, its kind or its size."""
    rank = term.bounds.rank
    if rank is not None and doc.is_above(rank, filling.document.rank):
        return filling.problem(
            "TS-I05",
            None,
            f"De wet vraagt voor `{filling.rule}` een {rank}; dit document is een {filling.document.rank}.",
            f"Regel dit in een {rank}, en zet het in het bestand van dat document.",
        )
    try:
        outside = _outside(filling.text, term)
    except LiteralError as error:
        return filling.problem("TS-I03", "waarde", error.cause, error.remedy)
    if outside is None:
        return None
    return filling.problem(
        "TS-I02", "waarde", f"De wet laat hier {outside} toe; er staat {filling.text}.", "Kies een waarde binnen de grens."
    )


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


def _clashes(fillings: list[_Filling]) -> Iterator[Problem]:
    """Two values of one municipality for one term on one day: the lower in rank is wrong, of equals the later one."""
    for number, later in enumerate(fillings):
        for earlier in fillings[:number]:
            same = earlier.rule == later.rule and earlier.document.municipality == later.document.municipality
            if same and _meet(earlier, later):
                yield _clash(earlier, later)


def _clash(earlier: _Filling, later: _Filling) -> Problem:
    ranks = earlier.document.rank, later.document.rank
    if ranks[0] == ranks[1]:
        return later.problem(
            "TS-I04",
            None,
            f"`{later.rule}` is voor een deel van deze tijd al ingevuld: vanaf {earlier.valid_from}.",
            "Zet `geldig tot` bij de eerdere invulling.",
        )
    low, high = (later, earlier) if doc.is_above(*ranks) else (earlier, later)
    place = high.entry.source.place(high.path)
    return low.problem(
        "TS-I06",
        None,
        f"`{low.rule}` is in deze tijd al ingevuld door een {high.document.rank}: {high.document.title} ({place.file}:{place.line}). "
        f"Een {low.document.rank} zet die niet opzij.",
        "Laat deze invulling weg, of zet `geldig tot` bij de andere.",
    )


def _typed(filling: _Filling, term: _OpenTerm) -> FilledTerm:
    unit = term.decl.kind
    document = filling.document
    return FilledTerm(
        rule=filling.rule,
        valid_from=filling.valid_from,
        valid_until=filling.valid_until,
        value=parse_literal(filling.text, amount_kind(str(unit)), unit),
        municipality=document.municipality,
        rank=document.rank,
        title=document.title,
        source=filling.source,
        cvdr=document.cvdr,
    )
