# SPDX-License-Identifier: EUPL-1.2
"""A program as z3 terms: its rules decide its outcomes, as the engine lets them.

Facts are all given: adding a fact turns unknown into true or false and never true into false (the meaning of the rule
language), so that what holds in some case holds in some complete case. What stays unknown with every fact given (an
amount that was not entered, a division by zero, no rule that decides) is encoded as unknown.

Two ways to take the lists of a case. With a ``bound`` a list has at most so many items and everything about it is
exact: a case found is a case. Without one a list is only what its counts and sums can be, and one item stands for any:
what is not possible then is not possible in any case, however long the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

import z3

from engine.authoring import prove_terms as terms
from engine.authoring.prove_facts import STEPPED, Item, Reach, Source
from engine.authoring.prove_terms import Term, Tri, Val, all_of, any_of, no
from engine.authoring.prove_values import Decided, Values, blank, extreme, nothing, rounded_to
from engine.language.order import depends_on, owners, rule_nodes
from engine.model import tree
from engine.model.kinds import Base, Kind
from engine.model.program import Program
from engine.rulebook import Rulebook


class Encoder(Values):
    """The terms of one program; made on first use and kept.

    With ``only`` one source of what stays unknown is left, and amounts are taken on days on which they were entered: what
    is unknown then is so because of that source.
    """

    def __init__(self, rulebook: Rulebook, program: Program, bound: int | None, only: Source | None = None) -> None:
        self.outcomes = {outcome.key: outcome for outcome in program.outcomes}
        self.owner = owners(program.outcomes)
        self.agree: dict[str, list[Term]] = {}
        """Per outcome that no two of its rules give different values: without that there is no assessment."""
        self._decided: dict[tuple[str, Item], tuple[Val, dict[str, Decided]]] = {}
        super().__init__(rulebook, program, bound, only)

    # --- rules -----------------------------------------------------------------------------------------------------

    def outcome(self, key: str, item: Item = None) -> Val:
        """What rules decide, about the list item at hand where they decide items."""
        return self._run(key, item)[0]

    def rule(self, key: str, item: Item = None) -> Decided:
        """One rule."""
        return self._run(self.owner[key], item)[1][key]

    def _run(self, key: str, item: Item) -> tuple[Val, dict[str, Decided]]:
        outcome = self.outcomes[key]
        at = item if outcome.list is not None else None
        found = self._decided.get((key, at))
        if found is None:
            self._owners.append(key)
            self.side.setdefault(key, [])
            found = self._decided[(key, at)] = self._decide(outcome, at)
            self._owners.pop()
        return found

    def _decide(self, outcome: tree.Outcome, item: Item) -> tuple[Val, dict[str, Decided]]:
        if outcome.boolean:
            truths = {rule.key: self._own(rule, item) for rule in outcome.rules}
            decided = {key: Decided(truth, truth, None) for key, truth in truths.items()}
            result = terms.disjunction(list(truths.values()))
            return Val(result.truth, unknown=result.unknown), decided
        own = {rule.key: self._own(rule, item) for rule in outcome.rules}
        decided = {}
        candidates: list[tuple[Term, Val]] = []
        for rule in outcome.rules:
            over = [own[other.key] for other in outcome.rules if rule.key in other.sets_aside]
            holds = terms.conjunction([own[rule.key], terms.negation(terms.disjunction(over))]) if over else own[rule.key]
            assert rule.formula is not None
            value = self._formula(rule, rule.formula, item)
            decided[rule.key] = Decided(own[rule.key], holds, value)
            candidates.append((no(holds.is_false), value))
        covered = terms.disjunction(list(own.values())).is_true
        otherwise = next((rule.otherwise for rule in outcome.rules if rule.otherwise is not None), None)
        last = self.value(otherwise, item) if otherwise is not None else nothing(outcome.kind, unknown=self._stays("regel", outcome.key))
        candidates.append((no(covered), last))
        self.agree.setdefault(outcome.key, []).extend(no(clash) for _, _, clash in self.clashes(outcome, decided))
        return _settled(candidates, outcome.kind), decided

    def clashes(self, outcome: tree.Outcome, decided: Mapping[str, Decided]) -> list[tuple[str, str, Term]]:
        """Every pair of rules with the term that both certainly hold and give different values."""
        keys = [rule.key for rule in outcome.rules]
        pairs = [(first, second) for number, first in enumerate(keys) for second in keys[number + 1 :]]
        found = []
        for first, second in pairs:
            a, b = decided[first], decided[second]
            assert a.value is not None
            assert b.value is not None
            both = all_of(a.holds.is_true, b.holds.is_true, no(a.value.unknown), no(b.value.unknown), no(terms.same(a.value, b.value)))
            if both is not False:
                found.append((first, second, both))
        return found

    def decided(self, outcome: tree.Outcome, item: Item = None) -> Mapping[str, Decided]:
        """The rules of an outcome."""
        return self._run(outcome.key, item)[1]

    def _own(self, rule: tree.Rule, item: Item) -> Tri:
        parts = [self.criterion(rule.applies, item)]
        if rule.power is not None:
            power = self.fact(rule.power)
            parts.append(Tri(power.term, power.unknown))
        if rule.exceptions:
            parts.append(terms.negation(terms.disjunction([self.criterion(exception, item) for exception in rule.exceptions])))
        return terms.conjunction(parts)

    def _formula(self, rule: tree.Rule, formula: tree.Formula, item: Item) -> Val:
        if formula.expression is not None:
            found = self.value(formula.expression, item)
        elif formula.table:
            found = self._table(rule.key, formula, item)
        else:
            found = self._tiers(formula, item)
        for bound, lowest in ((formula.at_most, True), (formula.at_least, False)):
            if bound is not None:
                found = extreme([found, self.value(bound, item)], lowest=lowest)
        if formula.rounding is not None:
            step, mode = formula.rounding
            assert isinstance(step, int | Fraction)
            found = rounded_to(found, Fraction(step), mode)
        return found

    def _table(self, rule: str, formula: tree.Formula, item: Item) -> Val:
        candidates: list[tuple[Term, Val]] = []
        before: Term = True
        for row in formula.table:
            when = self.criterion(row.when, item)
            candidates.append((all_of(before, no(when.is_false)), self.value(row.value, item)))
            before = all_of(before, no(when.is_true))
        candidates.append((before, nothing(formula.kind, unknown=self._stays("tabel", rule))))
        certain = all(self.criterion(row.when, item).unknown is False for row in formula.table)
        return _settled(candidates, formula.kind, one=certain)

    def _tiers(self, formula: tree.Formula, item: Item) -> Val:
        assert formula.tiers_over is not None
        over = self.value(formula.tiers_over, item)
        reached: Term = z3.RealVal(0)
        going: Term = True
        geen: list[Term] = []
        unknown: list[Term] = []
        parts: list[Term] = []
        for tier in formula.tiers:
            limit = self.value(tier.upto, item) if tier.upto is not None else over
            price = self.value(tier.each, item)
            going = all_of(going, over.term > reached)
            none = any_of(limit.geen, price.geen)
            missing = all_of(no(none), any_of(limit.unknown, price.unknown))
            geen.append(all_of(going, none))
            unknown.append(all_of(going, missing))
            going = all_of(going, no(none), no(missing))
            top = z3.If(over.term < limit.term, over.term, limit.term)
            piece = Val(z3.If(all_of(going, top > reached), top - reached, z3.RealVal(0)))
            parts.append(self._product(piece, price))
            reached = z3.If(top > reached, top, reached)
        return Val(
            terms.total(parts),
            any_of(over.geen, all_of(no(over.unknown), *([any_of(*geen)]))),
            any_of(over.unknown, all_of(no(over.geen), any_of(*unknown))),
        )

    # --- what is read ----------------------------------------------------------------------------------------------

    def cone(self, nodes: Iterable[tree.Node], keys: Iterable[str] = ()) -> tuple[set[str], set[str]]:
        """The outcomes and the facts (and lists) that some nodes and outcomes rest on."""
        outcomes: set[str] = set()
        facts: set[str] = set()
        queue = list(keys)

        def read(found: Iterable[tree.Node]) -> None:
            for node in found:
                if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
                    queue.append(node.outcome)
                elif isinstance(node, tree.RuleHolds):
                    queue.append(self.owner[node.key])
                elif isinstance(node, tree.FactRef | tree.Present):
                    facts.add(node.path)
                elif isinstance(node, tree.MemberRef | tree.Exists | tree.ForAll | tree.Count | tree.Sum):
                    facts.add(node.list)

        for node in nodes:
            read(tree.walk(node))
        while queue:
            key = queue.pop()
            if key in outcomes:
                continue
            outcomes.add(key)
            outcome = self.outcomes[key]
            if outcome.list:
                facts.add(outcome.list)
            for rule in outcome.rules:
                read(rule_nodes(rule))
        return outcomes, facts

    def reads(self, nodes: Iterable[tree.Node], keys: Iterable[str], outcome: tree.Outcome | None = None) -> set[str]:
        """The outcomes that nodes or an outcome read themselves, and ``keys`` with them."""
        found = set(keys)
        found |= depends_on(outcome, self.owner) if outcome is not None else set()
        for node in (inner for outer in nodes for inner in tree.walk(outer)):
            if isinstance(node, tree.OutcomeRef | tree.MemberOutcomeRef):
                found.add(node.outcome)
            elif isinstance(node, tree.RuleHolds):
                found.add(self.owner[node.key])
        return found

    def constraints(self, outcomes: Iterable[str], facts: Iterable[str]) -> list[Term]:
        """What must hold of the variables of these outcomes and facts."""
        names = ["peildatum", *sorted(facts), *sorted(outcomes)]
        if self.program.version_by is not None:
            names.insert(1, self.program.version_by)
        return [term for name in dict.fromkeys(names) for term in self.side.get(name, ()) if term is not True]

    def limits(self, outcomes: Iterable[str], facts: Iterable[str]) -> Reach:
        """What makes the encoding of these outcomes and facts less than exact."""
        found = Reach()
        for key in outcomes:
            found |= self.reach.get(key, Reach())
        for path in facts:
            if path in self.program.lists:
                found.lists.add(path)
                found.stepped |= {path for member in self.program.lists[path].members.values() if member.kind.base in STEPPED}
            elif path in self.program.facts and self.program.facts[path].kind.base in STEPPED:
                found.stepped.add(path)
        return found


def _settled(candidates: list[tuple[Term, Val]], kind: Kind, *, one: bool = False) -> Val:
    """The value where every candidate still possible agrees, otherwise unknown; ``one``: the first is the only one."""
    open_candidates = [(active, replace(value, cases=())) for active, value in candidates if active is not False]
    if not open_candidates:
        return Val(blank(kind), unknown=True)
    cases = terms.cases_of(candidates) if kind.base in (Base.CHOICE, Base.TEXT) else ()
    result = open_candidates[-1][1]
    for active, value in reversed(open_candidates[:-1]):
        result = terms.chosen(active, value, result)
    differs = [
        all_of(active, any_of(value.unknown, no(terms.same(value, result))))
        for active, value in open_candidates
        if value is not result and not one
    ]
    return Val(result.term, all_of(result.geen, no(result.unknown)), any_of(result.unknown, *differs), result.few, cases)
