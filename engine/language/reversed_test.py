# SPDX-License-Identifier: EUPL-1.2
"""The reversed test of a program: its documents typed, their references to rules and facts checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from engine.language.conditions import Conditions
from engine.language.reading import Path, Source
from engine.language.scope import Context
from engine.model import documents as doc, tree
from engine.model.kinds import Base
from engine.model.problems import meant
from engine.model.program import Advice, Argument, Check, Door, Fact, Intensity, Law, Option, SecondPass, Signal, Trigger, is_elsewhere


@dataclass(frozen=True)
class Reversed:
    """The reversed-test documents that a program reads: (law, document, source)."""

    documents: tuple[tuple[str, doc.ReversedTestDoc, Source], ...]


@dataclass(frozen=True)
class Rules:
    """The rules that a reversed test may name: ``present`` in this program, ``known`` in any version (with the level); and its time.

    ``laws`` say who decides inside the municipality.
    """

    present: frozenset[str]
    known: Mapping[str, doc.Level]
    valid_from: date
    valid_until: date | None
    laws: Mapping[str, Law]


def second_pass_of(documents: Reversed, lines: Conditions, facts: Mapping[str, Fact], rules: Rules) -> SecondPass:
    """The second pass of a program; ``lines`` also knows the words of the stages. Problems go to ``lines.problems``."""
    found: dict[str, list[Any]] = {
        key: [] for key in ("values", "triggers", "options", "doors", "checks", "arguments", "advice", "signals", "intensity", "compared")
    }
    wordings: dict[str, str] = {}
    grounds: dict[str, tuple[str, doc.GroundDecl]] = {}
    for law, document, source in documents.documents:
        for index, ground in enumerate(document.grounds):
            if ground.id in rules.known or ground.id in grounds:
                lines.problems.append(
                    source.problem("TS-R05", ("gronden", index, "id"), f"De id `{ground.id}` bestaat al.", "Geef deze grond een eigen id.")
                )
            grounds[ground.id] = (law, ground)
    known = {**rules.known, **{ground.id: ground.level for _, ground in grounds.values()}}
    for law, document, source in documents.documents:
        _Document(law, source, lines, facts, replace(rules, known=known)).read(document, found)
        wordings |= document.wordings
    return SecondPass(**{key: tuple(items) for key, items in found.items()}, grounds=grounds, wordings=wordings)


NEVER_COMPARED = re.compile(
    r"(^|[._])(naam|voornaam|achternaam|nationaliteit|postcode|adres|geslacht|geboorte(plaats|land)|afkomst|etniciteit|ras|huidskleur"
    r"|godsdienst|geloof|religie|levensovertuiging|seksuele_gerichtheid|politieke_(gezindheid|overtuiging)|bsn)($|[._])"
)
"""Facts on which cases are never compared: who somebody is, not what is the matter (art. 1 Grondwet)."""


@dataclass(frozen=True)
class _Document:
    law: str
    source: Source
    lines: Conditions
    facts: Mapping[str, Fact]
    rules: Rules

    def read(self, document: doc.ReversedTestDoc, found: dict[str, list[Any]]) -> None:
        """Add what one document holds."""
        law, source = self.law, self.source
        whole = Context()

        def condition(value: Any, path: Path) -> tree.Criterion:
            return self.lines.condition(value, source, path, whole)

        found["values"] += [(law, value) for value in document.values]
        for index, trigger in enumerate(document.triggers):
            found["triggers"].append(Trigger(trigger, law, condition(trigger.when, ("aanleidingen", index, "als"))))
        for index, door in enumerate(document.doors):
            path: Path = ("deuren", index)
            self._check_grounds(door, path)
            excluded = condition(door.excluded_when, (*path, "uitgesloten als")) if door.excluded_when is not None else tree.Const(False)
            elsewhere = is_elsewhere(door.held_by, self.rules.laws.get(law))
            found["doors"].append(Door(door, law, excluded, condition(door.when, (*path, "als")), elsewhere))
        for index, check in enumerate(document.checks):
            place: Path = ("toetsen", index)
            fact = self.facts.get(check.fact)
            if fact is None or fact.kind.base is not Base.BOOL:
                self.lines.problems.append(
                    source.problem(
                        "TS-R02", (*place, "gegeven"), f"`{check.fact}` is geen gegeven van soort ja/nee.", meant(check.fact, self.facts)
                    )
                )
            found["checks"].append(Check(check, law, condition(check.applies_when, (*place, "geldt als"))))
        for index, option in enumerate(document.options):
            if option.uses_power is not None and option.uses_power not in self.rules.known:
                self.lines.problems.append(
                    source.problem(
                        "TS-R01",
                        ("opties", index, "gebruikt"),
                        f"De regel `{option.uses_power}` bestaat in geen enkele versie.",
                        meant(option.uses_power, self.rules.known),
                    )
                )
            self._check_known(option.for_grounds, ("opties", index, "bij gronden"))
            if self._outside(option.valid_from, option.valid_until) or (
                option.uses_power is not None and option.uses_power not in self.rules.present
            ):
                continue
            found["options"].append(Option(option, law, condition(option.when, ("opties", index, "als"))))
        for index, argument in enumerate(document.arguments):
            found["arguments"].append(Argument(argument, law, condition(argument.when, ("argumenten", index, "als"))))
        for index, row in enumerate(document.advice):
            found["advice"].append(Advice(row, condition(row.when, ("advies", index, "als"))))
        for index, step in enumerate(document.intensity):
            found["intensity"].append(Intensity(step, law, condition(step.when, ("intensiteit", index, "als"))))
        for index, name in enumerate(document.compared):
            self._check_compared(name, ("vergelijken op", index))
            found["compared"].append(name)
        for index, signal in enumerate(document.signals):
            if not self._outside(signal.valid_from, signal.valid_until):
                found["signals"].append(Signal(signal, law, condition(signal.when, ("signalen", index, "als"))))

    def _outside(self, first: date | None, last: date | None) -> bool:
        """Whether an item is never in force during this program."""
        return (first is not None and self.rules.valid_until is not None and first >= self.rules.valid_until) or (
            last is not None and last <= self.rules.valid_from
        )

    def _check_compared(self, name: str, path: Path) -> None:
        fact = self.facts.get(name)
        if NEVER_COMPARED.search(name):
            self.lines.problems.append(
                self.source.problem(
                    "TS-R04",
                    path,
                    f"Op `{name}` mogen zaken niet worden vergeleken: het zegt wie iemand is, niet wat er aan de hand is.",
                    "Verwijder het. Vergelijk op omstandigheden die voor de grond en de deur van belang zijn.",
                )
            )
        elif fact is None or fact.kind.base not in (Base.BOOL, Base.CHOICE):
            self.lines.problems.append(
                self.source.problem("TS-R02", path, f"`{name}` is geen gegeven van soort ja/nee of keuze.", meant(name, self.facts))
            )

    def _check_known(self, grounds: tuple[str, ...], path: Path) -> None:
        known = self.rules.known
        self.lines.problems.extend(
            self.source.problem("TS-R01", (*path, index), f"De grond `{ground}` bestaat in geen enkele versie.", meant(ground, known))
            for index, ground in enumerate(grounds)
            if ground not in known
        )

    def _check_grounds(self, door: doc.DoorDecl, path: Path) -> None:
        known, source = self.rules.known, self.source
        self._check_known(door.opens_for, (*path, "opent voor"))
        for index, ground in enumerate(door.opens_for):
            if ground in known and door.level in get_args(doc.Rank) and doc.is_above(known[ground], door.level):
                self.lines.problems.append(
                    source.problem(
                        "TS-R03",
                        (*path, "opent voor", index),
                        f"Een deur in een {door.level} kan geen grond van een hoger niveau opheffen: `{ground}` is {known[ground]}.",
                        "Verwijder deze grond, of noem de bepaling van de wet die dit toelaat.",
                    )
                )
