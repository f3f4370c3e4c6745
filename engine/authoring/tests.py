# SPDX-License-Identifier: EUPL-1.2
"""The tests that policy staff write: a base household, what differs, and what the law, a court or a calculation says must come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from engine.language.kinds import LiteralError, parse_literal
from engine.logic.state import State
from engine.model import documents as doc, tree
from engine.model.claim import Claim
from engine.model.document import THROUGH
from engine.model.kinds import Base
from engine.model.problems import ClaimError, EngineError, meant
from engine.model.program import Program
from engine.model.values import GEEN, Truth, Unknown, Value
from engine.passes.assess import Assessment, assess_claim
from engine.passes.first import first_pass
from engine.passes.given import given_pass
from engine.passes.intake import read_claim
from engine.passes.seen import DoorSeen
from engine.rationale.values import show
from engine.rulebook import Compiled, Rulebook

_NOT_NAMED = "niet genoemd"
_TRUTH: Mapping[bool, str] = {True: "waar", False: "onwaar"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out differently from what a test expects; ``why`` tells the criteria behind what was got."""

    what: str
    expected: str
    got: str
    why: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}: verwacht {self.expected}, gekregen {self.got}"


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test with its differences; none means that it passed."""

    __test__ = False
    file: str
    test: doc.TestDecl
    differences: tuple[Difference, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that the test names came out as expected."""
        return not self.differences


class Case:
    """One claim under test: the first pass at once, everything behind it only when it is asked for."""

    def __init__(self, claim: Claim, compiled: Compiled, rulebook: Rulebook) -> None:
        self.claim, self.compiled, self.rulebook = claim, compiled, rulebook
        self.state = State(
            dict(claim.facts),
            rulebook.amounts(compiled.program, claim.version_day),
            rulebook.filled(claim.municipality, claim.version_day),
            rulebook.calendar,
        )
        outcome = claim.stated.outcome
        self.first = first_pass(compiled, self.state) if outcome is None else given_pass(compiled, self.state, outcome)

    @property
    def program(self) -> Program:
        """The program that decides."""
        return self.compiled.program

    @property
    def supposed(self) -> bool:
        """Whether amounts that are not entered were given values for the test: no claim can be such a case."""
        return isinstance(self.rulebook, _Supposed)

    @cached_property
    def assessment(self) -> Assessment:
        """Both passes with their questions, as any claim gets them."""
        return assess_claim(self.claim, self.compiled, self.rulebook)


@dataclass(frozen=True)
class _Supposed(Rulebook):
    """A rulebook in which some amounts that are not entered have a value."""

    supposed: Mapping[str, Value] = field(default_factory=dict)

    def amounts(self, program: Program, day: date) -> dict[str, Value]:
        """The amounts of a day, with those that are supposed."""
        return {**super().amounts(program, day), **self.supposed}


def run_tests(rulebook: Rulebook, prefix: str = "") -> Iterator[TestResult]:
    """Run the tests whose file starts with a prefix, one by one."""
    for file, test in listed(rulebook, prefix):
        yield run_test(rulebook, file, test)


def listed(rulebook: Rulebook, prefix: str) -> list[tuple[str, doc.TestDecl]]:
    """Every test whose file starts with a prefix, with its file."""
    return [(file, test) for file, tests in rulebook.tests if file.startswith(prefix) for test in tests]


def run_test(rulebook: Rulebook, file: str, test: doc.TestDecl, watch: Callable[[Case], None] | None = None) -> TestResult:
    """Run one test through both passes; ``watch`` sees the case that was assessed (none when it was refused)."""
    return TestResult(file, test, tuple(differences(rulebook, file, test, whole=True, watch=watch)))


