"""A random institution under audit: its register, two auditors of it, one of no institution, a manager of the office."""

from __future__ import annotations

import datetime as dt

from second.institutions import Institution
from test_second_institutions import planted

from fof import intake, users
from fof.access import LOCAL, Actor
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from models.kinds import Role

OWN: Institution = planted(3)
RULE, SUBJECT = next(k for k, v in OWN.expected.items() if v == "breach" and k[0] == "CI-12")


def person(code: str) -> Actor:
    """A user who claims every role: the book is asked."""
    return Actor(code, frozenset(Role))


def registered(database: Database, own: Institution = OWN) -> None:
    """The register of an institution."""
    sheets = filled([(LAYOUTS[n], rows) for n, rows in own.rows.items() if rows])
    intake.book(database, LOCAL, sheets, "机构.xlsx")


def peopled(database: Database) -> None:
    """Two auditors of the institution, one of no institution, a manager."""
    since = dt.date(2024, 1, 1)
    users.add_user(database, LOCAL, "admin", "", "admin", [Role.ADMIN], since)
    auditors = [("one", Role.AUDITOR), ("two", Role.AUDITOR), ("none", Role.AUDITOR)]
    for code, role in (*auditors, ("office", Role.MANAGER)):
        users.add_user(database, person("admin"), code, "", code, [role], since)
    for code in ("one", "two", "office"):
        users.see_institutions(database, person("admin"), code, ["CT"], since)


def furnished(database: Database) -> None:
    """The register and the people."""
    registered(database)
    peopled(database)
