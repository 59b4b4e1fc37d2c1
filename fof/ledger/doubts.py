"""Entries that this program would not have written, found beside the next booking: named, and survived.

The database refuses what it can judge of a new entry. A leaf of the right length that does not fit its entry it cannot; and a
book of the first release may hold an entry without a leaf, or recorded at no time at all. Such an entry stops nobody: the next
booking names it and is booked behind it. `fof verify` lists all of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from models.text import Text

NEWEST = 20
"""Entries that the first booking of a process looks at; later ones look at what came since."""
SAME_CLOCK = dt.timedelta(minutes=5)
"""How far two clocks may be apart."""


class Doubts:
    """What was looked at, and what was found, entry by entry in Chinese and English."""

    def __init__(self) -> None:
        self.upto = 0
        self.by_entry: dict[int, Text] = {}

    def look(
        self,
        cursor: Any,
        head: int,
        now: dt.datetime,
        newest: int = NEWEST,
        tables_after: Callable[[int], Collection[str]] | None = None,
    ) -> None:
        """Look at the entries up to the head that were not looked at yet, the newest of them; what is found is logged once.

        tables_after : the tables that hold rows of entries after one; every table where None
        """
        from fof.ledger.stored import (  # late: who only reads needs no SQLAlchemy
            EVERY_TABLE,
            own_leaf,
            stored_entries,
        )

        after = max(self.upto, head - newest)
        if after >= head:
            return
        tables = EVERY_TABLE if tables_after is None else tables_after(after)
        for stored, _, leaf, rows, whole in stored_entries(cursor, after, head, tables):
            wrong = _wrong(stored.recorded_at, now)
            if own_leaf(stored, rows) != leaf or not whole:
                wrong = Text("与其叶哈希不符", "does not fit its leaf hash")
            if wrong is not None:
                self.by_entry[stored.id] = sentence = _sentence(stored.id, wrong)
                warn(sentence)
        self.upto = head


def warn(sentence: Text) -> None:
    """One sentence to the program's log."""
    import logging  # late: hardly any command has something to say there

    logging.getLogger("fof").warning("%s", sentence)


def _wrong(recorded_at: str, now: dt.datetime) -> Text | None:
    moment = time_of(recorded_at)
    if moment is None:
        return Text("登记时间无法识别", "was recorded at no time")
    if moment - now > SAME_CLOCK:
        return Text("登记时间在未来", "was recorded in the future")
    return None


def _sentence(entry: int, text: Text) -> Text:
    return Text(
        f"分录 {entry} {text.zh}，不是由本程序登记的：请运行 fof verify 查明，如属有误请冲销（fof reverse {entry}）并告知审计人员",
        f"entry {entry} {text.en}: this program did not write it; run fof verify, take it back if it is wrong "
        f"(fof reverse {entry}) and tell the auditor",
    )


def time_of(recorded_at: object) -> dt.datetime | None:
    """The instant that an entry says it was recorded at; None where it says none."""
    try:
        moment = dt.datetime.fromisoformat(str(recorded_at))
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def every_doubt(cursor: Any, head: int) -> list[Text]:
    """What there is to say about all entries up to the head; as long as `verify` takes for its leaves."""
    doubts = Doubts()
    doubts.look(cursor, head, dt.datetime.now(dt.UTC), head)
    return list(doubts.by_entry.values())
