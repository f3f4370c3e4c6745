# SPDX-License-Identifier: EUPL-1.2
"""The words that the stages of the reversed test add to the language: what a line of the second pass may ask about.

Each is ja/nee and three-valued. A stage asserts its words once; later stages and the advice table read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "belastende_uitkomst": "de uitkomst van de regels belast: weigeren, verlagen, beëindigen, terugvorderen, beboeten",
        "beoogd_effect_genoemd": "er is een beoogd effect vastgelegd",
        "beoogd_effect_geblokkeerd": "een beoogd effect hoort bij een waarde van de wet en de uitkomst staat het in de weg",
        "aanleiding_gezien": "ten minste een aanleiding is waar",
        "regeluitzondering_onbekend": "van een uitzondering in de wet zelf is nog niet bekend of zij geldt",
        "alleen_lagere_regel": "alleen een verordening, nadere regel of beleidsregel staat in de weg, geen grond in de wet",
        "over_het_recht": "de uitkomst gaat over het recht zelf, niet alleen over terugbetalen of een boete",
        "ernstig_gevolg": "iemand noemt een ernstig of onomkeerbaar gevolg van de uitkomst",
        "vloer_geraakt": "iemand noemt een ernstig of onomkeerbaar gevolg voor een waarde die een vloer is",
        "deuren_bekend": "van elke grond die blokkeert zijn de deuren nagegaan: de grond staat in de regels of bij `gronden`",
        "deur_elders": "een deur die ertoe doet is in handen van een andere instantie",
        "deur_voor_elke_grond": "voor elke grond die blokkeert staat een deur open; zonder grond: een deur voor het bedrag of de omvang",
        "deur_mogelijk_voor_elke_grond": "voor elke grond die blokkeert is een deur open of te onderzoeken",
        "lichter_middel_mogelijk": "binnen de regels is er een andere keuze die minder belast",
        "onevenredig": "ten minste een van geschikt, noodzakelijk, evenwichtig is ontkend",
        "evenredig": "geschikt, noodzakelijk en evenwichtig zijn alle drie bevestigd",
        "toets_blokkeert": "een toets die blokkeert is ontkend of nog niet ingevuld",
        "precedent_botst": "een eerder besluit met dezelfde grond en deur viel anders uit zonder verklaard verschil",
        "precedent_verleend": "in een eerder besluit met dezelfde grond en deur is afgeweken, zonder verklaard verschil",
        "afwijking_keert_terug": "van dezelfde gronden is door dezelfde deur al vaak afgeweken: vijf keer of meer",
        "ten_nadele": "de afwijking zou iemand benadelen",
    }
)
