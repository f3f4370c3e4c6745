# SPDX-License-Identifier: EUPL-1.2
"""The form of a claim, made from the declarations of its facts; and back: from what was filled in to a claim.

What a form holds is a flat map of names to text, so that every step can carry the others along. ``f:<path>`` is a
value, ``f:<path>@door`` (rol, datum, reden, herkomst, geen) what belongs to it, ``s:<name>`` whether a group or list is
there, ``n:<name>`` the number of rows of a list; what people state stands in :mod:`api.pages.stated`. Empty is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from api.pages import stated
from engine.language.schema import members_of, top_facts
from engine.model.kinds import Base, Kind
from engine.model.problems import Problem, problem_at
from engine.model.program import Fact, Program
from engine.rationale.values import show
from engine.rationale.wording import words

Values: TypeAlias = Mapping[str, str]

MAX_ROWS = 60
DETAILS = ("door", "rol", "datum", "reden", "herkomst")
EMPTY, THERE, ALL, SOME, NONE = "leeg", "er", "alle", "deels", "geen"

_DUTCH = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?|-?\d+(,\d+)?")
_KNOWN = re.compile(
    r"[fsn]:[a-z0-9_.()\[\]]+(@(door|rol|datum|reden|herkomst|geen))?|[ego]:\d{1,2}\.[a-zA-Z]+|w:(door|rol|op)|gezien", re.ASCII
)


# --- from a form to a claim ------------------------------------------------------------------------------------------


def known(values: Values) -> dict[str, str]:
    """What was filled in, without empty values and without names that a form never has."""
    return {name: value for name, value in values.items() if value.strip() and _KNOWN.fullmatch(name)}


@dataclass
class Reading:
    """A claim as it was filled in, and contradictions that only a form can have."""

    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_facts(values: Values, program: Program) -> Reading:
    """The facts of a form as a claim holds them; what is empty is left out."""
    found = Reading()
    for name, fact in top_facts(program):
        if fact.kind.base is Base.GROUP:
            value = _read_group(name, values, program, found)
        elif fact.kind.base is Base.LIST:
            value = _read_list(name, values, program, found)
        else:
            value = _read_value(name, fact, values)
        if value is not None:
            found.facts[name] = value
    for name, fact in program.decisions.items():
        if (value := _read_value(name, fact, values)) is not None:
            found.facts[name] = value
    return found


def _read_group(name: str, values: Values, program: Program, found: Reading) -> Any:
    members = {
        key: value for key, fact in members_of(name, program).items() if (value := _read_value(f"{name}.{key}", fact, values)) is not None
    }
    status = values.get(f"s:{name}")
    if status == NONE and members:
        found.problems.append(_contradiction(name, "U koos dat er niemand is, maar er zijn wel gegevens ingevuld."))
    if status == NONE:
        return "geen"
    return members if members or status == THERE else None


def _read_list(name: str, values: Values, program: Program, found: Reading) -> Any:
    members = program.lists[name].members
    rows = []
    for number in range(row_count(name, values)):
        row = {key: value for key, fact in members.items() if (value := _read_value(f"{name}[{number}].{key}", fact, values)) is not None}
        if row:
            rows.append(row)
    status = values.get(f"s:{name}")
    if status in (EMPTY, NONE) and rows:
        found.problems.append(_contradiction(name, "U koos dat er niets is, maar er zijn wel gegevens ingevuld."))
    if status == NONE:
        return "geen"
    if status in (EMPTY, ALL):
        return rows if status == ALL else []
    return {"volledig": False, "items": rows} if rows or status == SOME else None


def _contradiction(name: str, cause: str) -> Problem:
    return problem_at("TS-P01", f"/gegevens/{name}", cause, "Kies een van de twee.")


def row_count(name: str, values: Values) -> int:
    """How many rows a list has in a form."""
    text = values.get(f"n:{name}", "0")
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _read_value(path: str, fact: Fact, values: Values) -> Any:
    text = values.get(f"f:{path}", "").strip()
    if not text and f"f:{path}@geen" in values:
        text = "geen"
    if not text:
        return None
    value = _typed(text, fact.kind)
    details = {key: values[f"f:{path}@{key}"].strip() for key in DETAILS if values.get(f"f:{path}@{key}", "").strip()}
    return {"waarde": value, **details} if details or fact.judged else value


def _typed(text: str, kind: Kind) -> Any:
    if kind.base is Base.BOOL and text in ("ja", "nee"):
        return text == "ja"
    if kind.numeric or kind.base is Base.MONEY:
        return plain_number(text)
    return text


def plain_number(text: str) -> str:
    """A number as people in the Netherlands write it (`1.419,46`) as the rules read it; anything else is left as it is."""
    bare = text.removeprefix("€").replace("\u00a0", "").strip()
    return bare.replace(".", "").replace(",", ".") if _DUTCH.fullmatch(bare) else bare


# --- from a claim to a form ------------------------------------------------------------------------------------------


def values_of(claim: Mapping[str, Any], program: Program) -> dict[str, str]:
    """A claim (of an example) as the values of a form."""
    found: dict[str, str] = {}
    facts = claim.get("gegevens", {})
    for name, fact in top_facts(program):
        if name not in facts:
            continue
        value = facts[name]
        if fact.kind.base is Base.GROUP:
            found[f"s:{name}"] = NONE if value == "geen" else THERE
            if isinstance(value, Mapping):
                for key, inner in value.items():
                    _put(found, f"{name}.{key}", program.facts.get(f"{name}.{key}"), inner)
        elif fact.kind.base is Base.LIST:
            _put_list(found, name, program, value)
        else:
            _put(found, name, fact, value)
    for name, fact in program.decisions.items():
        if name in facts:
            _put(found, name, fact, facts[name])
    return found | stated.values_of(claim)


def _put_list(found: dict[str, str], name: str, program: Program, value: Any) -> None:
    if value == "geen":
        found[f"s:{name}"] = NONE
        return
    rows, complete = (value.get("items", []), value.get("volledig", True)) if isinstance(value, Mapping) else (value, True)
    whole = complete in (True, "ja")
    found[f"s:{name}"] = SOME if not whole else ALL if rows else EMPTY
    found[f"n:{name}"] = str(len(rows))
    for number, row in enumerate(rows):
        for key, inner in row.items():
            _put(found, f"{name}[{number}].{key}", program.lists[name].members.get(key), inner)


def _put(found: dict[str, str], path: str, fact: Fact | None, value: Any) -> None:
    details = value if isinstance(value, Mapping) else {}
    bare = value["waarde"] if isinstance(value, Mapping) else value
    if bare == "geen":
        found[f"f:{path}@geen"] = "ja"
    else:
        found[f"f:{path}"] = _text(bare).removesuffix(f" {_suffix(fact.kind)}" if fact is not None else "")
    found |= {f"f:{path}@{key}": str(details[key]) for key in DETAILS if details.get(key)}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


# --- the form as the template reads it -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Control:
    """One question: how it is answered, what was filled in, and what is wrong with it."""

    path: str
    sort: str
    label: str
    help: str
    suffix: str
    choices: tuple[tuple[str, str], ...]
    optional: bool
    roles: tuple[str, ...]
    assumed: str
    decision: bool
    values: Values
    errors: tuple[Problem, ...]

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return field_id(self.path)

    @property
    def value(self) -> str:
        """What was filled in."""
        return self.values.get(f"f:{self.path}", "")

    @property
    def none(self) -> bool:
        """Whether "there is none" was chosen."""
        return f"f:{self.path}@geen" in self.values

    @property
    def filled(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.value) or self.none

    def detail(self, key: str) -> str:
        """What belongs to the value: door, rol, datum, reden, herkomst."""
        return self.values.get(f"f:{self.path}@{key}", "")


@dataclass(frozen=True, slots=True)
class Section:
    """A fieldset. ``now`` holds the questions that matter or are filled in, ``later`` the others."""

    name: str
    title: str
    help: str
    sort: str
    statuses: tuple[tuple[str, str], ...] = ()
    status: str = ""
    now: tuple[Control, ...] = ()
    later: tuple[Control, ...] = ()
    rows: tuple[tuple[str, tuple[Control, ...]], ...] = ()
    errors: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """The id of the section in the page."""
        return field_id(self.name)


def field_id(path: str) -> str:
    """A path as an id."""
    return "v-" + re.sub(r"[^a-z0-9]+", "-", path).strip("-")


class Form:
    """All sections of the facts of one program."""

    def __init__(self, program: Program, values: Values, wanted: Collection[str], problems: Collection[Problem]) -> None:
        self.program, self.values, self.wanted = program, values, wanted
        self.errors: dict[str, list[Problem]] = {}
        for problem in problems:
            self.errors.setdefault(self.path_of(problem.place.pointer or ""), []).append(problem)

    def sections(self) -> list[Section]:
        """Persons, lists, the case, judgements, powers: in this order."""
        top = dict(top_facts(self.program))
        found = [self._group(name, fact) for name, fact in top.items() if fact.kind.base is Base.GROUP]
        found += [self._list(name, fact) for name, fact in top.items() if fact.kind.base is Base.LIST]
        single = {name: fact for name, fact in top.items() if fact.kind.base not in (Base.GROUP, Base.LIST)}
        for name, title, help_, fits in _LOOSE:
            facts = {path: fact for path, fact in single.items() if fits(fact)}
            if facts:
                now, later = self._split(facts)
                found.append(Section(name, title, help_, "los", now=now, later=later))
        if self.program.decisions:
            now, later = self._split(self.program.decisions)
            help_ = "Wat andere regels bepalen, en waarover al een besluit is. Het telt alleen met de herkomst erbij."
            found.append(Section("besluiten", "Besluiten die er al zijn", help_, "los", now=now, later=later))
        return found

    def path_of(self, pointer: str) -> str:
        """The path of the fact that a JSON pointer of a claim is about; of another part of the claim its pointer."""
        parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
        if len(parts) < 2 or parts[0] != "gegevens":
            return pointer
        name, rest = parts[1], parts[2:]
        if name in self.program.groups and rest:
            return f"{name}.{rest[0]}"
        if name in self.program.lists:
            rest = rest[1:] if rest[:1] == ["items"] else rest
            return f"{name}[{rest[0]}].{rest[1]}" if len(rest) > 1 else name
        return name

    def question(self, problem: Problem) -> str:
        """The question that a problem is about; empty where it is about no single one."""
        path = self.path_of(problem.place.pointer or "")
        name, _, rest = path.partition("[")
        member = self.program.lists[name].members.get(rest.partition("].")[2]) if rest else None
        fact = member or self.program.facts.get(path) or self.program.decisions.get(path)
        return (fact.decl.question or "") if fact is not None else ""

    def _group(self, name: str, fact: Fact) -> Section:
        now, later = self._split({f"{name}.{key}": member for key, member in members_of(name, self.program).items()})
        statuses = (("", "Niet bekend"), (THERE, "Ja, die is er"), (NONE, "Nee, die is er niet")) if fact.kind.optional else ()
        return Section(
            name,
            words(name),
            _about(fact),
            "groep",
            statuses,
            self.values.get(f"s:{name}", ""),
            now,
            later,
            errors=tuple(self.errors.get(name, ())),
        )

    def _list(self, name: str, fact: Fact) -> Section:
        described = self.program.lists[name]
        count = row_count(name, self.values)
        rows = tuple(
            (
                f"{words(described.group)} {number + 1}",
                tuple(self._control(f"{name}[{number}].{key}", member) for key, member in described.members.items()),
            )
            for number in range(count)
        )
        statuses = [("", "Niet bekend"), (EMPTY, "Niets: de lijst is leeg"), (ALL, "Dit is alles"), (SOME, "Dit is misschien niet alles")]
        if fact.kind.optional:
            statuses.append((NONE, "Niet van toepassing (geen)"))
        return Section(
            name,
            words(name),
            _about(fact),
            "lijst",
            tuple(statuses),
            self.values.get(f"s:{name}", ""),
            rows=rows,
            errors=tuple(self.errors.get(name, ())),
        )

    def _split(self, facts: Mapping[str, Fact]) -> tuple[tuple[Control, ...], tuple[Control, ...]]:
        controls = [self._control(path, fact) for path, fact in facts.items()]
        now = tuple(control for control in controls if control.path in self.wanted or control.filled or control.errors)
        return now, tuple(control for control in controls if control not in now)

    def _control(self, path: str, fact: Fact) -> Control:
        decl = fact.decl
        return Control(
            path,
            _SORTS.get(fact.kind.base, "tekst"),
            decl.question or words(path.rpartition(".")[2]),
            decl.explanation or "",
            _suffix(fact.kind),
            tuple((choice, words(choice)) for choice in fact.kind.choices),
            fact.kind.optional,
            decl.judged_by,
            show(fact.assumed, fact.kind) if fact.assumed is not None else "",
            path in self.program.decisions,
            self.values,
            tuple(self.errors.get(path, ())),
        )


_SORTS: Mapping[Base, str] = {Base.BOOL: "ja/nee", Base.CHOICE: "keuze", Base.DATE: "datum", Base.TEXT: "lang"}
_LOOSE: tuple[tuple[str, str, str, Callable[[Fact], bool]], ...] = (
    ("zaak", "De zaak", "Wat over de hele zaak gaat.", lambda fact: not fact.judged),
    (
        "oordelen",
        "Oordelen van een professional",
        "Een oordeel telt alleen met wie het gaf, in welke rol, wanneer en waarom.",
        lambda fact: fact.judged and fact.power_of is None,
    ),
    (
        "bevoegdheden",
        "Bevoegdheden",
        "Of gebruik wordt gemaakt van iets dat mag en niet hoeft.",
        lambda fact: fact.power_of is not None,
    ),
)


def _suffix(kind: Kind) -> str:
    if kind.base is Base.MONEY:
        return f"euro per {kind.per}" if kind.per != "eenmalig" else "euro"
    if kind.base is Base.DURATION:
        return str(kind.dimension)
    return "%" if kind.base is Base.PERCENTAGE else ""


def _about(fact: Fact) -> str:
    return " ".join(text for text in (fact.decl.question, fact.decl.explanation) if text)


def hidden(values: Values, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """What a page must carry along because it does not show it: everything whose name does not start with one of ``shown``."""
    return ((name, value) for name, value in values.items() if not name.startswith(tuple(shown)))
