# SPDX-License-Identifier: EUPL-1.2
"""The rationale as plain Dutch text: one line with the outcome on top, then the parts of an explained decision in order.

Reads only the data of :func:`engine.rationale.build.rationale`. Short sentences; every statement names the id of its
rule, fact, amount or door.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.rationale.wording import condition_words, how_many, line, whose

WIDTH = 100
_MARK = {"waar": "[ja]", "onwaar": "[nee]", "onbekend": "[?]", "niet nagegaan": "[-]"}
_WHO = {"register": "een register", "document": "een document", "aanvrager": "de aanvrager", "professional": "een professional"}


def render(data: dict[str, Any]) -> str:
    """A rationale as text, ending in a line break."""
    parts = [
        _headline(data),
        _part("1. De vraag en het beoogde effect", _question(data)),
        _part("2. De feiten", _facts(data)),
        _part("3. Wat de regels zeggen", _rules(data)),
        _part("4. Wat dit betekent", _meaning(data)),
        _part("5. Waar de wet voor is", _purpose(data)),
        _part("6. De opties", _options(data)),
        _part("7. De deuren in de wet", _doors(data)),
        _part("8. Argumenten voor en tegen", _arguments(data)),
        _part("9. Eerdere besluiten", _precedents(data)),
        _part("10. Wat nog niet bekend is", _unknown(data)),
        _part("11. Het advies", _advice(data)),
        _part("12. Hoe verder", _next(data)),
        _part("13. Verantwoording", _account(data)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _part(title: str, lines: Iterable[str]) -> str:
    body = list(lines)
    return f"{title}\n{'-' * len(title)}\n" + "\n".join(body) if body else ""


def _wrap(text: str, indent: str = "", first: str | None = None) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent if first is None else first, subsequent_indent=indent, break_on_hyphens=False)


def _item(text: str, depth: int = 0) -> str:
    pad = "  " * depth
    return _wrap(text, pad + "  ", pad + "- ")


def headline(data: dict[str, Any]) -> str:
    """The one line with the outcome: `UITKOMST (concept): ...`."""
    amounts = [
        f"{value['naam'].replace('_', ' ')} {value['getoond']}"
        for value in data["waarden"]
        if data["uitkomst"] in data["mogelijkeUitkomsten"] and not value["terIndicatie"]
    ]
    text = f"UITKOMST VAN DE REGELS (concept): {data['uitkomst'].replace('_', ' ')}. {data['uitkomstTekst']}"
    return text + (f" ({amounts[0]})" if amounts else "")


def _headline(data: dict[str, Any]) -> str:
    lines = [_wrap(headline(data))]
    if len(data["mogelijkeUitkomsten"]) > 1:
        lines.append(_wrap(f"Nog mogelijk: {', '.join(name.replace('_', ' ') for name in data['mogelijkeUitkomsten'])}."))
    lines.append(
        _wrap(
            f"{data['titel']} ({data['regeling']['naam']}), beoordeeld naar {data['peildatum']}"
            + (f", gemeente {data['gemeente']}" if data["gemeente"] else "")
            + "."
        )
    )
    lines.append(_wrap(data["toelichting"]))
    labels = [warning for warning in data["waarschuwingen"] if warning["code"] in ("concept", "te verifieren")]
    if labels:
        parts = how_many(len(labels), "onderdeel van deze regels is", "onderdelen van deze regels zijn")
        lines.append(_wrap(f"LET OP: {parts} nog niet vastgesteld of nagelezen; zie deel 13."))
    return "\n".join(lines)


def _question(data: dict[str, Any]) -> Iterator[str]:
    if not data["beoogdeEffecten"]:
        yield _wrap("Er is geen beoogd effect vastgelegd. Vraag eerst wat de betrokkene wil bereiken.")
    for effect in data["beoogdeEffecten"]:
        when = " (gesteld na de uitkomst)" if effect["naUitkomst"] else ""
        yield _item(
            f'{effect["persoon"]}, {effect["leefgebied"]}, op {effect["termijn"]}e termijn: "{effect["omschrijving"]}"{when}. '
            f"Gesteld door {effect['gesteldDoor']} op {effect['gesteldOp']}."
        )


def _facts(data: dict[str, Any]) -> Iterator[str]:
    for fact in data["gegevens"]:
        if not fact["teltMee"]:
            continue
        origin = f", uit {fact['herkomst']}" if fact["herkomst"] else ""
        if fact["stand"] == "oordeel":
            origin = f", oordeel van {fact['door']} ({fact['rol']}) op {fact['datum']}: {fact['reden']}"
        yield _item(f"{fact['naam']}: {fact['getoond']}{origin}")
    rest = [fact for fact in data["gegevens"] if not fact["teltMee"]]
    if rest:
        yield _wrap(
            "Ook opgegeven, zonder gevolg voor deze uitkomst: " + ", ".join(f"{fact['naam']} = {fact['getoond']}" for fact in rest) + "."
        )
    assumed = [item for item in data["aannames"] if item["draagtUitkomst"]]
    if assumed:
        yield _wrap("Aangenomen, en van belang voor de uitkomst; ga na of het klopt:")
        for item in assumed:
            yield _item(f"{_about(item)}{item['vraag'] or item['naam']} Aangenomen: {item['getoond']}. [{item['naam']}]")
    others = [item for item in data["aannames"] if not item["draagtUitkomst"]]
    if others:
        yield _wrap(
            "Ook aangenomen, zonder gevolg voor de uitkomst: " + ", ".join(f"{item['naam']} = {item['getoond']}" for item in others) + "."
        )


def _rules(data: dict[str, Any]) -> Iterator[str]:
    if data["gronden"]:
        yield _wrap("Wat in de weg staat of kan staan:")
        for ground in data["gronden"]:
            who = f" ({ground['persoon']})" if ground["persoon"] else ""
            text = " ".join(ground["teksten"]) if ground["uitkomst"] == "waar" else "Nog niet zeker."
            yield _item(
                f"{_MARK[ground['uitkomst']]} {', '.join(ground['regels'])}{who}: {text} "
                f"({'; '.join(source['tekst'] for source in ground['bronnen'])})"
            )
        yield ""
    for rule in data["regels"]:
        yield from _rule(rule)


def _rule(rule: dict[str, Any]) -> Iterator[str]:
    who = f" ({rule['persoon']})" if rule["persoon"] else ""
    title = rule["titel"] or rule["bepaalt"].replace("_", " ")
    level = "" if rule["niveau"] == "formele wet" else f" ({rule['niveau']})"
    head = f"{title}{who}, {rule['bron']['tekst']}{level} [{rule['id']}]"
    if "voorElke" in rule:
        yield _item(head)
        yield from _filling(rule["invulling"])
        for part in rule["voorElke"]:
            yield _item(f"{part['onderdeel']}: {_said(part)}", 1)
        return
    yield _item(f"{head}: {_said(rule)}")
    yield from _filling(rule["invulling"])
    if rule["uitkomst"] != "waar" or rule["rol"]:
        yield from _conditions(rule.get("voorwaarden"), 1)
    for exception in rule.get("uitzonderingen", ()):
        if exception is not None:
            yield _item(f"uitzondering {_MARK[exception['uitkomst']]} {line(exception['tekst'])}", 1)


def _filling(filling: dict[str, Any] | None) -> Iterator[str]:
    if filling is not None:
        yield _item(f"ingevuld door {filling_words(filling)}", 1)


def filling_words(filling: Mapping[str, Any]) -> str:
    """Who filled in a term, and where: `GM0000: Verordening ..., art. 20 (verordening, CVDR123456/1, vanaf 2020-01-01)`."""
    article = f", {filling['bron']}" if filling["bron"] else ""
    number = f", {filling['cvdr']}" if filling["cvdr"] else ""
    return f"{filling['gemeente']}: {filling['titel']}{article} ({filling['rang']}{number}, vanaf {filling['geldigVanaf']})"


def _said(rule: dict[str, Any]) -> str:
    words = _MARK[rule["uitkomst"]]
    if rule.get("getoond") is not None and rule["uitkomst"] == "waar":
        words = f"{rule['getoond']} (= {line(rule['berekening'])})"
    return f"{words} {rule['tekst']}" if rule.get("tekst") else words


def _conditions(node: dict[str, Any] | None, depth: int) -> Iterator[str]:
    if node is None:
        return
    truth, text = condition_words(node)
    yield _item(f"{_MARK[truth]} {text}{':' if 'delen' in node else ''}", depth)
    for part in node.get("delen", ()):
        yield from _conditions(part, depth + 1)


def _meaning(data: dict[str, Any]) -> Iterator[str]:
    for value in data["waarden"]:
        rule = f" [{value['regel']}]" if value["regel"] else ""
        indicative = " (ter indicatie)" if value["terIndicatie"] else ""
        yield _item(f"{value['naam'].replace('_', ' ')}: {value['getoond']}{indicative}{rule}")
    for amount in data["bedragen"]:
        since = f", geldt vanaf {amount['geldigVanaf']}" if amount["geldigVanaf"] else ""
        yield _item(f"bedrag {amount['id']}: {amount['getoond']} ({amount['bron']}{since})")


def _purpose(data: dict[str, Any]) -> Iterator[str]:
    if data["advies"]["redenGezien"] == "onwaar":
        return
    for value in data["waardenVanDeWet"]:
        yield _item(f"{value['tekst']} ({value['soort']}, {value['bron']['tekst']}) [{value['id']}]")


def _options(data: dict[str, Any]) -> Iterator[str]:
    seen = [item for item in data["aanleidingen"] if item["uitkomst"] == "waar"]
    if not seen:
        yield _wrap(
            "De omgekeerde toets is gedaan en ziet geen reden om verder te kijken."
            if data["advies"]["redenGezien"] == "onwaar"
            else "Of er reden is om verder te kijken, staat nog niet vast."
        )
    for item in seen:
        yield _item(f"Reden om verder te kijken: {item['tekst']} [{item['id']}]")
    for option in data["opties"]:
        state = "" if option["stand"] == "mogelijk" else " (nog te onderzoeken)"
        kind = "binnen de regels" if option["binnenRegels"] else "afwijking"
        yield _item(f"Optie, {kind}: {option['tekst']}{state} ({option['bron']['tekst']}) [{option['id']}]")


def _doors(data: dict[str, Any]) -> Iterator[str]:
    for door in data["deuren"]:
        lifts = f", heft op: {', '.join(door['heftOp'])}" if door["heftOp"] else ""
        yield _item(f"{door['titel']} ({door['bron']['tekst']}): {door['stand']}{lifts} [{door['id']}]")
        if door["stand"] == "uitgesloten":
            yield from _conditions(door["uitgesloten"], 1)
        else:
            yield from _conditions(door["voorwaarden"], 1)
        if door["bewijs"]:
            yield _item(
                f"Wie moet iets laten zien: {door['bewijs']['wie']}"
                + (f" ({door['bewijs']['wat']})" if door["bewijs"]["wat"] else "")
                + (f". Daarna: {door['bewijs']['daarna']}." if door["bewijs"]["daarna"] else "."),
                1,
            )
        for case in door["rechtspraak"]:
            yield _item(f"{case['ecli']} ({case['datum']}): {case['strekking'] or ''}", 1)
        if door["bevoegd"]:
            yield _item(f"Bevoegd: {', '.join(door['bevoegd'])}.", 1)
        if door["nietGedekt"]:
            yield _item(f"Niet gedekt: {door['nietGedekt']}", 1)


def _arguments(data: dict[str, Any]) -> Iterator[str]:
    for argument in data["argumenten"]:
        yield _item(
            f"{argument['richting']} {argument['optie']} ({argument['hoek']}): {argument['tekst']} "
            f"({argument['bron']['tekst']}) [{argument['id']}]"
        )
    corners = {argument["hoek"] for argument in data["argumenten"]}
    empty = [corner for corner in ("rechtmatig", "betrokken", "rendement") if corner not in corners]
    if data["argumenten"] and empty:
        yield _wrap(f"Nog zonder argument: {', '.join(empty)}.")
    for check in data["toetsen"]:
        effect = f" {check['bijNee']}" if check["antwoord"] == "nee" and check["bijNee"] else ""
        yield _item(f"Toets: {check['vraag']} {check['antwoord']}.{effect} [{check['id']}]")


def _precedents(data: dict[str, Any]) -> Iterator[str]:
    if data["precedenten"] or data["advies"]["redenGezien"] != "onwaar":
        yield _wrap("Er zijn geen eerdere besluiten meegegeven om mee te vergelijken.")


def _unknown(data: dict[str, Any]) -> Iterator[str]:
    for found in data["nietTeBepalen"]:
        yield _item(f"{line(found['tekst'])} [{found['naam']}]")
    for number, question in enumerate(data["ontbrekendeGegevens"], 1):
        yield from _asked(number, question)
    if data["watAnders"]:
        yield _wrap("Wat anders zou moeten zijn voor een andere uitkomst (uitleg, geen advies):")
        for change in data["watAnders"]:
            yield _item(change["tekst"])
    if data["vervolgvragen"]:
        yield _wrap("Voor de omgekeerde toets:")
        for number, question in enumerate(data["vervolgvragen"], 1):
            yield from _asked(number, question)


def _asked(number: int, question: dict[str, Any]) -> Iterator[str]:
    roles = f" ({', '.join(question['rollen'])})" if question["rollen"] else ""
    yield _item(
        f"{number}. {_about(question)}{question['vraag']} Te vragen aan: {_WHO[question['wie']]}{roles}. "
        f"{question['beslissend'].capitalize()}. [{question['naam']}]"
    )
    settled = "; ".join(f"{item['antwoord']} -> {item['uitkomst'].replace('_', ' ')}" for item in question["beslissendBij"][:4])
    if settled:
        yield _item(f"Dit antwoord beslist alleen: {settled}.", 1)


def _about(named: dict[str, Any]) -> str:
    """Of whom a question asks: `Partner: `; nothing where it asks about the case itself."""
    owner = whose(named["naam"])
    return f"{owner}: " if owner else ""


def _advice(data: dict[str, Any]) -> Iterator[str]:
    advice = data["advies"]
    yield _wrap(f"{advice['resultaat'].replace('_', ' ').capitalize()}. {advice['tekst']}")
    for item in advice["uitzonderingenOpen"]:
        yield _item(f"Eerst nagaan of deze uitzondering in de wet geldt: {line(item['uitzondering'])} [{item['regel']}]")
    for signal in data["signalen"]:
        yield _item(f"Signaal: {signal['tekst']} ({signal['bron']['tekst']}) [{signal['id']}]")
    yield _wrap("Er is nog geen besluit. Een besluit bestaat pas als een bevoegd persoon het in eigen woorden vastlegt.")


def _next(data: dict[str, Any]) -> Iterator[str]:
    if data["hoeVerder"]["tekst"]:
        yield _wrap(data["hoeVerder"]["tekst"])
    for duty in data["hoeVerder"]["plichten"]:
        who = f" ({duty['wie']})" if duty["wie"] else ""
        yield _item(f"Nog te doen{who}: {duty['tekst']} ({duty['bron']['tekst']}) [{duty['regel']}]")


def _account(data: dict[str, Any]) -> Iterator[str]:
    account = data["verantwoording"]
    yield _wrap(f"Een regelmotor heeft geholpen: {account['regelmotor']}, regelbestand {account['regelbestand'][:16]}. Een mens beslist.")
    for version in account["versies"]:
        yield _item(f"{version['regelset']}, versie {version['geldigVanaf']} ({version['status']}): {version['waarom']}.")
    for warning in data["waarschuwingen"]:
        yield _item(f"{warning['code'].capitalize()}: {warning['tekst']}")
    links = dict(_links(data))
    if links:
        yield _wrap("De artikelen, in de tekst die op de peildatum gold:")
        for name, address in links.items():
            yield _item(f"{name}:")
            yield f"  {address}"


def _links(node: Any) -> Iterator[tuple[str, str]]:
    """Every source of a rationale that has an address, by its name, in the order in which it is told."""
    if isinstance(node, Mapping):
        if node.get("link") and {"tekst", "regeling"} <= node.keys():
            yield f"{node['tekst']}, {node['regeling']}", node["link"]
        for part in node.values():
            yield from _links(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _links(part)
