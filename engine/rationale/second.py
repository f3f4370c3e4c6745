# SPDX-License-Identifier: EUPL-1.2
"""The reversed test of a case: values, triggers, options, doors, checks, arguments, signals, advice."""

from __future__ import annotations

from typing import Any

from engine.language.sources import ruling_link
from engine.model import tree
from engine.model.values import Unknown
from engine.passes.second import INVESTIGATE, PROFESSIONAL
from engine.passes.seen import DoorSeen
from engine.rationale.stated import stars
from engine.rationale.told import Told, truth_word


def law_values(told: Told) -> list[dict[str, Any]]:
    """What the law is for, with the stars of the ordinance."""
    weights = stars(told)
    return [
        {
            "id": decl.id,
            "soort": decl.sort,
            "tekst": decl.text,
            "bron": told.source(decl.source, law),
            "status": decl.status,
            "sterren": weights.get(decl.id),
        }
        for law, decl in told.program.second.values
    ]


def triggers(told: Told) -> list[dict[str, Any]]:
    """Every trigger with its truth."""
    return [
        {
            "id": item.trigger.decl.id,
            "tekst": item.trigger.decl.text,
            "uitkomst": truth_word(item.truth),
            "bron": told.source(item.trigger.decl.source, item.trigger.law),
        }
        for item in told.a.second.triggers
    ]


def options(told: Told) -> list[dict[str, Any]]:
    """The ways to act, in neutral order."""
    named = {door.door.decl.id for door in told.a.second.doors if door.named is not None}
    return [
        {
            "id": option.id,
            "soort": option.sort,
            "tekst": option.text,
            "bron": _source(told, option.source, option.law, stated=option.added_by is not None or option.door in named),
            "stand": option.state,
            "binnenRegels": option.within_rules,
            "deur": option.door,
            "regel": option.rule,
            "toegevoegdDoor": option.added_by,
        }
        for option in told.a.second.options
    ]


def _source(told: Told, text: str, law: str, *, stated: bool) -> dict[str, Any]:
    """A source in the rules, or one that somebody wrote in the claim."""
    return told.stated_source(text, law) if stated else told.source(text, law)


def door(told: Told, door: DoorSeen) -> dict[str, Any]:
    """One door, condition by condition."""
    decl = door.door.decl
    return {
        "id": decl.id,
        "titel": decl.title,
        "bron": _source(told, decl.source, door.door.law, stated=door.named is not None),
        "status": decl.status,
        "soort": decl.sort,
        "niveau": decl.level,
        "geldigVanaf": decl.valid_from.isoformat(),
        "geldigTot": decl.valid_until.isoformat() if decl.valid_until else None,
        "stand": door.state,
        "heftOp": list(door.lifts),
        "steltBij": list(door.tunes),
        "genoemdDoor": _named(door),
        "uitgesloten": _lines(told, door.door.excluded),
        "voorwaarden": _lines(told, door.door.when),
        "bewijs": {"wie": decl.proof.who, "wat": decl.proof.what, "daarna": decl.proof.then} if decl.proof else None,
        "wegingIngebouwd": decl.weighing_built_in,
        "richting": decl.direction,
        "bevoegd": list(decl.authority),
        "gehoudenDoor": decl.held_by,
        "elders": door.door.elsewhere,
        "rechtspraak": [
            {
                "datum": case.date.isoformat(),
                "ecli": case.ecli,
                "link": ruling_link(case.ecli),
                "strekking": case.meaning,
                "status": case.status,
            }
            for case in (*((decl.widened_from,) if decl.widened_from else ()), *decl.case_law)
            if case.date <= told.day
        ],
        "nietGedekt": decl.not_covered,
    }


def _named(door: DoorSeen) -> dict[str, Any] | None:
    """Who named a door that is not in rules, and what would show whether it stands open."""
    named = door.named
    if named is None:
        return None
    return {
        "door": named.by,
        "rol": named.role,
        "datum": named.day.isoformat(),
        "reden": named.reason,
        "vraag": named.question,
        "aan": named.asked_of,
    }


def _lines(told: Told, criterion: tree.Criterion) -> dict[str, Any] | None:
    """A criterion of the second pass line by line, each with its truth."""
    if isinstance(criterion, tree.Const):
        return None
    return _evaluated(told, criterion)


