# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.pages import form
from api.reader import read_json
from engine.passes.intake import read_claim
from tests.helpers import book, claim as tiny_claim, judged
from tests.law import EXAMPLES, law
from tests.rationale.test_html import Page

HTML = {"accept": "text/html,*/*;q=0.8"}
ASKED = {"aanspraak": "participatiewet/algemene_bijstand", "peildatum": "2026-07-15"}
EFFECT = {
    "e:0.persoon": "aanvrager",
    "e:0.leefgebied": "wonen",
    "e:0.omschrijving": "Ik wil mijn huur kunnen betalen.",
    "e:0.termijn": "kort",
    "e:0.gesteldDoor": "m.jansen",
    "e:0.gesteldOp": "2026-07-01",
}


def step(client: TestClient, name: str, values: dict[str, str] | None = None, status: int = 200) -> Page:
    response = client.post("/aanvraag", data={**ASKED, **(values or {}), "stap": name}, headers=HTML)
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-store"
    return Page(response.text)


def filled(page: Page) -> dict[str, str]:
    """What a browser would send of a page: hidden fields, text, and what is checked or selected."""
    found: dict[str, str] = {}
    select = ""
    for tag, attributes in page.attributes:
        name, value = attributes.get("name"), attributes.get("value") or ""
        kind = attributes.get("type")
        if tag == "select":
            select = name or ""
            found[select] = ""
        elif tag == "option" and "selected" in attributes:
            found[select] = value
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in attributes):
            found[name] = value
    return found


def test_the_first_page_asks_what_and_for_which_day(client: TestClient) -> None:
    page = Page(client.get("/", headers=HTML).text)
    assert "Algemene bijstand" in page.words
    assert {"aanspraak", "peildatum", "gemeente"} <= set(page.values("name"))
    examples = [link for link in page.values("href") if link.startswith("/aanvraag?voorbeeld=")]
    assert len(examples) == len(list(EXAMPLES.glob("*.json")))


def test_the_wanted_effect_is_a_step_before_the_facts_and_the_outcome(client: TestClient) -> None:
    page = step(client, "gewenst")
    assert "Leg dit vast voordat u de uitkomst ziet" in page.words
    assert "e:0.omschrijving" in set(page.values("name"))
    assert "Concept" not in page.words


def test_nothing_is_known_until_somebody_says_so(client: TestClient) -> None:
    values = filled(step(client, "gegevens"))
    facts = {name: value for name, value in values.items() if name.startswith(("f:", "s:")) and not name.endswith("@rol")}
    assert len(facts) > 100
    assert set(facts.values()) == {""}


def test_every_field_has_a_label_and_every_choice_a_legend(client: TestClient) -> None:
    page = step(client, "gegevens", {"n:huisgenoten": "1", "n:kinderen": "2"})
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    labelled = set(page.values("for"))
    for tag, attributes in page.attributes:
        if tag in ("select", "textarea") or (tag == "input" and attributes.get("type") in ("text", "date")):
            assert attributes["id"] in labelled, attributes
    described = {part for value in page.values("aria-describedby") for part in value.split()}
    assert described <= set(ids)
    assert page.tags.count("fieldset") == page.tags.count("legend")


@pytest.mark.parametrize("name", ["begin", "gewenst", "gegevens", "beoordeling"])
def test_no_page_runs_a_script_or_loads_anything(client: TestClient, name: str) -> None:
    response = client.post("/aanvraag", data={**ASKED, "stap": name}, headers=HTML)
    page = Page(response.text)
    assert not set(page.tags) & {"script", "link", "img", "iframe"}
    assert list(page.values("style")) == []
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy


def test_a_judgement_is_marked_with_who_may_give_it(client: TestClient) -> None:
    page = step(client, "gegevens")
    assert "Oordeel te geven door: consulent" in page.words
    assert {f"f:uitkomst_geschikt@{key}" for key in ("door", "rol", "reden", "datum")} <= set(page.values("name"))


def test_a_list_gets_more_rows_on_request(client: TestClient) -> None:
    assert "f:huisgenoten[0].geboortedatum" not in set(step(client, "gegevens").values("name"))
    page = step(client, "meer:huisgenoten")
    assert {"f:huisgenoten[0].geboortedatum", "f:huisgenoten[1].geboortedatum"} <= set(page.values("name"))
    assert filled(page)["n:huisgenoten"] == "2"


def test_what_was_filled_in_stays_through_every_step(client: TestClient) -> None:
    values = {"f:aanvrager.geboortedatum": "1990-06-15", "s:partner": "geen", "f:schulden": "1.234,50", "s:kinderen": "leeg", **EFFECT}
    page = step(client, "gewenst", values)
    for name in ("gegevens", "beoordeling", "begin", "gewenst", "bijwerken"):
        carried = filled(page)
        assert {key: carried.get(key) for key in values if key.startswith(("f:", "s:"))} == {
            key: value for key, value in values.items() if key.startswith(("f:", "s:"))
        }, name
        page = step(client, name, carried | {"e:0.omschrijving": EFFECT["e:0.omschrijving"]})


def test_questions_that_no_longer_matter_move_out_of_the_way(client: TestClient) -> None:
    def asking(values: dict[str, str]) -> int:
        match = re.search(r"nog (\d+) vragen van belang", step(client, "bijwerken", values).words)
        assert match is not None
        return int(match[1])

    assert asking({"s:partner": "geen", "s:kinderen": "leeg", "s:huisgenoten": "leeg"}) < asking({})


