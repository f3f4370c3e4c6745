# SPDX-License-Identifier: EUPL-1.2
"""What is worth asking: only what the result rests on, the question that helps most first, judgements never to the client."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from engine.model.values import CauseKind, Unknown
from engine.passes.ask import SOURCES, Question
from engine.passes.assess import Assessment
from tests.helpers import FACTS, book, judged, ruleset, run

LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"


def asked(found: Assessment) -> list[str]:
    return [question.path for question in found.questions if not question.assumed]


def question(found: Assessment, path: str) -> Question:
    (only,) = (item for item in found.questions if item.path == path)
    return only


def rules(*conditions: str, **parts: Any) -> Any:
    text = "\n".join(
        f"- {{id: wet.{number}, bron: art. {number}, bepaalt: voorwaarde_{number}, rol: voorwaarde, als: {line}}}"
        for number, line in enumerate(conditions, 1)
    )
    return book(text, ladder=LADDER, **parts)


# --- the cone --------------------------------------------------------------------------------------------------------


def test_only_what_the_result_rests_on_is_asked() -> None:
    found = run(rules("a en b"))
    assert sorted(asked(found)) == ["a", "b"]


def test_what_no_longer_matters_is_not_asked() -> None:
    found = run(rules("a of b", "c"), {"a": True})
    assert asked(found) == ["c"]


def test_once_the_result_stands_nothing_is_asked() -> None:
    found = run(rules("a", "b"), {"a": False})
    assert found.first.result == "afwijzen"
    assert asked(found) == []


def test_every_row_that_is_still_possible_belongs_to_the_cone_and_no_other() -> None:
    table = """
        - id: wet.1
          bron: art. 1
          bepaalt: uit
          tabel:
            - {als: leefvorm is alleen, dan: loon}
            - {dan: toeslag}
    """
    text = ruleset(table).replace("regels:", "  waarden: {gereed: [uit]}\nregels:")
    found = run(book(files={"wet/aanspraak/2020-01-01.yaml": text}))
    assert set(asked(found)) == {"leefvorm", "loon", "toeslag"}
    found = run(book(files={"wet/aanspraak/2020-01-01.yaml": text}), {"leefvorm": "samen"})
    assert asked(found) == ["toeslag"]


def test_what_only_a_row_that_can_no_longer_apply_needs_is_not_asked() -> None:
    rows = """
        - id: wet.1
          bron: art. 1
          bepaalt: soort
          tabel:
            - {als: a, dan: licht}
            - {als: b, dan: middel}
            - {dan: zwaar}
        - id: wet.2
          bron: art. 2
          bepaalt: past
          rol: voorwaarde
          als:
            een van:
              - alle: [soort is licht, c]
              - alle: [soort is zwaar, loon > 10]
              - soort is middel
    """
    law = book(rows, ladder=LADDER)
    assert set(asked(run(law))) == {"a", "b", "c", "loon"}
    assert set(asked(run(law, {"b": True}))) == {"a", "c"}
    assert set(asked(run(law, {"a": False}))) == {"b", "loon"}


def test_a_missing_amount_is_no_question() -> None:
    amount = "norm: {bron: art. 1, eenheid: EUR per maand, ingevoerd tot en met: 2020-12-31, waarden: {2020-01-01: 100}}"
    found = run(rules("loon < norm", amounts=amount), {"loon": "10.00"})
    assert found.first.result == "niet_te_bepalen"
    assert asked(found) == []


def test_of_a_list_item_the_one_member_is_asked() -> None:
    children = [{"thuiswonend": True}, {"kosten": "1.00"}]
    found = run(rules("alle(kinderen waar thuiswonend)"), {"kinderen": children})
    assert asked(found) == ["kinderen[1].thuiswonend"]


def test_of_a_list_that_is_not_complete_the_list_is_asked() -> None:
    found = run(rules("alle(kinderen waar thuiswonend)"), {"kinderen": {"volledig": False, "items": [{"thuiswonend": True}]}})
    assert asked(found) == ["kinderen"]


def test_whether_there_is_a_partner_is_asked_before_anything_about_one() -> None:
    found = run(rules("een(volwassenen waar student)"), {"aanvrager": {"student": False}})
    assert asked(found) == ["partner"]


# --- decisive alone, decisive together -------------------------------------------------------------------------------


def test_a_question_whose_answer_can_settle_the_result_is_decisive_and_says_which() -> None:
    found = run(rules("a", "b"))
    item = question(found, "a")
    assert item.decisive
    assert item.settling == ((False, "afwijzen"),)


def test_a_question_that_settles_the_result_either_way_names_both() -> None:
    item = question(run(rules("a")), "a")
    assert set(item.settling) == {(True, "toekennen"), (False, "afwijzen")}
    assert item.left == 0


def test_questions_that_settle_only_together_are_not_decisive() -> None:
    """Whichever one of the three is known, the others still matter."""
    found = run(rules("(a en b) of (niet a en c)"))
    assert {item.path: item.decisive for item in found.questions if not item.assumed} == {"a": False, "b": False, "c": False}


def test_for_a_number_the_values_around_the_limit_are_tried() -> None:
    item = question(run(rules("n > 3")), "n")
    assert item.decisive
    results = dict(item.settling)
    assert results[3] == "afwijzen"
    assert results[4] == "toekennen"


def test_for_a_birth_date_the_ages_around_the_limit_are_tried() -> None:
    item = question(run(rules("aanvrager.leeftijd op peildatum >= 21")), "aanvrager.geboortedatum")
    assert {result for _, result in item.settling} == {"afwijzen", "toekennen"}


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("x >= 2.5", "x"),
        ("deel > 40%", "deel"),
        ("loon > 100", "loon"),
        ("leefvorm is samen", "leefvorm"),
        ("dag_een >= 2026-07-01", "dag_een"),
        ("dag_een >= 2035-07-01 en dag_een < 2035-07-02", "dag_een"),
        ("x > 0.5 en x < 2", "x"),
        ("dag_een <= dag_twee", "dag_een"),
        ("m is geen", "m"),
        ("m > 100000", "m"),
        ('plaats is "Utrecht"', "plaats"),
        ("termijn > 14 dagen", "termijn"),
        ("een(kinderen waar thuiswonend)", "kinderen"),
    ],
)
def test_a_single_open_fact_is_decisive_whatever_its_kind(line: str, path: str) -> None:
    known = {"dag_twee": "2026-03-01"} if "dag_twee" in line else {}
    item = question(run(rules(line), known), path)
    assert item.decisive


# --- the order -------------------------------------------------------------------------------------------------------

SOURCED = """
herkomsten: {BRP: register, loonstrook: document, klant: aanvrager, consulent: professional}
gegevens:
  zelf: {soort: ja/nee, herkomst: klant}
  op_papier: {soort: ja/nee, herkomst: loonstrook}
  geregistreerd: {soort: ja/nee, herkomst: BRP}
  geoordeeld: {soort: ja/nee, oordeel van: consulent}
  onbekende_bron: {soort: ja/nee}
