# SPDX-License-Identifier: EUPL-1.2
"""What does not fit together in time: amounts and fillings with holes, frozen files that changed, what is still to be verified.

The versions of a regelset follow each other without gap or overlap by the way they are stored (a file per first day), and
a regelset that is used before it exists does not load. That an article did not exist yet cannot be seen here: the rules do
not say from when an article holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from engine.authoring.prove_result import Code
from engine.authoring.release import frozen, unverified
from engine.language.checks import all_nodes
from engine.model import tree
from engine.model.problems import Place, Problem, Severity
from engine.model.program import Amount, Program
from engine.rulebook import Rulebook

CODES: Mapping[str, Code] = {
    "TS-P22": Code("Een bedrag dat een regel leest, is een tijd lang niet bekend", Severity.WARNING),
    "TS-P23": Code("Een bedrag houdt op voordat de laatste versie begint", Severity.WARNING),
    "TS-P24": Code("Een invulling van een gemeente laat een tijd open", Severity.WARNING),
    "TS-P25": Code("Wat nog te verifiëren is, houdt `vastgesteld` tegen", Severity.WARNING),
}
"""The stable codes of what does not fit in time; a frozen file that changed has a code of its own (TS-U06)."""

Stretch = tuple[date, date | None]
"""A first day, and the day after the last (None: no end)."""


def validity(rulebook: Rulebook, root: Path | None = None, claims: Iterable[str] | None = None) -> tuple[Problem, ...]:
    """Everything that does not fit in time, for some claims or all; ``root`` is the rules folder, for what was released."""
    names = list(rulebook.programs if claims is None else claims)
    problems = [*_amounts(rulebook, names), *_fillings(rulebook), *_open(rulebook, names)]
    if root is not None:
        problems += frozen(root)
    return tuple(sorted(problems, key=lambda problem: (problem.place, problem.code, problem.cause)))


def _problem(code: str, place: Place, cause: str, remedy: str) -> Problem:
    return Problem(code, place, cause, remedy, CODES[code].severity)


# --- amounts ---------------------------------------------------------------------------------------------------------


def _amounts(rulebook: Rulebook, claims: Iterable[str]) -> Iterator[Problem]:
    missing: dict[tuple[str, Place], list[Stretch]] = {}
    ended: dict[tuple[str, Place], Program] = {}
    for claim in claims:
        for compiled in rulebook.programs[claim]:
            program = compiled.program
            for name in sorted({node.amount for node in all_nodes(program) if isinstance(node, tree.AmountRef)}):
                amount = program.amounts[name]
                key = (name, amount.place)
                if program.valid_until is None:
                    if amount.at(program.valid_from) is None:
                        ended[key] = program
                else:
                    missing.setdefault(key, []).extend(holes(amount, program.valid_from, program.valid_until))
    for (name, place), stretches in missing.items():
        for start, end in _joined(stretches):
            yield _problem("TS-P22", place, f"Het bedrag `{name}` is niet bekend {_words(start, end)}.", "Voer het in, met bron.")
    for (name, place), program in ended.items():
        yield _problem(
            "TS-P23",
            place,
            f"Het bedrag `{name}` is niet bekend op {program.valid_from}, als de laatste versie van {program.claim} begint.",
            "Voer het in, of wacht met die versie.",
        )


def holes(amount: Amount, start: date, end: date) -> Iterator[Stretch]:
    """The stretches from ``start`` up to but not including ``end`` in which an amount has no value."""
    until = amount.decl.entered_until
    changes = {start, end, *(entry.valid_from for entry in amount.series)}
    if until is not None:
        changes.add(until + timedelta(days=1))
    days = sorted(day for day in changes if start <= day <= end)
    for first, last in pairwise(days):
        if amount.at(first) is None:
            yield first, last


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same days in as few stretches as there can be."""
    result: list[Stretch] = []
    for start, end in sorted(set(stretches), key=lambda stretch: (stretch[0], stretch[1] or date.max)):
        last = result[-1] if result else None
        if last is not None and last[1] is not None and start <= last[1]:
            result[-1] = (last[0], None if end is None else max(last[1], end))
        else:
            result.append((start, end))
    return result


def _words(start: date, end: date | None) -> str:
    return f"vanaf {start}" if end is None else f"van {start} tot en met {end - timedelta(days=1)}"


# --- what municipalities fill in -------------------------------------------------------------------------------------


def _fillings(rulebook: Rulebook) -> Iterator[Problem]:
    """A term that a municipality fills in for some time and not after, while the law has no value of its own for it."""
    for municipality, terms in rulebook.fillings.items():
        for rule in dict.fromkeys(term.rule for term in terms):
            found = sorted((term for term in terms if term.rule == rule), key=lambda term: term.valid_from)
            law_until, place = _open_until(rulebook, rule)
            if place is None:
                continue
            for term, following in zip(found, [*found[1:], None], strict=True):
                end = term.valid_until
                if end is None or (law_until is not None and end >= law_until):
                    continue
                until = following.valid_from if following is not None else law_until
                if until is None or end < until:
                    cause = f"De gemeente {municipality} vult `{rule}` niet in {_words(end, until)}."
                    yield _problem("TS-P24", place, cause, "Vul het in, of geef in de wet met `anders` wat dan geldt.")


def _open_until(rulebook: Rulebook, rule: str) -> tuple[date | None, Place | None]:
    """Until when the law leaves a term open without a value of its own, and where it says so."""
    for versions in rulebook.sets.values():
        for version in reversed(versions):
            text = version.rules.get(rule)
            if text is not None and text.decl.open_to is not None and text.decl.open_to.otherwise is None:
                return version.valid_until, text.source.place(text.path)
    return None, None


# --- what blocks `vastgesteld` ---------------------------------------------------------------------------------------


def _open(rulebook: Rulebook, claims: Iterable[str]) -> Iterator[Problem]:
    """Per regelset that takes part in these claims, what of its last version is still to be verified."""
    sets = {version.ruleset for claim in claims for compiled in rulebook.programs[claim] for version in compiled.program.versions}
    for name in sorted(sets):
        version = rulebook.sets[name][-1]
        items = list(dict.fromkeys(unverified(rulebook, name, version.document.valid_from)))
        if items:
            place = version.source.place(("status",))
            cause = f"De versie {version.document.valid_from} van {name} kan niet worden vastgesteld; te verifiëren: {'; '.join(items)}."
            yield _problem("TS-P25", place, cause, "Lees de bron in de tekst van die datum en zet `status: gelezen`.")
