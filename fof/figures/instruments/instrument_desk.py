"""What every table of the small instruments asks: the view's day, codes and names of parties, rule numbers of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from fof.book.grants import of_kind
from fof.book.identities import Registered
from fof.book.settings import rule_numbers
from fof.figures.desk import Desk
from fof.ledger import Dated
from fof.rules.registry import RULES, Value
from models.kinds import Word
from models.subjects import LinkRole, SubjectKind
from models.text import Text

Row = dict[str, Any]


class InstrumentDesk(Desk):
    """The small instruments of a view on its day."""

    def known(self, kind: SubjectKind) -> list[Registered]:
        """The subjects of a kind registered by the day, by code."""
        return [own for own in of_kind(self.view, kind).values() if own.first_day <= self.day]

    def linked(self, own: Registered, role: LinkRole) -> str | None:
        """The code of the party that stands in a role."""
        return self.code(own.linked(role))

    def of(self, party: int, name: str) -> Any:
        """An attribute of a party in force on the day."""
        return self.book.facts.of(party, name, self.day)

    def deal(self, own: Registered) -> Dated | None:
        """The deal that a subject names, made by the day."""
        number = own.linked(LinkRole.DEAL)
        deal = next((d for d in self.book.view.deals if d.row.id == number), None)
        return deal if deal is not None and deal.day <= self.day else None

    def paid_under(self, own: Registered) -> int | None:
        """What was paid under the deal that a subject names, in fen; None where nothing was."""
        deal = self.deal(own)
        return (
            None
            if deal is None
            else sum(m.fen for m in self.book.of_deal(deal, self.day) if m.fen > 0) or None
        )

    def numbers(self, rule: str, day: dt.date) -> Mapping[str, Value]:
        """The numbers of a rule in force on a day; empty where the rule was not."""
        source, numbers = rule_numbers(self.view).settings.version(RULES[rule], day)
        return {} if source is None else numbers.values


def word_of(word: Word | None) -> str | None:
    """The code of a member of a closed list."""
    return None if word is None else word.value


def words_of(words: Iterable[Word] | None) -> tuple[str | None, str | None]:
    """(codes, words in the language of this run) of several members; None where there are none."""
    members = tuple(words or ())
    if not members:
        return None, None
    listed = Text("、".join(m.zh for m in members), ", ".join(m.en.lower() for m in members))
    return ", ".join(m.value for m in members), str(listed)


def total(amounts: Iterable[int | None]) -> int | None:
    """A sum; None where a part of it is not known."""
    listed = list(amounts)
    return None if None in listed else sum(fen or 0 for fen in listed)
