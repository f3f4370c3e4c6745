# SPDX-License-Identifier: EUPL-1.2
"""Who may call what: every route with every role, tokens that are not taken, and nothing told to who does not sign in."""

from __future__ import annotations

import errno
import http.client
import io
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import Depends, FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient

from api.app import app_over, create_app
from api.auth.gate import Gate
from api.auth.issuer import Ring
from api.auth.keys import KeyFile, KeyFileError
from api.auth.limits import Limits
from api.auth.principal import ACCESS, OPEN, Role
from api.auth.settings import AuthSettings
from api.auth.tokens import Oidc, Tokens, ZgwClient
from api.config import LOOPBACK, Settings, SettingsError, load
from api.context import Context, Current
from api.openapi import VERSION
from cli.service import app_by
from engine.rulebook import load_files
from tests.helpers import claim, law

BOOK = load_files(law("- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}", ladder="- gereed: anders"))
SECRET = "x" * 64
TODAY = date(2026, 7, 15)


def service(gate: Gate, **more: Any) -> TestClient:
    return TestClient(create_app(BOOK, examples=None, gate=gate, **more), raise_server_exceptions=False)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "sleutels.json")


def key(keys: KeyFile, *roles: Role, municipality: str = "GM0000") -> dict[str, str]:
    return {"X-Api-Key": keys.make("zaaksysteem", [municipality], roles, date.today())}


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


# --- tokens ----------------------------------------------------------------------------------------------------------

CLIENTS = {"zaak": ZgwClient.model_validate({"secret": SECRET, "gemeenten": ["GM0000"], "rollen": ["beoordelen"]})}
RSA, OTHER, CURVE = (rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1()))


def zgw(secret: str = SECRET, algorithm: str = "HS256", kid: str | None = None, **claims: Any) -> str:
    headers = {"kid": kid} if kid is not None else None
    return jwt.encode({"iss": "zaak", "client_id": "zaak", "iat": int(time.time()), **claims}, secret, algorithm=algorithm, headers=headers)


@pytest.mark.parametrize(
    ("make", "taken"),
    [
        (zgw, True),
        (lambda: zgw(user_id="m.jansen", user_representation="M. Jansen"), True),
        (lambda: zgw(iat=int(time.time()) - 20), True),
        (lambda: zgw(iat=int(time.time()) + 20), True),
        (lambda: zgw(iat=int(time.time()) + 120), False),
        (lambda: zgw(iat=int(time.time()) - 7200), False),
        (lambda: zgw(iat=10**400), False),
        (lambda: zgw(user_id="J \ud800"), True),
        (lambda: zgw("y" * 64), False),
        (lambda: zgw(client_id="ander"), False),
        (lambda: zgw(algorithm="HS512"), False),
        (lambda: jwt.encode({"client_id": "zaak", "iat": int(time.time())}, "", algorithm="none"), False),
        (lambda: jwt.encode({"client_id": "zaak"}, SECRET, algorithm="HS256"), False),
        (lambda: "a.b.c", False),
        (lambda: "", False),
        (lambda: "x" * 9000, False),
    ],
)
def test_a_zgw_token_is_taken_when_it_is_signed_fresh_and_of_a_known_client(make: Callable[[], str], taken: bool) -> None:
    answer = service(Gate(tokens=Tokens(CLIENTS))).get("/v1/regelingen", headers={"Authorization": f"Bearer {make()}"})
    assert (answer.status_code == 200) is taken


@pytest.fixture
def oidc(tmp_path: Path) -> Oidc:
    ring = []
    for name, private, algorithm in (("r", RSA, "PS256"), ("e", CURVE, "ES256")):
        maker: Any = jwt.algorithms.RSAAlgorithm if name == "r" else jwt.algorithms.ECAlgorithm
        ring.append({**json.loads(maker.to_jwk(private.public_key())), "kid": name, "alg": algorithm, "use": "sig"})
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": ring}))
    return Oidc(issuer="https://login.example", audience="toetssteen", jwks=str(tmp_path / "jwks.json"))


