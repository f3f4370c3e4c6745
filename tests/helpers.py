# SPDX-License-Identifier: EUPL-1.2
"""A tiny law for tests: some facts with plain names, one claim, and whatever rules a test is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from textwrap import dedent, indent
from typing import Any

import pytest

from engine.model.claim import Claim
from engine.model.problems import ClaimError, Problem, RulesError
from engine.model.values import Cause, CauseKind, Truth, Unknown, Value
from engine.passes.assess import Assessment, assess
from engine.passes.intake import read_claim
from engine.rulebook import Rulebook, load_files

CLAIM = "wet/aanspraak"
DAY = "2026-07-15"

FACTS = """
groepen:
  persoon:
    geboortedatum: {soort: datum, ten hoogste: peildatum}
    inkomen: {soort: bedrag, per: maand}
    student: {soort: ja/nee}
    functie: {soort: tekst, mag ontbreken: ja}
  kind:
    geboortedatum: {soort: datum, ten hoogste: peildatum}
    thuiswonend: {soort: ja/nee}
    kosten: {soort: bedrag, per: maand}
    toeslag: {soort: bedrag, per: maand, mag ontbreken: ja}
gegevens:
  a: {soort: ja/nee}
  b: {soort: ja/nee}
  c: {soort: ja/nee}
  aangenomen: {soort: ja/nee, aanname: nee}
  n: {soort: geheel getal}
  m: {soort: geheel getal, mag ontbreken: ja}
  x: {soort: getal}
  y: {soort: getal}
  deel: {soort: percentage}
  loon: {soort: bedrag, per: maand}
  toeslag: {soort: bedrag, per: maand, mag ontbreken: ja}
  jaarloon: {soort: bedrag, per: jaar}
  dag_een: {soort: datum}
  dag_twee: {soort: datum}
  termijn: {soort: duur, eenheid: dagen}
  leefvorm: {soort: keuze, keuzes: [alleen, samen, inwonend]}
  grond: {soort: keuze, keuzes: [alleen, anders_dan], mag ontbreken: ja}
  plaats: {soort: tekst}
  ernstig: {soort: ja/nee, oordeel van: [consulent, arts]}
  aanvrager: {soort: persoon}
  partner: {soort: persoon, mag ontbreken: ja}
  kinderen: {soort: lijst van kind}
samengesteld:
  volwassenen: [aanvrager, partner]
"""

REGULATION = "naam: Proefwet\nbwb: BWBR0000001\n"


def ruleset(
    rules: str, *, ladder: str = "- gereed: anders", head: str = "", name: str = CLAIM, since: str = "2020-01-01", burdening: str = ""
) -> str:
    """The text of a regelset; without a ladder it is a shared one. ``burdening`` names the results that burden."""
    text = f"regelset: {name}\ngeldig vanaf: {since}\n{dedent(head)}"
    if ladder:
        text += f"beoordeling:\n  soort: beschikking\n  uitkomsten:\n{indent(dedent(ladder).strip(), '    ')}\n"
        text += f"  belastend: [{burdening}]\n" if burdening else ""
    body = dedent(rules).strip()
    return text + (f"regels:\n{indent(body, '  ')}\n" if body else "")


def law(rules: str = "", *, facts: str = FACTS, amounts: str = "", files: Mapping[str, str] | None = None, **head: str) -> dict[str, str]:
    """The files of the tiny law, by path."""
    found = {
        "wet/regeling.yaml": REGULATION,
        "wet/gegevens.yaml": dedent(facts),
        "wet/aanspraak/2020-01-01.yaml": ruleset(rules, **head),
    }
    if amounts:
        found["wet/bedragen.yaml"] = "bedragen:\n" + indent(dedent(amounts).strip(), "  ") + "\n"
    return {**found, **(files or {})}


def book(rules: str = "", **parts: Any) -> Rulebook:
    """The tiny law, loaded."""
    return load_files(law(rules, **parts))


def problems_of(files: Mapping[str, bytes | str]) -> tuple[Problem, ...]:
    """Why these files do not load."""
    with pytest.raises(RulesError) as caught:
        load_files(files)
    return caught.value.problems


def the_problem(files: Mapping[str, bytes | str]) -> Problem:
    """The one reason why these files do not load."""
    (problem,) = problems_of(files)
    return problem


def claim(facts: Mapping[str, Any] | None = None, day: str = DAY, **more: Any) -> dict[str, Any]:
    """A claim on the tiny law, as a caller writes it."""
    return {"aanspraak": CLAIM, "peildatum": day, "gegevens": dict(facts or {}), **more}


def judged(value: Any, role: str = "consulent") -> dict[str, Any]:
    """A judgement with everything that belongs to it."""
    return {"waarde": value, "door": "J. Jansen", "rol": role, "datum": "2026-07-01", "reden": "gesproken op 1 juli"}


def run(rules: Rulebook, facts: Mapping[str, Any] | None = None, day: str = DAY, **more: Any) -> Assessment:
    """An assessment by the tiny law."""
    return assess(claim(facts, day, **more), rules)


def accepted(rules: Rulebook, data: Any) -> Claim:
    """A claim that is taken."""
    found, _ = read_claim(data, rules)
    return found


def refusals(rules: Rulebook, data: Any) -> tuple[Problem, ...]:
    """Why a claim is refused."""
    with pytest.raises(ClaimError) as caught:
        read_claim(data, rules)
    return caught.value.problems


def outcome(found: Assessment, name: str) -> Value:
    """What the rules decided, by short name."""
    (key,) = (outcome.key for outcome in found.program.outcomes if found.program.short(outcome.key) == name)
    return found.state.out[key]


@lru_cache(maxsize=512)
def _one_rule(text: str, amounts: str) -> Rulebook:
    return book(f"- id: wet.1\n  bron: art. 1\n  bepaalt: uit\n  {text}", amounts=amounts)


def holds(line: str, facts: Mapping[str, Any] | None = None, day: str = DAY, amounts: str = "") -> Truth:
    """The truth of one condition."""
    found = outcome(run(_one_rule(f"als: {line}", amounts), facts, day), "uit")
    assert isinstance(found, bool | Unknown)
    return found


def computes(line: str, facts: Mapping[str, Any] | None = None, day: str = DAY, amounts: str = "", **keys: str) -> Value:
    """The value of one sum; ``keys`` are more keys of the rule (`afronden`)."""
    more = "".join(f"\n  {key}: {text}" for key, text in keys.items())
    return outcome(run(_one_rule(f"waarde: {line}{more}", amounts), facts, day), "uit")


def causes(value: Value) -> set[str]:
    """What an unknown rests on, as `soort:naam`."""
    assert isinstance(value, Unknown), value
    return {f"{cause.kind}:{cause.ref}" for cause in value.causes}


def fact(name: str) -> Cause:
    """A missing fact."""
    return Cause(CauseKind.FACT, name)


@dataclass(frozen=True)
class Opinion:
    """A second opinion that says what it is told to, of every case."""

    says: str | Exception

    @contextmanager
    def asked(self, compiled: object, state: object) -> Iterator[Callable[[], str]]:
        """As a second engine is asked."""

        def answer() -> str:
            if isinstance(self.says, Exception):
                raise self.says
            return self.says

        yield answer
