# SPDX-License-Identifier: EUPL-1.2
"""Describing a regelset or a law: per article what the rules say, what they ask, and how it leads to an outcome.

All versions are laid over each other: each text of a rule with the days between which it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from markupsafe import Markup

from engine.authoring import picture, words
from engine.authoring.description import (
    AmountSeen,
    Description,
    DoorSeen,
    FactSeen,
    GroundSeen,
    RuleSeen,
    Said,
    SetSeen,
    Wording,
    WordSeen,
    anchor,
)
from engine.language.sources import is_statutory, juriconnect, link, parse_reference
from engine.language.versions import RuleSet, RuleText
from engine.model import documents as doc
from engine.model.kinds import Base
from engine.model.problems import Place, Problem, RulesError, nearest
from engine.model.program import DERIVED, Amount, Door, Fact, Law, Program
from engine.rationale.values import show
from engine.rationale.wording import STEPS, capital
from engine.rulebook import Rulebook

ROLES: Mapping[str, str] = {
    "voorwaarde": "Voorwaarde voor het recht",
    "weigeringsgrond": "Grond om te weigeren",
    "ontvankelijkheid": "Voorwaarde om de aanvraag te behandelen",
    "bevoegdheid": "Bepaalt of dit orgaan bevoegd is",
    "plicht": "Plicht",
    "begripsbepaling": "Wat een woord betekent",
}
_LEADS_TO = {
    "voorwaarde": "blokkerende_grond",
    "weigeringsgrond": "blokkerende_grond",
    "ontvankelijkheid": "ontvankelijk",
    "bevoegdheid": "bevoegd",
}
_WORDS = {"alle": "al het volgende geldt", "een van": "ten minste een van deze geldt", "geen van": "geen van deze geldt"}
_REST = "Zonder artikel"


def describe(rulebook: Rulebook, path: str) -> Description:
    """A law (its folder) or one regelset (`<law>/<name>`). Raises :class:`RulesError` for one that is not there."""
    path = path.strip("/")
    names = [name for name in rulebook.sets if (name == path or name.startswith(f"{path}/")) and rulebook.sets[name]]
    if not names and path in rulebook.given and path in rulebook.laws:
        return _without_rules(rulebook, path)
    if not names:
        known = [*rulebook.sets, *rulebook.laws]
        remedy = nearest(path, sorted(known))
        raise RulesError([Problem("TS-B04", Place(path), f"De regelset of wet `{path}` bestaat niet.", remedy)])
    law = rulebook.laws.get(names[0].split("/")[0]) or Law(path, path, None, None)
    around = _Around(rulebook, law)
    sets = tuple(around.seen(rulebook.sets[name]) for name in names)
    rules = [rule for found in sets for _, here in found.articles for rule in here]
    facts = {name for rule in rules for name in rule.facts}
    amounts = {name for rule in rules for name in rule.amounts}
    doors = {door for rule in rules for door, _ in rule.doors}
    return Description(
        title=sets[0].title if names == [path] else law.name,
        law=law,
        sets=sets,
        words=tuple(around.word(decl, sets[-1].versions[-1][0]) for decl in sorted(law.words, key=lambda decl: decl.word.casefold())),
        facts=tuple(_fact(name, around.facts[name]) for name in around.facts if name in facts),
        amounts=tuple(around.amount(around.amounts[name]) for name in around.amounts if name in amounts),
        doors=tuple(around.door(door) for id_, door in around.doors.items() if id_ in doors),
    )


def _without_rules(rulebook: Rulebook, path: str) -> Description:
    """A law of which only the reversed test is in YAML: its words, its grounds, its doors, and what they ask."""
    law = rulebook.laws[path]
    around = _Around(rulebook, law)
    program = rulebook.given[path].program
    doors = [door for door in program.second.doors if door.law == path]
    day = max((door.decl.valid_from for door in doors), default=program.valid_from)
    return Description(
        title=law.name,
        law=law,
        sets=(),
        words=tuple(around.word(decl, day) for decl in sorted(law.words, key=lambda decl: decl.word.casefold())),
        facts=tuple(_fact(name, fact) for name, fact in around.facts.items() if fact.law == path and fact.kind.base is not Base.GROUP),
        amounts=(),
        doors=tuple(around.door(door) for door in doors),
        grounds=tuple(around.ground(decl, day) for of, decl in program.second.grounds.values() if of == path),
    )


def _fact(name: str, fact: Fact) -> FactSeen:
    kind = f"{fact.kind} ({', '.join(words.plain(choice) for choice in fact.kind.choices)})" if fact.kind.choices else str(fact.kind)
    judged = f"oordeel van {', '.join(fact.decl.judged_by)}" if fact.judged else fact.decl.origin
    return FactSeen(name, fact.decl.question or "", kind, judged or "")


@dataclass
class _Around:
    """What stands around the rules of one law: facts, amounts, doors, tests, and who decides what."""

    rulebook: Rulebook
    law: Law
    programs: list[Program] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.programs = [
            compiled.program
            for compiled in self.rulebook.compiled
            if compiled.program.law == self.law.id
            or any(version.ruleset.startswith(f"{self.law.id}/") for version in compiled.program.versions)
        ]

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every fact by the name by which it is described: a member of a list as `list.member`."""
        found: dict[str, Fact] = {}
        for program in self.programs:
            found |= {path: fact for path, fact in program.facts.items() if path != "peildatum" and fact.power_of is None}
            for name, described in program.lists.items():
                found |= {f"{name}.{member}": fact for member, fact in described.members.items()}
        return found

    @cached_property
    def amounts(self) -> dict[str, Amount]:
        """Every amount by name."""
        return {name: amount for program in self.programs for name, amount in program.amounts.items()}

    @cached_property
    def doors(self) -> dict[str, Door]:
        """Every door by id."""
        return {door.decl.id: door for program in self.programs for door in program.second.doors}

    @cached_property
    def composed(self) -> dict[str, str]:
        """For each composed list one of its persons."""
        return {name: persons[0][0] for program in self.programs for name, persons in program.composed.items() if persons}

    @cached_property
    def deciding(self) -> dict[str, str]:
        """Name of an outcome -> the id of the first rule that decides it."""
        found: dict[str, str] = {}
        for versions in self.rulebook.sets.values():
            for version in versions:
                for rule in version.rules.values():
                    found.setdefault(f"{version.name.replace('/', '.')}.{rule.decl.decides}", rule.decl.id)
                    if version.law == self.law.id:
                        found.setdefault(rule.decl.decides, rule.decl.id)
        return found

    @cached_property
    def tested(self) -> dict[str, list[tuple[str, str]]]:
        """Id of a rule or name of an outcome -> the tests that name it, as file and title."""
        found: dict[str, list[tuple[str, str]]] = {}
        for file, tests in self.rulebook.tests:
            for test in tests:
                named = {rule.split("@")[0] for rule in (*test.expected.rules, *(test.expected.grounds or ()))}
                for name in sorted(named | set(test.expected.values)):
                    found.setdefault(name, []).append((file, test.test))
        return found

    def is_date(self, name: str) -> bool:
        """Whether a name is that of a date."""
        fact = self.facts.get(name)
        return fact is not None and fact.kind.base is Base.DATE

    @cached_property
    def laws(self) -> Mapping[str, Law]:
        """Every law that a source may name."""
        return self.programs[0].laws if self.programs else {self.law.id: self.law}

    def link(self, source: str, law: str, day: date) -> str | None:
        """Where an article stands in the text of a day; None for another source, or a law without a number."""
        reference = parse_reference(source, self.laws.get(law), self.laws) if is_statutory(source) else None
        address = juriconnect(reference, day) if reference is not None else None
        return link(address) if address else None

    # --- a regelset --------------------------------------------------------------------------------------------------

    def seen(self, versions: tuple[RuleSet, ...]) -> SetSeen:
        """A regelset with all its versions."""
        last = versions[-1]
        ids = dict.fromkeys(id_ for version in versions for id_ in version.rules)
        by_article: dict[str, list[RuleSeen]] = {}
        for id_ in ids:
            texts = _texts(versions, id_)
            by_article.setdefault(_article(texts[-1][0].decl.source), []).append(self._rule(id_, texts))
        boxes, arrows = self._boxes(last)
        title = f"Hoe {last.title[:1].lower() + last.title[1:]} tot een uitkomst komt"
        return SetSeen(
            name=last.name,
            title=last.title,
            versions=tuple((version.document.valid_from, version.document.status, version.document.note or "") for version in versions),
            ladder=tuple(self._ladder(last)),
            articles=tuple(
                (article, tuple(found)) for article, found in sorted(by_article.items(), key=lambda item: _article_order(item[0]))
            ),
            picture=Markup(picture.svg(boxes, arrows, title, anchor(last.name))),
            picture_day=last.document.valid_from,
            told=tuple(picture.told(boxes, arrows)),
        )

    def _ladder(self, version: RuleSet) -> Iterator[tuple[str, str]]:
        if version.assessment is not None:
            for row in version.assessment.outcomes:
                for result, line in row.items():
                    yield words.plain(result), "in alle andere gevallen" if line == "anders" else f"als {self._said(line)}"

    # --- a rule ------------------------------------------------------------------------------------------------------

    def _rule(self, id_: str, texts: list[tuple[RuleText, date, date | None]]) -> RuleSeen:
        decl = texts[-1][0].decl
        facts, amounts, uses = self._named(decl.per_item, [line for text, _, _ in texts for line in _lines(text.decl)])
        role = ROLES.get(decl.role or "", "Tussenstap" if not (decl.value or decl.table or decl.tiers or decl.open_to) else "Berekening")
        if decl.duty_of:
            role = f"{role} van {decl.duty_of}"
        doors = [
            (door.decl.id, door.decl.title) for door in self.doors.values() if id_ in door.decl.opens_for or decl.decides in door.decl.tunes
        ]
        return RuleSeen(
            id=id_,
            title=decl.title or capital(words.plain(decl.decides)),
            decides=decl.decides,
            role=role,
            wordings=tuple(self._wording(text, since, until) for text, since, until in texts),
            facts=tuple(facts),
            amounts=tuple(amounts),
            uses=tuple((name, rule) for name, rule in uses.items() if rule != id_),
            tests=tuple(dict.fromkeys((*self.tested.get(id_, ()), *self.tested.get(decl.decides, ())))),
            doors=tuple(doors),
        )

    def _wording(self, text: RuleText, since: date, until: date | None) -> Wording:
        decl = text.decl
        told = decl.explanation
        return Wording(
            since=since,
            until=until,
            source=decl.source,
            link=self.link(decl.source, self.law.id, since),
            status=decl.status,
            not_covered=decl.not_covered,
            parts=tuple(self._parts(decl)),
            told=tuple((word, said) for word, said in (("waar", told.true), ("onwaar", told.false), ("onbekend", told.unknown)) if said),
        )

    def _parts(self, decl: doc.RuleDecl) -> Iterator[Said]:
        if decl.per_item:
            yield Said(f"wordt bepaald voor elk onderdeel van {words.plain(decl.per_item)}")
        if decl.modality == "kan":
            yield Said("het is een bevoegdheid: wie beslist, kiest of zij wordt gebruikt")
        if decl.when is not None:
            yield Said("geldt als", (self._condition(decl.when),))
        elif not (decl.table or decl.tiers or decl.value or decl.open_to):
            yield Said("geldt altijd")
        if decl.unless is not None:
            exceptions = decl.unless if isinstance(decl.unless, list) else [decl.unless]
            yield Said(
                "tenzij" if len(exceptions) == 1 else "tenzij een van deze geldt", tuple(self._condition(part) for part in exceptions)
            )
        yield from self._value(decl)

    def _value(self, decl: doc.RuleDecl) -> Iterator[Said]:
        if decl.value is not None:
            yield Said(f"de waarde is {self._said(decl.value)}")
        if decl.table:
            rows = tuple(
                Said(f"{self._said(row.value)}, als", (self._condition(row.when),))
                if row.when is not None
                else Said(f"anders {self._said(row.value)}")
                for row in decl.table
            )
            yield Said("de waarde is het eerste dat past", rows)
        if decl.tiers is not None:
            tiers = tuple(
                Said(f"{f'tot en met {self._said(row.upto)}' if row.upto else 'daarboven'}: {self._said(row.each)} per stuk")
                for row in decl.tiers.rows
            )
            yield Said(f"de waarde loopt in schijven over {self._said(decl.tiers.over)}", tiers)
        if decl.open_to is not None:
            bounds = [
                f"{word} {self._said(bound)}"
                for word, bound in (("ten minste", decl.open_to.minimum), ("ten hoogste", decl.open_to.maximum))
                if bound
            ]
            yield Said(f"een {decl.open_to.level} vult dit in ({decl.kind}{', ' if bounds else ''}{', '.join(bounds)})")
            if decl.open_to.otherwise is not None:
                yield Said(f"vult zij niets in, dan is de waarde {self._said(decl.open_to.otherwise)}")
        for word, bound in (("ten minste", decl.at_least), ("ten hoogste", decl.at_most)):
            if bound is not None:
                yield Said(f"{word} {self._said(bound)}")
        if decl.rounding is not None:
            yield Said(f"afgerond: {decl.rounding}")
        if decl.otherwise is not None:
            yield Said(f"geldt de regel niet, dan is de waarde {self._said(decl.otherwise)}")
        if decl.sets_aside:
            yield Said(f"gaat voor {', '.join(decl.sets_aside)}")

    def _condition(self, condition: Any) -> Said:
        if isinstance(condition, Mapping):
            word, parts = next(iter(condition.items()))
            return Said(_WORDS.get(str(word), str(word)), tuple(self._condition(part) for part in parts))
        return Said(self._said(str(condition)))

    def _said(self, line: str) -> str:
        return words.said(line, self.is_date)

    def _named(self, per: str | None, lines: Iterable[str]) -> tuple[dict[str, None], dict[str, None], dict[str, str]]:
        """The facts, amounts and outcomes that lines name."""
        facts: dict[str, None] = {}
        amounts: dict[str, None] = {}
        uses: dict[str, str] = {}
        for line in lines:
            for inside, name in words.names(line):
                bare = name.removeprefix("zaak.")
                holder = inside or (per if bare == name else None)
                owned = f"{self.composed.get(str(holder), holder)}.{bare}"
                if holder is not None and owned in self.facts:
                    facts[owned] = None
                elif bare in self.facts:
                    facts[bare] = None
                elif bare in self.amounts:
                    amounts[bare] = None
                elif (rule := self.deciding.get(bare) or self.deciding.get(bare.rpartition(".")[2])) is not None:
                    uses[bare.rpartition(".")[2] if bare not in self.deciding else bare] = rule
        return facts, amounts, uses

    # --- the doors and the picture -----------------------------------------------------------------------------------

    def amount(self, amount: Amount) -> AmountSeen:
        """An amount with its dated values."""
        values = tuple(
            (entry.valid_from, show(entry.value, amount.kind) if entry.value is not None else "onbekend") for entry in amount.series
        )
        decl = amount.decl
        address = self.link(decl.source, amount.law, amount.series[-1].valid_from)
        return AmountSeen(amount.id, decl.description or "", decl.source, address, decl.unit, decl.entered_until, values)

    def word(self, decl: doc.WordDecl, day: date) -> WordSeen:
        """A word; its article as it stands on the day from which it holds, otherwise on this day."""
        address = self.link(decl.source, self.law.id, decl.valid_from or day) if decl.source is not None else None
        status = decl.status if decl.source is not None else None
        return WordSeen(decl.word, decl.explanation, decl.source, address, status, decl.valid_from, decl.valid_until)

    def door(self, door: Door) -> DoorSeen:
        """A door in words."""
        decl = door.decl
        when = [Said("geldt als", (self._condition(decl.when),))] if decl.when is not None else []
        if decl.excluded_when is not None:
            when.append(Said("niet als", (self._condition(decl.excluded_when),)))
        return DoorSeen(
            decl.id,
            decl.title,
            decl.source,
            self.link(decl.source, door.law, decl.valid_from),
            f"{decl.sort}, {decl.level}",
            tuple(when),
            decl.opens_for,
            decl.held_by,
            decl.not_covered,
        )

    def ground(self, decl: doc.GroundDecl, day: date) -> GroundSeen:
        """A ground; its article as it stands on the day from which it holds, otherwise on this day."""
        address = self.link(decl.source, self.law.id, decl.valid_from or day)
        return GroundSeen(decl.id, decl.title, decl.source, address, decl.sort, decl.status)

    def _boxes(self, version: RuleSet) -> tuple[list[picture.Box], list[tuple[str, str]]]:
        """What the last version decides, and what follows from what; facts are left out, they are in the text."""
        rules = [text.decl for text in version.rules.values()]
        own = {rule.decides for rule in rules}
        boxes: dict[str, picture.Box] = {}
        arrows: list[tuple[str, str]] = []
        for rule in rules:
            sort = "stap" if rule.role in STEPS else "grond"
            boxes[rule.decides] = picture.Box(rule.decides, capital(words.plain(rule.decides)), sort)
            _, _, uses = self._named(rule.per_item, _lines(rule))
            for name in uses:
                if name not in own:
                    boxes.setdefault(name, picture.Box(name, capital(words.plain(name.rpartition(".")[2])), "elders"))
                arrows.append((name, rule.decides))
            if rule.role in _LEADS_TO and version.assessment is not None:
                arrows.append((rule.decides, _LEADS_TO[rule.role]))
        if version.assessment is not None:
            self._results(version.assessment, boxes, arrows)
        return list(boxes.values()), [(start, end) for start, end in arrows if start in boxes and end in boxes]

    def _results(self, assessment: doc.AssessmentDecl, boxes: dict[str, picture.Box], arrows: list[tuple[str, str]]) -> None:
        for row in assessment.outcomes:
            for result, line in row.items():
                key = f"uitkomst {result}"
                boxes[key] = picture.Box(key, capital(words.plain(result)), "uitkomst")
                for _, name in words.names(line):
                    if name in DERIVED:
                        boxes.setdefault(name, picture.Box(name, capital(words.plain(name)), "stap"))
                    arrows.append((name, key))
                for name in assessment.values.get(result, ()):
                    arrows.append((name, key))


