# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.contract import Beoordeling
from api.reader import read_json
from engine.authoring.tests import claim_of
from engine.model.problems import EngineError
from engine.passes.assess import assess
from engine.rationale import html
from engine.rationale.build import rationale
from engine.rationale.parts import Rendering
from engine.rulebook import load_files
from tests.helpers import Opinion, claim, law as tiny_law
from tests.law import EXAMPLES, law
from tests.mistakes import IN_JSON, TOLD_OF_JSON

PATH = "/v1/beoordelingen/_bereken"
JSON = {"content-type": "application/json"}
EXAMPLE = next(EXAMPLES.glob("1-*.json")).read_bytes()


def problems(response: Any) -> list[tuple[str, str]]:
    assert response.headers["content-type"] == "application/problem+json"
    return [(found["code"], found["pointer"]) for found in response.json()["fouten"]]


def test_a_claim_is_assessed_and_explained(client: TestClient) -> None:
    response = client.post(PATH, content=EXAMPLE, headers=JSON)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    expected = {**rationale(assess(read_json(EXAMPLE), law())), "tweedeMening": "uit"}
    assert response.json() == expected
    assert list(response.json()) == list(expected)


def test_the_same_claim_gives_the_same_bytes(client: TestClient) -> None:
    shuffled = json.dumps(dict(reversed(list(json.loads(EXAMPLE).items()))))
    first, second = client.post(PATH, content=EXAMPLE, headers=JSON), client.post(PATH, content=shuffled, headers=JSON)
    assert first.content == second.content


def test_a_missing_fact_is_no_error(tiny: TestClient) -> None:
    response = tiny.post(PATH, json=claim())
    assert response.status_code == 200
    assert response.json()["uitkomst"] == "onvolledig"
    assert [question["naam"] for question in response.json()["ontbrekendeGegevens"]] == ["a", "b"]


def test_the_steps_come_on_request_only(tiny: TestClient) -> None:
    assert "stappen" not in tiny.post(PATH, json=claim({"a": True})).json()
    steps = tiny.post(f"{PATH}?stappen=true", json=claim({"a": True})).json()["stappen"]
    assert [step["id"] for step in steps] == ["wet.1"]


def test_the_rationale_comes_as_a_page_for_who_asks_for_one(tiny: TestClient) -> None:
    response = tiny.post(PATH, json=claim({"a": True}), headers={"accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in response.headers["content-security-policy"]
    assert response.text.startswith("<!doctype html>")


@pytest.mark.parametrize("rendering", list(Rendering))
def test_a_page_comes_in_the_rendering_that_was_asked_for(client: TestClient, rendering: Rendering) -> None:
    response = client.post(f"{PATH}?weergave={rendering}", content=EXAMPLE, headers={**JSON, "accept": "text/html"})
    assert response.status_code == 200
    expected = {**rationale(assess(read_json(EXAMPLE), law())), "tweedeMening": "uit"}
    assert response.text == html.render(expected, rendering)


def test_a_page_is_for_the_professional_unless_another_rendering_is_asked_for(client: TestClient) -> None:
    pages = [
        client.post(PATH + query, content=EXAMPLE, headers={**JSON, "accept": "text/html"}).text for query in ("", "?weergave=professional")
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("query", "accept", "code"),
    [
        ("weergave=eenvoudig", "text/html", "TS-Q03"),
        ("weergave=", "text/html", "TS-Q03"),
        ("weergave=eenvoudig", "application/json", "TS-Q03"),
        ("weergave=juridisch", "application/json", "TS-Q06"),
        ("weergave=juridisch&weergave=juridisch", "text/html", "TS-Q02"),
    ],
)
def test_a_rendering_that_does_not_fit_is_refused_at_its_parameter(tiny: TestClient, query: str, accept: str, code: str) -> None:
    response = tiny.post(f"{PATH}?{query}", json=claim(), headers={"accept": accept})
    assert response.status_code == 400
    assert [(found["code"], found["parameter"]) for found in response.json()["fouten"]] == [(code, "weergave")]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("text/*;q=0.5, application/json;q=0.4", "text/html"),
        ("text/html;q=0.5, */*;q=0.1", "text/html"),
        ("application/json;q=0, */*", "text/html"),
        ("text/html, application/json", "application/json"),
    ],
)
def test_the_form_follows_what_the_caller_likes_most(tiny: TestClient, accept: str, kind: str) -> None:
    response = tiny.post(PATH, json=claim(), headers={"accept": accept})
    assert response.headers["content-type"].startswith(kind)


def test_a_form_that_does_not_exist_is_406(tiny: TestClient) -> None:
    response = tiny.post(PATH, json=claim(), headers={"accept": "application/xml"})
    assert response.status_code == 406
    assert problems(response) == []


