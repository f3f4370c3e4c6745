# SPDX-License-Identifier: EUPL-1.2
"""Logboek Dataverwerkingen: one record for each person and each action on that person's data.

The fields are those of the working version of the standard of Logius (trace and span as in W3C Trace Context, attributes
in ``dpl.core``). A person stands in it only as a pseudonym. A record is confirmed before the answer goes out.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import engine
from api.trace_context import Trace

IN_TRACE = "urn:toetssteen:persoon-in-trace"
"""The kind of pseudonym of a person whom only the caller knows: it means something together with the caller's own record."""
WHOLE_CASE = "zaak"
RESOURCE: Mapping[str, str] = {"service.name": "toetssteen", "service.version": engine.__version__}


class LogbookError(Exception):
    """A record that was not confirmed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A person as a record knows one: a pseudonym and its kind (a URI)."""

    pseudonym: str
    kind: str = IN_TRACE


@dataclass(frozen=True, slots=True)
class Processing:
    """One action on the data of one person; ``activity`` is the URI of the processing in the register of the organisation."""

    name: str
    activity: str
    subject: Subject
    trace: Trace
    span_id: str
    start: datetime
    end: datetime
    failed: bool

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the namespace ``dpl.core``."""
        return {
            "dpl.core.processing_activity_id": self.activity,
            "dpl.core.data_subject_id": self.subject.pseudonym,
            "dpl.core.data_subject_id_type": self.subject.kind,
        }

    def data(self) -> dict[str, Any]:
        """The record as it stands in a file; times in milliseconds, status UNSET or ERROR."""
        return {
            "trace_id": self.trace.trace_id,
            "span_id": self.span_id,
            "parent_span_id": self.trace.span_id,
            "name": self.name,
            "status_code": "STATUS_CODE_ERROR" if self.failed else "STATUS_CODE_UNSET",
            "start_time": _milliseconds(self.start),
            "end_time": _milliseconds(self.end),
            "resource": {"attributes": dict(RESOURCE)},
            "attributes": self.attributes,
        }


class Target(Protocol):
    """Where records go."""

    def write(self, records: Sequence[Processing]) -> None:
        """Put the records away for good. Raises :class:`LogbookError`."""


@dataclass(frozen=True)
class File:
    """Records as JSON lines at the end of a file that only its owner can read; on disk before this returns."""

    path: Path

    def write(self, records: Sequence[Processing]) -> None:
        """See :meth:`Target.write`; one write for all, so that the lines of several processes do not mix.

        A line that was cut off, as on a disk that was full, stays as it is and takes no later one with it.
        """
        lines = "".join(json.dumps(record.data(), ensure_ascii=False) + "\n" for record in records).encode()
        try:
            handle, lines = self._opened(lines)
            try:
                if os.write(handle, lines) != len(lines):
                    raise LogbookError("het logboek is vol")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise LogbookError(error.strerror or type(error).__name__) from error

    def opened(self) -> None:
        """Make the file where it is not there yet. Raises :class:`LogbookError` where nothing can be written in it."""
        try:
            os.close(self._opened(b"")[0])
        except OSError as error:
            raise LogbookError(error.strerror or type(error).__name__) from error

    def _opened(self, lines: bytes) -> tuple[int, bytes]:
        """The file, and what to write in it; one that we may only write to is not looked at."""
        flags = os.O_APPEND | os.O_CREAT
        try:
            handle = os.open(self.path, flags | os.O_RDWR, 0o600)
        except PermissionError:
            return os.open(self.path, flags | os.O_WRONLY, 0o600), lines
        return handle, b"\n" + lines if _cut_off(handle) else lines


def _cut_off(handle: int) -> bool:
    """Whether the last line of a file has no end."""
    found = os.fstat(handle)
    return stat.S_ISREG(found.st_mode) and found.st_size > 0 and os.pread(handle, 1, found.st_size - 1) != b"\n"


@dataclass(frozen=True)
class Logbook:
    """The logbook of the service: where its records go, and the processing that they belong to."""

    target: Target
    activity: str

    def record(self, name: str, subjects: Iterable[Subject], trace: Trace, start: datetime, *, failed: bool = False) -> None:
        """Record an action on the data of some people, a record for each. Raises :class:`LogbookError`."""
        end = datetime.now(UTC)
        self.target.write(
            [Processing(name, self.activity, subject, trace, secrets.token_hex(8), start, end, failed) for subject in subjects]
        )


def places_of(household: Iterable[str]) -> list[str]:
    """Where the people of a case stand in its claim, by the alphabet, who is in no list first; without any the case as a whole."""
    return sorted(household, key=lambda place: ("[" in place, place)) or [WHOLE_CASE]


def in_trace(place: str, trace: Trace) -> Subject:
    """A pseudonym for who stands at a place in the claim of this trace; another one in every trace."""
    return Subject(hashlib.sha256(f"{trace.trace_id}/{place}".encode()).hexdigest())


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
