# SPDX-License-Identifier: EUPL-1.2
"""What the files for operation promise: no root, nothing to write on, only what the lock files name, probes that exist."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api import config
from api.app import create_app
from api.stored.settings import StoreSettings, misfits
from cli.main import app as program
from engine.rulebook import load_files
from tests.docs.test_docs import commands
from tests.helpers import law
from tests.law import ROOT

BASE = ROOT / "deploy" / "kustomize" / "base"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = ROOT / "deploy" / "compose.yaml"
WITH_SQLITE = ROOT / "deploy" / "compose.sqlite.yaml"


def test_the_image_can_be_built_from_what_is_sent_to_the_builder() -> None:
    sent = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    copied = [name.split("/")[0] for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()]
    assert set(sent) == set(copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"][
        "packages"
    ]
    assert set(packages) <= set(copied)


@cache
def manifests() -> dict[str, Any]:
    """The manifests that the base names, by kind."""
    names = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    found = [yaml.safe_load((BASE / name).read_text(encoding="utf-8")) for name in names]
    return {item["kind"]: item for item in found}


def pod() -> Any:
    return manifests()["Deployment"]["spec"]["template"]["spec"]


def container() -> Any:
    (only,) = pod()["containers"]
    return only


def first_container() -> Any:
    """The one that runs before, and ends."""
    (only,) = pod()["initContainers"]
    return only


def set_in_pod() -> dict[str, str]:
    """The settings of the pod."""
    (found,) = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))["configMapGenerator"]
    return dict(line.split("=", 1) for line in found["literals"])


def composed(path: Path = SERVICES) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def as_set(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> StoreSettings:
    """The settings of the store that these variables give."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return StoreSettings()


def test_the_base_names_every_manifest_that_lies_beside_it() -> None:
    named = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    assert sorted(named) == sorted(path.name for path in BASE.glob("*.yaml") if path.name != "kustomization.yaml")


def test_the_pod_runs_without_root_and_without_rights() -> None:
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["runAsUser"] >= 10_000
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False
    for each in (container(), first_container()):
        security = each["securityContext"]
        assert (security["allowPrivilegeEscalation"], security["readOnlyRootFilesystem"]) == (False, True)
        assert security["capabilities"] == {"drop": ["ALL"]}


def test_the_pod_writes_in_memory_only() -> None:
    volumes = {volume["name"]: volume for volume in pod()["volumes"]}
    for each in (container(), first_container()):
        written = [mount["name"] for mount in each["volumeMounts"] if not mount.get("readOnly")]
        assert [volumes[name]["emptyDir"]["medium"] for name in written] == ["Memory"]


def test_the_pod_gets_no_settings_from_the_cluster() -> None:
    assert pod()["enableServiceLinks"] is False


def test_who_stops_the_service_waits_longer_than_it_takes() -> None:
    lasts = config.Settings.model_fields["stoptijd"].default
    *_, before = container()["lifecycle"]["preStop"]["exec"]["command"]
    assert int(before) + lasts < pod()["terminationGracePeriodSeconds"]
    for path in (SERVICES, WITH_SQLITE):
        assert lasts < int(composed(path)["services"]["dienst"]["stop_grace_period"].removesuffix("s"))


def test_a_secret_is_not_open_to_others() -> None:
    secrets = [volume["secret"] for volume in pod()["volumes"] if "secret" in volume]
    assert secrets
    assert all(secret["defaultMode"] & 0o037 == 0 for secret in secrets)


def test_the_pod_asks_for_what_it_needs_and_is_held_to_it() -> None:
    for each in (container(), first_container()):
        for kind in ("requests", "limits"):
            assert {"cpu", "memory"} <= set(each["resources"][kind])


@pytest.mark.parametrize("probe", ["startupProbe", "livenessProbe", "readinessProbe"])
def test_every_probe_asks_for_a_path_that_answers_without_signing_in(probe: str) -> None:
    asked = container()[probe]["httpGet"]
    assert asked["port"] in {port["name"] for port in container()["ports"]}
    assert TestClient(create_app(load_files(law()), examples=None)).get(asked["path"]).status_code == 200


