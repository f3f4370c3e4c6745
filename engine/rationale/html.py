# SPDX-License-Identifier: EUPL-1.2
"""The rationale as a page."""

from __future__ import annotations

from typing import Any

STYLE_HASH = "sha256-x"


def render(data: dict[str, Any]) -> str:
    """A complete page."""
    return "<!doctype html>" + data["titel"]
