# SPDX-License-Identifier: EUPL-1.2
"""Files of many claims: the same claims whatever the form of the file, read one by one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from api.reader import MAX_BYTES, receive_json
from cli.claim_rows import ClaimFile
from engine.model.claim import Received
from engine.model.problems import InvalidInput, Problem

HEAD = {"aanspraak": "wet/aanspraak", "peildatum": "2026-07-15"}
CLAIM = {
    **HEAD,
    "gegevens": {"aanvrager": {"geboortedatum": "1990-01-01"}, "kinderen": [{"kosten": "10.00"}, {"kosten": "20.00"}], "plaats": "hier"},
}


def written(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(path: Path) -> list[Any]:
    rows = (receive_json(raw) if isinstance(raw, bytes) else raw for _, raw in ClaimFile(path).rows())
    return [row.data if isinstance(row, Received) and not row.problems else row for row in rows]


def told(row: Received) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.place.pointer) for problem in row.problems]


def numbers(path: Path) -> list[int]:
    return [number for number, _ in ClaimFile(path).rows()]


def test_a_line_of_json_is_a_claim_and_blank_lines_are_none(tmp_path: Path) -> None:
    path = written(tmp_path / "z.jsonl", f"\ufeff{json.dumps(CLAIM)}\n\n{json.dumps(CLAIM)}")
    assert read(path) == [CLAIM, CLAIM]
    assert numbers(path) == [1, 3]


def test_a_line_that_is_too_long_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "z.jsonl", b'"' + b"x" * (3 * MAX_BYTES) + b'"\n' + json.dumps(CLAIM).encode())
    (first, second) = read(path)
    assert isinstance(first, Problem)
    assert second == CLAIM


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_row_of_csv_is_a_claim_with_dotted_columns(tmp_path: Path, mark: str) -> None:
    head = mark.join([*HEAD, "aanvrager.geboortedatum", "kinderen.0.kosten", "kinderen.1.kosten", "gegevens.plaats"])
    row = mark.join([*HEAD.values(), "1990-01-01", "10.00", "20.00", "hier"])
    path = written(tmp_path / "z.csv", f"\ufeff{head}\r\n{row}\r\n")
    assert read(path) == [CLAIM]


def test_an_empty_cell_is_not_given_and_brackets_are_an_empty_list(tmp_path: Path) -> None:
    path = written(tmp_path / "z.csv", "aanspraak,peildatum,plaats,kinderen\nwet/aanspraak,2026-07-15,,[]\n")
    assert read(path) == [{**HEAD, "gegevens": {"kinderen": []}}]


def test_a_cell_may_hold_json_and_a_name_with_dots_stands_between_brackets(tmp_path: Path) -> None:
    text = "aanspraak,peildatum,kinderen,[wet.deel.norm].waarde,keuze(wet.1)\n"
    path = written(tmp_path / "z.csv", text + 'wet/aanspraak,2026-07-15,"[{""kosten"": 10}]",5,ja\n')
    facts = {"kinderen": [{"kosten": 10}], "wet.deel.norm": {"waarde": "5"}, "keuze(wet.1)": "ja"}
    assert read(path) == [{**HEAD, "gegevens": facts}]


def test_columns_that_speak_of_the_same_thing_are_refused_for_that_row(tmp_path: Path) -> None:
    path = written(tmp_path / "z.csv", "plaats,plaats.waarde,gegevens.plaats\nhier,daar,\nhier,,daar\nhier,,\n")
    first, second, third = read(path)
    assert told(first) == [("TS-Z02", "/gegevens/plaats/waarde")]
    assert told(second) == [("TS-Z02", "/gegevens/plaats")]
    assert third == {"gegevens": {"plaats": "hier"}}


def test_what_is_wrong_in_the_cells_of_a_row_comes_at_once_with_its_place_in_the_claim(tmp_path: Path) -> None:
    head = "plaats,plaats.waarde,kinderen,extra,.\n"
    (row,) = read(written(tmp_path / "z.csv", head + 'hier,daar,"[{""kosten"": NaN}]","{kapot",x\n'))
    assert told(row) == [
        ("TS-Z02", "/gegevens/plaats/waarde"),
        ("TS-J06", "/gegevens/kinderen/0/kosten"),
        ("TS-J03", "/gegevens/extra"),
        ("TS-Z02", ""),
    ]
    assert row.data == {"gegevens": {"plaats": "hier", "kinderen": [{"kosten": None}], "extra": None}}
    assert row.unread == {"/gegevens/kinderen/0/kosten", "/gegevens/extra"}


def test_facts_beside_a_column_that_says_all_facts_are_refused(tmp_path: Path) -> None:
    (row,) = read(written(tmp_path / "z.csv", "gegevens,plaats\nalles,hier\n"))
    assert (row.data, told(row)) == ({"gegevens": {"plaats": "hier"}}, [("TS-Z02", "/gegevens")])


def test_a_row_with_more_cells_than_columns_is_refused(tmp_path: Path) -> None:
    (found,) = read(written(tmp_path / "z.csv", "plaats\nhier,daar\n"))
    assert isinstance(found, Problem)


@pytest.mark.parametrize("data", [b'plaats\n"hier', b"plaats\n\xff\n", b"plaats,plaats\nhier,daar\n", b"plaats\n" + b"x" * 2_000_000])
def test_what_is_no_csv_is_refused_whole(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InvalidInput, match="TS-Z25"):
        read(written(tmp_path / "z.csv", data))


def test_parquet_gives_the_same_claims_nested_or_dotted(tmp_path: Path) -> None:
    nested, dotted = tmp_path / "genest.parquet", tmp_path / "punten.parquet"
    parquet.write_table(pa.Table.from_pylist([CLAIM]), nested)
    row: dict[str, Any] = {**HEAD, "aanvrager.geboortedatum": date(1990, 1, 1), "plaats": "hier", "leeg": None}
    row["kinderen"] = [{"kosten": "10.00"}, {"kosten": "20.00"}]
    parquet.write_table(pa.Table.from_pylist([row]), dotted)
    assert read(nested) == [CLAIM]
    assert read(dotted) == [CLAIM]


def test_a_file_that_is_no_parquet_or_not_there_or_of_another_sort_is_refused(tmp_path: Path) -> None:
    for path in (written(tmp_path / "z.parquet", b"geen"), tmp_path / "weg.jsonl", written(tmp_path / "z.xlsx", b"")):
        with pytest.raises(InvalidInput, match="TS-Z25"):
            read(path)


def test_how_far_the_file_was_read_is_known(tmp_path: Path) -> None:
    for path in (written(tmp_path / "z.jsonl", json.dumps(CLAIM)), written(tmp_path / "z.csv", "plaats\nhier\ndaar\n")):
        file = ClaimFile(path)
        assert list(file.rows())
        assert file.read == file.size == path.stat().st_size
