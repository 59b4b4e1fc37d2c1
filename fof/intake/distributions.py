"""Booking plan of distribution notices."""

from __future__ import annotations

from fof.book.succession import lineage
from fof.importers.layouts.distributions import DISTRIBUTION_COMPONENTS, RETURNED
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.in_kind import exit_in_kind, first_values
from fof.intake.planned_balances import PlannedBalances
from fof.intake.planning import Planning, adds_up, posting
from fof.ledger import request_digest
from models.journal import Notice
from models.kinds import EntryKind, NoticeKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text

Paid = tuple[Table, TypedRow, int, int]
"""A row of a distribution that is new to the book, with its fund and investor."""


def plan_distributions(planning: Planning, tables: list[Table], *, in_kind: bool = False) -> list[Paid]:
    """One entry for each (fund, number), paid on one day; those with shares in kind come after the deals they name.

    Returns the rows that are new, for `look_at_distributions` once everything that moves stakes is planned.
    """
    groups: dict[tuple[int, str], list[tuple[Table, TypedRow, int]]] = {}
    with_shares = {
        (row.text("fund"), row.text("number")) for t in tables for row in t.rows if _names_shares(row)
    }
    for table in tables:
        for row in table.rows:
            fund, investor = planning.fund(table, row), planning.party(table, row, "investor")
            number = row.text("number")
            assert number is not None
            if ((row.text("fund"), number) in with_shares) is not in_kind or fund is None or investor is None:
                continue
            for name in (*DISTRIBUTION_COMPONENTS, RETURNED, "notice_total"):
                planning.in_currency(table, row, name, fund)
            if investor == fund:
                planning.problem(
                    table,
                    row,
                    "investor",
                    "same_party",
                    Text("出资人不得为基金本身", "another party than the fund"),
                )
            elif _mixed(row):
                text = Text(
                    "一行内分配与退回（负数）不得并存",
                    "distributions and negative ones stand in rows of their own",
                )
                planning.problem(table, row, "unspecified", "mixed_signs", text)
            elif not any(row.fen(name) for name in (*DISTRIBUTION_COMPONENTS, RETURNED)):
                planning.problem(
                    table,
                    row,
                    "unspecified",
                    "not_positive",
                    Text("分配金额须大于零", "an amount above zero"),
                )
            else:
                groups.setdefault((fund, number), []).append((table, row, investor))
    fresh = []
    for (fund, number), lines in sorted(groups.items(), key=lambda g: _paid_on(g[1]) if in_kind else 0):
        if _plan(planning, fund, number, lines):
            fresh += [(table, row, fund, investor) for table, row, investor in lines]
    return fresh


def _plan(planning: Planning, fund: int, number: str, lines: list[tuple[Table, TypedRow, int]]) -> bool:
    """Whether the distribution is new to the book."""
    table, first, _ = lines[0]
    paid_on = first.day("paid_on")
    assert paid_on is not None
    sums = [
        sum(row.fen(n) or 0 for n in DISTRIBUTION_COMPONENTS) - (row.fen(RETURNED) or 0)
        for _, row, _ in lines
    ]
    if not _consistent(planning, lines) or not adds_up(planning, [line[:2] for line in lines], sums):
        return False
    exits = [exit_in_kind(planning, table, row, fund) for table, row, _ in lines if _names_shares(row)]
    if None in exits:
        return False
    lines = sorted(lines, key=lambda line: str(line[1].text("investor")))
    note = keys.documents(row.text("document") for _, row, _ in lines)
    content, postings = [], []
    for _, row, investor in lines:
        content.append(str(row.text("investor")))
        for name, kind in DISTRIBUTION_COMPONENTS.items():
            if fen := row.fen(name):
                content.append(f"{name}={fen}")
                deal = row.text("in_kind_deal") if name == "in_kind" else None
                if deal is not None:
                    content.append(f"in_kind_deal={deal}")
                if fen > 0:
                    number_of = None if deal is None else planning.deals[deal]
                    postings.append(posting(kind, fund, investor, fen, fund, number_of))
        if back := _given_back(row):
            content.append(f"{RETURNED}={back}")
            postings.append(posting(PostingKind.DISTRIBUTION_RETURNED, investor, fund, back, fund))
    return planning.add(
        table,
        first,
        EntryKind.DISTRIBUTION,
        paid_on,
        keys.key("distribution", first.text("fund"), number),
        request_digest(paid_on.isoformat(), note or "", *content),
        postings=postings,
        rows=[
            Notice(fund, NoticeKind.DISTRIBUTION.value, number, None),
            *first_values(planning, postings, paid_on, note),
        ],
        note=note,
        column="number",
    )


