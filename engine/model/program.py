# SPDX-License-Identifier: EUPL-1.2
"""A program: everything that decides one aanspraak over one stretch of time, typed, checked and ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.model import documents as doc
from engine.model.kinds import Base, Kind
from engine.model.problems import Place
from engine.model.tree import Criterion, Outcome
from engine.model.values import Value

COLLEGE = "college"
"""The executive of the municipality: who holds a door that says nothing else."""
DERIVED = ("bevoegd", "ontvankelijk", "blokkerende_grond", "deels_geblokkeerd")
"""The ja/nee names that the ladder of results may use beside outcomes."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as a claim can hold it: its path, kind and declaration.

    ``group`` is set for a fact that holds a group, ``items`` for a list of the case; ``assumed`` is the typed value
    of an ``aanname``. ``minimum`` and ``maximum`` bound a number, amount or date; ``past`` is a date that never lies
    after the peildatum (``ten hoogste: peildatum``). ``law`` is the folder that declares it; a power has its rule instead.
    """

    path: str
    kind: Kind
    decl: doc.FactDecl
    assumed: Value | None = None
    minimum: Value | None = None
    maximum: Value | None = None
    power_of: str | None = None
    past: bool = False
    law: str = ""

    @property
    def lowest(self) -> Value | None:
        """The least value that fits: the declared minimum, otherwise zero for an amount or a whole number."""
        counted = self.kind.base in (Base.MONEY, Base.INT)
        return self.minimum if self.minimum is not None else 0 if counted else None

    @property
    def judged(self) -> bool:
        """An open norm that only a person fills."""
        return bool(self.decl.judged_by)


@dataclass(frozen=True, slots=True)
class ListFact:
    """A list of the case and the members of its items."""

    path: str
    group: str
    members: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class AmountValue:
    """One stretch of an amount series; ``value`` is None where the series says ``onbekend``."""

    valid_from: date
    value: Value | None
    status: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A dated series, typed."""

    id: str
    law: str
    kind: Kind
    decl: doc.AmountDecl
    series: tuple[AmountValue, ...]
    place: Place

    def at(self, day: date) -> AmountValue | None:
        """The stretch that holds on a day; None before the first, in a gap, or after what was entered."""
        if self.decl.entered_until is not None and day > self.decl.entered_until:
            return None
        found = None
        for entry in self.series:
            if entry.valid_from > day:
                break
            found = entry
        return found if found is not None and found.value is not None else None


@dataclass(frozen=True, slots=True)
class Version:
    """A regelset version that takes part in a program, and why this one.

    ``origin_dates`` tells per rule id from which version file its text comes.
    """

    ruleset: str
    title: str
    valid_from: date
    valid_until: date | None
    known_from: date | None
    status: str
    note: str | None
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What is written about a rule beside its logic, and where."""

    decl: doc.RuleDecl
    law: str
    ruleset: str
    version: date
    place: Place


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule or outcome that can block: ``rule_keys`` are the rules that are the ground when ``criterion`` holds.

    ``person`` and ``list`` tell whom or what it blocks; ``role`` as written.
    """

    role: str
    outcome: str
    rule_keys: tuple[str, ...]
    criterion: Criterion
    person: str | None = None
    list: str | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A row of the ladder of results."""

    result: str
    criterion: Criterion
    values: tuple[str, ...] = ()
    indicative: tuple[str, ...] = ()
    burdening: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A door with its typed conditions; ``elsewhere``: it is in the hands of a body outside the municipality."""

    decl: doc.DoorDecl
    law: str
    excluded: Criterion
    when: Criterion
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A reason to look further."""

    decl: doc.TriggerDecl
    law: str
    when: Criterion


@dataclass(frozen=True, slots=True)
class Check:
    """A question of proportionality or ethics."""

    decl: doc.CheckDecl
    law: str
    applies: Criterion


@dataclass(frozen=True, slots=True)
class Option:
    """Another way to act."""

    decl: doc.OptionDecl
    law: str
    when: Criterion


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument for or against an option."""

    decl: doc.ArgumentDecl
    law: str
    when: Criterion


@dataclass(frozen=True, slots=True)
class Advice:
    """A row of the advice table."""

    decl: doc.AdviceRow
    when: Criterion


@dataclass(frozen=True, slots=True)
class Intensity:
    """A row of the table that says how closely an outcome is weighed."""

    decl: doc.IntensityRow
    law: str
    when: Criterion


@dataclass(frozen=True, slots=True)
class Signal:
    """Something to tell beside the outcome."""

    decl: doc.SignalDecl
    law: str
    when: Criterion


@dataclass(frozen=True, slots=True)
class SecondPass:
    """The reversed test of a program, in the order of its stages.

    ``grounds`` are grounds of law that is not in rules, by id with their law; ``compared`` the facts on which earlier
    decisions may be compared.
    """

    values: tuple[tuple[str, doc.ValueDecl], ...] = ()
    triggers: tuple[Trigger, ...] = ()
    options: tuple[Option, ...] = ()
    doors: tuple[Door, ...] = ()
    checks: tuple[Check, ...] = ()
    arguments: tuple[Argument, ...] = ()
    advice: tuple[Advice, ...] = ()
    signals: tuple[Signal, ...] = ()
    intensity: tuple[Intensity, ...] = ()
    grounds: Mapping[str, tuple[str, doc.GroundDecl]] = field(default_factory=dict)
    compared: tuple[str, ...] = ()
    wordings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Law:
    """A law as it is cited, with its words.

    ``books`` has the number of each book of a law of which an article names its book; ``within`` are those who decide
    inside the municipality beside its executive.
    """

    id: str
    name: str
    bwb: str | None
    body: str | None
    books: Mapping[str, str] = field(default_factory=dict)
    words: tuple[doc.WordDecl, ...] = ()
    within: tuple[str, ...] = ()


def is_elsewhere(body: str, law: Law | None) -> bool:
    """Whether a body stands outside the municipality, for a law that may say who is inside it."""
    return body != COLLEGE and (law is None or body not in law.within)


@dataclass(frozen=True, slots=True)
class Program:
    """See the module. Holds from ``valid_from`` up to but not including ``valid_until``.

    ``outcomes`` stand in an order in which each depends only on those before it. ``composed`` gives for each composed
    list its persons with the criterion that the person counts. ``decisions`` are the outcomes of other regelsets that a
    claim may give as a fact (a decision that was taken); ``version_by`` names the date that picks the version.
    """

    claim: str
    title: str
    sort: str
    law: str
    valid_from: date
    valid_until: date | None
    versions: tuple[Version, ...]
    facts: Mapping[str, Fact]
    lists: Mapping[str, ListFact]
    groups: Mapping[str, str]
    composed: Mapping[str, tuple[tuple[str, Criterion], ...]]
    amounts: Mapping[str, Amount]
    outcomes: tuple[Outcome, ...]
    rules: Mapping[str, RuleInfo]
    grounds: tuple[Ground, ...]
    ladder: tuple[Rung, ...]
    second: SecondPass
    laws: Mapping[str, Law]
    origins: Mapping[str, str]
    decisions: Mapping[str, Fact] = field(default_factory=dict)
    version_by: str | None = None

    def short(self, outcome: str) -> str:
        """The name of an outcome as people write it: without the regelset, with the person."""
        for found in self.outcomes:
            if found.key == outcome:
                return f"{found.person}.{found.name}" if found.person else found.name
        return outcome
