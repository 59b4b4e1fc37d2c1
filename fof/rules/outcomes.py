"""What a rule answers about one subject: verdict, sentence, the figures compared, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from models.frozen import frozen
from models.kinds import Word
from models.subjects import Subject
from models.text import Text

Value = int | Decimal | str | bool | dt.date | None
"""What an outcome shows: a number, a day, a word; None where it is missing."""


class Verdict(Word):
    """What a rule says about a subject. UNKNOWN is never a pass."""

    BREACH = "breach", "违反"
    UNKNOWN = "unknown", "无法判断"
    WARN = "warn", "提示"
    PASS = "pass", "通过"
    NOT_APPLICABLE = "not_applicable", "不适用"


SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
"""0 is worst; the order in which findings are listed."""


@frozen
class Item:
    """One line of the list behind a finding: a deal, a payment, a report."""

    code: str
    text: Text
    day: dt.date | None = None
    fen: int | None = None


@frozen
class Reading:
    """What the rule says under one way of reading it (GF-68: does a state company count as government?)."""

    text: Text
    measured: Value
    verdict: Verdict
    used: bool


_NO_INPUTS: Mapping[str, Value] = {}


class Outcome(NamedTuple):
    """What one rule says about one subject. A tuple, as is Finding: an audit makes as many as a book has postings.

    measured, threshold : the two figures compared, in `unit` (share, fen, days, months, years, count, multiple …)
    money               : fen at stake, None where the rule is not about an amount
    inputs              : every figure that was compared, by name
    since               : the first day of the state complained of, where it can be told
    subject             : set by office rules that speak about several subjects at once
    currency            : likewise, of the money; None: that of the subject
    lacking             : the conditions that are not met, or cannot be told; none where the rule is no list of conditions
    """

    verdict: Verdict
    text: Text
    measured: Value = None
    threshold: Value = None
    unit: str = ""
    money: int | None = None
    inputs: Mapping[str, Value] = _NO_INPUTS
    readings: tuple[Reading, ...] = ()
    items: tuple[Item, ...] = ()
    notes: tuple[Text, ...] = ()
    since: dt.date | None = None
    subject: Subject | None = None
    currency: str | None = None
    lacking: tuple[Test, ...] = ()


def missing(*what: Text, inputs: Mapping[str, Value] | None = None, money: int | None = None) -> Outcome:
    """UNKNOWN because inputs are missing; each is named in Chinese and English."""
    sentence = Text("、".join(w.zh for w in what), ", ".join(w.en for w in what))
    text = Text(f"缺少{sentence.zh}，无法判断", f"Missing: {sentence.en}; cannot be judged")
    return Outcome(
        Verdict.UNKNOWN, text, inputs=inputs or {}, money=money, lacking=tuple((None, w) for w in what)
    )


def not_applicable(text: Text) -> Outcome:
    """The rule does not bind this subject, and why."""
    return Outcome(Verdict.NOT_APPLICABLE, text)


def breach_unless(met: bool, otherwise: Verdict = Verdict.BREACH) -> Verdict:
    """PASS if kept, else BREACH (or the softer verdict given)."""
    return Verdict.PASS if met else otherwise


def judged(met: bool | None, otherwise: Verdict = Verdict.BREACH) -> Verdict:
    """PASS if kept, UNKNOWN if that cannot be told, else BREACH (or the softer verdict given)."""
    return Verdict.UNKNOWN if met is None else Verdict.PASS if met else otherwise


class Limb(NamedTuple):
    """One condition of several: kept or not (None where it cannot be told), its name in Chinese and English; the figures
    that it compares in `unit`, the fen that it concerns, and the first day on which it was not kept."""

    met: bool | None
    text: Text
    measured: Value = None
    threshold: Value = None
    unit: str = ""
    money: int | None = None
    since: dt.date | None = None


Test = tuple[bool | None, Text] | Limb
"""A condition with or without figures of its own."""


def checklist(
    tests: Sequence[Test],
    *,
    money: int | None = None,
    together: bool = False,
    failed: Verdict = Verdict.BREACH,
    inputs: Mapping[str, Value] | None = None,
    notes: tuple[Text, ...] = (),
) -> Outcome:
    """All conditions must hold. One that fails decides; else one that cannot be told makes it UNKNOWN.

    measured, threshold, money and since are those of the conditions that fail; where they have none, measured and threshold
    are the number of conditions kept and asked for, and money is what was given. Of several amounts the largest counts, as
    conditions mostly speak about the same money; `together`: they are added up.
    """
    broken: list[Test] = []
    open_ones: list[Test] = []
    for test in tests:
        if test[0] is False:
            broken.append(test)
        elif test[0] is None:
            open_ones.append(test)
    if broken:
        verdict, deciding, text = failed, broken, Text("不符合", "Not kept")
    elif open_ones:
        verdict, deciding, text = (
            Verdict.UNKNOWN,
            open_ones,
            Text("缺少依据，无法判断", "Missing, cannot be judged"),
        )
    else:
        verdict, deciding, text = Verdict.PASS, list(tests), Text("符合", "Kept")
    sentence = Text(
        f"{text.zh}：" + "；".join([test[1].zh for test in deciding]),
        f"{text.en}: " + "; ".join([test[1].en for test in deciding]),
    )
    met = len([test for test in tests if test[0]])
    if not broken:
        return Outcome(
            verdict,
            sentence,
            met,
            len(tests),
            "count",
            None,
            inputs or {},
            notes=notes,
            lacking=tuple(open_ones),
        )
    failing = [test for test in broken if isinstance(test, Limb)]
    measured = next((limb for limb in failing if limb.unit), None)
    amounts = [limb.money for limb in failing if limb.money is not None]
    days = [limb.since for limb in failing]
    return Outcome(
        verdict,
        sentence,
        measured.measured if measured else met,
        measured.threshold if measured else len(tests),
        measured.unit if measured else "count",
        (sum(amounts) if together else max(amounts)) if amounts else money,
        inputs or {},
        notes=notes,
        since=min((day for day in days if day is not None), default=None)
        if len(failing) == len(broken) and None not in days
        else None,
        lacking=(*broken, *open_ones),
    )
