"""Weights, marks, the bonus and scales asked for: checked whole, tried on a scorecard, and booked as one entry.

A request is checked in one pass, by the same function before it is booked and while it is booked: a fund that the
book does not have, no document, and everything wrong with the values come together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from fof import ledger
from fof.access import Actor
from fof.audit.auditor import auditor_of
from fof.audit.field_problems import field_problem
from fof.book import late
from fof.db import Database
from fof.errors import Problem
from fof.evaluation.indicators import BLOCKS, BY_NAME, Block
from fof.evaluation.weights import BONUS, PREFIX, WEIGHT, Trial, weight_problems, weights_on
from fof.importers.units import plain
from fof.ledger import Booked, Draft, Ids, Plan, Planner, View, request_digest
from models import journal as tables
from models.frozen import frozen
from models.kinds import FUND_KINDS, EntryKind
from models.subjects import address_of
from models.text import Text

_SHARE_MOST = 10
"""Ends of a scale for a share beyond this are percentages typed without their sign."""


@frozen
class Request:
    """Settings asked for: what would stand (`trial`), and what is wrong with the values, in a view."""

    trial: Trial
    wrong: Callable[[View], list[Problem]]

    def problems(self, view: View) -> list[Problem]:
        """Everything wrong with it, in the book as the view has it; nothing is written."""
        trial, problems = self.trial, []
        party = None if trial.fund is None else view.by_code.get(trial.fund)
        if trial.fund is not None and (party is None or party.kind not in FUND_KINDS):
            problems.append(
                field_problem(
                    "unknown_fund", Text("账中的基金编号", "code of a fund in the book"), trial.fund, "fund"
                )
            )
        if not trial.document.strip():
            problems.append(
                field_problem(
                    "document_missing", Text("必须注明依据文件", "a document it rests on"), None, "evidence"
                )
            )
        return problems + self.wrong(view)


def weights_request(fund: str | None, points: Mapping[str, str], day: dt.date, document: str) -> Request:
    """The three weights together, in points of 100, for a fund or the office (None), from a day on.

    Problems: a weight that is missing, no number, or outside its band; a sum other than 100.
    """
    read = {block: _read(points[block]) for block in BLOCKS if block in points}

    def wrong(view: View) -> list[Problem]:
        bad = [
            field_problem(
                "bad_number",
                Text(f"{BLOCKS[block][0]}权重为一个数", f"weight of {BLOCKS[block][1]}: a number"),
                points[block],
                block,
            )
            for block, number in read.items()
            if number is None
        ]
        good: dict[Block, Decimal] = {block: n for block, n in read.items() if n is not None}
        named_fields = {p.where.field for p in bad if p.where is not None}
        rest = weight_problems(good, auditor_of(view).settings, day, fund)
        return bad + [p for p in rest if p.where is None or p.where.field not in named_fields]

    named = {WEIGHT + block: _plain_number(points[block]) for block in BLOCKS if block in points}
    return Request(Trial(fund, named, day, document.strip()), wrong)


def mark_request(fund: str, indicator: str, value: str, day: dt.date, document: str) -> Request:
    """What an asked-for indicator is given: a mark from 0 to 1 of full points; or the bonus, in points.

    Problems: an indicator that the book computes, or that does not exist; a mark outside 0 to 1, a bonus outside its
    limit.
    """

    def wrong(view: View) -> list[Problem]:
        most: Decimal | None = Decimal(1)
        if indicator == BONUS:
            most = weights_on(auditor_of(view).settings, day, fund).bonus_max
        elif indicator not in BY_NAME or BY_NAME[indicator].measure is not None:
            text = Text("须人工填报的指标名", "an indicator that is asked for")
            return [field_problem("not_asked_for", text, indicator, "indicator")]
        number = _read(value)
        if most is None or number is None or not 0 <= number <= most:
            return [
                field_problem(
                    "bad_mark", Text(f"分值为 0 至 {most} 的数", f"a mark from 0 to {most}"), value, "mark"
                )
            ]
        return []

    return Request(Trial(fund, {PREFIX + indicator: _plain_number(value)}, day, document.strip()), wrong)


def scale_request(
    fund: str | None, indicator: str, zero: str, full: str, day: dt.date, document: str
) -> Request:
    """Where an indicator's points begin and where they are full, for a fund or the office (None).

    Problems: an indicator that does not exist or is asked for, ends that are no numbers, ends of a share above
    1000 % (60 typed for 60 %).
    """

    def wrong(_view: View) -> list[Problem]:
        problems, known = [], BY_NAME.get(indicator)
        if known is None or known.measure is None:
            problems.append(
                field_problem(
                    "not_computed", Text("由账簿计算的指标名", "a computed indicator"), indicator, "indicator"
                )
            )
        share = known is not None and known.unit == "share"
        for field, label, text in (
            ("zero", Text("零分值", "no points at"), zero),
            ("full", Text("满分值", "full points at"), full),
        ):
            number = _read(text)
            if number is None:
                problems.append(
                    field_problem(
                        "bad_number", Text(f"{label.zh}为一个数", f"{label.en}: a number"), text, field
                    )
                )
            elif share and abs(number) > _SHARE_MOST:
                problems.append(
                    field_problem(
                        "bad_share",
                        Text(f"{label.zh}为比例，如 0.6 或 60%", f"{label.en}: a share, 0.6 or 60%"),
                        text,
                        field,
                    )
                )
        return problems

    named = {f"{PREFIX}{indicator}.scale": f"{_plain_number(zero)};{_plain_number(full)}"}
    return Request(Trial(fund, named, day, document.strip()), wrong)


def _read(text: str) -> Decimal | None:
    """A number, or a percentage: 0.6 and 60% are the same; None where it is neither."""
    bare = plain(text)
    try:
        number = Decimal(bare.removesuffix("%"))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return number / 100 if bare.endswith("%") else number


def _plain_number(text: str) -> str:
    """The text of a value as the book keeps it: the number itself, or what was typed where it is none."""
    number = _read(text)
    return text.strip() if number is None else f"{number:f}"


# -- booking ------------------------------------------------------------------------------------------------------


def book(database: Database, actor: Actor, request: Request, why: str | None = None) -> Booked:
    """One entry with all the settings of a request; the same request again books nothing.

    why : reason for what is dated into a closed quarter; needed there alone (fof.book.late)

    BookingRefused with every problem; NotAllowed without the role (set_parameter).
    """
    return ledger.book(database, actor, late.reasoned(planner(request), why), action="set_parameter")


def planner(request: Request) -> Planner:
    """What `book` books of a request, as a planner."""
    trial = request.trial
    digest = request_digest("evaluation", trial.fund, *sorted(trial.named.items()), trial.day, trial.document)

    def plan(view: View, _ids: Ids) -> Plan:
        problems = request.problems(view)
        if problems:
            return Plan([], problems)
        party = None if trial.fund is None else view.party(trial.fund).id
        rows = [_row(party, name, value, trial.document) for name, value in trial.named.items()]
        kind = EntryKind.SETTING if isinstance(rows[0], tables.Setting) else EntryKind.TERMS
        key = _free_key(view, f"evaluation/{digest.hex()[:32]}", rows, trial.day)
        return Plan([Draft(kind, trial.day, key, digest, rows=[*rows])])

    return plan


def _row(party: int | None, name: str, value: str, document: str) -> tables.Setting | tables.SubjectFact:
    """A weight is a rule's number; a mark and a scale are attributes of their fund, or of the office."""
    if name.startswith(WEIGHT):
        return tables.Setting(party, name, value, None, document)
    bearer = ("office",) if party is None else ("party", party)
    return tables.SubjectFact(*address_of(bearer), name, value, None, None, document)