def _names_shares(row: TypedRow) -> bool:
    return bool(row.fen("in_kind")) or row.text("in_kind_deal") is not None


def _paid_on(lines: list[tuple[Table, TypedRow, int]]) -> int:
    return min(day.toordinal() for _, row, _ in lines if (day := row.day("paid_on")) is not None)


def _mixed(row: TypedRow) -> bool:
    amounts = [row.fen(name) or 0 for name in DISTRIBUTION_COMPONENTS]
    return min(amounts) < 0 and (max(amounts) > 0 or bool(row.fen(RETURNED)))


def _given_back(row: TypedRow) -> int:
    """What the investor gives back of earlier distributions: stated as such, or written as distributions below 0."""
    return (row.fen(RETURNED) or 0) - sum(min(row.fen(name) or 0, 0) for name in DISTRIBUTION_COMPONENTS)


def look_at_distributions(planning: Planning, fresh: list[Paid]) -> None:
    """Refuse what gives back more than was distributed by its day; warn where an investor never had a commitment, or where
    more is recallable than was paid in by that day. A stake that is passed on later takes its history along: what stands
    at the end says nothing of the day of a row.
    """
    if not fresh:
        return
    line = {
        fund: lineage(planning.view, fund) for _, _, fund, _ in fresh
    }  # an absorbed fund's stakes are its successor's
    measures = ("committed", "paid_in", "distributed", "unfunded")
    balances = PlannedBalances(planning, measures, frozenset().union(*line.values()))
    for table, row, fund, investor in fresh:
        paid_on = row.day("paid_on")
        assert paid_on is not None
        committed, paid, distributed, unfunded = (
            balances.on(m, fund, investor, paid_on)
            for m in ("committed", "paid_in", "distributed", "unfunded")
        )
        recallable = sum(row.fen(n) or 0 for n in DISTRIBUTION_COMPONENTS if n.startswith("recallable"))
        if _given_back(row) and distributed < 0:
            most = yuan_text(distributed + _given_back(row))
            text = Text(
                f"退回不得超过已分配给该出资人的 {most}",
                f"no more is given back than the {most} distributed to the investor",
            )
            planning.problem(
                table, row, RETURNED, "returned_over_distributed", text, yuan_text(_given_back(row))
            )
        if not any(balances.promised(own, investor) for own in line[fund]):
            text = Text(
                "该出资人对该基金没有认缴，请核对编号",
                "this investor has no commitment to the fund; is the code right",
            )
            planning.warn(table, row, "investor", "no_commitment", text, row.text("investor"))
        elif recallable and unfunded > committed:
            text = Text(
                f"可召回累计超过实缴 {yuan_text(paid)}，未实缴额度将高于认缴",
                f"more is recallable in all than the {yuan_text(paid)} paid in; unfunded would exceed the commitment",
            )
            planning.warn(table, row, "recallable", "recallable_over_paid_in", text, yuan_text(recallable))


def _consistent(planning: Planning, lines: list[tuple[Table, TypedRow, int]]) -> bool:
    """One day for a number, each investor once."""
    good = True
    first = lines[0][1]
    seen: dict[int, TypedRow] = {}
    for table, row, investor in lines:
        if row.day("paid_on") != first.day("paid_on"):
            planning.problem(
                table,
                row,
                "paid_on",
                "differs_within_notice",
                Text(
                    f"同一编号的分配日须相同（第 {first.number} 行为 {first.day('paid_on')}）",
                    f"the same day in all rows of the number, {first.day('paid_on')} in row {first.number}",
                ),
                row.day("paid_on"),
            )
            good = False
        if (other := seen.setdefault(investor, row)) is not row:
            planning.problem(
                table,
                row,
                "investor",
                "repeated",
                Text(
                    f"该出资人在本次分配中已有第 {other.number} 行",
                    f"this investor has row {other.number} of this distribution",
                ),
                row.text("investor"),
            )
            good = False
    return good
