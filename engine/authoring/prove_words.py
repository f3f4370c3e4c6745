# SPDX-License-Identifier: EUPL-1.2
"""Findings in words: what is wrong, what to do about it, and what the proof does not cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.authoring.prove_questions import Texts
from engine.authoring.prove_result import CODES, EXCEPTION, LINE, ROW, RULE, RUNG, Answer, Finding, Hole, Undecided
from engine.model import tree
from engine.model.problems import Place, Problem
from engine.model.program import Program
from engine.rulebook import Rulebook


def of_answer(answer: Answer, *, at_all: bool) -> Finding:
    """What can never be; ``at_all``: the context in which it would decide cannot be either."""
    part = answer.part
    if part.sort == LINE:
        code, cause, remedy = _line(answer, at_all=at_all)
    else:
        code, cause, remedy = {
            RULE: ("TS-P14", f"De regel `{part.name}` kan nooit gelden.", "Controleer de voorwaarden; samen sluiten ze elke zaak uit."),
            EXCEPTION: (
                "TS-P15",
                f"Een uitzondering van deze regel kan nooit gelden waar de regel geldt: {part.name}.",
                "Haal haar weg, of maak de voorwaarde van de regel ruimer.",
            ),
            ROW: (
                "TS-P16",
                f"Deze rij wordt nooit bereikt: {part.name}.",
                "Een eerdere rij vangt elke zaak op; draai ze om of haal er een weg.",
            ),
            RUNG: (
                "TS-P20",
                f"De uitkomst `{part.name}` kan nooit komen.",
                "Een eerdere uitkomst vangt elke zaak op, of de voorwaarde sluit elke zaak uit.",
            ),
        }[part.sort]
    return _finding(code, part.place, cause, remedy, part.shown, answer)


def _line(answer: Answer, *, at_all: bool) -> tuple[str, str, str]:
    text = f"`{answer.part.text}` ({answer.part.name})"
    if at_all:
        return "TS-P19", f"De voorwaarde {text} doet er nooit toe: de rest van de regel beslist altijd al.", "Haal haar weg."
    if answer.wanted:
        return (
            "TS-P18",
            f"De voorwaarde {text} is altijd onwaar waar zij zou beslissen.",
            "Haal haar weg, of controleer wat ernaast staat.",
        )
    return "TS-P17", f"De voorwaarde {text} is altijd waar waar zij zou beslissen.", "Haal haar weg, of controleer wat ernaast staat."


def _finding(code: str, place: Place, cause: str, remedy: str, shown: str, answer: Answer | None = None) -> Finding:
    problem = Problem(code, place, cause, remedy, CODES[code].severity, shown)
    return Finding(problem, answer.case if answer is not None else None)


def of_holes(holes: Iterable[Hole]) -> Iterator[Finding]:
    """Clashes and gaps that a case shows, each once with every stretch of time in which it was found."""
    found: dict[tuple[object, ...], list[Hole]] = {}
    for hole in holes:
        if hole.case is not None:
            found.setdefault((hole.code, hole.place, hole.outcome, hole.rules), []).append(hole)
    for same in found.values():
        first = same[0]
        cause, remedy = _hole(first)
        problem = Problem(first.code, first.place, cause, remedy, CODES[first.code].severity, first.shown)
        yield Finding(problem, first.case, tuple(sorted({hole.version for hole in same})))


def _hole(hole: Hole) -> tuple[str, str]:
    if hole.code == "TS-P11":
        first, second = hole.rules if len(hole.rules) == 2 else (hole.rules[0], hole.rules[0])
        gives = f"{first} geeft {hole.values[0]}, {second} geeft {hole.values[1]}" if len(hole.values) == 2 else f"{first} en {second}"
        return (
            f"Twee regels bepalen `{hole.outcome}` in dezelfde zaak met een verschillende waarde: {gives}.",
            "Geef met `gaat voor` aan welke voorgaat, of maak de voorwaarden scherper.",
        )
    if hole.code == "TS-P12":
        return (
            f"In deze zaak bepaalt geen enkele regel `{hole.outcome}`, en daardoor blijft de uitkomst open.",
            "Voeg een regel toe, of geef met `anders` wat dan geldt.",
        )
    return (
        f"In deze zaak past geen enkele rij van de tabel voor `{hole.outcome}`, en daardoor blijft de uitkomst open.",
        "Voeg een rij toe, of een laatste rij zonder `als`.",
    )


def undecided_holes(holes: Iterable[Hole]) -> Iterator[Undecided]:
    """Clashes and gaps that could not be decided."""
    seen: set[tuple[object, ...]] = set()
    for hole in holes:
        key = (hole.code, hole.place, hole.outcome, hole.rules, hole.reason)
        if hole.case is None and key not in seen:
            seen.add(key)
            yield Undecided(f"{CODES[hole.code].title}: `{hole.outcome}` ({hole.version})", hole.place, hole.reason)


def of_dead(rulebook: Rulebook, program: Program, ruleset: str, name: str) -> Finding:
    """An outcome that nothing rests on."""
    rule = next(
        rule
        for outcome in program.outcomes
        for rule in outcome.rules
        if rule.id in program.rules and program.rules[rule.id].ruleset == ruleset and outcome.name == name
    )
    part = Texts(rulebook, program).rule(rule)
    return _finding(
        "TS-P21",
        part.place,
        f"Van `{name}` hangt niets af: geen uitkomst, waarde, plicht, bevoegdheid of deur.",
        "Gebruik het, noem het bij `waarden` of `ter indicatie`, of haal de regel weg.",
        part.shown,
    )


def question(answer: Answer) -> str:
    """What was asked, as a sentence."""
    part = answer.part
    if part.sort == LINE:
        return f"Kan `{part.text}` ({part.name}) {'waar' if answer.wanted else 'onwaar'} zijn als de rest van de regel geldt?"
    what = {RULE: "Kan de regel gelden", EXCEPTION: "Kan de uitzondering gelden", ROW: "Kan de rij gelden", RUNG: "Kan de uitkomst komen"}
    return f"{what[part.sort]}: {part.name}?"


def outside(programs: Iterable[Program], bound: int) -> tuple[str, ...]:
    """What the proofs leave out, said once."""
    found = [
        f"Een zaak die wordt gezocht heeft hoogstens {bound} onderdelen per lijst; dat iets nooit kan, geldt voor lijsten van elke lengte.",
        "Elke zaak is volledig: alle gegevens zijn bekend. Een onbekend gegeven kan een antwoord alleen openlaten, niet veranderen.",
    ]
    found.append("Dat een test `is niet geen` al vaststaat, wordt niet gemeld: zij zegt hardop waar de rest over gaat.")
    if any(program.decisions for program in programs):
        found.append("Zaken waarin een besluit van andere regels als gegeven is opgegeven, zijn niet bekeken.")
    if any(program.second.doors or program.second.triggers for program in programs):
        found.append("De omgekeerde toets (deuren, aanleidingen, advies) is niet bekeken, alleen de wet en de uitkomsten.")
    if any(_workdays(program) for program in programs):
        found.append("Werkdagen en feestdagen zijn niet nagerekend: elke dag is daar mogelijk.")
    return tuple(found)


def _workdays(program: Program) -> bool:
    from engine.language.order import rule_nodes  # noqa: PLC0415

    return any(
        (isinstance(node, tree.Call) and node.function == "eerstvolgende_werkdag")
        or (isinstance(node, tree.Between) and node.unit.startswith("werkdag"))
        or (isinstance(node, tree.Span) and node.unit.workdays)
        for outcome in program.outcomes
        for rule in outcome.rules
        for node in rule_nodes(rule)
    )
