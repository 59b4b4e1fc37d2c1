"""What performance can be grouped by: a function gives the group of each (fund, investor) stake."""

from __future__ import annotations

from collections.abc import Callable

from fof.book.reading import Reason
from fof.book.succession import current
from fof.ledger import View
from models.kinds import City, FundClass, FundKind, FundStatus, Strategy, Word
from models.text import Text

UNSTATED = Reason("unstated", Text("未注明", "not stated"))
Group = tuple[str, str]
"""Key and label; the key sorts."""


def _by_party(view: View, party: int) -> Group:
    return view.parties[party].code, view.name(party)


def _by_fact(name: str) -> Callable[[View, int, int], Group]:
    def group(view: View, fund: int, _investor: int) -> Group:
        value = view.fact(fund, name)
        if value is None:
            return "", UNSTATED.text.zh
        if isinstance(value, Word):
            return value.value, value.zh
        return str(value), str(value)

    return group


def _by_manager(view: View, fund: int, _investor: int) -> Group:
    code = view.fact(fund, "manager")
    if code is None:
        return "", UNSTATED.text.zh
    manager = view.by_code.get(code)
    return (code, code) if manager is None else _by_party(view, current(view, manager.id))


def _by_city(view: View, fund: int, _investor: int) -> Group:
    city = view.fact(fund, "municipality") or view.fact(fund, "city")
    return ("", UNSTATED.text.zh) if city is None else (city.value, city.zh)


GROUPINGS: dict[str, Callable[[View, int, int], Group]] = {
    "fund": lambda view, fund, _: _by_party(view, current(view, fund)),
    "vintage": _by_fact("vintage"),
    "strategy": _by_fact("strategy"),
    "city": _by_city,
    "manager": _by_manager,
    "class": _by_fact("fund_class"),
    "kind": _by_fact("fund_kind"),
    "status": _by_fact("status"),
    "investor": lambda view, _, investor: (
        ("", UNSTATED.text.zh) if investor < 0 else _by_party(view, current(view, investor))
    ),
}
"""Name of a grouping -> the group of a stake; investor -1: a fund with all its investors.

An investor that was merged stands under its successor: its paid-in capital went there, its flows must go along.
"""


LISTS: dict[str, type[Word]] = {
    "strategy": Strategy,
    "city": City,
    "class": FundClass,
    "kind": FundKind,
    "status": FundStatus,
}
"""Groupings whose groups are members of a closed list: these have a name in both languages."""


DIRECT = Text("直接投资", "Direct investments")
WITH_DIRECT = Text("（含直投）", " (with direct investments)")


def english_label(by: str, key: str, label: str) -> str:
    """What a group is called in English; names of parties stay as they are."""
    if by == "direct":
        return DIRECT.en
    if by == "combined":
        return label.removesuffix(WITH_DIRECT.zh) + WITH_DIRECT.en
    if not key and by in GROUPINGS:
        return UNSTATED.text.en
    return LISTS[by](key).en if by in LISTS else label
