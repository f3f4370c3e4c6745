# SPDX-License-Identifier: EUPL-1.2
"""Who signs in, and with what: API keys, tokens of the ZGW kind, access tokens of an issuer."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.testclient import TestClient

from api.app import create_app
from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import Role
from api.auth.tokens import ZgwClient
from engine.rulebook import load_files
from tests.helpers import law

BOOK = load_files(law("- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}", ladder="- gereed: anders"))
SECRET = "x" * 64
TODAY = date(2026, 7, 15)


def service(gate: Gate, **more: Any) -> TestClient:
    """A client of a service over the tiny law behind this gate."""
    return TestClient(create_app(BOOK, examples=None, gate=gate, **more), raise_server_exceptions=False)


def key(keys: KeyFile, *roles: Role, municipality: str = "GM0000") -> dict[str, str]:
    """The header with a new key of these roles."""
    return {"X-Api-Key": keys.make("zaaksysteem", [municipality], roles, date.today())}


CLIENTS = {"zaak": ZgwClient.model_validate({"secret": SECRET, "gemeenten": ["GM0000"], "rollen": ["beoordelen"]})}
RSA, OTHER, CURVE = (rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1()))


def zgw(secret: str = SECRET, algorithm: str = "HS256", kid: str | None = None, **claims: Any) -> str:
    """A token of the ZGW kind, signed just now with the secret of the client ``zaak``."""
    headers = {"kid": kid} if kid is not None else None
    return jwt.encode({"iss": "zaak", "client_id": "zaak", "iat": int(time.time()), **claims}, secret, algorithm=algorithm, headers=headers)


def access(private: Any = RSA, algorithm: str = "PS256", kid: str = "r", **claims: Any) -> str:
    """An access token of the issuer, of a person who may assess for GM0000, for five minutes."""
    now = datetime.now(UTC)
    found = {"iss": "https://login.example", "aud": "toetssteen", "sub": "u1", "exp": now + timedelta(minutes=5), "roles": ["beoordelen"]}
    return jwt.encode({**found, "gemeenten": ["GM0000"], **claims}, private, algorithm=algorithm, headers={"kid": kid})
