# SPDX-License-Identifier: EUPL-1.2
"""The second pass: the reversed test, stage by stage; each stage asserts words that later stages read.

A effect first, B rule round, C statutory exceptions, D triggers, E options, F effects, G doors, H proportionality,
I ethics, J equality, K advice. Nothing here decides: it lists, asks and advises. Costs do not take part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, get_args

from engine.language.order import depends_on, rule_nodes
from engine.language.weights import PriceItem, Stars
from engine.logic.kleene import all_of, any_of, negation
from engine.logic.state import State
from engine.model import documents as doc, tree
from engine.model.claim import Claim
from engine.model.document import GroundSort
from engine.model.program import Door, Option, is_elsewhere
from engine.model.statements import THIRD_PARTIES, GivenGround, NamedDoor
from engine.model.values import Cause, CauseKind, Truth, Unknown, Value
from engine.passes.costs import costings
from engine.passes.first import ASKABLE, FirstPass
from engine.passes.household import Member, household
from engine.passes.precedents import Compared, Earlier, compare
from engine.passes.seen import Advised, CheckSeen, DoorSeen, EffectQuestion, IntensitySeen, OptionSeen, SecondPass, TriggerSeen
from engine.passes.stated import ground_levels
from engine.rulebook import Compiled

INVESTIGATE = "eerst_onderzoeken"
PROFESSIONAL = "professional_beslist"


_JUDGES = frozenset({"professional", "college", "consulent", "jurist", "kwaliteitsmedewerker", "teamleider"})
PAYING: frozenset[GroundSort] = frozenset({"terugvorderen", "boete"})
"""The sorts of ground that are not about the entitlement itself."""
CORNERS = ("rechtmatig", "betrokken", "rendement")
STATUTORY = frozenset(get_args(doc.Level)) - frozenset(get_args(doc.Rank))


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


class Outlook:
    """What the stages read of a case whatever answer is tried: its outcome, what people stated, the doors and options that concern it."""

    def __init__(self, compiled: Compiled, first: FirstPass, claim: Claim) -> None:
        self.compiled, self.first, self.claim = compiled, first, claim
        self.program, self.second = compiled.program, compiled.program.second
        self.words: dict[str, Truth] = dict.fromkeys(_INITIAL, False)
        self._say("belastende_uitkomst", first.burdening)
        self._say_grounds()
        self._say_effects()
        self._say("beoogd_effect_genoemd", bool(claim.effects))
        self._say("beoogd_effect_geblokkeerd", self._effect_blocked())
        self._nearest: dict[tuple[Value | None, ...], Compared] = {}

    def nearest(self, earlier: Earlier, doors: Sequence[str], facts: Mapping[str, Value]) -> Compared:
        """The earlier decisions nearest to the case with these facts.

        Most answers that are tried change nothing of what decisions are compared on: each way is looked up once.
        """
        names = self.second.compared
        stands = (*doors, *(None if isinstance(found := facts.get(name), Unknown) else found for name in names))
        if stands not in self._nearest:
            explained = {item.precedent: item.difference for item in self.claim.stated.distinguished}
            self._nearest[stands] = compare(earlier.on(self.first.ground_rules), doors, facts, names, explained)
        return self._nearest[stands]

    def _say(self, word: str, truth: Truth) -> None:
        self.words[word] = truth

    def in_force(self, decl: Any) -> bool:
        """Whether an item of the second pass holds on the peildatum."""
        first, last = decl.valid_from, decl.valid_until
        return (first is None or first <= self.claim.day) and (last is None or self.claim.day < last)

    @cached_property
    def tunable(self) -> frozenset[str]:
        """The names of the values that a door may tune here."""
        return _tunable(self.compiled, self.first)

    @cached_property
    def blocking(self) -> frozenset[str]:
        """The rules that are, or may be, the grounds of this case."""
        return frozenset(rule for item in self.first.grounds if item.truth is not False for rule in item.rules)

    @cached_property
    def doors(self) -> tuple[tuple[Door, tuple[str, ...], tuple[str, ...]], ...]:
        """The doors in force that lift a ground of this case, or tune a value that it asks for; with those grounds."""
        found = ((door, self._lifts(door), self._tunes(door)) for door in self.second.doors if self.in_force(door.decl))
        return tuple(item for item in found if item[1] or item[2] or self.tunable & set(item[0].decl.tunes))

    @cached_property
    def named_doors(self) -> tuple[DoorSeen, ...]:
        """The doors that a professional named."""
        return tuple(self._named(door) for door in self.claim.stated.doors)

    @cached_property
    def lighter(self) -> tuple[Option, ...]:
        """The choices within the rules that may burden less: a power left unused, or a softer application."""
        return tuple(
            option
            for option in self.second.options
            if option.decl.sort in ("onbenutte bevoegdheid", "zachter toepassen") and option.decl.within_rules and self.fits(option)
        )

    def fits(self, option: Option) -> bool:
        """Whether an option is in force, and for a ground of this case where it names grounds."""
        wanted = option.decl.for_grounds
        return self.in_force(option.decl) and (not wanted or not self.blocking.isdisjoint(wanted))

    def _effect_blocked(self) -> Truth:
        if not self.claim.effects:
            return False
        named = any(effect.value for effect in self.claim.effects)
        belongs: Truth = True if named else Unknown.because(CauseKind.JUDGEMENT, "beoogdeEffecten")
        return all_of((self.first.burdening, belongs))

    def _say_grounds(self) -> None:
        """Of what level the grounds are, and whether their doors were looked into."""
        written = self.first.ground_rules - self.program.rules.keys()
        statute = any_of([item.truth for item in self.first.grounds if any(self._levels.get(rule) in STATUTORY for rule in item.rules)])
        lower = any_of([item.truth for item in self.first.grounds if not any(self._levels.get(rule) in STATUTORY for rule in item.rules)])
        self._say("alleen_lagere_regel", all_of((lower, negation(statute))))
        self._say("deuren_bekend", not written - self.second.grounds.keys())
        self._say("over_het_recht", self._about_entitlement())

    def _about_entitlement(self) -> Truth:
        """Whether a ground is about the entitlement; one that was written out without its sort leaves it open."""
        outcome = self.claim.stated.outcome
        if outcome is None:
            return True
        sorts = [self._sort_of(ground) for ground in outcome.grounds]
        if any(sort is not None and sort not in PAYING for sort in sorts):
            return True
        return Unknown.because(CauseKind.JUDGEMENT, "regeluitkomst") if None in sorts else False

    def _sort_of(self, ground: str | GivenGround) -> GroundSort | None:
        if isinstance(ground, GivenGround):
            return ground.sort
        found = self.second.grounds.get(ground)
        return found[1].sort if found is not None else "weigeren"

    def _say_effects(self) -> None:
        """What people state about the rule outcome: a suspicion alone stays an open judgement."""
        follows = {option.decl.id for option in self.second.options if option.decl.sort == "regeluitkomst"}
        floors = {decl.id for _, decl in self.second.values if decl.sort == "vloer"}
        suspected = Unknown.because(CauseKind.JUDGEMENT, "effecten")
        harms = [
            (effect, suspected if effect.certainty == "vermoed" else True)
            for effect in self.claim.stated.effects
            if effect.grave and effect.option in follows
        ]
        self._say("ernstig_gevolg", any_of([truth for _, truth in harms]))
        self._say("vloer_geraakt", any_of([truth for effect, truth in harms if effect.value in floors]))
        household = [
            effect
            for effect in self.claim.stated.effects
            if effect.direction == "schaadt" and effect.option.startswith("optie.") and effect.whom not in THIRD_PARTIES
        ]
        self._say("ten_nadele", bool(household))

    @cached_property
    def _levels(self) -> Mapping[str, doc.Level]:
        return ground_levels(self.claim.stated, self.program)

    def _lifts(self, door: Door) -> tuple[str, ...]:
        return tuple(rule for rule in door.decl.opens_for if rule in self.blocking)

    def _tunes(self, door: Door) -> tuple[str, ...]:
        if self.claim.stated.outcome is None:
            return ()
        tunes = set(door.decl.tunes)
        return tuple(sorted(rule for rule in self.blocking if self._rests_on(rule) & tunes and self._reaches(door, rule)))

    def _reaches(self, door: Door, rule: str) -> bool:
        """Whether a ground is not of a higher level than the door: what is lower never takes it away."""
        level = self._levels.get(rule)
        return level is not None and not doc.is_above(level, door.decl.level)

    def _rests_on(self, rule: str) -> frozenset[str]:
        """The values that a ground of a given outcome decides or goes into."""
        return _feeds(self.compiled).get(rule, frozenset())

    def _named(self, door: NamedDoor) -> DoorSeen:
        """A door that a professional named: open or shut as they judged, open to inquiry where they left it."""
        asked = CauseKind.JUDGEMENT if door.asked_of is None or door.asked_of in _JUDGES else CauseKind.FACT
        when: Truth = Unknown.because(asked, f"deur.{door.id}") if door.condition is None else door.condition
        state = "te onderzoeken" if isinstance(when, Unknown) else "open" if when else "dicht"
        decl = doc.DoorDecl.model_validate(
            {
                "id": door.id,
                "titel": door.title,
                "bron": door.source,
                "soort": door.sort,
                "niveau": door.level,
                "opent voor": door.lifts,
                "geldig vanaf": door.day,
                "gehouden door": door.held_by,
            }
        )
        law = self.program.law
        elsewhere = is_elsewhere(door.held_by, self.program.laws.get(law))
        found = Door(decl, law, tree.Const(False), tree.Const(True), elsewhere)
        return DoorSeen(found, state, False, when, tuple(door.lifts), named=door)


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


_INITIAL = (
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
    "precedent_verleend",
    "afwijking_keert_terug",
)
_STATES = {"open": "mogelijk", "te onderzoeken": "te onderzoeken"}


def _tunable(compiled: Compiled, first: FirstPass) -> frozenset[str]:
    """The names of the values that a door may tune: those of the result, and those that the blocking grounds compare."""
    outcomes = {outcome.key: outcome for outcome in compiled.program.outcomes}
    names = {outcomes[key].name for key in first.values}
    for item in first.grounds:
        for rule in outcomes[item.ground.outcome].rules if item.ground.outcome in outcomes else ():
            if rule.key in item.ground.rule_keys:
                names |= _compared(compiled)[rule.key]
    return frozenset(names)


@lru_cache(maxsize=64)
def _keys(compiled: Compiled) -> Mapping[str, tuple[str, ...]]:
    """Per rule by its id the keys under which it runs: one, or one for each person."""
    found: dict[str, tuple[str, ...]] = {}
    for outcome in compiled.program.outcomes:
        for rule in outcome.rules:
            found[rule.id] = (*found.get(rule.id, ()), rule.key)
    return found


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


@lru_cache(maxsize=64)
def _feeds(compiled: Compiled) -> Mapping[str, frozenset[str]]:
    """Per rule the names of the values that it decides, or that rest on what it decides."""
    owner = {rule.key: outcome.key for outcome in compiled.program.outcomes for rule in outcome.rules}
    above: dict[str, set[str]] = {}
    for outcome in compiled.program.outcomes:
        for read in depends_on(outcome, owner):
            above.setdefault(read, set()).add(outcome.key)
    outcomes = {outcome.key: outcome for outcome in compiled.program.outcomes}
    found: dict[str, frozenset[str]] = {}
    for outcome in compiled.program.outcomes:
        reached, queue = {outcome.key}, [outcome.key]
        while queue:
            new = above.get(queue.pop(), set()) - reached
            reached |= new
            queue += new
        names = frozenset(outcomes[key].name for key in reached if not outcomes[key].boolean)
        found |= dict.fromkeys((rule.id for rule in outcome.rules), names)
    return found


def _truth(value: Value) -> Truth:
    return value if isinstance(value, bool | Unknown) else False
