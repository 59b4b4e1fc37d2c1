"""Pools in a scenario: typed or as the book has them, refused where a number is missing, in every document."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import numpy as np
import openpyxl
import pytest
from pool_office import booked, office

from fof.access import LOCAL
from fof.db import Database
from fof.errors import Refused
from fof.ledger import View
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.scenario_builder import scenario_text
from fof.scenarios.scenario_document import beside, pool_series_document, pools_document, result_documents
from fof.scenarios.scenario_files import read_beside
from fof.scenarios.scenario_results import read_result, write_result
from fof.scenarios.scenario_spec import read_scenario, stored_scenario
from fof.scenarios.scenario_workbook import scenario_workbook

ROOT = Path(__file__).resolve().parents[1]
DAY, NOW = dt.date(2022, 9, 30), dt.datetime(2022, 10, 1, 8, tzinfo=dt.UTC)
HEAD = """
name = "池"
paths = 256
horizon = 4
[[planned]]
code = "N"
commitment = "1000000"
signed_on = 2023-03-31
"""
OF_BOOK = HEAD + '[[pool]]\ncode = "P"\nlending = "3000000"\n'
PLANNED = (
    HEAD
    + """
[[pool]]
code = "NEW"
opening = "2000000"
outstanding = "0"
loans = 50
lending = "40000000"
term = 1
default_rate = 0.04
venture_link = 0.5
share = 0.5
recovery = 0.3
floor = "500000"
source = "方案"
[[pool.limit]]
kind = "payment_cap"
amount = "600000"
[[pool.limit]]
kind = "enrolment_stop"
rate = 0.05
denominator = "released"
period = "rolling"
"""
)


@pytest.fixture
def view(sqlite_book: Database, clerk) -> View:
    """The office of pools, with a portfolio that holds nothing yet."""
    booked(sqlite_book, office())
    clerk.party("PF", "parent_fund", portfolio="yes")
    return clerk.view(str(DAY))


def refused(view: View, text: str) -> dict[str, str]:
    with pytest.raises(Refused) as error:
        inputs_of(view, read_scenario(text))
    for problem in error.value.problems:
        assert problem.text("zh") != problem.text("en")
    return {str(p.where.field): p.text("en") for p in error.value.problems}


def test_what_is_left_out_comes_from_the_book(view: View) -> None:
    inputs, _ = inputs_of(view, read_scenario(OF_BOOK))
    [own] = inputs.arrays.pools
    # 6 million less 1.5 paid; L3 of 1 million is left and overdue, so it falls due at once; the pool bears half
    assert (own.balance, own.outstanding, own.loans, own.pays) == (4_500_000.0, 1_000_000.0, 1, 0.5)
    assert own.maturing.tolist() == [1_000_000.0] + [0.0] * 15
    assert own.lending.tolist() == [750_000.0] * 16
    assert own.term == 4
    lines = {a.name: a for a in inputs.assumptions if a.scope == "P"}
    # one of three loans fell into trouble: a year of L1 and of L2, 578 days of L3
    rate = lines["pool_default_rate"]
    assert rate.source == "fit"
    assert rate.fund_years == pytest.approx((365 + 365 + 578) / 365)
    assert float(rate.value) == pytest.approx(1 / rate.fund_years, rel=1e-5)
    assert rate.error == pytest.approx(1 / rate.fund_years)
    assert (lines["pool_lending"].source, lines["pool_opening"].source) == ("typed", "book")
    assert lines["pool_correlation"].source == "publication"
    # the stop has been reached since July (1.5 of 6 million enrolled), the cap has half a million left this year
    assert own.stopped
    cap, stop = own.limits
    assert (cap.kind, cap.amount, cap.used.tolist()[:2]) == ("payment_cap", 2e6, [1.5e6, 0.0])
    assert cap.start.tolist() == [0] + [1] * 4 + [5] * 4 + [9] * 4 + [13] * 3
    assert (stop.kind, stop.denominator, stop.rate) == ("enrolment_stop", "enrolled", 0.2)
    assert (set(stop.used), set(stop.of), set(stop.start)) == ({1.5e6}, {6e6}, {0})


def test_banks_and_guarantors_with_limits_of_their_own_part_the_loans(sqlite_book: Database, clerk) -> None:
    """B1 with a stop, G with a stop (by what it pays itself) and a cap (by what the pool pays for its loans)."""
    rows = office()
    cap, stop = rows["pool_limits"]
    rows["pool_limits"] = [
        cap,
        cap | {"code": "CAP-G", "guarantor": "G"},
        stop | {"code": "STOP-B", "lender": "B1"},
        stop | {"code": "STOP-G", "guarantor": "G"},
    ]
    rows["loans"][2] |= {"lender": "B2", "guarantor": "G"}
    rows["agreements"][0] |= {"share_lender": Decimal("0.2"), "share_guarantor": Decimal("0.3")}
    booked(sqlite_book, rows)
    clerk.party("PF", "parent_fund", portfolio="yes")
    view = clerk.view(str(DAY))
    inputs, _ = inputs_of(view, read_scenario(OF_BOOK))
    [own] = inputs.arrays.pools
    # cells: loans of B1 without G, of G without B1, of neither; of both there are none
    assert [(x.kind, x.parts, x.advanced) for x in own.limits] == [
        ("payment_cap", (), False),
        ("payment_cap", (1,), False),
        ("enrolment_stop", (0,), False),
        ("enrolment_stop", (1,), True),
    ]
    first, second, rest = own.parts
    # L3 of 1 million is left, and it is of B2 and G; nothing was enrolled in twelve months
    assert (first.outstanding, second.outstanding, rest.outstanding) == (0.0, 1_000_000.0, 0.0)
    assert (first.lending, second.lending, rest.lending) == (0.0, 1.0, 0.0)
    assert sum(part.maturing for part in own.parts).tolist() == own.maturing.tolist()
    assert own.loans == sum(part.loans for part in own.parts)
    assert (first.advances, second.advances, rest.advances) == (0.0, 0.3, 0.0)
    # of B1 alone 1.5 million were paid of 5 million enrolled, G paid nothing
    assert [(x.used[0], x.of[0]) for x in own.limits[2:]] == [(1.5e6, 5e6), (0.0, 1e6)]
    assert [x.stopped for x in own.limits] == [False, False, True, False]
    assert [part.stopped for part in own.parts] == [True, False, False]
    assert inputs.rules is not None
    assert inputs.rules.pools[0].beside == ()
    lines = {(a.scope, a.name): (a.value, a.source) for a in inputs.assumptions}
    assert lines["P · G", "pool_guarantor_share"] == ("0.3", "book")
    typed, _ = inputs_of(view, read_scenario(OF_BOOK + "guarantor_share = 0.8\n"))
    assert typed.arrays.pools[0].parts[1].advances == 0.8


def test_a_stop_by_what_a_guarantor_pays_needs_its_share(sqlite_book: Database, clerk) -> None:
    """Nobody states it: the limit is listed, and its rule unknown; a share that is typed has it carried forward."""
    rows = office()
    rows["pool_limits"].append(rows["pool_limits"][1] | {"code": "STOP-G", "guarantor": "G"})
    for role in ("pool", "lender"):
        del rows["agreements"][0][f"share_{role}"]
    booked(sqlite_book, rows)
    clerk.party("PF", "parent_fund", portfolio="yes")
    view, spec = clerk.view(str(DAY)), OF_BOOK + "share = 0.5\n"
    inputs, _ = inputs_of(view, read_scenario(spec))
    assert inputs.arrays.pools[0].parts == ()
    assert inputs.rules is not None
    assert inputs.rules.pools[0].beside == (True,)
    assert ("pool_limit_enrolment_stop", "none", "STOP-G") in {
        (a.name, a.source, a.detail) for a in inputs.assumptions
    }
    typed, _ = inputs_of(view, read_scenario(spec + "guarantor_share = 0.2\n"))
    assert typed.rules is not None
    assert typed.rules.pools[0].beside == ()
    assert [x.advanced for x in typed.arrays.pools[0].limits] == [False, False, True]


def test_a_file_with_errors_is_held_against_the_book_in_the_same_list(view: View) -> None:
    """Each at its place in the file, whatever stands before it that cannot be read; nothing twice, nothing that only follows."""
    text = """
