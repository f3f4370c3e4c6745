# SPDX-License-Identifier: EUPL-1.2
"""The measurement as a page for people: Dutch, the same text for the same rules and cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.casuistiek import coding, weighing
from benchmarks.casuistiek.score import (
    DEVIATE,
    FOLLOW,
    LEAST_COVERAGE,
    Found,
    Measured,
    Scored,
    Share,
    agreement,
    covered,
    failures,
)
from benchmarks.casuistiek.translate import OWN
from engine.language.sources import ruling_link
from engine.passes.second import INVESTIGATE, PROFESSIONAL

ENDED = {"houdt_stand": "hield stand", "wijkt": "ging eraf", "deels": "ging er deels af", "opnieuw": "moest opnieuw"}
FOUND = {
    Found.RULES: "ja, uit de regels",
    Found.CODED: "ja, uit de codering",
    Found.OPEN: "alleen als open vraag",
    Found.NOWHERE: "nee",
    None: "n.v.t.",
}
FITS = {True: "ja", False: "nee", None: "onthouden"}
MOST = 0.9
"""From this share of one and the same advice on, the report says that it tells the cases apart no longer."""


def page(measured: Measured, second: Measured) -> str:
    """The whole report in Markdown: the blind coding as it stands, and ``second`` with the weighing of a second reader."""
    before = (_head, _result, _arguments, _cases)
    after = (_needed, _once, _translation, _limits)
    parts = [*(part(measured) for part in before), _weighed(measured, second), *(part(measured) for part in after)]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def share(found: Share) -> str:
    """`6 van 25 (24%; 11%-43%)`: with the interval of 95 %."""
    if not found.total:
        return "0 van 0"
    low, high = found.interval
    return f"{found.hits} van {found.total} ({found.part:.0%}; {low:.0%}-{high:.0%})"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _head(measured: Measured) -> Iterator[str]:
    yield f"""# De omgekeerde toets en gepubliceerde zaken

Deze pagina schrijft `make casuistiek`. Verander haar niet met de hand.

{len(measured.translated)} gepubliceerde zaken zijn blind gecodeerd: door wie alleen de feiten en de wet zag. Eén regel voor alle zaken
maakt van elke codering een aanvraag, de omgekeerde toets geeft advies, en dat ligt hieronder naast hoe het afliep.
Van {len(measured.scored)} zaken is de afloop bekend; alleen die tellen mee."""


def _result(measured: Measured) -> Iterator[str]:
    yield "## Wat er is gemeten\n"
    yield from _by_ending(measured)
    yield f"""
Tussen haakjes: het aandeel, en het interval van Wilson (95%). Wat bij een afloop past:

