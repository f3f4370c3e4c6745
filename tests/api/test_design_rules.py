# SPDX-License-Identifier: EUPL-1.2
"""The API Design Rules (NLGov, 2.2) as far as a client can check them, over every route; each test names its rules.

What only the description tells (kebab-case, formats, contact) is checked here too, so that no linter is needed to see it.
Not to be checked by a client of one version: `/core/doc-language` and `/core/interface-language` (is it good Dutch),
`/core/hide-implementation`, `/core/changelog` (CHANGELOG.md), `/core/deprecation-schedule` and `/core/transition-period`
(there is one version, and nothing in it is deprecated), `/core/transport/tls` (the proxy in front ends TLS), and the modules
for geospatial data, signing and encryption (there is none of it). ETag and 304 are no design rule: test_service.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import ACCESS, OPEN, Role
from store.schema import records
from store.store import Store
from tests.api.kept import TOWN, service
from tests.api.test_openapi import ask, operations, validate
from tests.store.drafts import rows

CAMEL = re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*")
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOMENT = re.compile(r"\"\d{4}-\d\d-\d\dT[^\"]*\"")
COLLECTIONS = {"beoordelingen", "regelingen", "regelsets", "aanspraken", "afwijkingen", "versies", "effecten", "stappen"}
SINGULAR = {"besluit": "one of an assessment", "gegevensschema": "one of a claim", "gezondheid": "one of the service"}
OF_GEZONDHEID = {"live", "gereed"}
PAGES = ("/", "/zomaar", "/aanvraag", "/.well-known/security.txt")
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
}


@pytest.fixture(scope="module")
def signed_in(store: Store, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A service with a store to which callers sign in, and a key with every role."""
    keys = KeyFile(tmp_path_factory.mktemp("sleutels") / "sleutels.json")
    client = service(store, gate=Gate(keys))
    client.headers["X-Api-Key"] = keys.make("zaaksysteem", [TOWN], list(Role), date.today())
    return client


@pytest.fixture(scope="module")
def document(signed_in: TestClient) -> dict[str, Any]:
    return signed_in.get("/v1/openapi.json").json()  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def answers(signed_in: TestClient, document: dict[str, Any]) -> list[tuple[str, Any]]:
    """The answer of every operation to a request that succeeds."""
    return [(f"{method} {path}", ask(signed_in, document, path, method, op)) for path, method, op in operations(document)]


@pytest.fixture(scope="module")
def refusals(signed_in: TestClient, document: dict[str, Any]) -> list[tuple[str, int, Any]]:
    """What every operation answers to each thing that can be wrong with any request, with the status that belongs to it."""
    return list(_refused(signed_in, document))


def _refused(client: TestClient, document: dict[str, Any]) -> Iterator[tuple[str, int, Any]]:
    for path, method, operation in operations(document):
        what = f"{method} {path}"
        yield what, 400, ask(client, document, path, method, operation, params={"zomaar": "1"})
        yield what, 406, ask(client, document, path, method, operation, headers={"accept": "image/png"})
        yield what, 404, client.request(method, f"{plain(path)}/")
        yield what, 405, client.request("PATCH", plain(path))
        if ACCESS[method.upper(), path] != OPEN:
            yield what, 401, client.request(method, plain(path), headers={"X-Api-Key": "ts_onbekend"})
        if method == "post":
            yield what, 415, post_bytes(client, path, b"<a/>", "application/xml")
            yield what, 413, post_bytes(client, path, b" " * 1_000_001, media_type(operation))
    yield "get /v1", 404, client.get("/v1")
    yield "get /v1/", 404, client.get("/v1/")


def plain(path: str) -> str:
    """An address of a route, by which the route is found; what it names is not there."""
    return "/v1" + path.replace("{id}", "00000000-0000-4000-8000-000000000000").replace("{", "").replace("}", "")


def media_type(operation: dict[str, Any]) -> str:
    return str(next(iter(operation["requestBody"]["content"])))


def post_bytes(client: TestClient, path: str, body: bytes, kind: str) -> Any:
    query = "?bestand=participatiewet/regeling.yaml" if path == "/regelsets/_valideer" else ""
    return client.post(plain(path) + query, content=body, headers={"content-type": kind, "Idempotency-Key": "een"})


def everything(answers: list[tuple[str, Any]], refusals: list[tuple[str, int, Any]]) -> list[tuple[str, Any]]:
    return [*answers, *((what, response) for what, _, response in refusals)]


