# SPDX-License-Identifier: EUPL-1.2
"""The settings of the service, from the environment: typed, and checked at start with every mistake told at once.

Each group of settings is a model with a prefix of its own; :data:`MODELS` lists them all, for the check on names that do
not exist, for what ``toetssteen serveer --toon-instellingen`` prints and for the table in ``docs/beheer.md``.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.auth.settings import AuthSettings
from api.logboek import File, Logbook, Target
from api.stored import settings as stored
from api.stored.settings import StoreSettings
from engine import cache
from engine.model.precedent import Precedent
from engine.model.problems import RulesError, meant
from engine.passes.precedents import read_precedents

PREFIX = "TOETSSTEEN_"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHIPPED = Path(__file__).resolve().parent.parent
NOBODY_SIGNS_IN = (
    "Niemand kan zich aanmelden: er zijn geen sleutels, ZGW-clients of OIDC ingesteld (TOETSSTEEN_AANMELDEN_...). "
    "Maak een sleutel met `toetssteen sleutel maak`, of start op de eigen machine met `--zonder-aanmelden`."
)
ELSEWHERE = (cache.VARIABLE,)
"""Variables that the commands read outside the models."""

_ON_OFF: Mapping[str, bool] = {"aan": True, "ja": True, "uit": False, "nee": False}
_IN_ADDRESS = re.compile(r"(?<=://).*@")
_IN_QUERY = re.compile(r"(?<=password=)[^&]*")
_Model = TypeVar("_Model", bound=BaseSettings)

Switch = Annotated[bool, BeforeValidator(lambda value: _ON_OFF.get(value.lower(), value) if isinstance(value, str) else value)]
Origins = Annotated[
    tuple[Annotated[str, Field(pattern=r"^https?://[^\s/,*]+$")], ...],
    NoDecode,
    BeforeValidator(lambda value: tuple(value.replace(",", " ").split()) if isinstance(value, str) else value),
]


class Settings(BaseSettings):
    """``TOETSSTEEN_*``: where the service listens, what it loads and what it tells."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Het adres waarop de dienst luistert.")
    poort: int = Field(8000, description="De poort van de API.", ge=1, le=65_535)
    werkers: int = Field(1, description="Hoeveel processen de dienst draait.", ge=1, le=64)
    gelijktijdig: int = Field(256, description="Hoeveel verzoeken een proces tegelijk aanneemt; daarboven 503.", ge=1, le=100_000)
    draden: int = Field(
        1,
        description="Aan hoeveel verzoeken een proces tegelijk werkt; de rest wacht op een beurt. Meer helpt alleen waar de opslag "
        "ver weg of traag is.",
        ge=1,
        le=64,
    )
    wachttijd: int = Field(
        200,
        description="Hoeveel milliseconden een verzoek op een beurt mag wachten; wie langer zou wachten krijgt meteen 503 met "
        "`Retry-After`. Blijft het druk, dan is het een achtste daarvan, en minder naarmate er meer worden weggestuurd.",
        ge=1,
        le=60_000,
    )
    stoptijd: int = Field(
        20,
        description="Hoeveel seconden de dienst bij het stoppen wacht op verzoeken die nog lopen; neem minder dan wie haar stopt geduld "
        "heeft.",
        ge=1,
        le=3_600,
    )
    herkomsten: Origins = Field((), description="Webpagina's van anderen die de API mogen aanroepen (CORS), met komma's ertussen.")
    aanmelden: Switch = Field(True, description="`uit` laat iedereen toe; kan alleen op de eigen machine.")
    regels: Path = Field(SHIPPED / "rules", description="De map met regels.")
    regels_peiling: float = Field(
        0, description="Om de hoeveel seconden de dienst kijkt of de map met regels is gewijzigd; 0 is nooit.", ge=0, le=86_400
    )
    voorbeelden: Path | None = Field(SHIPPED / "examples", description="De map met voorbeelden voor de pagina.")
    precedenten: Path | None = Field(None, description="Een bestand met eerdere besluiten (JSON Lines) om mee te vergelijken.")
    tweede_mening: Switch = Field(True, description="Of een tweede motor meerekent, als die er is.")
    metrieken_host: str = Field("127.0.0.1", description="Het adres waarop de metrieken staan.")
    metrieken_poort: int = Field(0, description="De poort van de metrieken (Prometheus); 0 is geen.", ge=0, le=65_535)
    log_niveau: Literal["debug", "info", "warning", "error"] = Field("info", description="Vanaf welk niveau wordt gelogd.")
    log_vorm: Literal["json", "tekst"] = Field("json", description="Een JSON-object per regel, of leesbare tekst.")
    logboek: Path | None = Field(None, description="Het bestand van het Logboek Dataverwerkingen (JSON Lines); zonder dit geen logboek.")
    logboek_otlp: str | None = Field(
        None, description="In plaats van het bestand: het OTLP-adres van een logboek (extra `otel`).", pattern=r"^https?://\S+$"
    )
    logboek_activiteit: str | None = Field(
        None,
        description="De URI van deze verwerking in het register van verwerkingsactiviteiten; hoort bij een logboek.",
        pattern=r"^\w+:\S+$",
    )
    werkmap: Path | None = Field(None, description="Een map voor wat processen delen; zonder deze een tijdelijke map.")


