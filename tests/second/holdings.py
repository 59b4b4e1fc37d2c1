"""What funds hold of companies, and what stands behind whom; from the definitions in docs/api.md."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from second.rows import Book, Row, once
from second.stakes import CONTRIBUTED, IN_KIND, stakes

INVESTMENT, EXIT_PROCEEDS = 60, 61
UNKNOWN = float("nan")
Edges = dict[str, dict[str, float]]
"""Owned -> owner -> share."""


@dataclass
class Holding:
    """A fund's part of a company, in fen. share: nano, None where a deal does not state it; value None where it is not known."""

    invested: int = 0
    proceeds: int = 0
    cost: int = 0
    realised: int = 0
    share: int | None = 0
    loan: bool = False
    """Bought as a convertible that was not converted yet: no share of it is known."""
    bought: bool = False
    """Some of it by a deal of its own."""
    last: dt.date | None = None
    """Day of the latest deal."""
    value: int | None = None
    gone: bool = False

    @property
    def worth(self) -> int | None:
        """The value; unknown where more came back than was stated."""
        return None if self.value is None or self.value < 0 else self.value


@once
def holdings(book: Book) -> dict[tuple[str, str], Holding]:
    """(fund, company) -> holding on the book's day. Cost released by a part sold follows the share sold."""
    found: dict[tuple[str, str], Holding] = defaultdict(Holding)
    deal_of = {d["id"]: d for d in book.deal}
    money: dict[int, int] = defaultdict(int)
    for p in book.posting:
        if p["deal"] in deal_of and p["kind"] in (INVESTMENT, EXIT_PROCEEDS, IN_KIND, CONTRIBUTED):
            money[p["deal"]] += p["fen"]
        if p["kind"] == CONTRIBUTED and p["deal"] in deal_of:  # who held the shares sold them at that value
            given = deal_of[p["deal"]]["company"], p["from_party"], p["day"], "contributed"
            for d in book.deal:
                if (d["company"], d["investor"], d["day"], d["exit_route"]) == given:
                    money[d["id"]] += p["fen"]
    events: list[tuple[object, int, int, str, Row]] = [
        (d["day"], 0, d["entry"], "deal", d) for d in book.deal
    ]
    events += [(m["day"], 1, m["entry"], "mark", m) for m in book.mark]
    events += [(p["day"], 0, p["entry"], "received", p) for p in book.posting if p["kind"] == IN_KIND]
    for _, _, _, what, row in sorted(events, key=lambda e: e[:3]):
        if what == "mark":
            key = book.code[row["holder"]], book.code[row["holding"]]
            if book.kind[key[1]] == "company" and not found[key].gone and row["method"] != "written_off":
                found[key].value = row["fen"]
            continue
        if what == "received":
            _received(found, book, row, deal_of[row["deal"]], money[row["deal"]])
            continue
        own = found[book.code[row["investor"]], book.code[row["company"]]]
        _deal(own, row, money[row["id"]])
        own.last = row["day"]
    return {key: h for key, h in found.items() if h.invested}


def _deal(own: Holding, deal: Row, fen: int) -> None:
    share = deal["share_nano"]
    own.bought = True
    if deal["kind"] == "conversion":  # no money: what was convertible is a share now
        own.share = None if own.share is None else own.share + share
        own.loan = False
        return
    if deal["kind"] in ("initial", "follow_on") and deal["instrument"] == "convertible" and share is None:
        own.invested, own.cost, own.loan = own.invested + fen, own.cost + fen, True
        own.value = None if own.value is None else own.value + fen
        return
    if deal["kind"] in ("initial", "follow_on"):
        own.invested += fen
        own.cost += fen
        own.share = None if share is None or own.share is None else own.share + share
        own.value = None if own.value is None else own.value + fen
        return
    own.proceeds += fen
    if deal["kind"] == "partial_exit":
        if (
            share is None or not own.share or own.loan
        ):  # the shares are not known: what came back counts against cost first
            released, own.share = min(own.cost, fen), None
        else:
            released = own.cost * share // own.share
            own.share -= share
        own.value = None if own.value is None else own.value - fen
    else:  # sold as a whole, or written off
        released, own.share, own.value, own.gone, own.loan = own.cost, 0, 0, True, False
    own.cost -= released
    own.realised += fen - released


