"""Payments of one investor on one notice and day that carry no bank reference, told apart by how often they come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fof.book.notice_parts import NoticeParts
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.ledger import BookedKey, request_digest
from models.text import Text

Components = dict[str, int]
"""Component column → fen, without zeros, in the order of the layout."""


@dataclass(slots=True)
class Paying:
    """A row of the payments sheet: who pays what on which notice; amount: the total stated, 0 for none.

    deal : code of the deal by which the fund has shares that were handed over instead of money
    held : the entry of the book that is this very payment
    """

    table: Table
    row: TypedRow
    fund: int
    investor: int
    number: str | None
    day: dt.date
    amount: int
    parts: Components
    beside: Components
    deal: str | None = None
    held: BookedKey | None = None

    def key_of(self, occurrence: int) -> str:
        """The key of a payment without a reference, by how many of its kind came before it."""
        row = self.row
        later = [] if occurrence == 1 else ["", str(occurrence)]
        return keys.key(
            "payment", row.text("fund"), self.number or "", row.text("investor"), self.day, *later
        )


def payment_digest(day: dt.date, parts: Components, beside: Components, deal: str | None = None) -> bytes:
    """Digest of what a payment asks for."""
    named = [] if deal is None else [f"in_kind_deal={deal}"]
    return request_digest(
        day.isoformat(), *(f"{name}={fen}" for name, fen in (*parts.items(), *beside.items())), *named
    )


def distinguished(planning: Planning, booked: NoticeParts, asked: list[Paying]) -> dict[int, str]:
    """id of each payment on a notice without a reference → its key; `held` is set where the book holds it already.

    What the book holds is set against the rows first, equal ones each once. Rows beyond those are further payments; rows
    that differ while the book holds another get that one's key, so that a person is asked which it is.
    """
    alike: dict[tuple[int, str, int, dt.date], list[Paying]] = {}
    for one in asked:
        if one.number is not None and one.row.text("reference") is None:
            alike.setdefault((one.fund, one.number, one.investor, one.day), []).append(one)
    key_of: dict[int, str] = {}
    for same in alike.values():
        _on_two_sheets(planning, same)
        held = planning.held_keys(same[0].key_of)
        left = [one for one in same if not _take_held(booked, one, held, key_of)]
        if left and held:
            key_of.update((id(one), next(iter(held))) for one in left)
            continue
        free = planning.free_keys(same[0].key_of)
        key_of.update((id(one), next(free)) for one in left)
    return key_of


def _on_two_sheets(planning: Planning, same: list[Paying]) -> None:
    """The same payment on two sheets is a sheet that was copied."""
    seen: dict[tuple[object, ...], Paying] = {}
    for one in same:
        content = (one.amount, *one.parts.items(), *one.beside.items(), one.deal)
        first = seen.setdefault(content, one)
        if first.table.sheet != one.table.sheet:
            text = Text(
                f"与工作表“{first.table.sheet}”第 {first.row.number} 行完全相同；若确为两笔，请填写流水号以示区别",
                f"the same as row {first.row.number} of sheet {first.table.sheet!r}; if these are two, give each a reference",
            )
            planning.problem(one.table, one.row, None, "repeated", text)


def _take_held(booked: NoticeParts, one: Paying, held: dict[str, BookedKey], key_of: dict[int, str]) -> bool:
    """Whether one of the payments in the book is this row's; it is no other row's then."""
    beside = booked.of(one.fund, one.number or "", one.investor).beside
    total_only = bool(one.amount and not one.parts)
    for key, known in held.items():
        same = (
            beside.get(known.entry) == one.amount + sum(one.beside.values())
            if total_only
            else known.request == payment_digest(one.day, one.parts, one.beside, one.deal)
        )
        if same:
            key_of[id(one)], one.held = key, held.pop(key)
            return True
    return False
