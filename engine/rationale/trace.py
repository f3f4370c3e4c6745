# SPDX-License-Identifier: EUPL-1.2
"""What every rule did in a case, in signs and values: all that is to be kept of it beside the rules themselves.

Told in full the trace is some two hundred thousand bytes, of which all but a few thousand are words of the rules. They are
kept once, with the rules; so the trace of an assessment is told again from what its rules did then and the rules of then,
without asking any engine what they do now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from engine.model.claim import Standing
from engine.model.values import Unknown, Value
from engine.rationale.rules import rule_entry
from engine.rationale.told import Telling, Told
from engine.rationale.values import UNKNOWN
from engine.rulebook import Compiled, Rulebook

NOT_KNOWN = (None, UNKNOWN)
"""A value that is not known, as JSON and as people read it."""
CLAIM, VERSION, DAY = "aanspraak", "versie", "peildatum"
RULES, FILLED, FACTS, OUTCOMES = "regels", "ingevuld", "gegevens", "uitkomsten"


def rules_of(told: Told) -> list[str]:
    """The rules that ran, in the order in which they did; without those of the language itself."""
    return [key for key in told.a.state.traces if not key.startswith("#")]


def noted(told: Told) -> dict[str, Any]:
    """What every rule did, as JSON: what :class:`Noted` tells the trace from."""
    keys = rules_of(told)
    filled = {rule: told.filling(rule) for rule in told.a.filled if rule in told.program.rules}
    return {
        CLAIM: told.program.claim,
        VERSION: told.program.valid_from.isoformat(),
        DAY: told.day.isoformat(),
        RULES: {key: told.done(key) for key in keys},
        FILLED: {rule: found for rule, found in filled.items() if found is not None},
        FACTS: {path: told.fact(path) for path in _facts(told, keys)},
        OUTCOMES: {key: told.outcome(key) for key in _outcomes(told)},
    }


def _facts(told: Told, keys: Iterable[str]) -> Iterator[str]:
    """The facts that a rule may have read and of which there is something to tell."""
    facts, claim = told.a.state.facts, told.a.claim
    for path in told.index.facts_read:
        if path in claim.given or path in claim.assumed or not _open(facts.get(path)):
            yield path
    for key in keys:
        reads = told.index.reads(key)
        if reads.members:
            yield from (path for index in range(len(told.done(key))) for path in reads.in_item(told.rules[key].list, index))


def _outcomes(told: Told) -> Iterator[str]:
    """The same for outcomes."""
    out = told.a.state.out
    return (key for key in told.index.outcomes_read if not _open(out.get(key)))


def _open(value: Value | None) -> bool:
    """Whether nothing at all is known: that is how a case that is told again finds what was not noted."""
    return value is None or (type(value) is Unknown and value.among is None)


class Noted(Telling):
    """A case as it was noted: enough to tell what its rules did."""

    def __init__(self, compiled: Compiled, notes: Mapping[str, Any]) -> None:
        super().__init__(compiled, date.fromisoformat(notes[DAY]))
        self.notes = notes
        self.keys: tuple[str, ...] = tuple(notes[RULES])

    def done(self, key: str) -> Sequence[Sequence[Any]]:
        """What a rule did."""
        found: Sequence[Sequence[Any]] = self.notes[RULES][key]
        return found

    def fact(self, path: str) -> Sequence[Any]:
        """A fact that a rule read."""
        found: Sequence[Any] = self.notes[FACTS].get(path, (*NOT_KNOWN, Standing.MISSING.value, None))
        return found

    def outcome(self, key: str) -> Sequence[Any]:
        """An outcome that a rule read."""
        found: Sequence[Any] = self.notes[OUTCOMES].get(key, NOT_KNOWN)
        return found

    def filling(self, rule: str) -> dict[str, Any] | None:
        """What a municipality filled in."""
        found: dict[str, Any] | None = self.notes[FILLED].get(rule)
        return found


def told_again(book: Rulebook, notes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trace of every rule that ran, from what was noted and the rules of then: the same as when it was made."""
    compiled = book.program(notes[CLAIM], date.fromisoformat(notes[VERSION]))
    assert compiled is not None
    telling = Noted(compiled, notes)
    return [rule_entry(telling, key) for key in telling.keys]
