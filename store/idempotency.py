# SPDX-License-Identifier: EUPL-1.2
"""Idempotency-Key: of equal requests one is carried out, and the others get its answer.

A key is claimed in a transaction of its own before the work, and finished in the transaction that keeps the record: either
both are there or neither. A claim whose holder died can be taken over after a while (the lease); the token tells the
holders apart.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from store.chain import moment
from store.database import insert_new
from store.errors import KeyBusy, KeyReused
from store.model import KeyClaim, KeyDone
from store.schema import idempotency
from store.together import Ask

KEPT = timedelta(days=30)
RUNNING, DONE = "running", "done"

# Each statement is built once: with every request anew that would cost more than to carry it out.
_OURS = (idempotency.c.client == bindparam("of_client")) & (idempotency.c.key == bindparam("of_key"))
_HELD = _OURS & (idempotency.c.token == bindparam("of_token"))
_FIND = select(idempotency).where(_OURS).with_for_update(skip_locked=True)  # locked: it is being finished, or taken over
_TAKE_OVER = update(idempotency).where(_OURS)
_STILL = select(idempotency.c.token).where(_HELD, idempotency.c.state == RUNNING).with_for_update()
_FINISH = update(idempotency).where(_HELD)
_RELEASE = delete(idempotency).where(_HELD, idempotency.c.state == RUNNING)


def claim(connection: Connection, client: str, key: str, fingerprint: str, at: datetime) -> KeyClaim | None:
    """Claim a key for a request, in one statement; None where it was used before."""
    ours = KeyClaim(client, key, secrets.token_hex(16))
    return ours if insert_new(connection, idempotency, client=client, key=key, **_fresh(ours, fingerprint, at)) else None


def take_over(connection: Connection, client: str, key: str, fingerprint: str, at: datetime, lease: timedelta) -> KeyClaim | KeyDone:
    """Claim a key that was used before, or get what it was answered with. Raises :class:`KeyBusy` and :class:`KeyReused`."""
    ours = KeyClaim(client, key, secrets.token_hex(16))
    row = connection.execute(_FIND, _named(ours)).one_or_none()
    if row is None:  # given back in between, or in the hands of another transaction
        raise KeyBusy
    if row.created_at >= moment(at - KEPT):
        if row.fingerprint != fingerprint:
            raise KeyReused
        if row.state == DONE:
            return KeyDone(row.record_id, row.status)
        # Later than now is a clock that was put back: taking over is safe at any time, waiting for that moment may take long.
        if moment(at - lease) < row.created_at <= moment(at + lease):
            raise KeyBusy
    connection.execute(_TAKE_OVER, {**_named(ours), **_fresh(ours, fingerprint, at)})
    return ours


def holding(ours: KeyClaim) -> Ask:
    """Ask whether a key is still ours, which it then is until the end of the transaction: gives a row, or none."""
    return Ask(_STILL, _named(ours))


def finished(ours: KeyClaim, record_id: str, status: int) -> Ask:
    """Bind a key that is ours to the record that was made under it."""
    return Ask(_FINISH, {**_named(ours), "state": DONE, "record_id": record_id, "status": status})


def release(connection: Connection, ours: KeyClaim) -> None:
    """Give a key back, for a request that was refused: it can be used again, for a mended one too."""
    connection.execute(_RELEASE, _named(ours))


def purge(connection: Connection, at: datetime) -> None:
    """Forget the keys that were kept long enough."""
    connection.execute(delete(idempotency).where(idempotency.c.created_at < moment(at - KEPT)))


def _fresh(ours: KeyClaim, fingerprint: str, at: datetime) -> dict[str, str | None]:
    """What stands with a key whose request runs."""
    return {
        "fingerprint": fingerprint,
        "token": ours.token,
        "state": RUNNING,
        "record_id": None,
        "status": None,
        "created_at": moment(at),
    }


def _named(ours: KeyClaim) -> dict[str, str]:
    return {"of_client": ours.client, "of_key": ours.key, "of_token": ours.token}
