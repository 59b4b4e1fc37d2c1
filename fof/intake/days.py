"""Days of what has happened: none of them is after today, in a file, on a form or in a command. What is planned may be."""

from __future__ import annotations

import datetime as dt

from fof.errors import Problem
from fof.importers.columns import CellType
from fof.importers.tables import Table, TypedRow
from fof.intake.attributes import attribute_named, stated_day
from fof.intake.planning import Planning
from fof.ledger import Ids, Plan, Planner, View
from fof.words import today
from models.kinds import EntryKind
from models.text import Text

HAPPENED = {
    "commitments": ("day",),
    "capital_calls": ("notice_on", "paid_on"),
    "payments": ("paid_on",),
    "distributions": ("paid_on",),
    "deals": ("day",),
    "fund_cash": ("day",),
    "valuations": ("day", "received_on"),
    "positions": ("day",),
    "movements": ("day",),
    "dispositions": ("day",),
    "closes": ("day",),
    "reports": ("day",),
    **dict.fromkeys(
        (
            "eligibilities",
            "declarations",
            "committee_meetings",
            "ballots",
            "staff_stakes",
            "nominees",
            "business_ties",
            "incidents",
            "requests",
            "coinvest_payments",
            "evidence",
            "audit_cases",
            "personal_data",
            "loans",
            "loan_events",
            "claims",
            "pool_payments",
            "pool_statements",
            "lender_file",
            "voucher_claims",
            "subsidy_claims",
            "tax_deductions",
            "investor_services",
            "funded_results",
            "residencies",
        ),
        ("since",),
    ),
}
"""Layout → its columns of days on which something happened. Any other day may be known ahead: a term, a due day."""

HAPPENED_FACTS = frozenset(
    [
        "selected_on",
        "approved_on",
        "established_on",
        "amac_filed_on",
        "founded_on",
        "listed_on",
        "quoted_on",
        "merged_on",
        "refinanced_on",
        "bond_issued_on",
        "closed_on",
        "ndrc_registered_on",
        "tolerance_test_on",
        "manager_registered_on",
        "first_fund_filed_on",
        "wealth_evidence_on",
        "converted_on",
        "disclosed_on",
        "appraisal_on",
        "case_event_on",
        "board_approved_on",
        "party_committee_approved_on",
        "plan_filed_on",
        "chosen_on",
        "declared_on",
        "reviewed_on",
        "met_on",
        "leaked_on",
        "incident_cleared_on",
        "evidence_on",
        "answered_on",
        "signed_on",
        "coinvest_filed_on",
        "service_contract_on",
        "service_accepted_on",
        "reward_invested_on",
        "result_converted_on",
        "priority_offered_on",
        "licensed_on",
        "deduction_invested_on",
        "deduction_sold_on",
        "deduction_liquidated_on",
        "enrolled_on",
        "guaranteed_on",
        "related_reported_on",
        "overdue_since",
        "recovery_received_on",
    ]
)
"""Attributes that are days on which something happened: none is after both today and the day from which it is stated. The
others are ends, due days and plans."""

_YEARS = "company_years"

PLANNED = frozenset(
    {EntryKind.PARTIES, EntryKind.TERMS, EntryKind.OWNERSHIP, EntryKind.SETTING, EntryKind.MAPPING}
)
"""Entries that may be true from a day to come: an attribute, a share or a rule's number that is agreed already."""


def none_to_come(planner: Planner) -> Planner:
    """A planner of a form or command whose entries, but for planned ones, are refused where they are dated after today."""

    def plan(view: View, ids: Ids) -> Plan:
        made, last = planner(view, ids), today()
        for draft in made.drafts:
            if draft.kind not in PLANNED and draft.effective_on > last and view.booked(draft.key) is None:
                text = Text(
                    f"{draft.kind.zh}的日期不得晚于今天（{last}）",
                    f"{draft.kind.en.lower()}: a day not after today, {last}",
                )
                made.problems.append(
                    Problem("future_day", text, str(draft.effective_on), draft.source.where())
                )
        return made

    return plan


def yet_to_come(fact: str | None, day: dt.date | None, since: dt.date | None, last: dt.date) -> bool:
    """Whether an attribute states as happened what could not have: a day after today and after the one from which it holds."""
    return fact in HAPPENED_FACTS and day is not None and day > max(last, since or last)


def future_days(planning: Planning, tables: list[Table], last: dt.date) -> None:
    """A problem for every day of what has happened that is after `last`."""
    for table in tables:
        names = [n for n in HAPPENED.get(table.layout.name, ()) if n in table.headers]
        for row in table.rows if names else ():
            for name in names:
                day = row.day(name)
                if day is not None and day > last:
                    _say(planning, table, row, name, last, day)
        stated = [c for c in table.layout.facts if c.cell is CellType.DATE and c.name in table.headers]
        since = next((n for n in ("since", "day") if n in {c.name for c in table.layout.columns}), None)
        for row in table.rows if stated else ():
            begins = None if since is None else row.day(since)
            for column in stated:
                if yet_to_come(column.fact, row.day(column.name), begins, last):
                    _say(planning, table, row, column.name, last, row.day(column.name))
        if table.layout.name == "attributes":
            for row in table.rows:
                spec = attribute_named(str(row.text("attribute")))
                day = None if spec is None or spec.name not in HAPPENED_FACTS else stated_day(row, spec)
                if spec is not None and yet_to_come(spec.name, day, row.day("since"), last):
                    _say(planning, table, row, "value", last, day)
        if table.layout.name == _YEARS:
            for row in table.rows:
                if row["year"] > last.year:
                    _say(planning, table, row, "year", last, row["year"])


def _say(planning: Planning, table: Table, row: TypedRow, name: str, last: dt.date, found: object) -> None:
    column = table.layout.column(name)
    what = (
        Text("年度", "a year")
        if column.cell is CellType.YEAR
        else Text("已发生事项的日期", "the day of what has happened")
    )
    planning.problem(
        table,
        row,
        name,
        "future_day",
        Text(f"{what[0]}不得晚于今天（{last}）", f"{what[1]} not after today, {last}"),
        found,
    )
