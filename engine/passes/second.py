# SPDX-License-Identifier: EUPL-1.2
"""The second pass: the reversed test, stage by stage; each stage asserts words that later stages read.

A effect first, B rule round, C statutory exceptions, D triggers, E options, F effects, G doors, H proportionality,
I ethics, J equality, K advice. Nothing here decides: it lists, asks and advises. Costs do not take part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from engine.language.weights import PriceItem, Stars
from engine.logic.kleene import all_of, any_of, negation
from engine.logic.state import State
from engine.model import documents as doc, tree
from engine.model.document import THROUGH
from engine.model.program import Option
from engine.model.values import Cause, CauseKind, Truth, Unknown, Value
from engine.passes.costs import costings
from engine.passes.first import ASKABLE
from engine.passes.household import Member, household
from engine.passes.outlook import Outlook
from engine.passes.precedents import Compared, Earlier
from engine.passes.seen import Advised, CheckSeen, DoorSeen, EffectQuestion, IntensitySeen, OptionSeen, SecondPass, TriggerSeen
from engine.rulebook import Compiled

INVESTIGATE = "eerst_onderzoeken"
PROFESSIONAL = "professional_beslist"
CORNERS = ("rechtmatig", "betrokken", "rendement")
_STATES = {"open": "mogelijk", "te onderzoeken": "te onderzoeken"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What the reversed test uses beside the case and the law: earlier decisions, price items, stars of an ordinance."""

    earlier: Earlier | None = None
    prices: Mapping[str, PriceItem] = field(default_factory=dict)
    stars: Mapping[str, Stars] = field(default_factory=dict)


ALONE = Beside()


def advise(outlook: Outlook, state: State, beside: Beside = ALONE) -> Advised:
    """Only the advice on a case: for trying answers."""
    run = _Run(outlook, state)
    run.exceptions()
    run.triggers()
    run.lighter()
    doors = run.doors()
    run.checks()
    run.equality(doors, beside.earlier)
    return run.advice()


def second_pass(outlook: Outlook, state: State, beside: Beside = ALONE) -> SecondPass:
    """Run the reversed test on a case that went through the law; adds the words of its stages to ``state.facts``."""
    run, second = _Run(outlook, state), outlook.second
    exceptions = run.exceptions()
    triggers = run.triggers()
    doors = run.doors()
    run.lighter()
    options = run.options(doors)
    checks = run.checks()
    compared = run.equality(doors, beside.earlier)
    advised = run.advice()
    arguments = tuple(argument for argument in second.arguments if run.truth(argument.when) is True)
    signals = tuple(signal for signal in second.signals if run.outlook.in_force(signal.decl) and run.truth(signal.when) is True)
    used = {argument.decl.corner for argument in arguments}
    reason = run.words["aanleiding_gezien"]
    return SecondPass(
        triggers,
        reason,
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
        run.intensity() if reason is not False else None,
        tuple(run.effect_questions()) if reason is not False else (),
        costings(outlook.claim.stated.costs, beside.prices),
        beside.stars,
        tuple(corner for corner in CORNERS if corner not in used) if reason is not False else (),
        compared,
        beside.earlier.on(outlook.first.ground_rules) if beside.earlier is not None else None,
        run.household,
    )


