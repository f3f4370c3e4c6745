# SPDX-License-Identifier: EUPL-1.2
"""Releasing a version: what stands in its way, what is recorded, and that it stays as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from engine.authoring.release import frozen, release, with_status
from engine.model.problems import RulesError
from engine.rulebook import load
from tests.helpers import CLAIM, law

VERSION = date(2020, 1, 1)
DAY = date(2026, 11, 25)
FILE = "wet/aanspraak/2020-01-01.yaml"
RECORD = "vrijgaven/wet.aanspraak.2020-01-01.json"
RULE = "- id: wet.1\n  bron: art. 1\n  status: gelezen\n  bepaalt: uit\n  rol: voorwaarde\n  als: a\n"
LADDER = "- afwijzen: blokkerende_grond\n- toekennen: anders"
TESTS = """
- toets: "Met a wordt toegekend"
  aanspraak: wet/aanspraak
  peildatum: 2026-07-15
  gegevens: {a: ja}
  verwacht: {uitkomst: UITKOMST}
  bron: art. 1
"""


def folder(root: Path, rules: str = RULE, *, head: str = "status: concept\n", outcome: str = "toekennen", **parts: object) -> Path:
    """A rules folder with the tiny law and one test."""
    files: Mapping[str, str] = law(rules, head=head, ladder=LADDER, **parts)  # type: ignore[arg-type]
    for name, text in {**files, "wet/toetsen/toetsen.yaml": TESTS.replace("UITKOMST", outcome)}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def released(root: Path, by: str = "A. Adviseur", second: str = "B. Jurist") -> Path:
    release(root, CLAIM, VERSION, by, second, DAY)
    return root


def refusal(root: Path, by: str = "A. Adviseur", second: str = "B. Jurist") -> str:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(RulesError) as caught:
        release(root, CLAIM, VERSION, by, second, DAY)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before, "wat geweigerd is, verandert niets"
    return str(caught.value)


def test_a_release_records_the_hash_the_tests_and_two_names(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    record = json.loads((root / RECORD).read_text(encoding="utf-8"))
    assert record["sha256"] == hashlib.sha256((root / FILE).read_bytes()).hexdigest()
    assert (record["regelset"], record["geldigVanaf"], record["regelbestand"]) == (CLAIM, "2020-01-01", FILE)
    assert record["toetsen"] == {"aantal": 1, "geslaagd": 1}
    assert (record["vrijgegevenDoor"], record["tweedePersoon"], record["datum"]) == ("A. Adviseur", "B. Jurist", "2026-11-25")
    assert record["regelboek"] == load(root).hash


def test_only_the_status_line_of_the_version_changes(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = (root / FILE).read_bytes()
    released(root)
    assert (root / FILE).read_bytes() == before.replace(b"status: concept", b"status: vastgesteld")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"geldig vanaf: 2020-01-01\nstatus: concept\nregels:\n", b"geldig vanaf: 2020-01-01\nstatus: vastgesteld\nregels:\n"),
        (b"geldig vanaf: 2020-01-01\r\nregels:\r\n", b"geldig vanaf: 2020-01-01\r\nstatus: vastgesteld\r\nregels:\r\n"),
        (
            b"status: vastgesteld\nregels:\n  - id: a\n    status: gelezen\n",
            b"status: vastgesteld\nregels:\n  - id: a\n    status: gelezen\n",
        ),
    ],
)
def test_the_status_of_a_file_is_one_line(before: bytes, after: bytes) -> None:
    assert with_status(before) == after


def test_the_rules_load_after_a_release_and_nothing_is_wrong(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    assert load(root).sets[CLAIM][0].document.status == "vastgesteld"
    assert frozen(root) == []


def test_a_released_file_that_changed_is_found(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    path = root / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("als: a", "als: b"), encoding="utf-8")
    (problem,) = frozen(root)
    assert (problem.code, problem.place.file) == ("TS-U06", FILE)
    assert "vrijgegeven op 2026-11-25 door A. Adviseur" in problem.cause


def test_a_released_file_that_is_gone_is_found(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    (root / FILE).unlink()
    assert [problem.code for problem in frozen(root)] == ["TS-U06"]


def test_the_version_that_a_release_builds_on_may_not_change_either(tmp_path: Path) -> None:
    later = "regelset: wet/aanspraak\ngeldig vanaf: 2026-01-01\nwijzigt: 2020-01-01\nregels:\n"
    later += "  - id: wet.2\n    bron: art. 2\n    status: gelezen\n    bepaalt: ook\n    als: b\n"
    root = folder(tmp_path, files={"wet/aanspraak/2026-01-01.yaml": later})
    release(root, CLAIM, date(2026, 1, 1), "A. Adviseur", "B. Jurist", DAY)
    path = root / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("als: a", "als: b"), encoding="utf-8")
    assert [problem.place.file for problem in frozen(root)] == [FILE]


@pytest.mark.parametrize(
    "text",
    ["geen json", "[]", "{}", '{"regelset": 1}', json.dumps({"regelset": CLAIM, "geldigVanaf": "2020-01-01"})],
)
def test_a_record_that_cannot_be_read_is_found(tmp_path: Path, text: str) -> None:
    root = released(folder(tmp_path))
    (root / RECORD).write_text(text, encoding="utf-8")
    assert [problem.code for problem in frozen(root)] == ["TS-U04"]


def test_a_record_does_not_look_outside_the_rules(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    content = json.loads((root / RECORD).read_text(encoding="utf-8"))
    content["rustOp"] = {"../elders.yaml": "00"}
    (root / RECORD).write_text(json.dumps(content), encoding="utf-8")
    assert [problem.code for problem in frozen(root)] == ["TS-U04"]


def test_a_record_under_another_name_is_found(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    (root / RECORD).rename(root / "vrijgaven/wet.anders.2020-01-01.json")
    assert [problem.code for problem in frozen(root)] == ["TS-U04"]


def test_two_different_people_are_named(tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert "TS-U01" in refusal(root, by=" ")
    assert "TS-U01" in refusal(root, second="")
    assert "is dezelfde als wie vrijgeeft" in refusal(root, by="A. Adviseur", second="a.  adviseur")


def test_a_rule_nobody_has_read_stands_in_the_way(tmp_path: Path) -> None:
    told = refusal(folder(tmp_path, RULE.replace("gelezen", "te verifieren")))
    assert "De regel wet.1 (wet/aanspraak/2020-01-01.yaml) is `te verifieren`" in told


def test_an_amount_nobody_has_read_stands_in_the_way_while_it_can_hold(tmp_path: Path) -> None:
    rule = RULE.replace("als: a", "als: loon < grens")
    series = "grens:\n  bron: art. 3\n  eenheid: EUR per maand\n  status: {status}\n  waarden: {{2020-01-01: 1000}}"
    told = refusal(folder(tmp_path, rule, amounts=series.format(status="te verifieren")))
    assert "Het bedrag grens is `te verifieren`" in told


def test_a_door_nobody_has_read_stands_in_the_way(tmp_path: Path) -> None:
    door = "deuren:\n  - id: wet.deur\n    titel: Hardheid\n    bron: art. 16\n    soort: hardheid\n    niveau: formele wet\n"
    door += "    opent voor: [wet.1]\n    geldig vanaf: 2020-01-01\n"
    told = refusal(folder(tmp_path, files={"wet/omgekeerde_toets.yaml": door}))
    assert "De deur wet.deur is `te verifieren`" in told


def test_a_ruling_or_a_calendar_nobody_has_read_stands_in_the_way(tmp_path: Path) -> None:
    door = "deuren:\n  - id: wet.deur\n    titel: Hardheid\n    bron: art. 16\n    status: gelezen\n    soort: hardheid\n"
    door += "    niveau: formele wet\n    opent voor: [wet.1]\n    geldig vanaf: 2020-01-01\n"
    door += "    rechtspraak:\n      - {datum: 2020-01-01, ecli: 'ECLI:NL:CRVB:2020:1'}\n"
    calendar = "verjaardag van 29 februari: 1 maart\ndag die de maand niet heeft: laatste dag van de maand\nbron: eigen keuze\n"
    files = {"wet/omgekeerde_toets.yaml": door, "algemeen/kalender.yaml": calendar}
    told = refusal(folder(tmp_path, files=files))
    assert "De uitspraak ECLI:NL:CRVB:2020:1 bij deur wet.deur is `te verifieren`" in told
    assert "De kalender (algemeen/kalender.yaml) is `te verifieren`" in told


def test_a_word_whose_article_nobody_has_read_stands_in_the_way(tmp_path: Path) -> None:
    words = "naam: Proefwet\nbwb: BWBR0000001\nwoorden:\n  - {woord: norm, uitleg: Een bedrag., bron: art. 20}\n"
    words += "  - {woord: deur, uitleg: Een uitweg.}\n  - {woord: kind, uitleg: Jong., bron: art. 4, status: gelezen}\n"
    told = refusal(folder(tmp_path, files={"wet/regeling.yaml": words}))
    assert "Het woord norm (wet) is `te verifieren`" in told
    assert "Het woord deur" not in told
    assert "Het woord kind" not in told


def test_everything_that_stands_in_the_way_is_listed_at_once(tmp_path: Path) -> None:
    rules = "".join(RULE.replace("wet.1", f"wet.{n}").replace("uit", f"uit{n}").replace("gelezen", "te verifieren") for n in (1, 2, 3))
    told = refusal(folder(tmp_path, rules), second="")
    assert [code in told for code in ("TS-U01", "wet.1", "wet.2", "wet.3")] == [True] * 4


def test_a_test_that_fails_stands_in_the_way(tmp_path: Path) -> None:
    assert "uitkomst: verwacht afwijzen, gekregen toekennen" in refusal(folder(tmp_path, outcome="afwijzen"))


FEATURE = """# language: nl
Functionaliteit: In zinnen
  Scenario: Met a wordt toegekend
    Bron: art. 1
    Gegeven de peildatum is 15-07-2026
    En a is ja
    Als wet/aanspraak wordt beoordeeld
    Dan is de uitkomst UITKOMST
