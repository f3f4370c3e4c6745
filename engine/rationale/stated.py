# SPDX-License-Identifier: EUPL-1.2
"""What people stated and what was laid beside it: a given outcome, effects, costs, evidence, earlier decisions, intensity."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from engine.model.kinds import Base
from engine.model.statements import GivenGround
from engine.model.values import Unknown
from engine.passes.costs import Interval
from engine.passes.paths import fact_at
from engine.passes.precedents import Likeness
from engine.rationale.told import Told, truth_word
from engine.rationale.values import euro, plain, show
from engine.rationale.wording import ITEM


def given_outcome(told: Told) -> dict[str, Any] | None:
    """The rule outcome from elsewhere, and what was not done here."""
    outcome = told.a.claim.stated.outcome
    if outcome is None:
        return None
    return {
        "uitkomst": outcome.result,
        "belastend": outcome.burdening,
        "bron": outcome.source,
        "datum": outcome.day.isoformat() if outcome.day else None,
        "gronden": [_given_ground(told, ground) for ground in outcome.grounds],
        "toelichting": (
            "De regels zijn hier niet toegepast: de uitkomst en haar gronden komen van elders, en aangenomen is dat alle gronden "
            "zijn genoemd. Wat alleen uit de regels kan blijken, is onbekend."
        ),
    }


def _given_ground(told: Told, ground: str | GivenGround) -> dict[str, Any]:
    if isinstance(ground, GivenGround):
        source = told.stated_source(ground.source, told.program.law)
        return {"id": ground.id, "titel": None, "bron": source, "niveau": ground.level, "inRegels": False}
    declared = told.program.second.grounds.get(ground)
    if declared is not None:
        law, decl = declared
        return {"id": ground, "titel": decl.title, "bron": told.source(decl.source, law), "niveau": decl.level, "inRegels": True}
    info = told.program.rules[ground]
    return {
        "id": ground,
        "titel": info.decl.title,
        "bron": told.source(info.decl.source, info.law),
        "niveau": info.decl.level,
        "inRegels": True,
    }


def ground_source(told: Told, name: str) -> dict[str, Any] | None:
    """Where a ground stands: in a rule, among the declared grounds, or as the given outcome wrote it out."""
    info = told.program.rules.get(name)
    if info is not None:
        return told.source(info.decl.source, info.law)
    if (declared := told.program.second.grounds.get(name)) is not None:
        return told.source(declared[1].source, declared[0])
    outcome = told.a.claim.stated.outcome
    written = (
        next((ground for ground in outcome.grounds if isinstance(ground, GivenGround) and ground.id == name), None) if outcome else None
    )
    return told.stated_source(written.source, told.program.law) if written is not None else None


def intensity(told: Told) -> dict[str, Any] | None:
    """How closely the outcome is to be weighed."""
    seen = told.a.second.intensity
    if seen is None:
        return None
    if seen.row is None:
        return {"uitkomst": None, "tekst": None, "bron": None, "mogelijk": list(seen.possible), "rustOp": told.causes(Unknown(seen.causes))}
    source = told.source(seen.row.source, seen.law)
    return {"uitkomst": seen.row.result, "tekst": seen.row.text, "bron": source, "mogelijk": [], "rustOp": []}


def household(told: Told) -> list[dict[str, Any]]:
    """Who is in the household, minors first, each with a name as people say it."""
    return [
        {"wie": member.whom, "getoond": _called(told, member.whom), "minderjarig": truth_word(member.minor)}
        for member in told.a.second.household
    ]


def _called(told: Told, whom: str) -> str:
    """A person as people say it: `kinderen[0]` is `kind 1`, `partner` is `de partner`."""
    match = ITEM.fullmatch(whom)
    name = f"{told.program.lists[match[1]].group} {int(match[2]) + 1}" if match else f"de {whom}"
    return name.replace("_", " ")


def effects_of_options(told: Told) -> list[dict[str, Any]]:
    """What people say that an option does to somebody."""
    return [effect.model_dump(mode="json", by_alias=True) for effect in told.a.claim.stated.effects]


def effect_questions(told: Told) -> list[dict[str, Any]]:
    """Of whom nobody said yet what the outcome means; minors first."""
    return [
        {
            "optie": question.option,
            "wie": question.whom,
            "minderjarig": truth_word(question.minor),
            "vraag": f"Wat betekent deze uitkomst voor {_called(told, question.whom)}, nu en later?",
            "aan": "professional",
        }
        for question in told.a.second.effect_questions
    ]


def evidence(told: Told) -> list[dict[str, Any]]:
    """Evidence for a need; it opens and closes no door."""
    return [item.model_dump(mode="json", by_alias=True) for item in told.a.claim.stated.evidence]


def costs(told: Told) -> list[dict[str, Any]]:
    """Per option what it costs and saves, between two bounds, and who pays; `goedkoperDan` only without overlap."""
    return [
        {
            "optie": one.option,
            "regels": [
                {
                    "post": item.id,
                    "omschrijving": item.decl.description,
                    "eenheid": item.decl.unit,
                    "aantal": str(line.number),
                    "richting": line.direction,
                    "betaler": line.payer or item.decl.payer,
                    **_interval(interval),
                    "jaar": item.decl.year,
                    "regio": item.decl.region,
                    "bron": item.decl.source,
                    "status": item.decl.status,
                    "letOp": item.decl.caution,
                    "gesteldDoor": line.by,
                    "gesteldOp": line.day.isoformat(),
                }
                for line, item, interval in one.lines
            ],
            "perBetaler": [{"betaler": payer, **_interval(interval)} for payer, interval in one.payers.items()],
            **_interval(one.total),
            "goedkoperDan": list(one.cheaper_than),
        }
        for one in told.a.second.costs
    ]


def _interval(interval: Interval) -> dict[str, str]:
    low, high = _cents(interval.low), _cents(interval.high)
    return {"laag": _euros(low), "hoog": _euros(high), "getoond": f"{euro(low)} tot {euro(high)}" if low != high else euro(low)}


def _cents(value: Fraction) -> int:
    """Whole cents, half up."""
    return (value + Fraction(1, 2)).__floor__()


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def stars(told: Told) -> Mapping[str, dict[str, Any]]:
    """Per value the stars that the ordinance gives it."""
    return {value: {"aantal": star.count, "bron": star.source, "verordening": star.title} for value, star in told.a.second.stars.items()}


def precedents(told: Told) -> dict[str, Any] | None:
    """The nearest earlier decisions with the same grounds and door; None where there was nothing to compare with."""
    compared = told.a.second.compared
    if compared is None:
        return None
    return {
        "aantal": compared.count,
        "afgeweken": _likeness(told, compared.granted),
        "nietAfgeweken": _likeness(told, compared.refused),
        "terugkerend": [{"deur": door, "aantal": count} for door, count in compared.recurring.items()],
    }


def _likeness(told: Told, found: Likeness | None) -> dict[str, Any] | None:
    if found is None:
        return None
    precedent = found.precedent
    return {
        "id": precedent.id,
        "datum": precedent.day.isoformat(),
        "gronden": list(precedent.grounds),
        "deur": precedent.door,
        "motief": precedent.motive,
        "gelijk": [_compared(told, name, found) for name in found.same],
        "anders": [_compared(told, name, found) for name in found.different],
        "onbekend": [_compared(told, name, found) for name in found.unknown],
        "verschil": found.explained,
    }


def _compared(told: Told, name: str, found: Likeness) -> dict[str, Any]:
    kind = fact_at(told.program, name).kind
    value = told.a.state.facts[name]
    then = found.precedent.signals[name]
    return {"naam": name, "toen": then, "nu": plain(value, kind), "getoond": show(value, kind) if kind.base is not Base.LIST else None}
