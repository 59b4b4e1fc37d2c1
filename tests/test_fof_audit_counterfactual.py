"""What unlike terms were worth: worked cases by hand, what is unknown, and the demo office's findings in numbers."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction as F
from pathlib import Path

import pytest

from fof import audit, ledger
from fof.audit.coinvestment.gains import NO_FEES, NO_PRICE, NO_SHARES, NO_VALUE, Gain, gains
from fof.audit.coinvestment.share_prices import SharePrice
from fof.audit.counterfactual import counterfactual, gain_sums
from fof.cli import main
from fof.db import Database
from fof.rules.facts_coinvest import EntryTranche, JointExit, ProjectFacts, SaleFacts, StaffStakeFacts
from fof.rules.registry import Verdict
from models.coinvest import Advantage, GainGroup
from models.text import Text

D0, AS_OF = dt.date(2022, 3, 1), dt.date(2026, 9, 30)
YUAN = 100


def paid(code: str, day: dt.date, yuan: int, shares: int | None, fees: int | None = 0) -> EntryTranche:
    return EntryTranche(
        code,
        day,
        F(yuan * YUAN),
        None if fees is None else F(fees * YUAN),
        None if shares is None else F(shares),
    )


INSTITUTION = paid("D1", D0, 5_000_000, 1_000_000)  # 5 yuan a share


def stake(
    *ours: EntryTranche, exits: tuple[JointExit, ...] = (), theirs: tuple[EntryTranche, ...] = (INSTITUTION,)
) -> StaffStakeFacts:
    shares = [t.shares for t in ours]
    return StaffStakeFacts(
        code="S1",
        person="P1",
        institution="CT",
        project=ProjectFacts("D1", "Q1", "CT", D0, tranches=theirs),
        day=D0,
        as_of=AS_OF,
        tranches=ours,
        shares=None if None in shares else sum((s for s in shares if s is not None), F(0)),
        exits=exits,
    )


class Known:
    """Prices in yuan by day: the latest up to the day asked for."""

    def __init__(self, *prices: tuple[dt.date, int]) -> None:
        self.prices = prices

    def __call__(self, day: dt.date, share_class: str | None) -> SharePrice | None:
        known = [p for p in self.prices if p[0] <= day]
        if not known:
            return None
        return SharePrice(F(known[-1][1] * YUAN), known[-1][0], Text("估值", "a value"))


NOW_10 = Known((dt.date(2026, 6, 30), 10))


def sold(code: str, day: dt.date, share: F | None, price: int | None) -> SaleFacts:
    return SaleFacts(code, day, share, None if price is None else F(price * YUAN))


def yuan(gain: Gain) -> tuple[object, ...]:
    amounts = (gain.realised, gain.unrealised)
    return tuple(None if a is None else a / YUAN for a in amounts)


def only(own: list[Gain]) -> Gain:
    assert len(own) == 1, own
    return own[0]


def test_a_lower_price_is_worth_the_shares_it_bought_more() -> None:
    """400,000 yuan for 100,000 shares where the institution's price bought 80,000: half sold for 8, the rest worth 10."""
    day = dt.date(2024, 5, 1)
    half = JointExit(sold("X1", day, F(1, 2), 8), sold("R1", day, F(1, 2), 8))
    gain = only(gains(stake(paid("Z1", D0, 400_000, 100_000), exits=(half,)), NOW_10))
    assert [gain.advantage, gain.shares, gain.rules] == [Advantage.PRICE, 20_000, ("CI-13",)]
    assert yuan(gain) == (80_000, 100_000)
    assert gain.compared is not None
    assert gain.compared.price == 5 * YUAN


def test_a_higher_price_loses() -> None:
    gain = only(gains(stake(paid("Z1", D0, 600_000, 100_000)), NOW_10))
    assert [gain.shares, yuan(gain)] == [-20_000, (0, -200_000)]


@pytest.mark.parametrize(
    ("shares", "found"), [(80_000, 0), (80_001, 0), (79_999, 0), (80_002, 1), (79_998, 1)]
)
def test_one_share_of_rounding_is_no_gain(shares: int, found: int) -> None:
    assert len(gains(stake(paid("Z1", D0, 400_000, shares)), NOW_10)) == found


