"""Strategic emerging industries by a table of GB/T 4754 that the office imports (SEI-01): no table is in the program, for none was
found whole; the codes here are made up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.book.strategic_industries import UNDECIDED, StrategicReading, strategic_group
from fof.db import Database
from fof.intake.export import export_workbook
from models.rule_kinds import SeiGroup as G

DAY = dt.date(2026, 6, 30)
HEAD = "group,industries,partly,since,document\n"
FIRST = HEAD + "biotech,C27、C2641,,2019-01-01,示例分类\nnew_it,I65,C39、I6520,2019-01-01,示例分类\n"
WHOLE = HEAD + "".join(
    f"{g.value},C{30 + n},,2020-01-01,示例分类\n"
    for n, g in enumerate(G, 1)
    if g not in (G.BIOTECH, G.NEW_IT)
)
IN_NONE = StrategicReading(True, None)


def booked(database: Database, *files: str) -> Any:
    for n, text in enumerate(files):
        intake.book(database, LOCAL, text.encode(), f"{n}.csv", layout="strategic_industries")
    return ledger.read(database).view(DAY)


@pytest.mark.parametrize(
    ("code", "day", "wanted"),
    [
        ("C2760", DAY, StrategicReading(True, G.BIOTECH)),  # by the beginning of its code
        ("C2641", DAY, StrategicReading(True, G.BIOTECH)),
        ("C2642", DAY, IN_NONE),
        ("C26", DAY, UNDECIDED),  # a part of the class is listed
        ("C3976", DAY, UNDECIDED),  # the class belongs to it in part
        ("I6510", DAY, StrategicReading(True, G.NEW_IT)),
        ("I6520", DAY, UNDECIDED),  # the longer code decides, and belongs in part
        ("C3311", DAY, StrategicReading(True, G.EQUIPMENT)),
        ("R90", DAY, IN_NONE),
        (None, DAY, UNDECIDED),
        ("C2760", dt.date(2019, 1, 1), StrategicReading(True, G.BIOTECH)),
        ("C2760", dt.date(2018, 12, 31), UNDECIDED),  # the table does not hold yet
        ("R90", dt.date(2019, 12, 31), UNDECIDED),  # of seven groups nobody listed anything
    ],
)
def test_the_longest_listed_code_decides(
    sqlite_book: Database, code: str | None, day: dt.date, wanted: StrategicReading
) -> None:
    assert strategic_group(booked(sqlite_book, FIRST, WHOLE), code, day) == wanted


def test_a_company_is_judged_by_what_is_stated_then_by_the_table(
    clerk_on_both: Any, sqlite_url: str, tmp_path: Any
) -> None:
    clerk = clerk_on_both
    clerk.party("F", "sub_fund", strategy="vc", cash_kept="no")
    for code, stated in (
        ("STATED", {"industry": "C2760", "sei_group": "new_it"}),
        ("TABLE", {"industry": "C2760"}),
        ("PART", {"industry": "C3976"}),
        ("BARE", {}),
    ):
        clerk.party(code, "company", **stated)
        clerk.deal("F", code, "initial", 10, "2025-01-01", share=0.1)

    def judged(database: Database) -> dict[str, tuple[str, Any]]:
        rows = audit.guidance(ledger.read(database).view(DAY)).findings
        return {f.subject.code: (f.verdict.value, f.finding.measured) for f in rows if f.rule == "SEI-01"}

    without = dict.fromkeys(("TABLE", "PART", "BARE"), "unknown")
    assert {c: v for c, (v, _) in judged(clerk.database).items()} == {"STATED": "pass", **without}
    view = booked(clerk.database, FIRST)
    again = intake.book(clerk.database, LOCAL, FIRST.encode(), "0.csv", layout="strategic_industries")
    assert again.entries == []
    told = judged(clerk.database)
    assert told["STATED"] == ("pass", "new_it")
    assert told["TABLE"] == ("pass", "biotech")
    assert (told["PART"][0], told["BARE"][0]) == ("unknown", "unknown")
    other = FIRST.replace("C2641", "C2642")
    made = intake.preview(clerk.database, other.encode(), "1.csv", layout="strategic_industries")
    assert [p.code for p in made.problems] == ["booked_otherwise"]
    second = Database(sqlite_url.replace("book.sqlite", "other.sqlite"))
    second.init()
    intake.book(second, LOCAL, export_workbook(view), "out.xlsx")
    assert judged(second) == told
    second.close()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("biotech,C27,C27,2026-01-01,P", "whole_and_partly"),
        ("biotech,,,2026-01-01,P", "required"),
        ("biotech,C27,,2026-01-01,", "required"),
        ("biotech,X99,,2026-01-01,P", "bad_industry"),
        ("moon,C27,,2026-01-01,P", "not_listed"),
        ("biotech,C27,,2026-01-01,P\nbiotech,C26,,2026-01-01,P", "duplicate_row"),
    ],
)
def test_a_wrong_table_is_refused_with_its_row(sqlite_book: Database, line: str, code: str) -> None:
    made = intake.preview(sqlite_book, (HEAD + line).encode(), "t.csv", layout="strategic_industries")
    assert [p.code for p in made.problems] == [code]
    assert made.problems[0].where.row in (2, 3)
