# SPDX-License-Identifier: EUPL-1.2
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.app import description
from api.examples import read_examples, shortened
from tests.helpers import book
from tests.law import law


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


def test_the_description_has_examples_though_the_rules_came_without_their_tests() -> None:
    document = json.loads(description(replace(law(), tests=())))
    for path, methods in document["paths"].items():
        for operation in methods.values():
            if "requestBody" in operation and path != "/regelsets/_valideer":
                assert "voorbeeld" in operation["requestBody"]["content"]["application/json"]["examples"], path


def test_rules_that_do_not_take_the_example_have_none_in_their_description() -> None:
    document = json.loads(description(book()))
    assert "examples" not in document["paths"]["/beoordelingen"]["post"]["requestBody"]["content"]["application/json"]


def test_an_example_answer_keeps_the_first_of_each_list() -> None:
    assert shortened({"a": [1, 2], "b": {"c": [[1, 2], 3]}}) == {"a": [1], "b": {"c": [[1]]}}
