# SPDX-License-Identifier: EUPL-1.2
"""The rationale as data: one object that every rendering reads, and that a case system gets as JSON.

Keys are camelCase, names of facts and outcomes stay as the rules have them. Amounts are text in euros. The order of
the keys is the order in which an explained decision is read. Same assessment, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import engine
from engine.passes.assess import Assessment
from engine.passes.first import UNDECIDED
from engine.rationale import facts, relevance, rules, second, stated, trace
from engine.rationale.lexicon import forms_told
from engine.rationale.told import Told, shown_with_period, truth_word
from engine.rationale.values import plain

DISCLAIMER = "Dit is een beoordeling in concept. Een professional weegt en besluit."


def rationale(assessment: Assessment, *, steps: bool = False) -> dict[str, Any]:
    """The explained assessment as plain data, ready for JSON. With ``steps`` the full trace of every rule is added."""
    told = Told(assessment)
    entries = _entries(told)
    found = _rationale(told, entries)
    if steps:
        found["stappen"] = [entries[key] if key in entries else rules.rule_entry(told, key) for key in trace.rules_of(told)]
    return found


def rationale_to_keep(assessment: Assessment) -> tuple[dict[str, Any], dict[str, Any]]:
    """The explained assessment, and what :func:`engine.rationale.trace.told_again` tells its full trace from."""
    told = Told(assessment)
    return _rationale(told, _entries(told)), trace.noted(told)


def _entries(told: Told) -> dict[str, dict[str, Any]]:
    """The rules that explain the result, by key, with what each did."""
    return {key: rules.rule_entry(told, key) for key in relevance.relevant_rules(told)}


def _rationale(told: Told, relevant: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    assessment, program = told.a, told.program
    used_amounts = amounts(told, relevant)
    law = program.laws.get(program.law)
    result: dict[str, Any] = {
        "aanspraak": program.claim,
        "titel": program.title,
        "soort": program.sort,
        "regeling": {"id": program.law, "naam": law.name if law else program.law, "bwb": law.bwb if law else None},
        "peildatum": told.day.isoformat(),
        "gemeente": assessment.claim.municipality,
        "status": "concept",
        "toelichting": DISCLAIMER,
        "uitkomst": assessment.first.result,
        "uitkomstTekst": result_text(told),
        "mogelijkeUitkomsten": list(assessment.first.possible),
        "regeluitkomst": stated.given_outcome(told),
        "waarden": values(told),
        "waarschuwingen": warnings(told, relevant, used_amounts),
        "beoogdeEffecten": facts.effects(told),
        "gegevens": facts.facts(told, relevant),
        "gronden": grounds(told),
        "regels": list(relevant.values()),
        "bedragen": used_amounts,
        "personen": stated.household(told),
        "effecten": stated.effects_of_options(told),
        "effectVragen": stated.effect_questions(told),
        "instrumenten": stated.evidence(told),
        "waardenVanDeWet": second.law_values(told),
        "aanleidingen": second.triggers(told),
        "opties": second.options(told),
        "deuren": [second.door(told, door) for door in assessment.second.doors],
        "intensiteit": stated.intensity(told),
        "toetsen": second.checks(told),
        "argumenten": second.arguments(told),
        "legeHoeken": list(assessment.second.empty_corners),
        "kosten": stated.costs(told),
        "signalen": second.signals(told),
        "precedenten": stated.precedents(told),
        "advies": second.advice(told),
        "ontbrekendeGegevens": [facts.question(told, question) for question in assessment.questions if not question.assumed],
        "vervolgvragen": [facts.question(told, question) for question in assessment.follow_up],
        "watAnders": [facts.change(change) for change in assessment.changes],
        "aannames": facts.assumptions(told),
        "nietTeBepalen": facts.not_determinable(told),
        "hoeVerder": second.what_next(told),
        "besluit": None,
        "woorden": [],
        "verantwoording": account(told),
    }
    result["woorden"] = words(told, result)
    return result


def result_text(told: Told) -> str:
    """The outcome in one sentence."""
    first = told.a.first
    if told.a.claim.stated.outcome is not None:
        return f"Deze uitkomst komt van elders: {told.a.claim.stated.outcome.source}."
    if first.result in UNDECIDED:
        return UNDECIDED[first.result]
    return (
        next((rung.text for rung in told.program.ladder if rung.result == first.result), "")
        or f"De uitkomst van de regels is: {first.result}."
    )


def values(told: Told) -> list[dict[str, Any]]:
    """The values that belong to the outcome, each with the rule that gave it."""
    indicative = {name for rung in told.program.ladder if rung.result in told.a.first.possible for name in rung.indicative}
    found = []
    for name, value in told.a.first.values.items():
        outcome = told.outcomes[name]
        applied = next((rule for rule in outcome.rules for trace in told.a.state.traces.get(rule.key, ()) if trace.holds is True), None)
        found.append(
            {
                "naam": told.short[name],
                "waarde": plain(value, outcome.kind),
                "soort": str(outcome.kind),
                "getoond": shown_with_period(value, outcome.kind),
                "regel": applied.id if applied else None,
                "terIndicatie": name in indicative,
            }
        )
    return found


def warnings(told: Told, relevant: Iterable[str], amounts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is not fixed, not read, not covered or retroactive among the rules that count, each with its sources."""
    found: list[dict[str, Any]] = []
    grounds = told.a.first.ground_rules
    for version in told.program.versions:
        if version.status != "vastgesteld":
            text = f"De regels `{version.ruleset}` (versie {version.valid_from}) zijn nog niet vastgesteld."
            sources = told.sources(None, version.ruleset.split("/")[0], version.note)
            found.append({"code": "concept", "tekst": text + (f" {version.note}" if version.note else ""), "bronnen": sources})
    for key in relevant:
        rule = told.rules[key]
        info = told.program.rules[rule.id]
        if all(trace.holds is False for trace in told.a.state.traces[key]) and rule.id not in grounds:
            continue
        if info.decl.status == "te verifieren":
            found.append(
                {
                    "code": "te verifieren",
                    "regel": rule.id,
                    "tekst": f"De regel {rule.id} ({info.decl.source}) is nog niet in de wettekst nagelezen.",
                    "bronnen": [told.source(info.decl.source, info.law)],
                }
            )
        if info.decl.not_covered:
            found.append(
                {
                    "code": "niet gedekt",
                    "regel": rule.id,
                    "tekst": f"{rule.id} ({info.decl.source}): {info.decl.not_covered}",
                    "bronnen": told.sources(info.decl.source, info.law, info.decl.not_covered),
                }
            )
        if info.decl.known_from is not None and told.day < info.decl.known_from:
            text = f"De regel {rule.id} ({info.decl.source}) werd pas bekend op {info.decl.known_from} en werkt terug tot {info.version}."
            sources = [told.source(info.decl.source, info.law)]
            found.append({"code": "terugwerkend", "regel": rule.id, "tekst": text, "bronnen": sources})
    for amount in amounts:
        if amount["status"] == "te verifieren":
            note = f" {amount['opmerking']}" if amount["opmerking"] else ""
            found.append(
                {
                    "code": "te verifieren",
                    "bedrag": amount["id"],
                    "tekst": f"Het bedrag {amount['id']} ({amount['bron']}) is nog niet geverifieerd.{note}",
                    "bronnen": told.sources(amount["bron"], told.program.amounts[amount["id"]].law, note),
                }
            )
    for version in told.program.versions:
        if version.known_from is not None and told.day < version.known_from:
            found.append(
                {
                    "code": "terugwerkend",
                    "tekst": f"De versie {version.valid_from} van `{version.ruleset}` werd pas bekend op {version.known_from}.",
                    "bronnen": [],
                }
            )
    return list({(item["code"], item["tekst"]): item for item in found}.values())


