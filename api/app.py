# SPDX-License-Identifier: EUPL-1.2
"""The service: the API under ``/v1``, pages at ``/``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from api import pages
from api.answers import JSON, cached_bytes
from api.context import Context
from api.examples import examples_of, read_examples
from api.middleware import HeadAsGet, Headers, NoSurprises
from api.openapi import VERSION, describe
from api.problems import HANDLERS, problem_response
from api.reader import write_json
from api.requests import agreed, no_query
from api.routes import aanspraken, beoordelingen, gezondheid, regelingen, regelsets
from engine.language.library import file_bytes
from engine.passes.assess import SecondOpinion
from engine.rulebook import Rulebook

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
HEADERS: Mapping[str, str] = {
    "API-Version": VERSION,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(
    rulebook: Rulebook, second_opinion: SecondOpinion | None = None, *, rules_root: Path | None = None, examples: Path | None = EXAMPLES
) -> Starlette:
    """The ASGI app over a loaded rulebook.

    ``rules_root`` is the folder it was loaded from: with it, `_valideer` checks a file together with the rest.
    ``examples`` is a folder of claims (YAML or JSON) that the page offers to fill in. Bind it to loopback: there is no
    authentication yet.
    """
    context = Context(rulebook, second_opinion, file_bytes(rules_root) if rules_root is not None else {})
    found = read_examples(examples, rulebook)
    middleware = [Middleware(Headers, headers=HEADERS), Middleware(HeadAsGet), Middleware(NoSurprises)]
    app = Starlette(
        routes=[Mount("/v1", app=_api(context), name="v1"), *pages.routes(context, found)],
        middleware=middleware,
        exception_handlers={**HANDLERS, **pages.HANDLERS},
    )
    app.router.redirect_slashes = False
    return app


def _api(context: Context) -> FastAPI:
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={**HANDLERS, RequestValidationError: _on_validation_error},
    )
    app.state.context = context
    for module in (beoordelingen, regelingen, regelsets, aanspraken, gezondheid):
        app.include_router(module.router)

    @app.get("/openapi.json", operation_id="haalOpenapi", summary="Deze beschrijving", tags=["OpenAPI"])
    async def openapi(request: Request) -> Response:
        """The description of the API; open to all."""
        no_query(request)
        agreed(request, (JSON,))
        return cached_bytes(request, document, JSON)

    document = write_json(describe(app, examples_of(context.rulebook)))
    return app


async def _on_validation_error(request: Request, error: Exception) -> Response:
    """The routes read query and body themselves; what FastAPI still refuses is a path."""
    return problem_response(400)


__all__ = ["create_app"]
