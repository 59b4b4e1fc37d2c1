"""What every table of the small instruments asks: the view's day, codes and names of parties, rule numbers of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from fof.book.grants import NamedInvestment, named_investment, of_kind
from fof.book.identities import Registered
from fof.book.settings import rule_numbers
from fof.figures.desk import Desk
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

    def investment(self, own: Registered) -> NamedInvestment:
        """The investment that an application or a deduction names."""
        return named_investment(self.book, own, self.day)

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
