# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

from pathlib import Path

import pytest

from api.examples import read_examples, shortened
from tests.helpers import book


def test_examples_may_be_json_or_yaml_and_carry_a_title(tmp_path: Path) -> None:
    (tmp_path / "een.json").write_text('{"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15", "titel": "Een zaak"}')
    (tmp_path / "twee_zaken.yaml").write_text("aanspraak: wet/aanspraak\npeildatum: 2026-07-15\ngegevens:\n  a: ja\n")
    (tmp_path / "lees.md").write_text("geen voorbeeld")
    assert [(example.name, example.title) for example in read_examples(tmp_path, book())] == [
        ("een", "Een zaak"),
        ("twee_zaken", "twee zaken"),
    ]


@pytest.mark.parametrize("text", ['{"aanspraak": "zomaar"}', "{", '{"iets": 1}', "[]"])
def test_an_example_that_the_rules_refuse_is_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "fout.json").write_text(text)
    assert read_examples(tmp_path, book()) == ()


def test_a_folder_that_is_not_there_has_no_examples(tmp_path: Path) -> None:
    assert read_examples(tmp_path / "nergens", book()) == ()


def test_an_example_answer_keeps_the_first_of_each_list() -> None:
    assert shortened({"a": [1, 2], "b": {"c": [[1, 2], 3]}}) == {"a": [1], "b": {"c": [[1]]}}
