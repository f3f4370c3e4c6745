# SPDX-License-Identifier: EUPL-1.2
"""The pages themselves: each takes what was posted, calls the engine where it must, and renders a template."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.answers import HTML
from api.context import Context
from api.examples import Example
from api.kinds import STANDARD
from api.pages import form as forms, stated
from api.problems import ApiProblem
from api.requests import Query, limited_body, require_content
from api.routes.beoordelingen import explained
from engine.language.kinds import LiteralError, parse_date
from engine.model.claim import LIFE_DOMAINS
from engine.model.problems import ClaimError, EngineError, Problem, problem_at
from engine.model.program import Program
from engine.passes.assess import assess
from engine.passes.intake import read_claim
from engine.rationale import html
from engine.rationale.html import prose
from engine.rationale.parts import Rendering
from engine.rationale.values import iso_day
from engine.rationale.wording import how_many, line, words

TEMPLATES = Path(__file__).parent / "templates"
STYLE = html.STYLE + (TEMPLATES / "formulier.css").read_text(encoding="utf-8")
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{html.style_hash(STYLE)}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}
FORM = ("application/x-www-form-urlencoded",)
MORE = "meer:"
MAX_FIELDS = 5_000
_UNSTATED: Mapping[str, Any] = {sort.key: [] for sort in stated.SORTS}
_RENDERINGS = (
    (Rendering.PROFESSIONAL, "voor wie weegt en beslist"),
    (Rendering.LEGAL, "voor wie toetst: alles, met artikel en versie"),
    (Rendering.PLAIN, "in gewone taal, voor wie het aangaat"),
)
ASKED = ("aanspraak", "peildatum", "gemeente")

_environment = Environment(
    loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(html.TEMPLATES)]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {"words": words, "line": line, "prose": prose, "day": iso_day}
_environment.globals |= {"how_many": how_many}


class Pages:
    """The pages over one context."""

    def __init__(self, context: Context, examples: Sequence[Example]) -> None:
        self.context = context
        self.examples = {example.name: example for example in examples}
        self.claims = [(claim, programs[-1].program.title) for claim, programs in context.rulebook.programs.items()]

    async def start(self, request: Request) -> Response:
        """GET ``/``: what is asked."""
        return self._start({}, {})

    async def example(self, request: Request) -> Response:
        """GET ``/aanvraag?voorbeeld=``: the form filled in with an example."""
        query = Query(request, ("voorbeeld",))
        name = query.text("voorbeeld", required=True)
        query.done()
        example = self.examples.get(name or "")
        if example is None:
            raise ApiProblem(404, "Dit voorbeeld is er niet.")
        asked = {key: str(example.claim[key]) for key in ASKED if key in example.claim}
        program, found = self._program(asked)
        if program is None:
            return self._start(asked, {}, found)
        return self._wanted(asked, forms.values_of(example.claim, program), program)

    async def step(self, request: Request) -> Response:
        """POST ``/aanvraag``: the step that the button asked for."""
        posted = await _posted(request)
        step = posted.get("stap", "")
        asked = {key: posted[key].strip() for key in ASKED if posted.get(key, "").strip()}
        values = forms.known(posted)
        program, found = self._program(asked)
        if step == "begin" or program is None:
            return self._start(asked, values, found if step != "begin" else ())
        if step in ("gewenst", f"{MORE}effect"):
            return self._wanted(asked, values, program, extra=step == f"{MORE}effect")
        return await self.context.turns.work(lambda: self._later(step, asked, values, program))

    def _later(self, step: str, asked: Mapping[str, str], values: dict[str, str], program: Program) -> Response:
        """The steps that assess what was filled in so far."""
        name, _, rest = step.partition(":")
        if name == "beoordeling":
            return self._assessed(asked, values, program, rest)
        if name == "betekenis":
            return self._meaning(asked, values, program)
        if name == "erbij":
            return self._meaning(asked, values, program, more=rest)
        if step.startswith(MORE) and rest in program.lists:
            values[f"n:{rest}"] = str(min(forms.row_count(rest, values) + 2, forms.MAX_ROWS))
        return self._facts(asked, values, program)

    # --- the steps -----------------------------------------------------------------------------------------------

    def _start(self, asked: Mapping[str, str], values: Mapping[str, str], found: Collection[Problem] = ()) -> Response:
        return _page(
            "begin.html",
            400 if found else 200,
            asked=asked,
            values=values,
            claims=self.claims,
            examples=list(self.examples.values()),
            problems=found,
            errors={problem.place.pointer: problem for problem in found},
        )

    def _wanted(
        self, asked: Mapping[str, str], values: Mapping[str, str], program: Program, *, extra: int = 0, found: Collection[Problem] = ()
    ) -> Response:
        seen = "gezien" in values
        mistakes = stated.mistakes(found, values, [stated.WANTED])
        rows = [stated.Row(stated.WANTED, n, values, mistakes.of(stated.WANTED, n)) for n in stated.numbers(stated.WANTED, values)]
        new = extra + (not rows or (seen and all(row.filled for row in rows)))
        rows += [stated.Row(stated.WANTED, number, values) for number in stated.free(stated.WANTED, values)[:new]]
        return _page(
            "gewenst.html",
            400 if found else 200,
            asked=asked,
            carried=list(forms.hidden(values, ("e:",))),
            program=program,
            rows=rows,
            seen=seen,
            problems=mistakes.listed(),
            domains=[(name, name) for name in LIFE_DOMAINS],
            purposes=_purposes(program),
        )

    def _facts(self, asked: Mapping[str, str], values: Mapping[str, str], program: Program, found: Collection[Problem] = ()) -> Response:
        claim, contradictions = _claim(asked, values, program)
        if unfinished := self._refused(claim, (stated.WANTED,)):
            return self._wanted(asked, values, program, found=unfinished)
        wanted, wrong = self._worth_asking(claim, program)
        shown = (*found, *contradictions, *(problem for problem in wrong if problem not in found))
        form = forms.Form(program, values, wanted, shown)
        sections = form.sections()
        return _page(
            "gegevens.html",
            400 if found else 200,
            asked=asked,
            carried=list(forms.hidden(values, ("f:", "s:", "n:"))),
            program=program,
            sections=sections,
            problems=[
                (forms.field_id(form.path_of(problem.place.pointer or "")), form.question(problem), problem)
                for problem in dict.fromkeys(shown)
            ],
            asking=sum(len([c for c in section.now if not c.filled]) for section in sections),
            wish=bool(claim["beoogdeEffecten"]) or "gezien" in values,
        )

    def _assessed(self, asked: Mapping[str, str], values: Mapping[str, str], program: Program, told: str) -> Response:
        claim, contradictions = _claim(asked, values, program)
        if contradictions:
            return self._facts(asked, values, program, contradictions)
        try:
            found = explained(claim, self.context)
        except ClaimError as error:
            return self._sent_back(asked, values, program, error.problems)
        rendering = Rendering(told) if told in list(Rendering) else Rendering.PROFESSIONAL
        return _page(
            "beoordeling.html",
            asked=asked,
            carried=list(_seen(values).items()),
            program=program,
            rationale=html.fragment(found, rendering),
            rendering=rendering,
            renderings=_RENDERINGS,
            asks=len(found["effectVragen"]),
        )

    def _sent_back(self, asked: Mapping[str, str], values: Mapping[str, str], program: Program, problems: Collection[Problem]) -> Response:
        """The earliest step in which something is wrong."""
        if wanted := _about(problems, (stated.WANTED,)):
            return self._wanted(asked, values, program, found=wanted)
        statements = _about(problems, (stated.EFFECTS, stated.OPTIONS))
        if statements and len(statements) == len(problems):
            return self._meaning(asked, values, program, found=statements)
        return self._facts(asked, values, program, [problem for problem in problems if problem not in statements])

    def _meaning(
        self,
        asked: Mapping[str, str],
        values: Mapping[str, str],
        program: Program,
        *,
        more: str | None = None,
        found: Collection[Problem] = (),
    ) -> Response:
        claim, contradictions = _claim(asked, values, program)
        if contradictions:
            return self._facts(asked, values, program, contradictions)
        try:
            data = explained(claim, self.context)
        except ClaimError:
            try:
                data = explained({**claim, "effecten": [], "opties": []}, self.context)
            except ClaimError as other:
                return self._sent_back(asked, values, program, other.problems)
        mistakes = stated.mistakes(found, values, (stated.EFFECTS, stated.OPTIONS))
        added = stated.added(values, mistakes, more=more == "optie")
        own = {row.value("id") or stated.own_id(row.number): row.value("tekst") for row in added if row.filled}
        options = {option["id"]: option["tekst"] for option in data["opties"] if option["id"] not in own} | own
        return _page(
            "betekenis.html",
            400 if found else 200,
            asked=asked,
            carried=list(forms.hidden(_seen(values), stated.PREFIXES)),
            values=values,
            program=program,
            people=stated.people(data, values, more, mistakes),
            added=added,
            options=list(options.items()),
            mistakes=mistakes,
            purposes=_purposes(program),
        )

    # --- helpers -------------------------------------------------------------------------------------------------

    def _program(self, asked: Mapping[str, str]) -> tuple[Program | None, list[Problem]]:
        """The program that the first step asks for, or what is wrong with it."""
        found: list[Problem] = []
        claim, text = asked.get("aanspraak", ""), asked.get("peildatum", "")
        if claim not in self.context.rulebook.programs:
            found.append(problem_at("TS-P02", "aanspraak", "Kies wat er wordt gevraagd.", ""))
        day: date | None = None
        try:
            day = parse_date(text)
        except LiteralError as error:
            found.append(problem_at("TS-P03", "peildatum", "Vul een dag in." if not text else error.cause, error.remedy))
        if found or day is None:
            return None, found
        compiled = self.context.rulebook.program(claim, day)
        if compiled is None:
            first = self.context.rulebook.programs[claim][0].program.valid_from
            cause = f"Voor deze dag zijn de regels niet ingevoerd; de eerste versie geldt vanaf {iso_day(first.isoformat())}."
            return None, [problem_at("TS-P03", "peildatum", cause, "Kies een latere dag.")]
        return compiled.program, []

    def _refused(self, claim: Mapping[str, Any], sorts: Collection[stated.Sort]) -> list[Problem]:
        """What is wrong with these rows of a claim."""
        try:
            read_claim(claim, self.context.rulebook)
        except ClaimError as error:
            return _about(error.problems, sorts)
        return []

    def _worth_asking(self, claim: Mapping[str, Any], program: Program) -> tuple[Collection[str], tuple[Problem, ...]]:
        """The facts that the outcome or the reversed test still rests on, and what is wrong with the facts so far.

        What is wrong counts as not filled in; where that does not help, every fact is worth asking.
        """
        wrong: tuple[Problem, ...] = ()
        try:
            assessment = assess({**claim, **_UNSTATED}, self.context.rulebook, self.context.earlier)
        except ClaimError as error:
            wrong = tuple(problem for problem in error.problems if (problem.place.pointer or "").startswith("/gegevens/"))
            bad = {(problem.place.pointer or "").split("/")[2] for problem in wrong}
            facts = {name: value for name, value in claim["gegevens"].items() if name not in bad}
            try:
                assessment = assess({**claim, "gegevens": facts, **_UNSTATED}, self.context.rulebook, self.context.earlier)
            except (ClaimError, EngineError):
                return program.facts.keys(), wrong
        except EngineError:
            return program.facts.keys(), ()
        questions = (*assessment.questions, *assessment.follow_up)
        return {question.path for question in questions if not question.assumed}, wrong


def _claim(asked: Mapping[str, str], values: Mapping[str, str], program: Program) -> tuple[dict[str, Any], list[Problem]]:
    reading = forms.read_facts(values, program)
    statements = {sort.key: stated.read(sort, values) for sort in stated.SORTS}
    return {**asked, "gegevens": reading.facts, **statements}, reading.problems


def _seen(values: Mapping[str, str]) -> dict[str, str]:
    """The form of somebody who saw the outcome: what was wanted before it is fixed."""
    return {**values, "gezien": "ja", **{row.name("vast"): "ja" for row in stated.rows(stated.WANTED, values)}}


def _purposes(program: Program) -> list[tuple[str, str]]:
    """The values of the law, to choose from."""
    return [(decl.id, decl.text) for _, decl in program.second.values]


def _about(problems: Iterable[Problem], sorts: Collection[stated.Sort]) -> list[Problem]:
    """Of the problems of a claim those about these rows."""
    starts = tuple(f"/{sort.key}/" for sort in sorts)
    return [problem for problem in problems if (problem.place.pointer or "").startswith(starts)]


async def _posted(request: Request) -> dict[str, str]:
    """A posted form as names and text; the last of a name that stands twice counts."""
    require_content(request, FORM)
    body = await limited_body(request)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ApiProblem(400, "Het formulier kon niet worden gelezen.") from None
    return dict(pairs)


def _page(template: str, status: int = 200, **data: Any) -> Response:
    text = _environment.get_template(template).render(style=Markup(STYLE), **data)
    return Response(text, status, HEADERS, HTML)


async def on_error_page(request: Request, error: Exception) -> Response:
    """An error as a page for who reads pages, as problem details for everyone else."""
    handler = next(found for kind, found in problems.HANDLERS.items() if isinstance(error, kind))
    response: Response = await handler(request, error)
    if HTML not in request.headers.get("accept", ""):
        return response
    kind = STANDARD.get(response.status_code)
    title, detail = (kind.title, kind.detail) if kind is not None else ("Fout", "")
    if isinstance(error, ApiProblem) and error.detail:
        detail = error.detail
    page = _page("fout.html", response.status_code, title=title, detail=detail)
    if isinstance(error, HTTPException) and "allow" in response.headers:
        page.headers["Allow"] = response.headers["allow"]
    return page
