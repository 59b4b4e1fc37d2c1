"""Figures as a program takes them: frozen rows, the document of the command, a typed pandas frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from fof.cli.fields import Document, Field, plain, to_json
from fof.errors import Problem, Refused, Where

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", covariant=True)
Money = Literal["decimal", "float"]
MONEY: tuple[Money, ...] = ("decimal", "float")


@dataclass(frozen=True, slots=True)
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
    _made: Document
    _language: str

    @classmethod
    def of(cls, document: Document, language: str) -> Figures[Any]:
        """The figures of a document; each of its rows names the record it was made from."""
        head = {f.name: plain(f.kind, document.head.get(f.name)) for f in document.spec.head}
        records = tuple(row["record"] for row in document.rows)
        known_at, unit = document.known_at, document.unit
        return cls(document.spec.name, document.as_of, known_at, unit, records, head, document, language)

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def document(self) -> dict[str, Any]:
        """The JSON document that the command prints with `--json`."""
        return to_json(self._made, self._language)

    def frame(self, money: Money = "decimal") -> pd.DataFrame:
        """The rows as a typed frame, a column for each column of the document.

        money : "decimal" gives exact `decimal.Decimal` amounts of the main unit (column of objects, None where there is
                none), "float" float64 (nan where there is none)

        Rates, shares and multiples are float64 with nan, counts Int64, flags boolean, texts string, days
        datetime64[s] with NaT. `<name>_reason` says why a figure is missing. `attrs` holds figure, as_of, known_at,
        unit, money, what stands above the rows, whose the figures are and net or gross where all rows agree, and under
        "columns" each column's kind, unit and words. Refused for another kind of money.
        """
        import pandas as pd

        if money not in MONEY:
            zh, en = "decimal 或 float", "decimal or float"
            raise Refused([Problem("not_one_of", zh, en, str(money), Where(field="money"))])
        document, chinese = self._made, self._language == "zh"
        rows = [{**row, "currency": document.currency_of(row)} for row in document.rows]
        columns: dict[str, pd.Series[Any]] = {}
        for f in document.spec.columns:
            columns[f.name] = pd.Series(*_typed(f, [row.get(f.name) for row in rows], money))
            if f.reason:
                texts = [_reason(row, f.name, columns[f.name].isna().iloc[n]) for n, row in enumerate(rows)]
                said = [None if t is None else (t.zh if chinese else t.en) for t in texts]
                columns[f"{f.name}_reason"] = pd.Series(said, dtype="string")
        found = pd.DataFrame(columns)
        attrs: dict[Hashable, Any] = {
            "figure": self.name,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "known_at": self.known_at,
            "unit": self.currency,
            "money": money,
            "columns": {f.name: _words(f, chinese) for f in document.spec.columns},
        }
        attrs.update({**self.head, **_perspective(rows)})
        found.attrs = attrs
        return found


_UNITS = {"money": "currency", "multiple": "times", "percent": "share (0.08 is 8 %)", "day": "ISO day"}


def _words(f: Field, chinese: bool) -> dict[str, str]:
    return {
        "kind": f.kind,
        "unit": _UNITS.get(f.kind, ""),
        "title": f.zh if chinese else f.en,
        "help": f.help,
    }


def _typed(f: Field, values: Sequence[Any], money: Money) -> tuple[list[Any], None, str]:
    """(values, index, dtype) of a column; nan and None are its missing value."""
    from decimal import Decimal

    known = [None if plain(f.kind, v) is None else v for v in values]
    if f.kind == "money":
        if money == "float":
            return [None if v is None else int(v) / 100 for v in known], None, "float64"
        return [None if v is None else Decimal(int(v)).scaleb(-2) for v in known], None, "object"
    if f.kind in ("multiple", "percent", "number"):
        return [None if v is None else float(v) for v in known], None, "float64"
    if f.kind == "day":
        return known, None, "datetime64[s]"
    as_plain = [plain(f.kind, v) for v in known]
    return as_plain, None, {"int": "Int64", "flag": "boolean"}.get(f.kind, "string")


def _reason(row: Mapping[str, Any], name: str, missing: bool) -> Any:
    return (row.get("reasons") or {}).get(name) if missing else None


def _perspective(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Whose, and net or gross, where every row says the same."""
    found = {}
    for name in ("whose", "basis"):
        stated = {row[name] for row in rows if name in row}
        if len(stated) == 1 and None not in stated:
            found[name] = stated.pop()
    return found
