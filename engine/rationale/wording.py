# SPDX-License-Identifier: EUPL-1.2
"""Names of the rules as people say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

ITEM = re.compile(r"([a-z0-9_]+)\[(\d+)\](?:\.(.+))?")
"""The path of a list item or of a fact in it: `kinderen[0].geboortedatum`."""

UNREAD = " (nog niet nagelezen)"
"""What stands behind an explanation whose article nobody read yet."""

_SIGNS = ((">=", "≥"), ("<=", "≤"), (" * ", " maal "))
_HEADS = (
    (re.compile(r"\been\((\w+) waar "), r"een van de \1 ("),
    (re.compile(r"\b(alle|aantal)\((\w+) waar "), r"\1 \2 ("),
    (re.compile(r"\b(aantal|een)\((\w+)\)"), r"\1 \2"),
)


def capital(text: str) -> str:
    """A sentence with its first letter large, and the rest as it is."""
    return text[:1].upper() + text[1:]


def words(name: str) -> str:
    """A name of the rules as words: `aantal_kostendelers` is `Aantal kostendelers`."""
    return capital(name.replace("_", " ").replace(".", ", "))


def how_many(number: int, one: str, many: str) -> str:
    """A number with its word: `1 zaak`, `2 zaken`, `0 zaken`."""
    return f"{number} {one if number == 1 else many}"


def whose(name: str) -> str:
    """The person or item that a name belongs to, in words; empty for the case itself."""
    if match := ITEM.fullmatch(name):
        return f"{words(match[1])} {int(match[2]) + 1}"
    owner = name.rpartition(".")[0]
    return words(owner) if owner and "(" not in owner else ""


def line(text: str) -> str:
    """A line of a rule for reading aloud: no underscores, and signs as people write them."""
    for sign, shown in _SIGNS:
        text = text.replace(sign, shown)
    for head, shown in _HEADS:
        text = head.sub(shown, text)
    return text.replace("_", " ").replace("zaak.", "")


_FLIPPED = {"waar": "onwaar", "onwaar": "waar"}
_COUPLED = re.compile(r" (en|of) ")


def without_not(truth: str, text: str) -> tuple[str, str]:
    """A condition and its truth without a double negation: `niet gehuwden: onwaar` is `gehuwden: waar`, which counts at no."""
    asked = text.removeprefix("niet ")
    if asked == text or truth not in _FLIPPED or _COUPLED.search(asked):
        return truth, text
    return _FLIPPED[truth], f"{asked} (telt bij nee)"


_WHOLE = {"alle": "alle van deze", "een van": "een van deze", "geen van": "geen van deze"}


def condition_words(node: Mapping[str, Any]) -> tuple[str, str]:
    """A condition of a rationale as it is told: its truth and its words, without signs or a double negation."""
    truth, text = node["uitkomst"], node["tekst"] or "samengestelde voorwaarde"
    if node.get("delen") is not None:
        return truth, line(_WHOLE.get(text, text))
    truth, text = without_not(truth, text)
    return truth, line(text)


STEPS = (None, "begripsbepaling")
"""The roles of a rule on the way to the outcome, which neither gives nor blocks anything itself."""

CARRYING = "Oordelen waarop deze nadelige uitkomst rust; ga na of ze voor deze persoon nu kloppen"


def carrying(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The judgements that a burdening outcome rests on."""
    return [fact for fact in data["gegevens"] if fact.get("draagtUitkomst")]
