# SPDX-License-Identifier: EUPL-1.2
"""Assembly: the regelsets in force become one typed program, or a list of everything that is wrong.

Order of work: names and kinds (``names``), rules (``rules``), grounds and ladder (``ladder``), the reversed test
(``reversed_test``), and last the order of evaluation (``order``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from graphlib import CycleError
from typing import Any

from engine.language.checker import Checker
from engine.language.conditions import Conditions
from engine.language.facts import FactTable, decision_fact, power_fact
from engine.language.ladder import derived, grounds_of, ladder_of
from engine.language.names import Names
from engine.language.order import depends_on, in_order, owners, rule_nodes
from engine.language.reversed_test import Reversed, Rules, second_pass_of
from engine.language.rules import outcomes_of
from engine.language.scope import Scope
from engine.language.versions import RuleSet, in_force
from engine.model import documents as doc, tree
from engine.model.kinds import BOOL, Base
from engine.model.problems import Problem, meant
from engine.model.program import Amount, Fact, Ground, Law, Program, RuleInfo, Rung, SecondPass, Version
from engine.model.stages import WORDS


@dataclass(frozen=True)
class Parts:
    """What assembly needs of the library beside the regelsets."""

    facts: FactTable
    amounts: Mapping[str, Amount]
    laws: Mapping[str, Law]
    reversed: Reversed
    sets: Mapping[str, tuple[RuleSet, ...]]


def assemble(claim: RuleSet, day: date, valid_from: date, valid_until: date | None, parts: Parts) -> tuple[Program | None, list[Problem]]:
    """One program of a claim for the stretch of time that holds ``day``; None when something is wrong."""
    return _Assembly(claim, day, valid_from, valid_until, parts).run()


def used_sets(
    claim: RuleSet, sets: Mapping[str, tuple[RuleSet, ...]], day: date, documents: Reversed | None = None
) -> tuple[list[RuleSet], list[RuleSet]]:
    """The regelsets whose names are directly visible (the claim's own first), and those only named with dots.

    A name with dots counts wherever the claim may write one: rules, ladder, and the reversed test in ``documents``.
    """
    beside = [] if documents is None else [document.model_dump() for _, document, _ in documents.documents]
    visible: list[RuleSet] = []
    dotted: list[RuleSet] = []
    queue: list[tuple[RuleSet, bool]] = [(claim, True)]
    while queue:
        current, direct = queue.pop(0)
        if current in visible or (current in dotted and not direct):
            continue
        if direct:
            dotted = [found for found in dotted if found is not current]
        (visible if direct else dotted).append(current)
        for name in current.uses:
            if found := in_force(sets.get(name, ()), day):
                queue.append((found, direct))
        for name in _named_sets(current, sets, beside if current is claim else ()):
            if found := in_force(sets[name], day):
                queue.append((found, False))
    return visible, dotted


_DOTTED = re.compile(r"(?<![a-z0-9_.])([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.[a-z]")


def _named_sets(current: RuleSet, sets: Mapping[str, Any], beside: Iterable[Any]) -> Iterator[str]:
    ladder = current.assessment.model_dump() if current.assessment is not None else {}
    for text in _texts([*(rule.decl.model_dump() for rule in current.rules.values()), ladder, *beside]):
        for law, name in _DOTTED.findall(text):
            if f"{law}/{name}" in sets:
                yield f"{law}/{name}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Iterable):
        for inner in value:
            yield from _texts(inner)


def _levels(sets: Mapping[str, tuple[RuleSet, ...]]) -> dict[str, doc.Level]:
    """Every rule of any version with its level, the highest where versions differ."""
    found: dict[str, doc.Level] = {}
    for versions in sets.values():
        for version in versions:
            for rule, text in version.rules.items():
                if rule not in found or doc.is_above(text.decl.level, found[rule]):
                    found[rule] = text.decl.level
    return found


class _Assembly:
    def __init__(self, claim: RuleSet, day: date, valid_from: date, valid_until: date | None, parts: Parts) -> None:
        self.claim, self.day, self.valid_from, self.valid_until, self.parts = claim, day, valid_from, valid_until, parts
        self.problems: list[Problem] = []
        self.visible, self.dotted = used_sets(claim, parts.sets, day, parts.reversed)

    def run(self) -> tuple[Program | None, list[Problem]]:
        self._check_uses()
        self._check_version_by()
        names = Names(self.visible, self.dotted, self.parts.facts, self.parts.amounts, self.problems)
        powers = {fact.path: fact for rule in names.rules() if rule.decl.modality == "kan" for fact in (power_fact(rule.decl),)}
        facts = {**self.parts.facts.facts, **powers}
        scope = self._scope(names, frozenset(str(fact.power_of) for fact in powers.values()))
        names.lines = lines = Conditions(Checker(scope), self.problems)
        presence = self._presence(lines)
        outcomes = outcomes_of(names)
        own = {rule.decl.id: rule.decl.role for ruleset in self.visible for rule in ruleset.rules.values()}
        grounds = grounds_of(outcomes, own)
        decisions = self._decisions(outcomes, grounds)
        outcomes += derived(grounds, presence, {rule.decl.id: rule.decl.per_item for rule in names.rules()})
        assert self.claim.assessment is not None
        assert self.claim.assessment_source is not None
        ladder = ladder_of(self.claim.assessment, self.claim.assessment_source, lines)
        second = self._second_pass(scope, names, facts)
        self._check_definitions(outcomes, names)
        ordered = None if self.problems else self._ordered(outcomes, names)
        if ordered is None:
            return None, self.problems
        return self._program(facts, presence, ordered, grounds, ladder, second, decisions), self.problems

    def _scope(self, names: Names, powers: frozenset[str]) -> Scope:
        table = self.parts.facts
        return Scope(
            facts=table.top_kinds(),
            groups=table.group_kinds(),
            members=table.members,
            lists={name: fact.group for name, fact in table.lists.items()},
            composed=table.composed,
            amounts={name: amount.kind for name, amount in self.parts.amounts.items()},
            outcomes=names.known,
            powers=powers,
            kind_of=names.kind_of,
        )

    def _second_pass(self, scope: Scope, names: Names, facts: Mapping[str, Fact]) -> SecondPass:
        lines = Conditions(Checker(replace(scope, extra=dict.fromkeys(WORDS, BOOL))), self.problems)
        present = frozenset(rule.decl.id for rule in names.rules())
        known = _levels(self.parts.sets)
        return second_pass_of(self.parts.reversed, lines, facts, Rules(present, known, self.valid_from, self.valid_until, self.parts.laws))

    def _program(
        self,
        facts: Mapping[str, Fact],
        presence: Mapping[str, tuple[tuple[str, tree.Criterion], ...]],
        outcomes: tuple[tree.Outcome, ...],
        grounds: tuple[Ground, ...],
        ladder: tuple[Rung, ...],
        second: SecondPass,
        decisions: Mapping[str, Fact],
    ) -> Program:
        rules = {
            rule.decl.id: RuleInfo(rule.decl, ruleset.law, ruleset.name, rule.version, rule.source.place(rule.path))
            for ruleset in (*self.visible, *self.dotted)
            for rule in ruleset.rules.values()
        }
        versions = tuple(
            Version(
                ruleset.name,
                ruleset.title,
                ruleset.document.valid_from,
                ruleset.valid_until,
                ruleset.document.known_from,
                ruleset.document.status,
                ruleset.document.note,
                tuple(sorted(rule.decl.id for rule in ruleset.rules.values() if rule.decl.status == "te verifieren")),
            )
            for ruleset in (*self.visible, *self.dotted)
        )
        assert self.claim.assessment is not None
        return Program(
            claim=self.claim.name,
            title=self.claim.title,
            sort=self.claim.assessment.sort,
            law=self.claim.law,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            versions=versions,
            facts=facts,
            lists=self.parts.facts.lists,
            groups=self.parts.facts.group_members(),
            composed=presence,
            amounts=self.parts.amounts,
            outcomes=outcomes,
            rules=rules,
            grounds=grounds,
            ladder=ladder,
            second=second,
            laws=self.parts.laws,
            origins=self.parts.facts.origins,
            decisions=decisions,
            version_by=self.claim.version_by,
        )

    def _decisions(self, outcomes: list[tree.Outcome], grounds: tuple[Ground, ...]) -> dict[str, Fact]:
        """What other regelsets decide about the whole case, as a fact that a claim may give; never a ground of this claim."""
        own = f"{self.claim.name.replace('/', '.')}."
        blocking = {ground.outcome for ground in grounds}
        return {
            outcome.key: decision_fact(outcome.key, outcome.kind)
            for outcome in outcomes
            if outcome.person is None and outcome.list is None and not outcome.key.startswith(own) and outcome.key not in blocking
        }

    def _check_version_by(self) -> None:
        name = self.claim.version_by
        fact = None if name is None else self.parts.facts.facts.get(name)
        if name is not None and (fact is None or fact.kind.base is not Base.DATE):
            self.problems.append(
                self.claim.source.problem(
                    "TS-V04",
                    ("versie volgens",),
                    f"`{name}` is geen gegeven van soort datum.",
                    meant(name, (path for path, found in self.parts.facts.facts.items() if found.kind.base is Base.DATE))
                    or "Noem de datum die bepaalt welke versie geldt.",
                )
            )

    def _check_uses(self) -> None:
        for ruleset in (*self.visible, *self.dotted):
            for index, name in enumerate(ruleset.uses):
                if name not in self.parts.sets:
                    self.problems.append(
                        ruleset.source.problem(
                            "TS-C01", ("gebruikt", index), f"De regelset `{name}` bestaat niet.", meant(name, self.parts.sets)
                        )
                    )
                elif in_force(self.parts.sets[name], self.day) is None:
                    self.problems.append(
                        ruleset.source.problem(
                            "TS-C02",
                            ("gebruikt", index),
                            f"De regelset `{name}` heeft geen versie die geldt op {self.day}.",
                            "Voeg een eerdere versie toe.",
                        )
                    )

    def _presence(self, lines: Conditions) -> dict[str, tuple[tuple[str, tree.Criterion], ...]]:
        result = {}
        for name, persons in self.parts.facts.composed.items():
            found = []
            for person in persons:
                source, path = self.parts.facts.composed_places[name]
                criterion = lines.attempt(source, path, lambda person=person: lines.checker.presence(person))  # type: ignore[misc]
                found.append((person.name, criterion if criterion is not None else tree.Const(True)))
            result[name] = tuple(found)
        return result

    def _check_definitions(self, outcomes: list[tree.Outcome], names: Names) -> None:
        """What is defined rests on facts, amounts and other definitions: never on what was decided."""
        owner = owners(outcomes)
        by_key = {outcome.key: outcome for outcome in outcomes}
        for outcome in outcomes:
            read = sorted({by_key[key].name for key in depends_on(outcome, owner) if not by_key[key].settled}) if outcome.settled else []
            if read:
                text = next(found for found in names.rules() if found.decl.id == outcome.rules[0].id)
                problem = text.source.problem(
                    "TS-C26",
                    (*text.path, "bepaalt"),
                    f"De begripsbepaling `{outcome.name}` rust op {', '.join(f'`{name}`' for name in read)}: geen begripsbepaling.",
                    "Maak daarvan ook een begripsbepaling, of laat deze `rol` weg.",
                )
                self.problems += [problem] if problem not in self.problems else []

    def _ordered(self, outcomes: list[tree.Outcome], names: Names) -> tuple[tree.Outcome, ...] | None:
        try:
            return in_order(outcomes)
        except CycleError as error:
            by_key = {outcome.key: outcome for outcome in outcomes}
            chain = [by_key[key].name for key in error.args[1]]
            outcome = by_key[error.args[1][0]]
            text = next((found for found in names.rules() if outcome.rules and found.decl.id == outcome.rules[0].id), None)
            source, path = (text.source, (*text.path, "bepaalt")) if text else (self.claim.source, ())
            self.problems.append(
                source.problem(
                    "TS-C09",
                    path,
                    f"Deze uitkomsten hangen in een kring van elkaar af: {' -> '.join(chain)}.",
                    "Verbreek de kring: een uitkomst kan niet van zichzelf afhangen.",
                )
            )
            return None


__all__ = ["Parts", "assemble", "rule_nodes", "used_sets"]
