"""Lifecycle coverage a second time, company by company, on random small offices; by hand where the day decides."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from fof import intake, ledger
from fof.access import LOCAL
from fof.book.government import government_shares
from fof.book.settings import rule_numbers
from fof.db import Database
from fof.errors import FofError
from fof.figures.coverage.change import coverage_change
from fof.figures.coverage.company_line import company_line
from fof.figures.coverage.continuity import continuity_of, stage_history, stage_moves
from fof.figures.coverage.gaps import coverage_gaps
from fof.figures.coverage.mandates import mandates
from fof.figures.coverage.payers import company_payers
from fof.figures.coverage.public_line import public_money_line
from fof.figures.coverage.supported import companies_in
from fof.figures.coverage.surface import DIMENSIONS, Coverage, coverage
from fof.figures.coverage_asked import coverage_asked
from fof.figures.coverage_document import gaps_document
from fof.figures.register import closed_lists
from fof.intake.export import export_workbook
from fof.ledger import View
from fof.rules.facts_parties import CompanyFacts, YearFigures
from fof.rules.stage_definitions import stage_definition
from fof.rules.stage_table import possible_stages, stage_limits
from models.facts import FACTS
from models.facts_coverage import target_name
from models.journal import Fact
from models.kinds import City, DealKind, EntryKind, PartyKind, Stage, SupportKind
from models.pools import SizeClass
from models.posting_kinds import PostingKind
from models.rows import SubjectFact
from models.subjects import address_of

WAN = 10_000  # yuan
DAY = "2026-06-30"
CITY_OF = {"A": "230100", "B": "231000", "": None}
YEARS = range(2019, 2026)


def office(clerk: Any, seed: int) -> None:
    """An angel and a VC fund with a government behind them, twenty companies with holes in what is known of them."""
    draw = random.Random(seed)
    clerk.party("GOV", "government", government_level="province")
    clerk.party("LP", "social_investor")
    for fund, strategy, stages in (("F1", "angel", "seed,startup"), ("F2", "vc", "growth")):
        clerk.party(
            fund,
            "sub_fund",
            strategy=strategy,
            mandate_stages=stages,
            status="investing",
            cash_kept="no",
            investment_period_end="2027-12-31",
        )
        for who, yuan in (("GOV", draw.choice([300, 400])), ("LP", 600)):
            clerk.pay(PostingKind.COMMITMENT, who, fund, yuan * WAN, "2019-01-01", entry=EntryKind.COMMITMENT)
    clerk.party("CITY", "government", government_level="prefecture")

    def rows(view: View, ids: Any) -> tuple[list[Any], list[Any]]:
        from models.journal import Party

        made: list[Any] = []
        for n in range(20):
            number = ids.party()
            founded = dt.date(draw.choice([2010, 2016, 2020, 2021, 2024]), draw.randint(1, 12), 15)
            facts = {
                "name": f"C{n}",
                "founded_on": "2012-05-15" if n == 3 else None if draw.random() < 0.1 else str(founded),
                "city": CITY_OF[draw.choice("AAB ").strip()],
                "industry": draw.choice(["C3976", "I6510", "C2710", None]),
                "resident": draw.choice(["yes", "yes", "no", None]),
                "audited_accounts": draw.choice(["yes", "yes", None]),
            }
            made.append(Party(number, f"C{n:02d}", "company"))
            made += [Fact(number, None, k, v) for k, v in facts.items() if v is not None]
        return [], made

    clerk.book(EntryKind.PARTIES, "2010-01-01", rows)
    codes = [f"C{n:02d}" for n in range(20)]

    def figures(year: int) -> Any:

        def rows(view: View) -> list[Any]:
            made = []
            for code in codes:
                if draw.random() < 0.25:
                    continue
                staff = draw.choice([10, 40, 300, 301])
                revenue = draw.choice([0, 900 * WAN, 3000 * WAN, 4000 * WAN, 21_000 * WAN])
                stated = {
                    "staff": staff,
                    "degree_staff": draw.choice([staff // 2, 0]),
                    "technical_graduates": draw.choice([staff // 2, 0]),
                    "rd_staff": draw.choice([staff // 5, 0]),
                    "revenue": revenue * 100,
                    "costs": draw.choice([800, 4000]) * WAN * 100,
                    "rd_expense": draw.choice([100, 900]) * WAN * 100,
                    "net_profit": draw.choice([-1, 1]),
                    "total_assets": draw.choice([800, 6000]) * WAN * 100,
                    "net_assets": draw.choice([500, 3000]) * WAN * 100,
                }
                number = view.party(code).id
                made += [Fact(number, None, k, str(v)) for k, v in stated.items() if draw.random() < 0.93]
            return made

        return rows

    for year in YEARS:
        clerk.rows(EntryKind.TERMS, f"{year}-12-31", figures(year))
    for code in codes:
        for _ in range(draw.randint(0, 2)):
            day = dt.date(draw.randint(2019, 2026), draw.randint(1, 6), draw.randint(1, 28))
            clerk.deal(draw.choice(["F1", "F2"]), code, "initial", draw.randint(1, 9), str(day), share=0.01)
        if draw.random() < 0.3:
            day = dt.date(draw.randint(2020, 2026), draw.randint(1, 6), 9)
            clerk.pay(
                PostingKind.SUBSIDY, "CITY", code, draw.randint(1, 9), str(day), entry=EntryKind.FUND_CASH
            )
    clerk.fact(codes[3], "2025-03-01", "closed_on", "2025-03-01")
    clerk.fact(codes[4], "2024-03-01", "listed_on", "2024-03-01")
    clerk.rows(
        EntryKind.TERMS,
        "2025-12-31",
        lambda view: [_label(view, codes[5], "growth", "fof-2017"), _label(view, codes[6], "seed", "other")],
    )


def _label(view: View, code: str, stage: str, basis: str) -> Any:

    return Fact(view.party(code).id, None, "stage", stage, basis)


# -- the second computation ---------------------------------------------------------------------------------------------


def facts_on(view: View, party: int, day: dt.date, only: int | None = None) -> CompanyFacts:
    """A company from the view's own answers; `only`: figures up to that year, and that year must be there."""

    def on(name: str) -> Any:
        stated = view.fact_on(party, name, day)
        return None if stated is None else stated.value

    years: dict[int, dict[str, Any]] = defaultdict(dict)
    for name in (n for n in YearFigures._fields if n in FACTS):
        for stated in view.history(party, name):
            if stated.since <= day:
                years[stated.since.year][name] = stated.value
    if only is not None:
        years = (
            defaultdict(dict, {y: f for y, f in years.items() if y <= only})
            if only in years
            else defaultdict(dict)
        )
    return CompanyFacts(
        view.parties[party].code,
        day,
        founded_on=on("founded_on"),
        listed_on=on("listed_on"),
        pre_ipo=on("pre_ipo"),
        resident=on("resident"),
        audited_accounts=on("audited_accounts"),
        years=tuple(YearFigures(y, **f) for y, f in sorted(years.items())),
    )


