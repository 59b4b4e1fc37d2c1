"""The register of figures: name, words, unit, formula and perspective of whatever a page, command, export or explanation has.

Declared once, in register.csv (a figure a line) and words.csv (the members of the closed lists that a figure of unit
"word" takes). Columns of pages and commands, the JSON schema, exports and explanations are made from here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

from models.frozen import frozen
from models.perspective import Basis, Whose
from models.text import Text

Unit = Literal[
    "money",
    "share",
    "rate",
    "multiple",
    "number",
    "price",
    "count",
    "days",
    "entry",
    "day",
    "flag",
    "code",
    "party",
    "name",
    "word",
    "document",
    "text",
    "note",
]
"""money: whole fen. share, rate, multiple, number: float64, nan or None where there is none. price: a number, in yuan a share. count, days: whole numbers.
entry: the number of an entry. day: a date. flag: true or false. code, party, name, document, text, note: text; a party
stands by its code in JSON; a note is a sentence. word: a code of the closed list `words`."""

Kind = Literal["text", "int", "money", "multiple", "percent", "number", "day", "flag"]
_KINDS: Mapping[str, Kind] = {
    **dict[str, Kind].fromkeys(("count", "days", "entry"), "int"),
    **dict[str, Kind].fromkeys(("share", "rate"), "percent"),
    "price": "number",
    **{kind: kind for kind in ("money", "multiple", "number", "day", "flag")},
}
_STATED: Mapping[str, Unit] = {
    "fen": "money",
    "share": "share",
    "number": "number",
    "int": "count",
    "date": "day",
    "bool": "flag",
}
"""Type of an attribute (models.facts) -> how it is held as a figure; the others are text."""


class Perspective(NamedTuple):
    """Whose a figure is, and whether net or gross of the funds' fees and carried interest.

    whose : "row" where each row says it
    basis : None where the question does not arise (commitments, calls)
    """

    whose: Whose | Literal["row"]
    basis: Basis | None


@frozen
class Figure:
    """A figure as it is declared. formula: how it comes about, or what its values mean; None where the words say it.

    words : name of its closed list, empty where it has none
    """

    name: str
    text: Text
    unit: Unit
    formula: Text | None
    perspective: Perspective | None
    words: str = ""

    @property
    def kind(self) -> Kind:
        """How its values are held and written."""
        return _KINDS.get(self.unit, "text")

    def word(self, code: object) -> Text | None:
        """A code of its closed list in words; None for what is none."""
        return members(self.words).get(str(code)) if self.words else None


def figure(name: str) -> Figure:
    """The figure of a name; an attribute as it is stated has its words from models.facts and needs no line of its own.
    KeyError, naming it, for what is neither."""
    if name in figures():
        return figures()[name]
    from models.facts import FACTS  # most processes ask for no attribute

    return Figure(name, FACTS[name].text, _STATED.get(FACTS[name].kind, "text"), None, None)


@cache
def figures() -> Mapping[str, Figure]:
    """Every figure, by name, in the order of the register."""
    return {row["name"]: _read(row) for row in _table("register.csv")}


def members(name: str) -> Mapping[str, Text]:
    """The members of a closed list: code -> words. KeyError, naming it, for no such list."""
    return closed_lists()[name]


@cache
def closed_lists() -> Mapping[str, Mapping[str, Text]]:
    """Every closed list of words.csv, by name."""
    lists: dict[str, dict[str, Text]] = {}
    for row in _table("words.csv"):
        lists.setdefault(row["list"], {})[row["code"]] = Text(row["zh"], row["en"])
    return lists


def _table(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8") as source:
        yield from csv.DictReader(source)


def _read(row: Mapping[str, str]) -> Figure:
    whose, _, basis = row["perspective"].partition(" ")
    return Figure(
        row["name"],
        Text(row["zh"], row["en"]),
        cast(Unit, row["unit"]),
        Text(row["formula_zh"], row["formula_en"]) if row["formula_en"] else None,
        Perspective(cast(Whose, whose), cast(Basis, basis) or None) if whose else None,
        row["words"],
    )
