"""Import after export is identity: the same balances, attributes, values, shares, positions and deals."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import shutil
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fof import intake, ledger
from fof.access import LOCAL
from fof.characters import is_path
from fof.db import Database
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.layouts.commitments import CommitmentChange
from fof.importers.layouts.fund_cash import CashKind
from fof.importers.template import filled
from fof.ledger import View
from models import kinds
from models.kinds import EntryKind, PartyKind
from models.posting_kinds import PostingKind as K

Rows = dict[str, list[dict[str, Any]]]


def state(view: View) -> dict[str, Any]:
    """Everything a view holds, by code instead of id. Dues of a notice are summed; its components stand in a setting."""
    code: dict[int, str | None] = {-1: None, **{n: p.code for n, p in view.parties.items()}}
    deal: dict[int, str | None] = {-1: None, **{d.row.id: d.row.code for d in view.deals}}
    book = view.postings
    money: Counter[tuple[Any, ...]] = Counter()
    names = ("kind", "from_party", "to_party", "fund", "deal", "day", "fen")
    for kind, a, b, fund, number, day, fen in zip(*(getattr(book, n).tolist() for n in names), strict=True):
        money[K(kind).name, code[a], code[b], code[fund], deal[number], day] += fen
    values: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for m in view.marks:
        place = (code[m.row.holder], code[m.row.holding], m.day)
        values.setdefault(place, []).append(m.row[2:])
    stated: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for p in view.positions:
        stated.setdefault((code[p.row.holder], code[p.row.fund], p.day), []).append(p.row[2:])
    return {
        "money": money,
        "parties": {p.code: p.kind for p in view.parties.values()},
        "facts": {
            (code[party], fact.name, fact.since, fact.value, fact.basis, fact.document)
            for party in view.parties
            for name in view.facts_of(party)
            for fact in view.history(party, name)
        },
        "deal facts": {
            (d.row.code, f.name, f.since, f.value)
            for d in view.deals
            for name in view.prefix.facts.get(("deal", d.row.id), {})
            for f in view.statements(("deal", d.row.id), name)
        },
        "marks": values,
        "positions": stated,
        "edges": Counter((code[e.row.owner], code[e.row.owned], e.day, e.row[2:]) for e in view.edges),
        "deals": {
            (d.row.code, code[d.row.investor], code[d.row.company], d.day, d.row[4:]) for d in view.deals
        },
        "notices": Counter((code[n.row.fund], n.day, n.row[1:]) for n in view.notices),
        "components": {
            (code[n.row.fund], n.row.number, code[n.row.investor], n.row[3:], n.day)
            for n in view.notice_lines
        },
    }


@pytest.fixture
def new_book(tmp_path: Path) -> Callable[[], Database]:
    """Makes empty books."""
    number = itertools.count()
    template = tmp_path / "template.sqlite"
    made = Database(f"sqlite:///{template}")
    made.init()
    made.close()

    def make() -> Database:
        path = tmp_path / f"empty-{next(number)}.sqlite"
        shutil.copyfile(template, path)
        return Database(f"sqlite:///{path}")

    return make


def carried_over(view: View, empty: Database) -> dict[str, Any]:
    """The state of an empty book after it has taken the export of another."""
    intake.book(empty, LOCAL, intake.export_workbook(view), "导出.xlsx")
    return state(ledger.read(empty).view())


# -- any office ---------------------------------------------------------------------------------------------------

CODES = (
    st.text("ABCXYZ-_/%~.示例 0129", min_size=1, max_size=8)
    .map(lambda t: f"X{t.strip()}Y")
    .filter(lambda t: not is_path(t))
)
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31))
TEXTS = st.text("文字 =@a+-|%\"'、，0", min_size=1, max_size=12).filter(lambda t: t.strip() == t)
NANO = st.integers(0, 10**9).map(lambda n: Decimal(n).scaleb(-9))


def fen(most: int, least: int = 1) -> st.SearchStrategy[Amount]:
    return st.integers(least, most).map(lambda n: Amount(n, "CNY"))


@st.composite
def offices(draw: st.DrawFn) -> Rows:
    """A valid office of two funds, two investors and two companies with some of everything."""
    codes = draw(st.lists(CODES, min_size=7, max_size=7, unique=True))
    gov, lp, f1, f2, c1, c2, gp = codes
    start = dt.date(2010, 1, 1)
    word = lambda cls: st.sampled_from(list(cls))  # noqa: E731
    rows: Rows = {name: [] for name in LAYOUTS}
    for code, kind in ((gov, PartyKind.GOVERNMENT), (lp, PartyKind.SOCIAL_INVESTOR), (gp, PartyKind.MANAGER)):
        rows["parties"].append(
            {"code": code, "kind": kind, "name": draw(TEXTS), "since": start, "document": draw(TEXTS)}
        )
    for code in (f1, f2):
        rows["funds"].append(
            {"code": code, "kind": PartyKind.SUB_FUND, "name": draw(TEXTS), "since": start, "manager": gp}
        )
        for since in sorted(draw(st.sets(DAYS, max_size=3))):
            terms = {
                "strategy": draw(word(kinds.Strategy)),
                "carry_rate": draw(NANO),
                "target_size": draw(fen(10**14)),
                "hurdle_compound": draw(st.booleans()),
                "mandate_stages": (kinds.Stage.SEED, kinds.Stage.GROWTH),
                "vintage": draw(st.integers(2000, 2025)),
                "term_end": draw(DAYS),
                "reinvest_multiple": Decimal("1.5"),
            }
            chosen = draw(st.sets(st.sampled_from(sorted(terms)), min_size=1))
            rows["funds"].append(
                {"code": code, "kind": PartyKind.SUB_FUND, "since": since, **{n: terms[n] for n in chosen}}
            )
    for code in (c1, c2):
        rows["companies"].append({"code": code, "name": draw(TEXTS), "since": start, "industry": "C3976"})
        for year in draw(st.sets(st.integers(2018, 2024), max_size=3)):
            stage = draw(word(kinds.Stage))
            profit = Amount(draw(st.integers(-(10**12), 10**12)), "CNY")
            rows["company_years"].append(
                {
                    "company": code,
                    "year": year,
                    "staff": draw(st.integers(0, 999)),
                    "net_profit": profit,
                    "stage": stage,
                    "stage_definition": "ST-01",
                }
            )
    if draw(st.booleans()):
        rows["edges"].append(
            {
                "owner": gov,
                "owned": gp,
                "since": draw(DAYS),
                "share": draw(NANO),
                "basis": draw(word(kinds.EdgeBasis)),
                "document": draw(TEXTS),
            }
        )
    promised = dt.date(2015, 1, 1)
    for fund, investor in itertools.product((f1, f2), (gov, lp)):
        number = draw(st.none() | CODES)
        rows["commitments"].append(
            {
                "fund": fund,
                "investor": investor,
                "day": promised,
                "change": CommitmentChange.NEW,
                "amount": Amount(10**14, "CNY"),
                "number": number,
                "document": draw(st.none() | TEXTS),
            }
        )
        if draw(st.booleans()):
            change = draw(st.sampled_from([CommitmentChange.INCREASE, CommitmentChange.REDUCTION]))
            rows["commitments"].append(
                {
                    "fund": fund,
                    "investor": investor,
                    "day": draw(DAYS),
                    "change": change,
                    "amount": draw(fen(10**9)),
                }
            )
    _money(draw, rows, (f1, f2), (gov, lp), (c1, c2), gp)
    return rows


def _money(
    draw: st.DrawFn,
    rows: Rows,
    funds: tuple[str, ...],
    investors: tuple[str, ...],
    companies: tuple[str, ...],
    gp: str,
) -> None:
    for fund in funds:
        for number in draw(st.lists(CODES, max_size=3, unique=True)):
            day = draw(DAYS)
            for investor in investors:
                call = {
                    "fund": fund,
                    "number": number,
                    "notice_on": day,
                    "due_on": day + dt.timedelta(20),
                    "investor": investor,
                }
                parts = draw(
                    st.dictionaries(
                        st.sampled_from(
                            ["investment", "fee_inside", "fee_outside", "expenses", "placement_fee"]
                        ),
                        fen(10**10),
                        min_size=1,
                    )
                )
                rows["capital_calls"].append({**call, **parts})
                if draw(st.booleans()):
                    chosen = draw(st.sets(st.sampled_from(sorted(parts)), min_size=1))
                    paid = {name: draw(fen(parts[name].fen)) for name in sorted(chosen)}
                    rows["payments"].append(
                        {
                            "fund": fund,
                            "number": number,
                            "investor": investor,
                            "paid_on": day + dt.timedelta(30),
                            **paid,
                            "reference": draw(st.none() | CODES),
                            "document": draw(st.none() | TEXTS),
                        }
                    )
        for number in draw(st.lists(CODES, max_size=2, unique=True)):
            day = draw(DAYS)
            for investor in investors:
                names = st.sampled_from(["return_of_capital", "gain", "income", "recallable", "unspecified"])
                rows["distributions"].append(
                    {
                        "fund": fund,
                        "number": number,
                        "paid_on": day,
                        "investor": investor,
                        **draw(st.dictionaries(names, fen(10**9), min_size=1)),
                    }
                )
        for company in companies:
            if draw(st.booleans()):
                kind = draw(st.sampled_from(list(kinds.DealKind)))
                deal = {
                    "fund": fund,
                    "company": company,
                    "day": draw(DAYS),
                    "kind": kind,
                    "code": draw(st.none() | CODES.map(lambda c, f=fund, k=company: f"{c}{f}{k}")),
                    "share": draw(st.none() | NANO),
                    "document": draw(st.none() | TEXTS),
                }
                leaves = kind in (kinds.DealKind.EXIT, kinds.DealKind.PARTIAL_EXIT)
                if leaves and draw(st.booleans()):
                    deal |= {"exit_route": kinds.ExitRoute.IN_KIND, "share": draw(NANO)}
                elif kind is kinds.DealKind.CONVERSION:
                    deal["share"] = draw(NANO)
                elif kind is not kinds.DealKind.WRITE_OFF:
                    deal["amount"] = draw(fen(10**13))
                    deal["buyer"] = draw(st.sampled_from([None, *investors])) if leaves else None
                rows["deals"].append(deal)
        for _ in range(draw(st.integers(0, 3))):
            rows["fund_cash"].append(
                {
                    "fund": fund,
                    "day": draw(DAYS),
                    "kind": draw(st.sampled_from(list(CashKind))),
                    "counterparty": gp,
                    "amount": draw(fen(10**10)),
                    "document": draw(st.none() | TEXTS),
                }
            )
        _stated(draw, rows, fund, investors, companies)


def _stated(
    draw: st.DrawFn, rows: Rows, fund: str, investors: tuple[str, ...], companies: tuple[str, ...]
) -> None:
    signed = st.integers(-(10**12), 10**14).map(lambda n: Amount(n, "CNY"))
    days = draw(st.sets(DAYS, max_size=2))
    places: list[dict[str, str]] = [{}, {"investor": investors[0]}, {"company": companies[0]}]
    for day, place in itertools.product(sorted(days), places):
        for number, amount in enumerate(draw(st.lists(signed, max_size=3, unique=True))):
            rows["valuations"].append(
                {
                    "fund": fund,
                    "day": day,
                    **place,
                    "amount": amount,
                    "method": draw(st.sampled_from(list(kinds.MarkMethod)[:-1])),
                    "restated": number > 0,
                    "stated_by": draw(st.none() | TEXTS),
                    "received_on": draw(st.none() | DAYS),
                }
            )
    for day in sorted(days):
        figures = draw(
            st.dictionaries(
                st.sampled_from(["commitment", "called", "distributed", "remaining"]), signed, min_size=1
            )
        )
        rows["positions"].append(
            {
                "holder": investors[1],
                "fund": fund,
                "day": day,
                **figures,
                "stated_irr": draw(st.none() | NANO),
                "stated_multiple": Decimal("1.20"),
                "multiple_basis": kinds.MultipleBasis.REPORTED,
            }
        )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=offices())
def test_any_office_survives_export_and_import(new_book, rows):
    first, second = new_book(), new_book()
    data = filled([(LAYOUTS[name], lines) for name, lines in rows.items() if lines])
    intake.book(first, LOCAL, data, "账.xlsx")
    view = ledger.read(first).view()
    assert carried_over(view, second) == state(view)
    again = intake.preview(first, intake.export_workbook(view), "导出.xlsx")
    assert (again.problems, again.drafts) == ([], []), "the export of a book adds nothing to it"
    first.close()
    second.close()


# -- what else an export must do ----------------------------------------------------------------------------------


def test_what_a_file_says_in_more_than_one_way_is_recognised_in_its_export(new_book):
    """Amounts of zero, a total beside its components, several documents of one notice, a transfer."""
    start, day = dt.date(2010, 1, 1), dt.date(2020, 1, 1)
    party = {"kind": PartyKind.SOCIAL_INVESTOR, "since": start}
    zero, some = Amount(0, "CNY"), Amount(100_00, "CNY")
    call = {"fund": "F", "number": "1", "notice_on": day, "due_on": day}
    rows: Rows = {
        "parties": [{**party, "code": code, "name": code} for code in "ABC"],
        "funds": [{"code": "F", "kind": PartyKind.SUB_FUND, "name": "F", "since": start}],
        "commitments": [
            *(
                {"fund": "F", "investor": i, "day": day, "change": CommitmentChange.NEW, "amount": some}
                for i in "AB"
            ),
            {
                "fund": "F",
                "investor": "A",
                "buyer": "C",
                "day": dt.date(2022, 1, 1),
                "change": CommitmentChange.TRANSFER,
                "amount": some,
                "paid_in_moved": Amount(11_00, "CNY"),
                "price": zero,
                "number": "T-1",
                "document": "转让协议",
            },
        ],
        "capital_calls": [
            {
                **call,
                "investor": i,
                "investment": Amount(10_00, "CNY"),
                "expenses": zero,
                "document": f"函{i}",
            }
            for i in "BA"
        ],
        "payments": [
            {
                "fund": "F",
                "investor": "A",
                "paid_on": day,
                "amount": Amount(11_00, "CNY"),
                "investment": Amount(10_00, "CNY"),
                "expenses": Amount(1_00, "CNY"),
            },
            {
                "fund": "F",
                "number": "1",
                "investor": "B",
                "paid_on": day,
                "amount": Amount(10_00, "CNY"),
                "reference": "LS-1",
            },
        ],
        "distributions": [
            {
                "fund": "F",
                "number": "D",
                "paid_on": day,
                "investor": i,
                "gain": Amount(1_00, "CNY"),
                "income": zero,
                "document": f"告知{i}",
            }
            for i in "AB"
        ],
    }
    first = new_book()
    intake.book(first, LOCAL, filled([(LAYOUTS[name], lines) for name, lines in rows.items()]), "账.xlsx")
    view = ledger.read(first).view()
    again = intake.preview(first, intake.export_workbook(view), "导出.xlsx")
    assert (again.problems, again.drafts) == ([], [])
    assert carried_over(view, new_book()) == state(view)


def test_money_that_no_sheet_has_a_column_for_is_carried_posting_by_posting(clerk, new_book):
    clerk.party("A")
    clerk.party("F", kind="sub_fund", established_on="2012-01-01")
    clerk.pay(K.COMMITMENT, "A", "F", 100, "2013-01-01", entry=EntryKind.REORGANISATION)
    view = clerk.view("2024-01-01")
    assert "未导出" not in openpyxl.load_workbook(io.BytesIO(intake.export_workbook(view))).sheetnames
    assert carried_over(view, new_book())["money"] == state(view)["money"]


def test_reversed_entries_and_later_days_are_not_in_an_export(clerk, new_book):
    clerk.party("A")
    clerk.party("F", kind="sub_fund")
    clerk.pay(K.COMMITMENT, "A", "F", 100, "2013-01-01", entry=EntryKind.COMMITMENT)
    wrong = clerk.pay(K.COMMITMENT, "A", "F", 7, "2013-02-01", entry=EntryKind.COMMITMENT)
    clerk.pay(K.COMMITMENT, "A", "F", 50, "2020-01-01", entry=EntryKind.COMMITMENT)
    ledger.reverse(clerk.database, LOCAL, wrong, "录错")
    after = carried_over(clerk.view("2019-12-31"), new_book())
    assert sum(after["money"].values()) == 100_00


def test_an_export_of_an_earlier_prefix_shows_what_was_known(clerk, new_book):
    clerk.party("A")
    clerk.party("F", kind="sub_fund")
    entry = clerk.mark("F", "F", 10, "2020-12-31")
    clerk.mark("F", "F", 12, "2020-12-31")
    after = carried_over(clerk.view("2024-01-01", known_at=entry), new_book())
    assert [m[0][0] for m in after["marks"].values()] == [1_000]
    after = carried_over(clerk.view("2024-01-01"), new_book())
    assert [[m[0] for m in found] for found in after["marks"].values()] == [[1_000, 1_200]]
