# SPDX-License-Identifier: EUPL-1.2
"""The settings of the service: all mistakes at once, in Dutch, no secret shown, every one in the table for operators."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from api import config
from api.auth.keys import KeyFile
from api.auth.principal import Role
from api.config import MODELS, Settings, SettingsError
from cli.main import app
from tests.law import ROOT

TABLE = ROOT / "docs" / "beheer.md"
run = CliRunner()


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [found for found in os.environ if found.startswith("TOETSSTEEN_")]:
        monkeypatch.delenv(name)


def mistakes(**flags: object) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        config.load(flags)
    return refused.value.lines


def test_flags_go_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_POORT", "9000")
    monkeypatch.setenv("TOETSSTEEN_WERKERS", "2")
    settings, _ = config.load({"poort": 9001, "werkers": None, "aanmelden": False})
    assert (settings.poort, settings.werkers) == (9001, 2)


def test_every_mistake_is_told_at_once_with_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "TOETSSTEEN_POORT": "tachtig",
        "TOETSSTEEN_WERKERS": "0",
        "TOETSSTEEN_TWEEDE_MENING": "misschien",
        "TOETSSTEEN_LOG_VORM": "xml",
        "TOETSSTEEN_HERKOMSTEN": "*",
        "TOETSSTEEN_AANMELDEN_INEENS": "-1",
        "TOETSSTEEN_POORTT": "1",
    }.items():
        monkeypatch.setenv(name, value)
    told = "\n".join(mistakes())
    for line in (
        "TOETSSTEEN_POORT: dit is geen geheel getal",
        "TOETSSTEEN_WERKERS: dit moet ten minste 1 zijn",
        "TOETSSTEEN_TWEEDE_MENING: schrijf `aan` of `uit`",
        "TOETSSTEEN_LOG_VORM: kies uit 'json' of 'tekst'",
        "TOETSSTEEN_HERKOMSTEN: dit is geen adres zoals het hier hoort",
        "TOETSSTEEN_AANMELDEN_INEENS: dit moet ten minste 1 zijn",
        "TOETSSTEEN_POORTT: deze instelling bestaat niet. Bedoelde u `TOETSSTEEN_POORT`",
    ):
        assert line in told


def test_what_is_well_formed_and_cannot_be_is_told_too(tmp_path: Path) -> None:
    told = "\n".join(
        mistakes(host="0.0.0.0", aanmelden=False, metrieken_poort=8000, regels=tmp_path / "weg", precedenten=tmp_path / "weg.jsonl")
    )
    assert "alleen op de eigen machine" in told
    assert "TOETSSTEEN_METRIEKEN_POORT" in told
    assert "TOETSSTEEN_REGELS: de map" in told
    assert "TOETSSTEEN_PRECEDENTEN" in told


def test_a_precedent_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "eerder.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    assert any("eerder.jsonl:1" in line for line in mistakes(precedenten=file, aanmelden=False))


def test_a_secret_in_a_file_of_clients_is_never_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "clients.json"
    client = {"secret": "te-kort-geheim", "gemeenten": ["GM0000"], "rollen": ["beoordelen"]}
    file.write_text(json.dumps({"zaken": client}), encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(file))
    told = "\n".join(mistakes())
    assert "zaken.secret" in told
    assert "te-kort-geheim" not in told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (SecretStr("geheim123"), "(geheim)"),
        ("postgresql+psycopg://naam:wachtwoord@db/toets", "postgresql+psycopg://(geheim)@db/toets"),
        ("postgresql://u:ge/heim@h/db", "postgresql://(geheim)@h/db"),
        ("postgresql://u:ge heim@h/db", "postgresql://(geheim)@h/db"),
        ("postgresql://h/db?user=u&password=a/b&sslpassword=c", "postgresql://h/db?user=u&password=(geheim)&sslpassword=(geheim)"),
        (None, "(leeg)"),
        (True, "aan"),
        (("https://a.nl", "https://b.nl"), "https://a.nl,https://b.nl"),
    ],
)
def test_a_value_is_shown_without_what_is_secret(value: object, text: str) -> None:
    assert config.shown(value) == text


def test_the_worker_processes_read_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings, _ = config.load({"aanmelden": False, "herkomsten": "https://a.nl, https://b.nl", "voorbeelden": None, "regels_peiling": 2.5})
    assert (
        config.written(settings.model_copy(update={"logboek_otlp": "https://u:pw@log.nl"}))["TOETSSTEEN_LOGBOEK_OTLP"]
        == "https://u:pw@log.nl"
    )
    for name, value in config.written(settings).items():
        monkeypatch.setenv(name, value)
    assert config.load()[0] == settings


def test_the_effective_settings_can_be_shown(tmp_path: Path) -> None:
    file = tmp_path / "sleutels.json"
    key = KeyFile(file).make("zaken", ["GM0000"], [Role.ASSESS], date.today())
    result = run.invoke(app, ["serveer", "--poort", "9123", "--toon-instellingen"], env={"TOETSSTEEN_AANMELDEN_SLEUTELS": str(file)})
    assert result.exit_code == 0, result.output
    assert "TOETSSTEEN_POORT=9123" in result.stdout
    assert f"TOETSSTEEN_AANMELDEN_SLEUTELS={file}" in result.stdout
    assert key not in result.stdout


def test_every_setting_stands_in_the_table_for_operators_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(TOETSSTEEN_\w+)` \| (.*?) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    fields = {config.variable(model, name): field for model in MODELS for name, field in model.model_fields.items()}
    assert set(rows) == set(fields) | set(config.ELSEWHERE)
    for name, field in fields.items():
        default = field.default.name if isinstance(field.default, Path) else config.shown(field.default)
        assert default in rows[name], name


def test_every_setting_says_in_dutch_what_it_is() -> None:
    assert all(field.description for model in MODELS for field in model.model_fields.values())


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().poort = 1  # type: ignore[misc]
