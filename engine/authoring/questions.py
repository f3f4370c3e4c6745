# SPDX-License-Identifier: EUPL-1.2
"""What a claim can be asked: the facts that the rules of a program read, with question, kind and who can answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.language.checks import names_used
from engine.model.kinds import Base
from engine.model.program import Fact, Program
from engine.rationale.values import show


@dataclass(frozen=True, slots=True)
class Asked:
    """One fact with the group or list it stands in (empty: on its own)."""

    group: str
    name: str
    fact: Fact


def asked(program: Program) -> Iterator[Asked]:
    """The facts that a program reads, in the order of their declaration: persons first, then lists, then the rest."""
    used = names_used(program)
    for name in program.groups:
        for path, fact in program.facts.items():
            first, _, rest = path.partition(".")
            if first == name and rest and f"{program.groups[name]}/{rest}" in used:
                yield Asked(name, rest, fact)
    for name, described in program.lists.items():
        if name in used:
            for member, fact in described.members.items():
                if f"{described.group}/{member}" in used:
                    yield Asked(name, member, fact)
    for path, fact in program.facts.items():
        single = "." not in path and fact.kind.base not in (Base.GROUP, Base.LIST)
        if single and (path in used or fact.power_of is not None):
            yield Asked("", path, fact)


def as_text(program: Program) -> str:
    """The same as plain text."""
    since = f"{program.title}, regels geldig vanaf {program.valid_from}"
    elsewhere = f"{program.laws[program.law].name}, een uitkomst van elders" if program.law in program.laws else program.title
    lines = [f"{since if program.rules else elsewhere}: wat er gevraagd kan worden", ""]
    group = None
    for item in asked(program):
        if item.group != group:
            group = item.group
            lines += ["", f"{group or 'Overig'}{' (lijst)' if group in program.lists else ''}"]
        fact = item.fact
        kind = f"{fact.kind}: {', '.join(fact.kind.choices)}" if fact.kind.choices else str(fact.kind)
        notes = [kind]
        if fact.kind.optional:
            notes.append("mag geen zijn")
        if fact.judged:
            notes.append(f"oordeel van {', '.join(fact.decl.judged_by)}")
        elif fact.decl.origin:
            notes.append(f"uit {fact.decl.origin}")
        if fact.assumed is not None:
            notes.append(f"aanname: {show(fact.assumed, fact.kind)}")
        lines.append(f"  {item.name}  ({'; '.join(notes)})")
        if fact.decl.question:
            lines.append(f"      {fact.decl.question}")
    return "\n".join(lines) + "\n"
