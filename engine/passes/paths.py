# SPDX-License-Identifier: EUPL-1.2
"""Facts by their path: `aanvrager.leeftijd`, or `kinderen[0].naam` for a member of a list item."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model import tree
from engine.model.program import Fact, Program


def fact_at(program: Program, path: str) -> Fact:
    """The fact behind a path; for a member of a list item its declaration."""
    if path in program.facts:
        return program.facts[path]
    if path in program.decisions:
        return program.decisions[path]
    name, _, rest = path.partition("[")
    return program.lists[name].members[rest.partition("].")[2]]


def generic(path: str) -> str:
    """A path without the number of a list item: what limits are known by."""
    if "[" in path:
        name, _, rest = path.partition("[")
        return f"{name}[].{rest.partition('].')[2]}"
    return path


def root(path: str) -> str:
    """The fact or list that a path leads into."""
    return path.partition("[")[0] if "[" in path else path


def paths_of(node: tree.Node) -> Iterator[str]:
    """The facts, groups and lists that a node names."""
    if isinstance(node, tree.FactRef | tree.Present):
        yield node.path
    elif isinstance(node, tree.MemberRef | tree.Exists | tree.ForAll | tree.Count | tree.Sum | tree.MemberOutcomeRef):
        yield node.list
