"""Stakes that the rows say the same of: an institution of many that differ in one thing or another is judged to the letter as one by one."""

from __future__ import annotations

import datetime as dt
import operator
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, replace
from decimal import Decimal as D
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from benchmarks import institution
from benchmarks.institution import Institution, Row
from fof import audit, intake
from fof.access import LOCAL
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.readings import tranche_of
from fof.audit.coinvestment.register import register
from fof.audit.findings import FindingsInColumns, by_money
from fof.book.index import book_of
from fof.db import Database
from fof.importers.cells import Amount
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.ledger import Journal
from fof.rules import alike
from fof.rules.engine import ask, judge, judge_grouped
from fof.rules.facts import OfficeFacts
from fof.rules.facts_coinvest import EntryTranche, ProjectFacts, StaffStakeFacts
from fof.rules.likeness import Likeness
from fof.rules.registry import RULES, Limb, Scope, Verdict, Waiver
from fof.rules.whole_money import MARK, MoneyLookedAt, marked
from models import coinvest as w
from models.kinds import DealKind

DAY = dt.date(2026, 9, 30)
ONES_OWN = {"code", "person", "roster", "ballots"}


def as_one(rows: dict[str, list[Row]]) -> None:
    """Everybody of a project pays the same on one day."""
    paid = {row["code"]: row["since"] for row in rows["coinvest_payments"] if "deal" in row}
    for row in [*rows["coinvest_payments"], *rows["evidence"]]:
        if "staff_stake" in row:
            row["since"] = paid["Z" + row["staff_stake"][1:6]] - dt.timedelta(1)
        if "account_holder" in row:
            row |= {
                "amount": institution.yuan(5_000),
                "money_source": w.MoneySource.SALARY,
                "money_proof": "流水",
            }


def varied(rows: dict[str, list[Row]], rng: random.Random) -> None:
    """One row in three of those about people, stakes and their money says something else than its neighbours, or says it not."""
    ways: dict[str, list[tuple[str, list[Any]]]] = {
        "employments": [
            ("role_class", [w.RoleClass.EXECUTIVE, w.RoleClass.OTHER_STAFF, None]),
            ("annual_pay", [institution.yuan(90_000), None]),
            ("appointed_by", [w.AppointedBy.SASAC, None]),
            ("contract_until", [dt.date(2020, 6, 30)]),
            ("insured_from", [dt.date(2021, 1, 1), None]),
            ("employed_until", [dt.date(2022, 3, 31)]),
            ("technical_staff", [True, False]),
        ],
        "staff_stakes": [
            ("no_side_terms", [None]),
            ("no_nominee", [None]),
            ("stake_tax_deduction", [True, None]),
            ("stake_share_class", ["普通股", "优先股"]),
        ],
        "declarations": [
            ("review_outcome", [w.ReviewOutcome.REJECTED, w.ReviewOutcome.MANAGED, None]),
            ("declared_on", [dt.date(2026, 1, 5), None]),
        ],
        "coinvest_payments": [
            ("money_source", [w.MoneySource.SAVINGS, None]),
            ("money_proof", ["存折", None]),
            ("account_holder", ["P0000", None]),
            ("money_lender", ["GP"]),
            ("amount", [institution.yuan(6_000), institution.yuan(7_000)]),
        ],
        "evidence": [("evidence_item", list(w.EvidenceItem)), ("evidence_on", [dt.date(2018, 5, 1)])],
    }
    for layout, fields_of in ways.items():
        chance = 0.1 if layout == "staff_stakes" else 1 / 3
        for row in rows[layout]:
            if row.get("payment_leg") is not w.PaymentLeg.VEHICLE_TO_COMPANY and rng.random() < chance:
                name, values = rng.choice(fields_of)
                value = rng.choice(values)
                row.pop(name, None)
                if value is not None:
                    row[name] = value


