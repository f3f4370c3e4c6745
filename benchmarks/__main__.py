# SPDX-License-Identifier: EUPL-1.2
"""``python -m benchmarks``: the numbers to hold, measured in one run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks import by_hand, service, sixty, store, stored
from benchmarks.measure import Line, median_us, report, shown
from engine import cache, rulebook
from engine.logic import sliced
from engine.logic.circuit import circuit_of
from engine.logic.durable import available, second_opinion
from engine.logic.evaluator import CompiledOutcome, compile_test
from engine.logic.state import State
from engine.model.kinds import Base
from engine.model.precedent import Precedent
from engine.passes.ask import ask_plan
from engine.passes.assess import assess
from engine.passes.first import first_pass, run
from engine.passes.intake import read_claim
from engine.passes.outlook import Outlook
from engine.passes.precedents import Earlier, as_json
from engine.passes.second import second_pass
from engine.passes.whatif import what_if
from engine.rationale.build import rationale

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
DECISIONS = (100, 10_000)


def claims() -> dict[str, Any]:
    """The examples, read as numbers that stay exact."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal) for path in sorted((ROOT / "examples").glob("*.json"))
    }


def sixty_criteria() -> Iterator[Line]:
    """The criteria machine alone."""
    book = rulebook.load_files(sixty.rules())
    cases = [sixty.case(seed) for seed in range(20)]
    read = [read_claim({"aanspraak": "wet/claim", "peildatum": "2024-01-01", "gegevens": case}, book) for case in cases]
    compiled = read[0][1]
    states = [State(dict(claim.facts), {}, {}, book.calendar) for claim, _ in read]
    hand = sixty.by_hand()
    for case, state in zip(cases, states, strict=True):
        run(compiled.quick, state)
        found = state.out["wet.claim.c59"]
        if (found if isinstance(found, bool) else None) is not hand(case):
            raise AssertionError("the rules and the function by hand differ")

    def each(steps: tuple[CompiledOutcome, ...]) -> None:
        for state in states:
            run(steps, state)

    plain = median_us(lambda: [hand(case) for case in cases], 100) / len(cases)
    quick = median_us(lambda: each(compiled.quick), 100) / len(cases)
    traced = median_us(lambda: each(compiled.traced), 100) / len(cases)
    yield Line("60 criteria, 40 facts, 8 % missing: with full trace", shown(traced), "<= 100 us", f"{traced / plain:.1f} x by hand")
    yield Line("the same without trace", shown(quick), "", f"{quick / plain:.1f} x by hand ({shown(plain)})")
    circuit = circuit_of(compiled.program)
    count = len(circuit.atoms)
    truths = [compile_test(atom, compiled.program)(states[0]) for atom in circuit.atoms]
    scenarios = sliced.pair_flips(count)
    flips = median_us(lambda: sliced.evaluate(circuit, truths, scenarios), 100)
    yield Line(f"all {len(scenarios.settings):,} pairs of flips of {count} atoms, masks cached", shown(flips), "<= 1 ms")
    yield Line("generated code without trace", "not built", ">= 100,000 cases/s a core")


def algemene_bijstand(book: rulebook.Rulebook) -> Iterator[Line]:
    """The main job, part by part."""
    for name, data in claims().items():
        yield _one_claim(name, data, book)


def _one_claim(name: str, data: Any, book: rulebook.Rulebook) -> Line:
    claim, compiled = read_claim(data, book)
    amounts = book.amounts(compiled.program, claim.day)

    def state() -> State:
        return State(dict(claim.facts), amounts, {}, book.calendar)

    assessment = assess(data, book)
    done = state()
    first = first_pass(compiled, done)
    parts = {
        "intake": median_us(lambda: read_claim(data, book)),
        "law with trace": median_us(lambda: first_pass(compiled, state())),
        "ask plan": median_us(lambda: ask_plan(compiled, done, first.causes, claim.assumed, claim.day)),
        "second pass": median_us(lambda: second_pass(Outlook(compiled, first, claim), done)),
        "what would have to be different, pairs included": median_us(lambda: what_if(compiled, done, first, claim)),
        "rationale": median_us(lambda: rationale(assessment)),
    }
    whole = median_us(lambda: rationale(assess(data, book)))
    parts["questions of the second pass and the rest"] = whole - sum(parts.values())
    told = ", ".join(f"{part} {shown(time)}" for part, time in parts.items())
    return Line(f"{name}: both passes, ask plan, rationale data", shown(whole), "<= 20 ms", told)


