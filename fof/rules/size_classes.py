"""Statistical size classes of enterprises of 2017: thresholds as data, and the class of one year's figures.

Source: 国家统计局《统计上大中小微型企业划分办法（2017）》（国统字〔2017〕213号）; the same classes as 工信部联企业〔2011〕300号. Money in
the table is in ten thousand yuan. Large, medium and small ask that every indicator reaches its lower limit; who misses one
of them falls to the next lower class, and who misses one of small is micro.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from fof.rules.truth import all_of, at_least
from models.pools import SizeClass
from models.text import Text

SIZE_CLASSES_2017 = "nbs-2017"
"""Id of the table; another edition is another id."""

_FEN = 1_000_000  # of ten thousand yuan
_FROM = {SizeClass.LARGE: "large_from", SizeClass.MEDIUM: "medium_from", SizeClass.SMALL: "small_from"}
NOT_CLASSED = Text("该行业不在划分办法适用范围内", "the measure does not cover the industry")
NO_INDUSTRY = Text("行业代码未登记或不足以归类", "no industry code, or one too short to tell the industry")


class SizeLimit(NamedTuple):
    """The lower limits of one indicator: of staff people, of money fen."""

    indicator: str
    lower: Mapping[SizeClass, int]


@cache
def size_limits() -> Mapping[str, tuple[SizeLimit, ...]]:
    """Industry of the table → its indicators."""
    limits: dict[str, list[SizeLimit]] = defaultdict(list)
    for row in _rows():
        unit = 1 if row["indicator"] == "staff" else _FEN
        lower = {size: int(row[column]) * unit for size, column in _FROM.items()}
        limits[row["industry"]].append(SizeLimit(row["indicator"], lower))
    return {name: tuple(own) for name, own in limits.items()}


@cache
def _industries() -> Mapping[str, str]:
    """GB/T 4754 code, or the beginning of one → industry of the table."""
    return {code: row["industry"] for row in _rows() for code in row["codes"].split()}


def _rows() -> list[dict[str, str]]:
    with (files("fof.rules") / "size_classes.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def size_industry(code: str | None) -> str | Text:
    """The table's industry of a GB/T 4754 code; a Text that says why there is none."""
    if not code:
        return NO_INDUSTRY
    for length in range(len(code), 0, -1):
        if (industry := _industries().get(code[:length])) is not None:
            return industry
    return NO_INDUSTRY if any(own.startswith(code) for own in _industries()) else NOT_CLASSED


def size_class(
    industry: str, staff: int | None, revenue: int | None, total_assets: int | None
) -> SizeClass | None:
    """The class of an industry of the table by one year's figures (money in fen); None where a missing figure decides.

    KeyError for an industry that the table has not.
    """
    figures = {"staff": staff, "revenue": revenue, "total_assets": total_assets}
    for size in _FROM:
        reached = all_of(
            *(at_least(figures[own.indicator], own.lower[size]) for own in size_limits()[industry])
        )
        if reached is not False:
            return size if reached else None
    return SizeClass.MICRO
