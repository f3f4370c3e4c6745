# SPDX-License-Identifier: EUPL-1.2
"""The commands around a change of rules, as policy staff type them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.authoring.test_release import FILE, folder
from tests.helpers import CLAIM

run = CliRunner()
WHO = ["--door", "A. Adviseur", "--tweede", "B. Jurist", "--datum", "2026-11-25"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return folder(tmp_path / "regels")


def changed(root: Path, target: Path) -> Path:
    """A copy of the rules in which the condition is another."""
    for path in root.rglob("*.yaml"):
        copy = target / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8").replace("als: a", "als: b"), encoding="utf-8")
    return target


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


def test_two_folders_are_compared_in_sentences(rules: Path, tmp_path: Path) -> None:
    result = run.invoke(app, ["vergelijk", str(rules), str(changed(rules, tmp_path / "nieuw"))])
    assert result.exit_code == 0
    assert "art. 1 (wet.1): de voorwaarde `a` wordt `b`. (vanaf 2020-01-01)" in result.stdout


def test_a_git_revision_is_read_without_touching_the_files(rules: Path) -> None:
    git(rules.parent, "init", "--quiet")
    git(rules.parent, "add", "regels")
    git(rules.parent, "commit", "--quiet", "-m", "eerste")
    changed(rules, rules)
    before = (rules / FILE).read_bytes()
    result = run.invoke(app, ["vergelijk", "git:HEAD", str(rules), "--regels", str(rules), "--json"])
    assert result.exit_code == 0, result.output
    assert "art. 1 (wet.1): de voorwaarde `a` wordt `b`." in [change["zin"] for change in json.loads(result.stdout)]
    assert (rules / FILE).read_bytes() == before


def test_a_revision_a_folder_or_a_day_that_is_not_there_is_explained(rules: Path) -> None:
    git(rules.parent, "init", "--quiet")
    where = ["--regels", str(rules)]
    for state in ("git:bestaat-niet", "git:--output=x", "geen_map", f"{CLAIM}@2019-01-01", "wet/anders@2026-01-01"):
        result = run.invoke(app, ["vergelijk", state, state, *where])
        assert result.exit_code == 1, state
        assert "TS-" in result.stderr
    assert run.invoke(app, ["vergelijk", f"{CLAIM}@vandaag", f"{CLAIM}@vandaag", *where]).exit_code == 2


def test_without_a_difference_it_says_so(rules: Path) -> None:
    state = f"{CLAIM}@2026-01-01"
    result = run.invoke(app, ["vergelijk", state, state, "--regels", str(rules)])
    assert result.stdout == f"Tussen {state} en {state} is er geen verschil.\n"


def test_made_up_claims_go_from_one_command_into_the_other(rules: Path, tmp_path: Path) -> None:
    claims, page = tmp_path / "zaken.jsonl", tmp_path / "verslag.html"
    made = run.invoke(app, ["genereer", CLAIM, "--aantal", "30", "--peildatum", "2026-07-15", "--regels", str(rules), "--uit", str(claims)])
    assert made.exit_code == 0, made.output
    assert len(claims.read_text(encoding="utf-8").splitlines()) == 30
    new = changed(rules, tmp_path / "nieuw")
    result = run.invoke(app, ["gevolgen", str(rules), str(new), "--zaken", str(claims), "--html", str(page)])
    assert result.exit_code == 0, result.output
    assert "van de 30 beoordeelde zaken veranderen" in result.stdout
    assert "Van uitkomst naar uitkomst" in result.stdout
    assert "gewijzigde regel" in result.stdout
    assert "zaken per seconde" in result.stderr
    assert "<svg" in page.read_text(encoding="utf-8")


def test_made_up_claims_are_the_same_bytes_on_standard_output(rules: Path) -> None:
    command = ["genereer", CLAIM, "--aantal", "5", "--zaad", "3", "--peildatum", "2026-07-15", "--regels", str(rules)]
    assert run.invoke(app, command).stdout == run.invoke(app, command).stdout
    assert run.invoke(app, [*command[:1], "wet/anders", *command[2:]]).exit_code == 2


def test_the_effect_as_data_and_a_file_that_cannot_be_read(rules: Path, tmp_path: Path) -> None:
    claims = tmp_path / "zaken.csv"
    claims.write_text("aanspraak,peildatum,a,b\nwet/aanspraak,2026-07-15,ja,nee\nwet/aanspraak,2026-07-15,x,nee\n", encoding="utf-8")
    new = str(changed(rules, tmp_path / "nieuw"))
    data = json.loads(run.invoke(app, ["gevolgen", str(rules), new, "--zaken", str(claims), "--json"]).stdout)
    assert data["vanNaar"] == [{"van": "toekennen", "naar": "afwijzen", "aantal": 1}]
    assert data["geweigerd"] == [{"door": "A en B", "reden": "TS-Z20 bij /gegevens/a", "aantal": 1}]
    assert run.invoke(app, ["gevolgen", str(rules), new, "--zaken", str(tmp_path / "weg.csv")]).exit_code == 3
    claims.write_text("aanspraak\n", encoding="utf-8")
    assert run.invoke(app, ["gevolgen", str(rules), new, "--zaken", str(claims)]).exit_code == 3


def test_one_case_is_told_in_the_singular(rules: Path, tmp_path: Path) -> None:
    claims, page = tmp_path / "zaken.csv", tmp_path / "verslag.html"
    claims.write_text("aanspraak,peildatum,a,b\nwet/aanspraak,2026-07-15,ja,nee\n", encoding="utf-8")
    new = str(changed(rules, tmp_path / "nieuw"))
    result = run.invoke(app, ["gevolgen", str(rules), new, "--zaken", str(claims), "--html", str(page)])
    assert "1 van de 1 beoordeelde zaak verandert" in result.stdout
    assert result.stderr.startswith("1 zaak in ")
    assert "1 van de 1 beoordeelde zaak verandert" in page.read_text(encoding="utf-8")


def test_a_release_is_made_and_a_change_after_it_is_refused_by_the_check(rules: Path) -> None:
    made = run.invoke(app, ["vrijgeven", CLAIM, "--versie", "2020-01-01", *WHO, "--regels", str(rules)])
    assert made.exit_code == 0, made.output
    assert "1 van de 1 toets geslaagd" in made.stdout
    assert run.invoke(app, ["controleer", str(rules)]).exit_code == 0
    changed(rules, rules)
    checked = run.invoke(app, ["controleer", str(rules)])
    assert checked.exit_code == 1
    assert "TS-U06" in checked.output


def test_a_release_that_is_refused_says_why(rules: Path) -> None:
    command = [
        "vrijgeven",
        CLAIM,
        "--versie",
        "2020-01-01",
        "--door",
        "A",
        "--tweede",
        "a",
        "--datum",
        "2026-11-25",
        "--regels",
        str(rules),
    ]
    result = run.invoke(app, command)
    assert result.exit_code == 1
    assert "TS-U01" in result.stderr
