# SPDX-License-Identifier: EUPL-1.2
"""The burgerservicenummer (BSN): checked where it comes in, and never shown.

Elfproef: nine digits, of which 9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h - i is a multiple of eleven (Logisch Ontwerp BSN).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIGITS = re.compile(r"[0-9]{9}")
_WEIGHTS: Sequence[int] = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class InvalidBsn(ValueError):
    """This is no BSN. The message never holds what was given."""

    def __init__(self) -> None:
        super().__init__("Dit is geen burgerservicenummer: het heeft negen cijfers en voldoet aan de elfproef.")


class Bsn:
    """A checked BSN. Text, ``repr``, logs and errors show stars; only :attr:`digits` gives the number."""

    __slots__ = ("digits",)

    def __init__(self, text: str) -> None:
        if not is_bsn(text):
            raise InvalidBsn
        self.digits = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bsn) and other.digits == self.digits

    def __hash__(self) -> int:
        return hash(self.digits)

    def __repr__(self) -> str:
        return "Bsn(*********)"


def is_bsn(text: str) -> bool:
    """Whether a text is nine digits that pass the elfproef (nine zeros do not)."""
    if not _DIGITS.fullmatch(text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True))
    return total % 11 == 0 and text != "000000000"
