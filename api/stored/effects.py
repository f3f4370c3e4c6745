# SPDX-License-Identifier: EUPL-1.2
"""Effects that people state when an outcome is there: kept as a record of their own, with the assessment worked out anew.

Worked out with the same rules and the same earlier decisions, so that what differs comes from the effects. A wanted
effect that was stated on or after the day of the outcome (in the Netherlands) is marked `na uitkomst`, whatever the message
says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from api.context import Context
from api.kinds import OTHER_OUTCOME
from api.problems import ApiProblem
from api.reader import write_exactly
from api.stored.accounting import pseudonym_of, recorded, subjects
from api.stored.archive import Archive
from api.stored.assessing import Made, assess_to_keep, told
from api.stored.envelope import CASE
from api.stored.once import NOTHING, Kept
from api.stored.reading import overtaken, what_stands
from api.stored.strays import refuse_strays
from engine.language.kinds import LiteralError, parse_date
from engine.model.calendar import civil_day
from engine.model.claim import Claim, Received
from engine.model.problems import ClaimError, Problem, problem_at, unknown_keys
from engine.passes.intake import read_claim
from engine.rulebook import Compiled, Rulebook
from store.chain import Record
from store.errors import AlreadyThere
from store.model import Draft, KeyClaim, Kind

WANTED, STATED = "beoogdeEffecten", "effecten"
KEYS = (WANTED, STATED)


def keep_effects(archive: Archive, context: Context, record: Record, body: Received, key: KeyClaim | None) -> Kept:
    """Keep effects about an assessment, and the assessment with them; without a key look at them only.

    Raises :class:`ClaimError`, and 409 where it went on.
    """
    start = datetime.now(UTC)
    store = archive.store
    if in_the_way := what_stands(store, record):
        raise in_the_way
    refuse_strays(context, store, body.data, record)
    before = archive.replayer.stored(record.id)
    offsets = {name: len(before.claim.get(name, ())) for name in KEYS}
    stated = _stated(body, record)
    whole = _with(before.claim, stated, offsets)
    try:
        claim, compiled = read_claim(whole, before.book, civil_day(store.now()))
    except ClaimError as error:
        if said := [_moved(problem, offsets, -1) for problem in error.problems if _of_message(problem, whole, offsets)]:
            raise ClaimError(said) from None
        claim, compiled = _as_before(whole, before.book)
    if key is None:
        return NOTHING
    assessment = assess_to_keep(before.earlier, claim, compiled, before.book, context)
    terms = store.terms_of([record.id]).get(record.id, {})
    data = {**before.claim, **{name: [*before.claim.get(name, ()), *stated.data.get(name, ())] for name in stated.data}}
    made = Made(assessment, data, case=next(iter(terms.get(CASE, ())), None), adds_to=record.id)
    person = pseudonym_of(store, record)
    recorded(context, "effecten vastleggen", subjects(person, assessment), start)
    late = any(item.get("naUitkomst") is True for item in stated.data.get(WANTED, ()))
    draft = Draft(
        record.municipality,
        Kind.EFFECTS,
        {**made.data, "naUitkomst": late},
        payloads={**made.payloads, STATED: write_exactly(stated.data)},
        terms=made.terms,
        about=record.id,
        bundle=record.bundle,
        pseudonym=person,
        unless=(Kind.EFFECTS, Kind.DECISION),
        id=made.id,
    )
    try:
        archive.append(draft, key, context.rulebook, context.files)
    except AlreadyThere:
        raise overtaken(store, record) from None
    told("effecten bewaren", made)
    return Kept(made.id, made.answer)


def _as_before(whole: Received, book: Rulebook) -> tuple[Claim, Compiled]:
    """The claim, in which nothing is wrong but a day that was kept before. Raises 409 where what was taken then is refused now."""
    try:
        return read_claim(whole, book)
    except ClaimError:
        raise ApiProblem(OTHER_OUTCOME) from None


def _of_message(problem: Problem, whole: Received, offsets: Mapping[str, int]) -> bool:
    """Whether a problem of the claim is in what was stated now, and not in what was kept before."""
    parts = (problem.place.pointer or "").split("/")
    if problem in whole.problems or len(parts) < 2:
        return True
    return parts[1] in offsets and not (len(parts) > 2 and parts[2].isdigit() and int(parts[2]) < offsets[parts[1]])


def _stated(body: Received, record: Record) -> Received:
    """The effects by their shape, those after the outcome marked. Raises :class:`ClaimError` for what is no such message."""
    data = body.data
    if not isinstance(data, Mapping):
        raise ClaimError([*body.problems, problem_at("TS-O06", "", "Het bericht is geen object.", f"Geef: {', '.join(KEYS)}.")])
    problems = list(body.problems)
    problems += (problem_at("TS-O06", *unknown) for unknown in unknown_keys(data, KEYS))
    for name in (name for name in KEYS if name in data):
        if not isinstance(data[name], list) and f"/{name}" not in body.unread:
            problems.append(problem_at("TS-O06", f"/{name}", f"`{name}` is een lijst.", "Laat de sleutel weg als er niets is."))
    given = {name: value for name, value in data.items() if name in KEYS and isinstance(value, list)}
    if not any(given.values()) and not problems:
        problems.append(problem_at("TS-O06", "", "Er is geen effect genoemd.", f"Geef: {', '.join(KEYS)}."))
    outcome = civil_day(datetime.fromisoformat(record.created_at))
    if WANTED in given:
        given[WANTED] = [{**item, "naUitkomst": True} if _on_or_after(item, outcome) else item for item in given[WANTED]]
    return replace(body, data=given, problems=tuple(problems))


def _on_or_after(item: Any, day: date) -> bool:
    try:
        return isinstance(item, Mapping) and bool(parse_date(str(item.get("gesteldOp"))) >= day)
    except LiteralError:
        return False


def _with(claim: Mapping[str, Any], stated: Received, offsets: Mapping[str, int]) -> Received:
    """The claim with the effects behind its own; what is wrong with them keeps its place."""
    data = {**claim, **{name: [*claim.get(name, ()), *value] for name, value in stated.data.items()}}
    problems = tuple(_moved(problem, offsets, 1) for problem in stated.problems)
    return Received(data, problems, frozenset(_pointer(found, offsets, 1) for found in stated.unread))


def _moved(problem: Problem, offsets: Mapping[str, int], sign: int) -> Problem:
    return replace(problem, place=replace(problem.place, pointer=_pointer(problem.place.pointer or "", offsets, sign)))


def _pointer(pointer: str, offsets: Mapping[str, int], sign: int) -> str:
    """A pointer into the message as one into the claim, or back (``sign`` -1)."""
    parts = pointer.split("/")
    if len(parts) > 2 and parts[1] in offsets and parts[2].isdigit():
        parts[2] = str(int(parts[2]) + sign * offsets[parts[1]])
    return "/".join(parts)