def stage_alone(view: View, party: int, day: dt.date, definition: str, only: int | None = None) -> str:
    table = stage_definition(definition)
    stages, _ = possible_stages(
        facts_on(view, party, day, only), stage_limits(rule_numbers(view).settings, day), table
    )
    if len(stages) == 1:
        return stages[0].value
    label = view.fact_on(party, "stage", day if only is None else dt.date(only, 12, 31))
    if label is None or label.basis != definition or label.value not in stages:
        return ""
    if only is not None:
        return str(label.value.value) if label.since.year == only else ""
    return str(label.value.value) if table.holds(label.since.year, day) else ""


def by_hand(view: View, definition: str) -> dict[str, dict[str, Any]]:
    """Company → stage, city, industry, money by instrument with the government's part, from the rows themselves."""
    day = view.as_of
    assert day is not None
    share = {
        s.fund: s.looked_through
        for s in government_shares(view, [p.id for p in view.of_kind(PartyKind.SUB_FUND)])
    }
    kinds = {view.by_code["F1"].id: "angel_fund", view.by_code["F2"].id: "vc_fund"}
    companies = {}
    for party in view.of_kind(PartyKind.COMPANY):
        closed, founded = view.fact(party.id, "closed_on"), view.fact(party.id, "founded_on")
        if (closed is not None and closed <= day) or (founded is not None and founded > day):
            continue
        city = view.fact(party.id, "city")
        paid: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for deal in view.deals:
            if deal.row.company == party.id and deal.row.kind == DealKind.INITIAL:
                fen = sum(
                    p
                    for p, k, d in zip(
                        view.postings.fen.tolist(),
                        view.postings.kind.tolist(),
                        view.postings.deal.tolist(),
                        strict=True,
                    )
                    if k == PostingKind.INVESTMENT and d == deal.row.id
                )
                own = paid[kinds[deal.row.investor]]
                own[0], own[1] = own[0] + fen, own[1] + fen
        for kind in ("angel_fund", "vc_fund"):
            fund = next(f for f, k in kinds.items() if k == kind)
            paid[kind][2] = round(share[fund] * paid[kind][1])
        for p, k, to in zip(
            view.postings.fen.tolist(),
            view.postings.kind.tolist(),
            view.postings.to_party.tolist(),
            strict=True,
        ):
            if k == PostingKind.SUBSIDY and to == party.id:
                paid["subsidy"][0] += p
        companies[party.code] = {
            "stage": stage_alone(view, party.id, day, definition),
            "city": "" if city is None else city.value,
            "industry": (view.fact(party.id, "industry") or "")[:3],
            "paid": {k: v for k, v in paid.items() if v[0]},
        }
    return companies


