# SPDX-License-Identifier: EUPL-1.2
"""The OpenAPI description: what FastAPI finds in the routes, and what every operation has in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.auth.principal import ACCESS, ANY, OPEN
from api.contract import AanvraagIn, Probleem
from api.contract_stored import BesluitIn, BewaardeAanvraagIn, EffectenIn, HerberekenIn, ZoekIn
from api.kinds import STANDARD
from api.problems import MEDIA_TYPE, mistake

VERSION = "1.0.0"
TEXT: Mapping[str, Any] = {"type": "string"}
DAY: Mapping[str, Any] = {"type": "string", "format": "date"}

INFO: Mapping[str, Any] = {
    "title": "Toetssteen",
    "version": VERSION,
    "summary": "Beoordelingen in het sociaal domein, in twee rondes en uitgelegd.",
    "description": (
        "Een zaak gaat twee keer langs de wet: eerst de regels, dan de omgekeerde toets. Er komt een uitgelegde beoordeling uit. "
        "Een besluit neemt alleen een mens.\n\n"
        "Een gegeven dat ontbreekt is onbekend, nooit nee en nooit nul. Gegevens heten zoals in de regels (snake_case); "
        "andere sleutels zijn camelCase. Elke fout is problem details (RFC 9457)."
    ),
    "contact": {"name": "Toetssteen", "url": "https://toetssteen.example/contact", "email": "contact@toetssteen.example"},
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}
SERVERS = [{"url": "https://toetssteen.example/v1", "description": "Vul het adres van de eigen dienst in."}]
TAGS = [
    {"name": "Beoordelingen", "description": "Een zaak beoordelen."},
    {"name": "Bewaarde beoordelingen", "description": "Beoordelen en bewaren, teruglezen, aanvullen, herberekenen en zoeken."},
    {"name": "Besluiten", "description": "Wat mensen besluiten, en wat besluiten samen zeggen."},
    {"name": "Regelingen", "description": "De wetten, en wat eronder kan worden aangevraagd."},
    {"name": "Aanspraken", "description": "Wat een aanspraak aan gegevens vraagt."},
    {"name": "Regelsets", "description": "Versies van de regels, en een controle van een regelbestand."},
    {"name": "Gezondheid", "description": "De toestand van de dienst."},
    {"name": "OpenAPI", "description": "Deze beschrijving."},
]

_VERSION_HEADER = {
    "API-Version": {"description": "De volledige versie van de API.", "schema": {"type": "string", "examples": [VERSION]}},
}
_ETAG_HEADER = {"ETag": {"description": "Kenmerk van deze inhoud, voor `If-None-Match`.", "schema": {"type": "string"}}}
_LOCATION_HEADER = {"Location": {"description": "Waar het staat.", "schema": {"type": "string", "format": "uri-reference"}}}
_SCHEMES: Mapping[str, Any] = {
    "apiSleutel": {"type": "apiKey", "in": "header", "name": "X-Api-Key", "description": "Een sleutel van `toetssteen sleutel maak`."},
    "zgwToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Een token als bij de ZGW API's (HS256)."},
    "oidcToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Een access token van de eigen OIDC-dienst."},
}
_UNCACHED = frozenset({"isLevend", "isGereed", "lijstAfwijkingen"})
_BODIES: tuple[type[BaseModel], ...] = (AanvraagIn, BewaardeAanvraagIn, EffectenIn, BesluitIn, HerberekenIn, ZoekIn)
_KEPT = ("haalBeoordeling", "haalStappen", "voegEffectenToe", "herberekenBeoordeling", "legBesluitVast")
_LINKS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bewaarBeoordeling": ("$response.body#/id", _KEPT),
    "voegEffectenToe": ("$response.body#/id", _KEPT),
    "legBesluitVast": ("$response.body#/beoordeling", ("haalBesluit", "haalBeoordeling")),
}
"""What can be done with what was made, by operation id: where its `id` stands in the answer, and the operations that take it."""
_MORE: Mapping[str, tuple[int, ...]] = {
    "bewaarBeoordeling": (409, 410),
    "haalBeoordeling": (410,),
    "haalStappen": (410,),
    "voegEffectenToe": (409, 410),
    "herberekenBeoordeling": (409, 410),
    "legBesluitVast": (409, 410),
    "haalBesluit": (410,),
}
"""Errors that only some operations give, by operation id."""


def parameter(name: str, description: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
    """A query parameter, described."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": dict(schema)}


def header(name: str, description: str) -> dict[str, Any]:
    """A header that a request must have, described."""
    schema = {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["6f1c2c1e-5a4b-4c64-9d6f-3a2b1c0d9e8f"]}
    return {"name": name, "in": "header", "required": True, "description": description, "schema": schema}


