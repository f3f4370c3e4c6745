# SPDX-License-Identifier: EUPL-1.2
"""Facts, assumptions and questions of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.model.claim import Given, Standing
from engine.model.kinds import Base
from engine.model.program import Fact
from engine.model.values import GEEN, CauseKind
from engine.passes.ask import Question
from engine.passes.paths import fact_at
from engine.passes.whatif import Change, Difference
from engine.rationale.told import Told, shown_with_period
from engine.rationale.values import plain, show
from engine.rationale.wording import whose


def effects(told: Told) -> list[dict[str, Any]]:
    """The wanted effects, as stated."""
    return [
        {
            "persoon": effect.person,
            "leefgebied": effect.domain,
            "omschrijving": effect.words,
            "termijn": effect.term,
            "gesteldDoor": effect.by,
            "gesteldOp": effect.day.isoformat(),
            "waarde": effect.value,
            "naUitkomst": effect.after_outcome,
        }
        for effect in told.a.claim.effects
    ]


def facts(told: Told, relevant: Iterable[str]) -> list[dict[str, Any]]:
    """The given facts, each with its origin and whether it counted."""
    read = {path for key in relevant for path in told.read(key).paths} | told.read_by_second_pass()
    lists = {path for path in read if path in told.program.lists} | {told.rules[key].list for key in relevant}
    found = []
    for path, given in told.a.claim.given.items():
        fact = fact_at(told.program, path)
        if fact.kind.base is Base.LIST and given.value is not GEEN:
            counts = path in lists
            found.append(_fact(told, given, fact, counts=counts))
            for row in told.a.claim.items.get(path, ()):
                found += [_fact(told, item, fact_at(told.program, item.path), counts=counts) for item in row.values()]
        elif fact.kind.base is not Base.GROUP or given.value is GEEN:
            found.append(_fact(told, given, fact, counts=path in read))
    return found


def assumptions(told: Told) -> list[dict[str, Any]]:
    """What was assumed, and whether the outcome rests on it."""
    decisive = {question.path for question in told.a.questions if question.assumed}
    return [
        {
            "naam": path,
            "waarde": plain(told.a.state.facts[path], told.program.facts[path].kind),
            "getoond": show(told.a.state.facts[path], told.program.facts[path].kind),
            "vraag": told.program.facts[path].decl.question,
            "bron": told.source_of(told.program.facts[path]),
            "draagtUitkomst": path in decisive,
        }
        for path in told.a.claim.assumed
    ]


def question(told: Told, question: Question) -> dict[str, Any]:
    """One question of the ask plan."""
    fact = question.fact
    name = question.path
    return {
        "naam": name,
        "soort": question.kind.value,
        "vraag": fact.decl.question or f"Wat is `{name}`?",
        "toelichting": fact.decl.explanation,
        "bron": told.source_of(fact),
        "verwacht": str(fact.kind),
        "keuzes": list(fact.kind.choices),
        "wie": question.source,
        "rollen": list(fact.decl.judged_by),
        "herkomst": fact.decl.origin,
        "beslissend": "beslissend" if question.decisive else "samen beslissend",
        "beslissendBij": [{"antwoord": show(value, fact.kind), "uitkomst": result} for value, result in question.settling],
    }


def change(found: Change) -> dict[str, Any]:
    """A smallest change that would give another outcome: an explanation, no advice."""
    differences = [_difference(difference) for difference in found.differences]
    parts = [f"{_words(entry['naam'])} {entry['grens'] + ' ' if entry['grens'] else ''}{entry['anders']} was" for entry in differences]
    now = " en ".join(entry["nu"] for entry in differences)
    text = f"Als {' en '.join(parts)} (nu {now}), dan was de uitkomst van de regels: {found.result.replace('_', ' ')}."
    return {"uitkomst": found.result, "tekst": text, "verschillen": differences}


def _words(name: str) -> str:
    """A fact as words, with whose it is behind it."""
    owner = whose(name)
    about = f" ({owner.lower()})" if owner else ""
    return name.rpartition(".")[2].replace("_", " ") + about


def _difference(difference: Difference) -> dict[str, Any]:
    now, answer, kind = difference.now, difference.answer, difference.fact.kind
    limit = None
    if difference.limit and isinstance(now, int) and isinstance(answer, int):
        limit = "hoogstens" if answer < now else "ten minste"
    return {
        "naam": difference.path,
        "vraag": difference.fact.decl.question,
        "nu": shown_with_period(now, kind),
        "anders": shown_with_period(answer, kind),
        "grens": limit,
    }


def not_determinable(told: Told) -> list[dict[str, Any]]:
    """What no answer can mend: amounts, rules or fillings that are not entered."""
    words: dict[CauseKind, str] = {
        CauseKind.AMOUNT: "het bedrag voor {} is niet ingevoerd voor deze datum",
        CauseKind.RULE: "geen regel bepaalt {}",
        CauseKind.FILLING: "{}",
        CauseKind.CALENDAR: "de kalender gaat niet ver genoeg: {}",
        CauseKind.ARITHMETIC: "de berekening kan niet: {}",
    }
    return [
        {
            "soort": cause.kind.value,
            "naam": told.short.get(cause.ref, cause.ref),
            "tekst": "Niet te bepalen: " + words[cause.kind].format(_named(told, cause.kind, cause.ref)) + ".",
            "bron": _where(told, cause.kind, cause.ref),
        }
        for cause in sorted(told.a.first.causes)
        if cause.kind in words
    ]


def _named(told: Told, kind: CauseKind, ref: str) -> str:
    if kind is CauseKind.AMOUNT and ref in told.program.amounts:
        decl = told.program.amounts[ref].decl
        return f"{decl.description or ref} ({decl.source})"
    if kind is CauseKind.FILLING:
        return _not_filled(told, ref)
    return told.short.get(ref, ref)


def _where(told: Told, kind: CauseKind, ref: str) -> dict[str, Any] | None:
    """The article of the amount or the open term that is empty."""
    if kind is CauseKind.AMOUNT and ref in told.program.amounts:
        return told.source(told.program.amounts[ref].decl.source, told.program.amounts[ref].law)
    if kind is CauseKind.FILLING:
        return told.source(told.program.rules[ref].decl.source, told.program.rules[ref].law)
    return None


def _not_filled(told: Told, rule: str) -> str:
    """Which open term is empty, by whose silence, and what the law asks there."""
    decl, claim = told.program.rules[rule].decl, told.a.claim
    assert decl.open_to is not None
    who = (
        f"gemeente {claim.municipality} heeft dat voor {claim.version_day} niet gedaan"
        if claim.municipality
        else "er is geen gemeente opgegeven"
    )
    bounds = [
        f"{word} {bound}"
        for word, bound in (("ten minste", decl.open_to.minimum), ("ten hoogste", decl.open_to.maximum))
        if bound is not None
    ]
    asked = ", ".join([str(decl.kind), *bounds])
    question = decl.open_to.question
    by = f", minstens bij {decl.open_to.rank}," if decl.open_to.rank else ""
    name = decl.title or decl.decides.replace("_", " ")
    return f"{name} ({decl.source}) vult de gemeente zelf in{by} en {who}; gevraagd: {f'{question} ({asked})' if question else asked}"


def _fact(told: Told, given: Given, fact: Fact, *, counts: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "naam": given.path,
        "waarde": plain(given.value, fact.kind),
        "getoond": shown_with_period(given.value, fact.kind),
        "vraag": fact.decl.question,
        "bron": told.source_of(fact),
        "stand": given.standing.value,
        "teltMee": counts,
        "herkomst": given.origin,
        "datum": given.day.isoformat() if given.day else None,
    }
    if given.standing is Standing.JUDGED:
        carried = next((found for found in told.a.carried if found.path == given.path), None)
        entry |= {"door": given.by, "rol": given.role, "reden": given.reason, "toelichting": fact.decl.explanation}
        entry |= {"draagtUitkomst": carried is not None, "draagtGronden": list(carried.grounds) if carried is not None else []}
    return entry
