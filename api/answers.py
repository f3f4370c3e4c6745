# SPDX-License-Identifier: EUPL-1.2
"""Answers as bytes: JSON in the order it was made, with an ETag where it can be asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api.reader import write_json

JSON = "application/json"
HTML = "text/html"


def answer(data: Any, media_type: str = JSON) -> Response:
    """JSON that belongs to one case: not to be stored on the way."""
    return Response(write_json(data), media_type=media_type, headers={"Cache-Control": "no-store"})


def cached(request: Request, data: Any, media_type: str = JSON) -> Response:
    """JSON that changes only with the rules: with an ETag, and 304 when the caller has it already."""
    return cached_bytes(request, write_json(data), media_type)


def cached_bytes(request: Request, body: bytes, media_type: str, more: Mapping[str, str] | None = None) -> Response:
    """The same for bytes. ``more`` are headers."""
    return _tagged(request, body, media_type, "no-cache", more)


def kept(body: bytes, location: str) -> Response:
    """JSON that was made and kept (201), and where it is."""
    return Response(body, 201, {"Cache-Control": "no-store", "Location": location}, JSON)


def revisited(request: Request, body: bytes, media_type: str = JSON, more: Mapping[str, str] | None = None) -> Response:
    """What is kept of one case and stays as it is: with an ETag, and not to be stored on the way. ``more`` are headers."""
    return _tagged(request, body, media_type, "no-store", more)


def _tagged(request: Request, body: bytes, media_type: str, control: str, more: Mapping[str, str] | None = None) -> Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": control, "Vary": "Accept", **(more or {})}
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
