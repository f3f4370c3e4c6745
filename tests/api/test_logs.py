# SPDX-License-Identifier: EUPL-1.2
"""What the log says of a request and an action, and what it never says."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url
from starlette.testclient import TestClient
from starlette.types import Message

from api import logs
from api.app import create_app
from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import Role
from api.stored.archive import Archive
from api.trace_context import trace_of
from engine.rulebook import load_files
from store.model import Ground, Rhythm
from store.store import Store
from tests.api.test_rollout import eventually
from tests.helpers import Opinion, claim, law
from tests.store.conftest import opened
from tests.store.drafts import assessment

BOOK = load_files(law("- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}"))
BSN = "1112223" + "33"  # the test number of the elfproef, in two pieces so that no scan of sources finds it
TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
CALCULATE = "/v1/beoordelingen/_bereken"


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """What this process logs, as the service writes it; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    out = io.StringIO()
    logs.configure("debug", "json", out)
    logging.getLogger("httpx2").setLevel(logging.ERROR)  # the client of the tests tells the address that it calls
    yield out
    logging.getLogger("httpx2").setLevel(logging.NOTSET)
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(told: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told.getvalue().splitlines()]


def actions(told: io.StringIO, name: str) -> list[dict[str, Any]]:
    return [line for line in lines(told) if line.get("actie") == name]


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    keys = KeyFile(tmp_path / "sleutels.json")
    key = keys.make("zaaksysteem", ["GM0000"], [Role.ASSESS], date.today())
    return TestClient(create_app(BOOK, examples=None, gate=Gate(keys)), headers={"X-Api-Key": key}, raise_server_exceptions=False)


def test_a_request_is_one_line_with_the_fields_of_bio2(client: TestClient, told: io.StringIO) -> None:
    answer = client.post(CALCULATE, json=claim())
    (line,) = actions(told, "berekenBeoordeling")
    assert line["object"] == CALCULATE
    assert line["resultaat"] == "gelukt"
    assert line["herkomst"] == "testclient"
    assert line["actor"].startswith("sleutel:")
    assert line["tijd"].endswith("Z")
    assert line["verzoek"] == answer.headers["x-request-id"]
    assert line["status"] == 200


def test_an_assessment_is_an_action_of_the_same_actor_and_trace(client: TestClient, told: io.StringIO) -> None:
    client.post(CALCULATE, json=claim())
    (request,) = actions(told, "berekenBeoordeling")
    (action,) = actions(told, "beoordelen")
    for field in ("actor", "herkomst", "trace_id", "verzoek"):
        assert action[field] == request[field]
    assert (action["object"], action["regelbestand"]) == ("wet/aanspraak", BOOK.hash)


@pytest.mark.parametrize(
    ("method", "path", "headers", "result"),
    [
        ("GET", "/v1/regelingen", {"X-Api-Key": "ts_zomaar"}, "geweigerd"),
        ("GET", "/v1/regelingen/zomaar", {}, "geweigerd"),
        ("POST", "/v1/regelsets/_valideer", {}, "geweigerd"),
        ("GET", "/zomaar", {}, "geweigerd"),
        ("HEAD", "/v1/regelingen", {}, "gelukt"),
    ],
)
def test_every_end_of_a_request_is_told(
    client: TestClient, told: io.StringIO, method: str, path: str, headers: dict[str, str], result: str
) -> None:
    client.request(method, path, headers=headers)
    (line,) = [line for line in lines(told) if "status" in line]
    assert line["resultaat"] == result
    assert "zomaar" not in line["object"]


@pytest.mark.parametrize("path", [CALCULATE, "/aanvraag"])
def test_who_hangs_up_in_the_middle_of_a_message_broke_off_and_nothing_went_wrong(told: io.StringIO, path: str) -> None:
    app, sent = create_app(BOOK, examples=None), list[Message]()
    told.truncate(told.seek(0))  # the first description of a process tells that this law has no examples
    received: Iterator[Message] = iter([{"type": "http.request", "body": b'{"aan', "more_body": True}, {"type": "http.disconnect"}])
    kind = "application/json" if path == CALCULATE else "application/x-www-form-urlencoded"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", kind.encode()), (b"content-length", b"500")],
    }

    async def receive() -> Message:
        return next(received)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    above = [line for line in lines(told) if line["niveau"] != "debug"]
    assert [(line["resultaat"], line["niveau"], line["status"]) for line in above] == [("afgebroken", "info", 0)]
    assert sent == []


def test_who_does_not_sign_in_is_unknown(client: TestClient, told: io.StringIO) -> None:
    client.get("/v1/regelingen", headers={"X-Api-Key": "ts_zomaar"})
    (line,) = actions(told, "lijstRegelingen")
    assert (line["actor"], line["status"]) == ("onbekend", 401)


def test_a_probe_that_succeeds_is_told_only_at_the_finest_level(client: TestClient, told: io.StringIO) -> None:
    client.get("/v1/gezondheid/live")
    assert [line["niveau"] for line in lines(told) if "status" in line] == ["debug"]


def test_a_look_whether_the_store_is_ready_tells_nothing_of_its_own(store: Store, told: io.StringIO) -> None:
    store.ready()
    assert lines(told) == []


