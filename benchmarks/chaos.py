# SPDX-License-Identifier: EUPL-1.2
"""``python -m benchmarks.chaos``: kill -9 of the service, again and again; nothing acknowledged is lost or doubled.

A few clients keep assessments, each with a key of its own. The service with all its processes is killed at a random moment
under load, while it starts, or while its tables are made. After each start every request without an answer is sent again with
the same key, and so are some that were answered: these must get the same answer byte for byte. At the end each acknowledged
answer is read back, the store holds one record for each key and no other, and `toetssteen keten controleer` finds its chain
whole. Everything that is not so is told, and the program ends with 1.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from benchmarks.databases import NAMES, Place, empty_store
from benchmarks.service import Service, free_port, toetssteen
from store.model import Kind

ROOT = Path(__file__).resolve().parents[1]
MUNICIPALITY = "GM0000"
CLIENTS = 3
LEASE = 5
"""Seconds after which a repeated request takes over one that died."""
SAMPLE = 5
"""So many answered requests are sent again after each start."""
PATIENCE = 90.0
PROCESSES = (1, 1, 1, 2)
READY = "/v1/gezondheid/gereed"


class Moment(StrEnum):
    """When the service is killed."""

    LOAD = "under load"
    START = "while it starts"
    TABLES = "while its tables are made"


MOMENTS = {Moment.LOAD: 8, Moment.START: 1, Moment.TABLES: 1}
"""How often each of them, on average."""


@dataclass
class Kept:
    """What clients know: the answer to each acknowledged key, the keys that nobody answered yet, and what went wrong."""

    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    repeated: set[str] = field(default_factory=set)
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    kills: Counter[Moment] = field(default_factory=Counter)
    making: float = 1.5
    """How long the command that makes the tables took last, in seconds."""


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
    """Send a claim; whether the service is there. An answer that differs from an earlier one to the same key is wrong."""
    try:
        status, answer = ask(port, "POST", "/v1/beoordelingen", body, key)
    except (OSError, http.client.HTTPException):
        return False
    if status == 201:
        earlier = kept.answers.setdefault(key, (json.loads(answer)["id"], answer))
        if earlier[1] != answer:
            kept.wrong.append(f"{key} got another answer the second time")
        kept.open.discard(key)
    elif status not in (409, 503) or key in kept.answers:
        kept.wrong.append(f"{key} got {status}: {answer[:300]!r}")
    return True


def load(port: int, number: int, body: bytes, kept: Kept, stop: threading.Event) -> None:
    """A client that keeps one claim after the other, until told to stop or the service is gone."""
    count = 0
    while not stop.is_set():
        key = f"chaos-{number}-{time.monotonic_ns()}-{count}"
        kept.open.add(key)
        if not send(port, key, body, kept):
            return
        count += 1


def repeat(port: int, body: bytes, kept: Kept, chance: random.Random) -> None:
    """Send again what got no answer, and some of what did."""
    waiting, answered = sorted(kept.open), sorted(kept.answers)
    kept.repeated.update(waiting)
    sample = chance.sample(answered, min(SAMPLE, len(answered)))
    kept.again += len(sample)
    for key in (*waiting, *sample):
        send(port, key, body, kept)


def under_load(place: Place, body: bytes, kept: Kept, chance: random.Random) -> None:
    """Start the service, repeat, and kill it while clients work."""
    port, stop = free_port(), threading.Event()
    service = start(place, port, chance)
    clients = [threading.Thread(target=load, args=(port, number, body, kept, stop)) for number in range(CLIENTS)]
    try:
        repeat(port, body, kept, chance)
        for client in clients:
            client.start()
        time.sleep(chance.uniform(0.05, 1.0))
    finally:
        service.kill()
        stop.set()
    for client in clients:
        client.join()


def start(place: Place, port: int, chance: random.Random, path: str | None = READY) -> Service:
    """The service, with one process or sometimes two."""
    return toetssteen(port, "--werkers", str(chance.choice(PROCESSES)), settings=place.settings, path=path)


def while_it_starts(place: Place, chance: random.Random) -> None:
    """Start the service and kill it before or just after it is ready."""
    service = start(place, free_port(), chance, None)
    time.sleep(chance.uniform(0.05, 3.0))
    service.kill()


def while_its_tables_are_made(name: str, chance: random.Random, kept: Kept) -> None:
    """Kill the command that makes the tables of an empty store; the same command then makes them, and the store can be used."""
    with empty_store(name, tables=False) as place:
        command = [sys.executable, "-m", "cli", "opslag", "bijwerken", "--opslag", place.address]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as making:
            time.sleep(kept.making * chance.uniform(0.5, 1.0))  # most of its time it only starts
            making.kill()
        began = time.monotonic()
        made = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        kept.making = time.monotonic() - began
        if made.returncode != 0:
            kept.wrong.append(f"the tables could not be made after a kill: {made.stderr[-300:]}")
            return
        store = place.open()
        store.ready()
        store.close()


def look(place: Place) -> tuple[list[str], list[str]]:
    """The ids of the assessments that are stored, and what the check of the chain has to say where it is not whole."""
    store = place.open()
    try:
        page = store.search(MUNICIPALITY, kind=Kind.ASSESSMENT)
        stored = [record.id for record in page.records]
        while page.next is not None:
            page = store.search(MUNICIPALITY, kind=Kind.ASSESSMENT, before=page.next)
            stored += [record.id for record in page.records]
    finally:
        store.close()
    command = [sys.executable, "-m", "cli", "keten", "controleer", "--opslag", place.address, "--sleutels", str(place.keys)]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return stored, [] if checked.returncode == 0 else [f"{checked.stdout}{checked.stderr}"]


def read_back(place: Place, body: bytes, kept: Kept, chance: random.Random) -> dict[str, bytes | None]:
    """What the service gives for each acknowledged record, once every request has its answer."""
    port = free_port()
    service = start(place, port, chance)
    try:
        end = time.monotonic() + PATIENCE
        while kept.open and time.monotonic() < end:
            repeat(port, body, kept, chance)
            time.sleep(0.2)
        kept.wrong += [f"{key} gets no answer after the service started again" for key in sorted(kept.open)]
        read: dict[str, bytes | None] = {}
        for name, _ in kept.answers.values():
            status, answer = ask(port, "GET", f"/v1/beoordelingen/{name}")
            if status not in (200, 404, 410):
                kept.wrong.append(f"{name} cannot be read: {status} {answer[:300]!r}")
            read[name] = answer if status == 200 else None
        return read
    finally:
        service.kill()


def run(name: str, times: int, seed: int) -> list[str]:
    """Kill the service ``times`` times over a store; what is wrong afterwards. Raises :class:`ConnectionError` without PostgreSQL."""
    chance, kept, began = random.Random(seed), Kept(), time.monotonic()
    body = json.dumps(
        json.loads((ROOT / "examples" / "1-toekenning.json").read_text(encoding="utf-8")) | {"gemeente": MUNICIPALITY}
    ).encode()
    with empty_store(name, TOETSSTEEN_OPSLAG_VERZOEK_SECONDEN=str(LEASE)) as place:
        for number in range(times):
            moment = chance.choices(list(MOMENTS), list(MOMENTS.values()))[0] if number else Moment.LOAD
            kept.kills[moment] += 1
            match moment:
                case Moment.LOAD:
                    under_load(place, body, kept, chance)
                case Moment.START:
                    while_it_starts(place, chance)
                case Moment.TABLES:
                    while_its_tables_are_made(name, chance, kept)
            if (number + 1) % 20 == 0:
                print(f"{name}: {number + 1} kills, {len(kept.answers)} acknowledged, {len(kept.wrong)} wrong", flush=True)
        read = read_back(place, body, kept, chance)
        stored, breaks = look(place)
    kills = ", ".join(f"{count} {moment}" for moment, count in kept.kills.items())
    print(
        f"{name}, seed {seed}: {times} kills ({kills}); {len(kept.answers)} acknowledged, {len(stored)} stored; "
        f"{len(kept.repeated)} without an answer sent again, {kept.again} answered ones asked again; "
        f"chain {'BROKEN' if breaks else 'whole'}; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return kept.wrong + faults(kept.answers, read, stored, breaks)


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="kill -9 of the service, under load, at its start and while tables are made")
    parser.add_argument("--times", type=int, default=200, help="how often over each store")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--store", choices=NAMES, action="append", help="one of them; both where it is left out")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**31)
    print(f"seed {seed}", flush=True)
    found = []
    for name in options.store or NAMES:
        try:
            found += run(name, options.times, seed)
        except ConnectionError as error:
            found.append(str(error))
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
