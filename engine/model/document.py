# SPDX-License-Identifier: EUPL-1.2
"""What every document of policy staff is made of: names, dates, levels, and a model that refuses what it does not know."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema


def _yes_no(value: Any) -> Any:
    words = {"ja": True, "nee": False}
    if isinstance(value, str):
        if value not in words:
            raise ValueError("hier past alleen `ja` of `nee`")
        return words[value]
    return value


def _iso_date(value: Any) -> Any:
    if isinstance(value, date) or value is None:
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("een datum wordt geschreven als jaar-maand-dag: 2026-07-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} bestaat niet op de kalender") from None


def _one_or_more(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = frozenset(
    [
        "en",
        "of",
        "niet",
        "is",
        "in",
        "waar",
        "over",
        "op",
        "van",
        "tussen",
        "ja",
        "nee",
        "geen",
        "een",
        "alle",
        "aantal",
        "som",
        "keuze",
        "laagste",
        "hoogste",
        "vroegste",
        "laatste",
        "jaar_van",
        "eerste_dag_van_maand",
        "eerstvolgende_werkdag",
        "dag",
        "dagen",
        "week",
        "weken",
        "maand",
        "maanden",
        "jaar",
        "werkdag",
        "werkdagen",
        "peildatum",
        "zaak",
    ]
)


def _name(value: str) -> str:
    if not NAME.fullmatch(value):
        raise ValueError(f"`{value}` is geen naam: alleen kleine letters, cijfers en _, te beginnen met een letter")
    if value in RESERVED:
        raise ValueError(f"`{value}` is een woord van de regeltaal en kan geen naam zijn")
    return value


MAX_ID = 200
"""How long an id can be: an assessment is found by the ids of its rules and doors, and no term of the store is longer."""
THROUGH = "optie."
"""What stands before the id of a door in that of the option that goes through it."""


def _id(value: str, most: int) -> str:
    if len(value) > most:
        raise ValueError(f"een id is hoogstens {most} tekens lang, en deze telt er {len(value)}: kort hem in")
    if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", value):
        raise ValueError(f"`{value}` is geen id: kleine letters, cijfers, _ en punten, zoals pw.13.1.a")
    return value


def _rule_id(value: str) -> str:
    return _id(value, MAX_ID)


def _option_id(value: str) -> str:
    return _id(value, len(THROUGH) + MAX_ID)


YesNo: TypeAlias = Annotated[bool, BeforeValidator(_yes_no), WithJsonSchema({"enum": ["ja", "nee"]})]
IsoDate: TypeAlias = Annotated[
    date, BeforeValidator(_iso_date), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"})
]
IdName: TypeAlias = Annotated[str, AfterValidator(_name)]
RuleId: TypeAlias = Annotated[str, AfterValidator(_rule_id)]
OptionId: TypeAlias = Annotated[str, AfterValidator(_option_id)]
"""The id of an option as somebody names one: of the law, or through a door."""
Line: TypeAlias = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]
Condition: TypeAlias = Annotated[Any, WithJsonSchema({"$ref": "#/$defs/Conditie"})]
Roles: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_one_or_more)]
Status: TypeAlias = Literal["gelezen", "secundair", "te verifieren"]
SetStatus: TypeAlias = Literal["concept", "vastgesteld", "ingetrokken"]
Level: TypeAlias = Literal["verdrag", "formele wet", "amvb", "ministeriele regeling", "verordening", "nadere regel", "beleidsregel"]
GroundSort: TypeAlias = Literal["toekennen", "weigeren", "verlagen", "beeindigen", "terugvorderen", "boete", "verplichten"]
"""What a ground does to somebody; `toekennen` is where a favourable outcome rests."""
Rank: TypeAlias = Literal["verordening", "nadere regel", "beleidsregel"]
"""The levels of what a municipality itself makes: the council, the executive by delegation, the executive about its own powers."""


def is_above(first: Level, second: Level) -> bool:
    """Whether the first level stands above the second. Source: the order of sources in Dutch law, treaties first (art. 94 Grondwet)."""
    levels = get_args(Level)
    return levels.index(first) < levels.index(second)


class Document(BaseModel):
    """Base: immutable, and nothing unknown is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)