"""


def test_where_questions_help_alike_the_cheapest_source_comes_first() -> None:
    found = run(rules("zelf en geoordeeld en op_papier en geregistreerd", facts=SOURCED))
    assert [(item.path, item.source) for item in found.questions] == [
        ("geregistreerd", "register"),
        ("op_papier", "document"),
        ("zelf", "aanvrager"),
        ("geoordeeld", "professional"),
    ]


def test_the_question_that_leaves_the_smallest_cone_comes_first_whatever_its_source() -> None:
    """`zelf` is needed on both sides; `geregistreerd` on one."""
    found = run(rules("zelf en (op_papier of geregistreerd)", facts=SOURCED))
    assert asked(found)[0] == "zelf"


def test_where_questions_help_alike_and_cost_alike_the_order_of_the_facts_decides() -> None:
    assert asked(run(rules("c en b en a"))) == ["a", "b", "c"]


def test_the_order_of_the_plan_does_not_depend_on_the_order_of_the_rules() -> None:
    assert asked(run(rules("a en b", "c"))) == asked(run(rules("c", "b en a")))


# --- judgements ------------------------------------------------------------------------------------------------------


def test_a_judgement_goes_to_a_professional_and_never_to_the_client() -> None:
    found = run(rules("ernstig"))
    assert [(item.path, item.source, item.kind) for item in found.questions] == [("ernstig", "professional", CauseKind.JUDGEMENT)]
    assert found.first.result == "te_beoordelen"


def test_a_judgement_with_the_origin_of_a_client_still_goes_to_a_professional() -> None:
    facts = "herkomsten: {klant: aanvrager}\ngegevens:\n  a: {soort: ja/nee, oordeel van: consulent, herkomst: klant}\n"
    assert question(run(rules("a", facts=facts)), "a").source == "professional"


def test_a_choice_of_a_power_is_asked_from_a_professional() -> None:
    power = book(
        """
        - {id: wet.1, bron: art. 1, bepaalt: mag, modaliteit: kan, keuze van: consulent, als: a}
        - {id: wet.2, bron: art. 2, bepaalt: voldoet, rol: voorwaarde, als: mag}
        """,
        ladder=LADDER,
    )
    found = run(power, {"a": True})
    assert [(item.path, item.source) for item in found.questions] == [("keuze(wet.1)", "professional")]
    assert run(power, {"a": False}).questions == ()
    assert run(power, {"a": True, "keuze(wet.1)": judged(True)}).first.result == "toekennen"


# --- assumptions -----------------------------------------------------------------------------------------------------


def test_an_assumption_that_carries_the_result_is_listed_last_and_takes_part() -> None:
    found = run(rules("niet aangenomen", "a"))
    assert [(item.path, item.assumed) for item in found.questions] == [("a", False), ("aangenomen", True)]
    assert question(found, "aangenomen").settling == ((True, "afwijzen"),)


def test_an_assumption_that_changes_nothing_is_not_asked() -> None:
    found = run(rules("niet aangenomen of a"), {"a": True})
    assert found.questions == ()
    assert found.claim.assumed == ("aangenomen",)


def test_an_assumption_that_was_confirmed_is_a_fact_and_no_longer_asked() -> None:
    assert run(rules("niet aangenomen"), {"aangenomen": False}).questions == ()


# --- always ----------------------------------------------------------------------------------------------------------

_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "c": st.booleans(),
        "n": st.integers(0, 6),
        "partner": st.sampled_from(["geen", {"student": True}]),
        "aanvrager": st.sampled_from([{"student": True}, {"student": False}]),
        "kinderen": st.sampled_from([[], [{"thuiswonend": True}], [{}]]),
    },
)
_LAW = rules("a of (b en n > 3)", "niet c of een(volwassenen waar student)", "alle(kinderen waar thuiswonend) of a", facts=FACTS)


@given(facts=_FACTS)
@settings(max_examples=80, deadline=None)
def test_the_plan_holds_exactly_the_open_causes_of_the_result_once(facts: dict[str, Any]) -> None:
    found = run(_LAW, facts)
    paths = asked(found)
    assert len(paths) == len(set(paths))
    assert set(paths) == {cause.ref for cause in found.first.causes}
    assert all(item.source in SOURCES for item in found.questions)


@given(facts=_FACTS)
@settings(max_examples=60, deadline=None)
def test_an_answer_that_is_said_to_settle_the_result_does_settle_it_so(facts: dict[str, Any]) -> None:
    found = run(_LAW, facts)
    for item in found.questions:
        if item.path in ("a", "b", "c", "n"):
            for answer, result in item.settling:
                again = run(_LAW, {**facts, item.path: answer})
                assert not any(isinstance(value, Unknown) for value in (again.state.out["blokkerende_grond"],))
                assert again.first.result == result
