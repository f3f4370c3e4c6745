# SPDX-License-Identifier: EUPL-1.2
"""Profiles of hypothesis, chosen with HYPOTHESIS_PROFILE; and a scan of everything that is logged for what could be a BSN.

``quick`` is the default, ``ci`` takes the same examples every time, ``fuzz`` is one round of `make fuzz`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from api.logs import possible_bsns

COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    "print_blob": True,
}

settings.register_profile("quick", max_examples=100, **COMMON)  # type: ignore[arg-type]
# The same examples each time: what fails in CI fails again.
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True, database=None)
settings.register_profile("fuzz", settings.get_profile("quick"), max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True, scope="session")
def _rules_kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands keep loaded rules in a folder of the tests, not in that of the user: the law is loaded once, not with each command."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOETSSTEEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


class Collected(logging.Handler):
    """Everything that the code logs during the tests, before anything is masked, reduced to what could be a BSN."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep where a possible BSN was logged, never the number."""
        if record.name.startswith("httpx2"):  # the client of the tests, which tells the address that it calls
            return
        text = record.getMessage()
        if record.exc_info:
            text += logging.Formatter().formatException(record.exc_info)
        if possible_bsns(text):
            self.found.append(f"{record.name} ({record.pathname}:{record.lineno})")


COLLECTED = pytest.StashKey[Collected]()
FROM_PROCESSES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Listen to every logger, from the start of the run."""
    handler = config.stash[COLLECTED] = Collected()
    config.stash[FROM_PROCESSES] = []
    logging.getLogger().addHandler(handler)
    logging.getLogger("toetssteen").setLevel(logging.DEBUG)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a process of xdist found."""
    node.config.stash[FROM_PROCESSES] += getattr(node, "workeroutput", {}).get("possible_bsns", [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run where a number that passes the elfproef was logged; a process of xdist tells the one that started it."""
    found = session.config.stash[COLLECTED].found + session.config.stash[FROM_PROCESSES]
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["possible_bsns"] = found
    elif found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say where it was logged."""
    for place in sorted({*config.stash[COLLECTED].found, *config.stash[FROM_PROCESSES]}):
        terminalreporter.write_line(f"ERROR possible BSN in a log line of {place}", red=True)
