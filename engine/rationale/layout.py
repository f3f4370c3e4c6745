# SPDX-License-Identifier: EUPL-1.2
"""Plain text: lines of one width, items that hang, and at the end the address of everything that is named."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.language.sources import RULING, ruling_link
from engine.rationale.document import Block, Document, Said
from engine.rationale.parts import PARTS

WIDTH = 100
MARK: Mapping[str, str] = {"waar": "[ja]", "onwaar": "[nee]", "onbekend": "[?]", "niet nagegaan": "[-]"}


def wrapped(text: str, indent: str = "", first: str | None = None) -> str:
    """A paragraph; an amount stays on one line with its euro sign."""
    kept = text.replace("€ ", "€\u00a0")
    start = indent if first is None else first
    return textwrap.fill(kept, WIDTH, initial_indent=start, subsequent_indent=indent, break_on_hyphens=False).replace("\u00a0", " ")


def bullet(text: str, depth: int = 0) -> str:
    """An item of a list, under another one where ``depth`` says so."""
    pad = "  " * depth
    return wrapped(text, pad + "  ", pad + "- ")


def part(title: str, lines: Iterable[str]) -> str:
    """A part under its title; nothing where it has no lines."""
    body = list(lines)
    return f"{title}\n{'-' * len(title)}\n" + "\n".join(body) if body else ""


def as_text(document: Document) -> str:
    """A document as text, ending in a line break."""
    told = ["\n".join([wrapped(document.title), *(line for block in document.top for line in _block(block))])]
    for found in document.parts:
        number = f"{PARTS.index(found.key) + 1}. " if found.key in PARTS else ""
        lines = [line for block in found.blocks for line in _block(block)]
        if found is document.parts[-1]:
            lines += linked([source for named in document.parts for said in named.said() for source in said.sources])
        told.append(part(number + found.title, lines))
    return "\n\n".join(told) + "\n"


def _block(block: Block) -> Iterator[str]:
    if block.title:
        yield wrapped(f"{block.title}:")
    for number, said in enumerate(block.said, 1):
        if block.form == "zinnen":
            yield wrapped(_said(said))
        else:
            yield from _items(said, 0, f"{number}. " if block.form == "genummerd" else "")


def _items(said: Said, depth: int, number: str = "") -> Iterator[str]:
    yield bullet(number + _said(said), depth)
    for under in said.under:
        yield from _items(under, depth + 1)


def _said(said: Said) -> str:
    """A statement in one line: `[ja] text (art. 1) [wet.1]`; a source that the text itself names is not told again."""
    sources = "; ".join(dict.fromkeys(source["tekst"] for source in said.sources if source["tekst"] not in said.text))
    mark = f"{MARK[said.truth]} " if said.truth else ""
    return mark + said.text + (f" ({sources})" if sources else "") + (f" [{', '.join(said.ids)}]" if said.ids else "")


# --- addresses -------------------------------------------------------------------------------------------------------


def linked(told: Any) -> Iterator[str]:
    """Where everything stands that this part of a rationale names, each once."""
    links = list(dict.fromkeys(_links(told)))
    for sort, title in _SORTS.items():
        found = [(name, address) for kind, name, address in links if kind == sort]
        if found:
            yield wrapped(title)
        for name, address in found:
            yield bullet(f"{name}:")
            yield f"  {address}"


_SORTS = {
    "artikel": "De artikelen, in de tekst die op de peildatum gold:",
    "uitspraak": "De uitspraken:",
    "gemeente": "Wat de gemeente heeft geregeld:",
}


def _links(node: Any) -> Iterator[tuple[str, str, str]]:
    """Every source of a rationale that has an address, by its sort and name, in the order in which it is told."""
    if isinstance(node, Mapping):
        if node.get("link"):
            yield from _addresses(node)
        for inner in node.values():
            yield from _links(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _links(inner)


def _addresses(source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if "cvdr" in source:
        yield "gemeente", source["titel"], source["link"]
    elif "ecli" in source:
        yield "uitspraak", source["ecli"], source["link"]
    elif source["regeling"]:
        law = "" if source["regeling"] in source["tekst"] else f", {source['regeling']}"
        yield "artikel", source["tekst"] + law, source["link"]
    else:
        yield from (("uitspraak", ecli, address) for ecli in RULING.findall(source["tekst"]) if (address := ruling_link(ecli)))
