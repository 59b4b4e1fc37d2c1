"""How much of a fund is government money: in the register, and looked through (rulebook GF-04, GF-05, GF-68).

Government money is that of governments of every level. Guidance, parent and national funds are looked through to their
own investors (fof.book.owners); one without investors in the book counts as money of its own level. Whether state companies count
as government is the setting `soe_counts_as_government` (default: no); both readings are always given, and a state
company is never looked through to the government behind it: it counts as a whole or not at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from fof.book.owners import EndOwners, counts_as
from fof.book.ownership import Base, Graph, graph
from fof.book.reading import Reason, once_per_prefix
from fof.book.stakes import stakes
from fof.ledger import FactInForce, View
from models.frozen import frozen
from models.kinds import GovernmentLevel, PartyKind
from models.text import Text

SETTING = "soe_counts_as_government"
NO_INVESTORS = Reason("no_investors", Text("账中没有出资人", "the book knows no investors"))
UNSTATED = "unstated"
LEVELS = (*(level.value for level in GovernmentLevel), UNSTATED)
"""Keys of `by_level`: national, province, prefecture, county, and where no level is stated."""

_VEHICLES = frozenset({PartyKind.GUIDANCE_FUND, PartyKind.PARENT_FUND, PartyKind.NATIONAL_FUND})
_STATE = "state"


@frozen
class GovernmentShare:
    """The government's part of one fund's commitments (or paid-in capital); nan where it has no investors.

    total          : fen the shares are of
    direct         : governments and their vehicles (guidance, parent, national funds) as the register names them
    looked_through : governments behind them only, state companies not counted
    by_level       : looked_through by level of government (LEVELS)
    with_soe       : looked_through with state companies counted
    counted        : whichever of the two the setting asks for (soe_counts)
    """

    fund: int
    base: Base
    total: int
    direct: float
    looked_through: float
    by_level: Mapping[str, float]
    with_soe: float
    soe_counts: bool
    note: Reason | None = None

    @property
    def counted(self) -> float:
        """The share under the reading in force."""
        return self.with_soe if self.soe_counts else self.looked_through


@once_per_prefix
def _is_set(view: View) -> bool:
    return any(s.row.name == SETTING for s in view.settings)


def soe_counts_as_government(view: View, fund: int | None = None) -> bool:
    """The setting in force: the fund's own, else the office's, else the rulebook's default, which is no.

    The rulebook is read only where the book states something: reading it takes longer than the figure.
    """
    if not _is_set(view):
        return False
    from fof.book.settings import rule_numbers

    day = view.as_of or dt.date.max
    code = None if fund is None else view.parties[fund].code
    stated = rule_numbers(view).settings.on(SETTING, day, code)
    return stated is not None and stated.value is True


def government_shares(view: View, funds: Sequence[int], base: Base = "commitment") -> list[GovernmentShare]:
    """The government share of each fund, in the order given."""
    owned = graph(view, base)
    every = stakes(view)
    amount = every.committed if base == "commitment" else every.paid_in
    answer = []
    money = _Government(view, owned)
    for fund in funds:
        total = int(amount[every.fund == fund].sum())
        owners = owned.owners_of(fund)
        counts = soe_counts_as_government(view, fund)
        if not owners:
            nan = float("nan")
            answer.append(GovernmentShare(fund, base, total, nan, nan, {}, nan, counts, NO_INVESTORS))
            continue
        levels, state = money.of(fund)
        direct = sum(e.share for e in owners if view.parties[e.owner].kind in _PUBLIC)
        looked = sum(levels.values())
        answer.append(GovernmentShare(fund, base, total, direct, looked, levels, looked + state, counts))
    return answer


_PUBLIC = _VEHICLES | {PartyKind.GOVERNMENT}


def investor_parts(view: View, fund: int, reading: str, base: Base = "commitment") -> list[tuple[int, float]]:
    """(investor, what it adds to the fund's government share) under a reading: direct, looked_through or with_soe.

    Investors that add nothing are left out; the sum is the field of that name of GovernmentShare.
    """
    owned = graph(view, base)
    government = _Government(view, owned)
    answer = []
    for edge in owned.owners_of(fund):
        levels, state = government.of(edge.owner)
        if reading == "direct":
            part = 1.0 if view.parties[edge.owner].kind in _PUBLIC else 0.0
        else:
            part = sum(levels.values()) + (state if reading == "with_soe" else 0.0)
        if part:
            answer.append((edge.owner, edge.share * part))
    return answer


def looked_through(view: View, fund: int, base: Base = "commitment") -> list[int]:
    """The vehicles with state money behind a fund whose own investors decide how much it is, nearest first."""
    owned = graph(view, base)
    government = _Government(view, owned)
    seen: list[int] = []
    queue = [edge.owner for edge in owned.owners_of(fund)]
    while queue:
        party = queue.pop(0)
        levels, state = government.of(party)
        if party not in seen and (state or any(levels.values())) and government.is_looked_through(party):
            seen.append(party)
            queue += [edge.owner for edge in owned.owners_of(party)]
    return seen


def government_part(view: View, party: int, base: Base = "commitment") -> float:
    """How much of a party's own money is government money under the reading in force for state companies; nan of a fund
    of which the book knows no investors."""
    owned = graph(view, base)
    government = _Government(view, owned)
    if view.parties[party].kind is PartyKind.SUB_FUND and not owned.owners_of(party):
        return float("nan")
    levels, state = government.of(party)
    return sum(levels.values()) + (state if soe_counts_as_government(view, party) else 0.0)


def deciding_fact(view: View, party: int) -> FactInForce | None:
    """The attribute that says what a party's money counts as: whose level a government is, who owns a company."""
    names = ("government_level", "sponsor_level", "ownership")
    return next((f for name in names if (f := view.in_force(party, name)) is not None), None)


class _Government:
    """Government money by level, and that of state companies, behind parties over the edges of a graph."""

    def __init__(self, view: View, owned: Graph) -> None:
        self.view, self._owners = view, owned.owners
        self._ends = EndOwners(self._owners_of, self._counts_as)

    def of(self, party: int) -> tuple[dict[str, float], float]:
        """(share by government level, share of state companies) of a party's money."""
        parts = self._ends.of(party)
        return {level: float(parts.get(level, 0)) for level in LEVELS}, float(parts.get(_STATE, 0))

    def is_looked_through(self, party: int) -> bool:
        """Whether a party counts by what its own investors are; governments and state companies do not."""
        return party in self._owners and self._counts_as(party, True) is None

    def _owners_of(self, party: int) -> list[tuple[int, float]]:
        return sorted((e.owner, e.share) for e in self._owners.get(party, ()))

    def _counts_as(self, party: int, owned: bool) -> str | None:
        kind = self.view.parties[party].kind
        money = counts_as(kind, self.view.fact(party, "ownership"), owned=owned)
        if money == "state":
            return _STATE
        if money is None or kind is PartyKind.SUB_FUND:
            return None
        return GovernmentLevel.NATIONAL.value if kind is PartyKind.NATIONAL_FUND else self._level(party)

    def _level(self, party: int) -> str:
        stated = self.view.fact(party, "government_level") or self.view.fact(party, "sponsor_level")
        return UNSTATED if stated is None else str(stated.value)
