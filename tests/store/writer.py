# SPDX-License-Identifier: EUPL-1.2
"""A process that writes until it is killed: one record per key, told on standard output once the store has it."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from store.errors import KeyBusy
from store.keys import Keys
from store.model import KeyClaim, Rhythm
from store.store import Store
from tests.store.drafts import assessment


def main(url: str, keys: str, first: int) -> None:
    """Write records with the keys ``first``, ``first + 1``, ..."""
    store = Store(url, Keys.read(Path(keys)), rhythm=Rhythm(every=7), lease=timedelta(0))
    number = first
    while True:
        try:
            found = store.claim_key("schrijver", str(number), b"verzoek")
        except KeyBusy:
            continue
        record_id = store.append(assessment(f"zaak-{number}"), found).id if isinstance(found, KeyClaim) else found.record_id
        print(number, record_id, flush=True)
        number += 1


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
