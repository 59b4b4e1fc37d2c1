"""One door for every argument of the kernels: whatever comes, an answer or a ValuationError, and never a warning."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
import inspect
import pkgutil
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import valuation
from valuation import (
    attribution,
    buy_out,
    calibration,
    carry,
    concentration,
    concession,
    creditrisk,
    dates,
    equalisation,
    estimation,
    fees,
    leading_digits,
    lookthrough,
    pacing,
    pme,
    pool_paths,
    pools,
    returns,
    sampling,
    scenario_fit,
    scenario_paths,
    scenario_pools,
    scenario_rates,
    scores,
    selection,
    split,
    streams,
    survival,
    treatment,
    vasicek,
    waterfall,
)
from valuation import terms as waterfall_terms
from valuation.quantile_sketch import QuantileSketch
from valuation.refusals import ValuationError
from valuation.terms import Hurdle, Partners, standard_terms

TERMS = standard_terms(carry="0.2", hurdle=Hurdle("0.08"), catch_up=1)
FLOWS, DAYS = [-100.0, 30.0, 90.0], [0, 400, 800]
TWO = ([-100.0, 110.0, -100.0, 60.0, 70.0], [0, 365, 0, 365, 730], [0, 2, 5])
INDEX = {"calls": [100.0, 0.0], "distributions": [0.0, 60.0], "index": [1.0, 1.2], "nav": 70.0}
GRAPH = lookthrough.ownership([0, 0, 1], [1, 2, 2], [0.5, 0.1, 0.4], 3)
STEP = fees.FeeStep(0, fees.Period.INVESTMENT, fees.FeeMeasure.COMMITMENT, "0.02")
MODEL = pacing.PacingModel((0.3, 0.5), 10.0, 2.0, 0.1)
LOANS = {
    "exposures": [100.0, 50.0],
    "pd": [0.02, 0.03],
    "sd": [0.01, 0.01],
    "sector_weights": [1.0, 1.0],
    "unit": 10.0,
}
CONCESSION = concession.Concession((concession.Milestone("early", "0.5"),), (("manager", 1),), "document 1")

BOUNDS = calibration.Bounds(
    rates=((0.3, 0.3),), life=(8, 8), bow=(2.0, 2.0), growth=(0.1, 0.1), yield_rate=(0.0, 0.0)
)
SCENARIO: dict[str, Any] = {
    "rates": np.stack([np.full((2, 3), 0.3), np.full((2, 3), 0.1), np.full((2, 3), 1.05)]),
    "span": np.array([[0, 0], [3, 3]]),
    "noise": np.full((4, 2), 0.1),
    "lengths": np.ones(3),
    "streams": np.arange(2),
    "stocks": np.array([[100.0, 50.0], [40.0, 0.0]]),
    "unsigned": np.zeros(3),
    "opening": 1000.0,
    "inflow": np.zeros(3),
    "reuse": 0.5,
    "paid_in": np.array([90.0, 50.0]),
    "distributed": np.zeros(2),
    "members": ((0, 1), (1,)),
    "history": ((np.array([-1.0]), np.array([-90.0])), (np.array([-2.0]), np.array([-50.0]))),
    "pools": (),
    "floor": 0.0,
}
POOL: dict[str, Any] = {
    "stream": 7,
    "loans": 10,
    "default": scenario_pools.step_defaults(0.05, np.ones(3)),
    "rho": 0.1,
    "link": 0.0,
    "pays": 1.0,
    "balance": 1e4,
    "outstanding": 100.0,
    "maturing": np.zeros(3),
    "lending": np.zeros(3),
    "inflow": np.zeros(3),
    "term": 4,
    "back": 0.0,
    "lag": 1,
    "floor": 0.0,
    "stopped": False,
    "reopens": False,
}
PANEL: dict[str, Any] = {
    **dict.fromkeys(("age", "opening", "closing", "unfunded", "calls", "paid"), np.full((2, 5), 1.0)),
    **dict.fromkeys(("life", "commitment"), np.full(2, 9.0)),
}


def projected(**fields: Any) -> Any:
    """Paths of a scenario that is laid out by hand, and the one without noise."""
    arrays = scenario_paths.ScenarioArrays(**fields)
    return scenario_paths.simulate_chunk(arrays, 3, 0, 4).rows, scenario_paths.expected_path(arrays)


def pooled(**fields: Any) -> Any:
    """Paths of a scenario with one pool."""
    return projected(**{**SCENARIO, "pools": (scenario_pools.PoolArrays(**fields),)})


def simulated(**arguments: Any) -> Any:
    return scenario_paths.simulate_chunk(scenario_paths.ScenarioArrays(**SCENARIO), **arguments).rows


def fitted(**fields: Any) -> Any:
    return scenario_fit.fit_pacing(scenario_fit.FitPanel(**fields)).rates[0].value


def sketched(rows: Any, block: Any, levels: Any) -> Any:
    sketch = QuantileSketch(rows, 64)
    sketch.add(block)
    return sketch.quantiles(levels)


DOOR: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (returns.irr, {"amounts": FLOWS, "times": [0.0, 1.0, 2.0]}),
    (returns.xirr, {"amounts": FLOWS, "days": DAYS, "day_count": "ACT/365F"}),
    (returns.irr_many, {"amounts": TWO[0], "times": TWO[1], "offsets": TWO[2]}),
    (returns.xirr_many, {"amounts": TWO[0], "days": TWO[1], "offsets": TWO[2], "day_count": "ACT/ACT"}),
    (returns.irr_paths, {"flows": [[-100.0, 60.0, 60.0]]}),
    (returns.npv, {"rate": 0.1, "amounts": FLOWS, "times": [0.0, 1.0, 2.0]}),
    (returns.xnpv, {"rate": 0.1, "amounts": FLOWS, "days": DAYS, "day_count": "ACT/365F"}),
    (returns.xnfv, {"rate": 0.1, "amounts": FLOWS, "days": DAYS, "day_count": "30/360"}),
    (returns.mirr, {"amounts": FLOWS, "finance_rate": 0.1, "reinvest_rate": 0.1}),
    (returns.paid_in, {"flows": FLOWS}),
    (returns.dpi, {"flows": FLOWS}),
    (returns.rvpi, {"flows": FLOWS, "nav": 50.0}),
    (returns.tvpi, {"flows": FLOWS, "nav": 50.0}),
    (returns.pic, {"flows": FLOWS, "commitment": 200.0}),
    (returns.since_inception_irr, {"amounts": FLOWS, "days": DAYS, "nav": 5.0, "as_of": 900}),
    (returns.pooled_irr, {"amounts": FLOWS, "days": DAYS, "navs": [5.0, 6.0], "as_of": 900}),
    (
        returns.horizon_irr,
        {"amounts": FLOWS, "days": DAYS, "opening_nav": 90.0, "start": 100, "closing_nav": 9.0, "end": 800},
    ),
    (
        returns.quarter_irr,
        {"amounts": FLOWS, "days": DAYS, "opening_nav": 90.0, "closing_nav": 95.0, "quarter_end": 454},
    ),
    (
        returns.modified_dietz,
        {"amounts": FLOWS, "days": DAYS, "opening_nav": 90.0, "start": 100, "closing_nav": 9.0, "end": 800},
    ),
    (pme.ks_pme, INDEX),
    (pme.long_nickels, {**INDEX, "times": [0.0, 1.0]}),
    (pme.pme_plus, {**INDEX, "times": [0.0, 1.0]}),
    (
        pme.mpme,
        {
            "calls": [100.0, 0.0],
            "distributions": [0.0, 60.0],
            "navs": [100.0, 70.0],
            "index": [1.0, 1.2],
            "times": [0.0, 1.0],
        },
    ),
    (pme.direct_alpha, {**INDEX, "times": [0.0, 1.0]}),
    (
        pme.multiples_as_of,
        {
            "amounts": TWO[0],
            "days": TWO[1],
            "offsets": TWO[2],
            "navs": [[5.0, 6.0], [7.0, 8.0]],
            "as_of": [400, 800],
            "index": [1.0, 1.1],
            "index_days": [0, 300],
        },
    ),
    (
        pme.xirr_as_of,
        {
            "amounts": TWO[0],
            "days": TWO[1],
            "offsets": TWO[2],
            "navs": [[5.0, 6.0], [7.0, 8.0]],
            "as_of": [400, 800],
            "day_count": "ACT/360",
        },
    ),
    (
        attribution.nav_bridge,
        {"opening": [100], "calls": [5], "distributions": [3], "gains": {"income": [2]}, "closing": [110]},
    ),
    (
        attribution.tvpi_contribution,
        {"invested": [100], "proceeds": [50], "value": [70], "paid_in": 120, "distributed": 40, "nav": 70},
    ),
    (attribution.losses, {"invested": [100], "proceeds": [50], "value": [30]}),
    (attribution.concentration, {"amounts": [5, 7]}),
    (
        attribution.irr_contribution,
        {
            "amounts": [-100.0, 110.0],
            "flow_days": [0, 365],
            "holding": [0, 0],
            "holdings": 1,
            "rate": 0.1,
            "fund_amounts": [-100.0, 110.0],
            "fund_days": [0, 365],
            "day_count": "ACT/365F",
        },
    ),
    (
        treatment.treat,
        {
            "transaction_types": ["Capital Call: Investments", "NAV"],
            "amounts": [-100.0, 120.0],
            "view": treatment.VIEWS[0],
        },
    ),
    (split.split, {"total": 100, "weights": [1, 2]}),
    (split.split_many, {"totals": [100, 50], "weights": [1, 2, 3], "offsets": [0, 2, 3]}),
    (
        waterfall.whole_fund,
        {
            "terms": TERMS,
            "partners": Partners(("A", "B")),
            "call_days": [0],
            "calls": [[60, 40]],
            "cash_days": [400],
            "cash": [150],
            "as_of": 500,
        },
    ),
    (waterfall_terms.Hurdle, {"rate": "0.08", "accrual": "simple", "day_count": "ACT/365F"}),
    (waterfall_terms.CatchUp, {"carry": "0.2", "share": 1}),
    (waterfall_terms.ProfitSplit, {"carry": "0.2"}),
    (waterfall_terms.ReturnOfCapital, {"classes": ("partner",)}),
    (waterfall_terms.Partners, {"codes": ("A", "B"), "classes": ("partner", "other")}),
    (
        waterfall_terms.standard_terms,
        {
            "carry": "0.2",
            "hurdle": Hurdle("0.08"),
            "catch_up": 1,
            "priority": ((("social",), ("state",))),
            "loss_ranking": "document 1",
        },
    ),
    (carry.CarriedDeal, {"code": "D1", "closed_on": 300}),
    (
        carry.deal_by_deal,
        {
            "terms": TERMS,
            "partners": Partners(("A", "B")),
            "deals": (carry.CarriedDeal("D1"),),
            "call_days": [0],
            "call_deals": ["D1"],
            "calls": [[60, 40]],
            "cash_days": [400],
            "cash_deals": ["D1"],
            "cash": [150],
            "losses_first": True,
        },
    ),
    (carry.ClawbackTerms, {"carry": "0.2", "floor_multiple": "1.1", "retained_for_tax": "0.25"}),
    (
        carry.clawback,
        {
            "terms": carry.ClawbackTerms("0.2", Hurdle("0.08")),
            "call_days": [0, 500],
            "called": [1000, 400],
            "cash_days": [100],
            "to_partners": [1300],
            "to_manager": [100],
            "day": 900,
        },
    ),
    (carry.escrow, {"carry": [100, 50], "share": "0.3"}),
    (carry.total_return_carry, {"committed": 100, "carry": "0.2", "nav_before": [90, 120, 150]}),
    (concession.Milestone, {"name": "early", "rate": "0.5"}),
    (
        concession.Concession,
        {
            "milestones": (concession.Milestone("early", "0.5"),),
            "beneficiaries": (("manager", 1),),
            "approval": "document 1",
        },
    ),
    (
        concession.concede,
        {
            "terms": CONCESSION,
            "call_days": [0],
            "called": [100],
            "receipt_days": [400],
            "receipts": [160],
            "met": {"early": 10},
        },
    ),
    (
        buy_out.BuyOutStep,
        {"until_years": 3, "price": "cost_plus_interest", "rate": "0.03", "interest_after": 1},
    ),
    (buy_out.common_buy_out, {"loan_rate": "0.03"}),
    (
        buy_out.buy_out_price,
        {
            "terms": buy_out.common_buy_out("0.03"),
            "started": 0,
            "flow_days": [0],
            "flows": [100],
            "day": 1500,
            "market": 130,
        },
    ),
    (buy_out.years_on, {"day": 100, "years": 3}),
    (
        equalisation.equalise,
        {
            "before": [60, 0],
            "after": [60, 40],
            "call_days": [0],
            "calls": [[30, 0]],
            "closing_day": 300,
            "interest": "0.08",
            "day_count": "ACT/365F",
        },
    ),
    (fees.FeeStep, {"from_day": 0, "period": "investment", "basis": "commitment", "rate": "0.02"}),
    (fees.FeeTerms, {"steps": (STEP,), "ends": 4000, "day_count": "ACT/365F"}),
    (fees.Balance, {"days": [0, 100], "fen": [5, 7]}),
    (fees.Balance.of_flows, {"flow_days": [0, 100], "flows": [5, -3]}),
    (
        fees.management_fees,
        {
            "terms": fees.FeeTerms((STEP,), 4000),
            "balances": {fees.FeeMeasure.COMMITMENT: fees.Balance([0], [10**6])},
            "bounds": [0, 365, 730],
        },
    ),
    (fees.graded_fee, {"fee": 100, "held": "0.2", "factors": {"good": 1}, "grade": "good"}),
    (fees.fee_advances, {"fees": [10, 10], "income": [5, 20]}),
    (
        lookthrough.ownership,
        {
            "owner": [0, 0],
            "owned": [1, 2],
            "share": [0.5, 0.4],
            "nodes": 3,
            "valid_from": [0, 0],
            "valid_to": [900, 900],
            "day": 100,
        },
    ),
    (lookthrough.find_cycle, {"owner": [0, 1], "owned": [1, 2], "nodes": 3}),
    (lookthrough.shares_of, {"owned": [1, 1], "amount": [5.0, 7.0], "nodes": 2}),
    (lookthrough.direct_shares, {"graph": GRAPH, "owners": [0], "targets": [1, 2]}),
    (lookthrough.integrated_shares, {"graph": GRAPH, "owners": [0], "targets": [1, 2]}),
    (lookthrough.path_counts, {"graph": GRAPH, "owner": 0}),
    (lookthrough.path_count, {"graph": GRAPH, "owner": 0, "target": 2}),
    (lookthrough.paths, {"graph": GRAPH, "owner": 0, "target": 2, "most": 100}),
    (
        pacing.takahashi_alexander,
        {
            "commitment": 100.0,
            "rates": [0.25, 0.3],
            "life": 10.0,
            "bow": 2.5,
            "growth": 0.1,
            "yield_rate": 0.0,
            "last_call": 8,
            "years": 12,
        },
    ),
    (
        pacing.project,
        {"nav": 50.0, "unfunded": 40.0, "age": 3.0, "model": MODEL, "steps": 8, "per_year": 4, "first": 0.1},
    ),
    (pacing.step_rates, {"age": 3.0, "model": MODEL, "steps": 8, "per_year": 4, "first": 0.1}),
    (
        calibration.backtest,
        {
            "commitment": 1.0,
            "called": [0.3, 0.6, 0.8],
            "distributed": [0.0, 0.1, 0.3],
            "nav": [0.3, 0.6, 0.7],
            "fit_years": 2,
            "bounds": calibration.Bounds(
                rates=((0.3, 0.3),), life=(8, 8), bow=(2.0, 2.0), growth=(0.1, 0.1), yield_rate=(0.0, 0.0)
            ),
        },
    ),
    (
        calibration.observed_rates,
        {"observed": calibration.Transitions([1.0], [2.0], [0.5], [0.4], [0.1], [0.05], [0.6])},
    ),
    (creditrisk.LossDistribution, {"unit": 1.0, "probabilities": [0.9, 0.1]}),
    (creditrisk.LossDistribution(1.0, np.array([0.9, 0.1])).quantile, {"level": 0.99}),
    (creditrisk.creditrisk_plus, LOANS),
    (creditrisk.risk_contributions, {**LOANS, "level": 0.99}),
    (
        creditrisk.pooled_relative_variance,
        {
            "expected_loss": [1.0, 2.0],
            "relative_variance": [0.5, 0.6],
            "correlation": [[1.0, 0.2], [0.2, 1.0]],
        },
    ),
    (pools.share_losses, {"losses": [100, 7], "shares": ("0.4", "0.6")}),
    (pools.share_recovery, {"recovered": 50, "borne": [40, 60]}),
    (pools.compensation, {"losses": [100], "rate": "0.4", "cap": 30}),
    (pools.pay_claims, {"claims": [50, 60], "available": 80, "group": [0, 1], "quota": [40, 60]}),
    (pools.pay_claims_pro_rata, {"claims": [50, 60], "available": 80}),
    (pools.stop_loss, {"insurer_loss": 200, "premium": 100, "multiple": "1.2", "pool": 50}),
    (
        pool_paths.simulate_pool,
        {
            "pd": [0.02, 0.03],
            "payout": [100.0, 50.0],
            "rho": 0.1,
            "paths": 8,
            "seed": 3,
            "group": [0, 0],
            "cap": [120.0],
            "part": (0, 8),
        },
    ),
    (vasicek.vasicek_quantile, {"pd": 0.02, "rho": 0.1, "level": 0.99}),
    (vasicek.conditional_default_rate, {"pd": 0.02, "rho": 0.1, "factor": 1.0}),
    (vasicek.loss_contributions, {"exposure": [100.0], "pd": [0.02], "lgd": 0.4, "rho": 0.1, "level": 0.99}),
    (streams.seed_word, {"seed": 5}),
    (
        sampling.attribute_sample_size,
        {"tolerable": "0.1", "expected": "0.02", "risk": "0.05", "population": 300},
    ),
    (sampling.attribute_upper_limit, {"size": 60, "deviations": 2, "risk": "0.05", "population": 300}),
    (sampling.monetary_unit_sample_size, {"tolerable": "0.1", "expected": "0.02", "risk": "0.05"}),
    (
        sampling.monetary_unit_upper_bound,
        {"book": 1000, "tainted": ["0.5", "-0.1"], "size": 60, "risk": "0.05", "method": "stringer-lta"},
    ),
    (
        sampling.permutation_test,
        {"a": [3, 4, 9], "b": [1.5, 2], "paired": False, "groups": [0, 0, 1, 0, 1], "seed": 1, "draws": 50},
    ),
    (sampling.permutation_test, {"a": list(range(22)), "b": [0.5] * 22, "paired": True, "draws": 50}),
    (sampling.first_digit_test, {"amounts": [120, 34, -5]}),
    (selection.monetary_unit_selection, {"values": [5, 0, 9], "size": 3, "seed": 1}),
    (selection.interval_selection, {"values": [5, 0, 9], "size": 3, "first_unit": "1.5"}),
    (selection.attribute_selection, {"strata": [0, 1, 0], "sizes": [1, 1], "seed": 1}),
    (survival.kaplan_meier, {"durations": [3, 5], "observed": [1, 0], "entry": [0, 1]}),
    (concentration.hhi, {"amounts": [3, 5]}),
    (leading_digits.repeated_values, {"amounts": [3, 5, 3]}),
    (estimation.difference_estimate, {"book": [3, 5], "audited": [3, 4], "items": 9, "risk": "0.1"}),
    (
        estimation.regression_estimate,
        {"book": [3, 5, 9], "audited": [3, 4, 9], "items": 9, "total": 60.0, "risk": "0.1"},
    ),
    (
        estimation.stratified_rate,
        {"weights": [3.0, 5.0], "sizes": [3, 4], "errors": [0, 1], "estimator": "uniform-prior"},
    ),
    (selection.allocation, {"size": 9, "weights": [1.0, 3.0], "least": [2, 2], "most": [4, 9]}),
    (scores.crps_ensemble, {"members": [1.0, 2.0, 4.0], "observed": 2.5, "fair": True}),
    (scores.interval_score, {"lower": [1.0], "upper": [2.0], "observed": [1.5], "alpha": 0.2}),
    (scores.pit, {"members": [[1.0, 2.0], [3.0, 4.0]], "observed": [1.5, 9.0]}),
    (scores.coverage_test, {"hits": [1, 0, 1], "level": 0.8}),
    (scenario_rates.scenario_rates, {"age": [1.0, -2.0], "model": MODEL, "lengths": [0.5, 1.0]}),
    (scenario_fit.fit_pacing, {"panel": scenario_fit.FitPanel(**PANEL), "years": 3}),
    (fitted, PANEL),
    (projected, SCENARIO),
    (pooled, POOL),
    (simulated, {"seed": 3, "first": 0, "count": 4, "fast": "market", "other": 5}),
    (
        scenario_paths.driver_shares,
        {"arrays": scenario_paths.ScenarioArrays(**SCENARIO), "seed": 3, "paths": 4},
    ),
    (scenario_paths.without_noise, {"arrays": scenario_paths.ScenarioArrays(**SCENARIO)}),
    (sketched, {"rows": 2, "block": [[1.0, 2.0, 5.0], [3.0, np.nan, 4.0]], "levels": [0.1, 0.5]}),
    (dates.days, {"value": [0, 5]}),
    (dates.day, {"value": 5}),
    (dates.year_fractions, {"start": [0], "end": [400], "day_count": "ACT/365F"}),
    (
        calibration.calibrate,
        {
            "commitment": 1.0,
            "called": [0.3, 0.6],
            "distributed": [0.0, 0.1],
            "nav": [0.3, 0.6],
            "bounds": BOUNDS,
        },
    ),
    (
        calibration.calibrate_transitions,
        {
            "observed": calibration.Transitions([1.0], [2.0], [0.5], [0.4], [0.1], [0.05], [0.6]),
            "bounds": BOUNDS,
        },
    ),
    (
        carry.settle,
        {
            "account": carry.escrow([60, 40], "0.3"),
            "owed": carry.clawback(carry.ClawbackTerms("0.2"), [0], [1000], [100], [1300], [100], 900),
        },
    ),
]

INNER = {
    **dict.fromkeys(
        ("arguments", "exact", "refusals", "scenario_door"), "the door itself: what comes is judged there"
    ),
    **dict.fromkeys(("compiled", "warmup"), "about the compiler, takes no figures"),
    **dict.fromkeys(
        ("irr", "rates", "root_proof", "roots", "tail_laws", "least_squares", "normal", "pot", "hurdle"),
        "called by kernels with what their door let in",
    ),
    **dict.fromkeys(
        ("pacing_kernels", "scenario_kernels", "company_paths", "company_outcomes", "limit_room"),
        "compiled, or laid out by fof.scenarios alone",
    ),
    "dates.year_of": "of a day that went through the door",
    "dates.quarter_start": "of a day that went through the door",
    "dates.canonical": "a word of a closed list, refused where it is none",
    "dates.discount_times": "of days that went through the door",
    "pacing.roll": "the recursion behind pacing.project and scenario_paths.expected_path",
    "scenario_paths.simulate_chunk": "walked field by field as `projected` and `simulated`",
    "scenario_paths.expected_path": "walked field by field as `projected`",
    "scenario_pools.simulate_pools": "fills rows of simulate_chunk; walked as `pooled`",
    "scenario_pools.pool_tile": "compiled",
    "scenario_pools.step_defaults": "the place of a probability of 0 under the normal law is minus infinity, as kernels take it",
    "estimation.student_quantile": "the quantile behind the estimates of estimation",
    "scenario_pools.pool_row_count": "of numbers of steps and pools",
    "scenario_pools.limit_state_count": "of numbers of steps and pools",
    "quantile_sketch.turns_at_most": "of numbers of rows and values that a sketch has taken in",
    "selection.shared_out": "the shares behind selection.allocation",
    "split.share_ints": "exact integers of Python, behind split.split and split.split_many",
}
"""Modules and functions without a door of their own, and why."""


def test_every_public_function_has_a_door_or_says_why_not() -> None:
    walked = {getattr(f, "__wrapped__", f) for f, _ in DOOR}
    missing = []
    for info in pkgutil.iter_modules(valuation.__path__):
        module = importlib.import_module(f"valuation.{info.name}")
        for name, value in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(value) or value.__module__ != module.__name__:
                continue
            if (
                inspect.unwrap(value) not in walked
                and info.name not in INNER
                and f"{info.name}.{name}" not in INNER
            ):
                missing.append(f"{info.name}.{name}")
    assert missing == []


ODD: list[Any] = [
    [[1, 2], [3]],
    [1, "a"],
    ["a", None],
    ["A", 1],
    [],
    (),
    {},
    {"a": 1},
    "LP",
    "",
    "2024-02-30",
    "1e999999999",
    None,
    object(),
    True,
    [True, False],
    1 + 2j,
    [1j],
    2.5,
    [0.5, 1.5],
    -1,
    0,
    8,
    10**30,
    [10**30],
    2**62,
    -(2**62),
    1e308,
    -1e308,
    [1e308, 1e308],
    [1e308, -1e308],
    [1e308, 1e308, 1e308],
    [-1e308, 1e308, 1e308],
    [1e-320, 1.0, -1e-320],
    5e-324,
    np.nan,
    [np.nan],
    np.inf,
    [-np.inf, 1.0, 2.0],
    Decimal("NaN"),
    Decimal("0.1"),
    Fraction(1, 3),
    np.float64(0.5),
    np.float32(0.5),
    np.int64(1),
    np.int32(1),
    np.uint64(2**63 + 5),
    np.bool_(True),
    np.array(2.5),
    np.array([[1.0]]),
    np.array(["a"]),
    np.array([1, "a"], object),
    np.array([None]),
    np.datetime64("NaT"),
    np.datetime64("2024-01-01"),
    dt.date(2024, 1, 1),
    dt.datetime(2024, 1, 1, 5),
    [dt.date(2024, 1, 1), "x"],
    np.longdouble("1e4000"),
    np.longdouble("0.1"),
    np.timedelta64(1, "D"),
    np.array([1], "m8[D]"),
    np.array([1 + 0j]),
    b"abc",
    [[]],
    [[[1.0]]],
    range(3),
    iter([1, 2]),
    lambda: 1,
    float,
    {1, 2},
]


def beyond_float64(answer: Any) -> bool:
    """Whether an answer holds an infinity anywhere."""
    if dataclasses.is_dataclass(answer):
        return any(beyond_float64(getattr(answer, f.name)) for f in dataclasses.fields(answer))
    if isinstance(answer, tuple | list):
        return any(beyond_float64(x) for x in answer)
    if isinstance(answer, float | np.ndarray) and np.asarray(answer).dtype.kind == "f":
        return bool(np.isinf(answer).any())
    return False


@pytest.mark.parametrize(("function", "arguments"), DOOR, ids=lambda x: getattr(x, "__qualname__", ""))
def test_an_answer_or_an_error_of_ours(function: Callable[..., Any], arguments: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(**arguments)  # the arguments themselves are good
        wrong = []
        for name in arguments:
            for odd in ODD:
                try:
                    answer = function(**{**arguments, name: odd})
                    if beyond_float64(answer):
                        wrong.append(f"{name}={odd!r}: an infinity in the answer")
                except ValuationError:
                    pass
                except BaseException as error:
                    wrong.append(f"{name}={odd!r}: {type(error).__name__}: {error}"[:150])
    assert not wrong, "\n".join([f"{len(wrong)} leave by another door", *wrong])


# ------------------------------------------------------------------ days

DAY_ARGUMENTS = {
    "days",
    "as_of",
    "start",
    "end",
    "index_days",
    "flow_days",
    "fund_days",
    "call_days",
    "cash_days",
    "receipt_days",
    "closed_on",
    "day",
    "started",
    "closing_day",
    "from_day",
    "ends",
    "bounds",
    "valid_from",
    "valid_to",
}
WITH_DAYS = [
    (f, a, name)
    for f, a in DOOR
    for name in a
    if name in DAY_ARGUMENTS and not isinstance(a[name], calibration.Bounds)
]


def written(value: Any, form: Callable[[dt.date], Any]) -> Any:
    """Day numbers in another form, one by one or all."""
    if isinstance(value, list):
        return [written(x, form) for x in value]
    return form(dt.date(1970, 1, 1) + dt.timedelta(days=int(value)))


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    WITH_DAYS,
    ids=lambda x: getattr(x, "__qualname__", x if isinstance(x, str) else ""),
)
def test_days_are_dates_texts_or_numbers_everywhere(
    function: Callable[..., Any], arguments: dict[str, Any], name: str
) -> None:
    if isinstance(arguments[name], str):
        pytest.fail("give day numbers in DOOR")
    wanted = shown(function(**arguments))
    forms: list[Callable[[dt.date], Any]] = [
        lambda d: d,
        dt.date.isoformat,
        lambda d: dt.datetime(d.year, d.month, d.day),
        np.datetime64,
        lambda d: np.int64((d - dt.date(1970, 1, 1)).days),
    ]
    for form in forms:
        assert shown(function(**{**arguments, name: written(arguments[name], form)})) == wanted


def shown(answer: Any) -> str:
    if dataclasses.is_dataclass(answer):
        return str([shown(getattr(answer, f.name)) for f in dataclasses.fields(answer)])
    if isinstance(answer, tuple | list):
        return str([shown(x) for x in answer])
    return repr(answer.tolist() if isinstance(answer, np.ndarray) else answer)


# ------------------------------------------------------------------ numbers

RATE_ARGUMENTS = {
    "rate",
    "carry",
    "share",
    "catch_up",
    "interest",
    "held",
    "retained_for_tax",
    "floor_multiple",
    "multiple",
    "loan_rate",
}
WITH_RATES = [
    (f, a, name) for f, a in DOOR for name in a if name in RATE_ARGUMENTS and isinstance(a[name], str | int)
]


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    WITH_RATES,
    ids=lambda x: getattr(x, "__qualname__", x if isinstance(x, str) else ""),
)
def test_a_float_of_numpy_is_a_float(
    function: Callable[..., Any], arguments: dict[str, Any], name: str
) -> None:
    """0.08 as text, float, Decimal and numpy.float64 is 8/100 to the exact kernels; whole numbers of numpy are whole."""
    stated = arguments[name]
    wanted = shown(function(**arguments))
    for same in (float(stated), np.float64(stated), Decimal(str(stated)), Fraction(str(stated))):
        assert shown(function(**{**arguments, name: same})) == wanted
    if float(stated) == 1.0:
        assert shown(function(**{**arguments, name: np.int64(1)})) == wanted


def refused(argument: str, call: Callable[[], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValuationError) as caught:
            call()
    assert caught.value.argument == argument


def test_what_float64_cannot_hold_is_refused_and_not_warned_of() -> None:
    refused("rate", lambda: returns.npv(-0.9999999, [1.0, 1.0], [0.0, 100.0]))
    refused("rate", lambda: returns.npv([0.1, -0.9999999], [1.0, 1.0], [0.0, 100.0]))
    refused("rate", lambda: returns.xnfv(1e6, [1.0, 1.0], ["1900-01-01", "2024-01-01"]))
    refused("amounts", lambda: returns.mirr([-1e308, -1e308, 1.0], 0.0, 0.0))
    refused("flows", lambda: returns.dpi([-1e308, -1e308, 1e308]))
    refused("flows", lambda: returns.dpi([-1e-320, 1e300]))
    refused("nav", lambda: returns.tvpi([-1.0, 1.7e308], 1.7e308))
    refused("calls", lambda: pme.ks_pme([1e308, 1e308], [0.0, 0.0], [1.0, 1.0], 0.0))
    refused("calls", lambda: pme.ks_pme([1.0, 0.0], [0.0, 0.0], [1e-300, 1e300], 0.0))
    sweep = {"days": [0, 1], "offsets": [0, 2], "navs": [[1.0]], "as_of": [5]}
    refused("amounts", lambda: pme.multiples_as_of([-1e308, -1e308], **sweep))
    refused("amounts", lambda: pme.multiples_as_of([-1e-320, 1.0], **sweep))
    refused("closing", lambda: attribution.nav_bridge([2**61], [2**61], [0], {}, [2**61]))


def test_what_is_not_what_it_stands_for_is_refused_by_name() -> None:
    refused("codes", lambda: Partners("LP"))  # type: ignore[arg-type]
    refused("codes", lambda: Partners(("A", 1)))  # type: ignore[arg-type]
    refused(
        "priority[0]", lambda: standard_terms(carry=0, hurdle=None, priority=("social",), loss_ranking="x")
    )
    refused("steps", lambda: pacing.project(1.0, 1.0, 0.0, MODEL, steps=2.5))  # type: ignore[arg-type]
    refused("years", lambda: pacing.takahashi_alexander(1.0, [0.5], 5.0, 1.0, 0.1, 0.0, years=2.5))  # type: ignore[arg-type]
    refused("rate", lambda: Hurdle(8))
    refused("rate", lambda: Hurdle("1.2", "compound"))  # type: ignore[arg-type]
    refused("rate", lambda: Hurdle(8, "flat"))  # type: ignore[arg-type]
    refused("interest", lambda: equalisation.equalise([1], [1], [0], [[1]], 5, 8))
    refused("rate", lambda: buy_out.BuyOutStep(None, buy_out.Price.COST_PLUS_INTEREST, 3))
    assert Hurdle(2, "flat").rate == 2  # type: ignore[arg-type]  # three times the capital


def test_what_only_looks_like_a_number_is_refused() -> None:
    """A masked value is not known, a span of time is no number, and only plain digits are digits."""
    masked = np.ma.array([-100.0, 110.0], mask=[False, True])
    refused("amounts", lambda: returns.irr(masked))
    refused("days", lambda: returns.xirr([-1.0, 2.0], np.ma.array([0, 1], mask=[0, 1])))
    assert returns.irr(np.ma.array([-100.0, 110.0])).status == "one"  # nothing of it is masked
    for text in ("1_0", "０.0８", "٨", "0.0８", "1/٣"):
        refused("rate", lambda text=text: Hurdle(text))
    refused("amounts", lambda: leading_digits.first_digit_test(np.array([1], "m8[D]")))
    refused("hits", lambda: scores.coverage_test(np.array([1 + 0j]), 0.9))


def test_ragged_and_mixed_input_is_ours_to_refuse() -> None:
    refused("amounts", lambda: returns.irr([[1.0], [2.0, 3.0]]))
    refused("days", lambda: returns.xirr([-1.0, 2.0], [[0], [1, 2]]))
    refused("times", lambda: returns.irr_many([-1.0, 2.0], [[0], [1, 2]], [0, 2]))
    refused("flows", lambda: returns.irr_paths([[1.0], [2.0, 3.0]]))
    refused("amounts", lambda: returns.irr(["1", "2"]))
    refused("transaction_types", lambda: treatment.treat(["NAV", 3], [1.0, 2.0], treatment.VIEWS[0]))  # type: ignore[list-item]
