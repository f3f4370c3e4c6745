# SPDX-License-Identifier: EUPL-1.2
"""Who may call what: every route with every role, keys that are not taken, limits, and nothing told to who does not sign in."""

from __future__ import annotations

import errno
import logging
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.app import app_over
from api.auth.gate import Gate
from api.auth.keys import KeyFile, KeyFileError
from api.auth.limits import Limits
from api.auth.principal import ACCESS, OPEN, Role
from api.config import LOOPBACK, load
from api.context import Context, Current
from api.openapi import VERSION
from cli.service import app_by
from tests.api.signing_in import BOOK, TODAY, key, service
from tests.helpers import claim


def api_of(client: TestClient) -> FastAPI:
    (mount,) = [route for route in client.app.routes if isinstance(route, Mount)]  # type: ignore[attr-defined]
    assert isinstance(mount.app, FastAPI)
    return mount.app


def routes(client: TestClient) -> list[tuple[str, str]]:
    """Every operation of the API, as its description lists them."""
    paths = client.get("/v1/openapi.json").json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods] + [("GET", "/openapi.json")]


def call(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    """The status of a bare call; what is not 401, 403 or 429 went through the gate."""
    return client.request(method, address(path), headers=headers).status_code


def address(path: str) -> str:
    """An address of a route; what it names is not there."""
    number = str(uuid.UUID(int=0)) if path.startswith("/beoordelingen") else "id"
    return "/v1" + path.replace("{id}", number).replace("{", "").replace("}", "")


def test_every_route_says_who_may_use_it_and_the_table_has_no_other(keys: KeyFile) -> None:
    client = service(Gate(keys))
    assert set(routes(client)) == set(ACCESS)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_lets_the_roles_in_that_it_names_and_nobody_else(keys: KeyFile, role: Role) -> None:
    client = service(Gate(keys))
    headers = key(keys, role)
    for method, path in routes(client):
        wanted = ACCESS[method, path]
        status = call(client, method, path, headers)
        assert (status == 403) == (wanted != OPEN and role not in wanted), (method, path, status)


def test_without_a_key_every_route_but_the_open_ones_is_401_and_says_how_to_sign_in(keys: KeyFile) -> None:
    client = service(Gate(keys))
    for method, path in routes(client):
        answer = client.request(method, address(path))
        assert (answer.status_code == 401) == (ACCESS[method, path] != OPEN), (method, path)
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"]
            assert answer.headers["content-type"] == "application/problem+json"


def test_a_route_that_nobody_was_given_is_refused_to_everybody(keys: KeyFile) -> None:
    client = service(Gate(keys))
    api = api_of(client)
    api.add_api_route("/nieuw", lambda: "geheim", dependencies=[Depends(Gate(keys))])
    assert client.get("/v1/nieuw", headers=key(keys, *Role)).status_code == 403


@pytest.mark.parametrize(("municipality", "status"), [("GM0000", 200), ("GM0001", 403), (None, 200)])
def test_a_client_sees_its_own_municipality_and_nothing_else(keys: KeyFile, municipality: str | None, status: int) -> None:
    body = claim({"a": True}) | ({"gemeente": municipality} if municipality else {})
    answer = service(Gate(keys)).post("/v1/beoordelingen/_bereken", json=body, headers=key(keys, Role.ASSESS))
    assert answer.status_code == status
    assert "uitkomst" in answer.json() or answer.json()["status"] == 403


def test_where_callers_sign_in_there_is_no_form() -> None:
    assert service(Gate(KeyFile(Path("geen.json")))).get("/").status_code == 404
    assert service(Gate()).get("/").status_code == 200


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_revoked_or_expired_key_stops_at_once(keys: KeyFile) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY, TODAY + timedelta(days=1))
    assert keys.principal(made, TODAY) is not None
    assert keys.principal(made, TODAY + timedelta(days=2)) is None
    assert keys.revoke(made.split("_")[1], TODAY)
    assert KeyFile(keys.path).principal(made, TODAY) is None
    assert keys.principal(made, TODAY) is None


def test_a_revoked_key_never_works_whatever_the_day_by_which_it_was_revoked(keys: KeyFile) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    assert keys.revoke(made.split("_")[1], TODAY + timedelta(days=1))  # by a clock on which it is tomorrow already
    assert keys.principal(made, TODAY) is None


@pytest.mark.parametrize("change", [lambda k: k[:-1] + ("a" if k[-1] != "a" else "b"), lambda k: "", lambda k: k + " ", lambda k: "ts_x_y"])
def test_a_key_that_is_not_exactly_right_is_no_key(keys: KeyFile, change: Any) -> None:
    assert keys.principal(change(keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)), TODAY) is None