def among_decisions(book: rulebook.Rulebook) -> Iterator[Line]:
    """A refusal among decisions that people took on the same grounds, through the doors that stand open."""
    for count in DECISIONS:
        yield _among(count, book)


def _among(count: int, book: rulebook.Rulebook) -> Line:
    name, data = next((name, data) for name, data in claims().items() if name.startswith("2-"))
    case = assess(data, book)
    doors = [door.door.decl.id for door in case.second.doors if door.usable]
    asked = [path for path in case.program.second.compared if (fact := case.program.facts.get(path)) and fact.kind.base is Base.BOOL][:5]
    taken = [
        Precedent.model_validate(
            {"id": f"b{number}", "datum": "2026-05-01", "regeling": case.program.law, "gronden": sorted(case.first.ground_rules)}
            | {"deur": doors[number % len(doors)], "afgeweken": number % 3 > 0, "motief": "In dit geval loopt de behandeling nog."}
            | {"kenmerken": {path: bool(number // 7 >> place & 1) for place, path in enumerate(asked)}}
        )
        for number in range(count)
    ]
    earlier = Earlier.of(taken)
    found = assess(data, book, earlier).second
    assert found.compared is not None
    assert found.kept is not None
    alone, among = median_us(lambda: assess(data, book)), median_us(lambda: assess(data, book, earlier))
    return Line(
        f"{name} among {count:,} earlier decisions of {len(list(earlier))} kinds: both passes, ask plan",
        shown(among),
        "",
        f"{among / alone:.1f} x without any ({shown(alone)}); {len(as_json(found.kept)) / 1000:.0f} kB of them to keep, uncompressed; "
        f"laid together in {shown(median_us(lambda: Earlier.of(taken)))}",
    )


def against_by_hand(book: rulebook.Rulebook) -> Iterator[Line]:
    """The same person through the rules and through a function by hand."""
    data = claims()["1-toekenning"] | {"peildatum": "2026-07-15"}
    claim, compiled = read_claim(data, book)
    amounts = book.amounts(compiled.program, claim.day)
    facts = _plain_facts(data["gegevens"])
    expected = by_hand.assess(facts, claim.day)
    first = first_pass(compiled, State(dict(claim.facts), amounts, {}, book.calendar))
    amount = next(value for key, value in first.values.items() if key.endswith(".bijstand"))
    if expected != (first.result, amount):
        raise AssertionError(f"by hand {expected}, rules {(first.result, amount)}")
    plain = median_us(lambda: by_hand.assess(facts, claim.day), 2000)
    traced = median_us(lambda: run(compiled.traced, State(dict(claim.facts), amounts, {}, book.calendar)))
    quick = median_us(lambda: run(compiled.quick, State(dict(claim.facts), amounts, {}, book.calendar)))
    count = sum(len(outcome.rules) for outcome in compiled.program.outcomes)
    yield Line(
        f"algemene bijstand, {count} rules, first pass with trace",
        shown(traced),
        "",
        f"{traced / plain:.0f} x a function by hand of the main path ({shown(plain)})",
    )
    yield Line("the same without trace", shown(quick), "", f"{quick / plain:.0f} x by hand")


def _plain_facts(facts: dict[str, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return (
                plain(value["waarde"])
                if "waarde" in value and "soort" not in value
                else {key: plain(inner) for key, inner in value.items()}
            )
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value

    found: dict[str, Any] = plain(facts)
    person = found["aanvrager"]
    person["geboortedatum"] = date.fromisoformat(person["geboortedatum"])
    person["inkomsten_uit_arbeid"] = int(Decimal(person["inkomsten_uit_arbeid"]) * 100)
    person["buitenland_dit_jaar"] = person["buitenland_aaneengesloten"] = 0
    for item in found["andere_inkomsten"]:
        item["bedrag"] = int(Decimal(item["bedrag"]) * 100)
    return found


def opinion(book: rulebook.Rulebook) -> Iterator[Line]:
    """The second engine in its worker."""
    second = second_opinion()
    if second is None:
        yield Line("second opinion", f"off: {available().reason}", "<= 3 ms")
        return
    assessment = assess(claims()["1-toekenning"], book)
    got = median_us(lambda: second(assessment.compiled, assessment.state))
    yield Line("second opinion of durable_rules in its worker", shown(got), "<= 3 ms")


_COMPILED = "[c.warm() for v in b.programs.values() for c in v]"
_CLOCK = "t = time.perf_counter()"
_STOP = "print(time.perf_counter() - t)"
_COLD = f"import time, pathlib, engine.rulebook as r; {_CLOCK}; b = r.load(pathlib.Path(ROOT)); {_COMPILED}; {_STOP}"
_LAW = (
    f"import time, pathlib, engine.rulebook as r; from engine.language.library import file_bytes; {_CLOCK}; "
    "f = {k: v for k, v in file_bytes(pathlib.Path(ROOT)).items() if '/toetsen/' not in k}; "
    f"b = r.load_files(f); {_COMPILED}; {_STOP}"
)
_WARM = f"import time, pathlib, engine.cache as c; {_CLOCK}; c.load(pathlib.Path(ROOT), pathlib.Path(KEPT), tests=False); {_STOP}"
_MEMORY = (
    "import gc, tracemalloc, pathlib, engine.rulebook as r; tracemalloc.start(); b = r.load(pathlib.Path(ROOT)); "
    f"{_COMPILED}; gc.collect(); print(tracemalloc.get_traced_memory()[0] / 1e6)"
)


def loading() -> Iterator[Line]:
    """Load time cold and from a cache, and memory, each in a fresh process."""
    yield Line("whole law loaded, checked and compiled, cold", shown(_fresh(_LAW) * 1e6), "<= 1 s")
    yield Line("the same with the tests that stand next to the rules", shown(_fresh(_COLD) * 1e6))
    with tempfile.TemporaryDirectory() as folder:
        cache.load(RULES, Path(folder), tests=False)
        warm = _fresh(_WARM.replace("KEPT", repr(folder)))
    yield Line("the law from a cache (programs compile on first use)", shown(warm * 1e6), "<= 50 ms")
    yield Line("memory of the loaded rulebook, compiled", f"{_fresh(_MEMORY):.1f} MB", "<= 50 MB")


def _fresh(code: str) -> float:
    """The median of three runs of a piece of code, each in a process of its own."""
    command = [sys.executable, "-c", code.replace("ROOT", repr(str(RULES)))]
    return sorted(float(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout) for _ in range(3))[1]


def over_http() -> Iterator[Line]:
    """Requests per second, with and without the second opinion, beside an empty route."""
    claim = json.loads((ROOT / "examples" / "1-toekenning.json").read_text(encoding="utf-8"))
    port = service.free_port()
    running = service.empty(port)
    try:
        nothing = service.load(port, "/", None)
    finally:
        running.stop()
    yield Line("HTTP: an empty FastAPI route, one process", f"{nothing.rate:.0f}/s, p99 {nothing.p99:.1f} ms")
    cases = [("without second opinion", ["--zonder-tweede-mening"], ">= 300/s, p99 <= 50 ms")]
    if available():
        cases.append(("with second opinion", [], ">= 150/s, p99 <= 50 ms"))
    for what, options, aim in cases:
        port = service.free_port()
        running = service.toetssteen(port, "--werkers", "2", *options)
        try:
            got = service.load(port, "/v1/beoordelingen/_bereken", claim)
        finally:
            running.stop()
        shed = f", {got.shed} told to come back" if got.shed else ""
        failed = f", {got.failed} FAILED" if got.failed else ""
        yield Line(
            f"HTTP: algemene bijstand {what}, two processes",
            f"{got.rate:.0f}/s, p50 {got.p50:.1f} ms, p99 {got.p99:.1f} ms{shed}{failed}",
            aim,
            f"{got.rate / nothing.rate:.2f} x the empty route",
        )


def main() -> None:
    """Measure everything and print the table."""
    book = rulebook.load(RULES)
    lines = [
        *sixty_criteria(),
        *against_by_hand(book),
        *algemene_bijstand(book),
        *among_decisions(book),
        *opinion(book),
        *loading(),
        *store.verification(),
        *over_http(),
        *stored.under_load(),
    ]
    print(report("Toetssteen, benchmarks (medians of one run on this machine)", lines))


if __name__ == "__main__":
    main()