name = "两种"
horizon = 99
[pacing_by_fund.NOBODY]
life = 10
[[planned]]
code = "N1"
commitment = "many"
signed_on = 2023-03-31
[[planned]]
code = "P"
commitment = "1000000"
signed_on = 2020-03-31
[[pool]]
code = "P"
opening = "some"
[[pool.limit]]
kind = "cap"
[[pool.limit]]
kind = "excess"
[[pool]]
code = "NEW"
share = 2
loans = 10
[[shock]]
kind = "earthquake"
[[shock]]
kind = "manager_haircut"
manager = "NOBODY"
share = 0.5
[[shock]]
kind = "exit_freeze"
since = 2020-01-01
quarters = "two"
[[shock]]
kind = "credit_shock"
since = 2023-01-01
quarters = 2
pool = "OTHER"
[companies]
funds = ["NONE"]
link = 3.0
"""
    with pytest.raises(Refused) as error:
        read_beside(text, "a.toml", lambda: view)
    found = [str(p.where.field) for p in error.value.problems]
    assert len(found) == len(set(found)), found
    by_file = {
        "horizon", "planned[1].commitment", "pool[1].opening", "pool[1].limit[1].kind", "pool[2].share", "shock[1]",
        "shock[3].quarters", "companies.link",
    }  # fmt: off
    by_book = {
        "pacing_by_fund.\"NOBODY\"", "planned[2].code", "planned[2].signed_on", "pool[1].limit[2]",
        *(f"pool[2].{name}" for name in ("opening", "outstanding", "lending", "term", "default_rate")),
        "shock[2].manager", "shock[3].since", "shock[4].pool", "companies.funds[1]",
        *(f"companies.{name}" for name in ("ticket", "exit_rate")),
    }  # fmt: off
    assert set(found) == by_file | by_book
    # without a book to be had the file's own errors stand, and a file that is none is said to be none
    with pytest.raises(Refused) as alone:
        read_beside(text, "a.toml", None)
    assert {str(p.where.field) for p in alone.value.problems} == by_file
    with pytest.raises(Refused, match="TOML"):
        read_beside("name = ", "a.toml", lambda: view)


def test_an_agreement_that_does_not_say_what_the_pool_bears_is_named(sqlite_book: Database, clerk) -> None:
    """Of several agreements that one alone which has loans and says nothing; without loans it would not count."""
    rows = office()
    silent = {k: v for k, v in rows["agreements"][0].items() if not k.startswith("share_")}
    rows["agreements"] += [silent | {"code": "A-BARE"}, silent | {"code": "A-IDLE"}]
    rows["loans"][2] |= {"agreement": "A-BARE"}
    booked(sqlite_book, rows)
    clerk.party("PF", "parent_fund", portfolio="yes")
    found = refused(clerk.view(str(DAY)), OF_BOOK)
    assert found.keys() == {"pool[1].share"}
    assert found["pool[1].share"].endswith("not stated by: A-BARE")


def test_what_lists_say_together_stands_beside_what_their_members_say(view: View) -> None:
    """A code given twice, also by a member that cannot be read, and a shock to loans of which the file has none: that
    another list lost a member is no reason to keep silent of it, that the pools themselves did is one."""
    text = """
