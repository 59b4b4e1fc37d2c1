"""Reads for the pages. Everything here is a function of (journal head, choice): pages keep no state of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, overload

import numpy as np

from fof import words
from fof.book import portfolios as portfolios_of
from fof.book import succession
from fof.book.marks import marks
from fof.book.perspective import predecessors
from fof.figures.lookthrough import Exposure, ExposureAmounts, ExposureColumns
from fof.figures.register import Kind, figure, members
from fof.ledger import Journal, View, to_date
from fof.ledger.journal_columns import Ints
from fof.ui.labels import named
from fof.words import _
from models.perspective import Basis, Whose
from models.text import Text, counted


def portfolios(book: Journal) -> tuple[portfolios_of.Portfolio, ...]:
    """Every portfolio the header can show, the office's own (CNY) first."""
    return portfolios_of.portfolios(book.view())


def default_day(book: Journal, today: dt.date) -> dt.date:
    """The last day on which values were stated, where the book has any; else today."""
    columns = marks(book.view())
    return min(to_date(int(columns.day[-1])), today) if len(columns) else today


def portfolio(
    view: View, chosen_party: int | None, currency: str | None = None
) -> portfolios_of.Portfolio | None:
    """The portfolio of the header's party; without a party all funds of the header's currency, or the first of the book.

    None in an empty book.

    Where the party was not known yet at the view's known-at, the one it was made from is looked at.
    """
    if chosen_party is not None:
        line = succession.lineage(view.journal.view(), chosen_party) & set(view.parties)
        if line:
            first = chosen_party if chosen_party in line else max(line)
            return portfolios_of.of_party(view, succession.current(view, first))
        return None
    known = portfolios_of.portfolios(view)
    own = (p for p in known if p.party is None and p.currency == currency)
    return next(own, known[0] if known else None)


def reason(record: Any, figure: str) -> str | None:
    """Why a figure of a record does not exist, in the language of this run; None where it does."""
    reasons = record.get("reasons", {}) if isinstance(record, dict) else getattr(record, "reasons", {})
    return reason_text(reasons.get(figure))


def headline_of(record: Any, figures: str, unit: str) -> list[tuple[str, str, str | None]]:
    """Headline figures of a record: words, value, and why there is none or else how it comes about, by the register.

    figures : names with blanks between; `field=figure` where the record has the figure under another name
    """
    made = []
    for name in figures.split():
        field, _mark, meaning = name.partition("=")
        of = figure(meaning or field)
        value = record[field] if isinstance(record, dict) else getattr(record, field)
        formula = None if of.formula is None else str(of.formula)
        made.append((str(of.text), _printed(value, of.kind, unit), reason(record, field) or formula))
    return made


def _printed(value: Any, kind: Kind, unit: str) -> str:
    match kind:
        case "money":
            return words.amount(value, unit)
        case "multiple":
            return words.multiple(value)
        case "percent":
            return words.percent(value)
        case _:
            return words.DASH if value is None else str(value)


def reason_text(reason_of: Any) -> str | None:
    """The words of a Reason."""
    return None if reason_of is None else (str(reason_of.text))


def perspective(view: View, whose: Whose, basis: Basis | None, pairs: Iterable[tuple[int, int]] = ()) -> str:
    """Whose the figures are, with which predecessors, net or gross: the line under headline figures and reports.

    pairs : the (fund, investor) stakes in them
    """
    former = predecessors(view, pairs)
    parts = [str(members("whose")[whose])]
    if former:
        parts.append(
            f"{_('含前身', 'with the predecessors')} {words.listed(former[:6])}{' …' if len(former) > 6 else ''}"
        )
    if basis is not None:
        parts.append(str(members("basis")[basis]))
    return words.labelled(named("reading"), words.clauses(parts))


def value_note(value: Any, *, several: bool = False) -> str:
    """How a value was come by: statement day, age, rolled or not; or why there is none. several: a sum, whose oldest
    statement it says."""
    parts = []
    if value.marked_on is not None:
        stated = (
            Text("其中最早的报告日 {}（{} 天前）", "the oldest of its statements is of {} ({} ago)")
            if several
            else Text("报告日 {}（{} 天前）", "stated on {} ({} ago)")
        )
        ago = Text(str(value.age_days), counted(value.age_days, "day"))
        parts.append(str(stated).format(value.marked_on, ago))
    if value.rolled:
        parts.append(_("按报告日后的收付滚动", "rolled forward with the money since"))
    note = reason_text(value.note)
    if note:
        parts.append(note)
    return words.clauses(parts)


def of_several(record: Any) -> bool:
    """Whether a figure is of several funds."""
    return len({fund for fund, _investor in record.pairs}) > 1


def registered_note(record: Any, unit: str) -> str | None:
    """What the funds' registers hold of the stakes, where the investor's own paid-in or distributed money is another."""
    if not record.differs_from_registers:
        return None
    registers = {"paid_in": record.registered_paid_in, "distributed": record.registered_distributed}
    listed = " · ".join(f"{named(name)} {words.amount(fen, unit)}" for name, fen in registers.items())
    return words.labelled(
        _(
            "已实缴、已分配为投资人口径（受让与出让的价款计入）；基金登记口径",
            "Paid in and distributed are the investor's own, prices of stakes included; in the funds' registers",
        ),
        listed,
    )


def lapsed_note(record: Any, unit: str) -> str | None:
    """Why there is no unfunded figure; else how much of it can no longer be called."""
    if record.unfunded_lapsed:
        return f"{_('另有失效未实缴，不能再通知：', 'Beside it lapsed, no longer to be called: ')}{words.amount(record.unfunded_lapsed, unit)}"
    return reason(record, "unfunded_callable")