# --- methods and addresses -------------------------------------------------------------------------------------------


def test_no_trailing_slash_and_no_redirect_to_one_or_from_one(signed_in: TestClient, document: dict[str, Any]) -> None:
    """`/core/no-trailing-slash`"""
    for path, method, _ in operations(document):
        assert not path.endswith("/")
        assert signed_in.request(method, f"{plain(path)}/", follow_redirects=False).status_code == 404, path


def test_only_the_methods_of_the_description_are_there_and_allow_names_them(signed_in: TestClient, document: dict[str, Any]) -> None:
    """`/core/http-methods`"""
    for path, methods in document["paths"].items():
        there = {method.upper() for method in methods}
        assert there <= {"GET", "POST"}
        there |= {"HEAD"} if "GET" in there else set()
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - there:
            response = signed_in.request(method, plain(path))
            assert response.status_code == 405, (method, path)
            assert set(response.headers["allow"].split(", ")) == there, (method, path)


def test_reading_keeps_nothing_and_head_is_get_without_a_body(signed_in: TestClient, document: dict[str, Any], store: Store) -> None:
    """`/core/http-safety`"""
    for path, method, operation in operations(document):
        if method == "get" and "{id}" not in path:
            before = len(rows(store.engine, records))
            found = ask(signed_in, document, path, method, operation)
            head = signed_in.head(str(found.url))
            assert len(rows(store.engine, records)) == before, path
            assert (head.status_code, head.content) == (found.status_code, b""), path


def test_no_answer_asks_the_caller_to_remember_a_session(answers: list[tuple[str, Any]], refusals: list[tuple[str, int, Any]]) -> None:
    """`/core/stateless`"""
    assert [what for what, response in everything(answers, refusals) if "set-cookie" in response.headers] == []


def test_resources_are_nouns_collections_are_plural_and_operations_have_an_underscore(document: dict[str, Any]) -> None:
    """`/core/naming-resources`, `/core/naming-collections`, `/core/nested-child`, `/core/resource-operations`, kebab-case"""
    for path, methods in document["paths"].items():
        *parents, last = path.strip("/").split("/")
        if last.startswith("_"):
            assert list(methods) == ["post"], path
        for index, segment in enumerate([*parents, last]):
            if segment.startswith("{") or segment == "openapi.json":
                assert index == 0 or parents[0] in COLLECTIONS, path
                continue
            assert KEBAB.fullmatch(segment.removeprefix("_")), path
            assert segment in COLLECTIONS | set(SINGULAR) | OF_GEZONDHEID or (segment == last and segment.startswith("_")), path


def test_keys_of_a_query_and_of_a_message_are_camel_case(document: dict[str, Any]) -> None:
    """`/core/query-keys-camel-case`, and the casing of properties"""
    keys = [key for schema in document["components"]["schemas"].values() for key in schema.get("properties", {})]
    keys += [p["name"] for _, _, o in operations(document) for p in o.get("parameters", ()) if p["in"] == "query"]
    assert [key for key in keys if not CAMEL.fullmatch(key)] == []


# --- errors ----------------------------------------------------------------------------------------------------------


def test_every_error_of_every_route_is_a_problem_document(refusals: list[tuple[str, int, Any]], document: dict[str, Any]) -> None:
    """`/core/error-handling/problem-details`, and the status code that belongs to it"""
    for what, status, response in refusals:
        assert response.status_code == status, (what, response.text)
        assert response.headers["content-type"] == "application/problem+json", (what, status)
        found = response.json()
        assert found["status"] == status
        assert found["title"]
        assert found["detail"]
        validate(document, {"$ref": "#/components/schemas/Probleem"}, found)


def test_wrong_input_is_400_and_never_422(signed_in: TestClient, document: dict[str, Any]) -> None:
    """`/core/error-handling/invalid-input`"""
    for path, method, operation in operations(document):
        assert "400" in operation["responses"]
        assert "422" not in operation["responses"]
        if method == "post" and media_type(operation) == "application/json" and "{id}" not in path:
            for body in (b"", b"{", b"[]", b'{"zomaar": 1}'):
                assert post_bytes(signed_in, path, body, "application/json").status_code == 400, (path, body)


