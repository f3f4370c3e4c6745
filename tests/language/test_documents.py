# SPDX-License-Identifier: EUPL-1.2
"""Whole documents: what loads (good/documenten.txt), what is refused and where (bad/documenten.txt, bad/yaml.txt)."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from engine.language.reading import receive_yaml
from engine.language.yaml_reader import MAX_BYTES, MAX_DEPTH, Mapping, Scalar, read_yaml
from engine.model.problems import MAX_PROBLEMS, Problem, RulesError
from engine.rulebook import load, load_files
from tests.helpers import CLAIM, law, problems_of, ruleset, the_problem
from tests.language.fixtures import Case, cases

BAD = list(cases("bad/documenten.txt"))
BAD_YAML = list(cases("bad/yaml.txt"))
GOOD = list(cases("good/documenten.txt"))
RULES_HEAD = ruleset("- x").split("  - x", maxsplit=1)[0]
RULES_FILE = f"{CLAIM}/2020-01-01.yaml"


def placed(text: str) -> tuple[dict[str, str], str, int]:
    """The files of the tiny law with the text of a case in its place, that file, and how many lines stand above the text."""
    where, _, body = text.partition("\n")
    path = where.removeprefix("--- ")
    if path == "regels":
        return {**law(), RULES_FILE: RULES_HEAD + body + "\n"}, RULES_FILE, RULES_HEAD.count("\n")
    return {**law(), path: body + "\n"}, path, 0


def told(problem: Problem, above: int = 0) -> tuple[int, int, str, str]:
    return problem.place.line - above, problem.place.column, problem.code, f"{problem.cause} {problem.remedy}".strip()


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_document_is_refused_at_its_place_with_a_remedy(case: Case) -> None:
    files, path, above = placed(case.text)
    problems = problems_of(files)
    assert {problem.place.file for problem in problems} == {path}
    assert {told(problem, above - 1) for problem in problems} == case.expected


@pytest.mark.parametrize("case", BAD_YAML, ids=lambda case: case.name)
def test_bad_yaml_is_refused_at_its_place_with_a_remedy(case: Case) -> None:
    with pytest.raises(RulesError) as caught:
        read_yaml(case.text, "bestand.yaml")
    assert {told(problem) for problem in caught.value.problems} == case.expected


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_a_good_document_loads(case: Case) -> None:
    files, path, _ = placed(case.text)
    alone = {"wet/regeling.yaml": "naam: Proefwet\n", "wet/aanspraak/2020-01-01.yaml": ruleset(""), path: files[path]}
    assert load_files(alone if path == "wet/gegevens.yaml" else files).programs


def refused(data: bytes | str) -> Problem:
    with pytest.raises(RulesError) as caught:
        read_yaml(data, "bestand.yaml")
    (problem,) = caught.value.problems
    return problem


def all_refused(text: str) -> list[tuple[str, int]]:
    with pytest.raises(RulesError) as caught:
        read_yaml(text, "bestand.yaml")
    return [(problem.code, problem.place.line) for problem in caught.value.problems]


def test_a_tab_is_refused() -> None:
    problem = refused("a:\n\tb: c")
    assert (problem.code, problem.place.line, problem.place.column) == ("TS-Y03", 2, 1)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x85", "\u2028", "\u200b", "\u202e", "\ufeff"])
def test_a_sign_that_nobody_sees_is_refused_at_its_place(sign: str) -> None:
    problem = refused(f"a: b\nc: d{sign}e")
    assert (problem.code, problem.place.line, problem.place.column) == ("TS-Y15", 2, 5)


def test_a_file_that_is_no_utf8_is_refused_with_its_line() -> None:
    problem = refused("a: b\nc: één\n".encode("latin-1"))
    assert (problem.code, problem.place.line) == ("TS-Y02", 2)


def test_a_lone_surrogate_is_refused() -> None:
    assert refused("a: \ud800").code == "TS-Y02"


def test_a_byte_order_mark_in_front_is_accepted_and_moves_no_column() -> None:
    assert refused(b"\xef\xbb\xbfa: b\na: c").place.column == 1


def test_line_ends_of_windows_are_accepted_and_move_no_line() -> None:
    node, text = read_yaml(b"a: b\r\nc: d\r\n", "bestand.yaml")
    assert isinstance(node, Mapping)
    assert [(key.text, key.place.line) for key, _ in node.entries] == [("a", 1), ("c", 2)]
    assert "\r" not in text
    assert refused(b"a: b\r\nc: d\r\na: e").place.line == 3


def test_a_file_of_ten_megabytes_is_refused_unread() -> None:
    assert refused("a: " + "b" * 10_000_000).code == "TS-Y01"
    assert MAX_BYTES < 10_000_000


def test_a_hundred_thousand_brackets_are_refused_and_no_crash() -> None:
    assert refused("[" * 100_000).code in ("TS-Y05", "TS-Y06")


def test_more_than_forty_levels_are_refused() -> None:
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).code == "TS-Y06"
    with pytest.raises(RulesError):
        read_yaml("\n".join(" " * n + f"k{n}:" for n in range(60)) + " a", "bestand.yaml")


def test_too_many_parts_are_refused() -> None:
    assert refused("- a\n" * 200_001).code == "TS-Y07"


def test_a_bomb_of_aliases_is_refused_at_every_anchor_and_alias_and_goes_off_nowhere() -> None:
    assert all_refused("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]") == [("TS-Y08", line) for line in (1, 2, 2, 2, 3, 3, 3)]


def test_everything_that_is_refused_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "a: b # c\nd:\na: e\nf: !!str g\nh:\u200b i\nj: “k”\n"
    assert all_refused(text) == [("TS-Y10", 1), ("TS-Y14", 2), ("TS-Y13", 3), ("TS-Y09", 4), ("TS-Y15", 5), ("TS-Y11", 6)]


def test_a_flood_of_mistakes_is_cut_off() -> None:
    for text in ("- a # b\n" * 5_000, "- a\tb\n" * 5_000):
        found = all_refused(text)
        assert (len(found), found[-1]) == (MAX_PROBLEMS + 1, ("TS-Y16", 0))


@pytest.mark.parametrize("text", ["a: b # c\nd: [e\n", "a: b\na: c\nd: e: f\n"])
def test_what_is_no_yaml_is_told_alone(text: str) -> None:
    assert [code for code, _ in all_refused(text)] == ["TS-Y05"]


def test_of_yaml_that_a_tab_may_have_broken_the_tab_is_told_alone() -> None:
    assert all_refused("- \ta: b\n  c: d\n") == [("TS-Y03", 1)]


def test_a_claim_is_read_on_past_what_is_refused() -> None:
    received = receive_yaml("a: b # c\nd:\na: *e\nf: [g, *h]\ni: {j: , k: l, '“m”': n}\n? [o]\n: p\n<<: q\n--- r\n", "claim.yaml")
    assert received.data == {"a": "b", "d": None, "f": ["g", None], "i": {"k": "l"}}
    assert received.unread == {"/d", "/f/1", "/i/j", "/i/“m”"}
    assert [(problem.code, problem.place.pointer, problem.place.line) for problem in received.problems] == [
        ("TS-Y10", "/a", 1),
        ("TS-Y14", "/d", 2),
        ("TS-Y13", "/a", 3),
        ("TS-Y08", "/a", 3),
        ("TS-Y08", "/f/1", 4),
        ("TS-Y14", "/i/j", 5),
        ("TS-Y11", "/i/“m”", 5),
        ("TS-Y12", "", 6),
        ("TS-Y08", "/<<", 8),
        ("TS-Y04", "", 9),
    ]


def test_an_empty_claim_is_an_object_without_keys() -> None:
    assert receive_yaml("", "claim.yaml").data == {}


def test_every_scalar_is_text() -> None:
    node, _ = read_yaml("a: no\nb: 4:17\nc: 010\nd: 2026-07-01\ne: ~\nf: 1_000\ng: 0x1F\nh: .inf\ni: on", "bestand.yaml")
    assert isinstance(node, Mapping)
    values = [value.text for _, value in node.entries if isinstance(value, Scalar)]
    assert values == ["no", "4:17", "010", "2026-07-01", "~", "1_000", "0x1F", ".inf", "on"]


def test_a_comment_on_its_own_line_and_a_hash_inside_a_value_are_accepted() -> None:
    node, _ = read_yaml("# kop\na: b#c\n  # tussen\nd: 'e # f'\n", "bestand.yaml")
    assert isinstance(node, Mapping)
    assert [value.text for _, value in node.entries if isinstance(value, Scalar)] == ["b#c", "e # f"]


def test_an_empty_file_is_an_empty_document() -> None:
    assert read_yaml("# alleen een opmerking\n", "bestand.yaml")[0] is None


@pytest.mark.parametrize(
    "path", ["wet/regels.yaml", "wet/bedragen.yml", "bedragen.yaml", "wet/aanspraak/2020-1-1.yaml", "wet/a/b/2020-01-01.yaml"]
)
def test_a_file_in_a_place_that_means_nothing_is_refused(path: str) -> None:
    problem = the_problem({**law(), path: "a: b\n"})
    assert (problem.code, problem.place.file) == ("TS-B02", path)


def test_a_folder_of_a_law_with_a_name_that_the_store_cannot_keep_is_refused() -> None:
    problem = the_problem({**law(), f"{'w' * 101}/regeling.yaml": "naam: Proefwet\n"})
    assert (problem.code, problem.cause) == ("TS-B02", "De naam van een map met een wet is hoogstens 100 tekens lang, en deze telt er 101.")


def folder_of_law(root: Path) -> Path:
    for path, text in law().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_a_folder_is_loaded_and_a_yml_file_in_it_is_not_passed_over(tmp_path: Path) -> None:
    folder_of_law(tmp_path)
    assert CLAIM in load(tmp_path).programs
    (tmp_path / "wet" / "bedragen.yml").write_text("bedragen: {}\n", encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load(tmp_path)
    assert caught.value.problems[0].code == "TS-B02"


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        load(tmp_path / "nergens")
    assert caught.value.problems[0].code == "TS-B01"


def refused_folder(root: Path, place: Path) -> str:
    """Why a rules folder is not read, as it is told of this place."""
    with pytest.raises(RulesError) as caught:
        load(root)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.file) == ("TS-B01", str(place))
    assert problem.remedy
    return problem.cause


def test_the_law_is_refused_without_a_folder_of_it_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder_of_law(tmp_path) / "wet" / "aanspraak"
    opened = os.listdir

    def listdir(path: Path) -> Any:
        if path == place:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(os, "listdir", listdir)  # root, as whom tests may run, reads everything
    assert refused_folder(tmp_path, place) == "Dit is niet te lezen: Permission denied."


@pytest.mark.parametrize("name", ["bedragen.yaml", "gemeenten", "toets.feature"])
def test_a_link_to_nowhere_is_refused_and_not_passed_over(tmp_path: Path, name: str) -> None:
    place = folder_of_law(tmp_path) / "wet" / name
    place.unlink(missing_ok=True)
    place.symlink_to(tmp_path / "nergens")
    assert refused_folder(tmp_path, place) == "Dit is niet te lezen: No such file or directory."


def test_a_folder_behind_a_link_is_read_as_where_secrets_and_settings_are_mounted(tmp_path: Path) -> None:
    versions = folder_of_law(tmp_path / "regels" / "..2026_11_27")
    (tmp_path / "regels" / "..data").symlink_to(versions)
    (tmp_path / "regels" / "wet").symlink_to(Path("..data", "wet"))
    for other in versions.iterdir():
        if other.name != "wet":
            (tmp_path / "regels" / other.name).symlink_to(Path("..data", other.name))
    assert load(tmp_path / "regels").hash == load(versions).hash


def test_a_folder_that_leads_back_into_itself_is_refused(tmp_path: Path) -> None:
    place = folder_of_law(tmp_path) / "wet" / "terug"
    place.symlink_to(tmp_path)
    assert refused_folder(tmp_path, place) == "Deze map verwijst naar een map waar zij zelf in ligt."


def test_folders_that_lead_into_each_other_are_refused_and_not_followed_for_ever(tmp_path: Path) -> None:
    folder_of_law(tmp_path)
    for name, other in (("p", "q"), ("q", "p")):
        (tmp_path / name).mkdir()
        for number in range(2):
            (tmp_path / name / f"{number}").symlink_to(Path("..", other))
    with pytest.raises(RulesError, match="verwijst naar een map waar zij zelf in ligt"):
        load(tmp_path)


def test_what_has_a_name_that_begins_with_a_point_is_no_rule(tmp_path: Path) -> None:
    before = load(folder_of_law(tmp_path)).hash
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "beeld.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "wet" / ".#gegevens.yaml").symlink_to("iemand@elders:1234")
    assert load(tmp_path).hash == before


def test_the_problems_of_every_file_are_told_at_once_in_the_order_of_the_files() -> None:
    found = problems_of({**law(), "wet/gegevens.yaml": "gegevens:\n  A: {soort: ja/nee}\n", "wet/bedragen.yaml": "bedragen:\n"})
    assert [problem.place.file for problem in found] == ["wet/bedragen.yaml", "wet/gegevens.yaml"]


def test_nothing_is_half_loaded() -> None:
    files = law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: onbekend_iets}")
    with pytest.raises(RulesError):
        load_files(files)


def test_a_problem_reads_as_one_line_with_the_text_and_a_mark_below_it() -> None:
    problem = the_problem(law("- {id: wet.1, bron: art. 1, bepaalt: uit, als: onbekend_iets}"))
    first, shown, mark = str(problem).split("\n")
    assert first.startswith(f"{RULES_FILE}:8:50: fout TS-T19: `onbekend_iets` is niet bekend.")
    assert shown[mark.index("^") :].startswith("onbekend_iets")
    assert json.dumps(first)
