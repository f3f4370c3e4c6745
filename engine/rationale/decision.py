# SPDX-License-Identifier: EUPL-1.2
"""A decision: what a person took, told beside the assessment, and as it goes into the register.

It exists only when :func:`check_record` finds nothing; nobody else than a person makes one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.model.claim import Claim, Given, Received
from engine.model.precedent import Precedent
from engine.model.problems import Place, Problem
from engine.model.record import Draft, Record
from engine.passes.assess import Assessment
from engine.passes.household import BIRTH
from engine.passes.precedents import signals_of
from engine.passes.record import Case, Lack, RecordError, followed, lacking, read_draft, to_come, weighed_door, weighed_grounds
from engine.rationale.build import rationale
from engine.rationale.own_words import Explained, texts_in, words
from engine.rationale.text import render
from engine.rationale.values import show_date
from engine.rationale.wording import how_many

REASON = 10
"""So many words of one's own are the least that a decision is explained in; six of them differ."""
VARIETY = 6
LINE = 4
"""So many words of one's own are the least for a line of a record: why an argument is rejected, what a child needs."""


def check_record(assessment: Assessment, data: Any, today: date | None = None) -> tuple[Problem, ...]:
    """Every reason why a record (plain data, or :class:`Received`) is not complete, in the order of its pointers; none: it is.

    With ``today`` it may not be of a day that is still to come.
    """
    written = read_draft(data)
    explained = explanation(assessment)
    lacks = [
        *lacking(assessment, written),
        *(lack for pointer, text, least in _reasons(written.draft) for lack in _own(pointer, text, least, explained)),
        *_recognisable(assessment, written.draft),
        *(to_come(written.draft, today) if today is not None else ()),
    ]
    problems = [*written.problems, *(_placed(lack, written.places) for lack in lacks)]
    return tuple(sorted(problems, key=lambda problem: (problem.place.pointer or "", problem.code, problem.cause)))


def _placed(lack: Lack, places: Mapping[str, Place]) -> Problem:
    return Problem(lack.code, places.get(lack.pointer, Place(pointer=lack.pointer)), lack.cause, lack.remedy)


def explanation(assessment: Assessment) -> Explained:
    """Everything that the explained assessment says, without what people stated in the claim or in earlier decisions."""
    claim, second = assessment.claim, assessment.second
    stated = claim.stated.model_copy(update={"effects": (), "evidence": (), "costs": (), "distinguished": ()})
    silent = replace(
        assessment,
        claim=replace(
            claim,
            given=_bare(claim.given),
            items={name: tuple(_bare(row) for row in rows) for name, rows in claim.items.items()},
            effects=(),
            stated=stated,
        ),
        second=replace(
            second,
            options=tuple(option for option in second.options if option.added_by is None),
            doors=tuple(door for door in second.doors if door.named is None),
            compared=None,
            costs=(),
        ),
    )
    data = rationale(silent, steps=True)
    return Explained.of([*texts_in(data), render(data)])


def _bare(given: Mapping[str, Given]) -> dict[str, Given]:
    return {path: replace(fact, by=None, role=None, reason=None, origin=None) for path, fact in given.items()}


# --- the words -------------------------------------------------------------------------------------------------------


def _reasons(draft: Draft) -> Iterator[tuple[str, str, int]]:
    """Every text of a record that is a reason, with its pointer and the least number of words."""
    if draft.words is not None:
        yield "/eigenWoorden", draft.words, REASON
    if draft.motive is not None:
        yield "/motief", draft.motive, LINE
    if draft.heard is not None and not draft.heard.heard and draft.heard.reason is not None:
        yield "/gehoord/reden", draft.heard.reason, LINE
    yield from ((f"/verworpenArgumenten/{index}/reden", line.reason, LINE) for index, line in enumerate(draft.rejected))
    yield from ((f"/beantwoordeArgumenten/{index}/antwoord", line.answer, LINE) for index, line in enumerate(draft.answered))
    yield from ((f"/kinderen/{index}/belang", line.interest, LINE) for index, line in enumerate(draft.children))
    yield from ((f"/kinderen/{index}/gewogen", line.weighed, LINE) for index, line in enumerate(draft.children))
    yield from ((f"/tenNadeleVan/{index}/reden", line.reason, LINE) for index, line in enumerate(draft.harmed))
    yield from ((f"/verschilMetPrecedent/{index}/verschil", line.fact, LINE) for index, line in enumerate(draft.differences))


def _own(pointer: str, text: str, least: int, explained: Explained) -> Iterator[Lack]:
    """Why a text is no reason of a person: too short, or not their own words."""
    name, found, copied = pointer.rpartition("/")[2], words(text), explained.copied(text)
    if len(found) < least or (least == REASON and len(set(found)) < VARIETY):
        cause = f"`{name}` is te kort om een reden te zijn: {how_many(len(found), 'woord', 'woorden')}."
        yield Lack("TS-H07", pointer, cause, f"Schrijf ten minste {least} woorden die zeggen waarom in dit geval.")
    elif copied.row:
        cause = f"In `{name}` staat tekst uit de beoordeling zelf: «{copied.row}»."
        yield Lack("TS-H08", pointer, cause, "Schrijf het in eigen woorden. De naam van een artikel mag blijven.")
    elif len(copied.left) < least or (least == REASON and len(set(copied.left)) < VARIETY):
        cause = f"Van `{name}` blijft zonder de tekst uit de beoordeling te weinig over: {how_many(len(copied.left), 'woord', 'woorden')}."
        yield Lack("TS-H08", pointer, cause, f"Schrijf ten minste {least} eigen woorden.")


