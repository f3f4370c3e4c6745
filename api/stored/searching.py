# SPDX-License-Identifier: EUPL-1.2
"""Finding assessments back: by case, person, ground, door and period, a page at a time. What is sought stands in the body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from api import logs, trace_context
from api.auth.gate import municipality_of
from api.auth.principal import Principal
from api.context import Context
from api.logboek import WHOLE_CASE, Subject, in_trace
from api.problems import ApiProblem, mistakes_of
from api.stored.accounting import KEPT_PERSON, recorded
from api.stored.archive import DECISIONS
from api.stored.assessing import DOOR, GROUND
from api.stored.envelope import CASE, case_of, person_of
from api.stored.paging import LAST_PAGE, MOST, USUAL_SIZE
from api.stored.reading import ASSESSMENTS
from api.stored.strays import PERSON
from engine.language.kinds import LiteralError, parse_date
from engine.model.claim import Received
from engine.model.problems import Problem, escape, problem_at, unknown_keys
from store.bsn import Bsn
from store.chain import Record
from store.model import MUNICIPALITY, SUBJECT, TERM, Kind
from store.store import Store

SINCE, UNTIL, PAGE, SIZE = "vanaf", "totEnMet", "page", "pageSize"
KEYS = ("gemeente", CASE, PERSON, GROUND, DOOR, SINCE, UNTIL, PAGE, SIZE)


@dataclass(frozen=True)
class Sought:
    """What is sought, checked."""

    municipality: str
    terms: Mapping[str, str] = field(default_factory=dict)
    person: Bsn | None = None
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1
    size: int = USUAL_SIZE


def read_search(body: Received, principal: Principal) -> Sought:
    """Check a search. Raises 400 with every mistake, and 403 for the municipality of somebody else."""
    data = body.data
    if not isinstance(data, Mapping):
        raise ApiProblem(400, "", mistakes_of([*body.problems, problem_at("TS-O06", "", "Het bericht is geen object.", "")]))
    reading = _Reading(data, list(body.problems))
    municipality = reading.municipality(principal)
    terms: dict[str, str] = {}
    if CASE in data and (case := case_of(data[CASE], f"/{CASE}", reading.problems)):
        terms[CASE] = case
    terms |= {name: text for name in (GROUND, DOOR) if (text := reading.text(name)) is not None}
    person = reading.person(terms)
    since, until = reading.day(SINCE), reading.day(UNTIL)
    page, size = reading.number(PAGE, 1, LAST_PAGE), reading.number(SIZE, USUAL_SIZE, MOST)
    if reading.problems:
        raise ApiProblem(400, "", mistakes_of(reading.problems))
    return Sought(municipality, terms, person, _start(since), _end(until), page, size)


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day is not None else None


def _end(day: date | None) -> datetime | None:
    """The first moment after a day; the last day that there is has none, and leaves the period open."""
    return _start(day + timedelta(days=1)) if day is not None and day != date.max else None


@dataclass
class _Reading:
    """The keys of a search, with what is wrong with them."""

    data: Mapping[str, Any]
    problems: list[Problem]

    def __post_init__(self) -> None:
        self.problems += (problem_at("TS-O06", *unknown) for unknown in unknown_keys(self.data, KEYS))

    def wrong(self, name: str, cause: str, remedy: str = "") -> None:
        self.problems.append(problem_at("TS-O06", f"/{escape(name)}", cause, remedy))

    def municipality(self, principal: Principal) -> str:
        named = self.data.get("gemeente")
        if isinstance(named, str) or "gemeente" not in self.data:
            found = municipality_of(principal, named)
            if found is not None and MUNICIPALITY.fullmatch(found):
                return found
        cause = "De gemeente ontbreekt." if named is None else "De gemeente is geen CBS-code."
        self.problems.append(problem_at("TS-O01", "/gemeente", cause, "Schrijf haar CBS-code, bijvoorbeeld GM0344."))
        return ""

    def text(self, name: str) -> str | None:
        value = self.data.get(name)
        if name not in self.data or (isinstance(value, str) and TERM.fullmatch(value)):
            return value
        self.wrong(name, f"`{name}` is de id van een regel of deur.", "Laat de sleutel weg om niet hierop te zoeken.")
        return None

    def person(self, terms: dict[str, str]) -> Bsn | None:
        """The person by BSN; by pseudonym it becomes a term."""
        value = self.data.get(PERSON)
        if PERSON not in self.data:
            return None
        named = value["pseudoniem"] if isinstance(value, Mapping) and set(value) == {"pseudoniem"} else None
        if isinstance(named, str) and TERM.fullmatch(named):
            terms[SUBJECT] = named
            return None
        return person_of(value, self.problems)

    def day(self, name: str) -> date | None:
        if name not in self.data:
            return None
        try:
            return parse_date(str(self.data[name]))
        except LiteralError as error:
            self.wrong(name, error.cause, error.remedy)
            return None

    def number(self, name: str, usual: int, most: int) -> int:
        value = self.data.get(name, usual)
        # 13.0 is a whole number too, in JSON as in the law.
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and 1 <= value <= most and value == int(value):
            return int(value)
        self.wrong(name, f"`{name}` is een geheel getal van 1 tot en met {most}.")
        return usual


def search_and_tell(store: Store, context: Context, sought: Sought) -> dict[str, Any]:
    """The same, accounted for: each person on the page was looked up, and so was the one who was sought."""
    start = datetime.now(UTC)
    found = search(store, sought)
    people = dict.fromkeys(_about(item) for item in found["results"] if not item["vernietigd"])
    if people:
        recorded(context, "beoordelingen zoeken", people, start)
    logs.action("beoordelingen zoeken", sought.municipality, "gelukt", gevonden=found["count"])
    return found


def _about(item: Mapping[str, Any]) -> Subject:
    """Whom a line of a page is about: the person whom the store knows, or where none was named who stands in that case."""
    name = item["pseudoniem"]
    return Subject(name, KEPT_PERSON) if name is not None else in_trace(f"{WHOLE_CASE}/{item['id']}", trace_context.current())


def search(store: Store, sought: Sought) -> dict[str, Any]:
    """A page of assessments, newest first, with how many there are."""
    terms = dict(sought.terms)
    if sought.person is not None:
        known = store.subject(sought.municipality, sought.person)
        if known is None:
            return paged([], 0, sought)
        terms[SUBJECT] = known
    found = store.listed(
        sought.municipality,
        terms,
        kinds=ASSESSMENTS,
        since=sought.since,
        until=sought.until,
        limit=sought.size,
        offset=(sought.page - 1) * sought.size,
    )
    return paged(_results(store, found.records), found.count, sought)


def paged(results: Sequence[Any], count: int, sought: Sought) -> dict[str, Any]:
    """A page as the API conventions have it; the pages beside it are told by their number."""
    return {
        "count": count,
        "next": sought.page + 1 if sought.page * sought.size < count else None,
        "previous": sought.page - 1 if sought.page > 1 else None,
        "results": list(results),
    }


def _results(store: Store, found: Sequence[Record]) -> list[dict[str, Any]]:
    ids = [record.id for record in found]
    terms = store.terms_of(ids)
    about = store.about(ids, (Kind.EFFECTS, *DECISIONS, Kind.DESTRUCTION))
    after = {(record.about, record.kind): record.id for record in about}
    return [_result(record, terms.get(record.id, {}), after) for record in found]


def _result(record: Record, terms: Mapping[str, Sequence[str]], after: Mapping[tuple[str | None, str], str]) -> dict[str, Any]:
    return {
        "id": record.id,
        "gemeente": record.municipality,
        "aanspraak": record.data.get("aanspraak"),
        "peildatum": record.data.get("peildatum"),
        "vastgelegdOp": f"{record.created_at[:19]}Z",
        "zaak": next(iter(terms.get(CASE, ())), None),
        "pseudoniem": next(iter(terms.get(SUBJECT, ())), None),
        "aanvullingOp": record.about,
        "aangevuldDoor": after.get((record.id, Kind.EFFECTS)),
        "besloten": (record.id, Kind.DECISION) in after,
        "vernietigd": (record.id, Kind.DESTRUCTION) in after,
    }
