# SPDX-License-Identifier: EUPL-1.2
"""How callers sign in, from the environment: a file of keys, clients of the ZGW kind, an issuer of access tokens."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import Field, TypeAdapter
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.auth.gate import Gate
from api.auth.keys import KeyFile, open_to_others
from api.auth.limits import Limits
from api.auth.tokens import Oidc, Tokens, ZgwClient


class AuthSettings(BaseSettings):
    """``TOETSSTEEN_AANMELDEN_*``. Nothing set: nobody can sign in."""

    model_config = SettingsConfigDict(env_prefix="TOETSSTEEN_AANMELDEN_", frozen=True, extra="forbid")

    sleutels: Path | None = Field(None, description="Het bestand met API-sleutels, van `toetssteen sleutel maak`.")
    zgw: Path | None = Field(None, description="Een JSON-bestand met clients: per client-id `secret`, `gemeenten` en `rollen`.")
    zgw_geldig: int = Field(3600, description="Hoeveel seconden na `iat` een ZGW-token geldt.", ge=1, le=86_400)
    oidc_issuer: str | None = Field(None, description="De uitgever van access tokens (`iss`).")
    oidc_audience: str = Field("toetssteen", description="Voor wie een access token moet zijn (`aud`).")
    oidc_jwks: str | None = Field(None, description="Het adres of bestand met de openbare sleutels van de uitgever.")
    oidc_rollen: str = Field("roles", description="De claim met de rollen.")
    oidc_gemeenten: str = Field("gemeenten", description="De claim met de gemeenten.")
    per_seconde: float | None = Field(None, description="Hoeveel verzoeken een client gemiddeld per seconde mag doen, in elk proces.", gt=0)
    ineens: int = Field(100, description="Hoeveel verzoeken een client ineens mag doen, in elk proces.", ge=1)

    @property
    def configured(self) -> bool:
        """Whether there is a way to sign in."""
        return self.sleutels is not None or self.zgw is not None or self.oidc_issuer is not None

    def gate(self) -> Gate:
        """The gate that these settings describe. Raises ValueError (pydantic), OSError or :class:`api.auth.keys.KeyFileError`."""
        keys = KeyFile(self.sleutels) if self.sleutels is not None else None
        if keys is not None:
            keys.keys()
        clients = _clients(self.zgw) if self.zgw is not None else {}
        oidc = None
        if self.oidc_issuer is not None:
            if self.oidc_jwks is None:
                raise ValueError("TOETSSTEEN_AANMELDEN_OIDC_JWKS ontbreekt: het adres of bestand met de openbare sleutels.")
            oidc = Oidc(
                issuer=self.oidc_issuer,
                audience=self.oidc_audience,
                jwks=self.oidc_jwks,
                roles_claim=self.oidc_rollen,
                municipalities_claim=self.oidc_gemeenten,
            )
        tokens = Tokens(clients, oidc, max_age=self.zgw_geldig) if self.zgw is not None or oidc is not None else None
        return Gate(keys, tokens, Limits(self.per_seconde, self.ineens))


def _clients(path: Path) -> dict[str, ZgwClient]:
    if open_to_others(path):
        raise ValueError(f"{path} is leesbaar voor anderen. Maak het alleen leesbaar voor de eigenaar: chmod 600.")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError(f"{path} is geen bestand met clients.") from None
    found = TypeAdapter(dict[str, ZgwClient]).validate_python(data)
    if not found:
        raise ValueError(f"{path} noemt geen enkele client, dus niemand kan zich ermee aanmelden.")
    return found
