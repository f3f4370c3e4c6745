# SPDX-License-Identifier: EUPL-1.2
"""Idempotency-Key: a request that keeps something is carried out once; the same request again gets the same answer.

What is answered was committed before. A key is of one client; it is kept as a keyed hash, for 30 days.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request

from api.auth.gate import principal_of
from api.auth.principal import Principal
from api.context import Context
from api.problems import ApiProblem, mistake, mistakes_of
from api.requests import Query, received_body, told_with
from api.stored.accounting import looked_at
from engine.model.claim import Received
from engine.model.problems import InvalidInput
from store.errors import NotFound, StoreError
from store.model import ANSWER, KeyClaim, KeyDone
from store.store import Store

NAME = "Idempotency-Key"
_FORM = re.compile(r'(?=[\x21-\x7e]{1,255}\Z)(?:"(?P<quoted>.*)"|(?P<plain>.*))')
_CREATED = 201


@dataclass(frozen=True)
class Kept:
    """What was kept: the id of its record, and the answer that was given."""

    record_id: str
    body: bytes


NOTHING = Kept("", b"")
"""What a request that may keep nothing would have kept."""


@dataclass(frozen=True)
class Once:
    """One request as it is told from others: of whom, under which key, and what it asks.

    ``mistakes`` are those of its query and its key: with them it is looked at, and nothing is kept.
    """

    principal: Principal
    key: str
    request: bytes
    mistakes: tuple[Mapping[str, str], ...] = ()

    def carry_out(self, context: Context, store: Store, work: Callable[[KeyClaim | None], Kept]) -> Kept:
        """Carry the request out, or give what it was answered with.

        ``work`` must commit with the claim that it gets; without one it looks at the request only, and returns
        :data:`NOTHING`. When it raises, the key can be used again. Raises :class:`store.errors.KeyBusy`,
        :class:`store.errors.KeyReused`, and 400 with every mistake of query, key and body.
        """
        if self.mistakes:
            with told_with(self.mistakes):  # which raises, whatever the look finds
                work(None)
        client = store.keys.hmac("client", self.principal.client.encode())
        key = store.keys.hmac("idempotency-key", self.principal.client.encode(), self.key.encode())
        found = store.claim_key(client, key, self.request)
        if isinstance(found, KeyDone):
            return self._given(context, store, found)
        try:
            return work(found)
        except BaseException:
            # A key that cannot be given back is free again after its lease. One whose commit did arrive stays done.
            with contextlib.suppress(StoreError):
                store.release_key(found)
            raise

    def _given(self, context: Context, store: Store, done: KeyDone) -> Kept:
        start = datetime.now(UTC)
        record = store.record(done.record_id)
        if not self.principal.may_see(record.municipality):
            raise NotFound
        body = store.payload(record.id, ANSWER)
        looked_at(context, store, record, "antwoord herhalen", start)
        return Kept(record.id, body)


async def once(request: Request) -> tuple[Once, Received]:
    """A request that keeps something: how it is told from others, and its body. Raises 413, 415, and 400 for a body that cannot be read."""
    query = Query(request, ())
    key, wrong = _key_of(request)
    try:
        raw, received = await received_body(request)
    except InvalidInput as error:
        raise ApiProblem(400, "", [*query.mistakes, *wrong, *mistakes_of(error.problems)]) from None
    asked = f"{request.method} {request.url.path}\n".encode() + raw
    return Once(principal_of(request), key, asked, (*query.mistakes, *wrong)), received


def _key_of(request: Request) -> tuple[str, Sequence[Mapping[str, str]]]:
    """The Idempotency-Key of a request, and what is wrong with it; the quotes that the standard puts around it do not count."""
    given = request.headers.getlist(NAME)
    found = _FORM.fullmatch(given[0]) if len(given) == 1 else None
    if found is not None and (key := found["quoted"] or found["plain"]):
        return key, ()
    cause = f"De kop `{NAME}` ontbreekt." if not given else f"De kop `{NAME}` is niet te gebruiken."
    remedy = "Stuur een nieuwe UUID bij elk nieuw verzoek, en dezelfde bij een herhaling: dan wordt niets dubbel bewaard."
    return "", [mistake("TS-O02", cause, remedy, parameter=NAME)]
