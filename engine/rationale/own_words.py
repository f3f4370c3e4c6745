# SPDX-License-Identifier: EUPL-1.2
"""Whose words a text is: the engine's, as the explained assessment has them, or a person's own.

Words are compared without case, accents, punctuation, layout and invisible characters. Two things make a text not
somebody's own:

- :data:`RUN` words or more in a row stand so in the explanation; so a quoted article ("art. 16 lid 1 van de Participatiewet")
  is fine, and a copied sentence is not;
- too few words are left when every row of :data:`PIECE` words or more from the explanation is taken out; so sentences that
  were cut up and put together again are not a reason either.

What people said in the claim itself (judgements, effects, reasons) or in earlier decisions is no explanation, and may be
said again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

RUN = 8
"""So many words in a row from the explanation are copied, not quoted."""
PIECE = 4
"""So many words in a row from the explanation count as the engine's, not as the person's."""

_WORD = re.compile(r"[^\W_]+")
Gram = tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text without case, accents, punctuation, layout and invisible characters (soft hyphens, joiners)."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in ("Cf", "Mn"))
    return _WORD.findall(plain.casefold())


@dataclass(frozen=True, slots=True)
class Copied:
    """What of a text comes from the explanation: the first long row of words (empty: none), and the words that are left."""

    row: str
    left: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """The rows of words that stand in an explanation, of the two lengths that count."""

    runs: frozenset[Gram]
    pieces: frozenset[Gram]

    @classmethod
    def of(cls, told: Iterable[str]) -> Explained:
        """From the texts of an explanation."""
        found = [words(text) for text in told]
        return cls(*(frozenset(row for text in found for row in _rows(text, size)) for size in (RUN, PIECE)))

    def copied(self, text: str) -> Copied:
        """What of this text comes from the explanation."""
        found = words(text)
        row = next((" ".join(row) for row in _rows(found, RUN) if row in self.runs), "")
        taken: set[int] = set()
        for start, piece in enumerate(_rows(found, PIECE)):
            if piece in self.pieces:
                taken.update(range(start, start + PIECE))
        return Copied(row, tuple(word for place, word in enumerate(found) if place not in taken))


def texts_in(node: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for part in node.values():
            yield from texts_in(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from texts_in(part)


def _rows(found: list[str], size: int) -> Iterator[Gram]:
    return (tuple(found[start : start + size]) for start in range(len(found) - size + 1))
