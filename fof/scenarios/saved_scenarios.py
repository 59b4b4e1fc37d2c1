"""Scenarios kept in the book: inputs, never results. Each save is an entry; of one name the latest counts, earlier ones stay.

A saved scenario is a subject whose attributes are its name and its whole specification, so that author, day and digest come from the
journal, and a scenario can be run anew on any book that holds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from fof import ledger, words
from fof.access import Actor
from fof.book.identities import next_code, registered_subjects
from fof.db import Database
from fof.errors import Unknown
from fof.figures.answers import Answer
from fof.figures.projection_documents import SAVED
from fof.intake.days import none_to_come
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.scenarios.scenario_spec import Scenario, stored_scenario
from models.facts import SUBJECT_FACTS
from models.frozen import frozen
from models.kinds import EntryKind
from models.rows import Identity, SubjectFact
from models.rows import Row as JournalRow
from models.subjects import SubjectKind
from models.text import Text

_KIND = SubjectKind.SCENARIO.value


@frozen
class SavedScenario:
    """A scenario of the book in its latest version. versions: how many were saved under this code; entry: of the latest, by whom
    and when it was recorded (UTC, ISO)."""

    code: str
    scenario: Scenario
    versions: int
    entry: int
    author: str
    saved_at: str


def save_scenario(database: Database, actor: Actor, scenario: Scenario, day: dt.date) -> Booked:
    """Save a scenario under its name from a day on. The same inputs again write nothing; NotAllowed without the right."""
    text = scenario.canonical()

    def plan(view: View, ids: Ids) -> Plan:
        saved = {own.scenario.name: own for own in saved_scenarios(view)}
        known = saved.get(scenario.name)
        if known is not None and known.scenario == scenario:
            return Plan()
        rows: list[JournalRow] = []
        if known is None:
            code = next_code(view.subject_ids, _KIND, "QJ")
            number = ids.subject()
            rows.append(Identity(number, _KIND, code))
            rows.append(_stated(number, "scenario_name", scenario.name))
        else:
            code, number = known.code, view.subject_ids[_KIND, known.code]
        rows.append(_stated(number, "scenario_spec", text))
        revision = 1 if known is None else known.versions + 1
        digest = ledger.request_digest("scenario", scenario.name, revision, text)
        return Plan([Draft(EntryKind.SCENARIO, day, f"scenarios/{code}/{revision}", digest, rows=rows)])

    return ledger.book(database, actor, none_to_come(plan), action="run_scenario")


def _stated(number: int, name: str, value: str) -> SubjectFact:
    return SubjectFact(_KIND, None, None, None, number, None, name, SUBJECT_FACTS[name].write(value))


def saved_scenarios(view: View) -> list[SavedScenario]:
    """The scenarios of the book, by code, whatever day they were saved on."""
    listed = []
    for own in registered_subjects(view.prefix).get(_KIND, {}).values():
        rows = own.rows("scenario_spec")
        if not rows:
            continue
        latest = max(rows, key=lambda row: row.entry)
        head = view.entry(latest.entry)
        scenario = stored_scenario(str(view.prefix.value(latest)))
        listed.append(
            SavedScenario(own.code, scenario, len(rows), latest.entry, head.recorded_by, head.recorded_at)
        )
    return sorted(listed, key=lambda s: s.code)


def saved_scenario(view: View, code: str) -> SavedScenario:
    """One of them by code or name; Unknown where there is none."""
    for own in saved_scenarios(view):
        if code.strip() in (own.code, own.scenario.name):
            return own
    raise Unknown(Text("保存的情景", "saved scenario"), code)


def saved_document(view: View) -> Answer:
    """The scenarios of the book as a table."""
    rows = [
        {
            "saved_code": own.code,
            "scenario": own.scenario.name,
            "scenario_digest": own.scenario.digest(),
            "scenario_versions": own.versions,
            "recorded_by": own.author,
            "recorded_at": own.saved_at,
            "texts": {"recorded_at": words.office_minute(own.saved_at)},
            "entry": own.entry,
        }
        for own in saved_scenarios(view)
    ]
    return Answer(SAVED, rows, view.as_of, view.known_at, None)


def choices(saved: Sequence[SavedScenario]) -> dict[str, str]:
    """Code → how a list of choice names it."""
    return {
        own.code: f"{own.scenario.name} · {own.code} · {own.author} · {words.office_time(own.saved_at).date()}"
        for own in saved
    }
