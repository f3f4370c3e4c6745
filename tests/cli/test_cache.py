# SPDX-License-Identifier: EUPL-1.2
"""The rulebook on disk: the same rulebook, made anew when anything changed, never trusted from a folder others can write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cli.outcome import cache_folder
from engine import cache
from engine.model.problems import RulesError
from engine.passes.assess import assess
from engine.rationale.build import rationale
from tests.helpers import law as tiny_law
from tests.law import RULES, example, law


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(RULES, tmp_path / "rules")
    return tmp_path / "rules"


def test_a_kept_rulebook_gives_the_same_assessment(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cache.load(RULES, folder)
    kept = cache.load(RULES, folder)
    assert kept.hash == law().hash
    assert rationale(assess(example("1-"), kept)) == rationale(assess(example("1-"), law()))


def test_a_change_in_one_file_makes_it_anew(rules: Path, tmp_path: Path) -> None:
    before = cache.load(rules, tmp_path / "cache")
    amounts = rules / "participatiewet" / "bedragen.yaml"
    amounts.write_text(amounts.read_text(encoding="utf-8").replace("1419.46", "1419.47"), encoding="utf-8")
    assert cache.load(rules, tmp_path / "cache").hash != before.hash


def test_rules_that_do_not_load_are_not_kept(rules: Path, tmp_path: Path) -> None:
    (rules / "participatiewet" / "bedragen.yaml").write_text("bedragen: [", encoding="utf-8")
    with pytest.raises(RulesError):
        cache.load(rules, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*")) if (tmp_path / "cache").exists() else True


def test_a_damaged_file_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cache.load(RULES, folder)
    (kept,) = folder.glob("*.pickle")
    kept.write_bytes(b"broken")
    assert cache.load(RULES, folder).hash == law().hash


def test_a_folder_that_others_can_write_in_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    cache.load(RULES, folder)
    (kept,) = folder.glob("*.pickle")
    kept.write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    folder.chmod(0o777)
    assert cache.load(RULES, folder).hash == law().hash
    assert kept.read_bytes().startswith(b"cos")


def test_a_rulebook_kept_without_its_tests_assesses_the_same_and_does_not_stand_in_for_the_whole(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    for _ in range(2):
        kept = cache.load(RULES, folder, tests=False)
        assert (kept.tests, kept.hash) == ((), law().hash)
        assert rationale(assess(example("1-"), kept)) == rationale(assess(example("1-"), law()))
    assert len(cache.load(RULES, folder).tests) == len(law().tests)


def load_tiny(place: Path, number: int) -> None:
    """Load one of many small laws, each a little different."""
    for name, content in tiny_law().items():
        file = place / "rules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {number}\n{content}", encoding="utf-8")
    cache.load(place / "rules", place / "cache")


def test_only_a_few_are_kept(tmp_path: Path) -> None:
    for number in range(cache.KEEP + 2):
        load_tiny(tmp_path, number)
    assert len(list((tmp_path / "cache").glob("*.pickle"))) == cache.KEEP


def test_a_rulebook_that_is_used_is_not_the_first_to_go(tmp_path: Path) -> None:
    load_tiny(tmp_path, 0)
    (used,) = (tmp_path / "cache").glob("*.pickle")
    for number in range(1, cache.KEEP + 2):
        load_tiny(tmp_path, number)
        load_tiny(tmp_path, 0)
        assert used.exists()


def test_a_rulebook_in_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path) -> None:
        raise PermissionError(path)

    load_tiny(tmp_path, 0)
    monkeypatch.setattr("os.utime", refused)
    monkeypatch.setattr("engine.rulebook.load_files", lambda files: pytest.fail("loaded anew"))
    load_tiny(tmp_path, 0)


@pytest.mark.parametrize(("named", "folder"), [("", "eigen/toetssteen"), ("aan", "eigen/toetssteen"), ("elders", "elders"), ("uit", None)])
def test_the_cache_is_where_its_setting_says_and_a_switch_is_no_folder(
    named: str, folder: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "eigen"))
    monkeypatch.setenv("TOETSSTEEN_CACHE", named if named != "elders" else str(tmp_path / named))
    assert cache_folder() == (tmp_path / folder if folder is not None else None)