def test_paid_late_is_compared_with_what_a_share_was_known_to_be_worth() -> None:
    """500,000 yuan at 5 yuan 60 days later, when a round at 8 was known: 100,000 − 62,500 shares."""
    late = paid("Z1", D0 + dt.timedelta(60), 500_000, 100_000)
    prices = Known((D0, 5), (D0 + dt.timedelta(30), 8), (dt.date(2026, 6, 30), 10))
    gain = only(gains(stake(late), prices))
    assert [gain.advantage, gain.shares, gain.rules] == [Advantage.LATE, 37_500, ("CI-12",)]
    assert yuan(gain) == (0, 375_000)
    assert (
        gains(stake(late), prices, timed=False) == []
    )  # within the time allowed, at the institution's price
    assert only(gains(stake(late), Known())).reason == NO_PRICE
    nothing_since = only(gains(stake(late), Known((D0, 5))))
    assert [nothing_since.shares, yuan(nothing_since)] == [0, (0, 0)]


def test_a_payment_late_at_another_price_is_one_gain_of_two_rules() -> None:
    late = paid("Z1", D0 + dt.timedelta(60), 400_000, 100_000)
    prices = Known((D0 + dt.timedelta(30), 8), (dt.date(2026, 6, 30), 10))
    gain = only(gains(stake(late), prices))
    assert [gain.shares, gain.rules] == [50_000, ("CI-12", "CI-13")]
    assert yuan(gain) == (0, 500_000)


def test_paid_early_is_compared_with_the_institutions_price_of_its_day() -> None:
    early = D0 - dt.timedelta(5)
    same = only(gains(stake(paid("Z1", early, 500_000, 100_000)), NOW_10))
    assert [same.advantage, same.shares, yuan(same)] == [Advantage.EARLY, 0, (0, 0)]
    cheaper = only(gains(stake(paid("Z1", early, 400_000, 100_000)), NOW_10))
    assert [cheaper.shares, yuan(cheaper), cheaper.rules] == [20_000, (0, 200_000), ("CI-12", "CI-13")]


def test_tranches_are_compared_each_with_the_one_it_goes_with() -> None:
    second = D0 + dt.timedelta(100)
    theirs = (paid("D1", D0, 2_500_000, 500_000), paid("D2", second, 2_500_000, 500_000))
    in_time = stake(paid("Z1", D0, 250_000, 50_000), paid("Z2", second, 250_000, 50_000), theirs=theirs)
    assert gains(in_time, NOW_10) == []
    whole_at_first = stake(paid("Z1", D0, 500_000, 100_000), theirs=theirs)
    gain = only(gains(whole_at_first, NOW_10))
    assert (gain.advantage, gain.compared and gain.compared.day) == (Advantage.EARLY, second)


def test_a_better_exit_an_early_one_and_one_left_out() -> None:
    day = dt.date(2024, 5, 1)
    own = paid("Z1", D0, 500_000, 100_000)
    theirs = sold("X1", day, F(1, 2), 8)
    better = stake(own, exits=(JointExit(theirs, sold("R1", day, F(1, 2), 9)),))
    gain = only(gains(better, NOW_10))
    assert [gain.advantage, gain.shares, yuan(gain)] == [Advantage.EXIT, 50_000, (50_000, 0)]
    alone = stake(own, exits=(JointExit(None, sold("R1", day, F(1, 2), 9)),))
    assert yuan(only(gains(alone, NOW_10))) == (450_000, -500_000)
    stayed = stake(own, exits=(JointExit(theirs, None),))
    gain = only(gains(stayed, NOW_10))
    assert [gain.advantage, yuan(gain)] == [Advantage.STAYED, (-400_000, 500_000)]
    together = stake(own, exits=(JointExit(theirs, sold("R1", day, F(1, 2), 8)),))
    assert gains(together, NOW_10) == []
    days_apart = stake(own, exits=(JointExit(theirs, sold("R1", day + dt.timedelta(3), F(1, 2), 8)),))
    assert yuan(only(gains(days_apart, NOW_10))) == (0, 0)
    less = gains(stake(own, exits=(JointExit(theirs, sold("R1", day, F(3, 10), 8)),)), NOW_10)
    assert [(g.advantage, yuan(g)) for g in less] == [(Advantage.STAYED, (-160_000, 200_000))]
    more = gains(stake(own, exits=(JointExit(theirs, sold("R1", day, F(7, 10), 8)),)), NOW_10)
    assert [(g.advantage, yuan(g)) for g in more] == [(Advantage.EXIT, (160_000, -200_000))]
    after = dt.date(2025, 5, 1)  # kept at the institution's exit, sold a year later alone: 8 then, 12 got
    pairs = (JointExit(theirs, None), JointExit(None, sold("R2", after, F(1, 2), 12)))
    both = gains(stake(own, exits=pairs), NOW_10)
    assert sum(g.whole or 0 for g in both) / YUAN == 50_000 * (12 - 8)


