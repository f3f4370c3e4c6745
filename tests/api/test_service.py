# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import hashlib
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from engine.rulebook import load_files
from tests.helpers import Opinion, law as tiny_law
from tests.law import RULES, law

BIJSTAND = "/v1/regelsets/participatiewet/algemene_bijstand/versies/2026-01-01"


def test_head_is_get_without_a_body(client: TestClient) -> None:
    response = client.head("/v1/regelingen")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["etag"] == client.get("/v1/regelingen").headers["etag"]


def test_the_laws_name_what_can_be_claimed(client: TestClient) -> None:
    laws = {found["id"]: found for found in client.get("/v1/regelingen").json()["regelingen"]}
    assert laws["participatiewet"]["link"] == "https://wetten.overheid.nl/BWBR0015703"
    assert "participatiewet/algemene_bijstand" in [claim["id"] for claim in laws["participatiewet"]["aanspraken"]]
    assert client.get("/v1/regelingen/participatiewet").json() == laws["participatiewet"]


def test_a_law_without_rules_has_no_claims_and_names_the_grounds_that_an_outcome_from_elsewhere_can_rest_on(client: TestClient) -> None:
    found = client.get("/v1/regelingen/leerplichtwet").json()
    assert (found["bwb"], found["aanspraken"]) == ("BWBR0002628", [])
    (ground,) = [ground for ground in found["gronden"] if ground["id"] == "lpw.7"]
    assert (ground["bron"], ground["soort"], ground["niveau"]) == ("art. 7", "weigeren", "formele wet")
    assert client.get("/v1/aanspraken/leerplichtwet/gegeven_uitkomst/gegevensschema?peildatum=2026-09-21").status_code == 200


def test_a_law_that_is_not_loaded_is_404_with_the_nearest_name(client: TestClient) -> None:
    response = client.get("/v1/regelingen/participatiewt")
    assert response.status_code == 404
    assert "`participatiewet`" in response.json()["detail"]


def test_the_versions_of_a_day_are_those_in_force(client: TestClient) -> None:
    found = client.get("/v1/regelsets?regeling=participatiewet&peildatum=2026-07-15").json()["regelsets"]
    assert found
    for version in found:
        assert version["geldigVanaf"] <= "2026-07-15"
        assert version["geldigTot"] is None or version["geldigTot"] > "2026-07-15"
    assert len({version["regelset"] for version in found}) == len(found)


def test_all_mistakes_in_a_query_come_at_once(client: TestClient) -> None:
    response = client.get("/v1/regelsets?regeling=zomaar&peildatum=15-07-2026&dag=1")
    assert response.status_code == 400
    assert [found["parameter"] for found in response.json()["fouten"]] == ["dag", "peildatum", "regeling"]


def test_a_version_carries_its_hash_and_its_sources(client: TestClient) -> None:
    found = client.get(BIJSTAND).json()
    content = (RULES / "participatiewet/algemene_bijstand/2026-01-01.yaml").read_bytes()
    assert found["hash"] == hashlib.sha256(content).hexdigest()
    assert {"bestand": "participatiewet/algemene_bijstand/2026-01-01.yaml", "hash": found["hash"]} in found["bestanden"]
    ground = next(rule for rule in found["regels"] if rule["id"] == "pw.13.2.c")
    assert ground["bron"]["jci"] == "jci1.3:c:BWBR0015703&artikel=13&lid=2&o=c&z=2026-01-01&g=2026-01-01"


@pytest.mark.parametrize("version", ["2026-01-02", "zomaar", "2026-13-01"])
def test_a_version_that_is_not_there_is_404(client: TestClient, version: str) -> None:
    assert client.get(f"/v1/regelsets/participatiewet/algemene_bijstand/versies/{version}").status_code == 404


@pytest.mark.parametrize("how", ["{}", "W/{}", '"anders", {}', "*"])
def test_who_has_it_already_gets_304(client: TestClient, how: str) -> None:
    tag = client.get(BIJSTAND).headers["etag"]
    response = client.get(BIJSTAND, headers={"if-none-match": how.format(tag)})
    assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", tag)
    assert response.headers["api-version"] == "1.0.0"


