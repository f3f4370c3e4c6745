# SPDX-License-Identifier: EUPL-1.2
"""What the Besluiten API takes, written down here by hand.

After the schema `Besluit` of version 1.1.0, published by VNG Realisatie (VNG-Realisatie/gemma-zaken,
api-specificatie/brc/1.1.0/openapi.yaml): a POST on /besluiten. Fields that only come back (url, vervalredenWeergave) are
not there, and what that schema leaves open is closed here, so that a field that it does not know is found.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

DAY = {"type": "string", "format": "date"}
ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 200}
BESLUIT: dict[str, Any] = {
    "type": "object",
    "required": ["verantwoordelijkeOrganisatie", "besluittype", "datum", "ingangsdatum"],
    "additionalProperties": False,
    "properties": {
        "identificatie": {"type": "string", "maxLength": 50},
        "verantwoordelijkeOrganisatie": {"type": "string", "pattern": "^[0-9]{9}$"},
        "besluittype": ADDRESS,
        "zaak": ADDRESS,
        "datum": DAY,
        "toelichting": {"type": "string"},
        "bestuursorgaan": {"type": "string", "maxLength": 50},
        "ingangsdatum": DAY,
        "vervaldatum": DAY,
        "vervalreden": {"enum": ["tijdelijk", "ingetrokken_overheid", "ingetrokken_belanghebbende"]},
        "publicatiedatum": DAY,
        "verzenddatum": DAY,
        "uiterlijkeReactiedatum": DAY,
    },
}


def check(found: Any) -> None:
    """Raise where the Besluiten API would not take this."""
    Draft202012Validator(BESLUIT, format_checker=FormatChecker()).validate(found)
