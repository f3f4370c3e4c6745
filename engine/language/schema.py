# SPDX-License-Identifier: EUPL-1.2
"""The facts of a claim as JSON Schema (2020-12): what a form or a case system may send as ``gegevens``.

It says what intake says, as far as a schema can: kinds, choices, `geen`, judgements, lists, nothing unknown. Left to
intake are comparisons: a birth after the peildatum, a bound on a number that is written as text, cents of a JSON number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.language.fits import UNITS, dimension_of
from engine.model.kinds import Base, Kind
from engine.model.program import Fact, Program
from engine.model.values import GEEN, Dimension, Value

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_ITEMS = 500
MAX_TEXT = 2_000

_LARGEST = 10**15
_DAY: Mapping[str, Any] = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_WORDS: Mapping[str, Any] = {"type": "string", "maxLength": MAX_TEXT}
_SAID: Mapping[str, Any] = {**_WORDS, "pattern": r"\S"}
_YES_NO: Mapping[str, Any] = {"enum": [True, False, "ja", "nee"]}
_NONE: Mapping[str, Any] = {"const": "geen"}


def facts_schema(program: Program) -> dict[str, Any]:
    """The schema of ``gegevens`` for one program.

    Every fact has its question as ``title`` and its explanation as ``description``. ``x-soort`` is the kind as the rules
    write it, ``x-herkomst`` where the value comes from, ``x-oordeelVan`` the roles that may judge, ``x-aanname`` the
    value that counts when it is not given, ``x-bron`` the article.
    """
    return {
        "$schema": DIALECT,
        "title": f"Gegevens voor {program.title.lower()}",
        "description": "Een gegeven dat ontbreekt is onbekend: nooit nee en nooit nul. Laat weg wat niet bekend is.",
        "type": "object",
        "properties": {
            **{name: _top(name, fact, program) for name, fact in top_facts(program)},
            **{name: _decision(fact) for name, fact in program.decisions.items()},
        },
        "additionalProperties": False,
    }


def top_facts(program: Program) -> Iterator[tuple[str, Fact]]:
    """The facts that stand at the top of ``gegevens``, in their order; the members of a group stand inside it."""
    return ((name, fact) for name, fact in program.facts.items() if name != "peildatum" and ("." not in name or fact.power_of is not None))


def members_of(group: str, program: Program) -> dict[str, Fact]:
    """The facts inside a fact that holds a group, by their own name."""
    prefix = f"{group}."
    return {path.removeprefix(prefix): fact for path, fact in program.facts.items() if path.startswith(prefix) and not fact.power_of}


def _top(name: str, fact: Fact, program: Program) -> dict[str, Any]:
    if fact.kind.base is Base.GROUP:
        return _about(fact) | _or_none(fact.kind, [_object(members_of(name, program))])
    if fact.kind.base is Base.LIST:
        rows = {"type": "array", "maxItems": MAX_ITEMS, "items": _object(program.lists[name].members)}
        marked = {
            "type": "object",
            "properties": {"volledig": {**_YES_NO, "default": True}, "items": rows},
            "additionalProperties": False,
        }
        return _about(fact) | _or_none(fact.kind, [rows, marked])
    return _single(fact)


def _object(members: Mapping[str, Fact]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: _single(fact) for name, fact in members.items()}, "additionalProperties": False}


def _single(fact: Fact) -> dict[str, Any]:
    """A fact with a bare value, or with where it comes from; a judgement only with who, role, date and reason."""
    value = value_schema(fact)
    if fact.judged:
        return _about(fact) | {
            "type": "object",
            "properties": {
                "waarde": value,
                "door": dict(_SAID),
                "rol": {"enum": list(fact.decl.judged_by)},
                "datum": dict(_DAY),
                "reden": dict(_SAID),
                "herkomst": dict(_WORDS),
            },
            "required": ["waarde", "door", "rol", "datum", "reden"],
            "additionalProperties": False,
        }
    explained = {
        "type": "object",
        "properties": {"waarde": value, "herkomst": dict(_WORDS), "datum": dict(_DAY)},
        "required": ["waarde"],
        "additionalProperties": False,
    }
    return _about(fact) | {"anyOf": [value, explained]}


def _decision(fact: Fact) -> dict[str, Any]:
    """An outcome of other rules that is given as a decision: only with where it comes from."""
    return _about(fact) | {
        "type": "object",
        "properties": {"waarde": value_schema(fact), "herkomst": dict(_SAID), "datum": dict(_DAY)},
        "required": ["waarde", "herkomst"],
        "additionalProperties": False,
    }


def value_schema(fact: Fact) -> dict[str, Any]:
    """The schema of the bare value of a fact."""
    return _or_none(fact.kind, list(_forms(fact)))


def _or_none(kind: Kind, forms: list[dict[str, Any]]) -> dict[str, Any]:
    if kind.optional:
        forms = [*forms, dict(_NONE)]
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _forms(fact: Fact) -> Iterator[dict[str, Any]]:
    kind = fact.kind
    match kind.base:
        case Base.BOOL:
            yield dict(_YES_NO)
        case Base.CHOICE:
            yield {"enum": list(kind.choices)}
        case Base.TEXT:
            yield dict(_WORDS) | ({"not": dict(_NONE)} if not kind.optional else {})
        case Base.DATE:
            yield dict(_DAY)
        case Base.DURATION:
            yield {"type": "integer", "minimum": 0, "maximum": 999_999}
            yield {"type": "string", "pattern": _duration_pattern(kind)}
        case Base.PERCENTAGE:
            yield {"type": "string", "pattern": _number_pattern(fact, r"(\.[0-9]{1,10})?") + "%$"}
        case Base.INT:
            yield {"type": "integer", **_bounds(fact)}
            yield {"type": "string", "pattern": _number_pattern(fact, r"(\.0{1,10})?") + "$"}
        case Base.MONEY:
            yield {"type": "number", **_bounds(fact)}
            yield {"type": "string", "pattern": _number_pattern(fact, r"(\.[0-9]{1,2}0{0,8})?") + "$"}
        case Base.NUMBER:
            yield {"type": "number", **_bounds(fact)}
            yield {"type": "string", "pattern": _number_pattern(fact, r"(\.[0-9]{1,10})?") + "$"}


def _number_pattern(fact: Fact, decimals: str) -> str:
    low = fact.lowest
    sign = "" if isinstance(low, int | Fraction) and low > 0 else "(-(?=0+(\\.0+)?%?$))?" if low == 0 else "-?"
    return f"^{sign}[0-9]{{1,15}}{decimals}"


def _bounds(fact: Fact) -> dict[str, Any]:
    """The bounds of a JSON number: those of the fact, and what a number may be at all."""
    low, high = fact.lowest, fact.maximum
    return {
        "minimum": _number(low, fact.kind) if isinstance(low, int | Fraction) else 1 - _LARGEST,
        **({"maximum": _number(high, fact.kind)} if isinstance(high, int | Fraction) else {"exclusiveMaximum": _LARGEST}),
    }


def _number(value: int | Fraction, kind: Kind) -> int | float:
    exact = Fraction(value) / (100 if kind.base is Base.MONEY else 1)
    return exact.numerator if exact.denominator == 1 else float(exact)


def _duration_pattern(kind: Kind) -> str:
    mixed = kind.dimension is Dimension.MIXED
    units = "|".join(word for word, one in UNITS.items() if mixed or dimension_of(one) is kind.dimension)
    part = rf"\s*[0-9]{{1,6}}(\s+({units}))?\s*"
    return rf"^{part}(\+{part})*$"


def _about(fact: Fact) -> dict[str, Any]:
    """What is said about a fact beside its kind."""
    decl = fact.decl
    said: dict[str, Any] = {
        "title": decl.question,
        "description": decl.explanation,
        "x-soort": str(fact.kind),
        "x-herkomst": decl.origin,
        "x-oordeelVan": list(decl.judged_by) or None,
        "x-aanname": _shown(fact.assumed, fact.kind) if fact.assumed is not None else None,
        "x-bron": decl.source,
    }
    return {key: value for key, value in said.items() if value is not None}


def _shown(value: Value, kind: Kind) -> Any:
    """An assumed value as a claim writes it."""
    if value is GEEN:
        return "geen"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return str(Decimal(_number(value, kind))) if kind.base is not Base.MONEY else f"{Decimal(int(value)) / 100:.2f}"
    return value if isinstance(value, bool | str) else str(value)