def _free_key(
    view: View, base: str, rows: Sequence[tables.Setting | tables.SubjectFact], day: dt.date
) -> str:
    """The key of this request; a new one where it was booked before and has since been reversed or set otherwise for the
    same day, so that going back to an earlier value is not taken for a repeated request."""
    asked = {(row.party, row.name) for row in rows}
    stated = [s for s in (*view.settings, *view.subject_facts) if s.day == day]
    key, number = base, 0
    while (booked := view.booked(key)) is not None:
        later = any(s.entry > booked.entry and (s.row.party, s.row.name) in asked for s in stated)
        if booked.reversed_by is None and not later:
            return key
        number += 1
        key = f"{base}/{number}"
    return key


def set_weights(
    database: Database,
    actor: Actor,
    fund: str | None,
    points: Mapping[str, str],
    day: dt.date,
    document: str,
    why: str | None = None,
) -> Booked:
    """Book `weights_request`; BookingRefused, NotAllowed."""
    return book(database, actor, weights_request(fund, points, day, document), why)


def set_input(
    database: Database,
    actor: Actor,
    fund: str,
    indicator: str,
    value: str,
    day: dt.date,
    document: str,
    why: str | None = None,
) -> Booked:
    """Book `mark_request`; BookingRefused, NotAllowed."""
    return book(database, actor, mark_request(fund, indicator, value, day, document), why)


def set_scale(
    database: Database,
    actor: Actor,
    fund: str | None,
    indicator: str,
    zero: str,
    full: str,
    day: dt.date,
    document: str,
    why: str | None = None,
) -> Booked:
    """Book `scale_request`; BookingRefused, NotAllowed."""
    return book(database, actor, scale_request(fund, indicator, zero, full, day, document), why)
