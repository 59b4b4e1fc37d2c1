"""What the institution and a stake sold, side by side; transfers of stakes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.audit.coinvestment.projects import ProjectReadings
from fof.audit.coinvestment.readings import exact_sum
from fof.book.coinvestment import StaffPayment
from fof.book.identities import Registered
from fof.book.index import Book
from fof.book.owners import STATE_OWNED
from fof.ledger import Dated
from fof.rules.facts_coinvest import (
    Denied,
    JointExit,
    PaymentFacts,
    SaleFacts,
)
from models.coinvest import PaymentLeg, PayOut
from models.kinds import DealKind, PartyKind
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S


class ExitReadings(ProjectReadings):
    """Exits and transfers."""

    def __init__(self, book: Book, day: dt.date) -> None:
        super().__init__(book, day)
        self._vehicle_receives: dict[tuple[int, int], bool] = {}

    # -- exits --------------------------------------------------------------------------------------------------------

    def _exits(self, stake: Registered, firm: int | None, company: int | None) -> list[JointExit]:
        """The institution's exits since it came in and the stake's, by the exit the payment names, else by the day."""
        if company is None:
            return []
        if (firm is None or (firm, company) not in self.own.sold) and not self._receives(stake):
            return []
        day = min((p.day for p in self.own.of_stake.get(stake.number, ())), default=stake.first_day)
        theirs = (
            [d for d in self.own.sold.get((firm, company), ()) if day <= d.day <= self.day]
            if firm is not None
            else []
        )
        ours = [p for p in self._received(stake) if p.subject.on("pay_out", p.day) is PayOut.EXIT]
        if not theirs and not ours:
            return []
        denied = self._denied_of_deal(stake)
        bought = exact_sum(t.shares or 0 for t in self.tranches(stake))
        pairs: list[JointExit] = []
        left = bought
        sales: list[tuple[StaffPayment, SaleFacts]] = []
        for paid in ours:
            part = self._part_of(stake, paid)
            shares = paid.subject.on("payment_shares", paid.day)
            fees = paid.subject.on("payment_fees", paid.day)
            fees = 0 if fees is None and "payment_fees" in denied else fees
            own = None if shares is None else Fraction(shares) * part
            price = None if not own or fees is None else (paid.fen - fees) * part / own
            sales.append(
                (
                    paid,
                    SaleFacts(
                        paid.subject.code,
                        paid.day,
                        None if own is None or not left else own / left,
                        price,
                        paid.fen * part,
                        own,
                    ),
                )
            )
            left -= own or 0
        for deal in theirs:
            sale = self._sale(deal, firm, company, free="deal_fees" in denied)
            match = next(
                (s for s in sales if s[0].subject.on("exit_deal", s[0].day) == deal.row.code),
                next(
                    (
                        s
                        for s in sales
                        if s[0].subject.on("exit_deal", s[0].day) is None and s[0].day == deal.day
                    ),
                    None,
                ),
            )
            if match is not None:
                sales.remove(match)
            pairs.append(JointExit(sale, None if match is None else match[1]))
        pairs += [JointExit(None, sale) for _, sale in sales]
        return pairs

    def _receives(self, stake: Registered) -> bool:
        """Whether the company ever paid the person, or the vehicle for the deal."""
        for own in self.own.of_stake.get(stake.number, ()):
            if own.leg is PaymentLeg.COMPANY_TO_PERSON:
                return True
        vehicle, deal = stake.links.get(R.VEHICLE), stake.links.get(R.DEAL)
        if vehicle is None or deal is None:
            return False
        known = self._vehicle_receives.get((vehicle, deal))
        if known is None:
            paid = self.own.of_vehicle.get((vehicle, deal), ())
            known = any(p.leg is PaymentLeg.COMPANY_TO_VEHICLE for p in paid)
            self._vehicle_receives[vehicle, deal] = known
        return known

    def _received(self, stake: Registered) -> list[StaffPayment]:
        """Payments from the company to the person, or to the vehicle for the deal."""
        deal, vehicle = stake.linked(R.DEAL), stake.linked(R.VEHICLE)
        own = [p for p in self.own.of_stake.get(stake.number, ()) if p.leg is PaymentLeg.COMPANY_TO_PERSON]
        if deal is not None and vehicle is not None:
            own += [
                p
                for p in self.own.of_vehicle.get((vehicle, deal), ())
                if p.leg is PaymentLeg.COMPANY_TO_VEHICLE
            ]
        return sorted((p for p in own if p.day <= self.day), key=lambda p: (p.day, p.entry))

    def _part_of(self, stake: Registered, paid: StaffPayment) -> Fraction:
        if paid.leg is not PaymentLeg.COMPANY_TO_VEHICLE:
            return Fraction(1)
        deal, vehicle = stake.linked(R.DEAL), stake.linked(R.VEHICLE)
        assert deal is not None
        assert vehicle is not None
        return self._part(stake, vehicle, deal)

    def _denied_of_deal(self, stake: Registered) -> Denied:
        """What was answered not to exist for a stake, or for all of its deal."""
        deal = stake.linked(R.DEAL)
        if not self._denied or deal is None:
            return frozenset()
        of_deal = self.denied(s.number for s in self.own.by(S.STAFF_STAKE, R.DEAL).get(deal, ()))
        return self.denied_of_stake(stake.number, of_deal)

    def _sale(self, deal: Dated, firm: int | None, company: int, *, free: bool = False) -> SaleFacts:
        """What the institution's side sold: of all its shares in the company, by number, else as a whole where it left. The price is
        after fees: without them it is not known, but where it was answered that there are none (`free`)."""
        before = (
            [d for d in self.own.bought.get((firm, company), ()) if d.day <= deal.day]
            if firm is not None
            else []
        )
        sold_before = (
            [d for d in self.own.sold.get((firm, company), ()) if (d.day, d.entry) < (deal.day, deal.entry)]
            if firm is not None
            else []
        )
        bought = [self.of_deal(d.row.id, "deal_shares", self.day) for d in before]
        gone = [self.of_deal(d.row.id, "deal_shares", self.day) for d in sold_before]
        own = self.of_deal(deal.row.id, "deal_shares", self.day)
        fen = self.own.fen_of_deal.get(deal.row.id, 0)
        fees = self.of_deal(deal.row.id, "deal_fees", self.day)
        fees = 0 if fees is None and free else fees
        share: Fraction | None = None
        if own is not None and None not in bought and None not in gone:
            left = sum(map(Fraction, bought), Fraction(0)) - sum(map(Fraction, gone), Fraction(0))
            share = Fraction(own) / left if left > 0 else None
        if share is None and deal.row.kind == DealKind.EXIT:
            share = Fraction(1)
        price = None if not own or fees is None else (fen - fees) / Fraction(own)
        return SaleFacts(deal.row.code, deal.day, share, price, Fraction(fen))

    def _state_buyer(self, transfers: tuple[PaymentFacts, ...]) -> bool | None:
        if not transfers:
            return None
        buyer = self.book.by_code[transfers[-1].payer]
        if self.book.parties[buyer].kind is PartyKind.PERSON:
            return False
        if self.book.parties[buyer].kind in (
            PartyKind.SOE_VC,
            PartyKind.STATE_INVESTOR,
            PartyKind.GOVERNMENT,
        ):
            return True
        control = self.book.facts.of(buyer, "ownership", transfers[-1].day)
        return None if control is None else control in STATE_OWNED

    def _net_assets(self, company: int | None, transfers: tuple[PaymentFacts, ...]) -> Decimal | None:
        if company is None or not transfers:
            return None
        value: Decimal | None = self.book.facts.of(company, "audited_net_assets_per_share", transfers[-1].day)
        return value
