# SPDX-License-Identifier: EUPL-1.2
"""JSON Schema (2020-12) of every kind of YAML file, for editors: made from the documents, so that they cannot differ.

A schema never refuses what `controleer` accepts, but for the bare words `true`, `false` and `null`, which are texts to
the language and a mistake to everybody else. Editors type scalars and the language does not: a text may be a number.
The names of the law stand in a schema of their own (``namen.json``), which only proposes. It changes with the rules; the
others change with the language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.authoring.coverage import CoverageDoc, Unreachable
from engine.authoring.keys import meaning
from engine.language.library import MUNICIPALITIES, TESTS
from engine.language.schema import DIALECT
from engine.model import documents as doc
from engine.rulebook import Rulebook

NAMES = "namen.json"
Schema = dict[str, Any]

KINDS: Mapping[str, tuple[type[BaseModel], str]] = {
    "regeling.json": (doc.LawDoc, "De wet zelf: regeling.yaml"),
    "gegevens.json": (doc.FactsDoc, "Gegevens: gegevens.yaml"),
    "bedragen.json": (doc.AmountsDoc, "Bedragen: bedragen.yaml"),
    "regelset.json": (doc.RuleSetDoc, "Een versie van een regelset: <wet>/<map>/<jjjj-mm-dd>.yaml"),
    "omgekeerde_toets.json": (doc.ReversedTestDoc, "De omgekeerde toets: omgekeerde_toets.yaml"),
    "kosten.json": (doc.CostsDoc, "Wat iets kost: kosten.yaml"),
    "kalender.json": (doc.CalendarDoc, "De kalender: kalender.yaml"),
    "uitgangspunten.json": (doc.BaseCasesDoc, "Uitgangspunten van toetsen: uitgangspunten.yaml"),
    "gemeente.json": (doc.MunicipalityDoc, "Wat een gemeente invult: gemeenten/<code>/*.yaml"),
    "dekking.json": (CoverageDoc, "Wat de toetsen moeten raken: dekking.yaml"),
    "toets.json": (doc.TestDecl, "Toetsen: <wet>/toetsen/*.yaml"),
}
"""File name of a schema -> the document that it describes, and its title."""

_SCALAR = ["string", "number"]
_SHARED: Mapping[str, Schema] = {
    "Tekst": {"type": _SCALAR},
    "JaNee": {"enum": ["ja", "nee"]},
    "Datum": {
        "type": "string",
        "pattern": r"^\d{4}-\d{2}-\d{2}$",
        "patternErrorMessage": "Schrijf een datum als jaar-maand-dag: 2026-07-01.",
    },
    "Naam": {
        "type": "string",
        "pattern": "^[a-z][a-z0-9_]*$",
        "patternErrorMessage": "Een naam heeft alleen kleine letters, cijfers en _, te beginnen met een letter.",
    },
    "Id": {
        "type": "string",
        "maxLength": doc.MAX_ID,
        "pattern": r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$",
        "patternErrorMessage": "Een id heeft kleine letters, cijfers, _ en punten, zoals pw.13.1.a.",
    },
    "Uitdrukking": {
        "type": _SCALAR,
        "$ref": f"{NAMES}#/$defs/woorden",
    },
    "Conditie": {
        "anyOf": [
            {"$ref": "#/$defs/Uitdrukking"},
            *(
                {
                    "type": "object",
                    "properties": {word: {"type": "array", "minItems": 1, "description": text, "items": {"$ref": "#/$defs/Conditie"}}},
                    "required": [word],
                    "additionalProperties": False,
                }
                for word, text in (
                    ("alle", "Waar als alles hieronder waar is."),
                    ("een van", "Waar als ten minste een van deze waar is."),
                    ("geen van", "Waar als geen van deze waar is."),
                )
            ),
        ]
    },
    "Uitzondering": {
        "anyOf": [{"$ref": "#/$defs/Conditie"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Conditie"}}],
    },
}
_KNOWN: tuple[tuple[Any, str], ...] = (
    (doc.YesNo, "JaNee"),
    (doc.IsoDate, "Datum"),
    (doc.IdName, "Naam"),
    (doc.RuleId, "Id"),
    (doc.Line, "Uitdrukking"),
    (doc.Condition, "Conditie"),
    (str, "Tekst"),
)
_DUTCH: Mapping[type[BaseModel], str] = {
    doc.FactDecl: "Gegeven",
    doc.AmountEntry: "Bedrag met opmerking",
    doc.AmountDecl: "Reeks",
    doc.LawName: "Wet",
    doc.WordDecl: "Woord",
    doc.Explanation: "Uitleg",
    doc.TableRow: "Rij",
    doc.TierRow: "Schijf",
    doc.Tiers: "Schijven",
    doc.OpenTerm: "Open term",
    doc.RuleDecl: "Regel",
    doc.AssessmentDecl: "Beoordeling",
    doc.ValueDecl: "Waarde van de wet",
    doc.CaseLaw: "Uitspraak",
    doc.Proof: "Bewijs",
    doc.DoorDecl: "Deur",
    doc.TriggerDecl: "Aanleiding",
    doc.CheckDecl: "Vraag",
    doc.OptionDecl: "Optie",
    doc.ArgumentDecl: "Argument",
    doc.AdviceRow: "Advies",
    doc.GroundDecl: "Grond",
    doc.IntensityRow: "Intensiteit",
    doc.CostDecl: "Kostenpost",
    doc.StarsDecl: "Sterren",
    doc.SignalDecl: "Signaal",
    doc.FillingDecl: "Invulling",
    doc.Expected: "Verwachting",
    doc.GivenInTest: "Gegeven regeluitkomst",
    doc.TestDecl: "Toets",
    doc.BaseCaseDecl: "Uitgangspunt",
    Unreachable: "Onbereikbaar",
}
"""What an editor calls a part of a document."""
_PROPOSED: Mapping[str, str] = {
    "FactDecl.soort": "soorten",
    "FactDecl.herkomst": "herkomsten",
    "AmountDecl.eenheid": "eenheden",
    "RuleDecl.soort": "eenheden",
    "RuleDecl.afronden": "afrondingen",
    "RuleDecl.bepaalt": "uitkomsten",
    "RuleDecl.voor elke": "lijsten",
    "RuleDecl.gaat voor": "regels",
    "RuleDecl.bron": "bronnen",
    "RuleSetDoc.regelset": "regelsets",
    "RuleSetDoc.gebruikt": "regelsets",
    "RuleSetDoc.vervalt": "regels",
    "RuleSetDoc.versie volgens": "gegevens",
    "DoorDecl.opent voor": "regels",
    "DoorDecl.bron": "bronnen",
    "DoorDecl.stemt af": "uitkomsten",
    "DoorDecl.waarden": "waarden",
    "OptionDecl.waarden": "waarden",
    "OptionDecl.gebruikt": "regels",
    "OptionDecl.bij gronden": "regels",
    "ArgumentDecl.waarden": "waarden",
    "CheckDecl.gegeven": "gegevens",
    "MunicipalityDoc.invulling": "sleutels_open",
    "TestDecl.aanspraak": "aanspraken",
    "TestDecl.regeling": "regelingen",
    "TestDecl.uitgangspunt": "uitgangspunten",
    "TestDecl.gegevens": "sleutels_gegevens",
    "TestDecl.bedragen": "sleutels_bedragen",
    "BaseCaseDecl.gegevens": "sleutels_gegevens",
    "Expected.uitkomst": "beoordelingen",
    "Expected.mogelijke uitkomsten": "beoordelingen",
    "Expected.gronden": "regels",
    "Expected.regels": "sleutels_regels",
    "Expected.waarden": "sleutels_uitkomsten",
    "Expected.deuren": "sleutels_deuren",
    "Expected.aanleidingen": "sleutels_aanleidingen",
    "Expected.opties": "sleutels_opties",
    "Expected.signalen": "signalen",
    "Expected.vraagt": "gegevens",
    "Expected.vraagt niet": "gegevens",
    "Expected.rust op oordelen": "gegevens",
}
"""Key of a document -> the names that an editor proposes there."""


_MODELINE = "# yaml-language-server: $schema="


def schema_for(path: str) -> str | None:
    """The schema of a file by its path under ``rules/``; None for a file that means nothing."""
    parts = path.split("/")
    if TESTS in parts[:-1]:
        return "toets.json"
    if parts[0] == MUNICIPALITIES:
        return "gemeente.json"
    named = f"{parts[-1].removesuffix('.yaml')}.json"
    if len(parts) == 2 and named in KINDS:
        return named
    return "regelset.json" if len(parts) == 3 else None


def modeline(path: str) -> str:
    """The first line of a file under ``rules/``, by which an editor finds the schema."""
    return f"{_MODELINE}{'../' * len(path.split('/'))}schema/{schema_for(path)}"


def with_modeline(path: str, text: str) -> str:
    """A file under ``rules/`` with that line on top, in the place of one that was there; a file without a schema as it is."""
    if schema_for(path) is None:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    first, _, rest = text.partition(end)
    return f"{modeline(path)}{end}{rest if first.startswith(_MODELINE) else text}"


def schemas(rulebook: Rulebook) -> dict[str, Schema]:
    """Every schema by file name; ``rulebook`` gives the names that are proposed."""
    return {**{name: _document(model, title) for name, (model, title) in KINDS.items()}, NAMES: names(rulebook)}


def write(rulebook: Rulebook, folder: Path) -> tuple[str, ...]:
    """Write every schema into a folder; returns the names of the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, schema in schemas(rulebook).items():
        text, path = as_text(schema), folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return tuple(changed)


