# SPDX-License-Identifier: EUPL-1.2
"""Schemathesis over every operation of the OpenAPI description: what the service answers is what it describes, whatever is sent.

The service keeps what it assesses and callers sign in, so nothing is refused for lack of either. A request about an
assessment is about one that is there, and about a fresh one where the request could change how it stands: otherwise every
body would be met by 404 or 409 before it was read. ``HYPOTHESIS_PROFILE=fuzz`` takes more examples, others each time.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import GenerationConfig
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import events, from_schema
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import BaseSchema
from sqlalchemy import URL
from starlette.testclient import TestClient

from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import Role
from tests.api.kept import ORGANISATIONS, TOWN, assessed, service
from tests.api.test_openapi import OPERATIONS
from tests.store.conftest import opened

Schema: TypeAlias = BaseSchema

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
EXAMPLES = 200 if LONG else 20
NUMBER = re.compile(r"(?<=^/v1/beoordelingen/)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=/|$)")
CHECKS = {
    "allow_header_conformance",
    "content_type_conformance",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
}
OF_THE_RULES = "which facts, people, options and doors a claim can name stands in the rules of its day, not in the description"
REFUSED_ANYHOW: Mapping[str, str] = {
    "berekenBeoordeling": OF_THE_RULES,
    "bewaarBeoordeling": OF_THE_RULES,
    "voegEffectenToe": OF_THE_RULES,
    "legBesluitVast": "a day that is still to come, another RSIN than the one that is set, and a sign that cannot be seen are 400",
    "lijstRegelsets": "which laws are loaded differs with the rules, so a law that is not there is 400 (TS-Q05)",
}
"""Operations that may answer 400 to what fits the description, and why: there the check of accepted data is left out.
(That they accept their own example is held in test_openapi.py.)"""


def _number(digits: str) -> str:
    """Nine digits that satisfy the elfproef, or an empty text where the last would be 10."""
    last = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), digits, strict=True)) % 11
    return f"{digits}{last}" if last < 10 and set(digits) != {"0"} else ""


schemathesis.openapi.format("elfproef", st.from_regex(r"[0-9]{8}", fullmatch=True).map(_number).filter(bool))


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service over a store of its own, and a key with every role in one municipality."""
    folder = tmp_path_factory.mktemp("contract")
    store = opened(URL.create("sqlite", database=str(folder / "opslag.sqlite")))
    keys = KeyFile(folder / "sleutels.json")
    client = service(store, gate=Gate(keys), organisations=ORGANISATIONS)
    client.headers["X-Api-Key"] = keys.make("contract", [TOWN], list(Role), date.today())
    yield client
    store.close()


@pytest.fixture
def schema(signed_in: TestClient) -> Schema:
    found = schemathesis.openapi.from_asgi("/v1/openapi.json", signed_in.app)
    found.config.update(headers={"X-Api-Key": signed_in.headers["X-Api-Key"]})
    found.config.seed = 20260715
    generation = found.config.generation
    generation.max_examples, generation.deterministic, generation.database = EXAMPLES, not LONG, "none"
    return found


def run(schema: Schema) -> tuple[list[str], Counter[str], Counter[str]]:
    """What schemathesis found, how often each check was made, and how many requests each phase took."""
    found: list[str] = []
    checks: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            requests[event.phase.name] += len(event.recorder.interactions)
            for made in (check for checks_of_case in event.recorder.checks.values() for check in checks_of_case):
                checks[made.name] += 1
                if made.failure_info is not None:
                    failure = made.failure_info.failure
                    found.append(
                        f"{event.phase.name}: {failure.operation}: {failure.title}: {failure.message}\n{made.failure_info.code_sample}"
                    )
        elif isinstance(event, events.NonFatalError):
            found.append(str(event.info))
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found, checks, requests


class AboutWhatIsThere:
    """The service with, wherever a path has the number of an assessment, that of one that is there."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.there = client, ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if NUMBER.search(path):
            self.there = self.there or assessed(self.client)
            scope = {**scope, "path": NUMBER.sub(self.there, path)}

        async def watched(message: Any) -> None:
            if message.get("status") == 201:  # decided on or added to: what comes next is about another one
                self.there = ""
            await send(message)

        await self.client.app(scope, receive, watched)


def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Leave out that a rule file of another type is accepted: any bytes are a file to check, and what is wrong with them is the answer."""
    checks_a_file = case.operation.definition.raw["operationId"] == "valideerRegelbestand"
    return not (checks_a_file and isinstance(failure, AcceptedNegativeData) and case.meta.is_negative_at(ParameterLocation.BODY))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_is_sent_the_answer_is_what_the_description_says(signed_in: TestClient, schema: Schema, operation: str) -> None:
    schema.app = AboutWhatIsThere(signed_in)
    schema.hook(filter_failure)
    schema.config.phases.stateful.enabled = False
    schema.config.checks.positive_data_acceptance.enabled = operation not in REFUSED_ANYHOW
    failures, checks, requests = run(schema.include(operation_id=operation))
    assert not failures, "\n\n".join(failures)
    assert set(checks) >= CHECKS
    assert requests["COVERAGE"] > 0
    assert requests["FUZZING"] > 0


def test_what_was_made_can_be_gone_on_with_along_the_links_of_the_description(schema: Schema) -> None:
    paths = schema.raw_schema["paths"]
    bodies = {
        operation["operationId"]: next(iter(operation["requestBody"]["content"].values()))
        .get("examples", {})
        .get("voorbeeld", {})
        .get("value")
        for methods in paths.values()
        for operation in methods.values()
        if "requestBody" in operation
    }

    def map_body(context: Any, body: Any) -> Any:
        """The example: a claim of chance is seldom one that can be kept, and without one there is nothing to go on with."""
        return bodies.get(context.operation.definition.raw["operationId"]) or body

    schema.hook(map_body)
    schema.config.phases.stateful.generation = GenerationConfig(
        modes=[GenerationMode.POSITIVE], max_examples=EXAMPLES, deterministic=not LONG
    )
    for phase in (schema.config.phases.examples, schema.config.phases.coverage, schema.config.phases.fuzzing):
        phase.enabled = False
    schema.config.checks.positive_data_acceptance.enabled = False  # held for each operation above, with the reasons
    failures, checks, requests = run(schema)
    assert not failures, "\n\n".join(failures)
    assert requests["STATEFUL_TESTING"] > 0
    assert {"ensure_resource_availability", "use_after_free", "response_schema_conformance"} <= set(checks)
