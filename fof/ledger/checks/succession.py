"""A fund has one successor at a time, and none of its own successors is among those it succeeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from fof.errors import Problem
from fof.grouping import by_key
from fof.ledger.checks.change import Change, problem
from fof.ledger.journal_columns import to_date
from models.facts import FACTS
from models.text import Text

NAME = "successor_of"


class StatedSuccession(NamedTuple):
    """What a party is said to succeed from a day on (day number): codes; of one day the later entry counts."""

    party: int
    day: int
    formers: tuple[str, ...]


class SuccessionConflict(NamedTuple):
    """A code that several parties are said to succeed on a day, or that succeeds itself by way of others."""

    former: str
    day: int
    parties: tuple[int, ...]


def conflicts(stated: Iterable[StatedSuccession], codes: Mapping[int, str]) -> Iterator[SuccessionConflict]:
    """The first day of each conflict. stated: every statement, of one party and day in the order of their entries."""
    by_party = by_key(stated, lambda one: one.party)
    for own in by_party.values():
        own.sort(key=lambda s: s.day)
    reported: set[str] = set()
    for day in sorted({s.day for own in by_party.values() for s in own}):
        in_force = {p: _in_force(own, day) for p, own in by_party.items()}
        heirs: dict[str, list[int]] = defaultdict(list)
        for party, formers in in_force.items():
            for code in formers:
                heirs[code].append(party)
        for code, parties in sorted(heirs.items()):
            circle = len(parties) == 1 and _returns(code, heirs, codes)
            if code not in reported and (len(parties) > 1 or circle):
                reported.add(code)
                yield SuccessionConflict(code, day, tuple(sorted(parties)))


def _in_force(own: list[StatedSuccession], day: int) -> tuple[str, ...]:
    latest: tuple[str, ...] = ()
    for one in own:
        if one.day <= day:
            latest = one.formers
    return latest


def _returns(code: str, heirs: Mapping[str, list[int]], codes: Mapping[int, str]) -> bool:
    """Whether the successors of a code lead back to it."""
    seen: set[str] = set()
    here = code
    while len(heirs.get(here, ())) == 1 and here not in seen:
        seen.add(here)
        here = codes[heirs[here][0]]
    return here == code


def successions(change: Change) -> Iterator[Problem]:
    """What the drafts state, against all of the book; what the book held before is not judged again."""
    touched = {party: values[-1][2] for (party, name), values in change.facts.items() if name == NAME}
    touched |= change.restated(NAME)
    if not touched:
        return
    parse = FACTS[NAME].parse
    stated: list[StatedSuccession] = []
    for party in {*change.view.parties, *change.parties}:
        history = [
            (r.day, r.row[3])
            for r in (change.view.fact_records(party, NAME) if party in change.view.parties else ())
            if r.entry not in change.targets
        ]
        history += [(day, value) for day, value, _ in change.facts.get((party, NAME), [])]
        stated += [StatedSuccession(party, day, parse(value)) for day, value in history]  # type: ignore[arg-type]
    codes = {p: record.code for p, record in change.view.parties.items()}
    codes |= {p: code for p, (code, _) in change.parties.items()}
    for conflict in conflicts(stated, codes):
        own = [p for p in conflict.parties if p in touched]
        if not own:
            continue
        draft, day = change.drafts[touched[own[-1]]], to_date(conflict.day)
        names = [change.name(p) for p in conflict.parties]
        if len(names) > 1:
            text = Text(
                f"{conflict.former} 在 {day} 只能有一个承继方，不能同时由{'、'.join(names)}承继",
                f"{conflict.former} can have one successor on {day}, not {' and '.join(names)}",
            )
        else:
            text = Text(
                f"{conflict.former} 的承继不得成环（{day}）",
                f"the succession of {conflict.former} must not run in a circle ({day})",
            )
        yield problem(
            draft, "two_successors" if len(names) > 1 else "succession_cycle", text, conflict.former
        )
