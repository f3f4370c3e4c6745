# SPDX-License-Identifier: EUPL-1.2
"""The facts of a claim, checked against their declarations: groups, lists, judgements with who gave them, decisions from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.model.claim import Given, Standing
from engine.model.kinds import Base
from engine.model.problems import escape, meant, unknown_keys
from engine.model.program import Fact, ListFact
from engine.model.values import GEEN, ListValue, Value
from engine.passes.complete import absent
from engine.passes.mistakes import NULL, Intake
from engine.passes.values_given import day_of, text_of, value_of

MAX_ITEMS = 500
_WRAPPED = ("waarde", "herkomst", "datum", "door", "rol", "reden")


def read_facts(facts: Mapping[str, Any], intake: Intake) -> None:
    """Check every fact that was given and collect it in ``intake``, with what is wrong."""
    program = intake.program
    for name, raw in _as_declared(facts, (*program.facts, *program.decisions)):
        pointer = f"/gegevens/{escape(str(name))}"
        if raw is None:
            intake.refuse("TS-Z03", pointer, *NULL)
        fact = program.facts.get(name)
        if name in program.decisions:
            if raw is not None:
                _read_decision(name, program.decisions[name], raw, pointer, intake)
        elif fact is None or ("." in name and fact.power_of is None):
            _unknown_name(str(name), pointer, intake)
        elif raw is None:
            continue
        elif fact.kind.base is Base.GROUP:
            _read_group(name, fact, raw, pointer, intake)
        elif fact.kind.base is Base.LIST:
            _read_list(name, fact, program.lists[name], raw, pointer, intake)
        elif (given := read_fact(name, fact, raw, pointer, intake)) is not None:
            intake.given[name] = given


def _as_declared(raw: Mapping[str, Any], declared: Iterable[str]) -> list[tuple[str, Any]]:
    """What was given in the order of the declarations, so that the order of the caller changes nothing; other names last."""
    known = {name: raw[name] for name in declared if name in raw}
    others = [item for item in raw.items() if item[0] not in known]
    return [*known.items(), *sorted(others, key=lambda item: str(item[0]))]


def _read_decision(name: str, fact: Fact, raw: Any, pointer: str, intake: Intake) -> None:
    """An outcome of another regelset that the caller gives: a decision that was taken, so it says where it comes from."""
    origin = raw.get("herkomst", "") if isinstance(raw, Mapping) else ""
    if isinstance(origin, str) and not origin.strip():
        intake.refuse(
            "TS-Z23",
            pointer,
            f"`{name}` wordt door andere regels bepaald; wie het als gegeven opgeeft, zegt waar het vandaan komt.",
            'Schrijf {"waarde": ..., "herkomst": "besluit van ...", "datum": ...}.',
        )
    if (given := read_fact(name, fact, raw, pointer, intake)) is not None:
        intake.given[name] = given


def _unknown_name(name: str, pointer: str, intake: Intake) -> None:
    known = [path for path in intake.program.facts if "." not in path or path.startswith("keuze(")]
    inside = [path for path in intake.program.facts if path.endswith(f".{name}")]
    remedy = f"Schrijf het bij de persoon: {inside[0].replace('.', ' -> ')}." if inside else meant(name, known)
    if "." in name and name in intake.program.facts:
        first, _, rest = name.partition(".")
        remedy = f"Schrijf `{rest}` in het object `{first}`."
    intake.refuse("TS-Z12", pointer, f"Het gegeven `{name}` is niet bekend.", remedy or "Vraag het gegevensschema van deze aanspraak op.")


def _read_group(name: str, fact: Fact, raw: Any, pointer: str, intake: Intake) -> None:
    if raw == "geen":
        if fact.kind.optional:
            intake.given[name] = Given(name, GEEN, Standing.GIVEN)
        else:
            intake.refuse("TS-Z13", pointer, f"`{name}` kan niet `geen` zijn.", "")
        return
    if not isinstance(raw, Mapping):
        intake.refuse("TS-Z14", pointer, f"`{name}` is een object met gegevens{' of `geen`' if fact.kind.optional else ''}.", "")
        return
    intake.given[name] = Given(name, True, Standing.GIVEN)
    found = _read_members(raw, intake.compiled.members[name], f"{name}.", pointer, intake)
    intake.given |= {given.path: given for given in found.values()}


def _read_members(raw: Mapping[str, Any], members: Mapping[str, Fact], prefix: str, pointer: str, intake: Intake) -> dict[str, Given]:
    found = {}
    for key, value in _as_declared(raw, members):
        place = f"{pointer}/{escape(str(key))}"
        if value is None:
            intake.refuse("TS-Z03", place, *NULL)
        if key not in members:
            intake.refuse(
                "TS-Z12",
                place,
                f"Het gegeven `{key}` is niet bekend.",
                meant(str(key), members) or "Vraag het gegevensschema van deze aanspraak op.",
            )
        elif value is not None and (given := read_fact(f"{prefix}{key}", members[key], value, place, intake)) is not None:
            found[str(key)] = given
    return found


def _read_list(name: str, fact: Fact, described: ListFact, raw: Any, pointer: str, intake: Intake) -> None:
    complete = True
    if raw == "geen" and fact.kind.optional:
        intake.given[name] = Given(name, GEEN, Standing.GIVEN)
        return
    rows = raw
    if isinstance(raw, Mapping):
        for unknown in unknown_keys(raw, ("volledig", "items"), pointer):
            intake.refuse("TS-Z02", *unknown)
        flag = raw.get("volledig", True)
        if not isinstance(flag, bool) and flag not in ("ja", "nee"):
            intake.refuse("TS-Z14", f"{pointer}/volledig", "`volledig` is waar of onwaar.", "")
        complete = flag in (True, "ja")
        if "items" not in raw:
            intake.refuse("TS-Z14", pointer, f"Bij `{name}` ontbreekt `items`.", "Geef een rij, ook als die leeg is.")
            return
        rows = raw["items"]
        pointer = f"{pointer}/items"
    if not isinstance(rows, list | tuple):
        intake.refuse(
            "TS-Z14",
            pointer,
            f"`{name}` is een lijst van {described.group}.",
            "Geef een rij, ook als er maar een is; een lege rij als er geen is.",
        )
        return
    if len(rows) > MAX_ITEMS:
        intake.refuse("TS-Z15", pointer, f"`{name}` heeft {len(rows)} onderdelen; hoogstens {MAX_ITEMS} mag.", "")
        return
    items: list[dict[str, Value]] = []
    given: list[Mapping[str, Given]] = []
    for index, row in enumerate(rows):
        place = f"{pointer}/{index}"
        if not isinstance(row, Mapping):
            intake.refuse("TS-Z14", place, f"Een {described.group} is een object met gegevens.", "")
            continue
        members = _read_members(row, described.members, f"{name}[{index}].", place, intake)
        given.append(members)
        items.append(
            {
                member: members[member].value if member in members else absent(f"{name}[{index}].{member}", found)
                for member, found in described.members.items()
            }
        )
    intake.items[name] = tuple(given)
    intake.given[name] = Given(name, ListValue(tuple(items), complete), Standing.GIVEN)


def read_fact(path: str, fact: Fact, raw: Any, pointer: str, intake: Intake) -> Given | None:
    """One fact: a bare value, or an object with the value and where it comes from; None where it is refused."""
    details: Mapping[str, Any] = {}
    value = raw
    if isinstance(raw, Mapping):
        if "waarde" not in raw:
            intake.refuse(
                "TS-Z16",
                pointer,
                "Een gegeven met toelichting heeft een `waarde` nodig.",
                'Schrijf {"waarde": ..., "herkomst": ..., "datum": ...}.',
            )
            return None
        details = raw
        value = raw["waarde"]
        pointer_value = f"{pointer}/waarde"
        for unknown in unknown_keys(raw, _WRAPPED, pointer):
            intake.refuse("TS-Z02", *unknown)
        for key in _WRAPPED:
            if key in raw and raw[key] is None and key != "waarde":
                intake.refuse("TS-Z03", f"{pointer}/{key}", "`null` is geen waarde.", "Laat de sleutel weg als het niet bekend is.")
    else:
        pointer_value = pointer
    parsed = value_of(fact, value, pointer_value, intake)
    if fact.judged:
        return _judgement(path, fact, parsed, details, raw, pointer, intake)
    for key in ("door", "rol", "reden"):
        if key in details:
            intake.refuse(
                "TS-Z17", f"{pointer}/{key}", f"`{key}` hoort bij een oordeel; dit is een gewoon gegeven.", "Gebruik `herkomst` en `datum`."
            )
    origin, day = text_of(details, "herkomst", pointer, intake), day_of(details, pointer, intake)
    return Given(path, parsed, Standing.GIVEN, origin, day) if parsed is not None else None


def _judgement(
    path: str, fact: Fact, value: Value | None, details: Mapping[str, Any], raw: Any, pointer: str, intake: Intake
) -> Given | None:
    roles = fact.decl.judged_by
    if not isinstance(raw, Mapping):
        intake.refuse(
            "TS-Z18",
            pointer,
            "Dit is een oordeel; een losse waarde wordt niet aangenomen.",
            f'Schrijf {{"waarde": ..., "door": ..., "rol": "{roles[0]}", "datum": ..., "reden": ...}}.',
        )
        return None
    told = dict(details)
    for key in ("door", "rol", "datum", "reden"):
        if not isinstance(details.get(key), str) or not str(details.get(key)).strip():
            intake.refuse(
                "TS-Z18", f"{pointer}/{key}", f"Bij een oordeel hoort `{key}`.", "Zeg wie het oordeel gaf, in welke rol, wanneer en waarom."
            )
            told[key] = None
    by, role, reason = (text_of(told, key, pointer, intake) for key in ("door", "rol", "reden"))
    if role is not None and role not in roles:
        intake.refuse("TS-Z19", f"{pointer}/rol", f"Dit oordeel is niet aan de rol `{role}`.", f"Het is aan: {', '.join(roles)}.")
    origin, day = text_of(told, "herkomst", pointer, intake), day_of(told, pointer, intake)
    intake.mistakes.said_on(day, f"{pointer}/datum")
    return Given(path, value, Standing.JUDGED, origin, day, by, role, reason) if value is not None else None
