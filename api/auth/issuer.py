# SPDX-License-Identifier: EUPL-1.2
"""The public keys of an issuer of tokens: from its address or from a file, and kept for a while."""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWTError

from api import logs

FRESH = 600.0
"""Seconds in which an issuer that answered is not asked again, unless for a key that it did not name."""
LAST = 3_600.0
"""Seconds after which what an issuer last answered counts no more, where it answers no longer."""
REST = 30.0
"""Seconds between two questions, where the first one did not help: one for every forged token would be a way to bring us both down."""


class IssuerDown(Exception):
    """The keys cannot be had, so nobody can say whether a token is right: that is no mistake of the caller."""


class Ring:
    """The keys of an issuer. ``place`` is an address or a file, which is read each time. Safe to use from several threads.

    It is the whole set that is kept, never one key of it: a key that the issuer took out of the set counts no more.
    """

    def __init__(self, place: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = PyJWKClient(place, cache_jwk_set=False, timeout=5) if "://" in place else None
        self._place, self._clock, self._lock = place, clock, threading.Lock()
        self._keys: Mapping[str, Mapping[str, Any]] = {}
        self._answered = self._asked = -math.inf
        self._failed = False

    def asks(self, name: str) -> bool:
        """Whether to give this key now the issuer must be asked, which can take seconds; not where it counts, and another asks already."""
        return self._client is not None and self._due(name) and not (self._lock.locked() and self._counts(name))

    def key(self, name: str, algorithm: str, *, ask: bool = True) -> PyJWK:
        """The key with this id (``kid``), to check a signature of this kind with.

        Waits for the issuer where it must be asked (never where ``ask`` is false), and for nobody else where the key is known.
        Raises :class:`KeyError` where the issuer has no such key, :class:`IssuerDown` where that cannot be known, and
        :class:`jwt.PyJWTError` for a key of another kind.
        """
        if (ask or self._client is None) and self._due(name):
            self._once(name)
        found = self._keys.get(name)
        if self._failed and (found is None or self._clock() - self._answered > LAST):
            raise IssuerDown
        if found is None or found.get("alg", algorithm) != algorithm:
            raise KeyError(name)
        return PyJWK(dict(found), algorithm)  # a key that names no algorithm is of the one that the token has, if it fits

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        """The keys that can sign, by id, as the issuer has them now. Raises :class:`ValueError`, :class:`OSError` and those of `jwt`."""
        found: Any = self._client.fetch_data() if self._client is not None else json.loads(Path(self._place).read_text(encoding="utf-8"))
        if not isinstance(found, Mapping) or not isinstance(found.get("keys"), list):
            raise ValueError("dit is geen verzameling openbare sleutels (JWKS).")
        keys = [key for key in found["keys"] if isinstance(key, Mapping)]
        return {key["kid"]: key for key in keys if isinstance(key.get("kid"), str) and key.get("use", "sig") == "sig"}

    def _due(self, name: str) -> bool:
        """Whether to look again: it is time, or the key is not among those that we have."""
        now = self._clock()
        rested = now - self._asked >= REST
        if self._client is None:
            return True
        old = now - self._answered >= FRESH
        return (old and (rested or not self._failed)) or (rested and name not in self._keys)

    def _counts(self, name: str) -> bool:
        """Whether we have this key from an answer that still counts."""
        return name in self._keys and self._clock() - self._answered <= LAST

    def _once(self, name: str) -> None:
        """Look, one at a time; who has a key that still counts goes on with it while another looks."""
        if self._lock.acquire(blocking=not self._counts(name)):
            try:
                if self._due(name):
                    self._look()
            finally:
                self._lock.release()

    def _look(self) -> None:
        try:
            self._keys, self._failed = self.read(), False
            self._answered = self._clock()
        except FileNotFoundError:  # who takes the file away takes the keys back
            self._keys, self._failed = {}, False
            self._answered = self._clock()
        except (PyJWTError, HTTPException, OSError, ValueError, RecursionError) as error:
            told, self._failed = self._failed and self._client is None, True
            if not told:  # a file is looked at with every request
                logs.action("sleutels ophalen", "uitgever van tokens", "mislukt", level=logging.ERROR, reden=type(error).__name__)
        self._asked = self._clock()
