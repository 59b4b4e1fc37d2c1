"""Event rules take the facts of the event's day: what is recorded for later days, later mergers and other subjects' facts
leave their verdicts as they were. Which rules those are, and what may come later, is declared beside each rule."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest

from fof import audit, ledger
from fof.audit.gather import office_facts
from fof.audit.parties import YEARLY
from fof.book.index import book_of
from fof.book.laid import laid
from fof.book.settings import rule_numbers
from fof.db import Database
from fof.ledger import Draft, View
from fof.rules.engine import judge
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import AFTER_THE_DEAL, DealFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.registry import RULES, Scope, Verdict
from models import kinds
from models.facts import FACTS, FactType
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from models.rows import Fact, Party, Posting, Row

DAY = dt.date.fromisoformat
EVENTS = {
    "GF-03": "day",
    "GF-04": "last_committed_on",
    "GF-05": "last_committed_on",
    "GF-06": "last_committed_on",
    "GF-07": "last_committed_on",
    "GF-09": "last_committed_on",
    "GF-10": "selected_on",
    "GF-11": "final_close_on",
    "GF-17": "amac_filed_on",
    "GF-24": "day",
    "GF-26": "day",
    "GF-27": "day",
    "GF-28": "day",
    "GF-29": "day",
    "GF-33": "day",
    "GF-34": "day",
    "GF-35": "established_on",
    "GF-36": "day",
    "GF-47": "day",
    "GF-49": "established_on",
    "GF-54": "day",
    "GF-64": "day",
    "GF-67": "last_committed_on",
    "GF-68": "last_committed_on",
    "QI-01": "first_committed_on",
    "QI-04": "first_committed_on",
    "SM-04": "day",
    "SM-05": "day",
    "SM-06": "day",
}
"""Written down by hand from the rulebook: rules about what happened on a day, and the day. All others judge a state."""
ANSWERS = {
    "amac_filed_on": {"GF-11", "GF-17"},
    "final_close_on": {"GF-11"},
    "selected_on": {"GF-10"},
    "established_on": {"GF-35", "GF-49"},
    "first_fund_filed_on": {"GF-11"},
    "manager_registered_on": {"GF-11"},
    "public_holidays": {"GF-11"},
    "manager": {"GF-10", "GF-11"},
    "decision_ref": {"GF-64"},
    "disclosed_on": {"GF-64"},
    "listed_on": {"SM-04"},
    "high_tech_until": {"SM-06"},
    **{name: {"SM-04", "SM-05", "SM-06"} for name in YEARLY},
}
"""Facts that move an event to another day, or answer it afterwards: the rules that may change with them."""
LAST = DAY("2024-12-31")
TOLD = DAY("2025-06-30")


EVENTS |= {f"RC-{number:02d}": "day" for number in (3, 5, 12, 13, 16, 31, 32, 33, 35)}
EVENTS |= {"IV-01": "decided_on", "IV-02": "contract_on", "IN-01": "decided_on", "IN-02": "decided_on"}
EVENTS |= {"CI-01": "first_day"} | {
    f"CI-{number:02d}": "day" for number in (2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 27, 28, 29)
}


def test_which_rules_judge_events_and_on_which_day_their_facts_are_taken() -> None:
    assert {rule.id: rule.facts_on for rule in RULES.values() if rule.is_event} == EVENTS
    assert {r.id for r in RULES.values() if r.on is not None and not r.is_event} == {
        "GF-41",  # bound by its set-up
        "TX-01",  # its conditions run for two years from the investment on
    }
    assert {r.id for r in RULES.values() if r.on is None and r.is_event} == {
        "GF-68"
    }  # today's cap, the facts of then


# -- the demo office: a merger erases nothing ------------------------------------------------------------------------


def broken(demo: Database, day: str) -> dict[tuple[str, str], Any]:
    """Breaches of GF-06 and GF-07 on a day."""
    found = audit.guidance(ledger.read(demo).view(DAY(day))).breaches
    return {(f.rule, str(f.subject)): f.finding for f in found if f.rule in ("GF-06", "GF-07")}


def test_the_merger_of_2023_erases_no_breach(demo: Database) -> None:
    """Four breaches of GF-06 and six of GF-07 were there before the old guidance fund went into the parent fund; the
    same stand after it, with the figures and on the day of the commitments."""
    before, after = broken(demo, "2022-12-31"), broken(demo, "2026-09-30")
    assert [sum(rule == r for r, _ in before) for rule in ("GF-06", "GF-07")] == [4, 6]
    assert before.keys() <= after.keys()
    for key, finding in before.items():
        then = after[key]
        assert (then.measured, then.threshold, then.money_at_stake, then.event_day) == (
            finding.measured,
            finding.threshold,
            finding.money_at_stake,
            finding.event_day,
        )
    assert after.keys() - before.keys() == {("GF-06", "SF-2024-01")}
    assert (
        after["GF-07", "SF-2018-01"].beside.verdict is Verdict.BREACH
    )  # today's version of the rule, the facts of then


def test_the_support_of_a_merged_guidance_fund_is_still_judged(demo: Database) -> None:
    found = audit.guidance(ledger.read(demo).view(DAY("2026-09-30"))).findings
    told = {str(f.subject): f.verdict for f in found if f.rule == "GF-69"}
    assert told["SF-2011-01"] is Verdict.PASS


# -- only what is declared is taken from later days -----------------------------------------------------------------------


class Spy:
    """Facts of the as-of day that note which of them are asked for."""

    def __init__(self, facts: Any, asked: set[str]) -> None:
        self._facts, self._asked = facts, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.add(name)
        return getattr(self._facts, name)


_WITHIN = {
    "purchases": "deals",
    "public_stakes": "stakes",
    "first_committed_on": "stakes",
    "dues": "stakes",
    "received": "stakes",
}
"""What is reckoned from a declared field; identity never changes."""


def test_rules_ask_for_no_later_fact_but_those_declared(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every fund and stake rule over the demo office on its last day, the as-of facts watched."""
    asked: set[str] = set()
    for kind in (FundFacts, StakeFacts):
        monkeypatch.setattr(
            kind, "now", property(lambda self: Spy(self.__dict__.get("seen_now", self), asked))
        )
    book = book_of(laid(ledger.read(demo).view(DAY("2026-09-30")), []))  # another than the one that is kept
    office = office_facts(book, DAY("2026-09-30"), lambda _: {})
    watched = 0
    for rule in RULES.values():
        if not rule.is_event or rule.scope not in (Scope.FUND, Scope.STAKE):
            continue
        asked.clear()
        judge(office, office.as_of, only=[rule.id])
        used = {_WITHIN.get(name, name) for name in asked}
        assert used <= set(rule.later), (rule.id, used)
        watched += bool(used)
    assert watched >= 5


