# SPDX-License-Identifier: EUPL-1.2
"""A stored assessment made again: with the rules of then it must come out equal; with others it says what differs.

What is compared is the canonical result: outcome, values, grounds, amounts, triggers, doors, options, questions, advice.
Texts and links stand outside it: a later version of the program may word them better. ``identical`` says whether they
are the same too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

import engine
from engine.authoring.causes import Cause
from engine.authoring.compare import Change, Side, compare
from engine.authoring.impact import Comparison, Terms
from engine.model.claim import Received
from engine.model.problems import ClaimError, Problem, RulesError, in_message
from engine.passes.assess import Assessment, assess
from engine.passes.precedents import Earlier, from_json
from engine.rationale.build import rationale
from engine.rulebook import Rulebook, load_files
from store.bundle import unpack
from store.chain import Record
from store.errors import NotFound, Tampered
from store.model import ANSWER, CLAIM, PRECEDENTS
from store.store import Store

LISTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waarden": (("naam",), ("waarde", "regel")),
    "gronden": (("bepaalt", "persoon"), ("soort", "regels", "uitkomst")),
    "bedragen": (("id",), ("waarde", "geldigVanaf")),
    "aanleidingen": (("id",), ("uitkomst",)),
    "deuren": (("id",), ("stand", "heftOp")),
    "opties": (("id",), ("stand", "binnenRegels")),
    "toetsen": (("id",), ("antwoord", "blokkeert")),
    "ontbrekendeGegevens": (("naam",), ("beslissend",)),
    "vervolgvragen": (("naam",), ("beslissend",)),
    "nietTeBepalen": (("naam",), ("soort",)),
}
"""The lists of the canonical result: by which keys an item is known, and what of it counts."""
RULEBOOKS = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the canonical result that differs; ``before`` or ``after`` is None where it was not there."""

    part: str
    name: str
    before: Any
    after: Any

    def plain(self) -> dict[str, Any]:
        """The difference as JSON carries it."""
        return {"onderdeel": self.part, "naam": self.name, "toen": self.before, "nu": self.after}


