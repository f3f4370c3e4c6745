# SPDX-License-Identifier: EUPL-1.2
"""From a coded case to a claim, by one rule for all cases: no case, article or amount is named here.

1. **Day.** The date as coded; of a year alone 1 July, of a month alone the first; without a date ``NO_DAY``.
2. **Law.** The law in rules that the grounds name, or else the case; on a day from before its first version `algemeen`.
   The coded facts are sentences, so that a case never has the facts of a claim; each becomes a given rule outcome.
3. **Grounds.** An article is a rule or a declared ground of the law where the references are the same; between rules with
   the same reference, one that a door opens for, then one that blocks, then the shortest id. Any other is written out.
4. **Triggers and checks** become the facts behind them, a judgement with the sentence of the coding as its reason. A check
   becomes a fact only where the coded word settles what the check asks (``CHECKS``). Two that clash are both left out.
5. **Doors.** A door that the law has for these grounds gets its facts where the coded truth settles them. Any other is
   named, for the grounds of the same article, otherwise for all that its level can lift; unknown stays unknown, with the
   coded questions. What the coder called a duty to investigate or another facility, and a lighter means, is an option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from benchmarks.casuistiek.coding import Case, Door
from engine.language.library import GENERAL
from engine.language.sources import Reference, parse_reference
from engine.model import tree
from engine.model.document import Level
from engine.model.program import Law, Program
from engine.passes.assess import assess
from engine.rulebook import Rulebook

NO_DAY = date(2026, 7, 1)
CODER = "codering van gepubliceerde zaken"
HOLDERS = {"burgemeester en wethouders": "college"}
"""Another name for a body that the rules know."""

TRIGGERS = {"t5": "aandeel_overheid", "t7": "omstandigheid_niet_voorzien", "t8": "meer_nadelige_besluiten", "t9": "iemand_vraagt_afwijking"}
FLOORS = {
    "dreigt_woning_te_verliezen": ("woning", "uithuis", "ontruim"),
    "dreigt_afsluiting": ("afsluit", "energie", "zorgverzekering"),
    "dreigt_ernstig_gevaar": ("gezondheid", "veilig", "gevaar", "risico"),
}
"""What the third trigger is about, by the words that its definition has for it."""

CHECKS: Mapping[str, tuple[bool | None, bool | None]] = {
    "geschikt": (True, False),
    "noodzakelijk": (True, False),
    "evenwichtig": (True, False),
    "voorzien": (False, True),  # coded: the legislator had it in mind; asked: is there a circumstance he did not think of
    "strekking": (True, False),
    "oorzaak": (False, None),  # coded: a share of the authority; asked: is it wholly, and blameworthily, of the person
    "kind": (True, False),
    "derden": (None, True),  # coded: interests of others play a part; asked: is what it does to them acceptable
    "gelijkheid": (True, False),
    "misbruik": (False, None),  # coded: abuse is established; asked: does what the rule protects stay protected
    "vertrouwen": (False, True),  # coded: trust was raised; asked: does the outcome fit what was promised
    "regie": (True, False),
    "uitvoerbaar": (None, False),  # coded: in time; asked: in time, and clear who pays
    "neveneffect": (True, False),
}
"""What a coded yes and a coded no answer to the question of the check with this id; None where they do not settle it."""

FINDINGS: Mapping[str, tuple[str, bool]] = {
    "onderzoek": ("onderzoek_schiet_tekort", False),
    "waarde_verloren": ("waarde_van_de_wet_verloren", True),
    "lichter_middel": ("lichter_middel_bereikt_doel", True),
}
"""What is judged beside the checks: the fact, and what a yes makes of it. The inquiry carries the outcome: it does not fall short."""

OWN = "eigen."
"""How the id of a ground starts that rules do not know."""
OPTION_SORTS = ("zorgvuldigheid", "andere voorziening")
DOOR_SORTS = {"afstemming": "hardheid", "evenredigheid": "hardheid", "beleid": "hardheid"}
CHILD_AGE = 10
"""Only that a child is a minor is coded. Its date of birth is a stand-in; nothing but minority is read from it."""


@dataclass(frozen=True)
class Translated:
    """A claim with how each part of the coding came into it.

    ``grounds`` maps the coded text to the id in the claim; ``doors`` tells of each coded door how it is in the claim;
    ``clashes`` are facts that two parts of the coding answer differently.
    """

    case: Case
    claim: dict[str, Any]
    law: str
    in_rules: bool
    grounds: Mapping[str, str]
    doors: tuple[tuple[str, str], ...]
    clashes: tuple[str, ...] = ()


def translate(case: Case, book: Rulebook) -> Translated:
    """The claim of a case. See the module for the rule."""
    day = day_of(case.day)
    citable = citable_laws(book)
    law = _law_of(case, book, citable)
    claim_name = book.given_claim(law) if law is not None else None
    compiled = book.program(claim_name, day) if claim_name is not None else None
    if law is None or compiled is None:
        law, compiled = GENERAL, book.given[GENERAL]
    program = compiled.program
    grounds = _grounds(case, program, day, citable, book.laws.get(law) if law != GENERAL else None)
    claim: dict[str, Any] = {
        "regeling": law,
        "peildatum": day.isoformat(),
        "regeluitkomst": {
            "uitkomst": ", ".join((case.outcome.result, *case.outcome.also)),
            "belastend": bool(case.outcome.burdening),
            "gronden": [name if written is None else written for _, name, written in grounds],
            "bron": case.outcome.source,
        },
    }
    facts = _Facts(program, day)
    _triggers(case, facts)
    _checks(case, facts)
    known = frozenset(door.door.decl.id for door in assess(claim, book).second.doors)
    doors = _Doors(case, program, day, grounds, citable, known)
    for path, truth, reason in doors.facts():
        facts.put(path, truth, reason)
    named, options = doors.named(), doors.options()
    claim |= {"gegevens": given} if (given := facts.as_claim()) else {}
    claim |= {"beoogdeEffecten": effects} if (effects := _wishes(case, day)) else {}
    claim |= {"deuren": named} if named else {}
    claim |= {"opties": options} if options else {}
    claim |= {"effecten": effects} if (effects := _floor_effect(case, program, day)) else {}
    told = tuple((door.article, doors.how(door)) for door in case.doors)
    in_rules = law != GENERAL
    return Translated(case, claim, law, in_rules, {text: name for text, name, _ in grounds}, told, tuple(sorted(facts.clashed)))


def day_of(text: str) -> date:
    """The peildatum of a coded date."""
    found = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text)
    if found is None:
        return NO_DAY
    year, month, day = found.groups()
    return date(int(year), int(month or 7), int(day or 1))


# --- law and grounds -------------------------------------------------------------------------------------------------


def citable_laws(book: Rulebook) -> dict[str, Law]:
    """Every law that rules know, by each name under which it can be cited."""
    laws = [law for compileds in book.programs.values() for compiled in compileds for law in compiled.program.laws.values()]
    laws += [law for compiled in book.given.values() for law in compiled.program.laws.values()]
    return {name: law for law in laws if law.id != GENERAL for name in (law.id, law.name) if name[:1].isupper()}


def reference_of(text: str, citable: Mapping[str, Law], law: Law | None = None) -> Reference | None:
    """An article as it was coded: without what stands in brackets; a `volzin` is a `zin`."""
    plain = re.sub(r"\s*\([^)]*\)", "", text).replace("volzin", "zin")
    return parse_reference(plain.strip(), law, citable)


def _law_of(case: Case, book: Rulebook, citable: Mapping[str, Law]) -> str | None:
    """The folder of the law that the grounds name, or of the law under which the case stands."""
    folders = {law.bwb: folder for folder, law in book.laws.items() if law.bwb is not None}
    for text in case.outcome.grounds:
        reference = reference_of(text, citable)
        if reference is not None and reference.law is not None:
            return _folder(reference.law, folders)
    law = citable.get(re.sub(r"\s*\([^)]*\)", "", case.law))
    return _folder(law, folders) if law is not None else None


def _folder(law: Law, folders: Mapping[str, str]) -> str | None:
    return folders.get(law.bwb) if law.bwb is not None else None


def same_reference(one: Reference | None, other: Reference | None) -> bool:
    """Whether both name the same article, lid and part of the same law."""
    return one is not None and other is not None and _key(one) == _key(other)


def _key(reference: Reference) -> tuple[str | None, ...]:
    law = reference.law
    return (law.bwb or law.name if law is not None else None, reference.article, reference.lid, reference.part)


def _grounds(
    case: Case, program: Program, day: date, citable: Mapping[str, Law], law: Law | None
) -> list[tuple[str, str, dict[str, str] | None]]:
    """Each ground as (coded text, id, the ground written out where rules do not know it)."""
    found: dict[str, tuple[str, str, dict[str, str] | None]] = {}
    for number, text in enumerate(case.outcome.grounds or ("Niet vermeld in de feiten",), start=1):
        known = _known_ground(reference_of(text, citable), program, day, citable) if law is not None else None
        name = known or f"{OWN}{number}"
        written = None if known else {"id": name, "bron": text, "niveau": level_of(text)}
        found.setdefault(name, (text, name, written))
    return list(found.values())


def _known_ground(reference: Reference | None, program: Program, day: date, citable: Mapping[str, Law]) -> str | None:
    """The rule or declared ground with this reference."""
    if reference is None:
        return None
    sources = [(name, info.decl.source, info.law) for name, info in program.rules.items()]
    sources += [(name, decl.source, law) for name, (law, decl) in program.second.grounds.items() if _in_force(decl, day)]
    names = [name for name, source, law in sources if same_reference(reference_of(source, citable, program.laws.get(law)), reference)]
    opened = {rule for door in program.second.doors if _in_force(door.decl, day) for rule in door.decl.opens_for}
    blocking = {key.partition("@")[0] for ground in program.grounds for key in ground.rule_keys}
    return min(names, key=lambda name: (name not in opened, name not in blocking, len(name), name), default=None)


def _in_force(decl: Any, day: date) -> bool:
    first, last = decl.valid_from, decl.valid_until
    return (first is None or first <= day) and (last is None or day < last)


def level_of(text: str) -> Level:
    """The level of a provision by the word for it; without one it is taken for a statute."""
    lower = text.lower()
    if "verordening" in lower:
        return "verordening"
    return "beleidsregel" if "beleid" in lower or "handboek" in lower else "formele wet"


# --- facts -----------------------------------------------------------------------------------------------------------


@dataclass
class _Facts:
    """Facts of the claim as they are found; only those that the program has."""

    program: Program
    day: date
    given: dict[str, tuple[bool, str]] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    clashed: set[str] = field(default_factory=set)

    def put(self, path: str, truth: bool, reason: str) -> None:
        """Note a yes or no; a fact that was answered otherwise before is no longer known."""
        if path not in self.program.facts or path in self.clashed:
            return
        if path in self.given and self.given[path][0] is not truth:
            del self.given[path]
            self.clashed.add(path)
        else:
            self.given.setdefault(path, (truth, reason))

    def as_claim(self) -> dict[str, Any]:
        """The facts as a claim holds them, judgements with who gave them."""
        found: dict[str, Any] = dict(self.lists)
        for path, (truth, reason) in self.given.items():
            fact = self.program.facts[path]
            told: dict[str, Any] = {"waarde": truth, "datum": self.day.isoformat()}
            told |= {"door": CODER, "rol": fact.decl.judged_by[0], "reden": reason} if fact.judged else {"herkomst": CODER}
            group, _, member = path.rpartition(".")
            (found.setdefault(group, {}) if group else found)[member] = told
        return found


def _triggers(case: Case, facts: _Facts) -> None:
    for trigger, path in TRIGGERS.items():
        answer = case.triggers[trigger]
        if answer.truth is not None:
            facts.put(path, answer.truth, answer.fact)
    floor = case.triggers["t3"]
    for path, words in FLOORS.items():
        if floor.truth is False or (floor.truth and any(word in floor.fact.lower() for word in words)):
            facts.put(path, floor.truth, floor.fact)
    children = case.triggers["t4"].truth
    if children is not None and "kinderen" in facts.program.lists:
        born = date(facts.day.year - CHILD_AGE, 1, 1).isoformat()
        minors = [{"geboortedatum": born} for person in case.people if person.minor] if children else []
        facts.lists["kinderen"] = {"volledig": not children, "items": minors}


def _checks(case: Case, facts: _Facts) -> None:
    """A check of the program with the id of a coded one."""
    for check in facts.program.second.checks:
        answer = case.checks.get(check.decl.id)
        if answer is not None and answer.truth is not None:
            truth = CHECKS[check.decl.id][0 if answer.truth else 1]
            if truth is not None:
                facts.put(check.decl.fact, truth, answer.fact)
    for name, (path, yes) in FINDINGS.items():
        answer = case.checks.get(name)
        if answer is not None and answer.truth is not None:
            facts.put(path, answer.truth is yes, answer.fact)


def facts_behind(criterion: tree.Criterion, truth: bool) -> Iterator[tuple[str, bool]]:
    """The yes/no facts that the truth of a whole condition settles: all of an `alle` that holds, of an `een van` that does not."""
    match criterion:
        case tree.Line(child=child):
            yield from facts_behind(child, truth)
        case tree.Not(child=child):
            yield from facts_behind(child, not truth)
        case tree.And(children=children) | tree.Or(children=children):
            if truth is isinstance(criterion, tree.And) or len(children) == 1:
                for child in children:
                    yield from facts_behind(child, truth)
        case tree.Truth(value=tree.FactRef(path=path)):
            yield path, truth


# --- doors, options, effects -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Doors:
    """The coded doors of a case. ``known`` are the doors that the law itself has for its grounds."""

    case: Case
    program: Program
    day: date
    grounds: list[tuple[str, str, dict[str, str] | None]]
    citable: Mapping[str, Law]
    known: frozenset[str]

    def how(self, door: Door) -> str:
        """How a coded door is in the claim: `optie`, `in de regels`, `genoemd`, or `te laag` to lift any ground."""
        if door.sort in OPTION_SORTS:
            return "optie"
        if self._of_law(door):
            return "in de regels"
        return "genoemd" if self._lifts(door) else "te laag"

    def facts(self) -> Iterator[tuple[str, bool, str]]:
        """The facts that a coded truth settles of the doors that the law has."""
        for door in self.case.doors:
            if door.condition is not None and self.how(door) == "in de regels":
                for found in self._of_law(door):
                    for path, truth in facts_behind(found.when, door.condition):
                        yield path, truth, door.why

    def named(self) -> list[dict[str, Any]]:
        """The doors that the law does not have for these grounds."""
        return [self._name(number, door) for number, door in enumerate(self.case.doors, start=1) if self.how(door) == "genoemd"]

    def options(self) -> list[dict[str, Any]]:
        """Ways to act without a deviation."""
        written = [(door.article, door.article) for door in self.case.doors if self.how(door) == "optie"]
        written += [(means.words, means.source) for means in self.case.lighter]
        return [
            {"id": f"codering.{number}", "tekst": text, "bron": source, "binnenRegels": True, "rol": "codeur", **self._stated()}
            for number, (text, source) in enumerate(written, start=1)
        ]

    def _stated(self) -> dict[str, str]:
        return {"gesteldDoor": CODER, "gesteldOp": self.day.isoformat()}

    def _of_law(self, door: Door) -> list[Any]:
        reference = reference_of(door.article, self.citable)
        return [
            found
            for found in self.program.second.doors
            if found.decl.id in self.known
            and same_reference(reference_of(found.decl.source, self.citable, self.program.laws.get(found.law)), reference)
        ]

    def _lifts(self, door: Door) -> list[str]:
        levels = {name: written["niveau"] if written else self._level(name) for _, name, written in self.grounds}
        order = get_args(Level)
        liftable = [name for name, level in levels.items() if order.index(level) >= order.index(level_of(door.article))]
        reference = reference_of(door.article, self.citable)
        article = _key(reference)[:2] if reference is not None else None
        texts = {name: reference_of(text, self.citable) for text, name, _ in self.grounds}
        near = [name for name in liftable if article is not None and (own := texts[name]) is not None and _key(own)[:2] == article]
        return near or liftable

    def _level(self, name: str) -> str:
        info = self.program.rules.get(name)
        return info.decl.level if info is not None else self.program.second.grounds[name][1].level

    def _name(self, number: int, door: Door) -> dict[str, Any]:
        named: dict[str, Any] = {
            "id": f"codering.deur.{number}",
            "titel": f"{door.sort[0].upper()}{door.sort[1:]}: {door.article}",
            "bron": door.article,
            "niveau": level_of(door.article),
            "heftOp": self._lifts(door),
            "soort": DOOR_SORTS.get(door.sort, door.sort),
            "reden": door.why,
            "gehoudenDoor": HOLDERS.get(door.held_by, door.held_by),
            "rol": "codeur",
            **self._stated(),
        }
        if door.condition is not None:
            return named | {"voorwaarde": door.condition}
        questions = self.case.questions
        asked = "; ".join(dict.fromkeys(question.asked_of for question in questions))
        return named | {"vraag": " ".join(question.words for question in questions), "aan": asked} if questions else named


def _wishes(case: Case, day: date) -> list[dict[str, Any]]:
    return [
        {
            "persoon": "aanvrager",
            "leefgebied": wish.domain,
            "omschrijving": wish.words,
            "termijn": "kort",
            "gesteldDoor": wish.who,
            "gesteldOp": day.isoformat(),
        }
        for wish in case.wishes
    ]


def _floor_effect(case: Case, program: Program, day: date) -> list[dict[str, Any]]:
    """What the third trigger says, as an effect of the rule outcome; on the first floor of the law where it has one."""
    floor = case.triggers["t3"]
    if not floor.truth:
        return []
    follows = next(option.decl.id for option in program.second.options if option.decl.sort == "regeluitkomst")
    floors = [decl.id for _, decl in program.second.values if decl.sort == "vloer"]
    effect: dict[str, Any] = {
        "optie": follows,
        "wie": "aanvrager",
        "richting": "schaadt",
        "termijn": "kort",
        "ernst": "ernstig",
        "zekerheid": "aannemelijk",
        "omschrijving": floor.fact,
        "bron": CODER,
        "gesteldDoor": CODER,
        "gesteldOp": day.isoformat(),
    }
    return [effect | ({"waarde": floors[0]} if floors else {})]
