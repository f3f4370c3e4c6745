# SPDX-License-Identifier: EUPL-1.2
"""Whose it is: no route shows what is kept of another municipality, and a burgerservicenummer is nowhere to be read."""

from __future__ import annotations

import io
import json
import logging
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import make_url
from starlette.testclient import TestClient

from api import logs
from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import ACCESS, OPEN, Role
from api.logboek import File, Logbook, in_trace
from api.stored.accounting import KEPT_PERSON
from api.stored.strays import MOST, MOST_LOOKED_AT
from api.trace_context import trace_of
from engine.model.problems import MAX_PROBLEMS
from store.bsn import is_bsn
from store.model import Ground, Kind
from store.store import Store
from tests.api.kept import BSN, OTHER_TOWN, PATH, TOWN, WORDS, assessed, case, mistakes, post, record, service
from tests.api.test_auth import routes
from tests.api.test_effects import WANTED
from tests.store.conftest import opened
from tests.store.drafts import everything

ACTIVITY = "https://register.example/verwerkingen/bijstand"
LATER = record(datum="2026-09-11")
BODIES: dict[str, Any] = {"_herbereken": {"regels": "toen"}, "effecten": {"beoogdeEffecten": [WANTED]}, "besluit": record()}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    store = opened(make_url(f"sqlite:///{tmp_path / 'opslag.sqlite'}"))
    yield store
    store.close()


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    """What this process logs."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    out = io.StringIO()
    logs.configure("debug", "json", out)
    logging.getLogger("httpx2").setLevel(logging.ERROR)
    yield out
    logging.getLogger("httpx2").setLevel(logging.NOTSET)
    root.handlers[:] = handlers
    root.setLevel(level)


# --- municipalities --------------------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "sleutels.json")


def key(keys: KeyFile, *towns: str, roles: tuple[Role, ...] = tuple(Role)) -> dict[str, str]:
    return {"X-Api-Key": keys.make("zaaksysteem", towns, roles, date.today())}


def body_for(path: str) -> Any:
    if path == "/beoordelingen":
        return case()
    return BODIES.get(path.rpartition("/")[2], {"gemeente": TOWN})


def call(client: TestClient, method: str, path: str, number: str, headers: dict[str, str]) -> Any:
    """A request that would succeed for who may do it."""
    address = "/v1" + path.replace("{id}", number)
    if method == "GET":
        query = f"?gemeente={TOWN}" if path == "/afwijkingen" else ""
        return client.get(address + query, headers=headers)
    return post(client, address, body_for(path), **headers)


def kept_routes(client: TestClient) -> list[tuple[str, str]]:
    """Every route of what is kept, as the description lists them."""
    skipped = {"/beoordelingen/_bereken"}
    return [
        (method, path) for method, path in routes(client) if path.startswith(("/beoordelingen", "/afwijkingen")) and path not in skipped
    ]


def test_no_route_shows_anything_of_another_municipality(own: Store, keys: KeyFile) -> None:
    client = service(own, gate=Gate(keys))
    mine, theirs = key(keys, TOWN), key(keys, OTHER_TOWN)
    number = post(client, PATH, case(), **mine).json()["id"]
    before = own.news(TOWN, tuple(Kind)).upto
    found = kept_routes(client)
    assert len(found) == 9
    for method, path in found:
        answer = call(client, method, path, number, theirs)
        assert answer.status_code == (404 if "{id}" in path else 403), (method, path, answer.text)
        assert number not in answer.text
        assert set(answer.json()) == {"type", "title", "status", "detail", "instance", "fouten"}
    assert own.news(TOWN, tuple(Kind)).upto == before
    for method, path in sorted(found, key=lambda item: item[1].endswith("besluit") and item[0] == "GET"):
        target = post(client, PATH, case(), **mine).json()["id"] if path.endswith(("effecten", "besluit")) and method == "POST" else number
        answer = call(client, method, path, target, mine)
        number = target if path.endswith("besluit") else number
        assert answer.status_code in (200, 201), (method, path, answer.text)


@pytest.mark.parametrize("role", list(Role))
def test_every_route_of_what_is_kept_works_for_the_roles_that_it_names_and_no_other(own: Store, keys: KeyFile, role: Role) -> None:
    client = service(own, gate=Gate(keys))
    everybody, some = key(keys, TOWN), key(keys, TOWN, roles=(role,))
    for method, path in kept_routes(client):
        number = post(client, PATH, case(), **everybody).json()["id"]
        if (method, path) == ("GET", "/beoordelingen/{id}/besluit"):
            assert call(client, "POST", path, number, everybody).status_code == 201
        wanted = ACCESS[method, path]
        assert wanted != OPEN
        status = call(client, method, path, number, some).status_code
        assert status in ((200, 201) if role in wanted else (403,)), (method, path, status)


def test_a_key_of_one_municipality_need_not_name_it_to_look(own: Store, keys: KeyFile) -> None:
    client = service(own, gate=Gate(keys))
    one, two = key(keys, TOWN), key(keys, TOWN, OTHER_TOWN)
    post(client, PATH, case(), **one)
    assert client.post(f"{PATH}/_zoek", json={}, headers=one).json()["count"] == 1
    assert client.get("/v1/afwijkingen", headers=one).json()["gemeente"] == TOWN
    assert mistakes(client.post(f"{PATH}/_zoek", json={}, headers=two)) == [("TS-O01", "/gemeente")]
    assert client.get("/v1/afwijkingen", headers=two).status_code == 400


def test_a_key_that_lost_a_municipality_gets_no_kept_answer_of_it(own: Store, keys: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    client, once = service(own, gate=Gate(keys)), str(uuid.uuid4())
    both = key(keys, TOWN, OTHER_TOWN)
    assert post(client, PATH, case(), once, **both).status_code == 201
    number = both["X-Api-Key"].split("_")[1]
    stored = keys.keys()
    keys._write([item.model_copy(update={"municipalities": (OTHER_TOWN,)}) if item.id == number else item for item in stored.values()])
    assert post(client, PATH, case(), once, **both).status_code == 403


# --- burgerservicenummers --------------------------------------------------------------------------------------------


def test_a_bsn_is_kept_as_a_pseudonym_and_stands_nowhere(own: Store, told: io.StringIO, tmp_path: Path) -> None:
    client = service(own, logbook=Logbook(File(tmp_path / "logboek.jsonl"), ACTIVITY))
    number = assessed(client, betrokkene={"bsn": BSN})
    second = post(client, f"{PATH}/{number}/effecten", {"beoogdeEffecten": [WANTED]}).json()["id"]
    assert post(client, f"{PATH}/{second}/besluit", LATER).status_code == 201
    client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "betrokkene": {"bsn": BSN}})
    answers = [client.get(f"{PATH}/{number}{path}").text for path in ("", "/stappen")]
    kept = everything(own.engine) + (tmp_path / "opslag.sqlite").read_bytes().decode("latin-1")
    for place in (kept, told.getvalue(), (tmp_path / "logboek.jsonl").read_text(), *answers):
        assert BSN not in place


def test_the_same_person_has_one_pseudonym_in_a_municipality_and_another_elsewhere(own: Store) -> None:
    client = service(own)
    numbers = [assessed(client, betrokkene={"bsn": BSN}) for _ in range(2)]
    numbers.append(assessed(client, betrokkene={"bsn": BSN}, gemeente=OTHER_TOWN))
    here, again, there = (terms["betrokkene"] for terms in (own.terms_of(numbers)[number] for number in numbers))
    assert here == again
    assert here != there


@pytest.mark.parametrize("bsn", ["1112223" + "34", "12345", "", "1112223" + "3", "000000000", 111222333, None, ["x"], "111 222 333"])
def test_a_number_that_is_no_bsn_is_refused_without_repeating_it(own: Store, told: io.StringIO, bsn: Any) -> None:
    answer = post(service(own), PATH, case(betrokkene={"bsn": bsn}))
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O03", "/betrokkene/bsn")])
    assert not bsn or str(bsn) not in answer.text + told.getvalue()


@pytest.mark.parametrize("person", [{}, "x", [], None, {"bsn": BSN, "naam": "x"}, {"naam": BSN}, {BSN: BSN}])
def test_a_person_that_is_written_otherwise_is_refused_without_repeating_it(own: Store, told: io.StringIO, person: Any) -> None:
    answer = post(service(own), PATH, case(betrokkene=person))
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O03", "/betrokkene")])
    assert BSN not in answer.text + told.getvalue()


SUPERSCRIPT = {48 + digit: sign for digit, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}


def as_number(text: str) -> str:
    """A JSON number that is to be written like this (:func:`written`)."""
    return f"number:{text}"


def written(body: Any) -> str:
    """A body as JSON, with such numbers as they are to be written."""
    return re.sub(r'"number:([^"]*)"', r"\1", json.dumps(body))


SPACED = f"{BSN[:3]}.{BSN[3:6]} {BSN[6:]}"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"zaak": f"zaak-{BSN}"}, "/zaak"),
        ({"zaak": SPACED}, "/zaak"),
        ({"zaak": f"2026-{BSN}"}, "/zaak"),
        ({"zaak": f"12-03-1990 {BSN}"}, "/zaak"),
        ({"zaak": f"1{BSN}0"}, "/zaak"),
        ({"zaak": "\u00a0/ ".join(BSN)}, "/zaak"),
        ({"zaak": BSN.translate({48 + digit: 0x660 + digit for digit in range(10)})}, "/zaak"),
        ({"beoogdeEffecten": [{**WANTED, "omschrijving": f"Het nummer is {BSN}."}]}, "/beoogdeEffecten/0/omschrijving"),
        ({"gegevens": {"aanvrager": {"geboortedatum": int(BSN)}}}, "/gegevens/aanvrager/geboortedatum"),
        ({"gegevens": {BSN: True}}, "/gegevens"),
        ({"gegevens": {"bedrag": as_number(f"{BSN}.00")}}, "/gegevens/bedrag"),
        ({"gegevens": {"bedrag": as_number(f"{BSN}e0")}}, "/gegevens/bedrag"),
        ({"gegevens": {"bedrag": f"{SPACED},00"}}, "/gegevens/bedrag"),
        ({"zaak": f"{BSN[:3]}    {BSN[3:6]} --- {BSN[6:]}"}, "/zaak"),
        ({"zaak": f"{BSN[:3]}&nbsp;{BSN[3:6]}&nbsp;{BSN[6:]}"}, "/zaak"),
        ({"zaak": BSN.translate(SUPERSCRIPT)}, "/zaak"),
    ],
)
def test_a_bsn_outside_its_place_is_refused_without_repeating_it(
    own: Store, told: io.StringIO, change: dict[str, Any], pointer: str
) -> None:
    body = case(betrokkene={"bsn": BSN}, **change)
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    answer = service(own).post(PATH, content=written(body), headers=headers)
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O05", pointer)])
    for text in (BSN, SPACED):
        assert text not in answer.text + told.getvalue()


@pytest.mark.parametrize("number", [BSN, SPACED, f"2026-{BSN}", f"1{BSN}0", int(BSN), f"{BSN[:3]}    {BSN[3:]}"])
@pytest.mark.parametrize(
    ("path", "make", "pointer"),
    [
        ("effecten", lambda number: {"beoogdeEffecten": [{**WANTED, "omschrijving": number}]}, "/beoogdeEffecten/0/omschrijving"),
        ("besluit", lambda number: record(eigenWoorden=f"Het nummer is {number}."), "/eigenWoorden"),
        ("besluit", lambda number: record(zgwBesluit={"identificatie": number}), "/zgwBesluit/identificatie"),
        ("besluit", lambda number: record(gehoord={"gehoord": True, str(number): "2026-08-30"}), "/gehoord"),
    ],
)
def test_the_bsn_of_the_person_is_refused_in_what_comes_later_too(
    own: Store, told: io.StringIO, number: Any, path: str, make: Callable[[Any], Any], pointer: str
) -> None:
    client = service(own)
    kept = assessed(client, betrokkene={"bsn": BSN})
    answer = post(client, f"{PATH}/{kept}/{path}", make(number))
    assert answer.status_code == 400
    assert ("TS-O05", pointer) in mistakes(answer)
    for text in (BSN, SPACED):
        assert text not in answer.text + told.getvalue()


def test_a_bsn_of_which_a_spreadsheet_took_the_zero_away_is_found(own: Store) -> None:
    bsn = "0123456" + "72"  # 9*0+8*1+7*2+6*3+5*4+4*5+3*6+2*7-2 = 110, ten times eleven
    client = service(own)
    assert mistakes(post(client, PATH, case(betrokkene={"bsn": bsn}, zaak=bsn[1:]))) == [("TS-O05", "/zaak")]
    number = assessed(client, betrokkene={"bsn": bsn})
    for text in (bsn[1:], int(bsn), f"Kent hem als {bsn[1:]} (2026)", f"1. {bsn[1:]}", f"{bsn[1:]}.0", f"{bsn[1:]}; {bsn[1:]}"):
        answer = post(client, f"{PATH}/{number}/besluit", record(motief=text))
        assert mistakes(answer) == [("TS-O05", "/motief")]


def test_of_a_message_full_of_the_number_the_first_places_are_told_and_no_key_that_holds_it(own: Store) -> None:
    client = service(own)
    dashed = f"{BSN[:3]}-{BSN[3:6]}-{BSN[6:]}"
    full = {"k" * 300: [BSN] * 2_000, "z": {dashed: {"x": BSN}}}
    for path in (PATH, f"{PATH}/{assessed(client, betrokkene={'bsn': BSN})}/besluit"):
        answer = post(client, path, case(betrokkene={"bsn": BSN}, **full) if path == PATH else record(**full))
        assert answer.status_code == 400
        assert len(mistakes(answer)) == MAX_PROBLEMS
        assert len(answer.content) < 200_000
    answer = post(client, PATH, case(betrokkene={"bsn": BSN}, z=full["z"]))
    assert mistakes(answer) == [("TS-O05", "/z"), ("TS-O05", "/z")]
    assert dashed not in answer.text


def test_a_later_message_full_of_numbers_is_refused_before_each_is_tried(own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    client = service(own)
    number = assessed(client, betrokkene={"bsn": BSN})
    monkeypatch.setattr(Store, "recognized", lambda *_: pytest.fail("each was tried"))
    few = list(valid_bsns(MOST + 1))
    many = "".join(f"{n:08d}" for n in range(MOST_LOOKED_AT))
    for numbers in (few, many):
        assert mistakes(post(client, f"{PATH}/{number}/besluit", record(verworpenArgumenten=numbers))) == [("TS-O05", "")]


def valid_bsns(count: int) -> list[str]:
    """So many numbers that pass the elfproef."""
    numbers = (f"{n:09d}" for n in range(100_000_000, 999_999_999, 7))
    return list(islice((number for number in numbers if is_bsn(number)), count))


def test_a_calculation_of_months_and_amounts_is_no_message_full_of_numbers(own: Store) -> None:
    client = service(own)
    number = assessed(client, betrokkene={"bsn": BSN})
    months = "\n".join(f"{year}-{month:02d}: 1.{year % 7}{month:02d},{month:02d}" for year in range(2020, 2024) for month in range(1, 13))
    answer = post(client, f"{PATH}/{number}/besluit", record(eigenWoorden=f"{WORDS}\n{months}"))
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("text", ["&#" + "1" * 5_000, "&#x" + "f" * 5_000, "&#" + "1" * 5_000 + BSN])
def test_a_reference_to_a_sign_that_cannot_be_breaks_nothing(own: Store, text: str) -> None:
    client = service(own)
    assert post(client, PATH, case(betrokkene={"bsn": BSN}, zaak=text)).status_code == 400
    number = assessed(client, betrokkene={"bsn": BSN})
    assert post(client, f"{PATH}/{number}/besluit", record(eigenWoorden=text)).status_code in (400, 409)


def test_that_a_number_was_the_bsn_of_the_person_is_accounted_for(own: Store, tmp_path: Path) -> None:
    file = tmp_path / "logboek.jsonl"
    client = service(own, logbook=Logbook(File(file), ACTIVITY))
    number = assessed(client, betrokkene={"bsn": BSN})
    file.write_text("")
    assert post(client, f"{PATH}/{number}/besluit", record(eigenWoorden=BSN)).status_code == 400
    (line,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert line["name"] == "bericht met burgerservicenummer weigeren"
    assert line["attributes"]["dpl.core.data_subject_id"] == own.terms_of([number])[number]["betrokkene"][0]


def test_another_number_in_what_comes_later_is_no_bsn_of_the_person(own: Store) -> None:
    client = service(own)
    other = "1234567" + "82"  # passes the elfproef, and is nobody's here
    for person in ({"betrokkene": {"bsn": BSN}}, {}):
        number = assessed(client, **person)
        assert post(client, f"{PATH}/{number}/besluit", record(eigenWoorden=f"{WORDS} Dossier {other}.")).status_code == 201


def test_no_refusal_repeats_a_number_that_can_be_a_bsn(client: TestClient) -> None:
    answer = client.post(f"{PATH}/_bereken", json=case(zaak="x") | {"gegevens": {BSN: True}, "aanspraak": BSN})
    assert answer.status_code == 400
    assert BSN not in answer.text


# --- accounting ------------------------------------------------------------------------------------------------------


def actions(told: io.StringIO) -> list[tuple[str, str]]:
    found = (json.loads(line) for line in told.getvalue().splitlines())
    return [(line["actie"], line["object"]) for line in found if "actie" in line and not line["object"].startswith("/")]


def test_every_action_is_a_line_in_the_log_and_a_record_for_each_person(own: Store, told: io.StringIO, tmp_path: Path) -> None:
    file = tmp_path / "logboek.jsonl"
    client = service(own, logbook=Logbook(File(file), ACTIVITY))

    def records() -> list[tuple[str, str, str]]:
        found = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        file.write_text("")
        return [
            (item["name"], item["attributes"]["dpl.core.data_subject_id_type"], item["attributes"]["dpl.core.data_subject_id"])
            for item in found
        ]

    number = assessed(client, betrokkene={"bsn": BSN})
    person = own.terms_of([number])[number]["betrokkene"][0]
    assert ("beoordelen", KEPT_PERSON, person) in records()
    second = post(client, f"{PATH}/{number}/effecten", {"beoogdeEffecten": [WANTED]}).json()["id"]
    assert ("effecten vastleggen", KEPT_PERSON, person) in records()
    decided = post(client, f"{PATH}/{second}/besluit", LATER).json()["id"]
    assert ("besluiten", KEPT_PERSON, person) in records()
    for path, action in (("", "beoordeling raadplegen"), ("/stappen", "stappen raadplegen"), ("/besluit", "besluit raadplegen")):
        assert client.get(f"{PATH}/{second}{path}").status_code == 200
        assert records() == [(action, KEPT_PERSON, person)]
    client.post(f"{PATH}/{number}/_herbereken", json={"regels": "nu"})
    assert records() == [("beoordeling herberekenen", KEPT_PERSON, person)]
    client.post(f"{PATH}/_zoek", json={"gemeente": TOWN})
    assert records() == [("beoordelingen zoeken", KEPT_PERSON, person)]
    client.get(f"/v1/afwijkingen?gemeente={TOWN}")
    assert records() == []
    assert actions(told) == [
        ("beoordeling bewaren", number),
        ("effecten bewaren", second),
        ("besluiten", decided),
        ("beoordeling raadplegen", second),
        ("stappen raadplegen", second),
        ("besluit raadplegen", second),
        ("beoordeling herberekenen", number),
        ("beoordelingen zoeken", TOWN),
        ("afwijkingen raadplegen", TOWN),
    ]


def test_everybody_in_a_case_is_accounted_for_each_time_that_it_is_looked_at(own: Store, tmp_path: Path) -> None:
    file = tmp_path / "logboek.jsonl"
    client = service(own, logbook=Logbook(File(file), ACTIVITY))
    born = {"geboortedatum": "2019-05-04"}
    more = case()["gegevens"] | {"partner": {"nationaliteit": "nederlandse"}, "kinderen": [born, born]}

    def told_of() -> set[tuple[str, str]]:
        found = [json.loads(line)["attributes"] for line in file.read_text(encoding="utf-8").splitlines()]
        file.write_text("")
        return {(item["dpl.core.data_subject_id_type"], item["dpl.core.data_subject_id"]) for item in found}

    def at(answer: Response, *places: str) -> set[tuple[str, str]]:
        trace = trace_of(answer.headers["traceparent"])
        return {(found.kind, found.pseudonym) for found in (in_trace(place, trace) for place in places)}

    children = ("kinderen[0]", "kinderen[1]")
    made = post(client, PATH, case(gegevens=more))
    assert told_of() == at(made, "aanvrager", "partner", *children)
    read = client.get(made.headers["location"])
    assert told_of() == at(read, "aanvrager", "partner", *children)
    found = client.post(f"{PATH}/_zoek", json={"gemeente": TOWN})
    assert told_of() == at(found, f"zaak/{made.json()['id']}")
    number = assessed(client, gegevens=more, betrokkene={"bsn": BSN})
    file.write_text("")
    read = client.get(f"{PATH}/{number}")
    person = (KEPT_PERSON, own.terms_of([number])[number]["betrokkene"][0])
    assert told_of() == {person} | at(read, "partner", *children)
    own.erase(number, ground=Ground.REQUEST, by="a", reason="b")
    client.post(f"{PATH}/_zoek", json={"gemeente": TOWN, "betrokkene": {"bsn": BSN}})
    assert told_of() == set()


def test_an_answer_that_is_given_again_is_accounted_for(own: Store, told: io.StringIO, tmp_path: Path) -> None:
    file = tmp_path / "logboek.jsonl"
    client, once = service(own, logbook=Logbook(File(file), ACTIVITY)), str(uuid.uuid4())
    first = post(client, PATH, case(betrokkene={"bsn": BSN}), once)
    file.write_text("")
    assert post(client, PATH, case(betrokkene={"bsn": BSN}), once).content == first.content
    (line,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    number = first.json()["id"]
    assert line["name"] == "antwoord herhalen"
    assert line["attributes"]["dpl.core.data_subject_id"] == own.terms_of([number])[number]["betrokkene"][0]
    assert ("antwoord herhalen", number) in actions(told)


def test_of_two_first_requests_about_a_person_at_once_both_tell_the_same_pseudonym(
    own: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, both, look = tmp_path / "logboek.jsonl", threading.Barrier(2), Store.subject

    def at_once(store: Store, *asked: Any) -> str | None:
        found = look(store, *asked)
        both.wait(30)  # both have seen that nothing is kept of this person
        return found

    monkeypatch.setattr(Store, "subject", at_once)
    with service(own, logbook=Logbook(File(file), ACTIVITY)) as client, ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(post, client, PATH, case(betrokkene={"bsn": BSN})) for _ in range(2)]
        numbers = [found.result(60).json()["id"] for found in asked]
    lines = [json.loads(line)["attributes"] for line in file.read_text(encoding="utf-8").splitlines()]
    told = {line["dpl.core.data_subject_id"] for line in lines if line["dpl.core.data_subject_id_type"] == KEPT_PERSON}
    assert told == {own.terms_of([number])[number]["betrokkene"][0] for number in numbers}
    assert len(told) == 1


def test_what_cannot_be_accounted_for_is_not_kept_and_not_given(own: Store, tmp_path: Path) -> None:
    number = assessed(service(own))
    before = own.news(TOWN, tuple(Kind)).upto
    client = service(own, logbook=Logbook(File(tmp_path), ACTIVITY))
    answers = [post(client, PATH, case()), client.get(f"{PATH}/{number}"), client.get(f"{PATH}/{number}/stappen")]
    answers += [post(client, f"{PATH}/{number}/{name}", body) for name, body in BODIES.items()]
    for answer in answers:
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "uitkomst" not in answer.json()
    assert own.news(TOWN, tuple(Kind)).upto == before
