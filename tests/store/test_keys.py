# SPDX-License-Identifier: EUPL-1.2
"""Keys: made once, kept for one's own eyes, renewed without losing trust in what was signed before."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.chain import START
from store.keys import Keys, KeysError


def test_a_key_file_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    made = Keys.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Keys.make(path).trusted.keys() == made.trusted.keys()
    assert list(tmp_path.iterdir()) == [path]


def test_of_many_makers_at_once_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: Keys.make(path).pseudonym, range(16)))
    assert len(set(found)) == 1


def test_a_key_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    Keys.make(path)
    path.chmod(0o604)
    with pytest.raises(KeysError, match="0600"):
        Keys.read(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"ondertekenen": "00", "pseudoniem": "00"}', '{"ondertekenen": 1, "pseudoniem": 2}', "\udcff"]
)
def test_what_is_no_key_file_is_refused_without_its_content(text: str, tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    os.chmod(path, 0o600)
    with pytest.raises(KeysError):
        Keys.read(path)
    with pytest.raises(KeysError):
        Keys.read(tmp_path / "weg.json")


def test_a_pseudonym_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match="32 bytes"):
        Keys.parse(f'{{"ondertekenen": "{"01" * 32}", "pseudoniem": "0102"}}')


def test_a_renewed_key_signs_and_the_old_one_stays_trusted(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    old = Keys.make(path)
    before = old.sealed("GM0000", 1, START, 0, "2026-07-15T10:00:00.000000Z")
    old.renewed().write(path)
    new = Keys.read(path)
    after = new.sealed("GM0000", 2, START, 0, "2026-07-15T10:01:00.000000Z")
    assert before.key_id != after.key_id
    assert before.holds(new.trusted)
    assert after.holds(new.trusted)
    assert not after.holds(old.trusted)
    assert new.pseudonym == old.pseudonym


def test_keys_that_cannot_be_written_leave_no_half_of_a_secret_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sleutels.json"
    made = Keys.make(path)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("store.files.os.fsync", full)
    for make, file in ((Keys.renew, path), (Keys.make, tmp_path / "andere.json")):
        with pytest.raises(OSError, match="No space"):
            make(file)
    assert list(tmp_path.iterdir()) == [path]
    assert Keys.read(path).pseudonym == made.pseudonym


def test_of_many_who_renew_at_once_none_loses_the_key_of_another(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    first = Keys.make(path)
    with ThreadPoolExecutor(8) as pool:
        made = [keys.id for keys in pool.map(lambda _: Keys.renew(path), range(8))]
    assert Keys.read(path).trusted.keys() == {first.id, *made}
    assert Keys.read(path).id in made
    assert Keys.read(path).pseudonym == first.pseudonym


def test_keys_that_were_renewed_since_are_trusted_once_the_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    running = Keys.make(path)
    signs = running.id
    renewed = Keys.renew(path)
    assert renewed.id not in running.trusted
    assert running.again().keys() == {signs, renewed.id}
    assert running.trusted.keys() == {signs, renewed.id}
    assert running.id == signs


@pytest.mark.parametrize("spoil", ["another store", "open to everybody", "gone"])
def test_a_file_that_is_not_that_of_these_keys_adds_nothing(spoil: str, tmp_path: Path) -> None:
    path = tmp_path / "sleutels.json"
    running = Keys.make(path)
    before = dict(running.trusted)
    Keys.renew(path)
    match spoil:
        case "another store":
            Keys.generate().write(path)
        case "open to everybody":
            path.chmod(0o644)
        case _:
            path.unlink()
    assert running.again() == before
    assert Keys.generate().again().keys()


def test_keys_do_not_show_themselves() -> None:
    keys = Keys.generate()
    assert keys.pseudonym.hex() not in repr(keys)
    assert keys.signing.private_bytes_raw().hex() not in repr(keys)


def test_the_keyed_hash_knows_where_one_part_ends_and_what_it_is_for() -> None:
    keys = Keys.generate()
    assert keys.hmac("bsn", b"ab", b"c") == keys.hmac("bsn", b"ab", b"c")
    assert len({keys.hmac("bsn", b"ab", b"c"), keys.hmac("bsn", b"a", b"bc"), keys.hmac("verzoek", b"ab", b"c")}) == 3
    assert Keys.generate().hmac("bsn", b"ab", b"c") != keys.hmac("bsn", b"ab", b"c")
