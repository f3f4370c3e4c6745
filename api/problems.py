# SPDX-License-Identifier: EUPL-1.2
"""Problem details (RFC 9457) in Dutch for everything that goes wrong, on every path."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api import kinds
from api.auth.principal import ACCESS
from api.kinds import STANDARD, Kind
from api.logs import masked
from api.reader import write_json
from engine.model.problems import EngineError, InvalidInput, Problem, in_message
from store import errors

log = logging.getLogger("toetssteen.api")

MEDIA_TYPE = "application/problem+json"


class ApiProblem(Exception):
    """A refusal: its kind (or status, for the usual kind of that), one sentence about this case, and every mistake that was found.

    ``mistakes`` are dicts with ``code``, ``pointer`` or ``parameter``, ``oorzaak`` and ``remedie``. ``about`` is the id of
    what is in the way.
    """

    def __init__(
        self,
        kind: Kind | int,
        detail: str = "",
        mistakes: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        about: str | None = None,
    ) -> None:
        self.kind = kind if isinstance(kind, Kind) else STANDARD[kind]
        super().__init__(detail or self.kind.title)
        self.detail, self.mistakes, self.headers, self.about = detail, tuple(mistakes), headers, about

    @property
    def status(self) -> int:
        """The status of its kind."""
        return self.kind.status


def mistake(code: str, cause: str, remedy: str = "", *, pointer: str = "", parameter: str | None = None) -> dict[str, str]:
    """One mistake, as it stands in ``fouten``. ``parameter`` names a query parameter; ``pointer`` is a JSON pointer."""
    found = {"code": code, "pointer": pointer}
    if parameter is not None:
        found["parameter"] = parameter
    return found | {"oorzaak": cause, "remedie": remedy}


def mistakes_of(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The problems of a claim as they stand in ``fouten``."""
    return [in_message(problem) for problem in problems]


def problem_response(
    kind: Kind | int,
    detail: str = "",
    mistakes: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    about: str | None = None,
) -> Response:
    """A problem document. ``instance`` is new for each occurrence; the log names it too where something broke.

    A number that can be a BSN is never repeated, whatever somebody typed where.
    """
    found = kind if isinstance(kind, Kind) else STANDARD.get(kind, Kind("fout", kind, "Fout", "Het verzoek kon niet worden uitgevoerd."))
    body = {
        "type": found.type,
        "title": found.title,
        "status": found.status,
        "detail": masked(detail) or found.detail,
        "instance": f"urn:uuid:{uuid.uuid4()}",
        "fouten": [{key: masked(text) for key, text in told.items()} for told in mistakes],
    }
    if about is not None:
        body["id"] = about
    return Response(write_json(body), found.status, {**(headers or {}), "Cache-Control": "no-store"}, MEDIA_TYPE)


def place_of(scope: Mapping[str, Any]) -> str:
    """Where a request went: its route as it was written down, never the path as it was typed."""
    return str(scope.get("state", {}).get("operation", ("", "onbekend"))[1])


def broken(error: BaseException, request_path: str) -> Response:
    """The answer to an error that nobody foresaw. The log gets where it broke, never a value of the case."""
    response = problem_response(500)
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s op %s (%s)\n%s", type(error).__name__, request_path, _instance(response), frames)
    return response


async def on_api_problem(request: Request, error: Exception) -> Response:
    """A refusal of a route."""
    assert isinstance(error, ApiProblem)
    return problem_response(error.kind, error.detail, error.mistakes, error.headers, error.about)


async def on_invalid_input(request: Request, error: Exception) -> Response:
    """A claim or body that is refused, with every mistake."""
    assert isinstance(error, InvalidInput)
    return problem_response(400, "", mistakes_of(error.problems))


async def on_engine_error(request: Request, error: Exception) -> Response:
    """Rules or engines that contradict each other on this case: no assessment, and what the engine says about it."""
    assert isinstance(error, EngineError)
    response = problem_response(kinds.CONTRADICTION, "", [mistake("TS-M01", str(error), "Meld dit aan wie de regels beheert.")])
    log.error("EngineError op %s (%s)", place_of(request.scope), _instance(response))
    return response


_STORE: Mapping[type[errors.StoreError], Kind] = {
    errors.StoreDown: kinds.STORE_DOWN,
    errors.StoreOutdated: kinds.STORE_OUTDATED,
    errors.NotFound: STANDARD[404],
    errors.Erased: STANDARD[410],
    errors.AlreadyThere: STANDARD[409],
    errors.KeyBusy: kinds.KEY_BUSY,
    errors.KeyReused: kinds.KEY_REUSED,
    errors.KeyLost: kinds.KEY_LOST,
    errors.Tampered: kinds.TAMPERED,
}
_AGAIN: Mapping[type[errors.StoreError], str] = {errors.StoreDown: "5", errors.StoreOutdated: "60", errors.KeyBusy: "1"}


async def on_store_error(request: Request, error: Exception) -> Response:
    """What the store refuses, or cannot do now. Of what it says nothing is about a case."""
    assert isinstance(error, errors.StoreError)
    kind = _STORE.get(type(error), STANDARD[500])
    after = _AGAIN.get(type(error))
    response = problem_response(kind, str(error), (), {"Retry-After": after} if after is not None else None)
    if kind.status >= 500:
        log.error("%s op %s (%s)", type(error).__name__, place_of(request.scope), _instance(response))
    return response


async def on_http_error(request: Request, error: Exception) -> Response:
    """404, 405 and whatever else the framework raises; `Allow` is kept."""
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == 405:
        headers["allow"] = ", ".join(sorted(_methods(request)))
    return problem_response(error.status_code, "", (), headers)


def _methods(request: Request) -> set[str]:
    """The methods of an address, over every route that has it: the framework tells those of the first one only."""
    template = getattr(request.scope.get("route"), "path_format", "")
    pages = {method for route in request.app.routes if getattr(route, "path", "") == template for method in getattr(route, "methods", ())}
    methods = {method for method, path in ACCESS if path == template} or pages
    return methods | ({"HEAD"} if "GET" in methods else set())


async def on_hang_up(request: Request, error: Exception) -> None:
    """A caller who hung up in the middle of the message: nobody is there to answer, and the line of the request says that it broke off."""


async def on_error(request: Request, error: Exception) -> Response:
    """Everything else."""
    return broken(error, place_of(request.scope))


def _instance(response: Response) -> str:
    match = bytes(response.body).split(b'"instance":"', 1)
    return match[1].split(b'"', 1)[0].decode() if len(match) == 2 else ""


HANDLERS: Mapping[Any, Any] = {
    ApiProblem: on_api_problem,
    InvalidInput: on_invalid_input,
    EngineError: on_engine_error,
    errors.StoreError: on_store_error,
    HTTPException: on_http_error,
    ClientDisconnect: on_hang_up,
    Exception: on_error,
}
