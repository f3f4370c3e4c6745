# SPDX-License-Identifier: EUPL-1.2
"""The record of a person: only with it there is a decision. A correction is a new record that points to the old one.

Who decides is who signed in, where the token names a person; a key of a system does not, and then the message does.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from api import logs, metrics
from api.auth.principal import Principal
from api.context import Context
from api.kinds import INCOMPLETE, OTHER_OUTCOME, UNDECIDED
from api.problems import ApiProblem, mistakes_of
from api.reader import write_exactly, write_json
from api.stored import concept
from api.stored.accounting import pseudonym_of, recorded, subjects
from api.stored.archive import PRECEDENT, Archive
from api.stored.envelope import CASE
from api.stored.once import NOTHING, Kept
from api.stored.reading import last_decision, overtaken, require_there, what_stands
from api.stored.strays import refuse_strays
from engine.model.calendar import civil_day
from engine.model.claim import Received
from engine.model.problems import MAX_PROBLEMS, ClaimError, Problem, problem_at, unknown_keys
from engine.model.record import RECORD_KEYS
from engine.rationale.decision import Decision, check_record, decide, precedent_of, with_decision
from store.chain import Record
from store.errors import AlreadyThere
from store.model import ANSWER, ASSESSED, Draft, KeyClaim, Kind
from store.replay import Again

CORRECTS = "corrigeert"
WRITTEN = "vastlegging"
_FORM = re.compile(r"TS-(J\d\d|H02|H21|O07|O09)")
"""Codes of what is written wrong; the others tell what is not there yet."""


@dataclass(frozen=True)
class Message:
    """A message with a record, taken apart: the record as the engine reads it, what the Besluiten API needs, what it corrects."""

    record: Received
    concept: Any
    corrects: Any
    problems: tuple[Problem, ...]


def keep_decision(archive: Archive, context: Context, principal: Principal, record: Record, body: Received, key: KeyClaim | None) -> Kept:
    """Keep a decision on an assessment; without a key look at it only.

    Raises 400 for what is written wrong, and 409 with everything that it still lacks.
    """
    start = datetime.now(UTC)
    store = archive.store
    refuse_strays(context, store, body.data, record)
    message = taken_apart(body, principal)
    corrected = _corrected(archive, record, message)
    try:
        again = archive.replayer.again(record.id)
    except ClaimError:  # what was taken then is refused now
        raise ApiProblem(OTHER_OUTCOME) from None
    if again.differences:
        raise ApiProblem(OTHER_OUTCOME)
    case = next(iter(store.terms_of([record.id]).get(record.id, {}).get(CASE, ())), None)
    before = concept.known(archive.organisations, record.municipality, again.assessment.claim.claim, case, _body(again))
    asked = message.concept is not None or record.municipality in archive.organisations.rsin
    given = message.concept if message.concept is not None else {}
    problems = [*message.problems, *check_record(again.assessment, message.record, civil_day(store.now()))]
    if asked:
        problems += concept.misfits(given, before)
        problems += concept.lacking(given, before) if isinstance(given, Mapping) else ()
    refuse(problems)
    if key is None:
        return NOTHING
    decision = decide(again.assessment, message.record)
    number = str(uuid.uuid4())
    answer = write_json(
        {
            "id": number,
            "beoordeling": record.id,
            "corrigeert": corrected.id if corrected is not None else None,
            "besluit": with_decision(decision)["besluit"],
            "besluitConcept": concept.concept(given, before, decision.record.day, decision.record.words) if asked else None,
        }
    )
    person = pseudonym_of(store, record)
    recorded(context, "besluiten", subjects(person, again.assessment), start)
    draft = _draft(record, corrected, decision, number)
    draft = replace(
        draft,
        payloads={**draft.payloads, ANSWER: answer, WRITTEN: _written(message, principal)},
        terms={CASE: [case] if case else []},
        pseudonym=person,
    )
    try:
        store.append(draft, key)
    except AlreadyThere:
        raise overtaken(store, record) from None
    if decision.followed is not None and corrected is None:  # a correction is no second decision
        metrics.decided(again.assessment.claim.claim, followed=decision.followed)
    logs.action("besluiten", number, "gelukt", beoordeling=record.id)
    return Kept(number, answer)


def taken_apart(body: Received, principal: Principal) -> Message:
    """The parts of a message; who signed in stands in the record as the one who decides."""
    data = body.data
    if not isinstance(data, Mapping):
        return Message(body, None, None, ())
    unknown = unknown_keys(data, (*RECORD_KEYS, concept.KEY, CORRECTS))
    problems = [problem_at("TS-H02", *found) for found in unknown if found[0] not in body.unread]
    record = {name: value for name, value in data.items() if name in RECORD_KEYS}
    if principal.actor is not None:
        if record.get("door", principal.actor) != principal.actor:
            cause = "Wie besluit, is wie zich heeft aangemeld; hier staat een ander."
            problems.append(problem_at("TS-O09", "/door", cause, "Laat `door` weg."))
        record["door"] = principal.actor
    return Message(replace(body, data=record), data.get(concept.KEY), data.get(CORRECTS), tuple(problems))


def refuse(problems: Iterable[Problem]) -> None:
    """Raise 400 where something is written wrong, 409 where something lacks; each time with everything."""
    found = sorted(set(problems), key=lambda problem: (problem.place.pointer or "", problem.code, problem.cause))[:MAX_PROBLEMS]
    if any(_FORM.fullmatch(problem.code) for problem in found):
        raise ApiProblem(400, "De vastlegging is niet te lezen zoals zij er staat.", mistakes_of(found))
    if found:
        raise ApiProblem(INCOMPLETE, "", mistakes_of(found))


def _corrected(archive: Archive, record: Record, message: Message) -> Record | None:
    """The decision that this one corrects. Raises 409 for one that is not there, and where the case stands otherwise."""
    if message.corrects is None:
        if in_the_way := what_stands(archive.store, record):
            raise in_the_way
        return None
    last = last_decision(archive.store, record)
    if last is None:
        require_there(archive.store, record)
        problem = problem_at("TS-O10", f"/{CORRECTS}", UNDECIDED.detail, "Laat `corrigeert` weg.")
        raise ApiProblem(UNDECIDED, "", mistakes_of([problem]))
    if message.corrects != last.id:
        raise overtaken(archive.store, record)
    return last


def _body(again: Again) -> str | None:
    law = again.stored.book.laws.get(again.assessment.program.law)
    return law.body if law is not None else None


def _draft(record: Record, corrected: Record | None, decision: Decision, number: str) -> Draft:
    """The record to be: a decision on the assessment, or a correction on what it corrects."""
    precedent = precedent_of(decision, number)
    return Draft(
        record.municipality,
        Kind.DECISION if corrected is None else Kind.CORRECTION,
        {"aanspraak": decision.assessment.claim.claim, ASSESSED: record.id, "adviesGevolgd": decision.followed},
        payloads={PRECEDENT: write_json(precedent.model_dump(mode="json", by_alias=True))} if precedent is not None else {},
        about=record.id if corrected is None else corrected.id,
        once=True,
        unless=(Kind.EFFECTS,),
        id=number,
    )


def _written(message: Message, principal: Principal) -> bytes:
    """The record as it was written, with who signed in."""
    return write_exactly(
        {"vastlegging": message.record.data, concept.KEY: message.concept, "aangemeld": principal.client, "persoon": principal.actor}
    )
