# SPDX-License-Identifier: EUPL-1.2
"""The second pass: the reversed test, stage by stage; each stage asserts words that later stages read.

A effect first, B rule round, C statutory exceptions, D triggers, E options, F effects, G doors, H proportionality,
I ethics, J equality, K advice. Nothing here decides: it lists, asks and advises. Costs do not take part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.language.order import rule_nodes
from engine.logic.kleene import all_of, any_of, negation
from engine.logic.state import State
from engine.model import documents as doc, tree
from engine.model.claim import Claim
from engine.model.program import Argument, Check, Door, Option, Signal, Trigger
from engine.model.values import Cause, CauseKind, Truth, Unknown, Value
from engine.passes.first import ASKABLE, FirstPass
from engine.rulebook import Compiled

INVESTIGATE = "eerst_onderzoeken"
PROFESSIONAL = "professional_beslist"


@dataclass(frozen=True, slots=True)
class TriggerSeen:
    """A trigger with its truth."""

    trigger: Trigger
    truth: Truth


@dataclass(frozen=True, slots=True)
class DoorSeen:
    """A door that was examined: condition by condition, and which blocking grounds it lifts.

    ``state`` is open, dicht, uitgesloten or te onderzoeken.
    """

    door: Door
    state: str
    excluded: Truth
    when: Truth
    lifts: tuple[str, ...]

    @property
    def open(self) -> Truth:
        """Whether the door can be used: its conditions hold and nobody is excluded."""
        return all_of((negation(self.excluded), self.when))


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


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """A check with its answer (None: does not apply)."""

    check: Check
    answer: Truth


@dataclass(frozen=True, slots=True)
class SecondPass:
    """What the reversed test gives, in concept.

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
    precedents: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice table read: the result, its row, the rows still possible, and what it rests on."""

    result: str
    row: doc.AdviceRow | None
    possible: tuple[str, ...]
    causes: frozenset[Cause]


def advise(compiled: Compiled, state: State, first: FirstPass, claim: Claim) -> Advised:
    """Only the advice on a case: for trying answers."""
    run = _Run(compiled, state, first, claim)
    run.exceptions()
    run.triggers()
    run.lighter()
    run.doors()
    run.checks()
    return run.advice()


def second_pass(compiled: Compiled, state: State, first: FirstPass, claim: Claim, precedents: Iterable[Any] = ()) -> SecondPass:
    """Run the reversed test on a case that went through the law; adds the words of its stages to ``state.facts``."""
    run = _Run(compiled, state, first, claim)
    exceptions = run.exceptions()
    triggers = run.triggers()
    doors = run.doors()
    run.lighter()
    options = run.options(doors)
    checks = run.checks()
    run.say("precedent_botst", False)
    run.say("ten_nadele", False)
    advised = run.advice()
    arguments = tuple(argument for argument in compiled.program.second.arguments if run.truth(argument.when) is True)
    signals = tuple(signal for signal in compiled.program.second.signals if run.in_force(signal.decl) and run.truth(signal.when) is True)
    return SecondPass(
        triggers,
        run.words["aanleiding_gezien"],
        options,
        doors,
        checks,
        arguments,
        signals,
        advised.result,
        advised.row,
        advised.possible,
        advised.causes,
        run.words,
        exceptions,
        tuple(precedents),
    )


class _Run:
    def __init__(self, compiled: Compiled, state: State, first: FirstPass, claim: Claim) -> None:
        self.compiled, self.state, self.first, self.claim = compiled, state, first, claim
        self.second = compiled.program.second
        self.words: dict[str, Truth] = {}
        self._tunable = _tunable(compiled, first)
        for name in _INITIAL:
            self.say(name, False)
        self.say("deuren_bekend", True)
        self.say("belastende_uitkomst", first.burdening)
        self.say("beoogd_effect_genoemd", bool(claim.effects))
        self.say("beoogd_effect_geblokkeerd", self._effect_blocked())

    def say(self, word: str, truth: Truth) -> None:
        """Assert a word of the stages."""
        self.words[word] = truth
        self.state.facts[word] = truth

    def truth(self, criterion: Any) -> Truth:
        """A line of the second pass in this case."""
        return self.compiled.test(criterion)(self.state)

    def in_force(self, decl: Any) -> bool:
        """Whether an item of the second pass holds on the peildatum."""
        first, last = decl.valid_from, decl.valid_until
        return (first is None or first <= self.claim.day) and (last is None or self.claim.day < last)

    # --- A: effect first -----------------------------------------------------------------------------------------

    def _effect_blocked(self) -> Truth:
        if not self.claim.effects:
            return False
        named = any(effect.value for effect in self.claim.effects)
        belongs: Truth = True if named else Unknown.because(CauseKind.JUDGEMENT, "beoogdeEffecten")
        return all_of((self.first.burdening, belongs))

    # --- C: statutory exceptions ---------------------------------------------------------------------------------

    def exceptions(self) -> tuple[tuple[str, int], ...]:
        """Rules whose conditions hold or may hold and whose exception is still unknown: (rule key, number of the exception)."""
        found = []
        truths: list[Truth] = []
        for item in self.first.grounds:
            for key in item.ground.rule_keys:
                for trace in self.state.traces.get(key, ()):
                    for number, truth in enumerate(trace.exceptions):
                        if isinstance(truth, Unknown) and trace.applies is not False:
                            found.append((key, number))
                            truths.append(truth)
        self.say("regeluitzondering_onbekend", bool(found))
        return tuple(found)

    # --- D: triggers ---------------------------------------------------------------------------------------------

    def triggers(self) -> tuple[TriggerSeen, ...]:
        """Every trigger, the same for everyone."""
        seen = tuple(TriggerSeen(trigger, self.truth(trigger.when)) for trigger in self.second.triggers)
        self.say("aanleiding_gezien", any_of([item.truth for item in seen]))
        return seen

    # --- G: doors ------------------------------------------------------------------------------------------------

    def doors(self) -> tuple[DoorSeen, ...]:
        """The doors that lift a ground of this case, or that tune a value that it asks for; none without a reason to look."""
        seen = (
            []
            if self.words["aanleiding_gezien"] is False
            else [door for found in self.second.doors if (door := self._door(found)) is not None]
        )
        grounds = [item for item in self.first.grounds if item.truth is not False]
        per_ground = [self._covered(item.rules, seen) for item in grounds]
        maybe = [self._maybe_covered(item.rules, seen) for item in grounds]
        burdened = self.first.burdening is not False and bool(grounds)
        self.say("deur_voor_elke_grond", all_of(per_ground) if burdened else False)
        self.say("deur_mogelijk_voor_elke_grond", all(maybe) if burdened else False)
        elsewhere = any_of([door.open for door in seen if door.door.decl.held_by != "college" and door.state != "uitgesloten"])
        self.say("deur_elders", all_of((self.words["deur_voor_elke_grond"], elsewhere)) if grounds else elsewhere)
        return tuple(seen)

    def _door(self, door: Door) -> DoorSeen | None:
        if not self.in_force(door.decl):
            return None
        blocking = {rule for item in self.first.grounds for rule in item.rules}
        lifts = tuple(rule for rule in door.decl.opens_for if rule in blocking)
        if not lifts and not self._tunable & set(door.decl.tunes):
            return None
        excluded, when = self.truth(door.excluded), self.truth(door.when)
        if excluded is True:
            state = "uitgesloten"
        elif when is False:
            state = "dicht"
        elif excluded is False and when is True:
            state = "open"
        else:
            state = "te onderzoeken"
        return DoorSeen(door, state, excluded, when, lifts)

    @staticmethod
    def _covered(rules: tuple[str, ...], doors: list[DoorSeen]) -> Truth:
        """A ground is covered when an open door stands for every rule that is the ground."""
        return all_of([any_of([door.open for door in doors if rule in door.lifts]) for rule in rules])

    @staticmethod
    def _maybe_covered(rules: tuple[str, ...], doors: list[DoorSeen]) -> bool:
        return all(any(rule in door.lifts and door.state in ("open", "te onderzoeken") for door in doors) for rule in rules)

    # --- E: options ----------------------------------------------------------------------------------------------

    def options(self, doors: tuple[DoorSeen, ...]) -> tuple[OptionSeen, ...]:
        """The rule outcome and everything else that could be done; more than the rule outcome only where a trigger fired."""
        reason = self.words["aanleiding_gezien"]
        options = [
            found
            for option in self.second.options
            if (option.decl.sort == "regeluitkomst" or reason is not False) and (found := self._option(option)) is not None
        ]
        if reason is not False:
            for door in doors:
                if door.state in ("open", "te onderzoeken"):
                    decl = door.door.decl
                    text = decl.option or f"Afwijken met {decl.title} ({decl.source})."
                    options.append(
                        OptionSeen(
                            f"optie.{decl.id}",
                            "afwijken",
                            text,
                            decl.source,
                            door.door.law,
                            _STATES[door.state],
                            within_rules=False,
                            door=decl.id,
                        )
                    )
        return tuple(options)

    def lighter(self) -> None:
        """Whether a choice within the rules burdens less: a power left unused, or a softer application."""
        lighter = [
            self._power_open(option)
            for option in self.second.options
            if option.decl.sort in ("onbenutte bevoegdheid", "zachter toepassen")
            and option.decl.within_rules
            and self.in_force(option.decl)
        ]
        self.say("lichter_middel_mogelijk", all_of((self.first.burdening, any_of(lighter))))

    def _option(self, option: Option) -> OptionSeen | None:
        if not self.in_force(option.decl):
            return None
        truth = self._power_open(option)
        if truth is False:
            return None
        decl = option.decl
        state = "mogelijk" if truth is True else "te onderzoeken"
        return OptionSeen(decl.id, decl.sort, decl.text, decl.source, option.law, state, decl.within_rules, rule=decl.uses_power)

    def _power_open(self, option: Option) -> Truth:
        """An option's own condition, and for a power: its conditions hold and it is not used yet."""
        truths: list[Truth] = [self.truth(option.when)]
        power = option.decl.uses_power
        if power is not None:
            for key, traces in self.state.traces.items():
                if key.split("@")[0] == power:
                    for trace in traces:
                        truths.append(all_of((trace.applies, negation(any_of(trace.exceptions)))))
            used = self.state.facts.get(f"keuze({power})")
            if used is True:
                truths.append(False)
        return all_of(truths)

    # --- H, I: proportionality and ethics ------------------------------------------------------------------------

    def checks(self) -> tuple[CheckSeen, ...]:
        """The questions of proportionality and ethics that apply, with their answers so far."""
        seen = []
        legs: list[Truth] = []
        blocks: list[Truth] = []
        for check in self.second.checks:
            applies = self.truth(check.applies)
            answer = _truth(self.state.facts[check.decl.fact])
            if check.decl.sort == "evenredigheid":
                legs.append(answer)
            if check.decl.blocks:
                blocks.append(all_of((applies, negation(answer))))
            if applies is not False and self.words["aanleiding_gezien"] is not False:
                seen.append(CheckSeen(check, answer))
        self.say("onevenredig", any_of([negation(leg) for leg in legs]))
        self.say("evenredig", all_of(legs) if legs else Unknown.because(CauseKind.RULE, "toetsen"))
        self.say("toets_blokkeert", any_of(blocks))
        return tuple(seen)

    # --- K: advice -----------------------------------------------------------------------------------------------

    def advice(self) -> Advised:
        """The first row that fits; an undecided table says what is open: facts to investigate, or judgements to give."""
        possible: list[doc.AdviceRow] = []
        causes: set[Cause] = set()
        for row in self.second.advice:
            truth = self.truth(row.when)
            if truth is False:
                continue
            possible.append(row.decl)
            if truth is True:
                break
            causes |= truth.causes
        if not causes:
            found = possible[0] if possible else None
            return Advised(found.result if found else PROFESSIONAL, found, (), frozenset())
        askable = {cause.kind for cause in causes} & ASKABLE
        undecided = INVESTIGATE if CauseKind.FACT in askable else PROFESSIONAL
        return Advised(undecided, None, tuple(dict.fromkeys(row.result for row in possible)), frozenset(causes))


