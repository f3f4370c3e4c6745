# SPDX-License-Identifier: EUPL-1.2
"""What the routes that keep something work with: the store, what is made of it once, and who the organisations are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import orjson

from api.kinds import UNREADABLE_RULES
from api.problems import ApiProblem, mistakes_of
from engine.model.precedent import Precedent
from engine.model.problems import RulesError
from engine.rulebook import Rulebook
from store.bundle import pack
from store.chain import Record
from store.model import Kind
from store.replay import Replayer
from store.store import Store

PRECEDENT = "precedent"
"""The payload of a decision that holds what the register keeps of it, without who it was about (JSON)."""
DECISIONS = (Kind.DECISION, Kind.CORRECTION)


@dataclass(frozen=True)
class Organisations:
    """What the Besluiten API asks of an organisation: its RSIN by municipality, and the address of the type of decision by
    municipality and claim."""

    rsin: Mapping[str, str] = field(default_factory=dict)
    decision_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(eq=False)
class Archive:
    """The store of the service. Safe to use from several threads."""

    store: Store
    organisations: Organisations = field(default_factory=Organisations)
    _bundles: dict[str, str] = field(default_factory=dict)
    _decided: dict[tuple[str, str], tuple[int, tuple[Precedent, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.replayer = Replayer(self.store)

    def bundle(self, book: Rulebook, files: Mapping[str, bytes]) -> str:
        """The address under which the files of a rulebook are kept; they are put there the first time."""
        if book.hash not in self._bundles:
            self._bundles[book.hash] = self.store.put_bundle(pack(files, book))
            self.replayer.serves(self._bundles[book.hash], book)
        return self._bundles[book.hash]

    def rules_of(self, record: Record) -> Rulebook:
        """The rules that an assessment was made with. Raises as :func:`readable` does."""
        assert record.bundle is not None
        with readable():
            return self.replayer.rulebook(record.bundle)

    def decided(self, municipality: str, law: str) -> tuple[Precedent, ...]:
        """What people decided before in a municipality under a law, without what was corrected since.

        Read again only when a decision was kept or destroyed since the last time.
        """
        mark = self.store.mark(municipality, (*DECISIONS, Kind.DESTRUCTION))
        known = self._decided.get((municipality, law))
        if known is None or known[0] != mark:
            known = mark, standing(self.store, municipality, law)
            self._decided[municipality, law] = known
        return known[1]


@contextmanager
def readable() -> Iterator[None]:
    """Raises 409 where this version of the program cannot read the rules of then."""
    try:
        yield
    except RulesError as error:
        raise ApiProblem(UNREADABLE_RULES, "", mistakes_of(error.problems)) from error


def standing(store: Store, municipality: str, law: str | None = None) -> tuple[Precedent, ...]:
    """The decisions of a municipality as its register has them; one that was corrected stands as the correction."""
    found = store.payloads(municipality, DECISIONS, PRECEDENT, law)
    corrected = {record.about for record in store.about([record.id for record, _ in found], (Kind.CORRECTION,))}
    return tuple(Precedent.model_validate(orjson.loads(data)) for record, data in found if record.id not in corrected)
