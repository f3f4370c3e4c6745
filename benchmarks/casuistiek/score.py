# SPDX-License-Identifier: EUPL-1.2
"""What the reversed test says of a translated case, held against how the case ended. Counting only; no weights."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.casuistiek import coding, outcomes, weighing
from benchmarks.casuistiek.outcomes import ByArgument, ByCheck, ByDoor, ByOption, BySignal, ByTrigger, Ending, Where
from benchmarks.casuistiek.translate import Translated, citable_laws, reference_of, same_reference, translate
from engine.model.program import Law
from engine.model.values import CauseKind, Unknown
from engine.passes.assess import Assessment, assess
from engine.passes.second import INVESTIGATE, PROFESSIONAL
from engine.rulebook import Rulebook

FOLLOW = "regel_volgen"
DEVIATE = "afwijken_onderbouwd"
READ_OTHERWISE = "sig.regel_anders_lezen"
BURDENS = "t1"
"""The trigger of every burdening outcome: it warns of nothing in particular, so it never counts as a warning."""

_CHANGED = frozenset({DEVIATE, "lichter_middel", "adviseren_aan_bevoegde"})
AGREES: Mapping[str, frozenset[str]] = {
    "houdt_stand": frozenset({FOLLOW, "deur_ontbreekt"}),
    "wijkt": _CHANGED,
    "deels": _CHANGED,
    "opnieuw": frozenset({INVESTIGATE}),
}
"""The results that agree with each way a case can end; leaving it to a professional is an abstention."""

LEAST_COVERAGE = 0.60
Z95 = 1.959964
"""The 97.5th percentile of the normal distribution."""


class Found(StrEnum):
    """Where something stands: by the rules, by what the coder named, as an open question, or nowhere."""

    RULES = "regels"
    CODED = "codering"
    OPEN = "open"
    NOWHERE = "nergens"


@dataclass(frozen=True, slots=True)
class Scored:
    """One case with a known end. ``agrees`` is None where the advice abstains, ``question`` where none decided.

    ``excluded``: no result that is still possible agrees with the end. ``open_facts`` are those that the advice waits for,
    ``weighed`` says whether any of the three questions of proportionality is answered.
    """

    ending: Ending
    translated: Translated
    advice: str
    possible: tuple[str, ...]
    agrees: bool | None
    argument: Found
    question: Found | None
    silent_harm: bool
    unfounded: bool
    excluded: bool
    open_facts: tuple[str, ...]
    weighed: bool

    @property
    def missed(self) -> bool:
        """Whether anything was not as it should be: result, argument or question."""
        return self.agrees is not True or self.argument is not Found.RULES or self.question in (Found.OPEN, Found.NOWHERE)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of Wilson (1927)."""

    hits: int
    total: int

    @property
    def part(self) -> float:
        """The share, 0 of nothing."""
        return self.hits / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound; of nothing everything is possible."""
        return wilson(self.hits, self.total)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The score interval of a share, 95 %. Source: E.B. Wilson, JASA 22 (1927), 209-212."""
    if total == 0:
        return 0.0, 1.0
    part, square = hits / total, Z95 * Z95
    centre = part + square / (2 * total)
    half = Z95 * math.sqrt(part * (1 - part) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True)
class Measured:
    """Everything that was measured. ``translated`` are all cases, ``scored`` those with a known end.

    ``once`` are the parts of the reversed test (sort, id, words) that count in exactly one of all cases, with that case.
    """

    translated: tuple[Translated, ...]
    scored: tuple[Scored, ...]
    once: tuple[tuple[str, str, str, str], ...]

    def of(self, ended: str) -> tuple[Scored, ...]:
        """The cases that ended so."""
        return tuple(case for case in self.scored if case.ending.ended == ended)

    def baseline(self, advice: str) -> Share:
        """The agreement of saying the same of every case."""
        return Share(sum(1 for case in self.scored if advice in AGREES[case.ending.ended]), len(self.scored))


def covered(cases: Sequence[Scored]) -> Share:
    """How many got a result at all."""
    return Share(sum(1 for case in cases if case.agrees is not None), len(cases))


def agreement(cases: Sequence[Scored]) -> Share:
    """How many of those with a result agree with the end."""
    return Share(sum(1 for case in cases if case.agrees), covered(cases).hits)


def failures(measured: Measured) -> list[str]:
    """The thresholds that are not met, in words; none is good."""
    cases = measured.scored
    found = []
    if silent := [case.ending.id for case in cases if case.silent_harm]:
        found.append(f"Stille schade in {', '.join(silent)}: de uitkomst bleef niet, en wij zeiden zonder waarschuwing `{FOLLOW}`.")
    if unfounded := [case.ending.id for case in cases if case.unfounded]:
        found.append(f"Ongegronde afwijking in {', '.join(unfounded)}: de uitkomst hield stand, en wij zeiden `{DEVIATE}`.")
    if covered(cases).part < LEAST_COVERAGE:
        found.append(f"Dekking {covered(cases).part:.0%}: lager dan {LEAST_COVERAGE:.0%}.")
    return found


def measure(book: Rulebook, cases: Iterable[coding.Case] | None = None, endings: Iterable[Ending] | None = None) -> Measured:
    """Translate, assess and score every case; those of the project where none are given."""
    known = {ending.id: ending for ending in (outcomes.read() if endings is None else endings)}
    laws = citable_laws(book)
    translated, scored = [], []
    seen: Counter[tuple[str, str, str]] = Counter()
    last: dict[tuple[str, str, str], str] = {}
    for case in coding.read() if cases is None else cases:
        found = translate(case, book)
        assessment = assess(found.claim, book)
        translated.append(found)
        for key in _counting(assessment):
            seen[key] += 1
            last[key] = case.id
        ending = known[case.id]
        if ending.ended != "onbekend":
            scored.append(score(found, assessment, ending, laws))
    once = tuple((*key, last[key]) for key, count in sorted(seen.items()) if count == 1)
    return Measured(tuple(translated), tuple(scored), once)


