# SPDX-License-Identifier: EUPL-1.2
"""``/regelsets``: versions with their validity, hash and sources; and a check of a file that somebody is writing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import contract_rules
from api.answers import JSON, answer, cached
from api.context import Context, Given
from api.openapi import DAY, TEXT, described, parameter
from api.problems import ApiProblem
from api.requests import Query, agreed, limited_body, no_query, require_content
from engine import rulebook as rulebooks
from engine.language.library import read_files
from engine.language.sources import juriconnect, link, parse_reference
from engine.language.versions import RuleSet, RuleText, in_force
from engine.model.problems import Problem, RulesError, Severity, meant, nearest
from engine.rulebook import Rulebook

router = APIRouter(tags=["Regelsets"])

YAML = ("application/yaml", "text/yaml")
_FILE = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_-]+){0,3}/[A-Za-z0-9_-]+\.yaml", re.ASCII)
_LONGEST = 200
CONTENT = {"type": "string", "format": "binary", "description": "Het bestand; wat er mis mee is, staat in het antwoord."}
PLACE = {"type": "string", "pattern": f"^{_FILE.pattern}$", "maxLength": _LONGEST}


@router.get(
    "/regelsets",
    operation_id="lijstRegelsets",
    summary="Versies van regelsets",
    description="Alle versies, of alleen die van een regeling, of alleen die op een peildatum gelden.",
    response_model=contract_rules.Regelsets,
    openapi_extra=described(
        parameters=[
            parameter("regeling", "Alleen van deze regeling.", TEXT),
            parameter("peildatum", "Alleen de versies die op deze dag gelden.", DAY),
        ]
    ),
)
async def all_versions(request: Request, context: Given) -> Response:
    """The versions, filtered."""
    query = Query(request, ("regeling", "peildatum"))
    law, day = query.text("regeling"), query.day("peildatum")
    known = {name.split("/", 1)[0] for name in context.rulebook.sets}
    if law is not None and law not in known:
        query.wrong("TS-Q05", "regeling", f"De regeling `{law}` is niet geladen.", nearest(law, sorted(known)))
    query.done()
    agreed(request, (JSON,))
    found = [
        _brief(version, context.rulebook)
        for versions in context.rulebook.sets.values()
        for version in _chosen(versions, day)
        if law is None or version.law == law
    ]
    return cached(request, {"regelbestand": context.rulebook.hash, "regelsets": found})


@router.get(
    "/regelsets/{regeling}/{aanspraak}/versies/{versie}",
    operation_id="haalRegelset",
    summary="Een versie van een regelset",
    response_model=contract_rules.Regelset,
)
async def one_version(request: Request, context: Given, regeling: str, aanspraak: str, versie: str) -> Response:
    """One version, by the day from which it is valid."""
    no_query(request)
    agreed(request, (JSON,))
    name = f"{regeling}/{aanspraak}"
    versions = context.rulebook.sets.get(name, ())
    version = next((found for found in versions if found.document.valid_from.isoformat() == versie), None)
    if version is None:
        known = ", ".join(found.document.valid_from.isoformat() for found in versions)
        hint = f"Er zijn: {known}." if versions else meant(name, context.rulebook.sets)
        raise ApiProblem(404, f"De regelset `{name}` heeft geen versie `{versie}`. {hint}".strip())
    return cached(request, _whole(version, context.rulebook))


@router.post(
    "/regelsets/_valideer",
    operation_id="valideerRegelbestand",
    summary="Controleer een regelbestand",
    description=(
        "YAML erin, fouten en waarschuwingen met regel en kolom eruit. Het bestand wordt bekeken alsof het op de plaats `bestand` in de "
        "map met regels stond, en nergens bewaard."
    ),
    response_model=contract_rules.Validatie,
    openapi_extra=described(
        parameters=[
            parameter("bestand", "Het pad in de map met regels, b.v. `wet/aanspraak/2026-01-01.yaml`.", PLACE, required=True),
        ],
        body=dict.fromkeys(YAML, CONTENT),
    ),
)
async def validate(request: Request, context: Given) -> Response:
    """Check one file, together with the loaded rules where those are known."""
    query = Query(request, ("bestand",))
    file = query.text("bestand", required=True)
    if file is not None and (len(file) > _LONGEST or not _FILE.fullmatch(file)):
        query.wrong("TS-Q03", "bestand", "Dit is geen pad van een regelbestand.", "Schrijf b.v. `wet/aanspraak/2026-01-01.yaml`.")
    query.done()
    assert file is not None
    agreed(request, (JSON,))
    require_content(request, YAML)
    content = await limited_body(request)
    return answer(await context.turns.work(lambda: _validated(file, content, context)))


def _validated(file: str, content: bytes, context: Context) -> dict[str, Any]:
    findings = _findings(file, content, context)
    return {
        "bestand": file,
        "geldig": not any(problem.severity is Severity.ERROR for problem in findings),
        "omvang": "met de geladen regels" if context.files else "alleen dit bestand",
        "bevindingen": [
            {
                "code": problem.code,
                "ernst": problem.severity.value,
                "bestand": problem.place.file,
                "regelnummer": problem.place.line,
                "kolom": problem.place.column,
                "oorzaak": problem.cause,
                "remedie": problem.remedy,
                "getoond": problem.shown,
            }
            for problem in findings
        ],
    }


def _findings(file: str, content: bytes, context: Context) -> tuple[Problem, ...]:
    try:
        read_files({file: content})
        return rulebooks.load_files({**context.files, file: content}).warnings if context.files else ()
    except RulesError as error:
        return error.problems


def _chosen(versions: tuple[RuleSet, ...], day: date | None) -> tuple[RuleSet, ...]:
    if day is None:
        return versions
    found = in_force(versions, day)
    return (found,) if found is not None else ()


def _brief(version: RuleSet, rulebook: Rulebook) -> dict[str, Any]:
    document = version.document
    return {
        "regelset": version.name,
        "regeling": version.law,
        "titel": version.title,
        "versie": document.valid_from.isoformat(),
        "geldigVanaf": document.valid_from.isoformat(),
        "geldigTot": _iso(version.valid_until),
        "bekendVanaf": _iso(document.known_from),
        "status": document.status,
        "aanspraak": version.assessment is not None,
        "hash": rulebook.hashes[version.source.file],
    }


def _whole(version: RuleSet, rulebook: Rulebook) -> dict[str, Any]:
    files = dict.fromkeys((version.source.file, *(rule.source.file for rule in version.rules.values())))
    return {
        **_brief(version, rulebook),
        "opmerking": version.document.note,
        "wijzigt": _iso(version.document.amends),
        "gebruikt": list(version.uses),
        "bestanden": [{"bestand": file, "hash": rulebook.hashes[file]} for file in files],
        "regels": [_rule(rule, version, rulebook) for rule in version.rules.values()],
    }


def _rule(rule: RuleText, version: RuleSet, rulebook: Rulebook) -> dict[str, Any]:
    decl = rule.decl
    return {
        "id": decl.id,
        "titel": decl.title,
        "bepaalt": decl.decides,
        "bron": _source(decl.source, version, rulebook),
        "status": decl.status,
        "nietGedekt": decl.not_covered,
        "versie": rule.version.isoformat(),
    }


def _source(text: str, version: RuleSet, rulebook: Rulebook) -> dict[str, Any]:
    """A source with its Juriconnect address on the day from which the version is valid."""
    laws = _citable(rulebook)
    reference = parse_reference(text, rulebook.laws.get(version.law), laws)
    address = juriconnect(reference, version.document.valid_from) if reference is not None else None
    name = reference.law.name if reference is not None and reference.law is not None else None
    return {"tekst": text, "regeling": name, "jci": address, "link": link(address) if address else None}


def _citable(rulebook: Rulebook) -> dict[str, Any]:
    """Every law that a source may name: those with rules, and those that are only cited."""
    found = dict(rulebook.laws)
    for programs in rulebook.programs.values():
        for compiled in programs[:1]:
            found |= compiled.program.laws
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
