# SPDX-License-Identifier: EUPL-1.2
"""The burgerservicenummer where it does not belong: in whatever form somebody wrote it into a message that is kept.

In the first message the number itself is known; later only its keyed hash is, and each number that can be one is held
against that.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from itertools import islice, takewhile
from typing import Any

from api.context import Context
from api.problems import ApiProblem, mistakes_of
from api.stored.accounting import looked_at, pseudonym_of
from engine.model.problems import MAX_PROBLEMS, Problem, Spot, parts_of, pointer_to, problem_at, walk
from store.bsn import Bsn, is_bsn
from store.chain import Record
from store.store import Store

PERSON = "betrokkene"
_BETWEEN = re.compile(r"(?<=[0-9])[\W_]{1,8}(?=[0-9])")
"""What people put between digits: spaces of every kind, points, dashes, slashes."""
_RUN = re.compile(r"[0-9]{8,}")
_NO_SIGN = re.compile(r"&#(?=[0-9]{8})")
"""The begin of a reference in HTML to a sign that does not exist, which to look up may cost much."""
_BSN = 9
MOST = 500
"""So many different numbers that can be a BSN may a later message hold: each of them is held against the person."""
MOST_LOOKED_AT = 20_000
"""So many different numbers of nine digits may it hold at all: dates and amounts that follow each other read as many."""


def refuse_strays(context: Context, store: Store, data: Any, record: Record) -> None:
    """Raise 400 where the number of the person whom a record is about stands in a later message; what else is wrong would repeat it.

    Of that person the store knows a keyed hash only: each number in the message that can be a BSN is held against it. That it
    is the one is told to the logbook, as it tells something of that person. Raises 400 for a message with too many of them too.
    """
    start = datetime.now(UTC)
    pseudonym = pseudonym_of(store, record)
    if pseudonym is None:
        return
    among = _among(data)
    person = store.recognized(record.municipality, pseudonym, among) if among else None
    if person is not None:
        looked_at(context, store, record, "bericht met burgerservicenummer weigeren", start)
        raise ApiProblem(400, "", mistakes_of(elsewhere(data, person)))


def _among(data: Any) -> list[Bsn]:
    """Every number in a message that can be a BSN. Raises 400 where there are too many."""
    seen: set[str] = set()
    found: list[Bsn] = []
    for number in (number for _, text in _texts(data) for number in _numbers(text)):
        if number in seen:
            continue
        seen.add(number)
        if is_bsn(number):
            found.append(Bsn(number))
        if len(found) > MOST or len(seen) > MOST_LOOKED_AT:
            cause = f"In dit bericht staan te veel getallen die een burgerservicenummer kunnen zijn: meer dan {MOST}."
            raise ApiProblem(400, "", mistakes_of([problem_at("TS-O05", "", cause, "Laat lange reeksen cijfers weg.")]))
    return found


def elsewhere(data: Any, person: Bsn) -> list[Problem]:
    """The places in a message where the number of a person stands, which belongs in `betrokkene` only; of too many the first."""
    cause = "Hier staat het burgerservicenummer van de betrokkene nog eens."
    remedy = f"Laat het hier weg: het hoort alleen bij `{PERSON}`."
    found = (spot for spot, text in _texts(data) if person.digits in _numbers(text))
    return [problem_at("TS-O05", _pointer(spot, person), cause, remedy) for spot in islice(found, MAX_PROBLEMS)]


def _pointer(spot: Spot, person: Bsn) -> str:
    """The JSON pointer of a place; where a key on the way holds the number itself, that of the object in which that key stands."""
    return pointer_to(takewhile(lambda part: person.digits not in _numbers(str(part)), parts_of(spot)))


def _texts(data: Any) -> Iterator[tuple[Spot, str]]:
    """Everything in a message that can hold a number, with its place; a key stands at the place of its object."""
    for spot, value in walk(data):
        match value:
            case Mapping():
                yield from ((spot, str(key)) for key in value)
            case str() | int() | Decimal():
                yield spot, str(value)


def _numbers(text: str) -> Iterator[str]:
    """Every number of nine digits in a text: whichever digits they are, whatever stands between them and whichever digits around.

    Every eight digits are a number too, of which a spreadsheet took the zero before them away.
    """
    plain = unescape(_NO_SIGN.sub(" ", text)) if "&" in text else text
    plain = plain if plain.isascii() else "".join(str(unicodedata.digit(sign, sign)) for sign in plain)
    for run in _RUN.findall(_BETWEEN.sub("", plain)):
        yield from (f"0{run[start : start + _BSN - 1]}" for start in range(len(run) - _BSN + 2))
        yield from (run[start : start + _BSN] for start in range(len(run) - _BSN + 1))
