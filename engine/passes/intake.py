# SPDX-License-Identifier: EUPL-1.2
"""Intake: a claim as JSON or YAML, checked against the declarations of the facts; all mistakes at once, each with its pointer.

Absent is unknown. ``null`` is refused. ``"geen"`` is a value only where the fact `mag ontbreken`. A judgement comes
with who, role, date and reason; a bare value for it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.language.kinds import LiteralError, parse_date, parse_literal
from engine.language.library import GENERAL
from engine.model.claim import LIFE_DOMAINS, Claim, Given, Received, Standing, WantedEffect
from engine.model.kinds import Base
from engine.model.problems import MAX_PROBLEMS, ClaimError, Place, Problem, escape, meant, pointer_to, unknown_keys
from engine.model.program import Fact, ListFact, Program
from engine.model.statements import STATEMENT_KEYS
from engine.model.values import GEEN, CauseKind, ListValue, Unknown, Value
from engine.passes.stated import check_statements, read_statements
from engine.rulebook import Compiled, Rulebook

FIRST_DAY = date(1850, 1, 1)
LAST_DAY = date(2200, 1, 1)
MAX_ITEMS = 500
MAX_TEXT = 2_000
MAX_VALUE = 100
OLDEST = 130

KEYS = ("aanspraak", "regeling", "peildatum", "gemeente", "gegevens", "beoogdeEffecten", *STATEMENT_KEYS)
_WRAPPED = ("waarde", "herkomst", "datum", "door", "rol", "reden")
_NULL = ("`null` is geen waarde.", 'Laat het gegeven weg als het niet bekend is, of geef "geen" als het er niet is.')
_ABOUT_KEYS = frozenset({"TS-Z02", "TS-Z12", "TS-Z17"})
_EFFECT_KEYS = ("persoon", "leefgebied", "omschrijving", "termijn", "gesteldDoor", "gesteldOp", "waarde", "naUitkomst")


class _Mistakes:
    """Collects what is wrong with a claim, from what was written wrong in it onwards.

    Raises :class:`ClaimError` itself when there is too much: a claim that keeps making mistakes is refused before they
    cost time.
    """

    def __init__(self, received: Received) -> None:
        self.places, self.unread = received.places, received.unread
        self.problems: list[Problem] = []
        for problem in received.problems:
            self._add(problem)

    def refuse(self, code: str, pointer: str, cause: str, remedy: str = "") -> None:
        """Note a mistake; of a value that could not be read no more is said than that."""
        if pointer not in self.unread or code in _ABOUT_KEYS:
            self._add(Problem(code, self.places.get(pointer, Place(pointer=pointer)), cause, remedy))

    def _add(self, problem: Problem) -> None:
        if len(self.problems) == MAX_PROBLEMS:
            cause = f"Er zijn meer dan {MAX_PROBLEMS} fouten; de rest is niet bekeken."
            raise ClaimError([*self._in_order(), Problem("TS-Z24", Place(pointer=""), cause, "Verbeter eerst deze.")])
        self.problems.append(problem)

    def _in_order(self) -> list[Problem]:
        return sorted(self.problems, key=lambda p: (p.place.pointer or "", p.code, p.cause))

    def refusal(self) -> ClaimError:
        """Everything that is wrong, in the order of the pointers."""
        return ClaimError(self._in_order())


@dataclass
class _Intake:
    """Collects the facts of a claim. ``day`` is what they are held against: the peildatum, or today where that is refused."""

    program: Program
    day: date
    mistakes: _Mistakes
    today: bool = False
    given: dict[str, Given] = field(default_factory=dict)
    items: dict[str, tuple[Mapping[str, Given], ...]] = field(default_factory=dict)

    def refuse(self, code: str, pointer: str, cause: str, remedy: str = "") -> None:
        self.mistakes.refuse(code, pointer, cause, remedy)


def read_claim(data: Any, rulebook: Rulebook) -> tuple[Claim, Compiled]:
    """Check a claim (:class:`Received`, or plain data) and find the program that decides it.

    Without a peildatum that can be used the facts are held against the rules of today, so that what is wrong with them is
    told as well; without an aanspraak nobody knows which facts there are.
    Raises :class:`ClaimError` with every problem found; nothing of a refused claim is used.
    """
    received = Received.of(data)
    mistakes = _Mistakes(received)
    data = received.data
    if not isinstance(data, Mapping):
        mistakes.refuse("TS-Z01", "", "Een aanvraag is een object met sleutels.", f"Geef ten minste: {', '.join(KEYS[:2])}, gegevens.")
        raise mistakes.refusal()
    _keys(data, mistakes)
    stated = read_statements(data, mistakes.refuse)
    claim = _aanspraak(data, rulebook, mistakes)
    day = _peildatum(data, mistakes)
    municipality = _municipality(data, mistakes)
    facts = data.get("gegevens", {})
    if not isinstance(facts, Mapping):
        mistakes.refuse("TS-Z06", "/gegevens", "`gegevens` is een object met de namen van gegevens.")
        facts = {}
    if claim is None:
        _effects(data.get("beoogdeEffecten", ()), None, mistakes)
        raise mistakes.refusal()
    programs = rulebook.versions(claim)
    if day is not None and rulebook.program(claim, day) is None:
        mistakes.refuse(
            "TS-Z07",
            "/peildatum",
            f"Voor {day} is deze aanspraak niet in regels gebracht; de eerste versie geldt vanaf {programs[0].program.valid_from}.",
            "Kies een latere peildatum.",
        )
        day = None
    held = day or date.today()
    compiled = rulebook.program(claim, held) or programs[-1]
    version_day = _version_day(compiled.program, facts, held, mistakes)
    if version_day != held:
        compiled = _version(claim, version_day, rulebook, mistakes) or compiled
    intake = _Intake(compiled.program, held, mistakes, today=day is None)
    effects = _effects(data.get("beoogdeEffecten", ()), compiled.program, mistakes)
    _read_facts(facts, intake)
    check_statements(stated, compiled.program, rulebook.price_items(municipality), intake.items, mistakes.refuse)
    if mistakes.problems:
        raise mistakes.refusal()
    complete, assumed = complete_facts(compiled, intake.given, held)
    return Claim(claim, held, municipality, intake.given, complete, assumed, version_day, effects, intake.items, stated), compiled


def _keys(data: Mapping[str, Any], mistakes: _Mistakes) -> None:
    for unknown in unknown_keys(data, KEYS):
        mistakes.refuse("TS-Z02", *unknown)
    for key, value in data.items():
        if value is None:
            mistakes.refuse("TS-Z03", f"/{escape(str(key))}", "`null` is geen waarde.", "Laat de sleutel weg als het niet bekend is.")


def _aanspraak(data: Mapping[str, Any], rulebook: Rulebook, mistakes: _Mistakes) -> str | None:
    if "regeluitkomst" in data and "aanspraak" not in data:
        return _regeling(data, rulebook, mistakes)
    if "regeling" in data:
        cause = "Noem een `regeling` alleen bij een `regeluitkomst` zonder `aanspraak`."
        mistakes.refuse("TS-Z31", "/regeling", cause, "Laat `regeling` weg; de aanspraak zegt al welke wet het is.")
    claim = data.get("aanspraak")
    choice = f"Kies uit: {', '.join(sorted(rulebook.programs))}."
    if not isinstance(claim, str):
        mistakes.refuse("TS-Z04", "/aanspraak", "De aanspraak ontbreekt.", choice)
        return None
    if claim not in rulebook.programs:
        mistakes.refuse("TS-Z05", "/aanspraak", f"De aanspraak `{claim}` is niet bekend.", meant(claim, rulebook.programs) or choice)
        return None
    return claim


def _regeling(data: Mapping[str, Any], rulebook: Rulebook, mistakes: _Mistakes) -> str | None:
    """The claim whose reversed test a given outcome goes through: the first of its law, or the one without rules."""
    law = data.get("regeling")
    known = sorted({name.partition("/")[0] for name in rulebook.programs} | rulebook.given.keys())
    found = rulebook.given_claim(law) if isinstance(law, str) else None
    if found is None:
        cause = "De regeling ontbreekt." if law is None else f"De regeling `{law}` is niet bekend."
        remedy = f"Kies uit: {', '.join(known)}. Staat de wet er niet bij, schrijf dan `{GENERAL}`."
        mistakes.refuse("TS-Z31", "/regeling", cause, meant(str(law), known) or remedy)
    return found


def _version_day(program: Program, facts: Mapping[str, Any], day: date, mistakes: _Mistakes) -> date:
    """The day whose version decides: the date that `versie volgens` names; the peildatum where no date is named or it is wrong."""
    name = program.version_by
    if name is None:
        return day
    pointer = pointer_to(("gegevens", name))
    if name not in facts:
        cause = f"Zonder `{name}` is niet te zeggen welke versie van de regels geldt."
        mistakes.refuse("TS-Z22", pointer, cause, "Geef deze datum.")
        return day
    looked = _Intake(program, day, _Mistakes(Received(None)))
    given = _read_fact(name, program.facts[name], facts[name], pointer, looked)
    return given.value if given is not None and isinstance(given.value, date) else day


def _version(claim: str, day: date, rulebook: Rulebook, mistakes: _Mistakes) -> Compiled | None:
    found = rulebook.program(claim, day)
    if found is None:
        cause = f"Voor {day} is deze aanspraak niet in regels gebracht."
        mistakes.refuse("TS-Z07", "/peildatum", cause, "De versie volgt een datum uit de gegevens; controleer die.")
    return found


def _peildatum(data: Mapping[str, Any], mistakes: _Mistakes) -> date | None:
    text = data.get("peildatum")
    if not isinstance(text, str):
        mistakes.refuse("TS-Z04", "/peildatum", "De peildatum ontbreekt.", "Geef de dag waarop wordt beoordeeld: 2026-07-15.")
        return None
    try:
        day = parse_date(text)
    except LiteralError as error:
        mistakes.refuse("TS-Z08", "/peildatum", error.cause, error.remedy)
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        cause = f"De peildatum {text} ligt buiten {FIRST_DAY.year}-{LAST_DAY.year}."
        mistakes.refuse("TS-Z08", "/peildatum", cause, "Controleer het jaar.")
        return None
    return day


def _municipality(data: Mapping[str, Any], mistakes: _Mistakes) -> str | None:
    code = data.get("gemeente")
    if code is None:
        return None
    if not isinstance(code, str) or not re.fullmatch("GM[0-9]{4}", code):
        mistakes.refuse("TS-Z09", "/gemeente", "De gemeente is geen CBS-code.", "Schrijf GM met vier cijfers, bijvoorbeeld GM0344.")
        return None
    return code


def _effects(data: Any, program: Program | None, mistakes: _Mistakes) -> tuple[WantedEffect, ...]:
    if not isinstance(data, list | tuple):
        mistakes.refuse("TS-Z10", "/beoogdeEffecten", "`beoogdeEffecten` is een lijst.", "")
        return ()
    if len(data) > MAX_ITEMS:
        mistakes.refuse("TS-Z15", "/beoogdeEffecten", f"Er zijn {len(data)} beoogde effecten; hoogstens {MAX_ITEMS} mag.", "")
        return ()
    return tuple(effect for index, item in enumerate(data) if (effect := _effect(item, index, program, mistakes)) is not None)


def _effect(item: Any, index: int, program: Program | None, mistakes: _Mistakes) -> WantedEffect | None:
    pointer = f"/beoogdeEffecten/{index}"
    before = len(mistakes.problems)
    if not isinstance(item, Mapping):
        mistakes.refuse("TS-Z10", pointer, "Een beoogd effect is een object.", f"Geef: {', '.join(_EFFECT_KEYS[:6])}.")
        return None
    for unknown in unknown_keys(item, _EFFECT_KEYS, pointer):
        mistakes.refuse("TS-Z02", *unknown)
    for key in _EFFECT_KEYS[:6]:
        if not isinstance(item.get(key), str) or not str(item.get(key)).strip() or len(str(item.get(key))) > MAX_TEXT:
            mistakes.refuse("TS-Z04", f"{pointer}/{key}", f"Bij een beoogd effect hoort `{key}`.", "")
        elif _unprintable(item[key]):
            mistakes.refuse("TS-Z14", f"{pointer}/{key}", *_CONTROL)
    domain, term = item.get("leefgebied"), item.get("termijn")
    if isinstance(domain, str) and domain not in LIFE_DOMAINS:
        mistakes.refuse(
            "TS-Z11",
            f"{pointer}/leefgebied",
            f"`{domain}` is geen leefgebied.",
            meant(domain, LIFE_DOMAINS) or f"Kies uit: {', '.join(LIFE_DOMAINS)}.",
        )
    if isinstance(term, str) and term not in ("kort", "lang"):
        mistakes.refuse("TS-Z11", f"{pointer}/termijn", f"`{term}` is geen termijn.", "Kies `kort` of `lang`.")
    value = item.get("waarde")
    known = [decl.id for _, decl in program.second.values] if program is not None else []
    if value is not None and program is not None and value not in known:
        mistakes.refuse(
            "TS-Z11",
            f"{pointer}/waarde",
            f"`{value}` is geen waarde van deze wet.",
            meant(str(value), known) or f"Kies uit: {', '.join(known)}.",
        )
    day = None
    if isinstance(item.get("gesteldOp"), str):
        try:
            day = parse_date(str(item["gesteldOp"]))
        except LiteralError as error:
            mistakes.refuse("TS-Z08", f"{pointer}/gesteldOp", error.cause, error.remedy)
    after = item.get("naUitkomst", False)
    if not isinstance(after, bool) and after not in ("ja", "nee"):
        mistakes.refuse("TS-Z11", f"{pointer}/naUitkomst", "`naUitkomst` is waar of onwaar.", "")
    if len(mistakes.problems) > before or day is None:
        return None
    return WantedEffect(
        str(item["persoon"]), str(domain), str(item["omschrijving"]), str(term), str(item["gesteldDoor"]), day, value, after in (True, "ja")
    )


# --- facts -----------------------------------------------------------------------------------------------------------


def _read_facts(facts: Mapping[str, Any], intake: _Intake) -> None:
    program = intake.program
    for name, raw in _as_declared(facts, (*program.facts, *program.decisions)):
        pointer = f"/gegevens/{escape(str(name))}"
        if raw is None:
            intake.refuse("TS-Z03", pointer, *_NULL)
        fact = program.facts.get(name)
        if name in program.decisions:
            if raw is not None:
                _read_decision(name, program.decisions[name], raw, pointer, intake)
        elif fact is None or ("." in name and fact.power_of is None):
            _unknown_name(str(name), pointer, intake)
        elif raw is None:
            continue
        elif fact.kind.base is Base.GROUP:
            _read_group(name, fact, raw, pointer, intake)
        elif fact.kind.base is Base.LIST:
            _read_list(name, fact, program.lists[name], raw, pointer, intake)
        elif (given := _read_fact(name, fact, raw, pointer, intake)) is not None:
            intake.given[name] = given


def _as_declared(raw: Mapping[str, Any], declared: Iterable[str]) -> list[tuple[str, Any]]:
    """What was given in the order of the declarations, so that the order of the caller changes nothing; other names last."""
    order = {name: index for index, name in enumerate(declared)}
    return sorted(raw.items(), key=lambda item: (order.get(item[0], len(order)), str(item[0])))


def _read_decision(name: str, fact: Fact, raw: Any, pointer: str, intake: _Intake) -> None:
    """An outcome of another regelset that the caller gives: a decision that was taken, so it says where it comes from."""
    origin = raw.get("herkomst", "") if isinstance(raw, Mapping) else ""
    if isinstance(origin, str) and not origin.strip():
        intake.refuse(
            "TS-Z23",
            pointer,
            f"`{name}` wordt door andere regels bepaald; wie het als gegeven opgeeft, zegt waar het vandaan komt.",
            'Schrijf {"waarde": ..., "herkomst": "besluit van ...", "datum": ...}.',
        )
    if (given := _read_fact(name, fact, raw, pointer, intake)) is not None:
        intake.given[name] = given


def _unknown_name(name: str, pointer: str, intake: _Intake) -> None:
    known = [path for path in intake.program.facts if "." not in path or path.startswith("keuze(")]
    inside = [path for path in intake.program.facts if path.endswith(f".{name}")]
    remedy = f"Schrijf het bij de persoon: {inside[0].replace('.', ' -> ')}." if inside else meant(name, known)
    if "." in name and name in intake.program.facts:
        first, _, rest = name.partition(".")
        remedy = f"Schrijf `{rest}` in het object `{first}`."
    intake.refuse("TS-Z12", pointer, f"Het gegeven `{name}` is niet bekend.", remedy or "Vraag het gegevensschema van deze aanspraak op.")


def _read_group(name: str, fact: Fact, raw: Any, pointer: str, intake: _Intake) -> None:
    if raw == "geen":
        if fact.kind.optional:
            intake.given[name] = Given(name, GEEN, Standing.GIVEN)
        else:
            intake.refuse("TS-Z13", pointer, f"`{name}` kan niet `geen` zijn.", "")
        return
    if not isinstance(raw, Mapping):
        intake.refuse("TS-Z14", pointer, f"`{name}` is een object met gegevens{' of `geen`' if fact.kind.optional else ''}.", "")
        return
    intake.given[name] = Given(name, True, Standing.GIVEN)
    prefix = f"{name}."
    members = {path.removeprefix(prefix): found for path, found in intake.program.facts.items() if path.startswith(prefix)}
    intake.given |= {given.path: given for given in _read_members(raw, members, prefix, pointer, intake).values()}


def _read_members(raw: Mapping[str, Any], members: Mapping[str, Fact], prefix: str, pointer: str, intake: _Intake) -> dict[str, Given]:
    found = {}
    for key, value in _as_declared(raw, members):
        place = f"{pointer}/{escape(str(key))}"
        if value is None:
            intake.refuse("TS-Z03", place, *_NULL)
        if key not in members:
            intake.refuse(
                "TS-Z12",
                place,
                f"Het gegeven `{key}` is niet bekend.",
                meant(str(key), members) or "Vraag het gegevensschema van deze aanspraak op.",
            )
        elif value is not None and (given := _read_fact(f"{prefix}{key}", members[key], value, place, intake)) is not None:
            found[str(key)] = given
    return found


def _read_list(name: str, fact: Fact, described: ListFact, raw: Any, pointer: str, intake: _Intake) -> None:
    complete = True
    if raw == "geen" and fact.kind.optional:
        intake.given[name] = Given(name, GEEN, Standing.GIVEN)
        return
    rows = raw
    if isinstance(raw, Mapping):
        for unknown in unknown_keys(raw, ("volledig", "items"), pointer):
            intake.refuse("TS-Z02", *unknown)
        flag = raw.get("volledig", True)
        if not isinstance(flag, bool) and flag not in ("ja", "nee"):
            intake.refuse("TS-Z14", f"{pointer}/volledig", "`volledig` is waar of onwaar.", "")
        complete = flag in (True, "ja")
        if "items" not in raw:
            intake.refuse("TS-Z14", pointer, f"Bij `{name}` ontbreekt `items`.", "Geef een rij, ook als die leeg is.")
            return
        rows = raw["items"]
        pointer = f"{pointer}/items"
    if not isinstance(rows, list | tuple):
        intake.refuse(
            "TS-Z14",
            pointer,
            f"`{name}` is een lijst van {described.group}.",
            "Geef een rij, ook als er maar een is; een lege rij als er geen is.",
        )
        return
    if len(rows) > MAX_ITEMS:
        intake.refuse("TS-Z15", pointer, f"`{name}` heeft {len(rows)} onderdelen; hoogstens {MAX_ITEMS} mag.", "")
        return
    items: list[dict[str, Value]] = []
    given: list[Mapping[str, Given]] = []
    for index, row in enumerate(rows):
        place = f"{pointer}/{index}"
        if not isinstance(row, Mapping):
            intake.refuse("TS-Z14", place, f"Een {described.group} is een object met gegevens.", "")
            continue
        members = _read_members(row, described.members, f"{name}[{index}].", place, intake)
        given.append(members)
        items.append(
            {
                member: members[member].value if member in members else _absent(f"{name}[{index}].{member}", found)
                for member, found in described.members.items()
            }
        )
    intake.items[name] = tuple(given)
    intake.given[name] = Given(name, ListValue(tuple(items), complete), Standing.GIVEN)


def _read_fact(path: str, fact: Fact, raw: Any, pointer: str, intake: _Intake) -> Given | None:
    details: Mapping[str, Any] = {}
    value = raw
    if isinstance(raw, Mapping):
        if "waarde" not in raw:
            intake.refuse(
                "TS-Z16",
                pointer,
                "Een gegeven met toelichting heeft een `waarde` nodig.",
                'Schrijf {"waarde": ..., "herkomst": ..., "datum": ...}.',
            )
            return None
        details = raw
        value = raw["waarde"]
        pointer_value = f"{pointer}/waarde"
        for unknown in unknown_keys(raw, _WRAPPED, pointer):
            intake.refuse("TS-Z02", *unknown)
        for key in _WRAPPED:
            if key in raw and raw[key] is None and key != "waarde":
                intake.refuse("TS-Z03", f"{pointer}/{key}", "`null` is geen waarde.", "Laat de sleutel weg als het niet bekend is.")
    else:
        pointer_value = pointer
    parsed = _value(fact, value, pointer_value, intake)
    if fact.judged:
        return _judgement(path, fact, parsed, details, raw, pointer, intake)
    for key in ("door", "rol", "reden"):
        if key in details:
            intake.refuse(
                "TS-Z17", f"{pointer}/{key}", f"`{key}` hoort bij een oordeel; dit is een gewoon gegeven.", "Gebruik `herkomst` en `datum`."
            )
    origin, day = _text(details, "herkomst", pointer, intake), _day(details, pointer, intake)
    return Given(path, parsed, Standing.GIVEN, origin, day) if parsed is not None else None


def _judgement(
    path: str, fact: Fact, value: Value | None, details: Mapping[str, Any], raw: Any, pointer: str, intake: _Intake
) -> Given | None:
    roles = fact.decl.judged_by
    if not isinstance(raw, Mapping):
        intake.refuse(
            "TS-Z18",
            pointer,
            "Dit is een oordeel; een losse waarde wordt niet aangenomen.",
            f'Schrijf {{"waarde": ..., "door": ..., "rol": "{roles[0]}", "datum": ..., "reden": ...}}.',
        )
        return None
    told = dict(details)
    for key in ("door", "rol", "datum", "reden"):
        if not isinstance(details.get(key), str) or not str(details.get(key)).strip():
            intake.refuse(
                "TS-Z18", f"{pointer}/{key}", f"Bij een oordeel hoort `{key}`.", "Zeg wie het oordeel gaf, in welke rol, wanneer en waarom."
            )
            told[key] = None
    by, role, reason = (_text(told, key, pointer, intake) for key in ("door", "rol", "reden"))
    if role is not None and role not in roles:
        intake.refuse("TS-Z19", f"{pointer}/rol", f"Dit oordeel is niet aan de rol `{role}`.", f"Het is aan: {', '.join(roles)}.")
    origin, day = _text(told, "herkomst", pointer, intake), _day(told, pointer, intake)
    return Given(path, value, Standing.JUDGED, origin, day, by, role, reason) if value is not None else None


def _text(details: Mapping[str, Any], key: str, pointer: str, intake: _Intake) -> str | None:
    text = details.get(key)
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        intake.refuse("TS-Z14", f"{pointer}/{key}", f"`{key}` is een tekst van hoogstens {MAX_TEXT} tekens.", "")
        return None
    if _unprintable(text):
        intake.refuse("TS-Z14", f"{pointer}/{key}", *_CONTROL)
        return None
    return text


_CONTROL = ("Deze tekst bevat een teken dat niet te bewaren of te zien is.", "Verwijder stuurtekens en halve tekens.")


def _unprintable(text: str) -> bool:
    """A lone surrogate cannot be stored; a control sign other than a line end or a tab cannot be seen."""
    return re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text) is not None


def _day(details: Mapping[str, Any], pointer: str, intake: _Intake) -> date | None:
    text = details.get("datum")
    if text is None:
        return None
    if not isinstance(text, str):
        intake.refuse("TS-Z08", f"{pointer}/datum", "`datum` is geen datum.", "Schrijf jaar-maand-dag: 2026-07-01.")
        return None
    try:
        return parse_date(text)
    except LiteralError as error:
        intake.refuse("TS-Z08", f"{pointer}/datum", error.cause, error.remedy)
        return None


def _value(fact: Fact, raw: Any, pointer: str, intake: _Intake) -> Value | None:
    kind = fact.kind
    if raw is None:
        intake.refuse("TS-Z03", pointer, *_NULL)
        return None
    if isinstance(raw, bool):
        if kind.base is Base.BOOL:
            return raw
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, niet waar of onwaar.", "")
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, int | Decimal):
        raw = _plain(raw)
        if not (kind.numeric or kind.base in (Base.MONEY, Base.DURATION)):
            intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, geen getal.", "")
            return None
        if kind.base is Base.PERCENTAGE:
            intake.refuse("TS-Z20", pointer, "Een percentage is een tekst met %.", 'Schrijf bijvoorbeeld "40%".')
            return None
    if not isinstance(raw, str):
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}.", "")
        return None
    if kind.base is Base.TEXT and len(raw) > MAX_TEXT:
        intake.refuse("TS-Z14", pointer, f"Deze tekst is langer dan {MAX_TEXT} tekens.", "")
        return None
    if kind.base is Base.TEXT and _unprintable(raw):
        intake.refuse("TS-Z14", pointer, *_CONTROL)
        return None
    if kind.base is not Base.TEXT and len(raw) > MAX_VALUE:
        intake.refuse("TS-Z20", pointer, f"Hier past een {kind}, geen tekst van {len(raw)} tekens.", "")
        return None
    try:
        value = parse_literal(raw, kind)
    except LiteralError as error:
        remedy = "Geef een waarde, of laat het gegeven weg als het niet bekend is." if raw == "geen" else error.remedy
        intake.refuse("TS-Z20", pointer, error.cause, remedy)
        return None
    return value if _possible(fact, value, pointer, intake) else None


def _plain(number: int | Decimal) -> str:
    """A number as text without an exponent; too large a number comes out too long to parse and is refused."""
    if isinstance(number, int):
        return str(number) if abs(number) < 10**18 else "te groot"
    if not number.is_finite() or not -12 < number.adjusted() < 18 or -number.as_tuple().exponent > 20:  # type: ignore[operator]
        return "te groot of te precies"
    return format(number.normalize(), "f")


def _possible(fact: Fact, value: Value, pointer: str, intake: _Intake) -> bool:
    """Values that cannot be: a day that has not come yet, a number out of bounds, a negative amount where none is foreseen."""
    if value is GEEN or isinstance(value, bool):
        return True
    if isinstance(value, date):
        if not FIRST_DAY <= value <= LAST_DAY:
            intake.refuse("TS-Z21", pointer, f"{value} ligt buiten {FIRST_DAY.year}-{LAST_DAY.year}.", "Controleer het jaar.")
            return False
        if fact.past and value > intake.day:
            after = "vandaag" if intake.today else f"de peildatum {intake.day}"
            intake.refuse("TS-Z21", pointer, f"{value} ligt na {after}, en dat kan hier niet.", "Controleer de datum.")
            return False
        if fact.past and intake.day.year - value.year > OLDEST:
            before = "vandaag" if intake.today else "de peildatum"
            intake.refuse("TS-Z21", pointer, f"{value} ligt meer dan {OLDEST} jaar voor {before}.", "Controleer het jaar.")
            return False
    return _within_bounds(fact, value, pointer, intake)


def _within_bounds(fact: Fact, value: Value, pointer: str, intake: _Intake) -> bool:
    low = fact.minimum if fact.path in intake.program.decisions else fact.lowest
    word = None
    if isinstance(value, date):
        if isinstance(low, date) and value < low:
            word, limit = "eerder dan", low.isoformat()
        elif isinstance(fact.maximum, date) and value > fact.maximum:
            word, limit = "later dan", fact.maximum.isoformat()
    elif isinstance(value, int | Fraction):
        if isinstance(low, int | Fraction) and value < low:
            word, limit = "lager dan", _limit(low, fact)
        elif isinstance(fact.maximum, int | Fraction) and value > fact.maximum:
            word, limit = "hoger dan", _limit(fact.maximum, fact)
    if word is not None:
        intake.refuse("TS-Z21", pointer, f"Deze waarde is {word} {limit}, en dat kan hier niet.", "Controleer de waarde.")
    return word is None


def _limit(limit: int | Fraction, fact: Fact) -> str:
    if fact.kind.base is Base.MONEY:
        return _euro(limit)
    return f"{_decimal(limit * 100)}%" if fact.kind.base is Base.PERCENTAGE else _decimal(limit)


def _decimal(number: int | Fraction) -> str:
    return format(Decimal(number.numerator) / Decimal(number.denominator), "f")


def _euro(cents: int | Fraction) -> str:
    return f"{Decimal(int(cents)) / 100:.2f}"


# --- completing ------------------------------------------------------------------------------------------------------


def _absent(path: str, fact: Fact) -> Value:
    if fact.assumed is not None:
        return fact.assumed
    kind = CauseKind.CHOICE if fact.power_of else CauseKind.JUDGEMENT if fact.judged else CauseKind.FACT
    return Unknown.because(kind, path)


@lru_cache(maxsize=64)
def _blank(compiled: Compiled) -> Mapping[str, Value]:
    program = compiled.program
    facts = {path: _absent(path, fact) for path, fact in program.facts.items()}
    for name in program.groups:
        if program.facts[name].kind.optional:
            missing = facts[name]
            facts |= {path: missing for path in program.facts if path.startswith(f"{name}.")}
        else:
            facts[name] = True
    return facts


def complete_facts(compiled: Compiled, given: Mapping[str, Given], day: date) -> tuple[dict[str, Value], tuple[str, ...]]:
    """All facts of a program with what a claim gives laid over them, and the paths that rest on an assumption."""
    program = compiled.program
    facts = dict(_blank(compiled))
    facts["peildatum"] = day
    for name in program.groups:
        if name in given and program.facts[name].kind.optional:
            facts |= group_facts(program, name, given[name].value)
    for path, fact in given.items():
        facts[path] = fact.value
    there = [path for path in _assumable(compiled) if path not in given and ("." not in path or facts[path.partition(".")[0]] is not GEEN)]
    assumed = tuple(path for path in there if facts[path] == program.facts[path].assumed or facts[path] is program.facts[path].assumed)
    return facts, assumed


@lru_cache(maxsize=64)
def _assumable(compiled: Compiled) -> tuple[str, ...]:
    return tuple(path for path, fact in compiled.program.facts.items() if fact.assumed is not None)


def group_facts(program: Program, name: str, present: Value) -> dict[str, Value]:
    """The facts of a group when it is there (assumed or unknown members) or when there is none (all `geen`)."""
    prefix = f"{name}."
    facts: dict[str, Value] = {name: present}
    for path, fact in program.facts.items():
        if path.startswith(prefix):
            facts[path] = GEEN if present is GEEN else _absent(path, fact)
    return facts
