# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.pages import form, stated
from api.reader import read_json
from engine.passes.assess import assess
from engine.passes.intake import read_claim
from engine.rationale.parts import Rendering
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


@pytest.mark.parametrize("name", ["begin", "gewenst", "gegevens", "beoordeling", "betekenis"])
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


def test_a_wanted_effect_that_is_not_complete_comes_back_with_the_error_at_its_field(client: TestClient) -> None:
    page = step(client, "gegevens", EFFECT | {"e:0.leefgebied": "", "e:0.termijn": ""}, status=400)
    assert "Wat wil de persoon bereiken?" in page.words
    assert {"#e0-leefgebied", "#e0-termijn"} <= set(page.values("href"))
    errors = {attributes.get("id"): attributes.get("aria-describedby", "") for _, attributes in page.attributes}
    assert "e0-leefgebied-fout" in (errors["e0-leefgebied"] or "")
    assert page.words.count("Vul dit in.") == 4  # on top and at the field
    assert filled(page)["e:0.gesteldDoor"] == "m.jansen"


def test_a_row_that_nothing_is_said_in_is_passed_over(client: TestClient) -> None:
    values = {key.replace("e:0", "e:3"): value for key, value in EFFECT.items()} | {"e:0.persoon": "aanvrager"}
    assert "Ik wil mijn huur kunnen betalen." in step(client, "beoordeling", values).words
    broken = step(client, "beoordeling", values | {"e:3.leefgebied": "zomaar"}, status=400)
    assert "#e3-leefgebied" in set(broken.values("href"))


def test_who_goes_on_without_a_wanted_effect_is_told_before_the_outcome(client: TestClient) -> None:
    warning = "Er is nog niet vastgelegd wat de persoon wil bereiken."
    assert warning in step(client, "gegevens").words
    assert warning not in step(client, "gegevens", EFFECT).words


def test_no_step_before_the_assessment_shows_an_outcome(client: TestClient) -> None:
    facts = {"s:partner": "geen", "f:woont_in_deze_gemeente": "nee", **EFFECT}
    for name in ("begin", "gewenst", "gegevens", "bijwerken"):
        words = step(client, name, facts).words.lower()
        assert "doorzenden" not in words
        assert "volgens de regels" not in words
    assert "doorgestuurd" in step(client, "beoordeling", facts).words


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
    found, _ = read_claim({**asked, "gegevens": reading.facts, "beoogdeEffecten": stated.read(stated.WANTED, values)}, law())
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


# --- the renderings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("beoordeling", "De vraag en wat er is gewenst"),
        ("beoordeling:professional", "De vraag en wat er is gewenst"),
        ("beoordeling:juridisch", "De feiten en hun bewijs"),
        ("beoordeling:begrijpelijk", "Waar het over gaat"),
        ("beoordeling:zomaar", "De vraag en wat er is gewenst"),
    ],
)
def test_the_assessment_can_be_read_in_each_rendering(client: TestClient, name: str, words: str) -> None:
    page = step(client, name, EFFECT)
    assert words in page.words
    buttons = [attributes for tag, attributes in page.attributes if tag == "button" and attributes.get("form") == "verder"]
    assert [found["value"] for found in buttons] == [f"beoordeling:{rendering}" for rendering in Rendering]
    assert sum("aria-current" in found for found in buttons) == 1


# --- what it means ---------------------------------------------------------------------------------------------------

FAMILY = {
    "f:aanvrager.geboortedatum": "1990-06-15",
    "s:partner": "geen",
    "s:kinderen": "alle",
    "n:kinderen": "1",
    "f:kinderen[0].geboortedatum": "2016-05-01",
    "f:woont_in_deze_gemeente": "ja",
    **EFFECT,
}
BY = {"w:door": "m.jansen", "w:rol": "consulent", "w:op": "2026-07-20"}
MEANS = {
    "optie": "opt.regeluitkomst",
    "omschrijving": "De opvang stopt en zij mist school.",
    "richting": "schaadt",
    "ernst": "ernstig",
    "zekerheid": "aannemelijk",
    "termijn": "kort",
    "bron": "gesprek met de school",
}


