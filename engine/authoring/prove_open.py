# SPDX-License-Identifier: EUPL-1.2
"""A program as z3 terms in which nothing needs to be given: any fact may be unknown, any list unknown or incomplete.

What a claim leaves out is unknown, unless it has an ``aanname`` (then that value counts) or belongs to a person that is
not there (then it is ``geen``). A decision of other rules may be given, and then counts instead of what the rules say.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import z3

from engine.authoring import prove_terms as terms
from engine.authoring.prove_encode import Encoder
from engine.authoring.prove_facts import Item
from engine.authoring.prove_terms import Term, Tri, Val, all_of, any_of, no
from engine.model import tree
from engine.model.kinds import Base
from engine.model.program import Fact

LEAST = Fraction(-(10**15))
"""A decision may be any number, also one below zero."""


class OpenEncoder(Encoder):
    """The terms of one program for every claim, complete or not."""

    # --- facts -----------------------------------------------------------------------------------------------------

    def _may_be_left_out(self, path: str, fact: Fact) -> Term:
        return False if fact.assumed is not None or path == self.program.version_by else z3.Bool(f"{path}:onbekend")

    def _fact(self, path: str) -> Val:
        fact = self.program.facts[path]
        found = super()._fact(path)
        if fact.kind.base is Base.GROUP and not fact.kind.optional:
            return found
        group = path.partition(".")[0]
        around = self.fact(group) if group != path and group in self.program.groups else Val(True)
        return _left_out(found, around, self._may_be_left_out(path, fact))

    def item_fact(self, item: Item, member: str) -> Val:
        """A member of a list item."""
        assert item is not None
        path = f"{item[0]}[{item[1]}].{member}"
        if path not in self._facts:
            fact = self.program.lists[item[0]].members[member]
            self._facts[path] = _left_out(super().item_fact(item, member), Val(True), self._may_be_left_out(path, fact))
        return self._facts[path]

    def incomplete(self, name: str) -> Term:
        """That the claim says that a list is not complete."""
        return z3.Bool(f"{name}:onvolledig")

    def decision(self, key: str) -> Term:
        """That what rules decide is given as a decision."""
        return z3.Bool(f"besluit({key}):gegeven")

    def outcome(self, key: str, item: Item = None) -> Val:
        """What rules decide, or what was decided about it before."""
        found = super().outcome(key, item)
        fact = self.program.decisions.get(key)
        if fact is None:
            return found
        path = f"besluit({key})"
        if path not in self._facts:
            self._facts[path] = self._variable(path, replace(fact, minimum=LEAST) if fact.minimum is None else fact, path, False)
        return terms.chosen(self.decision(key), self._facts[path], found)

    def read(self) -> tuple[set[str], set[str]]:
        """The facts (and lists) and the outcomes that were put into terms so far."""
        facts = {path for path in self._facts if path in self.program.facts} | set(self._lengths)
        return facts, {key for key, _ in self._decided}

    # --- lists -----------------------------------------------------------------------------------------------------

    def _may_be_unknown(self, *bits: Tri | Val) -> Term:
        """Of a list of any length the rest is not known: it may not be given, or not be complete."""
        return z3.Bool(self._name("onbekend"))

    def _free_count(self, name: str, where: tree.Criterion | None) -> Val:
        if where is not None:
            return super()._free_count(name, where)
        if (name, None) not in self._counts:
            self._counts[name, None] = replace(super()._free_count(name, None), unknown=self._may_be_unknown())
        return self._counts[name, None]

    def _some(self, name: str, where: tree.Criterion) -> Tri:
        if self.bound is None:
            return super()._some(name, where)
        return self._as_given(name, terms.disjunction([super()._some(name, where), Tri(False, self.incomplete(name))]))

    def _every(self, name: str, where: tree.Criterion) -> Tri:
        if self.bound is None:
            return super()._every(name, where)
        return self._as_given(name, terms.conjunction([super()._every(name, where), Tri(True, self.incomplete(name))]))

    def _as_given(self, name: str, truth: Tri) -> Tri:
        return Tri(truth.truth, any_of(self.fact(name).unknown, truth.unknown))

    def _count(self, name: str, where: tree.Criterion | None) -> Val:
        return self._total(name, super()._count(name, where))

    def _sum(self, name: str, value: tree.Expr, where: tree.Criterion | None) -> Val:
        return self._total(name, super()._sum(name, value, where))

    def _total(self, name: str, total: Val) -> Val:
        return total if self.bound is None else total.but_unknown(any_of(self.fact(name).unknown, self.incomplete(name)))


def _left_out(found: Val, around: Val, left_out: Term) -> Val:
    """A fact that may be left out, in a person that may be: what is not given is unknown, of nobody it is ``geen``."""
    open_ = any_of(around.unknown, left_out)
    return replace(found, geen=any_of(around.geen, all_of(found.geen, no(open_))), unknown=all_of(no(around.geen), open_))
