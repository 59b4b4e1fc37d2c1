"""The rounds of the demo office's funds that institutions take staff into, by the code of the position."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from office.economy import Office
from office.rows import Deal
from office.staff_people import ANGEL, DIGITAL, MEDICAL
from office.staff_projects import SOLD, StaffProject, project, sold_by_the_institution
from office.staff_register import StaffRegister

MANAGED = {
    ANGEL: ("SF-2013-01", "SF-2017-02", "SF-2021-01", "SF-2023-02", "SF-2025-02"),
    MEDICAL: ("SF-2014-01", "SF-2018-02", "SF-2025-01"),
    DIGITAL: ("SF-2019-01",),
}
"""Funds that each institution manages."""


class Rounds:
    """The deals of the institutions, and the projects made of them."""

    def __init__(self, register: StaffRegister, office: Office) -> None:
        self.register, self._companies = register, office.companies
        self.projects: dict[str, StaffProject] = {}
        self._deals: dict[str, Deal] = {}
        self._of: dict[tuple[str, str], list[Deal]] = defaultdict(list)
        for firm, funds in MANAGED.items():
            for fund in funds:
                for deal in office.sub_funds[fund].book.deals:
                    self.knows(firm, deal)

    def knows(self, firm: str, deal: Deal) -> None:
        """A deal of an institution."""
        self._deals[deal.code] = deal
        self._of[firm, deal.company].append(deal)

    def instalments(self, position: str, number: int = 1) -> list[Deal]:
        """The round's first payment and, where there was one, the second."""
        first, rest = self._deals[f"{position}-{number}"], self._deals.get(f"{position}-0")
        return [first] if rest is None or number != 1 else [first, rest]

    def revenue(self, position: str) -> int:
        """The company's revenue of the year before the round, in fen."""
        deal = self._deals[f"{position}-1"]
        company = next(c for c in self._companies if c.code == deal.company)
        return next(y.revenue for y in company.years if y.year == deal.day.year - 1)

    def take(
        self,
        firm: str,
        position: str,
        team: list[int],
        others: list[int],
        stayed_out: list[int] = [],  # noqa: B006 - read only
        *,
        number: int = 1,
        sells: bool = False,
        **more: Any,
    ) -> StaffProject:
        """A project of a position's round; sells: staff leave whenever the institution does."""
        deals = self.instalments(position, number)
        own = project(self.register, firm, deals, team, others, stayed_out, **more)
        self.projects[own.code] = own
        if sells:
            own.sells(self.sold(own))
        return own

    def sold_later(self, own: StaffProject) -> list[Deal]:
        """The institution's exits after the first."""
        every = self._of[own.firm, own.deal.company]
        return sorted((d for d in every if d.kind in SOLD), key=lambda d: d.day)[1:]

    def sold(self, own: StaffProject) -> list[Deal]:
        """The institution's exits from a project's company, with their terms on record."""
        return sold_by_the_institution(
            self.register, sorted(self._of[own.firm, own.deal.company], key=lambda d: (d.day, d.code))
        )
