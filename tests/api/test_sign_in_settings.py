# SPDX-License-Identifier: EUPL-1.2
"""The settings of sign-in: what is wrong in them is told at the start, with its place, and opens nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.auth.gate import Gate
from api.auth.keys import KeyFile
from api.auth.principal import Role
from api.auth.settings import AuthSettings
from api.auth.tokens import Oidc, Tokens
from api.config import Settings, SettingsError, load
from cli.service import app_by
from tests.api.signing_in import SECRET, key, service, zgw


def test_nothing_set_means_that_nobody_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOETSSTEEN_AANMELDEN_SLEUTELS", raising=False)
    assert not AuthSettings().configured


def test_the_settings_make_the_gate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: KeyFile) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(json.dumps({"zaak": {"secret": SECRET, "gemeenten": ["GM0000"], "rollen": ["beoordelen"]}}))
    clients.chmod(0o600)
    made = key(keys, Role.CONSULT)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(keys.path))
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    client = service(AuthSettings().gate())
    assert client.get("/v1/regelingen", headers=made).status_code == 200
    assert client.get("/v1/regelingen", headers={"Authorization": f"Bearer {zgw()}"}).status_code == 200
    clients.chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        AuthSettings().gate()


@pytest.mark.parametrize("text", ["{}", "[" * 100_000])
def test_a_file_that_names_no_client_is_refused_at_the_start_and_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(text)
    clients.chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    with pytest.raises(ValueError, match=r"AANMELDEN_ZGW: .*zgw\.json"):
        AuthSettings().gate()
    assert Gate(tokens=Tokens({})).signs_in


def test_an_issuer_without_its_keys_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    with pytest.raises(ValueError, match="OIDC_JWKS"):
        AuthSettings().gate()


def test_keys_without_their_issuer_are_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, oidc: Oidc) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", oidc.jwks)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "")
    with pytest.raises(ValueError, match="OIDC_ISSUER ontbreekt"):
        AuthSettings().gate()


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "No such file"), ("{", "geen JSON"), ('{"keys": []}', "geen openbare sleutel"), ("[]", "geen verzameling openbare sleutels")],
)
def test_a_file_of_public_keys_that_holds_none_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "jwks.json").write_text(text)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", str(tmp_path / "jwks.json"))
    with pytest.raises(ValueError, match=f"OIDC_JWKS: .*{said}"):
        AuthSettings().gate()


def test_an_address_of_public_keys_that_is_no_web_address_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_ISSUER", "https://login.example")
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_OIDC_JWKS", "file:///etc/jwks.json")
    with pytest.raises(ValueError, match="https://"):
        AuthSettings().gate()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": {"secret": "%s", "gemeenten": ["gm0344"], "rollen": ["beoordelen"]}}', "a.gemeenten"),
        ('{"a": {"secret": "%s", "gemeenten": [], "rollen": ["beoordelen"]}}', "a.gemeenten"),
        ('{"a": {}, "a": {"secret": "%s", "gemeenten": ["GM0344"], "rollen": ["beoordelen"]}}', "`a` staat er twee keer"),
    ],
)
def test_a_file_of_clients_with_a_mistake_is_refused_at_the_start_with_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, said: str
) -> None:
    clients = tmp_path / "zgw.json"
    clients.write_text(text % SECRET)
    clients.chmod(0o600)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_ZGW", str(clients))
    with pytest.raises(SettingsError) as caught:
        load({})
    (line,) = caught.value.lines
    assert "TOETSSTEEN_AANMELDEN_ZGW" in line
    assert said in line
    assert SECRET not in line


def test_a_file_of_keys_that_is_not_there_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(tmp_path / "sluetels.json"))
    with pytest.raises(SettingsError, match=r"sluetels\.json is er niet"):
        load({})


def test_a_setting_that_is_left_empty_is_one_that_was_not_given(monkeypatch: pytest.MonkeyPatch, keys: KeyFile) -> None:
    key(keys, Role.CONSULT)
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_SLEUTELS", str(keys.path))
    monkeypatch.setenv("TOETSSTEEN_AANMELDEN_PER_SECONDE", "")
    _, auth = load({})
    assert auth.per_seconde is None


def test_a_service_in_which_callers_sign_in_does_not_start_where_none_of_them_could(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOETSSTEEN_OPSLAG", "uit")
    with pytest.raises(SettingsError, match="Niemand kan zich aanmelden"):
        app_by(Settings(), AuthSettings())
