# SPDX-License-Identifier: EUPL-1.2
"""Names of the rules as people say them."""

from __future__ import annotations

import re

ITEM = re.compile(r"([a-z0-9_]+)\[(\d+)\](?:\.(.+))?")
"""The path of a list item or of a fact in it: `kinderen[0].geboortedatum`."""


def words(name: str) -> str:
    """A name of the rules as words: `aantal_kostendelers` is `Aantal kostendelers`."""
    text = name.replace("_", " ").replace(".", ", ")
    return text[:1].upper() + text[1:]


def whose(name: str) -> str:
    """The person or item that a name belongs to, in words; empty for the case itself."""
    if match := ITEM.fullmatch(name):
        return f"{words(match[1])} {int(match[2]) + 1}"
    owner = name.rpartition(".")[0]
    return words(owner) if owner and "(" not in owner else ""