class _Run:
    def __init__(self, outlook: Outlook, state: State) -> None:
        self.outlook, self.state = outlook, state
        self.compiled, self.first, self.claim, self.second = outlook.compiled, outlook.first, outlook.claim, outlook.second
        self.words = dict(outlook.words)
        state.facts.update(self.words)

    @cached_property
    def household(self) -> tuple[Member, ...]:
        """Everybody in it, minors first."""
        return household(self.compiled.program, self.state, self.claim)

    def say(self, word: str, truth: Truth) -> None:
        """Assert a word of the stages."""
        self.words[word] = truth
        self.state.facts[word] = truth

    def truth(self, criterion: Any) -> Truth:
        """A line of the second pass in this case."""
        return self.compiled.test(criterion)(self.state)

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
        seen: list[DoorSeen] = []
        if self.words["aanleiding_gezien"] is not False:
            seen = [DoorSeen(door, *self._state(door.excluded, door.when), lifts, tunes) for door, lifts, tunes in self.outlook.doors]
            seen += self.outlook.named_doors
        grounds = [item for item in self.first.grounds if item.truth is not False]
        # A ground that may not be there need not be covered, and what does not burden needs no door: unknown stays unknown.
        covered = [any_of((negation(item.truth), self._covered(item.rules, seen))) for item in grounds]
        maybe = [any_of((negation(item.truth), self._maybe_covered(item.rules, seen))) for item in grounds]
        if grounds:
            self.say("deur_voor_elke_grond", all_of((self.first.burdening, *covered)))
            self.say("deur_mogelijk_voor_elke_grond", all_of((self.first.burdening, *maybe)))
        else:
            # Without a ground it is about an amount, or less than was asked: a door that tunes that is what counts.
            tuning = [door for door in seen if self.outlook.tunable & set(door.door.decl.tunes)]
            self.say("deur_voor_elke_grond", any_of([door.open for door in tuning]))
            self.say("deur_mogelijk_voor_elke_grond", any(door.usable for door in tuning))
        elsewhere = any_of([door.open for door in seen if door.door.elsewhere and door.state != "uitgesloten"])
        self.say("deur_elders", all_of((self.words["deur_voor_elke_grond"], elsewhere)) if grounds else elsewhere)
        return tuple(seen)

    def _state(self, exclusion: tree.Criterion, condition: tree.Criterion) -> tuple[str, Truth, Truth]:
        excluded, when = self.truth(exclusion), self.truth(condition)
        if excluded is True:
            state = "uitgesloten"
        elif when is False:
            state = "dicht"
        elif excluded is False and when is True:
            state = "open"
        else:
            state = "te onderzoeken"
        return state, excluded, when

    @staticmethod
    def _covered(rules: tuple[str, ...], doors: list[DoorSeen]) -> Truth:
        """A ground is covered when an open door stands for every rule that is the ground."""
        return all_of([any_of([door.open for door in doors if rule in door.lifts or rule in door.tunes]) for rule in rules])

    @staticmethod
    def _maybe_covered(rules: tuple[str, ...], doors: list[DoorSeen]) -> bool:
        usable = [door for door in doors if door.usable]
        return all(any(rule in door.lifts or rule in door.tunes for door in usable) for rule in rules)

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
                if door.usable:
                    decl = door.door.decl
                    text = decl.option or f"Afwijken met {decl.title} ({decl.source})."
                    options.append(
                        OptionSeen(
                            f"{THROUGH}{decl.id}",
                            "afwijken",
                            text,
                            decl.source,
                            door.door.law,
                            _STATES[door.state],
                            within_rules=False,
                            door=decl.id,
                        )
                    )
        options += [
            OptionSeen(added.id, "toegevoegd", added.text, added.source, law, "mogelijk", added.within_rules, added_by=added.by)
            for added in self.claim.stated.options
            for law in (self.compiled.program.law,)
        ]
        return tuple(options)

    def lighter(self) -> None:
        """Whether a choice within the rules burdens less: a power left unused, or a softer application."""
        lighter = [self._power_open(option) for option in self.outlook.lighter]
        self.say("lichter_middel_mogelijk", all_of((self.first.burdening, any_of(lighter))))

    def _option(self, option: Option) -> OptionSeen | None:
        if not self.outlook.fits(option):
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
        if power is not None and self.claim.stated.outcome is not None:
            truths.append(Unknown.because(CauseKind.RULE, power))
        if power is not None:
            for key in _keys(self.compiled).get(power, ()):
                for trace in self.state.traces.get(key, ()):
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

    # --- J: equality ---------------------------------------------------------------------------------------------

    def equality(self, doors: tuple[DoorSeen, ...], earlier: Earlier | None) -> Compared | None:
        """Earlier decisions with the same grounds through a door that is not shut; whether one of them clashes."""
        if earlier is None or self.words["aanleiding_gezien"] is False:
            self.say("precedent_botst", False)
            self.say("precedent_verleend", False)
            self.say("afwijking_keert_terug", False)
            return None
        usable = [door.door.decl.id for door in doors if door.usable]
        found = self.outlook.nearest(earlier, usable, self.state.facts)
        self.say("precedent_botst", found.refused.clash(self._missing) if found.refused is not None else False)
        self.say("precedent_verleend", found.granted.clash(self._missing) if found.granted is not None else False)
        self.say("afwijking_keert_terug", bool(found.recurring))
        return found

    def _missing(self, name: str) -> Cause:
        """A fact that decisions are compared on, as what an outcome still rests on."""
        fact = self.compiled.program.facts.get(name)
        return Cause(CauseKind.JUDGEMENT if fact is not None and fact.judged else CauseKind.FACT, name)

    # --- F, H: effects that nobody stated yet, and how closely to weigh ----------------------------------------------

    def intensity(self) -> IntensitySeen | None:
        """The first row that fits; where one above it is open, the rows that are still possible."""
        possible = []
        causes: set[Cause] = set()
        for row in self.second.intensity:
            truth = self.truth(row.when)
            if truth is False:
                continue
            possible.append(row)
            if truth is True:
                break
            causes |= truth.causes
        if not possible:
            return None
        if not causes:
            return IntensitySeen(possible[0].decl, possible[0].law)
        return IntensitySeen(None, possible[0].law, tuple(row.decl.result for row in possible), frozenset(causes))

    def effect_questions(self) -> Iterator[EffectQuestion]:
        """The persons of the household of whom nobody said what a burdening outcome means for them; minors first."""
        if self.first.burdening is False:
            return
        follows = next((option.decl.id for option in self.second.options if option.decl.sort == "regeluitkomst"), None)
        if follows is None:
            return
        stated = {effect.whom for effect in self.claim.stated.effects if effect.option == follows}
        for member in self.household:
            if member.whom not in stated:
                yield EffectQuestion(follows, member.whom, member.minor)

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


@lru_cache(maxsize=64)
def _keys(compiled: Compiled) -> Mapping[str, tuple[str, ...]]:
    """Per rule by its id the keys under which it runs: one, or one for each person."""
    found: dict[str, tuple[str, ...]] = {}
    for outcome in compiled.program.outcomes:
        for rule in outcome.rules:
            found[rule.id] = (*found.get(rule.id, ()), rule.key)
    return found


def _truth(value: Value) -> Truth:
    return value if isinstance(value, bool | Unknown) else False
