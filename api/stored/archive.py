# SPDX-License-Identifier: EUPL-1.2
"""What the routes that keep something work with: the store, what is made of it once, and who the organisations are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import orjson

from api.kinds import UNREADABLE_RULES
from api.problems import ApiProblem, mistakes_of
from engine.model.precedent import Precedent
from engine.model.problems import RulesError
from engine.passes.precedents import Earlier, laid_together
from engine.rulebook import Rulebook
from store.bundle import pack
from store.chain import Record
from store.errors import NotFound, Tampered
from store.model import Draft, KeyClaim, Kind, News, undone
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


@dataclass(frozen=True)
class Decided:
    """The decisions of a municipality up to a place in its chain; one that was corrected stands as the correction.

    ``by_law`` holds them by law and by the id of their record, oldest first.
    """

    upto: int
    by_law: Mapping[str | None, Mapping[str, Precedent]]

    def under(self, law: str) -> Earlier | None:
        """Those under a law, laid together; None where there are none."""
        return self._earlier.get(law)

    @cached_property
    def _earlier(self) -> Mapping[str | None, Earlier | None]:
        return {law: laid_together(found.values()) for law, found in self.by_law.items()}

    @property
    def all(self) -> tuple[Precedent, ...]:
        """Those under every law."""
        return tuple(precedent for found in self.by_law.values() for precedent in found.values())

    def then(self, news: News, made: Iterable[tuple[Record, bytes]]) -> Decided:
        """The same after what came: decisions, and what was corrected or destroyed."""
        if not news.records:
            return Decided(news.upto, self.by_law)
        found = {law: dict(known) for law, known in self.by_law.items()}
        for record, data in made:
            found.setdefault(record.law, {})[record.id] = Precedent.model_validate(orjson.loads(data))
        never_made = undone(news.records)
        gone = {record.about for record in news.records if record.kind != Kind.DECISION and record.id not in never_made}
        return Decided(news.upto, {law: {id: item for id, item in known.items() if id not in gone} for law, known in found.items()})


NOTHING_DECIDED = Decided(0, {})


@dataclass(eq=False)
class Archive:
    """The store of the service. Safe to use from several threads."""

    store: Store
    organisations: Organisations = field(default_factory=Organisations)
    _bundles: dict[str, str] = field(default_factory=dict)
    _decided: dict[str, Decided] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.replayer = Replayer(self.store)

    def bundle(self, book: Rulebook, files: Mapping[str, bytes]) -> str:
        """The address under which the files of a rulebook are kept; they are put there the first time."""
        return self._bundles.get(book.hash) or self._put(book, files)

    def _put(self, book: Rulebook, files: Mapping[str, bytes]) -> str:
        address = self._bundles[book.hash] = self.store.put_bundle(pack(files, book))
        self.replayer.serves(address, book)
        return address

    def append(self, draft: Draft, key: KeyClaim, book: Rulebook, files: Mapping[str, bytes]) -> None:
        """Keep a record that names its rule files; where those of ``book`` are gone they are put there again first.

        So it is after an older database was put back while the service ran. Raises as :meth:`store.store.Store.append` does,
        and :class:`Tampered` where others are gone.
        """
        try:
            self.store.append(draft, key)
        except NotFound:
            if self._bundles.get(book.hash) != draft.bundle:
                raise Tampered from None
            self._put(book, files)
            self.store.append(draft, key)  # nothing was kept, so the key is still ours

    def rules_of(self, record: Record) -> Rulebook:
        """The rules that an assessment was made with. Raises as :func:`readable` does."""
        assert record.bundle is not None
        with readable():
            return self.replayer.rulebook(record.bundle)

    def decided(self, municipality: str) -> Decided:
        """What people decided before in a municipality; of what was read before only the news is read."""
        known = self._decided.get(municipality, NOTHING_DECIDED)
        news = self._news(municipality, known)
        # The database was put back to an earlier day, or a correction was one by mistake: what it corrected stands again.
        if news.upto < known.upto or undone(news.records):
            known = NOTHING_DECIDED
            news = self._news(municipality, known)
        if news.upto > known.upto:
            made = self.store.payloads(municipality, DECISIONS, PRECEDENT, after=known.upto, upto=news.upto) if news.records else []
            known = self._decided[municipality] = known.then(news, made)
        return known

    def _news(self, municipality: str, known: Decided) -> News:
        return self.store.news(municipality, (*DECISIONS, Kind.DESTRUCTION), after=known.upto)


@contextmanager
def readable() -> Iterator[None]:
    """Raises 409 where this version of the program cannot read the rules of then."""
    try:
        yield
    except RulesError as error:
        raise ApiProblem(UNREADABLE_RULES, "", mistakes_of(error.problems)) from error
