# SPDX-License-Identifier: EUPL-1.2
"""Roles, principals, and which role each route asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from store.model import MUNICIPALITY

Town: TypeAlias = Annotated[str, Field(pattern=f"^{MUNICIPALITY.pattern}$")]
"""The CBS code of a municipality, in what says who may call."""


class Role(StrEnum):
    """What a client may do."""

    CONSULT = "raadplegen"
    ASSESS = "beoordelen"
    DECIDE = "besluiten"
    MANAGE_RULES = "regels-beheren"
    SUPERVISE = "toezicht"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: the client, the person behind it where the token names one, its roles and municipalities.

    ``municipalities`` is None only where nobody signs in (on loopback): then every municipality.
    """

    client: str
    roles: frozenset[Role]
    municipalities: frozenset[str] | None
    actor: str | None = None

    def may_see(self, municipality: str | None) -> bool:
        """Whether a case of this municipality is theirs; a case of no municipality is nobody's secret."""
        return municipality is None or self.municipalities is None or municipality in self.municipalities


EVERYBODY: Final = Principal("niemand", frozenset(Role), None)
"""Who calls where nobody signs in."""

OPEN: Final[frozenset[Role]] = frozenset()
"""No role is asked and nobody signs in."""
ANY: Final = frozenset(Role)

ACCESS: Final[Mapping[tuple[str, str], frozenset[Role]]] = MappingProxyType(
    {
        ("GET", "/openapi.json"): OPEN,
        ("GET", "/gezondheid/live"): OPEN,
        ("GET", "/gezondheid/gereed"): OPEN,
        ("GET", "/regelingen"): ANY,
        ("GET", "/regelingen/{id}"): ANY,
        ("GET", "/regelsets"): ANY,
        ("GET", "/regelsets/{regeling}/{aanspraak}/versies/{versie}"): ANY,
        ("GET", "/aanspraken/{regeling}/{aanspraak}/gegevensschema"): ANY,
        ("POST", "/regelsets/_valideer"): frozenset({Role.MANAGE_RULES}),
        ("POST", "/beoordelingen/_bereken"): frozenset({Role.ASSESS, Role.DECIDE}),
        ("POST", "/beoordelingen"): frozenset({Role.ASSESS, Role.DECIDE}),
        ("GET", "/beoordelingen/{id}"): frozenset({Role.CONSULT, Role.ASSESS, Role.DECIDE, Role.SUPERVISE}),
        ("GET", "/beoordelingen/{id}/stappen"): frozenset({Role.CONSULT, Role.ASSESS, Role.DECIDE, Role.SUPERVISE}),
        ("POST", "/beoordelingen/{id}/_herbereken"): frozenset({Role.ASSESS, Role.DECIDE, Role.SUPERVISE}),
        ("POST", "/beoordelingen/{id}/effecten"): frozenset({Role.ASSESS, Role.DECIDE}),
        ("POST", "/beoordelingen/{id}/besluit"): frozenset({Role.DECIDE}),
        ("GET", "/beoordelingen/{id}/besluit"): frozenset({Role.CONSULT, Role.ASSESS, Role.DECIDE, Role.SUPERVISE}),
        ("POST", "/beoordelingen/_zoek"): frozenset({Role.CONSULT, Role.DECIDE, Role.SUPERVISE}),
        ("GET", "/afwijkingen"): frozenset({Role.SUPERVISE, Role.MANAGE_RULES, Role.DECIDE}),
    }
)
"""The roles of which a caller needs one, by method and path below ``/v1``. A route that is not here is refused to everybody."""
