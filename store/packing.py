# SPDX-License-Identifier: EUPL-1.2
"""The large payloads are kept compressed (zlib, RFC 1950); who hands one in or asks for it sees nothing of that.

An answer is mostly words of the rules, so it takes a fifth of the space on disk. What is committed to in the chain are the
bytes that are kept. Anything that reads zlib reads them: to compress there is a quicker program where it runs.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

try:
    from isal.isal_zlib import compress
except ImportError:
    from zlib import compress

from store.model import ANSWER, PRECEDENTS, TRACE, Draft

_PACKED = frozenset((ANSWER, TRACE, PRECEDENTS))
_LEVEL = 1
"""More compression takes up to four times as long and saves a fifth."""


def packed(draft: Draft) -> Draft:
    """A draft with its payloads as they are kept."""
    return replace(draft, payloads={name: compress(data, _LEVEL) if name in _PACKED else data for name, data in draft.payloads.items()})


def unpacked(name: str, data: bytes) -> bytes:
    """A payload as it was handed in; ``data`` was held against its commitment before."""
    return zlib.decompress(data) if name in _PACKED else data
