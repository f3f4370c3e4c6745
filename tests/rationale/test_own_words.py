# SPDX-License-Identifier: EUPL-1.2
"""Whose words a text is: a sentence of the explanation is recognised however it is laid out, a quoted article is not refused."""

from __future__ import annotations

import pytest

from engine.rationale.own_words import PIECE, RUN, Explained, texts_in, words

SENTENCE = "U bent jonger dan 27 en kunt een opleiding volgen. Dan gaat de opleiding voor."
ARTICLE = "Zeer dringende redenen, art. 16 lid 1 van de Participatiewet"
EXPLAINED = Explained.of([SENTENCE, ARTICLE])


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        SENTENCE.upper(),
        SENTENCE.replace(" ", "\n  "),
        SENTENCE.replace(".", ";"),
        SENTENCE.replace("e", "e\u00ad"),
        SENTENCE.replace("e", "e\u0301"),
        f"Ik vind dat ook: {SENTENCE}",
        "jonger dan 27 en kunt een opleiding volgen",
    ],
)
def test_a_copied_sentence_is_seen_whatever_its_case_layout_or_signs(text: str) -> None:
    assert len(EXPLAINED.copied(text).row.split()) == RUN


@pytest.mark.parametrize("text", ["Hij is jonger dan 27.", "Zeer dringende redenen (art. 16 lid 1).", "", "Zij kan een opleiding volgen."])
def test_a_quoted_article_or_a_few_common_words_are_no_copy(text: str) -> None:
    assert EXPLAINED.copied(text).row == ""


def test_what_is_left_is_what_stands_outside_the_rows_of_the_explanation() -> None:
    assert EXPLAINED.copied("Ik zie dat hij jonger dan 27 en moe is.").left == ("ik", "zie", "dat", "hij", "moe", "is")
    assert EXPLAINED.copied("Ik zie dat hij jonger dan 27 is.").left == tuple(words("Ik zie dat hij jonger dan 27 is."))


def test_pieces_of_several_sentences_leave_nothing() -> None:
    found = EXPLAINED.copied("Kunt een opleiding volgen. Zeer dringende redenen, art.")
    assert (found.row, found.left) == ("", ())


def test_a_row_does_not_run_on_from_one_text_to_the_next() -> None:
    found = Explained.of(["een twee drie vier", "vijf zes zeven acht"])
    assert found.copied("een twee drie vier vijf zes zeven acht").row == ""
    assert len(next(iter(found.pieces))) == PIECE


def test_every_text_of_nested_data_is_seen() -> None:
    assert list(texts_in({"a": ["b", {"c": "d"}], "e": None, "f": 3, "g": ("h",)})) == ["b", "d", "h"]