def test_who_makes_and_who_revokes_keys_at_once_lose_nothing_of_each_other(keys: KeyFile) -> None:
    old = [keys.make(f"oud {number}", ["GM0000"], [Role.ASSESS], TODAY).split("_")[1] for number in range(20)]

    def make(number: int) -> None:
        KeyFile(keys.path).make(f"nieuw {number}", ["GM0000"], [Role.ASSESS], TODAY)

    with ThreadPoolExecutor(4) as pool:
        done: list[Future[Any]] = [pool.submit(make, number) for number in range(20)]
        done += [pool.submit(KeyFile(keys.path).revoke, number, TODAY) for number in old]
    assert [one.exception() for one in done] == [None] * 40
    found = KeyFile(keys.path).keys()
    assert len(found) == 40
    assert {number for number, key in found.items() if key.revoked is not None} == set(old)


def test_a_file_of_keys_that_is_changed_stays_the_link_and_keeps_the_rights_that_it_has(keys: KeyFile, tmp_path: Path) -> None:
    keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    link = tmp_path / "koppeling.json"
    link.symlink_to(keys.path)
    keys.path.chmod(0o400)
    KeyFile(link).make("b", ["GM0000"], [Role.ASSESS], TODAY)
    assert link.is_symlink()
    assert keys.path.stat().st_mode & 0o777 == 0o400
    assert len(KeyFile(keys.path).keys()) == 2


def test_the_file_of_keys_holds_no_key_and_only_its_owner_reads_it(keys: KeyFile) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    assert made.split("_", 2)[2] not in keys.path.read_text()
    assert keys.path.stat().st_mode & 0o077 == 0
    keys.path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        KeyFile(keys.path).keys()


def test_the_number_of_a_key_never_reads_as_a_bsn_that_the_log_would_blot_out(keys: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["a123456782bc", "0a1b2c3d4e5f"])
    monkeypatch.setattr("api.auth.keys.secrets.token_hex", lambda _: next(drawn))
    assert keys.make("zaaksysteem", ["GM0000"], [Role.CONSULT], date.today()).startswith("ts_0a1b2c3d4e5f_")


def test_a_key_in_the_address_is_refused_and_not_taken(keys: KeyFile) -> None:
    made = keys.make("a", ["GM0000"], list(Role), date.today())
    answer = service(Gate(keys)).get(f"/v1/regelingen?api_key={made}")
    assert answer.status_code == 400
    assert made not in answer.text


def test_a_file_of_keys_that_cannot_be_read_any_more_leaves_the_keys_as_they_were(keys: KeyFile, caplog: pytest.LogCaptureFixture) -> None:
    made = key(keys, Role.CONSULT)
    client = service(Gate(keys))
    assert client.get("/v1/regelingen", headers=made).status_code == 200
    whole = keys.path.read_text()
    keys.path.write_text(whole[:40])
    with caplog.at_level(logging.ERROR):
        assert [client.get("/v1/regelingen", headers=made).status_code for _ in range(2)] == [200, 200]
    assert caplog.text.count("'actie': 'sleutels lezen'") == 1
    keys.path.write_text(whole)
    assert client.get("/v1/regelingen", headers=made).status_code == 200
    keys.path.write_text(whole[:40])
    refused = service(Gate(KeyFile(keys.path))).get("/v1/regelingen", headers=made)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")