@dataclass(frozen=True)
class Replay:
    """What came of a replay.

    ``rules_then`` and ``rules_now`` are hashes of rulebooks, ``engine_then`` and ``engine_now`` versions of the program.
    ``refused`` are the reasons why other rules do not take the claim. ``causes`` are the rules and amounts that turn the
    outcome of the rules, ``changes`` everything that changed between the two for this claim on its day.
    """

    rules_then: str
    rules_now: str
    engine_then: str
    engine_now: str
    differences: tuple[Difference, ...] = ()
    identical: bool = False
    refused: tuple[Problem, ...] = ()
    causes: tuple[Cause, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def equal(self) -> bool:
        """The canonical result is the same."""
        return not self.differences and not self.refused

    def plain(self, number: str, rules: str) -> dict[str, Any]:
        """The replay of the assessment ``number`` as JSON carries it; ``rules`` says with which rules."""
        return {
            "beoordeling": number,
            "regels": rules,
            "gelijk": self.equal,
            "woordelijkGelijk": self.identical,
            "regelbestandToen": self.rules_then,
            "regelbestandNu": self.rules_now,
            "regelmotorToen": self.engine_then,
            "regelmotorNu": self.engine_now,
            "verschillen": [difference.plain() for difference in self.differences],
            "geweigerd": [in_message(problem) for problem in self.refused],
            "oorzaken": [{"regel": cause.rule, "reden": cause.reason, "bron": cause.source} for cause in self.causes],
            "wijzigingen": [change.plain() for change in self.changes],
        }


@dataclass(frozen=True)
class Stored:
    """A stored assessment as it was made: its record, the claim, what was answered, its rules, and what it was compared with."""

    record: Record
    claim: Any
    answer: Any
    book: Rulebook
    earlier: Earlier | None


@dataclass(frozen=True)
class Again:
    """A stored assessment made again with its own rules, and what differs."""

    stored: Stored
    assessment: Assessment
    differences: tuple[Difference, ...]


class Replayer:
    """Makes stored assessments again; keeps the last few rulebooks that it built."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.rulebook = lru_cache(maxsize=RULEBOOKS)(self._rulebook)
        self._serving: tuple[str, Rulebook] | None = None

    def serves(self, address: str, book: Rulebook) -> None:
        """Take a rulebook that was built from the files of an archive: it need not be built again, which takes a second."""
        self._serving = address, book

    def _rulebook(self, address: str) -> Rulebook:
        """The rules in an archive, which is there and whole also where they were built before. Raises as :meth:`replay` does."""
        try:
            files, serving = self.store.bundle(address), self._serving
        except NotFound:  # a record names it
            raise Tampered from None
        return serving[1] if serving is not None and serving[0] == address else load_files(unpack(files))

    def replay(self, record_id: str, book: Rulebook | None = None, *, municipality: str | None = None) -> Replay:
        """Make an assessment again, with the rules that were used, or with those of ``book``.

        Raises :class:`store.errors.NotFound` (no assessment, or kept without its rule files), :class:`store.errors.Erased`,
        :class:`store.errors.Tampered`, and :class:`RulesError` where this version of the program cannot read the rules of
        then.
        """
        found = self.stored(record_id, municipality)
        return _replay(found.claim, found.answer, found.book, book or found.book, found.earlier)

    def again(self, record_id: str, municipality: str | None = None) -> Again:
        """Make an assessment again with the rules that were used, to decide on it. Raises as :meth:`replay` does."""
        found = self.stored(record_id, municipality)
        assessment = assess(Received(found.claim), found.book, found.earlier)
        return Again(found, assessment, compared(found.answer, orjson.loads(orjson.dumps(rationale(assessment)))))

    def stored(self, record_id: str, municipality: str | None = None) -> Stored:
        """What an assessment was made of, to go on from it. Raises as :meth:`replay` does."""
        record = self.store.record(record_id, municipality)
        if record.bundle is None:
            raise NotFound("Bij dit record is geen regelbestand bewaard.")
        claim = json.loads(self.store.payload(record_id, CLAIM), parse_float=Decimal)
        answer = orjson.loads(self.store.payload(record_id, ANSWER))
        earlier = from_json(self.store.payload(record_id, PRECEDENTS)) if PRECEDENTS in record.commitments else None
        return Stored(record, claim, answer, self.rulebook(record.bundle), earlier)


def _replay(data: Any, stored: Mapping[str, Any], then: Rulebook, now: Rulebook, earlier: Earlier | None) -> Replay:
    account, this = stored["verantwoording"], f"toetssteen {engine.__version__}"
    try:
        assessment = assess(Received(data), now, earlier)
    except ClaimError as error:
        return Replay(account["regelbestand"], now.hash, account["regelmotor"], this, refused=error.problems)
    made = orjson.loads(orjson.dumps(rationale(assessment, steps="stappen" in stored)))
    differences = compared(stored, made)
    other = now is not then
    return Replay(
        rules_then=account["regelbestand"],
        rules_now=now.hash,
        engine_then=account["regelmotor"],
        engine_now=this,
        differences=differences,
        identical=all(stored.get(key) == value for key, value in made.items()),
        causes=_causes(data, then, now, assessment) if other and differences else (),
        changes=_changes(then, now, assessment.program.claim, assessment.claim.version_day) if other else (),
    )


def canonical_result(answer: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The part of an answer that counts, by part and name; an item that is known by the same name twice stands twice in a list."""
    found: dict[str, dict[str, Any]] = {
        "uitkomst": {"uitkomst": answer["uitkomst"], "mogelijk": answer["mogelijkeUitkomsten"]},
        "advies": {"resultaat": answer["advies"]["resultaat"], "mogelijk": answer["advies"]["mogelijk"]},
    }
    for part, (names, counted) in LISTS.items():
        items: dict[str, list[dict[str, Any]]] = {}
        for item in answer[part]:
            name = " ".join(str(item[key]) for key in names if item[key] is not None)
            items.setdefault(name, []).append({key: item[key] for key in counted})
        found[part] = {name: same[0] if len(same) == 1 else same for name, same in items.items()}
    return found


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs between the canonical results of two answers."""
    old, new = canonical_result(before), canonical_result(after)
    return tuple(
        Difference(part, name, old[part].get(name), new[part].get(name))
        for part in old
        for name in dict.fromkeys((*old[part], *new[part]))
        if old[part].get(name) != new[part].get(name)
    )


def _causes(data: Any, then: Rulebook, now: Rulebook, assessment: Assessment) -> tuple[Cause, ...]:
    """Which rules turn the outcome; where it was given from elsewhere no rule does."""
    if assessment.claim.stated.outcome is not None:
        return ()
    counted = Comparison(Terms(Side(then)), Terms(Side(now)), Received).chunk([(1, data)])
    return tuple(counted.causes)


def _changes(then: Rulebook, now: Rulebook, claim: str, day: date) -> tuple[Change, ...]:
    """What changed for a claim on a day, in sentences; nothing where one of the two has no such claim on that day."""
    try:
        return compare(Side(then, claim, day), Side(now, claim, day))
    except RulesError:
        return ()
