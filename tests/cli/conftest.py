# SPDX-License-Identifier: EUPL-1.2
"""A store in a folder of its own, named in the environment as an operator does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.keys import Keys
from store.model import Rhythm
from store.store import Store
from tests.store.drafts import OTHER_TOWN, PERSON, assessment, decision


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the store, named in the environment as an operator does."""
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", f"sqlite:///{tmp_path / 'opslag.sqlite'}")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_SLEUTELS", str(tmp_path / "sleutels.json"))
    return tmp_path


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    """A store in use: two municipalities, a decision, a checkpoint with every four records."""
    found = Store(f"sqlite:///{place / 'opslag.sqlite'}", Keys.make(place / "sleutels.json"), rhythm=Rhythm(every=4))
    found.prepare()
    first = found.append(assessment(subject=PERSON))
    for number in range(2, 7):
        found.append(assessment(f"zaak-{number}"))
    found.append(decision(first.id))
    found.append(assessment(municipality=OTHER_TOWN))
    yield found
    found.close()
