"""What is typed into a form and is no amount, or no number of a notice, is said and books nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from screens import drawn, screens_over
from streamlit.testing.v1 import AppTest

from fof import audit, ledger
from fof.access import LOCAL
from fof.book.notices import calls
from fof.book.stakes import stakes
from fof.errors import Refused
from fof.figures.register import figure
from fof.operations.calls import issue_call, plan_call
from fof.operations.payments import mark_paid
from fof.ui.typed_amounts import typed_fen
from models.facts import FACTS
from models.kinds import EntryKind
from models.posting_kinds import PostingKind

NO_AMOUNTS = ["abc", "100.005", "1,5", "1,00,000", "１２３", "1e9", "99999999999999999999", "=1+1", "-", "."]


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|fen"):
        typed_fen(text)


def test_a_blank_is_nothing_and_a_zero_is_zero() -> None:
    read = [typed_fen(text) for text in ("", "  ", None, "0", "0.00", "12.5", "1,234,567.8", "-1,000")]
    assert read == [None, None, None, 0, 0, 1250, 123456780, -100000]


@pytest.fixture
def office(clerk: Any, tmp_path: Path) -> Iterator[Any]:
    """One fund of a parent fund, with a notice of 300 that nobody has paid."""
    clerk.party("PF", "parent_fund", name="示例母基金", portfolio="yes", established_on="2023-01-01")
    clerk.party("SF", "sub_fund", name="示例一号基金", established_on="2023-06-01", status="investing")
    clerk.pay(PostingKind.COMMITMENT, "PF", "SF", 600, "2023-06-01", fund="SF", entry=EntryKind.COMMITMENT)
    called(clerk, "JK-1", 30_000)
    with screens_over(str(clerk.database.url), tmp_path):
        yield clerk


def called(clerk: Any, number: str, fen: int) -> None:
    view = clerk.view("2024-12-31")
    day = dt.date(2024, 3, 1)
    plan = plan_call(view, view.party("SF").id, {"investment": fen}, day, dt.date(2024, 3, 20))
    issue_call(clerk.database, LOCAL, plan, number)


def paid(clerk: Any) -> int:
    return int(stakes(clerk.view("2026-01-01")).paid_in.sum())


def on_tab(**query: str) -> AppTest:
    """The operations page with these choices in its address; the page before it would drop them."""
    app = drawn("operations", as_of="2024-06-30", lang="zh")
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def button(app: AppTest, key: str) -> Any:
    return next((b for b in app.button if b.key == key), None)


def test_a_payment_that_cannot_be_read_is_not_everything_that_is_open(office: Any) -> None:
    app = on_tab(tab="chase", notice="SF:JK-1:PF")
    field = next(t for t in app.text_input if t.label == "实缴金额（元）")
    for text in ("100.005", "1,5"):
        field.set_value(text).run()
        assert button(app, "pay_book").disabled
        assert any("实缴金额（元）：金额须为数字" in w.value for w in app.warning)
    field.set_value("0").run()
    pressed = button(app, "pay_book")
    assert pressed.disabled or "大于零" in " ".join(e.value for e in pressed.click().run().error)
    assert paid(office) == 0
    field.set_value("").run()
    button(app, "pay_book").click().run()
    assert paid(office) == 30_000


def test_a_part_that_cannot_be_read_is_not_left_out(office: Any) -> None:
    app = on_tab(tab="distribution")
    for label, text in (("通知编号", "FP-1"), ("可分配现金（元）", "100"), ("其中可召回（元）", "abc")):
        next(t for t in app.text_input if t.label == label).set_value(text)
    app.run()
    assert button(app, "out_book") is None
    assert any("其中可召回（元）：金额须为数字" in w.value for w in app.warning)


def test_what_a_trial_lacks_is_named_by_the_label_of_its_field(clerk: Any) -> None:
    fund(clerk)
    proposed = audit.ProposedDeal("SF", " ", 0, attributes={"industry": "abc"})
    with pytest.raises(Refused) as refused:
        audit.would(clerk.view("2024-12-31"), deal=proposed)
    fields = [problem.where.named("zh") for problem in refused.value.problems]
    assert fields == [str(figure("company").text), str(figure("amount").text), str(FACTS["industry"].text)]
    assert "abc" in refused.value.text("zh")


NO_NUMBERS = {
    "../x": "文件路径",
    "a" * 121: "120",
    "x\u3164": "看不见",
    "x\ny": "看不见",
    "=1": "等号",
    "无": "应为编号",
}


def fund(clerk: Any) -> None:
    clerk.party("SF", "sub_fund", name="示例一号基金", established_on="2023-06-01")
    for code in ("LP", "LP-2"):
        clerk.party(code)
        clerk.pay(
            PostingKind.COMMITMENT, code, "SF", 600, "2023-06-01", fund="SF", entry=EntryKind.COMMITMENT
        )


def test_a_number_that_no_file_may_have_is_none_of_a_notice(clerk_on_both: Any) -> None:
    """A notice that is issued under it could not be exported and read again."""
    fund(clerk_on_both)
    head = ledger.read(clerk_on_both.database).head
    for number, reason in NO_NUMBERS.items():
        with pytest.raises(Refused) as refused:
            called(clerk_on_both, number, 30_000)
        assert refused.value.text("zh").count("通知编号：") == 1
        assert reason in refused.value.text("zh")
    assert ledger.read(clerk_on_both.database).head == head


def test_full_width_digits_are_plain_ones(clerk: Any) -> None:
    fund(clerk)
    called(clerk, "１２３", 30_000)
    assert [c.number for c in calls(clerk.view("2024-12-31"))] == ["123", "123"]


@pytest.mark.parametrize("late", [-1, -500])
def test_interest_below_zero_is_refused(office: Any, late: int) -> None:
    view = office.view("2024-12-31")
    fund, investor = view.party("SF").id, view.party("PF").id
    with pytest.raises(Refused, match="不得为负"):
        mark_paid(
            office.database, LOCAL, fund, investor, "JK-1", dt.date(2024, 3, 20), 10_000, late_interest=late
        )
    assert paid(office) == 0


def test_a_reason_that_cannot_be_seen_is_none(clerk_on_both: Any) -> None:
    clerk_on_both.party("LP")
    head = ledger.read(clerk_on_both.database).head
    for why in ("\u3164", "更正\u200b", "\u202e误记"):
        with pytest.raises(Refused, match="看不见"):
            ledger.reverse(clerk_on_both.database, LOCAL, head, why)
    assert ledger.read(clerk_on_both.database).head == head
    ledger.reverse(clerk_on_both.database, LOCAL, head, "误记，\n见说明")
    assert ledger.read(clerk_on_both.database).head == head + 1