def without_codes(stake: StaffStakeFacts) -> dict[str, Any]:
    """What stakes that are alike have in common."""
    own = {f.name: getattr(stake, f.name) for f in fields(stake) if f.name not in ONES_OWN}
    for name in ("spell", "last_spell"):
        own[name] = None if own[name] is None else replace(own[name], code="")
    own["declarations"] = tuple(d._replace(code="") for d in stake.declarations)
    own["payments"] = tuple(
        p._replace(
            code="", payer="", account_holder=str(p.account_holder and p.account_holder == stake.person)
        )
        for p in stake.payments
    )
    return own


def on_own_terms(rows: dict[str, list[Row]], rng: random.Random) -> None:
    """Rounds that are paid in parts, at a price that is the institution's or nearly so, in time or not; some were sold from again. Some
    companies are so small that a stake in ten passes what one person may hold; a plan that limits the money by the pay follows."""
    paid = [row for row in rows["coinvest_payments"] if "deal" in row]
    terms = {row["deal"]: row for row in rows["coinvest_deals"]}
    for row in paid:
        own = terms[row["deal"]]
        for cells, names in ((row, ("payment_shares", "payment_fees")), (own, ("deal_shares", "deal_fees"))):
            if rng.random() < 0.15:
                cells.pop(rng.choice(names), None)
        if rng.random() < 0.4 and "payment_shares" in row:
            row["payment_shares"] += rng.choice([D(1), D(-1), D("0.5"), D(40)])
        if rng.random() < 0.2:
            row["payment_share_class"] = rng.choice(["优先股", "A股"])
        if rng.random() < 0.3:
            own["total_shares_after"] = D(rng.choice([19_000, 40_000, 60_000]))
        if rng.random() < 0.4:
            row["since"] += dt.timedelta(rng.choice([-15, 20, 21, 45]))
        if rng.random() < 0.4:
            part = row["amount"].fen // 300 * 100 + rng.randint(0, 1)
            later = row | {"code": f"{row['code']}-2", "since": row["since"] + dt.timedelta(12)}
            row["amount"], later["amount"] = Amount(row["amount"].fen - part, "CNY"), Amount(part, "CNY")
            if "payment_shares" in row:
                later["payment_shares"] = D(part // 700)
                row["payment_shares"] -= later["payment_shares"]
            rows["coinvest_payments"].append(later)
    sent = {row["code"]: row for row in rows["coinvest_payments"] if "staff_stake" in row}
    for deal in [*rows["deals"]]:
        of_deal = [row for code, row in sent.items() if code.startswith(f"Z{deal['code'][1:]}-")]
        if rng.random() < 0.3:  # out of money that is not theirs, all of them
            for row in of_deal:
                row |= rng.choice([{"account_holder": "GP"}, {"money_source": None}])
        if rng.random() < 0.4:
            for row in rows["staff_stakes"]:
                if row["deal"] == deal["code"]:
                    row |= {"no_nominee": None, "stake_share_class": "优先股"}
        if rng.random() < 0.4:
            code, day = f"{deal['code']}X", deal["day"] + dt.timedelta(rng.choice([7, 8, 9, 400]))
            sold = {"kind": DealKind.EXIT, "code": code, "day": day, "round": None}
            rows["deals"].append({k: v for k, v in (deal | sold).items() if v is not None})
            out = next(row for row in paid if row["deal"] == deal["code"])
            back = {"code": f"{out['code']}-9", "payment_leg": w.PaymentLeg.COMPANY_TO_VEHICLE, "since": day}
            back |= {"pay_out": w.PayOut.EXIT, "exit_deal": code, "payment_shares": D(rng.choice([700, 701]))}
            if rng.random() < 0.6:
                rows["coinvest_payments"].append(out | back)
    for rows_of in rows.values():
        rows_of[:] = [{k: v for k, v in row.items() if v is not None} for row in rows_of]
    (plan,) = rows["coinvest_plans"]
    rows["coinvest_plans"].append(
        plan | {"since": dt.date(2022, 5, 1), "plan_version": "2", "pay_multiple_cap": D("0.03")}
    )


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Journal]:
    """The journal of an institution by seed: even ones of people who pay the same, odd ones of people who pay what they like."""

    @cache
    def of(seed: int) -> Journal:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(institution, "PEOPLE", institution.A_VEHICLE)
            (rows,) = Institution(120 if seed < 2 else 200, seed).files
        rng = random.Random(seed)
        if not seed % 2:
            as_one(rows)
        if seed < 2:
            varied(rows, rng)
        if seed:
            on_own_terms(rows, rng)
        book = Database(f"sqlite:///{tmp_path_factory.mktemp('alike') / 'book.sqlite'}")
        book.init()
        intake.book(book, LOCAL, filled([(LAYOUTS[name], own) for name, own in rows.items()]), "机构.xlsx")
        return Journal(book).refresh()

    return of


