# SPDX-License-Identifier: EUPL-1.2
"""The schemas that editors use: equal to the documents, and never stricter than `controleer`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from typer.testing import CliRunner

from cli.main import app
from engine.authoring import coverage, keys, schemas
from engine.model import documents as doc
from tests.helpers import book, law as small_law
from tests.language.fixtures import Case, cases
from tests.language.test_documents import placed
from tests.law import ROOT, RULES, law

FOLDER = ROOT / "schema"
FILES = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml"))


class _Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: dates and `on` are text, numbers and booleans are typed."""


_Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith((":timestamp", ":bool", ":int"))]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    return json.loads(json.dumps(yaml.load(text, _Core), default=str))


def validator(name: str, made: dict[str, schemas.Schema]) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resources((other, DRAFT202012.create_resource(schema)) for other, schema in made.items())
    return Draft202012Validator(made[name], registry=registry)


MADE = schemas.schemas(book())


@pytest.mark.parametrize("name", sorted(schemas.KINDS))
def test_the_schema_in_the_folder_is_the_one_that_the_documents_give(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == schemas.as_text(MADE[name]), "draai `toetssteen schema`"


def test_the_proposed_names_are_those_of_the_rules() -> None:
    assert (FOLDER / schemas.NAMES).read_text(encoding="utf-8") == schemas.as_text(schemas.names(law())), "draai `toetssteen schema`"


@pytest.mark.parametrize("name", sorted(MADE))
def test_each_is_a_schema_of_the_dialect_that_it_names(name: str) -> None:
    Draft202012Validator.check_schema(MADE[name])


def test_every_key_of_every_document_is_described_and_nothing_else_is() -> None:
    used = set()
    for model in (*vars(doc).values(), *vars(coverage).values()):
        if isinstance(model, type) and issubclass(model, BaseModel) and model not in (BaseModel, doc.Document):
            for name, field in model.model_fields.items():
                key = field.alias or name
                assert keys.meaning(model.__name__, key)
                own = f"{model.__name__}.{key}"
                used.add(own if own in keys.MEANINGS else key)
    assert used == set(keys.MEANINGS)


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_the_law_is_valid(path: str) -> None:
    name = schemas.schema_for(path)
    assert name is not None
    found = validator(name, MADE).iter_errors(read((RULES / path).read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in found] == []


@pytest.mark.parametrize("case", list(cases("good/documenten.txt")), ids=lambda case: case.name)
def test_what_loads_is_valid(case: Case) -> None:
    files, path, _ = placed(case.text)
    name = schemas.schema_for(path)
    assert name is not None
    assert list(validator(name, MADE).iter_errors(read(files[path]))) == []


SHAPE = ("TS-D01", "TS-D02", "TS-D03", "TS-D05", "TS-D06", "TS-D07")


@pytest.mark.parametrize(
    "case",
    [case for case in cases("bad/documenten.txt") if {code for _, _, code, _ in case.expected} & set(SHAPE)],
    ids=lambda case: case.name,
)
def test_a_mistake_of_shape_is_not_valid(case: Case) -> None:
    files, path, _ = placed(case.text)
    name = schemas.schema_for(path)
    assert name is not None
    if case.expected and all(code != "TS-D06" for _, _, code, _ in case.expected):
        assert list(validator(name, MADE).iter_errors(read(files[path])))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("wet/regeling.yaml", "regeling.json"),
        ("wet/aanspraak/2020-01-01.yaml", "regelset.json"),
        ("wet/toetsen/gevallen.yaml", "toets.json"),
        ("gemeenten/GM0000/verordening.yaml", "gemeente.json"),
        ("wet/los.yaml", None),
    ],
)
def test_the_schema_of_a_file_follows_from_its_place(path: str, name: str | None) -> None:
    assert schemas.schema_for(path) == name


@pytest.mark.parametrize("path", ["wet/regeling.yaml", "wet/aanspraak/2020-01-01.yaml"])
def test_the_first_line_of_a_file_leads_to_its_schema(path: str) -> None:
    address = schemas.modeline(path).removeprefix("# yaml-language-server: $schema=")
    assert (RULES / path).parent.joinpath(address).resolve() == FOLDER / str(schemas.schema_for(path))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_first_line_is_put_on_top_once_and_corrected_where_it_was_wrong(end: str) -> None:
    text = f"# kop{end}naam: Wet{end}"
    once = schemas.with_modeline("wet/regeling.yaml", text)
    assert once == f"# yaml-language-server: $schema=../../schema/regeling.json{end}{text}"
    assert schemas.with_modeline("wet/regeling.yaml", once) == once
    assert schemas.with_modeline("wet/regeling.yaml", once.replace("regeling.json", "oud.json")) == once
    assert schemas.with_modeline("wet/los.yaml", text) == text


def test_the_command_writes_schemas_and_first_lines_beside_the_rules(tmp_path: Path) -> None:
    for path, text in small_law().items():
        (tmp_path / "rules" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / path).write_text(text, encoding="utf-8")
    words = ["schema", "--regels", str(tmp_path / "rules"), "--kopregel"]
    assert "Kopregel: " in CliRunner().invoke(app, words).stdout
    assert {path.name for path in (tmp_path / "schema").iterdir()} == {*schemas.KINDS, schemas.NAMES}
    assert CliRunner().invoke(app, ["controleer", str(tmp_path / "rules")]).exit_code == 0
    again = CliRunner().invoke(app, words).stdout
    assert "alles was al gelijk" in again
    assert "Kopregel" not in again


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_the_law_starts_with_the_line_that_leads_to_its_schema(path: str) -> None:
    first, _, _ = (RULES / path).read_text(encoding="utf-8").partition("\n")
    assert first == schemas.modeline(path), "draai `toetssteen schema --kopregel`"


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    assert set(schemas.write(book(), tmp_path)) == {*schemas.KINDS, schemas.NAMES}
    assert schemas.write(book(), tmp_path) == ()
