# SPDX-License-Identifier: EUPL-1.2
"""The service: the API under ``/v1``, pages at ``/``."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from api import logs, pages
from api.answers import JSON, cached_bytes
from api.auth.gate import Gate
from api.auth.host import Named
from api.auth.limits import InFlight
from api.context import Context, Current
from api.examples import examples_of, read_examples
from api.middleware import Cors, HeadAsGet, Headers, NoSurprises, Told
from api.openapi import VERSION, describe
from api.problems import HANDLERS, problem_response
from api.reader import write_json
from api.requests import agreed, no_query
from api.rollout import Rollout
from api.routes import aanspraken, beoordelingen, besluiten, bewaard, gezondheid, regelingen, regelsets
from api.stored.archive import Archive
from engine.language.library import file_bytes
from engine.model.precedent import Precedent
from engine.passes.assess import SecondOpinion
from engine.rulebook import Rulebook

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
IN_FLIGHT = 256
METHODS = ["GET", "POST"]
CROSS = ["Authorization", "X-Api-Key", "Content-Type", "Accept", "Idempotency-Key", "If-None-Match", "traceparent"]
EXPOSED = ["Location", "ETag", "Retry-After", "API-Version", "X-Request-Id", "traceparent"]
"""What the script of a page of others may read of an answer, beside its body."""
SECURITY_TXT = (
    "Contact: mailto:security@toetssteen.example\nExpires: 2027-12-31T23:00:00Z\nPreferred-Languages: nl, en\n"
    "Canonical: https://toetssteen.example/.well-known/security.txt\n"
)
HEADERS: Mapping[str, str] = {
    "API-Version": VERSION,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=31536000",  # counts behind TLS only (RFC 6797, 7.2); the proxy in front may set more
}
TO_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""What lets a page of anybody read the description."""


def create_app(
    rulebook: Rulebook,
    second_opinion: SecondOpinion | None = None,
    *,
    rules_root: Path | None = None,
    examples: Path | None = EXAMPLES,
    gate: Gate | None = None,
    origins: Sequence[str] = (),
    in_flight: int = IN_FLIGHT,
    precedents: Iterable[Precedent] = (),
    archive: Archive | None = None,
) -> Starlette:
    """The ASGI app over a loaded rulebook, that serves these rules as long as it lives.

    ``rules_root`` is the folder it was loaded from: with it, `_valideer` checks a file together with the rest.
    ``examples`` is a folder of claims (YAML or JSON) that the page offers to fill in. ``gate`` says who may call what;
    without it nobody signs in, and the service belongs on loopback. Where callers sign in there are no pages: they carry
    no key. ``origins`` are the web pages of others that may call (CORS), ``in_flight`` how many requests run at once.
    ``precedents`` are earlier decisions to compare with. ``archive`` is what is kept; without it nothing is.
    """
    files = file_bytes(rules_root) if rules_root is not None else {}
    context = Context(rulebook, second_opinion, files, tuple(precedents), archive=archive)
    return app_over(Current(context), examples=examples, gate=gate, origins=origins, in_flight=in_flight)


def app_over(
    current: Current,
    *,
    rollout: Rollout | None = None,
    examples: Path | None = EXAMPLES,
    gate: Gate | None = None,
    origins: Sequence[str] = (),
    in_flight: int = IN_FLIGHT,
    names: Collection[str] = (),
) -> Starlette:
    """The same over a state that may be replaced; with a ``rollout`` by new rules as they come.

    ``names`` are the host names under which it answers; without them under any.
    """
    gate = gate if gate is not None else Gate()
    found = [Route("/.well-known/security.txt", security_txt)]
    if not gate.signs_in:
        found += pages.routes(current, read_examples(examples, current.context.rulebook))
    middleware = [Middleware(Told, paths={route.path for route in found}), Middleware(Headers, headers=HEADERS)]
    if origins:
        middleware.append(
            Middleware(Cors, allow_origins=origins, allow_methods=METHODS, allow_headers=CROSS, expose_headers=EXPOSED, max_age=600)
        )
    middleware += [Middleware(HeadAsGet), Middleware(NoSurprises)]
    if names:
        middleware.append(Middleware(Named, names=names))
    middleware.append(Middleware(InFlight, most=in_flight, turns=current.context.turns))

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        watching = [asyncio.create_task(rollout.run(current))] if rollout is not None else []
        if current.context.archive is not None:
            watching.append(asyncio.create_task(_seal(current.context.archive)))
        logs.action("dienst starten", current.context.rulebook.hash, "gelukt")
        yield
        logs.action("dienst stoppen", current.context.rulebook.hash, "gelukt")
        for task in watching:
            task.cancel()

    app = Starlette(
        routes=[Mount("/v1", app=_api(current, gate), name="v1"), *found],
        middleware=middleware,
        exception_handlers={**HANDLERS, **pages.HANDLERS},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


async def _seal(archive: Archive) -> None:
    """Look after a store in its rhythm, until cancelled: checkpoints, traces of what was destroyed, old keys, how full the tables are."""
    store = archive.store
    works = (
        ("controlepunten bewaren", store.checkpoint),
        ("sporen overschrijven", store.overwrite_rest),
        ("vergeten wat niet meer hoeft", store.forget),
        ("tabellen bekijken", store.survey),
    )
    while True:
        await asyncio.sleep(store.rhythm.after.total_seconds())
        for action, work in works:
            try:
                if await asyncio.to_thread(work) is False:
                    logs.action(action, "opslag", "mislukt", level=logging.WARNING, reden="in gebruik of geen rechten")
            except Exception as error:  # whatever it was: the next round tries again
                logs.action(action, "opslag", "mislukt", level=logging.ERROR, reden=type(error).__name__)


async def security_txt(request: Request) -> Response:
    """Whom to tell about a leak (RFC 9116)."""
    return Response(SECURITY_TXT, media_type="text/plain; charset=utf-8")


def _api(current: Current, gate: Gate) -> FastAPI:
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={**HANDLERS, RequestValidationError: _on_validation_error},
    )
    app.state.current = current
    for module in (beoordelingen, bewaard, besluiten, regelingen, regelsets, aanspraken, gezondheid):
        app.include_router(module.router, dependencies=[Depends(gate)])

    @app.get("/openapi.json", operation_id="haalOpenapi", summary="Deze beschrijving", tags=["OpenAPI"], dependencies=[Depends(gate)])
    async def openapi(request: Request) -> Response:
        """The description of the API; open to all."""
        no_query(request)
        agreed(request, (JSON,))
        return cached_bytes(request, document, JSON, TO_ALL)

    document = app.state.description = write_json(describe(app, examples_of(current.context.rulebook)))
    return app


def description(rulebook: Rulebook) -> bytes:
    """The OpenAPI description (JSON) as a service over these rules gives it."""
    found = _api(Current(Context(rulebook)), Gate()).state.description
    assert isinstance(found, bytes)
    return found


async def _on_validation_error(request: Request, error: Exception) -> Response:
    """The routes read query and body themselves; what FastAPI still refuses is a path."""
    return problem_response(400)


__all__ = ["app_over", "create_app", "description"]
