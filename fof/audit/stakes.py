"""Stakes of a vehicle as the rules see them on a day: of whoever holds them, and of whoever made the promise."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from fof.audit.formal_employment import formal_employment
from fof.audit.left_out import left_out
from fof.audit.office import Office
from fof.audit.on_demand import begin, gathered
from fof.audit.parties import investor_then
from fof.book.declared import declarations_of
from fof.book.paid_in_kind import paid_in_kind
from fof.book.timelines import Timeline
from fof.rules.facts_parties import Flow, InvestorFacts, LeftOut, StakeFacts
from models.kinds import EdgeBasis
from models.money import WHOLE

if TYPE_CHECKING:
    from fof.book.index import Book


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
        employment, formal = formal_employment(office.book, fund, office.investor(owner), owner, since)
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
                employment=employment,
                formally_employed=formal,
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
        spells.append((edge.day, Fraction(row.share_nano, WHOLE)))
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
    another. What moved, and who is behind it, is gathered when a rule asks: on the day of an event few do."""
    book = office.book
    shaped = [on for p in parties for on in changed_on(office, fund, p)]
    if not shaped and not any(_moved_by(line, fund, parties, office.day) for line in _lines_of(book)):
        return None
    gp, joined = book.facts.of(fund, "gp", office.day), min(shaped, default=None)
    stake: StakeFacts = begin(
        _GATHERED,
        office=office,
        vehicle=fund,
        holders=parties,
        whose=investor,
        behind=investor if holder is None else holder,
        investor=office.investor(investor),
        committed=office.owners.committed(fund, parties),
        first_committed_on=joined,
        last_committed_on=max(shaped, default=None),
        is_gp=gp is not None and book.code(investor) == gp,
    )
    return stake


def _lines_of(book: Book) -> tuple[Mapping[tuple[int, int], Timeline[Any]], ...]:
    return book.dues, book.paid, book.received


def _moved_by(
    lines: Mapping[tuple[int, int], Timeline[Any]], fund: int, parties: list[int], day: dt.date
) -> tuple[Any, ...]:
    """What moved on some parties' lines up to a day: of one in the journal's order of each day, of several party by party."""
    own = [lines[fund, p].upto(day) for p in parties if (fund, p) in lines]
    return tuple(own[0]) if len(own) == 1 else tuple([moved for line in own for moved in line])


def _flows(stake: Any, lines: Mapping[tuple[int, int], Timeline[Flow]]) -> tuple[Flow, ...]:
    flows = _moved_by(lines, stake.vehicle, stake.holders, stake.office.day)
    return flows if len(stake.holders) == 1 else tuple(sorted(flows, key=attrgetter("day")))


def _moved(stake: Any, measure: str, own: Sequence[Flow]) -> int:
    """History of a stake that came with it from others, less what went on to others, up to the day: what the register
    has of it beyond its own money."""
    balances, fund, day = stake.office.book.balances[measure], stake.vehicle, stake.office.day
    came: int = sum([balances[fund, p].at(day) for p in stake.holders if (fund, p) in balances])
    return came - sum([flow.fen for flow in own])


def _then(stake: Any) -> InvestorFacts | None:
    joined = stake.first_committed_on
    return None if joined is None else investor_then(stake.office.book, stake.whose, joined, stake.office.day)


def _first_committed(stake: Any) -> int | None:
    joined, owners = stake.first_committed_on, stake.office.owners
    return None if joined is None else owners.committed(stake.vehicle, stake.holders, joined)


def _in_kind(stake: Any) -> bool | None:
    things, day = paid_in_kind(stake.office.book.view), stake.office.day
    return True if any(things.get((stake.vehicle, p), dt.date.max) <= day for p in stake.holders) else None


def _public(stake: Any) -> dict[str, Any]:
    home, anywhere = (stake.office.owners.public(stake.behind, anywhere=far) for far in (False, True))
    return {
        "government_part": None if home is None else home[0],
        "state_part": None if home is None else home[1],
        "government_anywhere": None if anywhere is None else anywhere[0],
        "state_anywhere": None if anywhere is None else anywhere[1],
        **stake.__dict__,
    }


def _employed(stake: Any) -> tuple[str | None, bool | None]:
    joined = stake.first_committed_on or stake.office.day
    return formal_employment(stake.office.book, stake.vehicle, stake.investor, stake.whose, joined)


_GATHERED = gathered(
    StakeFacts,
    {
        "investor_then": _then,
        "first_committed": _first_committed,
        "in_kind": _in_kind,
        "employment": lambda stake: _employed(stake)[0],
        "formally_employed": lambda stake: _employed(stake)[1],
        "dues": lambda stake: _moved_by(
            stake.office.book.dues, stake.vehicle, stake.holders, stake.office.day
        ),
        "paid": lambda stake: _flows(stake, stake.office.book.paid),
        "received": lambda stake: _flows(stake, stake.office.book.received),
        "paid_in_moved": lambda stake: _moved(stake, "paid_in", stake.paid),
        "distributed_moved": lambda stake: _moved(stake, "distributed", stake.received),
    },
    (("government_part", "state_part", "government_anywhere", "state_anywhere"), _public),
)


def asked_others(office: Office, fund: int) -> dict[str, tuple[LeftOut, ...]]:
    """Code of an investor of the day -> calls that asked others and not it, or whom it stands for."""
    by_investor: dict[str, list[LeftOut]] = defaultdict(list)
    for party, calls in left_out(office.book, fund).items():
        by_investor[office.book.code(office.book.holder(party, office.day))] += [
            c for c in calls if c.asked_on <= office.day
        ]
    return {code: tuple(sorted(calls)) for code, calls in by_investor.items() if calls}
