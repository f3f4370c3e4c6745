# SPDX-License-Identifier: EUPL-1.2
"""Assessments that are kept: given when they are committed, given back byte for byte, made again, and nobody else's to see."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL
from starlette.testclient import TestClient

from api.app import create_app
from api.reader import read_json, write_exactly
from api.stored.archive import Archive
from engine.rationale import html
from engine.rationale.parts import Rendering
from engine.rulebook import load_files
from store.errors import StoreDown
from store.keys import Keys
from store.model import ANSWER, CLAIM, Ground, Kind
from store.store import Store
from tests.api.kept import CASE, CLAIM as BIJSTAND, DOOR, GROUND, PATH, TOWN, assessed, case, mistakes, post, service
from tests.helpers import law as tiny_law
from tests.law import law
from tests.store.conftest import opened


@pytest.fixture(scope="module")
def kept(store: Store) -> TestClient:
    return service(store)


def test_an_assessment_is_kept_and_the_answer_says_where(kept: TestClient, store: Store) -> None:
    answer = post(kept, PATH, case())
    assert answer.status_code == 201
    number = answer.json()["id"]
    assert answer.headers["location"] == f"{PATH}/{number}"
    assert answer.headers["cache-control"] == "no-store"
    record = store.record(number)
    assert (record.kind, record.municipality, record.law) == (Kind.ASSESSMENT, TOWN, "participatiewet")
    assert store.payload(number, ANSWER) == answer.content
    assert record.data == {"aanspraak": BIJSTAND, "peildatum": "2026-09-01", "regelbestand": law().hash}
    assert store.terms_of([number])[number] == {"zaak": [CASE], "grond": [GROUND], "deur": [DOOR]}


def test_it_is_the_assessment_that_is_given_without_keeping(kept: TestClient) -> None:
    bare = kept.post(f"{PATH}/_bereken", json={key: value for key, value in case().items() if key != "zaak"}).json()
    answer = post(kept, PATH, case()).json()
    assert {key: answer[key] for key in bare} == bare
    assert {key: answer[key] for key in answer.keys() - bare.keys()} == {"id": answer["id"], "zaak": CASE, "aanvullingOp": None}


def test_it_comes_back_byte_for_byte_and_who_has_it_already_gets_304(kept: TestClient) -> None:
    answer = post(kept, PATH, case())
    again = kept.get(answer.headers["location"])
    assert (again.status_code, again.content) == (200, answer.content)
    assert again.headers["cache-control"] == "no-store"
    known = kept.get(answer.headers["location"], headers={"if-none-match": again.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize("rendering", list(Rendering))
def test_the_page_explains_the_same_answer(kept: TestClient, rendering: Rendering) -> None:
    answer = post(kept, PATH, case())
    page = kept.get(f"{answer.headers['location']}?weergave={rendering}", headers={"accept": "text/html"})
    assert page.text == html.render(answer.json(), rendering)
    assert "script" not in page.headers["content-security-policy"]
    known = {"accept": "text/html", "if-none-match": page.headers["etag"]}
    assert kept.get(f"{answer.headers['location']}?weergave={rendering}", headers=known).status_code == 304


def test_another_form_is_406_and_a_rendering_of_json_is_refused(kept: TestClient) -> None:
    address = f"{PATH}/{assessed(kept)}"
    assert kept.get(address, headers={"accept": "application/xml"}).status_code == 406
    assert mistakes(kept.get(f"{address}?weergave=juridisch", headers={"accept": "application/json"})) == [("TS-Q06", "weergave")]
    assert kept.get(f"{address}?weergave=juridisch").headers["content-type"].startswith("text/html")


def test_the_trace_is_the_one_that_was_made(kept: TestClient) -> None:
    number = assessed(kept)
    found = kept.get(f"{PATH}/{number}/stappen").json()
    bare = kept.post(f"{PATH}/_bereken?stappen=true", json={key: value for key, value in case().items() if key != "zaak"}).json()
    assert found == {"id": number, "stappen": bare["stappen"]}


@pytest.mark.parametrize("path", ["", "/stappen", "/besluit"])
def test_what_is_not_there_is_404_and_an_id_that_cannot_be_is_too(kept: TestClient, path: str) -> None:
    for number in (uuid.uuid4(), "zomaar", "1"):
        assert kept.get(f"{PATH}/{number}{path}").status_code == 404


def test_what_was_destroyed_is_410_and_says_so(kept: TestClient, store: Store) -> None:
    key = str(uuid.uuid4())
    number = post(kept, PATH, case(), key).json()["id"]
    store.erase(number, ground=Ground.REQUEST, by="a", reason="b")
    for path in ("", "/stappen", "/besluit"):
        answer = kept.get(f"{PATH}/{number}{path}")
        assert answer.status_code == 410
        assert "vernietigd" in answer.json()["detail"]
    for path, body in (
        ("/_herbereken", {"regels": "toen"}),
        ("/effecten", {"beoogdeEffecten": [{}]}),
        ("/besluit", {}),
        ("/besluit", {"corrigeert": number}),
    ):
        assert post(kept, f"{PATH}/{number}{path}", body).status_code == 410
    assert post(kept, PATH, case(), key).status_code == 410


def test_a_decision_is_no_assessment(kept: TestClient, store: Store) -> None:
    hold = store.hold(assessed(kept), by="a", reason="b")
    assert kept.get(f"{PATH}/{hold.id}").status_code == 404


# --- what is refused -------------------------------------------------------------------------------------------------


def test_every_mistake_comes_at_once_and_nothing_is_kept(kept: TestClient, store: Store) -> None:
    before = store.news(TOWN, tuple(Kind)).upto
    body = case(zaak="", betrokkene={"naam": "iets"}, gegevens={"zomaar": 1})
    del body["gemeente"]
    answer = post(kept, PATH, body)
    assert answer.status_code == 400
    assert mistakes(answer) == [
        ("TS-O03", "/betrokkene"),
        ("TS-Z12", "/gegevens/zomaar"),
        ("TS-O01", "/gemeente"),
        ("TS-O04", "/zaak"),
    ]
    assert store.news(TOWN, tuple(Kind)).upto == before


@pytest.mark.parametrize("town", ["Zutphen", 12, ["GM0000"]])
def test_a_municipality_that_cannot_be_is_refused(kept: TestClient, town: Any) -> None:
    assert ("TS-Z09", "/gemeente") in mistakes(post(kept, PATH, case(gemeente=town)))


@pytest.mark.parametrize("body", [[], "tekst", 1])
def test_what_is_no_claim_is_refused(kept: TestClient, body: Any) -> None:
    answer = post(kept, PATH, body)
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-Z01", "")])


# --- what is down ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["claim_key", "put_bundle", "append"])
def test_a_store_that_is_down_is_503_and_gives_no_assessment(store: Store, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, key = service(store), str(uuid.uuid4())

    def down(*_: Any, **__: Any) -> Any:
        raise StoreDown

    with monkeypatch.context() as patch:
        patch.setattr(store, step, down)
        answer = post(client, PATH, case(), key)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "uitkomst" not in answer.json()
    assert post(client, PATH, case(), key).status_code == 201


def test_a_database_that_cannot_be_reached_is_503_everywhere_and_the_service_says_it_is_not_ready() -> None:
    gone = Store("postgresql://niemand@127.0.0.1:1/weg", Keys.generate())
    client = service(gone)
    assert post(client, PATH, case()).status_code == 503
    assert client.get(f"{PATH}/{uuid.uuid4()}").status_code == 503
    assert client.get("/v1/gezondheid/gereed").status_code == 503
    assert client.get("/v1/gezondheid/live").status_code == 200
    body = {key: value for key, value in case().items() if key != "zaak"}
    assert client.post(f"{PATH}/_bereken", json=body).status_code == 200


def test_a_service_without_a_store_keeps_nothing_and_says_so(client: TestClient) -> None:
    for answer in (post(client, PATH, case()), client.get(f"{PATH}/{uuid.uuid4()}"), client.get("/v1/afwijkingen?gemeente=GM0000")):
        assert answer.status_code == 503
        assert "bewaart niets" in answer.json()["detail"]
    assert client.get("/v1/gezondheid/gereed").json()["opslag"] == "uit"


def test_the_service_says_that_it_keeps(kept: TestClient) -> None:
    assert kept.get("/v1/gezondheid/gereed").json()["opslag"] == "aan"


# --- again -----------------------------------------------------------------------------------------------------------


def test_with_the_rules_of_then_it_is_equal(kept: TestClient) -> None:
    found = kept.post(f"{PATH}/{assessed(kept)}/_herbereken", json={"regels": "toen"}).json()
    assert (found["gelijk"], found["woordelijkGelijk"], found["verschillen"]) == (True, True, [])
    assert found["regelbestandToen"] == found["regelbestandNu"] == law().hash


RULE = "- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  rol: voorwaarde\n  als: a of b\n"
LADDER = "- weigeren: blokkerende_grond\n- gereed: anders\n"


def tiny(store: Store, rule: str, folder: Path) -> TestClient:
    for name, content in tiny_law(rule, ladder=LADDER).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    book = load_files({name: content.encode() for name, content in tiny_law(rule, ladder=LADDER).items()})
    return TestClient(create_app(book, rules_root=folder, examples=None, archive=Archive(store)), raise_server_exceptions=False)


def test_with_the_rules_of_now_it_says_what_differs_and_which_rule_does_it(store: Store, tmp_path: Path) -> None:
    body = {"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gemeente": TOWN, "gegevens": {"a": True, "b": False}}
    number = post(tiny(store, RULE, tmp_path), PATH, body).json()["id"]
    later = tiny(store, RULE.replace("a of b", "a en b"), tmp_path)
    found = later.post(f"{PATH}/{number}/_herbereken", json={"regels": "nu"}).json()
    assert found["gelijk"] is False
    assert {"onderdeel": "uitkomst", "naam": "uitkomst", "toen": "gereed", "nu": "weigeren"} in found["verschillen"]
    assert [cause["regel"] for cause in found["oorzaken"]] == ["wet.1"]
    assert any("wet.1" in change["zin"] for change in found["wijzigingen"])
    assert later.post(f"{PATH}/{number}/_herbereken", json={"regels": "toen"}).json()["gelijk"] is True


def test_what_is_kept_is_found_by_the_longest_id_that_a_rule_can_have(url: URL, tmp_path: Path) -> None:
    longest = "wet." + "1" * 196
    store = opened(url)
    client = tiny(store, RULE.replace("wet.1", longest), tmp_path)
    body = {"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gemeente": TOWN, "gegevens": {"a": False, "b": False}}
    number = post(client, PATH, body).json()["id"]
    found = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "grond": longest}).json()
    assert [item["id"] for item in found["results"]] == [number]
    store.close()


def test_the_trace_is_told_with_the_rules_of_then_also_when_others_serve(store: Store, tmp_path: Path) -> None:
    body = {"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gemeente": TOWN, "gegevens": {"a": True, "b": False}}
    before = tiny(store, RULE, tmp_path)
    address = f"{PATH}/{post(before, PATH, body).json()['id']}/stappen"
    found = before.get(address)
    assert found.json()["stappen"][0]["voorwaarden"] == {"tekst": "a of b", "uitkomst": "waar"}
    assert tiny(store, RULE.replace("a of b", "niet a"), tmp_path).get(address).content == found.content


def test_a_trace_whose_rules_this_program_cannot_read_is_409_and_not_told_otherwise(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "gemeente": TOWN, "gegevens": {"a": True}}
    number = post(tiny(store, RULE, tmp_path), PATH, body).json()["id"]
    monkeypatch.setattr("store.replay.unpack", lambda data: {"wet/regeling.yaml": b"van een andere tijd"})
    answer = tiny(store, RULE.replace("a of b", "niet a"), tmp_path).get(f"{PATH}/{number}/stappen")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "regels-onleesbaar")


@pytest.mark.parametrize("body", [{}, {"regels": "morgen"}, [], {"regels": "toen", "zomaar": 1}])
def test_how_to_make_it_again_must_be_said(kept: TestClient, body: Any) -> None:
    answer = kept.post(f"{PATH}/{assessed(kept)}/_herbereken", json=body)
    assert (answer.status_code, {code for code, _ in mistakes(answer)}) == (400, {"TS-O06"})


def test_a_claim_is_kept_with_every_number_as_it_was_written(kept: TestClient, store: Store) -> None:
    text = b'{"a":0.10,"b":[1,true,null],"c":{"d":"\\u00e9"},"e":1E+3}'
    assert read_json(write_exactly(read_json(text))) == read_json(text)
    number = assessed(kept)
    stored = read_json(store.payload(number, CLAIM))
    assert stored == {key: value for key, value in case().items() if key != "zaak"}
