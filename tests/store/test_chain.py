# SPDX-License-Identifier: EUPL-1.2
"""The chain: what is canonical, what a hash covers, and that nobody changes anything unseen."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from store.chain import Sort, canonical, moment
from tests.store.chains import STRANGER, TOWN, Image, made

CHAIN = made()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=4),
    max_leaves=12,
)


def chain() -> Image:
    return copy.deepcopy(CHAIN)


# --- canonical JSON --------------------------------------------------------------------------------------------------


def test_canonical_json_sorts_keys_and_leaves_out_white_space() -> None:
    assert canonical({"b": [1, None, True], "a": {"z": "é\n", "y": ()}}) == '{"a":{"y":[],"z":"é\\n"},"b":[1,null,true]}'


@given(JSON, st.randoms())
def test_the_order_of_keys_does_not_matter(data: object, rng: random.Random) -> None:
    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            pairs = [(key, shuffled(inner)) for key, inner in value.items()]
            rng.shuffle(pairs)
            return dict(pairs)
        return [shuffled(inner) for inner in value] if isinstance(value, list) else value

    assert canonical(shuffled(data)) == canonical(data)


@pytest.mark.parametrize("data", [1.0, float("nan"), {1: "a"}, {"a": 0.5}, [datetime.now(UTC)], b"x", "\ud800", 2**70, {1, 2}])
def test_what_has_no_canonical_form_is_refused(data: object) -> None:
    with pytest.raises(TypeError):
        canonical(data)


def test_a_moment_is_stored_in_utc_and_sorts_as_text() -> None:
    at = datetime(2026, 7, 15, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    assert moment(at) == "2026-07-15T10:00:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2026, 7, 15))


# --- a whole chain, and what is wrong with one that is not ------------------------------------------------------------


def sorts(image: Image) -> list[tuple[int, Sort]]:
    return [(found.sequence, found.sort) for found in image.verify().breaks]


def test_a_whole_chain_has_no_break() -> None:
    report = CHAIN.verify()
    assert report.whole, report.breaks
    assert (report.records, report.checkpoints) == (12, 3)


def test_an_empty_chain_is_whole() -> None:
    assert made(0).verify().whole


@pytest.mark.parametrize("column", ["id", "kind", "law", "about", "created_at", "content", "previous", "hash"])
def test_an_edit_of_a_column_is_told_at_its_record(column: str) -> None:
    image = chain()
    image.records[4][column] = "iets anders"
    assert (5, Sort.EDITED) in sorts(image)
    assert {place for place, _ in sorts(image)} <= {5, 2}


def test_an_edited_payload_is_told_by_name() -> None:
    image = chain()
    next(row for row in image.payloads if row["name"] == "antwoord")["data"] = b"{}"
    (found,) = image.verify().breaks
    assert (found.sequence, found.sort) == (1, Sort.EDITED)
    assert "`antwoord`" in found.what


def test_a_payload_that_is_gone_without_a_record_of_it_is_missing() -> None:
    image = chain()
    image.payloads = [row for row in image.payloads if row["record_id"] != image.records[4]["id"]]
    image.terms = [row for row in image.terms if row["record_id"] != image.records[4]["id"]]
    assert sorts(image) == [(5, Sort.MISSING), (5, Sort.MISSING)]


def test_a_payload_that_was_destroyed_cannot_come_back() -> None:
    image, name = chain(), CHAIN.records[1]["id"]
    image.payloads.append({"record_id": name, "name": "antwoord", "salt": b"s" * 32, "data": b"{}"})
    assert sorts(image) == [(2, Sort.INSERTED)]


def test_terms_of_another_case_are_told() -> None:
    image = chain()
    image.terms[0]["value"] = "z99"
    assert sorts(image) == [(1, Sort.EDITED)]


def test_deleted_records_are_told_by_their_places() -> None:
    image = chain()
    del image.records[4:6]
    (found,) = image.verify().breaks
    assert (found.sequence, found.sort) == (5, Sort.MISSING)
    assert "5 tot en met 6" in found.what


def test_swapped_records_are_told_with_where_they_belong() -> None:
    image = chain()
    image.records[4]["sequence"], image.records[8]["sequence"] = 9, 5
    assert sorts(image) == [(5, Sort.MOVED), (9, Sort.MOVED)]


def test_a_place_that_is_taken_twice_is_told() -> None:
    image = chain()
    image.records.insert(5, {**image.records[4], "id": "valse"})
    assert sorts(image) == [(5, Sort.INSERTED)]


def test_a_cut_tail_is_told_by_the_head_and_by_the_checkpoints() -> None:
    image = chain()
    gone = {row["id"] for row in image.records[10:]}
    image.records = image.records[:10]
    image.payloads = [row for row in image.payloads if row["record_id"] not in gone]
    image.terms = [row for row in image.terms if row["record_id"] not in gone]
    assert (11, Sort.CUT) in sorts(image)
    image.heads = []
    assert (11, Sort.CUT) in sorts(image)


def test_a_tail_cut_back_to_an_earlier_head_is_told_by_the_export_of_another() -> None:
    exported = CHAIN.seals()
    image = made(8)
    assert image.verify().whole
    (found,) = image.verify(exported=exported).breaks
    assert (found.sequence, found.sort) == (9, Sort.CUT)


def test_a_chain_that_is_gone_is_told_by_the_export_of_another() -> None:
    (found,) = made(0).verify(exported=CHAIN.seals()).breaks
    assert (found.sequence, found.sort) == (1, Sort.CUT)


def test_another_history_that_links_well_is_told_by_the_seals() -> None:
    image = chain()
    image.records[4]["created_at"] = "2026-07-15T10:59:00.000000Z"
    image.relink(4)
    assert sorts(image) == [(8, Sort.REWRITTEN), (12, Sort.REWRITTEN), (12, Sort.REWRITTEN)]


def test_a_seal_by_a_key_that_is_not_trusted_is_told() -> None:
    image = chain()
    report = image.verify(keys=STRANGER.trusted)
    assert {found.sort for found in report.breaks} == {Sort.SIGNATURE}
    assert len(report.breaks) == 4


def test_a_signature_has_one_spelling() -> None:
    image = chain()
    image.heads[0]["signature"] = image.heads[0]["signature"].upper()
    assert sorts(image) == [(12, Sort.SIGNATURE)]


def test_many_breaks_are_counted_and_the_first_are_told() -> None:
    image = made(300, every=100)
    for row in image.records:
        row["kind"] = "x"
    report = image.verify()
    assert len(report.breaks) + report.more >= 300
    assert len(report.breaks) == 200


def test_a_break_reads_as_a_sentence_with_its_place() -> None:
    image = chain()
    image.records[4]["law"] = "wmo"
    assert str(image.verify().breaks[0]) == f"{TOWN}, record 5: bewerkt. De inhoud past niet bij de hash."


@pytest.mark.parametrize("length", range(12))
def test_an_export_tells_of_a_chain_put_back_to_any_earlier_state(length: int) -> None:
    assert made(length).verify().whole
    assert not made(length).verify(exported=CHAIN.seals()).whole
