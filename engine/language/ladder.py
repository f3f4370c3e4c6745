# SPDX-License-Identifier: EUPL-1.2
"""Grounds and ladder: which rules can block, what is derived from them, and the rows of results in their order."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.conditions import Conditions
from engine.language.reading import Path, Source
from engine.language.scope import Context
from engine.model import documents as doc, tree
from engine.model.kinds import BOOL
from engine.model.problems import meant
from engine.model.program import Ground, Rung

Persons = tuple[tuple[str, tree.Criterion], ...]


def grounds_of(outcomes: list[tree.Outcome], roles: Mapping[str, str | None]) -> tuple[Ground, ...]:
    """Every rule or outcome that can block; ``roles`` gives the `rol` of each rule id of this claim."""
    grounds = []
    for outcome in outcomes:
        conditions = [rule for rule in outcome.rules if roles.get(rule.id) in ("voorwaarde", "bevoegdheid", "ontvankelijkheid")]
        kinds = {roles[rule.id] for rule in conditions}
        for role in sorted(str(kind) for kind in kinds):
            reference = tree.MemberOutcomeRef(BOOL, outcome.list, outcome.key) if outcome.list else tree.OutcomeRef(BOOL, outcome.key)
            keys = tuple(rule.key for rule in outcome.rules)
            grounds.append(Ground(role, outcome.key, keys, tree.Not(tree.Truth(reference)), outcome.person, outcome.list))
        for rule in outcome.rules:
            if roles.get(rule.id) == "weigeringsgrond":
                grounds.append(Ground("weigeringsgrond", outcome.key, (rule.key,), tree.RuleHolds(rule.key), outcome.person, outcome.list))
    return tuple(grounds)


def derived(grounds: tuple[Ground, ...], presence: Mapping[str, Persons], per: Mapping[str, str | None]) -> list[tree.Outcome]:
    """The ja/nee words of the ladder (`bevoegd`, `ontvankelijk`, `blokkerende_grond`, `deels_geblokkeerd`) as outcomes.

    ``per`` gives for a rule id the list over which it decides.
    """

    def holds(role: str) -> tree.Criterion:
        found = tuple(tree.Not(ground.criterion) for ground in grounds if ground.role == role and ground.list is None)
        return tree.And(found) if found else tree.Const(True)

    blocking = [ground for ground in grounds if ground.role in ("voorwaarde", "weigeringsgrond")]
    whole: list[tree.Criterion] = [ground.criterion for ground in blocking if ground.person is None and ground.list is None]
    partly: list[tree.Criterion] = []
    for composed, persons in presence.items():
        own = [ground for ground in blocking if ground.person and per[ground.rule_keys[0].split("@")[0]] == composed]
        blocked, counted = _persons_blocked(persons, own)
        if own:
            whole.append(tree.And(tuple(blocked)))
            partly.append(tree.Or(tuple(counted)))
    for name in sorted({ground.list for ground in blocking if ground.list}):
        each = tuple(ground.criterion for ground in blocking if ground.list == name)
        whole.append(tree.And((tree.Exists(name, tree.Const(True)), tree.ForAll(name, tree.Or(each)))))
        partly.append(tree.Exists(name, tree.Or(each)))
    # Persons and items first: where nobody has a right, the means behind the other grounds need not be looked at.
    all_blocked: tree.Criterion = tree.Or(tuple(reversed(whole))) if whole else tree.Const(False)
    some: tree.Criterion = tree.Or(tuple(partly)) if partly else tree.Const(False)
    block = tree.Truth(tree.OutcomeRef(BOOL, "blokkerende_grond"))
    criteria = {
        "bevoegd": holds("bevoegdheid"),
        "ontvankelijk": holds("ontvankelijkheid"),
        "blokkerende_grond": all_blocked,
        "deels_geblokkeerd": tree.And((some, tree.Not(block))),
    }
    return [tree.Outcome(name, name, BOOL, (tree.Rule(f"#{name}", f"#{name}", name, criterion),)) for name, criterion in criteria.items()]


def _persons_blocked(
    persons: tuple[tuple[str, tree.Criterion], ...], blocking: list[Ground]
) -> tuple[list[tree.Criterion], list[tree.Criterion]]:
    """Per person: blocked or not counting (all of these: the whole is blocked); counting and blocked."""
    blocked: list[tree.Criterion] = []
    counted: list[tree.Criterion] = []
    for name, present in persons:
        own = tuple(ground.criterion for ground in blocking if ground.person == name)
        some: tree.Criterion = tree.Or(own) if own else tree.Const(False)
        always = present == tree.Const(True)
        blocked.append(some if always else tree.Or((tree.Not(present), some)))
        counted.append(some if always else tree.And((present, some)))
    return blocked, counted


def ladder_of(decl: doc.AssessmentDecl, source: Source, lines: Conditions) -> tuple[Rung, ...]:
    """The rungs of the ladder, in order."""
    names = [next(iter(row)) for row in decl.outcomes if len(row) == 1]
    rungs: list[Rung] = []
    for index, row in enumerate(decl.outcomes):
        path: Path = ("beoordeling", "uitkomsten", index)
        if len(row) != 1:
            lines.problems.append(
                source.problem(
                    "TS-C21",
                    path,
                    "Een rij van de uitkomsten heeft een naam en een voorwaarde.",
                    "Schrijf `- afwijzen: blokkerende_grond`.",
                )
            )
            continue
        name, line = next(iter(row.items()))
        if name in {rung.result for rung in rungs}:
            lines.problems.append(
                source.problem(
                    "TS-C21",
                    (*path, name),
                    f"De uitkomst `{name}` staat er al.",
                    "Verbind de voorwaarden met `of`, of kies een andere naam.",
                )
            )
        last = index + 1 == len(decl.outcomes)
        if (line == "anders") != last:
            lines.problems.append(
                source.problem(
                    "TS-C21",
                    (*path, name),
                    "De laatste uitkomst, en alleen die, is `anders`.",
                    "Zet `anders` achter de laatste uitkomst.",
                )
            )
        criterion = tree.Const(True) if line == "anders" else lines.condition(line, source, (*path, name), Context())
        rungs.append(
            Rung(
                name,
                criterion,
                _result_values(lines, decl.values.get(name, ()), "waarden", name, source),
                _result_values(lines, decl.indicative.get(name, ()), "ter indicatie", name, source),
                name in decl.burdening,
                decl.texts.get(name, ""),
            )
        )
    for key, named in (("waarden", decl.values), ("ter indicatie", decl.indicative), ("teksten", decl.texts)):
        for name in named:
            if name not in names:
                lines.problems.append(
                    source.problem("TS-C22", ("beoordeling", key, name), f"`{name}` is geen uitkomst.", meant(name, names))
                )
    for index, name in enumerate(decl.burdening):
        if name not in names:
            lines.problems.append(
                source.problem("TS-C22", ("beoordeling", "belastend", index), f"`{name}` is geen uitkomst.", meant(name, names))
            )
    return tuple(rungs)


def _result_values(lines: Conditions, values: tuple[str, ...], key: str, name: str, source: Source) -> tuple[str, ...]:
    result = []
    for index, value in enumerate(values):
        found = lines.checker.scope.outcomes.get(value)
        if found is None or found.per is not None:
            lines.problems.append(
                source.problem(
                    "TS-C23",
                    ("beoordeling", key, name, index),
                    f"`{value}` is geen uitkomst van een regel over de hele zaak.",
                    meant(value, lines.checker.scope.outcomes),
                )
            )
        else:
            result.append(found.qualified)
    return tuple(result)