def test_every_mistake_of_a_claim_comes_at_once_with_400(tiny: TestClient) -> None:
    response = tiny.post(PATH, json=claim({"a": 3, "zomaar": 1}, gemeente="Zutphen"))
    assert response.status_code == 400
    assert problems(response) == [("TS-Z20", "/gegevens/a"), ("TS-Z12", "/gegevens/zomaar"), ("TS-Z09", "/gemeente")]


def test_mistakes_of_the_json_and_of_the_facts_come_together_each_with_its_pointer(tiny: TestClient) -> None:
    response = tiny.post(PATH, content=IN_JSON, headers=JSON)
    assert response.status_code == 400
    assert problems(response) == [(code, pointer) for pointer, code in TOLD_OF_JSON]


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_claim_that_is_only_written_wrong_is_never_assessed(tiny: TestClient, accept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.passes.assess.first_pass", lambda *_: pytest.fail("assessed"))
    text = '{"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gegevens": {"a": true, "a": true}}'
    response = tiny.post(PATH, content=text, headers={**JSON, "accept": accept})
    assert response.status_code == 400
    assert problems(response) == [("TS-J04", "/gegevens/a")]


def test_what_is_no_json_at_all_comes_alone(tiny: TestClient) -> None:
    assert problems(tiny.post(PATH, content='{"aanspraak": NaN, "zomaar": 1,}', headers=JSON)) == [("TS-J03", "")]


@pytest.mark.parametrize("query", ["stappen=ja", "stapen=true", "stappen=true&stappen=true"])
def test_a_query_is_read_strictly(tiny: TestClient, query: str) -> None:
    response = tiny.post(f"{PATH}?{query}", json=claim())
    assert response.status_code == 400
    assert response.json()["fouten"][0]["parameter"] in ("stappen", "stapen")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=iso-8859-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {},
    ],
)
def test_another_kind_of_body_is_415(tiny: TestClient, headers: dict[str, str]) -> None:
    response = tiny.post(PATH, content=b"{}", headers=headers)
    assert response.status_code == 415
    assert response.headers["accept"] == "application/json"


def test_a_body_that_is_too_large_is_413(tiny: TestClient) -> None:
    assert tiny.post(PATH, content=b" " * 1_000_001, headers=JSON).status_code == 413


def test_a_body_that_does_not_say_how_large_it_is_is_cut_off(tiny: TestClient) -> None:
    assert tiny.post(PATH, content=(b" " * 1000 for _ in range(2000)), headers=JSON).status_code == 413


def test_engines_that_differ_give_500_with_a_code_and_no_assessment() -> None:
    differs = Opinion(EngineError("de regel wet.1 is bij de ene motor waar en bij de andere onwaar"))
    client = TestClient(create_app(load_files(tiny_law()), differs, examples=None), raise_server_exceptions=False)
    response = client.post(PATH, json=claim())
    assert response.status_code == 500
    assert problems(response) == [("TS-M01", "")]
    assert "uitkomst" not in response.json()


def test_an_unforeseen_error_gives_500_and_tells_nothing_of_the_case(caplog: pytest.LogCaptureFixture) -> None:
    secret = "geheim" + " van de zaak"
    client = TestClient(create_app(load_files(tiny_law()), Opinion(KeyError(secret)), examples=None), raise_server_exceptions=False)
    response = client.post(PATH, json=claim())
    assert response.status_code == 500
    assert response.json()["title"] == "Interne fout"
    assert response.headers["api-version"] == "1.0.0"
    assert secret not in response.text
    assert secret not in caplog.text
    assert response.json()["instance"] in caplog.text


@pytest.mark.parametrize("opinion", ["gelijk", "geen"])
def test_the_second_opinion_stands_in_the_envelope(opinion: str) -> None:
    client = TestClient(create_app(load_files(tiny_law()), Opinion(opinion), examples=None))
    assert client.post(PATH, json=claim()).json()["tweedeMening"] == opinion


def test_the_contract_describes_every_real_rationale_exactly() -> None:
    claims = [claim_of(law(), file, test) for file, tests in law().tests for test in tests if test.expected.refused is None]
    claims += [read_json(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))]
    for data in claims[:: max(1, len(claims) // 60)] + claims[-5:]:
        found = {**rationale(assess(data, law()), steps=True), "tweedeMening": "uit"}
        model = Beoordeling.model_validate(found)
        assert model.model_dump(by_alias=True, mode="json", exclude_unset=True) == found


def test_the_service_never_says_that_a_claim_was_rejected(client: TestClient) -> None:
    for path in sorted(EXAMPLES.glob("*.json")):
        for accept in ("application/json", "text/html"):
            text = client.post(PATH, content=path.read_bytes(), headers={**JSON, "accept": accept}).text
            assert "afgewezen" not in text.lower()
            assert "concept" in text.lower()
