# SPDX-License-Identifier: EUPL-1.2
"""Pages of a list: how many items stand on one, and how far one may leaf."""

from __future__ import annotations

USUAL_SIZE, MOST = 20, 100
LAST_PAGE = 100_000
