"""What a stake has gained by being unlike the institution: the same money or the same shares under the institution's terms.

Of money paid into the company, part by part:
* at the same time, another price: the shares received, less those the same money bought at the institution's price;
* early: the same, against the institution's price of its day;
* late: the shares received, less those the same money bought at the latest round price or stated value known on the day
  paid; none known → unknown.
Shares more (or fewer) are worth what they were sold for as far as they were sold (realised), and what a share is known to
be worth on the as-of day as far as they are held (unrealised).

Of exits: the shares sold at another price or day, less the same shares at the institution's price; sold without the
institution, or beyond its proportion: what was received, less what the shares are known to be worth on the as-of day; kept
where the institution sold: the other way round.

Parts of a payment are exact fractions of fen. None where a number that is needed is not recorded, with the reason; a gain
that rounding of one share or one fen explains is none. Rulebook CI-12, CI-13, CI-24.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from fof.audit.coinvestment.share_prices import SharePrice
from fof.book.reading import Reason
from fof.rules.facts_coinvest import EntryTranche, JointExit, SaleFacts, StaffStakeFacts
from models.coinvest import Advantage
from models.text import Text

TIME, PRICE, EXIT = "CI-12", "CI-13", "CI-24"
"""The rules whose findings are put in numbers."""
COUNTED = frozenset({TIME, PRICE, EXIT})
_RULE_OF = {
    Advantage.PRICE: PRICE,
    Advantage.EARLY: TIME,
    Advantage.LATE: TIME,
    Advantage.EXIT: EXIT,
    Advantage.STAYED: EXIT,
}


_AT_ANOTHER_TIME = frozenset({Advantage.EARLY, Advantage.LATE})


class Prices(Protocol):
    """Known prices of the stake's company."""

    def __call__(self, day: dt.date, share_class: str | None) -> SharePrice | None: ...


