# SPDX-License-Identifier: EUPL-1.2
"""On which day people said what stands in a claim: judgements, wanted effects and statements.

The day of a plain fact is that of its source and is not among them: a contract can be shown before it begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from engine.model.claim import Claim, Standing
from engine.model.problems import pointer_to
from engine.model.statements import Statements

_EFFECT = "Er is een effect genoemd"
_STATED: Mapping[str, str] = {
    "doors": "Er is een deur genoemd",
    "options": "Er is een optie toegevoegd",
    "effects": _EFFECT,
    "costs": "Er zijn kosten genoemd",
    "evidence": "Er is een instrument ingevuld",
    "distinguished": "Er is een verschil met een eerder besluit genoemd",
}
"""What it means that something stands in a list of :class:`Statements`."""


def said(claim: Claim) -> Iterator[tuple[str, date]]:
    """Everything in a claim that somebody said on a day: a sentence in Dutch that a day can follow, and the day."""
    for effect in claim.effects:
        yield _EFFECT, effect.day
    for what, day, _ in stated_days(claim.stated):
        yield what, day
    for given in (*claim.given.values(), *(given for rows in claim.items.values() for row in rows for given in row.values())):
        if given.standing is Standing.JUDGED and given.day is not None:
            yield "Er is geoordeeld", given.day


def stated_days(stated: Statements) -> Iterator[tuple[str, date, str]]:
    """The same of the statements alone, each with the JSON pointer of its day."""
    if stated.outcome is not None and stated.outcome.day is not None:
        yield "Elders is besloten", stated.outcome.day, "/regeluitkomst/datum"
    for name, what in _STATED.items():
        key = Statements.model_fields[name].alias or name
        for index, item in enumerate(getattr(stated, name)):
            day = type(item).model_fields.get("day")
            if day is not None:  # a load or a strength has none
                yield what, item.day, pointer_to((key, index, day.alias or "day"))
