# SPDX-License-Identifier: EUPL-1.2
"""What the reversed test saw of one case: triggers, doors, options, checks, effects asked for, the advice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.language.weights import Stars
from engine.logic.kleene import all_of, negation
from engine.model import documents as doc
from engine.model.program import Argument, Check, Door, Signal, Trigger
from engine.model.statements import NamedDoor
from engine.model.values import Cause, Truth
from engine.passes.costs import Costing
from engine.passes.household import Member
from engine.passes.precedents import Compared, Earlier


@dataclass(frozen=True, slots=True)
class TriggerSeen:
    """A trigger with its truth."""

    trigger: Trigger
    truth: Truth


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """A door that was examined: condition by condition, and which blocking grounds it lifts.

    ``state`` is open, dicht, uitgesloten or te onderzoeken. ``tunes`` are grounds that rest on a value that the door can
    adjust: softening it takes them away without lifting them. ``named`` is set where a professional named the door.
    """

    door: Door
    state: str
    excluded: Truth
    when: Truth
    lifts: tuple[str, ...]
    tunes: tuple[str, ...] = ()
    named: NamedDoor | None = None

    @property
    def open(self) -> Truth:
        """Whether the door can be used: its conditions hold and nobody is excluded."""
        return all_of((negation(self.excluded), self.when))

    @property
    def usable(self) -> bool:
        """Whether the door stands open or may yet."""
        return self.state in ("open", "te onderzoeken")


@dataclass(frozen=True, slots=True)
class OptionSeen:
    """A way to act. ``state`` is mogelijk or te onderzoeken; ``door`` is set where it goes through a door."""

    id: str
    sort: str
    text: str
    source: str
    law: str
    state: str
    within_rules: bool
    door: str | None = None
    rule: str | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """A check with its answer (None: does not apply)."""

    check: Check
    answer: Truth


@dataclass(frozen=True, slots=True)
class IntensitySeen:
    """How closely the outcome is to be weighed: the row that fits, or those still possible with what they rest on."""

    row: doc.IntensityRow | None
    law: str
    possible: tuple[str, ...] = ()
    causes: frozenset[Cause] = frozenset()


@dataclass(frozen=True, slots=True)
class EffectQuestion:
    """Nobody said yet what an option means for this person; ``minor`` ones come first."""

    option: str
    whom: str
    minor: Truth


@dataclass(frozen=True, slots=True)
class SecondPass:
    """What the reversed test gives, in concept.

    ``household`` is everybody with a date of birth to give, minors first.
    ``costs``, ``stars`` and ``empty_corners`` (of the value triangle, over all arguments) inform; no row reads them.
    ``among`` are the earlier decisions on the grounds of the case; None where there was nothing to compare with.
    ``advice`` is a row of the advice table, or one of the two undecided words with ``possible`` rows.
    ``causes`` is everything the advice still rests on; ``words`` what each stage asserted.
    """

    triggers: tuple[TriggerSeen, ...]
    reason_seen: Truth
    options: tuple[OptionSeen, ...]
    doors: tuple[DoorSeen, ...]
    checks: tuple[CheckSeen, ...]
    arguments: tuple[Argument, ...]
    signals: tuple[Signal, ...]
    advice: str
    advice_row: doc.AdviceRow | None
    possible: tuple[str, ...]
    causes: frozenset[Cause]
    words: Mapping[str, Truth] = field(default_factory=dict)
    open_exceptions: tuple[tuple[str, int], ...] = ()
    intensity: IntensitySeen | None = None
    effect_questions: tuple[EffectQuestion, ...] = ()
    costs: tuple[Costing, ...] = ()
    stars: Mapping[str, Stars] = field(default_factory=dict)
    empty_corners: tuple[str, ...] = ()
    compared: Compared | None = None
    among: Earlier | None = None
    household: tuple[Member, ...] = ()

    @property
    def kept(self) -> Earlier | None:
        """The earlier decisions without which it would not come out the same again; None where there are none."""
        return self.among if self.among or self.compared is not None else None


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice table read: the result, its row, the rows still possible, and what it rests on."""

    result: str
    row: doc.AdviceRow | None
    possible: tuple[str, ...]
    causes: frozenset[Cause]
