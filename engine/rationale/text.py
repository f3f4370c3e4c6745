# SPDX-License-Identifier: EUPL-1.2
"""The rationale as plain Dutch text, in one of its renderings.

Reads only the data of :func:`engine.rationale.build.rationale`: same data, same text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.rationale import legal, plain_language, professional
from engine.rationale.layout import WIDTH, as_text
from engine.rationale.parts import Rendering
from engine.rationale.professional import decision_part, headline


def render(data: Mapping[str, Any], rendering: Rendering = Rendering.PROFESSIONAL) -> str:
    """A rationale as text, ending in a line break."""
    if rendering is Rendering.LEGAL:
        return as_text(legal.document(data))
    if rendering is Rendering.PLAIN:
        return as_text(plain_language.document(data))
    return professional.text(data)


__all__ = ["WIDTH", "decision_part", "headline", "render"]
