"""What rows of staff co-investment state too late or too much: a plan approved after a project that it covers, money before the plan
existed, more shares than the round sold.

The rulebook makes findings of these (CI-02, CI-17, CI-30), so they are booked and not refused; whoever hands the file in is told the row.
Held against each other are the file and the book.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from fof.importers.tables import Table, TypedRow
from fof.intake.planning import Planning
from fof.intake.round_instalments import RoundInstalments
from models.coinvest import PaymentLeg
from models.subjects import LinkRole, SubjectKind
from models.text import Text, counted

_APPROVALS = ("board_approved_on", "party_committee_approved_on", "plan_filed_on")
_INTO_COMPANY = frozenset({PaymentLeg.VEHICLE_TO_COMPANY, PaymentLeg.PERSON_TO_COMPANY})
_IN = _INTO_COMPANY | {PaymentLeg.PERSON_TO_VEHICLE}


class _Joined(NamedTuple):
    """A stake: the codes of its plan, deal and vehicle, and the row that states it, None where the book does."""

    plan: str | None
    deal: str | None
    vehicle: str | None
    table: Table | None = None
    row: TypedRow | None = None


class StaffTiming:
    """The rows of a file, with what the book has beside them. ids of subjects are looked up by code."""

    def __init__(self, planning: Planning, tables: list[Table]) -> None:
        self.planning, self.view = planning, planning.view
        self._rows: dict[str, list[tuple[Table, TypedRow]]] = defaultdict(list)
        for table in tables:
            self._rows[table.layout.name] += [(table, row) for row in table.rows]

    def warn(self) -> None:
        """A warning at each row that states something too late or too much."""
        asked = ("coinvest_plans", "staff_stakes", "coinvest_payments", "coinvest_deals")
        if not any(self._rows[name] for name in asked):
            return
        self._approved_late()
        self._before_the_plan()
        self._above_the_round()

    # -- what is known ------------------------------------------------------------------------------------------------

    @cached_property
    def _deal_days(self) -> dict[str, dt.date]:
        days = {str(d.row.code): d.day for d in self.view.deals}
        stated = ((row.text("code"), row.day("day")) for _, row in self._rows["deals"])
        return days | {code: day for code, day in stated if code is not None and day is not None}

    @cached_property
    def _deal_ids(self) -> dict[str, int]:
        return {str(d.row.code): d.row.id for d in self.view.deals}

    @cached_property
    def _instalments(self) -> RoundInstalments:
        deals, funds = ([row for _, row in self._rows[name]] for name in ("deals", "funds"))
        return RoundInstalments(self.view, deals, funds)

    @cached_property
    def _stakes(self) -> dict[str, _Joined]:
        """Every stake by code: of the book, then of the file."""
        codes = {number: code for (_, code), number in self.view.subject_ids.items()}
        deals = {d.row.id: str(d.row.code) for d in self.view.deals}
        stakes = {}
        for (kind, code), number in self.view.subject_ids.items():
            if kind != SubjectKind.STAFF_STAKE.value:
                continue
            ends = {link.row.role: link.row for link in self.view.links_ever(number)}
            plan, deal, vehicle = (ends.get(r) for r in (LinkRole.PLAN, LinkRole.DEAL, LinkRole.VEHICLE))
            stakes[code] = _Joined(
                None if plan is None else codes.get(plan.other),
                None if deal is None else deals.get(deal.deal),
                None if vehicle is None else self.view.parties[vehicle.party].code,
            )
        for table, row in self._rows["staff_stakes"]:
            own = _Joined(row.text("plan"), row.text("deal"), row.text("vehicle"), table, row)
            code, before = str(row.text("code")), stakes.get(str(row.text("code")))
            stakes[code] = own if before is None or own.plan or own.deal else before
        return stakes

    @cached_property
    def _plans_from(self) -> dict[str, dt.date]:
        """Plan → the first day on which a version of it is stated."""
        first: dict[str, dt.date] = {}
        for (kind, code), number in self.view.subject_ids.items():
            if kind == SubjectKind.PLAN.value:
                days = [link.day for link in self.view.links_ever(number)]
                if days:
                    first[code] = min(days)
        for _, row in self._rows["coinvest_plans"]:
            plan, day = row.text("code"), row.day("since")
            if plan is not None and day is not None:
                first[plan] = min(day, first.get(plan, day))
        return first

    # -- approved late -------------------------------------------------------------------------------------------------

    def _approved_late(self) -> None:
        """Each approval of the file after the first project that its version covers."""
        covered: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
        for own in self._stakes.values():
            day = self._deal_days.get(own.deal or "")
            if own.plan is not None and own.deal is not None and day is not None:
                covered[own.plan].append((day, own.deal))
        for table, row in self._rows["coinvest_plans"]:
            code, since = str(row.text("code")), row.day("since")
            for name in _APPROVALS:
                approved = row.day(name)
                if approved is None or since is None:
                    continue
                until = self._stated_anew(code, name, since)
                late = [pair for pair in covered[code] if since <= pair[0] < min(approved, until)]
                if late:
                    day, deal = min(late)
                    text = Text(
                        f"不晚于项目 {deal} 的首次付款日 {day}（CI-02：项目日前须已批准并备案）",
                        f"by {day}, the first payment of project {deal} (CI-02: approved and filed by then)",
                    )
                    self.planning.warn(table, row, name, "approved_after_project", text, approved)

    def _stated_anew(self, plan: str, name: str, since: dt.date) -> dt.date:
        days = [
            day
            for _, row in self._rows["coinvest_plans"]
            if row.text("code") == plan
            and row.day(name) is not None
            and (day := row.day("since")) is not None
        ]
        return min((day for day in days if day > since), default=dt.date.max)

    # -- before the plan -----------------------------------------------------------------------------------------------

    def _before_the_plan(self) -> None:
        """Each payment in before the first version of the plan that its stake names."""
        for table, row in self._rows["coinvest_payments"]:
            day = row.day("since")
            if row["payment_leg"] not in _IN or day is None:
                continue
            for plan in sorted(set(self._plans_of(row))):
                first = self._plans_from.get(plan)
                if first is not None and day < first:
                    text = Text(
                        f"不早于方案 {plan} 的首个版本 {first}（CI-02、CI-30：付款须有已生效的方案）",
                        f"from {first} on, the first version of plan {plan} (CI-02, CI-30: paid under a plan in force)",
                    )
                    self.planning.warn(table, row, "since", "paid_before_plan", text, day)

    def _plans_of(self, row: TypedRow) -> Iterator[str]:
        stake = row.text("staff_stake")
        if stake is not None:
            own = self._stakes.get(stake)
            if own is not None and own.plan is not None:
                yield own.plan
            return
        yield from self._of_vehicle.get((row.text("vehicle"), row.text("deal")), ())

    @cached_property
    def _of_vehicle(self) -> dict[tuple[str | None, str | None], set[str]]:
        plans: dict[tuple[str | None, str | None], set[str]] = defaultdict(set)
        for own in self._stakes.values():
            if own.plan is not None:
                plans[own.vehicle, own.deal].add(own.plan)
        return plans

    # -- above the round -----------------------------------------------------------------------------------------------

    def _above_the_round(self) -> None:
        """The payment of the file with which staff and the institution, by all its deals of the round, have more shares than the
        round sold; where no payment of
        the file does, the row that says what it sold."""
        terms: dict[str, dict[str, Decimal]] = defaultdict(dict)
        stated_at: dict[str, tuple[Table, TypedRow]] = {}
        for table, row in self._rows["coinvest_deals"]:
            for name in ("round_shares", "deal_shares"):
                if (stated := row[name]) is not None:
                    terms[str(row.text("deal"))][name] = Decimal(stated)
                    stated_at[str(row.text("deal"))] = table, row
        paid: dict[str, list[tuple[dt.date, Decimal, Table, TypedRow]]] = defaultdict(list)
        for table, row in self._rows["coinvest_payments"]:
            deal, day, shares = self._deal_of(row), row.day("since"), row["payment_shares"]
            if (
                row["payment_leg"] in _INTO_COMPANY
                and deal is not None
                and day is not None
                and shares is not None
            ):
                paid[deal].append((day, Decimal(shares), table, row))
        for deal in sorted({one for stated in (*terms, *paid) for one in self._instalments.of(stated)}):
            sold = terms.get(deal, {}).get("round_shares", self._booked(deal, "round_shares"))
            if sold is None:
                continue
            instalments = self._instalments.of(deal)
            theirs = [
                terms.get(d, {}).get("deal_shares", self._booked(d, "deal_shares")) for d in instalments
            ]
            if None in theirs:
                continue
            whole = sum((n for n in theirs if n is not None), self._bought.get(deal, Decimal(0)))
            place = next((stated_at[d] for d in (deal, *instalments) if d in stated_at), None)
            for _, shares, table, row in sorted(paid[deal], key=lambda p: (p[0], p[3].number)):
                whole += shares
                if whole > sold:
                    place = table, row
            if whole > sold and place is not None:
                text = Text(
                    f"机构与跟投合计不超过本轮发行的 {sold} 股（CI-17），现为 {whole} 股",
                    f"institution and staff together at most what the round sold, {counted(sold, 'share')} (CI-17); these make {whole}",
                )
                columns = ("payment_shares", "round_shares", "deal_shares")
                column = next(name for name in columns if place[1][name] is not None)
                self.planning.warn(*place, column, "above_round", text, place[1][column])

    def _deal_of(self, row: TypedRow) -> str | None:
        stake = self._stakes.get(row.text("staff_stake") or "")
        return row.text("deal") or (None if stake is None else stake.deal)

    def _booked(self, deal: str, name: str) -> Decimal | None:
        number = self._deal_ids.get(deal)
        value: Any = None if number is None else self.view.attribute(("deal", number), name)
        return None if value is None else Decimal(value)

    @cached_property
    def _bought(self) -> dict[str, Decimal]:
        """Deal → shares that booked payments into the company brought."""
        deals = {d.row.id: str(d.row.code) for d in self.view.deals}
        stakes = {
            self.view.subject_ids[key]: key[1]
            for key in self.view.subject_ids
            if key[0] == SubjectKind.STAFF_STAKE.value
        }
        bought: dict[str, Decimal] = defaultdict(Decimal)
        for (kind, _), number in self.view.subject_ids.items():
            if kind != SubjectKind.COINVEST_PAYMENT.value:
                continue
            bearer = kind, number
            shares = self.view.attribute(bearer, "payment_shares")
            if shares is None or self.view.attribute(bearer, "payment_leg") not in _INTO_COMPANY:
                continue
            ends = {link.row.role: link.row for link in self.view.links_ever(number)}
            deal = ends.get(LinkRole.DEAL)
            stake = ends.get(LinkRole.STAFF_STAKE)
            own = None if stake is None else self._stakes.get(stakes.get(stake.other, ""))
            named = deals.get(deal.deal) if deal is not None else None if own is None else own.deal
            if named is not None:
                bought[named] += Decimal(shares)
        return bought
