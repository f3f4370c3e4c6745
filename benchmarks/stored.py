# SPDX-License-Identifier: EUPL-1.2
"""The service that keeps what it assesses, under load, over SQLite and over PostgreSQL.

``python -m benchmarks.stored`` measures this alone: ``--rounds 5`` repeats it and tells the median of each number with the
best and the worst one, for a machine that does other work too. ``--option`` and ``--setting`` change what the service is
started with. Requests assess the first example, or where it is said claims of which no two are alike, and are answered when
the answer is on disk. ``--soak 100000`` looks whether memory stays flat over so many requests, no two of them alike.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.arrivals import Answers, arrivals, percentile
from benchmarks.databases import NAMES, empty_store
from benchmarks.measure import Line, report
from benchmarks.pace import QUIET, Pace, paced
from benchmarks.service import Service, empty, free_port, toetssteen

ROOT = Path(__file__).resolve().parent.parent
PATH = "/v1/beoordelingen"
WORKERS = 2
RATE, TIMES = 100.0, 4
SECONDS, BURST = 15.0, 1.0
"""How long each load lasts, and a run before the overload: a service with patience left takes on a burst, which waits longer."""
FIRST = 10**6
"""The numbers of the claims that warm the service: no others have them."""
PARTS = 10
"""Into so many parts a long run is cut; memory is read after each, and the first is for warming up."""


@dataclass(frozen=True, slots=True)
class Round:
    """One run over one store: the normal load in two kinds, the overload, an empty route at the normal load, and memory."""

    normal: Answers
    varied: Answers
    """As many, of claims of which no two are alike."""
    burst: Answers
    """The first second of asking too much, a run of its own."""
    overload: Answers
    """As much, once that patience is spent."""
    nothing: Answers
    cpu_ms: float
    """Processor time of the service for each request at normal load."""
    memory: tuple[float, float]
    """Before and after."""
    pace: Pace
    """How fast the machine was at normal load."""


def claim() -> bytes:
    """What is sent."""
    return json.dumps(json.loads((ROOT / "examples" / "1-toekenning.json").read_text(encoding="utf-8")) | {"gemeente": "GM0000"}).encode()


class Varied:
    """Claims of which no two are alike: the examples in turn, each time with other incomes, and other words by whoever stated them."""

    WORDS = frozenset({"omschrijving", "herkomst", "reden", "door", "gesteldDoor"})
    AMOUNTS = frozenset({"inkomsten_uit_arbeid", "schulden"})

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.examples = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "examples").glob("*.json"))]

    def __call__(self, number: int) -> bytes:
        """The claim with this number, counted from ``first``."""
        number += self.first
        example = self.examples[number % len(self.examples)] | {"gemeente": "GM0000"}
        return json.dumps(self._varied(example, number), ensure_ascii=False).encode()

    def _varied(self, data: Any, number: int) -> Any:
        if isinstance(data, list):
            return [self._varied(one, number) for one in data]
        if not isinstance(data, dict):
            return data
        return {name: self._other(name, one, number) for name, one in data.items()}

    def _other(self, name: str, value: Any, number: int) -> Any:
        if name in self.WORDS:
            return f"{value} ({number})"
        varied = self._varied(value, number)
        if name not in self.AMOUNTS:
            return varied
        amount = f"{number % 2000}.{number % 100:02}"
        return varied | {"waarde": amount} if isinstance(varied, dict) else amount


@dataclass(frozen=True)
class Started:
    """What the service is started with, beside its store."""

    options: tuple[str, ...] = ("--werkers", str(WORKERS))
    settings: Mapping[str, str] = field(default_factory=dict)


USUAL = Started()


@contextmanager
def serving(name: str, started: Started) -> Iterator[Service]:
    """A service over an empty store, warm."""
    with empty_store(name) as place:
        port = free_port()
        running = toetssteen(port, *started.options, settings={**place.settings, **started.settings}, path="/v1/gezondheid/gereed")
        try:
            arrivals(port, PATH, Varied(FIRST), 30, 5)
            yield running
        finally:
            running.kill()


def one_round(name: str, seconds: float, started: Started) -> Round:
    """Measure a store once."""
    port = free_port()
    plain = empty(port)
    try:
        arrivals(port, "/", None, RATE, 1)
        nothing = arrivals(port, "/", None, RATE, seconds / 3)
    finally:
        plain.stop()
    with serving(name, started) as running:
        before = running.usage()
        with paced() as pace:
            normal = arrivals(running.port, PATH, claim(), RATE, seconds)
        after = running.usage()
        varied = arrivals(running.port, PATH, Varied(), RATE, seconds)
        burst = arrivals(running.port, PATH, claim(), RATE * TIMES, BURST)
        overload = arrivals(running.port, PATH, claim(), RATE * TIMES, seconds)
        return Round(
            normal,
            varied,
            burst,
            overload,
            nothing,
            (after.seconds - before.seconds) / max(1, len(normal.accepted)) * 1e3,
            (before.memory, running.usage().memory),
            pace,
        )


def lines(name: str, rounds: Sequence[Round]) -> Iterator[Line]:
    """What the rounds over a store tell."""
    least = min(one.pace.least for one in rounds)
    yield _normal(f"stored, {name}, {RATE:.0f} requests/s: assessed, kept and answered", rounds, least)
    quiet = [one for one in rounds if one.pace.mean <= QUIET * least]
    if 0 < len(quiet) < len(rounds):
        what = f"the same in the {len(quiet)} of {len(rounds)} rounds in which the machine was at its own pace"
        yield _normal(what, quiet, least)
    varied = [one.varied for one in rounds]
    yield Line(
        "the same, of claims of which no two are alike, from all five examples",
        _latencies(varied),
        "",
        f"{told([_sent_away(one) for one in varied])} % sent away",
    )
    over = [one.overload for one in rounds]
    burst = [percentile(one.burst.accepted, 0.99) for one in rounds]
    p99 = [percentile(one.normal.accepted, 0.99) for one in rounds]
    late = [percentile(one.accepted, 0.99) for one in over]
    ratio = [a / b for a, b in zip(late, p99, strict=True)]
    share = [_sent_away(one) for one in over]
    yield Line(
        f"stored, {name}, {TIMES} times that: p99 of what is taken on",
        f"{told(late)} ms, {told(ratio, 1)} x normal{_failed([*over, *(one.burst for one in rounds)])}",
        "<= 2 x",
        f"{told(share)} % told to come back (429, 503), within {told([percentile(one.shed, 0.99) for one in over])} ms (p99); "
        f"{told([len(one.accepted) / one.seconds for one in over])}/s kept; in the first second {told(burst)} ms",
    )
    grown = [100 * (after / before - 1) for before, after in (one.memory for one in rounds)]
    count = sum(one.normal.sent + one.varied.sent + one.burst.sent + one.overload.sent for one in rounds) // len(rounds)
    yield Line(
        f"stored, {name}, memory after {count:,} requests (a short look: `make soak` takes 100,000)",
        f"{told([one.memory[1] for one in rounds])} MB, {statistics.median(grown):+.1f} %",
        "+-5 %",
    )


def _normal(what: str, rounds: Sequence[Round], least: float) -> Line:
    """What some rounds tell of the normal load; ``least`` is the least time that the piece of work took in any round."""
    normal = [one.normal for one in rounds]
    p50 = [percentile(one.accepted, 0.5) for one in normal]
    plain = [percentile(one.nothing.accepted, 0.5) for one in rounds]
    sent_away = [_sent_away(one) for one in normal]
    return Line(
        what,
        _latencies(normal),
        "p50 <= 20 ms, p99 <= 100 ms",
        f"{statistics.median(a / b for a, b in zip(p50, plain, strict=True)):.0f} x the p50 of an empty route ({told(plain)} ms); "
        f"{told([one.cpu_ms for one in rounds])} ms of processor time each; {told(sent_away)} % sent away; "
        f"a fixed piece of work took {told([one.pace.mean / least for one in rounds], 2)} x its least time ({least:.2f} ms)",
    )


def _latencies(found: Sequence[Answers]) -> str:
    p50, p99 = ([percentile(one.accepted, share) for one in found] for share in (0.5, 0.99))
    return f"p50 {told(p50)} ms, p99 {told(p99)} ms{_failed(found)}"


def _sent_away(found: Answers) -> float:
    """How many in a hundred were told to come back."""
    return 100 * len(found.shed) / found.sent


def _failed(found: Sequence[Answers]) -> str:
    failed = sum(one.failed for one in found)
    return f", {failed} FAILED" if failed else ""


def told(numbers: Sequence[float], digits: int = 0) -> str:
    """The median, and of several numbers the least and the most."""
    middle = f"{statistics.median(numbers):.{digits}f}"
    return middle if len(numbers) == 1 else f"{middle} ({min(numbers):.{digits}f}-{max(numbers):.{digits}f})"


def under_load(names: Sequence[str] = NAMES, rounds: int = 1, seconds: float = SECONDS, started: Started = USUAL) -> Iterator[Line]:
    """Each store, so many times."""
    for name in names:
        try:
            found = [one_round(name, seconds, started) for _ in range(rounds)]
        except ConnectionError as error:
            yield Line(f"stored, {name}", f"not measured: {error}")
            continue
        yield from lines(name, found)


def soak(name: str, count: int, rate: float, started: Started) -> Iterator[Line]:
    """Memory over many requests, and whether an answer takes longer as more is kept."""
    with serving(name, started) as running:
        memory, p50, sent, failed, sent_away = [], [], 0, 0, 0
        for _ in range(PARTS):
            found = arrivals(running.port, PATH, Varied(sent), rate, count / PARTS / rate)
            sent += found.sent
            memory.append(running.usage().memory)
            p50.append(percentile(found.accepted, 0.5))
            failed += found.failed
            sent_away += len(found.shed)
            so_far = f"{len(memory) * count // PARTS:,} requests"
            print(f"{name}: {memory[-1]:.0f} MB after {so_far}, p50 {p50[-1]:.0f} ms, {len(found.shed):,} sent away", flush=True)
    least, most = min(memory[1:]), max(memory[1:])
    yield Line(
        f"stored, {name}, memory over {count:,} requests at {rate:.0f}/s",
        f"{memory[1]:.0f} MB after {2 * count // PARTS:,}, {memory[-1]:.0f} MB at the end, {100 * (memory[-1] / memory[1] - 1):+.1f} %",
        "+-5 %",
        f"{least:.0f} to {most:.0f} MB between; p50 {p50[1]:.0f} ms and {p50[-1]:.0f} ms; {sent_away:,} sent away, {failed:,} failed",
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="the stored service under load")
    parser.add_argument("--store", choices=NAMES, action="append", help="one of them; both where it is left out")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long each load lasts")
    parser.add_argument("--soak", type=int, metavar="REQUESTS", help="look at memory over so many requests instead")
    parser.add_argument("--rate", type=float, default=RATE, help="requests a second of --soak")
    parser.add_argument("--workers", type=int, default=WORKERS, help="how many processes the service has")
    parser.add_argument("--option", action="append", default=[], help="an option of the service, as in --option=--zonder-tweede-mening")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE", help="a setting of the service")
    options = parser.parse_args()
    names = options.store or NAMES
    started = Started(("--werkers", str(options.workers), *options.option), dict(setting.split("=", 1) for setting in options.setting))
    found = (
        [line for name in names for line in soak(name, options.soak, options.rate, started)]
        if options.soak
        else list(under_load(names, options.rounds, options.seconds, started))
    )
    print(report("Toetssteen, the stored service under load (on this machine, the load generator included)", found))


if __name__ == "__main__":
    main()
