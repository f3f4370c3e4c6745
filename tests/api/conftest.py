# SPDX-License-Identifier: EUPL-1.2
"""The service over the law that ships with the project, and over the tiny law."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from sqlalchemy import URL
from starlette.testclient import TestClient

from api.app import create_app
from api.auth.keys import KeyFile
from api.auth.tokens import Oidc
from api.stored.archive import Archive
from engine.rulebook import load_files
from store.store import Store
from tests.api.signing_in import CURVE, RSA
from tests.helpers import law as tiny_law
from tests.law import RULES, law
from tests.store.conftest import opened
from tests.store.databases import fresh

TINY = """
- id: wet.1
  bron: art. 1
  bepaalt: uit
  rol: voorwaarde
  als: a of b
"""


LADDER = """
- weigeren: blokkerende_grond
- gereed: anders
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[URL]:
    """The address of an empty database: every test that asks for it runs over both."""
    yield from fresh(request.param, tmp_path)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store that the tests of one module share; its clock stands still."""
    address = URL.create("sqlite", database=str(tmp_path_factory.mktemp("opslag") / "opslag.sqlite"))
    found = opened(address, now=lambda: datetime(2026, 9, 5, 12, 0, tzinfo=UTC))
    yield found
    found.close()


@pytest.fixture(scope="module")
def keeping(store: Store) -> TestClient:
    """A client of the service over ``rules/`` that keeps what it assesses."""
    return TestClient(create_app(law(), rules_root=RULES, archive=Archive(store)), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def client() -> TestClient:
    """A client of the service over ``rules/``; an error of the service is an answer, as it is for a caller."""
    return TestClient(create_app(law(), rules_root=RULES), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def tiny() -> TestClient:
    """A client of the service over the tiny law."""
    return TestClient(create_app(load_files(tiny_law(TINY, ladder=LADDER)), examples=None), raise_server_exceptions=False)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    """A file of API keys that is not there yet."""
    return KeyFile(tmp_path / "sleutels.json")


@pytest.fixture
def oidc(tmp_path: Path) -> Oidc:
    """An issuer whose public keys stand in a file: ``r`` of RSA, ``e`` of a curve."""
    ring = []
    for name, private, algorithm in (("r", RSA, "PS256"), ("e", CURVE, "ES256")):
        maker: Any = jwt.algorithms.RSAAlgorithm if name == "r" else jwt.algorithms.ECAlgorithm
        ring.append({**json.loads(maker.to_jwk(private.public_key())), "kid": name, "alg": algorithm, "use": "sig"})
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": ring}))
    return Oidc(issuer="https://login.example", audience="toetssteen", jwks=str(tmp_path / "jwks.json"))
