# SPDX-License-Identifier: EUPL-1.2
"""Intake: a claim as JSON or YAML, checked against the declarations of the facts; all mistakes at once, each with its pointer.

Absent is unknown. ``null`` is refused. ``"geen"`` is a value only where the fact `mag ontbreken`. A judgement comes
with who, role, date and reason; a bare value for it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.language.kinds import LiteralError, parse_date
from engine.language.library import GENERAL
from engine.model.claim import LIFE_DOMAINS, Claim, Received, WantedEffect
from engine.model.problems import choose, escape, meant, nearest, pointer_to, unknown_keys
from engine.model.program import Program
from engine.model.statements import STATEMENT_KEYS
from engine.passes.complete import complete_facts
from engine.passes.facts_given import MAX_ITEMS, read_fact, read_facts
from engine.passes.mistakes import Intake, Mistakes
from engine.passes.said import stated_days
from engine.passes.stated import check_statements, read_statements
from engine.passes.values_given import CONTROL, FIRST_DAY, LAST_DAY, MAX_TEXT, unprintable
from engine.rulebook import Compiled, Rulebook

KEYS = ("aanspraak", "regeling", "peildatum", "gemeente", "gegevens", "beoogdeEffecten", *STATEMENT_KEYS)
_EFFECT_KEYS = ("persoon", "leefgebied", "omschrijving", "termijn", "gesteldDoor", "gesteldOp", "waarde", "naUitkomst")


def read_claim(data: Any, rulebook: Rulebook, today: date | None = None) -> tuple[Claim, Compiled]:
    """Check a claim (:class:`Received`, or plain data) and find the program that decides it.

    Without a peildatum that can be used the facts are held against the rules of today, so that what is wrong with them is
    told as well; without an aanspraak nobody knows which facts there are. With ``today`` nothing may have been said on a later day.
    Raises :class:`ClaimError` with every problem found; nothing of a refused claim is used.
    """
    received = Received.of(data)
    mistakes = Mistakes(received, today)
    data = received.data
    if not isinstance(data, Mapping):
        mistakes.refuse("TS-Z01", "", "Een aanvraag is een object met sleutels.", f"Geef ten minste: {', '.join(KEYS[:2])}, gegevens.")
        raise mistakes.refusal()
    _keys(data, mistakes)
    stated = read_statements(data, mistakes.refuse)
    for _, said_on, pointer in stated_days(stated):
        mistakes.said_on(said_on, pointer)
    claim = _aanspraak(data, rulebook, mistakes)
    day = _peildatum(data, mistakes)
    municipality = _municipality(data, mistakes)
    facts = data.get("gegevens", {})
    if not isinstance(facts, Mapping):
        mistakes.refuse("TS-Z06", "/gegevens", "`gegevens` is een object met de namen van gegevens.")
        facts = {}
    if claim is None:
        _effects(data.get("beoogdeEffecten", ()), None, mistakes)
        raise mistakes.refusal()
    programs = rulebook.versions(claim)
    if day is not None and rulebook.program(claim, day) is None:
        mistakes.refuse(
            "TS-Z07",
            "/peildatum",
            f"Voor {day} is deze aanspraak niet in regels gebracht; de eerste versie geldt vanaf {programs[0].program.valid_from}.",
            "Kies een latere peildatum.",
        )
        day = None
    held = day or date.today()
    compiled = rulebook.program(claim, held) or programs[-1]
    version_day = _version_day(compiled, facts, held, mistakes)
    if version_day != held:
        compiled = _version(claim, version_day, rulebook, mistakes) or compiled
    intake = Intake(compiled, held, mistakes, today=day is None)
    effects = _effects(data.get("beoogdeEffecten", ()), compiled.program, mistakes)
    read_facts(facts, intake)
    check_statements(stated, compiled.program, rulebook.price_items(municipality), intake.items, mistakes.refuse)
    if mistakes.problems:
        raise mistakes.refusal()
    complete, assumed = complete_facts(compiled, intake.given, held)
    return Claim(claim, held, municipality, intake.given, complete, assumed, version_day, effects, intake.items, stated), compiled


def _keys(data: Mapping[str, Any], mistakes: Mistakes) -> None:
    for unknown in unknown_keys(data, KEYS):
        mistakes.refuse("TS-Z02", *unknown)
    for key, value in data.items():
        if value is None:
            mistakes.refuse("TS-Z03", f"/{escape(str(key))}", "`null` is geen waarde.", "Laat de sleutel weg als het niet bekend is.")


def _aanspraak(data: Mapping[str, Any], rulebook: Rulebook, mistakes: Mistakes) -> str | None:
    if "regeluitkomst" in data and "aanspraak" not in data:
        return _regeling(data, rulebook, mistakes)
    if "regeling" in data:
        cause = "Noem een `regeling` alleen bij een `regeluitkomst` zonder `aanspraak`."
        mistakes.refuse("TS-Z31", "/regeling", cause, "Laat `regeling` weg; de aanspraak zegt al welke wet het is.")
    claim = data.get("aanspraak")
    known = sorted(rulebook.programs)
    if not isinstance(claim, str):
        mistakes.refuse("TS-Z04", "/aanspraak", "De aanspraak ontbreekt.", choose(known))
        return None
    if claim not in rulebook.programs:
        mistakes.refuse("TS-Z05", "/aanspraak", f"De aanspraak `{claim}` is niet bekend.", nearest(claim, known))
        return None
    return claim


def _regeling(data: Mapping[str, Any], rulebook: Rulebook, mistakes: Mistakes) -> str | None:
    """The claim whose reversed test a given outcome goes through: the first of its law, or the one without rules."""
    law = data.get("regeling")
    known = sorted({name.partition("/")[0] for name in rulebook.programs} | rulebook.given.keys())
    found = rulebook.given_claim(law) if isinstance(law, str) else None
    if found is None:
        cause = "De regeling ontbreekt." if law is None else f"De regeling `{law}` is niet bekend."
        remedy = f"{choose(known)} Staat de wet er niet bij, schrijf dan `{GENERAL}`."
        mistakes.refuse("TS-Z31", "/regeling", cause, meant(str(law), known) or remedy)
    return found


def _version_day(compiled: Compiled, facts: Mapping[str, Any], day: date, mistakes: Mistakes) -> date:
    """The day whose version decides: the date that `versie volgens` names; the peildatum where no date is named or it is wrong."""
    name = compiled.program.version_by
    if name is None:
        return day
    pointer = pointer_to(("gegevens", name))
    if name not in facts:
        cause = f"Zonder `{name}` is niet te zeggen welke versie van de regels geldt."
        mistakes.refuse("TS-Z22", pointer, cause, "Geef deze datum.")
        return day
    looked = Intake(compiled, day, Mistakes(Received(None)))
    given = read_fact(name, compiled.program.facts[name], facts[name], pointer, looked)
    return given.value if given is not None and isinstance(given.value, date) else day


def _version(claim: str, day: date, rulebook: Rulebook, mistakes: Mistakes) -> Compiled | None:
    found = rulebook.program(claim, day)
    if found is None:
        cause = f"Voor {day} is deze aanspraak niet in regels gebracht."
        mistakes.refuse("TS-Z07", "/peildatum", cause, "De versie volgt een datum uit de gegevens; controleer die.")
    return found


def _peildatum(data: Mapping[str, Any], mistakes: Mistakes) -> date | None:
    text = data.get("peildatum")
    if not isinstance(text, str):
        mistakes.refuse("TS-Z04", "/peildatum", "De peildatum ontbreekt.", "Geef de dag waarop wordt beoordeeld: 2026-07-15.")
        return None
    try:
        day = parse_date(text)
    except LiteralError as error:
        mistakes.refuse("TS-Z08", "/peildatum", error.cause, error.remedy)
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        cause = f"De peildatum {text} ligt buiten {FIRST_DAY.year}-{LAST_DAY.year}."
        mistakes.refuse("TS-Z08", "/peildatum", cause, "Controleer het jaar.")
        return None
    return day


def _municipality(data: Mapping[str, Any], mistakes: Mistakes) -> str | None:
    code = data.get("gemeente")
    if code is None:
        return None
    if not isinstance(code, str) or not re.fullmatch("GM[0-9]{4}", code):
        mistakes.refuse("TS-Z09", "/gemeente", "De gemeente is geen CBS-code.", "Schrijf GM met vier cijfers, bijvoorbeeld GM0344.")
        return None
    return code


def _effects(data: Any, program: Program | None, mistakes: Mistakes) -> tuple[WantedEffect, ...]:
    if not isinstance(data, list | tuple):
        mistakes.refuse("TS-Z10", "/beoogdeEffecten", "`beoogdeEffecten` is een lijst.", "")
        return ()
    if len(data) > MAX_ITEMS:
        mistakes.refuse("TS-Z15", "/beoogdeEffecten", f"Er zijn {len(data)} beoogde effecten; hoogstens {MAX_ITEMS} mag.", "")
        return ()
    return tuple(effect for index, item in enumerate(data) if (effect := _effect(item, index, program, mistakes)) is not None)


def _effect(item: Any, index: int, program: Program | None, mistakes: Mistakes) -> WantedEffect | None:
    pointer = f"/beoogdeEffecten/{index}"
    before = len(mistakes.problems)
    if not isinstance(item, Mapping):
        mistakes.refuse("TS-Z10", pointer, "Een beoogd effect is een object.", f"Geef: {', '.join(_EFFECT_KEYS[:6])}.")
        return None
    for unknown in unknown_keys(item, _EFFECT_KEYS, pointer):
        mistakes.refuse("TS-Z02", *unknown)
    for key in _EFFECT_KEYS[:6]:
        if not isinstance(item.get(key), str) or not str(item.get(key)).strip() or len(str(item.get(key))) > MAX_TEXT:
            mistakes.refuse("TS-Z04", f"{pointer}/{key}", f"Bij een beoogd effect hoort `{key}`.", "")
        elif unprintable(item[key]):
            mistakes.refuse("TS-Z14", f"{pointer}/{key}", *CONTROL)
    domain, term = item.get("leefgebied"), item.get("termijn")
    if isinstance(domain, str) and domain not in LIFE_DOMAINS:
        mistakes.refuse(
            "TS-Z11",
            f"{pointer}/leefgebied",
            f"`{domain}` is geen leefgebied.",
            nearest(domain, LIFE_DOMAINS),
        )
    if isinstance(term, str) and term not in ("kort", "lang"):
        mistakes.refuse("TS-Z11", f"{pointer}/termijn", f"`{term}` is geen termijn.", "Kies `kort` of `lang`.")
    value = item.get("waarde")
    known = [decl.id for _, decl in program.second.values] if program is not None else []
    if value is not None and program is not None and value not in known:
        mistakes.refuse(
            "TS-Z11",
            f"{pointer}/waarde",
            f"`{value}` is geen waarde van deze wet.",
            nearest(str(value), known),
        )
    day = None
    if isinstance(item.get("gesteldOp"), str):
        try:
            day = parse_date(str(item["gesteldOp"]))
        except LiteralError as error:
            mistakes.refuse("TS-Z08", f"{pointer}/gesteldOp", error.cause, error.remedy)
    mistakes.said_on(day, f"{pointer}/gesteldOp")
    after = item.get("naUitkomst", False)
    if not isinstance(after, bool) and after not in ("ja", "nee"):
        mistakes.refuse("TS-Z11", f"{pointer}/naUitkomst", "`naUitkomst` is waar of onwaar.", "")
    if len(mistakes.problems) > before or day is None:
        return None
    return WantedEffect(
        str(item["persoon"]), str(domain), str(item["omschrijving"]), str(term), str(item["gesteldDoor"]), day, value, after in (True, "ja")
    )


# --- facts -----------------------------------------------------------------------------------------------------------
