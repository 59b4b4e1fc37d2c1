"""Booking plan of staff co-investment: the register of plans, people and stakes, and the money that staff pay and receive."""

from __future__ import annotations

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.instruments import INSTRUMENT_KINDS
from fof.intake.planning import Planning
from fof.intake.pools import POOL_KINDS
from fof.intake.registered import Registering, kinds_fit
from fof.intake.staff_timing import StaffTiming
from models.coinvest import PaymentLeg
from models.journal import Posting
from models.kinds import EntryKind, PartyKind
from models.posting_kinds import PostingKind
from models.rows import Deal, SubjectLink
from models.subjects import LinkRole, SubjectKind
from models.text import Text

_PAYMENTS = "coinvest_payments"

_ENDS: dict[PaymentLeg, tuple[LinkRole, LinkRole]] = {
    PaymentLeg.PERSON_TO_VEHICLE: (LinkRole.PERSON, LinkRole.VEHICLE),
    PaymentLeg.PERSON_TO_COMPANY: (LinkRole.PERSON, LinkRole.COMPANY),
    PaymentLeg.VEHICLE_TO_COMPANY: (LinkRole.VEHICLE, LinkRole.COMPANY),
    PaymentLeg.COMPANY_TO_VEHICLE: (LinkRole.COMPANY, LinkRole.VEHICLE),
    PaymentLeg.COMPANY_TO_PERSON: (LinkRole.COMPANY, LinkRole.PERSON),
    PaymentLeg.VEHICLE_TO_PERSON: (LinkRole.VEHICLE, LinkRole.PERSON),
    PaymentLeg.TRANSFER: (LinkRole.HOLDER, LinkRole.PERSON),
}
"""Who pays and who is paid."""
_PAID_IN = frozenset(
    {PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY, PaymentLeg.VEHICLE_TO_COMPANY}
)
_KIND_OF = {
    LinkRole.PERSON: PartyKind.PERSON,
    LinkRole.RELATIVE: PartyKind.PERSON,
    LinkRole.VEHICLE: PartyKind.HOLDING_VEHICLE,
    LinkRole.COMPANY: PartyKind.COMPANY,
}


def plan_coinvestment(planning: Planning, tables: list[Table]) -> None:
    """Every sheet that registers a subject: identities of all first, then rows, payments last."""
    elsewhere = POOL_KINDS | INSTRUMENT_KINDS
    own = [t for t in tables if t.layout.registers is not None and t.layout.registers not in elsewhere]
    own.sort(key=lambda t: t.layout.order)
    if not own:  # terms of a project alone may say too much all the same
        StaffTiming(planning, tables).warn()
        return
    registering = Registering(planning)
    registering.register(own)
    for table in own:
        kinds_fit(planning, table, _KIND_OF)
    registering.plan([table for table in own if table.layout.name != _PAYMENTS])
    links = _Links(planning)
    for table in own:
        if table.layout.name == _PAYMENTS:
            for row in table.rows:
                _payment(planning, registering, links, table, row)
    StaffTiming(planning, tables).warn()


class _Links:
    """What a stake is linked to, by the book or by this plan."""

    def __init__(self, planning: Planning) -> None:
        self._view = planning.view
        self._planned: dict[int, dict[str, SubjectLink]] = {}
        self._companies = {d.row.id: d.row.company for d in self._view.deals}
        for row in (row for draft in planning.drafts for row in draft.rows):
            if isinstance(row, SubjectLink):
                self._planned.setdefault(row.subject, {})[row.role] = row
            elif isinstance(row, Deal):
                self._companies[row.id] = row.company

    def party(self, subject: int, role: LinkRole) -> int | None:
        """The party in a role; of the role company that of the deal."""
        links = {link.row.role: link.row for link in self._view.links_ever(subject)} | self._planned.get(
            subject, {}
        )
        if role is LinkRole.COMPANY:
            deal = links.get(LinkRole.DEAL)
            return None if deal is None or deal.deal is None else self._companies.get(deal.deal)
        link = links.get(role)
        return None if link is None else link.party

    def company(self, deal: int) -> int | None:
        """The company of a deal."""
        return self._companies.get(deal)


def _payment(
    planning: Planning, registering: Registering, links: _Links, table: Table, row: TypedRow
) -> None:
    """One entry for a payment: its identity, links and attributes, and the posting that names it."""
    leg: PaymentLeg = row["payment_leg"]
    day, fen, code = row.day("since"), row.fen("amount"), str(row.text("code"))
    if day is None or fen is None:
        return
    kind, number = registering.bearer(table, row)
    made = registering.rows(table, row, day)
    if made is None:
        return
    ends = [_end(planning, links, table, row, role) for role in _ENDS[leg]]
    if fen == 0:
        planning.problem(
            table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero"), 0
        )
        return
    payer, payee = ends
    if payer is None or payee is None:
        return
    if payer == payee:
        text = Text("付款方与收款方不得相同", "two different parties")
        planning.problem(table, row, "payment_leg", "same_party", text)
        return
    paid = PostingKind.COINVEST_PAY_IN if leg in _PAID_IN else PostingKind.COINVEST_PAY_OUT
    posting = Posting(int(paid), payer, payee, None, None, number, fen)
    request = keys.content(row.stated())
    planning.add(
        table,
        row,
        EntryKind.COINVESTMENT,
        day,
        keys.key(kind, code),
        request,
        postings=[posting],
        rows=made,
        note=row.text("document"),
        column="code",
    )


def _end(planning: Planning, links: _Links, table: Table, row: TypedRow, role: LinkRole) -> int | None:
    """A party of a payment: as the row names it, else as the stake does; None (and a problem) where neither does."""
    own = role.value if role in (LinkRole.VEHICLE, LinkRole.HOLDER) else None
    number: int | None = None
    if own is not None and row.text(own) is not None:
        number = planning.parties.get(str(row.text(own)), (None,))[0]
    if number is None and (stake := row.text("staff_stake")) is not None:
        subject = planning.subjects.get((SubjectKind.STAFF_STAKE.value, stake))
        number = None if subject is None else links.party(subject, role)
    if number is None and role is LinkRole.COMPANY and (deal := row.text("deal")) is not None:
        own_deal = planning.deals.get(deal)
        number = None if own_deal is None else links.company(own_deal)
    if number is None:
        column = {LinkRole.COMPANY: "deal", LinkRole.PERSON: "staff_stake"}.get(role, role.value)
        text = Text(f"本笔收付须能确定{role.zh}", f"the payment must name its {role.en.lower()}")
        planning.problem(table, row, column, "required", text)
    return number
