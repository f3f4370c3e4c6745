# SPDX-License-Identifier: EUPL-1.2
"""The page at ``/``: fill in a claim, read the rationale; rendered here, without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.routing import BaseRoute

from api.context import Context
from api.examples import Example

HANDLERS: Mapping[Any, Any] = {}


def routes(context: Context, examples: Sequence[Example]) -> list[BaseRoute]:
    """The routes of the pages."""
    return []
