# SPDX-License-Identifier: EUPL-1.2
"""How callers sign in, from the environment: a file of keys, clients of the ZGW kind, an issuer of access tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.auth.gate import Gate
from api.auth.issuer import Ring
from api.auth.keys import KeyFile, KeyFileError, open_to_others
from api.auth.limits import Limits
from api.auth.tokens import Oidc, Tokens, ZgwClient
from api.reader import JsonError, read_json

_WEB = re.compile(r"https?://[^\s/]")


class AuthSettings(BaseSettings):
    """``TOETSSTEEN_AANMELDEN_*``. Nothing set: nobody can sign in."""

    model_config = SettingsConfigDict(env_prefix="TOETSSTEEN_AANMELDEN_", frozen=True, extra="forbid", env_ignore_empty=True)

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
        return any(place is not None for place in (self.sleutels, self.zgw, self.oidc_issuer, self.oidc_jwks))

    def gate(self) -> Gate:
        """The gate that these settings describe. Raises ValueError (pydantic), OSError or :class:`api.auth.keys.KeyFileError`."""
        keys, clients, oidc = self._key_file(), self._clients(), self._oidc()
        tokens = Tokens(clients, oidc, max_age=self.zgw_geldig) if self.zgw is not None or oidc is not None else None
        return Gate(keys, tokens, Limits(self.per_seconde, self.ineens))

    def misfits(self) -> Iterator[str]:
        """What is well-formed and cannot be: one line in Dutch for each way to sign in with a mistake."""
        for part in (self._key_file, self._clients, self._oidc):
            try:
                part()
            except ValidationError as error:
                places = ", ".join(".".join(str(part) for part in item["loc"][:2]) for item in error.errors())
                yield f"TOETSSTEEN_AANMELDEN_ZGW: dit bestand met clients is niet in orde, bij: {places}."
            except (ValueError, OSError, KeyFileError) as error:
                yield f"De instellingen voor aanmelden zijn niet in orde: {error}"

    def _key_file(self) -> KeyFile | None:
        """The keys, where a file is named; it must be there."""
        keys = KeyFile(self.sleutels) if self.sleutels is not None else None
        if keys is not None and not keys.keys() and not keys.path.exists():
            raise ValueError(f"het bestand met sleutels {keys.path} is er niet. Klopt het pad? `toetssteen sleutel maak` maakt het.")
        return keys

    def _clients(self) -> dict[str, ZgwClient]:
        """The clients of the ZGW kind, where a file is named; it must name one."""
        return _clients_in(self.zgw) if self.zgw is not None else {}

    def _oidc(self) -> Oidc | None:
        """The issuer, where one is named; keys in a file must be there."""
        if self.oidc_issuer is None and self.oidc_jwks is None:
            return None
        if self.oidc_issuer is None:
            raise ValueError("TOETSSTEEN_AANMELDEN_OIDC_ISSUER ontbreekt: de uitgever van de tokens (`iss`).")
        if self.oidc_jwks is None:
            raise ValueError("TOETSSTEEN_AANMELDEN_OIDC_JWKS ontbreekt: het adres of bestand met de openbare sleutels.")
        found = Oidc(
            issuer=self.oidc_issuer,
            audience=self.oidc_audience,
            jwks=self.oidc_jwks,
            roles_claim=self.oidc_rollen,
            municipalities_claim=self.oidc_gemeenten,
        )
        if "://" not in found.jwks:
            try:
                if not Ring(found.jwks).read():
                    raise ValueError("hierin staat geen openbare sleutel met een `kid` om mee te controleren.")
            except (OSError, ValueError, RecursionError) as error:
                raise ValueError(f"TOETSSTEEN_AANMELDEN_OIDC_JWKS: {found.jwks} is niet te gebruiken: {_why(error)}") from None
        elif not _WEB.match(found.jwks):
            raise ValueError("TOETSSTEEN_AANMELDEN_OIDC_JWKS: schrijf een adres dat met https:// begint, of een pad.")
        return found


def _why(error: Exception) -> str:
    match error:
        case OSError():
            return f"{error.strerror}."
        case JsonError():
            return " ".join(problem.cause for problem in error.problems)
        case json.JSONDecodeError() | UnicodeDecodeError() | RecursionError():
            return "dit is geen JSON."
    return str(error)


def _clients_in(path: Path) -> dict[str, ZgwClient]:
    try:
        if open_to_others(path):
            raise ValueError("het bestand is leesbaar voor anderen. Maak het alleen leesbaar voor de eigenaar: chmod 600.")
        data = read_json(path.read_bytes())
    except (OSError, ValueError, JsonError) as error:
        raise ValueError(f"TOETSSTEEN_AANMELDEN_ZGW: {path} is niet te gebruiken: {_why(error)}") from None
    found = TypeAdapter(dict[str, ZgwClient]).validate_python(data)
    if not found:
        raise ValueError(f"TOETSSTEEN_AANMELDEN_ZGW: {path} noemt geen enkele client, dus niemand kan zich ermee aanmelden.")
    return found
