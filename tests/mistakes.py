# SPDX-License-Identifier: EUPL-1.2
"""One claim on the tiny law with mistakes of every sort, as JSON and as YAML, and what must be told about each."""

from __future__ import annotations

IN_JSON = """{
  "aanspraak": "wet/aanspraak",
  "peildatum": "1850-06-01",
  "peildatun": "2026-07-15",
  "gegevens": {
    "loon": NaN,
    "n": 3,
    "n": true,
    "leefvrm": "alleen",
    "dag_een": true,
    "ernstig": {"waarde": 3, "door": 1e999, "rol": "consulent", "datum": "2026-07-01", "reden": ""},
    "aanvrager": {"geboortedatum": "2190-01-01", "studnt": -Infinity, "functie": "\\ud83d"},
    "kinderen": [{"kosten": "10.00", "kosten": NaN}, {"kosten": "veel"}, Infinity]
  },
  "beoogdeEffecten": [NaN]
}
"""
TOLD_OF_JSON = [
    ("/beoogdeEffecten/0", "TS-J06"),
    ("/gegevens/aanvrager/functie", "TS-J07"),
    ("/gegevens/aanvrager/geboortedatum", "TS-Z21"),
    ("/gegevens/aanvrager/studnt", "TS-J06"),
    ("/gegevens/aanvrager/studnt", "TS-Z12"),
    ("/gegevens/dag_een", "TS-Z20"),
    ("/gegevens/ernstig/door", "TS-J06"),
    ("/gegevens/ernstig/reden", "TS-Z18"),
    ("/gegevens/ernstig/waarde", "TS-Z20"),
    ("/gegevens/kinderen/0/kosten", "TS-J04"),
    ("/gegevens/kinderen/0/kosten", "TS-J06"),
    ("/gegevens/kinderen/1/kosten", "TS-Z20"),
    ("/gegevens/kinderen/2", "TS-J06"),
    ("/gegevens/leefvrm", "TS-Z12"),
    ("/gegevens/loon", "TS-J06"),
    ("/gegevens/n", "TS-J04"),
    ("/peildatum", "TS-Z07"),
    ("/peildatun", "TS-Z02"),
]

IN_YAML = """aanspraak: wet/aanspraak
peildatum: 1850-06-01
peildatun: 2026-07-15
gegevens:
  loon: NaN
  n: 3
  n: drie
  leefvrm: alleen
  dag_een: &dag ja
  dag_twee: *dag
  plaats: \u201chier\u201d
  x: 1.50 # per week
  y:
  a\u200b: ja
  b:\tmisschien
  ernstig: {waarde: 3, door: , rol: consulent, datum: 2026-07-01, reden: ja, dat is zo}
  aanvrager:
    geboortedatum: 2190-01-01
    studnt:
  kinderen:
    - kosten: 10.00
      kosten: 20.00
    - kosten: veel
    -
"""
TOLD_OF_YAML = [
    ("/gegevens/a", "TS-Y15", 14),
    ("/gegevens/aanvrager/geboortedatum", "TS-Z21", 18),
    ("/gegevens/aanvrager/studnt", "TS-Y14", 19),
    ("/gegevens/aanvrager/studnt", "TS-Z12", 19),
    ("/gegevens/b", "TS-Y03", 15),
    ("/gegevens/b", "TS-Z20", 15),
    ("/gegevens/dag_een", "TS-Y08", 9),
    ("/gegevens/dag_een", "TS-Z20", 9),
    ("/gegevens/dag_twee", "TS-Y08", 10),
    ("/gegevens/ernstig/dat is zo", "TS-Y14", 16),
    ("/gegevens/ernstig/door", "TS-Y14", 16),
    ("/gegevens/ernstig/waarde", "TS-Z20", 16),
    ("/gegevens/kinderen/0/kosten", "TS-Y13", 22),
    ("/gegevens/kinderen/1/kosten", "TS-Z20", 23),
    ("/gegevens/kinderen/2", "TS-Y14", 24),
    ("/gegevens/leefvrm", "TS-Z12", 8),
    ("/gegevens/loon", "TS-Z20", 5),
    ("/gegevens/n", "TS-Y13", 7),
    ("/gegevens/plaats", "TS-Y11", 11),
    ("/gegevens/x", "TS-Y10", 12),
    ("/gegevens/y", "TS-Y14", 13),
    ("/peildatum", "TS-Z07", 2),
    ("/peildatun", "TS-Z02", 3),
]
