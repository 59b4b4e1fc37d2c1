"""How the book of revision 0001 was made: by the release's own commands, at the commit that tests/kept/README.md names.

    python tests/kept/make_0001.py sqlite:////tmp/kept/book.sqlite /tmp/kept/files
    FOF_OWNER_URL=postgresql://… python tests/kept/make_0001.py postgresql://… /tmp/kept/files

It need not run at later revisions; what counts is the book. Names are invented; days lie before the day of making.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import xlsxwriter

FOF = Path(sys.executable).with_name("fof")
M = 10_000
"""Amounts below are written in 万元 and stored in files as 元."""
Sheets = dict[str, list[dict[str, Any]]]


def main() -> None:
    url, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)

    def fof(*arguments: str, environment: dict[str, str] | None = None) -> str:
        words = [str(FOF), *arguments]
        done = subprocess.run(
            words,
            env={**os.environ, "FOF_DATABASE_URL": url, "FOF_DATA_DIR": str(folder), **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
        return done.stdout

    fof("init")
    for name, sheets in (("2016", FIRST), ("2019", SECOND), ("2022", THIRD)):
        write(folder / f"{name}.xlsx", sheets)
        fof("import", str(folder / f"{name}.xlsx"))
    for step in BY_HAND:
        if step[0] == "reverse":  # the newest live entry of a kind
            newest = json.loads(fof("journal", "list", "--kind", step[1], "--live", "--json"))["rows"][0]
            fof("reverse", str(newest["entry"]), "--why", step[2])
            continue
        if step[0] == "import":
            write(folder / f"{step[1]}.xlsx", {"2023": EMPTIED, "2025": LAST}[step[1]])
            step = ("import", str(folder / f"{step[1]}.xlsx"))
        fof(*step)
    write_mapped(folder)
    fof("import", str(folder / "foreign.csv"), "--mapping", str(folder / "foreign.toml"))


def write(path: Path, sheets: Sheets) -> None:
    """A workbook in our own layouts: identifiers as headers, ISO days, amounts in yuan."""
    book = xlsxwriter.Workbook(path)
    book.set_properties({"created": dt.datetime(2026, 11, 29)})
    for layout, rows in sheets.items():
        sheet = book.add_worksheet(layout)
        names = list(dict.fromkeys(name for row in rows for name in row))
        sheet.write_row(0, 0, names)
        for n, row in enumerate(rows, start=1):
            for column, name in enumerate(names):
                if row.get(name) is not None:
                    sheet.write(n, column, row[name])
    book.close()


def write_mapped(folder: Path) -> None:
    """A foreign table of disclosed positions with its column mapping."""
    (folder / "foreign.csv").write_text(
        "Plan,Partnership,Vintage,As Of,Committed $M,Contributed $M,Distributed $M,Fair Value $M,Net IRR,Net Multiple,Basis\n"
        "Example Plan,Example Ventures I,2010,2024-12-31,50.0,48.5,61.25,12.5,9.1%,1.52,disclosed\n"
        "Example Plan,Example Ventures II,2016,2024-12-31,75.0,60.0,10.0,71.5,8.4%,1.36,disclosed\n"
        "Example Plan,Example Ventures II,2016,2025-12-31,75.0,66.0,22.0,69.0,8.8%,1.38,disclosed\n",
        encoding="utf-8",
    )
    (folder / "foreign.toml").write_text(
        'name = "example_plan"\nlayout = "positions"\nsource = "Example Plan, yearly report"\n'
        '[columns]\nholder = "plan"\nfund = "partnership"\nday = "as of"\ncommitment = "committed $m"\n'
        'called = "contributed $m"\ndistributed = "distributed $m"\nremaining = "fair value $m"\n'
        'stated_irr = "net irr"\nstated_multiple = "net multiple"\nmultiple_basis = "basis"\n'
        '[units]\ncommitment = "USD million"\ncalled = "USD million"\ndistributed = "USD million"\n'
        'remaining = "USD million"\n'
        '[create.holder]\nkind = "institution"\nconstants = { currency = "USD", portfolio = "yes" }\n'
        '[create.fund]\nkind = "sub_fund"\nfacts = { vintage = "vintage" }\nconstants = { currency = "USD" }\n',
        encoding="utf-8",
    )


# -- the office ---------------------------------------------------------------------------------------------------


def party(code: str, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": kind,
        "name": name,
        "since": "2015-01-01",
        "province": "黑龙江省",
        "document": "示例登记表",
    } | more


def fund(code: str, kind: str, name: str, since: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "kind": kind,
        "name": name,
        "since": since,
        "province": "黑龙江省",
        "city": "230100",
        "registered_place": "黑龙江省哈尔滨市",
        "cash_kept": "yes",
        "unit": "元",
        "document": f"{code} 示例协议",
    } | more


def sub(code: str, name: str, start: str, **more: Any) -> dict[str, Any]:
    year = int(start[:4])
    return (
        fund(
            code,
            "sub_fund",
            name,
            f"{year - 1}-11-01",
            fund_class="venture",
            fund_kind="market",
            legal_form="limited_partnership",
            vintage=year,
            status="investing",
            manager="MG-1",
            gp="GP-1",
            custodian="BK-1",
            municipality="230100",
            sponsor_level="province",
            owner_government="GOV-P",
            selected_on=f"{year - 1}-10-08",
            approved_on=f"{year - 1}-11-01",
            established_on=f"{year - 1}-12-20",
            first_close_on=start,
            investment_period_end=f"{year + 5}{start[4:]}",
            term_end=f"{year + 8}{start[4:]}",
            fee_basis_investment="commitment",
            fee_rate_investment="2%",
            fee_basis_exit="invested",
            fee_rate_exit="1.5%",
            hurdle_rate="8%",
            carry_rate="20%",
            catch_up_rate="100%",
            hurdle_compound="yes",
            concession_rate="30%",
            reinvest_multiple=1.5,
            reinvest_base="paid_in",
        )
        | more
    )


def promise(
    fund: str, investor: str, day: str, wan: float, change: str = "new", **more: Any
) -> dict[str, Any]:
    return {
        "fund": fund,
        "investor": investor,
        "day": day,
        "change": change,
        "amount": wan * M,
        "unit": "元",
        "document": f"{fund} 示例协议",
    } | more


def notice(fund: str, number: str, on: str, due: str, parts: dict[str, Any], **wan: float) -> dict[str, Any]:
    return {
        "fund": fund,
        "number": number,
        "notice_on": on,
        "due_on": due,
        "unit": "元",
        "document": f"{fund} 出资通知 {number}",
        **parts,
        **{name: round(amount * M, 2) for name, amount in wan.items()},
    }


def deal(
    code: str, fund: str, company: str, day: str, kind: str, wan: float | None, **more: Any
) -> dict[str, Any]:
    amount = None if wan is None else wan * M
    return {
        "code": code,
        "fund": fund,
        "company": company,
        "day": day,
        "kind": kind,
        "amount": amount,
        "unit": "元",
        "document": f"{code} 示例投资协议",
    } | more


def cash(fund: str, day: str, kind: str, counterparty: str, wan: float, **more: Any) -> dict[str, Any]:
    return {
        "fund": fund,
        "day": day,
        "kind": kind,
        "counterparty": counterparty,
        "amount": round(wan * M, 2),
        "unit": "元",
        "document": f"{fund} 示例流水",
    } | more


def value(fund: str, day: str, wan: float, method: str = "reported_nav", **more: Any) -> dict[str, Any]:
    return {
        "fund": fund,
        "day": day,
        "amount": round(wan * M, 2),
        "method": method,
        "stated_by": "示例管理公司",
        "unit": "元",
        "document": f"{fund} {day} 示例报告",
    } | more


def accounts(fund: str, day: str, wan: float, **parts: float) -> list[dict[str, Any]]:
    """A fund's value and what of it stands in each investor's capital account (`GF_1=40`: parts of the whole)."""
    whole = sum(parts.values())
    return [
        value(fund, day, wan),
        *(
            value(fund, day, wan * part / whole, investor=who.replace("_", "-"))
            for who, part in parts.items()
        ),
    ]


def attribute(subject: str, name: str, since: str, what: Any, **more: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "attribute": name,
        "since": since,
        "value": what,
        "document": "示例文件",
    } | more


FIRST: Sheets = {
    "parties": [
        party("GOV-P", "government", "示例省财政厅", government_level="province", ownership="government"),
        party(
            "GOV-C",
            "government",
            "示例市财政局",
            government_level="prefecture",
            ownership="government",
            city="230100",
        ),
        party("MG-1", "manager", "示例一号管理公司", ownership="private"),
        party("MG-2", "manager", "示例二号管理公司", ownership="soe_wholly_owned", owner_government="GOV-P"),
        party("GP-1", "other", "示例一号普通合伙人", ownership="private"),
        party("BK-1", "bank", "示例银行"),
        party("SO-1", "social_investor", "示例民营出资人甲", ownership="private"),
        party("SO-2", "social_investor", "示例民营出资人乙", ownership="private"),
        party("SV-1", "soe_vc", "示例国有创投公司", ownership="soe_wholly_owned", owner_government="GOV-P"),
        party(
            "ST-1", "state_investor", "示例国有企业", ownership="soe_wholly_owned", owner_government="GOV-C"
        ),
    ],
    "funds": [
        fund(
            "GF-1",
            "guidance_fund",
            "示例引导基金",
            "2015-06-01",
            portfolio="yes",
            government_level="province",
            owner_government="GOV-P",
            vintage=2015,
            status="investing",
            established_on="2015-06-01",
            sponsor_level="province",
        ),
        fund(
            "PF-1",
            "parent_fund",
            "示例母基金",
            "2018-03-01",
            portfolio="yes",
            owner_government="GOV-P",
            vintage=2018,
            status="investing",
            established_on="2018-03-01",
            manager="MG-2",
            custodian="BK-1",
            sponsor_level="province",
            fee_basis_investment="paid_in",
            fee_rate_investment="0.6%",
            investment_mode="via_parent",
        ),
        sub(
            "A-1",
            "示例天使基金",
            "2016-01-15",
            strategy="angel",
            mandate_stages="seed,startup",
            mandate_fields="C39、I65",
            support_mode="staged_equity",
            investment_mode="direct_sub_fund",
        ),
        sub(
            "V-1",
            "示例创投基金",
            "2016-06-20",
            strategy="vc",
            manager="MG-1",
            catch_up_rate="0%",
            hurdle_compound="no",
        ),
    ],
    "companies": [
        {
            "code": c,
            "name": n,
            "since": d,
            "founded_on": d,
            "province": "黑龙江省",
            "city": "230100",
            "industry": i,
            "money_place": "黑龙江省",
            "ownership": "private",
            "document": "示例尽调",
        }
        for c, n, d, i in (
            ("Q-1", "示例芯片公司", "2014-05-05", "C3973"),
            ("Q-2", "示例软件公司", "2013-03-01", "I6510"),
            ("Q-3", "示例药业公司", "2012-07-01", "C2710"),
            ("Q-4", "示例材料公司", "2015-02-01", "C3240"),
        )
    ],
    "company_years": [
        {
            "company": "Q-1",
            "year": 2016,
            "staff": 42,
            "rd_staff": 20,
            "revenue": 812 * M,
            "rd_expense": 300 * M,
            "net_profit": 15 * M,
            "total_assets": 2500 * M,
            "net_assets": 2000 * M,
            "stage": "startup",
            "stage_definition": "ST-01",
            "unit": "元",
            "document": "2016 报表",
        },
        {
            "company": "Q-2",
            "year": 2016,
            "staff": 118,
            "rd_staff": 30,
            "revenue": 5400 * M,
            "stage": "growth",
            "stage_definition": "ST-01",
            "unit": "元",
            "document": "2016 报表",
        },
    ],
    "edges": [
        {
            "owner": "MG-1",
            "owned": "GP-1",
            "since": "2015-01-01",
            "share": "80%",
            "basis": "equity",
            "document": "示例工商档案",
        },
        {
            "owner": "GOV-P",
            "owned": "SV-1",
            "since": "2015-01-01",
            "share": "100%",
            "basis": "equity",
            "document": "示例工商档案",
        },
        {
            "owner": "GOV-C",
            "owned": "ST-1",
            "since": "2015-01-01",
            "until": "2023-12-31",
            "share": "60%",
            "basis": "equity",
            "document": "示例工商档案",
        },
        {
            "owner": "SO-1",
            "owned": "Q-3",
            "since": "2016-01-01",
            "share": "12.5%",
            "basis": "equity",
            "document": "示例工商档案",
        },
    ],
    "commitments": [
        promise("GF-1", "GOV-P", "2015-06-01", 60000),
        promise("GF-1", "GOV-C", "2015-06-01", 10000),
        promise("PF-1", "GOV-P", "2018-03-01", 50000),
        promise("PF-1", "ST-1", "2018-03-01", 5000),
        promise("A-1", "GF-1", "2016-01-15", 4000, number="A-1-01"),
        promise("A-1", "SO-1", "2016-01-15", 3000, number="A-1-02"),
        promise("A-1", "SV-1", "2016-01-15", 2900, number="A-1-03"),
        promise("A-1", "GP-1", "2016-01-15", 100, number="A-1-04"),
        promise("V-1", "GF-1", "2016-06-20", 9000),
        promise("V-1", "SO-2", "2016-06-20", 15000),
        promise("V-1", "ST-1", "2016-06-20", 6000),
        promise("V-1", "GP-1", "2016-06-20", 300),
    ],
    "capital_calls": [
        notice(
            "GF-1",
            "2016-01",
            "2016-01-04",
            "2016-01-20",
            {"investor": "GOV-P", "paid_on": "2016-01-12"},
            investment=18000,
        ),
        notice(
            "GF-1",
            "2016-01",
            "2016-01-04",
            "2016-01-20",
            {"investor": "GOV-C", "paid_on": "2016-01-25"},
            investment=3000,
        ),
        *(
            notice(
                "A-1",
                "2016-01",
                "2016-02-01",
                "2016-02-26",
                {"investor": who, "paid_on": paid},
                investment=0.4 * wan,
                fee_inside=0.02 * wan,
                expenses=0.005 * wan,
                **outside,
            )
            for who, wan, paid, outside in (
                ("GF-1", 4000, "2016-02-20", {}),
                ("SO-1", 3000, "2016-02-26", {"fee_outside": 3}),
                ("SV-1", 2900, "2016-03-09", {"fee_outside": 2.9}),
                ("GP-1", 100, "2016-02-22", {}),
            )
        ),
        *(
            notice(
                "V-1",
                "2016-01",
                "2016-07-01",
                "2016-07-29",
                {"investor": who, "paid_on": paid},
                investment=0.5 * wan,
                fees_and_expenses=0.025 * wan,
            )
            for who, wan, paid in (
                ("GF-1", 9000, "2016-07-20"),
                ("SO-2", 15000, "2016-07-28"),
                ("ST-1", 6000, "2016-07-29"),
                ("GP-1", 300, "2016-07-18"),
            )
        ),
    ],
    "deals": [
        deal(
            "A-1/Q-1",
            "A-1",
            "Q-1",
            "2016-05-10",
            "initial",
            800,
            round="天使轮",
            instrument="equity",
            share="10%",
            post_money=8000 * M,
            stage="startup",
            stage_definition="ST-01",
        ),
        deal(
            "A-1/Q-4",
            "A-1",
            "Q-4",
            "2016-08-01",
            "initial",
            600,
            round="天使轮",
            instrument="convertible",
            stage="seed",
            stage_definition="ST-01",
        ),
        deal(
            "A-1/Q-2",
            "A-1",
            "Q-2",
            "2016-09-01",
            "initial",
            900.5,
            round="A",
            instrument="preferred",
            share="6.25%",
            stage="growth",
            stage_definition="ST-01",
        ),
        deal(
            "V-1/Q-2",
            "V-1",
            "Q-2",
            "2016-09-01",
            "initial",
            6000,
            round="A",
            instrument="preferred",
            share="18.75%",
            stage="growth",
            stage_definition="ST-01",
        ),
        deal(
            "V-1/Q-3",
            "V-1",
            "Q-3",
            "2017-02-01",
            "initial",
            5000,
            round="B",
            instrument="equity",
            share="9.5%",
            stage="growth",
            stage_definition="ST-01",
        ),
        deal(
            "GF-1/Q-3",
            "GF-1",
            "Q-3",
            "2017-02-01",
            "initial",
            1000,
            round="B",
            instrument="equity",
            share="1.9%",
        ),
    ],
    "fund_cash": [
        cash("A-1", "2016-03-31", "management_fee", "MG-1", 200),
        cash("A-1", "2016-12-20", "fund_expense", "BK-1", 12.34),
        cash("V-1", "2016-08-15", "facility_drawdown", "BK-1", 500),
        cash("V-1", "2017-03-15", "facility_repayment", "BK-1", 500),
        cash("V-1", "2017-03-15", "facility_cost", "BK-1", 14.5, reference="LS-1"),
        cash("V-1", "2016-09-30", "management_fee", "MG-1", 303),
        cash("GF-1", "2017-12-21", "interest_income", "BK-1", 33.07),
    ],
    "valuations": [
        value("A-1", "2016-12-31", 3900),
        *accounts("V-1", "2016-12-31", 15300, GF_1=90, SO_2=150, ST_1=60, GP_1=3),
        value("A-1", "2017-12-31", 4350.55),
        *accounts("V-1", "2017-12-31", 16800, GF_1=90, SO_2=150, ST_1=60, GP_1=3),
        value("A-1", "2017-12-31", 1735.2, investor="GF-1"),
        value("A-1", "2017-12-31", 1100, "recent_round", company="Q-1"),
        value("V-1", "2017-12-31", 7200, "multiples", company="Q-2"),
        value("GF-1", "2017-12-31", 1050, "cost", company="Q-3"),
    ],
    "attributes": [
        attribute("V-1", "reported_tvpi", "2017-12-31", "1.06"),
        attribute("V-1", "reported_dpi", "2017-12-31", "0.00"),
        attribute("A-1", "reinvest_to", "2016-01-15", "GF-1"),
        attribute("A-1", "approved_amount", "2015-11-01", 4000 * M, unit="元"),
    ],
}

SECOND: Sheets = {
    "funds": [
        {
            "code": "A-1",
            "kind": "sub_fund",
            "since": "2019-04-01",
            "status": "harvesting",
            "document": "示例决议",
        },
        sub(
            "V-2",
            "示例创投二号基金",
            "2019-03-01",
            strategy="vc",
            manager="MG-2",
            investment_mode="via_parent",
        ),
        sub(
            "V-3",
            "示例创投三号基金",
            "2020-01-10",
            strategy="growth",
            manager="MG-2",
            investment_mode="via_parent",
        ),
    ],
    "companies": [
        {
            "code": "Q-5",
            "name": "示例装备公司",
            "since": "2017-01-01",
            "founded_on": "2017-01-01",
            "province": "黑龙江省",
            "city": "230600",
            "industry": "C3510",
            "money_place": "黑龙江省",
            "high_tech_until": "2024-12-31",
            "ownership": "private",
            "document": "示例尽调",
        },
        {"code": "Q-1", "since": "2021-09-01", "listed_on": "2021-09-01", "document": "示例公告"},
    ],
    "commitments": [
        promise("V-2", "PF-1", "2019-03-01", 8000),
        promise("V-2", "GF-1", "2019-03-01", 2000),
        promise("V-2", "SO-1", "2019-03-01", 10000),
        promise("V-2", "SV-1", "2019-06-01", 1000),
        promise("V-3", "PF-1", "2020-01-10", 3000),
        promise("V-3", "SO-2", "2020-01-10", 4500),
        promise("A-1", "SV-1", "2018-05-05", 400, "reduction"),
        promise(
            "V-1",
            "SO-2",
            "2018-06-30",
            3000,
            "transfer",
            buyer="SO-1",
            paid_in_moved=1575 * M,
            price=1700 * M,
            number="V-1-ZR1",
        ),
    ],
    "capital_calls": [
        notice(
            "PF-1",
            "2019-01",
            "2019-03-01",
            "2019-03-29",
            {"investor": "GOV-P", "paid_on": "2019-03-20"},
            investment=15000,
        ),
        notice(
            "PF-1",
            "2019-01",
            "2019-03-01",
            "2019-03-29",
            {"investor": "ST-1", "paid_on": "2019-03-29", "paid_amount": 1200 * M},
            investment=1500,
        ),
        *(
            notice(
                "V-2",
                "2019-01",
                "2019-07-01",
                "2019-07-31",
                {"investor": who, "paid_on": paid},
                investment=0.3 * wan,
                fee_inside=0.02 * wan,
                expenses=0.01 * wan,
            )
            for who, wan, paid in (
                ("PF-1", 8000, "2019-07-20"),
                ("GF-1", 2000, "2019-07-22"),
                ("SO-1", 10000, None),
                ("SV-1", 1000, "2019-07-31"),
            )
        ),
        *(
            notice(
                "V-3",
                "2020-01",
                "2020-02-01",
                "2020-02-28",
                {"investor": who, "paid_on": "2020-02-20"},
                investment=0.4 * wan,
                fee_inside=0.02 * wan,
            )
            for who, wan in (("PF-1", 3000), ("SO-2", 4500))
        ),
    ],
    "payments": [
        {
            "fund": "V-2",
            "number": "2019-01",
            "investor": "SO-1",
            "paid_on": "2019-09-05",
            "amount": 2000 * M,
            "late_interest": 8.75 * M,
            "reference": "LS-2",
            "unit": "元",
            "document": "示例回单",
        },
        {
            "fund": "PF-1",
            "number": "2019-01",
            "investor": "ST-1",
            "paid_on": "2019-06-03",
            "investment": 300 * M,
            "reference": "LS-3",
            "unit": "元",
            "document": "示例回单",
        },
    ],
    "distributions": [
        {
            "fund": "A-1",
            "number": "F-2019",
            "paid_on": "2019-06-18",
            "investor": who,
            "return_of_capital": round(0.08 * wan * M, 2),
            "gain": round(0.05 * wan * M, 2),
            "income": round(0.004 * wan * M, 2),
            "recallable_capital": round(0.02 * wan * M, 2),
            "unit": "元",
            "document": "A-1 分配通知",
        }
        for who, wan in (("GF-1", 4000), ("SO-1", 3000), ("SV-1", 2500), ("GP-1", 100))
    ],
    "deals": [
        deal(
            "A-1/Q-2/T1",
            "A-1",
            "Q-2",
            "2019-05-20",
            "partial_exit",
            1400,
            share="3.25%",
            exit_route="transfer",
            buyer="SO-2",
        ),
        deal(
            "A-1/Q-1/F",
            "A-1",
            "Q-1",
            "2018-08-08",
            "follow_on",
            200,
            round="A",
            instrument="equity",
            share="11%",
        ),
        deal("A-1/Q-4/X", "A-1", "Q-4", "2020-12-15", "write_off", None),
        deal("V-1/Q-3/E", "V-1", "Q-3", "2021-11-11", "exit", 6200, exit_route="buy_back"),
        deal(
            "V-2/Q-5",
            "V-2",
            "Q-5",
            "2019-10-10",
            "initial",
            4500,
            round="B",
            instrument="equity",
            share="15%",
            stage="startup",
            stage_definition="ST-01",
        ),
    ],
    "fund_cash": [
        cash("V-1", "2019-07-15", "dividend", "Q-2", 60.6),
        cash("PF-1", "2019-12-31", "management_fee", "MG-2", 45),
        cash("V-2", "2019-12-31", "management_fee", "MG-2", 210),
        cash("GF-1", "2020-01-10", "treasury_remittance", "GOV-P", 20),
        cash("GF-1", "2020-05-10", "fiscal_appropriation", "GOV-P", 25),
    ],
    "valuations": [
        *accounts("A-1", "2019-12-31", 3700, GF_1=40, SO_1=30, SV_1=25, GP_1=1),
        value("V-1", "2019-12-31", 18250),
        value("V-2", "2019-12-31", 6400),
        *accounts("A-1", "2020-12-31", 3100, GF_1=40, SO_1=30, SV_1=25, GP_1=1),
        *accounts("V-1", "2020-12-31", 19900, GF_1=90, SO_2=120, SO_1=30, ST_1=60, GP_1=3),
        *accounts("V-2", "2020-12-31", 6650, PF_1=80, GF_1=20, SO_1=60, SV_1=10),
        value("GF-1", "2020-12-31", 1180, "multiples", company="Q-3"),
        value("PF-1", "2020-12-31", 16100),
    ],
    "attributes": [
        attribute("V-3", "concession_approval", "2020-01-10", "示例让利批复"),
        attribute("V-3", "concession_conditions_met", "2020-01-10", "yes"),
        attribute("V-3", "recycle_clause", "2020-01-10", "示例协议第五条"),
        attribute("A-1", "filed_annual_report", "2020-04-20", "2019-12-31"),
        attribute("V-1", "evaluation_grade", "2020-06-30", "good"),
    ],
}

THIRD: Sheets = {
    "funds": [
        fund(
            "PF-X",
            "parent_fund",
            "示例另一母基金",
            "2019-01-01",
            portfolio="yes",
            owner_government="GOV-C",
            vintage=2019,
            established_on="2019-01-01",
        ),
        sub("U-1", "示例美元基金", "2019-05-01", strategy="vc", currency="USD"),
        sub("L-1", "示例清算基金", "2014-05-01", strategy="seed"),
    ],
    "commitments": [
        promise("PF-X", "GOV-C", "2019-01-02", 20000),
        promise("L-1", "PF-X", "2019-02-01", 1500),
        promise("L-1", "SO-2", "2019-02-01", 1500),
        promise("U-1", "PF-X", "2019-05-01", 1000) | {"unit": "美元"},
        promise("U-1", "SO-2", "2019-05-01", 500) | {"unit": "美元"},
        promise("V-1", "GP-1", "2021-02-01", 50, "increase"),
        promise(
            "A-1",
            "SV-1",
            "2021-06-30",
            2500,
            "transfer",
            buyer="SO-2",
            paid_in_moved=1232.5 * M,
            distributed_moved=385 * M,
            recallable_moved=50 * M,
            number="A-1-ZR1",
        ),
    ],
    "capital_calls": [
        notice(
            "PF-X",
            "1",
            "2019-01-10",
            "2019-01-31",
            {"investor": "GOV-C", "paid_on": "2019-01-30"},
            investment=9000,
        ),
        notice(
            "L-1",
            "1",
            "2019-03-01",
            "2019-03-31",
            {"investor": "PF-X", "paid_on": "2019-03-20"},
            investment=1200,
        ),
        notice(
            "L-1",
            "1",
            "2019-03-01",
            "2019-03-31",
            {"investor": "SO-2", "paid_on": "2019-03-20"},
            investment=1200,
        ),
        notice(
            "U-1",
            "1",
            "2019-06-01",
            "2019-06-30",
            {"investor": "PF-X", "paid_on": "2019-06-20"},
            investment=400,
        )
        | {"unit": "美元"},
        notice(
            "U-1",
            "1",
            "2019-06-01",
            "2019-06-30",
            {"investor": "SO-2", "paid_on": "2019-06-20"},
            investment=200,
        )
        | {"unit": "美元"},
    ],
    "distributions": [
        {
            "fund": "U-1",
            "number": "D1",
            "paid_on": "2021-03-18",
            "investor": who,
            "gain": wan * M,
            "unit": "美元",
            "document": "U-1 分配通知",
        }
        for who, wan in (("PF-X", 60), ("SO-2", 30))
    ],
    "valuations": [
        *accounts("L-1", "2021-12-31", 2640, PF_X=1, SO_2=1),
        *(v | {"unit": "美元"} for v in accounts("U-1", "2021-12-31", 690, PF_X=2, SO_2=1)),
        *accounts("A-1", "2021-12-31", 3350, GF_1=40, SO_1=30, SO_2=25, GP_1=1),
        value("V-1", "2021-12-31", 14800),
        value("V-2", "2021-12-31", 7100),
        value("V-1", "2021-12-31", 9100, "multiples", company="Q-2"),
    ],
}

EMPTIED: Sheets = {
    "deals": [
        deal("GF-1/Q-3/E", "GF-1", "Q-3", "2023-06-01", "exit", 1300, exit_route="transfer", buyer="SO-2")
    ],
    "fund_cash": [cash("GF-1", "2024-06-20", "treasury_remittance", "GOV-P", 14314.326408)],
}
"""What a fund hands over or sells before it is merged: it may hold neither companies nor cash."""

LAST: Sheets = {
    "funds": [
        {
            "code": "L-1",
            "kind": "sub_fund",
            "since": "2024-12-01",
            "status": "closed",
            "document": "示例清算报告",
        }
    ],
    "valuations": [
        *accounts("V-1", "2024-12-31", 12350.25, PF_1=90, SO_2=120, SO_1=30, ST_1=60, GP_1=3.5),
        *accounts("V-2", "2024-12-31", 9050, PF_1=100, SO_1=60, SV_1=10),
        value("A-1", "2024-12-31", 2100),
        value("V-2", "2024-12-31", 5200, "recent_round", company="Q-5"),
        *accounts("V-2", "2025-12-31", 9800, PF_1=100, SO_1=60, SV_1=10),
        *accounts("A-1", "2025-12-31", 2150, PF_1=40, SO_1=30, SO_2=25, GP_1=1),
    ],
    "company_years": [
        {
            "company": "Q-5",
            "year": 2024,
            "staff": 310,
            "rd_staff": 88,
            "revenue": 23000 * M,
            "stage": "growth",
            "stage_definition": "ST-01",
            "unit": "元",
            "document": "2024 报表",
        },
    ],
}

AGREED = ("--document", "示例文件〔2020〕1号")
BY_HAND: tuple[tuple[str, ...], ...] = (
    ("set", "tranche_release_ratio", "0.6", "--fund", "V-1", "--from", "2016-06-20", *AGREED),
    ("set", "tranche_release_ratio", "0", "--from", "2015-06-01", *AGREED),
    ("evaluation", "weights", "50", "20", "30", "--from", "2026-03-02", *AGREED),
    ("evaluation", "scale", "tvpi", "0.8", "1.6", "--from", "2026-03-02", *AGREED),
    ("evaluation", "scale", "dpi", "0", "1.2", "--from", "2026-03-02", *AGREED),
    ("evaluation", "scale", "irr", "0", "0.12", "--from", "2026-03-02", *AGREED),
    ("evaluation", "mark", "V-1", "policy_opinion", "0.7", "--from", "2026-06-10", *AGREED),
    ("evaluation", "mark", "V-1", "internal_control", "90%", "--from", "2026-06-10", *AGREED),
    ("evaluation", "mark", "V-1", "bonus", "2", "--from", "2026-06-10", *AGREED),
    # a call with a defaulter and one excused; paid in full, short and late, one never
    (
        "operations",
        "call",
        "--fund",
        "V-2",
        "--part",
        "investment=30000000",
        "--part",
        "fee_inside=2000000",
        "--notice-on",
        "2022-03-01",
        "--due-on",
        "2022-03-31",
        "--number",
        "2022-01",
        "--defaulting",
        "SO-1=示例违约",
        "--book",
    ),
    (
        "operations",
        "pay",
        "--fund",
        "V-2",
        "--number",
        "2022-01",
        "--investor",
        "PF-1",
        "--paid-on",
        "2022-03-25",
    ),
    (
        "operations",
        "pay",
        "--fund",
        "V-2",
        "--number",
        "2022-01",
        "--investor",
        "GF-1",
        "--paid-on",
        "2022-04-15",
        "--amount",
        "1000000",
        "--late-interest",
        "1234.56",
        "--reference",
        "LS-4",
    ),
    (
        "operations",
        "call",
        "--fund",
        "V-1",
        "--part",
        "investment=12000000",
        "--part",
        "expenses=300000.33",
        "--notice-on",
        "2022-05-05",
        "--due-on",
        "2022-06-06",
        "--number",
        "2022-01",
        "--excused",
        "ST-1=示例豁免",
        "--book",
    ),
    (
        "operations",
        "pay",
        "--fund",
        "V-1",
        "--number",
        "2022-01",
        "--investor",
        "GF-1",
        "--paid-on",
        "2022-06-01",
    ),
    (
        "operations",
        "pay",
        "--fund",
        "V-1",
        "--number",
        "2022-01",
        "--investor",
        "SO-2",
        "--paid-on",
        "2022-06-06",
    ),
    ("reverse", "call_payment", "示例：入错账，款到日为六月十日"),
    (
        "operations",
        "pay",
        "--fund",
        "V-1",
        "--number",
        "2022-01",
        "--investor",
        "SO-2",
        "--paid-on",
        "2022-06-10",
    ),
    # a newcomer at a later closing
    (
        "operations",
        "closing",
        "--fund",
        "V-3",
        "--on",
        "2020-11-02",
        "--rate",
        "8%",
        "--join",
        "ST-1=20000000",
        "--number",
        "JG-2",
        "--document",
        "V-3 示例补充协议",
        "--book",
    ),
    (
        "operations",
        "distribute",
        "--fund",
        "V-3",
        "--cash",
        "30000000",
        "--pay-on",
        "2022-12-01",
        "--recallable",
        "5000000",
        "--number",
        "F-2022",
        "--book",
    ),
    (
        "operations",
        "quarter",
        "--end",
        "2022-12-31",
        "--portfolio",
        "GF-1",
        "--close",
        "--reason",
        "示例：尚缺报告",
    ),
    ("reverse", "valuation", "示例：报告作废"),
    (
        "dispose",
        "GF-25",
        "A-1",
        "accept",
        "--reference",
        "示例豁免〔2022〕3号",
        "--until",
        "2024-12-31",
        "--on",
        "2022-12-31",
    ),
    (
        "dispose",
        "AF-02",
        "V-1",
        "rectify",
        "--reference",
        "示例整改〔2022〕4号",
        "--until",
        "2023-06-30",
        "--on",
        "2022-12-31",
    ),
    (
        "dispose",
        "GF-09",
        "V-2",
        "dismiss",
        "--reference",
        "示例说明",
        "--reason",
        "不适用",
        "--on",
        "2022-12-31",
    ),
    ("import", "2023"),
    (
        "operations",
        "merge",
        "--from",
        "GF-1",
        "--into",
        "PF-1",
        "--on",
        "2024-06-30",
        "--document",
        "示例重组方案",
        "--book",
    ),
    ("import", "2025"),
    (
        "dispose",
        "AF-06",
        "V-2/SV-1",
        "rectify",
        "--reference",
        "示例催缴〔2025〕9号",
        "--until",
        "2026-12-31",
        "--on",
        "2025-12-31",
    ),
)


if __name__ == "__main__":
    main()