def test_what_was_sold_too_early_or_kept_goes_with_the_institutions_later_exits() -> None:
    """100,000 shares; the institution sells half at 8, then all the rest at 9; 10 is the price today."""
    first, then = dt.date(2024, 5, 1), dt.date(2025, 5, 1)
    own = paid("Z1", D0, 500_000, 100_000)
    halves = sold("X1", first, F(1, 2), 8)

    def after(ours: F, rest: F, prices: Known = NOW_10) -> list[tuple[Advantage, tuple[object, object]]]:
        pairs = (
            JointExit(halves, sold("R1", first, ours, 8)),
            JointExit(sold("X2", then, rest, 9), sold("R2", then, rest, 9)),
        )
        return [(g.advantage, yuan(g)) for g in gains(stake(own, exits=pairs), prices)]

    assert after(F(7, 10), F(1)) == [(Advantage.EXIT, (20_000 * (8 - 9), 0))]
    assert after(F(3, 10), F(1)) == [(Advantage.STAYED, (20_000 * (9 - 8), 0))]
    assert after(F(3, 10), F(1), Known()) == [(Advantage.STAYED, (20_000, 0))]  # nothing left to be valued
    assert after(F(7, 10), F(1, 4)) == [(Advantage.EXIT, (20_000 * 8 - 5_000 * 9, -15_000 * 10))]
    unsaid = JointExit(sold("X2", then, None, 9), None)
    kept = gains(stake(own, exits=(JointExit(halves, None), unsaid)), NOW_10)
    assert [(g.realised, g.reason) for g in kept] == [(None, NO_SHARES)] * 2


def test_what_is_not_recorded_is_unknown_with_its_reason() -> None:
    no_fees = only(gains(stake(paid("Z1", D0, 400_000, 100_000, None)), NOW_10))
    assert [no_fees.realised, no_fees.reason] == [None, NO_FEES]
    assert only(gains(stake(paid("Z1", D0, 400_000, None)), NOW_10)).reason == NO_SHARES
    theirs = (paid("D1", D0, 5_000_000, None),)
    assert only(gains(stake(paid("Z1", D0, 400_000, 100_000), theirs=theirs), NOW_10)).reason == NO_SHARES
    unvalued = only(gains(stake(paid("Z1", D0, 400_000, 100_000)), Known()))
    assert [unvalued.shares, yuan(unvalued), unvalued.reason] == [20_000, (0, None), NO_VALUE]
    day = dt.date(2024, 5, 1)
    unsaid = stake(paid("Z1", D0, 500_000, 100_000), exits=(JointExit(sold("X1", day, None, None), None),))
    assert only(gains(unsaid, NOW_10)).whole is None
    assert gains(replace(stake(paid("Z1", D0, 1, 1)), project=None), NOW_10) == []


def test_the_demo_offices_findings_have_their_numbers(demo: Database) -> None:
    view = ledger.read(demo).view(AS_OF)
    listed = counterfactual(view)
    judged = audit.coinvestment(view)
    asked = {
        (f.rule, f.subject.code)
        for f in judged.findings
        if f.rule in ("CI-12", "CI-24") and f.verdict is Verdict.BREACH
    }
    assert asked
    assert asked <= {(rule, g.stake.code) for g in listed for rule in g.rules}
    assert all(g.gain.reason is None or g.gain.whole is None for g in listed)
    every = counterfactual(view, every=True)
    assert len(every) > len(listed)
    for group in (GainGroup.PERSON, GainGroup.PLAN, GainGroup.INSTITUTION):
        sums = gain_sums(listed, group)
        assert sum(s.count for s in sums) == len(listed)
        assert sum(s.unknown for s in sums) == sum(g.gain.whole is None for g in listed)
        for name in ("realised", "unrealised"):
            whole = sum(getattr(g.gain, name) or 0 for g in listed)
            assert sum(getattr(s, name) or 0 for s in sums) == whole


