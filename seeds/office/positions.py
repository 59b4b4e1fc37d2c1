"""What the funds buy: tickets, follow-ons, holding times, and what came of each.

Outcomes follow the published shares of venture financings by realised multiple, exactly in number over the realised
positions. Large multiples fall on small tickets, as they do; who gets which is drawn from a stream of fixed label.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from office.days import LAST, after, years_after
from office.funds import Fund, OneOffDeal
from office.stream import Stream, split

OUTCOMES = ((0, 1, 648), (1, 5, 253), (5, 10, 59), (10, 20, 25), (20, 50, 11), (50, None, 4))
"""(multiple from, to, financings of a thousand). Source: Correlation Ventures, 21,640 US financings 2004-2013, the
chart reported by Seth Levine on 2014-08-12: 64.8, 25.3, 5.9, 2.5, 1.1 and 0.4 per cent."""

WAN = 1_000_000
"""Fen in ten thousand yuan."""

_HOLD_MONTHS = {
    "seed": (44, 84),
    "angel": (42, 84),
    "vc": (40, 80),
    "conversion": (44, 84),
    "growth": (36, 66),
    "industrial": (40, 72),
    "merger": (40, 64),
    "secondary": (26, 52),
}
_STEADY = frozenset({"growth", "industrial", "merger", "secondary"})
"""Strategies with fewer failures and no outliers."""


@dataclass(slots=True)
class Position:
    """One fund's stake in one company. Money in fen; `best` is the total received over the total paid, in 1e-4."""

    fund: str
    strategy: str
    number: int
    entry: dt.date
    first: int
    follow_on: dt.date | None
    second: int
    ripe: dt.date
    best: int = 10_000
    company: str = ""
    one_off: OneOffDeal | None = None
    round_up: int = 10_000  # price of the follow-on over the first price, 1e-4
    instalment: dt.date | None = None  # second half of the first ticket, at the first price
    exits: list[tuple[dt.date, int]] = field(default_factory=list)
    relative: int = 0  # cost over the fund's commitments, 1e-4

    @property
    def cost(self) -> int:
        return self.first + self.second

    @property
    def label(self) -> str:
        return f"{self.fund}/{self.number}"

    @property
    def realised(self) -> bool:
        return self.ripe <= LAST

    @property
    def written_off(self) -> bool:
        return self.best == 0