def test_all_mistakes_of_a_request_come_at_once(signed_in: TestClient) -> None:
    """`/core/error-handling/all-errors`"""
    response = signed_in.post("/v1/beoordelingen?zo=1", json={"gemeente": 1, "peildatum": "morgen", "zomaar": None})
    places = {found.get("parameter") or found["pointer"] for found in response.json()["fouten"]}
    assert {"zo", "Idempotency-Key", "/peildatum", "/zomaar", "/aanspraak"} <= places


# --- the description and its version ---------------------------------------------------------------------------------


def test_the_description_can_be_read_by_everybody_from_any_page(signed_in: TestClient) -> None:
    """`/core/publish-openapi`, `/core/doc-openapi`, `/core/doc-openapi-contact`, `/core/transport/cors`"""
    found = TestClient(signed_in.app).get("/v1/openapi.json", headers={"Origin": "https://elders.example"})
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    assert found.headers["access-control-allow-origin"] == "*"
    assert found.headers["cross-origin-resource-policy"] == "cross-origin"
    document = found.json()
    assert document["openapi"].startswith("3.1")
    assert set(document["info"]["contact"]) == {"name", "url", "email"}
    assert document["info"]["license"]["identifier"] == "EUPL-1.2"


def test_a_page_of_somebody_else_reads_nothing_but_the_description(answers: list[tuple[str, Any]]) -> None:
    """`/core/transport/cors`"""
    open_to_all = [what for what, response in answers if "access-control-allow-origin" in response.headers]
    assert open_to_all == ["get /openapi.json"]


def test_the_address_has_the_major_version_and_every_answer_the_whole_one(
    answers: list[tuple[str, Any]], refusals: list[tuple[str, int, Any]], document: dict[str, Any]
) -> None:
    """`/core/uri-version`, `/core/semver`, `/core/version-header`"""
    version = document["info"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    for server in document["servers"]:
        assert re.fullmatch(rf"https://.*/v{version.split('.')[0]}", server["url"])
    for what, response in everything(answers, refusals):
        assert response.headers["api-version"] == version, what


# --- transport -------------------------------------------------------------------------------------------------------


def test_every_answer_keeps_browsers_in_check(
    answers: list[tuple[str, Any]], refusals: list[tuple[str, int, Any]], client: TestClient
) -> None:
    """`/core/transport/security-headers`; of the rules, which are of nobody, `no-cache` stands for `no-store`"""
    for what, response in [*everything(answers, refusals), *((path, client.get(path)) for path in PAGES)]:
        headers = response.headers
        assert {name: headers.get(name) for name in SECURITY} == SECURITY, what
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
    of_the_rules = {"/regelingen", "/regelsets", "/aanspraken", "/openapi.json"}
    for what, response in everything(answers, refusals):
        known = any(what.startswith(f"get {start}") for start in of_the_rules) and response.status_code == 200
        assert response.headers["cache-control"] == ("no-cache" if known else "no-store"), what


def test_nothing_that_names_a_person_or_lets_somebody_in_stands_in_an_address(signed_in: TestClient, document: dict[str, Any]) -> None:
    """`/core/transport/no-sensitive-uris`"""
    inside = {p["name"] for _, _, o in operations(document) for p in o.get("parameters", ()) if p["in"] in ("query", "path")}
    assert inside & {"bsn", "betrokkene", "pseudoniem", "zaak", "naam", "token", "sleutel"} == set()
    for name in ("sleutel", "token", "access_token", "api_key"):
        assert signed_in.get("/v1/regelingen", params={name: "ts_x"}).status_code == 400


# --- dates -----------------------------------------------------------------------------------------------------------


def test_a_moment_has_its_time_zone_and_a_day_has_no_time(answers: list[tuple[str, Any]], document: dict[str, Any]) -> None:
    """`/core/date-time/timezone`, `/core/date-time/date-omit-time-portion`, `/core/date-time/format`"""
    moments = [found for what, response in answers if what != "get /openapi.json" for found in MOMENT.findall(response.text)]
    assert moments
    assert [found for found in moments if not re.fullmatch(r"\"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\"", found)] == []
    names = ("datum", "peildatum", "geldigVanaf", "geldigTot", "bekendVanaf", "gesteldOp", "versie", "wijzigt")
    of_an_instrument = ("Zelfredzaamheid", "ZelfredzaamheidIn")
    for name, schema in document["components"]["schemas"].items():
        for key, found in schema.get("properties", {}).items():
            if key in names and not (key == "versie" and name in of_an_instrument):
                assert found.get("format") == "date", (name, key)