def _evaluated(told: Told, criterion: tree.Criterion) -> dict[str, Any]:
    truth = truth_word(told.a.compiled.test(criterion)(told.a.state))
    match criterion:
        case tree.Line(text=text):
            return {"tekst": text, "uitkomst": truth}
        case tree.And(children=children):
            return {"tekst": "alle", "uitkomst": truth, "delen": [_evaluated(told, child) for child in children]}
        case tree.Or(children=children):
            return {"tekst": "een van", "uitkomst": truth, "delen": [_evaluated(told, child) for child in children]}
        case tree.Not(child=tree.Or(children=children)):
            return {"tekst": "geen van", "uitkomst": truth, "delen": [_evaluated(told, child) for child in children]}
    return {"tekst": "", "uitkomst": truth}


def checks(told: Told) -> list[dict[str, Any]]:
    """The questions of proportionality and ethics with their answers."""
    return [
        {
            "id": item.check.decl.id,
            "soort": item.check.decl.sort,
            "vraag": item.check.decl.question,
            "antwoord": {"waar": "ja", "onwaar": "nee"}.get(truth_word(item.answer), "onbekend"),
            "gegeven": item.check.decl.fact,
            "bijNee": item.check.decl.if_no,
            "blokkeert": item.check.decl.blocks,
            "bron": told.source(item.check.decl.source, item.check.law),
        }
        for item in told.a.second.checks
    ]


def arguments(told: Told) -> list[dict[str, Any]]:
    """For and against."""
    return [
        {
            "id": item.decl.id,
            "richting": item.decl.direction,
            "optie": item.decl.option,
            "tekst": item.decl.text,
            "bron": told.source(item.decl.source, item.law),
            "waarden": list(item.decl.values),
            "hoek": item.decl.corner,
        }
        for item in told.a.second.arguments
    ]


def signals(told: Told) -> list[dict[str, Any]]:
    """What to tell beside the outcome."""
    return [
        {"id": item.decl.id, "tekst": item.decl.text, "bron": told.source(item.decl.source, item.law), "status": item.decl.status}
        for item in told.a.second.signals
    ]


def advice(told: Told) -> dict[str, Any]:
    """The advice in concept, and what it still rests on."""
    second = told.a.second
    texts = {row.decl.result: row.decl.text for row in told.program.second.advice}
    texts |= {key: text for key, text in told.program.second.wordings.items() if key in (INVESTIGATE, PROFESSIONAL)}
    return {
        "resultaat": second.advice,
        "tekst": second.advice_row.text if second.advice_row is not None else texts.get(second.advice, ""),
        "mogelijk": list(second.possible),
        "redenGezien": truth_word(second.reason_seen),
        "rustOp": told.causes(Unknown(second.causes)) if second.causes else [],
        "uitzonderingenOpen": [_open_exception(told, key, number) for key, number in second.open_exceptions],
    }


def _open_exception(told: Told, key: str, number: int) -> dict[str, str]:
    rule = told.rules[key]
    texts = [node.text for node in tree.walk(rule.exceptions[number]) if isinstance(node, tree.Line)]
    return {"regel": rule.id, "uitzondering": "; ".join(texts)}


def what_next(told: Told) -> dict[str, Any]:
    """How it goes on: a fixed sentence with the articles that it names, and what somebody must still do."""
    text = told.program.second.wordings.get("hoe_verder", "")
    return {"tekst": text, "bronnen": told.sources(None, told.program.law, text), "plichten": duties(told)}


def duties(told: Told) -> list[dict[str, Any]]:
    """What somebody must still do: rules with ``rol: plicht`` that hold."""
    found = []
    for key, traces in told.a.state.traces.items():
        if key not in told.index.duties or not any(trace.holds is True for trace in traces):
            continue
        rule = told.rules[key]
        info = told.program.rules[rule.id]
        text = info.decl.explanation.true or told.short[rule.outcome].replace("_", " ")
        found.append({"regel": rule.id, "wie": info.decl.duty_of, "tekst": text, "bron": told.source(info.decl.source, info.law)})
    return found