MODELS: tuple[type[BaseSettings], ...] = (Settings, StoreSettings, AuthSettings)
"""Every group of settings of the service."""


class SettingsError(Exception):
    """Settings that do not fit: one line in Dutch for each mistake, none with a value that may be secret."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: the name of its variable, the field that describes it, and its value where it is known."""

    name: str
    field: FieldInfo
    value: Any = None


def load(flags: Mapping[str, Any] | None = None) -> tuple[Settings, AuthSettings]:
    """The settings of the service, checked. ``flags`` go before the environment. Raises :class:`SettingsError`."""
    mistakes = list(_unknown())
    settings, wrong = _read(Settings, mistakes, {name: value for name, value in (flags or {}).items() if value is not None})
    (auth, _), (keeping, _) = _read(AuthSettings, mistakes), _read(StoreSettings, mistakes)
    mistakes += [*stored.misfits(keeping), *_misfits(settings, wrong)]
    if settings.aanmelden and "aanmelden" not in wrong:
        mistakes += _sign_in(auth)
    if mistakes:
        raise SettingsError(tuple(mistakes))
    return settings, auth


def keeping() -> StoreSettings:
    """The settings of the store, which :func:`load` has checked."""
    return StoreSettings()


def precedents(settings: Settings) -> tuple[Precedent, ...]:
    """The earlier decisions to compare with. Raises :class:`engine.model.problems.RulesError` or :class:`OSError`."""
    return read_precedents(settings.precedenten.read_bytes(), settings.precedenten.name) if settings.precedenten is not None else ()


def logbook(settings: Settings) -> Logbook | None:
    """The logbook that these settings describe."""
    if settings.logboek_activiteit is None:
        return None
    if settings.logboek_otlp is not None:
        target: Target = importlib.import_module("api.logboek_otel").Otlp(settings.logboek_otlp)
        return Logbook(target, settings.logboek_activiteit)
    return Logbook(File(settings.logboek), settings.logboek_activiteit) if settings.logboek is not None else None


def listed(*found: BaseSettings) -> Iterator[Setting]:
    """Every setting of some models, in order, with its value."""
    for model in found:
        for name, field in type(model).model_fields.items():
            yield Setting(variable(type(model), name), field, getattr(model, name))


def variable(model: type[BaseSettings], name: str) -> str:
    """The environment variable of a field."""
    return f"{model.model_config.get('env_prefix', '')}{name}".upper()


def shown(value: Any) -> str:
    """A value as an operator may see it: no secret, no user and password in an address."""
    match value:
        case None | ():
            return "(leeg)"
        case SecretStr():
            return "(geheim)"
        case tuple() | list():
            return ",".join(shown(item) for item in value)
    return _IN_QUERY.sub("(geheim)", _IN_ADDRESS.sub("(geheim)@", _as_written(value)))


def written(settings: BaseSettings) -> dict[str, str]:
    """The settings as environment variables, so that the worker processes read the same ones; secrets come from there already."""
    given = [item for item in listed(settings) if not isinstance(item.value, SecretStr)]
    return {item.name: _as_written(item.value) for item in given}


def _as_written(value: Any) -> str:
    """A value as the environment has it, whole: what an operator sees of it is :func:`shown`."""
    match value:
        case None:
            return ""
        case bool():
            return "aan" if value else "uit"
        case tuple() | list():
            return ",".join(_as_written(item) for item in value)
    return str(value)


def _unknown() -> Iterator[str]:
    known = {variable(model, name) for model in MODELS for name in model.model_fields} | set(ELSEWHERE)
    for name in sorted(found for found in os.environ if found.startswith(PREFIX) and found not in known):
        yield f"{name}: deze instelling bestaat niet. {meant(name, known)}".strip()


