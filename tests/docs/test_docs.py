# SPDX-License-Identifier: EUPL-1.2
"""The documentation says what is so: its rules load, its tests pass, its commands run, its words exist, its links lead somewhere."""

from __future__ import annotations

import inspect
import json
import re
import shlex
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from typer.main import get_command
from typer.testing import CliRunner

from api.app import create_app
from api.reader import read_json
from api.stored.archive import Archive
from cli.main import app
from engine.authoring.tests import run_tests
from engine.language.kinds import parse_date
from engine.model import documents
from engine.model.problems import RulesError
from engine.model.record import RECORD_KEYS
from engine.model.stages import WORDS
from engine.passes.intake import KEYS
from engine.rulebook import Rulebook, load, load_files
from store.keys import Keys
from store.store import Store

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = ROOT / "docs" / "regeltaal.md"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
CLAIM_RULES = "voorbeeldwet/fietsvergoeding/2025-01-01.yaml"
LONG_RUNNING = {"serveer"}
OVER_A_STORE = {"keten", "opslag"}
"""Commands that test_beheer.py runs, in their order over one store."""


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of a language; `console 400` is a console block whose request is refused."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@cache
def files() -> Mapping[str, str]:
    found = {}
    for block in blocks(LANGUAGE, "yaml"):
        first = block.split("\n", 1)[0]
        assert first.startswith("# bestand: "), f"a block does not say in which file it stands: {first}"
        found[first.removeprefix("# bestand: ")] = block
    return found


@cache
def example_law() -> Rulebook:
    return load_files(files())


@cache
def service() -> TestClient:
    """The service as it starts, with a store of its own."""
    store = Store(f"sqlite:///{tempfile.mkdtemp()}/opslag.sqlite", Keys.generate())
    store.prepare()
    app = create_app(load(ROOT / "rules"), rules_root=ROOT / "rules", archive=Archive(store))
    return TestClient(app, base_url="http://127.0.0.1:8000")


def commands(page: Path, language: str = "console") -> list[list[str]]:
    """The commands of the ``console`` blocks: lines that start with `$`, with a backslash at the end they go on."""
    found = []
    for block in blocks(page, language):
        for line in re.findall(r"^\$ ((?:.*\\\n)*.*)$", block, re.MULTILINE):
            found.append(shlex.split(line.replace("\\\n", " ")))
    return found


def every_command() -> list[list[str]]:
    found = {tuple(command): command for page in PAGES for command in commands(page)}
    return list(found.values())


def of_program(name: str) -> list[list[str]]:
    return [command for command in every_command() if command[0] == name]


# --- rules -----------------------------------------------------------------------------------------------------------


def test_the_language_page_shows_rules() -> None:
    assert len(files()) > 10
    assert example_law().programs


def test_the_rules_of_the_language_page_load_without_a_warning() -> None:
    assert example_law().warnings == ()


def test_the_tests_on_the_language_page_pass() -> None:
    results = list(run_tests(example_law()))
    assert len(results) >= 8
    assert [f"{result.test.test}: {difference}" for result in results for difference in result.differences] == []