def _texts(versions: tuple[RuleSet, ...], id_: str) -> list[tuple[RuleText, date, date | None]]:
    """Each text of a rule with the first day on which it holds and the first day on which it does not, in order of time."""
    found: list[tuple[RuleText, date, date | None]] = []
    for version in versions:
        text = version.rules.get(id_)
        if text is None:
            continue
        if found and found[-1][0].version == text.version and found[-1][2] == version.document.valid_from:
            found[-1] = (text, found[-1][1], version.valid_until)
        else:
            found.append((text, version.document.valid_from, version.valid_until))
    return found


def _lines(decl: doc.RuleDecl) -> Iterator[str]:
    """Every line of a rule."""
    for condition in (decl.when, decl.unless, *(row.when for row in decl.table)):
        yield from _condition_lines(condition)
    yield from (row.value for row in decl.table)
    if decl.tiers is not None:
        yield decl.tiers.over
        yield from (line for row in decl.tiers.rows for line in (row.upto, row.each) if line)
    yield from (line for line in (decl.value, decl.at_least, decl.at_most, decl.otherwise) if line)


def _condition_lines(condition: Any) -> Iterator[str]:
    if isinstance(condition, str):
        yield condition
    elif isinstance(condition, list):
        for part in condition:
            yield from _condition_lines(part)
    elif isinstance(condition, Mapping):
        for parts in condition.values():
            yield from _condition_lines(parts)


def _article(source: str) -> str:
    """The first article of a source, as a heading."""
    match = re.match(r"art\.\s+([0-9]+[a-z]*(?:[.:][0-9]+[a-z]*)*)", source)
    return f"Artikel {match[1]}" if match else _REST


def _article_order(article: str) -> tuple[bool, list[tuple[int, str]]]:
    """Articles as people count them: 2, 11, 19, 19a, 20; what has no article last."""
    parts = re.findall(r"(\d+)([a-z]*)", article)
    return article == _REST, [(int(digits), letters) for digits, letters in parts]
