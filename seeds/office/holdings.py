"""A fund's deals as they are written down: share bought, price, stage on the day, cost still in the books."""

from __future__ import annotations

import datetime as dt

from office.companies import Company
from office.parties import BUYER
from office.positions import WAN, Position, value_on
from office.rows import Deal
from office.stream import Stream

_SHARES = {"seed": (80, 160), "angel": (60, 130), "industrial": (70, 190), "merger": (280, 560)}
"""Thousandths of a company bought in the first round, by strategy; other strategies buy 35 to 95."""

_ROUNDS = {
    "seed": ("种子轮", "天使轮"),
    "angel": ("天使轮", "Pre-A轮"),
    "vc": ("A轮", "B轮"),
    "conversion": ("天使轮", "A轮"),
    "growth": ("B轮", "C轮"),
    "industrial": ("战略轮", "D轮"),
    "merger": ("控股权收购", "增持"),
    "secondary": ("老股受让", "老股受让"),
}


class Holdings:
    """What one fund holds, position by position."""

    def __init__(self, fund: str, companies: dict[str, Company]) -> None:
        self.fund, self._companies = fund, companies
        self.cost_left = 0
        self._share: dict[int, int] = {}
        self._post: dict[int, int] = {}
        self._cost: dict[int, int] = {}

    def buy(self, position: Position, day: dt.date) -> Deal:
        """The first payment: all of the first ticket, or half of it."""
        stream = Stream(f"round {position.label}")
        low, high = _SHARES.get(position.strategy, (35, 95))
        share = stream.between(low, high)
        one_off = position.one_off
        post = position.first * 1000 // share // (100 * WAN) * (100 * WAN)
        if one_off and one_off.post_wan:
            post = one_off.post_wan * WAN
        post = max(post, position.first)
        paid = position.first // 2 if position.instalment else position.first
        bought = self._add(position, paid, post)
        instrument = stream.pick(("股权", "优先股权", "优先股权"))
        if position.strategy == "secondary":
            instrument = "受让老股"
        if one_off and one_off.instrument != "股权":  # not a share of anything: no round and no price
            return self._deal(position, day, 1, "首次投资", paid, instrument=one_off.instrument)
        return self._deal(
            position,
            day,
            1,
            "首次投资",
            paid,
            round=_ROUNDS[position.strategy][0],
            instrument=one_off.instrument if one_off else instrument,
            share_nano=bought,
            post_money=post,
        )

    def pay_rest(self, position: Position, day: dt.date) -> Deal:
        """The second half of a ticket paid in two parts: same round, same price."""
        rest = position.first - position.first // 2
        post = self._post[position.number]
        bought = self._add(position, rest, post)
        name = f"{_ROUNDS[position.strategy][0]}第二期"
        return self._deal(
            position,
            day,
            0,
            "后续投资",
            rest,
            round=name,
            instrument="优先股权",
            share_nano=bought,
            post_money=post,
        )

    def follow(self, position: Position, day: dt.date) -> Deal:
        """The next round, at the price that the value path says; the old share is diluted by it."""
        stream = Stream(f"second round {position.label}")
        up = (value_on(position, day) - position.second) * 10_000 // position.first
        before = self._post[position.number] * up // 10_000
        post = before + position.second * stream.between(2, 4)
        self._share[position.number] = self._share[position.number] * before // post
        bought = self._add(position, position.second, post)
        return self._deal(
            position,
            day,
            2,
            "后续投资",
            position.second,
            round=_ROUNDS[position.strategy][1],
            share_nano=bought,
            instrument="受让老股" if position.strategy == "secondary" else "优先股权",
            post_money=post,
        )

    def sell(self, position: Position, day: dt.date, fen: int) -> Deal:
        """An exit, in whole or in part: share and cost go in proportion to the money."""
        last = day == position.exits[-1][0]
        total = position.cost * position.best // 10_000
        share, cost = self._share[position.number], self._cost[position.number]
        if not last:
            share, cost = share * fen // total, position.cost * fen // total
        self._share[position.number] -= share
        self._cost[position.number] -= cost
        self.cost_left -= cost
        route, buyer = _route(position)
        n = 3 + sum(1 for when, _ in position.exits if when < day)
        kind = "退出" if last else "部分退出"
        return self._deal(position, day, n, kind, fen, share_nano=share, route=route, buyer=buyer)

    def write_off(self, position: Position, day: dt.date) -> Deal:
        """Nothing will come back."""
        self.cost_left -= self._cost.pop(position.number)
        return Deal(
            f"{self.fund}-X{position.number:02d}-9",
            self.fund,
            position.company,
            day,
            "核销",
            None,
            route="清算",
        )

    def _add(self, position: Position, fen: int, post: int) -> int:
        bought = fen * 1_000_000_000 // post
        self._share[position.number] = self._share.get(position.number, 0) + bought
        self._post[position.number] = post
        self._cost[position.number] = self._cost.get(position.number, 0) + fen
        self.cost_left += fen
        return bought

    def _deal(self, position: Position, day: dt.date, n: int, kind: str, fen: int, **more: object) -> Deal:
        code = f"{self.fund}-X{position.number:02d}-{n}"
        stage = self._companies[position.company].stage_on(day)
        return Deal(code, self.fund, position.company, day, kind, fen, stage=stage, **more)  # type: ignore[arg-type]


def _route(position: Position) -> tuple[str, str | None]:
    """How it was sold, and to whom: None is the company itself."""
    stream = Stream(f"exit {position.label}")
    if position.best >= 50_000:
        return "上市", BUYER
    if position.best >= 10_000:
        return stream.pick((("并购", BUYER), ("股权转让", BUYER), ("回购", None), ("S基金", BUYER)))
    return stream.pick((("股权转让", BUYER), ("回购", None), ("清算", None)))