def skeleton(fund: Fund) -> list[Position]:
    """Tickets and days of a fund's positions; outcomes come later, over all funds together."""
    stream = Stream(f"positions {fund.code}")
    opens = max(fund.start + dt.timedelta(days=70), fund.start + dt.timedelta(days=fund.idle_days))
    days = (years_after(fund.start, fund.invest) - opens).days - 20
    tickets = _tickets(fund, stream)
    end = years_after(fund.start, fund.term + fund.extended)
    rows = []
    for n, ticket in enumerate(tickets):
        entry = after(opens, days * n // fund.positions + stream.between(0, days // fund.positions // 2))
        low, high = _HOLD_MONTHS[fund.strategy]
        ripe = after(entry, stream.between(low, high) * 30)
        if not fund.closes and end < LAST and n >= fund.positions - 2:
            ripe = after(LAST, stream.between(150, 420))  # what a fund past its term still holds
        if fund.closes:
            ripe = min(ripe, after(end, -stream.between(90, 420)))
        follow = after(entry, stream.between(330, 700))
        big = fund.big_ticket and n == 1
        if not (big or stream.chance(48)) or (ripe - follow).days < 300:
            follow = None
        first = ticket * (stream.between(52, 68) if follow else 100) // 100 // (10 * WAN) * 10 * WAN
        rows.append(
            Position(
                fund.code,
                fund.strategy,
                n + 1,
                entry,
                max(first, 10 * WAN),
                follow,
                0,
                ripe,
                round_up=stream.between(125, 210) * 100,
                relative=ticket * 10_000 // (fund.size * WAN),
            )
        )
        if follow:
            rows[-1].second = max((ticket - first) // (10 * WAN) * 10 * WAN, 10 * WAN)
        if first >= 400 * WAN and stream.chance(65):
            rows[-1].instalment = after(entry, stream.between(95, 190))
    rows += _one_off(fund, len(rows), stream)
    return rows


def _tickets(fund: Fund, stream: Stream) -> list[int]:
    """What each position may cost in all: the investable part of the commitments, none above 17 % of them."""
    share = 1000 - fund.fees[0][1] * fund.invest // 10 - fund.fees[1][1] * 2 // 10 - 45
    budget = fund.size * WAN * share // 1000 - sum(one_off.wan for one_off in fund.one_off_deals) * WAN
    big = fund.size * WAN * fund.big_ticket // 100
    weights = [stream.between(60, 160) for _ in range(fund.positions - bool(big))]
    cap = fund.size * WAN * 17 // 100
    tickets = split(budget - big, weights)
    for _ in range(5):
        tickets = [min(t, cap) for t in tickets]
        left = budget - big - sum(tickets)
        room = [cap - t for t in tickets]
        if left > 0 and sum(room) > 0:
            tickets = [t + extra for t, extra in zip(tickets, split(min(left, sum(room)), room), strict=True)]
    if big:
        tickets.insert(1, big)
    return tickets


def _one_off(fund: Fund, count: int, stream: Stream) -> list[Position]:
    return [
        Position(
            fund.code,
            fund.strategy,
            count + n,
            one_off.day,
            one_off.wan * WAN,
            None,
            0,
            after(one_off.day, stream.between(1500, 1900)),
            one_off=one_off,
            relative=one_off.wan * 10_000 // fund.size,
        )
        for n, one_off in enumerate(fund.one_off_deals, start=1)
    ]


def give_outcomes(positions: list[Position]) -> None:
    """Settle what came, or will come, of every position; the realised ones match the published shares in number."""
    weight: dict[str, int] = {}
    for realised in (True, False):
        group = [p for p in positions if p.realised is realised]
        stream = Stream(f"outcomes {realised}")
        quota = split(len(group), [share for _, _, share in OUTCOMES])
        free = stream.shuffled(group)
        for level in range(len(OUTCOMES) - 1, 0, -1):
            chosen = _good(free, quota[level]) if level == 1 else _lucky(free, quota[level], level, weight)
            free = [p for p in free if p not in chosen]
            for position in chosen:
                position.best = _multiple(level, position, stream)
        for position in free:
            position.best = _loss(position, stream)
    for position in positions:
        _plan_exits(position)


def _good(free: list[Position], count: int) -> list[Position]:
    """Who returns one to five times: every fund has its part, the steady strategies more than theirs."""
    by_fund: dict[str, list[Position]] = {}
    for position in free:
        by_fund.setdefault(position.fund, []).append(position)
    scored = [
        ((2 * k + 1) * 1000 // len(group) * (58 if position.strategy in _STEADY else 100), i, position)
        for i, group in enumerate(by_fund.values())
        for k, position in enumerate(group)
    ]
    return [position for _, _, position in sorted(scored, key=lambda s: s[:2])[:count]]


_LUCK = {2: (900, 7, 1250), 3: (640, 13, 1400), 4: (420, 25, 1600), 5: (300, 53, 1900)}
"""Level: (largest ticket in 1e-4 of the fund, rough multiple, fewest days held: a great company takes its time)."""


def _lucky(free: list[Position], count: int, level: int, weight: dict[str, int]) -> list[Position]:
    """Who returns above five times: small tickets of venture funds; no fund's luck is worth more than itself twice."""
    limit, multiple, days = _LUCK[level]
    small = [
        p
        for p in free
        if p.strategy not in _STEADY
        and p.relative <= limit
        and p.one_off is None
        and (p.ripe - p.entry).days >= days
    ]
    if level == 5:
        small.sort(key=lambda p: p.relative)
    chosen: list[Position] = []
    for position in small:
        total = weight.get(position.fund, 0) + position.relative * multiple
        if len(chosen) < count and total <= 14_000:
            weight[position.fund] = total
            chosen.append(position)
    assert len(chosen) == count, (level, count, len(chosen))
    return chosen


def _multiple(level: int, position: Position, stream: Stream) -> int:
    if level == 1:
        high = 330 if position.strategy in _STEADY else 420
        return 100 * min(stream.between(108, high), stream.between(108, high) + 40)
    low, high = {2: (520, 900), 3: (1050, 1700), 4: (2050, 2900), 5: (5050, 5500)}[level]
    return 100 * stream.between(low, high)


def _loss(position: Position, stream: Stream) -> int:
    if stream.chance(18 if position.strategy in _STEADY else 55):
        return 0
    low = 45 if position.strategy in _STEADY else 8
    return 100 * stream.between(low, 97)


def _plan_exits(position: Position) -> None:
    """Days and amounts of what comes back; they add up to `best` times the cost, to the fen."""
    total = position.cost * position.best // 10_000
    if total == 0:
        return
    stream = Stream(f"exits {position.label}")
    parts = 4 if position.best >= 50_000 else 2 if position.best >= 15_000 and stream.chance(60) else 1
    days = [position.ripe - dt.timedelta(days=150 * k) for k in range(parts - 1, -1, -1)]
    if days[0] <= (position.follow_on or position.entry) + dt.timedelta(days=240):
        days = [position.ripe]
    weights = [stream.between(20, 35) for _ in days]
    amounts = [part // (100 * 100) * 10_000 for part in split(total, weights)]
    amounts[-1] = total - sum(amounts[:-1])
    position.exits = [(after(day, 0), amount) for day, amount in zip(days, amounts, strict=True)]
    position.ripe = position.exits[-1][0]


_HOLD_AT_COST = 270  # days at cost after a round, before anyone dares to say more


def value_on(position: Position, day: dt.date) -> int:
    """Fair value of what the fund still holds at the end of a day, in fen.

    At cost for nine months after the first round and up to the next; then towards the outcome: losses show early,
    gains late. After the first sale the rest is carried at what it will fetch.
    """
    if day < position.entry:
        return 0
    if position.instalment and day < position.instalment:
        return position.first // 2
    sold = sum(amount for when, amount in position.exits if when <= day)
    if day >= position.ripe:
        return 0
    if sold:
        return position.cost * position.best // 10_000 - sold
    if position.follow_on and day < position.follow_on:
        return position.first
    base = position.cost
    since = position.entry
    if position.follow_on:
        base = position.first * _step(position) // 10_000 + position.second
        since = position.follow_on
    goal = position.cost * position.best // 10_000
    reached = position.exits[0][0] if position.exits else position.ripe
    start = since + dt.timedelta(days=_HOLD_AT_COST)
    if day <= start:
        return base
    x = min(1_000_000, (day - start).days * 1_000_000 // max(1, (reached - start).days))
    bend = x * x // 1_000_000 if goal >= base else 2 * x - x * x // 1_000_000
    value = base + (goal - base) * bend // 1_000_000
    if goal >= base and x > 200_000:
        value += value * Stream(f"mark {position.label} {day}").around(0, 400) // 10_000
    return value // 10_000 * 10_000


def _step(position: Position) -> int:
    """Price of the follow-on round over the first, in 1e-4: a step up where it goes well, flat where it does not."""
    return min(position.round_up, max(position.best, 10_000)) if position.best > 13_000 else 10_000