def _read(model: type[_Model], mistakes: list[str], given: Mapping[str, Any] | None = None) -> tuple[_Model, frozenset[str]]:
    """A group of settings, and the names of those that cannot be read: they have their defaults, so that the rest is looked at."""
    given = given or {}
    try:
        return model(**given), frozenset()
    except ValidationError as error:
        found = error.errors()
    mistakes += [f"{variable(model, str(item['loc'][0]))}: {_dutch(item['type'], item.get('ctx', {}))}." for item in found]
    wrong = frozenset(str(item["loc"][0]) for item in found)
    return model(**{**given, **{name: model.model_fields[name].default for name in wrong}}), wrong


def _dutch(kind: str, context: Mapping[str, Any]) -> str:
    match kind:
        case "int_parsing" | "int_type" | "int_from_float":
            return "dit is geen geheel getal"
        case "float_parsing" | "float_type":
            return "dit is geen getal"
        case "bool_parsing" | "bool_type":
            return "schrijf `aan` of `uit`"
        case "literal_error":
            return f"kies uit {context['expected'].replace(' or ', ' of ')}"
        case "greater_than_equal":
            return f"dit moet ten minste {context['ge']} zijn"
        case "greater_than":
            return f"dit moet meer zijn dan {context['gt']}"
        case "less_than_equal":
            return f"dit mag ten hoogste {context['le']} zijn"
        case "string_pattern_mismatch":
            return "dit is geen adres zoals het hier hoort; schrijf bijvoorbeeld https://zaken.voorbeeld.nl"
    return f"deze waarde past niet ({kind})"


def _misfits(settings: Settings, wrong: Collection[str]) -> Iterator[str]:
    """What is well-formed and cannot be; nothing about a setting that is ``wrong`` already."""
    if not settings.aanmelden and settings.host not in LOOPBACK:
        yield "Zonder aanmelden luistert de dienst alleen op de eigen machine: 127.0.0.1, ::1 of localhost."
    if settings.metrieken_poort == settings.poort and not {"poort", "metrieken_poort"} & set(wrong):
        yield "TOETSSTEEN_METRIEKEN_POORT: dit is ook de poort van de API; kies een andere."
    for name in ("regels", "voorbeelden", "werkmap"):
        folder = getattr(settings, name)
        # What ships with the sources is left out of an installed package; only what somebody asks for must be there.
        # (`Path.is_dir` raises where we may not look; `os.path` says that it is not there.)
        if folder is not None and not os.path.isdir(folder) and (name == "regels" or folder != Settings.model_fields[name].default):
            yield f"{variable(Settings, name)}: de map {folder} bestaat niet."
    if settings.logboek is not None and settings.logboek_otlp is not None:
        yield "TOETSSTEEN_LOGBOEK en TOETSSTEEN_LOGBOEK_OTLP sluiten elkaar uit; kies er een."
    if (
        (settings.logboek or settings.logboek_otlp) is not None
        and settings.logboek_activiteit is None
        and "logboek_activiteit" not in wrong
    ):
        yield "TOETSSTEEN_LOGBOEK_ACTIVITEIT ontbreekt: de URI van deze verwerking in het register van verwerkingsactiviteiten."
    if settings.logboek is not None and not os.path.isdir(settings.logboek.parent):
        yield f"TOETSSTEEN_LOGBOEK: de map {settings.logboek.parent} bestaat niet."
    if settings.logboek_otlp is not None and not _has_otel():
        yield "TOETSSTEEN_LOGBOEK_OTLP: OpenTelemetry is niet geïnstalleerd (extra `otel`)."
    try:
        precedents(settings)
    except OSError as error:
        yield f"TOETSSTEEN_PRECEDENTEN: {settings.precedenten} is niet te lezen ({error.strerror})."
    except RulesError as error:
        yield from (f"TOETSSTEEN_PRECEDENTEN: {problem}" for problem in error.problems)


def _has_otel() -> bool:
    try:
        return importlib.util.find_spec("opentelemetry.exporter.otlp.proto.http") is not None
    except ModuleNotFoundError:
        return False


def _sign_in(auth: AuthSettings) -> Iterator[str]:
    """Why nobody could sign in, or what is wrong with what says who may."""
    if not auth.configured:
        yield NOBODY_SIGNS_IN
    yield from auth.misfits()
