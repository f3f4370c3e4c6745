# SPDX-License-Identifier: EUPL-1.2
"""From a circuit to rules of durable_rules, within the part of it that was found to be safe.

A *token* is a literal that holds: 2n says that node n is true, 2n + 1 that it is false. A gate becomes rules that
derive its two tokens: one rule that needs every input, and one rule per input that is enough by itself. Neither token
derived is unknown; so there is no negation, no join and nothing to retract, and the order of facts cannot matter.

Gates are cut into stages, each a ruleset of its own, run one after the other. A stage is so small that no limit of the
C code can be reached: 255 rules that read one fact, 512 tests at one level, 4,096 rules, 16 facts in a rule; and that the
memory that it takes for a case stays in the cache of a processor core (12 kB for each condition, 9 kB for each fact, written
anew for every case).

A token is a fact with a field of its own, ``k17``, beside one for its bucket: the C code finds the tests of a field by its
name, but goes through all tests of one name.

Each stage begins with a rule that fires on the constant true. The C code frees a pointer that only the first action
sets, so a case in which no rule at all fires could end the process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.logic.circuit import TRUE, Circuit, Gate, opposite

WIDEST = 16
"""The most conditions of one rule."""

STAGE_RULES = 50
"""The most rules of one stage."""

BUCKET = 8
"""How many facts share a first-level test: a fact is held against every bucket, then against every fact of its bucket."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One ruleset: ``rules`` as JSON, the token that each rule derives, and the tokens it reads with their number in it."""

    rules: str
    derives: tuple[int, ...]
    reads: tuple[int, ...]

    def plain(self) -> dict[str, object]:
        """What the worker gets."""
        return {"rules": self.rules, "derives": self.derives, "facts": [(token, _fields(place)) for place, token in enumerate(self.reads)]}


def stages_of(circuit: Circuit) -> tuple[Stage, ...]:
    """The rulesets of a circuit, in the order in which they run."""
    gates = list(_narrow(circuit))
    stages = []
    current: list[tuple[int, Gate]] = []
    rules = 1
    for node, gate in sorted(gates, key=lambda item: item[1].layer):
        size = 1 + len(gate.inputs)
        if rules + size > STAGE_RULES:
            stages.append(_stage(current))
            current, rules = [], 1
        current.append((node, gate))
        rules += size
    return (*stages, _stage(current)) if current else tuple(stages)


def _narrow(circuit: Circuit) -> Iterator[tuple[int, Gate]]:
    """Every gate with its node; one that is too wide after gates that each gather some of its inputs."""
    spare = circuit.first_gate + len(circuit.gates)
    for number, gate in enumerate(circuit.gates):
        inputs = gate.inputs
        while len(inputs) > WIDEST:
            gathered = []
            for start in range(0, len(inputs), WIDEST):
                yield spare, Gate(gate.conjunction, inputs[start : start + WIDEST], gate.layer)
                gathered.append(2 * spare)
                spare += 1
            inputs = tuple(gathered)
        yield circuit.first_gate + number, Gate(gate.conjunction, inputs, gate.layer)


def _derivations(node: int, gate: Gate) -> Iterator[tuple[int, tuple[int, ...]]]:
    """What a gate derives, from which tokens together."""
    all_of_them = 2 * node if gate.conjunction else 2 * node + 1
    needed = gate.inputs if gate.conjunction else tuple(opposite(token) for token in gate.inputs)
    yield all_of_them, needed
    for token in needed:
        yield opposite(all_of_them), (opposite(token),)


def _stage(gates: Iterable[tuple[int, Gate]]) -> Stage:
    derivations: list[tuple[int, int, tuple[int, ...]]] = [(0, TRUE, (TRUE,))]
    derivations += [(gate.layer, *derivation) for node, gate in gates for derivation in _derivations(node, gate)]
    reads = tuple(sorted({token for _, _, needed in derivations for token in needed}))
    place = {token: number for number, token in enumerate(reads)}
    rules = {
        f"r{number}": {"pri": layer, "dist": 0, "all": [{f"m{index}": _test(place[token])} for index, token in enumerate(needed)]}
        for number, (layer, _, needed) in enumerate(derivations)
    }
    return Stage(json.dumps(rules), tuple(token for _, token, _ in derivations), reads)


def _fields(number: int) -> dict[str, int]:
    """The fields of a fact, by its number in its stage: what the rules know it by."""
    bucket = number // BUCKET
    return {f"b{bucket}": bucket, f"k{number}": number}


def _test(number: int) -> dict[str, object]:
    return {"$and": [{name: value} for name, value in _fields(number).items()]}