def claim_of(rulebook: Rulebook, file: str, test: doc.TestDecl) -> dict[str, Any]:
    """The claim of a test: the base household with what the test says differently. Raises KeyError for an unknown base."""
    law = file.split("/", 1)[0]
    facts: dict[str, Any] = {}
    if test.base is not None:
        facts = dict(rulebook.bases[law][test.base].facts)
    claim: dict[str, Any] = {"aanspraak": test.claim} if test.claim is not None else {"regeling": test.law}
    claim |= {"peildatum": test.date.isoformat(), "gegevens": merged(facts, test.facts)}
    if test.municipality is not None:
        claim["gemeente"] = test.municipality
    if test.given is not None:
        grounds = list(test.given.grounds)
        claim["regeluitkomst"] = {
            "uitkomst": test.given.result,
            "belastend": test.given.burdening,
            "gronden": grounds,
            "bron": test.source,
        }
    name = test.claim or rulebook.given_claim(test.law or "")
    compiled = rulebook.program(name, test.date) if name is not None else None
    if compiled is not None:
        claim["gegevens"] = _with_judges(claim["gegevens"], compiled.program, test.date.isoformat())
    return claim


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a base household with changes laid over them; the word `onbekend` takes a fact away."""
    result = dict(base)
    for name, value in changes.items():
        if value == "onbekend":
            result.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(result.get(name), Mapping):
            result[name] = merged(result[name], value)
        elif isinstance(value, Mapping):
            result[name] = {key: inner for key, inner in value.items() if inner != "onbekend"}
        else:
            result[name] = value
    return result


def _with_judges(facts: Mapping[str, Any], program: Program, day: str) -> dict[str, Any]:
    """In a test a judgement may be a bare value; somebody of the right role is put to it."""

    def judged(path: str, value: Any) -> Any:
        fact = program.facts.get(path)
        if fact is None or not fact.judged or isinstance(value, Mapping):
            return value
        return {"waarde": value, "door": "toets", "rol": fact.decl.judged_by[0], "datum": day, "reden": "gesteld in deze toets"}

    result: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping) and name in program.groups:
            result[name] = {member: judged(f"{name}.{member}", inner) for member, inner in value.items()}
        elif isinstance(value, list) and name in program.lists:
            members = program.lists[name].members
            result[name] = [
                {
                    member: {
                        "waarde": inner,
                        "door": "toets",
                        "rol": members[member].decl.judged_by[0],
                        "datum": day,
                        "reden": "gesteld in deze toets",
                    }
                    if member in members and members[member].judged and not isinstance(inner, Mapping)
                    else inner
                    for member, inner in row.items()
                }
                if isinstance(row, Mapping)
                else row
                for row in value
            ]
        else:
            result[name] = judged(name, value)
    return result


def differences(
    rulebook: Rulebook, file: str, test: doc.TestDecl, *, whole: bool = False, watch: Callable[[Case], None] | None = None
) -> Iterator[Difference]:
    """What comes out differently from what a test expects, one by one.

    The second pass runs only where the test expects something of it, or always with ``whole``.
    """
    expected = test.expected
    try:
        data = claim_of(rulebook, file, test)
    except KeyError:
        known = list(rulebook.bases.get(file.split("/", 1)[0], {}))
        yield Difference("uitgangspunt", "een bekend uitgangspunt", f"`{test.base}` bestaat niet. {meant(str(test.base), known)}")
        return
    try:
        claim, compiled = read_claim(data, rulebook)
        supposed, wrong = _supposed(rulebook, claim, compiled.program, test.amounts)
        yield from wrong
        case = Case(claim, compiled, supposed)
        if whole or asks_second_pass(expected):
            _ = case.assessment
    except ClaimError as error:
        if expected.refused is None or not any(expected.refused in (p.place.pointer, p.code) for p in error.problems):
            yield Difference(
                "de aanvraag",
                expected.refused or "aangenomen",
                "geweigerd: " + "; ".join(f"{p.place.pointer}: {p.cause} {p.remedy}" for p in error.problems),
            )
        return
    except EngineError as error:
        yield Difference("de beoordeling", "een uitkomst", f"geen: {error}")
        return
    if watch is not None:
        watch(case)
    if expected.refused is not None:
        yield Difference("de aanvraag", f"geweigerd ({expected.refused})", "aangenomen")
    yield from _compare(case, expected)


def _supposed(rulebook: Rulebook, claim: Claim, program: Program, texts: Mapping[str, str]) -> tuple[Rulebook, list[Difference]]:
    """The rulebook with the amounts of a test, and what is wrong with those: only what is not entered may be supposed."""
    if not texts:
        return rulebook, []
    found: dict[str, Value] = {}
    wrong: list[Difference] = []
    entered = rulebook.amounts(program, claim.version_day)
    for name, text in texts.items():
        amount = program.amounts.get(name)
        if amount is None:
            wrong.append(Difference(f"bedrag {name}", text, f"bestaat niet. {meant(name, program.amounts)}".strip()))
        elif not isinstance(entered[name], Unknown):
            wrong.append(Difference(f"bedrag {name}", "nog niet ingevoerd", f"ingevoerd: {show(entered[name], amount.kind)}"))
        else:
            try:
                found[name] = parse_literal(text, amount.kind, amount.decl.unit)
            except LiteralError as error:
                wrong.append(Difference(f"bedrag {name}", text, f"geen {amount.kind}: {error.cause}"))
    parts = {part.name: getattr(rulebook, part.name) for part in fields(Rulebook)}
    return _Supposed(**parts, supposed=found), wrong


def _compare(case: Case, expected: doc.Expected) -> Iterator[Difference]:
    first = case.first
    if expected.outcome is not None and expected.outcome != first.result:
        open_facts = ", ".join(sorted(cause.ref for cause in first.causes))
        yield Difference("uitkomst", expected.outcome, first.result + (f" (open: {open_facts})" if open_facts else ""))
    if expected.possible is not None and set(expected.possible) != set(first.possible):
        yield Difference("mogelijke uitkomsten", ", ".join(expected.possible), ", ".join(first.possible))
    if expected.amount is not None:
        yield from _amount(case, expected.amount)
    for name, text in expected.values.items():
        yield from _value(case, name, text)
    for rule, truth in expected.rules.items():
        got = _rule_truth(case, rule)
        if got != truth:
            yield Difference(f"regel {rule}", truth, got, tuple(_criteria(case, rule)))
    if expected.grounds is not None:
        got_grounds = {rule for item in first.grounds if item.truth is True for rule in item.rules}
        if set(expected.grounds) != got_grounds:
            yield Difference("gronden", ", ".join(expected.grounds) or "geen", ", ".join(sorted(got_grounds)) or "geen")
    if asks_second_pass(expected):
        yield from _compare_assessment(case.assessment, expected)


def asks_second_pass(expected: doc.Expected) -> bool:
    """Whether a test expects something that only the questions or the reversed test can give."""
    return (
        expected.missing is not None
        or expected.advice is not None
        or expected.signals is not None
        or expected.carried is not None
        or bool(expected.not_asked or expected.doors or expected.no_doors or expected.options or expected.triggers)
    )


def _compare_assessment(assessment: Assessment, expected: doc.Expected) -> Iterator[Difference]:
    second = assessment.second
    asked = {question.path for question in (*assessment.questions, *assessment.follow_up)}
    if expected.missing is not None and not set(expected.missing) <= asked:
        yield Difference("vraagt", ", ".join(expected.missing), ", ".join(sorted(asked)) or "niets")
    for name in expected.not_asked:
        hits = sorted(path for path in asked if path == name or path.startswith((f"{name}.", f"{name}[")))
        if hits:
            yield Difference("vraagt niet", name, ", ".join(hits))
    carried = sorted(found.path for found in assessment.carried)
    if expected.carried is not None and sorted(expected.carried) != carried:
        yield Difference("rust op oordelen", ", ".join(expected.carried) or "geen", ", ".join(carried) or "geen")
    if expected.advice is not None and expected.advice != second.advice:
        yield Difference("advies", expected.advice, second.advice)
    doors = {door.door.decl.id: door for door in second.doors}
    known = [door.decl.id for door in assessment.program.second.doors]
    for door, state in expected.doors.items():
        found: DoorSeen | None = doors.get(door)
        got = found.state if found is not None else _absent(door, known)
        if got != state:
            yield Difference(f"deur {door}", state, got)
    if expected.no_doors and any(door.usable for door in second.doors):
        yield Difference("deuren", "geen", ", ".join(doors))
    options = {option.id: option.state for option in second.options}
    possible = [option.decl.id for option in assessment.program.second.options] + [f"{THROUGH}{door}" for door in known]
    for option, wanted in expected.options.items():
        if (stands := options.get(option) or _absent(option, possible)) != wanted:
            yield Difference(f"optie {option}", wanted, stands)
    triggers = {seen.trigger.decl.id: _shown(seen.truth) for seen in second.triggers}
    for trigger, truth in expected.triggers.items():
        if triggers.get(trigger) != truth:
            yield Difference(f"aanleiding {trigger}", truth, triggers.get(trigger, f"niet bekend. {meant(trigger, triggers)}".strip()))
    signals = sorted(signal.decl.id for signal in second.signals)
    if expected.signals is not None and sorted(expected.signals) != signals:
        yield Difference("signalen", ", ".join(expected.signals) or "geen", ", ".join(signals) or "geen")


def _absent(name: str, known: Sequence[str]) -> str:
    """How a door or option stands that this case does not name; one that the law does not have is a mistake of the test."""
    return _NOT_NAMED if name in known else f"bestaat niet. {meant(name, known)}".strip()


def _amount(case: Case, text: str) -> Iterator[Difference]:
    """`bedrag`: the first money value of the outcome."""
    outcomes = {outcome.key: outcome for outcome in case.program.outcomes}
    name = next((name for name in case.first.values if outcomes[name].kind.base is Base.MONEY), None)
    if name is None:
        yield Difference("bedrag", text, "de uitkomst heeft geen bedrag")
    else:
        yield from _value(case, outcomes[name].name, text)


def _value(case: Case, name: str, text: str) -> Iterator[Difference]:
    found = [outcome for outcome in case.program.outcomes if case.program.short(outcome.key) == name or outcome.key == name]
    if not found:
        yield Difference(name, text, f"onbekend: geen regel bepaalt `{name}`")
        return
    outcome = found[0]
    value = case.state.out.get(outcome.key)
    shown = show(value, outcome.kind) if value is not None else "niet bepaald"
    if text == "onbekend":
        if not isinstance(value, Unknown):
            yield Difference(name, text, shown)
        return
    try:
        wanted: Value = GEEN if text == "geen" else parse_literal(text, outcome.kind)
    except LiteralError as error:
        yield Difference(name, text, f"geen {outcome.kind}: {error.cause}")
        return
    if isinstance(value, Unknown) or (value is GEEN) is not (wanted is GEEN) or value != wanted:
        yield Difference(name, text, shown)


def _rule_truth(case: Case, rule: str) -> str:
    """A rule's truth by its id, or by its key `id@persoon`; without a person any person's `waar` counts."""
    keys = [key for key in case.state.traces if key == rule or key.split("@")[0] == rule]
    truths: list[Truth] = [trace.holds for key in keys for trace in case.state.traces[key]]
    if not keys:
        return f"niet bekend ({meant(rule, case.program.rules) or 'geen regel met deze id in deze versie'})"
    if any(truth is True for truth in truths):
        return "waar"
    if any(isinstance(truth, Unknown) for truth in truths):
        return "onbekend"
    return _TRUTH[False]


def _criteria(case: Case, rule: str) -> Iterator[str]:
    """The written criteria of a rule with their truth in this case, per person or item."""
    for step in case.compiled.traced:
        for compiled_rule in step.rules:
            key = compiled_rule.rule.key
            if rule not in (key, compiled_rule.rule.id):
                continue
            traces = case.state.traces.get(key, ())
            for number, trace in enumerate(traces):
                about = key.partition("@")[2] or (f"nummer {number + 1}" if len(traces) > 1 else "")
                for node, truth in zip(compiled_rule.criteria, trace.nodes, strict=True):
                    if isinstance(node, tree.Line) and truth is not None:
                        yield f"{_shown(truth):8} {node.text}{f' ({about})' if about else ''}"


def _shown(truth: Truth) -> str:
    return "onbekend" if isinstance(truth, Unknown) else _TRUTH[truth]
