# SPDX-License-Identifier: EUPL-1.2
"""What stands around a claim that is kept: whose it is, which case, which municipality. The claim itself knows none of it.

A burgerservicenummer comes in here and goes no further than the store, which keeps a keyed hash of it. It is refused
anywhere else in the message, so that it is in no payload, log or error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from api.auth.gate import own_municipality
from api.problems import ApiProblem, mistakes_of
from api.stored.strays import PERSON, elsewhere
from engine.model.claim import Received
from engine.model.problems import Problem, problem_at
from store.bsn import Bsn, InvalidBsn
from store.model import MUNICIPALITY, TERM

CASE = "zaak"


@dataclass(frozen=True)
class Envelope:
    """A claim with what stands around it taken off; what is wrong with that stands among the problems of the claim."""

    claim: Received
    municipality: str
    person: Bsn | None = None
    case: str | None = None


def opened(request: Request, received: Received) -> Envelope:
    """Take a claim out of its envelope.

    Raises 403 for the municipality of somebody else, and 400 where the number of the person stands in the claim too, with
    nothing else that is wrong: that would repeat it.
    """
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
    if person is not None and (found := elsewhere({key: value for key, value in data.items() if key != PERSON}, person)):
        raise ApiProblem(400, "", mistakes_of(found))
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
