"""Units stated above or beside a table: in lines over the headers, in the sheet's title, in the file's name, at the head or foot
of its printed pages, in notes on its cells and in text boxes.

Which of two statements holds is not ours to say: one that differs from the headers' is refused, naming where it stands.
"""

from __future__ import annotations

import re

from fof.errors import Problem, Where
from fof.importers.bindings import Bound
from fof.importers.columns import CellType
from fof.importers.tables import Table
from fof.importers.units import AmountUnit, StatedUnit, stated_units, unit_of
from models.text import Text

_DASHES = re.compile(r"[-_－—–＿ \u3000]+")
_PLACES = re.compile(r"&[LCR]")
_CODES = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&K\d\d[+-]\d{3}|&\d+|&[A-JM-QS-Z]')
"""Codes of the head and foot of printed pages (ECMA-376, 18.3.1.46): left, centre, right; font, colour, size, fields."""


class Captions:
    """What the surroundings of a table state, held against its headers at once and against its unit column row by row."""

    def __init__(self, table: Table, bound: Bound) -> None:
        self._table = table
        amounts = [b for reading in bound.readings for b in reading if b.column.cell is CellType.AMOUNT]
        self._headers = list(dict.fromkeys(b.reading.unit for b in amounts if b.reading.unit is not None))
        self._captions: list[tuple[StatedUnit, Where, str]] = []
        self._reported: set[tuple[StatedUnit, AmountUnit]] = set()

    def above(self, place: int, texts: list[str]) -> None:
        """A line above the headers, cell by cell and as a whole (“单位” and “万元” may stand in two cells)."""
        whole = " ".join(texts)
        self._take(
            dict.fromkeys(s for text in (*texts, whole) for s in stated_units(text)),
            self._table.where(place),
            whole,
        )

    def beside(self, sheet: str, file: str) -> None:
        """The title of the sheet and the name of the file, where they state a unit in brackets or parted by a dash or blank."""
        where = self._table.where()
        for text in (sheet, file.rpartition(".")[0]):
            if any(sign in text for sign in "(（[【"):
                self._take(dict.fromkeys(stated_units(text)), where, text)
            for part in _DASHES.split(text):
                if len(part) > 1 and not part.isascii() and unit_of(part) is not None:
                    self._take(dict.fromkeys(stated_units(part)), where, text)

    def printed(self, texts: list[str]) -> None:
        """What stands at the head and foot of printed pages, part by part, without the codes of places, fonts and fields; and what
        is written beside the cells."""
        for text in texts:
            for part in _PLACES.split(text):
                bare = " ".join(_CODES.sub(" ", part).replace("&&", "&").split())
                if bare:
                    self._take(dict.fromkeys(stated_units(bare)), self._table.where(), bare)

    def _take(self, stated: dict[StatedUnit, None], where: Where, text: str) -> None:
        for one in stated:
            self._captions.append((one, where, text))
            for unit in self._headers:
                if one.contradicts(unit):
                    sentence = Text(
                        f"表头写明的单位为“{unit.text}”，与此处的“{one.text}”不一，请统一",
                        f"the unit of the headers, {unit.en!r}; this says {one.text!r}",
                    )
                    self._say(one, unit, sentence, text, where)

    def row(self, number: int, unit: AmountUnit) -> None:
        """The unit that a row's own column states."""
        for one, where, text in self._captions:
            if one.contradicts(unit):
                sentence = Text(
                    f"第 {number} 行的单位为“{unit.text}”，与此处的“{one.text}”不一，请统一",
                    f"the unit of row {number}, {unit.en!r}; this says {one.text!r}",
                )
                self._say(one, unit, sentence, text, where)

    def _say(self, one: StatedUnit, unit: AmountUnit, expected: Text, text: str, where: Where) -> None:
        if (one, unit) not in self._reported:
            self._reported.add((one, unit))
            self._table.problems.append(Problem("unit_conflict", expected, text[:80], where))
