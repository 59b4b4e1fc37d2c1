"""Which code was probably meant by a text that is none: a hint for the person who mends the file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from fof.importers.tables import Table
from fof.importers.units import plain
from fof.ledger import View
from models.kinds import PartyKind
from models.text import NO_TEXT, Text

REGISTERS = frozenset({"parties", "funds", "companies"})
"""Layouts that give parties their names."""


class Meant:
    """Names and codes of the book (ever held) and of the file, looked up when the first unknown code is met."""

    def __init__(
        self, view: View, tables: Sequence[Table], parties: Mapping[str, tuple[int, PartyKind]]
    ) -> None:
        self._view, self._tables, self._parties = view, tables, parties
        self._folded: dict[str, str] | None = None
        self._named: dict[str, list[str]] | None = None

    def hint(self, text: str) -> Text:
        """What to say behind “no such code”, in Chinese and English: the code of a party of this name or credit code, else
        the one spelt most alike; empty where neither is there.
        """
        if named := self._codes().get(plain(text).casefold()):
            listed = "、".join(named[:3])
            return Text(
                f"；“{text}”是 {listed} 的名称，此列应填编号",
                f"; {text!r} is the name of {listed}, put the code here",
            )
        if self._folded is None:
            self._folded = {known.casefold(): known for known in self._parties}
        if near := difflib.get_close_matches(text.casefold(), self._folded, 1, 0.6):
            likely = self._folded[near[0]]
            return Text(f"，是否为 {likely}", f", perhaps {likely}")
        return NO_TEXT

    def _codes(self) -> dict[str, list[str]]:
        if self._named is None:
            self._named = {}
            for party in self._view.parties.values():
                for name in ("name", "uscc"):
                    for known in self._view.history(party.id, name):
                        self._add(self._named, str(known.value), party.code)
            for table in self._tables:
                for row in table.rows if table.layout.name in REGISTERS else ():
                    for name in ("name", "uscc"):
                        if row[name] is not None:
                            self._add(self._named, str(row[name]), str(row["code"]))
        return self._named

    @staticmethod
    def _add(named: dict[str, list[str]], text: str, code: str) -> None:
        codes = named.setdefault(plain(text).casefold(), [])
        if code not in codes:
            codes.append(code)
