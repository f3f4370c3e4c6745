# SPDX-License-Identifier: EUPL-1.2
"""The effect of a change as data (for JSON), and as a page with charts: complete in itself, without script, without persons.

The page names claims by their number in the file and shows no fact of a claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.authoring.impact import Example, Impact, Spread
from engine.rationale.html import STYLE
from engine.rationale.values import euro
from engine.rationale.wording import how_many

TEMPLATES = Path(__file__).parent / "templates"
CAUSES = 15
MOVES = 12
_BAR, _LABEL, _ROW = 360, 250, 26
_BINS = 12


def as_data(counted: Impact, a: str, b: str) -> dict[str, Any]:
    """Everything that was counted, under Dutch names; amounts are text in euros with a point."""
    return {
        "a": a,
        "b": b,
        "zaken": counted.total,
        "beoordeeld": counted.assessed,
        "veranderd": counted.changed,
        "veranderingen": dict(counted.changes.most_common()),
        "vanNaar": [
            {"van": old, "naar": new, "aantal": times} for (old, new), times in sorted(counted.moves.items(), key=lambda m: (-m[1], m[0]))
        ],
        "bedragen": {
            "tijdvak": counted.per,
            "omhoog": _spread(counted.up),
            "omlaag": _spread(counted.down),
            "somA": _euros(counted.before.total),
            "somB": _euros(counted.after.total),
        },
        "oorzaken": [
            {"regel": cause.rule, "bron": cause.source, "reden": cause.reason, "aantal": times}
            for cause, times in sorted(counted.causes.items(), key=lambda c: (-c[1], c[0]))
        ],
        "geweigerd": [
            {"door": side, "reden": reason, "aantal": times}
            for (side, reason), times in sorted(counted.refused.items(), key=lambda r: (-r[1], r[0]))
        ],
        "voorbeelden": [_example(example) for example in counted.examples],
    }


def _spread(spread: Spread) -> dict[str, Any]:
    return {
        "aantal": spread.count,
        "som": _euros(spread.total),
        "mediaan": _euros(spread.median),
        "grootste": _euros(spread.largest),
        "mediaanTotOp": _euros(spread.step),
    }


def _euros(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _example(example: Example) -> dict[str, Any]:
    return {
        "nummer": example.number,
        "verandering": example.change,
        "was": example.before,
        "wordt": example.after,
        "oorzaken": [str(cause) for cause in example.causes],
        "regels": list(example.lines),
    }


# --- charts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: its label, how many, the length in pixels and the place from the top."""

    label: str
    count: int
    width: int
    top: int
    accent: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of bars with what it says in words."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """The height of the picture."""
        return len(self.bars) * _ROW + 4

    @property
    def words(self) -> str:
        """The same in a sentence, for who does not see the picture."""
        return "; ".join(f"{bar.label}: {bar.count}" for bar in self.bars)


def _chart(title: str, rows: Sequence[tuple[str, int, bool]]) -> Chart | None:
    most = max((count for _, count, _ in rows), default=0)
    if most == 0:
        return None
    bars = [
        Bar(label, count, max(round(count / most * _BAR), 1 if count else 0), index * _ROW, accent)
        for index, (label, count, accent) in enumerate(rows)
    ]
    return Chart(title, tuple(bars))


def _moves(data: Mapping[str, Any]) -> Chart | None:
    found = [row for row in data["vanNaar"] if row["van"] != row["naar"]][:MOVES]
    rows = [(f"{row['van']} → {row['naar']}".replace("_", " "), row["aantal"], True) for row in found]
    stayed = sum(row["aantal"] for row in data["vanNaar"] if row["van"] == row["naar"])
    return _chart("Van uitkomst naar uitkomst", [*rows, ("zelfde uitkomst", stayed, False)])


def _histogram(counted: Impact) -> Chart | None:
    """How large the differences of the amount are, in bins of equal width."""
    counts = {**counted.down.counts, **counted.up.counts}
    if not counts:
        return None
    low, high = min(counts), max(counts)
    width = max(-(-(high - low + 1) // _BINS), 1)
    bins: dict[int, int] = {}
    for cents, times in counts.items():
        bins[(cents - low) // width] = bins.get((cents - low) // width, 0) + times
    rows = []
    for number in range(max(bins) + 1):
        start, end = low + number * width, min(low + (number + 1) * width - 1, high)
        label = euro(start) if start >= end else f"{euro(start)} tot en met {euro(end)}"
        rows.append((label, bins.get(number, 0), end > 0))
    return _chart("Verschil van het bedrag" + (f" per {counted.per}" if counted.per and counted.per != "eenmalig" else ""), rows)


def _changes(data: Mapping[str, Any]) -> Chart | None:
    rows = [("geen verandering", data["beoordeeld"] - data["veranderd"], False)]
    return _chart("Wat er verandert", [*((name, times, True) for name, times in data["veranderingen"].items()), *rows])


# --- the page --------------------------------------------------------------------------------------------------------


def render(counted: Impact, a: str, b: str) -> str:
    """A complete page."""
    data = as_data(counted, a, b)
    charts = [chart for chart in (_changes(data), _moves(data), _histogram(counted)) if chart is not None]
    return _environment.get_template("gevolgen.html").render(
        data=data,
        charts=charts,
        style=Markup(STYLE),
        label=_LABEL,
        bar=_BAR,
        causes=CAUSES,
        counted=counted,
        euro=euro,
        share=share,
        how_many=how_many,
    )


def share(part: int, whole: int) -> str:
    """A share as people read it: `12,5%`."""
    return "0%" if whole == 0 else f"{part / whole * 100:.1f}".replace(".", ",") + "%"


_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
