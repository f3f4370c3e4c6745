# SPDX-License-Identifier: EUPL-1.2
"""A rationale as one kind of reader gets it: parts with blocks of sentences, before anybody lays them out as text or page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.rationale.lexicon import used
from engine.rationale.parts import WORDS
from engine.rationale.wording import UNREAD


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: what is said, whether it is true, where it comes from, its ids, and what belongs under it."""

    text: str
    truth: str | None = None
    sources: tuple[Mapping[str, Any], ...] = ()
    ids: tuple[str, ...] = ()
    under: tuple[Said, ...] = ()

    def all(self) -> Iterator[Said]:
        """This statement and everything under it."""
        yield self
        for part in self.under:
            yield from part.all()


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that are read together, as sentences or as a list, under a title where there is one."""

    said: tuple[Said, ...]
    title: str = ""
    form: Literal["zinnen", "lijst", "genummerd"] = "lijst"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the thirteen parts (``key`` in :data:`engine.rationale.parts.PARTS`), or the list of words."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    def said(self) -> Iterator[Said]:
        """Every statement of the part."""
        for block in self.blocks:
            for said in block.said:
                yield from said.all()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole rendering; ``words`` are the explained words that it uses."""

    title: str
    top: tuple[Block, ...]
    parts: tuple[Part, ...]
    words: tuple[Mapping[str, Any], ...] = ()


def sentences(*texts: str | Said, title: str = "") -> Block:
    """Running text; what is empty is left out."""
    return Block(tuple(text if isinstance(text, Said) else Said(text) for text in texts if text), title, "zinnen")


def listed(title: str, said: Iterable[Said], *, numbered: bool = False) -> Block:
    """A list under a title."""
    return Block(tuple(said), title, "genummerd" if numbered else "lijst")


def part(key: str, title: str, *blocks: Block) -> Part:
    """A part without the blocks in which nothing is said."""
    return Part(key, title, tuple(block for block in blocks if block.said))


def document(title: str, top: Iterable[Block], parts: Iterable[Part], words: Iterable[Mapping[str, Any]], list_title: str) -> Document:
    """The parts in which something is said, with before the last one a list of the words that they use."""
    start, found = tuple(top), [item for item in parts if item.blocks]
    told = [block.title for block in start] + [said.text for block in start for item in block.said for said in item.all()]
    for item in found:
        told += [item.title, *(block.title for block in item.blocks), *(said.text for said in item.said())]
        told += [source["tekst"] for said in item.said() for source in said.sources]
    explained = tuple(used(words, "\n".join(told)))
    entries = [
        Said(f"{word['woord']}: {word['uitleg']}{UNREAD if word['status'] == 'te verifieren' else ''}", sources=sources_of(word))
        for word in explained
    ]
    if entries:
        found.insert(-1, Part(WORDS, list_title, (Block(tuple(entries)),)))
    return Document(title, start, tuple(found), explained)


def sources_of(item: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The source of a statement of the rationale, where it has one."""
    return (item["bron"],) if item["bron"] else ()
