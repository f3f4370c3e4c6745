# SPDX-License-Identifier: EUPL-1.2
"""The command line in Dutch: what Typer says in English, on help pages and to who mistypes a command, is translated here."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from cli.outcome import Exit

F = TypeVar("F", bound=Callable[..., Any])
_HEADINGS = {"Arguments": "Argumenten", "Options": "Opties", "Commands": "Opdrachten"}
_USAGE = {"[OPTIONS]": "[OPTIES]", "COMMAND [ARGS]...": "OPDRACHT ..."}
_HELP = {"Show this message and exit.": "Toon deze hulp en stop."}
_KIND = re.compile(r"<(?:list\[)?(path|Path|str|int|float)(?: range)?\]?>")
_CHOICES = re.compile(r"<list\[([^\[\]]*\|[^\[\]]*)\]>")
_KINDS = {"path": "<pad>", "Path": "<pad>", "str": "<tekst>", "int": "<getal>", "float": "<getal>"}
_BESIDE = re.compile(r"(?:^|(?<=  ))\[([^\[\]]+)\]$")
_WORDS = (
    (re.compile("required"), "verplicht"),
    (re.compile("default: (.+)"), r"standaard: \1"),
    (re.compile("(.+)<=x<=(.+)"), r"\1 tot en met \2"),
    (re.compile("x>=(.+)"), r"ten minste \1"),
    (re.compile("x<=(.+)"), r"hoogstens \1"),
)
_REFUSALS = (
    (re.compile(r"Missing command\."), "Er ontbreekt een opdracht."),
    (re.compile(r"Missing argument '(.+)'\."), r"Het argument `\1` ontbreekt."),
    (re.compile(r"Missing option '(.+)'\."), r"De optie `\1` ontbreekt."),
    (re.compile(r"No such command '(.*?)'\.(?: Did you mean (?P<near>.+)\?)?"), r"De opdracht `\1` bestaat niet."),
    (re.compile(r"No such option: (\S+)(?: \(Possible options: (?P<near>.+)\))?"), r"De optie `\1` bestaat niet."),
    (re.compile(r"Option '(.+)' requires an argument\."), r"Achter `\1` hoort een waarde."),
    (re.compile(r"Option '(.+)' does not take a value\."), r"Achter `\1` hoort geen waarde."),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)"), r"Dit staat er te veel: `\1`."),
    (re.compile(r"Invalid value for '?(.+?)'?: (?:path|file|dir) '(.+)' does not exist\."), r"Bij `\1`: `\2` bestaat niet."),
    (re.compile(r"Invalid value for '?(.+?)'?: .* valid integer.*"), r"Bij `\1` hoort een geheel getal."),
    (re.compile(r"Invalid value for '?(.+?)'?: .* valid number.*"), r"Bij `\1` hoort een getal."),
    (re.compile(r"Invalid value for '?(.+?)'?: .* less than or equal to (.+)"), r"Bij `\1` hoort een getal van hoogstens \2."),
    (re.compile(r"Invalid value for '?(.+?)'?: .* greater than or equal to (.+)"), r"Bij `\1` hoort een getal van ten minste \2."),
)


def refusal(message: str) -> str:
    """What Typer says about a command that was typed wrong, in Dutch; what it never said before stays as it is."""
    for pattern, dutch in _REFUSALS:
        if match := pattern.fullmatch(message):
            near = [f"`{name}`" for name in (match.groupdict().get("near") or "").replace("'", "").split(", ") if name]
            return match.expand(dutch) + (f" Bedoelde u {' of '.join(near)}?" if near else "")
    return message


class _Page:
    """A formatter of help pages that gets English and writes Dutch."""

    def __init__(self, ctx: Any) -> None:
        self._page = ctx.make_formatter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def write_usage(self, prog: str, args: str = "") -> None:
        """Write how the command is typed."""
        for english, dutch in _USAGE.items():
            args = args.replace(english, dutch)
        self._page.write_usage(prog, args, "Gebruik: ")

    def section(self, name: str) -> Any:
        """Begin a part of the page."""
        return self._page.section(_HEADINGS.get(name, name))

    def write_dl(self, rows: Sequence[tuple[str, str]]) -> None:
        """Write names with their explanations."""
        self._page.write_dl(
            [(_KIND.sub(lambda kind: _KINDS[kind[1]], _CHOICES.sub(r"[\1]", name)), _explained(text)) for name, text in rows]
        )


def _explained(text: str) -> str:
    """An explanation with what stands beside it between brackets."""
    return _BESIDE.sub(lambda beside: f"[{'; '.join(map(_beside, beside[1].split('; ')))}]", _HELP.get(text, text))


def _beside(text: str) -> str:
    return next((match.expand(dutch) for pattern, dutch in _WORDS if (match := pattern.fullmatch(text))), text)


class _Speaks:
    """A command whose help is in Dutch."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return self._written(ctx, "format_help")

    def get_usage(self, ctx: Any) -> str:
        """How the command is typed."""
        return self._written(ctx, "format_usage")

    def _written(self, ctx: Any, what: str) -> str:
        page = _Page(ctx)
        getattr(self, what)(ctx, page)
        return str(page.getvalue()).rstrip("\n")


class Command(_Speaks, TyperCommand):
    """A command in Dutch."""


class Group(_Speaks, TyperGroup):
    """A command with commands under it, in Dutch; it says what was typed wrong, and how to get help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the help where nothing was typed behind the command."""
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            typer.echo(ctx.get_help(), err=True)
            ctx.exit(int(Exit.USAGE))
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **settings: Any) -> Any:
        """Run what was typed, and end with its exit code."""
        if not settings.get("standalone_mode", True):
            return super().main(*args, **settings)
        try:
            code = super().main(*args, **{**settings, "standalone_mode": False})
        except typer.TyperException as error:
            ctx = getattr(error, "ctx", None)
            if ctx is not None:
                typer.echo(f"{ctx.get_usage()}\nProbeer `{ctx.command_path} --help`.\n", err=True)
            typer.echo(f"Fout: {refusal(error.format_message())}", err=True)
            code = error.exit_code
        except typer.Abort:
            typer.echo("Afgebroken.", err=True)
            code = 1
        sys.exit(code or 0)


class App(typer.Typer):
    """A program, or a part of one, whose commands speak Dutch."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(cls=Group, no_args_is_help=True, add_completion=False, rich_markup_mode=None, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[F], F]:
        """Register a command."""
        return super().command(name, cls=Command, **settings)
