# SPDX-License-Identifier: EUPL-1.2
"""New files of the law to start from: a law, something that can be claimed, a file of tests. They load at once.

Each function takes the files that there are (relative path -> text) and gives the files to write, those that changed
among them. What is to be filled in is said in a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engine.authoring.schemas import modeline
from engine.language.library import GENERAL, MUNICIPALITIES, TESTS
from engine.model.documents import NAME, RESERVED
from engine.model.problems import Place, Problem, RulesError

Files = Mapping[str, str]


def law(files: Files, folder: str, name: str, bwb: str | None = None) -> dict[str, str]:
    """A new law: ``regeling.yaml``. Raises :class:`RulesError` for a bad name, or a law that is there already."""
    _named(folder)
    path = f"{folder}/regeling.yaml"
    lines = ["# Vul het nummer in het Basiswettenbestand in (BWBR en zeven cijfers), dan verwijst elke regel naar de wettekst."]
    lines += [f"naam: {_quoted(name)}", *([f"bwb: {bwb}"] if bwb else []), "bevoegd orgaan: college van burgemeester en wethouders"]
    return _new(files, {path: lines})


def claim(files: Files, ruleset: str, title: str, day: date) -> dict[str, str]:
    """A new regelset with a ladder and a first rule, and the fact that the rule reads. Raises :class:`RulesError`."""
    folder, name = _split(ruleset)
    if f"{folder}/regeling.yaml" not in files:
        raise _refusal("TS-B04", folder, f"De wet `{folder}` bestaat nog niet.", f"Begin met `toetssteen nieuw regeling {folder}`.")
    fact = f"voldoet_{name}"
    rules = [
        f"regelset: {ruleset}",
        f"titel: {_quoted(title)}",
        f"geldig vanaf: {day}",
        "status: concept",
        "beoordeling:",
        "  soort: beschikking",
        "  uitkomsten:",
        "    - afwijzen: blokkerende_grond",
        "    - toekennen: anders",
        "  belastend: [afwijzen]",
        "regels:",
        "  # De eerste regel: zet hier het artikel, en wat het zegt.",
        f"  - id: {folder}.{name}.1",
        "    bron: art. 1",
        "    status: te verifieren",
        f"    bepaalt: recht_op_{name}",
        "    rol: voorwaarde",
        f"    als: {fact}",
        "    uitleg:",
        '      waar: "U voldoet aan de voorwaarde."',
        '      onwaar: "U voldoet niet aan de voorwaarde."',
    ]
    fact_lines = [f"  {fact}:", "    soort: ja/nee", '    vraag: "Is aan de voorwaarde voldaan?"']
    made = _new(files, {f"{ruleset}/{day}.yaml": rules})
    return {**made, **_with_fact(files, f"{folder}/gegevens.yaml", fact_lines)}


def tests(files: Files, ruleset: str, name: str, day: date) -> dict[str, str]:
    """A new file of tests with one test in it. Raises :class:`RulesError`."""
    folder, _ = _split(ruleset)
    _named(name)
    if not any(path.startswith(f"{ruleset}/") for path in files):
        raise _refusal(
            "TS-B04", ruleset, f"De regelset `{ruleset}` bestaat nog niet.", f"Begin met `toetssteen nieuw aanspraak {ruleset}`."
        )
    lines = [
        "# Een verwachting komt uit de wet, een uitspraak of een eigen berekening; nooit uit wat de motor gaf.",
        f"- toets: {_quoted('Wat deze toets laat zien, in een zin')}",
        f"  aanspraak: {ruleset}",
        f"  peildatum: {day}",
        "  gegevens: {}",
        "  verwacht:",
        "    # Zet hier wat eruit moet komen, bijvoorbeeld `uitkomst: toekennen`.",
        "    vraagt: []",
        '  bron: "eigen berekening"',
    ]
    return _new(files, {f"{folder}/{TESTS}/{name}.yaml": lines})


def _new(files: Files, made: Mapping[str, list[str]]) -> dict[str, str]:
    for path in made:
        if path in files:
            raise _refusal("TS-B06", path, "Dit bestand bestaat al.", "Kies een andere naam of dag, of verander het bestand zelf.")
    return {path: "\n".join([modeline(path), *lines]) + "\n" for path, lines in made.items()}


def _with_fact(files: Files, path: str, fact: list[str]) -> dict[str, str]:
    """The file of facts with one fact more, at the head of its facts; nothing when the fact is there already."""
    if path not in files:
        return {path: "\n".join([modeline(path), "gegevens:", *fact]) + "\n"}
    lines = files[path].rstrip("\n").split("\n")
    if fact[0] in lines:
        return {}
    if "gegevens:" not in lines:
        lines.append("gegevens:")
    at = lines.index("gegevens:") + 1
    return {path: "\n".join([*lines[:at], *fact, *lines[at:]]) + "\n"}


def _split(ruleset: str) -> tuple[str, str]:
    folder, _, name = ruleset.partition("/")
    if "/" in name or not name:
        raise _refusal("TS-B07", ruleset, f"`{ruleset}` is geen naam van een regelset.", "Schrijf <wet>/<naam>: wmo/huishoudelijke_hulp.")
    _named(folder)
    _named(name)
    return folder, name


def _named(name: str) -> None:
    if not NAME.fullmatch(name) or name in RESERVED or name in (GENERAL, MUNICIPALITIES, TESTS):
        raise _refusal("TS-B07", name, f"`{name}` kan geen naam zijn.", "Gebruik kleine letters, cijfers en _, te beginnen met een letter.")


def _refusal(code: str, where: str, cause: str, remedy: str) -> RulesError:
    return RulesError([Problem(code, Place(where), cause, remedy)])


def _quoted(text: str) -> str:
    """A text between straight double quotes; a quote or backslash in it is written as YAML asks."""
    plain = re.sub(r"\s+", " ", text).strip()
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
