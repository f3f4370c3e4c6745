# SPDX-License-Identifier: EUPL-1.2
"""``python -m benchmarks.chaos``: kill -9 of the service under load, again and again; nothing acknowledged is lost or doubled.

A few clients keep assessments, each with a key of its own. The service with all its processes is killed at a random moment
and started again. Every request without an answer is sent again with the same key. At the end each acknowledged answer
is read back byte for byte, the store holds one record for each key, and its chain is whole. The first thing that is not
so is told, and the program ends with 1.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.service import free_port, toetssteen
from store.database import connect, upgrade
from store.keys import Keys
from store.model import Kind
from store.store import Store

ROOT = Path(__file__).resolve().parents[1]
MUNICIPALITY = "GM0000"
CLIENTS = 3
LEASE = 5
"""Seconds after which a repeated request takes over one that died."""


@dataclass
class Kept:
    """What clients know: the answer to each acknowledged key, and the keys that nobody answered yet."""

    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    repeated: int = 0
    refused: list[str] = field(default_factory=list)


def faults(known: Mapping[str, tuple[str, bytes]], read: Mapping[str, bytes | None], stored: list[str], breaks: list[str]) -> list[str]:
    """What was lost, changed, doubled or broken, in words. ``read`` gives per record id what is read back, None if it is gone."""
    found = [f"{name} was acknowledged and is gone" for name, _ in known.values() if read[name] is None]
    found += [f"{name} is not what was acknowledged" for name, body in known.values() if read[name] not in (None, body)]
    ids = [name for name, _ in known.values()]
    if len(set(ids)) != len(ids):
        found.append("two keys have one record")
    found += [f"{name} is stored and belongs to no key" for name in sorted(set(stored) - set(ids))]
    if len(stored) != len(set(stored)):
        found.append("a record is stored twice")
    return found + [f"the chain is broken: {text}" for text in breaks]


def ask(port: int, method: str, path: str, body: bytes | None = None, key: str | None = None) -> tuple[int, bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = (
        {"Accept": "application/json"} | ({"Content-Type": "application/json"} if body else {}) | ({"Idempotency-Key": key} if key else {})
    )
    try:
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def send(port: int, key: str, body: bytes, kept: Kept) -> bool:
    """Send a claim; whether it was acknowledged. What is refused for another reason than that it runs is an error."""
    try:
        status, answer = ask(port, "POST", "/v1/beoordelingen", body, key)
    except (OSError, http.client.HTTPException):
        return False
    if status == 201:
        kept.answers[key] = (json.loads(answer)["id"], answer)
        kept.open.discard(key)
        return True
    if status not in (409, 503):
        kept.refused.append(f"{key} got {status}: {answer[:300]!r}")
    return False


def load(port: int, number: int, body: bytes, kept: Kept, stop: threading.Event) -> None:
    """A client that keeps one claim after the other, until told to stop or the service is gone."""
    count = 0
    while not stop.is_set():
        key = f"chaos-{number}-{time.monotonic_ns()}-{count}"
        kept.open.add(key)
        if not send(port, key, body, kept):
            return
        count += 1


def look(address: str, keys: Path) -> tuple[list[str], list[str]]:
    """The ids of the assessments that are stored, and the breaks of the chain."""
    store = Store(address, Keys.read(keys))
    try:
        page = store.search(MUNICIPALITY, kind=Kind.ASSESSMENT)
        stored = [record.id for record in page.records]
        while page.next is not None:
            page = store.search(MUNICIPALITY, kind=Kind.ASSESSMENT, before=page.next)
            stored += [record.id for record in page.records]
        audit = store.audit()
        return stored, [str(item) for item in (*audit.breaks, *(item for report in audit.reports for item in report.breaks))]
    finally:
        store.close()


def run(address: str, times: int, seed: int) -> list[str]:
    """Kill the service ``times`` times; what is wrong afterwards."""
    chance = random.Random(seed)
    body = json.dumps(
        json.loads((ROOT / "examples" / "1-toekenning.json").read_text(encoding="utf-8")) | {"gemeente": MUNICIPALITY}
    ).encode()
    kept, began = Kept(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys.json"
        address = address or f"sqlite:///{folder}/opslag.sqlite"
        engine = connect(address)
        upgrade(engine)
        engine.dispose()
        settings = {
            "TOETSSTEEN_OPSLAG": address,
            "TOETSSTEEN_OPSLAG_SLEUTELS": str(keys),
            "TOETSSTEEN_OPSLAG_VERZOEK_SECONDEN": str(LEASE),
        }
        Keys.make(keys)
        for _ in range(times):
            port, stop = free_port(), threading.Event()
            service = toetssteen(port, settings=settings, path="/v1/gezondheid/gereed")
            clients = [threading.Thread(target=load, args=(port, number, body, kept, stop)) for number in range(CLIENTS)]
            for client in clients:
                client.start()
            try:
                time.sleep(chance.uniform(0.05, 1.0))
            finally:
                service.kill()
                stop.set()
            for client in clients:
                client.join()
        port = free_port()
        service = toetssteen(port, settings=settings, path="/v1/gezondheid/gereed")
        try:
            waiting = sorted(kept.open)
            end = time.monotonic() + 90
            for key in waiting:
                while not send(port, key, body, kept):
                    if time.monotonic() > end:
                        return [f"{key} gets no answer after the service started again"]
                    time.sleep(0.2)
            kept.repeated = len(waiting)
            read: dict[str, bytes | None] = {}
            for name, _ in kept.answers.values():
                status, answer = ask(port, "GET", f"/v1/beoordelingen/{name}")
                if status not in (200, 404, 410):
                    raise RuntimeError(f"{status}: {answer[:300]!r}")
                read[name] = answer if status == 200 else None
        finally:
            service.kill()
        stored, breaks = look(address, keys)
    seconds = time.monotonic() - began
    print(
        f"{times} kills (seed {seed}): {len(kept.answers)} acknowledged, {kept.repeated} sent again, {len(stored)} stored, {seconds:.0f} s"
    )
    return kept.refused + faults(kept.answers, read, stored, breaks)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="kill -9 of the service under load")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--store", default="", help="the address of an empty database; a SQLite file where it is left out")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**31)
    print(f"seed {seed}", flush=True)
    found = run(options.store, options.times, seed)
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
