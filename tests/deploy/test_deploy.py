# SPDX-License-Identifier: EUPL-1.2
"""What the files for operation promise: no root, nothing to write on, only what the lock files name, probes that exist."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from api import config
from api.app import create_app
from engine.rulebook import load_files
from tests.helpers import law
from tests.law import ROOT

BASE = ROOT / "deploy" / "kustomize" / "base"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = ROOT / "deploy" / "compose.yaml"


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


def test_the_base_names_every_manifest_that_lies_beside_it() -> None:
    named = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    assert sorted(named) == sorted(path.name for path in BASE.glob("*.yaml") if path.name != "kustomization.yaml")


def test_the_pod_runs_without_root_and_without_rights() -> None:
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["securityContext"]["runAsUser"] >= 10_000
    assert pod()["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod()["automountServiceAccountToken"] is False
    security = container()["securityContext"]
    assert (security["allowPrivilegeEscalation"], security["readOnlyRootFilesystem"]) == (False, True)
    assert security["capabilities"] == {"drop": ["ALL"]}


def test_the_pod_writes_in_memory_only() -> None:
    written = [mount["name"] for mount in container()["volumeMounts"] if not mount.get("readOnly")]
    volumes = {volume["name"]: volume for volume in pod()["volumes"]}
    assert [volumes[name]["emptyDir"]["medium"] for name in written] == ["Memory"]


def test_a_secret_is_not_open_to_others() -> None:
    secrets = [volume["secret"] for volume in pod()["volumes"] if "secret" in volume]
    assert secrets
    assert all(secret["defaultMode"] & 0o037 == 0 for secret in secrets)


def test_the_pod_asks_for_what_it_needs_and_is_held_to_it() -> None:
    for kind in ("requests", "limits"):
        assert {"cpu", "memory"} <= set(container()["resources"][kind])


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


def test_compose_takes_rights_away_and_keeps_the_database_inside() -> None:
    found = yaml.safe_load(SERVICES.read_text(encoding="utf-8"))
    service, database = found["services"]["dienst"], found["services"]["database"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "ports" not in database
    assert all(found["networks"][name]["internal"] for name in database["networks"])
    assert not any("PASSWORD" in name and not name.endswith("_FILE") for name in database["environment"])


def test_every_setting_in_the_files_exists() -> None:
    known = {config.variable(model, name) for model in config.MODELS for name in model.model_fields} | set(config.ELSEWHERE)
    texts = [DOCKERFILE, SERVICES.read_text(encoding="utf-8"), *(path.read_text(encoding="utf-8") for path in BASE.glob("*.yaml"))]
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
    images += [service["image"] for service in yaml.safe_load(SERVICES.read_text(encoding="utf-8"))["services"].values()]
    images.append(container()["image"])
    assert not [image for image in images if "/" in image]
    assert all(":" in image and not image.endswith(":latest") for image in images[:-1])