- hield stand: `{FOLLOW}` of `deur_ontbreekt`;
- ging er (deels) af: `{DEVIATE}`, `lichter_middel`, `adviseren_aan_bevoegde`, of het signaal dat de regel anders is te lezen;
- moest opnieuw: `{INVESTIGATE}`;
- `{PROFESSIONAL}` is geen advies: onthouden.
"""
    baselines = [("altijd de regel volgen", FOLLOW), ("altijd eerst onderzoeken", INVESTIGATE)]
    yield from _table(("ter vergelijking", "past bij de afloop"), [(text, share(measured.baseline(name))) for text, name in baselines])
    yield ""
    yield from _plainly(measured)
    yield ""
    yield from _thresholds(measured)


def _thresholds(measured: Measured) -> Iterator[str]:
    cases = measured.scored
    silent, unfounded = sum(case.silent_harm for case in cases), sum(case.unfounded for case in cases)
    limits = [
        (f"stille schade: het bleef niet, wij zeiden zonder waarschuwing `{FOLLOW}`", str(silent), "0"),
        (f"ongegronde afwijking: het hield stand, wij zeiden `{DEVIATE}`", str(unfounded), "0"),
        ("dekking: zaken met een advies", f"{covered(cases).part:.0%}", f"ten minste {LEAST_COVERAGE:.0%}"),
    ]
    yield from _table(("grens", "gemeten", "mag"), limits)
    found = failures(measured)
    yield ""
    yield "Alle grenzen zijn gehaald." if not found else f"Niet gehaald: {' '.join(found)}"
    yield "Dat de uitkomst nadelig is (t1) telt niet als waarschuwing: dat is zij in elke zaak."


def _by_ending(measured: Measured) -> Iterator[str]:
    rows = [(ENDED[ended], *_row(measured.of(ended))) for ended in ENDED]
    yield from _table(("de uitkomst", "zaken", "met advies", "advies past bij de afloop"), [*rows, ("samen", *_row(measured.scored))])


def _row(cases: Sequence[Scored]) -> tuple[str, str, str]:
    seen = covered(cases)
    return str(len(cases)), f"{seen.hits} van {seen.total}", share(agreement(cases))


def _plainly(measured: Measured) -> Iterator[str]:
    """What the numbers come down to."""
    cases = measured.scored
    advices = Counter(case.advice for case in cases)
    (most, number), *_ = advices.most_common(1)
    found, follow = agreement(cases), measured.baseline(FOLLOW)
    yield f"Het advies: {_advices(cases)}."
    if number > MOST * len(cases):
        yield f"""Bijna elke zaak krijgt dus hetzelfde advies: `{most}`. Het advies onderscheidt deze zaken niet, en de grenzen
hieronder zeggen dan weinig: wie steeds hetzelfde zegt, haalt ze ook. Wat wel iets zegt is wat is uitgesloten, en of het argument en de
vraag er staan."""
    if found.part < follow.part:
        yield f"Op de afloop alleen is dit minder dan altijd de regel volgen ({found.part:.0%} tegen {follow.part:.0%})."
    yield ""
    children = sum("kinderen" in case.open_facts for case in cases)
    doors = sum(any(name.startswith("deur.") for name in case.open_facts) for case in cases)
    silent = sum(not case.weighed for case in cases)
    yield f"""Waar het op wacht: in {children} zaken is niet bekend of er minderjarige kinderen zijn, in {doors} zaken of een genoemde deur
openstaat. En in {silent} van {len(cases)} zaken is geen van de drie vragen naar evenredigheid beantwoord. Zonder die antwoorden volgt er
geen `{FOLLOW}` en geen `{DEVIATE}`, wat de rest ook is: dat oordeel is aan een mens."""
    yield ""
    ruled_out = [case.ending.id for case in cases if case.excluded]
    yield f"Bij {len(ruled_out)} van {len(cases)} zaken sluit het advies uit wat er gebeurde: {', '.join(ruled_out) or 'geen'}."
    stood = measured.of("houdt_stand")
    shut = [case.ending.id for case in stood if DEVIATE not in (case.advice, *case.possible)]
    yield f"Bij {len(shut)} van de {len(stood)} zaken die standhielden is afwijken al uitgesloten: {', '.join(shut) or 'geen'}."


def _arguments(measured: Measured) -> Iterator[str]:
    cases = measured.scored
    asked = [case for case in cases if case.question is not None]
    yield """## Staat het argument er, en is de vraag gesteld?

