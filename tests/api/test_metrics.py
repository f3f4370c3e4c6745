# SPDX-License-Identifier: EUPL-1.2
"""What is counted: assessments, how long requests take, where the engines differ, where an opinion is missing, decisions."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from starlette.testclient import TestClient

from api import metrics
from api.app import create_app
from benchmarks.service import free_port
from engine.model.problems import EngineError
from engine.rulebook import load_files
from tests.helpers import Opinion, claim, law

BOOK = load_files(law("- {id: wet.1, bron: art. 1, bepaalt: uit, rol: voorwaarde, als: a}"))
CLAIM = "wet/aanspraak"
CALCULATE = "/v1/beoordelingen/_bereken"


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_assessments_are_counted_by_claim_and_result() -> None:
    before = value("toetssteen_beoordelingen_total", aanspraak=CLAIM, uitkomst="gereed")
    TestClient(create_app(BOOK, examples=None)).post(CALCULATE, json=claim())
    assert value("toetssteen_beoordelingen_total", aanspraak=CLAIM, uitkomst="gereed") == before + 1


def test_how_long_a_request_took_is_kept_by_operation_and_never_by_address() -> None:
    client = TestClient(create_app(BOOK, examples=None))
    before = value("toetssteen_verzoek_seconds_count", bewerking="haalRegeling", status="404")
    client.get("/v1/regelingen/iets")
    client.get("/iets/anders")
    assert value("toetssteen_verzoek_seconds_count", bewerking="haalRegeling", status="404") == before + 1
    assert value("toetssteen_verzoek_seconds_count", bewerking="onbekend", status="404") >= 1
    assert not any("iets" in str(sample.labels) for metric in REGISTRY.collect() for sample in metric.samples)


def test_engines_that_differ_are_counted() -> None:
    before = value("toetssteen_motoren_oneens_total", aanspraak=CLAIM)
    client = TestClient(create_app(BOOK, metrics.Watched(Opinion(EngineError("anders"))), examples=None), raise_server_exceptions=False)
    assert client.post(CALCULATE, json=claim()).status_code == 500
    assert value("toetssteen_motoren_oneens_total", aanspraak=CLAIM) == before + 1


@pytest.mark.parametrize(("opinion", "more"), [("geen", 1), ("gelijk", 0)])
def test_a_second_opinion_that_is_missing_is_counted(opinion: str, more: int) -> None:
    before = value("toetssteen_tweede_mening_ontbreekt_total", aanspraak=CLAIM)
    client = TestClient(create_app(BOOK, metrics.Watched(Opinion(opinion)), examples=None))
    assert client.post(CALCULATE, json=claim()).json()["tweedeMening"] == opinion
    assert value("toetssteen_tweede_mening_ontbreekt_total", aanspraak=CLAIM) == before + more


def test_decisions_are_counted_by_whether_they_follow_the_advice() -> None:
    before = [value("toetssteen_besluiten_total", aanspraak=CLAIM, gevolgd=word) for word in ("ja", "nee")]
    metrics.decided(CLAIM, followed=True)
    metrics.decided(CLAIM, followed=True)
    metrics.decided(CLAIM, followed=False)
    after = [value("toetssteen_besluiten_total", aanspraak=CLAIM, gevolgd=word) for word in ("ja", "nee")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 1]


def test_the_metrics_stand_on_a_port_of_their_own_and_not_in_the_api() -> None:
    port = free_port()
    metrics.serve("127.0.0.1", port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert b"toetssteen_regels_geweigerd" in answer.read()
    assert TestClient(create_app(BOOK, examples=None)).get("/metrics").status_code == 404


def test_the_counts_of_several_processes_are_added_up(tmp_path: Path) -> None:
    count = "from api import metrics; metrics.decided('wet/samen', followed=True); metrics.released(refused=False)"
    for _ in range(2):
        subprocess.run([sys.executable, "-c", count], check=True, env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)})
    port = free_port()
    metrics.serve("127.0.0.1", port, tmp_path)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        assert 'toetssteen_besluiten_total{aanspraak="wet/samen",gevolgd="ja"} 2.0' in answer.read().decode()