def test_the_network_lets_in_what_it_names_and_nothing_else() -> None:
    policy = manifests()["NetworkPolicy"]["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    assert policy["podSelector"] == manifests()["Deployment"]["spec"]["selector"]
    assert all(rule.get("from") and rule.get("ports") for rule in policy["ingress"])
    assert all(rule.get("to") and rule.get("ports") for rule in policy["egress"])
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == {"api", "metrieken"}


def test_the_service_on_a_cluster_offers_the_api_and_not_the_metrics() -> None:
    assert [port["targetPort"] for port in manifests()["Service"]["spec"]["ports"]] == ["api"]


def test_the_tables_are_made_before_the_service_starts() -> None:
    makes, services = ["opslag", "bijwerken"], composed()["services"]
    assert first_container()["args"] == services["tabellen"]["command"] == makes
    assert first_container()["image"] == container()["image"]
    assert first_container()["envFrom"] == container()["envFrom"]
    assert services["tabellen"]["environment"] == services["dienst"]["environment"]
    assert services["tabellen"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["dienst"]["depends_on"] == {"tabellen": {"condition": "service_completed_successfully"}}
    assert services["tabellen"]["restart"] == "no"


def test_the_pod_keeps_what_it_keeps_in_the_database_that_its_network_lets_it_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    found = make_url(as_set(monkeypatch, set_in_pod()).url)
    egress = manifests()["NetworkPolicy"]["spec"]["egress"]
    reached = [to["podSelector"]["matchLabels"] for rule in egress for to in rule["to"] if "podSelector" in to]
    assert reached == [{"app.kubernetes.io/name": found.host}]
    assert (found.get_backend_name(), found.password) == ("postgresql", None)


def test_compose_keeps_what_it_keeps_in_the_database_beside_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    services = composed()["services"]
    found = make_url(as_set(monkeypatch, services["dienst"]["environment"]).url)
    database = services[found.host]
    assert set(database["networks"]) <= set(services["dienst"]["networks"]) & set(services["tabellen"]["networks"])
    assert (found.username, found.database) == (database["environment"]["POSTGRES_USER"], database["environment"]["POSTGRES_DB"])
    assert (found.get_backend_name(), found.password) == ("postgresql", None)


SECRETS = ("TOETSSTEEN_AANMELDEN_SLEUTELS", "TOETSSTEEN_OPSLAG_SLEUTELS", "TOETSSTEEN_OPSLAG_WACHTWOORD")


def test_every_secret_is_a_file_that_is_there() -> None:
    found = composed()
    for name in SECRETS:
        place, _, file = set_in_pod()[name].rpartition("/")
        assert place in [mount["mountPath"] for mount in container()["volumeMounts"] if mount.get("readOnly")]
        assert f"`{file}`" in (ROOT / "docs" / "beheer.md").read_text(encoding="utf-8")
        place, _, file = found["services"]["dienst"]["environment"][name].rpartition("/")
        assert place == "/run/secrets"
        assert file in found["services"]["dienst"]["secrets"]
        assert file in found["secrets"]
    assert "postgres" in found["services"]["tabellen"]["secrets"]
    assert found["services"]["database"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres"


def test_with_sqlite_the_store_and_its_keys_are_on_volumes_of_their_own_that_the_user_of_the_image_may_write_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (service,) = composed(WITH_SQLITE)["services"].values()
    settings = as_set(monkeypatch, service["environment"])
    volumes = dict(reversed(text.split(":")) for text in service["volumes"])
    places = [str(PurePosixPath(make_url(settings.url).database or "").parent), str(PurePosixPath(settings.key_file).parent)]
    assert sorted(volumes) == sorted(places)
    assert set(volumes.values()) == set(composed(WITH_SQLITE)["volumes"])
    made = re.findall(r"install --directory --owner=10001 [^&\n]*\\\n *([^\n]*)", DOCKERFILE)
    assert set(places) <= set(made[0].split())
    assert list(misfits(settings)) == []


@pytest.mark.parametrize(("path", "name"), [(SERVICES, "dienst"), (SERVICES, "tabellen"), (WITH_SQLITE, "dienst")])
def test_compose_takes_rights_away(path: Path, name: str) -> None:
    service = composed(path)["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_compose_keeps_the_database_inside() -> None:
    found = composed()
    database = found["services"]["database"]
    assert "ports" not in database
    assert all(found["networks"][name]["internal"] for name in database["networks"])
    assert not any("PASSWORD" in name and not name.endswith("_FILE") for name in database["environment"])


def test_every_setting_in_the_files_exists() -> None:
    known = {config.variable(model, name) for model in config.MODELS for name in model.model_fields} | set(config.ELSEWHERE)
    texts = [DOCKERFILE, *(path.read_text(encoding="utf-8") for path in (SERVICES, WITH_SQLITE, *BASE.glob("*.yaml")))]
    named = {name for text in texts for name in re.findall(r"\b(TOETSSTEEN_[A-Z_]+)\b", text)}
    assert named
    assert named <= known


def test_the_image_installs_only_what_the_lock_files_name_and_ends_without_root() -> None:
    installs = re.findall(r"pip install ([^&\n]*)", DOCKERFILE)
    assert installs
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    last = DOCKERFILE.rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "apt-get" not in last


def test_images_are_named_without_the_address_of_a_registry() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images += [service["image"] for path in (SERVICES, WITH_SQLITE) for service in composed(path)["services"].values()]
    images.append(container()["image"])
    assert not [image for image in images if "/" in image]
    assert all(":" in image and not image.endswith(":latest") for image in images[:-1])


def test_the_secrets_can_be_made_with_the_image_alone_as_the_page_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in re.findall(r"(TOETSSTEEN_\w+)=(\S+)", DOCKERFILE):
        monkeypatch.setenv(name, value)
    image = composed()["x-toetssteen"]["image"]
    made = [command[command.index(image) + 1 :] for command in commands(ROOT / "docs" / "beheer.md") if command[:2] == ["docker", "run"]]
    for command in made:
        result = CliRunner().invoke(program, [word.replace("/geheimen", str(tmp_path)) for word in command])
        assert result.exit_code == 0, result.output
    asked = {Path(secret["file"]).name for secret in composed()["secrets"].values()}
    assert {file.name for file in tmp_path.iterdir()} == asked - {"postgres"}
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