def rate_text(rate: Any) -> str:
    """A rate for a headline: per cent, or what stands in its way; the reading and the period's return under their names."""
    if rate.status == "several":
        read = (
            ""
            if rate.reading is None
            else _("（读数 {}）", " (reading {})").format(words.percent(rate.reading))
        )
        return f"{_('多解', 'several')}{read}"
    if rate.status in ("one", "reported") and rate.value == rate.value:
        period = (
            ""
            if rate.period is None
            else _("*（期间 {}）", "* (period {})").format(words.percent(rate.period))
        )
        return f"{words.percent(rate.value)}{period}"
    return {
        "none": _("无解", "no rate"),
        "unproved": _("未证明", "not proved"),
        "one": _("过大", "too large"),
    }.get(rate.status, words.DASH)


def rate_note(rate: Any) -> str | None:
    """What is to be said of a rate: why there is none, every root of several, a life under a year."""
    return reason_text(rate.note)


def headline_rate(rate: Any) -> tuple[str, str, str | None]:
    """The rate of return among headline figures: what is to be said of it, or else how it comes about."""
    of = figure("irr")
    return str(of.text), rate_text(rate), rate_note(rate) or (None if of.formula is None else str(of.formula))


class Held(NamedTuple):
    """A company with what is held of it in one currency."""

    company: Exposure
    currency: str
    cost: int
    value: int | None


class HeldCompanies(Sequence[Held]):
    """Companies with what is held of them, the largest cost first; a line for each currency in which one is held."""

    def __init__(self, below: ExposureColumns) -> None:
        self._below = below
        held = np.array([own.held for own in below.amounts]).reshape(-1, len(below))
        cost = np.array([own.cost for own in below.amounts]).reshape(-1, len(below))
        some = np.flatnonzero(held.any(axis=0))
        largest = np.where(held, cost, np.iinfo(np.int64).min).max(axis=0, initial=np.iinfo(np.int64).min)
        self.companies: Ints = some[np.lexsort((below.party[some], -largest[some]))]
        """Places of the companies, the largest first."""
        place, self._amounts = np.nonzero(held.T[self.companies])
        self._place = self.companies[place]

    @property
    def currencies(self) -> list[str]:
        """The currencies of the lines."""
        return [own.currency for own in self._below.amounts if own.held.any()]

    def __len__(self) -> int:
        return len(self._place)

    @overload
    def __getitem__(self, place: int) -> Held: ...

    @overload
    def __getitem__(self, place: slice) -> list[Held]: ...

    def __getitem__(self, place: int | slice) -> Held | list[Held]:
        if not isinstance(place, slice):
            return self[place : place + 1 or None][0]
        rows = self._place[place]
        which = self._amounts[place].tolist()
        parts = [own.at(rows) for own in self._below.amounts]
        own_parts = [parts[of][n] for n, of in enumerate(which)]
        companies = self._below.rows(rows.tolist())
        return [Held(e, *part) for e, part in zip(companies, own_parts, strict=True) if part is not None]


def exposure_tree(
    view: View, below: ExposureColumns, companies: Ints, of: ExposureAmounts, unit: str
) -> list[dict[str, Any]]:
    """Look-through cost of one currency by city, the 60 largest companies a box each; the rest of a city as one box.

    companies : places of the companies, the largest first
    """
    own = companies[of.held[companies] & (of.cost[companies] != 0)]
    boxed = set(below.party[companies[:60]].tolist())
    parties = below.party[own].tolist()
    cities = view.facts_each(parties, "city")
    by_city: dict[Any, tuple[list[dict[str, Any]], int]] = {}
    for party, city, cost in zip(parties, cities, of.cost[own].tolist(), strict=True):
        boxes, rest = by_city.setdefault(city, ([], 0))
        if party in boxed:
            value = round(words.in_unit(cost, unit), 2)
            boxes.append({"name": view.name(party), "value": value})
        else:
            by_city[city] = (boxes, rest + cost)
    tree = []
    for city, (boxes, rest) in by_city.items():
        if rest:
            boxes.append({"name": _("其余", "Others"), "value": round(words.in_unit(rest, unit), 2)})
        tree.append(
            {"name": words.word(city) if city is not None else _("未注明", "Not stated"), "children": boxes}
        )
    return tree


def parties_like(
    view: View, text: str, chosen: str | None, most: int, codes_of: Collection[str]
) -> list[str]:
    """Codes, of some, of the parties whose code or name holds the text, by code, `most` at the most; the chosen one among them."""
    wanted = text.strip().casefold()
    codes: list[str] = []
    for code in sorted(codes_of):
        if not wanted or wanted in code.casefold() or wanted in view.name(view.by_code[code].id).casefold():
            codes.append(code)
            if len(codes) == most:
                break
    if chosen in codes_of and chosen not in codes:
        codes.append(str(chosen))
    return codes


def table_name(table: str) -> str:
    """The name of a row table of the journal."""
    return {
        "party": _("主体", "Party"),
        "deal": named("deal"),
        "mark": named("value"),
        "fact": _("属性", "Attribute"),
        "edge": _("权属关系", "Ownership"),
        "notice": _("通知", "Notice"),
        "position": _("披露持仓", "Disclosed positions"),
        "setting": named("parameter"),
        "disposition": _("处置", "Disposition"),
    }.get(table, table)
