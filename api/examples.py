# SPDX-License-Identifier: EUPL-1.2
"""Examples: claims that the page offers to fill in, and the examples of the OpenAPI description."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from api.reader import read_json
from api.stored.concept import concept
from engine.language.reading import read_plain
from engine.model.problems import EngineError, InvalidInput
from engine.passes.assess import Assessment, assess
from engine.passes.intake import read_claim
from engine.passes.record import FOLLOWS
from engine.rationale.build import rationale
from engine.rationale.decision import decide, with_decision
from engine.rulebook import Rulebook

log = logging.getLogger("toetssteen.api")

TITLE_KEYS = ("titel", "omschrijving")
RSIN, TYPE = "002564440", "https://catalogi.voorbeeld.nl/catalogi/api/v1/besluittypen/5c7c2f1e-0d7b-4b0e-9f57-1a2b3c4d5e6f"
CLAIM = Path(__file__).resolve().parent.parent / "examples" / "1-toekenning.json"


@dataclass(frozen=True, slots=True)
class Example:
    """A claim with a name for its link and a title to show."""

    name: str
    title: str
    claim: Mapping[str, Any]


def read_examples(folder: Path | None, rulebook: Rulebook) -> tuple[Example, ...]:
    """The claims of a folder (``*.json``, ``*.yaml``) that today's rules accept; what is refused is logged and left out."""
    if folder is None or not folder.is_dir():
        return ()
    files = sorted(path for path in folder.iterdir() if path.suffix in (".json", ".yaml"))
    return tuple(example for path in files if (example := _example(path, rulebook)) is not None)


def _example(path: Path, rulebook: Rulebook) -> Example | None:
    try:
        data = read_json(path.read_bytes()) if path.suffix == ".json" else read_plain(path.read_bytes(), path.name)[0]
        if not isinstance(data, dict) or "aanspraak" not in data:
            return None
        title = next((str(data[key]) for key in TITLE_KEYS if key in data), path.stem.replace("_", " ").replace("-", " "))
        claim = {key: value for key, value in data.items() if key not in TITLE_KEYS}
        read_claim(claim, rulebook)
    except InvalidInput as error:
        log.warning("voorbeeld %s overgeslagen: %s", path.name, error.problems[0])
        return None
    return Example(path.stem, title, claim)


_MADE: dict[str, dict[str, dict[str, Any]]] = {}


def examples_of(rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """Examples for the description, by operation id: the first claim of ``examples/`` and what follows on it, cut short.

    There are none under rules that do not take that claim, or do not let a person decide on it at once.
    """
    if rulebook.hash not in _MADE:
        _MADE.clear()  # the rules that serve now; those of before are not described again
        try:
            _MADE[rulebook.hash] = _made(read_json(CLAIM.read_bytes()), rulebook)
        except (InvalidInput, EngineError, OSError) as error:
            log.warning("geen voorbeelden in de beschrijving: %s (%s)", CLAIM.name, type(error).__name__)
            _MADE[rulebook.hash] = {}
    return _MADE[rulebook.hash]


TOWN, CASE, NUMBER, OTHER = "GM0000", "ZAAK-2026-0001234", "0b6f2c1e-5a4b-4c64-9d6f-3a2b1c0d9e8f", "7d2e4f10-8c3b-4a55-b1c2-9e8d7c6b5a40"
WANTED: Mapping[str, Any] = {
    "persoon": "aanvrager",
    "leefgebied": "wonen",
    "omschrijving": "Ik wil in mijn huis kunnen blijven.",
    "termijn": "lang",
    "gesteldDoor": "consulent",
    "gesteldOp": "2026-07-20",
}
_FEW: Mapping[str, Any] = {"afgeweken": 7, "nietAfgeweken": "<5", "samen": "niet gegeven"}
REGISTER: Mapping[str, Any] = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [{"regeling": "participatiewet", "gronden": "pw.13.2.c", "deur": "pw.deur.16.1", **_FEW}],
    "gemeente": TOWN,
    "toelichting": "Een aantal onder 5 staat er als <5. Wat verder is afgeschermd of niet gegeven, zou zo'n aantal verraden.",
    "jaren": [2025, 2026],
    "adviezen": [{"advies": "afwijken_onderbouwd", **_FEW}],
    "totaal": _FEW,
}
WORDS = "Ik heb de stukken gelezen en met haar gesproken; voor een andere keuze zag ik samen met haar geen reden."


