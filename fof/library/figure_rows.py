"""Figures as a program takes them: frozen rows, the document of the command, a typed pandas frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from fof.errors import Problem, Refused, Where
from fof.figures.answers import Answer, in_language, plain
from fof.figures.register import Figure
from models.frozen import frozen
from models.text import Text

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", covariant=True)
Money = Literal["decimal", "float"]
MONEY: tuple[Money, ...] = ("decimal", "float")


@frozen
class Figures(Generic[R]):
    """One table of figures at (as of, known at).

    name     : of the document, as its schema is called ("performance")
    as_of    : the day; None where no day is asked
    known_at : id of the last entry known
    currency : of all amounts, ISO 4217; None where rows have several (each row says its own)
    rows     : the frozen records of the use case, one for each row of the frame and of the document; amounts in fen,
               what does not exist None or nan, with the reason beside it
    head     : what stands above the rows: text, numbers, ISO days, amounts as text of the main unit
    """

    name: str
    as_of: dt.date | None
    known_at: int
    currency: str | None
    rows: tuple[R, ...]
    head: Mapping[str, Any]
    _answer: Answer
    _language: str

    @classmethod
    def of(cls, answer: Answer, language: str) -> Figures[Any]:
        """The figures of a document that was filled in; each of its rows names the record it was made from."""
        document = answer.document
        head = {s.name: plain(s.figure, answer.head.get(s.name), language) for s in document.head_slots}
        records = tuple(row["record"] for row in answer.rows)
        stands = answer.as_of, answer.known_at, answer.unit
        return cls(document.name, *stands, records, head, answer, language)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def document(self) -> dict[str, Any]:
        """The JSON document that the command prints with `--json`."""
        return self._answer.json(self._language)

    def frame(self, money: Money = "decimal") -> pd.DataFrame:
        """The rows as a typed frame, a column for each column of the document.

        money : "decimal" gives exact `decimal.Decimal` amounts of the main unit (column of objects, None where there is
                none), "float" float64 (nan where there is none)

        Rates, shares and multiples are float64 with nan, counts Int64, flags boolean, texts string, days
        datetime64[s] with NaT. `<name>_reason` says why a figure is missing. `attrs` holds document, as_of, known_at,
        unit, money, what stands above the rows, whose the figures are and net or gross where all rows agree, and under
        "columns" what the register says of each column. Refused for another kind of money.
        """
        import pandas as pd

        if money not in MONEY:
            text = Text("decimal 或 float", "decimal or float")
            raise Refused([Problem("not_one_of", text, str(money), Where(field="money"))])
        answer, language = self._answer, self._language
        rows = [{**row, "currency": answer.currency_of(row)} for row in answer.rows]
        columns: dict[str, pd.Series[Any]] = {}
        for slot in answer.document.columns:
            values = [plain(slot.figure, row.get(slot.name), language) for row in rows]
            columns[slot.name] = pd.Series(*_typed(slot.figure, values, money))
            if slot.reason:
                reasons = [
                    (row.get("reasons") or {}).get(slot.name) if value is None else None
                    for row, value in zip(rows, values, strict=True)
                ]
                texts = [None if why is None else in_language(why, language) for why in reasons]
                columns[f"{slot.name}_reason"] = pd.Series(texts, dtype="string")
        frame = pd.DataFrame(columns)
        frame.attrs.update(
            {
                "document": self.name,
                "as_of": None if self.as_of is None else self.as_of.isoformat(),
                "known_at": self.known_at,
                "unit": self.currency,
                "money": money,
                **_perspective(rows),
                **self.head,
                "columns": {s.name: _declared(s.figure, language) for s in answer.document.columns},
            }
        )
        return frame


def _declared(figure: Figure, language: str) -> dict[str, str]:
    """What the register says of a figure."""
    whose = figure.perspective
    return {
        "figure": figure.name,
        "unit": figure.unit,
        "title": figure.text.of(language),
        "formula": "" if figure.formula is None else figure.formula.of(language),
        "whose": "" if whose is None else whose.whose,
        "basis": "" if whose is None else whose.basis or "",
    }


def _typed(figure: Figure, values: Sequence[Any], money: Money) -> tuple[list[Any], None, str]:
    """(values, index, dtype) of a column from its plain values; None is its missing value."""
    from decimal import Decimal

    match figure.kind:
        case "money" if money == "float":
            return [None if v is None else float(v) for v in values], None, "float64"
        case "money":
            return [None if v is None else Decimal(v) for v in values], None, "object"
        case "multiple" | "percent" | "number":
            return list(values), None, "float64"
        case "day":
            return list(values), None, "datetime64[s]"
        case "int":
            return list(values), None, "Int64"
        case "flag":
            return list(values), None, "boolean"
    return list(values), None, "string"


def _perspective(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Whose, and net or gross, where every row says the same."""
    fixed = {}
    for name in ("whose", "basis"):
        stated = {row[name] for row in rows if name in row}
        if len(stated) == 1 and None not in stated:
            fixed[name] = stated.pop()
    return fixed
