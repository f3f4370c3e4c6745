# SPDX-License-Identifier: EUPL-1.2
"""Stage M, learning: what a register of decisions says about the rules, about policy, and about how advice is used.

A deviation that recurs is a defect of a rule or a policy: it is counted per ground and door, and reported. How often advice
is followed is counted too: advice that is nearly always followed decides by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.authoring.suppress import HIDDEN, SMALL, THRESHOLD, WITHHELD, Label, Row, Table, suppressed
from engine.model.precedent import Precedent
from engine.passes.precedents import RECURRING
from engine.rationale.wording import how_many

ALARM_FROM = 20
"""Below so many decisions a rate of following says nothing."""
NEARLY_ALWAYS, NEARLY_NEVER = Fraction(95, 100), Fraction(5, 100)

_NONE = "(geen)"
AUTOMATIC = (
    "Een advies dat bijna altijd wordt gevolgd, is in feite een automatisch besluit "
    "(Hof van Justitie EU, C-634/21, SCHUFA). Kijk of mensen nog zelf wegen."
)
USELESS = "Een advies dat bijna nooit wordt gevolgd, helpt niemand. Kijk of de regel of de adviestabel klopt."


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """What makes decisions similar: the same grounds, and the same door used or left unused."""

    law: str
    grounds: tuple[str, ...]
    door: str | None = None

    @classmethod
    def of(cls, decision: Precedent) -> Kind:
        """The kind of a decision."""
        return cls(decision.law, tuple(sorted(set(decision.grounds))), decision.door)

    @property
    def label(self) -> tuple[str, str, str]:
        """Law, grounds and door as words of a table."""
        return self.law, " + ".join(self.grounds), self.door or _NONE


@dataclass(frozen=True, slots=True)
class Similar:
    """Similar decisions: how many deviated, how many did not."""

    kind: Kind
    deviated: int
    kept: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """`maak beleid`: deviations of one kind in one municipality that recur; ``first`` and ``last`` are days of decisions."""

    kind: Kind
    municipality: str | None
    count: int
    first: date
    last: date

    @property
    def text(self) -> str:
        """What policy staff read."""
        where = f"In {self.municipality}" if self.municipality else "In een gemeente zonder code"
        door = f"door de deur `{self.kind.door}`" if self.kind.door else "zonder deur"
        return (
            f"Maak beleid. {where} is van {self.first} tot en met {self.last} {how_many(self.count, 'keer', 'keer')} op dezelfde "
            f"manier afgeweken van `{' + '.join(self.kind.grounds)}` ({self.kind.law}), {door}. Een afwijking die terugkomt, is een "
            "gebrek van een regel of van beleid: pas de regel aan, of leg in beleid vast wanneer dit voor iedereen geldt."
        )


@dataclass(frozen=True, slots=True)
class Followed:
    """How often one advice was followed, out of ``count`` decisions that could follow it."""

    advice: str
    count: int
    followed: int

    @property
    def alarm(self) -> str | None:
        """What to look into when people nearly always, or nearly never, do what is advised."""
        if self.count < ALARM_FROM:
            return None
        rate = Fraction(self.followed, self.count)
        return AUTOMATIC if rate >= NEARLY_ALWAYS else USELESS if rate <= NEARLY_NEVER else None


@dataclass(frozen=True, slots=True)
class Learned:
    """What a register says. Everything is in an order of its own, so that the order of the register changes nothing."""

    count: int
    first: date | None
    last: date | None
    similar: tuple[Similar, ...]
    tickets: tuple[Ticket, ...]
    advice: tuple[Followed, ...]


def learn(register: Iterable[Precedent], at_least: int = RECURRING) -> Learned:
    """Count a register; ``at_least`` similar deviations make a ticket. What policy has since been revised on makes none."""
    decisions = tuple(register)
    days = [decision.day for decision in decisions]
    outcomes = Counter((Kind.of(decision), decision.granted) for decision in decisions)
    kinds = sorted({kind for kind, _ in outcomes}, key=lambda kind: (-outcomes[kind, True], -outcomes[kind, False], kind.label))
    advised = Counter(
        (decision.advice, decision.followed) for decision in decisions if decision.advice is not None and decision.followed is not None
    )
    names = sorted({advice for advice, _ in advised})
    return Learned(
        len(decisions),
        min(days, default=None),
        max(days, default=None),
        tuple(Similar(kind, outcomes[kind, True], outcomes[kind, False]) for kind in kinds),
        _tickets(decisions, at_least),
        tuple(Followed(name, advised[name, True] + advised[name, False], advised[name, True]) for name in names),
    )


def _standing(decisions: Iterable[Precedent]) -> list[Precedent]:
    """The deviations that no later policy took up."""
    return [decision for decision in decisions if decision.granted and decision.status == "geldig"]


def _tickets(decisions: Iterable[Precedent], at_least: int) -> tuple[Ticket, ...]:
    groups: dict[tuple[Kind, str | None], list[date]] = {}
    for decision in _standing(decisions):
        groups.setdefault((Kind.of(decision), decision.municipality), []).append(decision.day)
    found = [Ticket(kind, where, len(days), min(days), max(days)) for (kind, where), days in groups.items() if len(days) >= at_least]
    return tuple(sorted(found, key=lambda ticket: (-ticket.count, ticket.kind.label, ticket.municipality or "")))


# --- for others ------------------------------------------------------------------------------------------------------


def as_data(learned: Learned) -> dict[str, Any]:
    """Everything that was learned, for inside the organisation: small counts are in it."""
    return {
        "aantal": learned.count,
        "vanaf": _day(learned.first),
        "totEnMet": _day(learned.last),
        "afwijkingen": [{**_kind(item.kind), "afgeweken": item.deviated, "nietAfgeweken": item.kept} for item in learned.similar],
        "maakBeleid": [
            {
                **_kind(ticket.kind),
                "gemeente": ticket.municipality,
                "aantal": ticket.count,
                "vanaf": _day(ticket.first),
                "totEnMet": _day(ticket.last),
                "tekst": ticket.text,
            }
            for ticket in learned.tickets
        ],
        "adviezen": [
            {"advies": item.advice, "aantal": item.count, "gevolgd": item.followed, "alarm": item.alarm} for item in learned.advice
        ],
    }


def _kind(kind: Kind) -> dict[str, Any]:
    return {"regeling": kind.law, "gronden": list(kind.grounds), "deur": kind.door}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@dataclass(frozen=True, slots=True)
class Export:
    """What may be given away: the same decisions by what they were about and by what was advised, and from which years."""

    years: tuple[int, int] | None
    deviations: Table
    advice: Table

    def lines(self) -> list[tuple[str, ...]]:
        """Both tables as lines of one sheet under :data:`COLUMNS`; the last line holds the totals."""
        found = [(*label, "", *_shown(row)) for label, row in self.deviations.rows.items()]
        found += [("", "", "", *label, *_shown(row)) for label, row in self.advice.rows.items()]
        return [*found, ("totaal", "", "", "", *_shown(self.deviations.totals))]

    def as_data(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "toelichting": (
                f"Een aantal onder {THRESHOLD} staat er als {SMALL}. Wat verder is {HIDDEN} of {WITHHELD}, zou zo'n aantal verraden."
            ),
            "jaren": list(self.years) if self.years else None,
            "afwijkingen": [
                {"regeling": law, "gronden": grounds, "deur": door, **_cells(row)}
                for (law, grounds, door), row in self.deviations.rows.items()
            ],
            "adviezen": [{"advies": advice, **_cells(row)} for (advice,), row in self.advice.rows.items()],
            "totaal": _cells(self.deviations.totals),
        }


COLUMNS = ("regeling", "gronden", "deur", "advies", "afgeweken", "niet afgeweken", "samen")


def _shown(row: Row) -> tuple[str, str, str]:
    return str(row.counts[0]), str(row.counts[1]), str(row.total)


def _cells(row: Row) -> dict[str, int | str]:
    return {"afgeweken": row.counts[0], "nietAfgeweken": row.counts[1], "samen": row.total}


def export(register: Iterable[Precedent]) -> Export:
    """A register as it may be given to others. Tickets, municipalities, days and who followed advice are not in it."""
    decisions = tuple(register)
    years = [decision.day.year for decision in decisions]
    deviations = _counted((Kind.of(decision).label, decision.granted) for decision in decisions)
    advice = _counted(((decision.advice or _NONE,), decision.granted) for decision in decisions)
    return Export((min(years), max(years)) if years else None, *suppressed([deviations, advice]))


def _counted(found: Iterable[tuple[Label, bool]]) -> dict[Label, tuple[int, int]]:
    counts = Counter(found)
    return {label: (counts[label, True], counts[label, False]) for label, _ in counts}