def grounds(told: Told) -> list[dict[str, Any]]:
    """What blocks or may block, with its articles."""
    return [
        {
            "regels": list(item.rules),
            "soort": item.ground.role,
            "persoon": item.ground.person,
            "lijst": item.ground.list,
            "uitkomst": truth_word(item.truth),
            "bepaalt": told.short.get(item.ground.outcome, item.ground.outcome),
            "teksten": [text for rule in item.rules if (text := _explained(told, rule, item.ground.role == "weigeringsgrond"))],
            "bronnen": [source for rule in item.rules if (source := stated.ground_source(told, rule)) is not None],
        }
        for item in told.a.first.grounds
    ]


def _explained(told: Told, rule: str, holds: bool) -> str | None:
    info = told.program.rules.get(rule)
    if info is None:
        return None
    return info.decl.explanation.true if holds else info.decl.explanation.false


def amounts(told: Told, relevant: Iterable[str]) -> list[dict[str, Any]]:
    """The amounts that were used, with source and the day from which each holds."""
    used = dict.fromkeys(amount for key in relevant for amount in told.read(key).amounts)
    found = []
    for name in used:
        amount = told.program.amounts[name]
        entry = amount.at(told.day)
        value = told.a.state.amounts[name]
        found.append(
            {
                "id": name,
                "omschrijving": amount.decl.description,
                "waarde": plain(value, amount.kind),
                "getoond": shown_with_period(value, amount.kind),
                "bron": amount.decl.source,
                "verwijzing": told.source(amount.decl.source, amount.law),
                "geldigVanaf": entry.valid_from.isoformat() if entry else None,
                "status": entry.status if entry else "niet ingevoerd",
                "opmerking": entry.note if entry else None,
            }
        )
    return found


def words(told: Told, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The words that this rationale tells and that the laws at hand explain, each once, in the order of the alphabet."""
    lexicon = told.index.lexicon
    return [
        {
            "woord": decl.word,
            "vormen": list(decl.forms),
            "uitleg": decl.explanation,
            "bron": told.source(decl.source, law) if decl.source is not None else None,
            "status": decl.status if decl.source is not None else None,
        }
        for _, decl, law, _ in lexicon.explained(forms_told(lexicon, data), told.day)
    ]


def account(told: Told) -> dict[str, Any]:
    """Which engine, which rules, which versions and why those."""
    return {
        "regelmotor": f"toetssteen {engine.__version__}",
        "regelbestand": told.a.rulebook_hash,
        "versies": [
            {
                "regelset": version.ruleset,
                "titel": version.title,
                "geldigVanaf": version.valid_from.isoformat(),
                "geldigTot": version.valid_until.isoformat() if version.valid_until else None,
                "bekendVanaf": version.known_from.isoformat() if version.known_from else None,
                "status": version.status,
                "waarom": _why_version(version.valid_from, version.valid_until, told.day),
            }
            for version in told.program.versions
        ],
    }


def _why_version(valid_from: date, valid_until: date | None, day: date) -> str:
    until = f" en voor {valid_until}" if valid_until else ""
    return f"de peildatum {day} ligt op of na {valid_from}{until}"