def meaning(number: int, **change: str) -> dict[str, str]:
    return {f"g:{number}.{key}": value for key, value in (MEANS | change).items()}


def own_option(number: int = 0, **change: str) -> dict[str, str]:
    row = {"tekst": "Betaal een maand vooruit.", "binnenRegels": "ja", "bron": "gesprek", **change}
    return {f"o:{number}.{key}": value for key, value in row.items()}


def test_after_the_outcome_everybody_has_a_place_for_what_it_means_children_first(client: TestClient) -> None:
    seen = step(client, "beoordeling", FAMILY)
    assert "Leg vast wat het betekent" in seen.words
    page = step(client, "betekenis", filled(seen))
    order = [page.words.index(f"Wat het betekent voor {name}") for name in ("kind 1", "de aanvrager", "anderen")]
    assert order == sorted(order)
    assert filled(page)["g:0.wie"] == "kinderen[0]"
    assert filled(page)["gezien"] == "ja"


def test_nothing_is_chosen_before_somebody_chooses_and_options_stand_as_the_assessment_has_them(client: TestClient) -> None:
    page = step(client, "betekenis", FAMILY)
    chosen = {name: value for name, value in filled(page).items() if name.startswith(("g:", "o:", "w:")) and not name.endswith(".wie")}
    assert set(chosen.values()) <= {""}
    assert [attributes for tag, attributes in page.attributes if tag == "input" and "checked" in attributes] == []
    options = [
        attributes["value"] for tag, attributes in page.attributes if tag == "option" and (attributes["value"] or "").startswith("opt")
    ]
    claim = {**ASKED, "gegevens": form.read_facts(FAMILY, read_claim(ASKED, law())[1].program).facts, "beoogdeEffecten": []}
    expected = [option.id for option in assess(claim, law()).second.options]
    assert options[: len(expected)] == expected


def test_every_field_of_it_has_a_label_and_every_choice_a_legend(client: TestClient) -> None:
    page = step(client, "betekenis", FAMILY)
    ids = list(page.values("id"))
    assert len(ids) == len(set(ids))
    labelled = set(page.values("for"))
    for tag, attributes in page.attributes:
        if tag in ("select", "textarea") or (tag == "input" and attributes.get("type") in ("text", "date")):
            assert attributes["id"] in labelled, attributes
    assert {part for value in page.values("aria-describedby") for part in value.split()} <= set(ids)
    assert page.tags.count("fieldset") == page.tags.count("legend")


def test_what_is_said_about_a_child_stands_in_the_assessment_and_stays(client: TestClient) -> None:
    page = step(client, "betekenis", filled(step(client, "beoordeling", FAMILY)))
    again = step(client, "beoordeling", filled(page) | BY | meaning(0))
    assert "De opvang stopt en zij mist school." in again.words
    assert "Gesteld door m.jansen op 20 juli 2026." in again.words
    back = step(client, "betekenis", filled(again))
    assert {key: filled(back)[key] for key in ("g:0.wie", "g:0.richting", "g:0.bron")} == {
        "g:0.wie": "kinderen[0]",
        "g:0.richting": "schaadt",
        "g:0.bron": "gesprek met de school",
    }
    assert "De opvang stopt en zij mist school." in back.words


def test_an_option_that_is_added_can_be_chosen_and_stands_in_the_assessment(client: TestClient) -> None:
    values = FAMILY | BY | own_option()
    page = step(client, "erbij:kinderen[0]", values)
    assert "eigen.optie_1" in set(page.values("value"))
    answer = step(client, "beoordeling", filled(page) | own_option() | BY | meaning(0, optie="eigen.optie_1", richting="bevordert"))
    assert "Betaal een maand vooruit." in answer.words
    assert "toegevoegd door m.jansen" in answer.words


