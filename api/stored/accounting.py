# SPDX-License-Identifier: EUPL-1.2
"""Accounting for what is done with the data of people: a line in the log, and a record for each person in the logbook."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

import orjson

from api import logs, trace_context
from api.context import Context
from api.kinds import LOGBOOK_DOWN
from api.logboek import WHOLE_CASE, LogbookError, Subject, in_trace, places_of
from api.problems import ApiProblem
from engine.model.problems import EngineError
from engine.passes.assess import Assessment
from engine.rulebook import Rulebook
from store.chain import Record
from store.errors import Erased
from store.model import ANSWER, ASSESSED, SUBJECT
from store.store import Store

KEPT_PERSON = "urn:toetssteen:betrokkene"
"""The kind of pseudonym of a person of whom something is kept: the one that the store knows the person by."""


def recorded(context: Context, name: str, subjects: Iterable[Subject], start: datetime, *, failed: bool = False) -> None:
    """Put an action in the logbook, where there is one. Raises 503: what cannot be accounted for is not answered."""
    if context.logbook is None:
        return
    try:
        context.logbook.record(name, subjects, trace_context.current(), start, failed=failed)
    except LogbookError as error:
        logs.action("vastleggen in logboek", "logboek dataverwerkingen", "mislukt", level=logging.ERROR, reden=str(error))
        raise ApiProblem(LOGBOOK_DOWN, headers={"Retry-After": "30"}) from error


@contextmanager
def failing(context: Context, book: Rulebook) -> Iterator[None]:
    """Account for an assessment that fails because rules or engines contradict each other on the case."""
    start = datetime.now(UTC)
    try:
        yield
    except EngineError:
        logs.action("beoordelen", book.hash, "mislukt", level=logging.ERROR)
        recorded(context, "beoordelen", subjects(None), start, failed=True)
        raise


def pseudonym_of(store: Store, record: Record) -> str | None:
    """The pseudonym of the person whom a record is about; None where nobody was named, or it was erased."""
    return next(iter(store.terms_of([record.id]).get(record.id, {}).get(SUBJECT, ())), None)


def subjects(pseudonym: str | None, assessment: Assessment | None = None) -> list[Subject]:
    """Who an action is about. The person whom the store knows stands in the place of the first person of the claim."""
    return _with(pseudonym, places_of(member.whom for member in assessment.second.household) if assessment is not None else [WHOLE_CASE])


def _with(pseudonym: str | None, places: Sequence[str]) -> list[Subject]:
    found = trace_context.current()
    people = [in_trace(place, found) for place in places]
    return people if pseudonym is None else [Subject(pseudonym, KEPT_PERSON), *people[1:]]


def looked_at(context: Context, store: Store, record: Record, name: str, start: datetime) -> None:
    """Account for reading what is kept of a case: for everybody in it, as when it was assessed."""
    if context.logbook is not None:
        recorded(context, name, _with(pseudonym_of(store, record), _places(store, record)), start)
    logs.action(name, record.id, "gelukt")


def _places(store: Store, record: Record) -> list[str]:
    """Where the people of a case stand in the claim that was kept; the case as a whole where that was erased."""
    try:
        answer = orjson.loads(store.payload(record.data.get(ASSESSED, record.id), ANSWER))
    except Erased:
        return [WHOLE_CASE]
    return places_of(person["wie"] for person in answer["personen"])