def test_who_asks_for_the_description_is_told_as_such(client: TestClient, told: io.StringIO) -> None:
    client.get("/v1/openapi.json")
    (line,) = actions(told, "haalOpenapi")
    assert (line["object"], line["resultaat"]) == ("/v1/openapi.json", "gelukt")


def test_nothing_that_a_caller_wrote_stands_in_the_log(client: TestClient, told: io.StringIO) -> None:
    written = f"geheim {BSN}"
    client.post(CALCULATE, json=claim({"plaats": written, BSN: written, "a": True}), headers={"X-Zaak": written})
    client.post(CALCULATE, content=written.encode(), headers={"content-type": "application/json"})
    client.get(f"/v1/regelingen/{BSN}", params={"bsn": BSN})
    client.get(f"/v1/{BSN}/geheim")
    text = told.getvalue()
    assert "geheim" not in text
    assert BSN not in text
    assert logs.MASK not in text, "the mask is a last defence: nothing should need it"


def test_an_error_that_nobody_foresaw_tells_its_kind_and_place_and_no_value(told: io.StringIO) -> None:
    written = f"geheim {BSN}"
    client = TestClient(create_app(BOOK, Opinion(ValueError(written)), examples=None), raise_server_exceptions=False)
    client.post(CALCULATE, json=claim())
    text = told.getvalue()
    assert "ValueError" in text
    assert "geheim" not in text
    assert actions(told, "berekenBeoordeling")[0]["resultaat"] == "mislukt"


def test_an_exception_of_a_library_is_told_without_its_message(told: io.StringIO) -> None:
    written = "van de zaak"
    try:
        raise ValueError(written)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("mis")
    (line,) = lines(told)
    assert (line["fout"], line["bericht"], line["logger"]) == ("ValueError", "mis", "uvicorn.error")
    assert "test_logs.py" in line["plaats"]
    assert "raise ValueError(written)" in line["plaats"]
    assert f": {written}" not in told.getvalue()


def test_the_log_of_addresses_of_the_server_is_off(told: io.StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /v1/%s", BSN)
    assert told.getvalue() == ""


@pytest.mark.parametrize("text", [BSN, f"bsn {BSN}.", f"bsn{BSN}", f"x_{BSN}_y", f'{{"bsn": {BSN}}}'])
def test_a_number_that_passes_the_elfproef_is_masked_wherever_it_stands(text: str, told: io.StringIO) -> None:
    logging.getLogger("zomaar").error("%s", text)
    logs.action("proef", text, "gelukt", diep={"a": [text, int(BSN)], text: 1})
    assert BSN not in told.getvalue()
    assert logs.MASK in told.getvalue()


@pytest.mark.parametrize("text", ["123456789", "000000000", f"1{BSN}", "20260715", "0" * 7 + BSN, f"a{BSN}b12345f"])
def test_what_cannot_be_a_bsn_stays(text: str) -> None:
    assert logs.masked(text) == text


def test_lines_can_be_text_for_a_person(told: io.StringIO) -> None:
    logs.configure("info", "tekst", told)
    logs.action("proef", "ding", "gelukt", bsn=BSN)
    assert "actie=proef" in told.getvalue()
    assert BSN not in told.getvalue()


def test_the_trace_of_the_caller_goes_on_and_the_answer_says_so(client: TestClient, told: io.StringIO) -> None:
    answer = client.get("/v1/regelingen", headers={"traceparent": f"00-{TRACE}-{SPAN}-01"})
    version, trace_id, span_id, flags = answer.headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", TRACE, "01")
    assert span_id != SPAN
    (line,) = actions(told, "lijstRegelingen")
    assert (line["trace_id"], line["parent_id"], line["span_id"]) == (TRACE, SPAN, span_id)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "zomaar",
        f"00-{TRACE}-{SPAN}",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-meer",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
    ],
)
def test_a_trace_that_does_not_follow_the_standard_is_not_taken_over(header: str | None) -> None:
    found = trace_of(header)
    assert (found.trace_id == TRACE, found.parent_id) == (False, None)
    assert trace_of(found.header).trace_id == found.trace_id


def test_a_later_version_of_the_standard_is_read_as_far_as_it_is_known() -> None:
    assert trace_of(f"01-{TRACE}-{SPAN}-03-meer").header.startswith(f"00-{TRACE}-")


def test_the_service_takes_traces_of_what_was_destroyed_away_in_its_own_rhythm_and_says_where_it_cannot(
    told: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.1)
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"), rhythm=Rhythm(after=timedelta(seconds=0.05)))
    log = tmp_path / "opslag.sqlite-wal"
    with contextlib.closing(sqlite3.connect(tmp_path / "opslag.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM payloads").fetchall()
        store.erase(store.append(assessment("zaak-geheim")).id, ground=Ground.REQUEST, by="a", reason="b")
        with TestClient(create_app(BOOK, examples=None, archive=Archive(store))):
            eventually(lambda: bool(actions(told, "sporen overschrijven")))
            line = actions(told, "sporen overschrijven")[0]
            assert (line["object"], line["resultaat"]) == ("opslag", "mislukt")
            assert b"zaak-geheim" in log.read_bytes()
            reader.execute("COMMIT")
            eventually(lambda: b"zaak-geheim" not in log.read_bytes())
    store.close()