@pytest.mark.parametrize("seed", range(4))
def test_stakes_are_alike_where_their_facts_are(journals: Callable[[int], Journal], seed: int) -> None:
    stakes = register(book_of(journals(seed).view(DAY)), DAY).stakes
    groups: dict[Likeness, list[StaffStakeFacts]] = defaultdict(list)
    for stake in stakes:
        if stake.likeness is not None:
            groups[stake.likeness].append(stake)
    if not seed % 2:
        assert len(groups) < sum(map(len, groups.values())) < len(stakes) or seed  # some alike, some not
    for first, *others in groups.values():
        for other in others:
            assert without_codes(other) == without_codes(first)
    amounts = {"CI-12", "CI-13", *alike.CEILINGS}
    for rule in (r for r in RULES.values() if r.scope is Scope.STAFF_STAKE):
        key, parts = alike.key_of(rule.id), alike.PARTS_OF.get(rule.id, alike.HOLDING)
        in_common: dict[Hashable, list[StaffStakeFacts]] = defaultdict(list)
        for likeness, own in groups.items():
            in_common[parts(likeness)] += own
        for first, *others in in_common.values():
            for other in others:
                if rule.concerns is not None:
                    assert bool(rule.concerns(other)) == bool(rule.concerns(first))
                if key is not None and rule.id not in amounts and not first.exits:
                    assert key(other) == key(first), rule.id


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rules_as_of", [None, dt.date(2021, 6, 30)])
def test_an_audit_says_the_same_to_the_letter(
    journals: Callable[[int], Journal],
    seed: int,
    rules_as_of: dt.date | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever was paid: of one answer for all amounts as of one for each, of ceilings that the largest pass."""
    view = journals(seed).view(DAY)
    each = audit.coinvestment(view, rules_as_of=rules_as_of)
    monkeypatch.setattr(alike, "FROM", 1)
    own = audit.coinvestment(view, rules_as_of=rules_as_of)
    assert own.findings == each.findings
    assert isinstance(own.findings, FindingsInColumns)
    assert own.findings.made() < len(own.findings)
    assert tuple(by_money(own.findings)) == tuple(by_money(each.findings))


def test_what_was_waived_is_waived_for_one_stake_alone(
    journals: Callable[[int], Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    further = tuple(matters(register(book_of(journals(3).view(DAY)), DAY)))
    monkeypatch.setattr(alike, "FROM", 1)
    made = judge_grouped(OfficeFacts(DAY, further=further))
    firsts = [f for group in made.groups for f in group.findings if f.verdict is Verdict.BREACH]
    assert any(made.by_paid(f) for f in firsts)
    waivers = tuple(
        Waiver(f.rule, f.subject, "国资〔2024〕1号", dt.date(2024, 1, 1), dt.date(2027, 1, 1)) for f in firsts
    )
    monkeypatch.setattr(alike, "FROM", 10_000)
    office = OfficeFacts(DAY, waivers=waivers, further=further)
    each = judge(office, DAY)
    monkeypatch.setattr(alike, "FROM", 1)
    assert judge(office, DAY) == each
    assert sum(f.waiver is not None for f in each) == len(waivers)


def parts_of(payments: Sequence[EntryTranche], part: Fraction) -> tuple[EntryTranche, ...]:
    """A stake's part of what its vehicle paid."""
    return tuple(
        t._replace(
            fen=t.fen * part,
            fees=None if t.fees is None else t.fees * part,
            shares=None if t.shares is None else t.shares * part,
        )
        for t in payments
    )


def payments(rng: random.Random, first: dt.date, price: int) -> list[EntryTranche]:
    made = []
    for n in range(rng.choice([1, 1, 2, 3])):
        fen, fees = rng.randint(1, 30) * 10_000 + rng.choice([0, 0, 1]), rng.choice([0, 0, 0, 25, None])
        shares = None if rng.random() < 0.1 else D(fen // price)
        day = first + dt.timedelta(30 * n + rng.choice([-1, 0, 0, 10, 30, 31]))
        made.append(tranche_of(f"T{n}", day, fen, fees, shares, rng.choice(["普通股", "普通股", None])))
    return made


def stake_of(
    project: ProjectFacts, own: Sequence[EntryTranche], paid_in: int, confirmed: bool | None
) -> StaffStakeFacts:
    first = project.day
    return StaffStakeFacts(
        "S",
        "P",
        "CT",
        project,
        first,
        DAY,
        tranches=tuple(own),
        paid_in=paid_in,
        stake_share_class="普通股",
        no_side_terms=confirmed,
    )


@pytest.mark.parametrize("rule", ["CI-12", "CI-13"])
def test_what_is_said_whatever_was_paid_holds_of_every_part(rule: str) -> None:
    """Of random payments: where the rule did not look at the amount, the same is said of any part of them."""
    rng, first, looked, kept = random.Random(12), dt.date(2023, 3, 1), 0, Counter[Verdict]()
    for _ in range(400):
        theirs, ours = payments(rng, first, 10), payments(rng, first + dt.timedelta(rng.choice([0, 10])), 10)
        if rng.random() < 0.5:
            ours = [t._replace(day=t.day + dt.timedelta(rng.choice([0, 5]))) for t in theirs]
        project = ProjectFacts("D1", "Q1", "CT", first, tranches=tuple(theirs))

        confirmed = rng.choice([True, True, None])
        try:
            answer: Any = ask(rule, marked(stake_of(project, ours, 1, confirmed)), day=first)
        except MoneyLookedAt:
            looked += 1
            continue
        kept[answer.verdict] += 1
        for part in (Fraction(1), Fraction(3, 7), Fraction(1, 99_991), Fraction(1, 10**9)):
            own: Any = ask(rule, stake_of(project, parts_of(ours, part), 12_345, confirmed), day=first)
            put = [
                12_345 if m is MARK else m
                for m in (answer.money, *(t.money for t in answer.lacking if isinstance(t, Limb)))
            ]
            assert own.verdict == answer.verdict
            assert (own.text, own.measured, own.threshold, own.since) == (
                answer.text,
                answer.measured,
                answer.threshold,
                answer.since,
            )
            assert [own.money, *(t.money for t in own.lacking if isinstance(t, Limb))] == put
    assert looked > 20
    assert kept[Verdict.PASS] > 20


def test_the_mark_is_handed_on_and_nothing_else() -> None:
    for look in (str, repr, bool, hash, int, float, round, abs, "{:,}".format, D, Fraction):
        with pytest.raises((MoneyLookedAt, TypeError)):
            look(MARK)
    for compare in (
        operator.eq,
        operator.ne,
        operator.lt,
        operator.ge,
        operator.add,
        operator.sub,
        operator.truediv,
    ):
        for pair in ((MARK, 5), (5, MARK), (Fraction(1, 3), MARK)):
            with pytest.raises(MoneyLookedAt):
                compare(*pair)
    assert max([MARK, MARK]) is MARK
    assert min([MARK, MARK]) is MARK