def test_a_key_that_was_revoked_while_the_file_could_not_be_read_stops_as_soon_as_it_can(
    keys: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    running = KeyFile(keys.path)
    assert running.principal(made, TODAY) is not None
    keys.revoke(made.split("_")[1], TODAY)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", fails)
        assert running.principal(made, TODAY) is not None
    assert running.principal(made, TODAY) is None


def test_a_folder_of_keys_that_cannot_be_reached_is_told_each_time_that_it_happens(
    keys: KeyFile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    for times in (1, 2):
        assert keys.principal(made, TODAY) is not None
        with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
            patch.setattr(Path, "stat", fails)
            assert [keys.principal(made, TODAY) is not None for _ in range(2)] == [True, True]
        assert caplog.text.count("'actie': 'sleutels lezen'") == times
        keys.path.touch()


def fails(*_: Any, **__: Any) -> Any:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_file_of_keys_that_was_taken_away_does_not_come_back_as_one_that_cannot_be_read(keys: KeyFile) -> None:
    made = keys.make("a", ["GM0000"], [Role.ASSESS], TODAY)
    assert keys.principal(made, TODAY) is not None
    keys.path.unlink()
    assert keys.principal(made, TODAY) is None
    keys.path.write_text('{"sleutels": []}')
    keys.path.chmod(0o644)
    with pytest.raises(KeyFileError):
        keys.principal(made, TODAY)


# --- limits ----------------------------------------------------------------------------------------------------------


def test_who_asks_too_much_is_told_how_long_to_wait_and_another_client_is_not(keys: KeyFile) -> None:
    now = [0.0]
    client = service(Gate(keys, limits=Limits(2.0, 3, lambda: now[0])))
    one, other = key(keys, Role.CONSULT), key(keys, Role.CONSULT)
    assert [client.get("/v1/regelingen", headers=one).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/v1/regelingen", headers=one)
    assert refused.headers["retry-after"] == "1"
    assert client.get("/v1/regelingen", headers=other).status_code == 200
    now[0] += 0.5
    assert client.get("/v1/regelingen", headers=one).status_code == 200


def test_who_keeps_guessing_keys_is_slowed_down(keys: KeyFile) -> None:
    client = service(Gate(keys, limits=Limits(0.1, 2)))
    guesses = [client.get("/v1/regelingen", headers={"X-Api-Key": f"ts_{'0' * 12}_{'a' * 43}"}).status_code for _ in range(3)]
    assert guesses == [401, 401, 429]


def test_buckets_do_not_grow_without_bound() -> None:
    limits = Limits(1.0, 1)
    for number in range(10_500):
        limits.take(str(number))
    assert len(limits._left) <= 10_000


def test_a_full_service_says_so_at_once() -> None:
    answer = service(Gate(), in_flight=0).get("/v1/regelingen")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


def test_only_pages_that_were_named_may_call_from_a_browser() -> None:
    asks = {"Origin": "https://zaak.example", "Access-Control-Request-Method": "POST"}
    open_to = service(Gate(), origins=["https://zaak.example"])
    assert open_to.options("/v1/beoordelingen/_bereken", headers=asks).headers["access-control-allow-origin"] == "https://zaak.example"
    other = open_to.options("/v1/beoordelingen/_bereken", headers={**asks, "Origin": "https://kwaad.example"})
    assert "access-control-allow-origin" not in other.headers
    assert "access-control-allow-origin" not in service(Gate()).options("/v1/beoordelingen/_bereken", headers=asks).headers


@pytest.mark.parametrize(
    "change",
    [{"Origin": "https://kwaad.example"}, {"Access-Control-Request-Method": "DELETE"}, {"Access-Control-Request-Headers": "x-zomaar"}],
)
def test_a_browser_that_may_not_call_is_told_as_a_problem(change: dict[str, str]) -> None:
    asks = {"Origin": "https://zaak.example", "Access-Control-Request-Method": "POST"}
    answer = service(Gate(), origins=["https://zaak.example"]).options("/v1/beoordelingen/_bereken", headers={**asks, **change})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["status"] == 400
    assert "webpagina" in answer.json()["detail"]
    assert answer.headers["access-control-allow-methods"] == "GET, POST"


@pytest.mark.parametrize("origin", ["https://zaak.example", "https://kwaad.example"])
def test_what_a_browser_asks_before_it_calls_is_answered_with_the_headers_of_every_answer(origin: str) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = service(Gate(), origins=["https://zaak.example"]).options("/v1/beoordelingen/_bereken", headers=asks)
    assert (answer.headers["api-version"], answer.headers["x-content-type-options"]) == (VERSION, "nosniff")
    assert "x-request-id" in answer.headers


def test_the_script_of_a_page_may_read_what_it_needs_to_go_on() -> None:
    answer = service(Gate(), origins=["https://zaak.example"]).get("/v1/regelingen", headers={"Origin": "https://zaak.example"})
    readable = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert readable == {"location", "etag", "retry-after", "x-request-id", "api-version", "traceparent"}


def test_whom_to_tell_about_a_leak() -> None:
    answer = service(Gate(KeyFile(Path("geen.json")))).get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert "Contact:" in answer.text
    assert "Expires:" in answer.text


# --- where nobody signs in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8000", 200),
        ("kwaad.example:8000", 421),
        ("127.0.0.1.kwaad.example", 421),
        ("localhost.kwaad.example", 421),
        ("", 421),
    ],
)
def test_where_nobody_signs_in_only_requests_to_this_machine_are_answered(host: str, status: int) -> None:
    app = app_over(Current(Context(BOOK)), examples=None, names=LOOPBACK)
    answer = TestClient(app).get("/v1/regelingen", headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        assert answer.json()["type"] == "urn:toetssteen:probleem:verkeerd-adres"
        assert answer.headers["api-version"]


def test_the_service_that_lets_everybody_in_answers_by_the_names_of_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "uit")
    client = TestClient(app_by(*load({"aanmelden": False})))
    assert client.get("/v1/gezondheid/live", headers={"Host": "kwaad.example"}).status_code == 421
    assert client.get("/v1/gezondheid/live", headers={"Host": "localhost"}).status_code == 200
