# SPDX-License-Identifier: EUPL-1.2
"""Stage L, the person: what a record of a decision still lacks, held against the assessment that it decides on.

Everything is asked here but one thing: whether the words are a person's own is asked where the explanation is known, in
:mod:`engine.rationale.decision`. Nothing is filled in, and nothing stands for a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from pydantic import ValidationError

from engine.model.claim import Received
from engine.model.problems import (
    MAX_PROBLEMS,
    InvalidInput,
    Place,
    Problem,
    choose,
    either,
    meant,
    nearest,
    parts_of,
    pointer_to,
    unknown_keys,
    walk,
)
from engine.model.program import Argument
from engine.model.record import RECORD_KEYS, Choice, Draft
from engine.model.statements import THIRD_PARTIES
from engine.model.values import Unknown
from engine.passes.assess import Assessment
from engine.passes.first import UNDECIDED
from engine.passes.precedents import Likeness
from engine.passes.said import said
from engine.passes.seen import DoorSeen, OptionSeen
from engine.passes.stated import translate
from engine.passes.values_given import CONTROL, unprintable

FOLLOWS, INVESTIGATES, ELSEWHERE = "regeluitkomst", "eerst onderzoeken", "andere voorziening"
_LIGHTER = frozenset({"zachter toepassen", "onbenutte bevoegdheid", ELSEWHERE, "toegevoegd"})


class RecordError(InvalidInput):
    """The record is not complete: there is no decision."""


class Lack(NamedTuple):
    """One thing that a record lacks: code, JSON pointer in the record, cause and remedy in Dutch."""

    code: str
    pointer: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Written:
    """A record as far as it could be read; ``unread`` are its keys that hold something else than they can."""

    draft: Draft
    unread: frozenset[str]
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]


def read_draft(data: Any) -> Written:
    """A record (:class:`Received`, or plain data) by its shape. A key that is wrong is left out, so that the rest is looked at."""
    received = Received.of(data)
    data = received.data
    problems = list(received.problems)

    def refuse(code: str, pointer: str, cause: str, remedy: str = "") -> None:
        if pointer not in received.unread:
            own = "TS-H01" if code == "TS-Z04" else "TS-H02"
            problems.append(Problem(own, received.places.get(pointer, Place(pointer=pointer)), cause, remedy))

    if not isinstance(data, Mapping):
        refuse("", "", "Een vastlegging is een object met sleutels.", f"Geef: {', '.join(RECORD_KEYS)}.")
        return Written(Draft(), frozenset(RECORD_KEYS), tuple(problems), received.places)
    for unknown in unknown_keys(data, RECORD_KEYS):
        refuse("", *unknown)
    for key in RECORD_KEYS:
        if key in data and data[key] is None:
            refuse("", f"/{key}", "`null` is geen waarde.", "Laat de sleutel weg zolang er niets te schrijven is.")
    known = {key: data[key] for key in RECORD_KEYS if data.get(key) is not None}
    unread = {key for key in RECORD_KEYS if key in data and key not in known}
    try:
        Draft.model_validate(known)
    except ValidationError as error:
        for number, detail in enumerate(error.errors()):
            unread.add(str(detail["loc"][0]))
            if number < MAX_PROBLEMS:
                translate(detail, refuse)
    told = {problem.place.pointer for problem in problems}
    for spot, value in walk(known):
        if isinstance(value, str) and unprintable(value) and (pointer := pointer_to(parts := parts_of(spot))) not in told:
            refuse("", pointer, *CONTROL)
            unread.add(str(parts[0]))
    draft = Draft.model_validate({key: value for key, value in known.items() if key not in unread})
    return Written(draft, frozenset(unread), tuple(problems), received.places)


@dataclass(frozen=True, slots=True)
class Case:
    """An assessment with the record that was written beside it."""

    assessment: Assessment
    draft: Draft

    @property
    def option(self) -> OptionSeen | None:
        """The option that the record names."""
        return next((option for option in self.assessment.second.options if option.id == self.draft.option), None)

    @property
    def doors(self) -> tuple[DoorSeen, ...]:
        """The doors through which the record deviates; none where it does not."""
        if self.draft.choice != "afgeweken":
            return ()
        named = [self.option.door] if self.option is not None else []
        names = [*named, *self.draft.more_doors]
        return tuple(door for door in self.assessment.second.doors if door.door.decl.id in names)

    @property
    def elsewhere(self) -> bool:
        """Whether the option goes through a door that another body holds: it can only be advised."""
        return self.option is not None and self._elsewhere(self.option)

    def _elsewhere(self, option: OptionSeen) -> bool:
        doors = {door.door.decl.id: door.door.elsewhere for door in self.assessment.second.doors}
        return doors.get(option.door or "", False)

    def fits(self, choice: Choice, option: OptionSeen) -> bool:
        """Whether an option is one of this kind of choice."""
        found = {
            "gevolgd": option.sort == FOLLOWS,
            "afgeweken": not option.within_rules,
            "lichter middel": option.within_rules and option.sort in _LIGHTER,
            "anders": (option.within_rules and option.sort != FOLLOWS) or self._elsewhere(option),
        }
        return found[choice]


Check: TypeAlias = Callable[[Case], Iterator[Lack]]


def lacking(assessment: Assessment, written: Written) -> tuple[Lack, ...]:
    """What the record lacks, but for the question whose words they are; what rests on a key that could not be read is not asked."""
    case = Case(assessment, written.draft)
    return tuple(
        lack
        for check in _CHECKS
        for lack in check(case)
        if written.unread.isdisjoint((lack.pointer.split("/")[1], _ALSO_IN.get(lack.code, "")))
    )


_ALSO_IN = {"TS-H09": "beantwoordeArgumenten", "TS-H17": "effectNaUitkomst"}
"""Codes of what a second key of the record can hold as well."""


# --- who, when, what -------------------------------------------------------------------------------------------------


def _who_and_when(case: Case) -> Iterator[Lack]:
    draft = case.draft
    if draft.role is None:
        yield Lack("TS-H01", "/rol", "Er staat niet in welke rol er is besloten.", "Schrijf de rol waarin dat gebeurde.")
    if draft.by is None:
        yield Lack("TS-H01", "/door", "Er staat niet wie er heeft besloten.", "Schrijf de naam van wie besluit.")
    if draft.day is None:
        yield Lack("TS-H01", "/datum", "De dag van het besluit ontbreekt.", "Schrijf hem als jaar-maand-dag.")
    if draft.motive is None:
        remedy = "Schrijf in een zin waarom, zonder iets waaraan iemand te herkennen is."
        yield Lack("TS-H01", "/motief", "Het motief voor het register ontbreekt.", remedy)


def _chosen(case: Case) -> Iterator[Lack]:
    draft, options = case.draft, sorted(option.id for option in case.assessment.second.options)
    if draft.choice is None:
        yield Lack("TS-H03", "/besluit", "Er is nog niets besloten.", "Kies uit: afgeweken, anders, gevolgd, lichter middel.")
    if draft.option is None:
        yield Lack("TS-H03", "/optie", "Er staat niet welke optie is gekozen.", choose(options))
    elif case.option is None:
        cause = f"`{draft.option}` is geen optie van deze beoordeling."
        yield Lack("TS-H18", "/optie", cause, nearest(draft.option, options))


_FITS: Mapping[Choice, str] = {
    "gevolgd": "`gevolgd` hoort bij de uitkomst van de regels.",
    "afgeweken": "`afgeweken` hoort bij een optie die van de regels afwijkt.",
    "lichter middel": "`lichter middel` hoort bij een optie binnen de regels die minder belast.",
    "anders": "`anders` hoort bij een optie binnen de regels, of bij een deur die een ander houdt; niet bij de uitkomst van de regels.",
}


def _fitting(case: Case) -> Iterator[Lack]:
    choice, option = case.draft.choice, case.option
    if choice is None:
        return
    if choice != "afgeweken" and case.draft.more_doors:
        yield Lack("TS-H04", "/ookDeuren", "Deuren horen bij een afwijking.", "Laat `ookDeuren` weg.")
    if option is None:
        return
    if not case.fits(choice, option):
        yield Lack("TS-H04", "/optie", f"`{option.id}` past niet bij `{choice}`.", _FITS[choice])
    elif option.state != "mogelijk" and option.within_rules:
        cause = f"Van `{option.id}` staat nog niet vast of het kan."
        yield Lack("TS-H04", "/optie", cause, "Geef in de aanvraag op wat daarvoor nog ontbreekt, en beoordeel opnieuw.")


def _settled(case: Case) -> Iterator[Lack]:
    result = case.assessment.first.result
    if result in UNDECIDED and case.draft.choice in ("gevolgd", "afgeweken", "lichter middel"):
        cause = f"De uitkomst van de regels staat nog niet vast: {result.replace('_', ' ')}."
        yield Lack("TS-H05", "/besluit", cause, "Beantwoord eerst de vragen die openstaan. Verwijzen of onderzoeken kan wel: `anders`.")


def _role(case: Case) -> Iterator[Lack]:
    role, option = case.draft.role, case.option
    if role is None:
        return
    allowed = [(f"de deur `{door.door.decl.id}`", door.door.decl.authority) for door in case.doors]
    power = case.assessment.program.rules.get(option.rule) if option is not None and option.rule is not None else None
    if power is not None and case.draft.choice != "afgeweken":
        allowed.append((f"de bevoegdheid `{power.decl.id}`", power.decl.decided_by))
    for what, roles in allowed:
        if roles and role not in roles:
            yield Lack("TS-H06", "/rol", f"Over {what} besluit een {role} niet.", f"Bevoegd: {', '.join(roles)}.")


# --- doors and grounds -----------------------------------------------------------------------------------------------


def _doors(case: Case) -> Iterator[Lack]:
    draft = case.draft
    if draft.choice != "afgeweken":
        return
    seen = {door.door.decl.id: door for door in case.assessment.second.doors}
    for index, name in enumerate(draft.more_doors):
        if name not in seen:
            pointer = f"/ookDeuren/{index}"
            yield Lack("TS-H18", pointer, f"`{name}` is geen deur van deze beoordeling.", meant(name, seen))
    if case.option is None or case.option.within_rules:
        return
    if not case.doors:
        cause = "Een afwijking gaat door een deur in de wet; deze noemt er geen."
        yield Lack("TS-H13", "/optie", cause, "Kies een optie met een deur die openstaat, of volg de regels.")
    for door in case.doors:
        decl = door.door.decl
        if door.state != "open":
            cause = f"De deur `{decl.id}` staat niet open: {door.state}."
            yield Lack("TS-H13", "/optie", cause, "Ga na wat eraan ontbreekt en beoordeel opnieuw, of kies een andere optie.")
        if door.door.elsewhere:
            cause = f"De deur `{decl.id}` is in handen van een ander: {decl.held_by}."
            yield Lack("TS-H13", "/optie", cause, "Adviseer of verwijs: `anders`.")
    covered = {ground for door in case.doors for ground in (*door.lifts, *door.tunes)}
    for item in case.assessment.first.grounds:
        bare = [rule for rule in item.rules if rule not in covered]
        if item.truth is not False and bare and case.doors:
            cause = f"De grond `{', '.join(bare)}` blijft staan: geen van de gebruikte deuren heft hem op."
            remedy = "Noem ook de open deur voor deze grond; is die er niet, dan kan er niet worden afgeweken."
            yield Lack("TS-H14", "/ookDeuren", cause, remedy)


def _blocking(case: Case) -> Iterator[Lack]:
    for seen in case.assessment.second.checks:
        decl = seen.check.decl
        if not decl.blocks or seen.answer is True:
            continue
        why = "is met nee beantwoord" if seen.answer is False else "is nog niet beantwoord"
        remedy = f"Geef `{decl.fact}` op in de aanvraag als oordeel, en beoordeel opnieuw."
        yield Lack("TS-H12", "/besluit", f"De vraag `{decl.question}` {why}; zonder een ja kan er niet worden besloten.", remedy)


def _detriment(case: Case) -> Iterator[Lack]:
    if case.draft.choice != "afgeweken" or case.option is None:
        return
    stated = [
        effect.whom
        for effect in case.assessment.claim.stated.effects
        if effect.option == case.option.id and effect.direction == "schaadt" and effect.whom not in THIRD_PARTIES
    ]
    named = [line.whom for line in case.draft.harmed]
    allowed = all(door.door.decl.direction == "beide" for door in case.doors)
    for whom in dict.fromkeys([*stated, *named]):
        if not allowed:
            cause = f"Deze afwijking is ten nadele van {whom}, en de deur staat alleen in iemands voordeel open."
            yield Lack("TS-H15", "/tenNadeleVan", cause, "Kies een optie die niemand van het huishouden schaadt.")
        elif whom not in named:
            cause = f"Deze afwijking is ten nadele van {whom}, en er staat niet waarom dat zo mag zijn."
            yield Lack("TS-H15", "/tenNadeleVan", cause, "Noem deze persoon, met de reden.")


# --- people ----------------------------------------------------------------------------------------------------------


def _heard(case: Case) -> Iterator[Lack]:
    heard = case.draft.heard
    if heard is None:
        yield Lack("TS-H10", "/gehoord", "Er staat niet of de betrokkene is gehoord.", "Schrijf wanneer, of waarom niet.")
    elif heard.heard and heard.day is None:
        yield Lack("TS-H10", "/gehoord/datum", "Er staat niet wanneer de betrokkene is gehoord.", "Schrijf de dag.")
    elif not heard.heard and heard.reason is None:
        cause = "De betrokkene is niet gehoord, en er staat niet waarom."
        yield Lack("TS-H10", "/gehoord/reden", cause, "Hoor de betrokkene, of schrijf de reden.")


def _children(case: Case) -> Iterator[Lack]:
    assessment, draft = case.assessment, case.draft
    people = {member.whom: member.minor for member in assessment.second.household}
    named = [(f"/kinderen/{index}/wie", line.whom) for index, line in enumerate(draft.children)]
    named += [(f"/tenNadeleVan/{index}/wie", line.whom) for index, line in enumerate(draft.harmed)]
    for pointer, whom in named:
        if whom not in people:
            yield Lack("TS-H18", pointer, f"`{whom}` staat niet in het huishouden.", nearest(whom, people))
    if assessment.first.burdening is False and draft.choice != "afgeweken":
        return
    weighed = {line.whom for line in draft.children}
    for whom, minor in people.items():
        if minor is not False and whom not in weighed:
            may = "kan minderjarig zijn" if isinstance(minor, Unknown) else "is minderjarig"
            cause = f"{whom} {may}, en het belang van dit kind is niet genoemd en gewogen."
            remedy = f'Schrijf een regel met "wie": "{whom}", het belang en hoe het is gewogen'
            more = ", of geef in de aanvraag de geboortedatum op." if isinstance(minor, Unknown) else "."
            yield Lack("TS-H11", "/kinderen", cause, remedy + more)


def _wanted(case: Case) -> Iterator[Lack]:
    named = bool(case.assessment.claim.effects or case.draft.late_effects)
    asked = case.draft.no_effect is not None
    if not named and not asked:
        cause = "Er is niet gevraagd wat de betrokkene wil bereiken."
        yield Lack("TS-H17", "/beoogdEffect", cause, "Vraag het. Noemt de betrokkene niets, schrijf dan `geen effect genoemd`.")
    elif named and asked:
        yield Lack("TS-H17", "/beoogdEffect", "Er is wel een effect genoemd.", "Laat `beoogdEffect` weg.")


def _in_time(case: Case) -> Iterator[Lack]:
    draft, decided, named = case.draft, case.draft.day, "Er is een effect genoemd"
    days: list[tuple[str, str, date | None]] = [("/gehoord/datum", "De betrokkene is gehoord", draft.heard.day if draft.heard else None)]
    days += [(f"/geraadpleegd/{index}/datum", "Er is geraadpleegd", item.day) for index, item in enumerate(draft.consulted)]
    days += [(f"/effectNaUitkomst/{index}/gesteldOp", named, item.day) for index, item in enumerate(draft.late_effects)]
    days += [("/datum", what, day) for what, day in dict.fromkeys(said(case.assessment.claim))]
    for pointer, what, day in days:
        if decided is not None and day is not None and day > decided:
            yield Lack("TS-H20", pointer, f"{what} op {day}, na de dag van het besluit ({decided}).", "Controleer de dagen.")


def to_come(draft: Draft, today: date) -> Iterator[Lack]:
    """Why there is no decision yet where its day is still to come; the only thing that is asked of the clock."""
    if draft.day is not None and draft.day > today:
        yield Lack("TS-H21", "/datum", f"{draft.day} moet nog komen.", "Leg het besluit vast op de dag zelf.")


# --- reasons ---------------------------------------------------------------------------------------------------------


def other_side(assessment: Assessment, option: OptionSeen) -> tuple[Argument, ...]:
    """The arguments against an option, and those for another one."""
    return tuple(
        argument
        for argument in assessment.second.arguments
        if (argument.decl.option in (option.sort, option.id)) == (argument.decl.direction == "tegen")
    )


def _arguments(case: Case) -> Iterator[Lack]:
    draft = case.draft
    if draft.words is None:
        yield Lack("TS-H07", "/eigenWoorden", "De reden van het besluit ontbreekt.", "Schrijf in eigen woorden waarom zo is besloten.")
    named = [(f"/verworpenArgumenten/{index}/argument", line.argument) for index, line in enumerate(draft.rejected)]
    named += [(f"/beantwoordeArgumenten/{index}/argument", line.argument) for index, line in enumerate(draft.answered)]
    seen = [argument.decl.id for argument in case.assessment.second.arguments]
    for pointer, name in named:
        if name not in seen:
            yield Lack("TS-H18", pointer, f"`{name}` is geen argument van deze beoordeling.", meant(name, seen))
    done = {name for _, name in named}
    remedy = "Verwerp het met een reden, of schrijf bij `beantwoordeArgumenten` hoe eraan is tegemoetgekomen."
    for argument, options in _to_answer(case):
        if argument.decl.id not in done:
            name, text = argument.decl.id, argument.decl.text
            cause = f"Het argument `{name}` aan de andere kant is niet beantwoord: {text}"
            if case.option is None:
                cause = (
                    f"Het argument `{name}` vraagt een antwoord bij een keuze voor {either([f'`{option}`' for option in options])}: {text}"
                )
            yield Lack("TS-H09", "/verworpenArgumenten", cause, remedy)


def _to_answer(case: Case) -> Iterator[tuple[Argument, tuple[str, ...]]]:
    """The arguments on the other side of the option, or of any that can still be chosen; each with the options that it stands against."""
    choice, second = case.draft.choice, case.assessment.second
    able = [option for option in second.options if choice is None or case.fits(choice, option)]
    sides = {option.id: other_side(case.assessment, option) for option in ([case.option] if case.option is not None else able)}
    for argument in second.arguments:
        against = tuple(name for name, side in sides.items() if argument in side)
        if against:
            yield argument, against


def otherwise(case: Case) -> Iterator[Likeness]:
    """The nearest earlier decision that came out otherwise, where nothing is known that tells the two cases apart."""
    compared, choice = case.assessment.second.compared, case.draft.choice
    if compared is None or choice is None:
        return
    found = compared.refused if choice == "afgeweken" else compared.granted
    if found is not None and found.explained is None and not found.different:
        yield found


def _equality(case: Case) -> Iterator[Lack]:
    compared = case.assessment.second.compared
    near = [item.precedent.id for item in (compared.granted, compared.refused) if item is not None] if compared is not None else []
    for index, line in enumerate(case.draft.differences):
        if line.precedent not in near:
            cause = f"Met het besluit `{line.precedent}` is niet vergeleken."
            yield Lack("TS-H18", f"/verschilMetPrecedent/{index}/precedent", cause, meant(line.precedent, near))
    told = {line.precedent for line in case.draft.differences}
    for found in otherwise(case):
        if found.precedent.id not in told:
            how = "afgeweken" if found.precedent.granted else "niet afgeweken"
            cause = f"In een vergelijkbaar geval ({found.precedent.id}, {found.precedent.day}) is {how}, en niets maakt dit geval anders."
            yield Lack("TS-H16", "/verschilMetPrecedent", cause, "Noem het feit waarin dit geval verschilt, of besluit hetzelfde.")


_CHECKS: tuple[Check, ...] = (
    _who_and_when,
    _chosen,
    _fitting,
    _settled,
    _role,
    _doors,
    _blocking,
    _detriment,
    _heard,
    _children,
    _wanted,
    _in_time,
    _arguments,
    _equality,
)


# --- the register ----------------------------------------------------------------------------------------------------


def followed(case: Case) -> bool | None:
    """Whether the decision is what was advised; None where the advice leaves the choice to the person or to policy."""
    choice, option = case.draft.choice, case.option
    sort = option.sort if option is not None else None
    advised: Mapping[str, bool] = {
        "regel_volgen": choice == "gevolgd",
        "lichter_middel": choice == "lichter middel",
        "afwijken_onderbouwd": choice == "afgeweken",
        "adviseren_aan_bevoegde": choice == "anders" and (case.elsewhere or sort == ELSEWHERE),
        "eerst_onderzoeken": choice == "anders" and sort == INVESTIGATES,
    }
    return advised.get(case.assessment.second.advice)


def weighed_door(case: Case) -> DoorSeen | None:
    """The door that was used, or that was not used although it could be; None where the decision was about neither.

    Of more than one that of the option, then an open one, then the one that lifts most grounds, then the first by name.
    """
    if case.draft.choice not in ("gevolgd", "afgeweken"):
        return None
    named = case.option.door if case.option is not None else None
    usable = case.doors or tuple(door for door in case.assessment.second.doors if door.usable)
    ranked = sorted(usable, key=lambda d: (d.door.decl.id != named, d.state != "open", -len(d.lifts), d.door.decl.id))
    return ranked[0] if ranked else None


def weighed_grounds(case: Case) -> tuple[str, ...]:
    """The rules that the decision was about: the grounds that block, or else those that gave the value that the door adjusts."""
    assessment, door = case.assessment, weighed_door(case)
    blocking = {rule for item in assessment.first.grounds if item.truth is not False for rule in item.rules}
    if blocking or door is None:
        return tuple(sorted(blocking))
    gave = {
        rule.id
        for outcome in assessment.program.outcomes
        if outcome.name in door.door.decl.tunes and not outcome.boolean
        for rule in outcome.rules
        if any(trace.holds is True for trace in assessment.state.traces.get(rule.key, ()))
    }
    return tuple(sorted(gave))
