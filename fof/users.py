"""Users and roles, booked as entries of their own: who a login is, and what each may do from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from fof import ledger
from fof.access import Actor, process_owner
from fof.db import Database
from fof.errors import NotAllowed, Problem, Unknown, Where
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.ledger.users import EVERY_INSTITUTION, NO_INSTITUTION, User, Users
from fof.words import today
from models.kinds import EntryKind, Role
from models.rows import Identity, SubjectFact
from models.rows import Row as JournalRow
from models.subjects import Subject, SubjectKind
from models.text import Text


def acting(view: View, day: dt.date) -> Actor:
    """Who acts: the owner of this process, as the book of the view knows that login on the day."""
    return Users.in_book(view).actor(process_owner(), day)


def reader(view: View, day: dt.date) -> Actor:
    """Who acts, where they may read the book; NotAllowed for somebody whom a book with users does not know."""
    actor = acting(view, day)
    if (refused := refusal(view, actor, "read", day)) is not None:
        raise refused
    return actor


def refusal(view: View, actor: Actor, action: str, day: dt.date) -> NotAllowed | None:
    """Why a person may not do an action on a day, and who may; None where they may."""
    try:
        Users.in_book(view).require(actor, [action], day)
    except NotAllowed as refused:
        return refused
    return None


def may(
    view: View, actor: Actor, right: str, institution: str | None = None, day: dt.date | None = None
) -> bool:
    """Whether the book lets a person do something (fof.access.PERMISSIONS) today, or on a day; where an institution is named,
    only for one whose co-investment they may see. The rights are those of the newest state of the view's book."""
    return Users.in_book(view.journal.view()).may(actor, right, day or today(), institution)


def require(
    view: View, actor: Actor, right: str, institution: str | None = None, day: dt.date | None = None
) -> None:
    """NotAllowed, with who may, unless `may`; Unknown for an institution that the person may not see: it is not told
    apart from one that is not there."""
    on = day or today()
    if (wrong := refusal(view.journal.view(), actor, right, on)) is not None:
        raise wrong
    if institution is not None and not may(view, actor, right, institution, on):
        raise unseen(institution)


def unseen(institution: str) -> Unknown:
    """The answer to a person who may not see an institution: as if the book had none of that code."""
    return Unknown(Text("机构", "institution"), institution)


def unseen_subject(about: Subject) -> Unknown:
    """The same of a plan, project, stake, vehicle or person of such an institution: as if the book had none of that code."""
    return Unknown(about.kind.text, about.code)


def seen_institutions(
    view: View, actor: Actor | None = None, only: str | None = None
) -> frozenset[str] | None:
    """Codes of the institutions whose co-investment a person may see today; None: all. actor: None: who acts.

    only : the one that is asked for; Unknown where the person may not see it
    """
    newest, day = view.journal.view(), today()
    seen = Users.in_book(newest).institutions(actor or acting(newest, day), day)
    if only is None:
        return seen
    if only not in view.by_code or (seen is not None and only not in seen):
        raise unseen(only)
    return frozenset({only})


def users_of(view: View, day: dt.date) -> list[User]:
    """Every user that was ever added, as of a day, by code."""
    return Users.in_book(view).on(day)


def add_user(
    database: Database,
    actor: Actor,
    code: str,
    name: str,
    login: str,
    roles: Collection[Role],
    since: dt.date,
    until: dt.date | None = None,
    document: str | None = None,
) -> Booked:
    """Add a user with a login and roles from a day on; of a user that the book has: a new login and further roles.

    code     : under which the journal records what the user does
    login    : name at the operating system of whoever may act as this user
    document : what it rests on
    BookingRefused where the first user is no administrator or a login is another's; NotAllowed without the role.
    """
    code, name, login = code.strip(), name.strip(), login.strip()
    stated = [
        ("title", name or code),
        ("login", login),
        *((f"role.{role.value}", "yes") for role in sorted(roles)),
    ]

    def rows(view: View, ids: Ids) -> list[JournalRow] | Problem:
        if not code or not login:
            return _wrong("code" if not code else "login", Text("必须填写", "it must be given"))
        number = view.subject_ids.get((SubjectKind.USER.value, code))
        if number is not None:
            return _facts(number, stated, until, document)
        number = ids.subject()
        return [Identity(number, SubjectKind.USER.value, code), *_facts(number, stated, until, document)]

    return _book(database, actor, rows, since, ("add", code, *stated, until, document))


