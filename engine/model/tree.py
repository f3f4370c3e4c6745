# SPDX-License-Identifier: EUPL-1.2
"""The typed tree: the one contract between the rule language and every engine that runs it.

Plain immutable data, no Python objects of a case and no callbacks. *Values* compute exactly; *criteria* are
three-valued: ``And``, ``Or`` and ``Not`` over *atoms* (every other criterion). Negation stays where it stands.
Lists that the law composes of named persons (``samengesteld``) are unrolled before they reach the tree; what is left
as a list is a list of the case (housemates, debts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias

from engine.model.kinds import BOOL, Kind
from engine.model.values import Duration, Known


@dataclass(frozen=True, slots=True)
class Lit:
    """A literal of the rule text; ``value`` is already exact (money in cents)."""

    kind: Kind
    value: Known


@dataclass(frozen=True, slots=True)
class GeenLit:
    """The word ``geen`` where a value is expected."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class FactRef:
    """A fact of the claim, by its path (``aanvrager.geboortedatum``, ``peildatum``, ``keuze(pw.44.5)``)."""

    kind: Kind
    path: str


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member of the list item at hand."""

    kind: Kind
    list: str
    name: str


@dataclass(frozen=True, slots=True)
class OutcomeRef:
    """What rules decide, by the key of the outcome."""

    kind: Kind
    outcome: str


@dataclass(frozen=True, slots=True)
class MemberOutcomeRef:
    """What rules decide about the list item at hand."""

    kind: Kind
    list: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AmountRef:
    """A dated amount, read at the date of the version."""

    kind: Kind
    amount: str


@dataclass(frozen=True, slots=True)
class FillingRef:
    """A value that a municipality fills in for an open term; ``fallback`` where it filled in nothing."""

    kind: Kind
    rule: str
    fallback: Expr | None


@dataclass(frozen=True, slots=True)
class Arith:
    """Exact arithmetic: ``op`` is one of ``+ - * /``."""

    kind: Kind
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Shift:
    """A date plus (``sign`` 1) or minus (-1) a duration, in one addition from the anchor."""

    kind: Kind
    date: Expr
    duration: Expr
    sign: int


@dataclass(frozen=True, slots=True)
class Span:
    """A number of units as a duration: ``6 weken`` or ``<name> maanden``; ``unit`` is one such unit."""

    kind: Kind
    number: Expr
    unit: Duration


@dataclass(frozen=True, slots=True)
class Between:
    """Completed units from ``start`` to ``end``; negative when ``end`` comes first."""

    kind: Kind
    unit: str
    start: Expr
    end: Expr


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years of life on a day."""

    kind: Kind
    birth: Expr
    day: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """One of the closed set of functions: laagste hoogste vroegste laatste jaar_van eerstvolgende_werkdag eerste_dag_van_maand."""

    kind: Kind
    function: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many items of a list of the case meet a criterion (all of them without one)."""

    kind: Kind
    list: str
    where: Criterion | None


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a value over the items of a list of the case that meet a criterion."""

    kind: Kind
    list: str
    value: Expr
    where: Criterion | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of these criteria hold: ``aantal`` over an unrolled list."""

    kind: Kind
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class TallySum:
    """The sum of the values whose criterion holds: ``som`` over an unrolled list."""

    kind: Kind
    terms: tuple[tuple[Criterion, Expr], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """A ja/nee value used as a test."""

    value: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """``op`` is one of ``is``, ``is niet``, ``<``, ``<=``, ``>``, ``>=``; false where a side is ``geen``."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice that is (not) among these."""

    value: Expr
    choices: tuple[str, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class IsGeen:
    """The one test that ``geen`` passes (or, ``negated``, fails)."""

    value: Expr
    negated: bool


@dataclass(frozen=True, slots=True)
class Present:
    """A person or other group of the case exists: it is not ``geen``."""

    path: str


@dataclass(frozen=True, slots=True)
class Exists:
    """One item of a list of the case meets the criterion."""

    list: str
    where: Criterion


@dataclass(frozen=True, slots=True)
class ForAll:
    """Every item of a list of the case meets the criterion."""

    list: str
    where: Criterion


@dataclass(frozen=True, slots=True)
class RuleHolds:
    """A rule of a ja/nee outcome holds; ``key`` as in :class:`Rule`."""

    key: str


@dataclass(frozen=True, slots=True)
class And:
    """All hold."""

    children: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One holds."""

    children: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Does not hold."""

    child: Criterion


@dataclass(frozen=True, slots=True)
class Const:
    """Always true, or always false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A criterion with the words of the rule text it comes from and their place: what a trace shows."""

    text: str
    child: Criterion
    line: int = 0


Expr: TypeAlias = (
    Lit
    | GeenLit
    | FactRef
    | MemberRef
    | OutcomeRef
    | MemberOutcomeRef
    | AmountRef
    | FillingRef
    | Arith
    | Shift
    | Span
    | Between
    | Age
    | Call
    | Count
    | Sum
    | Tally
    | TallySum
)
Atom: TypeAlias = Truth | Compare | OneOf | IsGeen | Present | Exists | ForAll
Criterion: TypeAlias = Atom | RuleHolds | And | Or | Not | Const | Line
Node: TypeAlias = Expr | Criterion

ATOMS = (Truth, Compare, OneOf, IsGeen, Present, Exists, ForAll)


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, in the order in which they are written."""
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            for item in value:
                if isinstance(item, tuple):
                    yield from (part for part in item if hasattr(part, "__dataclass_fields__"))
                elif hasattr(item, "__dataclass_fields__"):
                    yield item
        elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Kind | Duration):
            yield value


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, depth first."""
    yield node
    for child in children(node):
        yield from walk(child)


def kind_of(node: Expr) -> Kind:
    """The kind of a value node."""
    return node.kind


# --- rules -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a ``tabel``; without a criterion it always fits."""

    when: Criterion
    value: Expr


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of ``schijven``: up to and including ``upto`` (None: no end), ``each`` for every unit in it."""

    upto: Expr | None
    each: Expr


@dataclass(frozen=True, slots=True)
class Formula:
    """How a rule computes its value: one expression, a table or tiers; then bounds, then rounding.

    ``rounding`` is ``None`` or (step, mode): a step in the unit of the kind (cents for money) and
    ``half`` (half up), ``omlaag`` or ``omhoog``.
    """

    kind: Kind
    expression: Expr | None = None
    table: tuple[Row, ...] = ()
    tiers_over: Expr | None = None
    tiers: tuple[Tier, ...] = ()
    at_most: Expr | None = None
    at_least: Expr | None = None
    rounding: tuple[Known, str] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it runs.

    ``key`` is unique in a program: the id, and for a rule that is unrolled over persons the person behind an ``@``.
    ``list`` is set when the rule decides each item of a list of the case.
    """

    key: str
    id: str
    outcome: str
    applies: Criterion
    exceptions: tuple[Criterion, ...] = ()
    power: str | None = None
    formula: Formula | None = None
    otherwise: Expr | None = None
    sets_aside: tuple[str, ...] = ()
    person: str | None = None
    list: str | None = None

    def criterion(self) -> Criterion:
        """When the rule holds: its conditions, the power being used where it is a ``kan``, and no exception."""
        parts: list[Criterion] = [self.applies]
        if self.power is not None:
            parts.append(Truth(FactRef(BOOL, self.power)))
        if self.exceptions:
            parts.append(Not(Or(self.exceptions)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that rules decide: ja/nee (one rule that holds is enough) or a value (exactly one rule).

    ``key`` is the qualified name, prefixed with the person where it is unrolled; ``list`` as in :class:`Rule`.
    ``settled`` is set where it says what something is and not what somebody is entitled to (`begripsbepaling`, or what a
    municipality filled in): a rule outcome from elsewhere leaves it as the facts have it.
    """

    key: str
    name: str
    kind: Kind
    rules: tuple[Rule, ...]
    person: str | None = None
    list: str | None = None
    settled: bool = False

    @property
    def boolean(self) -> bool:
        """Decided as ja/nee, not computed."""
        return all(rule.formula is None for rule in self.rules)
