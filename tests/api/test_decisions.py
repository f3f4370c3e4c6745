# SPDX-License-Identifier: EUPL-1.2
"""A decision exists with the complete record of a person, and is then there for the Besluiten API and for later cases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY
from starlette.testclient import TestClient

from api.auth.gate import Gate
from api.auth.tokens import Tokens, ZgwClient
from api.examples import examples_of
from api.stored.archive import Organisations
from api.stored.concept import FIELDS
from engine.model.problems import MAX_PROBLEMS
from store.model import Ground, Kind
from store.store import Store
from tests.api import besluit
from tests.api.kept import (
    CASE,
    CLAIM,
    DOOR,
    GROUND,
    ORGANISATIONS,
    PATH,
    RSIN,
    TOWN,
    TYPE,
    WORDS,
    assessed,
    case,
    mistakes,
    post,
    record,
    service,
)
from tests.api.signing_in import zgw
from tests.api.test_effects import WANTED
from tests.law import law

STARTS = {"ingangsdatum": "2026-09-01"}
EVERYTHING = {
    "identificatie": "BESLUIT-2026-0001",
    "verantwoordelijkeOrganisatie": RSIN,
    "besluittype": TYPE,
    "zaak": CASE,
    "bestuursorgaan": "College van B&W",
    "ingangsdatum": "2026-09-01",
    "vervaldatum": "2026-12-31",
    "vervalreden": "tijdelijk",
    "publicatiedatum": "2026-09-05",
    "verzenddatum": "2026-09-04",
    "uiterlijkeReactiedatum": "2026-10-16",
}


@pytest.fixture(scope="module")
def kept(store: Store) -> TestClient:
    return service(store)


@pytest.fixture(scope="module")
def zaken(store: Store) -> TestClient:
    """A service that knows its organisation and its types of decision."""
    return service(store, organisations=ORGANISATIONS)


def decide(client: TestClient, number: str, body: Any, key: str | None = None, **headers: str) -> Any:
    return post(client, f"{PATH}/{number}/besluit", body, key, **headers)


# --- the record ------------------------------------------------------------------------------------------------------


def test_a_complete_record_is_a_decision(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    answer = decide(kept, number, record())
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert answer.headers["location"] == f"{PATH}/{number}/besluit"
    assert (found["beoordeling"], found["corrigeert"], found["besluitConcept"]) == (number, None, None)
    assert (found["besluit"]["door"], found["besluit"]["eigenWoorden"], found["besluit"]["deuren"]) == ("A. de Wit", WORDS, [DOOR])
    assert kept.get(answer.headers["location"]).content == answer.content
    stored = store.record(found["id"])
    assert (stored.kind, stored.about) == (Kind.DECISION, number)
    assert "Wit" not in stored.content
    assert WORDS not in stored.content


def test_an_incomplete_record_is_409_with_everything_that_lacks_and_no_decision(kept: TestClient) -> None:
    number, key = assessed(kept), str(uuid.uuid4())
    answer = decide(kept, number, record(rol="consulent", gehoord=None, verworpenArgumenten=None, motief=None), key)
    assert answer.status_code == 409
    assert {code for code, _ in mistakes(answer)} == {"TS-H01", "TS-H06", "TS-H09", "TS-H10"}
    assert "nog geen besluit" in answer.json()["detail"]
    assert kept.get(f"{PATH}/{number}/besluit").status_code == 404
    assert decide(kept, number, record(), key).status_code == 201


def test_an_empty_record_is_told_everything(kept: TestClient) -> None:
    answer = decide(kept, assessed(kept), {})
    assert answer.status_code == 409
    pointers = {pointer for _, pointer in mistakes(answer)}
    assert {"/besluit", "/optie", "/rol", "/door", "/datum", "/motief", "/eigenWoorden", "/gehoord"} <= pointers
    told = [found["oorzaak"] for found in answer.json()["fouten"] if found["pointer"] == "/verworpenArgumenten"]
    for argument in record()["verworpenArgumenten"]:
        assert any(f"`{argument['argument']}`" in cause for cause in told)


def test_the_words_of_the_engine_are_no_reason(kept: TestClient) -> None:
    copied = "U bent jonger dan 27 en kunt een opleiding volgen. Dan gaat de opleiding voor."
    answer = decide(kept, assessed(kept), record(eigenWoorden=copied))
    assert (answer.status_code, mistakes(answer)) == (409, [("TS-H08", "/eigenWoorden")])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], ("TS-H02", "")),
        (record(datum="morgen"), ("TS-H02", "/datum")),
        (record(zomaar=1), ("TS-H02", "/zomaar")),
    ],
)
def test_what_is_written_wrong_is_400(kept: TestClient, body: Any, told: tuple[str, str]) -> None:
    answer = decide(kept, assessed(kept), body)
    assert answer.status_code == 400
    assert told in mistakes(answer)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f"])
def test_a_sign_that_nobody_can_see_is_refused_at_its_place_in_a_text_of_the_record(kept: TestClient, sign: str) -> None:
    said = [{**line, "reden": f"{line['reden']}{sign}"} for line in record()["verworpenArgumenten"]]
    answer = decide(kept, assessed(kept), record(eigenWoorden=f"{WORDS}{sign}", verworpenArgumenten=said))
    assert answer.status_code == 400
    assert mistakes(answer) == [("TS-H02", "/eigenWoorden"), *(("TS-H02", f"/verworpenArgumenten/{at}/reden") for at in range(len(said)))]
    assert all("stuurtekens" in found["remedie"] for found in answer.json()["fouten"])


def test_a_correction_of_a_decision_that_is_not_there_is_409(kept: TestClient) -> None:
    answer = decide(kept, assessed(kept), record(corrigeert=str(uuid.uuid4())))
    assert (answer.status_code, mistakes(answer)) == (409, [("TS-O10", "/corrigeert")])


def test_there_is_one_decision_and_a_correction_points_to_it(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    first = decide(kept, number, record()).json()["id"]
    again = decide(kept, number, record())
    assert again.status_code == 409
    assert first in again.json()["detail"]
    better = "Zonder inkomen stopt zijn behandeling halverwege; dat maakt hem zieker, en dan komt van studeren niets meer."
    corrected = decide(kept, number, record(corrigeert=first, eigenWoorden=better))
    assert corrected.status_code == 201, corrected.text
    assert corrected.json()["corrigeert"] == first
    assert (store.record(corrected.json()["id"]).kind, store.record(corrected.json()["id"]).about) == (Kind.CORRECTION, first)
    assert kept.get(f"{PATH}/{number}/besluit").content == corrected.content
    stale = decide(kept, number, record(corrigeert=first))
    assert stale.status_code == 409
    assert corrected.json()["id"] in stale.json()["detail"]


def test_of_two_decisions_at_once_one_is_kept(kept: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    number = assessed(kept)
    monkeypatch.setattr("api.stored.deciding._corrected", lambda archive, record, message: None)
    assert [decide(kept, number, record()).status_code for _ in range(2)] == [201, 409]
    assert len(store.about([number], (Kind.DECISION,))) == 1


def test_a_decision_that_was_destroyed_is_410(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    decide(kept, number, record())
    store.erase(number, ground=Ground.REQUEST, by="a", reason="b")
    assert kept.get(f"{PATH}/{number}/besluit").status_code == 410
    assert decide(kept, number, record()).status_code == 410


def test_a_case_goes_on_without_a_decision_that_should_never_have_been_kept(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    wrong = post(kept, f"{PATH}/{number}/besluit", record()).json()["id"]
    store.erase(wrong, ground=Ground.MISTAKE, by="A. de Vries", reason="Op het verkeerde dossier.")
    assert kept.get(f"{PATH}/{number}/besluit").status_code == 404
    assert post(kept, f"{PATH}/{number}/besluit", record(corrigeert=wrong)).status_code == 409
    right = post(kept, f"{PATH}/{number}/besluit", record())
    assert right.status_code == 201
    assert kept.get(f"{PATH}/{number}/besluit").content == right.content


def test_a_correction_that_should_never_have_been_kept_leaves_the_decision_that_it_corrected(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    first = post(kept, f"{PATH}/{number}/besluit", record())
    second = post(kept, f"{PATH}/{number}/besluit", record(corrigeert=first.json()["id"])).json()["id"]
    store.erase(second, ground=Ground.MISTAKE, by="A. de Vries", reason="Op het verkeerde dossier.")
    assert kept.get(f"{PATH}/{number}/besluit").content == first.content
    assert post(kept, f"{PATH}/{number}/besluit", record(corrigeert=first.json()["id"])).status_code == 201


def test_a_key_that_is_not_there_is_told_with_all_that_are(kept: TestClient) -> None:
    answer = decide(kept, assessed(kept), record(xx=1))
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-H02", "/xx")])
    (told,) = answer.json()["fouten"]
    for key in ("besluit", "corrigeert", "zgwBesluit"):
        assert key in told["remedie"]


def test_of_a_message_full_of_keys_that_are_not_there_the_first_are_told(kept: TestClient) -> None:
    full = {f"k{number}": 1 for number in range(5_000)}
    for body in (record(**full), record(geraadpleegd=[full])):
        answer = decide(kept, assessed(kept), body)
        assert (answer.status_code, len(mistakes(answer))) == (400, MAX_PROBLEMS)


def test_effects_that_should_never_have_been_kept_leave_the_assessment_open(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    added = post(kept, f"{PATH}/{number}/effecten", {"beoogdeEffecten": [WANTED]}).json()["id"]
    assert post(kept, f"{PATH}/{number}/besluit", record()).status_code == 409
    store.erase(added, ground=Ground.MISTAKE, by="A. de Vries", reason="Op het verkeerde dossier.")
    assert post(kept, f"{PATH}/{number}/besluit", record()).status_code == 201


def test_a_decision_that_a_person_asked_to_erase_was_taken_all_the_same(kept: TestClient, store: Store) -> None:
    number = assessed(kept)
    decided = post(kept, f"{PATH}/{number}/besluit", record()).json()["id"]
    store.erase(decided, ground=Ground.REQUEST, by="A. de Vries", reason="Verzoek.")
    assert post(kept, f"{PATH}/{number}/besluit", record()).status_code == 409


def test_what_comes_out_otherwise_now_is_no_ground_for_a_decision(kept: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    number = assessed(kept)
    monkeypatch.setattr("store.replay.compared", lambda before, after: (object(),))
    answer = decide(kept, number, record())
    assert answer.status_code == 409
    assert "Beoordeel opnieuw" in answer.json()["detail"]


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed(store: Store) -> TestClient:
    client = ZgwClient.model_validate({"secret": "x" * 64, "gemeenten": [TOWN], "rollen": ["beoordelen", "besluiten"]})
    return service(store, gate=Gate(tokens=Tokens({"zaak": client})))


def bearer(**claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {zgw(**claims)}"}


def test_who_signed_in_is_who_decides(signed: TestClient, store: Store) -> None:
    person = bearer(user_id="a.dewit", user_representation="A. de Wit")
    number = post(signed, PATH, case(), **person).json()["id"]
    answer = decide(signed, number, record(door=None), **person)
    assert answer.status_code == 201, answer.text
    assert answer.json()["besluit"]["door"] == "A. de Wit"
    written = orjson.loads(store.payload(answer.json()["id"], "vastlegging"))
    assert (written["aangemeld"], written["persoon"]) == ("zgw:zaak", "A. de Wit")


def test_nobody_decides_in_the_name_of_another(signed: TestClient) -> None:
    person = bearer(user_representation="B. Bakker")
    number = post(signed, PATH, case(), **person).json()["id"]
    answer = decide(signed, number, record(door="A. de Wit"), **person)
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O09", "/door")])


def test_a_key_of_a_system_says_in_the_message_who_decides(signed: TestClient) -> None:
    number = post(signed, PATH, case(), **bearer()).json()["id"]
    assert ("TS-H01", "/door") in mistakes(decide(signed, number, record(door=None), **bearer()))
    assert decide(signed, number, record(), **bearer()).status_code == 201


# --- the Besluiten API -----------------------------------------------------------------------------------------------


def test_the_concept_is_what_the_besluiten_api_takes(zaken: TestClient) -> None:
    found = decide(zaken, assessed(zaken), record(zgwBesluit=STARTS)).json()["besluitConcept"]
    besluit.check(found)
    assert found == {
        "verantwoordelijkeOrganisatie": RSIN,
        "besluittype": TYPE,
        "zaak": CASE,
        "datum": "2026-09-03",
        "toelichting": WORDS,
        "bestuursorgaan": "college van burgemeester en wethouders",
        "ingangsdatum": "2026-09-01",
    }


def test_everything_that_the_besluiten_api_knows_can_be_given(kept: TestClient) -> None:
    found = decide(kept, assessed(kept), record(zgwBesluit=EVERYTHING)).json()["besluitConcept"]
    besluit.check(found)
    assert found == {**EVERYTHING, "datum": "2026-09-03", "toelichting": WORDS}
    assert list(found) == list(FIELDS) == list(besluit.BESLUIT["properties"])


def test_what_is_written_goes_before_what_is_set(zaken: TestClient) -> None:
    other = {**STARTS, "besluittype": f"{TYPE}-ander", "zaak": CASE}
    found = decide(zaken, assessed(zaken), record(zgwBesluit=other)).json()["besluitConcept"]
    assert (found["besluittype"], found["zaak"]) == (f"{TYPE}-ander", CASE)


@pytest.mark.parametrize(("name", "other"), [("verantwoordelijkeOrganisatie", "1112223" + "33"), ("zaak", f"{CASE}-ander")])
def test_who_the_organisation_is_and_which_case_it_is_about_is_not_written_otherwise(zaken: TestClient, name: str, other: str) -> None:
    answer = decide(zaken, assessed(zaken), record(zgwBesluit={**STARTS, name: other}))
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-O07", f"/zgwBesluit/{name}")])


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        ({}, ["besluittype", "ingangsdatum", "verantwoordelijkeOrganisatie"]),
        ({"besluittype": TYPE}, ["ingangsdatum", "verantwoordelijkeOrganisatie"]),
        ({"besluittype": TYPE, "verantwoordelijkeOrganisatie": RSIN}, ["ingangsdatum"]),
    ],
)
def test_what_the_besluiten_api_asks_and_nobody_gave_is_409(kept: TestClient, given: dict[str, str], lacks: list[str]) -> None:
    answer = decide(kept, assessed(kept), record(zgwBesluit=given))
    assert (answer.status_code, mistakes(answer)) == (409, [("TS-O08", f"/zgwBesluit/{name}") for name in lacks])


def test_the_day_on_which_it_starts_is_never_filled_in(zaken: TestClient) -> None:
    answer = decide(zaken, assessed(zaken), record())
    assert (answer.status_code, mistakes(answer)) == (409, [("TS-O08", "/zgwBesluit/ingangsdatum")])


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ("alles", ""),
        ({"zomaar": "1"}, "/zomaar"),
        ({"ingangsdatum": "1 september"}, "/ingangsdatum"),
        ({"ingangsdatum": 20260901}, "/ingangsdatum"),
        ({"besluittype": "besluittype-1"}, "/besluittype"),
        ({"besluittype": f"https://catalogi.example/{'x' * 200}"}, "/besluittype"),
        ({"zaak": "https://[kapot"}, "/zaak"),
        ({"identificatie": "x" * 51}, "/identificatie"),
        ({"bestuursorgaan": "x" * 51}, "/bestuursorgaan"),
        ({"vervalreden": "zomaar"}, "/vervalreden"),
        ({"verantwoordelijkeOrganisatie": "123456789"}, "/verantwoordelijkeOrganisatie"),
        ({"verzenddatum": ""}, "/verzenddatum"),
        ({"identificatie": "BESLUIT\x00-1"}, "/identificatie"),
        ({"bestuursorgaan": "College\nvan B&W"}, "/bestuursorgaan"),
    ],
)
def test_what_the_besluiten_api_would_not_take_is_400(zaken: TestClient, given: Any, pointer: str) -> None:
    body = record(zgwBesluit={**STARTS, **given} if isinstance(given, dict) else given)
    answer = decide(zaken, assessed(zaken), body)
    assert answer.status_code == 400
    assert mistakes(answer) == [("TS-O07", f"/zgwBesluit{pointer}")]


def test_a_decision_of_a_day_to_come_is_not_for_the_besluiten_api(zaken: TestClient) -> None:
    answer = decide(zaken, assessed(zaken), record(datum="2026-09-06", zgwBesluit=STARTS))
    assert (answer.status_code, mistakes(answer)) == (400, [("TS-H21", "/datum")])


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize(
    ("now", "today", "tomorrow"),
    [
        (datetime(2026, 9, 9, 22, 30, tzinfo=UTC), "2026-09-10", "2026-09-11"),
        (datetime(2026, 9, 10, 21, 59, tzinfo=UTC), "2026-09-10", "2026-09-11"),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "2026-12-02", "2026-12-03"),
        (datetime(2026, 12, 2, 22, 59, tzinfo=UTC), "2026-12-02", "2026-12-03"),
    ],
)
def test_a_decision_of_today_in_the_netherlands_is_taken_and_one_of_tomorrow_never(
    kept: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch, now: datetime, today: str, tomorrow: str, asked: bool
) -> None:
    monkeypatch.setattr(store, "now", lambda: now)
    number, more = assessed(kept), {"zgwBesluit": EVERYTHING} if asked else {}
    for day in (tomorrow, "2199-01-01"):
        answer = decide(kept, number, record(datum=day, **more))
        assert (answer.status_code, mistakes(answer)) == (400, [("TS-H21", "/datum")])
    answer = decide(kept, number, record(datum=today, **more))
    assert answer.status_code == 201, answer.text


def test_a_case_that_is_no_address_stays_out_of_the_concept(zaken: TestClient) -> None:
    found = decide(zaken, assessed(zaken, zaak="ZAAK-2026-1"), record(zgwBesluit=STARTS)).json()["besluitConcept"]
    assert "zaak" not in found
    besluit.check(found)


def test_an_organisation_without_a_type_of_decision_is_told_which_lacks(store: Store) -> None:
    client = service(store, organisations=Organisations({TOWN: RSIN}))
    answer = decide(client, assessed(client), record(zgwBesluit=STARTS))
    assert (answer.status_code, mistakes(answer)) == (409, [("TS-O08", "/zgwBesluit/besluittype")])


# --- later cases, and what is counted --------------------------------------------------------------------------------


def test_a_later_case_is_compared_with_what_people_decided_and_comes_out_the_same_again(kept: TestClient) -> None:
    number = assessed(kept)
    decided = decide(kept, number, record(motief="Opname dreigde na verlies van zijn kamer."))
    assert decided.status_code == 201, decided.text
    later = post(kept, PATH, case())
    found = later.json()["precedenten"]
    assert found["aantal"] >= 1
    assert found["afgeweken"]["gronden"] == [GROUND]
    again = kept.post(f"{later.headers['location']}/_herbereken", json={"regels": "toen"}).json()
    assert again["woordelijkGelijk"] is True


def test_a_corrected_decision_counts_once_and_as_it_was_corrected(kept: TestClient) -> None:
    before = count(kept)
    number = assessed(kept)
    first = decide(kept, number, record()).json()["id"]
    assert count(kept) == before + 1
    assert decide(kept, number, record(corrigeert=first)).status_code == 201
    assert count(kept) == before + 1


def count(client: TestClient) -> int:
    found = post(client, PATH, case()).json()["precedenten"]
    return int(found["aantal"]) if found is not None else 0


def test_a_destroyed_decision_is_compared_with_no_more(kept: TestClient, store: Store) -> None:
    before = count(kept)
    number = assessed(kept)
    assert decide(kept, number, record()).status_code == 201
    assert count(kept) == before + 1
    store.erase(number, ground=Ground.REQUEST, by="a", reason="b")
    assert count(kept) == before


def test_whether_advice_is_followed_is_counted_once_for_a_decision_that_is_corrected_too(kept: TestClient) -> None:
    shown = examples_of(law())
    body, followed = shown["bewaarBeoordeling"]["verzoek"], shown["legBesluitVast"]["verzoek"]

    def value(word: str) -> float:
        return REGISTRY.get_sample_value("toetssteen_besluiten_total", {"aanspraak": body["aanspraak"], "gevolgd": word}) or 0.0

    before = value("ja"), value("nee")
    number = post(kept, PATH, body).json()["id"]
    answer = decide(kept, number, followed)
    assert answer.json()["besluit"]["adviesGevolgd"] is True
    assert (value("ja"), value("nee")) == (before[0] + 1, before[1])
    assert decide(kept, number, {**followed, "corrigeert": answer.json()["id"]}).status_code == 201
    assert (value("ja"), value("nee")) == (before[0] + 1, before[1])


def test_a_choice_that_the_advice_leaves_open_is_counted_as_neither(kept: TestClient) -> None:
    def total() -> float:
        labels = [{"aanspraak": CLAIM, "gevolgd": word} for word in ("ja", "nee")]
        return sum(REGISTRY.get_sample_value("toetssteen_besluiten_total", found) or 0.0 for found in labels)

    before = total()
    assert decide(kept, assessed(kept), record()).json()["besluit"]["adviesGevolgd"] is None
    assert total() == before