def test_another_row_comes_on_request_for_a_person_and_for_options(client: TestClient) -> None:
    def rows(page: Page, end: str) -> int:
        return sum(name.endswith(end) for name in set(page.values("name")))

    values = FAMILY | meaning(0) | {"g:0.wie": "kinderen[0]"} | own_option()
    before = step(client, "betekenis", values)
    assert rows(step(client, "erbij:kinderen[0]", values), ".omschrijving") == rows(before, ".omschrijving") + 1
    assert rows(step(client, "erbij:optie", values), ".tekst") == rows(before, ".tekst") + 1
    assert rows(step(client, "erbij:niemand", values), ".omschrijving") == rows(before, ".omschrijving")


def test_what_is_missing_is_told_at_its_field_and_what_the_page_asks_once_there(client: TestClient) -> None:
    values = FAMILY | meaning(2, richting="", optie="") | {"g:2.wie": "kinderen[0]"} | own_option(binnenRegels="")
    page = step(client, "beoordeling", values, status=400)
    links = set(page.values("href"))
    assert {"#g2-richting", "#g2-optie", "#o0-binnenRegels", "#w-door", "#w-op", "#w-rol"} <= links
    assert {link[1:] for link in links if link.startswith("#")} <= set(page.values("id"))
    assert "Vul dit in." in page.words
    assert filled(page)["g:2.bron"] == "gesprek met de school"


def test_an_option_that_is_not_there_is_told_in_the_words_of_the_engine(client: TestClient) -> None:
    page = step(client, "beoordeling", FAMILY | BY | meaning(0, optie="eigen.optie_9") | {"g:0.wie": "derden"}, status=400)
    assert "is geen optie" in page.words
    assert filled(page)["g:0.optie"] == "eigen.optie_9"


def test_what_is_taken_away_is_gone(client: TestClient) -> None:
    values = FAMILY | BY | meaning(0) | {"g:0.wie": "kinderen[0]", "g:0.weg": "ja"} | own_option() | {"o:0.weg": "ja"}
    page = step(client, "beoordeling", values)
    assert "De opvang stopt" not in page.words
    assert "Betaal een maand vooruit." not in page.words
    assert "De opvang stopt" not in step(client, "betekenis", values).words


def test_a_wrong_fact_goes_before_what_is_said_about_options(client: TestClient) -> None:
    values = FAMILY | meaning(0) | {"g:0.wie": "kinderen[0]"}
    for name in ("beoordeling", "betekenis"):
        assert "#v-schulden" in set(step(client, name, values | {"f:schulden": "veel"}, status=400).values("href"))
    assert "U koos dat er niemand is" in step(client, "betekenis", values | {"f:partner.geboortedatum": "1990-01-01"}, status=400).words


def test_where_nobody_is_known_the_applicant_has_a_place(client: TestClient) -> None:
    assert "Wat het betekent voor de aanvrager" in step(client, "betekenis").words


def test_effects_and_options_of_an_example_fill_in_the_form_too() -> None:
    said = {"gesteldDoor": "m.jansen", "gesteldOp": "2026-07-20"}
    claim: dict[str, list[dict[str, Any]]] = {
        "beoogdeEffecten": [{**WISH, **said}, {**WISH, **said, "naUitkomst": False}, {**WISH, **said, "naUitkomst": True}],
        "effecten": [{"wie": "derden", **MEANS, **said}],
        "opties": [{"id": "eigen.x", "tekst": "Anders.", "binnenRegels": False, "bron": "gesprek", "rol": "consulent", **said}],
    }
    values = stated.values_of(claim)
    assert stated.read(stated.EFFECTS, values) == claim["effecten"]
    assert stated.read(stated.OPTIONS, values) == [{**claim["opties"][0], "binnenRegels": "nee"}]
    assert [row.get("naUitkomst") for row in stated.read(stated.WANTED, values)] == [None, None, "ja"]


WISH = {"persoon": "aanvrager", "leefgebied": "wonen", "omschrijving": "Blijven wonen.", "termijn": "kort"}
