"""What the rules of staff co-investment judge, gathered from the book for a day.

Facts of a stake, a project and a plan are those of the event's day; `plan_today` and what has happened since (exits,
transfers, leaving) are of the as-of day. What the institution answered "does not exist" stands in `denied`.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Collection

from fof import users
from fof.access import Actor
from fof.audit.coinvestment.parties import StaffRegister
from fof.book.coinvestment import coinvestment_of
from fof.book.index import Book, book_of
from fof.ledger import View
from fof.rules.facts_coinvest import CoinvestmentFacts
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S

_STAKES_AT_MOST = 20_000
"""Of all days whose registers are held."""


def institutions(view: View, actor: Actor | None = None) -> list[str]:
    """Codes of the state venture firms that have a plan on the view's day and that the person may see, by code.

    actor : who asks; None: the owner of this process
    """
    seen = users.seen_institutions(view, actor)
    plans = coinvestment_of(book_of(view)).of(S.PLAN)
    begun = [p for p in plans if view.as_of is None or p.first_day <= view.as_of]
    firms = {firm for plan in begun if (firm := plan.linked(R.INSTITUTION)) is not None}
    codes = sorted(view.parties[firm].code for firm in firms)
    return [code for code in codes if seen is None or code in seen]


def staff_register(book: Book, day: dt.date) -> StaffRegister:
    """The register of a day, held for the prefix: of the days asked last, as many as make some thousands of stakes."""
    registers: OrderedDict[dt.date, StaffRegister] = book.remembered.setdefault(StaffRegister, OrderedDict())
    own = registers.get(day)
    if own is None:
        own = registers[day] = StaffRegister(book, day)
        stakes = len(own.own.of(S.STAFF_STAKE))
        while len(registers) > max(1, _STAKES_AT_MOST // max(1, stakes)):
            registers.popitem(last=False)
    return own


def register(book: Book, day: dt.date, institutions: Collection[str] | None = None) -> CoinvestmentFacts:
    """Everything about co-investment on a day; of some institutions where they are named."""
    all_of = staff_register(book, day).everything
    if institutions is None:
        return all_of
    return CoinvestmentFacts(
        plans=tuple(p for p in all_of.plans if p.institution in institutions),
        projects=tuple(p for p in all_of.projects if p.institution in institutions),
        stakes=tuple(s for s in all_of.stakes if s.institution in institutions),
        vehicles=tuple(v for v in all_of.vehicles if v.institution in institutions),
        institutions=tuple(i for i in all_of.institutions if i.code in institutions),
        participation=tuple(p for p in all_of.participation if p.institution in institutions),
    )