"""


def test_a_test_in_sentences_counts_as_much(tmp_path: Path) -> None:
    root = folder(tmp_path)
    feature = root / "wet/toetsen/zinnen.feature"
    feature.write_text(FEATURE.replace("UITKOMST", "afwijzen"), encoding="utf-8")
    assert "uitkomst: verwacht afwijzen, gekregen toekennen" in refusal(root)
    feature.write_text(FEATURE.replace("UITKOMST", "toekennen"), encoding="utf-8")
    assert json.loads((released(root) / RECORD).read_text(encoding="utf-8"))["toetsen"] == {"aantal": 2, "geslaagd": 2}


def test_a_law_without_tests_is_not_released(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "wet/toetsen/toetsen.yaml").unlink()
    assert "geen enkele toets" in refusal(root)


def test_rules_that_do_not_load_are_not_released(tmp_path: Path) -> None:
    assert "TS-" in refusal(folder(tmp_path, RULE.replace("als: a", "als: bestaat_niet")))


def test_a_version_is_released_once(tmp_path: Path) -> None:
    root = released(folder(tmp_path))
    assert "al vrijgegeven" in refusal(root)


def test_a_version_that_is_not_there_or_was_withdrawn_is_refused(tmp_path: Path) -> None:
    root = folder(tmp_path)
    with pytest.raises(RulesError, match="Kies uit: 2020-01-01"):
        release(root, CLAIM, date(2021, 1, 1), "A", "B", DAY)
    later = "regelset: wet/aanspraak\ngeldig vanaf: 2026-01-01\nwijzigt: 2020-01-01\nstatus: ingetrokken\n"
    (root / "wet/aanspraak/2026-01-01.yaml").write_text(later, encoding="utf-8")
    with pytest.raises(RulesError, match="zij is ingetrokken"):
        release(root, CLAIM, date(2026, 1, 1), "A", "B", DAY)


def test_a_folder_without_releases_has_nothing_frozen(tmp_path: Path) -> None:
    assert frozen(tmp_path) == []
