"""What an attribute is: its stored name, type and words, and whose it is; the lists that models.facts fills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from models import kinds
from models.frozen import frozen
from models.subjects import SubjectKind
from models.text import Text


class FactType(StrEnum):
    """How the text of a fact is read."""

    TEXT = "text"
    DATE = "date"
    FEN = "fen"  # whole fen as digits
    INT = "int"
    SHARE = "share"  # decimal fraction, 0.2 is 20 %
    NUMBER = "number"  # decimal, a multiple for instance; the places written are kept
    BOOL = "bool"  # yes / no
    WORD = "word"  # member of a closed list
    WORDS = "words"  # several members, comma separated
    PARTY = "party"  # code of a party
    CODES = "codes"  # free codes, comma separated
    RANGE = "range"  # two decimals, parted by a semicolon


FactValue = str | dt.date | int | Decimal | bool | kinds.Word | tuple[str, ...]


@frozen
class FactSpec:
    """One attribute: its name (stored), kind of value, names on screen, closed list if any, and whose attribute it is.

    instrument : noun of the instrument it came with, which has a module in every room (fof.instruments); "" for what
                 every office has
    """

    name: str
    kind: FactType
    text: Text
    words: type[kinds.Word] | None = None
    of: str = "party"
    subjects: frozenset[SubjectKind] = frozenset()
    """Of an attribute of SUBJECT_FACTS: the kinds of subjects that have it."""
    instrument: str = ""

    def parse(self, text: str) -> FactValue:
        """The typed value of a stored text; ValueError says what was expected."""
        match self.kind:  # the kinds that most values are of come first
            case FactType.FEN | FactType.INT:
                return int(text)
            case FactType.TEXT | FactType.PARTY:
                return text
            case FactType.DATE:
                return dt.date.fromisoformat(text)
            case FactType.SHARE | FactType.NUMBER:
                return _decimal(text)
            case FactType.RANGE:
                ends = tuple(text.split(";"))
                if len(ends) != 2:
                    raise ValueError(f"two decimals parted by a semicolon expected, got {text!r}")
                for end in ends:
                    _decimal(end)
                return ends
            case FactType.BOOL:
                if text not in ("yes", "no"):
                    raise ValueError(f"yes or no expected, got {text!r}")
                return text == "yes"
            case FactType.WORD:
                assert self.words is not None
                return self.words(text)
            case FactType.WORDS:
                assert self.words is not None
                return tuple(self.words(part) for part in text.split(",") if part)
            case FactType.CODES:
                return tuple(part for part in text.split(",") if part)

    def write(self, value: FactValue) -> str:
        """The stored text of a typed value; parse(write(v)) == v."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.date):
            return value.isoformat()
        if isinstance(value, tuple):
            if self.kind is FactType.RANGE:
                return ";".join(value)
            return ",".join(str(part) for part in value)
        if isinstance(value, Decimal):
            return format(value, "f")
        return str(value)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a decimal: {text!r}") from None
    if not number.is_finite():  # Decimal reads "nan" and "Infinity"
        raise ValueError(f"not a decimal: {text!r}")
    return number


FACTS: dict[str, FactSpec] = {}
"""Every attribute of the table `fact` by name: of parties and of deals."""
SUBJECT_FACTS: dict[str, FactSpec] = {}
"""Every attribute of the table `subject_fact` by name. An attribute lives in one of the two."""


def fact(
    name: str,
    kind: FactType,
    text: Text,
    words: type[kinds.Word] | None = None,
    of: str = "party",
    instrument: str = "",
) -> None:
    assert name not in FACTS, name
    FACTS[name] = FactSpec(name, kind, text, words, of, instrument=instrument)


def subject_fact(
    name: str,
    kind: FactType,
    text: Text,
    subjects: Iterable[SubjectKind],
    words: type[kinds.Word] | None = None,
) -> None:
    """Declare an attribute of subjects of those kinds."""
    assert name not in FACTS, name
    assert name not in SUBJECT_FACTS, name
    SUBJECT_FACTS[name] = FactSpec(name, kind, text, words, of="subject", subjects=frozenset(subjects))


def attributes_of(
    subjects: Iterable[SubjectKind],
    *attributes: tuple[str, FactType, str, str] | tuple[str, FactType, str, str, type[kinds.Word]],
) -> None:
    """Declare attributes of subjects of those kinds: name, type, words in both languages, closed list if any."""
    for name, value, zh, en, *listed in attributes:
        subject_fact(name, value, Text(zh, en), subjects, *listed)
