# SPDX-License-Identifier: EUPL-1.2
"""What every route does first: read the body within its limits, read the query strictly, agree on the form of the answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from starlette.requests import Request

from api.problems import ApiProblem, mistake, mistakes_of
from api.reader import MAX_BYTES, receive_json
from engine.language.kinds import LiteralError, parse_date
from engine.model.claim import Received
from engine.model.problems import InvalidInput, nearest

_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


async def json_body(request: Request) -> Received:
    """The body as JSON, with what is written wrong in it. Raises 413, 415, or 400 for what is no JSON at all."""
    return (await received_body(request))[1]


async def received_body(request: Request) -> tuple[bytes, Received]:
    """The same, with the bytes as they came in."""
    require_content(request, ("application/json",))
    body = await limited_body(request)
    return body, receive_json(body)


def require_content(request: Request, types: Collection[str]) -> None:
    """Refuse (415) a body of another kind, in another character set, or compressed."""
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charset = next((part.removeprefix("charset=").strip('"') for part in parameters if part.startswith("charset=")), "utf-8")
    accepted = {"Accept": ", ".join(types)}
    if kind not in types:
        shown = f"`{kind}`" if kind else "Zonder `Content-Type`"
        raise ApiProblem(415, f"{shown} wordt hier niet aangenomen. Stuur {' of '.join(types)}.", headers=accepted)
    if charset not in ("utf-8", "utf8"):
        raise ApiProblem(415, f"De tekenset `{charset}` wordt niet aangenomen. Stuur UTF-8.", headers=accepted)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ApiProblem(415, "Een gecomprimeerd bericht wordt niet aangenomen.", headers=accepted)


async def limited_body(request: Request, limit: int = MAX_BYTES) -> bytes:
    """The body, or 413 as soon as it is known to be too large."""
    too_large = ApiProblem(413, f"Het bericht is groter dan {limit // 1000} kB.")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and (len(declared) > 12 or int(declared) > limit):
        raise too_large
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise too_large
        parts.append(part)
    return b"".join(parts)


class Query:
    """The query of a request, read strictly: unknown and repeated keys are mistakes. All mistakes come at once."""

    def __init__(self, request: Request, known: Sequence[str]) -> None:
        self.values: dict[str, str] = {}
        self.mistakes: list[Mapping[str, str]] = []
        for key, value in request.query_params.multi_items():
            if key not in known:
                remedy = nearest(key, known) if known else "Hier horen geen parameters."
                self.wrong("TS-Q01", key, f"De parameter `{key}` bestaat hier niet.", remedy)
            elif key in self.values:
                self.wrong("TS-Q02", key, f"De parameter `{key}` staat er twee keer.", "Houd er een over.")
            else:
                self.values[key] = value

    def wrong(self, code: str, parameter: str, cause: str, remedy: str) -> None:
        """Note a mistake in a parameter."""
        self.mistakes.append(mistake(code, cause, remedy, parameter=parameter))

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A date, or None when it is not given."""
        text = self.text(name, required=required)
        if text is None:
            return None
        try:
            return parse_date(text)
        except LiteralError as error:
            self.wrong("TS-Q03", name, error.cause, error.remedy)
            return None

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A text, or None when it is not given."""
        text = self.values.get(name)
        if text is None and required:
            self.wrong("TS-Q04", name, f"De parameter `{name}` ontbreekt.", "Voeg hem toe.")
        return text

    def flag(self, name: str) -> bool:
        """`true` or `false`; false when it is not given."""
        text = self.values.get(name, "false")
        if text not in ("true", "false"):
            self.wrong("TS-Q03", name, f"`{text}` past niet bij `{name}`.", "Kies `true` of `false`.")
        return text == "true"

    def choice(self, name: str, choices: Collection[str]) -> str | None:
        """One of these, or None when it is not given."""
        text = self.values.get(name)
        if text is not None and text not in choices:
            self.wrong("TS-Q03", name, f"`{text}` past niet bij `{name}`.", nearest(text, choices))
            return None
        return text

    def number(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1, or the usual one when it is not given."""
        text = self.values.get(name, str(usual))
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        self.wrong("TS-Q03", name, f"`{text}` past niet bij `{name}`.", f"Schrijf een geheel getal van 1 tot en met {most}.")
        return usual

    def done(self) -> None:
        """Refuse the request (400) when a mistake was found."""
        if self.mistakes:
            raise ApiProblem(400, "", self.mistakes)


@contextmanager
def told_with(mistakes: Sequence[Mapping[str, str]]) -> Iterator[None]:
    """With these mistakes (of a query), what is found wrong in the block is told together with them, and 400 raised in any case.

    What mending the request would not help against is raised as it is.
    """
    if not mistakes:
        yield
        return
    found: Sequence[Mapping[str, str]] = ()
    try:
        yield
    except InvalidInput as error:
        found = mistakes_of(error.problems)
    except ApiProblem as error:
        if not error.mistakes:
            raise
        found = error.mistakes
    raise ApiProblem(400, "", [*mistakes, *found])


def no_query(request: Request) -> None:
    """Refuse every parameter."""
    Query(request, ()).done()


def agreed(request: Request, offered: Sequence[str]) -> str:
    """The media type to answer with: of those offered (best first) the one that `Accept` likes most. Raises 406."""
    header = ",".join(request.headers.getlist("accept")).strip() or "*/*"
    ranges = [_range(part) for part in header.split(",") if part.strip()]
    best = max(offered, key=lambda kind: _liked(kind, ranges))
    if _liked(best, ranges) <= 0:
        raise ApiProblem(406, f"Het antwoord is er als {' of '.join(offered)}. Pas de kop `Accept` aan.")
    return best


def _range(text: str) -> tuple[str, float]:
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    return kind, float(quality) if _QUALITY.fullmatch(quality) else 0.0


def _liked(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that fits."""
    for wanted in (kind, f"{kind.split('/', 1)[0]}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
