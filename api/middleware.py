# SPDX-License-Identifier: EUPL-1.2
"""Pure ASGI middleware: a log line and headers for every request, HEAD as GET without a body, and no error without an answer."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Collection, Mapping

from starlette.datastructures import Headers as RequestHeaders, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import logs, metrics, trace_context
from api.problems import broken, place_of, problem_response

UNKNOWN = "onbekend"
STOPS = "De dienst stopt. Stuur het verzoek nog eens; wat iets bewaart met dezelfde `Idempotency-Key`."
_QUIET = frozenset({"isLevend", "isGereed"})


class Told:
    """Logs and measures each request, under the trace of the caller or a new one; the answer says which.

    ``paths`` are the paths outside the API that may be named: any other one is what somebody typed.
    """

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self.app, self.paths = app, frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and tell how it ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        found = trace_context.trace_of(RequestHeaders(scope=scope).get("traceparent"))
        request_id = str(uuid.uuid4())
        scope["state"] = dict(scope.get("state", {}))
        trace_context.begin(found)
        logs.unbind()
        logs.bind(
            trace_id=found.trace_id,
            span_id=found.span_id,
            parent_id=found.parent_id,
            verzoek=request_id,
            herkomst=scope["client"][0] if scope.get("client") else UNKNOWN,
            actor=UNKNOWN,
        )
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["traceparent"], headers["X-Request-Id"] = found.header, request_id
            await send(message)

        start = time.perf_counter()
        try:
            await self.app(scope, receive, watched)
        finally:
            self._tell(scope, status, time.perf_counter() - start)
            logs.unbind()

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"]
        own = (scope["method"] if path in self.paths else UNKNOWN, path if path in self.paths else UNKNOWN)
        operation, subject = scope["state"].get("operation", own)
        metrics.requested(operation if subject not in self.paths else subject, status, seconds)
        quiet = operation in _QUIET and status < 400
        level = logging.DEBUG if quiet else logging.INFO if status < 500 else logging.ERROR
        logs.action(operation, subject, _ended(status), level=level, status=status, duur_ms=round(seconds * 1e3, 1))


def _ended(status: int) -> str:
    if status == 0:
        return "afgebroken"
    return "gelukt" if status < 400 else "geweigerd" if status < 500 else "mislukt"


class Headers:
    """Adds headers that a response does not have yet."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; every response gets the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    found.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Cors(CORSMiddleware):
    """CORS, in which a question that is refused is answered with problem details too; what may be asked stands in its headers."""

    def preflight_response(self, request_headers: RequestHeaders) -> Response:
        """The answer to what a browser asks before it lets a page of others call."""
        found = super().preflight_response(request_headers)
        if found.status_code < 400:
            return found
        kept = {name: value for name, value in found.headers.items() if name.startswith("access-control-") or name == "vary"}
        detail = "Deze webpagina mag de dienst niet zo aanroepen: haar herkomst, de methode of een van de koppen is niet toegestaan."
        return problem_response(found.status_code, detail, (), kept)


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on as GET, and send the start of its response only."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, without_body)


class NoSurprises:
    """Turns an error that nobody handled into problem details, and the end of the server too.

    What comes after the start of a response is only logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and catch what comes out."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if not started:
                await broken(error, place_of(scope))(scope, receive, send)
        except asyncio.CancelledError:  # the server stops and waits no longer: nothing else breaks a request off
            if started:
                raise
            await problem_response(503, STOPS, (), {"Retry-After": "5"})(scope, receive, send)
