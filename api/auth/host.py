# SPDX-License-Identifier: EUPL-1.2
"""Under which names the service answers, where nobody signs in."""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem_response


class Named:
    """Answers only requests that are addressed to one of these names (``Host``).

    Where nobody signs in it is this machine that is trusted. A web page of anybody can have a name of its own point to it
    (DNS rebinding), and would then read, in a browser on this machine, all that the service tells.
    """

    def __init__(self, app: ASGIApp, names: Collection[str]) -> None:
        self.app, self.names = app, frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, or answer 421."""
        if scope["type"] == "http" and _name(Headers(scope=scope).get("host", "")) not in self.names:
            detail = f"Zonder aanmelden antwoordt deze dienst alleen op de eigen machine: {', '.join(sorted(self.names))}."
            await problem_response(421, detail)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _name(host: str) -> str:
    """The name in a `Host`, without its port; an IPv6 address without its brackets."""
    bare = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return bare.lower()
