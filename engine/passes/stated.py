# SPDX-License-Identifier: EUPL-1.2
"""What people state beside the facts, checked: the shape of each statement, and that what it names exists."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.model import documents as doc
from engine.model.document import THROUGH
from engine.model.problems import choose, meant, no_such_key, pointer_to
from engine.model.program import Program
from engine.model.statements import NOTHING, STATEMENT_KEYS, THIRD_PARTIES, GivenGround, NamedDoor, StatedEffect, Statements
from engine.passes.household import lists_of_people

Refuse: TypeAlias = Callable[..., None]
"""Notes a mistake: code, pointer, cause, remedy."""


def read_statements(data: Mapping[str, Any], refuse: Refuse) -> Statements:
    """The statements of a claim by their shape; every mistake with its pointer. Nothing when one is wrong."""
    present = {key: data[key] for key in STATEMENT_KEYS if data.get(key) is not None}
    if not present:
        return NOTHING
    try:
        return Statements.model_validate(present)
    except ValidationError as error:
        for detail in _unions_once(error.errors()):
            translate(detail, refuse)
        return NOTHING


def check_statements(found: Statements, program: Program, items: Collection[str], given: Mapping[str, Any], refuse: Refuse) -> None:
    """That the options, values, price items, grounds and persons that statements name exist. ``items``: the price items."""
    second = program.second
    grounds = ground_levels(found, program) if found.outcome is not None or found.doors else {}
    if found.outcome is not None:
        for index, ground in enumerate(found.outcome.grounds):
            if isinstance(ground, str) and ground not in grounds:
                _unknown(refuse, f"/regeluitkomst/gronden/{index}", "grond", ground, grounds, "Schrijf hem uit: id, bron en niveau.")
            elif isinstance(ground, GivenGround) and (ground.id in program.rules or ground.id in second.grounds):
                refuse(
                    "TS-Z11",
                    f"/regeluitkomst/gronden/{index}/id",
                    f"`{ground.id}` staat al in de regels.",
                    f'Schrijf alleen de id: "{ground.id}".',
                )
            elif found.outcome.burdening and _grants(ground, program):
                name = ground if isinstance(ground, str) else ground.id
                cause = f"`{name}` is een grond om iets toe te kennen; een nadelige uitkomst rust daar niet op."
                refuse(
                    "TS-Z11", f"/regeluitkomst/gronden/{index}", cause, "Noem de grond waarop is geweigerd, of schrijf `belastend: nee`."
                )
    for index, door in enumerate(found.doors):
        _check_door(door, f"/deuren/{index}", found, program, grounds, refuse)
    options = option_ids(found, program)
    values = [decl.id for _, decl in second.values]
    for index, effect in enumerate(found.effects):
        pointer = f"/effecten/{index}"
        if effect.option not in options:
            _unknown(refuse, f"{pointer}/optie", "optie", effect.option, options)
        if effect.value is not None and effect.value not in values:
            _unknown(refuse, f"{pointer}/waarde", "waarde van deze wet", effect.value, values)
        _check_person(effect, f"{pointer}/wie", program, given, refuse)
    for index, line in enumerate(found.costs):
        if line.option not in options:
            _unknown(refuse, f"/kosten/{index}/optie", "optie", line.option, options)
        if line.item not in items:
            _unknown(refuse, f"/kosten/{index}/post", "kostenpost", line.item, items)
    for key, written in (("deuren", found.doors), ("opties", found.options)):
        ids = [item.id for item in written]
        for index, name in enumerate(ids):
            if name in ids[:index]:
                refuse("TS-Z11", f"/{key}/{index}/id", f"De id `{name}` staat er twee keer.", "Geef elk een eigen id.")


def _grants(ground: str | GivenGround, program: Program) -> bool:
    if isinstance(ground, GivenGround):
        return ground.sort == "toekennen"
    declared = program.second.grounds.get(ground)
    return declared is not None and declared[1].sort == "toekennen"


def ground_levels(found: Statements, program: Program) -> dict[str, doc.Level]:
    """Every ground that can be named, with its level: rules, declared grounds, and those that the outcome writes out."""
    levels: dict[str, doc.Level] = {rule: info.decl.level for rule, info in program.rules.items()}
    levels |= {name: decl.level for name, (_, decl) in program.second.grounds.items()}
    if found.outcome is not None:
        levels |= {ground.id: ground.level for ground in found.outcome.grounds if isinstance(ground, GivenGround)}
    return levels


def option_ids(found: Statements, program: Program) -> list[str]:
    """Every option that a statement can name: of the law, through a door, or added."""
    own = [option.decl.id for option in program.second.options]
    doors = [f"{THROUGH}{door.decl.id}" for door in program.second.doors] + [f"{THROUGH}{door.id}" for door in found.doors]
    return [*own, *doors, *(option.id for option in found.options)]


def _check_door(
    door: NamedDoor, pointer: str, found: Statements, program: Program, grounds: Mapping[str, doc.Level], refuse: Refuse
) -> None:
    if found.outcome is None:
        refuse("TS-Z30", pointer, "Een deur kan alleen worden genoemd bij een gegeven regeluitkomst.", "Geef ook `regeluitkomst`.")
    if any(door.id == known.decl.id for known in program.second.doors):
        refuse("TS-Z11", f"{pointer}/id", f"De deur `{door.id}` staat al in de regels.", "Geef zijn gegevens op in plaats van de deur.")
    for index, ground in enumerate(door.lifts):
        if ground not in grounds:
            _unknown(refuse, f"{pointer}/heftOp/{index}", "grond", ground, grounds)
        elif doc.is_above(grounds[ground], door.level):
            refuse(
                "TS-Z30",
                f"{pointer}/heftOp/{index}",
                f"Een deur in een {door.level} kan geen grond van een hoger niveau opheffen: `{ground}` is {grounds[ground]}.",
                "Noem de bepaling van de wet die dit toelaat.",
            )


def _check_person(effect: StatedEffect, pointer: str, program: Program, given: Mapping[str, Any], refuse: Refuse) -> None:
    name, _, index = effect.whom.partition("[")
    known = [*program.groups, *lists_of_people(program), *THIRD_PARTIES]
    if name not in known:
        _unknown(refuse, pointer, "persoon of groep", effect.whom, known)
    elif index and int(index.rstrip("]")) >= len(given.get(name, ())):
        refuse("TS-Z11", pointer, f"`{effect.whom}` staat niet bij de gegevens.", f"Geef dit onderdeel op bij `{name}`.")


def _unknown(refuse: Refuse, pointer: str, what: str, name: str, known: Iterable[str], remedy: str = "") -> None:
    names = list(known)
    refuse("TS-Z11", pointer, f"`{name}` is geen {what}.", meant(name, names) or remedy or choose(names))


# --- shape -----------------------------------------------------------------------------------------------------------


def _unions_once(errors: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those of the branch of a ground that was not meant: a text is an id, an object is a ground."""
    found = []
    for error in errors:
        branch = next((part for part in error["loc"] if isinstance(part, str) and _BRANCH.search(part)), None)
        at = error["loc"].index(branch) if branch is not None else 0
        if branch == "GivenGround" and error["type"] in ("model_type", "model_attributes_type"):
            continue
        if branch is not None and branch != "GivenGround" and len(error["loc"]) == at + 1 and isinstance(error["input"], Mapping):
            continue
        found.append(error)
    return found


