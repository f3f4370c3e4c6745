# SPDX-License-Identifier: EUPL-1.2
"""Answers as bytes: JSON in the order it was made, with an ETag where it can be asked for again."""

from __future__ import annotations

import hashlib
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


def cached_bytes(request: Request, body: bytes, media_type: str) -> Response:
    """The same for bytes."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept"}
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
