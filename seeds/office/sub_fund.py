"""A sub-fund's life: calls, deals, fees, exits, distributions, quarter-end values, wind-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from office.companies import Company
from office.days import LAST, REORGANISED, after, quarter_ends, years_after
from office.funds import Fund, Sale
from office.holdings import Holdings
from office.parties import AUDITOR, GUIDANCE_OLD, PARENT, gp_code, manager_code
from office.positions import WAN, Position, value_on
from office.purse import LEAD, MONEY_IN, MONEY_OUT, PAY_OUT, PLAN, VALUE, Purse
from office.rows import Call, CallLine, Deal, Payment
from office.stream import Stream

_RATE_ON_CASH = 115  # 1e-4 a year
_YEAR = 365 * 10_000


class SubFund(Purse):
    """One sub-fund from first close to wind-up or to the last day.

    `stakes` are stakes of this fund in other funds of this book: payments, receipts and value from outside.
    """

    def __init__(self, fund: Fund, positions: list[Position], companies: dict[str, Company]) -> None:
        small = min(max(fund.size * WAN // 500, 10 * WAN), 60 * WAN)
        super().__init__(
            fund.code, fund.start, [(c, wan * WAN) for c, wan in fund.investors], late=fund.late, slack=small
        )
        self.fund, self.positions = fund, positions
        self.holdings = Holdings(fund.code, companies)
        self.term_end = years_after(fund.start, fund.term)
        self.last_day = years_after(fund.start, fund.term + fund.extended)
        self.invest_end = years_after(fund.start, fund.invest)
        self.outside_value: Callable[[dt.date], int] = lambda _day: 0
        self.sold: list[tuple[Sale, dt.date, int]] = []
        self._fee_parts = 0  # accrued fee, fen x 1e-4 x days
        self._fee_due = 0
        self._principal = 0  # paid in and not paid back
        self._preferred = 0  # hurdle on it, fen x 1e-4 x days
        self._carry_paid = 0
        self._accrued_to = fund.start
        self._income = 0  # dividends and interest not yet distributed
        self._receipts = 0  # these and what was sold for: contributed money is not paid back idle
        self._expenses_due = 0
        self.closed = False
        self._schedule()

    # -- the calendar of a life ---------------------------------------------------------------------------------------

    def _schedule(self) -> None:
        fund = self.fund
        self.at(fund.start, MONEY_IN, self._open)
        first_call = after(fund.start, 1)
        share = fund.first_call or (45 if fund.idle_days else max(5, -(-110_000 // fund.size)))
        self.at(
            first_call,
            PLAN,
            lambda: self.call(after(first_call, 9), {"investment": fund.size * WAN * share // 100}),
        )
        end = self.last_day if fund.closes else LAST
        for position in self.positions:
            self._schedule_position(position)
        for day in quarter_ends(fund.start, min(end, LAST)):
            self.at(day - dt.timedelta(days=9), MONEY_IN, self._interest)
            self.at(day, VALUE, lambda d=day: self._quarter(d))
            if (day - fund.start).days > 45:  # the first fee waits for a whole quarter
                self.at(day - dt.timedelta(days=20), PLAN, lambda d=day: self._plan_fee(d))
                self.at(after(day, 10), MONEY_OUT, lambda d=day: self._pay_fee(d))
        for year in range(fund.start.year + 1, min(end, LAST).year + 1):
            for month in (3, 9):
                out = after(dt.date(year, month, 20), 0)
                if out < end:
                    self.at(out - dt.timedelta(days=LEAD), PLAN, lambda d=out: self._plan_expenses(d))
                    self.at(out, MONEY_OUT, self._pay_expenses)
            for month in (3, 6, 9, 12):
                sweep = after(dt.date(year, month, 12), 0)
                if sweep < end:
                    self.at(sweep, PAY_OUT, lambda: self._distribute(self.fund.size * WAN // 400))
        for sale in fund.sales:
            self.at(sale.day, VALUE, lambda s=sale: self._sell(s))
        if GUIDANCE_OLD in dict(fund.investors) or fund.second_close:
            self.at(REORGANISED, MONEY_OUT, self._reorganise)
        if fund.second_close:
            self.at(after(fund.start, fund.second_close[0]), PLAN, self._second_close)
        for edge in (self.invest_end, self.term_end):
            self.at(edge, VALUE, lambda: None)  # fees change here: accrue up to it
        if fund.closes and self.last_day <= LAST:
            self.at(after(self.last_day, 0), PAY_OUT, self._close)

    def _schedule_position(self, position: Position) -> None:
        excused = self.fund.excused if position.number == 3 else None
        now = position.first // 2 if position.instalment else position.first
        for day, fen, do in (
            (position.entry, now, self.holdings.buy),
            (position.instalment, position.first - now, self.holdings.pay_rest),
            (position.follow_on, position.second, self.holdings.follow),
        ):
            if day is not None:
                notice = max(day - dt.timedelta(days=LEAD), after(self.fund.start, 22))
                self.at(
                    notice, PLAN, lambda f=fen, d=day, e=excused: self.plan(f, "investment", d, excused=e)
                )
                self.at(day, MONEY_OUT, lambda p=position, do=do: self._pay_for(p, do))
        for day, fen in position.exits:
            self.at(day, MONEY_IN, lambda p=position, f=fen: self._exit(p, f))
        if position.written_off:
            self.at(position.ripe, VALUE, lambda p=position: self._write_off(p))
        if self.fund.strategy in ("growth", "industrial", "merger", "secondary") and position.best >= 12_000:
            for year in range(position.entry.year + 2, 2027):
                day = after(dt.date(year, 6, 5), 0)
                if day < position.ripe:
                    self.at(day, MONEY_IN, lambda p=position: self._dividend(p))

    def _open(self) -> None:
        for investor, fen in self.investors:
            self.commit(investor, fen)

    # -- fees ---------------------------------------------------------------------------------------------------------

    def pass_time(self, day: dt.date) -> None:
        days = (day - self._accrued_to).days
        if days <= 0 or not self.seats:
            return
        self._fee_parts += self._fee_base() * days
        self._preferred += self._principal * self.fund.hurdle * days
        self._accrued_to = day

    def _fee_base(self) -> int:
        """Base times rate (1e-4) of a day just past, what is charged, not what is agreed."""
        basis, rate = self.fund.fees[0]
        today = self._accrued_to
        if today >= self.invest_end:
            basis, rate = self.fund.fees[1]
        if today >= self.term_end and not self.fund.fee_after_term:
            rate = self.fund.fees[2]
        base = {"commitment": self.committed, "paid_in": self.paid, "invested": self.holdings.cost_left}[
            basis
        ]
        return base * (rate + self.fund.overcharge) if rate else 0

    def _plan_fee(self, end: dt.date) -> None:
        ahead = self._fee_parts + self._fee_base() * (end - self.today).days
        self._fee_planned = ahead // _YEAR + self._fee_due
        self.plan(self._fee_planned, "fee_inside", after(end, 10))

    def _pay_fee(self, end: dt.date) -> None:
        if self.closed:
            return
        self.promised -= self._fee_planned
        fee = min(self._fee_due, max(self.free, 0))
        self._fee_due -= fee
        self.pay("管理费", manager_code(self.fund.manager), fee)

    def _plan_expenses(self, out: dt.date) -> None:
        custody = self.paid * 5 // 20_000 // WAN * WAN
        audit = (3 if self.fund.size < 12_000 else 8) * WAN
        self._custody, self._expenses_due = custody, custody + audit
        self.plan(self._expenses_due, "expenses", out)

    def _pay_expenses(self) -> None:
        self.promised -= self._expenses_due
        audit = self._expenses_due - self._custody
        if self.fund.custodian and self.cash >= self._custody:
            self.pay("基金费用", self.fund.custodian, self._custody)
        if self.cash >= audit:
            self.pay("基金费用", AUDITOR, audit)

    def _interest(self) -> None:
        fen = self.cash * _RATE_ON_CASH * 90 // (360 * 10_000)
        self._income += fen
        self._receipts += fen
        self.receive("利息收入", self.fund.custodian or "BK-01", fen)

    # -- deals --------------------------------------------------------------------------------------------------------

    def _pay_for(self, position: Position, write: Callable[[Position, dt.date], Deal]) -> None:
        deal = write(position, self.today)
        assert deal.amount is not None
        self.promised -= deal.amount
        self.cash -= deal.amount
        self.book.deals.append(deal)

    def _exit(self, position: Position, fen: int) -> None:
        self.cash += fen
        self._receipts += fen
        self.book.deals.append(self.holdings.sell(position, self.today, fen))
        pay_day = after(self.today, Stream(f"pay {position.label} {self.today}").between(18, 40))
        self.at(pay_day, PAY_OUT, lambda: self._distribute(self.fund.size * WAN // 1000))

    def _write_off(self, position: Position) -> None:
        self.book.deals.append(self.holdings.write_off(position, self.today))

    def _dividend(self, position: Position) -> None:
        fen = position.cost * 2 // 100
        self._income += fen
        self._receipts += fen
        self.receive("股息", position.company, fen)

    # -- distributions ------------------------------------------------------------------------------------------------

    def owe(self, fen: int) -> None:
        """Distributions repay principal first, then the hurdle; what goes beyond is gain and pays for no later call."""
        self._principal += fen
        if self._principal < 0:
            self._preferred = max(self._preferred + self._principal * _YEAR, 0)
            self._principal = 0

    def owed_first(self) -> int:
        """What investors are owed before carry: principal and simple hurdle."""
        return self._principal - (-self._preferred // _YEAR)

    def _distribute(self, at_least: int) -> None:
        """Pay out what is free, whole ten thousands of yuan: capital first, then gain; income apart."""
        if self.closed:
            return
        if self.paid_today():  # never on a day on which investors pay: what came first could not be told
            self.at(after(self.today, 1), PAY_OUT, lambda: self._distribute(at_least))
            return
        fees = self._fee_base() * 365 // _YEAR
        called = self._capacity() > 2 * fees  # fees can still be called for; else a year of them is kept back
        keep = self.slack + (0 if called else fees + 20 * WAN)
        total = min(self.free - self._fee_due - keep, self._receipts) // WAN * WAN
        if total < max(at_least, WAN):
            return
        self._receipts -= total
        if self.fund.early_carry and len(self.book.distributions) == 1:
            self.pay("业绩报酬", gp_code(self.fund.manager), self.fund.early_carry * WAN)
            total -= self.fund.early_carry * WAN
        above = max(0, total - self.owed_first())
        carry = above * self.fund.carry // 10_000
        if carry:
            self._carry_paid += carry
            self.pay("业绩报酬", gp_code(self.fund.manager), carry)
        self._split_out(total - carry)

    def _split_out(self, total: int, amounts: dict[str, int] | None = None) -> None:
        income = min(self._income // WAN * WAN, total)
        self._income -= income
        left = total - income
        capital = min(left, max(0, self.paid - self.total_distributed))
        name = "return_of_capital"
        if self.fund.recallable and self.today < self.invest_end:
            name = "recallable_capital"
        self.distribute({name: capital, "gain": left - capital, "income": income}, amounts)

    def _close(self) -> None:
        """Wind-up: the last fee, then everything to investors as their accounts stand."""
        self._fee_due += self._fee_parts // _YEAR
        self._fee_parts = 0
        self.pay("管理费", manager_code(self.fund.manager), min(self._fee_due, self.cash))
        self._fee_due = 0
        above = max(0, self.cash - self.owed_first())
        carry = above * self.fund.carry // 10_000
        self.pay("业绩报酬", gp_code(self.fund.manager), carry)
        self.share_value(self.cash)
        amounts = {code: seat.account for code, seat in self.seats.items() if seat.weight}
        assert min(amounts.values()) >= 0, (self.code, amounts)
        self._split_out(self.cash, amounts)
        self.accounts[self.today] = dict.fromkeys(amounts, 0)  # the liquidation report
        self.closed = True

    # -- value --------------------------------------------------------------------------------------------------------

    def nav(self, day: dt.date) -> int:
        """Net asset value: holdings and cash, less fees owed and the carry that a sale at these values would cost."""
        if self.closed:
            return 0
        held = sum(value_on(p, day) for p in self.positions) + self.outside_value(day)
        gross = held + self.cash - self._fee_due - self._fee_parts // _YEAR
        return gross - max(0, gross - self.owed_first()) * self.fund.carry // 10_000

    def _quarter(self, day: dt.date) -> None:
        self._fee_due += self._fee_parts // _YEAR
        self._fee_parts %= _YEAR
        if self.paid and all(seat.units for seat in self.seats.values() if seat.committed):
            self.share_value(self.nav(day))
            self.accounts[day] = {code: seat.account for code, seat in self.seats.items() if seat.weight}
            self.totals[day] = self.paid, self.total_distributed

    # -- changes among the investors ----------------------------------------------------------------------------------

    def _sell(self, sale: Sale) -> None:
        seat = self.seats[sale.seller]
        if seat.owed:
            self.at(after(self.today, 7), VALUE, lambda: self._sell(sale))
            return
        cost = seat.paid * sale.per_cent // 100
        price = cost
        if sale.price_per_cent != 100:
            left = (seat.paid - seat.distributed) * sale.per_cent // 100
            price = left * sale.price_per_cent // 100 // WAN * WAN
        self.transfer(sale.seller, sale.buyer, sale.per_cent, price)
        self.sold.append((sale, self.today, price))

    def _reorganise(self) -> None:
        if GUIDANCE_OLD in self.seats:
            price = max(self.seats[GUIDANCE_OLD].account, 0)
            self.transfer(GUIDANCE_OLD, PARENT, 100, price)
            self.sold.append((Sale(REORGANISED, GUIDANCE_OLD, PARENT, 100, 100), REORGANISED, price))

    def _second_close(self) -> None:
        """New investors pay what they would have paid from the start, and interest on it for the time they were spared."""
        assert self.fund.second_close is not None
        rate_paid, base = self.paid, self.committed
        self._call_count[self.today.year] += 1
        number = f"JK-{self.today.year}-{self._call_count[self.today.year]:02d}"
        due = after(self.today, 15)
        call = Call(self.code, number, self.today, due, [], document=f"{self.code} 后续交割补缴通知书")
        for investor, wan in self.fund.second_close[1]:
            self.commit(investor, wan * WAN, change="增加认缴" if investor in self.seats else "认缴")
            fen = wan * WAN * rate_paid // base // WAN * WAN
            days = (self.today - self.fund.start).days
            line = CallLine(investor, {"investment": fen})
            payment = Payment(due, {"investment": fen}, equalisation=fen * 8 * days // 36500 // 100 * 100)
            self.seats[investor].owed += fen
            self.at(due, MONEY_IN, lambda x=line, p=payment: self._arrive(x, p, expected=False))
            call.lines.append(line)
        self.book.calls.append(call)
