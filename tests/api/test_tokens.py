# SPDX-License-Identifier: EUPL-1.2
"""Tokens of the ZGW kind and of an issuer: which are taken, and what happens when the issuer does not answer."""

from __future__ import annotations

import http.client
import io
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError

import jwt
import pytest

from api.auth.gate import Gate
from api.auth.issuer import Ring
from api.auth.keys import KeyFile
from api.auth.limits import Limits
from api.auth.principal import Role
from api.auth.tokens import Oidc, Tokens
from tests.api.signing_in import CLIENTS, CURVE, OTHER, RSA, SECRET, access, service, zgw
from tests.helpers import claim


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

    def __init__(self, oidc: Oidc, monkeypatch: pytest.MonkeyPatch, limits: Limits | None = None) -> None:
        self.ring: list[dict[str, Any]] | None = json.loads(Path(oidc.jwks).read_text())["keys"]
        self.asked, self.now, self.on, self.heard = 0, 0.0, threading.Event(), threading.Event()
        self.on.set()
        monkeypatch.setattr("urllib.request.OpenerDirector.open", self.answer)
        tokens = Tokens(CLIENTS, oidc.model_copy(update={"jwks": "https://login.example/jwks"}))
        tokens._keys = Ring("https://login.example/jwks", lambda: self.now)
        self.client = service(Gate(tokens=tokens, limits=limits or Limits()))

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


def test_many_forged_tokens_for_which_the_issuer_is_asked_hold_up_no_token_whose_key_is_known(issuer: Issuer) -> None:
    with issuer.client as client, ThreadPoolExecutor(20) as pool:
        assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {access()}"}).status_code == 200
        issuer.now += 601.0  # what we have has grown old
        issuer.on.clear()
        issuer.heard.clear()
        tokens = [access(kid=f"onbekend-{number}") for number in range(20)]
        waits = [pool.submit(client.get, "/v1/regelingen", headers={"Authorization": f"Bearer {token}"}) for token in tokens]
        assert issuer.heard.wait(30)
        known = client.get("/v1/regelingen", headers={"Authorization": f"Bearer {access()}"})
        assert (known.status_code, any(one.done() for one in waits)) == (200, False)
        issuer.on.set()
        assert {one.result(30).status_code for one in waits} == {401}


def test_who_keeps_coming_with_tokens_that_nobody_can_check_is_slowed_down(oidc: Oidc, monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer(oidc, monkeypatch, Limits(1, 2))
    issuer.ring = None
    assert [issuer.take(access(kid=f"k{number}")) for number in range(4)] == [503, 503, 429, 429]


def test_an_issuer_that_names_no_key_any_more_withdrew_them_all(issuer: Issuer) -> None:
    assert issuer.take(access()) == 200
    issuer.ring, issuer.now = [], 601.0
    assert issuer.take(access()) == 401


def test_a_file_of_public_keys_that_is_taken_away_takes_the_keys_back(oidc: Oidc) -> None:
    client = service(Gate(tokens=Tokens(CLIENTS, oidc)))
    headers = {"Authorization": f"Bearer {access()}"}
    assert client.get("/v1/regelingen", headers=headers).status_code == 200
    whole = Path(oidc.jwks).read_text()
    Path(oidc.jwks).write_text(whole[:40])
    assert client.get("/v1/regelingen", headers=headers).status_code == 200  # half of it is written
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
