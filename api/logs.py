# SPDX-License-Identifier: EUPL-1.2
"""Log lines for operators and auditors: one JSON object a line, with the fields that BIO2 8.15.01 asks for.

Every request and every action says what was done (``actie``), to what (``object``), how it ended (``resultaat``), from
where (``herkomst``), by whom (``actor``) and when (``tijd``). Never a body, a fact, an address as it was typed, or a key. As
a last defence a number that could be a BSN is masked.
"""

from __future__ import annotations

import getpass
import io
import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from store.bsn import is_bsn

_ACTIONS = "toetssteen.actie"
MASK = "*********"
# Ids and hashes are hexadecimal and may hold nine digits in a row by chance; they come first, and stay.
_CANDIDATE = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{16,64}\b|(?<!\d)\d{9}(?!\d)")


def _may_be_bsn(found: str) -> bool:
    """Whether a candidate can be a BSN, in whichever digits it is written."""
    return len(found) == 9 and is_bsn("".join(str(int(digit)) for digit in found))


def possible_bsns(text: str) -> list[str]:
    """The numbers in a text that can be a BSN, outside ids and hashes."""
    return [found for found in _CANDIDATE.findall(text) if _may_be_bsn(found)]


def masked(text: str) -> str:
    """The text with every number that can be a BSN blotted out."""
    return _CANDIDATE.sub(lambda found: MASK if _may_be_bsn(found[0]) else found[0], text)


def mask(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """A processor of structlog: the whole event without possible BSNs, in keys and values, however deep."""
    return {str(_masked(key)): _masked(value) for key, value in event.items()}


def _masked(value: Any) -> Any:
    match value:
        case None | bool() | float():
            return value
        case int():
            text = masked(str(value))
            return value if text == str(value) else text
        case Mapping():
            return {str(_masked(key)): _masked(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_masked(inner) for inner in value]
    return masked(str(value))


def _dutch(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["niveau"] = event.pop("level", method)
    return event


def _where_it_broke(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The kind and the place of an exception; its message may hold a fact and stays out."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else sys.exc_info()[1] if found is True else found
    if isinstance(error, BaseException):
        event["fout"], event["plaats"] = type(error).__name__, "".join(traceback.format_tb(error.__traceback__))
    return event


_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="tijd"),
    _where_it_broke,
    structlog.processors.EventRenamer("bericht"),
    _dutch,
)
_log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger(_ACTIONS),
    processors=[structlog.stdlib.filter_by_level, *_SHARED, ProcessorFormatter.wrap_for_formatter],
    wrapper_class=structlog.stdlib.BoundLogger,
)


def configure(level: str = "info", form: Literal["json", "tekst"] = "json", stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard output), those of libraries too."""
    root = logging.getLogger()
    root.handlers[:] = [_handler(form, stream if stream is not None else sys.stdout)]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        # Its access lines hold the address as it was typed; ours stand in their place.
        logging.getLogger(name).propagate = name != "uvicorn.access"
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells at each look which kind of database it looks at


def _handler(form: Literal["json", "tekst"], stream: TextIO) -> logging.Handler:
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "tekst":
        last = structlog.dev.ConsoleRenderer(colors=False, timestamp_key="tijd", event_key="bericht", pad_event_to=0)
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # a sign that cannot be written costs no line, nor the masking of it
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=_SHARED, processors=[ProcessorFormatter.remove_processors_meta, mask, last]))
    return handler


@contextmanager
def command(stream: TextIO) -> Iterator[None]:
    """Send what a command does to ``stream``, as the account that typed it: a command has no log of its own."""
    logger, handler = logging.getLogger(_ACTIONS), _handler("json", stream)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    bind(herkomst="opdrachtregel", actor=f"account:{_account()}")
    try:
        yield
    finally:
        unbind()
        logger.setLevel(level)
        logger.removeHandler(handler)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return str(os.getuid())


def bind(**found: str | None) -> None:
    """Put fields (``herkomst``, ``actor``, ids) on every further line of this request."""
    structlog.contextvars.bind_contextvars(**{name: value for name, value in found.items() if value is not None})


def unbind() -> None:
    """Begin with no fields."""
    structlog.contextvars.clear_contextvars()


def action(name: str, subject: str, result: str, *, level: int = logging.INFO, **more: Any) -> None:
    """Log one action with the fields of BIO2: what was done, to what and how it ended; from where and by whom is bound to the request.

    ``subject`` and ``more`` name things of the service (a rulebook, a claim, an id), never a person or a fact.
    """
    bound = structlog.contextvars.get_contextvars()
    own = {field: "dienst" for field in ("herkomst", "actor") if field not in bound}
    _log.log(level, name, actie=name, object=subject, resultaat=result, **own, **more)
