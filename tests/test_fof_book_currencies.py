"""Two currencies are never added: no total, a subtotal of each, the reason; every row says what its money is in.

The office of these tests holds a fund in yuan and one in dollars, and both hold one company. All amounts in yuan are
multiples of 7, all in dollars multiples of 11, none of both: an amount that was added over the two gives itself away.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fof import audit, ledger
from fof.access import LOCAL
from fof.book.currencies import CurrenciesDiffer, one
from fof.book.funds import cash
from fof.book.portfolios import portfolio, portfolios
from fof.book.stakes import stakes
from fof.changes import changes
from fof.cli import main
from fof.cli.schemas import schemas
from fof.db import Database
from fof.errors import BookingRefused, Unknown
from fof.explain import explain, explain_exposure, explain_leverage
from fof.figures.commitments import commitments
from fof.figures.j_curve import curve
from fof.figures.leverage import leverage
from fof.figures.lookthrough import exposures
from fof.figures.money_flows import money_flows
from fof.figures.performance import performance
from fof.figures.performance.ages import by_age
from fof.figures.positions import roll_forward
from fof.figures.statements import bridge, capital_account
from fof.intake import book
from fof.ledger import View
from fof.rules.registry import Verdict
from models.journal import Position
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

SHARED = Path(__file__).resolve().parents[2] / "shared" / "cases" / "books"
END = "2020-12-31"


@pytest.fixture
def office(clerk: Any, offices: Any) -> Any:
    """MF holds S (yuan), D (dollars) and company Q itself; S and D both hold Q. LP, of no stated currency, is in both."""
    return offices.furnished(clerk, furnished)


def furnished(clerk: Any) -> None:
    clerk.party("MF", "parent_fund", portfolio="yes", cash_kept="yes", name="示例母基金")
    clerk.party("GOV", "government", government_level="province", province="黑龙江省")
    clerk.party("LP", "social_investor")
    for code, more in (("S", {}), ("D", {"currency": "USD"})):
        clerk.party(code, "sub_fund", strategy="vc", vintage="2019", status="investing", **more)
    clerk.party("Q", "company")
    clerk.pay(K.COMMITMENT, "GOV", "MF", 7000, "2019-01-01", fund="MF")
    clerk.pay(K.CALL_INVESTMENT, "GOV", "MF", 7000, "2019-01-02", fund="MF")
    clerk.pay(K.INTEREST_INCOME, "Q", "MF", 2200, "2019-01-03", fund="D")
    for fund, unit in (("S", 7), ("D", 11)):
        for who, amount in (("MF", 100), ("LP", 300)):
            clerk.pay(K.COMMITMENT, who, fund, amount * unit, "2019-02-01", fund=fund)
            clerk.pay_many(
                "2019-03-01",
                [(K.CALL_DUE, who, fund, amount * unit / 2)],
                fund=fund,
                entry=EntryKind.CAPITAL_CALL,
                notice=("capital_call", f"{fund}-{who}", "2019-04-01"),
            )
            clerk.pay(K.CALL_INVESTMENT, who, fund, amount * unit / 4, "2019-03-20", fund=fund)
            clerk.mark(who, fund, amount * unit * 0.44, END)
        clerk.pay(K.DISTRIBUTION_GAIN, fund, "MF", 4 * unit, "2020-05-01", fund=fund)
        clerk.pay(K.DISTRIBUTION_GAIN, fund, "LP", 12 * unit, "2020-05-01", fund=fund)
        clerk.deal(fund, "Q", "initial", 40 * unit, "2019-06-01", share=0.1)
        clerk.mark(fund, "Q", 60 * unit, END)
    clerk.deal("MF", "Q", "initial", 21, "2019-07-01", share=0.01)
    clerk.mark("MF", "Q", 28, END)


def looked_at(office: Any) -> tuple[View, Any]:
    view = office.view(END)
    return view, portfolio(view)


AMOUNTS = ("committed", "called", "paid_in", "distributed", "unfunded", "recallable")


def test_a_group_over_two_currencies_has_no_figures_and_a_subtotal_of_each(office: Any) -> None:
    view, chosen = looked_at(office)
    assert (chosen.currency, chosen.currencies) == (None, ("CNY", "USD"))
    for by in ("fund", "vintage", "strategy", "manager"):
        table = performance(view, chosen, by)
        rows = {row.key: row for row in table.rows}
        mixed = [table.total, table.combined, *([] if by == "fund" else rows.values())]
        for row in mixed:
            assert row.currency is None
            assert all(getattr(row, name) is None for name in (*AMOUNTS,))
            assert row.nav.fen is None
            assert {row.tvpi == row.tvpi, row.dpi == row.dpi, row.irr.value == row.irr.value} == {False}
            assert {row.reasons[n].code for n in (*AMOUNTS, "nav", "tvpi", "irr")} == {"several_currencies"}
            assert "CNY、USD" in row.reasons["nav"].text.zh
            assert "CNY, USD" in row.reasons["nav"].text.en
            assert [p.currency for p in row.by_currency] == ["CNY", "USD"]
    yuan, dollars = table.total.by_currency
    assert (yuan.committed, yuan.paid_in, yuan.distributed, yuan.nav.fen) == (700_00, 175_00, 28_00, 308_00)
    assert (dollars.committed, dollars.paid_in, dollars.nav.fen) == (1100_00, 275_00, 484_00)
    assert yuan.tvpi == dollars.tvpi == pytest.approx(336 / 175)
    assert yuan.irr.value == pytest.approx(dollars.irr.value)
    assert table.direct is not None
    assert (table.direct.currency, table.direct.paid_in) == ("CNY", 21_00)
    assert table.combined is not None
    assert [p.paid_in for p in table.combined.by_currency] == [196_00, 275_00]


def test_commitments_have_a_subtotal_of_each_currency(office: Any) -> None:
    view, chosen = looked_at(office)
    for by in ("fund", "investor", "stake"):
        found = commitments(view, chosen, by)
        assert (found.total.committed, found.total.overdue, found.total.currency) == (None, None, None)
        assert found.total.reasons["overdue"].code == "several_currencies"
        scale = 1 if by == "fund" else 4
        assert [p.committed for p in found.total.by_currency] == [700_00 * scale, 1100_00 * scale]
        assert [p.overdue for p in found.total.by_currency] == [175_00 * scale, 275_00 * scale]
        if by == "investor":
            lp = next(r for r in found.rows if r.key == "LP")
            assert [p.committed for p in lp.by_currency] == [2100_00, 3300_00]


def test_leverage_is_of_one_currency(office: Any) -> None:
    view, chosen = looked_at(office)
    found = leverage(view, chosen)
    assert [(r.key, r.currency, r.a) for r in found.rows] == [("D", "USD", 4.0), ("S", "CNY", 4.0)]
    assert (found.total.guidance, found.total.a != found.total.a) == (None, True)
    assert [(r.currency, r.to_companies) for r in found.total.by_currency] == [
        ("CNY", 280_00),
        ("USD", 440_00),
    ]
    for variant in "abc":
        opened = explain_leverage(view, chosen, variant)
        assert (opened.value, opened.currency) == (None, None)
        assert {p.currency for p in opened.parts} == {"CNY", "USD"}
        own = explain_leverage(view, chosen, variant, currency="USD")
        assert own.value == getattr(found.total.by_currency[1], variant)


def test_money_beside_a_fund_in_another_currency_makes_leverage_c_unknown(office: Any) -> None:
    office.party("S2", "sub_fund")
    office.pay(K.COMMITMENT, "MF", "S2", 70, "2019-02-01", fund="S2")
    office.deal("S2", "Q", "follow_on", 14, "2020-06-01", share=0.01, round="A")
    office.deal("D", "Q", "follow_on", 22, "2020-06-01", share=0.01, round="A")
    view, chosen = looked_at(office)
    rows = {r.key: r for r in leverage(view, chosen).rows}
    assert (rows["S2"].to_companies, rows["S2"].reasons["c"].code) == (None, "several_currencies")
    assert rows["S2"].a == 1.0


def test_a_company_held_in_two_currencies_has_two_subtotals(office: Any) -> None:
    view, chosen = looked_at(office)
    q = view.party("Q").id
    assert chosen.party is not None
    [found] = [e for e in exposures(view, chosen.party) if e.party == q]
    assert (found.cost, found.value, found.currency) == (None, None, None)
    assert found.by_currency == (("CNY", 70_00 + 21_00, 105_00 + 28_00), ("USD", 110_00, 165_00))
    opened = explain_exposure(view, chosen.party, q, "exposure_cost")
    assert (opened.value, opened.reason and opened.reason.code) == (None, "several_currencies")
    for p in opened.parts:
        assert len({r.currency for r in p.rows if r.fen is not None} - {None}) <= 1
    dollars = office.view(END).party("D").id
    [alone] = [e for e in exposures(view, dollars) if e.party == q]
    assert (alone.currency, alone.cost, alone.by_currency) == ("USD", 440_00, ())


def test_the_money_of_a_period_flows_by_currency(office: Any) -> None:
    import datetime as dt

    view, chosen = looked_at(office)
    yuan, dollars = money_flows(view, chosen, dt.date(2019, 1, 1), dt.date(2019, 12, 31))
    assert (yuan.currency, dollars.currency) == ("CNY", "USD")
    assert {x.fen % 7_00 for x in yuan.paid_in} == {0}
    assert {x.fen % 11_00 for x in dollars.paid_in} == {0}


def test_figures_open_currency_by_currency(office: Any) -> None:
    view, chosen = looked_at(office)
    for figure in (*AMOUNTS, "overdue", "nav", "tvpi", "irr"):
        for by in ("portfolio", "combined"):
            if by == "combined" and figure not in ("paid_in", "distributed", "nav", "tvpi", "irr"):
                continue
            opened = explain(view, chosen, figure, by)
            assert (opened.value, opened.currency) == (None, None)
            assert opened.reason is not None
            assert opened.reason.code == "several_currencies"
            for code, unit in (("CNY", 7), ("USD", 11)):
                own = explain(view, chosen, figure, by, currency=code)
                assert own.value is not None, (figure, by)
                assert own.currency == code
                for p in own.parts:
                    assert p.currency in (None, code)
                    assert all(r.currency == code for r in p.rows)
                    assert p.fen is None or p.fen % (unit * 100 // 4) == 0
                    assert p.fen is None or sum(r.fen or 0 for r in p.rows) == p.fen
    with pytest.raises(Unknown):
        explain(view, chosen, "nav", currency="EUR")


def test_statements_and_curves_are_in_the_funds_currency(office: Any) -> None:
    import datetime as dt

    view, chosen = looked_at(office)
    start = dt.date(2019, 12, 31)
    d, mf = view.party("D").id, view.party("MF").id
    assert bridge(view, d, start).currency == "USD"
    assert capital_account(view, d, mf, start).currency == "USD"
    assert curve(view, [d], chosen.holders).days
    with pytest.raises(CurrenciesDiffer):
        curve(view, chosen.funds, chosen.holders)


def test_vintages_by_age_keep_currencies_apart(office: Any) -> None:
    view, chosen = looked_at(office)
    found = by_age(view, chosen, "dpi")
    assert found.currencies == ("CNY", "USD")
    assert found.vintages == (2019, 2019)
    assert found.values[:, -1].tolist() == pytest.approx([28 / 175, 44 / 275])


def test_cash_in_two_currencies_is_no_balance(office: Any) -> None:
    view = office.view(END)
    found = cash(view, view.party("MF").id)
    assert (found.fen, found.note and found.note.code) == (None, "several_currencies")
    assert dict(found.balances) == {"CNY": 7000_00 - 175_00 + 28_00 - 21_00, "USD": 2200_00 - 275_00 + 44_00}


def test_cash_in_another_currency_is_not_judged_by_the_own(office: Any) -> None:
    """The exchange of yuan into dollars is in no row: a call in dollars is not refused for the yuan there are."""
    office.pay(K.CALL_INVESTMENT, "MF", "D", 22, "2020-06-01", fund="D")
    with pytest.raises(BookingRefused) as refused:
        office.pay(K.INVESTMENT, "MF", "Q", 14000, "2020-06-01", fund="MF")
    assert {p.code for p in refused.value.problems} == {"cash_below_zero"}


def test_columns_refuse_to_be_summed_over_two_currencies(office: Any) -> None:
    view, _ = looked_at(office)
    with pytest.raises(CurrenciesDiffer):
        stakes(view).total("committed")
    assert stakes(view).of(None, {view.party("D").id}).total("committed") == 4400_00
    assert one([]) == "CNY"


def test_the_change_of_figures_is_told_by_currency(office: Any) -> None:
    before = ledger.read(office.database).head
    office.pay(K.CALL_INVESTMENT, "MF", "D", 11, "2020-06-01", fund="D")
    view = office.view(END)
    found = changes(view.journal, view.as_of, before)  # type: ignore[arg-type]
    paid = {e.currency: e.change for e in found.effects if e.figure == "paid_in"}
    assert paid == {None: None, "CNY": 0, "USD": 11_00}


def test_a_roll_forward_over_two_currencies_has_no_total(clerk: Any) -> None:
    import datetime as dt

    clerk.party("H", "institution", portfolio="yes")
    clerk.party("A", "sub_fund", currency="USD")
    clerk.party("B", "sub_fund", currency="EUR")
    for day, called in (("2024-03-31", 8), ("2025-03-31", 9)):
        clerk.rows(
            EntryKind.POSITION_STATEMENT,
            day,
            lambda v, c=called: [
                Position(v.party("H").id, v.party(f).id, 1000, c * unit, 0, 10 * unit, None, None, None)
                for f, unit in (("A", 11), ("B", 13))
            ],
        )
    view = clerk.view("2025-12-31")
    found = roll_forward(view, view.party("H").id, dt.date(2024, 3, 31), dt.date(2025, 3, 31))
    assert (found.total.opening, found.total.note and found.total.note.code) == (None, "several_currencies")
    assert [(r.currency, r.calls, r.closing) for r in found.total.by_currency] == [
        ("EUR", 13, 130),
        ("USD", 11, 110),
    ]
    total = performance(view, portfolio(view)).total
    assert [p.currency for p in total.by_currency] == ["EUR", "USD"]


def test_a_portfolio_of_an_unknown_currency_is_refused(office: Any) -> None:
    view = office.view(END)
    assert portfolio(view, "ALL-USD").funds == (view.party("D").id,)
    with pytest.raises(Unknown) as refused:
        portfolio(view, "ALL-EUR")
    assert refused.value.near == ("ALL-CNY", "ALL-USD")


@pytest.mark.parametrize("stated", ["XYZ", "usd", "RMB", ""])
def test_an_unknown_currency_is_refused_at_booking(clerk_on_both: Any, stated: str) -> None:
    with pytest.raises(BookingRefused) as refused:
        clerk_on_both.party("F", "sub_fund", currency=stated)
    assert {p.code for p in refused.value.problems} & {"unknown_currency", "empty_text"}
    clerk_on_both.party("F", "sub_fund", currency="EUR")


# -- the command line ---------------------------------------------------------------------------------------------


def said(capsys: Any, *arguments: str) -> dict[str, Any]:
    assert main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture
def shell(office: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("FOF_DATABASE_URL", office.database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    return office


COMMANDS = [
    ("performance",),
    ("performance", "--by", "vintage,strategy,investor"),
    ("performance", "--portfolio", "ALL-USD"),
    ("performance", "--fund", "D"),
    ("commitments",),
    ("commitments", "--by", "investor"),
    ("commitments", "--by", "stake"),
    ("commitments", "--look-through"),
    ("lookthrough", "MF"),
    ("lookthrough", "D"),
    ("statement", "D", "--from", "2019-12-31"),
    ("statement", "D", "--investor", "MF", "--from", "2019-12-31"),
    ("explain", "nav"),
    ("explain", "nav", "--currency", "USD"),
    ("explain", "committed", "--fund", "D"),
    ("explain", "tvpi"),
    ("explain", "leverage_a"),
    ("explain", "gov_direct", "--fund", "D"),
    ("explain", "exposure_cost", "--of", "Q"),
    ("overview",),
    ("fund", "D"),
    ("fund", "MF"),
    ("journal", "changes", "--from", "3"),
    ("operations", "chase"),
    ("operations", "fees", "--fund", "D"),
    ("evaluation", "losses", "--deals"),
    ("evaluation", "reinvestment"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_row_says_its_currency_and_adds_no_two(
    shell: Any, capsys: Any, command: tuple[str, ...]
) -> None:
    found = said(capsys, *command, "--as-of", END)
    codes = set()
    for row in found["rows"]:
        money = {
            k: v for k, v in row.items() if isinstance(v, str) and re.fullmatch(r"-?[0-9]+\.[0-9]{2}", v)
        }
        if not money:
            continue
        codes.add(row["currency"])
        unit = {"CNY": 7, "USD": 11}[row["currency"]]
        for name, text in money.items():
            fen = round(float(text) * 100)
            assert fen % (unit * 25) == 0, (command, row, name)
    if len(codes) > 1:
        assert found["unit"] is None
    elif codes and all(row.get("currency") in codes for row in found["rows"]):
        assert {found["unit"]} == codes
    assert main([*command, "--as-of", END]) == 0  # the table prints
    out = capsys.readouterr().out
    if len(codes) > 1:
        assert "万元" not in out
        assert "USD" in out


@pytest.mark.golden
def test_the_case_from_outside(
    database: Database, capsys: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A USD fund under a parent fund: no total over two currencies, each currency's own subtotal, the reason."""
    for file in (
        "base.xlsx",
        "08-nav-and-flows/base_flows.xlsx",
        "08-nav-and-flows/v_all.csv",
        "14-fx/usd_unit.xlsx",
    ):
        book(database, LOCAL, SHARED / file)
    monkeypatch.setenv("FOF_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    found = said(capsys, "performance", "--as-of", END)
    assert found["unit"] is None
    total, *parts = [r for r in found["rows"] if r["by"] == "portfolio"]
    assert {total[n] for n in ("currency", "committed", "paid_in", "nav", "tvpi", "irr")} == {None}
    assert "CNY、USD" in total["nav_reason"]
    assert [(p["currency"], p["committed"], p["paid_in"], p["nav"], p["tvpi"]) for p in parts] == [
        ("CNY", "150000000.00", "40000000.00", "44000000.00", 1.1),
        ("USD", "10000000.00", "5000000.00", "6000000.00", 1.2),
    ]
    assert {r["key"]: r["currency"] for r in found["rows"] if r["by"] == "fund"} == {
        "S1": "CNY",
        "S2": "CNY",
        "S3": "USD",
    }
    assert main(["explain", "nav", "--fund", "S3", "--as-of", END, "--unit", "万元"]) == 0
    assert "600.00 万美元" in capsys.readouterr().out


def test_portfolios_in_yuan_come_first(office: Any) -> None:
    office.party("P2", "institution", portfolio="yes", currency="USD")
    assert [p.code for p in portfolios(office.view(END))] == ["MF", "P2"]


# -- rules --------------------------------------------------------------------------------------------------------


def audited(office: Any) -> tuple[View, audit.Audit]:
    view = office.view(END)
    return view, audit.guidance(view)


def test_every_fund_with_commitments_is_judged_and_amounts_keep_their_currency(office: Any) -> None:
    _, found = audited(office)
    assert {f.finding.fund for f in found.findings} >= {"MF", "S", "D"}
    assert {f.currency for f in found.findings if f.finding.fund == "D"} == {"USD"}
    assert {f.currency for f in found.findings if f.finding.fund in ("S", "MF")} == {"CNY"}
    for f in found.findings:
        if f.finding.fund == "D" and f.money_at_stake:
            assert f.money_at_stake % 11_00 == 0 or f.rule == "GF-48", (f.rule, f.money_at_stake)
            assert (
                "元" not in f.finding.text.zh.replace("美元", "")
                or f.verdict is Verdict.UNKNOWN
                or "低于" in f.finding.text.zh
            )


def test_rules_over_cash_in_two_currencies_cannot_tell(office: Any) -> None:
    """MF is called in dollars and in yuan: what it holds idle is no figure; the same book in yuan alone is judged."""
    _, found = audited(office)
    told = {f.rule: f for f in found.findings if str(f.subject) == "MF"}
    for rule in ("AF-02", "GF-65"):
        assert told[rule].verdict is Verdict.UNKNOWN
        assert "CNY、USD" in told[rule].finding.text.zh
        assert "CNY, USD" in told[rule].finding.text.en
        assert (told[rule].finding.measured, told[rule].money_at_stake) == (None, None)
    assert not [f for f in found.findings if str(f.subject) == "S" and "USD" in f.finding.text.zh]


@pytest.mark.parametrize(("currency", "verdict"), [(None, Verdict.BREACH), ("USD", Verdict.UNKNOWN)])
def test_a_number_in_yuan_does_not_judge_dollars(clerk: Any, currency: str | None, verdict: Verdict) -> None:
    """GF-16: a VC enterprise pays in 30m yuan at least; 5m dollars are more or less than that."""
    more = {} if currency is None else {"currency": currency}
    clerk.party("GF", "guidance_fund", portfolio="yes")
    clerk.party(
        "V",
        "sub_fund",
        vc_enterprise="yes",
        established_on="2019-01-01",
        ndrc_registered_on="2019-02-01",
        **more,
    )
    clerk.pay(K.COMMITMENT, "GF", "V", 5_000_000, "2019-02-01", fund="V")
    clerk.pay(K.CALL_INVESTMENT, "GF", "V", 5_000_000, "2019-03-20", fund="V")
    view = clerk.view(END)
    found = {f.rule: f for f in audit.guidance(view).findings if str(f.subject) == "V"}
    assert found["GF-16"].verdict is verdict, found["GF-16"].finding.text.zh


def test_what_every_rate_shares_is_still_said(clerk: Any) -> None:
    """What was paid in was paid back: nothing is below 30m yuan at any rate."""
    clerk.party("GF", "guidance_fund", portfolio="yes")
    clerk.party(
        "V",
        "sub_fund",
        vc_enterprise="yes",
        currency="USD",
        established_on="2019-01-01",
        ndrc_registered_on="2019-02-01",
    )
    clerk.pay(K.COMMITMENT, "GF", "V", 5_000_000, "2019-02-01", fund="V")
    clerk.pay(K.CALL_INVESTMENT, "GF", "V", 1_000_000, "2019-02-05", fund="V")
    clerk.pay(K.EXCESS_CALL_RETURNED, "V", "GF", 1_000_000, "2019-02-06", fund="V")
    found = {f.rule: f for f in audit.guidance(clerk.view("2027-12-31")).findings if str(f.subject) == "V"}
    assert found["GF-16"].verdict is Verdict.BREACH
    assert "实缴 0美元：不低于 3000万元" in found["GF-16"].finding.text.zh
    assert "paid in USD 0: at least RMB 30m" in found["GF-16"].finding.text.en


def test_the_audit_obeys_the_portfolio(office: Any, capsys: Any) -> None:
    office.party("MU", "institution", portfolio="yes", currency="USD")
    office.party("U", "sub_fund", currency="USD")
    office.pay(K.COMMITMENT, "MU", "U", 11, "2019-02-01", fund="U")
    view, found = audited(office)
    of_mf = audit.of_portfolio(view, found, portfolio(view, "MF"))
    of_mu = audit.of_portfolio(view, found, portfolio(view, "MU"))
    assert {f.finding.fund for f in of_mf.findings} - {None} == {"MF", "S", "D"}
    assert {f.finding.fund for f in of_mu.findings} - {None} == {"U"}
    assert {f.currency for f in of_mu.findings if f.money_at_stake} <= {"USD"}
    assert len(of_mf.findings) + len(of_mu.findings) >= len(found.findings)
    nobody = audit.of_portfolio(view, found, portfolio(view, "ALL-CNY"))
    assert {f.finding.fund for f in nobody.findings} - {None} == {"S", "MF"}


def test_a_reorganisation_over_two_currencies_is_proved_in_each(office: Any) -> None:
    office.party("P2", "parent_fund", portfolio="yes")
    office.fact("P2", "2020-06-30", "successor_of", "MF")
    _, found = audited(office)
    proved = [f for f in found.findings if f.rule == "GF-03"]
    assert [f.currency for f in sorted(proved, key=lambda f: f.currency)] == ["CNY", "USD"]


def test_the_audit_document_adds_no_two(shell: Any, capsys: Any) -> None:
    found = said(capsys, "audit", "guidance", "--verdict", "all", "--as-of", END)
    jsonschema.Draft202012Validator(schemas()["audit"]).validate(found)
    assert found["unit"] is None
    assert {r["currency"] for r in found["rows"]} == {"CNY", "USD"}
    for family in found["families"]:
        if len(family["by_currency"]) > 1:
            assert (family["money_at_stake"], family["currency"]) == (None, None)
    only = said(capsys, "audit", "guidance", "--verdict", "all", "--as-of", END, "--fund", "D")
    assert only["unit"] == "USD"
