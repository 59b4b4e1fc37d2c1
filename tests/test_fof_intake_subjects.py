"""What is no party and no deal goes out into sheets and comes back: the same subjects, attributes, links and money."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from fof import audit, intake, ledger
from fof.access import LOCAL
from fof.cli import main
from fof.db import Database
from fof.errors import BookingRefused, ImportRefused, Refused, Unknown
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.intake.export_office import office_rows
from fof.intake.export_rows import Heads, Sheets
from fof.ledger import Draft, Ids, Plan, View
from fof.ledger.verify import verify
from models.kinds import DispositionAction, EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Deal, Decision, Identity, Notice, Party, Posting, Row, SubjectFact, SubjectLink
from models.subjects import LinkRole, Subject, SubjectKind, address_of, bearer_of

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


ABOUT = {
    "office": ("QI-05", Subject(SubjectKind.OFFICE)),
    "party": ("GF-11", Subject(SubjectKind.PARTY, "SUB_FUND")),
    "deal": ("GF-24", Subject(SubjectKind.DEAL, "D1")),
    "stake": ("AF-06", Subject(SubjectKind.STAKE, "SUB_FUND", "GOVERNMENT")),
    "notice": ("AF-06", Subject(SubjectKind.NOTICE, "SUB_FUND", "2024/1")),
    "loan": ("QI-05", Subject(SubjectKind.LOAN, "L-1")),
    "agreement": ("QI-05", Subject(SubjectKind.AGREEMENT, "L-1")),
    "edge": ("QI-05", Subject(SubjectKind.EDGE, "GOVERNMENT", "COMPANY")),
}
"""Kind of subject -> a rule that a decision about it may name, and the subject."""


def with_a_notice(view: View, ids: Ids) -> Plan:
    made = office(view, ids)
    made.drafts[-1].rows.append(Notice(FUND, "capital_call", "2024/1", dt.date(2024, 4, 1)))
    return made


def decided(view: View) -> list[tuple[Any, ...]]:
    return [(view.subject(bearer_of(d.row)), d.day, d.row.rule, *d.row[7:]) for d in view.decisions]


@pytest.mark.parametrize("kind", ABOUT)
def test_a_decision_about_a_subject_of_any_kind_is_made_and_carried(clerk_on_both: Any, kind: str) -> None:
    """By address in the use case, in one row of the sheet, and back from there into another book; twice is once."""
    database = clerk_on_both.database
    rule, subject = ABOUT[kind]
    ledger.book(database, LOCAL, with_a_notice)
    made = audit.dispose(
        database, LOCAL, rule, subject, "accept", "复函 1", dt.date(2025, 1, 1), None, dt.date(2024, 6, 1)
    )
    assert len(made.entries) == 1
    view = ledger.read(database).view()
    assert decided(view) == [
        (subject, dt.date(2024, 6, 1), rule, "accept", "复函 1", dt.date(2025, 1, 1), None)
    ]
    sheets: Sheets = {name: [] for name in LAYOUTS}
    heads = Heads(view)
    office_rows(view, heads, sheets)
    assert heads.carried == {made.entries[0]: 1}
    rows = sheets["dispositions"]
    assert len(rows) == 1
    ledger.reverse(database, LOCAL, made.entries[0], "改由表格登记")
    sheet = filled([(LAYOUTS["dispositions"], [{**rows[0], "group": "sheet/1"}])], {})
    assert len(intake.book(database, LOCAL, sheet, "处置.xlsx").entries) == 1
    assert intake.book(database, LOCAL, sheet, "处置.xlsx").entries == []
    assert decided(ledger.read(database).view()) == decided(view)


WRONG_DECISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "a notice that is not there": ("unknown_subject", {"kind": SubjectKind.NOTICE, "second": "2024/2"}),
    "an investor that is not there": ("unknown_subject", {"kind": SubjectKind.STAKE, "second": "NOBODY"}),
    "a kind the rule does not judge": ("not_judged", {"kind": SubjectKind.LOAN, "code": "L-1"}),
    "a party and an address": ("two_subjects", {"kind": SubjectKind.STAKE, "subject": "BANK"}),
    "codes of no kind": ("two_subjects", {}),
}


@pytest.mark.parametrize("what", WRONG_DECISIONS)
def test_a_decision_about_nothing_is_refused_at_its_cell(clerk: Any, what: str) -> None:
    code, given = WRONG_DECISIONS[what]
    ledger.book(clerk.database, LOCAL, with_a_notice)
    row = {
        "group": "g",
        "day": dt.date(2024, 6, 1),
        "rule": "AF-06",
        "code": "SUB_FUND",
        "action": DispositionAction.ACCEPT,
        "reference": "复函 1",
        "until": dt.date(2025, 1, 1),
        **given,
    }
    with pytest.raises((ImportRefused, Refused)) as refused:
        intake.book(clerk.database, LOCAL, filled([(LAYOUTS["dispositions"], [row])], {}), "处置.xlsx")
    assert [(p.code, p.where.row) for p in refused.value.problems] == [(code, 2)]
    with pytest.raises(BookingRefused):
        audit.dispose(
            clerk.database,
            LOCAL,
            "AF-06",
            Subject(SubjectKind.NOTICE, "SUB_FUND", "2024/2"),
            "accept",
            "复函 1",
            dt.date(2099, 1, 1),
        )


def test_the_command_names_a_subject_by_kind_and_codes(
    clerk: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.book(clerk.database, LOCAL, with_a_notice)
    monkeypatch.setenv("FOF_DATABASE_URL", clerk.database.url.render_as_string(hide_password=False))
    asked = ["--reference", "复函 1", "--until", "2024-12-31", "--on", "2024-06-01"]
    notice = ["--kind", "notice", "--second", "2024/1"]
    assert main(["dispose", "AF-06", "SUB_FUND", "accept", *notice, *asked]) == 0
    assert main(["dispose", "QI-05", "L-1", "accept", "--kind", "agreement", *asked]) == 0
    assert main(["dispose", "AF-06", "L-1", "accept", "--kind", "agreement", *asked]) == 2
    capsys.readouterr()
    assert [subject for subject, *_ in decided(clerk.view("2024-12-31"))] == [
        ABOUT["notice"][1],
        ABOUT["agreement"][1],
    ]


def test_of_a_deal_code_twice_the_address_means_the_live_one(clerk_on_both: Any) -> None:
    """A mistyped deal is reversed and booked again under its code: what was decided about the first keeps its id."""
    database = clerk_on_both.database

    def again(_view: View, ids: Ids) -> Plan:
        rows: list[Row] = [Deal(ids.deal(), "D1", FUND, FIRM, "write_off")]
        return Plan([draft(EntryKind.DEAL, "2023-06-02", "deal again", rows)])

    def decide(view: View, _ids: Ids) -> Plan:
        address = address_of(view.bearer(Subject(SubjectKind.DEAL, "D1")))
        rows: list[Row] = [Decision("GF-24", *address, "dismiss", "文", None, "由")]
        key = f"about {address.deal}"
        return Plan([draft(EntryKind.DISPOSITION, "2024-06-01", key, rows)])

    def bare(view: View, ids: Ids) -> Plan:
        made = office(view, ids)
        return Plan(made.drafts[:2])

    ledger.book(database, LOCAL, bare)
    ledger.book(database, LOCAL, decide)
    ledger.reverse(database, LOCAL, 2, "有误")
    ledger.book(database, LOCAL, again)
    ledger.book(database, LOCAL, decide)
    view = ledger.read(database).view()
    deal = Subject(SubjectKind.DEAL, "D1")
    assert view.bearer(deal) == ("deal", 2)
    assert view.journal.view(None, 3).bearer(deal) == ("deal", 1)
    assert [d.row.deal for d in view.decisions] == [1, 2]
    assert [view.subject(bearer_of(d.row)) for d in view.decisions] == [deal, deal]
    with pytest.raises(Unknown):
        view.journal.view(None, 4).bearer(deal)
