# SPDX-License-Identifier: EUPL-1.2
"""Bearer tokens: the HS256 tokens of the ZGW APIs (a secret per client) and OIDC access tokens (public keys of the issuer)."""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import jwt
from jwt import PyJWK, PyJWKClient, PyJWKSet
from jwt.exceptions import PyJWKClientConnectionError
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api import logs
from api.auth.principal import Principal, Role

SKEW = 30
"""Seconds that two clocks may differ."""
MAX_TOKEN = 8_000
REST = 30.0
"""Seconds in which an issuer that did not answer is not asked again."""


class ZgwClient(BaseModel):
    """A client of the ZGW kind: who it is, its secret, and what it may do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr = Field(min_length=32)
    municipalities: frozenset[str] = Field(alias="gemeenten", min_length=1)
    roles: frozenset[Role] = Field(alias="rollen", min_length=1)


class Oidc(BaseModel):
    """An issuer of access tokens. ``jwks`` is the address or the file of its public keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    audience: str
    jwks: str
    roles_claim: str = "roles"
    municipalities_claim: str = "gemeenten"
    algorithms: tuple[Literal["PS256", "RS256", "ES256"], ...] = ("PS256", "RS256", "ES256")


class TokenError(Exception):
    """A token that is not taken; says nothing about why, so that nobody learns from it."""


class Tokens:
    """Reads bearer tokens. ``clients`` by client id; ``max_age`` is how many seconds a ZGW token counts as fresh."""

    def __init__(self, clients: Mapping[str, ZgwClient] | None = None, oidc: Oidc | None = None, *, max_age: int = 3600) -> None:
        self.clients, self.oidc, self.max_age = dict(clients or {}), oidc, max_age
        self._keys = _Keys(oidc.jwks) if oidc is not None else None

    def principal(self, token: str, now: datetime) -> Principal:
        """Who presents a token. Raises :class:`TokenError`."""
        if len(token) > MAX_TOKEN:
            raise TokenError
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") == "HS256":
                return self._zgw(token, now)
            return self._oidc(token, header)
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, OverflowError, OSError) as error:
            raise TokenError from error

    def _zgw(self, token: str, now: datetime) -> Principal:
        claims = jwt.decode(token, options={"verify_signature": False})
        name = claims.get("client_id") or claims["iss"]
        client = self.clients.get(str(name))
        if client is None:
            raise TokenError
        options: Any = {"require": ["iat"], "verify_aud": False, "verify_iat": False}
        claims = jwt.decode(token, client.secret.get_secret_value(), algorithms=["HS256"], options=options, leeway=SKEW)
        age = now.timestamp() - float(claims["iat"])
        if not -SKEW <= age <= self.max_age + SKEW:
            raise TokenError
        actor = claims.get("user_representation") or claims.get("user_id")
        return Principal(f"zgw:{name}", client.roles, client.municipalities, _named(actor) if actor else None)

    def _oidc(self, token: str, header: Mapping[str, Any]) -> Principal:
        if self.oidc is None or self._keys is None or header.get("alg") not in self.oidc.algorithms:
            raise TokenError
        options: Any = {"require": ["exp", "iss", "aud", "sub"]}
        claims = jwt.decode(
            token,
            self._keys.key(token, header),
            algorithms=list(self.oidc.algorithms),
            audience=self.oidc.audience,
            issuer=self.oidc.issuer,
            leeway=SKEW,
            options=options,
        )
        known = {role.value for role in Role}
        roles = frozenset(Role(name) for name in _names(claims.get(self.oidc.roles_claim)) if name in known)
        client = claims.get("azp") or claims.get("client_id") or claims["sub"]
        actor = claims.get("name") or claims["sub"]
        return Principal(f"oidc:{client}", roles, frozenset(_names(claims.get(self.oidc.municipalities_claim))), _named(actor))


class _Client(PyJWKClient):
    """Asks an issuer for its keys, and after a failure not again for a while: who waits for it holds up everybody."""

    _rests_until = -math.inf

    def fetch_data(self) -> Any:
        if time.monotonic() < self._rests_until:
            raise PyJWKClientConnectionError("the issuer did not answer")
        try:
            return super().fetch_data()
        except PyJWKClientConnectionError as error:
            self._rests_until = time.monotonic() + REST
            logs.action("sleutels ophalen", "uitgever van tokens", "mislukt", level=logging.ERROR, reden=type(error).__name__)
            raise


class _Keys:
    """The public keys of an issuer: from a file, or from an address with a cache that an unknown key id may refresh.

    The set is what is cached, never one key of it: a key that the issuer took out of the set would stay valid.
    """

    def __init__(self, place: str) -> None:
        self._client = _Client(place, lifespan=600, timeout=5) if "://" in place else None
        self._file = None if self._client is not None else Path(place)

    def key(self, token: str, header: Mapping[str, Any]) -> PyJWK:
        if self._client is not None:
            return self._client.get_signing_key_from_jwt(token)
        assert self._file is not None
        found = PyJWKSet.from_dict(json.loads(self._file.read_text(encoding="utf-8")))
        return found[str(header["kid"])]


def _named(actor: Any) -> str:
    """Who acts, as a text that every log and store can hold: half of a surrogate pair cannot be written."""
    return str(actor).encode("utf-8", "replace").decode()[:200]


def _names(claim: Any) -> tuple[str, ...]:
    """A claim that holds names: a list, or one text with spaces."""
    if isinstance(claim, str):
        return tuple(claim.split())
    return tuple(str(item) for item in claim) if isinstance(claim, list) else ()