def test_who_has_something_else_gets_it_whole(client: TestClient) -> None:
    assert client.get(BIJSTAND, headers={"if-none-match": '"anders"'}).status_code == 200


def test_the_schema_of_the_facts_is_a_json_schema(client: TestClient) -> None:
    response = client.get("/v1/aanspraken/participatiewet/algemene_bijstand/gegevensschema?peildatum=2026-07-15")
    assert response.headers["content-type"] == "application/schema+json"
    assert response.json()["properties"]["partner"]["x-soort"] == "persoon"


@pytest.mark.parametrize(
    ("claim", "query", "status"),
    [
        ("participatiewet/zomaar", "peildatum=2026-07-15", 404),
        ("participatiewet/algemene_bijstand", "peildatum=1990-01-01", 404),
        ("participatiewet/algemene_bijstand", "", 400),
        ("participatiewet/algemene_bijstand", "peildatum=morgen", 400),
    ],
)
def test_a_schema_needs_a_claim_and_a_day_that_exist(client: TestClient, claim: str, query: str, status: int) -> None:
    assert client.get(f"/v1/aanspraken/{claim}/gegevensschema?{query}").status_code == status


def validated(client: TestClient, file: str, text: str) -> Any:
    response = client.post(f"/v1/regelsets/_valideer?bestand={file}", content=text.encode(), headers={"content-type": "application/yaml"})
    assert response.status_code == 200, response.text
    return response.json()


def test_a_mistake_in_a_rule_file_has_its_line_and_column(client: TestClient) -> None:
    found = validated(client, "participatiewet/regeling.yaml", "naam: Participatiewet\nbwb: BWBR0015703\nbevoegt orgaan: college\n")
    assert not found["geldig"]
    (mistake,) = found["bevindingen"]
    assert (mistake["regelnummer"], mistake["kolom"], mistake["ernst"]) == (3, 1, "fout")
    assert "`bevoegd orgaan`" in mistake["remedie"]


def test_a_rule_file_is_checked_together_with_the_loaded_rules(client: TestClient) -> None:
    file = "participatiewet/algemene_bijstand/2026-01-01.yaml"
    text = (RULES / file).read_text(encoding="utf-8")
    assert validated(client, file, text)["geldig"]
    broken = validated(client, file, text + "\n  - id: pw.nieuw\n    bron: art. 11 lid 1\n    bepaalt: nieuw\n    als: bestaat_niet\n")
    assert broken["omvang"] == "met de geladen regels"
    (mistake,) = broken["bevindingen"]
    assert mistake["bestand"] == file
    assert mistake["getoond"] == "    als: bestaat_niet"


def test_without_the_files_a_rule_file_is_checked_alone_and_the_answer_says_so(tiny: TestClient) -> None:
    found = validated(tiny, "wet/regeling.yaml", "naam: Proefwet\n")
    assert (found["geldig"], found["omvang"]) == (True, "alleen dit bestand")


@pytest.mark.parametrize("file", ["", "../geheim.yaml", "/etc/passwd", "wet/x.txt", "wet//x.yaml", "x.yaml"])
def test_a_path_that_is_no_rule_file_is_400(client: TestClient, file: str) -> None:
    response = client.post(
        "/v1/regelsets/_valideer", params={"bestand": file}, content=b"a: b", headers={"content-type": "application/yaml"}
    )
    assert response.status_code == 400


def test_json_is_no_rule_file(client: TestClient) -> None:
    assert client.post("/v1/regelsets/_valideer?bestand=wet/regeling.yaml", json={}).status_code == 415


def test_the_service_says_whether_the_second_engine_is_on() -> None:
    rules = load_files(tiny_law())
    for opinion, word in ((None, "uit"), (Opinion("gelijk"), "aan")):
        found = TestClient(create_app(rules, opinion, examples=None)).get("/v1/gezondheid/gereed").json()
        assert found["tweedeMotor"] == word
        assert found["regelbestand"] == rules.hash


def test_the_service_lives(client: TestClient) -> None:
    assert client.get("/v1/gezondheid/live").json() == {"status": "ok"}


def test_the_hash_of_the_rules_is_that_of_the_rulebook(client: TestClient) -> None:
    assert client.get("/v1/regelsets").json()["regelbestand"] == law().hash
