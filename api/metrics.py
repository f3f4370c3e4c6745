# SPDX-License-Identifier: EUPL-1.2
"""Prometheus metrics, on a port of their own; none of them is about a person.

With several worker processes each writes to a shared folder (``PROMETHEUS_MULTIPROC_DIR``, set before this module is
imported) and the parent adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from engine.logic.state import State
from engine.model.problems import EngineError
from engine.passes.assess import Assessment, SecondOpinion
from engine.rulebook import Compiled

ASSESSMENTS = Counter("toetssteen_beoordelingen", "Beoordelingen naar aanspraak en uitkomst van de regels.", ("aanspraak", "uitkomst"))
LATENCY = Histogram(
    "toetssteen_verzoek_seconds",
    "Duur van verzoeken naar bewerking en status.",
    ("bewerking", "status"),
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
DISAGREED = Counter("toetssteen_motoren_oneens", "Zaken waarin de tweede motor iets anders zei: geen beoordeling.", ("aanspraak",))
NO_OPINION = Counter("toetssteen_tweede_mening_ontbreekt", "Beoordelingen waarop de tweede motor geen antwoord gaf.", ("aanspraak",))
DECIDED = Counter("toetssteen_besluiten", "Besluiten van mensen, en of zij het advies volgen.", ("aanspraak", "gevolgd"))
REFUSED = Gauge("toetssteen_regels_geweigerd", "1 als de laatst aangeboden regels niet laden.", multiprocess_mode="livemax")


def assessed(assessment: Assessment) -> None:
    """Count an assessment."""
    ASSESSMENTS.labels(assessment.claim.claim, assessment.first.result).inc()


def requested(operation: str, status: int, seconds: float) -> None:
    """Note how long a request took; status 0 is one that nobody waited for."""
    LATENCY.labels(operation, str(status)).observe(seconds)


def decided(claim: str, *, followed: bool) -> None:
    """Count a decision that a person took on an assessment, and whether it is what the advice says."""
    DECIDED.labels(claim, "ja" if followed else "nee").inc()


def released(*, refused: bool) -> None:
    """Note whether the last rules that were offered were refused."""
    REFUSED.set(int(refused))


@dataclass(frozen=True)
class Watched:
    """A second opinion that counts where it differs and where it is missing."""

    opinion: SecondOpinion

    @contextmanager
    def asked(self, compiled: Compiled, state: State) -> Iterator[Callable[[], str]]:
        """As the opinion itself."""
        claim = compiled.program.claim
        with self.opinion.asked(compiled, state) as answer:

            def counted() -> str:
                try:
                    found = answer()
                except EngineError:
                    DISAGREED.labels(claim).inc()
                    raise
                if found == "geen":
                    NO_OPINION.labels(claim).inc()
                return found

            yield counted


def serve(host: str, port: int, folder: Path | None = None) -> None:
    """Serve the metrics of this process, or of all processes that write to ``folder``. Raises :class:`OSError` when the port is taken."""
    registry = REGISTRY
    if folder is not None:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    start_http_server(port, addr=host, registry=registry)