def with_weighing() -> tuple[coding.Case, ...]:
    """The coded cases with what a second reader judged."""
    judged = weighing.read()
    return tuple(weighing.weighed(case, judged[case.id]) for case in coding.read())


def score(found: Translated, assessment: Assessment, ending: Ending, laws: Mapping[str, Law]) -> Scored:
    """One case against its end."""
    second = assessment.second
    good = AGREES[ending.ended]
    read_otherwise = ending.ended in ("wijkt", "deels") and any(signal.decl.id == READ_OTHERWISE for signal in second.signals)
    agrees: bool | None = True if read_otherwise or second.advice in good else None if second.advice == PROFESSIONAL else False
    return Scored(
        ending=ending,
        translated=found,
        advice=second.advice,
        possible=second.possible,
        agrees=agrees,
        argument=_argument(ending, assessment, laws),
        question=_question(ending, assessment),
        silent_harm=ending.ended != "houdt_stand" and second.advice == FOLLOW and not warns(assessment),
        unfounded=ending.ended == "houdt_stand" and second.advice == DEVIATE,
        excluded=not read_otherwise and good.isdisjoint({second.advice, *second.possible}),
        open_facts=tuple(sorted(cause.ref for cause in second.causes if cause.kind is CauseKind.FACT)),
        weighed=any(not isinstance(item.answer, Unknown) for item in second.checks if item.check.decl.sort == "evenredigheid"),
    )


def warns(assessment: Assessment) -> bool:
    """Whether anything speaks against following the rule: a trigger of its own, an argument against, a signal."""
    second = assessment.second
    return (
        any(item.truth is True and item.trigger.decl.id != BURDENS for item in second.triggers)
        or any(argument.decl.direction == "tegen" for argument in second.arguments)
        or bool(second.signals)
    )


def _argument(ending: Ending, assessment: Assessment, laws: Mapping[str, Law]) -> Found:
    places = ending.argument.places if ending.argument is not None else ()
    return _first(_stands(place, assessment, laws) for place in places)


def _first(found: Iterable[Found]) -> Found:
    """The best of the places where something may stand."""
    return min(found, key=list(Found).index, default=Found.NOWHERE)


def _stands(place: Where, assessment: Assessment, laws: Mapping[str, Law]) -> Found:
    second = assessment.second
    match place:
        case ByArgument(argument=name):
            return _when(any(item.decl.id == name for item in second.arguments))
        case BySignal(signal=name):
            return _when(any(item.decl.id == name for item in second.signals))
        case ByTrigger(trigger=name):
            truth = next((item.truth for item in second.triggers if item.trigger.decl.id == name), False)
            return Found.OPEN if isinstance(truth, Unknown) else _when(truth)
        case ByCheck(check=name, answer=expected):
            answer = next((item.answer for item in second.checks if item.check.decl.id == name), None)
            return Found.OPEN if isinstance(answer, Unknown) else _when(answer is (expected == "ja"))
        case ByOption(option=text):
            return _first(Found.CODED if item.added_by else Found.RULES for item in second.options if text == item.text)
        case ByDoor(door=text, state=expected):
            return _door(text, expected, assessment, laws)


def _when(there: bool) -> Found:
    return Found.RULES if there else Found.NOWHERE


def _door(text: str, expected: str, assessment: Assessment, laws: Mapping[str, Law]) -> Found:
    """A door decided as it was decided there stands by rules or coding; one that is still open to inquiry is a question."""
    places = []
    for item in assessment.second.doors:
        if text != item.door.decl.source and not _alike(text, item.door.decl.source, item.door.law, laws, assessment):
            continue
        state = "dicht" if item.state == "uitgesloten" else item.state
        if state == expected:
            places.append(Found.RULES if item.named is None else Found.CODED)
        elif state == "te onderzoeken":
            places.append(Found.OPEN)
    return _first(places)


def _alike(text: str, source: str, law: str, laws: Mapping[str, Law], assessment: Assessment) -> bool:
    return same_reference(reference_of(text, laws), reference_of(source, laws, assessment.program.laws.get(law)))


def _question(ending: Ending, assessment: Assessment) -> Found | None:
    question = ending.question
    if question is None or question == "geen":
        return None
    asked = {item.path for item in (*assessment.questions, *assessment.follow_up)}
    if asked & set(question.facts):
        return Found.RULES
    put = [item.named.question or "" for item in assessment.second.doors if item.named is not None and item.state == "te onderzoeken"]
    return Found.CODED if question.coded is not None and any(question.coded in text for text in put) else Found.NOWHERE


def _counting(assessment: Assessment) -> set[tuple[str, str, str]]:
    """The parts of the reversed test that count in a case: what fired, holds, is examined or is possible."""
    second = assessment.second
    own = [item for item in second.options if item.added_by is None and item.state == "mogelijk" and item.door is None]
    found = {("aanleiding", item.trigger.decl.id, item.trigger.decl.text) for item in second.triggers if item.truth is True}
    found |= {("argument", item.decl.id, item.decl.text) for item in second.arguments}
    found |= {("signaal", item.decl.id, item.decl.text) for item in second.signals}
    found |= {("deur", item.door.decl.id, item.door.decl.title) for item in second.doors if item.named is None}
    return found | {("optie", item.id, item.text) for item in own}
