# SPDX-License-Identifier: EUPL-1.2
"""What is wrong with a claim, collected: every mistake at once, each with its pointer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from engine.model.claim import Given, Received
from engine.model.problems import MAX_PROBLEMS, ClaimError, Place, Problem
from engine.model.program import Program
from engine.rulebook import Compiled

NULL = ("`null` is geen waarde.", 'Laat het gegeven weg als het niet bekend is, of geef "geen" als het er niet is.')
_ABOUT_KEYS = frozenset({"TS-Z02", "TS-Z12", "TS-Z17"})


class Mistakes:
    """Collects what is wrong with a claim, from what was written wrong in it onwards.

    Raises :class:`ClaimError` itself when there is too much: a claim that keeps making mistakes is refused before they
    cost time. With ``today`` nobody said anything on a day that is still to come.
    """

    def __init__(self, received: Received, today: date | None = None) -> None:
        self.places, self.unread, self.today = received.places, received.unread, today
        self.problems: list[Problem] = []
        for problem in received.problems:
            self._add(problem)

    def refuse(self, code: str, pointer: str, cause: str, remedy: str = "") -> None:
        """Note a mistake; of a value that could not be read no more is said than that."""
        if pointer not in self.unread or code in _ABOUT_KEYS:
            self._add(Problem(code, self.places.get(pointer, Place(pointer=pointer)), cause, remedy))

    def said_on(self, day: date | None, pointer: str) -> None:
        """Note a day on which somebody said something that is still to come; only where it is known which day it is today."""
        if day is not None and self.today is not None and day > self.today:
            self.refuse(
                "TS-Z32", pointer, f"{day} moet nog komen: het is nu {self.today}.", "Schrijf de dag waarop dit is gezegd of geoordeeld."
            )

    def _add(self, problem: Problem) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            cause = f"Er zijn meer dan {MAX_PROBLEMS} fouten; de rest is niet bekeken."
            raise ClaimError([*self._in_order(), Problem("TS-Z24", Place(pointer=""), cause, "Verbeter eerst deze.")])
        self.problems.append(problem)

    def _in_order(self) -> list[Problem]:
        return sorted(self.problems, key=lambda p: (p.place.pointer or "", p.code, p.cause))

    def refusal(self) -> ClaimError:
        """Everything that is wrong, in the order of the pointers."""
        return ClaimError(self._in_order())


@dataclass
class Intake:
    """Collects the facts of a claim. ``day`` is what they are held against: the peildatum, or today where that is refused."""

    compiled: Compiled
    day: date
    mistakes: Mistakes
    today: bool = False
    given: dict[str, Given] = field(default_factory=dict)
    items: dict[str, tuple[Mapping[str, Given], ...]] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        """The program that the facts are for."""
        return self.compiled.program

    def refuse(self, code: str, pointer: str, cause: str, remedy: str = "") -> None:
        """Note a mistake in the claim of these facts."""
        self.mistakes.refuse(code, pointer, cause, remedy)
