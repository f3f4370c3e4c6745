# SPDX-License-Identifier: EUPL-1.2
"""A PostgreSQL that asks for a password, which the operator keeps in a file of its own and may change at any time."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, text
from typer.testing import CliRunner

from cli.main import app
from store.errors import StoreDown
from store.store import Store
from tests.store.chains import KEYS
from tests.store.drafts import assessment

USER = "toetssteen"
WORD = "een:woord@met/tekens én spaties"


def programs() -> Path | None:
    """Where the programs of PostgreSQL are that make and start a cluster."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(debian[-1]) if debian else None)
    return Path(found).resolve().parent if found else None


def account() -> str | None:
    """As whom to run PostgreSQL, which refuses to run as root; None where that is nobody else."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        pytest.skip("PostgreSQL does not run as root, and there is no account `postgres`")


@contextmanager
def cluster(folder: Path, word: str) -> Iterator[URL]:
    """A PostgreSQL with one user, that lets nobody in without the password."""
    found, user = programs(), account()
    if found is None:
        pytest.skip("no initdb here to make a PostgreSQL that asks for a password (Debian: postgresql)")

    def run(program: str, *words: str | Path) -> None:
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run([found / program, *words], check=True, cwd=folder, user=user, **quiet)  # type: ignore[call-overload]

    first = folder / "eerste"
    first.write_text(word, encoding="utf-8")
    for each in (folder, first):
        if user is not None:
            shutil.chown(each, user)
    data = folder / "gegevens"
    run("initdb", "--auth=scram-sha-256", f"--username={USER}", f"--pwfile={first}", "--encoding=UTF8", "--no-sync", "-D", data)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
    run("pg_ctl", "start", "--wait", "-D", data, "-o", options, "-l", folder / "log")
    try:
        yield URL.create("postgresql", USER, host="127.0.0.1", port=port, database="postgres")
    finally:
        run("pg_ctl", "stop", "--mode=immediate", "-D", data)


@pytest.fixture(scope="module")
def guarded() -> Iterator[URL]:
    """The address of a database that asks for :data:`WORD`."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, cluster(Path(folder), WORD) as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that the operator keeps the password in."""
    found = tmp_path / "wachtwoord"
    write(found, WORD)
    return found


def write(file: Path, word: str) -> None:
    file.touch(0o600)
    file.write_text(f"{word}\n", encoding="utf-8")


def made(monkeypatch: pytest.MonkeyPatch, url: URL, file: Path) -> str:
    """What the command tells that makes the tables, as the first container of a deployment runs it."""
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", url.render_as_string())
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_WACHTWOORD", str(file))
    found = CliRunner().invoke(app, ["opslag", "bijwerken"])
    assert found.exit_code in (0, 6), (found.output, found.exception)
    return "" if found.exit_code == 0 else found.stderr


def test_tables_are_made_and_records_kept_with_the_password_of_the_file(guarded: URL, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(monkeypatch, guarded, file) == ""
    store = Store(guarded, KEYS, password=file)
    store.prepare()
    record = store.append(assessment())
    assert store.record(record.id) == record
    store.close()


def test_another_password_is_told_as_a_store_that_is_down_and_is_not_shown(
    guarded: URL, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = secrets.token_hex(16)
    write(file, wrong)
    told = made(monkeypatch, guarded, file)
    assert "niet bereikbaar" in told
    assert "password authentication failed" in told
    assert wrong not in told
    with pytest.raises(StoreDown):
        Store(guarded, KEYS, password=file).ready()


def test_a_password_that_is_changed_is_used_without_a_new_start(guarded: URL, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(monkeypatch, guarded, file) == ""
    store, fresh = Store(guarded, KEYS, password=file), secrets.token_hex(16)
    try:
        with store.engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE {USER} PASSWORD '{fresh}'"))
        store.ready()  # over a connection that was let in before
        store.close()
        with pytest.raises(StoreDown):
            store.ready()
        write(file, fresh)
        store.ready()
    finally:
        with store.engine.begin() as connection:
            connection.execute(text(f"ALTER ROLE {USER} PASSWORD '{WORD}'"))
        store.close()
