# SPDX-License-Identifier: EUPL-1.2
"""Why one claim comes out differently under two programs: the first rules that differ on the way to the outcome.

The way is followed back from the rung and the values that differ, only through what differs, and of a condition only
through the lines whose truth differs. It ends at a rule that is new, gone or written differently, at an amount, at what
a municipality filled in, or at the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from engine.language.order import formula_nodes
from engine.logic.state import State
from engine.model import tree
from engine.model.kinds import Kind
from engine.model.program import Rung
from engine.model.values import GEEN, Duration, Unknown, Value
from engine.rulebook import Compiled

LADDER = "beoordeling"
NEW, GONE, REWORDED = "nieuwe regel", "vervallen regel", "gewijzigde regel"


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """A rule (by its id) with what makes it different; ``source`` is the article it cites."""

    rule: str
    reason: str
    source: str

    def __str__(self) -> str:
        name = f"{self.source} ({self.rule})" if self.source else self.rule
        return f"{name}: {self.reason}" if self.reason else name


def same(left: Value | None, right: Value | None) -> bool:
    """Equal for a reader of the outcome: two unknowns are, whatever they wait for."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return isinstance(left, Unknown) and isinstance(right, Unknown)
    if left is GEEN or right is GEEN or left is None or right is None:
        return left is right
    return isinstance(left, bool) is isinstance(right, bool) and left == right


def bare(node: Any) -> Any:
    """A node without the words and lines of the file: two rules that are bare and equal decide the same."""
    if isinstance(node, tree.Line):
        return bare(node.child)
    if isinstance(node, tuple):
        return tuple(bare(item) for item in node)
    if isinstance(node, Kind | Duration) or not hasattr(node, "__dataclass_fields__"):
        return node
    return type(node)(**{part.name: bare(getattr(node, part.name)) for part in fields(node)})


def atoms(node: tree.Criterion) -> Iterator[tree.Criterion]:
    """The criteria that have a truth of their own, in order."""
    match node:
        case tree.Line(child=child) | tree.Not(child=child):
            yield from atoms(child)
        case tree.And(children=children) | tree.Or(children=children):
            for inner in children:
                yield from atoms(inner)
        case _:
            yield node


