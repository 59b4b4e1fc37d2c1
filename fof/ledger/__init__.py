"""The journal: reading it in columns, looking at it on a day, writing it safely, verifying it.

Writing is imported when it is first asked for: reading needs no SQLAlchemy, and a process that prints one figure
should not wait for it.
"""

from typing import TYPE_CHECKING, Any

from fof.ledger.draft import Already, Booked, Draft, Ids, Plan, Planner, Source
from fof.ledger.journal import BookedKey, Journal, read
from fof.ledger.journal_columns import Postings, day_number, to_date
from fof.ledger.prefix import Dated, PartyRecord
from fof.ledger.view import EntryRecord, FactInForce, View

if TYPE_CHECKING:
    from fof.ledger.booking import book, check, reverse, taken_along
    from fof.ledger.record import request_digest

__all__ = [
    "Already",
    "Booked",
    "BookedKey",
    "Dated",
    "Draft",
    "EntryRecord",
    "FactInForce",
    "Ids",
    "Journal",
    "PartyRecord",
    "Plan",
    "Planner",
    "Postings",
    "Source",
    "View",
    "book",
    "check",
    "day_number",
    "read",
    "request_digest",
    "reverse",
    "taken_along",
    "to_date",
]


def __getattr__(name: str) -> Any:
    """What writes, and the digest of a request."""
    if name in ("book", "check", "reverse", "taken_along"):
        from fof.ledger import booking

        return getattr(booking, name)
    if name == "request_digest":
        from fof.ledger.record import request_digest

        return request_digest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