def refused_lines() -> list[tuple[str, str]]:
    return re.findall(r"^\| `(.+?)` \| (TS-[LT]\d+) \|", LANGUAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_language_page_shows_refused_lines() -> None:
    assert len(refused_lines()) > 10


@pytest.mark.parametrize(("line", "code"), refused_lines())
def test_a_line_that_the_page_says_is_refused_is_refused_with_that_code(line: str, code: str) -> None:
    rule = f"\n  - id: vw.99\n    bron: art. 99\n    bepaalt: probeersel\n    als: {line}\n"
    with pytest.raises(RulesError) as refused:
        load_files({**files(), CLAIM_RULES: files()[CLAIM_RULES] + rule})
    assert code in {problem.code for problem in refused.value.problems}


RULE = "  - id: vw.99\n    bron: art. 99\n"
SPOILED = {
    "TS-Y03": f"{RULE}\t  bepaalt: probeersel\n",
    "TS-Y10": f"{RULE}    bepaalt: probeersel # een opmerking\n",
    "TS-Y14": f"{RULE}    bepaalt: probeersel\n    uitleg: {{waar: Ja, dat is zo}}\n",
    "TS-Y13": f"{RULE}    bepaalt: probeersel\n    bepaalt: iets_anders\n",
    "TS-Y08": f"{RULE}    bepaalt: &naam probeersel\n",
    "TS-D02": f"{RULE}    bepaald: probeersel\n",
    "TS-C09": f"{RULE}    bepaalt: kip\n    als: ei\n  - id: vw.98\n    bron: art. 98\n    bepaalt: ei\n    als: kip\n",
    "TS-S01": "  - id: vw.99\n    bron: art. zoveel\n    bepaalt: probeersel\n",
}


@pytest.mark.parametrize("code", SPOILED)
def test_a_file_that_the_page_says_is_refused_is_refused_with_that_code(code: str) -> None:
    assert f"| {code} |" in LANGUAGE.read_text(encoding="utf-8")
    with pytest.raises(RulesError) as refused:
        load_files({**files(), CLAIM_RULES: files()[CLAIM_RULES] + SPOILED[code]})
    assert code in {problem.code for problem in refused.value.problems}


def test_a_version_with_an_unread_rule_cannot_be_vastgesteld() -> None:
    text = files()[CLAIM_RULES].replace("status: concept", "status: vastgesteld").replace("status: gelezen", "status: te verifieren", 1)
    with pytest.raises(RulesError) as refused:
        load_files({**files(), CLAIM_RULES: text})
    assert "TS-S02" in {problem.code for problem in refused.value.problems}


# --- words -----------------------------------------------------------------------------------------------------------


def keys_of_documents() -> set[str]:
    found = set()
    for _, model in inspect.getmembers(documents, inspect.isclass):
        if issubclass(model, documents.Document):
            found |= {field.alias or name for name, field in model.model_fields.items()}
    return found


def glossary_words() -> set[str]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| (.+?) \|", text, re.MULTILINE))


def test_every_key_of_a_rule_file_stands_in_the_glossary() -> None:
    assert keys_of_documents() - glossary_words() == set()


def test_every_word_of_the_stages_stands_in_the_glossary_and_on_the_language_page() -> None:
    page = LANGUAGE.read_text(encoding="utf-8")
    assert set(WORDS) - glossary_words() == set()
    assert [word for word in WORDS if f"`{word}`" not in page] == []


def test_every_key_of_a_rule_is_explained_on_the_language_page() -> None:
    page = LANGUAGE.read_text(encoding="utf-8")
    keys = {field.alias or name for name, field in documents.RuleDecl.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


def test_every_key_of_a_record_of_a_decision_is_explained_to_who_decides() -> None:
    page = (ROOT / "docs" / "beoordeling-lezen.md").read_text(encoding="utf-8")
    assert [key for key in RECORD_KEYS if f"| `{key}`" not in page and f", `{key}`" not in page] == []


def test_every_class_in_the_glossary_exists() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (engine/\S+\.py) \|", text, re.MULTILINE)
    assert rows
    missing = [
        name for names, file in rows for name in names.split(", ") if f"class {name}" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_documentation_shows_commands() -> None:
    assert of_program("toetssteen")
    assert of_program("curl")
    assert of_program("make")


@pytest.mark.parametrize("command", [found for found in of_program("toetssteen") if found[1] not in OVER_A_STORE], ids=" ".join)
def test_a_toetssteen_command_runs(command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    arguments = [str(tmp_path / word) if word.endswith(".html") else word for word in command[1:]]
    if arguments and arguments[0] in LONG_RUNNING:
        group = get_command(app)
        sub = group.get_command(group.make_context("toetssteen", [], resilient_parsing=True), arguments[0])  # type: ignore[attr-defined]
        sub.make_context(arguments[0], arguments[1:])
        return
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code in (0, 4), result.output


@pytest.mark.parametrize("command", of_program("make"), ids=" ".join)
def test_a_make_command_names_a_target(command: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {word for word in command[1:] if "=" not in word} <= targets


def answer_to(command: list[str]) -> Response:
    method, headers, content, url = "GET", {}, None, ""
    words = iter(command[1:])
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--data" | "--data-binary":
                text = next(words)
                content = (ROOT / text[1:]).read_bytes() if text.startswith("@") else text.encode()
            case "-s":
                continue
            case _:
                url = word
    return service().request(method, url, headers=headers, content=content)


@pytest.mark.parametrize("command", of_program("curl"), ids=" ".join)
def test_a_curl_command_gets_an_answer(command: list[str]) -> None:
    answer = answer_to(command)
    assert answer.status_code in (200, 201), answer.text


def test_a_refused_request_is_refused_as_the_page_shows() -> None:
    page = ROOT / "docs" / "api.md"
    (command,) = commands(page, "console 400")
    answer = answer_to(command)
    shown = next(problem for block in blocks(page, "json") if "fouten" in (problem := json.loads(block)))
    assert answer.status_code == 400
    assert answer.json() | {"instance": ""} == shown | {"instance": ""}


def test_the_output_on_the_first_page_is_real(tmp_path: Path) -> None:
    page = ROOT / "README.md"
    first = tmp_path / "aanvraag.json"
    first.write_text(blocks(page, "json")[0], encoding="utf-8")
    result = CliRunner().invoke(app, ["bereken", str(first), str(ROOT / "examples" / "1-toekenning.json")])
    shown = [line for block in blocks(page, "text") if block.startswith("UITKOMST") for line in block.splitlines() if line != "..."]
    assert len(shown) > 10
    assert [line for line in shown if line not in result.output.splitlines()] == []


# --- claims, routes, links -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_json_block_is_json(page: Path) -> None:
    for block in blocks(page, "json"):
        json.loads(block)


def test_a_claim_shown_in_the_documentation_is_accepted() -> None:
    claims = [json.loads(block) for page in PAGES for block in blocks(page, "json")]
    claims = [claim for claim in claims if isinstance(claim, dict) and set(claim) <= set(KEYS) and "aanspraak" in claim]
    assert claims
    for claim in claims:
        parse_date(claim["peildatum"])
        body = json.dumps(claim).encode()
        assert read_json(body)
        answer = service().post("/v1/beoordelingen/_bereken", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.text


def test_the_api_page_names_every_route() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    description = service().get("/v1/openapi.json").json()
    assert [path for path in description["paths"] if f"/v1{path}" not in page] == []


def test_the_api_page_explains_every_key_of_the_answer() -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    claim = (ROOT / "examples" / "1-toekenning.json").read_bytes()
    answer = service().post("/v1/beoordelingen/_bereken", content=claim, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert [key for key in answer.json() if f"`{key}`" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_heading(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            broken.append(target)
    assert broken == []


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_picture_has_a_text_alternative() -> None:
    pictures = sorted((ROOT / "docs").glob("*.svg"))
    assert pictures
    for picture in pictures:
        text = picture.read_text(encoding="utf-8")
        assert "<title" in text
        assert "<desc" in text


@pytest.mark.parametrize("page", [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *PAGES], ids=lambda page: page.name)
def test_no_page_is_left_half_merged(page: Path) -> None:
    assert re.findall(r"^(?:<{7}|>{7}|={7}$).*", page.read_text(encoding="utf-8"), re.MULTILINE) == []
