"""A first book: the invented demo office, and positions that real institutions disclose.

Both go through the door that every file goes through; what is booked already is told, not booked again. The files
lie in the seeds folder (seeds/README.md says what is invented and what is public).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from fof import intake, ledger
from fof.access import Actor
from fof.book import late
from fof.db import Database
from fof.environment import shipped
from fof.errors import Problem, Refused, Where
from fof.importers.mapping import Mapping, mapping_from_file
from fof.importers.reader import read_file
from fof.importers.units import plain
from fof.ledger import Booked, Planner, read
from fof.ledger.draft import together
from models.frozen import frozen
from models.text import Text

SEEDS = shipped() / "seeds"

MAPPED_SINCE = dt.date(2025, 9, 30)
"""From when on a shipped mapping is kept in the book: the day of the newest disclosure among the seeds."""


@frozen
class Seeded:
    """What one file brought: entries written, and how many it states that the book held already."""

    file: str
    entries: int
    already: int


def seed_demo(database: Database, actor: Actor) -> list[Seeded]:
    """Book the demo office's workbooks in the order of their receipt, by year, each in one transaction; then what the
    office set by itself: rule numbers, evaluation scales and marks.

    Refused where the workbooks are not there; ImportRefused and NotAllowed as fof.intake.book.
    """
    workbooks = sorted((SEEDS / "demo").glob("*.xlsx"))
    if not workbooks:
        raise Refused(
            [_missing(SEEDS / "demo", Text("示例办公室工作簿", "the demo office's workbooks"))], "fof seed"
        )
    seeded = [_seeded(path, intake.book(database, actor, path)) for path in workbooks]
    settings = SEEDS / "demo" / "settings.csv"
    return [*seeded, _settings(database, actor, settings)] if settings.is_file() else seeded


def _settings(database: Database, actor: Actor, path: Path) -> Seeded:
    """What forms would have brought, one entry a row, in one transaction; the columns are those of
    seeds/office/settings.py."""
    with path.open(encoding="utf-8", newline="") as stream:
        planner = together([_planner(row) for row in csv.DictReader(stream)])
    return _seeded(path, ledger.book(database, actor, late.reasoned(planner, None), action="set_parameter"))


def _planner(row: dict[str, str]) -> Planner:
    from fof.audit.rule_numbers import parameter_planner
    from fof.evaluation.requests import mark_request, planner, scale_request, weights_request

    fund, value, document = row["fund"] or None, row["value"], row["document"]
    day = dt.date.fromisoformat(row["since"])
    kind, _, name = row["what"].partition(":")
    if kind == "mark":
        return planner(mark_request(str(fund), name, value, day, document))
    if kind == "scale":
        zero, full = value.split(";")
        return planner(scale_request(fund, name, zero, full, day, document))
    if kind == "weights":
        named = dict(zip(("policy", "compliance", "results"), value.split("/"), strict=True))
        return planner(weights_request(fund, named, day, document))
    return parameter_planner(fund, row["what"], value, day, None, document)


def seed_pensions(database: Database, actor: Actor, file: Path | None = None) -> list[Seeded]:
    """Book disclosed positions: the shipped ones, or a user's file.

    A user's file is read with the mapping whose headers are the file's own, kept in the book or shipped, and without
    one as a table in our layout. Refused where the shipped file is missing; ImportRefused and NotAllowed as fof.intake.
    """
    path = SEEDS / "pensions.csv" if file is None else file
    if file is None and not path.is_file():
        raise Refused([_missing(path, Text("已披露的持仓", "the disclosed positions"))], "fof seed")
    saved = intake.saved_mappings(read(database).view()).values()
    mapping = fitting_mapping(path, [*saved, *shipped_mappings()])
    if mapping is None:
        return [_seeded(path, intake.book(database, actor, path))]
    return [_seeded(path, intake.import_with_mapping(database, actor, path, mapping, MAPPED_SINCE))]


def shipped_mappings() -> list[Mapping]:
    """The column mappings that come with the program, by file name."""
    paths = [SEEDS / "pensions.toml", *sorted((SEEDS / "mappings").glob("*.toml"))]
    return [mapping_from_file(path) for path in paths if path.is_file()]


def fitting_mapping(path: Path, mappings: Iterable[Mapping]) -> Mapping | None:
    """The first mapping that knows every header of the file's first sheet and misses none; None where none does."""
    sheets = read_file(path).sheets
    first = next(iter(sheets[0].rows), None) if sheets else None
    if first is None:
        return None
    headers = {_folded(cell[1:]) for cell in first[1] if cell is not None}
    for mapping in (m for m in mappings if not m.sheets):
        read_as = {_folded(h) for h in _headers(mapping)}
        if read_as <= headers <= read_as | {_folded(h) for h in mapping.ignore}:
            return mapping
    return None


def _headers(mapping: Mapping) -> set[str]:
    """Every header of the file that a mapping reads."""
    columns = {header for reading in mapping.readings for header in reading.columns.values()}
    created = {header for creation in mapping.create.values() for header in creation.facts.values()}
    return columns | created | set(mapping.skip)


def _folded(text: str) -> str:
    return plain(text).casefold()


def _seeded(path: Path, booked: Booked) -> Seeded:
    return Seeded(path.name, len(booked.entries), len(booked.already))


def _missing(path: Path, text: Text) -> Problem:
    return Problem(
        "seeds_missing",
        Text(
            f"{text.zh}随程序提供，但这里没有：请重新安装程序",
            f"{text.en} come with the program and are not here: install the program again",
        ),
        None,
        Where(path.name),
    )
