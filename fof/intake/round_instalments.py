"""Which deals of a file and of the book an institution paid into one round: staff money is held against all of them (CI-17)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from fof.book.coinvestment import CLOSINGS, whole_round
from fof.book.cost_paths import BOUGHT
from fof.importers.tables import TypedRow
from fof.ledger import View

_Key = tuple[str, str, str]


class _Instalment(NamedTuple):
    code: str
    day: dt.date


class RoundInstalments:
    """The deals of the rows of a file (layouts deals, funds) and of a view, by institution, company and round."""

    def __init__(self, view: View, deals: Iterable[TypedRow], funds: Iterable[TypedRow]) -> None:
        self.view = view
        self._managers = {row.text("code"): manager for row in funds if (manager := row.text("manager"))}
        self._rounds: dict[_Key, dict[str, _Instalment]] = defaultdict(dict)
        self._of: dict[str, _Key] = {}
        for deal in view.deals:
            if deal.row.kind in BOUGHT and deal.row.round is not None:
                fund, company = (view.parties[n].code for n in (deal.row.investor, deal.row.company))
                self._add(str(deal.row.code), fund, company, deal.row.round, deal.day)
        for row in deals:
            code, day, name = row.text("code"), row.day("day"), row.text("round")
            fund, company = row.text("fund") or "", row.text("company") or ""
            if code is not None and day is not None and name is not None and row["kind"] in BOUGHT:
                self._add(code, fund, company, name, day)

    def _add(self, code: str, fund: str, company: str, name: str, day: dt.date) -> None:
        key = self._of[code] = self._institution(fund), company, whole_round(name)
        self._rounds[key][code] = _Instalment(code, day)

    def _institution(self, fund: str) -> str:
        """Who manages a fund, as the file or else the book has it; the investor itself where nobody is recorded."""
        manager = self._managers.get(fund)
        party = self.view.by_code.get(fund)
        if manager is None and party is not None:
            manager = self.view.fact(party.id, "manager")
        return fund if manager is None else str(manager)

    def of(self, deal: str) -> list[str]:
        """The deals of the round that a deal is of, itself among them; itself alone where its round has no name."""
        key = self._of.get(deal)
        if key is None:
            return [deal]
        day = self._rounds[key][deal].day
        return sorted(d.code for d in self._rounds[key].values() if abs((d.day - day).days) <= CLOSINGS)
