# SPDX-License-Identifier: EUPL-1.2
"""All facts of a program with what a claim gives laid over them: what was not said is assumed or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from engine.model.claim import Given
from engine.model.program import Fact
from engine.model.values import GEEN, CauseKind, Unknown, Value
from engine.rulebook import Compiled


def complete_facts(compiled: Compiled, given: Mapping[str, Given], day: date) -> tuple[dict[str, Value], tuple[str, ...]]:
    """All facts of a program with what a claim gives laid over them, and the paths that rest on an assumption."""
    program = compiled.program
    facts = dict(_blank(compiled))
    facts["peildatum"] = day
    for name in program.groups:
        if name in given and program.facts[name].kind.optional:
            facts |= group_facts(compiled, name, given[name].value)
    for path, fact in given.items():
        facts[path] = fact.value
    there = [path for path in _assumable(compiled) if path not in given and ("." not in path or facts[path.partition(".")[0]] is not GEEN)]
    assumed = tuple(path for path in there if facts[path] == program.facts[path].assumed or facts[path] is program.facts[path].assumed)
    return facts, assumed


def group_facts(compiled: Compiled, name: str, present: Value) -> dict[str, Value]:
    """The facts of a group when it is there (assumed or unknown members) or when there is none (all `geen`)."""
    members = compiled.members[name].values()
    return {name: present, **{fact.path: GEEN if present is GEEN else absent(fact.path, fact) for fact in members}}


def absent(path: str, fact: Fact) -> Value:
    """What a fact is as long as nobody said it: what is assumed, otherwise unknown."""
    if fact.assumed is not None:
        return fact.assumed
    kind = CauseKind.CHOICE if fact.power_of else CauseKind.JUDGEMENT if fact.judged else CauseKind.FACT
    return Unknown.because(kind, path)


@lru_cache(maxsize=64)
def _blank(compiled: Compiled) -> Mapping[str, Value]:
    program = compiled.program
    facts = {path: absent(path, fact) for path, fact in program.facts.items()}
    for name in program.groups:
        if program.facts[name].kind.optional:
            missing = facts[name]
            facts |= {path: missing for path in program.facts if path.startswith(f"{name}.")}
        else:
            facts[name] = True
    return facts


@lru_cache(maxsize=64)
def _assumable(compiled: Compiled) -> tuple[str, ...]:
    return tuple(path for path, fact in compiled.program.facts.items() if fact.assumed is not None)
