"""What the rules of staff co-investment judge, gathered from the book for a day.

Facts of a stake, a project and a plan are those of the event's day; `plan_today` and what has happened since (exits,
transfers, leaving) are of the as-of day. What the institution answered "does not exist" stands in `denied`.
"""

from __future__ import annotations

import datetime as dt
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


def register(book: Book, day: dt.date, institutions: Collection[str] | None = None) -> CoinvestmentFacts:
    """Everything about co-investment on a day; of some institutions where they are named."""
    own = StaffRegister(book, day)
    stakes = [s for s in own.own.of(S.STAFF_STAKE) if s.first_day <= day]
    deals = own.joined_or_offered
    projects = own.all_projects
    vehicles = {v for s in stakes if (v := s.linked(R.VEHICLE)) is not None}
    firms = {f for d in deals if (f := own.own.institution(own.own.deals[d])) is not None}
    firms |= {
        f for p in own.own.of(S.PLAN) if (f := p.linked(R.INSTITUTION)) is not None and p.first_day <= day
    }
    pairs = {
        (p, f)
        for e in own.own.of(S.ELIGIBILITY)
        if (p := e.linked(R.PERSON)) is not None
        and (d := e.linked(R.DEAL)) in own.own.deals
        and d is not None
        and e.first_day <= day
        and (f := own.own.institution(own.own.deals[d])) is not None
    }

    def chosen(firm: str | None) -> bool:
        return institutions is None or firm in institutions

    plans = [own.plan(p.number, day) for p in own.own.of(S.PLAN)]
    of_stakes = own.all_stakes

    of_vehicles = [own.vehicle(v) for v in sorted(vehicles, key=book.code)]
    return CoinvestmentFacts(
        plans=tuple(p for p in plans if p is not None and chosen(p.institution)),
        projects=tuple(p for p in projects if chosen(p.institution)),
        stakes=tuple(s for s in of_stakes if chosen(s.institution)),
        vehicles=tuple(v for v in of_vehicles if chosen(v.institution)),
        institutions=tuple(own.institution(f) for f in sorted(firms, key=book.code) if chosen(book.code(f))),
        participation=tuple(
            own.participation(p, f)
            for p, f in sorted(pairs, key=lambda pair: (book.code(pair[1]), book.code(pair[0])))
            if chosen(book.code(f))
        ),
    )