_BRANCH = re.compile(r"^(GivenGround|function-after\[|zelfredzaamheid$|last$|kracht$|loonwaarde$|nullable)")


def translate(error: ErrorDetails, refuse: Refuse) -> None:
    """Note a mistake of shape in Dutch: TS-Z04 for what is missing or empty, another TS-Z code for the rest."""
    parts = [part for part in error["loc"] if isinstance(part, int) or not _BRANCH.match(part)]
    pointer = pointer_to(parts)
    last = parts[-1] if parts else ""
    sort = error["type"]
    if sort == "missing":
        refuse("TS-Z04", pointer, f"De sleutel `{last}` ontbreekt.", "Voeg hem toe.")
    elif sort == "extra_forbidden":
        refuse("TS-Z02", pointer, no_such_key(last), "Laat hem weg, of controleer de schrijfwijze.")
    elif sort in ("literal_error", "union_tag_invalid", "union_tag_not_found"):
        context = error.get("ctx", {})
        allowed = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags") or ""))
        where = pointer if sort == "literal_error" else f"{pointer}/soort"
        refuse("TS-Z11", where, f"Bij `{where.rpartition('/')[2]}` past deze waarde niet.", choose(allowed))
    elif sort == "value_error":
        text = str(error["ctx"]["error"])
        refuse("TS-Z11", pointer, f"{text[0].upper()}{text[1:]}.", "")
    elif sort == "string_pattern_mismatch":
        refuse("TS-Z11", pointer, f"`{error['input']}` heeft niet de vorm die bij `{last}` hoort.", "")
    elif sort in ("string_too_short", "too_short"):
        refuse("TS-Z04", pointer, f"`{last}` is leeg.", "Vul het in, of laat de sleutel weg.")
    elif sort in ("string_too_long", "too_long"):
        refuse("TS-Z15", pointer, f"`{last}` is te lang.", "Maak het korter.")
    elif sort in ("greater_than_equal", "less_than_equal", "int_parsing", "int_type"):
        refuse("TS-Z11", pointer, f"`{last}` is een geheel getal van 1 tot en met 5.", "")
    elif error["input"] is None:
        refuse("TS-Z03", pointer, "`null` is geen waarde.", "Laat de sleutel weg als het niet bekend is.")
    else:
        refuse("TS-Z14", pointer, f"Bij `{last}` past dit niet: {_KINDS.get(sort, 'een andere vorm')} wordt verwacht.", "")


_KINDS = {
    "string_type": "tekst",
    "tuple_type": "een lijst",
    "model_type": "een object",
    "model_attributes_type": "een object",
    "dict_type": "een object",
    "bool_type": "waar of onwaar",
    "date_type": "een datum",
}
