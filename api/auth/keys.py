# SPDX-License-Identifier: EUPL-1.2
"""API keys: made once, kept only as a hash, revocable; in a file that its owner alone can read."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api import logs
from api.auth.principal import Principal, Role, Town
from api.logs import possible_bsns
from store.files import changing, put

_FORM = re.compile(r"ts_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")

LONGEST_NAME = 100


class StoredKey(BaseModel):
    """A key as it is kept. ``digest`` is the SHA-256 of its secret part, which holds 256 random bits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{12}$")
    name: str = Field(alias="naam", min_length=1, max_length=LONGEST_NAME)
    municipalities: tuple[Town, ...] = Field(alias="gemeenten", min_length=1)
    roles: tuple[Role, ...] = Field(alias="rollen", min_length=1)
    digest: str = Field(alias="hash", pattern=r"^[0-9a-f]{64}$")
    made: date = Field(alias="gemaakt")
    expires: date | None = Field(None, alias="verloopt")
    revoked: date | None = Field(None, alias="ingetrokken")

    def valid_on(self, day: date) -> bool:
        """Whether the key works on a day (UTC): not expired, and not revoked, whenever that was."""
        return self.revoked is None and (self.expires is None or day <= self.expires)


class KeyFileError(Exception):
    """The file of keys cannot be read; what is wrong with it in Dutch, never a key."""


@dataclass
class KeyFile:
    """The keys in one file; read again when the file changed, so that a key that is revoked stops at once."""

    path: Path
    _seen: tuple[int, ...] = ()
    _told: tuple[int, ...] | None = None
    _keys: dict[str, StoredKey] | None = None

    def keys(self) -> dict[str, StoredKey]:
        """The keys by id; none where there is no file.

        Raises :class:`KeyFileError` where the file cannot be read, unless it could before: then what it held still counts, until
        it can be read again.
        """
        seen: tuple[int, ...] = ()
        try:
            stat = self.path.stat()
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
            if self._keys is None or seen != self._seen:
                self._keys, self._seen, self._told = _read(self.path), seen, None
        except FileNotFoundError:
            self._keys, self._seen = None, ()
            return {}
        except (KeyFileError, OSError) as error:
            wrong = error if isinstance(error, KeyFileError) else KeyFileError(f"{self.path} is niet te lezen ({error.strerror}).")
            if self._keys is None:
                raise wrong from None
            if seen != self._told:  # half written, say: who has a key can do nothing about it
                self._told = seen
                logs.action("sleutels lezen", "bestand met API-sleutels", "mislukt", level=logging.ERROR, reden=str(wrong))
        return self._keys

    def principal(self, key: str, today: date) -> Principal | None:
        """Who presents this key; None for a key that is not known, was revoked or has expired."""
        match = _FORM.fullmatch(key)
        stored = self.keys().get(match[1]) if match else None
        offered = _digest(match[2]) if match else _digest("")
        same = hmac.compare_digest(offered, stored.digest if stored else "0" * 64)
        if stored is None or not same or not stored.valid_on(today):
            return None
        return Principal(f"sleutel:{stored.id}", frozenset(stored.roles), frozenset(stored.municipalities))

    def make(self, name: str, municipalities: Iterable[str], roles: Iterable[Role], today: date, expires: date | None = None) -> str:
        """A new key, shown this once."""
        number, secret = _number(), secrets.token_urlsafe(32)
        stored = StoredKey.model_validate(
            {
                "id": number,
                "naam": name,
                "gemeenten": tuple(municipalities),
                "rollen": tuple(roles),
                "hash": _digest(secret),
                "gemaakt": today,
                "verloopt": expires,
            }
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone() as found:
            self._write([*found.values(), stored])
        return f"ts_{number}_{secret}"

    def revoke(self, number: str, today: date) -> bool:
        """Take a key back from today on; False where there is none with this id."""
        if not self.path.exists():
            return False
        with self._alone() as found:
            if number not in found:
                return False
            self._write([key.model_copy(update={"revoked": today}) if key.id == number else key for key in found.values()])
        return True

    @contextmanager
    def _alone(self) -> Iterator[dict[str, StoredKey]]:
        """The keys as they are now, while nobody else changes them."""
        with changing(self.path):
            self._keys = None
            yield self.keys()

    def _write(self, keys: Iterable[StoredKey]) -> None:
        text = json.dumps({"sleutels": [key.model_dump(mode="json", by_alias=True) for key in keys]}, indent=2, ensure_ascii=False) + "\n"
        put(self.path, text)
        self._keys = None


def number_of(key: str) -> str:
    """The number of a key that was made: what may be told of it."""
    return key.split("_", 2)[1]


def open_to_others(path: Path) -> bool:
    """Whether others can read or change a file with secrets.

    A group may read a file that is not ours: that is how a platform hands a secret to a service without root.
    """
    stat = path.stat()
    return bool(stat.st_mode & (0o077 if stat.st_uid == os.getuid() else 0o037))


def _read(path: Path) -> dict[str, StoredKey]:
    """Raises :class:`KeyFileError` and :class:`OSError`."""
    try:
        if open_to_others(path):
            raise KeyFileError(f"{path} is leesbaar voor anderen. Maak het alleen leesbaar voor de eigenaar: chmod 600.")
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        keys = [StoredKey.model_validate(item) for item in data["sleutels"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise KeyFileError(f"{path} is geen bestand met sleutels ({type(error).__name__}).") from None
    return {key.id: key for key in keys}


def _number() -> str:
    """The number of a key: never one in which a BSN can be read, as the log would then blot out who called."""
    while possible_bsns(number := secrets.token_hex(6)):
        pass
    return number


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