def grant(
    database: Database,
    actor: Actor,
    code: str,
    roles: Collection[Role],
    since: dt.date,
    until: dt.date | None = None,
    document: str | None = None,
) -> Booked:
    """Give a user roles from a day on, to an end where one is given. BookingRefused for no such user."""
    return _change(database, actor, code, roles, "yes", since, until, document)


def revoke(
    database: Database,
    actor: Actor,
    code: str,
    roles: Collection[Role],
    since: dt.date,
    document: str | None = None,
) -> Booked:
    """Take roles from a user from a day on. BookingRefused for no such user and for the last administrator."""
    return _change(database, actor, code, roles, "no", since, None, document)


def see_institutions(
    database: Database,
    actor: Actor,
    code: str,
    institutions: Collection[str],
    since: dt.date,
    until: dt.date | None = None,
    document: str | None = None,
) -> Booked:
    """State whose co-investment a user may see from a day on; what was stated before no longer counts from then.

    institutions : codes of parties; EVERY_INSTITUTION for all there are and will be; empty: none any more
    BookingRefused for no such user or party; NotAllowed without the role.
    """
    wanted = sorted({part.strip() for part in institutions} - {""}) or [NO_INSTITUTION]
    stated = [("seen_institutions", ",".join(wanted))]

    def rows(view: View, _ids: Ids) -> list[JournalRow] | Problem:
        number = view.subject_ids.get((SubjectKind.USER.value, code))
        if number is None:
            return _no_user(view, code)
        for named in wanted:
            if named not in (EVERY_INSTITUTION, NO_INSTITUTION) and named not in view.by_code:
                text = Text("账中机构的编号，* 为全部", "code of an institution of the book, * for all")
                return _wrong("institution", text, named)
        return _facts(number, stated, until, document)

    return _book(database, actor, rows, since, ("institutions", code, *stated, until, document))


def _no_user(view: View, code: str) -> Problem:
    known = ", ".join(sorted(c for kind, c in view.subject_ids if kind == SubjectKind.USER))
    text = Text(f"账中的用户：{known or '无'}", f"a user of the book: {known or 'none'}")
    return _wrong("user", text, code)


def _change(
    database: Database,
    actor: Actor,
    code: str,
    roles: Collection[Role],
    value: str,
    since: dt.date,
    until: dt.date | None,
    document: str | None,
) -> Booked:
    stated = [(f"role.{role.value}", value) for role in sorted(roles)]

    def rows(view: View, _ids: Ids) -> list[JournalRow] | Problem:
        number = view.subject_ids.get((SubjectKind.USER.value, code))
        if number is None:
            return _no_user(view, code)
        if not stated:
            return _wrong("role", Text("必须写明角色", "the roles must be given"))
        return _facts(number, stated, until, document)

    return _book(database, actor, rows, since, (value, code, *stated, until, document))


def _book(
    database: Database,
    actor: Actor,
    rows: Callable[[View, Ids], list[JournalRow] | Problem],
    since: dt.date,
    asked: tuple[object, ...],
) -> Booked:
    digest = ledger.request_digest("users", since, *(str(part) for part in asked))

    def plan(view: View, ids: Ids) -> Plan:
        made = rows(view, ids)
        if isinstance(made, Problem):
            return Plan([], [made])
        stated = [d for d in view.subject_facts if d.row.kind == SubjectKind.USER]
        newest = {(d.row.subject, d.row.name): (d.day, d.row) for d in stated}
        if all(isinstance(r, SubjectFact) and newest.get((r.subject, r.name)) == (since, r) for r in made):
            return Plan([])  # the same again
        key = f"users/{since}/{len(stated)}/{digest.hex()[:16]}"
        return Plan([Draft(EntryKind.USERS, since, key, digest, rows=made)])

    return ledger.book(database, actor, plan, action="administer")


def _facts(
    number: int, stated: Iterable[tuple[str, str]], until: dt.date | None, document: str | None
) -> list[JournalRow]:
    kind = SubjectKind.USER.value
    return [
        SubjectFact(kind, None, None, None, number, None, name, value, until, None, document or None)
        for name, value in stated
    ]


def _wrong(field: str, text: Text, found: str | None = None) -> Problem:
    unknown = "unknown_institution" if field == "institution" else "unknown_user"
    return Problem(unknown if found else "missing", text, found, Where(field=field))