class Gain(NamedTuple):
    """One advantage of one stake.

    day        : of the payment or the exit
    shares     : gained by a payment (fewer: below 0); sold or kept at an exit
    compared   : the price it is compared with, None where there is none
    realised, unrealised : fen; None where they cannot be known, for `reason`
    other_price : of a payment at another time, whether its price was not the institution's either; its gain holds both
    """

    advantage: Advantage
    code: str
    day: dt.date
    shares: Fraction | None
    compared: SharePrice | None
    realised: Fraction | None
    unrealised: Fraction | None
    reason: Reason | None = None
    other_price: bool = False

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules whose findings it puts in numbers."""
        own = _RULE_OF[self.advantage]
        return (own, PRICE) if self.other_price else (own,)

    @property
    def whole(self) -> Fraction | None:
        """Realised and unrealised together."""
        return None if self.realised is None or self.unrealised is None else self.realised + self.unrealised


class SharesSold(NamedTuple):
    """Shares of a stake that were sold, and fen for each; None where they are not recorded."""

    shares: Fraction | None
    price: Fraction | None


NO_SHARES = Reason("no_shares", Text("未登记股份数", "shares are not recorded"))
NO_FEES = Reason("no_fees", Text("未登记费用", "fees are not recorded"))
NO_PRICE = Reason(
    "no_price", Text("当日没有已知的轮次价格或估值", "no round price or stated value was known on the day")
)
NO_VALUE = Reason(
    "no_value", Text("截至日没有已知的每股价值", "no value of a share is known on the as-of day")
)
NO_EXIT_PRICE = Reason(
    "no_exit_price", Text("机构退出未登记股份数", "the institution's exit states no shares")
)


def gains(stake: StaffStakeFacts, prices: Prices, *, timed: bool = True) -> list[Gain]:
    """Every advantage of a stake over the institution, by day; none where the institution has not paid.

    timed : whether the days of payment are at issue; where they are not (they lie within the time allowed) a payment is
            compared with the institution's price alone
    """
    project = stake.project
    if project is None or not project.tranches or not stake.tranches:
        return []
    own = [*_of_payments(stake, project.tranches, prices, timed=timed), *_of_exits(stake, prices)]
    return sorted(own, key=lambda g: (g.day, g.code))


def _of_payments(
    stake: StaffStakeFacts, theirs: Sequence[EntryTranche], prices: Prices, *, timed: bool
) -> Iterator[Gain]:
    whole = sum((t.fen for t in stake.tranches), Fraction(0))
    ticket = sum((t.fen for t in theirs), Fraction(0))
    if not whole or not ticket:
        return
    at_institution, why_not = entry_price(theirs)
    slack = max(Fraction(1), whole / stake.shares) if stake.shares else Fraction(1)
    paid = Fraction(0)
    for ours in stake.tranches:
        paid += ours.fen
        due = _reached(theirs, max(Fraction(0), paid - slack) / whole * ticket)
        advantage = Advantage.PRICE
        if timed and ours.day != due.day:
            advantage = Advantage.EARLY if ours.day < due.day else Advantage.LATE
        compared: SharePrice | None
        reason = why_not
        if advantage is Advantage.LATE:
            compared = prices(ours.day, ours.share_class or stake.stake_share_class)
            reason = None if compared is not None else NO_PRICE
        elif at_institution is None:
            compared = None
        else:
            text = Text(f"机构付款 {due.code}", f"the institution's payment {due.code}")
            compared = SharePrice(at_institution, due.day, text)
        gain = _worth(stake, ours, advantage, compared, reason, prices)
        if gain is not None:
            yield gain._replace(other_price=advantage in _AT_ANOTHER_TIME and _differs(ours, at_institution))


def _differs(ours: EntryTranche, price: Fraction | None) -> bool:
    """Whether a payment was made at another price a share than this, beyond rounding."""
    if price is None or ours.shares is None or ours.fees is None:
        return False
    return abs(ours.shares * price - (ours.fen - ours.fees)) > max(Fraction(1), price)


def _reached(tranches: Sequence[EntryTranche], fen: Fraction) -> EntryTranche:
    """The payment that brought what was paid to so much, which is no more than all of it."""
    paid = Fraction(0)
    for t in sorted(tranches, key=lambda t: t.day):
        paid += t.fen
        if paid >= fen:
            return t
    raise AssertionError("no more than all of it")


def entry_price(tranches: Sequence[EntryTranche]) -> tuple[Fraction | None, Reason | None]:
    """Fen a share over some payments, fees apart; or why there is none."""
    shares, fees = [t.shares for t in tranches], [t.fees for t in tranches]
    if None in shares or not sum(s for s in shares if s is not None):
        return None, NO_SHARES
    if None in fees:
        return None, NO_FEES
    money = sum((t.fen for t in tranches), Fraction(0)) - sum((f for f in fees if f is not None), Fraction(0))
    return money / sum((s for s in shares if s is not None), Fraction(0)), None


def _worth(
    stake: StaffStakeFacts,
    ours: EntryTranche,
    advantage: Advantage,
    compared: SharePrice | None,
    reason: Reason | None,
    prices: Prices,
) -> Gain | None:
    """The gain of one payment; None where it was paid on the institution's day at the institution's price."""
    if compared is not None and (ours.shares is None or ours.fees is None):
        reason = NO_SHARES if ours.shares is None else NO_FEES
    if reason is not None or compared is None or ours.shares is None or ours.fees is None:
        return Gain(advantage, ours.code, ours.day, None, compared, None, None, reason)
    gained = ours.shares - (ours.fen - ours.fees) / compared.price if compared.price else ours.shares
    if abs(gained) <= max(Fraction(1), 1 / compared.price if compared.price else Fraction(1)):
        gained = Fraction(0)
    if gained == 0:
        if advantage is Advantage.PRICE:
            return None
        return Gain(advantage, ours.code, ours.day, gained, compared, Fraction(0), Fraction(0))
    realised, unrealised, why_not = _valued(stake, gained, prices)
    return Gain(advantage, ours.code, ours.day, gained, compared, realised, unrealised, why_not)


def _valued(
    stake: StaffStakeFacts, gained: Fraction, prices: Prices
) -> tuple[Fraction | None, Fraction | None, Reason | None]:
    """What shares gained are worth: sold in proportion with the stake's, the rest held."""
    bought = stake.shares
    sales = sales_of(stake)
    if not bought or any(s.shares is None or s.price is None for s in sales):
        return None, None, NO_SHARES
    sold = sum((s.shares for s in sales if s.shares is not None), Fraction(0)) / bought
    received = sum(
        (s.shares * s.price for s in sales if s.shares is not None and s.price is not None), Fraction(0)
    )
    realised = gained * received / bought
    if sold >= 1:
        return realised, Fraction(0), None
    now = prices(stake.as_of, stake.stake_share_class)
    if now is None:
        return realised, None, NO_VALUE
    return realised, gained * (1 - sold) * now.price, None


def sales_of(stake: StaffStakeFacts) -> list[SharesSold]:
    """What the stake sold, to whom ever: with or without the institution, and to others."""
    left, sales = stake.shares, list[SharesSold]()
    ours = sorted((e.staff for e in stake.exits if e.staff is not None), key=lambda s: (s.day, s.code))
    for sale in ours:
        shares = None if sale.share is None or left is None else sale.share * left
        sales.append(SharesSold(shares, sale.price))
        left = None if shares is None or left is None else left - shares
    for given in stake.transfers:
        shares = None if given.payment_shares is None else Fraction(given.payment_shares)
        sales.append(SharesSold(shares, None if not shares else Fraction(given.fen) / shares))
    return sales


