"""The verdicts of the rules that a projection asks, on every path of a chunk at the end of each year: see fof.scenarios.rules_over_time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from fof.book.reading import Floats
from fof.ledger import day_number, to_date
from fof.ledger.journal_columns import Ints
from fof.rules.array_forms import (
    CapStand,
    FormVerdicts,
    StopStand,
    compensation_form,
    enrolment_form,
    fits,
    idle_form,
    leverage_form,
    refill_form,
    tranches_form,
    whole_ratio,
)
from fof.rules.audit_findings import OVER, deals_dated
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts
from fof.rules.facts_pools import PoolFacts
from fof.rules.idle import above_since, tranches
from fof.rules.numbers_in_force import Numbers
from fof.rules.registry import RULES, Verdict
from fof.scenarios.idle_paths import NEVER, idle_money_by_step
from fof.scenarios.rules_over_time import (
    POOL_RULES,
    VEHICLE_RULES,
    VERDICTS,
    LimitTerms,
    PoolStart,
    RulesAsked,
    fen_of,
    year_steps,
)
from valuation.scenario_paths import STEP_SERIES, ScenarioArrays
from valuation.scenario_pools import LIMIT_STATES, POOL_SERIES, pool_row_count

_UNKNOWN = FormVerdicts(False, True, False, False)


class VerdictTally:
    """How many paths have each verdict: counts (questions, years, VERDICTS), added chunk by chunk; whole numbers, so that no
    order matters."""

    def __init__(self, asked: RulesAsked, arrays: ScenarioArrays, days: Sequence[dt.date]) -> None:
        self.asked, self.days = asked, [days[n] for n in year_steps(days)]
        self._arrays, self._all_days = arrays, tuple(days)
        self.counts = np.zeros((len(asked.questions), len(self.days), len(VERDICTS)), np.int64)

    def add(self, rows: Floats, states: Floats) -> None:
        """A chunk's rows and the states of its limits."""
        codes = path_verdicts(self.asked, self._arrays, self._all_days, rows, states)
        for number in range(len(VERDICTS)):
            self.counts[:, :, number] += (codes == number).sum(axis=2)


def path_verdicts(
    asked: RulesAsked, arrays: ScenarioArrays, days: Sequence[dt.date], rows: Floats, states: Floats
) -> Ints:
    """The verdict of each question at the end of each year on each path: (questions, years, paths), places in VERDICTS.

    rows, states : of a chunk (valuation.scenario_paths.ChunkRows)
    """
    years = year_steps(days)
    made: list[Ints] = []
    if asked.vehicle_code is not None:
        made += _vehicle_verdicts(asked, arrays, days, rows, years)
    at = 0
    size = pool_row_count(1, arrays.steps)
    for n, pool in enumerate(asked.pools):
        first = arrays.first_pool_row + n * size
        series = rows[first : first + len(POOL_SERIES) * arrays.steps].reshape(
            len(POOL_SERIES), arrays.steps, -1
        )
        count = len(pool.limits)
        shape = (count, len(LIMIT_STATES), arrays.steps, rows.shape[1])
        own = states[at : at + count * len(LIMIT_STATES) * arrays.steps].reshape(shape)
        at += count * len(LIMIT_STATES) * arrays.steps
        made += _pool_verdicts(asked, pool, days, series, own, years)
    return np.stack(made) if made else np.zeros((0, len(years), rows.shape[1]), np.int64)


# -- the vehicle ------------------------------------------------------------------------------------------------------


def _vehicle_verdicts(
    asked: RulesAsked, arrays: ScenarioArrays, days: Sequence[dt.date], rows: Floats, years: Sequence[int]
) -> list[Ints]:
    """Of the rules of the vehicle, in the order of VEHICLE_RULES: (years, paths) each."""
    vehicle, shape = asked.vehicle, (len(years), rows.shape[1])
    if vehicle is None:
        return [np.full(shape, VERDICTS.index(Verdict.UNKNOWN)) for _ in VEHICLE_RULES]
    if not vehicle.is_public:
        return [np.full(shape, VERDICTS.index(Verdict.NOT_APPLICABLE)) for _ in VEHICLE_RULES]
    money = vehicle_paths(asked, arrays, rows)
    return [
        _idle_cash(asked, vehicle, days, years, money),
        _idle_tranches(asked, vehicle, days, years, money),
    ]