def access(private: Any = RSA, algorithm: str = "PS256", kid: str = "r", **claims: Any) -> str:
    now = datetime.now(UTC)
    found = {"iss": "https://login.example", "aud": "toetssteen", "sub": "u1", "exp": now + timedelta(minutes=5), "roles": ["beoordelen"]}
    return jwt.encode({**found, "gemeenten": ["GM0000"], **claims}, private, algorithm=algorithm, headers={"kid": kid})


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (access, 200),
        (lambda: access(CURVE, "ES256", "e"), 200),
        (lambda: access(OTHER), 401),
        (lambda: access(aud="ander"), 401),
        (lambda: access(iss="https://kwaad.example"), 401),
        (lambda: access(exp=datetime.now(UTC) - timedelta(minutes=5)), 401),
        (lambda: access(kid="onbekend"), 401),
        (lambda: access(RSA, "RS512"), 401),
        (lambda: access(roles=[]), 403),
        (lambda: access(roles=["beheerder"]), 403),
    ],
)
def test_an_access_token_is_taken_of_the_right_issuer_for_us_with_a_known_role(oidc: Oidc, make: Any, status: int) -> None:
    client = service(Gate(tokens=Tokens(CLIENTS, oidc)))
    assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {make()}"}).status_code == status


class Issuer:
    """An issuer at an address: what it answers (None: it is away), how often it was asked, and what time it is."""

    def __init__(self, oidc: Oidc, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ring: list[dict[str, Any]] | None = json.loads(Path(oidc.jwks).read_text())["keys"]
        self.asked, self.now, self.on, self.heard = 0, 0.0, threading.Event(), threading.Event()
        self.on.set()
        monkeypatch.setattr("urllib.request.OpenerDirector.open", self.answer)
        tokens = Tokens(CLIENTS, oidc.model_copy(update={"jwks": "https://login.example/jwks"}))
        tokens._keys = Ring("https://login.example/jwks", lambda: self.now)
        self.client = service(Gate(tokens=tokens))

    def answer(self, request: Any, **options: Any) -> io.BytesIO:
        self.asked += 1
        self.heard.set()
        assert self.on.wait(30)
        if self.ring is None:
            raise URLError("weg")
        return io.BytesIO(json.dumps({"keys": self.ring}).encode())

    def take(self, token: str) -> int:
        return self.client.get("/v1/regelingen", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture
def issuer(oidc: Oidc, monkeypatch: pytest.MonkeyPatch) -> Issuer:
    return Issuer(oidc, monkeypatch)


def test_an_issuer_that_does_not_answer_is_no_mistake_of_the_caller_and_asked_once_in_a_while(issuer: Issuer) -> None:
    ring, issuer.ring = issuer.ring, None
    answers = [issuer.client.get("/v1/regelingen", headers={"Authorization": f"Bearer {access()}"}) for _ in range(3)]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "30")] * 3
    assert answers[0].json()["type"] == "urn:toetssteen:probleem:aanmelden-onbereikbaar"
    assert issuer.asked == 1
    issuer.ring, issuer.now = ring, 30.0
    assert issuer.take(access()) == 200


def test_the_keys_that_an_issuer_last_named_count_for_an_hour_where_it_answers_no_more(issuer: Issuer) -> None:
    assert issuer.take(access()) == 200
    issuer.ring, issuer.now = None, 601.0
    assert issuer.take(access()) == 200
    assert issuer.take(access(kid="nieuw")) == 503  # it may be a new key
    issuer.now = 3_601.0
    assert issuer.take(access()) == 503


def test_a_key_that_the_issuer_withdrew_counts_no_more(issuer: Issuer) -> None:
    assert issuer.take(access()) == 200
    issuer.ring = [key for key in issuer.ring or () if key["kid"] != "r"]
    issuer.now = 601.0
    assert issuer.take(access()) == 401


def test_tokens_with_keys_that_nobody_has_do_not_ask_the_issuer_each_time(issuer: Issuer) -> None:
    assert issuer.take(access()) == 200
    assert [issuer.take(access(kid=f"k{number}")) for number in range(5)] == [401] * 5
    assert issuer.asked == 1
    issuer.now = 31.0
    assert [issuer.take(access(kid=f"k{number}")) for number in range(5)] == [401] * 5
    assert issuer.asked == 2