def _received(found: dict[tuple[str, str], Holding], book: Book, posting: Row, deal: Row, whole: int) -> None:
    """Shares that came in kind: at their stated value, with the part of the share that the fund handed over."""
    own, fen = found[book.code[posting["to_party"]], book.code[deal["company"]]], posting["fen"]
    share = None if deal["share_nano"] is None else deal["share_nano"] * fen // whole
    own.invested, own.cost, own.last = own.invested + fen, own.cost + fen, posting["day"]
    own.share = None if share is None or own.share is None else own.share + share
    own.value = None if own.value is None else own.value + fen


def edges(book: Book, base: str = "commitment") -> Edges:
    """Into funds by commitments (or paid-in capital), into companies by deals; what is declared where no deal is."""
    found: Edges = defaultdict(dict)
    amounts: dict[str, dict[str, int]] = defaultdict(dict)
    for (fund, investor), stake in stakes(book).items():
        fen = stake.committed if base == "commitment" else stake.paid_in
        if fen > 0:
            amounts[fund][investor] = fen
    for fund, own in amounts.items():
        for investor, fen in own.items():
            found[fund][investor] = fen / sum(own.values())
    held = holdings(book)
    declared = {
        (book.code[row["owner"]], book.code[row["owned"]]): row
        for row in book.edge
        if row["basis"] == "equity"
    }
    for (fund, company), holding in held.items():
        newer = declared.get((fund, company))
        if (
            newer is not None
            and not holding.gone
            and (holding.share is None or holding.loan or newer["day"] >= (holding.last or book.day))
        ):
            found[company][fund] = newer["share_nano"] / 1e9
        elif holding.share is None or holding.loan:
            found[company][fund] = UNKNOWN
        elif holding.share > 0:
            older = 0 if newer is None or holding.bought or holding.gone else newer["share_nano"]
            found[company][fund] = min(1.0, (holding.share + older) / 1e9)
    for (owner, owned), row in declared.items():
        if (owner, owned) not in held and owner not in amounts.get(owned, {}) and row["share_nano"]:
            found[owned][owner] = row["share_nano"] / 1e9
    return found


def walks(found: Edges, owner: str, target: str) -> Iterator[list[str]]:
    """Every way from an owner down to a target."""
    for above in found.get(target, {}):
        if above == owner:
            yield [owner, target]
        else:
            for way in walks(found, owner, above):
                yield [*way, target]


def product(found: Edges, way: list[str]) -> float:
    share = 1.0
    for owner, owned in pairwise(way):
        share *= found[owned][owner]
    return share


@dataclass
class Exposure:
    share: float | None
    direct: float
    paths: int
    cost: float | None
    value: float | None


def exposures(book: Book, owner: str, base: str = "commitment") -> dict[str, Exposure]:
    """What an owner has of every fund and company below it; cost and value of companies, over all ways, in fen."""
    found, held = edges(book, base), holdings(book)
    answer = {}

    def parts(fund: str) -> float:
        """The owner's share of a fund, through all ways."""
        return 1.0 if fund == owner else sum(product(found, w) for w in walks(found, owner, fund))

    for target in list(found):
        ways = list(walks(found, owner, target))
        if not ways:
            continue
        share = sum(product(found, w) for w in ways)
        cost: float | None = None
        value: float | None = None
        if book.kind[target] == "company":  # through every fund that is reached and ever held it
            reached = {
                f: parts(f) for f, c in held if c == target and (f == owner or any(walks(found, owner, f)))
            }
            mine = [(share_in, held[f, target]) for f, share_in in reached.items()]
            if mine:
                cost = sum(part * h.cost for part, h in mine)
                value = (
                    None
                    if any(h.worth is None for _, h in mine)
                    else sum(part * (h.worth or 0) for part, h in mine)
                )
        direct = found[target].get(owner, 0.0)
        known = [w for w in ways if not math.isnan(product(found, w))]
        answer[target] = Exposure(
            None if len(known) < len(ways) else share,
            0.0 if math.isnan(direct) else direct,
            len(ways),
            cost,
            value,
        )
    return answer
