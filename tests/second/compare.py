"""The product's documents beside the second computation: every figure that both have, and where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from second.generate import Fof
from second.holdings import exposures
from second.returns import Returns, government, overdue, performance, portfolio_stakes, returns
from second.rows import Book, Rows
from second.stakes import Stake, current
from second.statement import statement

AMOUNTS = ("committed", "called", "paid_in", "distributed", "unfunded", "recallable", "nav")
RATIOS = ("dpi", "rvpi", "tvpi")


class Difference(NamedTuple):
    question: str
    place: str
    figure: str
    product: Any
    second: Any


class Comparison:
    """One book; counts what was compared."""

    def __init__(self, fof: Fof, url: str) -> None:
        self.fof = fof
        self.rows = Rows(url)
        self.compared = 0
        self.found: list[Difference] = []

    def check(
        self, question: str, place: str, figure: str, product: Any, second: Any, within: float = 1e-9
    ) -> None:
        self.compared += 1
        if isinstance(second, float) and isinstance(product, int | float):
            same = abs(product - second) <= within * max(1.0, abs(second))
        else:
            same = product == second
        if not same:
            self.found.append(Difference(question, place, figure, product, second))

    def money(
        self, question: str, place: str, figure: str, product: str | None, second: float | None
    ) -> None:
        """Amounts agree to the fen; those that were shared out, to one."""
        fen = None if product is None else int(product.replace(".", ""))
        if (
            fen is not None
            and second is not None
            and abs(fen - second) <= (1 if isinstance(second, float) else 0)
        ):
            self.compared += 1
            return
        self.check(question, place, figure, fen, second)

    # -- performance ------------------------------------------------------------------------------------------------

    def performance(self, portfolio: str, day: dt.date) -> None:
        question = f"performance --by fund --portfolio {portfolio} --as-of {day}"
        document = self.fof.json(*question.split())
        book = self.rows.book(day)
        groups = performance(book, portfolio)
        own = {f: book.currency(f) for f, _ in portfolio_stakes(book, portfolio)}
        for row in document["rows"]:
            if row["by"] == "fund":
                self._returns(question, row, groups[row["key"]], day)
            elif row["by"] == "portfolio":
                currency = row.get("currency")
                several = len(set(own.values())) > 1
                if several and currency is None:
                    for name in (*AMOUNTS, *RATIOS, "irr"):
                        self.check(question, "total", name, row[name], None)
                else:
                    parts = [s for s in groups[""] if not several or own[s.fund] == currency]
                    self._returns(question, row, parts, day)
        listed = {row["key"] for row in document["rows"] if row["by"] == "fund"}
        self.check(question, "rows", "funds", listed, {key for key in groups if key})

    def _returns(self, question: str, row: dict[str, Any], parts: list[Stake], day: dt.date) -> None:
        second = returns(parts, day)
        place = f"{row['by']} {row['key']} {row.get('currency') or ''}".strip()
        for name in AMOUNTS:
            self.money(question, place, name, row[name], getattr(second, name))
        for name in RATIOS:
            self.check(question, place, name, row[name], getattr(second, name))
        self._irr(question, place, row, second)
        if second.known is not None:
            self.money(question, place, "known_nav", row["known_nav"], second.known.nav)
            self.money(question, place, "known_paid_in", row["known_paid_in"], second.known.paid_in)
            for name in RATIOS:
                self.check(
                    question, place, f"known_{name}", row[f"known_{name}"], getattr(second.known, name)
                )
            known = second.known.irr or []
            self.check(
                question, place, "known_irr", row["known_irr"], known[0] if len(known) == 1 else None, 1e-7
            )

    def _irr(self, question: str, place: str, row: dict[str, Any], second: Returns) -> None:
        roots = second.irr
        if roots is None:
            self.check(question, place, "irr", row["irr"], None)
        elif len(roots) == 1:
            self.check(question, place, "irr", row["irr"], roots[0], 1e-7)
        else:
            self.check(question, place, "irr", row["irr"], None)
            told = [float(r) for r in (row["irr_roots"] or "").split(";") if r]
            self.check(question, place, "irr_roots", len(told), len(roots))

    # -- commitments ------------------------------------------------------------------------------------------------

    def commitments(self, portfolio: str, day: dt.date) -> None:
        question = f"commitments --by stake --portfolio {portfolio} --as-of {day}"
        book = self.rows.book(day)
        late = overdue(book)
        groups: dict[str, list[Stake]] = {}
        for (fund, investor), stake in portfolio_stakes(book, portfolio, all_investors=True).items():
            key = f"{current(book, fund)}|{current(book, investor)}"
            groups.setdefault(key, []).append(stake)
        for row in self.fof.json(*question.split())["rows"]:
            if row["by"] != "stake":
                continue
            parts = groups.get(row["key"], [])
            for name in ("committed", "paid_in", "distributed", "unfunded", "recallable"):
                self.money(question, row["key"], name, row[name], sum(getattr(s, name) for s in parts))
            fund, investor = row["key"].split("|")
            funds = {s.fund for s in parts} | {fund}
            self.money(
                question,
                row["key"],
                "overdue",
                row["overdue"],
                sum(late.get((f, investor), 0) for f in funds),
            )
        question = f"commitments --by fund --portfolio {portfolio} --as-of {day}"
        for row in self.fof.json(*question.split())["rows"]:
            if row["by"] == "fund" and not _absorbed(book, row["key"]):
                shares = government(book, row["key"])
                for name, share in zip(
                    ("gov_direct", "gov_looked_through", "gov_with_soe"), shares, strict=True
                ):
                    self.check(question, row["key"], name, row[name], share)

    # -- statements -------------------------------------------------------------------------------------------------

    def statement(self, fund: str, investor: str | None, start: dt.date, end: dt.date) -> None:
        more = ["--investor", investor] if investor else []
        asked = ["statement", fund, *more, "--from", start.isoformat(), "--as-of", end.isoformat()]
        question = " ".join(asked)
        code, _, _ = self.fof.run(*asked, "--json")
        if code == 2:  # the stake is not there yet
            return
        document = self.fof.json(*asked)
        second = statement(self.rows, fund, investor, start, end, None)
        rows = document["rows"]
        if second.rest is None or second.transfers is None:
            self.check(question, "", "rows", [r for r in rows if r["kind"] != "sale"], [])
            return
        by_kind = {r["kind"]: r for r in rows}
        if "opening" not in by_kind or "closing" not in by_kind:
            self.check(question, "", "rows", [r["name"] for r in rows], "opening … closing")
            return
        self.money(question, "", "opening", by_kind["opening"]["amount"], second.opening)
        self.money(question, "", "closing", by_kind["closing"]["amount"], second.closing)
        moved = [r for r in rows if r["kind"] == "flow" and r["name"] in ("transfer", "absorbed")]
        paid = [r for r in rows if r["kind"] == "flow" and r not in moved]
        self.money(question, "", "money", _sum(paid), second.money)
        self.money(question, "", "transfers", _sum(moved), float(second.transfers))
        result = [r for r in rows if r["kind"] in ("result", "residual")]
        self.money(question, "", "result", _sum(result), float(second.rest))
        if investor is None and document["itemised"]:
            told = {r["name"]: int(r["amount"].replace(".", "")) for r in rows if r["kind"] == "result"}
            told = {name: fen for name, fen in told.items() if fen}
            self.check(question, "", "lines", told, second.lines)

    # -- look-through -----------------------------------------------------------------------------------------------

    def lookthrough(self, owner: str, day: dt.date, base: str = "commitment") -> None:
        question = f"lookthrough {owner} --base {base} --as-of {day}"
        book = self.rows.book(day)
        second = exposures(book, owner, base)
        rows = {r["key"]: r for r in self.fof.json(*question.split())["rows"]}
        left = {key for key, r in rows.items() if r["share"] == 0.0 and key not in second}  # sold as a whole
        self.check(question, "", "targets", set(rows) - left, set(second))
        for key in rows.keys() & second.keys():
            row, own = rows[key], second[key]
            self.check(question, key, "share", row["share"], own.share)
            self.check(question, key, "direct", row["direct"], own.direct)
            self.check(question, key, "paths", row["paths"], own.paths)
            self.money(question, key, "cost", row["cost"], own.cost)
            self.money(question, key, "value", row["value"], own.value)

    def everything(self, portfolios: list[str], days: list[dt.date], owners: list[str]) -> None:
        for day in days:
            for portfolio in portfolios:
                self.performance(portfolio, day)
                self.commitments(portfolio, day)
            for owner in owners:
                self.lookthrough(owner, day)
            self.lookthrough(owners[0], day, "paid_in")
            self.statements(portfolios, day)

    def statements(self, portfolios: list[str], day: dt.date, every: int = 1) -> None:
        """Of every stake in the funds of some portfolios, and of the funds, over two years; or of each so many."""
        asked = list(_stakes_to_ask(self.rows.book(day), portfolios))
        for fund, investor in asked[::every]:
            self.statement(fund, investor, dt.date(day.year - 2, 12, 31), day)

    def code(self, party: int) -> str:
        return next(str(p["code"]) for p in self.rows.tables["party"] if p["id"] == party)


def _stakes_to_ask(book: Book, portfolios: list[str]) -> Iterator[tuple[str, str | None]]:
    asked = set()
    for portfolio in portfolios:
        for fund, investor in portfolio_stakes(book, portfolio, all_investors=True):
            asked |= {(fund, investor), (fund, None)}
    yield from sorted(asked, key=lambda a: (a[0], a[1] or ""))


def _absorbed(book: Book, fund: str) -> bool:
    """Whether a fund absorbed another: its row stands for two registers."""
    return any(current(book, code) == fund for code in book.code.values() if code != fund)


def _sum(rows: list[dict[str, Any]]) -> str:
    fen = sum(int(r["amount"].replace(".", "")) for r in rows)
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
