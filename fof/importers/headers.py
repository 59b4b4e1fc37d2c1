"""Finding the header row and what its cells mean: which column, in which unit; or everything that is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from fof.errors import Problem
from fof.importers.columns import CellType, Column, Layout, names_of
from fof.importers.layouts import LAYOUTS
from fof.importers.layouts.index_series import SIDE
from fof.importers.sheets import RawRow
from fof.importers.units import AmountUnit, plain, unit_of
from models.frozen import frozen
from models.text import Text

LOOKED_AT = 20
"""Rows in which a header is looked for."""

_SUFFIX = re.compile(r"^(.*?)[ ]*[(\[【]([^()\[\]【】]*)[)\]】]$")
_UNIT_WORD = re.compile(r"^(?:单位|unit)[ ]*[::]?[ ]*")
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_PERCENT = {"%", "百分数", "百分比", "per cent", "percent"}
_FRACTION = {"小数", "fraction", "decimal"}


@frozen
class Header:
    """A header cell understood: the column, its place (from 0), its text, and the unit it states."""

    column: Column
    index: int
    text: str
    unit: AmountUnit | None = None
    fraction: bool | None = None


@dataclass(slots=True)
class HeaderRow:
    """The header row: its number, what was understood, what was not (place and text)."""

    number: int
    known: list[Header] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)


def folded(text: str) -> str:
    """A header as it is compared: plain width, small letters, no marks of being required, no space inside Chinese words."""
    bare = _INVISIBLE.sub("", text).replace("_", " ").replace("*", " ").replace("-", " ")
    return _SPACED.sub("", plain(bare)).casefold()


@cache
def _names(layout: str) -> dict[str, Column]:
    columns = (LAYOUTS.get(layout) or SIDE[layout]).columns
    return {folded(name): column for column in columns for name in names_of(column)}


def understand(layout: Layout, index: int, text: str) -> Header | None:
    """What a header cell means in a layout; None where nothing is known by that name.

    A bracket at the end may state the unit: “金额（万元）”, “比例（%）”.
    """
    names = _names(layout.name)
    whole = folded(text)
    if (column := names.get(whole)) is not None:
        return Header(column, index, text)
    match = _SUFFIX.match(whole)
    if match is None or (column := names.get(match[1].strip())) is None:
        return None
    unit, fraction = stated_unit(text)
    if column.cell is CellType.AMOUNT and unit is not None:
        return Header(column, index, text, unit=unit)
    if column.cell is CellType.SHARE and fraction is not None:
        return Header(column, index, text, fraction=fraction)
    return None


def stated_unit(header: str) -> tuple[AmountUnit | None, bool | None]:
    """The unit of amounts, and whether shares are fractions, as the bracket at the end of a header states them."""
    match = _SUFFIX.match(folded(header))
    if match is None:
        return None, None
    stated = _UNIT_WORD.sub("", match[2].strip())
    return unit_of(stated), stated in _FRACTION if stated in _PERCENT | _FRACTION else None


def header_row(layout: Layout, rows: Sequence[RawRow]) -> HeaderRow:
    """The row, of the first twenty, in which most headers of the layout are found; of equal ones the first."""
    best: HeaderRow | None = None
    for number, cells in rows[:LOOKED_AT]:
        candidate = HeaderRow(number)
        for index, cell in enumerate(cells):
            if cell is None:
                continue
            header = understand(layout, index, cell[1:]) if cell[0] == "s" else None
            if header is None:
                candidate.unknown.append((index, cell[1:]))
            else:
                candidate.known.append(header)
        if best is None or len(candidate.known) > len(best.known):
            best = candidate
    assert best is not None, "a sheet without rows has no header"
    return best


def recognise(rows: Sequence[RawRow]) -> list[Layout]:
    """The layouts whose required headers are all there, best first; several where they fit equally well."""
    scored: list[tuple[int, Layout]] = []
    for layout in LAYOUTS.values():
        candidate = header_row(layout, rows)
        names = {h.column.name for h in candidate.known}
        if all(c.name in names for c in layout.columns if c.required):
            scored.append((len(candidate.known) - len(candidate.unknown), layout))
    best = max((score for score, _ in scored), default=0)
    return [layout for score, layout in scored if score == best]


def header_problems(layout: Layout, headed: HeaderRow) -> list[tuple[str | Text, Problem]]:
    """What is wrong with the headers: (field, problem without its place)."""
    problems: list[tuple[str | Text, Problem]] = []
    seen: dict[str, Header] = {}
    for header in headed.known:
        if header.column.name in seen:
            problems.append(
                (
                    header.text,
                    Problem(
                        "duplicate_header",
                        Text(
                            f"与“{seen[header.column.name].text}”是同一列，只能有一列",
                            f"the same column as {seen[header.column.name].text!r}; only one of them",
                        ),
                        header.text,
                    ),
                )
            )
        seen.setdefault(header.column.name, header)
    for _, text in headed.unknown:
        near = difflib.get_close_matches(folded(text), _names(layout.name), 1, 0.5)
        hint = f"，是否为“{_names(layout.name)[near[0]].text.zh}”" if near else ""
        problems.append(
            (
                text,
                Problem(
                    "unknown_header",
                    Text(
                        f"“{layout.text.zh}”表没有这一列{hint}；请改名、删除，或使用列映射",
                        f"not a column of {layout.text.en}"
                        + (f", perhaps {_names(layout.name)[near[0]].text.en!r}" if near else "")
                        + "; rename it, delete it or use a mapping",
                    ),
                    text,
                ),
            )
        )
    for column in layout.columns:
        if column.required and column.name not in seen:
            problems.append(
                (
                    column.text,
                    Problem(
                        "missing_header",
                        Text(f"缺少必填列“{column.text.zh}”", f"column {column.text.en!r} is required"),
                    ),
                )
            )
    if not any(h.column.cell is CellType.UNIT for h in headed.known):
        for header in headed.known:
            if header.column.cell is CellType.AMOUNT and header.unit is None:
                problems.append(
                    (
                        header.text,
                        Problem(
                            "unit_missing",
                            Text(
                                "表头须注明单位，如“（元）”“（万元）”，或增加“金额单位”列",
                                "state the unit in the header, as in “(yuan)”, or add a unit column",
                            ),
                            header.text,
                        ),
                    )
                )
    return problems
