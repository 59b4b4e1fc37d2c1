"""The menu: the place that each page of the folder states, read from its first lines without running it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.text import Text

PAGES = Path(__file__).with_name("pages")


class Place(NamedTuple):
    """Where a page stands: `MENU = (order, (section, its English), (title, its English))` in the page."""

    order: int
    section: Text
    title: Text


@cache
def places() -> Mapping[str, Place]:
    """Every page by name, in the order of the menu. RuntimeError, naming it, for a page that states no place."""
    stated = {path.stem: _place(path) for path in PAGES.glob("*.py")}
    return dict(sorted(stated.items(), key=lambda item: item[1].order))


def _place(path: Path) -> Place:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == "MENU" for t in node.targets
        ):
            order, section, title = ast.literal_eval(node.value)
            return Place(order, Text(*section), Text(*title))
    raise RuntimeError(f"fof/ui/pages/{path.name}: no MENU = (order, (section, English), (title, English))")