def test_who_waits_for_an_issuer_holds_up_nobody_else(issuer: Issuer) -> None:
    issuer.on.clear()
    with issuer.client as client, ThreadPoolExecutor(1) as pool:
        waits = pool.submit(client.get, "/v1/regelingen", headers={"Authorization": f"Bearer {access()}"})
        assert issuer.heard.wait(30)
        for token in (zgw(), zgw(SECRET, kid="x")):
            assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert not waits.done()
        issuer.on.set()
        assert waits.result(30).status_code == 200


def test_a_forged_token_for_which_the_issuer_is_asked_holds_up_no_token_whose_key_is_known(issuer: Issuer) -> None:
    with issuer.client as client, ThreadPoolExecutor(1) as pool:
        assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {access()}"}).status_code == 200
        for later, kid in ((31.0, "onbekend"), (700.0, "r")):  # a forged one, and one by which what we have has grown old
            issuer.now += later
            issuer.on.clear()
            issuer.heard.clear()
            waits = pool.submit(client.get, "/v1/regelingen", headers={"Authorization": f"Bearer {access(kid=kid)}"})
            assert issuer.heard.wait(30)
            assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {access()}"}).status_code == 200
            assert not waits.done()
            issuer.on.set()
            assert waits.result(30).status_code == (401 if kid == "onbekend" else 200)


def test_an_issuer_that_names_no_key_any_more_withdrew_them_all(issuer: Issuer) -> None:
    assert issuer.take(access()) == 200
    issuer.ring, issuer.now = [], 601.0
    assert issuer.take(access()) == 401


def test_a_file_of_public_keys_that_is_taken_away_takes_the_keys_back(oidc: Oidc) -> None:
    client = service(Gate(tokens=Tokens(CLIENTS, oidc)))
    headers = {"Authorization": f"Bearer {access()}"}
    assert client.get("/v1/regelingen", headers=headers).status_code == 200
    Path(oidc.jwks).unlink()
    assert client.get("/v1/regelingen", headers=headers).status_code == 401


@pytest.mark.parametrize("error", [http.client.IncompleteRead(b""), http.client.BadStatusLine("x"), TimeoutError(), ValueError("x")])
def test_an_issuer_that_breaks_off_is_one_that_does_not_answer(issuer: Issuer, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks_off(*_: Any, **__: Any) -> Any:
        issuer.asked += 1
        raise error

    monkeypatch.setattr("urllib.request.OpenerDirector.open", breaks_off)
    assert [issuer.take(access()) for _ in range(2)] == [503, 503]
    assert issuer.asked == 1


def test_a_key_without_an_algorithm_checks_a_token_of_any_that_fits_it_and_one_with_an_algorithm_no_other(issuer: Issuer) -> None:
    assert issuer.ring is not None
    assert issuer.take(access(algorithm="RS256")) == 401  # the key is for PS256
    issuer.ring = [{name: value for name, value in key.items() if name != "alg"} for key in issuer.ring]
    issuer.now = 601.0
    assert [issuer.take(access(algorithm=algorithm)) for algorithm in ("PS256", "RS256")] == [200, 200]
    assert issuer.take(access(CURVE, "ES256", "r")) == 401  # a key of another kind


def test_a_token_that_a_system_got_for_itself_names_no_person(oidc: Oidc) -> None:
    tokens, now = Tokens(CLIENTS, oidc), datetime.now(UTC)
    assert tokens.principal(access(sub="zaak", azp="zaak"), now).actor is None
    assert tokens.principal(access(sub="zaak", client_id="zaak"), now).actor is None
    assert tokens.principal(access(sub="u1", azp="zaak"), now).actor == "u1"
    assert tokens.principal(access(sub="u1", azp="zaak", name="M. Jansen"), now).actor == "M. Jansen"
    assert tokens.principal(access(sub="zaak", azp="zaak"), now).client == "oidc:zaak"


def test_a_public_key_is_never_taken_for_a_secret(oidc: Oidc) -> None:
    ring = Path(oidc.jwks).read_text()
    token = zgw(ring[:64].ljust(64, "x"), client_id="zaak")
    answer = service(Gate(tokens=Tokens(CLIENTS, oidc))).get("/v1/regelingen", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_no_key_or_token_stands_in_a_log_or_an_answer(keys: KeyFile, caplog: pytest.LogCaptureFixture) -> None:
    made = keys.make("a", ["GM0001"], [Role.CONSULT], date.today())
    token = zgw()
    client = service(Gate(keys, Tokens(CLIENTS)))
    with caplog.at_level(logging.DEBUG):
        answers = [
            client.post("/v1/beoordelingen/_bereken", json=claim() | {"gemeente": "GM0000"}, headers={"X-Api-Key": made}),
            client.get("/v1/bestaat-niet", headers={"Authorization": f"Bearer {token}"}),
            client.post("/v1/beoordelingen/_bereken", content=b"{", headers={"Authorization": f"Bearer {token}x"}),
        ]
    told = caplog.text + "".join(answer.text + str(answer.headers) for answer in answers)
    assert made not in told
    assert token not in told


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


# --- settings --------------------------------------------------------------------------------------------------------


def test_nothing_set_means_that_nobody_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOETSSTEEN_AANMELDEN_SLEUTELS", raising=False)
    assert not AuthSettings().configured


def test_the_settings_make_the_gate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: KeyFile) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(json.dumps({"zaak": {"secret": SECRET, "gemeenten": ["GM0000"], "rollen": ["beoordelen"]}}))
    clients.chmod(0o600)
    made = key(keys, Role.CONSULT)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(keys.path))
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    client = service(AuthSettings().gate())
    assert client.get("/v1/regelingen", headers=made).status_code == 200
    assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {zgw()}"}).status_code == 200
    clients.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        AuthSettings().gate()


