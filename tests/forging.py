"""A book past its guards: what every test needs that forges or damages one."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from models import journal as t

END = dt.date(2030, 1, 1)


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """The file of a book with every trigger and condition switched off; afterwards the triggers are there again."""
    columns = "type, name, tbl_name, rootpage, sql"
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute(
            "PRAGMA writable_schema = ON"
        )  # a hundred triggers dropped one by one take longer than a test
        guards = raw.execute(f"SELECT {columns} FROM sqlite_master WHERE type = 'trigger'").fetchall()
        raw.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
        raw.execute("PRAGMA writable_schema = RESET")  # the schema is read anew, without them
        raw.execute("PRAGMA ignore_check_constraints = ON")
        yield raw
        raw.execute("PRAGMA writable_schema = ON")
        raw.executemany(f"INSERT INTO sqlite_master ({columns}) VALUES (?, ?, ?, ?, ?)", guards)


def a_row_of_every_kind(city: int, fund: int, company: int, deal: int) -> list[t.Row]:
    """Rows of every table that brings no money and no close, every column filled somewhere; subjects 7 and 8."""
    return [
        t.Party(city, "CITY", "government"),
        t.Party(fund, "F1", "sub_fund"),
        t.Party(company, "C1", "company"),
        t.Deal(deal, "D1", fund, company, "initial", "A", "equity", 400_000_000, 6, "seed", "d", "ipo"),
        t.Mark(city, fund, 5, "reported_nav", "管理人", "文"),
        t.Fact(fund, None, "established_on", "2019-01-01", "b", "文"),
        t.Fact(fund, None, "name", "示例基金", "b", "文"),
        t.Edge(city, company, 600_000_000, "equity", END, "文"),
        t.Edge(fund, company, 400_000_000, "equity", END, "文"),
        t.Notice(fund, "capital_call", "1", dt.date(2020, 2, 2)),
        t.Position(city, fund, 1, 2, 3, 4, "0.1", "1.5", "disclosed", "文"),
        t.Setting(fund, "a", "1", END, "文"),
        t.Disposition("GF-1", fund, deal, "accept", "W", END, "由"),
        t.Identity(7, "loan", "L7"),
        t.Identity(8, "agreement", "A8"),
        t.SubjectFact("stake", fund, city, None, None, None, "title", "份额", END, "b", "文"),
        t.SubjectFact("deal", None, None, deal, None, None, "title", "交易", None, "b", "文"),
        t.SubjectFact("loan", None, None, None, 7, None, "title", "贷款", None, "b", "文"),
        t.SubjectFact("notice", fund, None, None, None, "1", "title", "通知", None, "b", "文"),
        t.SubjectLink(7, "borrower", company, None, None, END, "文"),
        t.SubjectLink(7, "deal", None, deal, None, None, "文"),
        t.SubjectLink(7, "agreement", None, None, 8, None, "文"),
        t.Decision("GF-1", "stake", fund, city, None, None, None, "accept", "W", END, "由"),
        t.Decision("GF-1", "deal", None, None, deal, None, None, "dismiss", "W", None, "由"),
        t.Decision("GF-1", "loan", None, None, None, 7, None, "dismiss", "W", None, "由"),
        t.Decision("GF-1", "notice", fund, None, None, None, "1", "dismiss", "W", None, "由"),
        t.NoticeLine(fund, "1", city, "investment", 5),
        t.ColumnMapping("m", "{}", "文"),
    ]
