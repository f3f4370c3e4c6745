# SPDX-License-Identifier: EUPL-1.2
"""Bearer tokens: the HS256 tokens of the ZGW APIs (a secret per client) and OIDC access tokens (public keys of the issuer)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import jwt
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.auth.issuer import Ring
from api.auth.principal import Principal, Role, Town

SKEW = 30
"""Seconds that two clocks may differ."""
MAX_TOKEN = 8_000


class ZgwClient(BaseModel):
    """A client of the ZGW kind: who it is, its secret, and what it may do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: SecretStr = Field(min_length=32)
    municipalities: frozenset[Town] = Field(alias="gemeenten", min_length=1)
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
        self._keys = Ring(oidc.jwks) if oidc is not None else None

    def asks(self, token: str) -> bool:
        """Whether to read this token its issuer must be asked, which can take seconds."""
        if self.oidc is None or self._keys is None or len(token) > MAX_TOKEN:
            return False
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            return False
        return header.get("alg") in self.oidc.algorithms and self._keys.asks(_kid(header))

    def principal(self, token: str, now: datetime, *, ask: bool = True) -> Principal:
        """Who presents a token; without asking its issuer where ``ask`` is false.

        Raises :class:`TokenError`, and :class:`api.auth.issuer.IssuerDown` where its issuer does not answer.
        """
        if len(token) > MAX_TOKEN:
            raise TokenError
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") == "HS256":
                return self._zgw(token, now)
            return self._oidc(token, header, ask=ask)
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
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

    def _oidc(self, token: str, header: Mapping[str, Any], *, ask: bool) -> Principal:
        algorithm = header.get("alg")
        if self.oidc is None or self._keys is None or algorithm not in self.oidc.algorithms:
            raise TokenError
        options: Any = {"require": ["exp", "iss", "aud", "sub"]}
        claims = jwt.decode(
            token,
            self._keys.key(_kid(header), algorithm, ask=ask),
            algorithms=[algorithm],
            audience=self.oidc.audience,
            issuer=self.oidc.issuer,
            leeway=SKEW,
            options=options,
        )
        known = {role.value for role in Role}
        roles = frozenset(Role(name) for name in _names(claims.get(self.oidc.roles_claim)) if name in known)
        client, subject = claims.get("azp") or claims.get("client_id"), claims["sub"]
        # In a token that a client got for itself the subject is that client (RFC 9068, 2.2): no person signed in.
        actor = _named(claims.get("name") or subject) if subject != client else None
        municipalities = frozenset(_names(claims.get(self.oidc.municipalities_claim)))
        return Principal(f"oidc:{_named(client or subject)}", roles, municipalities, actor)


def _kid(header: Mapping[str, Any]) -> str:
    """The id of the key that a token names; empty where it names none."""
    return str(header.get("kid", ""))


def _named(actor: Any) -> str:
    """Who acts, as a text that every log and store can hold: half of a surrogate pair cannot be written."""
    return str(actor).encode("utf-8", "replace").decode()[:200]


def _names(claim: Any) -> tuple[str, ...]:
    """A claim that holds names: a list, or one text with spaces."""
    if isinstance(claim, str):
        return tuple(claim.split())
    return tuple(str(item) for item in claim) if isinstance(claim, list) else ()
