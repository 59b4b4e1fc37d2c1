"""Every live row of a book as text without a number of its own: codes for ids, so that two books can be compared row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fof.book.known import closes
from fof.ledger import View, day_number
from models.facts import REPORT
from models.rows import PARTY_FIELDS, SUBJECT_FIELDS

_NUMBERED = {"id"}
"""Fields that number the rows of one book."""


def live_rows(view: View) -> dict[str, Counter[tuple[Any, ...]]]:
    """Table → its live rows with the day they are true for, each as often as it stands there.

    What older books keep in another form stands as the rows of today that say the same. Identities are never withdrawn.
    """
    code = {n: p.code for n, p in view.parties.items()}
    deals = {r.row[0]: r.row[1] for r in view.journal.rows("deal")}
    subjects = {n: (s.kind, s.code) for n, s in view.subjects.items()}

    def said(row: Any) -> tuple[Any, ...]:
        values = []
        for name, value in row._asdict().items():
            if name in _NUMBERED or (name == "value" and getattr(row, "name", None) == REPORT):
                continue  # a report stands on other entries in another book
            if value is not None and name in PARTY_FIELDS:
                value = code[value]
            elif value is not None and name == "deal":
                value = deals[value]
            elif value is not None and name in SUBJECT_FIELDS:
                value = subjects[value]
            values.append((name, value))
        return tuple(values)

    tables: dict[str, Counter[tuple[Any, ...]]] = {}
    names = "deal mark fact edge notice position setting subject_fact decision notice_line column_mapping"
    for table in names.split():
        rows = view.prefix.dated(table, None if view.as_of is None else day_number(view.as_of))
        tables[table] = Counter((str(r.day), *said(r.row)) for r in rows)
    tables["quarter_close"] = Counter(
        (str(c.quarter_end), code.get(c.party or 0), c.portfolio, c.open_items, c.reason)
        for c in closes(view)
    )
    tables["subject_link"] = Counter(
        (subjects[n], str(link.day), *said(link.row)) for n in subjects for link in view.links_ever(n)
    )
    tables["party"] = Counter((p.code, p.kind.value) for p in view.parties.values())
    tables["subject"] = Counter(subjects.values())
    p = view.postings
    columns = (p.kind, p.from_party, p.to_party, p.fund, p.deal, p.loan, p.day, p.fen)
    tables["posting"] = Counter(
        (kind, code[a], code[b], code.get(fund), deals.get(deal), subjects.get(loan), day, fen)
        for kind, a, b, fund, deal, loan, day, fen in zip(*(c.tolist() for c in columns), strict=True)
    )
    return tables


def missing(before: View, after: View) -> dict[str, dict[str, list[Any]]]:
    """Table → rows of the one book alone, and of the other alone; empty where the two hold the same."""
    one, other = live_rows(before), live_rows(after)
    found = {}
    for table, rows in one.items():
        lost, new = rows - other[table], other[table] - rows
        if lost or new:
            found[table] = {"lost": sorted(lost.elements(), key=str), "new": sorted(new.elements(), key=str)}
    return found
