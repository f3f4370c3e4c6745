# SPDX-License-Identifier: EUPL-1.2
"""Source references: article, lid and onderdeel read, and turned into Juriconnect addresses (jci 1.3)."""

from __future__ import annotations

from datetime import date

import pytest

from engine.language.sources import Reference, is_statutory, juriconnect, link, parse_reference, ruling_link
from engine.model.program import Law

PW = Law("participatiewet", "Participatiewet", "BWBR0015703", None)
AWB = Law("Awb", "Algemene wet bestuursrecht", "BWBR0005537", None)
GW = Law("Grondwet", "Grondwet", None, None)
BW = Law("BW", "Burgerlijk Wetboek", None, None, {"1": "BWBR0002656", "7a": "BWBR0006000"})
CITABLE = {"Awb": AWB, "Grondwet": GW, "BW": BW}


@pytest.mark.parametrize(
    ("text", "article", "lid", "part"),
    [
        ("art. 31", "31", None, None),
        ("art. 31 lid 2", "31", "2", None),
        ("art. 31 lid 2 onder n", "31", "2", "n"),
        ("art. 13 lid 1 onderdeel a", "13", "1", "a"),
        ("art. 22a lid 1", "22a", "1", None),
        ("art. 8:88 lid 1", "8:88", "1", None),
        ("art. 21 onderdeel b", "21", None, "b"),
        ("art. 20 tot en met 24", "20", None, None),
        ("art. 11 lid 1 en 2", "11", "1", None),
        ("art. 13 lid 1 onder a, c en e", "13", "1", "a"),
        ("art. 3 lid 2 aanhef en onder a", "3", "2", "a"),
        ("art. 5 lid 1 jo. art. 6 lid 2 onder b", "5", "1", None),  # the part belongs to the second article
    ],
)
def test_a_reference_is_read_into_article_lid_and_onderdeel(text: str, article: str, lid: str | None, part: str | None) -> None:
    assert parse_reference(text, PW, CITABLE) == Reference(article, lid, part, PW)


@pytest.mark.parametrize(("text", "law"), [("art. 3:4 lid 2 Awb", AWB), ("art. 20 lid 3 Grondwet", GW)])
def test_a_reference_may_name_another_law_that_may_be_cited(text: str, law: Law) -> None:
    found = parse_reference(text, PW, CITABLE)
    assert found is not None
    assert found.law == law


@pytest.mark.parametrize(
    "text", ["art. lid 2", "art. 31 lid twee", "art. 31 Wmo", "art. 31, zie de toelichting", "art.", "art. 31 lid 2 onder 5.3"]
)
def test_a_reference_that_cannot_be_followed_is_none(text: str) -> None:
    assert parse_reference(text, PW, CITABLE) is None


def test_free_text_claims_to_be_no_statute() -> None:
    assert is_statutory("art. 31")
    assert not is_statutory("Verordening individuele inkomenstoeslag, artikel 4")
    assert not is_statutory("ECLI:NL:CRVB:2023:985")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("art. 31", "jci1.3:c:BWBR0015703&artikel=31&z=2026-07-01&g=2026-07-01"),
        ("art. 31 lid 2", "jci1.3:c:BWBR0015703&artikel=31&lid=2&z=2026-07-01&g=2026-07-01"),
        ("art. 31 lid 2 onder n", "jci1.3:c:BWBR0015703&artikel=31&lid=2&o=n&z=2026-07-01&g=2026-07-01"),
        ("art. 3:4 lid 2 Awb", "jci1.3:c:BWBR0005537&artikel=3:4&lid=2&z=2026-07-01&g=2026-07-01"),
    ],
)
def test_a_reference_becomes_a_juriconnect_address_of_the_day(text: str, address: str) -> None:
    found = parse_reference(text, PW, CITABLE)
    assert found is not None
    assert juriconnect(found, date(2026, 7, 1)) == address
    assert link(address) == f"https://wetten.overheid.nl/{address}"


def test_a_law_without_a_bwb_number_has_no_address() -> None:
    found = parse_reference("art. 20 lid 3 Grondwet", PW, CITABLE)
    assert found is not None
    assert juriconnect(found, date(2026, 7, 1)) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("art. 1:3 lid 1 BW", "jci1.3:c:BWBR0002656&artikel=3&lid=1&z=2026-07-01&g=2026-07-01"),
        ("art. 7a:1777 BW", "jci1.3:c:BWBR0006000&artikel=1777&z=2026-07-01&g=2026-07-01"),
        ("art. 9:1 BW", None),
        ("art. 3 BW", None),
    ],
)
def test_an_article_that_names_its_book_leads_to_that_book(text: str, address: str | None) -> None:
    found = parse_reference(text, PW, CITABLE)
    assert found is not None
    assert juriconnect(found, date(2026, 7, 1)) == address


def test_a_dutch_ruling_is_found_by_its_number_and_another_is_not() -> None:
    assert ruling_link("ECLI:NL:HR:2009:BH7357") == "https://deeplink.rechtspraak.nl/uitspraak?id=ECLI:NL:HR:2009:BH7357"
    assert ruling_link("ECLI:EU:C:2023:957") is None
