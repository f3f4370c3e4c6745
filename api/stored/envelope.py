# SPDX-License-Identifier: EUPL-1.2
"""What stands around a claim that is kept: whose it is, which case, which municipality. The claim itself knows none of it.

A burgerservicenummer comes in here and goes no further than the store, which keeps a keyed hash of it. It is refused
anywhere else in the message, so that it is in no payload, log or error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from api.auth.gate import own_municipality
from api.problems import ApiProblem, mistakes_of
from api.stored.accounting import pseudonym_of
from engine.model.claim import Received
from engine.model.problems import Problem, escape, problem_at
from store.bsn import Bsn, InvalidBsn, is_bsn
from store.chain import Record
from store.model import MUNICIPALITY, TERM
from store.store import Store

PERSON, CASE = "betrokkene", "zaak"
_BETWEEN = re.compile(r"(?<=\d)[\W_]{1,3}(?=\d)")
"""What people put between digits: spaces of every kind, points, dashes, slashes."""
_RUN = re.compile(r"[0-9]{9,}")


@dataclass(frozen=True)
class Envelope:
    """A claim with what stands around it taken off; what is wrong with that stands among the problems of the claim."""

    claim: Received
    municipality: str
    person: Bsn | None = None
    case: str | None = None


def opened(request: Request, received: Received) -> Envelope:
    """Take a claim out of its envelope. Raises 403 for the municipality of somebody else."""
    own_municipality(request, received)
    data = received.data
    if not isinstance(data, Mapping):
        return Envelope(received, "")
    problems: list[Problem] = []
    person = person_of(data.get(PERSON), problems) if PERSON in data else None
    case = case_of(data.get(CASE), f"/{CASE}", problems) if CASE in data else None
    municipality = data.get("gemeente")
    if municipality is None and "/gemeente" not in received.unread:
        cause = "De gemeente ontbreekt. Wat wordt bewaard, hoort bij een gemeente."
        problems.append(problem_at("TS-O01", "/gemeente", cause, 'Schrijf haar CBS-code: "gemeente": "GM0344".'))
    rest = {key: value for key, value in data.items() if key not in (PERSON, CASE)}
    if person is not None:
        problems += _elsewhere({key: value for key, value in data.items() if key != PERSON}, person)
    # The reader points at places in the message; those in the envelope are told, and no more.
    claim = replace(received, data=rest, problems=(*received.problems, *problems))
    return Envelope(claim, municipality if isinstance(municipality, str) and MUNICIPALITY.fullmatch(municipality) else "", person, case)


def person_of(value: Any, problems: list[Problem], pointer: str = f"/{PERSON}") -> Bsn | None:
    """The person that `{"bsn": "..."}` names; a mistake in it never repeats what was given."""
    if not isinstance(value, Mapping) or set(value) != {"bsn"}:
        cause = f"`{PERSON}` is een object met alleen `bsn`."
        problems.append(problem_at("TS-O03", pointer, cause, "Laat het weg als niet bekend is om wie het gaat."))
        return None
    try:
        if not isinstance(value["bsn"], str):
            raise InvalidBsn
        return Bsn(value["bsn"])
    except InvalidBsn as error:
        remedy = "Controleer het nummer, en schrijf het als tekst."
        problems.append(problem_at("TS-O03", f"{pointer}/bsn", str(error), remedy))
        return None


def case_of(value: Any, pointer: str, problems: list[Problem]) -> str | None:
    """The number or address of a case in the system of the caller."""
    if isinstance(value, str) and TERM.fullmatch(value):
        return value
    cause = "Een zaak is een nummer of adres van 1 tot en met 200 tekens, zonder stuurtekens."
    problems.append(problem_at("TS-O04", pointer, cause, "Schrijf het zoals het zaaksysteem het kent."))
    return None


def refuse_strays(data: Any, record: Record, store: Store) -> None:
    """Raise 400 where the number of the person whom a record is about stands in a later message; what else is wrong would repeat it.

    Of that person the store knows a keyed hash only: each number in the message that can be a BSN is held against it.
    """
    pseudonym = pseudonym_of(store, record)
    among = {bsn for _, text in _texts(data) for bsn in _bsns(text)} if pseudonym is not None else set()
    person = store.recognized(record.municipality, pseudonym, among) if pseudonym is not None and among else None
    if person is not None:
        raise ApiProblem(400, "", mistakes_of(_elsewhere(data, person)))


def _elsewhere(data: Any, person: Bsn) -> Iterator[Problem]:
    """Every place where the number stands that belongs in `betrokkene` only."""
    for pointer, text in _texts(data):
        if person.digits in _digits(text):
            cause = "Hier staat het burgerservicenummer van de betrokkene nog eens."
            yield problem_at("TS-O05", pointer, cause, f"Laat het hier weg: het hoort alleen bij `{PERSON}`.")


def _texts(data: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Everything in a message that can hold a number, with its place; a key stands at the place of its object."""
    match data:
        case Mapping():
            for key, value in data.items():
                yield pointer, str(key)
                yield from _texts(value, f"{pointer}/{escape(str(key))}")
        case list() | tuple():
            for index, value in enumerate(data):
                yield from _texts(value, f"{pointer}/{index}")
        case str() | int():
            yield pointer, str(data)


def _digits(text: str) -> str:
    """A text with its digits as 0 to 9, and nothing left of what stands between two of them."""
    joined = _BETWEEN.sub("", text)
    return joined if joined.isascii() else "".join(str(unicodedata.digit(sign, sign)) for sign in joined)


def _bsns(text: str) -> Iterator[Bsn]:
    """Every number in a text that can be a BSN, whichever digits stand around it."""
    for run in _RUN.findall(_digits(text)):
        yield from (Bsn(run[start : start + 9]) for start in range(len(run) - 8) if is_bsn(run[start : start + 9]))
