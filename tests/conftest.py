# SPDX-License-Identifier: EUPL-1.2
"""Profiles of hypothesis, chosen with HYPOTHESIS_PROFILE.

``quick`` is the default, ``ci`` takes the same examples every time, ``fuzz`` is one round of `make fuzz`.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    "print_blob": True,
}

settings.register_profile("quick", max_examples=100, **COMMON)  # type: ignore[arg-type]
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True, database=None)
settings.register_profile("fuzz", settings.get_profile("quick"), max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