_INITIAL = (
    "alleen_lagere_regel",
    "ernstig_gevolg",
    "vloer_geraakt",
    "regeluitzondering_onbekend",
    "aanleiding_gezien",
    "deur_elders",
    "deur_voor_elke_grond",
    "deur_mogelijk_voor_elke_grond",
    "lichter_middel_mogelijk",
    "onevenredig",
    "evenredig",
    "toets_blokkeert",
    "precedent_botst",
    "ten_nadele",
)
_STATES = {"open": "mogelijk", "te onderzoeken": "te onderzoeken"}


def _tunable(compiled: Compiled, first: FirstPass) -> frozenset[str]:
    """The names of the values that a door may tune: those of the result, and those that the blocking grounds compare."""
    outcomes = {outcome.key: outcome for outcome in compiled.program.outcomes}
    names = {outcomes[key].name for key in first.values}
    for item in first.grounds:
        for rule in outcomes[item.ground.outcome].rules:
            if rule.key in item.ground.rule_keys:
                names |= _compared(compiled)[rule.key]
    return frozenset(names)


@lru_cache(maxsize=64)
def _compared(compiled: Compiled) -> Mapping[str, frozenset[str]]:
    """Per rule the names of the values that it reads; worked out once for a program, and asked for each answer tried."""
    outcomes = {outcome.key: outcome for outcome in compiled.program.outcomes}
    found = {}
    for outcome in compiled.program.outcomes:
        for rule in outcome.rules:
            read = (node.outcome for node in rule_nodes(rule) if isinstance(node, tree.OutcomeRef))
            found[rule.key] = frozenset(outcomes[key].name for key in read if not outcomes[key].boolean)
    return found


def _truth(value: Value) -> Truth:
    return value if isinstance(value, bool | Unknown) else False
