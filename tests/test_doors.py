"""Every door by which something comes into the book, and what each holds it against.

The journal judges what must hold of any booking (fof.ledger.checks), whatever door. Three things it cannot judge, because they are
about today and about what was handed out: that nothing has happened yet that is dated after today, that what is dated into a
closed quarter has a reason, and that pools can pay. Each door holds them, or says here why it need not.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from fof.ledger import checks

ROOT = Path(__file__).resolve().parents[1] / "fof"
DAYS = ("none_to_come(", "planned_sheets.planner(", "future_days(", "today()")
"""What holds a door's days: entries after today are refused, or the day is today."""
PLANNED = "what it books may be true from a day to come"
NO_FIGURE = "nothing that was reported rests on it"
REASON = "it is its own reason"

DOORS: dict[str, tuple[str | None, str | None]] = {
    # module.function -> (why its days need not have come, why a closed quarter asks no reason); None: it holds them
    "intake.preview.book": (None, None),
    "intake.mappings.save_mapping": (PLANNED, NO_FIGURE),
    "intake.reversals.reverse": ("the day is that of the entry", REASON),
    "operations.calls.issue_call": (None, None),
    "operations.claim_desk.book_claim": (None, None),
    "operations.closes.close_quarter": (None, REASON),
    "operations.closings.book_closing": (None, None),
    "operations.distributions.issue_distribution": (None, None),
    "operations.payments.mark_paid": (None, None),
    "operations.reorganisations.book_reorganisation": (None, None),
    "operations.reports.name_report": (None, NO_FIGURE),
    "audit.dispositions.dispose": (None, None),
    "audit.rule_numbers.set_parameter": (PLANNED, None),
    "audit.unmasking.unmask": (None, NO_FIGURE),
    "audit.unmasking.erase": (None, NO_FIGURE),
    "audit.casefile.audit_samples.draw_sample": (None, NO_FIGURE),
    "audit.casefile.audit_samples.record_results": (None, NO_FIGURE),
    "audit.casefile.case_steps.begin_case": (None, NO_FIGURE),
    "audit.casefile.case_steps.take_step": (None, NO_FIGURE),
    "audit.casefile.evidence_files.store_file": (None, NO_FIGURE),
    "audit.casefile.evidence_files.open_file": (None, NO_FIGURE),
    "audit.casefile.evidence_files.erase_file": (None, NO_FIGURE),
    "audit.casefile.request_list.ask": (None, NO_FIGURE),
    "evaluation.requests.book": (PLANNED, None),
    "scenarios.saved_scenarios.save_scenario": (None, NO_FIGURE),
    "seeding._settings": (PLANNED, None),
    "users._book": (PLANNED, NO_FIGURE),
}


@cache
def _doors() -> dict[str, str]:
    """module.function -> its source, of every function that books or takes back."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if module.startswith("ledger"):
            continue
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        names = {
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module in ("fof.ledger", "fof.ledger.booking")
            for alias in node.names
            if alias.name in ("book", "reverse")
        }
        for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
                named = ast.unparse(call.func)
                if named in names or named in ("ledger.book", "ledger.reverse", "ledger.booking.book"):
                    found[f"{module}.{function.name}"] = text
    return found


def test_every_door_is_known() -> None:
    assert set(_doors()) == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_holds_days_and_closed_quarters(door: str) -> None:
    source = _doors()[door]
    days, reason = DOORS[door]
    assert days is not None or any(held in source for held in DAYS), door
    assert (reason is None) == ("late.reasoned(" in source), door


def test_nothing_books_around_the_doors() -> None:
    """The rows of the journal are written by the ledger alone."""
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text("utf-8")
        if path.relative_to(ROOT).parts[0] not in ("ledger", "migrations"):
            assert "insert_rows" not in text, path
            assert "insert_postings" not in text, path


def test_what_files_alone_refused_is_refused_by_the_journal() -> None:
    """The ends of funds, and shares that are paid in by the deal of another, are checks of the journal itself."""
    assert {"ended_funds", "closed_funds"} <= {check.__name__ for check in checks.states()}
    assert {"fund_absorbed", "promised_after_closing", "not_contributed"} <= set(checks.SINCE)
