# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from starlette.testclient import TestClient

from api.contract import AanvraagIn, BeoogdEffectIn
from api.contract_stored import BesluitIn, ZgwBesluitIn, ZoekIn
from api.stored import concept, searching
from engine.model.record import RECORD_KEYS
from engine.passes import intake

BASE = "urn:openapi"
PATHS = {
    "/beoordelingen/_bereken": "/beoordelingen/_bereken",
    "/regelingen": "/regelingen",
    "/regelingen/{id}": "/regelingen/participatiewet",
    "/regelsets": "/regelsets?peildatum=2026-07-15",
    "/regelsets/{regeling}/{aanspraak}/versies/{versie}": "/regelsets/participatiewet/algemene_bijstand/versies/2026-01-01",
    "/regelsets/_valideer": "/regelsets/_valideer?bestand=participatiewet/regeling.yaml",
    "/aanspraken/{regeling}/{aanspraak}/gegevensschema": (
        "/aanspraken/participatiewet/algemene_bijstand/gegevensschema?peildatum=2026-07-15"
    ),
    "/beoordelingen": "/beoordelingen",
    "/beoordelingen/_zoek": "/beoordelingen/_zoek",
    "/beoordelingen/{id}": "/beoordelingen/{id}",
    "/beoordelingen/{id}/stappen": "/beoordelingen/{id}/stappen",
    "/beoordelingen/{id}/_herbereken": "/beoordelingen/{id}/_herbereken",
    "/beoordelingen/{id}/effecten": "/beoordelingen/{id}/effecten",
    "/beoordelingen/{id}/besluit": "/beoordelingen/{id}/besluit",
    "/afwijkingen": "/afwijkingen?gemeente=GM0000",
    "/gezondheid/live": "/gezondheid/live",
    "/gezondheid/gereed": "/gezondheid/gereed",
    "/openapi.json": "/openapi.json",
}
MORE = {
    **dict.fromkeys(("bewaarBeoordeling", "voegEffectenToe", "herberekenBeoordeling", "legBesluitVast"), frozenset({"409", "410"})),
    **dict.fromkeys(("haalBeoordeling", "haalStappen", "haalBesluit"), frozenset({"410"})),
}
OPERATIONS = [
    "berekenBeoordeling",
    "bewaarBeoordeling",
    "haalBeoordeling",
    "haalBesluit",
    "haalGegevensschema",
    "haalOpenapi",
    "haalRegeling",
    "haalRegelset",
    "haalStappen",
    "herberekenBeoordeling",
    "isGereed",
    "isLevend",
    "legBesluitVast",
    "lijstAfwijkingen",
    "lijstRegelingen",
    "lijstRegelsets",
    "valideerRegelbestand",
    "voegEffectenToe",
    "zoekBeoordelingen",
]
BODIES = {"/regelsets/_valideer": ("application/yaml", b"naam: Participatiewet\nbwb: BWBR0015703\n")}


@pytest.fixture(scope="module")
def document(keeping: TestClient) -> dict[str, Any]:
    response = keeping.get("/v1/openapi.json")
    assert response.status_code == 200
    return response.json()  # type: ignore[no-any-return]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def validate(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    registry = Registry().with_resource(BASE, Resource.from_contents(document, default_specification=DRAFT202012))
    absolute = json.loads(json.dumps(schema).replace('"#/components', f'"{BASE}#/components'))
    Draft202012Validator(absolute, registry=registry, format_checker=FormatChecker()).validate(value)


def ask(client: TestClient, document: dict[str, Any], path: str, method: str, operation: dict[str, Any], **more: Any) -> Any:
    headers = {"Idempotency-Key": str(uuid.uuid4())} | more.pop("headers", {})
    address = f"/v1{PATHS[path]}"
    if "{id}" in path:
        address = address.replace("{id}", kept(client, document, decided=operation["operationId"] == "haalBesluit"))
    if method == "get":
        return client.get(address, headers=headers, **more)
    if path in BODIES:
        kind, body = BODIES[path]
        return client.post(address, content=body, headers={"content-type": kind} | headers, **more)
    body = example(operation["requestBody"]["content"]["application/json"])
    return client.post(address, json=body, headers=headers, **more)


