"""A vehicle's money: who promised, who paid, what lies in the account, what each investor's part is worth.

Every flow is an event on a day; the events of a day run in a fixed order (money in, money out, value). Planned
payments out are promised a month ahead, and what the cash does not cover is called for then; so the account never
goes below zero, except where an investor fails to pay, which `slack` absorbs.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from office.days import LAST, REORGANISED, after
from office.positions import WAN
from office.rows import Book, Call, CallLine, Cash, Commitment, Distribution, Payment
from office.stream import Stream, split

MONEY_IN, MONEY_OUT, PAY_OUT, PLAN, VALUE = range(5)
"""Order of the events of a day."""

_FISCAL = ("GOV-", "GF-", "PF-", "NF-")

LEAD = 30  # days from the notice to the payment out


@dataclass(slots=True)
class Seat:
    """One investor's balances in fen. `units` weigh gains and distributions: paid-in, or what was brought in kind."""

    committed: int = 0
    paid: int = 0
    owed: int = 0  # asked for and not paid
    distributed: int = 0
    recallable: int = 0
    units: int = 0
    coming: int = 0  # asked for and sure to come
    account: int = 0

    @property
    def weight(self) -> int:
        """Part in gains and distributions; a call on its way counts, so that who pays a week later loses nothing."""
        return self.units + self.coming

    @property
    def unfunded(self) -> int:
        return self.committed - self.paid - self.owed + self.recallable