def _idle_cash(
    asked: RulesAsked, vehicle: FundFacts, days: Sequence[dt.date], years: Sequence[int], money: VehicleMoney
) -> Ints:
    """GF-65."""
    cash, paid = money.cash, money.paid
    answer = np.empty((len(years), cash.shape[1]), np.int64)
    since: dict[Decimal, Ints] = {}
    known = np.broadcast_to(np.bool_(bool(vehicle.cash_kept)), (cash.shape[1],))
    for y, step in enumerate(years):
        numbers = _numbers(asked, "GF-65", days[step], asked.vehicle_code)
        if numbers is None:
            answer[y] = VERDICTS.index(Verdict.UNKNOWN)
            continue
        level, months = numbers.values["idle_warn"], numbers.values["idle_months"]
        assert isinstance(level, Decimal)
        assert isinstance(months, int)
        if level not in since:
            since[level] = _above_since(vehicle, level, days, cash, paid)
        own = since[level][step]
        long = day_number(days[step]) > _months_after(own, months)
        answer[y] = _codes(idle_form(cash[step], known, paid[step], own != NEVER, long), cash.shape[1])
    return answer


def _idle_tranches(
    asked: RulesAsked, vehicle: FundFacts, days: Sequence[dt.date], years: Sequence[int], money: VehicleMoney
) -> Ints:
    """AF-02."""
    paths = money.cash.shape[1]
    answer = np.full((len(years), paths), VERDICTS.index(Verdict.UNKNOWN))
    numbers = {step: _numbers(asked, "AF-02", days[step], asked.vehicle_code) for step in years}
    most = {step: int(str(own.values["idle_days_max"])) for step, own in numbers.items() if own is not None}
    idle = idle_money_by_step(vehicle, days, asked.paid_in, money.calls, money.costs, most)
    came = bool(tranches(vehicle)) | (np.cumsum(asked.paid_in) > 0)
    for y, step in enumerate(years):
        if step in most:
            cash, known = money.cash[step], deals_dated(vehicle)
            form = tranches_form(bool(came[step]), known, idle[step], bool(vehicle.cash_kept), cash)
            over = vehicle.status in OVER
            answer[y] = VERDICTS.index(Verdict.NOT_APPLICABLE) if over else _codes(form, paths)
    return answer


class VehicleMoney(NamedTuple):
    """Fen of the vehicle: cash and paid-in at the end of each step (steps, paths); calls of the funds below it in each step (steps, paths); its
    costs in each step (steps,)."""

    cash: Ints
    paid: Ints
    calls: Ints
    costs: Ints


def vehicle_paths(asked: RulesAsked, arrays: ScenarioArrays, rows: Floats) -> VehicleMoney:
    """The vehicle's money, each flow rounded by itself."""
    steps, vehicle = arrays.steps, asked.vehicle
    assert vehicle is not None
    block = rows[: len(STEP_SERIES) * steps].reshape(len(STEP_SERIES), steps, -1)
    calls, back = fen_of(block[STEP_SERIES.index("calls")]), fen_of(block[STEP_SERIES.index("distributions")])
    gone = back - fen_of(arrays.reuse * block[STEP_SERIES.index("distributions")])
    costs = asked.paid_in - fen_of(arrays.inflow)
    cash = vehicle.cash + np.cumsum(back - gone - calls + (asked.paid_in - costs)[:, None], axis=0)
    opening = sum(f.fen for f in vehicle.capital_in)
    opening += sum(f.fen for stake in vehicle.stakes for f in stake.paid if f.fen < 0)
    paid = np.broadcast_to((opening + np.cumsum(asked.paid_in))[:, None], cash.shape)
    return VehicleMoney(cash, paid, calls, costs)