Het argument dat de doorslag gaf, in onze lijst; en de vraag die de doorslag gaf, bij onze vragen. Wat de codeur zelf noemde (een deur,
een middel, een vraag) staat apart: dat is niet van de regels. Een open vraag is een toets of een deur zonder antwoord. De toetsen staan
er bij elke zaak, dus dat telt niet als gevonden.
"""
    rows = []
    for found in Found:
        argument = share(Share(sum(case.argument is found for case in cases), len(cases)))
        question = share(Share(sum(case.question is found for case in asked), len(asked)))
        rows.append((FOUND[found], argument, "n.v.t." if found is Found.OPEN else question))
    yield from _table(("staat er", "het argument", "de vraag"), rows)
    yield ""
    yield f"In {len(cases) - len(asked)} zaken was alleen het recht in geschil; daar gaf geen vraag naar een feit de doorslag."


def _cases(measured: Measured) -> Iterator[str]:
    yield "## Zaak voor zaak\n"
    rows = [
        (
            case.ending.id,
            _source(case.ending.source),
            ENDED[case.ending.ended],
            f"`{case.advice}`",
            FITS[case.agrees],
            FOUND[case.argument],
            FOUND[case.question],
        )
        for case in measured.scored
    ]
    yield from _table(("zaak", "bron", "de uitkomst", "ons advies", "past", "argument", "vraag"), rows)


def _source(source: str) -> str:
    ruling = source.startswith("ECLI:")
    return f"[{source if ruling else 'bericht'}]({ruling_link(source) if ruling else source})"


def _weighed(measured: Measured, second: Measured) -> Iterator[str]:
    weighings = weighing.read()
    given = [judged.truth for found in weighings.values() for judged in found.answers.values()]
    doors = [judged.truth for found in weighings.values() for judged in found.doors if judged.truth is not None]
    recognised = [found.id for found in weighings.values() if found.recognised]
    known = [case for case in second.scored if not weighings[case.ending.id].recognised]
    yield f"""## Met een mens die weegt

Het advies wacht hierboven op een oordeel. Daarom hebben twee andere lezers gewogen, ook blind: zij zagen de feiten, de wet en de
eerste codering, en niet de afloop. De weging vult alleen aan wat open stond; zij verandert niets dat al was gecodeerd. Zij geeft
{len(given)} antwoorden en {len(doors)} oordelen over een deur. Zo is te zien wat het advies doet als een professional zijn werk doet.
Waar geen lezer van een minderjarig kind weet, gaat deze meting ervan uit dat er geen is. Een echte aanvraag laat dat open.
"""
    yield from _by_ending(second)
    yield ""
    yield f"Het advies: {_advices(second.scored)}."
    blind = share(agreement(known))
    yield (
        f"In {len(recognised)} van {len(weighings)} zaken herkende de lezer de zaak: {', '.join(recognised) or 'geen'}. "
        f"Zonder die zaken past het advies in {blind}."
    )
    there = Share(sum(case.argument in (Found.RULES, Found.CODED) for case in second.scored), len(second.scored))
    rules = Share(sum(case.argument is Found.RULES for case in second.scored), len(second.scored))
    yield f"Het argument dat de doorslag gaf staat er in {share(there)}; uit de regels alleen in {share(rules)}."
    yield f"Altijd de regel volgen past in {share(second.baseline(FOLLOW))}."
    yield ""
    yield from _thresholds(second)
    yield ""
    yield """Dit meet de lezers en de regels samen; een ander kan anders wegen. Het feitenbestand noemt soms een gebrek in het onderzoek met
woorden die op een oordeel achteraf lijken. De lezers namen zulke zinnen voor feit, en dat helpt het advies op dat punt. De vraag naar een
verloren waarde en die naar een lichter middel zijn beantwoord door wie de eerste weging ook zag: dat is geen losse tweede mening.
"""
    before = {case.ending.id: case.advice for case in measured.scored}
    yield from _table(
        ("zaak", "de uitkomst", "zonder weging", "met weging", "past", "argument"),
        [
            (
                case.ending.id,
                ENDED[case.ending.ended],
                f"`{before[case.ending.id]}`",
                f"`{case.advice}`",
                FITS[case.agrees],
                FOUND[case.argument],
            )
            for case in second.scored
        ],
    )


def _advices(cases: Sequence[Scored]) -> str:
    return "; ".join(f"{count} keer `{name}`" for name, count in Counter(case.advice for case in cases).most_common())


def _needed(measured: Measured) -> Iterator[str]:
    yield "## Wat er nodig was geweest\n"
    for case in measured.scored:
        if case.missed:
            argument = case.ending.argument.text if case.ending.argument is not None else ""
            needed = case.ending.needed or "Niet vastgelegd."
            yield f"- **{case.ending.id}** ({ENDED[case.ending.ended]}). {argument} Nodig: {needed[0].lower()}{needed[1:]}"


def _once(measured: Measured) -> Iterator[str]:
    yield """## Wat maar in één zaak meedoet

