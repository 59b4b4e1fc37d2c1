"""The vehicles above the sub-funds: the old guidance fund, the parent fund that took it over, the new guidance fund."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from office.companies import Company
from office.days import LAST, REORGANISED, after, quarter_ends
from office.parties import AUDITOR, BUYER
from office.positions import WAN, Position, value_on
from office.purse import MONEY_IN, MONEY_OUT, PAY_OUT, PLAN, VALUE, Purse
from office.rows import Deal


@dataclass(frozen=True, slots=True)
class Terms:
    """How an upper vehicle works: fee in 1e-4 of paid-in a year, share of receipts paid on, first year it does so."""

    manager: str
    custodian: str
    fee: int
    pays_on: int  # per cent of what came back
    since: int


@dataclass
class Upper(Purse):
    """A vehicle that calls quarter by quarter for what the funds below it will call."""

    terms: Terms = field(default_factory=lambda: Terms("MG-00", "BK-01", 50, 0, 2100))
    flows_out: list[tuple[dt.date, int]] = field(default_factory=list)
    flows_in: list[tuple[dt.date, int]] = field(default_factory=list)
    stake_value: Callable[[dt.date], int] = lambda _day: 0
    positions: list[Position] = field(default_factory=list)
    companies: dict[str, Company] = field(default_factory=dict)
    last_day: dt.date = LAST
    receipts: int = 0
    merged: bool = False
    first_share: int = 0  # per cent of commitments called at once

    def schedule(self) -> None:
        """Put the whole life on the calendar; call once, then run."""
        self.at(self.first_day, MONEY_IN, self._open)
        for day, fen in self._payments():
            self.at(day, MONEY_OUT, lambda f=fen: self.pay_for_stakes(f))
        for day, fen in self.flows_in:
            self.at(day, MONEY_IN, lambda f=fen: self._come_back(f))
        for position in self.positions:
            self._schedule_position(position)
        windows = self._windows()
        for start, end in zip(windows, [*windows[1:], LAST + dt.timedelta(days=200)], strict=True):
            if start < self.last_day:
                self.at(start, PLAN, lambda s=start, e=end: self._plan_window(s, e))
        for day in quarter_ends(self.first_day, min(LAST, self.last_day)):
            self.at(day - dt.timedelta(days=9), MONEY_IN, self._interest)
            self.at(day, VALUE, lambda d=day: self._quarter(d))
        for year in range(self.first_day.year, LAST.year + 1):
            out = after(dt.date(year, 12, 8), 0)
            if self.first_day < out < self.last_day:
                self.at(out, MONEY_OUT, self._yearly)
            for month in (3, 6, 9, 12):
                pay = after(dt.date(year, month, 15), 0)
                if year >= self.terms.since and pay < self.last_day:
                    self.at(pay, PAY_OUT, self._pay_on)

    def _windows(self) -> list[dt.date]:
        first = after(self.first_day, 3)
        days = [after(dt.date(y, m, 6), 0) for y in range(2011, LAST.year + 1) for m in (1, 4, 7, 10)]
        return [first, *(d for d in days if first + dt.timedelta(days=40) < d <= LAST)]

    def _payments(self) -> list[tuple[dt.date, int]]:
        own = [(p.entry, p.first) for p in self.positions]
        return sorted([*self.flows_out, *own])

    def _open(self) -> None:
        for investor, fen in self.investors:
            self.commit(investor, fen)

    def _plan_window(self, start: dt.date, end: dt.date) -> None:
        """Fiscal money comes in stages: each quarter for the payments of the next."""
        low, high = start + dt.timedelta(days=21), end + dt.timedelta(days=21)
        if self.code == "GF-2011" and start < REORGANISED < high:
            high = REORGANISED
        need = sum(fen for day, fen in self._payments() if low < day <= high)
        fees = (
            self.paid * self.terms.fee // 10_000 + 30 * WAN
            if any(low < after(dt.date(y, 12, 8), 0) <= high for y in (start.year, end.year))
            else 0
        )
        if start == self._windows()[0]:
            need = max(need, self.committed * self.first_share // 100)
        waiting = sum(fen for day, fen in self._payments() if start < day <= low)
        self.promised += waiting  # the last call brought money for these
        self.plan(need, "investment", start + dt.timedelta(days=24))
        if fees:
            self.plan(fees, "expenses", start + dt.timedelta(days=24))
        self.promised = 0

    def pay_for_stakes(self, fen: int) -> None:
        """Calls of the funds below, and the price of stakes taken over."""
        self.cash -= fen

    def _come_back(self, fen: int) -> None:
        self.cash += fen
        self.receipts += fen

    def _interest(self) -> None:
        self.receive("利息收入", self.terms.custodian, self.cash * 115 * 90 // (360 * 10_000))

    def _yearly(self) -> None:
        self.pay("管理费", self.terms.manager, self.paid * self.terms.fee // 10_000 // 100 * 100)
        self.pay("基金费用", AUDITOR, 20 * WAN)

    def _coming(self) -> int:
        """Payments out that the next call will come too late for."""
        later = [day for day in self._windows() if day > self.today]
        end = (later[0] if later else LAST) + dt.timedelta(days=21)
        return sum(fen for day, fen in self._payments() if self.today < day <= end)

    def _pay_on(self) -> None:
        """Pass on a part of what came back; the rest is invested again."""
        spare = self.cash - self._coming() - self.paid * self.terms.fee // 10_000 - 100 * WAN
        total = min(self.receipts * self.terms.pays_on // 100, spare) // WAN * WAN
        if total < 100 * WAN:
            return
        self.receipts -= total * 100 // self.terms.pays_on
        capital = min(total, max(0, self.paid - self.total_distributed))
        self.distribute({"return_of_capital": capital, "gain": total - capital})

    # -- direct deals -------------------------------------------------------------------------------------------------

    def _schedule_position(self, position: Position) -> None:
        self.at(position.entry, MONEY_OUT, lambda: self._buy(position))
        for n, (day, fen) in enumerate(position.exits):
            last = n == len(position.exits) - 1
            self.at(day, MONEY_IN, lambda f=fen, e=last, n=n: self._exit(position, f, e, n))
        if position.written_off:
            self.at(position.ripe, VALUE, lambda: self._deal(position, 9, "核销", None, route="清算"))

    def _deal(self, position: Position, n: int, kind: str, fen: int | None, **more: object) -> None:
        stage = self.companies[position.company].stage_on(self.today) if kind != "核销" else None
        code = f"{self.code}-X{position.number:02d}-{n}"
        self.book.deals.append(
            Deal(code, self.code, position.company, self.today, kind, fen, stage=stage, **more)  # type: ignore[arg-type]
        )

    def _buy(self, position: Position) -> None:
        one_off = position.one_off
        assert one_off is not None
        post = (one_off.post_wan or one_off.wan * 12) * WAN
        self._share = position.first * 1_000_000_000 // post
        self._deal(
            position,
            1,
            "首次投资",
            position.first,
            round="跟进轮" if self.code == "GF-2011" else "战略轮",
            instrument=one_off.instrument,
            share_nano=self._share,
            post_money=post,
        )

    def _exit(self, position: Position, fen: int, last: bool, n: int) -> None:
        self._come_back(fen)
        self._deal(position, 3 + n, "退出" if last else "部分退出", fen, route="股权转让", buyer=BUYER)

    # -- value --------------------------------------------------------------------------------------------------------

    def nav(self, day: dt.date) -> int:
        if self.merged:
            return 0
        return self.stake_value(day) + sum(value_on(p, day) for p in self.positions) + self.cash

    def _quarter(self, day: dt.date) -> None:
        if self.paid:
            self.share_value(self.nav(day))
            self.accounts[day] = {code: seat.account for code, seat in self.seats.items() if seat.weight}

    def merge_away(self) -> None:
        """The last day of the old guidance fund: its stakes are paid for, the money goes to its investor, what was still
        unfunded is given up here and promised to the successor."""
        capital = min(self.cash, max(0, self.paid - self.total_distributed))
        self.distribute({"return_of_capital": capital, "gain": self.cash - capital})
        for code, seat in self.seats.items():
            self.given_up = seat.unfunded
            if seat.unfunded:
                fen = seat.unfunded
                self.commit(code, fen, change="减少认缴")
                seat.committed -= 2 * fen
        self.merged = True
