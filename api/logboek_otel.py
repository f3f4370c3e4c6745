# SPDX-License-Identifier: EUPL-1.2
"""Records of the Logboek Dataverwerkingen as OpenTelemetry spans over OTLP; needs the extra ``otel``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import requests
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from api.logboek import RESOURCE, LogbookError, Processing


class Otlp:
    """Sends records to the OTLP address of a logbook, each call confirmed; ``exporter`` takes the place of the real one."""

    def __init__(self, address: str, exporter: SpanExporter | None = None) -> None:
        session = requests.Session()
        session.hooks["response"].append(_confirming)
        self._exporter = exporter if exporter is not None else OTLPSpanExporter(endpoint=address, timeout=5, session=session)

    def write(self, records: Sequence[Processing]) -> None:
        """See :meth:`api.logboek.Target.write`."""
        if self._exporter.export([span_of(record) for record in records]) is not SpanExportResult.SUCCESS:
            raise LogbookError("het logboek bevestigt niet")


def _confirming(answer: requests.Response, **_: Any) -> None:
    """Look whether an answer that the exporter takes for a success confirms every span. Raises :class:`LogbookError`.

    A redirect would be followed by a question without the records, and of an answer 200 the body may say that it took none
    of them (`partial_success` of OTLP 1.x). An empty body says that all were taken.
    """
    if 300 <= answer.status_code < 400:
        answer.close()
        raise LogbookError("het logboek verwijst door")
    if not answer.ok:
        return  # the exporter knows what to do about that
    try:
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            found = json_format.Parse(answer.content or b"{}", ExportTraceServiceResponse(), ignore_unknown_fields=True)
        else:
            found = ExportTraceServiceResponse.FromString(answer.content)
    except (DecodeError, json_format.ParseError) as error:
        raise LogbookError("het logboek antwoordt niet zoals OTLP het wil") from error
    if found.partial_success.rejected_spans:
        raise LogbookError("het logboek weigert het record")


def span_of(record: Processing) -> ReadableSpan:
    """A record as a finished span, sampled always."""
    trace_id, flags = int(record.trace.trace_id, 16), TraceFlags(TraceFlags.SAMPLED)
    return ReadableSpan(
        name=record.name,
        context=SpanContext(trace_id, int(record.span_id, 16), is_remote=False, trace_flags=flags),
        parent=SpanContext(trace_id, int(record.trace.span_id, 16), is_remote=False, trace_flags=flags),
        resource=Resource(dict(RESOURCE)),
        attributes=record.attributes,
        kind=SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR if record.failed else StatusCode.UNSET),
        start_time=_nanoseconds(record.start),
        end_time=_nanoseconds(record.end),
    )


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000