@dataclass(frozen=True)
class Pair:
    """Two programs side by side; what is compared once for all claims is kept."""

    a: Compiled
    b: Compiled
    outcomes_a: Mapping[str, tree.Outcome] = field(init=False)
    outcomes_b: Mapping[str, tree.Outcome] = field(init=False)
    owners: Mapping[str, str] = field(init=False)
    equal: dict[tuple[int, int], bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, compiled in (("outcomes_a", self.a), ("outcomes_b", self.b)):
            object.__setattr__(self, name, {outcome.key: outcome for outcome in compiled.program.outcomes})
        owners = {rule.key: o.key for c in (self.a, self.b) for o in c.program.outcomes for rule in o.rules}
        object.__setattr__(self, "owners", owners)

    def alike(self, left: Any, right: Any) -> bool:
        """Whether two parts of the programs are the same but for their words."""
        key = (id(left), id(right))
        if key not in self.equal:
            self.equal[key] = bare(left) == bare(right)
        return self.equal[key]

    def causes(self, a: State, b: State, rungs: tuple[Rung | None, Rung | None], values: Iterable[str]) -> tuple[Cause, ...]:
        """The causes of a difference: ``rungs`` are the last rungs that were reached, ``values`` the outcomes that differ."""
        walk = _Walk(self, a, b)
        if rungs[0] is None or rungs[1] is None or rungs[0].result != rungs[1].result:
            walk.ladder(rungs)
        for key in values:
            walk.visit(key)
        return tuple(dict.fromkeys(walk.found))


class _Walk:
    """One claim: back from the outcome through what differs."""

    def __init__(self, pair: Pair, a: State, b: State) -> None:
        self.pair, self.a, self.b = pair, a, b
        self.seen: set[str] = set()
        self.found: list[Cause] = []

    def ladder(self, rungs: tuple[Rung | None, Rung | None]) -> None:
        old, new = self.pair.a.program.ladder, self.pair.b.program.ladder
        if [rung.result for rung in old] != [rung.result for rung in new]:
            self.found.append(Cause(LADDER, "gewijzigde uitkomsten", ""))
            return
        last = max(ladder.index(rung) if rung is not None else len(ladder) - 1 for ladder, rung in zip((old, new), rungs, strict=True))
        for left, right in zip(old[: last + 1], new[: last + 1], strict=True):
            if not self.pair.alike(left.criterion, right.criterion):
                self.found.append(Cause(LADDER, f"gewijzigde voorwaarde van {right.result}", ""))
            else:
                self.follow(None, self.differing(left.criterion, right.criterion))

    def visit(self, key: str) -> None:
        """Find why an outcome differs."""
        if key in self.seen:
            return
        self.seen.add(key)
        old, new = self.pair.outcomes_a.get(key), self.pair.outcomes_b.get(key)
        before = {rule.key: rule for rule in old.rules} if old else {}
        after = {rule.key: rule for rule in new.rules} if new else {}
        for name in dict.fromkeys((*before, *after)):
            self.rule(before.get(name), after.get(name))

    def rule(self, old: tree.Rule | None, new: tree.Rule | None) -> None:
        rule = new or old
        assert rule is not None
        truths = _truths(self.a, old), _truths(self.b, new)
        if rule.formula is None and old is not None and new is not None and _alike(*truths):
            return
        if rule.formula is not None and _never(truths[0]) and _never(truths[1]):
            return
        if old is None or new is None:
            if not _never(truths[0]) or not _never(truths[1]):
                self.note(rule, NEW if old is None else GONE)
        elif not self.pair.alike(old, new):
            self.note(rule, REWORDED)
        else:
            self.follow(rule, self.reads(old, new))

    def reads(self, old: tree.Rule, new: tree.Rule) -> Iterator[tree.Node]:
        """What a rule reads that can make it differ."""
        if old.list is not None:
            yield from tree.walk(new.criterion())
        else:
            yield from self.differing(old.criterion(), new.criterion())
        if new.otherwise is not None:
            yield from tree.walk(new.otherwise)
        if old.formula is None or new.formula is None:
            return
        if not new.formula.table or old.list is not None:
            yield from formula_nodes(new.formula)
            return
        for bound in (new.formula.at_most, new.formula.at_least):
            if bound is not None:
                yield from tree.walk(bound)
        for left, right in zip(old.formula.table, new.formula.table, strict=True):
            truths = self.pair.a.test(left.when)(self.a), self.pair.b.test(right.when)(self.b)
            yield from self.differing(left.when, right.when)
            if truths != (False, False):
                yield from tree.walk(right.value)
            if truths == (True, True):
                return

    def differing(self, old: tree.Criterion, new: tree.Criterion) -> Iterator[tree.Node]:
        """The nodes below the atoms whose truth differs."""
        for left, right in zip(atoms(old), atoms(new), strict=True):
            if not same(self.pair.a.test(left)(self.a), self.pair.b.test(right)(self.b)):
                yield from tree.walk(right)

    def follow(self, rule: tree.Rule | None, nodes: Iterable[tree.Node]) -> None:
        for node in nodes:
            match node:
                case tree.AmountRef(amount=name):
                    if not same(self.a.amounts.get(name), self.b.amounts.get(name)):
                        self.note(rule, f"bedrag {name}")
                case tree.FillingRef(rule=name):
                    if not same(self.a.fillings.get(name), self.b.fillings.get(name)):
                        self.note(rule, f"invulling {name}")
                case tree.FactRef(path=path) | tree.Present(path=path):
                    if not same(self.a.facts.get(path), self.b.facts.get(path)):
                        self.note(rule, "peildatum" if path == "peildatum" else f"gegeven {path}")
                case tree.RuleHolds(key=key):
                    self.differs(self.pair.owners[key])
                case tree.OutcomeRef(outcome=key) | tree.MemberOutcomeRef(outcome=key):
                    self.differs(key)
                case _:
                    pass

    def differs(self, key: str) -> None:
        old, new = self.pair.outcomes_a.get(key), self.pair.outcomes_b.get(key)
        if old is None or new is None or old.list is not None:
            changed = old is None or new is None or not _alike(self.a.items.get(key, []), self.b.items.get(key, []))
        else:
            changed = not same(self.a.out.get(key), self.b.out.get(key)) or any(
                not same(self.a.holds.get(rule.key), self.b.holds.get(rule.key)) for rule in new.rules
            )
        if changed:
            self.visit(key)

    def note(self, rule: tree.Rule | None, reason: str) -> None:
        name = rule.id if rule is not None and not rule.id.startswith("#") else LADDER
        info = self.pair.b.program.rules.get(name) or self.pair.a.program.rules.get(name)
        self.found.append(Cause(name, reason, info.decl.source if info is not None else ""))


def _truths(state: State, rule: tree.Rule | None) -> list[Value]:
    """The truth of a rule in a case; of a rule over a list, per item."""
    if rule is None:
        return []
    if rule.list is not None:
        return list(state.item_holds.get(rule.key, ()))
    found = state.holds.get(rule.key)
    return [] if found is None else [found]


def _alike(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))


def _never(truths: list[Value]) -> bool:
    return all(truth is False for truth in truths)
