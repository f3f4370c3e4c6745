# SPDX-License-Identifier: EUPL-1.2
"""The page at ``/``: fill in a claim, read the rationale; rendered here, without JavaScript.

Five steps: what is asked, what is wanted, the facts, the assessment, what it means. What is wanted comes before the
outcome is shown; what an option means for whom, and options that people add, come after it.
Nothing is kept here: every page carries along what was filled in, in hidden fields of a form that is posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.context import Current
from api.examples import Example
from api.pages.views import Pages, on_error_page
from api.problems import ApiProblem
from engine.model.problems import EngineError

HANDLERS: Mapping[Any, Any] = dict.fromkeys((ApiProblem, EngineError, HTTPException, Exception), on_error_page)


def routes(current: Current, examples: Sequence[Example]) -> list[Route]:
    """The routes of the pages; each request gets pages over the state of its moment."""

    async def start(request: Request) -> Response:
        return await Pages(current.context, examples).start(request)

    async def example(request: Request) -> Response:
        return await Pages(current.context, examples).example(request)

    async def step(request: Request) -> Response:
        return await Pages(current.context, examples).step(request)

    return [
        Route("/", start, methods=["GET"]),
        Route("/aanvraag", example, methods=["GET"]),
        Route("/aanvraag", step, methods=["POST"]),
    ]
