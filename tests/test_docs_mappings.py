"""The examples of docs/mappings.md are mappings."""

from __future__ import annotations

import re
from pathlib import Path

from fof.importers.layouts import LAYOUTS
from fof.importers.mapping import Creation, SheetMapping, Variant, mapping_from_toml
from fof.importers.reader import read_file
from fof.importers.template import template

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "mappings.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


def test_every_example_is_a_mapping():
    whole, parties, variants, sheets = EXAMPLES
    mapping = mapping_from_toml(whole)
    assert mapping.places == {"amount": 6}
    positions = 'name = "p"\nlayout = "positions"\n'
    assert set(mapping_from_toml(positions + parties).create) == {"fund"}
    assert len(mapping_from_toml(positions + variants).readings) == 2
    assert len(mapping_from_toml(sheets).sheets) == 2


def test_every_key_is_documented():
    for part in (SheetMapping, Creation, Variant):
        for key in part.model_fields:
            assert re.search(rf"\b{key}\b", TEXT), key


def test_the_template_shows_the_keys(tmp_path):
    for language in ("zh", "en"):
        file = read_file(template(list(LAYOUTS.values()), language=language), "t.xlsx")
        rows = list(file.sheets[-1].rows)
        shown = {cells[3][1:] for _n, cells in rows if len(cells) > 3 and cells[3] is not None}
        for layout in LAYOUTS.values():
            assert {layout.name, *(c.name for c in layout.columns if c.name != "unit")} <= shown