def test_prices_of_the_demo_office_are_those_of_its_deals(demo: Database) -> None:
    """A price compared with is money less fees by shares of the deal it names, worked out from the facts again."""
    view = ledger.read(demo).view(AS_OF)
    deals = {d.row.code: d for d in view.deals}
    compared = 0
    for own in counterfactual(view, every=True):
        price = own.gain.compared
        code = None if price is None else price.source.zh.rpartition(" ")[2]
        if price is None or own.gain.advantage is not Advantage.LATE or code not in deals:
            continue
        deal = deals[code].row
        shares, fees = (view.attribute(("deal", deal.id), n) for n in ("deal_shares", "deal_fees"))
        p = view.postings
        money = int(p.fen[(p.deal == deal.id)].sum())
        assert price.price == F(money - fees) / F(Decimal(shares))
        assert price.day <= own.gain.day
        compared += 1
    assert compared


def test_the_command(
    demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", f"sqlite:///{demo_file}")
    monkeypatch.setenv("FOF_DATA_DIR", str(tmp_path))
    asked = ["audit", "counterfactual", "--as-of", AS_OF.isoformat()]
    assert main([*asked, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {r["verdict"] for r in rows} <= {"breach", "warn", "unknown"}
    assert all((r["realised"] is None) == (r["realised_reason"] is not None) for r in rows)
    assert main([*asked, "--by", "person", "--json"]) == 0
    sums = json.loads(capsys.readouterr().out)["rows"]
    assert {r["key"] for r in sums} == {r["person"] for r in rows}
    assert main(asked) == 0
    assert "已实现差额" in capsys.readouterr().out
    assert main([*asked, "--institution", "XX"]) == 2


def test_the_case_file_holds_the_gains_of_its_finding(register_file: Path) -> None:
    from fof.audit.casefile.case_document import case_document
    from fof.audit.casefile.case_file import case_file
    from fof.audit.casefile.case_paper import case_pdf
    from models.subjects import Subject, SubjectKind

    book = Database(f"sqlite:///{register_file}")
    view = ledger.read(book).view(AS_OF)
    listed = counterfactual(view)
    assert listed
    for own in listed:
        for rule in own.rules:
            about = Subject(SubjectKind.STAFF_STAKE, own.stake.code)
            case = case_file(view, rule, about, history=False)
            assert own.gain in case.gains
            rows = [
                r for r in case_document(view, case).rows if r["part"] == "gain" and r["record"] == own.gain
            ]
            wanted = [own.gain.realised, own.gain.unrealised]
            assert [r["amount"] for r in rows] == [None if g is None else round(g) for g in wanted]
    assert case_pdf(case_document(view, case)).startswith(b"%PDF")
    other = case_file(view, "CI-31", about, history=False)
    assert (other.gains, other.gap) == ((), None)
    book.close()


def test_a_finding_of_cherry_picking_stands_beside_the_gap(sqlite_book: Database) -> None:
    from audited import registered
    from second.institutions import PLANTS, Institution

    from fof.audit.casefile.case_document import case_document
    from fof.audit.casefile.case_file import case_file

    own = Institution(11)
    assert PLANTS["CI-20 breach: a member of the team did not join"](own)
    registered(sqlite_book, own)
    [(_, who)] = [key for key in own.expected if key[0] == "CI-20"]
    view = ledger.read(sqlite_book).view(AS_OF)
    case = case_file(view, "CI-20", who, history=False)
    assert case.gap is not None
    rows = [r for r in case_document(view, case).rows if r["part"] == "gap"]
    assert len(rows) == 8
    assert case.gap.joined + case.gap.skipped + case.gap.unvalued > 0
