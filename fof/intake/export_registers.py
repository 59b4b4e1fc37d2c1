"""Export of who there is: parties, funds, companies with their attributes, yearly figures, ownership."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from fof.importers.columns import CellType, Layout
from fof.importers.layouts import LAYOUTS
from fof.importers.units import PLAIN_UNITS
from fof.intake.attributes import deal_history, written
from fof.intake.export_rows import Heads, Row, Sheets
from fof.intake.subjects import fact_line
from fof.ledger import FactInForce, PartyRecord, View
from models.facts import FACTS, FactType
from models.kinds import FUND_KINDS, EdgeBasis, PartyKind
from models.subjects import Subject, SubjectKind


def register_rows(view: View, heads: Heads, sheets: Sheets) -> None:
    """Fill the register sheets."""
    for party in sorted(view.parties.values(), key=lambda p: p.code):
        heads.carried[party.entry] += 1
        _party(view, heads, sheets, party)
    for edge in view.edges:
        row = edge.row
        heads.carried[edge.entry] += 1
        sheets["edges"].append(
            {
                "owner": heads.code(row.owner),
                "owned": heads.code(row.owned),
                "since": edge.day,
                "until": row.until,
                "share": Decimal(row.share_nano).scaleb(-9),
                "basis": EdgeBasis(row.basis),
                "document": row.document,
                "source": heads.source(edge.entry),
            }
        )
    for deal in view.deals:
        for fact in _once_a_day(
            heads, sheets, Subject(SubjectKind.DEAL, deal.row.code), deal_history(view, deal.row.id)
        ):
            sheets["attributes"].append(_attribute(heads, deal.row.code, deal.row.investor, fact))


def _once_a_day(
    heads: Heads, sheets: Sheets, subject: Subject, history: Iterable[FactInForce]
) -> Iterator[FactInForce]:
    """The statements that register sheets take: the first of an attribute and day. Later ones of that day, which count, go to
    the sheet of subjects as parts of their entries."""
    seen: set[tuple[str, dt.date]] = set()
    for fact in history:
        heads.carried[fact.entry] += 1
        if (fact.name, fact.since) not in seen:
            seen.add((fact.name, fact.since))
            yield fact
        else:
            sheets["subjects"].append(fact_line(heads, subject, fact, FACTS[fact.name].write(fact.value)))


def _attribute(heads: Heads, code: str, party: int, fact: FactInForce) -> Row:
    """A row of the sheet that takes any attribute."""
    spec = FACTS[fact.name]
    amount = heads.amount(0, party) if spec.kind is FactType.FEN else None
    return {
        "subject": code,
        "attribute": spec.text.zh,
        "since": fact.since,
        "value": written(spec, fact.value),
        "basis": fact.basis,
        "unit": amount and PLAIN_UNITS[amount.currency],
        "document": fact.document,
        "source": heads.source(fact.entry),
    }


def _layout(kind: PartyKind) -> str:
    if kind is PartyKind.COMPANY:
        return "companies"
    return "funds" if kind in FUND_KINDS else "parties"


def _party(view: View, heads: Heads, sheets: Sheets, party: PartyRecord) -> None:
    layout = LAYOUTS[_layout(party.kind)]
    own = {c.fact for c in layout.facts}
    yearly = {c.fact for c in LAYOUTS["company_years"].facts} if party.kind is PartyKind.COMPANY else set()
    rows: dict[dt.date, Row] = {}
    years: dict[dt.date, Row] = {}
    beside: dict[tuple[str, dt.date], Row] = {}
    for name in sorted(view.facts_of(party.id), key=lambda name: name != "name"):  # a new code needs its name
        for fact in _once_a_day(
            heads, sheets, Subject(SubjectKind.PARTY, party.code), view.history(party.id, name)
        ):
            year_end = (fact.since.month, fact.since.day) == (12, 31)
            put = (
                fact.basis is None or name == "stage"
            )  # no column for the definition behind other attributes
            if put and name in yearly and year_end:
                row = years.setdefault(fact.since, {"company": party.code, "year": fact.since.year})
                put = _put(heads, "company_years", row, party.id, fact)
            elif put and name in own:
                row = rows.setdefault(fact.since, {"code": party.code, "since": fact.since})
                put = _put(heads, layout.name, row, party.id, fact)
            elif put and (other := _stating(name)) is not None:
                row = {other.subject: party.code, "since": fact.since}
                row = beside.setdefault((other.name, fact.since), row)
                put = _put(heads, other.name, row, party.id, fact)
            else:
                put = False
            if not put:
                sheets["attributes"].append(_attribute(heads, party.code, party.id, fact))
    for (name, _), row in sorted(beside.items(), key=lambda item: item[0]):
        sheets[name].append(row)
    if not rows:
        day = heads.live[party.entry].effective_on if party.entry in heads.live else min(years, default=None)
        if day is None:
            return
        rows[day] = {"code": party.code, "since": day}
        if party.entry in heads.live:
            rows[day]["source"] = heads.source(party.entry)
    first = rows[min(rows)]
    if view.fact(party.id, "name") is None:
        first["name"] = party.code
    for row in rows.values():
        if layout.name != "companies":
            row["kind"] = party.kind
    sheets[layout.name] += [rows[day] for day in sorted(rows)]
    sheets["company_years"] += [years[day] for day in sorted(years)]


def _stating(name: str) -> Layout | None:
    """The layout whose rows say nothing but attributes, this one among them; None for attributes of no such layout."""
    return next((x for x in LAYOUTS.values() if x.subject and any(c.fact == name for c in x.facts)), None)


def _put(heads: Heads, layout: str, row: Row, party: int, fact: FactInForce) -> bool:
    """State the fact in the row, if it stands on the row's document and source; of two on one day the later entry counts."""
    origin = {"document": fact.document, "source": heads.source(fact.entry)}
    if any(row.setdefault(name, text) != text for name, text in origin.items()):
        return False
    column = LAYOUTS[layout].column(fact.name)
    if column.cell is CellType.AMOUNT:
        assert isinstance(fact.value, int)
        row[column.name] = heads.amount(fact.value, party)
    else:
        row[column.name] = fact.value
    if fact.name == "stage":
        row["stage_definition"] = fact.basis
    return True
