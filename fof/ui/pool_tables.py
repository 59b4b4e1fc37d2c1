"""What the page of pools lists: at once for most books, beside the pages where a book holds hundreds of thousands of loans."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from fof import words
from fof.book.pools import Pools, counted_pools
from fof.figures.answers import Answer
from fof.figures.pool_months import TABLES, pool_document
from fof.figures.pools import LoanRegister
from fof.ledger import View
from fof.ui import background
from fof.words import _

LARGE_BOOK = 50_000
"""Entries from which on pools are read beside the pages: with less it takes no longer than a page may."""
T = TypeVar("T")


class PoolTables(NamedTuple):
    """The tables of a pool or of all on a day: documents by name, and the register of loans."""

    documents: dict[str, Answer]
    loans: LoanRegister


def pools_read(view: View) -> Pools:
    """The pools of a view; the page ends here until a large book's are read, and says so."""
    return _beside(view, "pools_read", (), lambda: counted_pools(view))


def tables_of(view: View, pool: str | None) -> PoolTables:
    """What is listed of a pool on the view's day; the page ends here until it is there."""

    def made() -> PoolTables:
        documents = {table: pool_document(view, table, pool) for table in TABLES if table != "loans"}
        return PoolTables(documents, LoanRegister(view, pool))

    return _beside(view, "pool_tables", (view.as_of, pool), made)


def claims_of(view: View, pool: str | None) -> Answer:
    """The claims of a pool on the view's day."""
    return _beside(view, "pool_claims", (view.as_of, pool), lambda: pool_document(view, "claims", pool))


def _beside(view: View, kind: str, key: tuple[object, ...], work: Callable[[], T]) -> T:
    if view.known_at < LARGE_BOOK:
        return work()
    language = words.language()

    def spoken() -> T:
        words.use(language)  # the worker is a thread of its own
        return work()

    def doing() -> str:
        return _("正在读取资金池的贷款", "Reading the loans of the pools")

    return background.answer(kind, (view.prefix.digest, language, *key), spoken, doing)
