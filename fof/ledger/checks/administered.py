"""A book with users has an administrator on every day from its first user on, and a login belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterator

from fof.access import folded
from fof.errors import Problem
from fof.ledger.checks.change import Change, problem
from fof.ledger.postings import to_date
from fof.ledger.prefix import Dated
from fof.ledger.users import UserFact, Users
from models import rows as tables
from models.kinds import EntryKind, Role
from models.subjects import SubjectKind
from models.text import Text


def administered(change: Change) -> Iterator[Problem]:
    """Facts about users outside entries of their own; a day without administrator; a login of two users on one day."""
    touching = [
        n for n, draft in enumerate(change.drafts) if any(_of_user(change, row) for row in draft.rows)
    ]
    for number in touching:
        draft = change.drafts[number]
        if draft.kind != EntryKind.USERS:
            text = Text("用户与权限须单独成分录", "users and roles are entries of their own kind")
            yield problem(draft, "not_of_users", text, str(draft.kind))
    for draft in change.drafts:
        if draft.kind == EntryKind.USERS and (
            draft.postings or not all(_of_user(change, r) for r in draft.rows)
        ):
            text = Text("此类分录只登记用户与权限", "an entry of this kind holds users and roles alone")
            yield problem(draft, "not_of_users", text, str(draft.kind))
    taken_back = [change.targets[r.entry] for r in _booked(change) if r.entry in change.targets]
    if not touching and not taken_back:
        return
    users, last = _after(change), change.drafts[max([*touching, *taken_back])]
    if not users.days():
        yield problem(last, "no_admin", Text("账中须有管理员", "the book must keep an administrator"))
    for day in users.days():
        active = users.active(day)
        if active and not any(Role.ADMIN in user.roles for user in active):
            text = Text(
                f"自 {day} 起没有管理员：第一个用户须为管理员，最后一个管理员不能撤销",
                f"no administrator from {day} on: the first user must be one, and the last one cannot be revoked",
            )
            yield problem(last, "no_admin", text, active[0].code)
            break
        if not active:
            text = Text(f"自 {day} 起没有任何用户", f"no user at all from {day} on")
            yield problem(last, "no_admin", text, str(day))
            break
        logins = [folded(str(user.login)) for user in active]
        if twice := [login for login in logins if logins.count(login) > 1]:
            text = Text(f"{day} 一个登录名属于两个用户", f"one login of two users on {day}")
            yield problem(last, "login_taken", text, twice[0])
            break


def _of_user(change: Change, row: tables.Row) -> bool:
    if isinstance(row, tables.SubjectLink):
        return change.subjects.get(row.subject, ("", ""))[0] == SubjectKind.USER
    return isinstance(row, tables.Identity | tables.SubjectFact) and row.kind == SubjectKind.USER


def _booked(change: Change) -> Iterator[Dated]:
    """Facts about users that the book holds, and no others: every booking asks, in books of a million attributes too."""
    prefix = change.view.prefix
    return (
        Dated(r.entry, r.line, to_date(r.day), r.row)
        for number in change.view.subjects.of_kind(SubjectKind.USER)
        for r in prefix.of_subject("subject_fact", number)
    )


def _after(change: Change) -> Users:
    """The users as the change leaves them."""
    codes = change.subjects.of_kind(SubjectKind.USER)
    stated = [(d.row, d.day) for d in _booked(change) if d.entry not in change.targets]
    stated += [
        (row, draft.effective_on)
        for draft in change.drafts
        for row in draft.rows
        if isinstance(row, tables.SubjectFact)
    ]
    return Users(codes, (fact for row, day in stated if (fact := UserFact.of(row, day)) is not None))
