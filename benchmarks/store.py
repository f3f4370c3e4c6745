# SPDX-License-Identifier: EUPL-1.2
"""How fast the check of a store reads: stored bytes that are verified in a second, over records as the service keeps them.

``python -m benchmarks.store`` measures this alone. The file is read once before, so that it is in the memory of the
machine: what is measured is the check, and what SQLite takes to hand over the rows.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Line, report, times_us
from store import adding
from store.database import WRITES
from store.keys import Keys
from store.model import ANSWER, CLAIM, Draft, Kind
from store.store import Store

ROUNDS = 7
SIZES = ((2_000, 20_000, ">= 100 MB/s"), (500, 85_000, ""), (5_000, 1_000, ""))
"""How many records, of about how many bytes each, and what is aimed at: the second is an answer with its claim in full."""


def verification() -> Iterator[Line]:
    """The check of a whole store, for each size of record."""
    plain = _sha256()
    for count, size, aim in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            store = filled(Path(folder), count, size)
            checked = _whole(store)
            seconds = sorted(times_us(lambda store=store: _whole(store), ROUNDS, warm=1))[ROUNDS // 2] / 1e6  # type: ignore[misc]
            store.close()
        rate = checked / seconds / 1e6
        known = f"{count / seconds:,.0f} records/s; SHA-256 alone {plain:,.0f} MB/s"
        yield Line(f"chain verified in SQLite, {count:,} records of {size / 1000:.0f} kB", f"{rate:,.0f} MB/s", aim, known)


def filled(folder: Path, count: int, size: int) -> Store:
    """A store of assessments of one municipality, each with a claim and an answer of together so many bytes, and its terms."""
    store = Store(f"sqlite:///{folder / 'opslag.sqlite'}", Keys.generate())
    store.prepare()
    with store.engine.execution_options(**WRITES).begin() as connection:
        for number in range(count):
            answer = json.dumps({"zaak": number, "tekst": secrets.token_hex((size - size // 10) // 2)}).encode()
            draft = Draft(
                "GM0000",
                Kind.ASSESSMENT,
                {"aanspraak": "participatiewet/algemene_bijstand", "uitkomst": "toekennen"},
                payloads={CLAIM: secrets.token_bytes(size // 10), ANSWER: answer},
                terms={"zaak": [f"zaak-{number}"], "grond": ["pw.15.1", "pw.13.1"], "deur": ["pw.16"]},
                law="participatiewet",
            )
            adding.add(connection, store.keys, draft, store.now, store.rhythm)
    return store


def _whole(store: Store) -> int:
    """Check everything; how many bytes that were."""
    found = store.audit()
    if not found.whole:
        raise AssertionError("a chain that nobody touched is broken")
    return sum(each.size for each in found.reports)


def _sha256() -> float:
    """What the hash alone does, in MB a second, over pieces of 20 kB."""
    piece = bytes(20_000)
    return len(piece) / sorted(times_us(lambda: hashlib.sha256(piece).digest(), 1_000))[500]


if __name__ == "__main__":
    print(report("Toetssteen, the check of a store (medians of one run on this machine)", list(verification())))
