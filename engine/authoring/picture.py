# SPDX-License-Identifier: EUPL-1.2
"""A picture of how one thing leads to another: boxes in layers from left to right, as SVG with a text alternative.

The layout is the classic one in three steps (Sugiyama, Tagawa and Toda, 1981): a layer for each box by its longest way
to the end, an order within the layers by the mean place of its neighbours, and then coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from markupsafe import escape

WIDTH, GAP, ROW, LINE, MARGIN = 180, 56, 14, 15, 12
_SWEEPS = 12
BEND = "bocht"
"""The sort of a box that is no box: where a long arrow passes a layer."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: ``sort`` is how it is drawn: stap, grond, uitkomst, elders."""

    name: str
    label: str
    sort: str


@dataclass(frozen=True, slots=True)
class _Placed:
    box: Box
    lines: tuple[str, ...]
    x: float
    y: float

    @property
    def height(self) -> float:
        return _height(self.box, self.lines)


def _height(box: Box, lines: Sequence[str]) -> float:
    return 4 if box.sort == BEND else LINE * len(lines) + 12


def ranks(boxes: Iterable[Box], arrows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The layer of each box, counted from the left: as far to the right as what follows from it allows.

    Of arrows that close a circle one does not count.
    """
    names = [box.name for box in boxes]
    after: dict[str, list[str]] = {name: [] for name in names}
    for start, end in dict.fromkeys(arrows):
        if start in after and end in after:
            after[start].append(end)
    depth: dict[str, int] = {}

    def measured(name: str, above: frozenset[str]) -> int:
        if name not in depth:
            here = above | {name}
            depth[name] = max((measured(end, here) + 1 for end in after[name] if end not in here), default=0)
        return depth[name]

    for name in names:
        measured(name, frozenset())
    deepest = max(depth.values(), default=0)
    return {name: deepest - depth[name] for name in names}


def layers(boxes: Iterable[Box], arrows: Iterable[tuple[str, str]]) -> tuple[list[list[Box]], list[list[str]]]:
    """Boxes by layer, and each arrow as the names that it passes: a bend in every layer between its ends.

    Arrows that leave one box share their bends, so that they run together as long as they can.
    """
    boxes = list(boxes)
    rank = ranks(boxes, arrows)
    found: list[list[Box]] = [[] for _ in range(max(rank.values(), default=0) + 1)]
    for box in boxes:
        found[rank[box.name]].append(box)
    routes: list[list[str]] = []
    bends: dict[str, Box] = {}
    for start, end in dict.fromkeys(arrows):
        if start in rank and end in rank and rank[start] < rank[end]:
            between = range(rank[start] + 1, rank[end])
            for layer in between:
                name = f"{start}>{layer}"
                if name not in bends:
                    bends[name] = Box(name, "", BEND)
                    found[layer].append(bends[name])
            routes.append([start, *(f"{start}>{layer}" for layer in between), end])
    return _untangled(found, routes), routes


def _untangled(found: list[list[Box]], routes: list[list[str]]) -> list[list[Box]]:
    """Each layer ordered by the mean place of the neighbours, a few times forth and back."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for start, end in dict.fromkeys(pair for route in routes for pair in pairwise(route)):
        after.setdefault(start, []).append(end)
        before.setdefault(end, []).append(start)
    for sweep in range(_SWEEPS):
        near = after if sweep % 2 == 0 else before
        order = reversed(range(len(found))) if sweep % 2 == 0 else range(len(found))
        place = {box.name: (index + 0.5) / len(layer) for layer in found for index, box in enumerate(layer)}
        for number in order:
            layer = found[number]
            wanted = {box.name: _mean(place, near.get(box.name, ()), place[box.name]) for box in layer}
            layer.sort(key=lambda box: wanted[box.name])
            place |= {box.name: (index + 0.5) / len(layer) for index, box in enumerate(layer)}
    return found


def _mean(place: Mapping[str, float], names: Sequence[str], otherwise: float) -> float:
    return sum(place[name] for name in names) / len(names) if names else otherwise


def svg(boxes: Iterable[Box], arrows: Iterable[tuple[str, str]], title: str, name: str) -> str:
    """The picture. ``name`` makes its ids unique in a page; its text alternative is :func:`told`."""
    boxes, arrows = list(boxes), list(dict.fromkeys(arrows))
    in_layers, routes = layers(boxes, arrows)
    placed = _placed(in_layers)
    width = max((found.x + WIDTH for found in placed.values()), default=0) + MARGIN
    height = max((found.y + found.height for found in placed.values()), default=0) + MARGIN
    parts = [
        f'<svg class="plaat" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-titel {name}-tekst" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<title id="{name}-titel">{escape(title)}</title>',
        f'<desc id="{name}-tekst">{escape(" ".join(told(boxes, arrows)))}</desc>',
        f'<defs><marker id="{name}-pijl" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#595959"/></marker></defs>',
    ]
    parts += [_arrow([placed[passed] for passed in route], name) for route in routes]
    parts += [_box(found) for found in placed.values() if found.box.sort != BEND]
    return "\n".join([*parts, "</svg>"])


def told(boxes: Iterable[Box], arrows: Iterable[tuple[str, str]]) -> list[str]:
    """The picture in sentences: for every box what leads to it."""
    labels = {box.name: box.label for box in boxes}
    into: dict[str, list[str]] = {}
    for start, end in dict.fromkeys(arrows):
        if start in labels and end in labels:
            into.setdefault(end, []).append(labels[start])
    return [f"{labels[end]} volgt uit: {', '.join(starts)}." for end in labels if (starts := into.get(end))]


def _placed(found: list[list[Box]]) -> dict[str, _Placed]:
    drafts = [[(box, tuple(wrap(box.label, 26)) or ("",)) for box in layer] for layer in found]
    heights = [sum(_height(box, lines) + ROW for box, lines in layer) - ROW for layer in drafts]
    tallest = max(heights, default=0)
    placed = {}
    for column, (layer, height) in enumerate(zip(drafts, heights, strict=True)):
        y = MARGIN + (tallest - height) / 2
        for box, lines in layer:
            one = placed[box.name] = _Placed(box, lines, MARGIN + column * (WIDTH + GAP), y)
            y += one.height + ROW
    return placed


def _arrow(passed: Sequence[_Placed], name: str) -> str:
    """A line from the right side of a box to the left side of another, level through every bend."""
    path = ""
    for start, end in pairwise(passed):
        x1, y1, x2, y2 = start.x + WIDTH, start.y + start.height / 2, end.x, end.y + end.height / 2
        head = f"L{x1:.1f} {y1:.1f}" if path else f"M{x1:.1f} {y1:.1f}"
        path += f"{head}C{x1 + GAP / 2:.1f} {y1:.1f} {x2 - GAP / 2:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return f'<path d="{path}" fill="none" stroke="#595959" marker-end="url(#{name}-pijl)"/>'


_DRAWN = {
    "stap": 'fill="#fff" stroke="#154273"',
    "grond": 'fill="#fff4d6" stroke="#8a5a00"',
    "uitkomst": 'fill="#154273" stroke="#154273"',
    "elders": 'fill="#f3f5f8" stroke="#595959" stroke-dasharray="4 3"',
}


def _box(found: _Placed) -> str:
    ink = "#fff" if found.box.sort == "uitkomst" else "#1b1b1b"
    lines = "".join(
        f'<tspan x="{found.x + WIDTH / 2:.1f}" y="{found.y + 6 + LINE * (number + 0.78):.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(found.lines)
    )
    return (
        f'<rect x="{found.x:.1f}" y="{found.y:.1f}" width="{WIDTH}" height="{found.height:.1f}" rx="4" {_DRAWN[found.box.sort]}/>'
        f'<text text-anchor="middle" font-family="sans-serif" font-size="12" fill="{ink}">{lines}</text>'
    )