def _made(claim: dict[str, Any], rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    """A claim on which a person can decide at once, and each step after it."""
    assessment = assess(claim, rulebook)
    record = _followed(assessment)
    decision = decide(assessment, record)
    found = rationale(assessment, steps=True)
    steps = found.pop("stappen")
    answer = shortened({**found, "tweedeMening": "uit"})
    shown = {"id": NUMBER, "zaak": CASE, "aanvullingOp": None, **answer}
    given = {"verantwoordelijkeOrganisatie": RSIN, "besluittype": TYPE, "ingangsdatum": record["datum"]}
    decided = {
        "id": OTHER,
        "beoordeling": NUMBER,
        "corrigeert": None,
        "besluit": with_decision(decision)["besluit"],
        "besluitConcept": concept({}, given, decision.record.day, decision.record.words),
    }
    listed = {
        "id": NUMBER,
        "gemeente": TOWN,
        "aanspraak": assessment.claim.claim,
        "peildatum": assessment.claim.day.isoformat(),
        "vastgelegdOp": "2026-07-15T09:30:00Z",
        "zaak": CASE,
        "pseudoniem": None,
        "aanvullingOp": None,
        "aangevuldDoor": None,
        "besloten": True,
        "vernietigd": False,
    }
    same = {
        "beoordeling": NUMBER,
        "regels": "toen",
        "gelijk": True,
        "woordelijkGelijk": True,
        "regelbestandToen": rulebook.hash,
        "regelbestandNu": rulebook.hash,
        "regelmotorToen": found["verantwoording"]["regelmotor"],
        "regelmotorNu": found["verantwoording"]["regelmotor"],
        **{name: [] for name in ("verschillen", "geweigerd", "oorzaken", "wijzigingen")},
    }
    return {
        "berekenBeoordeling": {"verzoek": claim, "antwoord": answer},
        "bewaarBeoordeling": {"verzoek": {**claim, "zaak": CASE}, "antwoord": shown},
        "haalBeoordeling": {"antwoord": shown},
        "haalStappen": {"antwoord": {"id": NUMBER, "stappen": steps[:1]}},
        "voegEffectenToe": {"verzoek": {"beoogdeEffecten": [WANTED]}, "antwoord": {**shown, "id": OTHER, "aanvullingOp": NUMBER}},
        "herberekenBeoordeling": {"verzoek": {"regels": "toen"}, "antwoord": same},
        "legBesluitVast": {"verzoek": {**record, "zgwBesluit": given}, "antwoord": decided},
        "haalBesluit": {"antwoord": decided},
        "zoekBeoordelingen": {
            "verzoek": {"gemeente": TOWN, "zaak": CASE, "page": 1, "pageSize": 20},
            "antwoord": {"count": 1, "next": None, "previous": None, "results": [listed]},
        },
        "lijstAfwijkingen": {"antwoord": REGISTER},
    }


def _followed(assessment: Assessment) -> dict[str, Any]:
    """A record in which somebody follows the rules; what it cannot know stays out, and then it is no example."""
    day = max([date(2026, 7, 21), *(effect.day for effect in assessment.claim.effects)])
    options = [option.id for option in assessment.second.options if option.sort == FOLLOWS]
    record: dict[str, Any] = {
        "besluit": "gevolgd",
        "optie": next(iter(options), ""),
        "rol": "consulent",
        "door": "J. Jansen",
        "datum": day.isoformat(),
        "eigenWoorden": WORDS,
        "motief": "De stukken lieten geen twijfel over.",
        "gehoord": {"gehoord": True, "datum": day.isoformat()},
    }
    if not assessment.claim.effects:
        record["beoogdEffect"] = "geen effect genoemd"
    return record


def shortened(value: Any) -> Any:
    """Data with the first item of each list only."""
    match value:
        case dict():
            return {key: shortened(inner) for key, inner in value.items()}
        case list():
            return [shortened(inner) for inner in value[:1]]
    return value
