"""Spans of time in files: none ends before it begins; spells of one person at one employer do not overlap, by whatever sheet and in
however many rows and files they are stated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from test_fof_intake_coinvestment import Rows, booked, day, institution, workbook

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import ImportRefused
from fof.importers.layouts import LAYOUTS
from models import coinvest as words
from models.kinds import EntryKind
from models.subjects import SubjectKind


def spell(code: str, since: str, start: str | None = None, end: str | None = None) -> dict[str, Any]:
    """A row of an employment of P1; without a start it says nothing of it."""
    days = {"employed_from": start, "employed_until": end}
    stated = {name: day(text) for name, text in days.items() if text is not None}
    return {"code": code, "person": "P1", "employer": "CT", "since": day(since), **stated}


def register(*spells: dict[str, Any]) -> Rows:
    """The register of people with these spells of P1 alone."""
    rows = institution()
    others = [row for row in rows["employments"] if row["person"] != "P1"]
    return {**rows, "employments": [*others, *spells]}


def refused(database: Database, rows: Rows) -> list[tuple[str, int | None, str | None]]:
    """Code, row and column of what a file is refused for; nothing is written."""
    head = ledger.read(database).head
    with pytest.raises(ImportRefused) as wrong:
        intake.book(database, LOCAL, workbook(rows), "名册.xlsx")
    assert ledger.read(database).head == head
    assert {p.where.file for p in wrong.value.problems} == {"名册.xlsx"}
    return [(p.code, p.where.row, p.where.named("zh")) for p in wrong.value.problems]


OPEN = spell("A", "2020-01-01", "2020-01-01")
CLOSED = spell("A", "2022-05-31", end="2022-05-31")
AGAIN = spell("B", "2022-07-01", "2022-07-01")


def test_a_later_row_that_closes_a_spell_makes_room_for_the_next(sqlite_book: Database) -> None:
    booked(sqlite_book, register(OPEN, CLOSED, AGAIN))


def test_a_later_file_that_closes_a_spell_makes_room_for_the_next(sqlite_book: Database) -> None:
    booked(sqlite_book, register(OPEN))
    view = booked(sqlite_book, {"employments": [CLOSED, AGAIN]})
    assert ("employment", "B") in view.subject_ids


def test_without_the_closing_row_the_next_spell_overlaps(sqlite_book: Database) -> None:
    booked(sqlite_book, register(OPEN))
    assert refused(sqlite_book, {"employments": [AGAIN]}) == [("overlapping_spells", 2, "入职日")]


@pytest.mark.parametrize(("last", "fits"), [("2022-06-30", True), ("2022-07-01", False)])
def test_an_end_that_moves_may_take_the_next_spell_s_first_day(
    sqlite_book: Database, last: str, fits: bool
) -> None:
    booked(sqlite_book, register(OPEN, CLOSED, AGAIN))
    moved = {"employments": [spell("A", "2022-06-01", end=last)]}
    if fits:
        booked(sqlite_book, moved)
    else:
        assert refused(sqlite_book, moved) == [("overlapping_spells", 2, "离职日")]


def test_every_spell_that_overlaps_is_listed(sqlite_book: Database) -> None:
    """One long spell and two short ones inside it, which do not touch each other."""
    long = spell("A", "2020-01-01", "2020-01-01", "2025-12-31")
    short = [
        spell(f"B{year}", f"{year}-01-01", f"{year}-01-01", f"{year}-06-30") for year in ("2021", "2022")
    ]
    assert refused(sqlite_book, register(long, *short)) == [
        ("overlapping_spells", 5, "入职日"),
        ("overlapping_spells", 6, "入职日"),
    ]


def test_the_sheet_of_subjects_is_held_to_the_same(sqlite_book: Database, tmp_path: Path) -> None:
    """An export brings everything by that sheet: as it was it goes in again, with an end that was moved it does not."""
    view = booked(sqlite_book, register(OPEN, CLOSED, AGAIN))
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    intake.book(other, LOCAL, intake.export_workbook(view), "导出.xlsx")
    line = {
        "group": "改",
        "entry": EntryKind.COINVESTMENT,
        "day": day("2022-06-01"),
        "kind": SubjectKind.EMPLOYMENT,
        "code": "A",
        "attribute": "employed_until",
    }
    for value, code in (("2022-08-01", "overlapping_spells"), ("2019-12-31", "ends_before_start")):
        assert refused(other, {"subjects": [{**line, "value": value}]}) == [(code, 2, "内容")]
    other.close()


BACKWARD = {
    "employments": ("employed_from", "employed_until"),
    "employments, contract": ("contract_from", "contract_until"),
    "employments, insurance": ("insured_from", "insured_until"),
    "nominees": ("nominee_from", "nominee_until"),
    "business_ties": ("tie_from", "tie_until"),
    "incidents": ("leaked_on", "incident_cleared_on"),
    "coinvest_deals": ("publicity_from", "publicity_until"),
}
PLACES: Rows = {
    "employments": [spell("A", "2020-01-01")],
    "nominees": [
        {"code": "DC", "staff_stake": "S1", "holder": "P1", "beneficiary": "P2", "since": day("2021-03-01")}
    ],
    "business_ties": [
        {
            "code": "WL",
            "institution": "CT",
            "company": "Q",
            "since": day("2021-03-01"),
            "tie": words.TieKind.VENDOR,
        }
    ],
    "incidents": [{"code": "XM", "person": "P1", "since": day("2021-03-01")}],
    "coinvest_deals": [{"deal": "D", "since": day("2021-03-01")}],
}


@pytest.mark.parametrize("what", BACKWARD)
def test_no_span_ends_before_it_begins(sqlite_book: Database, what: str) -> None:
    first, last = BACKWARD[what]
    sheet = what.partition(",")[0]
    rows = institution()
    [line] = PLACES[sheet]
    kept = [row for row in rows.get(sheet, []) if row.get("person") != "P1" and sheet != "coinvest_deals"]
    start = day("2021-03-10")
    spans = {**line, first: start, last: start - dt.timedelta(days=1)}
    named = LAYOUTS[sheet].column(last).text.zh
    assert refused(sqlite_book, {**rows, sheet: [*kept, spans]}) == [
        ("ends_before_start", len(kept) + 2, named)
    ]
    booked(sqlite_book, {**rows, sheet: [*kept, {**spans, last: start}]})


def test_a_renewed_contract_is_no_span_that_ends_before_it_begins(sqlite_book: Database) -> None:
    """The old contract's last day stands from an earlier day on; of the new one nobody has stated a last day."""
    old = {**OPEN, "contract_from": day("2020-01-01"), "contract_until": day("2022-12-31")}
    new = {**spell("A", "2023-01-01"), "contract_from": day("2023-01-01")}
    booked(sqlite_book, register(old, new))