@pytest.mark.parametrize("text", ["{}", "[" * 100_000])
def test_a_file_that_names_no_client_is_refused_at_the_start_and_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(text)
    clients.chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    with pytest.raises(ValueError, match=r"AANMELDEN_ZGW: .*zgw\.json"):
        AuthSettings().gate()
    assert Gate(tokens=Tokens({})).signs_in


def test_an_issuer_without_its_keys_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    with pytest.raises(ValueError, match="OIDC_JWKS"):
        AuthSettings().gate()


def test_keys_without_their_issuer_are_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, oidc: Oidc) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", oidc.jwks)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "")
    with pytest.raises(ValueError, match="OIDC_ISSUER ontbreekt"):
        AuthSettings().gate()


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "No such file"), ("{", "geen JSON"), ('{"keys": []}', "geen openbare sleutel"), ("[]", "geen verzameling openbare sleutels")],
)
def test_a_file_of_public_keys_that_holds_none_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "jwks.json").write_text(text)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", str(tmp_path / "jwks.json"))
    with pytest.raises(ValueError, match=f"OIDC_JWKS: .*{said}"):
        AuthSettings().gate()


def test_an_address_of_public_keys_that_is_no_web_address_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", "file:///etc/jwks.json")
    with pytest.raises(ValueError, match="https://"):
        AuthSettings().gate()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": {"secret": "%s", "gemeenten": ["gm0344"], "rollen": ["beoordelen"]}}', "a.gemeenten"),
        ('{"a": {"secret": "%s", "gemeenten": [], "rollen": ["beoordelen"]}}', "a.gemeenten"),
        ('{"a": {}, "a": {"secret": "%s", "gemeenten": ["GM0344"], "rollen": ["beoordelen"]}}', "`a` staat er twee keer"),
    ],
)
def test_a_file_of_clients_with_a_mistake_is_refused_at_the_start_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(text % SECRET)
    clients.chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    with pytest.raises(SettingsError) as caught:
        load({})
    (line,) = caught.value.lines
    assert "TOETSSTEEN_AANMELDEN_ZGW" in line
    assert said in line
    assert SECRET not in line


def test_a_file_of_keys_that_is_not_there_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(tmp_path / "sluetels.json"))
    with pytest.raises(SettingsError, match=r"sluetels\.json is er niet"):
        load({})


def test_a_setting_that_is_left_empty_is_one_that_was_not_given(monkeypatch: pytest.MonkeyPatch, keys: KeyFile) -> None:
    key(keys, Role.CONSULT)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(keys.path))
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_PER_SECONDE", "")
    _, auth = load({})
    assert auth.per_seconde is None


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


def test_a_service_in_which_callers_sign_in_does_not_start_where_none_of_them_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "uit")
    with pytest.raises(SettingsError, match="Niemand kan zich aanmelden"):
        app_by(Settings(), AuthSettings())