def _above_since(vehicle: FundFacts, level: Decimal, days: Sequence[dt.date], cash: Ints, paid: Ints) -> Ints:
    """Since which day cash has been above the level, by step and path; NEVER where it is not."""
    part, whole = level.as_integer_ratio()
    start = above_since(vehicle, level)
    own = np.full(cash.shape[1], NEVER if start is None else day_number(start), np.int64)
    answer = np.empty_like(cash)
    held, base = _exact(cash, Fraction(level)), _exact(paid, Fraction(level))
    for t, day in enumerate(days):
        over = np.asarray((base[t] > 0) & (held[t] * whole > part * base[t]), bool)
        own = np.where(over, np.where(own == NEVER, day_number(day), own), NEVER)
        answer[t] = own
    return answer


def _months_after(days: Ints, months: int) -> Ints:
    """Day numbers so many months later; NEVER stays."""
    distinct, place = np.unique(days, return_inverse=True)
    later = [NEVER if d == NEVER else day_number(add_months(to_date(d), months)) for d in distinct.tolist()]
    return np.array(later, np.int64)[place]


# -- pools ------------------------------------------------------------------------------------------------------------


def _pool_verdicts(
    asked: RulesAsked,
    pool: PoolStart,
    days: Sequence[dt.date],
    series: Floats,
    states: Floats,
    years: Sequence[int],
) -> list[Ints]:
    """Of the four rules of a pool: (years, paths) each."""
    facts, paths = pool.facts, series.shape[2]
    cash, owed = (
        fen_of(series[POOL_SERIES.index("pool_balance")]),
        fen_of(series[POOL_SERIES.index("pool_outstanding")]),
    )
    raised = np.cumsum(fen_of(series[POOL_SERIES.index("pool_topped_up")]), axis=0)
    spent = np.cumsum(fen_of(series[POOL_SERIES.index("pool_paid")]), axis=0)
    stopped = states[:, LIMIT_STATES.index("stopped")] > 0
    lasting = np.logical_and.accumulate(stopped, axis=1)
    lowest = np.minimum(np.minimum.accumulate(cash, axis=0), facts.lowest_cash)
    used, allowed = _limit_states(pool, states)
    since_of: dict[Decimal, Ints] = {}
    answers: dict[str, list[Ints]] = {rule: [] for rule in POOL_RULES}
    for step in years:
        day = days[step]
        no, yes, nothing = np.zeros(paths, bool), np.ones(paths, bool), np.zeros(paths, np.int64)
        stops = [StopStand(no, no, no, yes) for stop in pool.beside if stop]
        caps = [CapStand(nothing, nothing, no) for stop in pool.beside if not stop]
        for n, limit in enumerate(pool.limits):
            if limit.stops:
                before = limit.agreed and any(x.code == limit.code and x.enrolled_since for x in facts.limits)
                stops.append(
                    _stop_stand(
                        limit, used[n][step], allowed[n][step], stopped[n, step], lasting[n, step] & before
                    )
                )
            else:
                caps.append(CapStand(used[n][step], allowed[n][step], yes))
        anything = (
            bool(pool.limits or pool.beside or facts.compensated or facts.contributed)
            | (spent[step] > 0)
            | (raised[step] > 0)
            | (lowest[step] < 0)
        )
        forms = {
            "RC-08": enrolment_form(stops),
            "RC-18": _leverage(asked, facts, day, owed[step], cash[step], raised[step]),
            "RC-22": compensation_form(anything, lowest[step], caps),
            "RC-23": _refill(asked, facts, days, step, cash, since_of),
        }
        for rule, form in forms.items():
            answers[rule].append(_codes(form, paths))
    return [np.stack(own) for own in answers.values()]


