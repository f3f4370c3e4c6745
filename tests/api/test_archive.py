# SPDX-License-Identifier: EUPL-1.2
"""What was decided before in a municipality, read piece by piece as it comes and as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from sqlalchemy import URL, make_url

from api.stored.archive import PRECEDENT, Archive
from store.model import Ground, Kind
from store.store import Store
from tests.store.conftest import opened
from tests.store.drafts import LAW, OTHER_TOWN, TOWN, assessment, decision


@pytest.fixture
def store(url: URL) -> Iterator[Store]:
    found = opened(url)
    yield found
    found.close()


def decided(store: Store, name: str, *, law: str = LAW, municipality: str = TOWN) -> str:
    """Keep a case and a decision on it, known by this name; the id of the decision."""
    case = store.append(assessment(name, law=law, municipality=municipality)).id
    return store.append(decision(case, municipality=municipality, payloads={PRECEDENT: precedent(name)})).id


def precedent(name: str) -> bytes:
    found = {"id": name, "datum": "2026-03-01", "regeling": "x", "gronden": ["pw.15.1"], "afgeweken": True, "motief": "Vanwege het kind."}
    return orjson.dumps(found)


def known(archive: Archive, law: str = LAW) -> list[str]:
    return [found.id for found in archive.decided(TOWN).by_law.get(law, {}).values()]


def test_a_decision_is_known_from_the_moment_that_it_is_kept(store: Store) -> None:
    archive = Archive(store)
    assert known(archive) == []
    for count, name in enumerate(("een", "twee", "drie"), 1):
        decided(store, name)
        assert known(archive) == ["een", "twee", "drie"][:count]
    assert known(Archive(store)) == ["een", "twee", "drie"]


def test_it_is_known_under_its_law_in_its_municipality(store: Store) -> None:
    archive = Archive(store)
    decided(store, "een")
    decided(store, "elders", municipality=OTHER_TOWN)
    decided(store, "ander", law="wmo")
    assert (known(archive), known(archive, "wmo"), known(archive, "jeugdwet")) == (["een"], ["ander"], [])
    assert [found.id for found in archive.decided(TOWN).all] == ["een", "ander"]


@pytest.mark.parametrize("looked", [False, True])
def test_one_that_was_corrected_stands_as_the_correction(store: Store, looked: bool) -> None:
    archive = Archive(store)
    first = decided(store, "een")
    decided(store, "twee")
    if looked:
        assert known(archive) == ["een", "twee"]
    store.append(decision(first, kind=Kind.CORRECTION, payloads={PRECEDENT: precedent("beter")}))
    assert known(archive) == ["twee", "beter"]


@pytest.mark.parametrize("looked", [False, True])
def test_one_that_was_destroyed_is_known_no_longer(store: Store, looked: bool) -> None:
    archive = Archive(store)
    first = decided(store, "een")
    decided(store, "twee")
    if looked:
        assert known(archive) == ["een", "twee"]
    store.erase(first, ground=Ground.REQUEST, by="a", reason="b")
    assert known(archive) == ["twee"]


@pytest.mark.parametrize("looked", [False, True])
def test_a_correction_by_mistake_gives_the_place_back_to_what_it_corrected(store: Store, looked: bool) -> None:
    archive = Archive(store)
    first = decided(store, "een")
    decided(store, "twee")
    better = store.append(decision(first, kind=Kind.CORRECTION, payloads={PRECEDENT: precedent("beter")})).id
    if looked:
        assert known(archive) == ["twee", "beter"]
    store.erase(better, ground=Ground.MISTAKE, by="a", reason="b")
    assert known(archive) == ["een", "twee"]


def test_what_was_read_before_is_not_read_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, asked = Archive(store), []
    payloads = store.payloads

    def counted(*words: object, **places: int) -> object:
        asked.append((places["after"], places["upto"]))
        return payloads(*words, **places)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "payloads", counted)
    decided(store, "een")
    assert known(archive) == known(archive) == ["een"]
    store.append(assessment("nog niet besloten"))
    assert known(archive) == ["een"]
    decided(store, "twee")
    assert known(archive) == ["een", "twee"]
    assert asked == [(0, 2), (3, 5)]


def test_a_database_that_was_put_back_is_read_anew(store: Store, tmp_path: Path) -> None:
    archive = Archive(store)
    decided(store, "een")
    decided(store, "verloren")
    assert known(archive) == ["een", "verloren"]
    earlier = opened(make_url(f"sqlite:///{tmp_path / 'eerder.sqlite'}"))
    decided(earlier, "een")
    archive.store = earlier
    assert known(archive) == ["een"]
    earlier.close()