def described(
    *,
    parameters: Iterable[Mapping[str, Any]] = (),
    body: Mapping[str, type[BaseModel] | Mapping[str, Any]] | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What FastAPI cannot find by itself, because the routes read query and body strictly and by hand."""
    extra: dict[str, Any] = {}
    if parameters:
        extra["parameters"] = [dict(found) for found in parameters]
    if body:
        content = {kind: {"schema": _schema(form)} for kind, form in body.items()}
        extra["requestBody"] = {"required": True, "content": content}
    if answers:
        extra["responses"] = {"200": {"content": {kind: {"schema": dict(schema)} for kind, schema in answers.items()}}}
    return extra


def _schema(form: type[BaseModel] | Mapping[str, Any]) -> dict[str, Any]:
    return dict(form) if isinstance(form, Mapping) else {"$ref": f"#/components/schemas/{form.__name__}"}


def describe(app: FastAPI, examples: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The whole description. ``examples`` gives per operation id an example of ``verzoek`` and ``antwoord``."""
    document = get_openapi(
        title=INFO["title"],
        version=VERSION,
        summary=INFO["summary"],
        description=INFO["description"],
        license_info=INFO["license"],
        routes=app.routes,
        servers=SERVERS,
        tags=TAGS,
    )
    document["info"]["contact"] = INFO["contact"]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _, extra = models_json_schema(
        [*((form, "validation") for form in _BODIES), (Probleem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas |= extra["$defs"]
    for schema in schemas.values():
        _without_null(schema)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    document["components"]["headers"] = _VERSION_HEADER
    document["components"]["securitySchemes"] = _SCHEMES
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            wanted = ACCESS[method.upper(), path]
            _complete(method, operation, examples.get(operation["operationId"], {}), closed=wanted != OPEN)
            operation["security"] = [{name: []} for name in _SCHEMES] if wanted != OPEN else []
            if wanted not in (OPEN, ANY):
                roles = " of ".join(f"`{role.value}`" for role in sorted(wanted))
                operation["description"] = f"{operation.get('description', '')}\n\nVraagt de rol {roles}.".strip()
    return document


def _without_null(schema: dict[str, Any]) -> None:
    """Take `null` out of what comes in, which is closed, and out of every default: a key that is absent is unknown; `null` is refused."""
    for key, found in schema.get("properties", {}).items():
        if "default" in found and found["default"] is None:
            del found["default"]
        if schema.get("additionalProperties") is False and "anyOf" in found:
            kinds = [kind for kind in found["anyOf"] if kind != {"type": "null"}]
            rest = {name: value for name, value in found.items() if name != "anyOf"}
            schema["properties"][key] = {**kinds[0], **rest} if len(kinds) == 1 else {**rest, "anyOf": kinds}


def _complete(method: str, operation: dict[str, Any], example: Mapping[str, Any], *, closed: bool) -> None:
    """Headers, error answers, 304 and examples: the same for every operation."""
    responses = operation["responses"]
    responses.pop("422", None)
    made = "201" if "201" in responses else "200"
    responses[made]["description"] = "Gelukt" if made == "200" else "Bewaard"
    headers: dict[str, Any] = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
    for response in responses.values():
        response["headers"] = dict(headers)
    if method == "get" and operation["operationId"] not in _UNCACHED:
        responses["200"]["headers"] |= _ETAG_HEADER
        responses["304"] = {"description": "Niet gewijzigd", "headers": {**headers, **_ETAG_HEADER}}
    if made == "201":
        responses[made]["headers"] |= _LOCATION_HEADER
        number, after = _LINKS[operation["operationId"]]
        responses[made]["links"] = {name: {"operationId": name, "parameters": {"id": number}} for name in after}
    more = (*_MORE.get(operation["operationId"], ()), *((413, 415) if method == "post" else ()))
    for status in (400, *((401, 403, 429) if closed else ()), 404, 406, *more, 500, 503):
        responses[str(status)] = _error(status, headers)
    operation["responses"] = dict(sorted(responses.items()))
    if "verzoek" in example:
        for content in operation["requestBody"]["content"].values():
            content["examples"] = {"voorbeeld": {"value": example["verzoek"]}}
    if "antwoord" in example:
        for kind, content in responses[made]["content"].items():
            if kind != "text/html":
                content["examples"] = {"voorbeeld": {"value": example["antwoord"]}}


def _error(status: int, headers: Mapping[str, Any]) -> dict[str, Any]:
    kind = STANDARD[status]
    mistakes = [mistake("TS-Z04", "De peildatum ontbreekt.", "Geef de dag waarop wordt beoordeeld.", pointer="/peildatum")]
    value = {
        "type": kind.type,
        "title": kind.title,
        "status": status,
        "detail": kind.detail,
        "instance": "urn:uuid:00000000-0000-4000-8000-000000000000",
        "fouten": mistakes if status == 400 else [],
    }
    return {
        "description": kind.title,
        "headers": dict(headers),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Probleem"}, "examples": {"voorbeeld": {"value": value}}}},
    }