def _of_exits(stake: StaffStakeFacts, prices: Prices) -> Iterator[Gain]:
    left = stake.shares
    given = [(t.day, t.payment_shares) for t in stake.transfers]
    pairs = sorted(stake.exits, key=_day_of)
    for place, pair in enumerate(pairs, 1):
        ours, theirs = pair.staff, pair.institution
        since = _Since(
            [later.institution for later in pairs[place:] if later.institution is not None], prices
        )
        if ours is not None:
            shares = None if ours.share is None or left is None else ours.share * left
            yield from _sold(stake, pair, shares, since)
            if theirs is not None and shares is not None and left is not None and theirs.share is not None:
                yield from _out_of_proportion(stake, pair, shares - theirs.share * left, since)
            left = None if shares is None or left is None else left - shares
        elif theirs is not None:
            gone = [shares for day, shares in given if day <= theirs.day]
            retained = None
            if theirs.share is not None and left is not None and None not in gone:
                away = sum((Fraction(g) for g in gone if g is not None), Fraction(0))
                retained = theirs.share * max(Fraction(0), left - away)
            yield from _retained(stake, pair, retained, since)


class _Since(NamedTuple):
    """What became of shares after an exit: the institution's later exits, in their order, and prices."""

    exits: Sequence[SaleFacts]
    prices: Prices

    def came_to(
        self, stake: StaffStakeFacts, shares: Fraction
    ) -> tuple[Fraction | None, Fraction | None, Reason | None]:
        """Fen got for shares, and fen that those left are worth. Whoever holds more or less than the institution sells, where
        it sells again, the same part of that as of the rest: what was sold too early would have gone then, what was kept went.
        """
        got, left = Fraction(0), shares
        for sale in self.exits:
            if sale.share is None or sale.price is None:
                return None, None, NO_SHARES if sale.share is None else NO_EXIT_PRICE
            got += left * sale.share * sale.price
            left *= 1 - sale.share
        if left == 0:
            return got, Fraction(0), None
        now = self.prices(stake.as_of, stake.stake_share_class)
        return (got, None, NO_VALUE) if now is None else (got, left * now.price, None)

    def last(self) -> SharePrice | None:
        """The institution's last exit, by which all is gone."""
        return _compared(JointExit(self.exits[-1], None)) if self.exits else None


def _day_of(pair: JointExit) -> tuple[dt.date, str]:
    own = pair.staff or pair.institution
    assert own is not None
    return own.day, own.code


def _compared(pair: JointExit) -> SharePrice | None:
    theirs = pair.institution
    if theirs is None or theirs.price is None:
        return None
    return SharePrice(theirs.price, theirs.day, Text(f"机构退出 {theirs.code}", f"exit {theirs.code}"))


def _sold(stake: StaffStakeFacts, pair: JointExit, shares: Fraction | None, since: _Since) -> Iterator[Gain]:
    """Shares sold with the institution at another price, or without it."""
    ours, theirs = pair.staff, pair.institution
    assert ours is not None
    if shares is None or ours.price is None:
        yield Gain(Advantage.EXIT, ours.code, ours.day, None, _compared(pair), None, None, NO_SHARES)
        return
    if theirs is not None:
        compared = _compared(pair)
        if compared is None:
            yield Gain(Advantage.EXIT, ours.code, ours.day, shares, None, None, None, NO_EXIT_PRICE)
        elif abs(more := shares * (ours.price - compared.price)) > max(Fraction(1), ours.price):
            yield Gain(Advantage.EXIT, ours.code, ours.day, shares, compared, more, Fraction(0))
        elif ours.day != theirs.day:
            yield Gain(Advantage.EXIT, ours.code, ours.day, shares, compared, Fraction(0), Fraction(0))
        return
    got, held, why_not = since.came_to(stake, shares)
    compared = since.prices(stake.as_of, stake.stake_share_class) if held else since.last()
    realised = None if got is None else shares * ours.price - got
    instead = None if held is None else -held
    yield Gain(Advantage.EXIT, ours.code, ours.day, shares, compared, realised, instead, why_not)


def _out_of_proportion(
    stake: StaffStakeFacts, pair: JointExit, more: Fraction, since: _Since
) -> Iterator[Gain]:
    """Of an exit together the shares sold beyond the institution's proportion, or kept below it."""
    ours = pair.staff
    if more < -1:
        yield from _retained(stake, pair, -more, since)
    elif more > 1 and ours is not None:
        yield from _sold(stake, JointExit(None, ours), more, since)


def _retained(
    stake: StaffStakeFacts, pair: JointExit, shares: Fraction | None, since: _Since
) -> Iterator[Gain]:
    """Shares kept where the institution sold."""
    theirs, compared = pair.institution, _compared(pair)
    assert theirs is not None
    if shares is None or compared is None:
        reason = NO_SHARES if shares is None else NO_EXIT_PRICE
        yield Gain(Advantage.STAYED, theirs.code, theirs.day, shares, compared, None, None, reason)
        return
    if not shares:
        return
    got, held, why_not = since.came_to(stake, shares)
    realised = None if got is None else got - shares * compared.price
    yield Gain(Advantage.STAYED, theirs.code, theirs.day, shares, compared, realised, held, why_not)
