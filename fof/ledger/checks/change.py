"""The book as the drafts would leave it: what they add and what their reversals take away."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from fof.errors import BadEntry, Problem
from fof.ledger.draft import Draft
from fof.ledger.journal_columns import (
    OPTIONAL,
    POSTING_COLUMNS,
    Postings,
    RowRecord,
    day_number,
    joined,
    no_postings,
)
from fof.ledger.registered_ids import AddressesThen
from fof.ledger.view import View
from models import rows as tables
from models.text import Text

PROBLEMS_AT_MOST = 200
"""Problems of one kind that are listed one by one; a wrong column would otherwise give a million."""


def problem(draft: Draft, code: str, text: Text, found: str | None = None) -> Problem:
    """A problem at the draft's place in its document."""
    return Problem(code, text, found, draft.source.where())


@dataclass
class Change:
    """What the drafts do to the book at the view (its head, all days).

    added   : postings of the drafts; entry holds the draft's number, so that a problem can be put at its source
    removed : postings of the entries that the drafts reverse, numbered likewise
    targets : entry id -> number of the draft that reverses it
    """

    view: View
    drafts: Sequence[Draft]
    added: Postings
    removed: Postings
    targets: dict[int, int]
    parties: dict[int, tuple[str, str]]
    facts: dict[tuple[int, str], list[tuple[int, str, int]]]
    """(party, name) -> (day, stored text, draft number) of each fact the drafts bring."""

    @cached_property
    def gone_facts(self) -> dict[tuple[int, str], int]:
        """(party, name) of the facts that reversed entries had brought -> the number of the reversing draft."""
        if not self.targets:
            return {}
        entries = {}
        for record in self.view.journal.rows("fact"):
            if record.entry in self.targets:
                row: tables.Fact = record.row  # type: ignore[assignment]
                if row.party is not None:
                    entries[row.party, row.name] = self.targets[record.entry]
        return entries

    def fact(self, party: int, name: str) -> str | None:
        """The latest value of an attribute after the change, as stored text."""
        history = [
            (r.day, r.row[3])
            for r in self.view.fact_records(party, name)
            if not self.targets or r.entry not in self.targets
        ]
        history += [(day, value) for day, value, _ in self.facts.get((party, name), [])]
        history.sort(key=itemgetter(0))  # stable: of one day the later entry, the drafts last
        return history[-1][1] if history else None

    def day_of(self, party: int, name: str) -> dt.date | None:
        """The latest value of an attribute that is a day. BadEntry where the book holds one that is none."""
        text = self.fact(party, name)
        try:
            return None if text is None else dt.date.fromisoformat(text)
        except ValueError as error:
            for record in self.view.fact_records(party, name):
                if record.row[3] == text:
                    raise BadEntry(record.entry, "fact", record.line) from error
            raise

    def restated(self, name: str) -> dict[int, int]:
        """Registered parties whose attribute the drafts set or take back -> the number of such a draft."""
        entries = {party: number for (party, n), number in self.gone_facts.items() if n == name}
        for (party, n), values in self.facts.items():
            if n == name and party in self.view.parties:
                entries[party] = values[-1][2]
        return entries

    def booked(self) -> Postings:
        """The live postings that stay."""
        postings = self.view.postings
        if not self.targets:
            return postings
        return postings.where(~np.isin(postings.entry, list(self.targets)))

    @cached_property
    def subjects(self) -> AddressesThen:
        """Kind and code of every registered subject of the book and of the drafts, by id."""
        rows = (row for draft in self.drafts for row in draft.rows if isinstance(row, tables.Identity))
        return AddressesThen(self.view.subjects, {row.id: (row.kind, row.code) for row in rows})

    def kind(self, party: int) -> str | None:
        """The kind of a party of the book or of the drafts; None for one that is neither."""
        if party in self.parties:
            return self.parties[party][1]
        return self.view.parties[party].kind if party in self.view.parties else None

    def name(self, party: int) -> str:
        """For messages: name or code."""
        if party in self.parties:
            return self.fact(party, "name") or self.parties[party][0]
        return self.view.name(party) if party in self.view.parties else str(party)


def gather(view: View, drafts: Sequence[Draft]) -> tuple[Change, list[Problem]]:
    """The change, and what is wrong with its numbers, its reversals and its new codes."""
    problems: list[Problem] = []
    codes: set[tuple[str, str]] = set()
    for draft in drafts:
        for row in draft.rows:
            if isinstance(row, tables.Party):
                code, taken = ("party", row.code), row.code in view.by_code
            elif isinstance(row, tables.Identity):
                code, taken = (row.kind, row.code), (row.kind, row.code) in view.subject_ids
            else:
                continue
            if taken or code in codes:
                problems.append(
                    problem(draft, "duplicate_code", Text("代码已被使用", "the code is taken"), row.code)
                )
            codes.add(code)
    added = _added(drafts, problems)
    targets, removed = _removed(view, drafts, problems)
    return Change(view, drafts, added, removed, targets, *facts_and_parties(drafts)), problems


