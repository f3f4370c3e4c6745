# SPDX-License-Identifier: EUPL-1.2
"""The rationale for the professional who weighs, as text: the outcome on top, then the thirteen parts.

Short sentences; every statement names the id of its rule, fact, amount or door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.rationale.decided import decision_head, decision_lines
from engine.rationale.layout import MARK, bullet, linked, part, wrapped
from engine.rationale.lexicon import used
from engine.rationale.phrases import (
    CORNERS,
    WHO,
    People,
    cost_line_words,
    cost_words,
    decision_fields,
    effect_words,
    evidence_words,
    filling_words,
    named_words,
    proof_words,
    result_words,
    stars_words,
)
from engine.rationale.wording import CARRYING, STEPS, UNREAD, capital, carrying, condition_words, how_many, line, whose


def text(data: Mapping[str, Any]) -> str:
    """A rationale as text, ending in a line break."""
    told = [
        _headline(data),
        part("1. De vraag en het beoogde effect", _question(data)),
        part("2. De feiten", _facts(data)),
        part("3. Wat de regels zeggen", _rules(data)),
        part("4. Wat dit betekent, voor wie, nu en later", _meaning(data)),
        part("5. Waar de wet voor is", _purpose(data)),
        part("6. De opties", _options(data)),
        part("7. De deuren in de wet", _doors(data)),
        part("8. Argumenten en toetsen", _arguments(data)),
        part("9. Eerdere besluiten", _precedents(data)),
        part("10. Wat nog niet bekend is", _unknown(data)),
        decision_part(data),
        part("12. Hoe verder", _next(data)),
    ]
    account = list(_account(data))
    words = used(data["woorden"], "\n".join((*told, *account)))
    links = linked(_told({**data, "woorden": words}))
    told += [part("Woorden", map(_word, words)), part("13. Verantwoording", (*account, *links))]
    return "\n\n".join(found for found in told if found) + "\n"


def decision_part(data: Mapping[str, Any]) -> str:
    """Part 11: the advice, and the decision where a person took one."""
    return part("11. Advies en besluit", [*_advice(data), *_decision(data)])


def headline(data: Mapping[str, Any]) -> str:
    """The one line with the outcome: `UITKOMST VAN DE REGELS (concept): ...`."""
    amounts = [
        f"{value['naam'].replace('_', ' ')} {value['getoond']}"
        for value in data["waarden"]
        if data["uitkomst"] in data["mogelijkeUitkomsten"] and not value["terIndicatie"]
    ]
    whose_outcome = "VAN ELDERS" if data["regeluitkomst"] else "VAN DE REGELS"
    text = f"UITKOMST {whose_outcome} (concept): {result_words(data['uitkomst'])}. {data['uitkomstTekst']}"
    return text + (f" ({amounts[0]})" if amounts else "")


def _headline(data: Mapping[str, Any]) -> str:
    lines = [wrapped(headline(data))]
    if len(data["mogelijkeUitkomsten"]) > 1:
        lines.append(wrapped(f"Nog mogelijk: {', '.join(map(result_words, data['mogelijkeUitkomsten']))}."))
    lines.append(
        wrapped(
            f"{data['titel']} ({data['regeling']['naam']}), beoordeeld naar {data['peildatum']}"
            + (f", gemeente {data['gemeente']}" if data["gemeente"] else "")
            + "."
        )
    )
    lines.append(wrapped(data["toelichting"]))
    if data["woorden"]:
        lines.append(wrapped("Wat woorden van de wet betekenen, staat in de lijst achter deel 12."))
    labels = [warning for warning in data["waarschuwingen"] if warning["code"] in ("concept", "te verifieren")]
    if labels:
        parts = how_many(len(labels), "onderdeel van deze regels is", "onderdelen van deze regels zijn")
        lines.append(wrapped(f"LET OP: {parts} nog niet vastgesteld of nagelezen; zie deel 13."))
    return "\n".join(lines)


def _question(data: Mapping[str, Any]) -> Iterator[str]:
    yield wrapped(f"Gevraagd: {data['titel'].lower()} ({data['soort']}) [{data['aanspraak']}].")
    if not data["beoogdeEffecten"]:
        yield wrapped("Er is geen beoogd effect vastgelegd. Vraag eerst wat de betrokkene wil bereiken.")
    people = People(data)
    for effect in data["beoogdeEffecten"]:
        value = f" [{effect['waarde']}]" if effect["waarde"] else ""
        when = " Genoemd na de uitkomst." if effect["naUitkomst"] else ""
        who = capital(people.name(effect["persoon"]))
        yield bullet(
            f"{who}, {effect['leefgebied']}, op {effect['termijn']}e termijn: “{effect['omschrijving']}” "
            f"Gesteld door {effect['gesteldDoor']} op {effect['gesteldOp']}.{when}{value}"
        )


def _facts(data: Mapping[str, Any]) -> Iterator[str]:
    for fact in data["gegevens"]:
        if not fact["teltMee"]:
            continue
        origin = f", uit {fact['herkomst']}" if fact["herkomst"] else ""
        if fact["stand"] == "oordeel":
            origin = f", oordeel van {fact['door']} ({fact['rol']}) op {fact['datum']}: {fact['reden']}"
        yield bullet(f"{fact['naam']}: {fact['getoond']}{origin}")
    if any(fact["teltMee"] and fact["stand"] == "gegeven" and not fact["herkomst"] for fact in data["gegevens"]):
        yield wrapped("Waar geen herkomst staat, is er geen genoemd.")
    if judged := carrying(data):
        yield wrapped(f"{CARRYING}:")
        for fact in judged:
            grounds = f" Grond: {', '.join(fact['draagtGronden'])}." if fact["draagtGronden"] else ""
            advised = f" {fact['toelichting']}" if fact["toelichting"] else ""
            asked = f"{_about(fact)}{fact['vraag'] or fact['naam']} Geoordeeld: {fact['getoond']}."
            yield bullet(f"{asked}{advised}{grounds} [{fact['naam']}]")
    yield from _without_effect("Ook opgegeven, zonder gevolg voor deze uitkomst", [f for f in data["gegevens"] if not f["teltMee"]])
    assumed = [found for found in data["aannames"] if found["draagtUitkomst"]]
    if assumed:
        yield wrapped("Aangenomen, en van belang voor de uitkomst; ga na of het klopt:")
        for found in assumed:
            asked = f"{_about(found)}{found['vraag'] or found['naam']}{_source(found)}"
            yield bullet(f"{asked} Aangenomen: {found['getoond']}. [{found['naam']}]")
    yield from _without_effect("Ook aangenomen, zonder gevolg voor de uitkomst", [f for f in data["aannames"] if not f["draagtUitkomst"]])
    if data["instrumenten"]:
        yield wrapped("Ook vastgelegd, als bewijs van wat iemand nodig heeft. Het opent of sluit geen deur:")
        people = People(data)
        for evidence in data["instrumenten"]:
            yield bullet(evidence_words(evidence, people))


def _without_effect(title: str, facts: list[Mapping[str, Any]]) -> Iterator[str]:
    if facts:
        yield wrapped(f"{title}: " + ", ".join(f"{fact['naam']} = {fact['getoond']}" for fact in facts) + ".")


def _rules(data: Mapping[str, Any]) -> Iterator[str]:
    given = data["regeluitkomst"]
    if given is not None:
        day = f", {given['datum']}" if given["datum"] else ""
        yield wrapped(f"{given['toelichting']} Bron: {given['bron']}{day}.")
        if not data["gronden"]:
            yield wrapped("Waarop de uitkomst rust:")
            yield from (
                bullet(f"{ground['titel'] or 'Een grond van die uitkomst'} ({ground['bron']['tekst']}) [{ground['id']}]")
                for ground in given["gronden"]
            )
    if data["gronden"]:
        yield wrapped("Wat in de weg staat of kan staan:")
        titles = {ground["id"]: ground for ground in given["gronden"]} if given else {}
        for ground in data["gronden"]:
            yield bullet(_ground(ground, titles))
        if data["regels"]:
            yield ""
    for rule in data["regels"]:
        yield from _rule(rule)


def _ground(ground: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]) -> str:
    """A ground with its texts; one from elsewhere by its title, and whether its doors were looked into."""
    who = f" ({ground['persoon']})" if ground["persoon"] else ""
    named = [found for name in ground["regels"] if (found := given.get(name)) is not None]
    said = ground["teksten"] if ground["uitkomst"] == "waar" else ["Nog niet zeker."]
    said = said or [f"{found['titel']}." for found in named if found["titel"]]
    if any(not found["inRegels"] for found in named):
        said = [*said, "Deze grond staat niet in regels: zijn deuren zijn hier niet nagegaan."]
    sources = "; ".join(source["tekst"] for source in ground["bronnen"])
    return f"{MARK[ground['uitkomst']]} {', '.join(ground['regels'])}{who}: {' '.join(said)} ({sources})"


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    who = f" ({rule['persoon']})" if rule["persoon"] else ""
    title = rule["titel"] or rule["bepaalt"].replace("_", " ")
    level = "" if rule["niveau"] == "formele wet" else f" ({rule['niveau']})"
    head = f"{title}{who}, {rule['bron']['tekst']}{level} [{rule['id']}]"
    if "voorElke" in rule:
        yield bullet(head)
        yield from _filling(rule["invulling"])
        for each in rule["voorElke"]:
            yield bullet(f"{each['onderdeel']}: {_said(each)}", 1)
        return
    yield bullet(f"{head}: {_said(rule)}")
    yield from _filling(rule["invulling"])
    if rule["uitkomst"] != "waar" or rule["rol"] not in STEPS:
        yield from _conditions(rule.get("voorwaarden"), 1)
    for exception in rule.get("uitzonderingen", ()):
        if exception is not None:
            yield bullet(f"uitzondering {MARK[exception['uitkomst']]} {line(exception['tekst'])}", 1)


def _filling(filling: Mapping[str, Any] | None) -> Iterator[str]:
    if filling is not None:
        yield bullet(f"ingevuld door {filling_words(filling)}", 1)


def _said(rule: Mapping[str, Any]) -> str:
    words = MARK[rule["uitkomst"]]
    if rule.get("getoond") is not None and rule["uitkomst"] == "waar":
        words = f"{rule['getoond']} (= {line(rule['berekening'])})"
    return f"{words} {rule['tekst']}" if rule.get("tekst") else words


def _conditions(node: Mapping[str, Any] | None, depth: int) -> Iterator[str]:
    if node is None:
        return
    truth, text = condition_words(node)
    yield bullet(f"{MARK[truth]} {text}{':' if 'delen' in node else ''}", depth)
    for inner in node.get("delen", ()):
        yield from _conditions(inner, depth + 1)


def _meaning(data: Mapping[str, Any]) -> Iterator[str]:
    for value in data["waarden"]:
        rule = f" [{value['regel']}]" if value["regel"] else ""
        indicative = " (ter indicatie)" if value["terIndicatie"] else ""
        yield bullet(f"{value['naam'].replace('_', ' ')}: {value['getoond']}{indicative}{rule}")
    for amount in data["bedragen"]:
        since = f", geldt vanaf {amount['geldigVanaf']}" if amount["geldigVanaf"] else ""
        yield bullet(f"bedrag {amount['id']}: {amount['getoond']} ({amount['bron']}{since})")
    if data["effecten"]:
        yield wrapped("Wat mensen zeggen dat een optie met iemand doet, kinderen eerst:")
        for name, effects in People(data).in_order(data["effecten"]):
            yield bullet(f"{name}:")
            for effect in effects:
                value = f" [{effect['waarde']}]" if effect["waarde"] else ""
                yield bullet(f"bij {effect['optie']}: {effect_words(effect)}{value}", 1)
    if data["effectVragen"]:
        yield wrapped("Nog door niemand gezegd; een professional vult dit aan:")
        for question in data["effectVragen"]:
            yield bullet(f"{question['vraag']} [{question['optie']}, {question['wie']}]")


def _purpose(data: Mapping[str, Any]) -> Iterator[str]:
    if data["advies"]["redenGezien"] == "onwaar":
        return
    for value in data["waardenVanDeWet"]:
        stars = f"; {stars_words(value['sterren'])}" if value["sterren"] else ""
        yield bullet(f"{value['tekst']} ({value['soort']}, {value['bron']['tekst']}{stars}) [{value['id']}]")


def _options(data: Mapping[str, Any]) -> Iterator[str]:
    seen = [found for found in data["aanleidingen"] if found["uitkomst"] == "waar"]
    if not seen:
        yield wrapped(
            "De omgekeerde toets is gedaan en ziet geen reden om verder te kijken."
            if data["advies"]["redenGezien"] == "onwaar"
            else "Of er reden is om verder te kijken, staat nog niet vast."
        )
    else:
        yield wrapped("Redenen om verder te kijken:")
    for found in seen:
        yield bullet(f"{found['tekst']} [{found['id']}]")
    if data["opties"]:
        yield wrapped("Wat er kan; de volgorde is geen voorkeur:")
    for option in data["opties"]:
        kind = "Binnen de regels" if option["binnenRegels"] else "Afwijking"
        state = "" if option["stand"] == "mogelijk" else ", nog te onderzoeken"
        added = f" Toegevoegd door {option['toegevoegdDoor']}." if option["toegevoegdDoor"] else ""
        source = "" if option["bron"]["tekst"] in option["tekst"] else f" ({option['bron']['tekst']})"
        yield bullet(f"{kind}{state}: {option['tekst']}{added}{source} [{option['id']}]")
    yield from _costs(data["kosten"])


def _costs(costs: list[Mapping[str, Any]]) -> Iterator[str]:
    if costs:
        yield wrapped("Kosten, van laag tot hoog. Zij zijn een argument en beslissen niets:")
    for one in costs:
        payers = "; ".join(f"{payer['betaler']} {cost_words(payer)}" for payer in one["perBetaler"])
        cheaper = f" Zeker goedkoper dan {', '.join(one['goedkoperDan'])}." if one["goedkoperDan"] else ""
        yield bullet(f"{one['optie']}: {cost_words(one)}. Per betaler: {payers}.{cheaper}")
        for found in one["regels"]:
            yield bullet(f"{cost_line_words(found)} [{found['post']}]", 1)


def _doors(data: Mapping[str, Any]) -> Iterator[str]:
    for door in data["deuren"]:
        lifts = f", heft op: {', '.join(door['heftOp'])}" if door["heftOp"] else ""
        tunes = f", past de waarde aan van: {', '.join(door['steltBij'])}" if door["steltBij"] else ""
        yield bullet(f"{door['titel']} ({door['bron']['tekst']}): {door['stand']}{lifts}{tunes} [{door['id']}]")
        if door["genoemdDoor"]:
            yield bullet(named_words(door["genoemdDoor"]), 1)
        if door["stand"] == "uitgesloten":
            yield from _conditions(door["uitgesloten"], 1)
        else:
            yield from _conditions(door["voorwaarden"], 1)
        if door["bewijs"]:
            yield bullet(proof_words(door["bewijs"]), 1)
        for case in door["rechtspraak"]:
            yield bullet(f"{case['ecli']} ({case['datum']}): {case['strekking'] or ''}", 1)
        if door["bevoegd"]:
            yield bullet(f"Bevoegd: {line(', '.join(door['bevoegd']))}.", 1)
        if door["gehoudenDoor"] != "college":
            yield bullet(f"In handen van: {line(door['gehoudenDoor'])}.{_ADVISE if door['elders'] else ''}", 1)
        if door["nietGedekt"]:
            yield bullet(f"Niet gedekt: {door['nietGedekt']}", 1)


def _arguments(data: Mapping[str, Any]) -> Iterator[str]:
    intensity = data["intensiteit"]
    if intensity is not None:
        yield wrapped(
            f"Hoe indringend te wegen: {intensity['uitkomst']}. {intensity['tekst']} ({intensity['bron']['tekst']})"
            if intensity["uitkomst"]
            else f"Hoe indringend te wegen, staat nog niet vast; nog mogelijk: {', '.join(intensity['mogelijk'])}."
        )
    for argument in data["argumenten"]:
        yield bullet(
            f"{argument['richting']} {argument['optie']} ({argument['hoek']}): {argument['tekst']} "
            f"({argument['bron']['tekst']}) [{argument['id']}]"
        )
    if data["legeHoeken"]:
        yield wrapped(f"Nog zonder argument: {'; '.join(CORNERS[corner] for corner in data['legeHoeken'])}.")
    answered = [check for check in data["toetsen"] if check["antwoord"] != "onbekend"]
    if answered:
        yield wrapped("Vragen over evenredigheid en ethiek, beantwoord:")
    for check in answered:
        effect = f" {check['bijNee']}" if check["antwoord"] == "nee" and check["bijNee"] else ""
        yield bullet(f"{check['vraag']} {check['antwoord'].capitalize()}.{effect}{_blocks(check)} [{check['id']}]")
    open_checks = [check for check in data["toetsen"] if check["antwoord"] == "onbekend"]
    if open_checks:
        yield wrapped("Vragen over evenredigheid en ethiek, nog zonder antwoord:")
    for check in open_checks:
        yield bullet(f"{check['vraag']}{_blocks(check)} [{check['id']}]")


def _blocks(check: Mapping[str, Any]) -> str:
    return " Zonder een ja kan niet worden afgeweken." if check["blokkeert"] and check["antwoord"] != "ja" else ""


def _precedents(data: Mapping[str, Any]) -> Iterator[str]:
    found = data["precedenten"]
    if found is None:
        if data["advies"]["redenGezien"] != "onwaar":
            yield wrapped("Er zijn geen eerdere besluiten meegegeven om mee te vergelijken.")
        return
    yield wrapped(f"Eerdere besluiten met dezelfde grond en deur: {found['aantal']}.")
    for often in found["terugkerend"]:
        yield bullet(f"Al {often['aantal']} keer afgeweken door deur {often['deur']}.")
    for key, words in (("afgeweken", "Het dichtst bij, en afgeweken"), ("nietAfgeweken", "Het dichtst bij, en niet afgeweken")):
        if (near := found[key]) is not None:
            yield bullet(f"{words}: {near['id']} ({near['datum']}). “{near['motief']}”")
            for name, told in (("gelijk", "gelijk"), ("anders", "anders"), ("onbekend", "hier nog niet bekend")):
                if near[name]:
                    yield bullet(f"{told}: {', '.join(compared['naam'].replace('_', ' ') for compared in near[name])}.", 1)
            if near["verschil"]:
                yield bullet(f"Het verschil, zoals genoemd: “{near['verschil']}”", 1)


def _unknown(data: Mapping[str, Any]) -> Iterator[str]:
    if not data["ontbrekendeGegevens"] and not data["nietTeBepalen"]:
        yield wrapped("Voor de uitkomst van de regels is alles bekend." if data["regeluitkomst"] is None else _FROM_ELSEWHERE)
    for found in data["nietTeBepalen"]:
        yield bullet(f"{line(found['tekst'])} [{found['naam']}]")
    for number, question in enumerate(data["ontbrekendeGegevens"], 1):
        yield from _asked(number, question)
    if data["watAnders"]:
        yield wrapped("Wat anders zou moeten zijn voor een andere uitkomst (uitleg, geen advies):")
        for change in data["watAnders"]:
            yield bullet(change["tekst"])
    if data["vervolgvragen"]:
        yield wrapped("Voor de omgekeerde toets:")
        for number, question in enumerate(data["vervolgvragen"], 1):
            yield from _asked(number, question)


_ADVISE = " Hier kan alleen worden geadviseerd of verwezen."
_FROM_ELSEWHERE = "De uitkomst komt van elders. Wat alleen de regels kunnen zeggen, is hier onbekend."


def _asked(number: int, question: Mapping[str, Any]) -> Iterator[str]:
    roles = f" ({', '.join(question['rollen'])})" if question["rollen"] else ""
    yield bullet(
        f"{number}. {_about(question)}{question['vraag']}{_source(question)} Te vragen aan: {WHO[question['wie']]}{roles}. "
        f"{question['beslissend'].capitalize()}. [{question['naam']}]"
    )
    settled = "; ".join(f"{found['antwoord']} -> {result_words(found['uitkomst'])}" for found in question["beslissendBij"][:4])
    if settled:
        yield bullet(f"Dit antwoord beslist alleen: {settled}.", 1)


def _source(asked: Mapping[str, Any]) -> str:
    """Which article asks something: ` (art. 11 lid 1)`; nothing where none is named."""
    return f" ({asked['bron']['tekst']})" if asked["bron"] else ""


def _about(named: Mapping[str, Any]) -> str:
    """Of whom a question asks: `Partner: `; nothing where it asks about the case itself."""
    owner = whose(named["naam"])
    return f"{owner}: " if owner else ""


def _advice(data: Mapping[str, Any]) -> Iterator[str]:
    advice = data["advies"]
    yield wrapped(f"{result_words(advice['resultaat']).capitalize()}. {advice['tekst']}")
    if advice["mogelijk"]:
        yield wrapped(f"Nog mogelijk: {', '.join(map(result_words, advice['mogelijk']))}.")
    for found in advice["uitzonderingenOpen"]:
        yield bullet(f"Eerst nagaan of deze uitzondering in de wet geldt: {line(found['uitzondering'])} [{found['regel']}]")
    for signal in data["signalen"]:
        yield bullet(f"Signaal: {signal['tekst']} ({signal['bron']['tekst']}) [{signal['id']}]")


def _decision(data: Mapping[str, Any]) -> Iterator[str]:
    if data["besluit"] is None:
        yield wrapped("Er is nog geen besluit. Dat bestaat pas als een bevoegd persoon het in eigen woorden vastlegt:")
        for field in decision_fields(data):
            yield bullet(f"{field}: ........................")
        return
    yield wrapped(decision_head(data["besluit"]))
    yield from map(bullet, decision_lines(data["besluit"]))


def _next(data: Mapping[str, Any]) -> Iterator[str]:
    if data["hoeVerder"]["tekst"]:
        yield wrapped(data["hoeVerder"]["tekst"])
    for duty in data["hoeVerder"]["plichten"]:
        who = f" ({duty['wie']})" if duty["wie"] else ""
        yield bullet(f"Nog te doen{who}: {duty['tekst']} ({duty['bron']['tekst']}) [{duty['regel']}]")


def _word(word: Mapping[str, Any]) -> str:
    return bullet(f"{word['woord']}: {word['uitleg']}{_source(word)}{UNREAD if word['status'] == 'te verifieren' else ''}")


def _account(data: Mapping[str, Any]) -> Iterator[str]:
    account = data["verantwoording"]
    yield wrapped(f"Een regelmotor heeft geholpen: {account['regelmotor']}, regelbestand {account['regelbestand'][:16]}. Een mens beslist.")
    for version in account["versies"]:
        yield bullet(f"{version['regelset']}, versie {version['geldigVanaf']} ({version['status']}): {version['waarom']}.")
    for warning in data["waarschuwingen"]:
        yield bullet(f"{warning['code'].capitalize()}: {warning['tekst']}")


def _told(data: Mapping[str, Any]) -> dict[str, Any]:
    """What this text tells with its sources: given facts and what was assumed without effect stand here by name only."""
    return {**data, "gegevens": [], "stappen": [], "aannames": [found for found in data["aannames"] if found["draagtUitkomst"]]}
