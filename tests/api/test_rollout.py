# SPDX-License-Identifier: EUPL-1.2
"""New rules while the service runs: all of the old or all of the new in every answer, and what does not check changes nothing."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import app_over
from api.context import Context, Current
from api.rollout import LAST_GOOD, Rollout, _mark, keep_files
from api.turns import Turns
from engine import rulebook
from engine.language.library import file_bytes
from engine.model.problems import RulesError
from tests.helpers import claim, law

SET = "wet/aanspraak/2020-01-01.yaml"


def rules(result: str) -> dict[str, str]:
    """The tiny law with one result; every file differs with it."""
    rule = "- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}"
    return {**law(rule, ladder=f"- {result}: anders"), "wet/regeling.yaml": f"naam: Proefwet {result}\nbwb: BWBR0000001\n"}


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        fresh = (root / name).with_suffix(".nieuw")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(root / name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "rules", rules("oud"))
    return tmp_path / "rules"


def start(rollout: Rollout) -> Context:
    return rollout.first(lambda book, files: Context(book, None, files))


def eventually(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


@pytest.fixture
def thawed() -> Iterator[None]:
    """Nothing is out of the rounds of the garbage collector, before and after."""
    gc.unfreeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("thawed")
def test_new_rules_are_taken_out_of_the_rounds_of_the_garbage_collector(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    context = start(rollout)
    write(root, rules("nieuw"))
    assert gc.get_freeze_count() == 0
    fresh = rollout.renew(context)
    assert gc.get_freeze_count() > 0
    assert not any(found is fresh.rulebook.programs for found in gc.get_objects())


def test_new_rules_take_the_place_of_the_old_and_change_the_tag(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    current = Current(start(rollout))
    client = TestClient(app_over(current, examples=None))
    tag = client.get("/v1/regelingen").headers["etag"]
    write(root, rules("nieuw"))
    current.context = rollout.renew(current.context)
    answer = client.get("/v1/regelingen", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.json()["regelingen"][0]["naam"] == "Proefwet nieuw"
    assert client.post("/v1/beoordelingen/_bereken", json=claim()).json()["uitkomst"] == "nieuw"


def test_a_folder_that_did_not_change_changes_nothing(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    context = start(rollout)
    assert rollout.renew(context) == context


def test_rules_that_do_not_check_are_refused_and_the_old_ones_stay(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    rollout = Rollout(root, rulebook.load)
    current = Current(start(rollout))
    client = TestClient(app_over(current, examples=None))
    assert client.get("/v1/gezondheid/gereed").json()["geweigerdeRegels"] is None
    write(root, {SET: "regelset: wet/aanspraak\nonzin: ja\n"})
    current.context = rollout.renew(current.context)
    assert client.post("/v1/beoordelingen/_bereken", json=claim()).json()["uitkomst"] == "oud"
    ready = client.get("/v1/gezondheid/gereed")
    assert ready.status_code == 200
    assert ready.json()["geweigerdeRegels"]["fouten"] >= 1
    assert ready.json()["geweigerdeRegels"]["eerste"].startswith(SET)
    assert "regels vrijgeven" in caplog.text
    assert "geweigerd" in caplog.text
    write(root, rules("nieuw"))
    current.context = rollout.renew(current.context)
    assert client.get("/v1/gezondheid/gereed").json()["geweigerdeRegels"] is None


def decision(number: str) -> bytes:
    record = {"id": number, "datum": "2025-03-01", "regeling": "wet", "gronden": ["wet.1"], "deur": "wet.deur", "motief": "zo besloten"}
    return json.dumps({**record, "afgeweken": True}).encode() + b"\n"


def test_earlier_decisions_come_in_with_the_rules_and_a_broken_file_leaves_those_of_before(
    root: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = tmp_path / "eerder.jsonl"
    earlier.write_bytes(decision("een"))
    rollout = Rollout(root, rulebook.load, earlier=earlier)
    context = rollout.renew(start(rollout))
    assert [found.id for found in context.precedents] == ["een"]
    earlier.write_bytes(decision("een") + decision("twee"))
    context = rollout.renew(context)
    assert [found.id for found in context.precedents] == ["een", "twee"]
    for broken in (b"{\n", b"\xff\n", b"[" * 15_000 + b"\n", decision("drie") + b'{"id": 1}\n'):
        earlier.write_bytes(broken)
        write(root, rules("nieuw"))
        caplog.clear()
        context = rollout.renew(context)
        assert [found.id for found in context.precedents] == ["een", "twee"]
        assert "geweigerd" in caplog.text
    assert context.rulebook.laws["wet"].name == "Proefwet nieuw"
    earlier.unlink()
    assert [found.id for found in rollout.renew(context).precedents] == ["een", "twee"]


def test_a_folder_that_goes_away_while_it_is_read_is_looked_at_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[bool] = []

    def listdir(path: Path) -> Any:
        gone.append(True)
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "listdir", listdir)
        assert _mark(root) == ()
    assert gone
    assert _mark(root)


def test_a_part_of_the_rules_that_cannot_be_read_any_more_leaves_those_of_before(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rollout = Rollout(root, rulebook.load)
    context = rollout.first(lambda book, files: Context(book, None, files))
    opened = os.listdir

    def listdir(path: Path) -> Any:
        if path == root / "wet" / "aanspraak":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "listdir", listdir)
    found = rollout.renew(context)
    assert found.rulebook is context.rulebook
    assert found.refused is not None
    assert found.refused.problems[0].cause == "Dit is niet te lezen: Permission denied."
    assert "geweigerd" in caplog.text


def test_rights_that_are_mended_are_seen_by_who_looks_every_few_seconds(root: Path) -> None:
    before = _mark(root)
    (root / SET).chmod(0o600)
    assert _mark(root) != before


def test_a_change_of_the_earlier_decisions_alone_is_seen_by_who_looks_every_few_seconds(root: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "eerder.jsonl"
    earlier.write_bytes(b"")
    rollout = Rollout(root, rulebook.load, poll=0.02, earlier=earlier)
    current = Current(start(rollout))
    with TestClient(app_over(current, rollout=rollout, examples=None)):
        earlier.write_bytes(decision("een"))
        eventually(lambda: [found.id for found in current.context.precedents] == ["een"])


def test_a_folder_that_is_gone_is_refused_too(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    context = start(rollout)
    root.rename(root.with_name("weg"))
    renewed = rollout.renew(context)
    assert renewed.rulebook is context.rulebook
    assert renewed.refused is not None


def test_a_loader_that_breaks_leaves_the_old_rules(root: Path) -> None:
    context = start(Rollout(root, rulebook.load))

    def breaks(root: Path) -> rulebook.Rulebook:
        raise OSError("schijf")

    write(root, rules("nieuw"))
    renewed = Rollout(root, breaks).renew(context)
    assert renewed.rulebook is context.rulebook
    assert renewed.refused is not None


def test_under_load_every_answer_is_wholly_of_the_old_or_wholly_of_the_new_rules(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    current = Current(replace(start(rollout), turns=Turns(patience=60)))  # a busy machine sends nobody away here
    hashes = {current.context.rulebook.hash: "oud", rulebook.load_files(rules("nieuw")).hash: "nieuw"}
    answers: list[Any] = []
    stop = threading.Event()
    client = TestClient(app_over(current, examples=None))

    def ask() -> None:
        while not stop.is_set():
            answers.append(client.post("/v1/beoordelingen/_bereken", json=claim()).json())

    with client, ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        try:
            for result in ("nieuw", "oud", "nieuw", "oud"):
                write(root, rules(result))
                current.context = rollout.renew(current.context)
                count = len(answers)
                eventually(lambda count=count: len(answers) > count + 6)  # type: ignore[misc]
        finally:
            stop.set()
    assert [asked.result() for asked in asking] == [None, None, None]
    assert {answer["uitkomst"] for answer in answers} == {"oud", "nieuw"}
    for answer in answers:
        assert answer["uitkomst"] == hashes[answer["verantwoording"]["regelbestand"]]


def test_a_changed_folder_is_seen_once_it_rests(root: Path) -> None:
    current = Current(start(Rollout(root, rulebook.load)))
    with TestClient(app_over(current, rollout=Rollout(root, rulebook.load, poll=0.05), examples=None)) as client:
        write(root, rules("nieuw"))
        eventually(lambda: bool(client.post("/v1/beoordelingen/_bereken", json=claim()).json()["uitkomst"] == "nieuw"))


def test_a_hangup_asks_for_a_look_at_the_rules(root: Path) -> None:
    rollout = Rollout(root, rulebook.load)
    current = Current(start(rollout))

    async def hang_up() -> None:
        watching = asyncio.create_task(rollout.run(current))
        await asyncio.sleep(0.2)
        write(root, rules("nieuw"))
        os.kill(os.getpid(), 1)
        for _ in range(500):
            await asyncio.sleep(0.02)
            if "nieuw" in current.context.rulebook.laws["wet"].name:
                break
        watching.cancel()

    asyncio.run(hang_up())
    assert current.context.rulebook.laws["wet"].name == "Proefwet nieuw"


def test_a_process_that_starts_while_the_folder_is_broken_takes_the_last_good_rules(root: Path, tmp_path: Path) -> None:
    keep = tmp_path / "werkmap"
    keep.mkdir()
    keep_files(file_bytes(root), keep)
    write(root, {SET: "onzin\n"})
    context = start(Rollout(root, rulebook.load, keep=keep))
    assert context.rulebook.laws["wet"].name == "Proefwet oud"
    assert context.refused is not None
    write(root, rules("nieuw"))
    assert Rollout(root, rulebook.load, keep=keep).renew(context).rulebook.laws["wet"].name == "Proefwet nieuw"
    assert file_bytes(keep / LAST_GOOD) == file_bytes(root)
    assert len([path for path in keep.iterdir() if not path.is_symlink()]) == 1


def test_without_earlier_rules_a_broken_folder_stops_the_start(root: Path, tmp_path: Path) -> None:
    write(root, {SET: "onzin\n"})
    with pytest.raises(RulesError):
        start(Rollout(root, rulebook.load, keep=tmp_path))
