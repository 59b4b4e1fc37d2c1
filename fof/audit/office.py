"""The office on a day, as the facts of its funds and of their stakes are gathered from the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from fof.audit.deals import field_lists
from fof.audit.parties import investor_facts
from fof.book.index import Book
from fof.book.owners import Owners
from fof.book.working_days import calendar_of
from fof.calendar import WorkingCalendar
from fof.rules.calendar_days import add_months
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import FieldList
from fof.rules.facts_parties import InvestorFacts


class Worth(NamedTuple):
    """What the performance tables say of a fund with all its investors and all it succeeds; fen, None where not known."""

    nav: int | None = None
    irr: float | None = None
    paid_in: int | None = None
    distributed: int | None = None


class Office:
    """One day's gathering: funds, investors, who owns whom; each asked for at most once.

    worth : what fof.figures.performance says funds are worth on a day
    funds : the vehicles that were gathered (fof.audit.funds.fund_facts)
    """

    def __init__(self, book: Book, day: dt.date, worth: Callable[[dt.date], Mapping[int, Worth]]) -> None:
        self.book, self.day = book, day
        self._worth = worth
        self._investors: dict[int, InvestorFacts] = {}
        self.owners = Owners(book, day)
        self.funds: dict[int, FundFacts] = {}

    def on(self, day: dt.date) -> Office:
        """The gathering of another day; an event's day is the same for all as-of days, so it is kept with the book."""
        if day == self.day:
            return self
        key = ("office", day)
        office: Office | None = self.book.remembered.get(key)
        if office is None:
            office = self.book.remembered[key] = Office(self.book, day, self._worth)
        return office

    def let_go(self) -> None:
        """Hold no facts any longer: they name the office that holds them, and would live until the collector looks through all there
        is. Whoever still has the office gathers them anew."""
        self.funds, self._investors = {}, {}

    @cached_property
    def worth(self) -> Mapping[int, Worth]:
        """Fund -> what it is worth; a fund that is missing has no figures."""
        return self._worth(self.day)

    @cached_property
    def lists(self) -> tuple[FieldList, ...]:
        """The versions of the province's priority fields."""
        return field_lists(self.book, self.day)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """Working days by the notices that were published, and those that the office entered by the day."""
        return calendar_of(self.book, self.day)

    def investor(self, party: int) -> InvestorFacts:
        """An investor's facts, once a day."""
        facts = self._investors.get(party)
        if facts is None:
            facts = self._investors[party] = investor_facts(self.book, party, self.day)
        return facts

    def this_year(self, fund: int, name: str) -> list[Any]:
        """What was stated of a yearly duty in the last twelve months: an older statement was for another year."""
        dated = self.book.facts.dated(fund, name, self.day)
        return [value for on, value in dated if on > add_months(self.day, -12)]
