# SPDX-License-Identifier: EUPL-1.2
"""What every model of the contract is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from engine.model.claim import LIFE_DOMAINS

Day: TypeAlias = Annotated[date, WithJsonSchema({"type": "string", "format": "date"})]
MaybeDay: TypeAlias = Annotated[date | None, WithJsonSchema({"type": ["string", "null"], "format": "date"})]
MaybeText: TypeAlias = Annotated[str | None, WithJsonSchema({"type": ["string", "null"]})]
Plain: TypeAlias = Annotated[
    bool | int | str | None,
    WithJsonSchema(
        {
            "type": ["boolean", "integer", "string", "null"],
            "description": "Ja/nee als boolean, gehele getallen als getal, alles wat exact is als tekst, `null` als het niet bekend is.",
        }
    ),
]
TruthWord: TypeAlias = Literal["waar", "onwaar", "onbekend"]
ReadStatus: TypeAlias = Literal["gelezen", "secundair", "te verifieren"]
Niveau: TypeAlias = Literal["verdrag", "formele wet", "amvb", "ministeriele regeling", "verordening", "nadere regel", "beleidsregel"]
LifeDomain: TypeAlias = Annotated[str, WithJsonSchema({"type": "string", "enum": list(LIFE_DOMAINS)})]


def _open(schema: dict[str, Any]) -> None:
    """Answers may gain keys in a later version: say so by not closing them in the description."""
    schema.pop("additionalProperties", None)


class Answer(BaseModel):
    """Base of what goes out. Validation refuses unknown keys, so that the tests see every key that is not described."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True, json_schema_extra=_open
    )


class Request(BaseModel):
    """Base of what comes in: closed."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, extra="forbid", frozen=True)


class Bron(Answer):
    """Een bron, met de verwijzing naar wetten.overheid.nl waar het een wetsartikel is, en naar rechtspraak.nl bij een uitspraak."""

    tekst: str
    regeling: MaybeText
    jci: MaybeText = Field(description="Juriconnect-verwijzing.")
    link: MaybeText


class Oorzaak(Answer):
    """Waardoor iets onbekend is."""

    soort: str
    naam: str


class Voorwaarde(Answer):
    """Een voorwaarde met haar waarheid; `alle`, `een van` en `geen van` hebben delen."""

    tekst: str
    uitkomst: Literal["waar", "onwaar", "onbekend", "niet nagegaan"]
    delen: list[Voorwaarde] | None = None
