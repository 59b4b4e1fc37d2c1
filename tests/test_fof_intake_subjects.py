"""What is no party and no deal goes out into sheets and comes back: the same subjects, attributes, links and money."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.db import Database
from fof.errors import ImportRefused, Refused
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.verify import verify
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Deal, Decision, Identity, Party, Posting, Row, SubjectFact, SubjectLink
from models.subjects import LinkRole, SubjectKind

BANK, FIRM, POOL, FUND, CITY = range(1, 6)


def draft(kind: EntryKind, day: str, key: str, rows: list[Row], money: list[Posting] | None = None) -> Draft:
    return Draft(kind, dt.date.fromisoformat(day), key, key.encode(), money or [], rows)


def office(_view: View, ids: Ids) -> Plan:
    kinds = ("bank", "company", "pool", "sub_fund", "government")
    parties: list[Row] = [Party(ids.party(), kind.upper(), kind) for kind in kinds]
    deal: list[Row] = [Deal(ids.deal(), "D1", FUND, FIRM, "write_off")]
    loan, agreement = ids.subject(), ids.subject()
    enrolled: list[Row] = [
        Identity(loan, "loan", "L-1"),
        Identity(agreement, "agreement", "L-1"),
        SubjectFact("loan", None, None, None, loan, None, "title", "示例贷款", None, "b", "合同"),
        SubjectLink(loan, "lender", BANK, None, None, None, "合同"),
        SubjectLink(loan, "agreement", None, None, agreement, dt.date(2025, 6, 30)),
        SubjectLink(loan, "deal", None, 1),
    ]
    more: list[Row] = [
        SubjectFact("stake", FUND, CITY, None, None, None, "title", "份额", dt.date(2024, 12, 31)),
        SubjectFact("notice", FUND, None, None, None, "2024-1", "title", "通知"),
        SubjectFact("deal", None, None, 1, None, None, "title", "交易"),
        SubjectLink(agreement, "pool", POOL),
    ]
    drawn = [
        Posting(K.LOAN_DISBURSED, BANK, FIRM, None, None, loan, 500),
        Posting(K.GUARANTEE_FEE, FIRM, POOL, None, None, None, 7),
    ]
    first: list[Row] = [
        SubjectFact("loan", None, None, None, loan, None, "title", "首笔", dt.date(2024, 3, 31))
    ]
    return Plan(
        [
            draft(EntryKind.PARTIES, "2023-01-01", "parties", parties),
            draft(EntryKind.DEAL, "2023-06-01", "deal", deal),
            draft(EntryKind.POOL, "2024-01-01", "enrolled", enrolled),
            draft(EntryKind.POOL, "2024-02-01", "more", more),
            draft(EntryKind.POOL, "2024-03-01", "drawn", first, drawn),
        ]
    )


def state(view: View) -> dict[str, Any]:
    """Everything about subjects by address, whatever the ids."""
    p = view.postings
    return {
        "subjects": {(row.kind, row.code) for row in view.subjects.values()},
        "facts": sorted(
            (str(view.subject((r[0], *(x for x in r[1:6] if x is not None)))), r[0], s.day, r[6:])
            for s in view.subject_facts
            for r in [s.row]
        ),
        "links": sorted(
            (
                row.code,
                row.kind,
                link.day,
                link.row.role,
                link.row.until,
                link.row.document,
                _end(view, link.row),
            )
            for number, row in view.subjects.items()
            for link in view.links_ever(number)
        ),
        "money": [
            (k, fen, view.subjects[loan].code if loan >= 0 else None)
            for k, fen, loan in zip(p.kind.tolist(), p.fen.tolist(), p.loan.tolist(), strict=True)
        ],
    }


def _end(view: View, link: SubjectLink) -> str:
    if link.party is not None:
        return view.parties[link.party].code
    return "D1" if link.deal is not None else view.subjects[link.other or 0].code


def test_they_survive_export_and_import(database: Database, tmp_path: Path) -> None:
    ledger.book(database, LOCAL, office)
    view = ledger.read(database).view()
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.init()
    workbook = intake.export_workbook(view)
    intake.book(other, LOCAL, workbook, "导出.xlsx")
    back = ledger.read(other).view()
    assert state(back) == state(view)
    assert len(state(view)["facts"]) == 5
    assert [c.name for c in verify(other).problems] == []
    again = intake.book(other, LOCAL, workbook, "导出.xlsx")
    assert again.entries == []
    assert ledger.read(other).head == back.known_at
    other.close()


def sheet(**columns: Any) -> bytes:
    row = {
        "group": "g",
        "entry": EntryKind.POOL,
        "day": dt.date(2024, 5, 1),
        "kind": SubjectKind.LOAN,
        "code": "L-9",
        **columns,
    }
    return filled([(LAYOUTS["subjects"], [row])], {})


WRONG: dict[str, dict[str, Any]] = {
    "unknown_fact": {"attribute": "carry_rate", "value": "0.2"},
    "unknown_subject": {"role": LinkRole.LENDER, "value": "NOBODY"},
    "no_links": {"kind": SubjectKind.PARTY, "code": "BANK", "role": LinkRole.LENDER, "value": "BANK"},
    "required": {"code": None},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_a_row_says_wrong_is_told_at_its_cell(clerk: Any, code: str) -> None:
    ledger.book(clerk.database, LOCAL, office)
    with pytest.raises((ImportRefused, Refused)) as refused:
        intake.book(clerk.database, LOCAL, sheet(**WRONG[code]), "对象.xlsx")
    [problem] = refused.value.problems
    assert (problem.code, problem.where.row) == (code, 2)
    assert ledger.read(clerk.database).head == 5


def test_a_decision_about_a_registered_subject_is_one_row(clerk: Any) -> None:
    ledger.book(clerk.database, LOCAL, office)
    rows: list[Row] = [Decision("GF-1", "loan", None, None, None, 1, None, "dismiss", "文", None, "由")]
    ledger.book(
        clerk.database, LOCAL, lambda _v, _i: Plan([draft(EntryKind.DISPOSITION, "2024-06-01", "d", rows)])
    )
    [decided] = clerk.view("2024-12-31").decisions
    assert clerk.view("2024-12-31").subject(("loan", decided.row.subject)).code == "L-1"
