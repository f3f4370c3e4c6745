# SPDX-License-Identifier: EUPL-1.2
"""W3C Trace Context: the trace that a caller began goes on here, otherwise one begins; the answer says which."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")


@dataclass(frozen=True, slots=True)
class Trace:
    """``trace_id`` is that of the whole chain, ``span_id`` that of this request, ``parent_id`` the caller's span."""

    trace_id: str
    span_id: str
    parent_id: str | None = None
    flags: str = "00"

    @property
    def header(self) -> str:
        """The trace as a ``traceparent``."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


def trace_of(traceparent: str | None) -> Trace:
    """The trace of a request; a header that does not follow the standard counts as none."""
    match = _FORM.fullmatch((traceparent or "").strip())
    if match is not None:
        version, trace_id, parent_id, flags, rest = match.groups()
        if version != "ff" and not (version == "00" and rest) and int(trace_id, 16) and int(parent_id, 16):
            return Trace(trace_id, secrets.token_hex(8), parent_id, f"{int(flags, 16) & 1:02x}")
    return Trace(secrets.token_hex(16), secrets.token_hex(8))


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def begin(trace: Trace) -> None:
    """Make this the trace of what this request does from here on."""
    _current.set(trace)


def current() -> Trace:
    """The trace of the request that is being served; outside one a new trace."""
    return _current.get() or trace_of(None)
