"""The plan of a file under the making: who is who, what is booked already, what is wrong and where."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fof.book.entries import CARRIED
from fof.errors import Problem
from fof.importers.cells import Amount, Value
from fof.importers.columns import CellType, Column
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.meant import REGISTERS, Meant
from fof.ledger import Already, BookedKey, Draft, Ids, Plan, Source, View
from fof.ledger.registered_ids import SubjectIdsThen
from models.facts import FACTS, SUBJECT_FACTS, FactType
from models.journal import Fact, Party, Posting
from models.journal import Row as JournalRow
from models.kinds import FUND_KINDS, EntryKind, PartyKind
from models.money import DEFAULT_CURRENCY, yuan_text
from models.posting_kinds import PostingKind
from models.subjects import end_of
from models.text import NO_TEXT, Text

MOST_PROBLEMS = 5_000
"""Problems of a plan that are listed; the rest are counted."""
_HINTED = 20
"""Unknown codes for which the nearest known one is looked up: a hint, not worth more time."""


_REGISTERS = REGISTERS | {"attributes"}
_PAIRS = frozenset({"commitments", "capital_calls", "payments", "distributions"})
_SPOILT_BY = {
    "before_inception": _REGISTERS,
    "currency": _REGISTERS,
    "ownership_cycle": frozenset({"edges", "deals"}),
    "shares_above_one": frozenset({"edges"}),
    "committed_below_zero": frozenset({"commitments"}),
    "unfunded_below_zero": _REGISTERS | _PAIRS,
    "call_over_unfunded": _REGISTERS | _PAIRS,
    **dict.fromkeys(("fund_absorbed", "fund_closed", "promised_after_closing"), _REGISTERS | _PAIRS),
    "paid_in_below_zero": _PAIRS,
    "distributed_below_zero": _PAIRS,
    "cash_below_zero": _REGISTERS | _PAIRS | {"deals", "fund_cash"},
}
_SPOILT_BY = {code: layouts | {"movements"} for code, layouts in _SPOILT_BY.items()}
"""What the ledger finds → layouts of which a row that could not be planned might have prevented it."""


_PARTY_COLUMNS = frozenset(
    {"fund", "investor", "company", "holder", "counterparty", "buyer", "owner", "owned", "payer", "payee"}
)


class Assumed(NamedTuple):
    """A statement that was not booked again, because the book says the same since an earlier day."""

    subject: Any
    fact: Fact
    day: dt.date
    since: dt.date
    table: Table
    row: TypedRow


class Planning:
    """Everything a layout's plan needs: the book as it stands, codes the file creates, drafts so far.

    parties  code → (id, kind) of the book and of this plan
    currencies  party id → (day, currency) stated by this plan
    deals    code → id of the book and of this plan
    subjects (kind, code) → id of the registered subjects of the book and of this plan
    stated   (subject, attribute, day) → stored text and row, of every attribute in this file
    assumed  statements left out because they hold already; see fof.intake.attributes.settle
    wrong    names of the layouts with a problem; untold: problems beyond those listed
    repeated rows that state what the book holds, with the entry that holds it
    unreferenced  keys made of a row's content, because it has no reference
    """

    def __init__(self, view: View, ids: Ids, tables: Sequence[Table]) -> None:
        self.view, self.ids, self.tables = view, ids, tables
        self.parties: dict[str, tuple[int, PartyKind]] = {
            p.code: (p.id, p.kind) for p in view.parties.values()
        }
        self._kinds: dict[int, PartyKind] = {}
        self.currencies: dict[int, list[tuple[dt.date, str]]] = {}
        self.drafts: list[Draft] = []
        self.already: list[Already] = []
        self.repeated: list[tuple[Table, TypedRow, int]] = []
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.wrong = {t.layout.name for t in tables if t.problems}
        self.untold = 0
        self.stated: dict[tuple[object, str, dt.date], tuple[str, TypedRow]] = {}
        self.deals: dict[str, int] = {d.row.code: d.row.id for d in view.deals}
        self.subjects = SubjectIdsThen(view.subject_ids)
        self._keys: dict[str, Draft] = {}
        self._occurrence: Counter[str] = Counter()
        self._unknown: set[str] = set()
        self._meant = Meant(view, tables, self.parties)
        self.assumed: list[Assumed] = []
        self.unreferenced: set[str] = set()
        self._contents: dict[str, tuple[str, int]] = {}
        self._broken = {row["code"] for t in tables for row in t.failed if row["code"] is not None}

    def plan(self) -> Plan:
        """What the ledger takes."""
        certain = {code for code, layouts in _SPOILT_BY.items() if not layouts & self.wrong}
        return Plan(self.drafts, self.problems, self.already, frozenset(certain))

    # -- reporting ------------------------------------------------------------------------------------------------

    def met(self, problems: Iterable[Problem]) -> None:
        """Problems of drafts, each with its field under the name that its file gives it."""
        for problem in problems:
            for table in self.tables:
                problem = table.placed(problem)
            self.problems.append(problem)

    @property
    def wrong_cells(self) -> int:
        """How many problems were met so far, listed or not."""
        return len(self.problems) + self.untold

    def problem(
        self, table: Table, row: TypedRow, column: str | None, code: str, text: Text, found: object = None
    ) -> None:
        """Something wrong at a cell."""
        self.wrong.add(table.layout.name)
        if len(self.problems) >= MOST_PROBLEMS:
            self.untold += 1
            return
        quoted = None if found is None else str(found)
        self.problems.append(Problem(code, text, quoted, table.where(row.number, column)))

    def warn(
        self, table: Table, row: TypedRow, column: str | None, code: str, text: Text, found: object = None
    ) -> None:
        """Something to look at before booking."""
        quoted = None if found is None else str(found)
        self.warnings.append(Problem(code, text, quoted, table.where(row.number, column)))

    # -- who is who -----------------------------------------------------------------------------------------------

    def register(self, code: str, kind: PartyKind) -> int:
        """An id for a party this plan creates."""
        number = self.ids.party()
        self.parties[code] = (number, kind)
        self._kinds[number] = kind
        return number

    def party(self, table: Table, row: TypedRow, column: str) -> int | None:
        """The party a cell names; None (and a problem) where there is none, None where the cell is blank."""
        code = row.text(column)
        if code is None:
            return None
        if (creation := table.creates.get(column)) is not None:
            code = creation.code_prefix + code
        return self.parties[code][0] if self.known(table, row, column, code) else None

    def deal(self, table: Table, row: TypedRow, column: str) -> int | None:
        """The deal a cell names; None (and a problem) where there is none, None where the cell is blank."""
        code = row.text(column)
        deal = None if code is None else self.deals.get(code)
        if code is not None and deal is None and not self.refused(code):
            text = Text("账中及本文件中没有此交易编号", "no deal of this code in the book or in this file")
            self.problem(table, row, column, "unknown_deal", text, code)
        return deal

    def known(self, table: Table, row: TypedRow, column: str, code: str) -> bool:
        """Whether a code is a party's; a problem where it is not, unless its own row is refused already."""
        if code not in self.parties and code not in self._broken:
            self._say_unknown(table, row, column, code)
        return code in self.parties

    def look_at_failed(self, table: Table) -> None:
        """Unknown codes in rows that could not be read for another reason: told now, not after that is mended."""
        named = [c.name for c in table.layout.columns if _names_a_party(c) and c.name not in table.creates]
        for row in table.failed:
            for column in named:
                value = row[column]
                for code in value if isinstance(value, tuple) else (value,):
                    if code is not None:
                        self.known(table, row, column, code)

    def refused(self, code: str) -> bool:
        """Whether a row that creates this code is in the file but could not be read."""
        return code in self._broken

    def _say_unknown(self, table: Table, row: TypedRow, column: str, code: str) -> None:
        hint = self._meant.hint(code) if len(self._unknown) < _HINTED else NO_TEXT
        self._unknown.add(code)
        self.problem(
            table,
            row,
            column,
            "unknown_party",
            Text(
                f"账中及本文件中没有此编号{hint.zh}",
                f"no party of this code in the book or in this file{hint.en}",
            ),
            code,
        )

    def fund(
        self,
        table: Table,
        row: TypedRow,
        column: str = "fund",
        kinds: Collection[PartyKind] = FUND_KINDS,
    ) -> int | None:
        """The party a cell names, if it takes commitments, or is of the kinds that are named instead."""
        number = self.party(table, row, column)
        if number is None:
            return None
        kind = self.kind(number)
        if kind not in kinds:
            self.problem(
                table,
                row,
                column,
                "not_a_fund",
                Text("应为基金的编号", "the code of a fund expected")
                if kinds is FUND_KINDS
                else Text(
                    "应为基金或国有创投机构的编号", "the code of a fund or a state venture institution"
                ),
                kind.value,
            )
            return None
        return number

    def kind(self, party: int) -> PartyKind:
        """The kind of a party of the book or the plan."""
        known = self.view.parties.get(party)
        return known.kind if known else self._kinds[party]

    def currency(self, party: int) -> str | None:
        """The currency a party states, None where it states none."""
        stated = self.currencies.get(party)
        return max(stated)[1] if stated else self.view.fact(party, "currency")

    def in_currency(self, table: Table, row: TypedRow, column: str, party: int) -> None:
        """A problem unless the amount is in the party's currency."""
        amount = row[column]
        if not isinstance(amount, Amount):
            return
        wanted = self.currency(party) or DEFAULT_CURRENCY
        if amount.currency != wanted:
            self.problem(
                table,
                row,
                column,
                "currency",
                Text(f"须为 {wanted}，币种不能混用", f"{wanted} required; currencies are never mixed"),
                amount.currency,
            )

    # -- drafts ---------------------------------------------------------------------------------------------------

    def source(self, table: Table, row: TypedRow) -> Source:
        """The document behind an entry: this file at this row; in an export, what the row says it was read from first."""
        first = row.text("source")
        name = table.file if first is None else first + CARRIED
        return Source(table.digest, name, table.sheet or None, row.number)

    def occurrence(self, stem: str) -> int:
        """How often this content has come in this file so far, from 1: two equal rows are two rows."""
        self._occurrence[stem] += 1
        return self._occurrence[stem]

    def by_content(
        self, table: Table, row: TypedRow, kind: str, stated: Mapping[str, Value]
    ) -> tuple[str, bytes]:
        """Key and digest of a row that has no reference of its own. The same row on two sheets is a problem: a copied sheet."""
        digest = keys.content(stated)
        stem = keys.key(kind, digest.hex()[:32])
        sheet, number = self._contents.setdefault(stem, (table.sheet, row.number))
        if sheet != table.sheet:
            text = Text(
                f"与工作表“{sheet}”第 {number} 行完全相同；若确为两笔，请填写编号以示区别",
                f"the same as row {number} of sheet {sheet!r}; if these are two, give each a reference",
            )
            self.problem(table, row, None, "repeated", text)
        key = keys.key(kind, digest.hex()[:32], self.occurrence(stem))
        self.unreferenced.add(key)
        return key, digest

    def free_keys(self, key_of: Callable[[int], str]) -> Iterator[str]:
        """The keys of one identity that the book does not hold: key_of(1) for its first occurrence, key_of(2) and so on."""
        number = 0
        while True:
            number += 1
            if self.live(key_of(number)) is None:
                yield key_of(number)

    def held_keys(self, key_of: Callable[[int], str]) -> dict[str, BookedKey]:
        """The keys of one identity that the book holds, by occurrence."""
        held: dict[str, BookedKey] = {}
        number = 1
        while self.view.booked(key := key_of(number)) is not None:
            if (booked := self.live(key)) is not None:
                held[key] = booked
            number += 1
        return held

    def add(
        self,
        table: Table,
        row: TypedRow,
        kind: EntryKind,
        day: dt.date,
        key: str,
        request: bytes,
        *,
        postings: Sequence[Posting] = (),
        rows: Sequence[JournalRow] = (),
        note: str | None = None,
        column: str | None = None,
    ) -> bool:
        """Put an entry into the plan, unless the book holds it; True where it is new.

        A key whose entry was reversed is used again under the next revision. The same key with other content is a
        problem at `column`.
        """
        draft = Draft(kind, day, key, request, list(postings), list(rows), self.source(table, row), note)
        if (first := self._keys.get(key)) is not None:
            self.problem(
                table,
                row,
                column,
                "repeated",
                Text(
                    f"与本文件第 {first.source.row} 行重复",
                    f"the same as row {first.source.row} of this file",
                ),
                key,
            )
            return False
        self._keys[key] = draft
        taken_back = None
        revision = 1
        while (booked := self.view.booked(draft.key)) is not None:
            if booked.reversed_by is None:
                self._booked_before(table, row, column, draft, booked)
                return False
            taken_back = booked
            revision += 1
            draft.key = keys.revision_of(key, revision)
        if taken_back is not None and taken_back.request == request:
            self.warn(
                table,
                row,
                column,
                "was_reversed",
                Text(
                    f"分录 {taken_back.entry} 曾登记此内容并已被分录 {taken_back.reversed_by} 冲销，将重新登记",
                    f"entry {taken_back.entry} booked this and entry {taken_back.reversed_by} reversed it; it is booked again",
                ),
            )
        self.drafts.append(draft)
        return True

    def _booked_before(
        self, table: Table, row: TypedRow, column: str | None, draft: Draft, booked: BookedKey
    ) -> None:
        if booked.request == draft.request:
            self.held(draft.key, booked.entry, table, row)
            return
        self.problem(
            table,
            row,
            column,
            "booked_otherwise",
            Text(
                f"分录 {booked.entry} 已登记同一编号的不同内容；若本行是更正，须先冲销该分录，若为另一笔，请填写编号以示区别",
                f"booked as entry {booked.entry} with other content; reverse it first if this corrects it, give this row a "
                "reference of its own if it is another one",
            ),
            draft.key,
        )

    def live(self, key: str) -> BookedKey | None:
        """What a key is booked for, under whichever revision is not reversed; None where nothing is."""
        return keys.live(self.view, key)

    def held(self, key: str, entry: int, table: Table, row: TypedRow) -> None:
        """Note something the book states already: it is not booked again, and the row that states it is named."""
        self.already.append(Already(key, entry))
        self.repeated.append((table, row, entry))

    def new_party(self, table: Table, row: TypedRow, code: str, kind: PartyKind, day: dt.date) -> int:
        """Register a party: an entry of its own, so that what is said of it can be taken back without it."""
        number = self.register(code, kind)
        self.add(
            table,
            row,
            EntryKind.PARTIES,
            day,
            keys.key("party", code),
            keys.content({"code": code, "kind": kind}),
            rows=[Party(number, code, kind.value)],
            column="code",
        )
        return number