def as_text(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _document(model: type[BaseModel], title: str) -> Schema:
    models: dict[str, Schema] = {}
    whole = _model(model, models)
    if model is doc.TestDecl:
        models["Toets"] = whole
        whole = {"type": "array", "items": {"$ref": "#/$defs/Toets"}}
    return {"$schema": DIALECT, "title": title, **whole, "$defs": {**_SHARED, **models}}


def _model(model: type[BaseModel], models: dict[str, Schema]) -> Schema:
    hints = get_type_hints(model, include_extras=True)
    properties = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        properties[key] = _property(model.__name__, key, hints[name], field, models)
    required = [field.alias or name for name, field in model.model_fields.items() if field.is_required()]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(model: str, key: str, hint: Any, field: FieldInfo, models: dict[str, Schema]) -> Schema:
    found = {"$ref": "#/$defs/Uitzondering"} if key == "tenzij" else _of(hint, models)
    schema: Schema = {"description": meaning(model, key), **found}
    if pattern := next((limit.pattern for limit in field.metadata if getattr(limit, "pattern", None)), None):
        schema = {
            **schema,
            "type": "string",
            "pattern": pattern,
            "patternErrorMessage": "Schrijf GM met vier cijfers, bijvoorbeeld GM0344.",
        }
    proposed = _PROPOSED.get(f"{model}.{key}")
    if proposed is not None:
        names_here = {"$ref": f"{NAMES}#/$defs/{proposed}"}
        inner = schema["items"] if schema.get("type") == "array" else schema
        inner["allOf"] = [names_here]
    return schema


def _of(hint: Any, models: dict[str, Schema]) -> Schema:
    for alias, name in _KNOWN:
        if hint == alias:
            return {"$ref": f"#/$defs/{name}"}
    if hint == doc.Roles:
        return {"anyOf": [_text(), {"type": "array", "items": _text()}]}
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _of(args[0], models)
    if origin is Literal:
        return {"enum": list(args)}
    if origin is tuple:
        return {"type": "array", "items": _of(args[0], models)}
    if origin is not None and issubclass(dict, origin if isinstance(origin, type) else ()):
        return _mapping(args[0], args[1], models)
    if origin is Union or type(hint).__name__ == "UnionType":
        options = [_of(arg, models) for arg in args if arg is not type(None)]
        return options[0] if len(options) == 1 else {"anyOf": options}
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        name = _DUTCH[hint].replace(" ", "_")
        if name not in models:
            models[name] = {}
            models[name] = {"title": _DUTCH[hint], **_model(hint, models)}
        return {"$ref": f"#/$defs/{name}"}
    return {}


def _text() -> Schema:
    return {"$ref": "#/$defs/Tekst"}


def _mapping(key: Any, value: Any, models: dict[str, Schema]) -> Schema:
    inner = _of(value, models)
    schema: Schema = {"type": "object", "additionalProperties": inner or True}
    named = next((name for alias, name in _KNOWN if key == alias and name != "Tekst"), None)
    if named is not None:
        schema["propertyNames"] = {"$ref": f"#/$defs/{named}"}
    return schema


_UNITS = ("EUR", "EUR per maand", "EUR per jaar", "EUR per week", "EUR per dag", "percentage", "getal", "geheel getal", "dagen", "weken")
_PLAIN = ("ja/nee", "geheel getal", "getal", "percentage", "bedrag", "datum", "duur", "keuze", "tekst")
_ROUNDINGS = ("cent", "euro", "geheel", "omlaag op 1", "omhoog op 1")


def names(rulebook: Rulebook) -> Schema:
    """The names of the law as proposals: `examples` for values, optional properties for keys. Refuses nothing."""
    programs = [compiled.program for compiled in rulebook.compiled]
    rules = [rule.decl for versions in rulebook.sets.values() for version in versions for rule in version.rules.values()]
    facts = sorted({path for program in programs for path in program.facts if "(" not in path and path != "peildatum"})
    groups = sorted(
        {group for program in programs for group in program.groups.values()} | {found.group for p in programs for found in p.lists.values()}
    )
    outcomes = sorted({rule.decides for rule in rules})
    ids = sorted({rule.id for rule in rules})
    amounts = sorted({name for program in programs for name in program.amounts})
    assessments = [version.assessment for versions in rulebook.sets.values() for version in versions if version.assessment]
    results = sorted({result for found in assessments for row in found.outcomes for result in row})
    seconds = [program.second for program in programs]
    return {
        "$schema": DIALECT,
        "title": "De namen van de wet, als voorstel: gemaakt uit de regels, weigert niets",
        "$defs": {
            "woorden": _examples(chain(facts, amounts, outcomes)),
            "gegevens": _examples(facts),
            "lijsten": _examples(sorted({name for program in programs for name in (*program.lists, *program.composed)})),
            "uitkomsten": _examples(outcomes),
            "regels": _examples(ids),
            "regelsets": _examples(rulebook.sets),
            "aanspraken": _examples(rulebook.programs),
            "regelingen": _examples(sorted(rulebook.laws)),
            "uitgangspunten": _examples(sorted({name for bases in rulebook.bases.values() for name in bases})),
            "beoordelingen": _examples([*results, "gegevens_ontbreken"]),
            "bronnen": _examples(sorted({rule.source for rule in rules}, key=_by_article)),
            "waarden": _examples(sorted({value.id for second in seconds for _, value in second.values})),
            "signalen": _examples(sorted({signal.decl.id for second in seconds for signal in second.signals})),
            "herkomsten": _examples(sorted({name for program in programs for name in program.origins})),
            "soorten": _examples([*_PLAIN, *groups, *(f"lijst van {group}" for group in groups)]),
            "eenheden": _examples([*_UNITS, "maanden", "jaar", "ja/nee"]),
            "afrondingen": _examples(_ROUNDINGS),
            "sleutels_gegevens": _properties(_asked(rulebook)),
            "sleutels_bedragen": _properties((name, "") for name in amounts),
            "sleutels_regels": _properties((rule, "") for rule in ids),
            "sleutels_uitkomsten": _properties((name, "") for name in outcomes),
            "sleutels_deuren": _properties((door.decl.id, door.decl.title) for second in seconds for door in second.doors),
            "sleutels_opties": _properties((found.decl.id, found.decl.text) for second in seconds for found in second.options),
            "sleutels_aanleidingen": _properties((found.decl.id, found.decl.text) for second in seconds for found in second.triggers),
            "sleutels_open": _properties((rule.id, rule.title or rule.source) for rule in rules if rule.open_to),
        },
    }


def _by_article(source: str) -> tuple[int, str]:
    digits = "".join(sign for sign in source.removeprefix("art. ")[:4] if sign.isdigit())
    return int(digits or 0), source


def _examples(found: Iterable[str]) -> Schema:
    return {"examples": list(dict.fromkeys(found))}


def _properties(found: Iterable[tuple[str, str]]) -> Schema:
    return {"properties": {name: {"description": text} if text else {} for name, text in sorted(dict(found).items())}}


def _asked(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    for compiled in rulebook.compiled:
        for path, fact in compiled.program.facts.items():
            if "." not in path and "(" not in path and path != "peildatum":
                yield path, fact.decl.question or str(fact.kind)
