# SPDX-License-Identifier: EUPL-1.2
"""Assess and keep: the answer leaves when it is committed, with the rules, the claim and all that it was compared with."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from api import logs, metrics
from api.context import Context
from api.reader import write_exactly, write_json
from api.stored.accounting import failing, recorded, subjects
from api.stored.archive import Archive
from api.stored.envelope import CASE, Envelope
from api.stored.once import NOTHING, Kept
from engine.model.calendar import civil_day
from engine.model.claim import Claim
from engine.passes.assess import Assessment, assess_claim
from engine.passes.intake import read_claim
from engine.passes.precedents import Earlier, as_json, together
from engine.rationale.build import rationale_to_keep
from engine.rationale.trace import told_again
from engine.rulebook import Compiled, Rulebook
from store.chain import Record
from store.model import ANSWER, CLAIM, PRECEDENTS, TRACE, Draft, KeyClaim, Kind
from store.store import Store

GROUND, DOOR = "grond", "deur"


def keep_assessment(archive: Archive, context: Context, envelope: Envelope, key: KeyClaim | None) -> Kept:
    """Assess a claim with the rules that serve now, and keep it; without a key look at it only.

    Raises :class:`engine.model.problems.ClaimError`.
    """
    start = datetime.now(UTC)
    book = context.rulebook
    claim, compiled = read_claim(envelope.claim, book, civil_day(archive.store.now()))
    if key is None:
        return NOTHING
    bundle = archive.bundle(book, context.files)
    earlier = together(context.earlier, archive.decided(envelope.municipality).under(compiled.program.law))
    assessment = assess_to_keep(earlier, claim, compiled, book, context)
    person = _pseudonym(context, archive.store, envelope)
    made = Made(assessment, envelope.claim.data, case=envelope.case)
    recorded(context, "beoordelen", subjects(person, assessment), start)
    archive.append(
        Draft(
            envelope.municipality,
            Kind.ASSESSMENT,
            made.data,
            payloads=made.payloads,
            terms=made.terms,
            law=compiled.program.law,
            bundle=bundle,
            subject=envelope.person,
            pseudonym=person,
            id=made.id,
        ),
        key,
        book,
        context.files,
    )
    told("beoordeling bewaren", made)
    return Kept(made.id, made.answer)


def _pseudonym(context: Context, store: Store, envelope: Envelope) -> str | None:
    """The pseudonym of the person, or the one that this person gets with the record.

    A logbook is told of the person before the record is kept: of two first requests at once each must tell the same one, so
    there the pseudonym is made first.
    """
    if envelope.person is None:
        return None
    known = store.subject(envelope.municipality, envelope.person)
    if known is None and context.logbook is not None:
        return store.made_subject(envelope.municipality, envelope.person)
    return known or uuid.uuid4().hex


@dataclass(frozen=True)
class Made:
    """An assessment as it is kept. ``adds_to`` is the assessment that this one works out anew."""

    assessment: Assessment
    claim: Mapping[str, Any]
    case: str | None = None
    adds_to: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        found, notes = rationale_to_keep(self.assessment)
        answer = {
            "id": self.id,
            "zaak": self.case,
            "aanvullingOp": self.adds_to,
            **found,
            "tweedeMening": self.assessment.second_opinion,
        }
        object.__setattr__(self, "answer", write_json(answer))
        object.__setattr__(self, "trace", write_json(notes))

    answer: bytes = field(init=False)
    trace: bytes = field(init=False)

    @property
    def data(self) -> dict[str, Any]:
        """What stands in the chain for ever: with what was assessed, and nothing about whom."""
        claim = self.assessment.claim.claim
        return {"aanspraak": claim, "peildatum": self.assessment.claim.day.isoformat(), "regelbestand": self.assessment.rulebook_hash}

    @property
    def payloads(self) -> dict[str, bytes]:
        """Everything that can be erased."""
        found = {CLAIM: write_exactly(self.claim), ANSWER: self.answer, TRACE: self.trace}
        if (earlier := self.assessment.second.kept) is not None:
            found[PRECEDENTS] = as_json(earlier)
        return found

    @property
    def terms(self) -> dict[str, list[str]]:
        """What it is found by."""
        first, second = self.assessment.first, self.assessment.second
        grounds = {rule for ground in first.grounds if ground.truth is not False for rule in ground.rules}
        doors = {door.door.decl.id for door in second.doors if door.usable}
        return {CASE: [self.case] if self.case else [], GROUND: sorted(grounds), DOOR: sorted(doors)}


def assess_to_keep(earlier: Earlier | None, claim: Claim, compiled: Compiled, book: Rulebook, context: Context) -> Assessment:
    """An assessment that is to be kept: counted, and told where it cannot be made."""
    with failing(context, book):
        found = assess_claim(claim, compiled, book, earlier, context.second_opinion)
    metrics.assessed(found)
    return found


def steps_of(archive: Archive, record: Record) -> bytes:
    """The trace of every rule as it was made (JSON), told from what was kept of it and the rules of then.

    Raises 409 as :meth:`Archive.rules_of` does.
    """
    notes = orjson.loads(archive.store.payload(record.id, TRACE))
    return write_json({"id": record.id, "stappen": told_again(archive.rules_of(record), notes)})


def told(action: str, made: Made) -> None:
    """Log what was kept."""
    found = made.assessment
    logs.action(
        action, made.id, "gelukt", aanspraak=found.claim.claim, regelbestand=found.rulebook_hash, tweede_mening=found.second_opinion
    )
