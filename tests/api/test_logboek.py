# SPDX-License-Identifier: EUPL-1.2
"""The Logboek Dataverwerkingen: a record for each person and action, confirmed before the answer, with pseudonyms only."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTracePartialSuccess, ExportTraceServiceResponse
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from starlette.testclient import TestClient

from api import config
from api.app import app_over
from api.config import SettingsError
from api.context import Context, Current
from api.logboek import IN_TRACE, File, Logbook, LogbookError, Processing, Subject
from api.logboek_otel import Otlp
from api.trace_context import trace_of
from engine.model.problems import EngineError
from engine.passes.assess import SecondOpinion
from engine.rulebook import load_files
from tests.helpers import Opinion, claim, law

BOOK = load_files(law("- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}"))
ACTIVITY = "https://register.example/verwerkingen/bijstand"
TRACE = "0af7651916cd43dd8448eb211c80319c"
TWO_PEOPLE = claim({"a": True, "aanvrager": {"inkomen": "123.45"}, "partner": {"student": True}, "plaats": "geheim"})
CALCULATE = "/v1/beoordelingen/_bereken"


def service(logbook: Logbook, opinion: SecondOpinion | None = None) -> TestClient:
    return TestClient(app_over(Current(Context(BOOK, opinion, logbook=logbook)), examples=None), raise_server_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "logboek.jsonl"


def records(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_an_assessment_is_one_record_for_each_person_in_the_claim(file: Path) -> None:
    answer = service(Logbook(File(file), ACTIVITY)).post(CALCULATE, json=TWO_PEOPLE, headers={"traceparent": f"00-{TRACE}-{'1' * 16}-01"})
    assert answer.status_code == 200
    found = records(file)
    assert len(found) == 2
    for record in found:
        assert record["trace_id"] == TRACE
        assert record["parent_span_id"] == answer.headers["traceparent"].split("-")[2]
        assert (record["name"], record["status_code"]) == ("beoordelen", "STATUS_CODE_UNSET")
        assert record["start_time"] <= record["end_time"]
        assert record["resource"]["attributes"]["service.name"] == "toetssteen"
        assert record["attributes"]["dpl.core.processing_activity_id"] == ACTIVITY
        assert record["attributes"]["dpl.core.data_subject_id_type"] == IN_TRACE
    assert len({record["attributes"]["dpl.core.data_subject_id"] for record in found}) == 2
    assert len({record["span_id"] for record in found}) == 2


def test_a_record_holds_no_fact_and_no_other_file_reads_it(file: Path) -> None:
    service(Logbook(File(file), ACTIVITY)).post(CALCULATE, json=TWO_PEOPLE)
    text = file.read_text(encoding="utf-8")
    assert not any(fact in text for fact in ("123.45", "geheim", "aanvrager", "partner"))
    assert file.stat().st_mode & 0o077 == 0


def test_the_same_place_in_another_trace_is_another_pseudonym(file: Path) -> None:
    client = service(Logbook(File(file), ACTIVITY))
    for _ in range(2):
        client.post(CALCULATE, json=claim({"aanvrager": {"student": True}}))
    assert len({record["attributes"]["dpl.core.data_subject_id"] for record in records(file)}) == 2


def test_a_claim_that_names_nobody_is_one_record(file: Path) -> None:
    service(Logbook(File(file), ACTIVITY)).post(CALCULATE, json=claim())
    assert len(records(file)) == 1


def test_an_assessment_that_the_engines_break_off_is_a_record_of_an_error(file: Path) -> None:
    assert service(Logbook(File(file), ACTIVITY), Opinion(EngineError("anders"))).post(CALCULATE, json=TWO_PEOPLE).status_code == 500
    assert [record["status_code"] for record in records(file)] == ["STATUS_CODE_ERROR"]


def test_a_claim_that_is_refused_was_not_processed(file: Path) -> None:
    assert service(Logbook(File(file), ACTIVITY)).post(CALCULATE, json=claim({"bestaat_niet": 1})).status_code == 400
    assert not file.exists()


def test_what_cannot_be_recorded_is_not_answered(tmp_path: Path) -> None:
    answer = service(Logbook(File(tmp_path), ACTIVITY)).post(CALCULATE, json=TWO_PEOPLE)
    assert answer.status_code == 503
    assert "uitkomst" not in answer.json()


def test_a_line_that_was_cut_off_takes_no_later_record_with_it(file: Path) -> None:
    client = service(Logbook(File(file), ACTIVITY))
    assert client.post(CALCULATE, json=TWO_PEOPLE).status_code == 200
    file.write_bytes(file.read_bytes()[:-20])
    assert client.post(CALCULATE, json=TWO_PEOPLE).status_code == 200
    first, cut_off, *later = file.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["name"] for line in (first, *later)] == ["beoordelen"] * 3
    with pytest.raises(json.JSONDecodeError):
        json.loads(cut_off)


def test_a_logbook_that_the_service_may_only_write_to_is_written_to(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may = os.open

    def write_only(path: Any, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, "Permission denied")
        return may(path, flags, mode)

    monkeypatch.setattr("api.logboek.os.open", write_only)
    for _ in range(2):
        assert service(Logbook(File(file), ACTIVITY)).post(CALCULATE, json=TWO_PEOPLE).status_code == 200
    assert len(records(file)) == 4


def test_another_part_gives_its_own_pseudonyms(file: Path) -> None:
    trace = trace_of(None)
    Logbook(File(file), ACTIVITY).record("besluiten", [Subject("x1", "urn:toetssteen:bsn-hmac")], trace, datetime.now(UTC))
    (record,) = records(file)
    assert record["attributes"]["dpl.core.data_subject_id"] == "x1"
    assert record["attributes"]["dpl.core.data_subject_id_type"] == "urn:toetssteen:bsn-hmac"


def test_settings_describe_the_logbook_or_say_what_is_missing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [found for found in os.environ if found.startswith("TOETSSTEEN_")]:
        monkeypatch.delenv(name)
    settings, _ = config.load({"aanmelden": False, "logboek": file, "logboek_activiteit": ACTIVITY})
    assert config.logbook(settings) == Logbook(File(file), ACTIVITY)
    assert config.logbook(config.load({"aanmelden": False})[0]) is None
    with pytest.raises(SettingsError, match="LOGBOEK_ACTIVITEIT ontbreekt"):
        config.load({"aanmelden": False, "logboek": file})
    with pytest.raises(SettingsError, match="sluiten elkaar uit"):
        config.load({"aanmelden": False, "logboek": file, "logboek_otlp": "http://logboek", "logboek_activiteit": ACTIVITY})


def test_a_record_goes_to_opentelemetry_as_a_span_of_the_same_trace() -> None:
    class Exporter(SpanExporter):
        def __init__(self, result: SpanExportResult) -> None:
            self.result, self.spans = result, list[ReadableSpan]()

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            self.spans += spans
            return self.result

    now = datetime.now(UTC)
    trace = trace_of(f"00-{TRACE}-{'1' * 16}-00")
    record = Processing("beoordelen", ACTIVITY, Subject("x1"), trace, "2" * 16, now, now, failed=False)
    taken = Exporter(SpanExportResult.SUCCESS)
    Otlp("http://logboek/v1/traces", taken).write([record])
    (span,) = taken.spans
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert f"{span.context.span_id:016x}" == "2" * 16
    assert f"{span.parent.span_id:016x}" == trace.span_id
    assert dict(span.attributes or {}) == record.attributes
    with pytest.raises(LogbookError):
        Otlp("http://logboek/v1/traces", Exporter(SpanExportResult.FAILURE)).write([record])


REFUSED = ExportTraceServiceResponse(partial_success=ExportTracePartialSuccess(rejected_spans=1)).SerializeToString()
PROTOBUF = "application/x-protobuf"


@pytest.mark.parametrize(
    ("status", "kind", "body", "taken"),
    [
        (200, PROTOBUF, b"", True),
        (200, PROTOBUF, ExportTraceServiceResponse().SerializeToString(), True),
        (200, "application/json", b"{}", True),
        (200, "application/json", b'{"partialSuccess": {}}', True),
        (200, PROTOBUF, REFUSED, False),
        (200, "application/json; charset=utf-8", b'{"partialSuccess": {"rejectedSpans": "1"}}', False),
        (200, "application/json", b"welkom", False),
        (200, "text/html", b"<html>aanmelden</html>", False),
        (302, "text/html", b"", False),
        (303, "text/html", b"", False),
        (400, PROTOBUF, b"", False),
    ],
)
def test_a_record_that_the_logbook_did_not_take_is_not_confirmed(status: int, kind: str, body: bytes, taken: bool) -> None:
    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if status == 303:
                self.send_header("Location", "/aanmelden")
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    now = datetime.now(UTC)
    record = Processing("beoordelen", ACTIVITY, Subject("x1"), trace_of(None), "2" * 16, now, now, failed=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        logbook = Otlp(f"http://127.0.0.1:{server.server_port}/v1/traces")
        try:
            if taken:
                logbook.write([record])
            else:
                with pytest.raises(LogbookError):
                    logbook.write([record])
        finally:
            server.shutdown()
