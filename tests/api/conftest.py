# SPDX-License-Identifier: EUPL-1.2
"""The service over the law that ships with the project, and over the tiny law."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.rulebook import load_files
from tests.helpers import law as tiny_law
from tests.law import RULES, law

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


@pytest.fixture(scope="session")
def client() -> TestClient:
    """A client of the service over ``rules/``; an error of the service is an answer, as it is for a caller."""
    return TestClient(create_app(law(), rules_root=RULES), raise_server_exceptions=False)


@pytest.fixture(scope="session")
def tiny() -> TestClient:
    """A client of the service over the tiny law."""
    return TestClient(create_app(load_files(tiny_law(TINY, ladder=LADDER)), examples=None), raise_server_exceptions=False)
