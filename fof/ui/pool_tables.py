"""What the page of pools lists, of all pools at once: a pool's part is chosen from it. At once for most books, beside the pages where a
book holds hundreds of thousands of loans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Any, NamedTuple, TypeVar

from fof import audit, words
from fof.audit.findings import Audit
from fof.book.pools import Pools, counted_pools
from fof.figures.answers import Answer
from fof.figures.pool_months import TABLES, pool_document
from fof.figures.pools import LoanRegister
from fof.ledger import View
from fof.operations.claim_desk import possible_steps
from fof.ui import background
from fof.words import _
from models.frozen import frozen

LARGE_BOOK = 50_000
"""Entries from which on pools are read beside the pages: with less it takes no longer than a page may."""
T = TypeVar("T")


@frozen
class PoolTables:
    """The tables of all pools on a day, or of one: documents by name, and the register of loans. A pool's are chosen once."""

    documents: Mapping[str, Answer]
    loans: LoanRegister
    pools: dict[str, PoolTables] = field(default_factory=dict)

    def about(self, pool: str | None) -> PoolTables:
        """The same of one pool; None: of all."""
        if pool is None:
            return self
        if pool not in self.pools:
            documents = {name: _about(answer, pool) for name, answer in self.documents.items()}
            self.pools[pool] = PoolTables(documents, self.loans.about(pool))
        return self.pools[pool]


class DeskClaims(NamedTuple):
    """Rows of the claims by code, and what can be done with those that can still move."""

    rows: Mapping[str, Mapping[str, Any]]
    steps: Mapping[str, list[str]]

    def about(self, pool: str | None) -> Mapping[str, list[str]]:
        """What can be done with the claims of a pool, or of all; by code in order."""
        own = sorted(self.steps.items())
        return {code: steps for code, steps in own if pool in (None, self.rows[code]["pool"])}


def pools_read(view: View) -> Pools:
    """The pools of a view; the page ends here until a large book's are read, and says so."""
    return _beside(view, "pools_read", False, lambda: counted_pools(view))


def tables_of(view: View, pool: str | None) -> PoolTables:
    """What is listed of a pool on the view's day; the page ends here until it is there."""

    def made() -> PoolTables:
        documents = {table: pool_document(view, table) for table in TABLES if table != "loans"}
        return PoolTables(documents, LoanRegister(view))

    return _beside(view, "pool_tables", True, made).about(pool)


def desk_claims(view: View) -> DeskClaims:
    """The claims on the view's day."""

    def made() -> DeskClaims:
        rows = {row["claim"]: row for row in pool_document(view, "claims").rows}
        return DeskClaims(rows, possible_steps(view))

    return _beside(view, "pool_claims", True, made)


def findings(view: View, pool: str | None) -> Audit:
    """What the rules say of a pool, its agreements, loans and claims, or of all and the guarantors; the page ends here until it is
    there."""

    def made() -> Audit:
        judged = audit.pools(view)
        judged.findings[:0]  # put in order here, not by the page that looks first
        return judged

    judged = background.answer("pools", (view.prefix.digest, view.as_of), made)
    return judged if pool is None else judged.about(pool)


def _about(answer: Answer, pool: str) -> Answer:
    return replace(answer, rows=[row for row in answer.rows if row["pool"] == pool])


def _beside(view: View, kind: str, dated: bool, work: Callable[[], T]) -> T:
    """The work's answer; a small book holds the last one of each kind."""
    key = (words.language(), view.as_of if dated else None)
    if view.known_at < LARGE_BOOK:
        last = view.prefix.answers.get((_beside, kind))
        if last is None or last[0] != key:
            last = view.prefix.answers[_beside, kind] = key, work()
        answer: T = last[1]
        return answer
    language = words.language()

    def spoken() -> T:
        words.use(language)  # the worker is a thread of its own
        return work()

    def doing() -> str:
        return _("正在读取资金池的贷款", "Reading the loans of the pools")

    return background.answer(kind, (view.prefix.digest, *key), spoken, doing)
