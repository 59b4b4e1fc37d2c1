"""How the book is read: answers remembered for a view, a prefix or a question, days and kinds as columns, why a figure is none.

The floor of fof.book: everything above asks the ledger through what stands here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from fof.book.currencies import in_order
from fof.ledger import View, day_number
from fof.ledger.journal_columns import Ints, Ints32
from fof.pausing import pausing
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import Text

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
T = TypeVar("T")
P = ParamSpec("P")
N = TypeVar("N", bound=np.number[Any])

LAST_DAY = 2**31 - 2
"""As-of day of a view that was asked for all days."""
_HIGHEST_KIND = max(TREATMENTS)


class Reason(NamedTuple):
    """Why a figure does not exist, or what must be known to read it: a stable code and the words."""

    code: str
    text: Text


def several(currencies: Iterable[str]) -> Reason:
    """Why there is no figure over several currencies."""
    codes = in_order(currencies)
    return Reason(
        "several_currencies",
        Text(
            f"{'、'.join(codes)} 币种不同，不相加，各币种分列小计",
            f"{', '.join(codes)} are different currencies and are not added; each has its own subtotal",
        ),
    )


def yuan(fen: Ints) -> Floats:
    """Whole fen as float64 yuan: the one door from the book to the kernels of `valuation`."""
    return fen / 100.0


def ratio(part: int | None, whole: int | None) -> float:
    """part / whole, correctly rounded; nan where either is unknown or the whole is not above zero."""
    if part is None or whole is None or whole <= 0:
        return float("nan")
    return part / whole


def as_of_day(view: View) -> int:
    """The view's as-of day as a day number."""
    return LAST_DAY if view.as_of is None else day_number(view.as_of)


def once_per_view(make: Callable[[View], T]) -> Callable[[View], T]:
    """Keep what `make(view)` returns for as long as the view lives. Two threads may both make it; the results are equal."""

    @wraps(make)
    def look_up(view: View) -> T:
        answer: T | None = view.answers.get(make)
        if answer is None:
            answer = view.answers[make] = make(view)
        return answer

    return look_up


_making = threading.RLock()


def every_day(view: View) -> View:
    """The view's prefix on every day; one for each prefix, so that its postings are picked once."""
    whole: View | None = view.prefix.answers.get(View)
    if whole is None:
        whole = view.prefix.answers.setdefault(View, View(view.journal, None, view.prefix))
    return whole


def once_per_prefix(make: Callable[[View], T]) -> Callable[[View], T]:
    """Keep what `make` returns for as long as the journal's prefix lives: one index for the views of all days.

    `make` is given the prefix's view of every day, and made once even where twenty pages ask at the same time.
    """

    @wraps(make)
    def look_up(view: View) -> T:
        answers = view.prefix.answers
        answer: T | None = answers.get(make)
        if answer is None:
            with _making, pausing(None):  # others wait for it
                answer = answers.get(make)
                if answer is None:
                    answer = answers[make] = make(every_day(view))
        return answer

    return look_up


def once_per_question(answer: Callable[Concatenate[View, P], T]) -> Callable[Concatenate[View, P], T]:
    """Keep the answers of a use case for as long as the view lives; its further arguments must be hashable."""

    @wraps(answer)
    def look_up(view: View, /, *args: P.args, **kwargs: P.kwargs) -> T:
        asked = (answer, args, *sorted(kwargs.items()))
        if asked not in view.answers:
            view.answers[asked] = answer(view, *args, **kwargs)
        return view.answers[asked]  # type: ignore[no-any-return]

    return look_up


def is_in(column: Ints32, wanted: Collection[int] | None) -> Bools:
    """True where the party is one of `wanted`; None wants all. -1 is never in."""
    if wanted is None:
        return column >= 0
    table = np.zeros(max(int(column.max(initial=0)), *wanted, 0) + 2, bool)  # place -1 is the last: never set
    table[list(wanted)] = True
    return np.asarray(table[column])


def distinct(column: npt.NDArray[N]) -> npt.NDArray[N]:
    """The different values of a column, ascending. As np.unique, which loads numpy's masked arrays to find that there are none:
    a fortieth of a whole command."""
    ordered = np.sort(column)
    return ordered[np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])]


def is_among(column: npt.NDArray[N], values: npt.ArrayLike) -> Bools:
    """True where the value is one of `values`, of any size and order; np.isin asks np.unique, see `distinct`."""
    known = np.sort(np.asarray(values))
    if not len(known):
        return np.zeros(len(column), bool)
    return np.asarray(known[np.minimum(np.searchsorted(known, column), len(known) - 1)] == column)


def kinds_with(test: Callable[[PostingKind], bool]) -> Bools:
    """Table over posting-kind numbers: True for the kinds that pass."""
    table = np.zeros(_HIGHEST_KIND + 1, bool)
    for kind in TREATMENTS:
        table[kind] = test(kind)
    return table
