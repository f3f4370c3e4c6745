# SPDX-License-Identifier: EUPL-1.2
"""The register of deviations of a municipality: counts of what was decided alike, as they may be seen, for policy and equality.

Small counts are hidden together with what would give them away (:mod:`engine.authoring.suppress`). That holds for one table
over everything: a choice of a period or a law would let somebody subtract one table from another, so there is none.
"""

from __future__ import annotations

from typing import Any

from api.stored.archive import Archive
from engine.authoring.learning import export


def deviations(archive: Archive, municipality: str, page: int, size: int) -> dict[str, Any]:
    """A page of the register; the totals are those of the whole."""
    found = export(archive.decided(municipality).all).as_data()
    rows = found["afwijkingen"]

    def address(number: int) -> str:
        return f"/v1/afwijkingen?gemeente={municipality}&page={number}&pageSize={size}"

    return {
        "count": len(rows),
        "next": address(page + 1) if page * size < len(rows) else None,
        "previous": address(page - 1) if page > 1 else None,
        "results": rows[(page - 1) * size : page * size],
        "gemeente": municipality,
        "toelichting": found["toelichting"],
        "jaren": found["jaren"],
        "adviezen": found["adviezen"],
        "totaal": found["totaal"],
    }
