"""Stakes of a vehicle as the rules see them on a day: of whoever holds them, and of whoever made the promise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from fof.audit.left_out import left_out
from fof.audit.parties import investor_then
from fof.book.declared import declarations_of
from fof.book.paid_in_kind import paid_in_kind
from fof.rules.facts_parties import Due, Flow, LeftOut, StakeFacts
from models.kinds import EdgeBasis

if TYPE_CHECKING:
    from fof.audit.funds import Office


def stakes(office: Office, fund: int) -> tuple[StakeFacts, ...]:
    """Every stake that ever moved up to the day, by the investor's code. Who has sold or given up all that it promised and
    is still stated to own a share has a stake of unknown amount: one of the two statements is out of date."""
    by_code = sorted(office.owners.members(fund).items(), key=lambda m: office.book.code(m[0]))
    declared = dict(office.owners.declared(fund))
    every = [(investor, _stake(office, fund, investor, parties)) for investor, parties in by_code]
    return tuple(
        stake
        if investor not in declared
        else replace(
            stake,
            committed=None,
            declared=declared[investor],
            first_declared=_declared_since(office, fund, investor)[1],
        )
        for investor, stake in every
        if stake is not None
    )


def declared_stakes(office: Office, fund: int) -> tuple[StakeFacts, ...]:
    """Who owns a share by declaration alone and never had a stake of commitments, by code; no amount of it is known.

    first_committed_on : the day from which on it has had a share without a break
    """
    rows = []
    for owner, share in office.owners.declared(fund):
        if owner in office.owners.members(fund):
            continue
        since, first, last = _declared_since(office, fund, owner)
        home, anywhere = (office.owners.public(owner, anywhere=far) for far in (False, True))
        rows.append(
            StakeFacts(
                investor=office.investor(owner),
                investor_then=investor_then(office.book, owner, since, office.day),
                first_committed_on=since,
                last_committed_on=last,
                is_gp=office.book.facts.of(fund, "gp", office.day) == office.book.code(owner),
                government_part=None if home is None else home[0],
                state_part=None if home is None else home[1],
                government_anywhere=None if anywhere is None else anywhere[0],
                state_anywhere=None if anywhere is None else anywhere[1],
                declared=share,
                first_declared=first,
            )
        )
    return tuple(sorted(rows, key=lambda s: s.investor.code))


def _declared_since(office: Office, fund: int, owner: int) -> tuple[dt.date, Fraction, dt.date]:
    """From which day on an owner has had a declared share without a break, how much it was then, the last statement of it."""
    spells: list[tuple[dt.date, Fraction]] = []
    ended: dt.date | None = None
    for edge in declarations_of(office.book.view, fund):
        row = edge.row
        if row.owned != fund or row.owner != owner or row.basis == EdgeBasis.PAID_IN or edge.day > office.day:
            continue
        if not row.share_nano:
            spells = []
            continue
        if ended is not None and ended < edge.day:
            spells = []
        spells.append((edge.day, Fraction(row.share_nano, 10**9)))
        ended = row.until
    return *spells[0], spells[-1][0]


def made(office: Office, fund: int) -> tuple[StakeFacts, ...] | None:
    """The stakes by the party that made the promise, None where every investor stands for itself.

    first_committed_on : None where the party went on with a stake that it had taken over by then
    last_committed_on  : None where whoever took the stake over promised again
    """
    members = office.owners.members(fund)
    if all(parties == [investor] for investor, parties in members.items()):
        return None
    rows = []
    for investor, parties in members.items():
        for party in parties:
            own = _stake(office, fund, party, [party], holder=investor)
            if own is None:
                continue
            first, last = own.first_committed_on, own.last_committed_on
            if first is not None and began(office.on(first), fund, party) < first:
                first = None
            if last is not None and any(
                day > last and office.book.holder(party, day) == other
                for other in parties
                if other != party
                for day in changed_on(office, fund, other)
            ):
                last = None
            rows.append(
                replace(own, first_committed_on=first, last_committed_on=last, shared=len(parties) > 1)
            )
    return tuple(sorted(rows, key=lambda s: s.investor.code))


def began(office: Office, fund: int, party: int) -> dt.date:
    """The first day on which a party, or whom it had succeeded by the day, promised a fund something."""
    parties = office.owners.members(fund).get(office.book.holder(party, office.day), [party])
    return min((day for p in parties for day in changed_on(office, fund, p)), default=dt.date.max)


def changed_on(office: Office, fund: int, party: int) -> list[dt.date]:
    """Days up to the day on which a party's stake in a fund took another shape: it promised, bought or sold. What goes
    to a successor, or comes from a predecessor, is the same stake; later mergers change nothing about it."""
    line, book = office.book.reshaped.get((fund, party)), office.book
    return [
        on
        for on, other in (() if line is None else line.dated(office.day))
        if not other or book.holder(other, on) != book.holder(party, on)
    ]


def _stake(
    office: Office, fund: int, investor: int, parties: list[int], holder: int | None = None
) -> StakeFacts | None:
    """The stake of some parties in a fund under an investor's name; holder: who stands for it today, where that is
    another."""
    book, day = office.book, office.day
    shaped = [on for p in parties for on in changed_on(office, fund, p)]
    dues, paid, received = _money(office, fund, parties)
    if not shaped and not dues and not paid and not received:
        return None
    gp, things = book.facts.of(fund, "gp", day), paid_in_kind(book.view)
    end = investor if holder is None else holder
    parts, joined = office.owners.public(end), min(shaped, default=None)
    anywhere = office.owners.public(end, anywhere=True)
    return StakeFacts(
        investor=office.investor(investor),
        investor_then=None if joined is None else investor_then(book, investor, joined, day),
        committed=office.owners.committed(fund, parties),
        first_committed=None if joined is None else office.owners.committed(fund, parties, joined),
        first_committed_on=joined,
        last_committed_on=max(shaped, default=None),
        is_gp=gp is not None and book.code(investor) == gp,
        in_kind=True if any(things.get((fund, p), dt.date.max) <= day for p in parties) else None,
        dues=dues,
        paid=paid,
        received=received,
        government_part=None if parts is None else parts[0],
        state_part=None if parts is None else parts[1],
        government_anywhere=None if anywhere is None else anywhere[0],
        state_anywhere=None if anywhere is None else anywhere[1],
        paid_in_moved=_moved(office, fund, parties, "paid_in", paid),
        distributed_moved=_moved(office, fund, parties, "distributed", received),
    )


def _moved(office: Office, fund: int, parties: list[int], measure: str, own: Sequence[Flow]) -> int:
    """History of a stake that came with it from others, less what went on to others, up to the day: what the register
    has of it beyond its own money."""
    balances = office.book.balances[measure]
    return sum(balances[fund, p].at(office.day) for p in parties if (fund, p) in balances) - sum(
        flow.fen for flow in own
    )


def _money(
    office: Office, fund: int, parties: list[int]
) -> tuple[tuple[Due, ...], tuple[Flow, ...], tuple[Flow, ...]]:
    book, day = office.book, office.day
    dues = [d for p in parties if (fund, p) in book.dues for d in book.dues[fund, p].upto(day)]
    paid = [f for p in parties if (fund, p) in book.paid for f in book.paid[fund, p].upto(day)]
    received = [f for p in parties if (fund, p) in book.received for f in book.received[fund, p].upto(day)]
    if len(parties) > 1:
        paid.sort(key=lambda f: f.day)
        received.sort(key=lambda f: f.day)
    return tuple(dues), tuple(paid), tuple(received)


def asked_others(office: Office, fund: int) -> dict[str, tuple[LeftOut, ...]]:
    """Code of an investor of the day -> calls that asked others and not it, or whom it stands for."""
    by_investor: dict[str, list[LeftOut]] = defaultdict(list)
    for party, calls in left_out(office.book, fund).items():
        by_investor[office.book.code(office.book.holder(party, office.day))] += [
            c for c in calls if c.asked_on <= office.day
        ]
    return {code: tuple(sorted(calls)) for code, calls in by_investor.items() if calls}
