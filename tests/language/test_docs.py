# SPDX-License-Identifier: EUPL-1.2
"""Every YAML block in the README and the documentation is read by the one reader; none is passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.language.yaml_reader import read_yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "regels")]
"""The pages of the codes show what is wrong on purpose; their examples are run with the codes."""
BLOCKS = [
    (f"{page.relative_to(ROOT)}#{number}", text)
    for page in PAGES
    for number, text in enumerate(re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE), 1)
]


def test_no_block_is_passed_over() -> None:
    fences = sum(len(re.findall(r"```\s*ya?ml", page.read_text(encoding="utf-8"), re.IGNORECASE)) for page in PAGES)
    assert len(BLOCKS) == fences
    assert len(BLOCKS) >= 10


@pytest.mark.parametrize(("place", "text"), BLOCKS, ids=[place for place, _ in BLOCKS])
def test_a_block_is_yaml_without_traps(place: str, text: str) -> None:
    only_comments = all(line.startswith("#") for line in text.splitlines())
    assert (read_yaml(text, place)[0] is None) is only_comments
