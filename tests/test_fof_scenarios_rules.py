"""Rules over time: the array forms against the audit's own judgement of the same states, one path and year at a time."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files

import numpy as np
import pytest
from pool_office import booked, office, yuan

from fof.access import LOCAL
from fof.book.settings import rule_numbers
from fof.db import Database
from fof.rules.engine import judge
from fof.rules.facts import FundFacts, Matter, OfficeFacts
from fof.rules.facts_parties import CompanyFacts, Flow
from fof.rules.facts_pools import LimitFacts, PoolFacts
from fof.rules.registry import RULES, Scope, Verdict
from fof.scenarios.path_verdicts import path_verdicts, vehicle_paths
from fof.scenarios.projection import inputs_of, project_scenario
from fof.scenarios.rules_over_time import (
    MOVED,
    PARTLY_MOVED,
    RULES_ASKED,
    VEHICLE_RULES,
    VERDICTS,
    PoolStart,
    rules_not_asked,
    year_steps,
)
from fof.scenarios.scenario_spec import read_scenario
from fof.scenarios.yearly_documents import rules_document
from models.kinds import PartyKind
from models.pools import Denominator, LimitKind, LimitPeriod
from models.subjects import Subject, SubjectKind
from valuation.scenario_paths import STEP_SERIES, simulate_chunk
from valuation.scenario_pools import LIMIT_STATES, POOL_SERIES, pool_row_count

DAY, NOW = dt.date(2022, 9, 30), dt.datetime(2022, 10, 1, 8, tzinfo=dt.UTC)
POOL = """
[[pool]]
code = "{code}"
opening = "20000000"
outstanding = "60000000"
loans = 40
lending = "{lending}"
term = 1
default_rate = 0.06
correlation = 0.3
share = 0.5
recovery = 0.2
top_up = "2000000"
reopens = {reopens}
[[pool.limit]]
kind = "enrolment_stop"
rate = 0.04
denominator = "{of}"
period = "rolling"
[[pool.limit]]
kind = "payment_cap"
amount = "3000000"
[[pool.limit]]
kind = "excess"
rate = 0.05
denominator = "outstanding"
net = true
"""
SPEC = (
    'name = "规则"\npaths = 128\nhorizon = 8\n[noise]\nmarket = 0.3\npacing = 0.5\n'
    '[cash]\nreuse = 0.9\nyearly_costs = "1000000"\n[[appropriation]]\nyear = 2023\namount = "40000000"\n'
    '[[planned]]\ncode = "N"\ncommitment = "60000000"\nsigned_on = 2023-03-31\n'
    + POOL.format(code="P", lending="80000000", reopens="true", of="released")
    + POOL.format(code="NEW", lending="200000000", reopens="false", of="enrolled")
)


@pytest.fixture
def view(sqlite_book: Database, clerk):
    """The office of pools, with a portfolio that holds nothing yet."""
    booked(sqlite_book, office())
    clerk.party("PF", "parent_fund", portfolio="yes")
    return clerk.view(str(DAY))


OWN_LIMITS = SPEC.replace(
    POOL.format(code="P", lending="80000000", reopens="true", of="released"),
    POOL.format(code="P", lending="80000000", reopens="true", of="released").partition("[[pool.limit]]")[0],
)
"""The pool of the book with the limits of the book."""


@pytest.fixture
def parted(sqlite_book: Database, clerk):
    """The office of pools, with limits of a bank, of a guarantor by what it pays and by what the pool pays, and of all."""
    rows = office()
    cap, stop = rows["pool_limits"]
    rows["agreements"][0] |= {"share_lender": Decimal("0.2"), "share_guarantor": Decimal("0.3")}
    for row in rows["loans"][1:]:
        row["guarantor"] = "G"
    of_bank, of_guarantor = stop | {"lender": "B2"}, stop | {"guarantor": "G"}
    rolling = {"limit_period": LimitPeriod.ROLLING, "limit_rate": Decimal("0.01")}
    rows["pool_limits"] = [
        cap,
        cap | {"code": "CAP-G", "guarantor": "G", "limit_amount": yuan(1_000_000)},
        of_bank | rolling | {"code": "STOP-B"},
        of_guarantor | rolling | {"code": "STOP-G"},
    ]
    rows["loans"][2]["lender"] = "B2"
    booked(sqlite_book, rows)
    clerk.party("PF", "parent_fund", portfolio="yes")
    return clerk.view(str(DAY))


def test_limits_of_banks_and_guarantors_are_judged_as_the_audit_judges_them(parted) -> None:
    seen = path_years(parted, OWN_LIMITS)
    assert {v for rule, v in seen if rule == "RC-08"} >= {Verdict.WARN, Verdict.PASS}, seen
    assert {v for rule, v in seen if rule == "RC-22"} >= {Verdict.PASS}, seen


def since_of(days: list[dt.date], states: list[bool], before: dt.date | None) -> dt.date | None:
    """The first day of the run of true states that lasts to the end."""
    since = before
    for day, state in zip(days, states, strict=True):
        since = (since or day) if state else None
    return since


def pool_facts(start: PoolStart, days: list[dt.date], fen: np.ndarray, stands: np.ndarray) -> PoolFacts:
    """What the audit would judge after these steps: fen (series, steps) of one path, stands (limits, LIMIT_STATES, steps)."""
    own, day = start.facts, days[-1]
    cash, owed, paid, _, raised = (fen[n] for n in range(5))
    least = (
        None if own.first_size is None else int(Fraction(own.topup_floor or Decimal("0.5")) * own.first_size)
    )
    below = None
    if least is not None:
        reached, below = own.below_floor_since is not None or own.cash >= least, own.below_floor_since
        for on, money in zip(days, cash.tolist(), strict=True):
            if money >= least:
                reached, below = True, None
            elif below is None and reached:
                below = on
    limits = []
    for n, limit in enumerate(start.limits):
        used, base = int(stands[n, 0, -1]), max(0, int(stands[n, 1, -1]))
        by_rate = None if limit.highest is None else int(limit.highest * base)
        allowed = min(x for x in (by_rate, limit.amount) if x is not None)
        warned = None if not allowed else used >= limit.warning * allowed
        kind = LimitKind.ENROLMENT_STOP if limit.stops else LimitKind.PAYMENT_CAP
        on = day if limit.stops and stands[n, 2, -1] else None
        rate = None if not base else Fraction(used, base)
        limits.append(
            LimitFacts(
                limit.code, kind, Denominator.RELEASED, rate, limit.highest, used, allowed, warned, None, on
            )
        )
    return replace(
        own,
        as_of=day,
        cash=int(cash[-1]),
        outstanding=int(owed[-1]),
        contributed=own.contributed + int(raised.sum()),
        compensated=own.compensated + int(paid.sum()),
        lowest_cash=min(own.lowest_cash, int(cash.min())),
        below_floor_since=below,
        limits=tuple(limits),
    )


VEHICLE = FundFacts(
    "PF",
    DAY,
    kind=PartyKind.PARENT_FUND,
    cash_kept=True,
    capital_in=(Flow(dt.date(2021, 3, 1), 10_000_000_00), Flow(dt.date(2022, 3, 1), 30_000_000_00)),
    uses=(Flow(dt.date(2021, 6, 1), 2_000_000_00), Flow(dt.date(2022, 6, 30), 9_000_000_00)),
    deployed=(Flow(dt.date(2022, 6, 30), 9_000_000_00),),
)


def test_the_list_is_of_rules_there_are_and_the_rest_is_counted() -> None:
    assert set(RULES_ASKED) <= set(RULES)
    assert sorted((*RULES_ASKED, *rules_not_asked())) == sorted(RULES)


def test_every_rule_that_asks_for_what_is_moved_is_asked_or_says_what_is_missing() -> None:
    """By the inputs that the rules declare (which tests of the rules hold them to)."""
    declared = tomllib.loads(files("fof.rules").joinpath("inputs.toml").read_text("utf-8"))
    moved = set()
    for rule, asks in declared.items():
        named = {*asks, *(name for kind in ("asks", "decides", "stated") for name in asks.get(kind, ()))}
        facts = MOVED.get(RULES[rule].scope, frozenset())
        if any(name.partition(".")[0] in facts for name in named):
            moved.add(rule)
    assert moved == {*RULES_ASKED, *PARTLY_MOVED}
    assert not {*RULES_ASKED} & {*PARTLY_MOVED}
    fields = {Scope.FUND: FundFacts, Scope.POOL: PoolFacts, Scope.COMPANY: CompanyFacts}
    for scope, names in MOVED.items():
        assert all(hasattr(fields[scope], n) or n in fields[scope].__dataclass_fields__ for n in names)


def path_years(view, spec: str) -> set[tuple[str, Verdict]]:
    """200 path-years, each judged by the array forms and by the audit; the verdicts seen."""
    made, _ = inputs_of(view, read_scenario(spec))
    assert made.rules is not None
    arrays, steps = replace(made.arrays, opening=VEHICLE.cash / 100), made.arrays.steps
    asked = replace(made.rules, vehicle=VEHICLE)
    chunk = simulate_chunk(arrays, 3, 0, 128)
    codes = path_verdicts(asked, arrays, made.days, chunk.rows, chunk.states)
    years, chance, numbers = year_steps(made.days), random.Random(5), rule_numbers(view).settings
    size, seen = pool_row_count(1, steps), set()
    for _ in range(200):
        path, y = chance.randrange(128), chance.randrange(len(years))
        until = years[y] + 1
        days = list(made.days[:until])
        found: dict[tuple[str, str], Verdict] = {}
        at = 0
        for n, start in enumerate(asked.pools):
            first = arrays.first_pool_row + n * size
            series = chunk.rows[first : first + len(POOL_SERIES) * steps, path].reshape(
                len(POOL_SERIES), steps
            )
            wide = len(LIMIT_STATES) * steps * len(start.limits)
            shape = len(start.limits), len(LIMIT_STATES), steps
            stands = chunk.states[at : at + wide, path].reshape(shape)[:, :, :until]
            at += wide
            fen = np.rint(100 * series[:, :until]).astype(np.int64)
            facts = pool_facts(start, days, fen, np.rint(100 * stands).astype(np.int64))
            address = Subject(SubjectKind.PARTY, facts.code)
            matter = Matter(Scope.POOL, (facts,), address, None, facts.code)
            judged = judge(
                OfficeFacts(days[-1], further=(matter,)), days[-1], settings=numbers, only=RULES_ASKED
            )
            found |= {(f.rule, facts.code): f.verdict for f in judged}
        block = chunk.rows[: len(STEP_SERIES) * steps, path].reshape(len(STEP_SERIES), steps)
        calls, back = (np.rint(100 * block[n, :until]).astype(np.int64).tolist() for n in (0, 1))
        kept = np.rint(100 * arrays.reuse * block[1, :until]).astype(np.int64).tolist()
        paid = asked.paid_in[:until].tolist()
        costs = [
            a - b
            for a, b in zip(paid, np.rint(100 * arrays.inflow[:until]).astype(np.int64).tolist(), strict=True)
        ]

        def flows(amounts: list[int], days: list[dt.date] = days) -> tuple[Flow, ...]:
            return tuple(Flow(day, fen) for day, fen in zip(days, amounts, strict=True) if fen)

        vehicle = replace(
            VEHICLE,
            as_of=days[-1],
            capital_in=VEHICLE.capital_in + flows(paid),
            other_in=flows(back),
            uses=VEHICLE.uses + flows(calls) + flows(costs),
            deployed=VEHICLE.deployed + flows(calls),
            other_out=flows([a - b for a, b in zip(back, kept, strict=True)]),
        )
        assert vehicle.cash == vehicle_paths(asked, arrays, chunk.rows).cash[until - 1, path]
        judged = judge(
            OfficeFacts(days[-1], funds=(vehicle,)), days[-1], settings=numbers, only=list(VEHICLE_RULES)
        )
        found |= {(f.rule, "PF"): f.verdict for f in judged}
        for q, question in enumerate(asked.questions):
            assert VERDICTS[codes[q, y, path]] is found[question], (question, days[-1], path)
            seen.add((question[0], found[question]))
    return seen


def test_two_hundred_path_years_are_judged_as_the_audit_judges_them(view) -> None:
    seen = path_years(view, SPEC)
    assert {verdict for _, verdict in seen} >= {Verdict.BREACH, Verdict.WARN, Verdict.PASS, Verdict.UNKNOWN}
    assert {v for rule, v in seen if rule == "AF-02"} >= {Verdict.BREACH, Verdict.PASS}, seen
    assert len(seen) >= 11, seen


def test_a_limit_that_is_not_carried_forward_is_unknown_and_never_a_pass(view) -> None:
    """Of one bank or guarantor; a pool without one stays as it was."""
    made, _ = inputs_of(view, read_scenario(SPEC))
    assert made.rules is not None
    chunk = simulate_chunk(made.arrays, 3, 0, 128)
    plain = path_verdicts(made.rules, made.arrays, made.days, chunk.rows, chunk.states)
    pools = tuple(replace(pool, beside=(True, False)) for pool in made.rules.pools[:1])
    asked = replace(made.rules, pools=pools + made.rules.pools[1:])
    codes = path_verdicts(asked, made.arrays, made.days, chunk.rows, chunk.states)
    passed, unknown = VERDICTS.index(Verdict.PASS), VERDICTS.index(Verdict.UNKNOWN)
    for q, (rule, code) in enumerate(asked.questions):
        if code == "P" and rule in ("RC-08", "RC-22"):
            assert (plain[q] == passed).any()
            assert (codes[q] == np.where(plain[q] == passed, unknown, plain[q])).all()
        else:
            assert (codes[q] == plain[q]).all()


def test_every_path_has_one_verdict_and_the_document_says_what_was_not_asked(view) -> None:
    result = project_scenario(view, read_scenario(SPEC), LOCAL, NOW)
    assert all(check.holds for check in result.checks)
    assert "every_path_has_one_verdict" in {check.name for check in result.checks}
    document = rules_document(result)
    assert len(document.rows) == 10 * len(year_steps(result.days))
    for row in document.rows:
        assert sum(row[f"{v.value}_probability"] for v in Verdict) == pytest.approx(1)
    assert str(len(rules_not_asked())) in document.notes[0].en
    assert all(rule in document.notes[1].en for rule in PARTLY_MOVED)
    assert result.head.stages["rules"] >= 0
    # the vehicle's cash is not kept in the book: unknown, never a pass
    assert all(r["unknown_probability"] == 1 for r in document.rows if r["projected_rule"] in VEHICLE_RULES)
    silent = project_scenario(view, read_scenario("rules = false\n" + SPEC), LOCAL, NOW)
    assert not rules_document(silent).rows
