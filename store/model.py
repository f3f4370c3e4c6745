# SPDX-License-Identifier: EUPL-1.2
"""What callers hand to the store and get from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from store.bsn import Bsn
from store.chain import TERMS, Record

MUNICIPALITY = re.compile(r"GM[0-9]{4}")
"""The CBS code of a municipality."""
TERM = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
"""What a record can be found by: no database refuses a text of this form."""
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")

CLAIM = "aanvraag"
"""The payload of an assessment that holds the claim as it came in (JSON)."""
ANSWER = "antwoord"
"""The payload of an assessment that holds the answer as it was given (JSON)."""
TRACE = "spoor"
"""The payload of an assessment that holds what every rule did (JSON), which the words of the rules are told around."""
PRECEDENTS = "precedenten"
"""The payload of an assessment that holds the earlier decisions it was compared with (JSON), laid together, where there were any."""
ACCOUNT = "verantwoording"
"""The payload of a hold or a destruction that holds who did it and why (JSON: ``door``, ``reden``)."""
ASSESSED = "beoordeling"
"""In what a decision keeps for ever: the id of the assessment that it is on."""
SUBJECT = "betrokkene"
"""The term under which the store puts the pseudonym of a person."""


class Kind(StrEnum):
    """What a record is of. The last three are made by the store itself."""

    ASSESSMENT = "beoordeling"
    EFFECTS = "effecten"
    DECISION = "besluit"
    CORRECTION = "correctie"
    DESTRUCTION = "vernietiging"
    HOLD = "bewaarplicht"
    LIFTED = "bewaarplicht-opgeheven"


OF_A_CASE = (Kind.ASSESSMENT, Kind.EFFECTS, Kind.DECISION, Kind.CORRECTION)


class Ground(StrEnum):
    """Why something was destroyed."""

    TERM = "bewaartermijn verstreken"
    REQUEST = "verzoek van de betrokkene"
    ORDER = "bevel van rechter of toezichthouder"
    MISTAKE = "ten onrechte vastgelegd"


def undone(found: Iterable[Record]) -> set[str | None]:
    """The ids of what records of destruction say should never have been kept: it counts as never there, and the case goes on without it."""
    return {record.about for record in found if record.kind == Kind.DESTRUCTION and record.data.get("grond") == Ground.MISTAKE}


@dataclass(frozen=True)
class Draft:
    """A record to be.

    ``data`` stays for ever in the chain: plain values without floats, and **nothing about a person**. ``payloads`` (bytes
    by name) and ``terms`` (what the record is found by: name -> values of at most 200 characters) can be erased; the chain
    holds only what binds them. ``about`` is the id of the record that this one belongs to, of the same municipality;
    ``law`` decides how long it is kept (without it: the law of the record it is about). ``subject`` becomes the pseudonym
    under the term `betrokkene`; ``pseudonym`` is one that was made before, or the one for a ``subject`` who has none yet.
    ``bundle`` is the address of the rule files that were used. ``once``: refused where there is a record of this kind about
    the same one; ``unless``: where there is one of these kinds. ``id`` is the id that the record gets, where it must be
    known before.

    Raises :class:`ValueError` for a name, value or municipality that cannot be.
    """

    municipality: str
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    payloads: Mapping[str, bytes] = field(default_factory=dict)
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    law: str | None = None
    about: str | None = None
    bundle: str | None = None
    subject: Bsn | None = None
    pseudonym: str | None = None
    once: bool = False
    unless: tuple[Kind, ...] = ()
    id: str | None = None

    def __post_init__(self) -> None:
        if not MUNICIPALITY.fullmatch(self.municipality):
            raise ValueError("Een gemeente is `GM` en vier cijfers.")
        if wrong := [name for name in (*self.payloads, *self.terms) if not _NAME.fullmatch(name) or name in (TERMS, SUBJECT)]:
            raise ValueError(f"Zo kan een stuk of zoekterm niet heten: {', '.join(wrong)}.")
        if wrong := [name for name, values in self.terms.items() if not all(TERM.fullmatch(value) for value in values)]:
            raise ValueError(f"Een waarde van deze zoektermen is leeg, te lang of heeft een stuurteken: {', '.join(wrong)}.")


@dataclass(frozen=True)
class Page:
    """Records, newest first. ``next`` is the ``before`` that asks for the page after it; None on the last."""

    records: tuple[Record, ...]
    next: int | None


@dataclass(frozen=True)
class Listed:
    """A part of the records that fit, newest first; ``count`` is how many fit in all."""

    records: tuple[Record, ...]
    count: int


@dataclass(frozen=True)
class News:
    """The records that came after a place in a chain, oldest first; ``upto`` is where the chain ends now (0: it has none)."""

    upto: int
    records: tuple[Record, ...]


@dataclass(frozen=True)
class KeyClaim:
    """An Idempotency-Key that is ours: hand it to ``append``, or give it back with ``release_key``."""

    client: str
    key: str
    token: str


@dataclass(frozen=True)
class KeyDone:
    """A request with this Idempotency-Key was answered: with this status, about this record."""

    record_id: str
    status: int


@dataclass(frozen=True)
class Rhythm:
    """When a seal is kept as a checkpoint: with every so many records, or so long after the one before."""

    every: int = 100
    after: timedelta = timedelta(hours=1)


@dataclass(frozen=True)
class DueFile:
    """A file whose term has passed: its assessment, whose it is, under which law, and when its last record was made.

    ``reason`` is what the record of destruction says; ``held`` that a hold keeps it.
    """

    id: str
    municipality: str
    law: str
    last: str
    reason: str
    held: bool


@dataclass(frozen=True)
class FailedFile:
    """A file whose term has passed and that could not be destroyed: its assessment, under which law, and ``why`` (Dutch)."""

    id: str
    law: str
    why: str


@dataclass(frozen=True)
class Destroyed:
    """What a retention run did (or would do): files of records by law; ``held`` were due but under a hold."""

    destroyed: Mapping[str, int]
    held: int
    without_term: Mapping[str, int]
    files: tuple[DueFile, ...] = ()
    failed: tuple[FailedFile, ...] = ()