def _limit_states(pool: PoolStart, states: Floats) -> tuple[list[Ints], list[Ints]]:
    """What counts against each limit and what it allows, (steps, paths) fen each."""
    used, allowed = [], []
    for n, limit in enumerate(pool.limits):
        used.append(fen_of(states[n, 0]))
        most = np.full(states[n, 1].shape, 0 if limit.amount is None else limit.amount, np.int64)
        if limit.highest is not None:
            num, den = whole_ratio(limit.highest)
            base = np.maximum(fen_of(states[n, 1]), 0)
            by_rate = (_exact(base, limit.highest) * num // den).astype(np.int64)
            most = by_rate if limit.amount is None else np.minimum(by_rate, most)
        allowed.append(most)
    return used, allowed


def _stop_stand(limit: LimitTerms, used: Ints, allowed: Ints, stopped: Any, enrolled_since: Any) -> StopStand:
    num, den = whole_ratio(limit.warning)
    warned = (allowed != 0) & (_exact(used, limit.warning) * den >= num * _exact(allowed, limit.warning))
    return StopStand(enrolled_since, stopped, np.asarray(warned, bool), (allowed == 0) & (used != 0))


def _leverage(
    asked: RulesAsked, facts: PoolFacts, day: dt.date, owed: Ints, cash: Ints, raised: Ints
) -> FormVerdicts:
    numbers = _numbers(asked, "RC-18", day)
    if numbers is None:
        return _UNKNOWN
    most = facts.leverage_max
    if most is None:
        most = numbers.values["pool_leverage_max"]  # type: ignore[assignment]
    assert isinstance(most, Decimal)
    return leverage_form(_exact(owed, most), _exact(cash, most), facts.contributed + raised, most)


def _refill(
    asked: RulesAsked,
    facts: PoolFacts,
    days: Sequence[dt.date],
    step: int,
    cash: Ints,
    since_of: dict[Decimal, Ints],
) -> FormVerdicts:
    numbers = _numbers(asked, "RC-23", days[step])
    if numbers is None:
        return _UNKNOWN
    floor = numbers.values["pool_floor"] if facts.topup_floor is None else facts.topup_floor
    grace = numbers.values["pool_refill_days"] if facts.topup_days is None else facts.topup_days
    assert isinstance(floor, Decimal)
    assert isinstance(grace, int)
    if floor not in since_of:
        since_of[floor] = _below_since(facts, floor, days, cash)
    since = since_of[floor][step]
    late = day_number(days[step]) > since + grace
    return refill_form(_exact(cash[step], floor), facts.first_size, floor, since != NEVER, late)


def _below_since(facts: PoolFacts, floor: Decimal, days: Sequence[dt.date], cash: Ints) -> Ints:
    """Since when a pool is below its floor, by step and path, as the audit counts it: what was never above has not fallen."""
    answer = np.full(cash.shape, NEVER, np.int64)
    if facts.first_size is None or facts.first_size <= 0:
        return answer
    least = int(Fraction(floor) * facts.first_size)
    before = facts.below_floor_since
    since = np.full(cash.shape[1], NEVER if before is None else day_number(before), np.int64)
    reached = np.full(cash.shape[1], before is not None or facts.cash >= least)
    for t, day in enumerate(days):
        above = cash[t] >= least
        since = np.where(above, NEVER, np.where((since == NEVER) & reached, day_number(day), since))
        reached = reached | above
        answer[t] = since
    return answer


# -- what they share --------------------------------------------------------------------------------------------------


def _numbers(asked: RulesAsked, rule: str, day: dt.date, fund: str | None = None) -> Numbers | None:
    """The rule's numbers of a day; None where one is lacking."""
    numbers = asked.numbers.version(RULES[rule], day, fund)[1]
    return None if numbers.lacking else numbers


def _codes(form: FormVerdicts, paths: int) -> Ints:
    """Places in VERDICTS."""
    named = (
        (Verdict.BREACH, form.breach),
        (Verdict.UNKNOWN, form.unknown),
        (Verdict.WARN, form.warn),
        (Verdict.NOT_APPLICABLE, form.not_applicable),
    )
    answer = np.full(paths, VERDICTS.index(Verdict.PASS), np.int64)
    for verdict, holds in named:
        answer[np.broadcast_to(np.asarray(holds, bool), (paths,))] = VERDICTS.index(verdict)
    return answer


def _exact(values: Ints, number: Decimal | Fraction) -> Any:
    """The amounts so that their products with a parameter are exact: int64, Python's whole numbers where that is too narrow."""
    largest = int(np.abs(values).max(initial=0))
    return values if fits(largest, number) else values.astype(object)