_NUMBER = re.compile(r"\d(?:[ .-]?\d){7,}")
_ADDRESS = re.compile(r"\S+@\S+|\b\d{4} ?[A-Z]{2}\b")


def _recognisable(assessment: Assessment, draft: Draft) -> Iterator[Lack]:
    """What in the motive tells who it is about: a long number, an address, a date of birth, a name. A net, not a guarantee."""
    if found := _recognised(assessment, draft, draft.motive or ""):
        cause = f"In het motief staat iets waaraan iemand te herkennen is: {found}."
        yield Lack("TS-H19", "/motief", cause, "Laat namen, nummers, adressen en datums weg.")


def _recognised(assessment: Assessment, draft: Draft, motive: str) -> str:
    for pattern in (_NUMBER, _ADDRESS):
        if match := pattern.search(motive):
            return match[0]
    said = f" {' '.join(words(motive))} "
    for name in (*_names(assessment, draft), *_days(assessment)):
        if f" {' '.join(words(name))} " in said:
            return name
    return ""


def _names(assessment: Assessment, draft: Draft) -> Iterator[str]:
    """The names of people in the claim and the record; where somebody wrote a role or a person of the law for a name, not that."""
    claim, program = assessment.claim, assessment.program
    given = [fact for fact in _given(claim) if fact.by is not None]
    names = [draft.by, *(fact.by for fact in given), *(item.who for item in draft.consulted)]
    names += [effect.name for effect in claim.stated.effects] + [effect.by for effect in claim.stated.effects]
    names += [name for effect in claim.effects for name in (effect.person, effect.by)]
    names += [name for effect in draft.late_effects for name in (effect.person, effect.by)]
    roles = {draft.role, *(fact.role for fact in given), *program.groups, *program.lists}
    roles |= {role for fact in program.facts.values() for role in fact.decl.judged_by}
    yield from (name for name in names if name is not None and name not in roles and words(name))


def _days(assessment: Assessment) -> Iterator[str]:
    """The dates of birth in the claim, as people write them."""
    for fact in _given(assessment.claim):
        if fact.path.endswith(BIRTH) and isinstance(fact.value, date):
            yield show_date(fact.value)


def _given(claim: Claim) -> Iterator[Given]:
    yield from claim.given.values()
    yield from (fact for rows in claim.items.values() for row in rows for fact in row.values())


# --- the decision ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What a person decided on an assessment. Making one raises :class:`RecordError` with everything that the record lacks."""

    assessment: Assessment
    record: Record

    def __post_init__(self) -> None:
        if problems := check_record(self.assessment, self.record.model_dump(by_alias=True, exclude_none=True)):
            raise RecordError(problems)

    @property
    def case(self) -> Case:
        """The assessment with its record, as the checks read them."""
        return Case(self.assessment, self.record)

    @property
    def followed(self) -> bool | None:
        """Whether it is what was advised; None where the advice leaves the choice open."""
        return followed(self.case)


def decide(assessment: Assessment, data: Any, today: date | None = None) -> Decision:
    """The decision of a complete record (plain data, or :class:`Received`); with ``today`` not of a day that is still to come.

    Raises :class:`RecordError` with every reason why the record is not complete.
    """
    if problems := check_record(assessment, data, today):
        raise RecordError(problems)
    return Decision(assessment, Record.model_validate(Received.of(data).data))


_BESIDE_ADVICE: Mapping[bool | None, str] = {
    True: "Dit is ook wat de beoordeling adviseerde.",
    False: "Dit is iets anders dan de beoordeling adviseerde.",
    None: "De beoordeling liet de keuze aan een mens.",
}


def with_decision(decision: Decision) -> dict[str, Any]:
    """The explained assessment with the decision in it, as plain data."""
    case, record = decision.case, decision.record
    option = next(option for option in decision.assessment.second.options if option.id == record.option)
    told = {
        **record.model_dump(mode="json", by_alias=True),
        "optieTekst": option.text,
        "deuren": [door.door.decl.id for door in case.doors],
        "advies": decision.assessment.second.advice,
        "adviesGevolgd": decision.followed,
        "bijAdvies": _BESIDE_ADVICE[decision.followed],
    }
    return {**rationale(decision.assessment), "besluit": told}


def number_of(decision: Decision) -> str:
    """A number for the register: the same for the same claim and record, and nothing can be read back from it."""
    claim = decision.assessment.claim
    given = sorted(f"{fact.path}={fact.value!r}" for fact in _given(claim))
    content = [claim.claim, claim.day.isoformat(), claim.municipality, given, decision.record.model_dump(mode="json", by_alias=True)]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:20]


def precedent_of(decision: Decision, number: str) -> Precedent | None:
    """What the register keeps of a decision, without who it was about; None where there was no ground and no door to weigh.

    ``number`` is its id in the register. A choice within the rules has no door: it is no deviation, and no refusal of one.
    """
    assessment, record, case = decision.assessment, decision.record, decision.case
    grounds, door = weighed_grounds(case), weighed_door(case)
    if not grounds:
        return None
    return Precedent.model_validate(
        {
            "id": number,
            "datum": record.day,
            "regeling": assessment.program.law,
            "gemeente": assessment.claim.municipality,
            "gronden": grounds,
            "deur": door.door.decl.id if door is not None else None,
            "kenmerken": signals_of(assessment.state.facts, assessment.program.second.compared),
            "afgeweken": record.choice == "afgeweken",
            "adviesGevolgd": decision.followed,
            "advies": assessment.second.advice,
            "motief": record.motive,
        }
    )


def as_line(precedent: Precedent) -> str:
    """A line of the register (JSON, ending in a line break)."""
    data = precedent.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(data, ensure_ascii=False) + "\n"