@pytest.fixture(scope="module")
def offices(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Three random offices, made once."""
    import shutil

    from conftest import Clerk

    made = []
    for seed in (1, 2, 3):
        path = tmp_path_factory.mktemp("coverage") / "book.sqlite"
        shutil.copy(sqlite_template, path)
        clerk = Clerk(Database(f"sqlite:///{path}"))
        office(clerk, seed)
        made.append(clerk)
    yield made
    for clerk in made:
        clerk.database.close()


@pytest.mark.parametrize("definition", ["fof-2017", "tax-2018", "mof-2007", "csrc-2020"])
def test_the_surface_is_that_of_the_companies_one_by_one(offices: Any, definition: str) -> None:
    for clerk in offices:
        for day in (DAY, "2022-03-31"):
            view = clerk.view(day)
            surface, alone = coverage(view, definition), by_hand(view, definition)
            wanted: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
            for own in alone.values():
                cell = wanted[own["stage"], own["city"], own["industry"]]
                cell[0] += 1
                cell[1] += bool(own["paid"])
                cell[2] += any(p[1] for p in own["paid"].values())
                for deployed, at_risk, part in own["paid"].values():
                    cell[3], cell[4], cell[5] = cell[3] + deployed, cell[4] + at_risk, cell[5] + part
            cells = {(c.stage, c.city, c.industry): c for c in surface.cells(DIMENSIONS[:3])}
            assert cells.keys() == wanted.keys()
            for place, (companies, supported, held, deployed, at_risk, part) in wanted.items():
                cell = cells[place]
                assert (cell.companies, cell.supported, cell.held) == (companies, supported, held)
                money = cell.amounts[0] if cell.amounts else None
                assert (money.deployed if money else 0) == deployed
                assert (money.at_risk if money else 0) == at_risk
                assert (money.government_at_risk if money else 0) == part
            adds_up(surface)
            listed = companies_in(surface)
            for (
                company
            ) in listed:  # by payer and instrument, then all of it, as the company stands in the surface
                *each, total = company_payers(surface, company.party) or [None]
                assert (total is None) == (not company.amounts)
                for amounts in company.amounts:
                    assert total is not None
                    assert (total.payer, total.currency) == (None, amounts.currency)
                    assert (total.deployed, total.at_risk) == (amounts.deployed, amounts.at_risk)
                    assert {line.instrument.value for line in each} == set(company.instruments)
            assert {view.parties[c.party].code: c.stage for c in listed} == {
                c: o["stage"] for c, o in alone.items()
            }
            assert {view.parties[c.party].code: set(c.instruments) for c in listed} == {
                c: set(o["paid"]) for c, o in alone.items()
            }


def adds_up(surface: Coverage) -> None:
    """A company counts once in every margin; money of every margin is that of its cells."""
    (total,) = surface.cells(())
    for margin in (["stage"], ["city"], ["industry"], ["stage", "city"], ["stage", "city", "industry"]):
        cells = surface.cells(margin)
        for count in ("companies", "supported", "held"):
            assert sum(getattr(c, count) for c in cells) == getattr(total, count)
    for margin in (["stage"], ["stage", "instrument"], DIMENSIONS):
        fen = sum(a.at_risk for c in surface.cells(margin) for a in c.amounts)
        assert fen == sum(a.at_risk for a in total.amounts)


def test_moves_and_waits_are_those_of_the_companies_one_by_one(offices: Any) -> None:
    seen = 0
    for clerk in offices:
        view = clerk.view(DAY)
        wanted = set()
        for party in view.of_kind(PartyKind.COMPANY):
            stages = [stage_alone(view, party.id, dt.date(y + 1, 1, 1), "fof-2017", only=y) for y in YEARS]
            founded = view.fact(party.id, "founded_on") or dt.date.min
            known = [
                (dt.date(y, 12, 31), list(Stage).index(Stage(s)))
                for y, s in zip(YEARS, stages, strict=True)
                if s and founded.year <= y
            ]
            p = view.postings
            paid = sorted(
                dt.date(1970, 1, 1) + dt.timedelta(days=d)
                for d, k, to in zip(p.day.tolist(), p.kind.tolist(), p.to_party.tolist(), strict=True)
                if to == party.id and k in (PostingKind.INVESTMENT, PostingKind.SUBSIDY)
            )
            changes = [(a, b) for a, b in pairwise(known) if a[1] != b[1]]
            closed = view.fact(party.id, "closed_on")
            for n, (old, new) in enumerate(changes):
                end = changes[n + 1][1][0] if n + 1 < len(changes) else view.as_of
                end = min(end, closed or end)
                if new[1] < old[1] or end < new[0]:
                    continue
                later = [d for d in paid if new[0] < d <= end]
                wait = ((later[0] if later else end) - new[0]).days
                wanted.add(
                    (party.id, old[1], new[1], new[0], wait, bool(later), any(d <= new[0] for d in paid))
                )
        moves = stage_moves(view)
        columns = coverage(view).companies
        got = {
            (int(columns.party[p]), b, a, dt.date(1970, 1, 1) + dt.timedelta(days=on), w, paid_, early)
            for p, b, a, on, w, paid_, early in zip(
                *(
                    c.tolist()
                    for c in (
                        moves.place,
                        moves.before,
                        moves.after,
                        moves.on,
                        moves.wait,
                        moves.paid,
                        moves.earlier,
                    )
                ),
                strict=True,
            )
        }
        assert got == wanted
        seen += len(got)
        every = continuity_of(moves, view.as_of)
        assert sum(r.moves for r in every[:-1]) == every[-1].moves == len(got)
        assert all(r.supported + r.earlier + r.without == r.whole for r in every)
    assert seen > 20


def test_a_change_is_explained_company_by_company(offices: Any) -> None:
    for clerk in offices:
        before, after = coverage(clerk.view("2023-06-30")), coverage(clerk.view(DAY))
        change = coverage_change(before, after)
        for stage in after.names("stage"):
            old, entered, moved, left, new = change.explained(stage)
            assert old + entered + moved - left == new
        moved_in = {after.companies.codes[m.place]: m for m in change.moves}
        assert moved_in["C03"].reasons[0] == "left"
        assert moved_in["C03"].after is None
        names = {c.party for c in companies_in(before)} ^ {c.party for c in companies_in(after)}
        gone = {m.place for m in change.moves if {"entered", "left"} & set(m.reasons)}
        assert names == {int(after.companies.party[p]) for p in gone}


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_a_company_that_went_into_another_keeps_its_own_wait(clerk: Any) -> None:
    """A into B, B into C: money counts for who stood there on its day, as older money for who took that over later."""
    clerk.party("F", "sub_fund", strategy="vc", cash_kept="no")
    clerk.party("GOV", "government", government_level="province")
    for code, first in (("A", 2020), ("B", 2021), ("C", 2023)):
        clerk.party(code, "company", founded_on="2010-01-01", city="230100")
        for year, revenue in ((first, 10_000), (first + 1, 30_000)):
            stated = {"revenue": str(revenue * WAN * 100), "net_profit": "-1"}
            clerk.rows(
                EntryKind.TERMS,
                f"{year}-12-31",
                lambda view, c=code, own=stated: [Fact(view.party(c).id, None, n, v) for n, v in own.items()],
            )
    clerk.pay(PostingKind.SUBSIDY, "GOV", "A", 5, "2022-03-01", entry=EntryKind.FUND_CASH)
    clerk.deal("F", "A", "initial", 40, "2022-04-01", share=0.1)
    clerk.fact("B", "2023-05-01", "successor_of", "A")
    clerk.pay(PostingKind.SUBSIDY, "GOV", "A", 5, "2023-06-01", entry=EntryKind.FUND_CASH)
    clerk.fact("C", "2024-03-01", "successor_of", "B")
    clerk.deal("F", "A", "partial_exit", 9, "2025-04-01", share=0.05)
    view = clerk.view(DAY)
    moves, codes = stage_moves(view), coverage(view).companies.codes
    columns = (moves.place, moves.on, moves.wait, moves.paid, moves.earlier)
    got = [
        (codes[p], dt.date(1970, 1, 1) + dt.timedelta(on), wait, paid, earlier)
        for p, on, wait, paid, earlier in zip(*(c.tolist() for c in columns), strict=True)
    ]
    assert got == [
        ("A", dt.date(2021, 12, 31), 60, True, False),
        ("B", dt.date(2022, 12, 31), 152, True, False),  # by the payment to A, which was B's by then
        ("C", dt.date(2024, 12, 31), 546, False, True),  # censored; A's money is its older money
    ]
    change = coverage_change(coverage(clerk.view("2023-01-01")), coverage(view))
    assert {codes[m.place]: m.reasons for m in change.moves} == {
        "A": ("left",),  # what it had is at work in C
        "B": ("left",),
        "C": ("stage",),  # C had none before, whom it took over did: not for the first time
    }
    lines = {code: company_line(view, view.by_code[code].id) for code in ("A", "C")}
    for line in lines.values():
        assert [e.fen for e in line if e.fen is not None] == [500, 4000, 500, -900]


def test_a_company_has_no_stage_before_it_was_founded(clerk: Any) -> None:
    clerk.party("OLD", "company", founded_on="2010-01-01")
    clerk.party("NEW", "company", founded_on="2024-06-30")
    for code, year, revenue in (("OLD", 2022, 30_000), ("NEW", 2025, 30_000)):
        clerk.rows(
            EntryKind.TERMS,
            f"{year}-12-31",
            lambda view, c=code, fen=revenue * WAN * 100: [Fact(view.party(c).id, None, "revenue", str(fen))],
        )
    view = clerk.view(DAY)
    assert coverage(view).companies.years == (2022, 2025)
    place = coverage(view).companies.codes.index("NEW")
    assert stage_history(view)[place].tolist() == [4, 4, 0, 0]  # twice unknown, then young
    assert len(stage_moves(view).place) == 0


def test_unfunded_stands_in_the_mandate_row_and_in_no_cell(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    clerk.party("GOV", "government", government_level="province")
    clerk.party("LP", "social_investor")
    clerk.party(
        "F", "sub_fund", strategy="vc", mandate_stages="seed,growth", status="investing", cash_kept="no"
    )
    clerk.party("X", "sub_fund", strategy="vc", mandate_stages="growth", status="harvesting", cash_kept="no")
    clerk.party("N", "sub_fund", strategy="vc", cash_kept="no")
    for fund in "FXN":
        clerk.pay(PostingKind.COMMITMENT, "GOV", fund, 30, "2025-01-01", entry=EntryKind.COMMITMENT)
        clerk.pay(PostingKind.COMMITMENT, "LP", fund, 70, "2025-01-01", entry=EntryKind.COMMITMENT)
    rows = {r.stage: r for r in mandates(clerk.view(DAY))}
    assert rows["seed"].unfunded == rows["growth"].unfunded == rows[None].unfunded == (("CNY", 10000, 3000),)
    assert (len(rows["growth"].funds), len(rows["growth"].able)) == (2, 1)
    assert (rows["startup"].funds, rows["startup"].unfunded) == ((), ())
    assert (rows[""].funds, rows[""].unclear) == ((clerk.view(DAY).party("N").id,), 1)
    assert coverage(clerk.view(DAY)).cells(())[0].amounts == ()


def test_a_gap_is_the_money_missing_to_the_target(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    clerk.party("F", "sub_fund", strategy="angel", cash_kept="no")
    clerk.party("C", "company", founded_on="2026-01-01", city="230100")
    clerk.deal("F", "C", "initial", 40, "2026-02-01", share=0.1)
    seed_here = target_name(Stage.SEED, City.HARBIN)
    for name, fen in (
        (target_name(Stage.SEED, None), 10000),
        (seed_here, 3000),
        (target_name(None, City.JIXI), 500),
    ):
        clerk.rows(
            EntryKind.SETTING,
            "2026-01-01",
            lambda view, n=name, f=fen: [SubjectFact(*address_of(("office",)), n, str(f), document="计划")],
        )
    view = clerk.view(DAY)
    gaps = coverage_gaps(view, coverage(view))
    assert [(g.stage, g.city, g.target, g.at_risk, g.missing) for g in gaps] == [
        ("seed", None, 10000, 4000, 6000),
        (None, "230300", 500, 0, 500),
        ("seed", "230100", 3000, 4000, 0),
    ]
    assert {g.document for g in gaps} == {"计划"}
    assert coverage_gaps(clerk.view("2025-12-31"), coverage(clerk.view("2025-12-31"))) == []


def test_whose_money_is_not_known_is_unknown_and_not_nothing(clerk: Any) -> None:
    clerk.party("F", "sub_fund", strategy="angel", cash_kept="no")
    clerk.party("G", "guidance_fund", cash_kept="no")
    clerk.party("C", "company", founded_on="2026-01-01")
    clerk.party("D", "company", founded_on="2026-01-01", city="230100")
    clerk.deal("F", "C", "initial", 40, "2026-02-01", share=0.1)
    clerk.deal("G", "D", "initial", 10, "2026-02-01", share=0.1)
    cells = {c.city: c for c in coverage(clerk.view(DAY)).cells(["city"])}
    assert cells[""].amounts[0].government_at_risk is None
    assert (
        cells["230100"].amounts[0].government_at_risk == 1000
    )  # a guidance fund without investors is public money
    (row,) = coverage_asked(clerk.view(DAY), by="").json("en")["rows"]
    assert (row["at_risk"], row["government_at_risk"]) == ("50.00", None)
    assert "not known" in row["government_at_risk_reason"]
    surface = coverage(clerk.view(DAY))
    [paid, total] = company_payers(surface, clerk.view(DAY).by_code["C"].id)
    assert (paid.at_risk, paid.government, total.at_risk, total.government_at_risk) == (
        4000,
        None,
        4000,
        None,
    )
    [paid, total] = company_payers(surface, clerk.view(DAY).by_code["D"].id)
    assert (paid.government, paid.government_at_risk, total.government_at_risk) == (1.0, 1000, 1000)


def test_two_currencies_are_never_added(clerk: Any) -> None:
    for fund, currency in (("F", "CNY"), ("U", "USD")):
        clerk.party(fund, "sub_fund", strategy="vc", currency=currency, cash_kept="no")
    clerk.party("C", "company", founded_on="2026-01-01")
    clerk.deal("F", "C", "initial", 40, "2026-02-01", share=0.1)
    clerk.deal("U", "C", "initial", 7, "2026-02-01", share=0.1)
    rows = coverage_asked(clerk.view(DAY), by="stage").json("zh")["rows"]
    assert [(r["currency"], r["at_risk"], r["companies"]) for r in rows] == [
        (None, None, 1),
        ("CNY", "40.00", None),
        ("USD", "7.00", None),
    ]
    payers = company_payers(coverage(clerk.view(DAY)), clerk.view(DAY).by_code["C"].id)
    sums = [(line.currency, line.at_risk) for line in payers if line.payer is None]
    assert sums == [("CNY", 4000), ("USD", 700)]
    stated = [SubjectFact(*address_of(("office",)), target_name(Stage.SEED, None), "10000", document="计划")]
    clerk.rows(EntryKind.SETTING, "2026-01-01", lambda view: stated)
    view = clerk.view(DAY)
    [gap] = coverage_gaps(view, coverage(view))
    assert (gap.at_risk, gap.missing, gap.apart) == (4000, 6000, (("USD", 700),))
    [note] = gaps_document(view).notes
    assert "USD 7.00 more at work" in note.en
    line = public_money_line(view, view.by_code["C"].id)
    assert [(str(day), own.currency, own.at_risk) for day, own in line] == [
        (str(DAY), "CNY", 4000),
        (str(DAY), "USD", 700),
    ]


def test_words_of_the_surface_are_the_closed_lists() -> None:
    lists = closed_lists()
    for name, words in (
        ("stages", Stage),
        ("cities", City),
        ("support_kinds", SupportKind),
        ("sizes", SizeClass),
    ):
        assert {code: tuple(text) for code, text in lists[name].items() if code} == {
            w.value: (w.zh, w.en) for w in words
        }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--by", "moon"], "moon"),
        (["--definition", "fof-1999"], "fof-1999"),
        (["--part", "change"], "早于截至日"),
        (["--part", "companies", "--stage", "old"], "old"),
        (["--city", "230100"], "只用于 companies，不用于 surface"),
        (["--part", "gaps", "--by", "city"], "只用于 surface，不用于 gaps"),
        (["--part", "companies", "--company", "C1"], "只用于 company，不用于 companies"),
    ],
)
def test_what_cannot_be_asked_is_refused(clerk: Any, words: list[str], sentence: str) -> None:
    view = clerk.view(DAY)
    names = dict(zip((w.removeprefix("--") for w in words[::2]), words[1::2], strict=True))
    with pytest.raises(FofError, match=sentence):
        coverage_asked(view, names.pop("part", "surface"), **names)


def test_targets_come_by_file_and_survive_export_and_import(
    database: Database, sqlite_template: Any, tmp_path: Any
) -> None:
    import shutil

    rows = "stage,city,since,target,unit,document\nseed,,2026-01-01,200,万元,计划\n,哈尔滨,2026-01-01,5,万元,计划\n"
    booked = intake.book(database, LOCAL, rows.encode(), "t.csv", layout="coverage_targets")
    assert len(booked.entries) == 2
    assert intake.book(database, LOCAL, rows.encode(), "t.csv", layout="coverage_targets").entries == []
    view = ledger.read(database).view(dt.date.fromisoformat(DAY))
    shutil.copy(sqlite_template, tmp_path / "second.sqlite")
    second = Database(f"sqlite:///{tmp_path / 'second.sqlite'}")
    intake.book(second, LOCAL, export_workbook(view), "out.xlsx")
    gaps = [
        [(g.stage, g.city, g.target, g.document) for g in coverage_gaps(v, coverage(v))]
        for v in (view, ledger.read(second).view(dt.date.fromisoformat(DAY)))
    ]
    second.close()
    assert gaps[0] == gaps[1] == [("seed", None, 200_000_000, "计划"), (None, "230100", 5_000_000, "计划")]