def _names_a_party(column: Column) -> bool:
    """Whether the cells of a column are codes of parties that must be known."""
    spec = FACTS.get(column.fact or "") or SUBJECT_FACTS.get(column.fact or "")
    if column.role is not None:
        return end_of(column.role) == "party"
    if spec is not None:
        return spec.kind is FactType.PARTY or spec.name == "successor_of"
    return column.cell is CellType.CODE and column.name in _PARTY_COLUMNS


def posting(
    kind: PostingKind, payer: int, payee: int, fen: int, fund: int | None, deal: int | None = None
) -> Posting:
    """A posting of a fund."""
    return Posting(int(kind), payer, payee, fund, deal, None, fen)


def adds_up(planning: Planning, rows: Sequence[tuple[Table, TypedRow]], sums: Sequence[int]) -> bool:
    """Whether the parts of a notice add up to the total its rows state; a problem where they do not.

    sums : fen of each row's components. Not judged where a row of a table could not be read: its part is missing.
    """
    stated = [(table, row, fen) for table, row in rows if (fen := row.fen("notice_total")) is not None]
    if not stated or any(table.failed for table, _ in rows):
        return True
    good = True
    whole = yuan_text(sum(sums))
    for table, row, fen in stated:
        if fen != sum(sums):
            text = Text(
                f"须等于本通知各出资人金额之和 {whole}", f"the sum over the investors of the notice, {whole}"
            )
            planning.problem(table, row, "notice_total", "allocation_differs", text, yuan_text(fen))
            good = False
    return good
