# SPDX-License-Identifier: EUPL-1.2
"""What the reversed test reads of a case before its stages run: the outcome, what people stated, the doors and options at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, get_args

from engine.language.order import depends_on, owners, rule_nodes
from engine.logic.kleene import all_of, any_of, negation
from engine.model import documents as doc, tree
from engine.model.claim import Claim
from engine.model.document import THROUGH, GroundSort
from engine.model.program import Door, Option, is_elsewhere
from engine.model.statements import THIRD_PARTIES, GivenGround, NamedDoor
from engine.model.values import CauseKind, Truth, Unknown, Value
from engine.passes.first import FirstPass
from engine.passes.precedents import Compared, Earlier, compare
from engine.passes.seen import DoorSeen
from engine.passes.stated import ground_levels
from engine.rulebook import Compiled

PAYING: frozenset[GroundSort] = frozenset({"terugvorderen", "boete"})
"""The sorts of ground that are not about the entitlement itself."""
STATUTORY = frozenset(get_args(doc.Level)) - frozenset(get_args(doc.Rank))
_JUDGES = frozenset({"professional", "college", "consulent", "jurist", "kwaliteitsmedewerker", "teamleider"})
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
"""The words of the stages, false until a stage says otherwise."""


class Outlook:
    """One case as every stage sees it; made once, and used for each answer that is tried."""

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
            if effect.direction == "schaadt" and effect.option.startswith(THROUGH) and effect.whom not in THIRD_PARTIES
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
    owner = owners(compiled.program.outcomes)
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
