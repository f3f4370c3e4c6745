# SPDX-License-Identifier: EUPL-1.2
"""The gate in front of every route: who calls, whether the route is theirs, and whether the case is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from api import logs
from api.auth.issuer import REST, IssuerDown
from api.auth.keys import KeyFile, KeyFileError
from api.auth.limits import Limits
from api.auth.principal import ACCESS, EVERYBODY, OPEN, Principal
from api.auth.tokens import TokenError, Tokens
from api.kinds import OTHER_TOWN, ROLE_LACKING, SIGN_IN_DOWN
from api.problems import ApiProblem
from engine.model.claim import Received

CHALLENGE = 'Bearer realm="toetssteen", ApiKey realm="toetssteen"'
KEY_HEADER = "x-api-key"


@dataclass(eq=False)
class Gate:
    """``keys`` and ``tokens`` say who calls; without both nobody signs in, which is for loopback only."""

    keys: KeyFile | None = None
    tokens: Tokens | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def signs_in(self) -> bool:
        """Whether callers must say who they are."""
        return self.keys is not None or self.tokens is not None

    async def __call__(self, request: Request) -> None:
        """Let a request through to its route, with its principal in ``request.state``. Raises 401, 403, 429 or 503."""
        route: Any = request.scope.get("route")
        request.state.operation = (getattr(route, "operation_id", None) or "onbekend", f"/v1{_template(request)}")
        wanted = ACCESS.get((request.method if request.method != "HEAD" else "GET", _template(request)))
        if wanted is None:
            raise ApiProblem(403, "Voor dit adres is niet vastgelegd wie het mag gebruiken.")
        principal = EVERYBODY if wanted == OPEN else await self.principal(request)
        request.state.principal = principal
        logs.bind(actor=principal.client, persoon=principal.actor)
        if wanted == OPEN:
            return
        self.limits.take(principal.client)
        if not principal.roles & wanted:
            roles = ", ".join(sorted(role.value for role in wanted))
            raise ApiProblem(ROLE_LACKING, f"Deze sleutel mag dit niet. Nodig is een van de rollen: {roles}.")

    async def principal(self, request: Request) -> Principal:
        """Who calls. Raises 401; what is wrong with a key or token is not told. Raises 503 where nobody can say who calls."""
        if not self.signs_in:
            return EVERYBODY
        if any(name in request.query_params for name in ("key", "api_key", "apikey", "token", "access_token", "sleutel")):
            raise ApiProblem(400, "Een sleutel of token hoort in een kop, nooit in het adres.")
        nobody = f"onbekend:{request.client.host if request.client else ''}"
        try:
            found = await self._found(request, datetime.now(UTC))
        except (IssuerDown, KeyFileError) as error:
            self.limits.take(nobody)
            raise ApiProblem(SIGN_IN_DOWN, headers={"Retry-After": str(int(REST))}) from error
        if found is None:
            self.limits.take(nobody)
            raise ApiProblem(401, headers={"WWW-Authenticate": CHALLENGE})
        return found

    async def _found(self, request: Request, now: datetime) -> Principal | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if KEY_HEADER in request.headers and self.keys is not None:
            return self.keys.principal(request.headers[KEY_HEADER], now.date())
        if scheme.lower() != "bearer" or self.tokens is None:
            return None
        token = token.strip()
        try:
            if self.tokens.asks(token):  # who waits for an issuer holds up nobody else
                return await asyncio.to_thread(self.tokens.principal, token, now)
            return self.tokens.principal(token, now, ask=False)
        except TokenError:
            return None


def _template(request: Request) -> str:
    route: Any = request.scope.get("route")
    return str(getattr(route, "path_format", ""))


def principal_of(request: Request) -> Principal:
    """Who calls, after the gate."""
    found = request.state.principal
    assert isinstance(found, Principal)
    return found


def own_municipality(request: Request, received: Received) -> str | None:
    """The municipality of a claim, which must be the caller's. Raises 403 for another one.

    A claim without one belongs to the caller's only municipality; with several it belongs to none.
    """
    data = received.data
    named = data.get("gemeente") if isinstance(data, Mapping) else None
    return municipality_of(principal_of(request), named if isinstance(named, str) else None)


def municipality_of(principal: Principal, named: str | None) -> str | None:
    """The municipality that was named, or where none was the only one of the caller. Raises 403 for that of somebody else."""
    if named is not None and not principal.may_see(named):
        raise ApiProblem(OTHER_TOWN)
    if named is not None:
        return named
    only = principal.municipalities
    return next(iter(only)) if only is not None and len(only) == 1 else None
