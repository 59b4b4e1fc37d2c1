"""Booking plans of capital-call notices, and of the payments that come with them or after them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fof.book.notice_parts import NoticeParts
from fof.book.paid_in_kind import names_a_thing
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, IN_KIND, PAID_WITH
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.components import components_of, notice_lines, still_asked
from fof.intake.in_kind import bought_in_kind, fits_in_kind
from fof.intake.instalments import Components, Paying, distinguished, payment_digest
from fof.intake.planning import Planning, adds_up, posting
from fof.ledger import request_digest
from models.journal import Notice, Posting
from models.kinds import EntryKind, NoticeKind
from models.money import Money, yuan_text
from models.posting_kinds import PostingKind
from models.text import Text

_BESIDE = {"late_interest": PostingKind.LATE_INTEREST, "equalisation": PostingKind.EQUALISATION_PAID}

_IN_KIND = Text(
    "文件写明非货币出资，而本行按货币登记；非货币出资请改填“非货币出资”列",
    "the document names a payment in kind, and the row says money; what is handed over instead belongs in the column of contributions in kind",
)


@dataclass(slots=True)
class _Line:
    """One investor's part of a notice."""

    table: Table
    row: TypedRow
    investor: int
    code: str
    due: Components


class Calls:
    """Plans notices first, then what was paid on them; remembers the components of every notice of the file."""

    def __init__(self, planning: Planning) -> None:
        self.planning = planning
        self._due: dict[tuple[int, str, int], Components] = {}
        self._paid: dict[tuple[int, str, int], Components] = {}
        self._things: list[tuple[Paying, str | None]] = []
        self._coming: dict[tuple[int, str, int], int] = {}
        self._booked = NoticeParts(planning.view)
        self._numbers = {
            (n.row.fund, n.row.number) for n in planning.view.notices if n.row.kind == NoticeKind.CAPITAL_CALL
        }

    def plan_notices(self, tables: list[Table]) -> None:
        """One entry for each (fund, number), and one for each payment stated beside it."""
        groups: dict[tuple[int, str], list[_Line]] = {}
        for table in tables:
            for row in table.rows:
                fund = self.planning.fund(table, row)
                investor = self.planning.party(table, row, "investor")
                number, code = row.text("number"), row.text("investor")
                assert number is not None
                assert code is not None
                if fund is None or investor is None:
                    continue
                for name in (*CALL_COMPONENTS, "paid_amount", "notice_total"):
                    self.planning.in_currency(table, row, name, fund)
                if investor == fund:
                    self.planning.problem(
                        table,
                        row,
                        "investor",
                        "same_party",
                        Text("出资人不得为基金本身", "another party than the fund"),
                        code,
                    )
                    continue
                due = _components(row)
                if not due:
                    self.planning.problem(
                        table,
                        row,
                        "investment",
                        "not_positive",
                        Text("应缴金额须大于零", "an amount above zero"),
                    )
                    continue
                groups.setdefault((fund, number), []).append(_Line(table, row, investor, code, due))
        for (fund, number), lines in groups.items():
            self._notice(fund, number, lines)

    def _notice(self, fund: int, number: str, lines: list[_Line]) -> None:
        first = lines[0]
        notice_on, due_on = first.row.day("notice_on"), first.row.day("due_on")
        assert notice_on is not None
        assert due_on is not None
        good = self._consistent(lines, first)
        if due_on < notice_on:
            self.planning.problem(
                first.table,
                first.row,
                "due_on",
                "due_before_notice",
                Text("缴款截止日不得早于通知日", "a due day on or after the notice day"),
                due_on,
            )
            good = False
        sums = [sum(line.due.values()) for line in lines]
        good &= adds_up(self.planning, [(line.table, line.row) for line in lines], sums)
        for line in lines:
            self._due[fund, number, line.investor] = line.due
        self._numbers.add((fund, number))
        if not good:
            return
        lines = sorted(lines, key=lambda line: line.code)
        self._same_components(fund, number, lines)
        note = keys.documents(line.row.text("document") for line in lines)
        content = [part for line in lines for part in (line.code, *_asked(line.due))]
        fund_code = str(first.row.text("fund"))
        self.planning.add(
            first.table,
            first.row,
            EntryKind.CAPITAL_CALL,
            notice_on,
            keys.key("call", fund_code, number),
            request_digest(notice_on.isoformat(), due_on.isoformat(), note or "", *content),
            postings=[
                posting(CALL_COMPONENTS[name][1], line.investor, fund, fen, fund)
                for line in lines
                for name, fen in line.due.items()
            ],
            rows=[
                Notice(fund, NoticeKind.CAPITAL_CALL.value, number, due_on),
                *notice_lines(fund, number, {line.investor: line.due for line in lines}),
            ],
            note=note,
            column="number",
        )
        for line in lines:
            self._paid_beside(fund, number, line)

    def _same_components(self, fund: int, number: str, lines: list[_Line]) -> None:
        """A notice that is in the book may come again, but not with other components: they are part of what it says.

        The sums in- and outside the commitment are compared with the entry itself; here is what they do not tell.
        """
        booked = components_of(self.planning.view, fund, number)
        for line in lines:
            held = booked.get(line.investor)
            if held is None or held == line.due or _asked(held) != _asked(line.due):
                continue
            self.planning.problem(
                line.table,
                line.row,
                "number",
                "components_differ",
                Text(
                    f"同一编号的通知已入账，分项为 {_components_text(held)}",
                    f"the notice is booked with the components {_components_text(held)}",
                ),
                _components_text(line.due),
            )

    def _consistent(self, lines: list[_Line], first: _Line) -> bool:
        """One notice day and one due day; each investor once."""
        good = True
        seen: dict[str, TypedRow] = {}
        for line in lines:
            for column, what in (("notice_on", "通知日"), ("due_on", "缴款截止日")):
                if line.row.day(column) != first.row.day(column):
                    self.planning.problem(
                        line.table,
                        line.row,
                        column,
                        "differs_within_notice",
                        Text(
                            f"同一通知的{what}须相同（第 {first.row.number} 行为 {first.row.day(column)}）",
                            f"the same day in all rows of the notice, {first.row.day(column)} in row {first.row.number}",
                        ),
                        line.row.day(column),
                    )
                    good = False
            if (other := seen.setdefault(line.code, line.row)) is not line.row:
                self.planning.problem(
                    line.table,
                    line.row,
                    "investor",
                    "repeated",
                    Text(
                        f"该出资人在本通知中已有第 {other.number} 行",
                        f"this investor has row {other.number} of this notice",
                    ),
                    line.code,
                )
                good = False
        return good

    def _paid_beside(self, fund: int, number: str, line: _Line) -> None:
        row, planning = line.row, self.planning
        paid_on, amount = row.day("paid_on"), row.fen("paid_amount")
        due = sum(line.due.values())
        if paid_on is None:
            if amount:
                planning.problem(
                    line.table,
                    row,
                    "paid_on",
                    "required",
                    Text("填写实缴金额时须填写实缴日", "the day of payment"),
                )
            return
        if amount == 0 or (amount or 0) > due:
            planning.problem(
                line.table,
                row,
                "paid_amount",
                "over_due",
                Text(
                    f"须大于零且不超过应缴 {yuan_text(due)}",
                    f"above zero and at most the {yuan_text(due)} due",
                ),
                yuan_text(amount or 0),
            )
            return
        parts = (
            line.due if amount is None or amount == due else self._split(line.table, row, amount, line.due)
        )
        self._payment(line.table, row, fund, line.investor, number, paid_on, parts)

    def _split(self, table: Table, row: TypedRow, amount: int, due: Components) -> Components:
        """A payment without components: in proportion to what is asked, exact to the fen."""
        shares = Money(amount).split(list(due.values()))
        if len(due) > 1:
            self.planning.warn(
                table,
                row,
                "paid_on",
                "split_in_proportion",
                Text(
                    "未分项的部分缴款按应缴各项比例拆分",
                    "a part payment is split in proportion to the components",
                ),
                yuan_text(amount),
            )
        return {name: share.fen for name, share in zip(due, shares, strict=True) if share.fen}

    def know_notices(self, tables: list[Table]) -> None:
        """Notices that come posting by posting (fof.intake.movements): payments may name them."""
        for table in tables:
            for row in table.rows:
                fund, number = self.planning.parties.get(row.text("fund") or ""), row.text("number")
                if fund is not None and number is not None and row["entry"] is not EntryKind.DISTRIBUTION:
                    self._numbers.add((fund[0], number))

    def plan_payments(self, tables: list[Table]) -> None:
        """One entry for each row of the payments sheet, by day: an earlier payment leaves less to split.

        Payments of one investor on one notice and day that carry no reference are told apart by how often they come: what
        the book holds of them is set against the rows first, equal ones each once; a row beyond those is another payment.
        """
        rows = [(table, row) for table in tables for row in table.rows]
        rows.sort(key=lambda pair: (str(pair[1].day("paid_on")), pair[1].text("reference") or ""))
        asked = [asked for table, row in rows if (asked := self._asked_row(table, row)) is not None]
        keyed = distinguished(self.planning, self._booked, asked)
        for one in asked:
            self._payment_row(one, keyed.get(id(one)))

    def _asked_row(self, table: Table, row: TypedRow) -> Paying | None:
        """A row of the payments sheet, its parties known and its amounts in order; None (and a problem) otherwise."""
        planning = self.planning
        fund, investor = planning.fund(table, row), planning.party(table, row, "investor")
        paid_on, number, amount = row.day("paid_on"), row.text("number"), row.fen("amount")
        if fund is None or investor is None or paid_on is None:
            return None
        for name in ("amount", *PAID_WITH, *_BESIDE):
            planning.in_currency(table, row, name, fund)
        if number is not None and (fund, number) not in self._numbers:
            expected = Text("该基金没有此编号的出资通知", "the fund has no call notice of this number")
            planning.problem(table, row, "number", "unknown_notice", expected, number)
            return None
        parts = _components(row)
        if amount and parts and amount != sum(parts.values()):
            own = yuan_text(sum(parts.values()))
            expected = Text(f"总额须等于分项之和 {own}", f"the sum of the components, {own}")
            planning.problem(table, row, "amount", "sum_differs", expected, yuan_text(amount))
            return None
        beside = {name: fen for name in _BESIDE if (fen := row.fen(name))}
        if row[IN_KIND] is not None or row.text("in_kind_deal") is not None:
            if not fits_in_kind(planning, table, row, alone=not (amount or parts or beside)):
                return None
            worth, deal = {IN_KIND: row.fen(IN_KIND) or 0}, row.text("in_kind_deal")
            return Paying(table, row, fund, investor, number, paid_on, 0, worth, {}, deal)
        if not amount and not parts and not beside:
            planning.problem(
                table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero")
            )
            return None
        return Paying(table, row, fund, investor, number, paid_on, amount or 0, parts, beside)

    def _payment_row(self, one: Paying, key: str | None) -> None:
        planning, table, row = self.planning, one.table, one.row
        if one.held is not None and key is not None:
            planning.held(key, one.held.entry, table, row)
            return
        if IN_KIND in one.parts:  # booked after the deals, one of which it may name
            self._things.append((one, key))
            if planning.live(key or _key(row, one.day)) is None:
                place = one.fund, one.number or "", one.investor
                self._coming[place] = self._coming.get(place, 0) + one.parts[IN_KIND]
            return
        parts = one.parts
        if one.amount and not parts:
            place = (one.fund, one.number or "", one.investor)
            due = self._due.get(place) or components_of(planning.view, *place[:2]).get(one.investor)
            if due is None:
                text = Text(
                    "请分项填写：账中及本文件中没有该出资人在此通知下的分项，总额无法拆分",
                    "give the components: neither the book nor this file has those of this investor's notice, so the total cannot be split",
                )
                planning.problem(table, row, "amount", "components_unknown", text, yuan_text(one.amount))
                return
            parts = self._split(table, row, one.amount, self._open(place, due))
        self._payment(table, row, one.fund, one.investor, one.number, one.day, parts, one.beside, key)

    def _open(self, place: tuple[int, str, int], due: Components) -> Components:
        """What the notice still asks, component by component; all of it where nothing is open."""
        paid, booked = self._paid.get(place, {}), self._booked.of(*place).by_kind
        both = {name: paid.get(name, 0) + booked.get(kind, 0) for name, kind in PAID_WITH.items()}
        both[IN_KIND] += self._coming.get(place, 0)
        return still_asked(due, both) or due

    def plan_in_kind(self) -> None:
        """One entry for each payment in kind, after the deals that they name."""
        for one, key in self._things:
            number = None
            if one.deal is not None:
                deal = bought_in_kind(self.planning, one.table, one.row, one.fund)
                if deal is None:
                    continue
                number = deal.id
            place = (one.table, one.row, one.fund, one.investor, one.number, one.day)
            self._payment(*place, one.parts, key=key, deal=number)

    def _payment(
        self,
        table: Table,
        row: TypedRow,
        fund: int,
        investor: int,
        number: str | None,
        day: dt.date,
        parts: Components,
        beside: Components | None = None,
        key: str | None = None,
        deal: int | None = None,
    ) -> None:
        beside = beside or {}
        reference = row.text("reference")
        if number is None and reference is None:
            stated = {name: value for name, value in row.stated().items() if name != "amount"}
            key, digest = self.planning.by_content(table, row, "payment", stated)
        else:
            key = key or _key(row, day)
            digest = payment_digest(day, parts, beside, row.text("in_kind_deal"))
        postings: list[Posting] = [
            posting(PAID_WITH[name], investor, fund, fen, fund, deal) for name, fen in parts.items()
        ]
        postings += [posting(_BESIDE[name], investor, fund, fen, fund) for name, fen in beside.items()]
        rows = [] if number is None else [Notice(fund, NoticeKind.CAPITAL_CALL.value, number, None)]
        note = " · ".join(part for part in (reference, row.text("document")) if part) or None
        if IN_KIND not in parts and names_a_thing(row.text("document")):
            self.planning.warn(table, row, "document", "paid_in_kind", _IN_KIND)
        fresh = self.planning.add(
            table,
            row,
            EntryKind.CALL_PAYMENT,
            day,
            key,
            digest,
            postings=postings,
            rows=rows,
            note=note,
            column="paid_on",
        )
        self._count(table, row, (fund, number or "", investor), parts, fresh)

    def _count(
        self, table: Table, row: TypedRow, place: tuple[int, str, int], parts: Components, fresh: bool
    ) -> None:
        """Count a payment; a problem where book and file together pay more than the notice asks.

        The usual cause is one payment under two days or references, which would be counted twice.
        """
        if not fresh:
            return
        paid = self._paid.setdefault(place, {})
        for name, fen in parts.items():
            paid[name] = paid.get(name, 0) + fen
        if not place[1]:
            return
        booked = self._booked.of(*place)
        booked.new += sum(parts.values())
        due = booked.due or sum(self._due.get(place, {}).values())
        total = booked.paid + booked.new
        if due and total > due:
            listed = ", ".join(str(entry) for entry in sorted(booked.entries))
            self.planning.problem(
                table,
                row,
                next((n for n in ("amount", IN_KIND) if row[n] is not None), "paid_on"),
                "paid_over_due",
                Text(
                    f"该出资人在此通知下累计实缴不得超过应缴 {yuan_text(due)}"
                    + (f"；账中已有分录 {listed}，若本行是其更正请先冲销" if listed else ""),
                    f"at most the {yuan_text(due)} the notice asks of this investor, in all"
                    + (
                        f"; entry {listed} is booked already, reverse it first if this corrects it"
                        if listed
                        else ""
                    ),
                ),
                yuan_text(total),
            )


def _key(row: TypedRow, day: dt.date) -> str:
    """The key of a payment that names a notice or has a reference."""
    own = [reference] if (reference := row.text("reference")) else []
    return keys.key("payment", row.text("fund"), row.text("number") or "", row.text("investor"), day, *own)


def _components(row: TypedRow) -> Components:
    return {name: fen for name in CALL_COMPONENTS if (fen := row.fen(name))}


def _asked(due: Components) -> list[str]:
    """What the notice asks as the journal keeps it: inside and outside the commitment."""
    sums: dict[PostingKind, int] = {}
    for name, fen in due.items():
        kind = CALL_COMPONENTS[name][1]
        sums[kind] = sums.get(kind, 0) + fen
    return [f"{kind.name}={fen}" for kind, fen in sorted(sums.items())]


def _components_text(parts: Components) -> str:
    return ", ".join(f"{name} {yuan_text(fen)}" for name, fen in parts.items())
