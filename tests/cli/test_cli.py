# SPDX-License-Identifier: EUPL-1.2
"""The command line as its users meet it: what it says, where, and with which exit code."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path, PurePath

import pytest
import yaml
from typer.testing import CliRunner

from cli.main import app
from engine import rulebook
from engine.language.library import file_bytes
from engine.passes.assess import assess
from engine.rationale import html, text as as_text
from engine.rationale.build import rationale
from engine.rationale.parts import Rendering
from tests.helpers import law as tiny_law
from tests.law import EXAMPLES, ROOT, RULES, example, law

run = CliRunner()
GRANT = str(EXAMPLES / "1-toekenning.json")
OPEN = str(EXAMPLES / "3-gegevens-ontbreken.json")


def test_a_claim_is_assessed_and_explained_in_dutch() -> None:
    result = run.invoke(app, ["bereken", GRANT])
    assert result.exit_code == 0
    assert result.stdout.startswith("UITKOMST VAN DE REGELS (concept): toekennen.")
    assert "€ 801,50 per maand" in result.stdout
    assert "art. 31 lid 2 onder n" in result.stdout


@pytest.mark.parametrize("rendering", list(Rendering))
def test_a_claim_is_told_for_whom_it_is_asked_as_text_and_as_a_page(rendering: Rendering, tmp_path: Path) -> None:
    page = tmp_path / "uitleg.html"
    result = run.invoke(app, ["bereken", GRANT, "--weergave", rendering, "--html", str(page), "--zonder-tweede-mening"])
    data = rationale(assess(example("1-"), law()))
    assert result.exit_code == 0
    assert result.stdout == as_text.render(data, rendering)
    assert page.read_text(encoding="utf-8") == html.render(data, rendering)


def test_a_rendering_that_does_not_exist_or_that_json_cannot_have_is_a_command_typed_wrong(tmp_path: Path) -> None:
    assert run.invoke(app, ["bereken", GRANT, "--weergave", "eenvoudig"]).exit_code == 2
    result = run.invoke(app, ["bereken", GRANT, "--weergave", "juridisch", "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "JSON is voor iedereen gelijk" in result.stderr
    both = ["bereken", GRANT, "--weergave", "juridisch", "--json", "--html", str(tmp_path / "uitleg.html")]
    assert run.invoke(app, both).exit_code == 0


def test_json_carries_the_same_outcome() -> None:
    result = run.invoke(app, ["bereken", GRANT, "--json", "--zonder-tweede-mening"])
    data = json.loads(result.stdout)
    assert (data["uitkomst"], data["waarden"][0]["waarde"], data["status"]) == ("toekennen", "801.50", "concept")
    assert "stappen" not in data


def test_the_steps_are_all_there_when_asked_for() -> None:
    data = json.loads(run.invoke(app, ["bereken", GRANT, "--json", "--stappen"]).stdout)
    assert len(data["stappen"]) > len(data["regels"])


def test_several_claims_in_one_go_end_with_the_worst_code() -> None:
    assert run.invoke(app, ["bereken", GRANT, OPEN]).exit_code == 4


def test_a_claim_with_facts_missing_exits_with_its_own_code_and_lists_the_questions() -> None:
    result = run.invoke(app, ["bereken", OPEN])
    assert result.exit_code == 4
    assert "Welke nationaliteit heeft deze persoon?" in result.stdout


def test_a_refused_claim_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    claim = example("1-")
    claim["gegevens"]["aanvrager"]["nationalitiet"] = "nederlandse"
    del claim["gegevens"]["aanvrager"]["nationaliteit"]
    path = tmp_path / "fout.json"
    path.write_text(json.dumps(claim, default=str), encoding="utf-8")
    result = run.invoke(app, ["bereken", str(path)])
    assert result.exit_code == 3
    assert "/gegevens/aanvrager/nationalitiet" in result.stderr
    assert "Bedoelde u `nationaliteit`?" in result.stderr


def test_a_claim_in_yaml_is_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "aanvraag.yaml"
    path.write_text("aanspraak: participatiewet/algemene_bijstand\npeildatum: 2026-07-15\ngegevens:\n  partner: geen\n", encoding="utf-8")
    assert run.invoke(app, ["bereken", str(path)]).exit_code == 4


@pytest.mark.parametrize("name", ["bestaat-niet.json", "claim.txt"])
def test_a_file_that_cannot_be_a_claim_is_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name.endswith(".txt"):
        path.write_text("x", encoding="utf-8")
    result = run.invoke(app, ["bereken", str(path)])
    assert result.exit_code == 3
    assert name in result.stderr


def test_a_page_is_written_that_stands_alone(tmp_path: Path) -> None:
    page = tmp_path / "uitleg.html"
    assert run.invoke(app, ["bereken", GRANT, "--html", str(page)]).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert "<script" not in text


def test_another_date_can_be_tried_without_changing_the_claim() -> None:
    path = str(EXAMPLES / "4-erfenis-op-2025-12-31.json")
    assert "afwijzen" in run.invoke(app, ["bereken", path]).stdout.splitlines()[0]
    assert "toekennen" in run.invoke(app, ["bereken", path, "--peildatum", "2026-01-01"]).stdout.splitlines()[0]


def test_the_rules_that_ship_are_in_order() -> None:
    result = run.invoke(app, ["controleer"])
    assert result.exit_code == 0
    assert re.search(r"^In orde: \d+ regelsets, \d+ aanspraken, \d+ waarschuwingen\.$", result.stdout, re.MULTILINE)


def test_one_of_something_is_told_in_the_singular(tmp_path: Path) -> None:
    for path, text in tiny_law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: a}").items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    result = run.invoke(app, ["controleer", str(tmp_path)])
    assert result.stdout.splitlines()[-1].startswith("In orde: 1 regelset, 1 aanspraak, ")


@pytest.mark.parametrize("path", sorted((ROOT / "cli").glob("*.py")), ids=lambda path: path.name)
def test_no_command_guesses_how_many_there_are(path: Path) -> None:
    """A number before a word goes through `how_many`, which knows one from many."""
    assert re.findall(r"\{len\([^{}]*\)\} [a-z]+en\b", path.read_text(encoding="utf-8")) == []


def test_a_mistake_in_the_rules_is_shown_with_its_place_and_nothing_is_loaded(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    path = rules / "participatiewet" / "algemene_bijstand" / "2023-01-01.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("als: vrijheid_ontnomen\n", "als: vrijheid_ontnome\n"), encoding="utf-8")
    result = run.invoke(app, ["controleer", str(rules)])
    assert result.exit_code == 1
    assert "2023-01-01.yaml:" in result.stderr
    assert "Bedoelde u `vrijheid_ontnomen`" in result.stderr
    assert "niets geladen" in result.stderr


def test_problems_come_as_json_for_tools(tmp_path: Path) -> None:
    (tmp_path / "wet").mkdir()
    (tmp_path / "wet" / "gegevens.yaml").write_text("gegevens:\n  a: {soort: jaa}\n", encoding="utf-8")
    result = run.invoke(app, ["controleer", str(tmp_path), "--json"])
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)
    assert (problem["bestand"], problem["regel"]) == ("wet/gegevens.yaml", 2)


def test_a_failing_test_of_policy_staff_shows_what_was_expected_and_what_came_out(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(RULES, rules)
    amounts = rules / "participatiewet" / "bedragen.yaml"
    amounts.write_text(amounts.read_text(encoding="utf-8").replace("1419.46", "1419.47"), encoding="utf-8")
    result = run.invoke(app, ["toets", str(rules), "--bestand", "participatiewet/toetsen/gevallen"])
    assert result.exit_code == 1
    assert ["verwacht", "1419.46"] in [line.split()[-2:] for line in result.stdout.splitlines()]


def test_no_tests_at_all_is_no_success(tmp_path: Path) -> None:
    result = run.invoke(app, ["toets", str(RULES), "--bestand", "bestaat/niet"])
    assert result.exit_code == 1
    assert "geen enkele toets" in result.stderr


def test_what_can_be_asked_is_listed_with_who_can_answer() -> None:
    result = run.invoke(app, ["gegevens", "participatiewet/algemene_bijstand", "--peildatum", "2026-07-15"])
    assert result.exit_code == 0
    assert "oordeel van consulent" in result.stdout
    assert "uit BRP" in result.stdout


def test_what_a_law_without_rules_can_be_asked_is_told_by_the_name_of_the_law() -> None:
    result = run.invoke(app, ["gegevens", "leerplichtwet", "--peildatum", "2026-09-21"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Leerplichtwet 1969, een uitkomst van elders: wat er gevraagd kan worden")
    assert "Is gebleken dat de ouders, verzorgers of de jongere weigeren" in result.stdout


def test_what_can_be_asked_comes_as_a_json_schema_too() -> None:
    result = run.invoke(app, ["gegevens", "participatiewet/algemene_bijstand", "--peildatum", "2026-07-15", "--schema"])
    assert json.loads(result.stdout)["$schema"].startswith("https://json-schema.org/")


CLAIM = "participatiewet/algemene_bijstand"


@pytest.mark.parametrize(
    ("claim", "day", "hint"),
    [(CLAIM[:-1], "2026-07-15", "Bedoelde u"), (CLAIM, "2020-01-01", "2023-01-01"), (CLAIM, "15-7-2026", "jaar-maand-dag")],
)
def test_a_wrong_claim_or_day_gets_the_way_out(claim: str, day: str, hint: str) -> None:
    result = run.invoke(app, ["gegevens", claim, "--peildatum", day])
    assert result.exit_code == 2
    assert hint in result.stderr


def rule_keys(book: rulebook.Rulebook, day: date) -> set[str]:
    compiled = book.program(CLAIM, day)
    assert compiled is not None
    return {rule.key for outcome in compiled.program.outcomes for rule in outcome.rules}


@pytest.mark.parametrize("day", ["2023-06-30", "2023-07-01", "2026-01-01"])
def test_a_version_shown_whole_loads_and_has_the_same_rules(day: str) -> None:
    shown = run.invoke(app, ["toon", CLAIM, "--peildatum", day])
    assert shown.exit_code == 0
    since = yaml.safe_load(shown.stdout)["geldig vanaf"]
    left_out = ("algemene_bijstand", "toetsen")
    later = ("participatiewet/omgekeerde_toets.yaml", "gemeenten/GM0000/verordening_participatie.yaml")
    files: dict[str, bytes | str] = {
        path: content for path, content in file_bytes(RULES).items() if PurePath(path).parent.name not in left_out and path not in later
    }
    files[f"{CLAIM}/{since}.yaml"] = shown.stdout
    assert rule_keys(rulebook.load_files(files), date.fromisoformat(day)) == rule_keys(law(), date.fromisoformat(day))


def test_the_demo_runs_every_example_and_says_how_to_start_the_service() -> None:
    result = run.invoke(app, ["demo"])
    assert result.exit_code == 0
    for path in EXAMPLES.glob("*.json"):
        assert f"VOORBEELD {path.stem}" in result.stdout
    assert "make serve" in result.stdout
    assert "openapi.json" in result.stdout
    assert "Tweede motor" in result.stdout


def test_without_signing_in_the_service_refuses_to_listen_outside_this_machine() -> None:
    result = run.invoke(app, ["serveer", "--host", "0.0.0.0", "--zonder-aanmelden"])
    assert result.exit_code == 2
    assert "127.0.0.1" in result.stderr


def test_the_service_refuses_to_start_where_nobody_could_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOETSSTEEN_AANMELDEN_SLEUTELS", raising=False)
    result = run.invoke(app, ["serveer"])
    assert result.exit_code == 2
    assert "toetssteen sleutel maak" in result.stderr


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(tmp_path: Path) -> None:
    file = ["--bestand", str(tmp_path / "sleutels.json")]
    made = run.invoke(app, ["sleutel", "maak", "--naam", "zaaksysteem", "--gemeente", "GM0000", "--rol", "beoordelen", *file])
    key = made.stdout.strip()
    assert made.exit_code == 0
    listed = run.invoke(app, ["sleutel", "lijst", *file]).stdout
    assert "zaaksysteem: GM0000; beoordelen" in listed
    assert key.split("_", 2)[2] not in listed + (tmp_path / "sleutels.json").read_text()
    number = key.split("_")[1]
    (line,) = [json.loads(line) for line in made.stderr.splitlines() if line.startswith("{")]
    assert (line["actie"], line["object"], line["resultaat"]) == ("sleutel maken", number, "gelukt")
    assert (line["gemeenten"], line["rollen"], line["herkomst"]) == (["GM0000"], ["beoordelen"], "opdrachtregel")
    assert line["actor"].startswith("account:")
    assert key.split("_", 2)[2] not in made.stderr
    revoked = run.invoke(app, ["sleutel", "intrekken", number, *file])
    assert revoked.exit_code == 0
    assert json.loads(revoked.stderr)["actie"] == "sleutel intrekken"
    strange = run.invoke(app, ["sleutel", "intrekken", "000000000000", *file])
    assert json.loads(strange.stderr.splitlines()[0])["resultaat"] == "geweigerd"
    assert "werkt niet" in run.invoke(app, ["sleutel", "lijst", *file]).stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--gemeente", "Delft", "--rol", "beoordelen"], "CBS-code"),
        (["--gemeente", "GM000\u0660", "--rol", "beoordelen"], "CBS-code"),
        (["--gemeente", "GM0000", "--rol", "beoordelen", "--verloopt", "1 mei"], "jaar-maand-dag"),
        (["--gemeente", "GM0000", "--rol", "beoordelen", "--naam", ""], "Bij `--naam` hoort een tekst"),
        (["--gemeente", "GM0000", "--rol", "beoordelen", "--naam", "zaak\udce9"], "geen leesbare tekst"),
        (["--gemeente", "GM0000", "--rol", "beoordelen", "--naam", "x" * 101], "hoogstens 100 tekens"),
    ],
)
def test_a_key_with_a_mistake_in_it_is_not_made(tmp_path: Path, options: list[str], words: str) -> None:
    result = run.invoke(app, ["sleutel", "maak", "--naam", "x", *options, "--bestand", str(tmp_path / "s.json")])
    assert result.exit_code == 2
    assert words in result.stderr
    assert not (tmp_path / "s.json").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc, in which nobody can make a file")
def test_a_file_of_keys_that_cannot_be_written_is_told() -> None:
    made = ["sleutel", "maak", "--naam", "x", "--gemeente", "GM0000", "--rol", "beoordelen", "--bestand"]
    result = run.invoke(app, [*made, "/proc/weg/s.json"])
    assert (result.exit_code, result.exception.__class__) == (2, SystemExit)
    assert "het bestand met sleutels is niet te schrijven" in result.stderr


def test_the_version_is_told() -> None:
    assert run.invoke(app, ["--version"]).stdout.startswith("toetssteen ")


def test_help_names_the_exit_codes() -> None:
    text = run.invoke(app, ["bereken", "--help"]).stdout
    assert "Afsluitcodes" in text


def test_a_folder_of_one_law_is_refused_with_the_folder_to_give() -> None:
    result = run.invoke(app, ["controleer", str(RULES / "participatiewet")])
    assert result.exit_code == 1
    assert "Geef de hele map" in result.stderr


def test_a_claim_that_is_not_there_is_told_in_dutch(tmp_path: Path) -> None:
    result = run.invoke(app, ["bereken", str(tmp_path / "weg.json")])
    assert result.exit_code == 3
    assert "Dit bestand bestaat niet" in result.stderr