Een deur, aanleiding, argument of optie die maar in één van alle zaken meedoet, kan voor die zaak zijn geschreven. Dat zou een gebrek zijn.
Een mens kijkt of de tekst iets noemt dat alleen die zaak heeft.
"""
    yield from _table(("soort", "id", "tekst", "zaak"), [(sort, f"`{name}`", text, case) for sort, name, text, case in measured.once])


def _translation(measured: Measured) -> Iterator[str]:
    found = measured.translated
    names = [name for case in found for name in case.grounds.values()]
    own = sum(name.startswith(OWN) for name in names)
    how = Counter(how for case in found for _, how in case.doors)
    in_rules = sum(case.in_rules for case in found)
    clashes = [f"{case.case.id} (`{'`, `'.join(case.clashes)}`)" for case in found if case.clashes]
    yield f"""## Zo zijn de zaken vertaald

Eén regel voor alle zaken; zij staat boven in `benchmarks/casuistiek/translate.py`.

- In {in_rules} van {len(found)} zaken staat de wet hier, in regels of alleen met haar deuren; de andere lopen op wat alle wetten delen.
- Geen zaak heeft genoeg feiten voor een eigen eerste ronde: de feiten zijn zinnen. Elke zaak is een gegeven regeluitkomst.
- Van {len(names)} gronden staan er {len(names) - own} in de regels; {own} zijn uitgeschreven.
- Van {how.total()} gecodeerde deuren staan er {how["in de regels"]} in de regels en zijn er {how["genoemd"]} genoemd;
  {how["optie"]} zijn een optie, en {how["te laag"]} staan in een lagere regel dan de grond en kunnen die niet openen.
- Antwoorden die elkaar tegenspreken en daarom zijn weggelaten: {", ".join(clashes) or "geen"}."""


def _limits(measured: Measured) -> Iterator[str]:
    cases = measured.scored
    answers = [answer.truth for found in measured.translated for answer in found.case.checks.values()]
    numbers = [str(len(measured.of(ended))) for ended in ENDED]
    thin = sum(case.ending.read in ("samenvatting", "bericht") for case in cases)
    yield f"""## Wat dit niet zegt

- Dit is geen steekproef van de praktijk. Wat bij een rechter of in een artikel komt is geschil of uitzondering; gewone zaken ontbreken.
- Het zijn kleine aantallen: {len(cases)} zaken, en per afloop {", ".join(numbers[:-1])} en {numbers[-1]}. De intervallen zijn breed.
- De codering liet open wat de feiten niet zeggen: {answers.count(None)} van {len(answers)} antwoorden op toetsen zijn onbekend.
  Een professional vult die in, na een gesprek. Wat het advies dan zegt staat bij "Met een mens die weegt".
- Een rechter toetst of een besluit mocht; de omgekeerde toets vraagt wat goed is. Een besluit dat standhield was daarom nog niet het beste.
- Van {thin} van de {len(cases)} zaken is alleen een samenvatting of een bericht gelezen; van de andere een deel of de inhoudsindicatie.
- De regel die vertaalt is geschreven voordat de afloop werd gelezen. Waar een argument bij ons zou staan is daarna vastgelegd, dus niet
  blind.
- Een vraag of deur `uit de codering` is van de codeur. Dat zij er staat, zegt iets over de codeur en niets over de regels.
- Grenzen van het blind coderen, uit de kop van de codering:"""
    yield from (f"  - {limit}" for limit in coding.header())