def test_deal_rules_ask_for_no_later_fact_but_those_declared(
    demo: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deal is gathered as of its day; the few fields that are of the as-of day are asked for by declared rules alone."""
    asked: set[str] = set()

    def watched(self: DealFacts, name: str) -> Any:
        if name in AFTER_THE_DEAL:
            asked.add(name)
        return object.__getattribute__(self, name)

    monkeypatch.setattr(DealFacts, "__getattribute__", watched)
    book = book_of(laid(ledger.read(demo).view(DAY("2026-09-30")), []))  # another than the one that is kept
    office = office_facts(book, DAY("2026-09-30"), lambda _: {})
    deals = [deal for fund in office.funds for deal in fund.deals]
    assert deals
    for rule in RULES.values():
        if rule.is_event and rule.scope is Scope.DEAL:
            asked.clear()
            judge(office, office.as_of, only=[rule.id])
            assert asked <= set(rule.later), rule.id


# -- random books -------------------------------------------------------------------------------------------------------


def small_office(clerk: Any, seed: int) -> View:
    """A random office of two guidance funds, a parent fund and three sub-funds; every event lies before 2025."""
    chance = random.Random(seed)
    some = chance.choice
    clerk.party("GOV", "government", day="2012-01-01", province="黑龙江省", government_level="province")
    clerk.party("CITY", "government", day="2012-01-01", province="黑龙江省", government_level="prefecture")
    for code, kind in (("GF-A", "guidance_fund"), ("GF-B", "guidance_fund"), ("PF", "parent_fund")):
        clerk.party(
            code,
            kind,
            day="2012-01-01",
            province="黑龙江省",
            sponsor_level=some(["province", "county"]),
            established_on="2012-02-01",
            term_end="2032-01-01",
            status="investing",
        )
        clerk.pay(
            K.COMMITMENT,
            some(["GOV", "CITY"]),
            code,
            1e9,
            "2012-03-01",
            entry=EntryKind.COMMITMENT,
            fund=code,
        )
    for code in ("SO-1", "SO-2", "SO-3"):
        clerk.party(
            code,
            some(["social_investor", "state_investor"]),
            day="2012-01-01",
            province="黑龙江省",
            net_assets=str(chance.randint(5, 20) * 10**8),
            wealth_evidence_on="2013-12-01",
        )
    clerk.party("NF", "national_fund", day="2012-01-01", national_scheme=some(["emerging_2011", "sme_fund"]))
    clerk.party(
        "MG",
        "manager",
        day="2012-01-01",
        paid_in_capital=str(chance.randint(5, 20) * 10**8),
        amac_manager_id="P1",
        team_with_3_years=str(chance.randint(1, 5)),
        executives_with_2_years="1",
        clean_record="yes",
        province="黑龙江省",
        managed_paid_in=str(chance.randint(1, 9) * 10**10),
        manager_registered_on="2012-01-01",
        first_fund_filed_on="2012-06-01",
    )
    clerk.party("GP", "manager", day="2012-01-01", ownership="private")
    for n in (1, 2, 3):
        clerk.party(
            f"CO-{n}",
            "company",
            day="2012-01-01",
            founded_on="2012-01-01",
            industry=some(["C3962", "H6110"]),
            resident="yes",
            audited_accounts="yes",
        )
    for name, value in (
        ("staff", "60"),
        ("revenue", "1000000000"),
        ("total_assets", "900000000"),
        ("degree_staff", "30"),
    ):
        clerk.fact("CO-1", "2014-12-31", name, value)
    owners = ["GF-A", "GF-B", "PF", "CITY", "SO-1", "SO-2", "SO-3", "NF", "GP"]
    for n in (1, 2, 3):
        code, year = f"SF-{n}", 2013 + 3 * n
        clerk.party(
            code,
            "sub_fund",
            day=f"{year}-01-01",
            strategy=some(["angel", "vc", "growth"]),
            fund_class="venture",
            fund_kind=some(["market", "market", "special"]),
            manager="MG",
            gp="GP",
            selected_on=f"{year}-01-10",
            established_on=f"{year}-02-01",
            term_end=f"{year + some([6, 12])}-02-01",
            status="investing",
            final_close_on=f"{year}-03-01",
            vc_enterprise="no",
            mandate_stages="seed,startup",
            mandate_fields="C39",
        )
        for owner in chance.sample(owners, chance.randint(4, 8)):
            on = some([f"{year}-03-01", f"{year}-06-15", f"{year + 1}-02-01"])
            clerk.pay(
                K.COMMITMENT,
                owner,
                code,
                chance.randint(1, 40) * 1e6,
                on,
                entry=EntryKind.COMMITMENT,
                fund=code,
            )
        clerk.fact(code, f"{year}-03-20", "amac_filed_on", f"{year}-03-20")
        for m, company in enumerate(chance.sample(["CO-1", "CO-2", "CO-3"], 2)):
            clerk.deal(
                code,
                company,
                "initial",
                chance.randint(1, 9) * 1e6,
                f"{year + 1}-0{4 + m}-01",
                stage=some(["seed", "growth"]),
                instrument=some(["equity", "loan", "guarantee"]),
                stage_definition="fof-2017",
            )
    book = book_of(clerk.view(str(TOLD)))
    for owner in ("GF-A", "PF"):
        held = [
            c
            for c in ("SF-1", "SF-2")
            if (s := book.committed.get((book.by_code[c], book.by_code[owner]))) and s.at(LAST)
        ]
        for fund in held[:1]:
            clerk.pay(
                K.CALL_INVESTMENT, owner, fund, 5e5, "2021-01-01", entry=EntryKind.CALL_PAYMENT, fund=fund
            )
            clerk.pay_many(
                "2023-05-01",
                [
                    (K.COMMITMENT_TRANSFER, owner, "SO-1", 1e6),
                    (K.PAID_IN_TRANSFER, owner, "SO-1", 1e5),
                    (K.SECONDARY_PURCHASE, "SO-1", owner, 9e4),
                ],
                entry=EntryKind.COMMITMENT_TRANSFER,
                fund=fund,
            )
    view: View = clerk.view(str(TOLD))
    return view


Told = dict[tuple[str, str, dt.date], tuple[Verdict, Verdict | None]]


def happened(day: str, *rows: Row, postings: Sequence[Posting] = ()) -> Draft:
    """An entry that was not booked."""
    return Draft(EntryKind.TERMS, DAY(day), "then", b"", [*postings], [*rows])


def told(view: View, *more: Draft) -> Told:
    """What event rules say of every event up to 2024, and what today's version says beside."""
    then = laid(view, more)
    office = office_facts(book_of(then), TOLD, lambda _: {})
    found = judge(office, TOLD, settings=rule_numbers(then).settings)
    return {
        (f.rule, str(f.subject), f.event_day): (f.verdict, None if f.beside is None else f.beside.verdict)
        for f in found
        if RULES[f.rule].is_event and f.event_day is not None and f.event_day <= LAST
    }


def value(chance: random.Random, name: str, parties: list[str]) -> str:
    """A random value of a fact, as stored."""
    spec = FACTS[name]
    if spec.words is not None:
        return str(chance.choice(list(spec.words)))
    match spec.kind:
        case FactType.DATE:
            return str(dt.date(chance.randint(2010, 2030), 1, chance.randint(1, 28)))
        case FactType.FEN | FactType.INT:
            return str(chance.choice([0, 1, 10**6, 10**10]))
        case FactType.SHARE | FactType.NUMBER:
            return chance.choice(["0", "0.3", "1"])
        case FactType.BOOL:
            return chance.choice(["yes", "no"])
        case FactType.PARTY:
            return chance.choice(parties)
        case FactType.CODES:
            return chance.choice(["C39,I65", "2025-01-01", "无"])
        case _:
            return "x"


def changed(before: Told, after: Told, name: str | None = None) -> Told:
    """Events that are told otherwise, but for rules that a fact of that name answers."""
    may = ANSWERS.get(name or "", set())
    return {
        k: after.get(k, (Verdict.UNKNOWN, None))
        for k, v in before.items()
        if after.get(k) != v and k[0] not in may
    }


@pytest.mark.parametrize("seed", range(2))
def test_what_comes_after_an_event_leaves_its_verdict(clerk: Any, seed: int) -> None:
    """Every attribute there is, stated of every party and deal it can be stated of, from 2025 on."""
    view = small_office(clerk, seed)
    before, chance = told(view), random.Random(seed)
    assert len(before) > 40
    assert len({rule for rule, _, _ in before}) >= 15
    codes = [p.code for p in view.parties.values()]
    plain = sorted(FACTS.keys() - {"currency", "successor_of"} - ANSWERS.keys())
    for names in (*([name] for name in ANSWERS), *(plain[at : at + 20] for at in range(0, len(plain), 20))):
        facts = []
        for name in names:
            of_deal = FACTS[name].of == "deal"
            for s in view.deal_by_id if of_deal else view.parties:
                stated = value(chance, name, codes)
                party, deal = (None, s) if of_deal else (s, None)
                facts.append(Fact(party, deal, name, stated))
        assert changed(before, told(view, happened("2025-02-01", *facts)), names[0]) == {}, names


@pytest.mark.parametrize("seed", range(2))
def test_a_later_merger_leaves_every_event(clerk: Any, seed: int) -> None:
    """Guidance fund into parent fund, one investor into another that had bought from it, managers, companies and the funds
    themselves, with and without transfers."""
    view = small_office(clerk, seed)
    before = told(view)
    number = {p.code: p.id for p in view.parties.values()}
    book = book_of(view)
    for former, after in (
        ("GF-A", "PF"),
        ("GF-A", "SO-1"),
        ("SO-1", "PF"),
        ("SO-2", "SO-3"),
        ("NF", "PF"),
        ("GP", "SO-1"),
        ("CITY", "GOV"),
        ("MG", "GP"),
        ("CO-1", "CO-2"),
        ("SF-1", "SF-2"),
    ):
        a, b = number[former], number[after]
        stated = Fact(b, None, "successor_of", former)
        moved = [
            Posting(int(K.COMMITMENT_TRANSFER), a, b, fund, None, None, fen)
            for (fund, investor), steps in book.committed.items()
            if investor == a and (fen := steps.at(TOLD)) > 0
        ]
        for postings in ([], moved) if moved else ([],):
            assert changed(before, told(view, happened("2025-03-31", stated, postings=postings))) == {}, (
                former,
                after,
                bool(postings),
            )


@pytest.mark.parametrize("seed", range(2))
def test_facts_about_another_subject_leave_a_funds_events(clerk: Any, seed: int) -> None:
    """Everything there is to state about a fund, a manager and a company that have nothing to do with it, at any day."""
    view, chance = small_office(clerk, seed), random.Random(seed)
    before = told(view)
    highest = max(view.parties)
    strangers = {
        highest + n: Party(highest + n, f"X-{n}", kind.value)
        for n, kind in enumerate(
            (kinds.PartyKind.SUB_FUND, kinds.PartyKind.MANAGER, kinds.PartyKind.COMPANY), start=1
        )
    }
    names = sorted(
        n
        for n in FACTS
        if FACTS[n].of == "party" and n not in ("successor_of", "priority_fields", "public_holidays")
    )
    for day in ("2011-01-01", "2016-03-01", "2025-02-01"):
        facts = [
            Fact(number, None, name, value(chance, name, ["X-1", "X-2"]))
            for number in strangers
            for name in names
        ]
        assert changed(before, told(view, happened(day, *strangers.values(), *facts))) == {}, day


# -- stakes and sales in the hands of whoever acted -----------------------------------------------------------------------


def test_two_investors_that_merge_keep_their_own_joinings(clerk: Any) -> None:
    """Each joined below the ticket; after they became one party both breaches stand under the codes of then."""
    clerk.party("SF", "sub_fund", day="2015-01-01")
    for code in ("A", "B", "C"):
        clerk.party(
            code,
            "social_investor",
            day="2015-01-01",
            net_assets="100000000000",
            wealth_evidence_on="2015-06-01",
        )
    for code, yuan in (("A", 5e5), ("B", 4e5), ("C", 5e6)):
        clerk.pay(K.COMMITMENT, code, "SF", yuan, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.fact("C", "2020-01-01", "successor_of", "A,B")

    def said(day: str) -> dict[str, Verdict]:
        found = audit.guidance(clerk.view(day)).findings
        return {str(f.subject): f.verdict for f in found if f.rule == "QI-01"}

    wanted = {"SF/A": Verdict.BREACH, "SF/B": Verdict.BREACH, "SF/C": Verdict.PASS}
    assert said("2019-12-31") == said("2020-06-30") == wanted


def test_a_sale_between_parties_that_merged_later_stays_a_sale(clerk: Any) -> None:
    """GF-47 and GF-54 judge it before and after the buyer took the seller over; its price basis is that of its day."""
    clerk.party("GF", "guidance_fund", day="2015-01-01")
    clerk.party("ST", "state_investor", day="2015-01-01")
    clerk.party("SF", "sub_fund", day="2015-01-01")
    clerk.pay(K.COMMITMENT, "GF", "SF", 10e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.pay(K.CALL_INVESTMENT, "GF", "SF", 10e6, "2016-02-01", entry=EntryKind.CALL_PAYMENT, fund="SF")
    clerk.pay_many(
        "2018-01-15",
        [
            (K.COMMITMENT_TRANSFER, "GF", "ST", 10e6),
            (K.PAID_IN_TRANSFER, "GF", "ST", 10e6),
            (K.SECONDARY_PURCHASE, "ST", "GF", 9e6),
        ],
        entry=EntryKind.COMMITMENT_TRANSFER,
        fund="SF",
    )
    clerk.fact("ST", "2019-01-01", "successor_of", "GF")
    for day in ("2018-12-31", "2019-06-30"):
        found = {
            f.rule: f for f in audit.guidance(clerk.view(day)).findings if f.finding.scope is Scope.TRANSFER
        }
        assert found["GF-47"].verdict is Verdict.BREACH
        assert found["GF-47"].money_at_stake == 100_000_000


def test_what_was_recorded_only_later_is_told_and_decides_nothing(clerk: Any) -> None:
    """The strategy was stated two years after the commitments: the cap of then cannot be chosen, and the finding says
    what it would be."""
    clerk.party("GF", "guidance_fund", day="2015-01-01")
    clerk.party("SO", "social_investor", day="2015-01-01")
    clerk.party("SF", "sub_fund", day="2015-01-01", fund_kind="market")
    clerk.pay(K.COMMITMENT, "GF", "SF", 60e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.pay(K.COMMITMENT, "SO", "SF", 40e6, "2016-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    clerk.fact("SF", "2018-01-01", "strategy", "vc")
    (found,) = (f.finding for f in audit.guidance(clerk.view("2018-06-30")).findings if f.rule == "GF-06")
    assert found.verdict is Verdict.UNKNOWN
    assert found.notes[-1][1].startswith("by what was recorded after the event: breach")
    before = found._replace(notes=())
    (known,) = (f.finding for f in audit.guidance(clerk.view("2017-06-30")).findings if f.rule == "GF-06")
    assert (known.verdict, known.text.zh, known.notes) == (before.verdict, before.text.zh, ())