def test_a_wrong_answer_is_named_at_the_top_and_at_its_question(client: TestClient) -> None:
    page = step(client, "beoordeling", {"f:schulden": "veel", "f:aanvrager.geboortedatum": "2036-01-01"}, status=400)
    assert "2 antwoorden kloppen niet" in page.words
    assert {"#v-schulden", "#v-aanvrager-geboortedatum"} <= set(page.values("href"))
    assert {"v-schulden", "v-aanvrager-geboortedatum"} <= set(page.values("id"))
    assert page.words.count("`veel`") == 0
    assert filled(page)["f:schulden"] == "veel"


def test_nobody_there_and_something_filled_in_is_a_contradiction(client: TestClient) -> None:
    page = step(client, "beoordeling", {"s:partner": "geen", "f:partner.geboortedatum": "1990-01-01"}, status=400)
    assert "U koos dat er niemand is, maar er zijn wel gegevens ingevuld." in page.words


def test_a_wanted_effect_that_is_not_complete_brings_back_its_step(client: TestClient) -> None:
    page = step(client, "beoordeling", {"e:0.omschrijving": "Ik wil werken."}, status=400)
    assert "Wat wil de persoon bereiken?" in page.words
    assert "Ik wil werken." in page.words


def test_the_assessment_is_a_concept_and_can_be_changed(client: TestClient) -> None:
    page = step(client, "beoordeling", EFFECT)
    assert "Concept" in page.words
    assert "Wijzig de gegevens" in page.words
    assert "Ik wil mijn huur kunnen betalen." in page.words


def test_an_effect_that_comes_after_the_outcome_says_so(client: TestClient) -> None:
    seen = filled(step(client, "beoordeling", EFFECT))
    again = step(client, "gewenst", seen)
    assert filled(again)["e:1.naUitkomst"] == "ja"
    assert "e:0.naUitkomst" not in filled(again)
    late = {key.replace("e:0", "e:1"): value for key, value in EFFECT.items()} | {"e:1.omschrijving": "Ik wil een grotere woning."}
    page = step(client, "beoordeling", filled(again) | late)
    assert page.words.count("Genoemd na de uitkomst.") == 1


def test_a_day_before_the_first_rules_is_refused_in_words(client: TestClient) -> None:
    page = step(client, "gewenst", {"peildatum": "1990-01-01"}, status=400)
    assert "de eerste versie geldt vanaf 1 januari 2023" in page.words


@pytest.mark.parametrize("name", [path.stem for path in sorted(EXAMPLES.glob("*.json"))])
def test_an_example_fills_in_the_form_with_the_same_claim(client: TestClient, name: str) -> None:
    data = read_json((EXAMPLES / f"{name}.json").read_bytes())
    expected, compiled = read_claim(data, law())
    values = form.values_of(data, compiled.program)
    reading = form.read_facts(values, compiled.program)
    assert reading.problems == []
    asked = {key: data[key] for key in ("aanspraak", "peildatum", "gemeente") if key in data}
    found, _ = read_claim({**asked, "gegevens": reading.facts, "beoogdeEffecten": form.read_effects(values)}, law())
    assert found == expected
    assert client.get(f"/aanvraag?voorbeeld={name}", headers=HTML).status_code == 200


FACTS: list[dict[str, Any]] = [
    {"a": False, "m": "geen", "n": "3", "x": "1.5", "deel": "40%", "loon": "1419.46", "leefvorm": "samen", "grond": "geen"},
    {"termijn": "3 weken", "dag_een": "2026-07-01", "plaats": "Zutphen", "ernstig": judged(True)},
    {"a": {"waarde": True, "herkomst": "BRP", "datum": "2026-07-01"}, "aanvrager": {"functie": "geen"}, "partner": "geen"},
    {"partner": {}, "kinderen": {"volledig": False, "items": [{"kosten": "12.50"}]}},
    {"kinderen": [], "partner": {"inkomen": "0"}},
]


@pytest.mark.parametrize("facts", FACTS, ids=str)
def test_a_claim_goes_through_the_form_and_back(facts: dict[str, Any]) -> None:
    rules = book()
    expected, compiled = read_claim(tiny_claim(facts), rules)
    reading = form.read_facts(form.values_of({"gegevens": facts}, compiled.program), compiled.program)
    found, _ = read_claim(tiny_claim(reading.facts), rules)
    assert found == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.419,46", "1419.46"),
        ("€ 12", "12"),
        ("1.419", "1419"),
        ("1419.46", "1419.46"),
        ("-3,5", "-3.5"),
        ("12,3,4", "12,3,4"),
        ("x", "x"),
    ],
)
def test_an_amount_may_be_written_as_people_do(written: str, read: str) -> None:
    assert form.plain_number(written) == read


def test_an_error_is_a_page_for_a_browser_and_a_problem_for_a_machine(client: TestClient) -> None:
    page, problem = client.get("/zomaar", headers=HTML), client.get("/zomaar")
    assert (page.status_code, problem.status_code) == (404, 404)
    assert "Niet gevonden" in Page(page.text).words
    assert problem.headers["content-type"] == "application/problem+json"
    assert client.put("/", headers=HTML).headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"stap=gegevens&x=%ff", "application/x-www-form-urlencoded", 400),
        (b"x=1&" * 6000, "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"x" * 1_000_001, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
    ],
)
def test_a_post_that_is_no_form_is_refused(client: TestClient, content: bytes, kind: str, status: int) -> None:
    assert client.post("/aanvraag", content=content, headers={"content-type": kind}).status_code == status


def test_names_that_a_form_never_has_are_not_carried_along(client: TestClient) -> None:
    page = step(client, "gegevens", {'f:"><script>': "x", "zomaar": "x", "f:bestaat_niet": "x"})
    assert "script" not in page.tags
    assert not {"zomaar", "f:bestaat_niet"} & set(filled(page))
