"""The strategic emerging industry of a class of GB/T 4754, by the table that the office imported for the day (SEI-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from fof.book.reading import once_per_prefix
from fof.ledger import View, to_date
from models.facts_industries import PARTLY, strategic_name
from models.rule_kinds import SeiGroup


class StrategicReading(NamedTuple):
    """What the table says of a class: known False where it cannot tell; group None: in no group."""

    known: bool
    group: SeiGroup | None = None


UNDECIDED = StrategicReading(False)
_Versions = list[tuple[dt.date, tuple[str, ...]]]


@once_per_prefix
def _versions(view: View) -> Mapping[SeiGroup, _Versions]:
    """Each group's lists of codes by day, oldest first; empty without a table."""
    stated = view.prefix.subject_facts.get(("office",), {})
    by_group: dict[SeiGroup, _Versions] = {}
    for group in SeiGroup:
        records = stated.get(strategic_name(group), ())
        if records:
            by_group[group] = [
                (to_date(r.day), codes) for r in records if isinstance(codes := view.prefix.value(r), tuple)
            ]
    return by_group


def strategic_group(view: View, industry: str | None, day: dt.date) -> StrategicReading:
    """The group of a company's class on a day.

    The longest listed beginning of the code decides. It tells where one group lists it, and as a whole; "in none" is told where
    every group has its list and none names the class, a beginning or a part of it. Anything else is not told.
    """
    versions = _versions(view)
    if not versions or not industry:
        return UNDECIDED
    listed: dict[str, list[tuple[SeiGroup, bool]]] = {}
    complete = True
    for group in SeiGroup:
        codes = [own for since, own in versions.get(group, ()) if since <= day]
        complete = complete and bool(codes)
        for code in codes[-1] if codes else ():
            listed.setdefault(code.removesuffix(PARTLY), []).append((group, code.endswith(PARTLY)))
    for length in range(len(industry), 0, -1):
        if own := listed.get(industry[:length]):
            (group, partly), *others = own
            return UNDECIDED if partly or others else StrategicReading(True, group)
    shorter = any(code.startswith(industry) for code in listed)
    return StrategicReading(True) if complete and not shorter else UNDECIDED
