# SPDX-License-Identifier: EUPL-1.2
"""The type checker: an untyped line becomes a typed tree, or is refused with the reason and the way out.

A pass of its own, before any back end: nothing that passes here can fail on kinds. Lists that the law composes of
persons are unrolled on the way, so that the tree speaks of ``partner.geboortedatum`` and not of a loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from engine.language import lines as ast
from engine.language.fits import (
    UNITS,
    alike,
    as_money,
    common_kind,
    dimension_of,
    product,
    same_period,
    shift,
    unify,
    unlike_remedy,
)
from engine.language.scope import Context, KindError, OutcomeName, Person, Scope
from engine.model import tree
from engine.model.kinds import BOOL, DATE, INT, NUMBER, PERCENTAGE, TEXT, Base, Kind, duration
from engine.model.problems import meant
from engine.model.values import Dimension, Duration, simplest

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Checker:
    """Checks lines against a scope; stateless but for the scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    # --- criteria ------------------------------------------------------------------------------------------------

    def criterion(self, node: ast.Syntax, context: Context) -> tree.Criterion:
        """A line as a test; refuses anything that is not ja/nee."""
        match node:
            case ast.Group(value=value):
                return self.criterion(value, context)
            case ast.Negation(value=value):
                return tree.Not(self.criterion(value, context))
            case ast.Joined():
                return self._joined(node, context)
            case ast.Comparison():
                return self._comparison(node, context)
            case ast.Membership():
                return self._membership(node, context)
            case ast.Quantifier(word="een" | "alle"):
                return self._quantifier(node, context)
            case ast.Literal(sort="yes" | "no"):
                return tree.Const(node.sort == "yes")
        found = self.value(node, context)
        if found.kind.base is not Base.BOOL:
            raise KindError(
                "TS-T01",
                node.column,
                f"Dit is geen ja of nee maar een {found.kind}.",
                "Maak er een test van, bijvoorbeeld met `is` of `>=`.",
            )
        return tree.Truth(found)

    def _joined(self, node: ast.Joined, context: Context) -> tree.Criterion:
        for part in node.parts:
            if isinstance(part, ast.Name) and "." not in part.text and self._only_a_choice(part, context):
                raise KindError(
                    "TS-T02",
                    part.column,
                    f"`{part.text}` is een keuze en staat hier alleen: `{node.word}` verbindt hele tests.",
                    "Schrijf `in [a, b]`, of herhaal de hele test.",
                )
        guards = guards_of((*node.parts,), context, wanted="is niet" if node.word == "en" else "is")
        inner = replace(context, guards=context.guards | guards)
        children = tuple(self.criterion(part, inner) for part in node.parts)
        return tree.And(children) if node.word == "en" else tree.Or(children)

    def _only_a_choice(self, name: ast.Name, context: Context) -> bool:
        if self._find(name, context) is not None:
            return False
        kinds = [*self.scope.facts.values(), *(kind for group in self.scope.groups.values() for kind in group.values())]
        return any(name.text in kind.choices for kind in kinds)

    def _comparison(self, node: ast.Comparison, context: Context) -> tree.Criterion:
        left_node, right_node = node.left, node.right
        if _is_geen(left_node) or _is_geen(right_node):
            return self._is_geen(node, right_node if _is_geen(left_node) else left_node, context)
        left = self._unless_choice(left_node, context)
        right = self._unless_choice(right_node, context)
        if left is None and right is None:
            self.value(left_node, context)
        if left is None and right is not None:
            left = self._choice(left_node, right.kind, context)
        if right is None and left is not None:
            right = self._choice(right_node, left.kind, context)
        assert left is not None
        assert right is not None
        left, right = self._as_choice(left_node, left, right.kind, context), self._as_choice(right_node, right, left.kind, context)
        left, right = as_money(left, right)
        self._comparable(node, left.kind, right.kind)
        self._refuse_count_of_one(node)
        return tree.Compare(node.op, left, right)

    def _is_geen(self, node: ast.Comparison, subject: ast.Syntax, context: Context) -> tree.Criterion:
        if node.op not in ("is", "is niet"):
            raise KindError(
                "TS-T03", node.column, f"Met `{node.op}` kan niet met `geen` worden vergeleken.", "Schrijf `is geen` of `is niet geen`."
            )
        negated = node.op == "is niet"
        subject = _inside(subject)
        outer = _outer(subject.text, context) if isinstance(subject, ast.Name) else None
        if isinstance(subject, ast.Name) and outer is not None and (member := self.scope.members.get(outer)):
            if not member.optional:
                raise KindError(
                    "TS-T04",
                    subject.column,
                    f"`{subject.text}` kan niet `geen` zijn.",
                    "Zet `mag ontbreken: ja` bij het gegeven, of laat deze test weg.",
                )
            present = tree.Present(outer)
            return present if negated else tree.Not(present)
        value = self.value(subject, context)
        if not value.kind.optional:
            raise KindError(
                "TS-T04",
                subject.column,
                f"Dit kan niet `geen` zijn: het is altijd een {value.kind}.",
                "Zet `mag ontbreken: ja` bij het gegeven, of laat deze test weg.",
            )
        return tree.IsGeen(value, negated)

    def _unless_choice(self, node: ast.Syntax, context: Context) -> tree.Expr | None:
        """The value, or None for a bare word that only a choice on the other side can explain."""
        if isinstance(node, ast.Name) and self._find(node, context) is None:
            return None
        return self.value(node, context)

    def _as_choice(self, node: ast.Syntax, found: tree.Expr, other: Kind, context: Context) -> tree.Expr:
        """A word that is both a name and a choice of the other side means the choice, unless the name is a choice fact itself."""
        if other.base is Base.CHOICE and found.kind.base is not Base.CHOICE and isinstance(node, ast.Name) and node.text in other.choices:
            return self._choice(node, other, context)
        return found

    def _choice(self, node: ast.Syntax, other: Kind, context: Context) -> tree.Expr:
        assert isinstance(node, ast.Name)
        if other.base is Base.CHOICE:
            if node.text not in other.choices:
                raise KindError(
                    "TS-T05",
                    node.column,
                    f"`{node.text}` is geen keuze van dit gegeven.",
                    meant(node.text, other.choices) or f"De keuzes zijn: {', '.join(other.choices)}.",
                )
            return tree.Lit(replace(other, optional=False), node.text)
        return self.value(node, context)

    def _comparable(self, node: ast.Comparison, left: Kind, right: Kind) -> None:
        ordered = node.op not in ("is", "is niet")
        fits = alike(left, right)
        if fits and ordered and left.base in (Base.BOOL, Base.CHOICE, Base.TEXT):
            raise KindError("TS-T06", node.column, f"Een {left} heeft geen groter of kleiner.", "Gebruik `is` of `is niet`.")
        if not fits:
            raise KindError("TS-T07", node.column, f"Een {left} kan niet met een {right} worden vergeleken.", unlike_remedy(left, right))
        if left.base in (Base.GROUP, Base.LIST):
            raise KindError("TS-T07", node.column, f"Een {left} kan niet worden vergeleken.", "Vergelijk een onderdeel ervan.")

    @staticmethod
    def _refuse_count_of_one(node: ast.Comparison) -> None:
        left, right = _inside(node.left), _inside(node.right)
        for count, op, number in ((left, node.op, right), (right, _MIRRORED.get(node.op, node.op), left)):
            one = isinstance(number, ast.Literal) and (op, number.text) in ((">=", "1"), (">", "0"), ("is niet", "0"))
            if isinstance(count, ast.Quantifier) and count.word == "aantal" and one:
                raise KindError(
                    "TS-T08",
                    node.column,
                    "`aantal(...)` wordt hier alleen gebruikt om te zien of er een is.",
                    "Schrijf `een(... waar ...)`: dat blijft ook juist als de lijst niet volledig is.",
                )

    def _membership(self, node: ast.Membership, context: Context) -> tree.Criterion:
        value = self.value(node.value, context)
        if value.kind.base is not Base.CHOICE:
            raise KindError("TS-T09", node.column, f"`in` past alleen bij een keuze; dit is een {value.kind}.", "Gebruik een vergelijking.")
        for choice in node.choices:
            self._choice(choice, value.kind, context)
        return tree.OneOf(value, tuple(choice.text for choice in node.choices), node.negated)

    def _quantifier(self, node: ast.Quantifier, context: Context) -> tree.Criterion:
        assert node.where is not None
        name = self._list(node.list, context)
        if name in self.scope.composed:
            parts = [self._for_person(node.where, name, person, context) for person in self.scope.composed[name]]
            if node.word == "een":
                return tree.Or(tuple(tree.And((present, where)) if present else where for present, where in parts))
            return tree.And(tuple(tree.Or((tree.Not(present), where)) if present else where for present, where in parts))
        where = self.criterion(node.where, Context(list=name, guards=context.guards))
        return tree.Exists(name, where) if node.word == "een" else tree.ForAll(name, where)

    def _for_person(
        self, where: ast.Syntax | None, composed: str, person: Person, context: Context
    ) -> tuple[tree.Criterion | None, tree.Criterion]:
        inner = Context(person=person.name, composed=composed, guards=context.guards | {person.name})
        criterion = self.criterion(where, inner) if where is not None else tree.Const(True)
        return self.presence(person), criterion

    def presence(self, person: Person) -> tree.Criterion | None:
        """When a member of a composed list counts; None where it always does."""
        parts: list[tree.Criterion] = [tree.Present(person.name)] if self.scope.members[person.name].optional else []
        if person.counts is not None:
            parts.append(self.criterion(person.counts, Context(guards=frozenset({person.name}))))
        return None if not parts else parts[0] if len(parts) == 1 else tree.And(tuple(parts))

    def _list(self, name: ast.Name, context: Context) -> str:
        text = name.text.removeprefix("zaak.")
        if text in self.scope.lists or text in self.scope.composed:
            if context.list is not None and text in self.scope.lists:
                raise KindError(
                    "TS-T10",
                    name.column,
                    "Een lijst binnen een lijst kent de regeltaal niet.",
                    "Maak er een eigen regel met `voor elke` van.",
                )
            return text
        raise KindError(
            "TS-T11",
            name.column,
            f"`{name.text}` is geen lijst.",
            meant(text, [*self.scope.lists, *self.scope.composed])
            or "Een lijst is een gegeven met `soort: lijst van ...`, of staat bij `samengesteld`.",
        )

    # --- values --------------------------------------------------------------------------------------------------

    def value(self, node: ast.Syntax, context: Context) -> tree.Expr:
        """A line as a value, with its kind."""
        match node:
            case ast.Group(value=value):
                return self.value(value, context)
            case ast.Literal():
                return self._literal(node)
            case ast.Name():
                return self._name(node, context)
            case ast.Binary():
                return self._binary(node, context)
            case ast.Negate(value=value):
                return self._negate(node, self.value(value, context))
            case ast.SpanOf():
                return self._span(node, context)
            case ast.BetweenDates():
                start, end = (self._need(DATE, part, context, "tussen") for part in (node.start, node.end))
                kind = replace(duration(dimension_of(UNITS[node.unit])), optional=start.kind.optional or end.kind.optional)
                return tree.Between(kind, node.unit, start, end)
            case ast.AgeOn():
                return self._age(node, context)
            case ast.FunctionCall():
                return self._call(node, context)
            case ast.Quantifier(word="aantal" | "som"):
                return self._aggregate(node, context)
            case ast.RuleChoice(rule=rule):
                if rule not in self.scope.powers:
                    raise KindError(
                        "TS-T13", node.column, f"Er is geen regel `{rule}` met `modaliteit: kan`.", meant(rule, self.scope.powers)
                    )
                return tree.FactRef(BOOL, f"keuze({rule})")
        self.criterion(node, context)
        raise KindError(
            "TS-T14", node.column, "Hier wordt een waarde verwacht, geen test.", "Zet een test onder `als`, of gebruik een `tabel`."
        )

    def _literal(self, node: ast.Literal) -> tree.Expr:
        match node.sort:
            case "number":
                number = simplest(Fraction(Decimal(node.text)))
                return tree.Lit(INT if "." not in node.text else NUMBER, number)
            case "percent":
                return tree.Lit(PERCENTAGE, simplest(Fraction(Decimal(node.text[:-1])) / 100))
            case "date":
                try:
                    return tree.Lit(DATE, date.fromisoformat(node.text))
                except ValueError:
                    raise KindError(
                        "TS-T15", node.column, f"{node.text} bestaat niet op de kalender.", "Controleer maand en dag."
                    ) from None
            case "string":
                return tree.Lit(TEXT, node.text)
            case "yes" | "no":
                return tree.Lit(BOOL, node.sort == "yes")
        raise KindError("TS-T03", node.column, "`geen` past alleen na `is` of `is niet`.", "Schrijf `... is geen`.")

    def names_something(self, node: ast.Name, context: Context) -> bool:
        """Whether a bare word is a name here, or would be one of the whole case."""
        return self._find(node, context) is not None or node.text in self.scope.names()

    def _find(self, node: ast.Name, context: Context) -> tree.Expr | None:
        """What a name stands for, or None where it stands for nothing."""
        text = node.text
        if text == "peildatum":
            return tree.FactRef(DATE, "peildatum")
        if context.list is not None or context.person is not None:
            if not text.startswith("zaak."):
                return self._item(text, context)
            text = text.removeprefix("zaak.")
        return self._top(text, node, context)

    def _item(self, text: str, context: Context) -> tree.Expr | None:
        where = context.list or context.composed
        assert where is not None
        group = self.scope.groups[self.scope.group_of(where)]
        outcome = self.scope.outcomes.get(text)
        if context.list is not None:
            if text in group:
                return tree.MemberRef(group[text], context.list, text)
            if outcome is not None and outcome.per == context.list:
                return tree.MemberOutcomeRef(self.scope.kind_of(outcome.qualified), context.list, outcome.qualified)
            return None
        assert context.person is not None
        if text in group:
            return tree.FactRef(group[text], f"{context.person}.{text}")
        if outcome is not None and outcome.per is not None and context.person in self.scope.persons(outcome.per):
            return tree.OutcomeRef(self.scope.kind_of(outcome.qualified), f"{context.person}.{outcome.qualified}")
        return None

    def _top(self, text: str, node: ast.Name, context: Context) -> tree.Expr | None:
        scope = self.scope
        if text in scope.facts:
            return tree.FactRef(scope.facts[text], text)
        if text in scope.extra:
            return tree.FactRef(scope.extra[text], text)
        if text in scope.amounts:
            return tree.AmountRef(scope.amounts[text], text)
        if (outcome := scope.outcomes.get(text)) is not None:
            return self._outcome(outcome, node)
        first, _, rest = text.partition(".")
        member = scope.members.get(first)
        if member is None or not rest:
            return None
        if rest in scope.groups[member.group]:
            kind = scope.groups[member.group][rest]
            if member.optional and first not in context.guards:
                raise KindError(
                    "TS-T12",
                    node.column,
                    f"`{first}` kan `geen` zijn: dan heeft `{text}` geen betekenis.",
                    f"Zet er `{first} is niet geen` bij (met `en`, onder `alle`, of in een rij erboven).",
                )
            return tree.FactRef(replace(kind, optional=kind.optional), text)
        outcome = scope.outcomes.get(rest)
        if outcome is not None and outcome.per is not None and first in scope.persons(outcome.per):
            if member.optional and first not in context.guards:
                raise KindError(
                    "TS-T12",
                    node.column,
                    f"`{first}` kan `geen` zijn: dan heeft `{text}` geen betekenis.",
                    f"Zet er `{first} is niet geen` bij (met `en`, onder `alle`, of in een rij erboven).",
                )
            return tree.OutcomeRef(scope.kind_of(outcome.qualified), f"{first}.{outcome.qualified}")
        return None

    def _outcome(self, outcome: OutcomeName, node: ast.Name) -> tree.Expr:
        if outcome.per is not None:
            raise KindError(
                "TS-T16",
                node.column,
                f"`{node.text}` wordt bepaald voor elke van `{outcome.per}` en staat hier los.",
                f"Schrijf `een({outcome.per} waar {node.text})`, `aantal(...)`, of noem de persoon ervoor.",
            )
        return tree.OutcomeRef(self.scope.kind_of(outcome.qualified), outcome.qualified)

    def _name(self, node: ast.Name, context: Context) -> tree.Expr:
        found = self._find(node, context)
        if found is not None:
            if found.kind.base in (Base.GROUP, Base.LIST):
                raise KindError(
                    "TS-T17",
                    node.column,
                    f"`{node.text}` is een {found.kind}; daarmee valt niet te rekenen.",
                    "Gebruik een onderdeel ervan, of `een`, `alle`, `aantal`, `som`.",
                )
            return found
        text = node.text
        if _outer(text, context) in self.scope.members:
            raise KindError(
                "TS-T17",
                node.column,
                f"`{text}` is een {self.scope.members[str(_outer(text, context))].group}; daarmee valt niet te rekenen.",
                f"Gebruik een onderdeel ervan: `{text}.<gegeven>`.",
            )
        if context.list is not None or context.person is not None:
            where = context.list or context.composed
            assert where is not None
            if text in self.scope.members or self._top(text.removeprefix("zaak."), node, context) is not None:
                raise KindError(
                    "TS-T18",
                    node.column,
                    f"`{text}` hoort niet bij een onderdeel van `{where}` maar bij de hele zaak.",
                    f"Schrijf `zaak.{text}`.",
                )
            group = self.scope.groups[self.scope.group_of(where)]
            raise KindError(
                "TS-T19", node.column, f"`{text}` is niet bekend bij `{where}`.", meant(text, group) or "Voeg het toe aan gegevens.yaml."
            )
        remedy = meant(text, self.scope.names())
        raise KindError(
            "TS-T19",
            node.column,
            f"`{text}` is niet bekend.",
            remedy or "Het is geen gegeven, geen bedrag en geen uitkomst van een regel; voeg het toe aan gegevens.yaml of bedragen.yaml.",
        )

    def _need(self, kind: Kind, node: ast.Syntax, context: Context, word: str) -> tree.Expr:
        value = self.value(node, context)
        if value.kind.base is not kind.base:
            raise KindError("TS-T20", node.column, f"Bij `{word}` hoort een {kind}; dit is een {value.kind}.", "")
        return value

    def _age(self, node: ast.AgeOn, context: Context) -> tree.Expr:
        prefix, _, last = node.name.text.rpartition(".")
        if last != "leeftijd":
            raise KindError(
                "TS-T21",
                node.name.column,
                f"`op` past alleen bij `leeftijd`, niet bij `{last}`.",
                "Schrijf `aanvrager.leeftijd op peildatum`.",
            )
        birth = self._name(ast.Name(node.name.column, f"{prefix}.geboortedatum" if prefix else "geboortedatum"), context)
        day = self._need(DATE, node.day, context, "op")
        return tree.Age(replace(INT, optional=birth.kind.optional or day.kind.optional), birth, day)

    def _span(self, node: ast.SpanOf, context: Context) -> tree.Expr:
        number = self.value(node.number, context)
        if number.kind.base is not Base.INT:
            raise KindError(
                "TS-T22",
                node.column,
                f"Voor `{node.unit}` hoort een geheel getal; dit is een {number.kind}.",
                "Schrijf bijvoorbeeld `6 weken`.",
            )
        unit = UNITS[node.unit]
        kind = replace(duration(dimension_of(unit)), optional=number.kind.optional)
        if isinstance(number, tree.Lit):
            count = int(number.value)  # type: ignore[arg-type]
            return tree.Lit(kind, Duration(unit.months * count, unit.days * count, unit.workdays * count))
        return tree.Span(kind, number, unit)

    def _negate(self, node: ast.Negate, value: tree.Expr) -> tree.Expr:
        if not value.kind.numeric and value.kind.base is not Base.MONEY:
            raise KindError("TS-T23", node.column, f"Een min voor een {value.kind} heeft geen betekenis.", "")
        if isinstance(value, tree.Lit) and isinstance(value.value, int | Fraction):
            return tree.Lit(value.kind, -value.value)
        return tree.Arith(value.kind, "-", tree.Lit(value.kind.required(), 0), value)

    def _binary(self, node: ast.Binary, context: Context) -> tree.Expr:
        left, right = self.value(node.left, context), self.value(node.right, context)
        if node.op in "+-":
            return self._plus_minus(node, left, right)
        if node.op == "van" and left.kind.base is not Base.PERCENTAGE and left.kind.base is not Base.NUMBER:
            raise KindError(
                "TS-T24",
                node.column,
                f"Voor `van` hoort een percentage of een deel; dit is een {left.kind}.",
                "Schrijf bijvoorbeeld `25% van loon`.",
            )
        kind = product(node.op, left.kind, right.kind)
        if kind is None:
            word = "gedeeld door" if node.op == "/" else "vermenigvuldigd met"
            raise KindError("TS-T25", node.column, f"Een {left.kind} kan niet worden {word} een {right.kind}.", "")
        return tree.Arith(replace(kind, optional=left.kind.optional or right.kind.optional), "/" if node.op == "/" else "*", left, right)

    def _plus_minus(self, node: ast.Binary, left: tree.Expr, right: tree.Expr) -> tree.Expr:
        optional = left.kind.optional or right.kind.optional
        lb, rb = left.kind.base, right.kind.base
        if lb is Base.DATE and rb is Base.DURATION:
            return shift(left, right, 1 if node.op == "+" else -1, optional=optional)
        if lb is Base.DATE and rb is Base.DATE and node.op == "-":
            raise KindError(
                "TS-T26",
                node.column,
                "Twee datums aftrekken kan op meer manieren.",
                "Schrijf `dagen tussen a en b` of `maanden tussen a en b`.",
            )
        left, right = as_money(left, right)
        if lb is Base.DURATION and rb is Base.DURATION:
            same = left.kind.dimension is right.kind.dimension
            kind = left.kind if same else duration(Dimension.MIXED)
        elif left.kind.base is Base.MONEY and right.kind.base is Base.MONEY and same_period(left.kind, right.kind):
            kind = left.kind if left.kind.per else right.kind
        elif lb is Base.PERCENTAGE and rb is Base.PERCENTAGE:
            kind = PERCENTAGE
        elif {lb, rb} <= {Base.INT, Base.NUMBER}:
            kind = INT if lb is rb is Base.INT else NUMBER
        else:
            raise KindError(
                "TS-T27",
                node.column,
                f"Een {left.kind} en een {right.kind} kunnen niet worden {'opgeteld' if node.op == '+' else 'afgetrokken'}.",
                unlike_remedy(left.kind, right.kind),
            )
        return tree.Arith(replace(kind, optional=optional), node.op, left, right)

    def _call(self, node: ast.FunctionCall, context: Context) -> tree.Expr:
        args = [self.value(arg, context) for arg in node.args]
        optional = any(arg.kind.optional for arg in args)
        name = node.function
        if name in ("jaar_van", "eerstvolgende_werkdag", "eerste_dag_van_maand"):
            if len(args) != 1 or args[0].kind.base is not Base.DATE:
                raise KindError("TS-T28", node.column, f"`{name}` neemt precies een datum.", f"Schrijf `{name}(peildatum)`.")
            return tree.Call(replace(INT if name == "jaar_van" else DATE, optional=optional), name, tuple(args))
        if len(args) < 2:
            raise KindError("TS-T28", node.column, f"`{name}` neemt twee of meer waarden.", f"Schrijf `{name}(a, b)`.")
        args = unify(args)
        first = args[0].kind
        dates = name in ("vroegste", "laatste")
        for arg, syntax in zip(args, node.args, strict=True):
            wrong = arg.kind.base is not Base.DATE if dates else not (arg.kind.numeric or arg.kind.base in (Base.MONEY, Base.DURATION))
            if wrong or not alike(first, arg.kind):
                raise KindError(
                    "TS-T28",
                    syntax.column,
                    f"`{name}` vergelijkt {'datums' if dates else 'getallen of bedragen van een soort'}; dit is een {arg.kind}.",
                    "",
                )
        return tree.Call(replace(common_kind([arg.kind for arg in args]), optional=optional), name, tuple(args))

    def _aggregate(self, node: ast.Quantifier, context: Context) -> tree.Expr:
        name = self._list(node.list, context)
        if name in self.scope.composed:
            return self._unrolled(node, name, context)
        inner = Context(list=name, guards=context.guards)
        where = self.criterion(node.where, inner) if node.where is not None else None
        if node.word == "aantal":
            return tree.Count(INT, name, where)
        assert node.value is not None
        value = self._summable(node, self.value(node.value, inner))
        return tree.Sum(value.kind.required(), name, value, where)

    def _unrolled(self, node: ast.Quantifier, name: str, context: Context) -> tree.Expr:
        parts = []
        for person in self.scope.composed[name]:
            present, where = self._for_person(node.where, name, person, context)
            parts.append((person.name, tree.And((present, where)) if present else where))
        if node.word == "aantal":
            return tree.Tally(INT, tuple(criterion for _, criterion in parts))
        assert node.value is not None
        terms = []
        for name_of, criterion in parts:
            inner = Context(person=name_of, composed=name, guards=context.guards | {name_of})
            terms.append((criterion, self._summable(node, self.value(node.value, inner))))
        return tree.TallySum(terms[0][1].kind.required(), tuple(terms))

    @staticmethod
    def _summable(node: ast.Quantifier, value: tree.Expr) -> tree.Expr:
        if not value.kind.numeric and value.kind.base is not Base.MONEY:
            raise KindError("TS-T29", node.column, f"`som` telt getallen of bedragen op; dit is een {value.kind}.", "")
        return value


def guards_of(parts: Iterable[ast.Syntax], context: Context, wanted: str) -> frozenset[str]:
    """The names that these tests show to exist: `x is niet geen` beside the rest (or `x is geen` in an either-or)."""
    names: set[str] = set()
    for written in parts:
        part = _inside(written)
        if isinstance(part, ast.Comparison) and part.op == wanted and _is_geen(part.right) and isinstance(part.left, ast.Name):
            outer = _outer(part.left.text, context)
            names |= {outer} if outer is not None else set()
        elif isinstance(part, ast.Joined) and part.word == ("en" if wanted == "is niet" else "of"):
            names |= guards_of(part.parts, context, wanted)
    return frozenset(names)


def _outer(text: str, context: Context) -> str | None:
    """The name of something of the whole case; None for a bare word about an item or a person."""
    if context.list is None and context.person is None:
        return text
    return text.removeprefix("zaak.") if text.startswith("zaak.") else None


def _inside(node: ast.Syntax) -> ast.Syntax:
    """What stands between brackets."""
    while isinstance(node, ast.Group):
        node = node.value
    return node


def _is_geen(node: ast.Syntax) -> bool:
    return isinstance(node, ast.Literal) and node.sort == "none"
