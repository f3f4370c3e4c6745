# SPDX-License-Identifier: EUPL-1.2
"""The settings of the store: checked at the start, keys and tables made where there are none, and off where that is said."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import config
from api.auth.settings import AuthSettings
from api.config import Settings, SettingsError
from api.stored.settings import StoreSettings, archive
from cli.main import app
from cli.service import app_by
from store.errors import StoreDown
from store.keys import Keys, KeysError
from tests.api.kept import TYPE
from tests.law import RULES
from tests.store.drafts import assessment

run = CliRunner()


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [found for found in os.environ if found.startswith("TOETSSTEEN_")]:
        monkeypatch.delenv(name)


def settings(folder: Path, **more: object) -> StoreSettings:
    return StoreSettings.model_validate(
        {"opslag": f"sqlite:///{folder / 'map' / 'opslag.sqlite'}", "opslag_sleutels": folder / "map" / "sleutels.json", **more}
    )


def mistakes() -> str:
    with pytest.raises(SettingsError) as refused:
        config.load({"aanmelden": False})
    return "\n".join(refused.value.lines)


def test_a_new_store_gets_its_folder_its_tables_and_its_keys(tmp_path: Path) -> None:
    found = archive(settings(tmp_path))
    assert found is not None
    found.store.ready()
    for name in ("opslag.sqlite", "sleutels.json"):
        assert stat.S_IMODE((tmp_path / "map" / name).stat().st_mode) == 0o600
    again = archive(settings(tmp_path))
    assert again is not None
    assert again.store.keys.pseudonym == found.store.keys.pseudonym


def test_without_a_setting_the_store_is_a_file_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert archive(StoreSettings()) is not None
    assert (tmp_path / ".local/share/toetssteen/opslag.sqlite").is_file()
    assert (tmp_path / ".local/share/toetssteen/opslag-sleutels.json").is_file()


def test_nothing_is_kept_where_that_is_said(tmp_path: Path) -> None:
    assert archive(settings(tmp_path, opslag="uit")) is None
    assert list(tmp_path.iterdir()) == []


def test_the_rhythm_and_the_lease_are_those_that_were_set(tmp_path: Path) -> None:
    found = archive(settings(tmp_path, opslag_zegel_records=7, opslag_zegel_minuten=3, opslag_verzoek_seconden=9))
    assert found is not None
    assert (found.store.rhythm.every, found.store.rhythm.after.total_seconds()) == (7, 180)
    assert found.store.lease.total_seconds() == 9


def test_a_database_that_does_not_answer_yet_stops_no_start_and_a_file_that_cannot_be_does(tmp_path: Path) -> None:
    waiting = settings(tmp_path, opslag="postgresql://niemand@127.0.0.1:1/weg")
    with pytest.raises(StoreDown):  # keys are made for a new store only, and that cannot be asked now
        archive(waiting)
    Keys.make(waiting.key_file)
    assert archive(waiting) is not None
    (tmp_path / "bestand").write_text("")
    with pytest.raises((StoreDown, OSError)):
        archive(settings(tmp_path, opslag=f"sqlite:///{tmp_path / 'bestand' / 'opslag.sqlite'}"))
    (tmp_path / "map" / "sleutels.json").write_text("{}")
    with pytest.raises(KeysError):
        archive(settings(tmp_path))


def test_a_store_in_use_gets_no_new_keys(tmp_path: Path) -> None:
    found = settings(tmp_path)
    kept = archive(found)
    assert kept is not None
    kept.store.append(assessment())
    kept.store.close()
    found.key_file.rename(tmp_path / "elders.json")
    with pytest.raises(KeysError, match="al in gebruik"):
        archive(found)
    assert not found.key_file.exists()
    (tmp_path / "elders.json").rename(found.key_file)
    assert archive(found) is not None


def test_every_mistake_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "typen.json").write_text(json.dumps({"GM0344": {"wet/aanspraak": "geen adres"}}))
    (tmp_path / "termijnen.toml").write_text("[bewaartermijnen]\nwet = 0\n")
    for name, value in {
        "TOETSSTEEN_OPSLAG": "mysql://iets",
        "TOETSSTEEN_OPSLAG_ZEGEL_RECORDS": "nul",
        "TOETSSTEEN_OPSLAG_RSINN": "x",
    }.items():
        monkeypatch.setenv(name, value)
    told = mistakes()
    assert "TOETSSTEEN_OPSLAG_ZEGEL_RECORDS: dit is geen geheel getal" in told
    assert "TOETSSTEEN_OPSLAG_RSINN: deze instelling bestaat niet" in told
    monkeypatch.delenv("TOETSSTEEN_OPSLAG_ZEGEL_RECORDS")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_RSIN", "GM0344=123456789, Utrecht=002564440")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_BESLUITTYPEN", str(tmp_path / "typen.json"))
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_BEWAARTERMIJNEN", str(tmp_path / "termijnen.toml"))
    told = mistakes()
    assert "TOETSSTEEN_OPSLAG: schrijf sqlite" in told
    assert told.count("TOETSSTEEN_OPSLAG_RSIN: schrijf per gemeente") == 2
    assert "TOETSSTEEN_OPSLAG_BESLUITTYPEN" in told
    assert "TOETSSTEEN_OPSLAG_BEWAARTERMIJNEN" in told


@pytest.mark.parametrize("text", ["[]", '{"Utrecht": {}}', '{"GM0344": 1}', "{"])
def test_a_file_of_decision_types_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    (tmp_path / "typen.json").write_text(text)
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_BESLUITTYPEN", str(tmp_path / "typen.json"))
    assert "TOETSSTEEN_OPSLAG_BESLUITTYPEN" in mistakes()


def test_a_password_that_is_not_there_or_open_to_everybody_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "wachtwoord"
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_WACHTWOORD", str(file))
    assert "TOETSSTEEN_OPSLAG_WACHTWOORD" in mistakes()
    file.write_text("geheim")
    file.chmod(0o644)
    assert "iedereen kan" in mistakes()
    file.chmod(0o600)
    config.load({"aanmelden": False})


def test_organisations_are_read_from_what_was_set(tmp_path: Path) -> None:
    (tmp_path / "typen.json").write_text(json.dumps({"GM0344": {"wet/aanspraak": TYPE}}))
    found = settings(tmp_path, opslag_rsin="GM0344=002564440", opslag_besluittypen=tmp_path / "typen.json").organisations()
    assert (found.rsin, found.decision_types) == ({"GM0344": "002564440"}, {"GM0344": {"wet/aanspraak": TYPE}})


def test_the_service_as_it_starts_keeps_or_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", f"sqlite:///{tmp_path / 'opslag.sqlite'}")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_SLEUTELS", str(tmp_path / "sleutels.json"))
    assert app_by(Settings(regels=RULES, aanmelden=False, tweede_mening=False), AuthSettings()) is not None
    assert (tmp_path / "opslag.sqlite").is_file()
    told = run.invoke(app, ["serveer", "--zonder-aanmelden", "--toon-instellingen"])
    assert f"TOETSSTEEN_OPSLAG=sqlite:///{tmp_path / 'opslag.sqlite'}" in told.stdout


def test_a_password_of_the_store_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "postgresql://dienst:heelgeheim@db/toets")
    told = run.invoke(app, ["serveer", "--zonder-aanmelden", "--toon-instellingen"])
    assert told.exit_code == 0, told.output
    assert "heelgeheim" not in told.stdout


def test_a_store_that_cannot_be_used_stops_the_start_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sleutels.json").write_text("{}")
    (tmp_path / "sleutels.json").chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", f"sqlite:///{tmp_path / 'opslag.sqlite'}")
    monkeypatch.setenv("TOETSSTEEN_OPSLAG_SLEUTELS", str(tmp_path / "sleutels.json"))
    told = run.invoke(app, ["serveer", "--zonder-aanmelden"])
    assert told.exit_code == 2
    assert "De opslag is niet te gebruiken" in told.stderr
    assert "TOETSSTEEN_OPSLAG" in told.stderr
