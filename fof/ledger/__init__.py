"""The journal: reading it in columns, looking at it on a day, writing it safely, verifying it."""

from fof.ledger.booking import book, check, reverse
from fof.ledger.columns import Postings, day_number, to_date
from fof.ledger.draft import Already, Booked, Draft, Ids, Plan, Planner, Source
from fof.ledger.journal import BookedKey, Journal, read
from fof.ledger.prefix import Dated, PartyRecord
from fof.ledger.record import request_digest
from fof.ledger.view import EntryRecord, FactInForce, View

__all__ = [
    "Already", "Booked", "BookedKey", "Dated", "Draft", "EntryRecord", "FactInForce", "Ids", "Journal", "PartyRecord",
    "Plan", "Planner", "Postings", "Source", "View", "book", "check", "day_number", "read", "request_digest", "reverse",
    "to_date",
]  # fmt: skip