def kept(client: TestClient, document: dict[str, Any], *, decided: bool) -> str:
    """The id of the example claim, assessed and kept; with a decision on it where that is asked for."""
    paths = document["paths"]
    made = ask(client, document, "/beoordelingen", "post", paths["/beoordelingen"]["post"])
    assert made.status_code == 201, made.text
    number: str = made.json()["id"]
    if decided:
        body = example(paths["/beoordelingen/{id}/besluit"]["post"]["requestBody"]["content"]["application/json"])
        answer = client.post(f"/v1/beoordelingen/{number}/besluit", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
        assert answer.status_code == 201, answer.text
    return number


def example(content: dict[str, Any]) -> Any:
    return content["examples"]["voorbeeld"]["value"]


def test_every_path_is_tried_here(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == set(PATHS)


def test_every_operation_answers_what_it_describes(keeping: TestClient, document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        response = ask(keeping, document, path, method, operation)
        made = success(operation)
        assert str(response.status_code) == made, (path, response.text)
        kind = response.headers["content-type"].split(";")[0]
        validate(document, operation["responses"][made]["content"][kind]["schema"], response.json())
        assert ("location" in response.headers) is (made == "201")


def success(operation: dict[str, Any]) -> str:
    (made,) = (status for status in operation["responses"] if status.startswith("2"))
    return str(made)


def test_every_example_is_what_the_description_says(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        contents = [operation["responses"][success(operation)], operation.get("requestBody", {})]
        for content in (found for part in contents for found in part.get("content", {}).values()):
            if "examples" in content:
                validate(document, content["schema"], example(content))
            else:
                assert not path.startswith(("/beoordelingen", "/afwijkingen")) or content["schema"] == {"type": "string"}, path


def test_every_operation_documents_the_errors_it_can_give(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        expected = {"400", "404", "406", "500", "503"} | ({"413", "415"} if method == "post" else set())
        expected |= {"401", "403", "429"} if operation["security"] else set()
        expected |= MORE.get(operation["operationId"], frozenset())
        assert {status for status in operation["responses"] if status >= "400"} == expected, path


def test_every_documented_error_is_a_problem_document(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            assert "API-Version" in response["headers"]
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"]
                content = response["content"]["application/problem+json"]
                validate(document, content["schema"], example(content))


def test_every_operation_has_an_id_of_its_own_and_a_summary(document: dict[str, Any]) -> None:
    found = [operation for _, _, operation in operations(document)]
    assert len({operation["operationId"] for operation in found}) == len(found)
    assert all(operation["summary"] and operation["tags"] for operation in found)


def test_the_operation_ids_stay_what_they_are(document: dict[str, Any]) -> None:
    assert sorted(operation["operationId"] for _, _, operation in operations(document)) == OPERATIONS


def test_the_example_claim_is_assessed_and_its_answer_is_described(client: TestClient, document: dict[str, Any]) -> None:
    operation = document["paths"]["/beoordelingen/_bereken"]["post"]
    asked = example(operation["requestBody"]["content"]["application/json"])
    shown = example(operation["responses"]["200"]["content"]["application/json"])
    answer = client.post("/v1/beoordelingen/_bereken", json=asked).json()
    assert set(shown) == set(answer)
    assert shown["uitkomst"] == answer["uitkomst"]
    validate(document, operation["responses"]["200"]["content"]["application/json"]["schema"], shown)
    validate(document, operation["requestBody"]["content"]["application/json"]["schema"], asked)


def test_the_claim_is_described_as_intake_reads_it() -> None:
    assert {field.alias for field in AanvraagIn.model_fields.values()} == set(intake.KEYS)
    assert {field.alias for field in BesluitIn.model_fields.values()} == {*RECORD_KEYS, "zgwBesluit", "corrigeert"}
    assert {field.alias for field in ZgwBesluitIn.model_fields.values()} == set(concept.KEYS)
    assert {field.alias for field in ZoekIn.model_fields.values()} == set(searching.KEYS)
    assert {field.alias for field in BeoogdEffectIn.model_fields.values()} == set(intake._EFFECT_KEYS)


def test_every_schema_has_a_name_of_its_own_and_no_default_that_the_reader_refuses(keeping: TestClient) -> None:
    schemas = keeping.get("/v1/openapi.json").json()["components"]["schemas"]
    assert [name for name in schemas if re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) is None] == []
    nulls = [
        (name, key)
        for name, schema in schemas.items()
        for key, found in schema.get("properties", {}).items()
        if "default" in found and found["default"] is None
    ]
    assert nulls == []