def facts_and_parties(
    drafts: Sequence[Draft],
) -> tuple[dict[int, tuple[str, str]], dict[tuple[int, str], list[tuple[int, str, int]]]]:
    """The parties and the facts about parties that drafts bring, as a change holds them."""
    parties: dict[int, tuple[str, str]] = {}
    facts: dict[tuple[int, str], list[tuple[int, str, int]]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        for row in draft.rows:
            if isinstance(row, tables.Party):
                parties[row.id] = (row.code, row.kind)
            elif isinstance(row, tables.Fact) and row.party is not None:
                facts[row.party, row.name].append((day_number(draft.effective_on), row.value, number))
    return parties, facts


def _added(drafts: Sequence[Draft], problems: list[Problem]) -> Postings:
    rows = list(chain.from_iterable([draft.postings for draft in drafts]))
    if not rows:
        return no_postings()
    counts = np.array([len(draft.postings) for draft in drafts])
    number = np.repeat(np.arange(len(drafts), dtype=np.int32), counts)
    line = np.arange(1, len(rows) + 1) - np.repeat(np.cumsum(counts) - counts, counts)
    columns: list[npt.NDArray[Any]] = [number, line.astype(np.int32)]
    for place, (name, kind) in enumerate(POSTING_COLUMNS[2:]):
        values = list(map(itemgetter(place), rows))
        column = _column(values, kind, optional=name in OPTIONAL)
        if column is None:
            problems += _not_whole(values, kind, name, [drafts[n] for n in number.tolist()])
            column = np.zeros(len(rows), kind)
        columns.append(column)
    days = np.array([day_number(draft.effective_on) for draft in drafts], np.int32)
    return Postings.of([*columns, days[number]])


def _column(values: list[Any], kind: Any, *, optional: bool) -> npt.NDArray[Any] | None:
    """Values as a column, -1 where missing; None unless every one is a whole number above zero that fits."""
    missing = values.count(None) if optional else 0
    if missing == len(values):
        return np.full(len(values), -1, kind)
    given = [v for v in values if v is not None] if missing else values
    try:
        numbers = np.array(given)
    except (TypeError, ValueError, OverflowError):
        return None
    if numbers.dtype != np.int64 or numbers.min() <= 0 or numbers.max() > np.iinfo(kind).max:
        return None
    if not missing:
        return numbers.astype(kind)
    column = np.full(len(values), -1, kind)
    column[np.array([v is not None for v in values])] = numbers
    return column


def _not_whole(values: list[Any], kind: Any, name: str, drafts: list[Draft]) -> Iterator[Problem]:
    """What `_column` could not take, one by one."""
    highest = int(np.iinfo(kind).max)
    count = 0
    for draft, value in zip(drafts, values, strict=True):
        whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= highest
        if whole or (value is None and name in OPTIONAL):
            continue
        text = (
            Text("金额须大于零", "an amount above zero")
            if name == "fen" and isinstance(value, int) and value <= 0
            else Text(f"{name}：应为正整数", f"{name}: a whole number above zero")
        )
        yield problem(draft, "not_whole", text, str(value))
        count += 1
        if count == PROBLEMS_AT_MOST:
            return


def _removed(view: View, drafts: Sequence[Draft], problems: list[Problem]) -> tuple[dict[int, int], Postings]:
    targets: dict[int, int] = {}
    blocks: list[Postings] = []
    columns = view.columns
    for number, draft in enumerate(drafts):
        target = draft.reverses
        if target is None:
            continue
        text = str(target)
        if not 0 < target <= view.known_at:
            problems.append(problem(draft, "unknown_entry", Text("没有此分录", "no such entry"), text))
        elif (
            columns.reversed_by[target] <= view.known_at
        ):  # of what came later `verify` knows, a booking then did not
            by = int(columns.reversed_by[target])
            sentence = Text(f"该分录已被分录 {by} 冲销", f"entry {by} reverses it already")
            problems.append(problem(draft, "reversed_already", sentence, text))
        elif target in targets:
            sentence = Text("本次请求两次冲销同一分录", "reversed twice in one request")
            problems.append(problem(draft, "reversed_already", sentence, text))
        elif bool((columns.reversed_by == target).any()):
            sentence = Text("冲销分录不能再冲销，请重新入账", "book anew instead of reversing a reversal")
            problems.append(problem(draft, "reversal_of_reversal", sentence, text))
        else:
            targets[target] = number
            rows = columns.postings.of_entry(target)
            blocks.append(replace(rows, entry=np.full(len(rows), number, np.int32)))
    return targets, joined(blocks)


def records_of(view: View, table: str, entries: Sequence[int]) -> list[RowRecord]:
    """The rows of a small table that some entries brought."""
    wanted = set(entries)
    return [r for r in view.journal.rows(table) if r.entry in wanted] if wanted else []
