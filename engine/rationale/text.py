# SPDX-License-Identifier: EUPL-1.2
"""The rationale as plain Dutch text: one line with the outcome on top, then the parts of an explained decision in order.

Reads only the data of :func:`engine.rationale.build.rationale`. Short sentences; every statement names the id of its
rule, fact, amount or door.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.language.sources import RULING, ruling_link
from engine.rationale.lexicon import finder
from engine.rationale.wording import condition_words, how_many, line, whose

WIDTH = 100
UNREAD = " (nog niet nagelezen)"
_MARK = {"waar": "[ja]", "onwaar": "[nee]", "onbekend": "[?]", "niet nagegaan": "[-]"}
_WHO = {"register": "een register", "document": "een document", "aanvrager": "de aanvrager", "professional": "een professional"}


def render(data: dict[str, Any]) -> str:
    """A rationale as text, ending in a line break."""
    told = [
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
        decision_part(data),
        _part("12. Hoe verder", _next(data)),
    ]
    account = list(_account(data))
    words = _used(data["woorden"], "\n".join((*told, *account)))
    links = _linked({**data, "woorden": words})
    told += [_part("Woorden", map(_word, words)), _part("13. Verantwoording", (*account, *links))]
    return "\n\n".join(part for part in told if part) + "\n"


def decision_part(data: dict[str, Any]) -> str:
    """Part 11: the advice, and the decision where a person took one."""
    decided = data["besluit"] is not None
    return _part("11. Het advies en het besluit" if decided else "11. Het advies", [*_advice(data), *_decision(data)])


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
    if data["woorden"]:
        lines.append(_wrap("Wat woorden van de wet betekenen, staat in de lijst achter deel 12."))
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
            asked = f"{_about(item)}{item['vraag'] or item['naam']}{_source(item)}"
            yield _item(f"{asked} Aangenomen: {item['getoond']}. [{item['naam']}]")
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
    found = data["precedenten"]
    if found is None:
        if data["advies"]["redenGezien"] != "onwaar":
            yield _wrap("Er zijn geen eerdere besluiten meegegeven om mee te vergelijken.")
        return
    yield _wrap(f"Eerdere besluiten met dezelfde grond en deur: {found['aantal']}.")
    for key, words in (("afgeweken", "Het dichtst bij, en afgeweken"), ("nietAfgeweken", "Het dichtst bij, en niet afgeweken")):
        if (near := found[key]) is not None:
            yield _item(f"{words}: {near['id']} ({near['datum']}). {near['motief']}")
            for part, told in (("gelijk", "gelijk"), ("anders", "anders"), ("onbekend", "hier nog niet bekend")):
                if near[part]:
                    yield _item(f"{told}: {', '.join(item['naam'].replace('_', ' ') for item in near[part])}.", 1)
            if near["verschil"]:
                yield _item(f"Het verschil, zoals genoemd: {near['verschil']}", 1)


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
        f"{number}. {_about(question)}{question['vraag']}{_source(question)} Te vragen aan: {_WHO[question['wie']]}{roles}. "
        f"{question['beslissend'].capitalize()}. [{question['naam']}]"
    )
    settled = "; ".join(f"{item['antwoord']} -> {item['uitkomst'].replace('_', ' ')}" for item in question["beslissendBij"][:4])
    if settled:
        yield _item(f"Dit antwoord beslist alleen: {settled}.", 1)


def _source(asked: Mapping[str, Any]) -> str:
    """Which article asks something: ` (art. 11 lid 1)`; nothing where none is named."""
    return f" ({asked['bron']['tekst']})" if asked["bron"] else ""


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


_CHOICES = {
    "gevolgd": "de regels gevolgd",
    "afgeweken": "van de regels afgeweken",
    "lichter middel": "een lichter middel gekozen",
    "anders": "iets anders besloten",
}


def _decision(data: dict[str, Any]) -> Iterator[str]:
    found = data["besluit"]
    if found is None:
        yield _wrap("Er is nog geen besluit. Een besluit bestaat pas als een bevoegd persoon het in eigen woorden vastlegt.")
        return
    yield _wrap(f"Besluit van {found['door']} ({found['rol']}) op {found['datum']}: {_CHOICES[found['besluit']]}. {found['optieTekst']}")
    yield _item(f'In eigen woorden: "{found["eigenWoorden"]}"')
    yield _item(found["bijAdvies"])
    if found["deuren"]:
        yield _item(f"Door de deur: {', '.join(found['deuren'])}.")
    for item in found["verworpenArgumenten"]:
        yield _item(f"Verworpen [{item['argument']}]: {item['reden']}")
    for item in found["beantwoordeArgumenten"]:
        yield _item(f"Beantwoord [{item['argument']}]: {item['antwoord']}")
    heard = found["gehoord"]
    yield _item(f"Gehoord op {heard['datum']}." if heard["gehoord"] else f"Niet gehoord: {heard['reden']}")
    for item in found["geraadpleegd"]:
        yield _item(f"Geraadpleegd: {item['wie']} op {item['datum']}." + (f" {item['inbreng']}" if item["inbreng"] else ""))
    for item in found["kinderen"]:
        yield _item(f"{_person(item['wie'])}, het belang: {item['belang']} Hoe het is gewogen: {item['gewogen']}")
    for item in found["tenNadeleVan"]:
        yield _item(f"Ten nadele van {_person(item['wie'])}: {item['reden']}")
    for item in found["verschilMetPrecedent"]:
        yield _item(f"Anders dan besluit {item['precedent']}: {item['verschil']}")
    if found["beoogdEffect"]:
        yield _item("De betrokkene is gevraagd wat hij wil bereiken, en noemde geen effect.")
    for item in found["effectNaUitkomst"]:
        yield _item(f'Genoemd na de uitkomst, door {item["persoon"]}: "{item["omschrijving"]}" ({item["gesteldOp"]})')


def _person(whom: str) -> str:
    """`kinderen[0]` as `Kinderen 1`."""
    return whose(whom) or whom.capitalize()


def _next(data: dict[str, Any]) -> Iterator[str]:
    if data["hoeVerder"]["tekst"]:
        yield _wrap(data["hoeVerder"]["tekst"])
    for duty in data["hoeVerder"]["plichten"]:
        who = f" ({duty['wie']})" if duty["wie"] else ""
        yield _item(f"Nog te doen{who}: {duty['tekst']} ({duty['bron']['tekst']}) [{duty['regel']}]")


def _used(words: Iterable[dict[str, Any]], told: str) -> list[dict[str, Any]]:
    """The explained words that a text uses."""
    forms = {form.casefold(): word["woord"] for word in words for form in (word["woord"], *word["vormen"])}
    found = {forms[" ".join(match[0].casefold().split())] for match in finder(forms).finditer(told.replace("_", " "))}
    return [word for word in words if word["woord"] in found]


def _word(word: dict[str, Any]) -> str:
    return _item(f"{word['woord']}: {word['uitleg']}{_source(word)}{UNREAD if word['status'] == 'te verifieren' else ''}")


def _account(data: dict[str, Any]) -> Iterator[str]:
    account = data["verantwoording"]
    yield _wrap(f"Een regelmotor heeft geholpen: {account['regelmotor']}, regelbestand {account['regelbestand'][:16]}. Een mens beslist.")
    for version in account["versies"]:
        yield _item(f"{version['regelset']}, versie {version['geldigVanaf']} ({version['status']}): {version['waarom']}.")
    for warning in data["waarschuwingen"]:
        yield _item(f"{warning['code'].capitalize()}: {warning['tekst']}")


def _linked(data: Mapping[str, Any]) -> Iterator[str]:
    """Where everything stands that this text names, each once."""
    links = list(dict.fromkeys(_links(_told(data))))
    for sort, title in _SORTS.items():
        found = [(name, address) for kind, name, address in links if kind == sort]
        if found:
            yield _wrap(title)
        for name, address in found:
            yield _item(f"{name}:")
            yield f"  {address}"


_SORTS = {
    "artikel": "De artikelen, in de tekst die op de peildatum gold:",
    "uitspraak": "De uitspraken:",
    "gemeente": "Wat de gemeente heeft geregeld:",
}


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """What this text tells with its sources: given facts and what was assumed without effect stand here by name only."""
    return {**data, "gegevens": [], "stappen": [], "aannames": [item for item in data["aannames"] if item["draagtUitkomst"]]}


def _links(node: Any) -> Iterator[tuple[str, str, str]]:
    """Every source of a rationale that has an address, by its sort and name, in the order in which it is told."""
    if isinstance(node, Mapping):
        if node.get("link"):
            yield from _addresses(node)
        for part in node.values():
            yield from _links(part)
    elif isinstance(node, list | tuple):
        for part in node:
            yield from _links(part)


def _addresses(source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    if "cvdr" in source:
        yield "gemeente", source["titel"], source["link"]
    elif "ecli" in source:
        yield "uitspraak", source["ecli"], source["link"]
    elif source["regeling"]:
        law = "" if source["regeling"] in source["tekst"] else f", {source['regeling']}"
        yield "artikel", source["tekst"] + law, source["link"]
    else:
        yield from (("uitspraak", ecli, address) for ecli in RULING.findall(source["tekst"]) if (address := ruling_link(ecli)))