@dataclass
class Purse:
    """The money side of any vehicle. Subclasses say what it buys."""

    code: str
    first_day: dt.date
    investors: list[tuple[str, int]]  # commitments at first close, fen
    late: tuple[str, ...] = ()
    slack: int = 20 * WAN
    book: Book = field(default_factory=Book)
    seats: dict[str, Seat] = field(default_factory=dict)
    cash: int = 0
    expected: int = 0  # called, on the way
    promised: int = 0  # planned payments out
    today: dt.date = dt.date.min
    accounts: dict[dt.date, dict[str, int]] = field(default_factory=dict)
    totals: dict[dt.date, tuple[int, int]] = field(
        default_factory=dict
    )  # paid in and distributed, on those days
    total_distributed: int = 0

    def __post_init__(self) -> None:
        self._heap: list[tuple[dt.date, int, int, Callable[[], None]]] = []
        self._count = 0
        self._call_count: dict[int, int] = defaultdict(int)
        self._paid_out_count: dict[int, int] = defaultdict(int)
        self._late_count: dict[str, int] = defaultdict(int)
        self._stream = Stream(f"purse {self.code}")
        self._last_paid = dt.date.min

    # -- time ---------------------------------------------------------------------------------------------------------

    def at(self, day: dt.date, rank: int, do: Callable[[], None]) -> None:
        """Something that happens on a day; what would come after the last day is not heard of."""
        if day <= LAST:
            heapq.heappush(self._heap, (day, rank, self._count, do))
            self._count += 1

    def run(self) -> None:
        while self._heap:
            day, _, _, do = heapq.heappop(self._heap)
            self.pass_time(day)
            self.today = day
            do()
            assert self.cash >= 0, (self.code, day, self.cash)

    def pass_time(self, day: dt.date) -> None:
        """What accrues up to a day; nothing for a plain purse."""

    def owe(self, fen: int) -> None:
        """Investors paid in (or, below zero, were paid): what that changes for the hurdle; nothing for a plain purse."""

    # -- promises -----------------------------------------------------------------------------------------------------

    def commit(self, investor: str, fen: int, *, change: str = "认缴") -> None:
        seat = self.seats.setdefault(investor, Seat())
        seat.committed += fen
        number = f"{self.code}-XY{len(self.book.commitments) + 1:02d}"
        self.book.commitments.append(
            Commitment(
                self.today, self.code, investor, change, fen, number=number, document=f"{self.code} 合伙协议"
            )
        )

    @property
    def committed(self) -> int:
        return sum(seat.committed for seat in self.seats.values())

    @property
    def paid(self) -> int:
        return sum(seat.paid for seat in self.seats.values())

    @property
    def free(self) -> int:
        """Cash that nothing is planned for."""
        return self.cash + self.expected - self.promised

    # -- money in -----------------------------------------------------------------------------------------------------

    def call(
        self, due: dt.date, parts: dict[str, int], *, excused: str | None = None, by_class: bool = False
    ) -> None:
        """Ask all investors, by commitment, for some amounts by component; schedules what they pay.

        `by_class`: two notices, fiscal money a week after the others, as agreements with guidance funds often have it.
        """
        if self.today < REORGANISED <= due:
            due = REORGANISED - dt.timedelta(days=2)
        codes = [code for code, seat in self.seats.items() if seat.committed and code != excused]
        weights = [self.seats[code].committed for code in codes]
        shares = {name: split(fen, weights) for name, fen in parts.items() if fen}
        lines = []
        for i, code in enumerate(codes):
            mine = {name: share[i] for name, share in shares.items() if share[i]}
            if mine:
                lines.append(CallLine(code, mine))
        fiscal = [line for line in lines if line.investor.startswith(_FISCAL)]
        others = [line for line in lines if line not in fiscal]
        first = due - dt.timedelta(days=7)
        if by_class and fiscal and others and first > self.today:
            self.notice(first, others)
            self.notice(due, fiscal)
        else:
            self.notice(due, lines)

    def notice(self, due: dt.date, lines: list[CallLine], *, on_due: bool = False) -> None:
        """Send one notice; schedules what its investors pay, some days before the due day unless `on_due`."""
        self._call_count[self.today.year] += 1
        number = f"JK-{self.today.year}-{self._call_count[self.today.year]:02d}"
        self.book.calls.append(
            Call(self.code, number, self.today, due, lines, document=f"{self.code} 缴款通知书{number}")
        )
        early = after(due, -self._stream.between(1, 5))
        early = early if self.today < early <= due and not on_due else due
        for line in lines:
            seat = self.seats[line.investor]
            total = sum(line.parts.values())
            assert total <= seat.unfunded, (self.code, self.today, line, seat)
            seat.owed += total
            self._arrange(line, line.investor, due, early)

    def _arrange(self, line: CallLine, code: str, due: dt.date, early: dt.date) -> None:
        """When one investor pays: on time, or late, in parts or never where it is known for that."""
        total = sum(line.parts.values())
        if code not in self.late:
            self.expected += total
            self.seats[code].coming += total
            day = due if not code.startswith("PE-") and self._stream.chance(20) else early
            self.at(day, MONEY_IN, lambda: self._arrive(line, Payment(day, line.parts), expected=True))
            return
        self._late_count[code] += 1
        habit = (self._late_count[code] - 1) % 5
        if habit == 4 and due.year >= 2022:
            return  # never paid
        days = (9, 46, 0, 128, 21)[habit]
        if habit == 2:
            half = {name: fen * 6 // 10 for name, fen in line.parts.items()}
            rest = {name: fen - half[name] for name, fen in line.parts.items()}
            self._later(line, due, half, 0)
            self._later(line, after(due, 83), rest, 83)
        else:
            self._later(line, after(due, days), line.parts, days)

    def _later(self, line: CallLine, day: dt.date, parts: dict[str, int], days: int) -> None:
        interest = sum(parts.values()) * 5 * days // 36500 // 100 * 100 if days > 30 else 0
        payment = Payment(day, parts, late_interest=interest)
        self.at(day, MONEY_IN, lambda: self._arrive(line, payment, expected=False))

    def _arrive(self, line: CallLine, payment: Payment, *, expected: bool) -> None:
        line.payments.append(payment)
        self._last_paid = payment.day
        seat = self.seats[line.investor]
        seat.owed -= payment.total
        seat.paid += payment.total
        seat.units += payment.total
        seat.account += payment.total
        self.owe(payment.total)
        self.cash += payment.total + payment.late_interest + payment.equalisation
        if expected:
            self.expected -= payment.total
            seat.coming -= payment.total

    def paid_today(self) -> bool:
        """Whether an investor's money came in today."""
        return self._last_paid == self.today

    def receive(self, kind: str, payer: str, fen: int) -> None:
        """Interest, dividends and the like."""
        if fen > 0:
            self.cash += fen
            self._note(kind, payer, fen)

    # -- money out ----------------------------------------------------------------------------------------------------

    def plan(self, need: int, component: str, out: dt.date, *, excused: str | None = None) -> None:
        """Set money aside for a payment out; call for what is not there."""
        lacking = need + self.slack - self.free
        self.promised += need
        if lacking > 0:
            amount = min(-(-lacking // WAN) * WAN, self._capacity(excused))
            if amount > 0:
                self._call_for(amount, component, out, excused)

    def _call_for(self, amount: int, component: str, out: dt.date, excused: str | None) -> None:
        paying = sum(s.committed for c, s in self.seats.items() if c not in self.late)
        whole = self.committed
        grossed = min(
            amount * whole // paying // WAN * WAN + (WAN if paying < whole else 0), self._capacity(excused)
        )
        due = after(self.today, LEAD - 9)
        self.call(
            min(due, out - dt.timedelta(days=2)),
            {component: grossed},
            excused=excused,
            by_class=component != "expenses",
        )

    def _capacity(self, excused: str | None = None) -> int:
        """The largest call that leaves nobody below zero, in whole ten thousands of yuan."""
        rows = [s for c, s in self.seats.items() if s.committed and c != excused]
        whole = sum(s.committed for s in rows)
        most = min(s.unfunded * whole // s.committed for s in rows)
        return max(most // WAN * WAN - WAN, 0)

    def pay(self, kind: str, payee: str, fen: int) -> None:
        """Fees, expenses, carry."""
        if fen > 0:
            self.cash -= fen
            self._note(kind, payee, fen)

    def _note(self, kind: str, other: str, fen: int) -> None:
        reference = f"{self.code}-LS{len(self.book.cash) + 1:04d}"
        self.book.cash.append(Cash(self.code, self.today, kind, other, fen, reference))

    def distribute(self, parts: dict[str, int], amounts: dict[str, int] | None = None) -> None:
        """Pay investors by units, or the given amount to each; components are filled in the order given."""
        total = sum(parts.values())
        if total <= 0:
            return
        codes = [code for code, seat in self.seats.items() if seat.weight]
        weights = [amounts[code] if amounts else self.seats[code].weight for code in codes]
        shares = {name: split(fen, weights) for name, fen in parts.items() if fen}
        self._paid_out_count[self.today.year] += 1
        number = f"FP-{self.today.year}-{self._paid_out_count[self.today.year]:02d}"
        lines = []
        for i, code in enumerate(codes):
            mine = {name: share[i] for name, share in shares.items() if share[i]}
            if mine:
                seat = self.seats[code]
                seat.distributed += sum(mine.values())
                seat.recallable += mine.get("recallable_capital", 0)
                seat.account -= sum(mine.values())
                lines.append((code, mine))
        self.cash -= total
        self.owe(-total)
        self.total_distributed += total
        self.book.distributions.append(
            Distribution(self.code, number, self.today, lines, document=f"{self.code} 分配通知书{number}")
        )

    # -- value and stakes ---------------------------------------------------------------------------------------------

    def share_value(self, nav: int) -> None:
        """Bring the capital accounts to a NAV: the gain since they were last even is shared by units."""
        codes = [code for code, seat in self.seats.items() if seat.weight]
        gain = nav - sum(seat.account for seat in self.seats.values())
        if gain and codes:
            for code, part in zip(codes, split(gain, [self.seats[c].weight for c in codes]), strict=True):
                self.seats[code].account += part

    def transfer(self, seller: str, buyer: str, per_cent: int, price: int) -> None:
        """Move a part of a seat, with its history."""
        source, target = self.seats[seller], self.seats.setdefault(buyer, Seat())
        assert source.owed == 0, (self.code, seller, self.today)
        moved = {
            name: getattr(source, name) * per_cent // 100
            for name in ("committed", "paid", "distributed", "recallable", "units", "account")
        }
        for name, fen in moved.items():
            setattr(source, name, getattr(source, name) - fen)
            setattr(target, name, getattr(target, name) + fen)
        number = f"{self.code}-XY{len(self.book.commitments) + 1:02d}"
        self.book.commitments.append(
            Commitment(
                self.today,
                self.code,
                seller,
                "转让",
                moved["committed"],
                buyer,
                moved["paid"],
                moved["distributed"],
                moved["recallable"],
                price,
                number,
                f"{self.code} 份额转让协议{number}",
            )
        )
