"""Both forms of what has rows of its own today: an old book's settings and dispositions read as the rows that are written now."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from fof import audit, ledger
from fof.access import LOCAL
from fof.audit.decisions import decisions
from fof.book.index import book_of
from fof.book.known import closes
from fof.db import Database
from fof.errors import BadEntry
from fof.evaluation.requests import set_input, set_scale
from fof.evaluation.weights import scale_of, yearly
from fof.importers.mapping import Mapping
from fof.intake import save_mapping, saved_mappings
from fof.intake.closes import close_draft
from fof.intake.components import components_of, notice_lines
from fof.ledger import Draft, Plan
from fof.ledger.verify import verify
from fof.rules.registry import RULES, Scope
from models import rows as t
from models.kinds import EntryKind
from models.subjects import Subject, SubjectKind

DAY = dt.date(2025, 6, 30)
LATER = dt.date(2025, 12, 31)
MAPPING = Mapping(name="外表", layout="fund_cash", source="示例", columns={"fund": "基金"})
ASKED = {"investment": 6_000, "fee_inside": 3_001}


def entry(clerk: Any, kind: EntryKind, key: str, rows: list[t.Row], note: str | None = None) -> None:
    draft = Draft(kind, DAY, key, key.encode(), rows=rows, note=note)
    ledger.book(clerk.database, LOCAL, lambda _v, _i: Plan([draft]))


def office(clerk: Any) -> tuple[int, int]:
    """Ids of a fund, and of an investor; the fund has a deal with a company."""
    for code, kind in (("F", "sub_fund"), ("LP", "social_investor"), ("CO", "company")):
        clerk.party(code, kind)
    clerk.deal("F", "CO", "write_off", 0, "2024-01-01")
    ids = clerk.view("2025-06-30").by_code
    return ids["F"].id, ids["LP"].id


def old(clerk: Any, fund: int, investor: int) -> None:
    """As a program of before revision 0006 wrote it."""
    value = '{"LP":{"fee_inside":3001,"investment":6000}}'
    entry(
        clerk,
        EntryKind.CAPITAL_CALL,
        "call",
        [t.Setting(fund, "call_components:N-1", value, None, "出资通知 N-1")],
    )
    entry(
        clerk,
        EntryKind.MAPPING,
        "mapping",
        [t.Setting(None, "mapping:外表", MAPPING.as_json(), None, "示例")],
    )
    head = ledger.read(clerk.database).head
    leaf = ledger.read(clerk.database).view().entry(head).leaf.hex()
    entry(
        clerk,
        EntryKind.PERIOD_CLOSE,
        "close",
        [t.Setting(fund, "period_close", f"{head} {leaf} 2", None, "F 2025-06-30")],
        f"F 2025-06-30 结账，依据分录 1–{head}，缺 2 项：管理人迟报",
    )
    entry(
        clerk,
        EntryKind.SETTING,
        "marks",
        [
            t.Setting(fund, "evaluation.policy_opinion", "0.80", None, "函"),
            t.Setting(None, "evaluation.tvpi.scale", "0.8;1.6", dt.date(2025, 11, 30), "细则"),
            t.Setting(fund, "no_deal_days", "90", None, "协议"),
        ],
    )
    for number, (party, deal) in enumerate(((fund, None), (None, 1), (None, None))):
        entry(
            clerk,
            EntryKind.DISPOSITION,
            f"disposition{number}",
            [t.Disposition("GF-12", party, deal, "accept", "文", LATER, "由")],
        )
    entry(
        clerk,
        EntryKind.DISPOSITION,
        "stake",
        [t.Disposition("GF-11", p, None, "rectify", "文", LATER) for p in (fund, investor)],
    )


def new(clerk: Any, fund: int, investor: int) -> None:
    """The same as it is written today, through the use cases where there are some."""
    lines: list[t.Row] = [*notice_lines(fund, "N-1", {investor: ASKED})]
    entry(clerk, EntryKind.CAPITAL_CALL, "call", lines)
    save_mapping(clerk.database, LOCAL, MAPPING, DAY)
    view = ledger.read(clerk.database).view()
    close = close_draft(view, fund, "F", DAY, view.known_at, 2, "管理人迟报")
    ledger.book(clerk.database, LOCAL, lambda _v, _i: Plan([close]))
    set_input(clerk.database, LOCAL, "F", "policy_opinion", "0.80", DAY, "函", "补")
    scale: list[t.Row] = [
        t.SubjectFact(
            "office",
            None,
            None,
            None,
            None,
            None,
            "evaluation.tvpi.scale",
            "0.8;1.6",
            dt.date(2025, 11, 30),
            None,
            "细则",
        )
    ]
    entry(clerk, EntryKind.TERMS, "scale", scale)
    entry(clerk, EntryKind.SETTING, "number", [t.Setting(fund, "no_deal_days", "90", None, "协议")])
    for number, (kind, party, deal) in enumerate(
        (("party", fund, None), ("deal", None, 1), ("office", None, None))
    ):
        rows: list[t.Row] = [
            t.Decision("GF-12", kind, party, None, deal, None, None, "accept", "文", LATER, "由")
        ]
        entry(clerk, EntryKind.DISPOSITION, f"disposition{number}", rows)
    stake: list[t.Row] = [
        t.Decision("GF-11", "stake", fund, investor, None, None, None, "rectify", "文", LATER)
    ]
    entry(clerk, EntryKind.DISPOSITION, "stake", stake)


def readings(clerk: Any, fund: int) -> dict[str, Any]:
    """Everything that readers make of either form."""
    view = clerk.view("2026-01-31")
    before = clerk.view("2025-11-30")
    stated, stale = yearly(view, "policy_opinion", fund)
    assert stated is not None
    scale = scale_of(before, "tvpi", fund)
    assert scale is not None
    return {
        "components": components_of(view, fund, "N-1"),
        "order of components": list(components_of(view, fund, "N-1")[2]),
        "too early": components_of(clerk.view("2025-06-29"), fund, "N-1"),
        "mappings": saved_mappings(view),
        "closes": [
            (c.quarter_end, c.portfolio, c.open_items, c.reason, c.party, len(c.leaf)) for c in closes(view)
        ],
        "mark": (stated.value, stated.day, stated.document, stale),
        "scale": (tuple(scale[0]), scale[1].value, scale[1].document),
        "scale has ended": scale_of(view, "tvpi", fund),
        "settings": [(s.row, s.day) for s in view.settings],
        "decisions": [
            (d.rule, d.subject, d.action, d.reference, d.day, d.until, d.reason)
            for d in decisions(book_of(view), dt.date(2026, 1, 31))
        ],
    }


def test_both_forms_read_the_same(clerk_on_both: Any, tmp_path: Any) -> None:
    clerk = clerk_on_both
    fund, investor = office(clerk)
    assert investor == 2
    old(clerk, fund, investor)
    found = readings(clerk, fund)
    other = type(clerk)(Database(f"sqlite:///{tmp_path / 'new.sqlite'}"))
    other.database.init()
    assert office(other) == (fund, investor)
    new(other, fund, investor)
    assert found == readings(other, fund)
    assert found["components"] == {investor: ASKED}
    assert found["order of components"] == ["fee_inside", "investment"]
    assert found["too early"] == {}
    assert found["scale"][0] == (Decimal("0.8"), Decimal("1.6"))
    assert found["scale has ended"] is None
    assert [row.name for row, _ in found["settings"]] == ["no_deal_days"]
    assert [subject for _, subject, *_ in found["decisions"]] == [
        Subject(SubjectKind.PARTY, "F"),
        Subject(SubjectKind.DEAL, "deal-1"),
        Subject(SubjectKind.OFFICE),
        Subject(SubjectKind.STAKE, "F", "LP"),
    ]
    for book in (clerk.database, other.database):
        assert [c.name for c in verify(book).problems if c.name != "durability"] == []
    other.database.close()


def test_an_old_form_that_is_reversed_is_gone(clerk: Any) -> None:
    fund, investor = office(clerk)
    old(clerk, fund, investor)
    for head in range(1, clerk.view("2026-01-31").known_at + 1):
        if clerk.view("2026-01-31").entry(head).key in ("call", "stake", "close", "marks"):
            ledger.reverse(clerk.database, LOCAL, head, "有误")
    view = clerk.view("2026-01-31")
    assert (components_of(view, fund, "N-1"), closes(view), view.subject_facts) == ({}, [], [])
    assert [d.row.kind for d in view.decisions] == ["party", "deal", "office"]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("call_components:N-1", "{", "notice_lines"),
        ("call_components:N-1", '{"NOBODY":{"investment":1}}', "notice_lines"),
        ("call_components:N-1", "[1]", "notice_lines"),
        ("period_close", "x", "quarter_closes"),
    ],
)
def test_an_old_text_that_cannot_be_read_names_its_entry(
    clerk: Any, name: str, value: str, read: str
) -> None:
    fund, _ = office(clerk)
    entry(clerk, EntryKind.SETTING, "wrong", [t.Setting(fund, name, value, None, "文")])
    view = clerk.view("2026-01-31")
    assert view.settings == []
    with pytest.raises(BadEntry) as wrong:
        getattr(view, read)
    assert str(view.known_at) in str(wrong.value)


def test_what_cannot_be_read_is_gone_when_it_is_reversed(clerk: Any) -> None:
    fund, _ = office(clerk)
    entry(clerk, EntryKind.SETTING, "wrong", [t.Setting(fund, "period_close", "x", None, "文")])
    ledger.reverse(clerk.database, LOCAL, clerk.view("2026-01-31").known_at, "有误")
    assert clerk.view("2026-01-31").quarter_closes == []


def test_what_is_decided_today_is_one_row(clerk: Any) -> None:
    office(clerk)
    rule = next(rule.id for rule in RULES.values() if rule.scope is Scope.STAKE)
    audit.dispose(clerk.database, LOCAL, rule, "F/LP", "dismiss", "文", None, "不成立", DAY)
    [decided] = clerk.view("2026-01-31").decisions
    assert (decided.row.kind, decided.row.party, decided.row.counterparty) == ("stake", 1, 2)


def test_a_scale_and_a_mark_are_attributes(clerk: Any) -> None:
    fund, _ = office(clerk)
    set_scale(clerk.database, LOCAL, None, "dpi", "0", "120%", DAY, "细则")
    set_input(clerk.database, LOCAL, "F", "bonus", "1.5", DAY, "函")
    view = clerk.view("2026-01-31")
    assert view.settings == []
    assert view.attribute(("office",), "evaluation.dpi.scale") == ("0", "1.2")
    assert view.attribute(("party", fund), "evaluation.bonus") == Decimal("1.5")