name = "并列"
[[planned]]
code = "N"
commitment = "1000000"
signed_on = 2023-03-31
[[planned]]
code = "N"
commitment = "many"
signed_on = 2023-03-31
[[shock]]
kind = "mark_down"
on = 2023-03-31
share = 2.0
[[shock]]
kind = "credit_shock"
since = 2023-01-01
"""
    for own, pool in (
        ({"shock[2]"}, ""),
        ({"pool[1].opening"}, '[[pool]]\ncode = "P"\nopening = "x"\n'),
        ({"pool[1].code"}, "[[pool]]\n"),
        ({"pool"}, ""),
    ):
        file = f"{'pool = 3' if own == {'pool'} else ''}\n{text}{pool}"
        with pytest.raises(Refused) as error:
            read_beside(file, "a.toml", lambda: view)
        found = {str(p.where.field) for p in error.value.problems}
        assert found == {"planned[2].code", "planned[2].commitment", "shock[1].share"} | own


CREDIT = "[[shock]]\nkind = 'credit_shock'\nsince = 2023-01-01\nquarters = 2\n"


def test_a_credit_shock_multiplies_the_intensity_of_defaults(view: View) -> None:
    """Two quarters of one pool; without force nothing moves; two of them compose in any order."""
    both = PLANNED + OF_BOOK.partition("[[pool]]")[1] + OF_BOOK.partition("[[pool]]")[2]

    def default(more: str, pool: int = 0) -> np.ndarray:
        inputs, _ = inputs_of(view, read_scenario(both + more))
        assert inputs.zero_shock_changes_nothing
        return inputs.arrays.pools[pool].default[0]

    calm = default("")
    hit = default(CREDIT + "default_factor = 3.0\npool = 'NEW'\n")
    assert hit[1:3] == pytest.approx(1 - (1 - calm[1:3]) ** 3)
    assert (hit[[0, *range(3, 16)]] == calm[[0, *range(3, 16)]]).all()
    assert (default(CREDIT + "default_factor = 3.0\npool = 'NEW'\n", 1) == default("", 1)).all()
    rise = default(CREDIT + "interest_rise = 0.02\nsensitivity = 20.0\n")
    assert rise[1:3] == pytest.approx(1 - (1 - calm[1:3]) ** np.exp(0.4))
    assert (default(CREDIT + "interest_rise = 0.02\nsensitivity = 20.0\n", 1) > default("", 1)).tolist()[
        1:3
    ] == [True] * 2
    assert (default(CREDIT) == calm).all()
    one, other = CREDIT + "default_factor = 2.0\n", CREDIT + "default_factor = 1.5\n"
    assert default(one + other) == pytest.approx(default(other + one), rel=1e-15)
    assert refused(view, both + CREDIT + "interest_rise = 0.02\npool = 'NEWW'\n").keys() == {
        "shock[1].pool",
        "shock[1].sensitivity",
    }
    assert refused(view, HEAD + CREDIT).keys() == {"shock[1]"}
    with pytest.raises(Refused) as error:
        read_scenario(both + CREDIT + "default_factor = 0.0\ninterest_rise = 0.6\nsensitivity = -1.0\n")
    assert {str(p.where.field) for p in error.value.problems} == {
        "shock[1].default_factor", "shock[1].interest_rise", "shock[1].sensitivity",
    }  # fmt: off


def test_nothing_is_made_up(view: View) -> None:
    found = refused(view, HEAD + '[[pool]]\ncode = "P"\nlimit = []\n[[pool]]\ncode = "PP"\nshare = 0.5\n')
    assert set(found) == {
        f"pool[2].{name}" for name in ("opening", "outstanding", "loans", "lending", "term", "default_rate")
    }
    assert "near: P" in found["pool[2].opening"]
    found = refused(
        view,
        PLANNED + '[[pool.limit]]\nkind = "excess"\nrate = 0.1\n[[pool.limit]]\nkind = "excess"\n',
    )
    assert set(found) == {"pool[1].limit[3]", "pool[1].limit[4]"}
    with pytest.raises(Refused) as error:
        read_scenario(
            HEAD
            + '[[pool]]\ncode = "A"\nshare = 2\nloans = 0\nterm = 0\n[[pool.limit]]\nkind = "cap"\n[[pool]]\ncode = "B"\nx = 1\n'
        )
    assert {str(p.where.field) for p in error.value.problems} == {
        "pool[1].share", "pool[1].loans", "pool[1].term", "pool[1].limit[1].kind", "pool[2].x",
    }  # fmt: off
    with pytest.raises(Refused, match=r"pool\[2\].code"):
        read_scenario(PLANNED + '[[pool]]\ncode = "NEW"\n')


def test_a_pool_in_every_document(view: View) -> None:
    scenario = read_scenario(PLANNED + OF_BOOK.partition("[[pool]]")[1] + OF_BOOK.partition("[[pool]]")[2])
    assert stored_scenario(scenario.canonical()) == scenario
    assert read_scenario(scenario_text(scenario)) == scenario
    result = project_scenario(view, scenario, LOCAL, NOW)
    assert {c.name: c.holds for c in result.checks}["pool_money_conserved"]
    assert all(check.holds for check in result.checks)
    listed = {row["pool_code"]: row for row in pools_document(result).rows}
    assert list(listed) == ["NEW", "P"]
    assert listed["P"]["stop_probability"] == 1.0  # it is stopped today
    assert listed["P"]["stop_months"] == 3
    assert 0 < listed["NEW"]["cut_probability"] < 1
    assert listed["NEW"]["cut_months"] % 3 == 0
    rows = [r for r in pool_series_document(result).rows if r["pool_code"] == "NEW"]
    balances = [r for r in rows if r["pool_series"] == "pool_balance"]
    assert len(balances) == 16
    assert all(0 <= r["p05"] <= r["p50"] <= r["p95"] for r in balances)
    paid = np.array([r["mean"] for r in rows if r["pool_series"] == "pool_paid"])
    assert paid[1:].sum() > 0
    assert max(r["p95"] for r in rows if r["pool_series"] == "pool_paid") <= 60_000_000
    assert all(0 <= r["stopped_share"] <= 1 for r in rows if r["pool_series"] == "pool_stopped")
    back = read_result(write_result(result), "a.parquet")
    assert pools_document(back).rows == pools_document(result).rows
    assert len(result_documents(result)) == 9
    tables = beside(result, "en")
    for name in ("projection_pools", "projection_pool_series"):
        schema = json.loads((ROOT / f"docs/schemas/{name}.json").read_text("utf-8"))["properties"]["rows"]
        jsonschema.Draft202012Validator(schema).validate(tables[name.removeprefix("projection_")])
    book = openpyxl.load_workbook(io.BytesIO(scenario_workbook(result)))
    assert "NEW" in {row[0] for row in book["摘要"].iter_rows(values_only=True)}


def test_without_a_pool_nothing_of_one_stands_anywhere(view: View) -> None:
    result = project_scenario(view, read_scenario(HEAD), LOCAL, NOW)
    assert len(result_documents(result)) == 7
    assert not [name for name in result.values if name.part == "pool"]
    assert "pool_money_conserved" not in {c.name for c in result.checks}
