"""Users: who may act in the book, from the dated facts of its subjects of kind user.

A user is active on a day on which a login is stated; each role holds from its day to its end. A book that ever registered a
user has users for good.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fof.access import Actor, folded, local, may, refused
from fof.errors import NotAllowed
from fof.ledger.postings import to_date
from fof.ledger.view import View
from models.frozen import frozen
from models.kinds import Role
from models.rows import SubjectFact
from models.subjects import SubjectKind

EVERY_INSTITUTION = "*"
NO_INSTITUTION = "-"
"""What a user's attribute `seen_institutions` holds beside codes: all there are or will be; none from that day on."""
_ROLES = {f"role.{role.value}": role for role in Role}


class UserFact(NamedTuple):
    """A fact about a user: what holds from a day to an end."""

    user: int
    name: str
    day: dt.date
    until: dt.date | None
    value: str

    @classmethod
    def of(cls, row: SubjectFact, day: dt.date) -> UserFact | None:
        """The fact of a row; None where the row is about no user."""
        if row.kind != SubjectKind.USER or row.subject is None:
            return None
        return cls(row.subject, row.name, day, row.until, row.value)


@frozen
class User:
    """A user on a day.

    login        : None where the user is not active; since, until: of that login
    institutions : codes of the state venture firms whose co-investment the user may see; None: of all
    """

    code: str
    name: str
    login: str | None
    roles: frozenset[Role]
    since: dt.date | None = None
    until: dt.date | None = None
    institutions: frozenset[str] | None = frozenset()


class Users:
    """The users of a prefix, asked on any day.

    codes : id -> code of every user ever registered
    facts : in the order of the journal
    """

    def __init__(self, codes: Mapping[int, str], facts: Iterable[UserFact]) -> None:
        self._codes = codes
        self._facts: dict[tuple[int, str], list[UserFact]] = defaultdict(list)
        for fact in facts:
            self._facts[fact.user, fact.name].append(fact)

    @classmethod
    def in_book(cls, view: View) -> Users:
        """The users of a view's prefix, on all days."""
        known: dict[int, str] | None = view.prefix.answers.get(cls)
        if (
            known is None
        ):  # a page asks several times, and an institution registers a quarter of a million subjects
            known = view.subjects.of_kind(SubjectKind.USER)
            view.prefix.answers[cls] = known
        codes = known
        if not codes:
            return cls({}, ())
        stated = (r for number in codes for r in view.prefix.of_subject("subject_fact", number))
        facts = (UserFact.of(r.row, to_date(r.day)) for r in stated)  # type: ignore[arg-type]
        return cls(codes, (fact for fact in facts if fact is not None))

    def __bool__(self) -> bool:
        """Whether the book has users at all."""
        return bool(self._codes)

    def days(self) -> list[dt.date]:
        """The days on which something may change."""
        stated = [fact for facts in self._facts.values() for fact in facts]
        after = (
            f.until + dt.timedelta(days=1) for f in stated if f.until is not None and f.until < dt.date.max
        )
        return sorted({*(f.day for f in stated), *after})

    def on(self, day: dt.date) -> list[User]:
        """Every user as of a day, by code."""
        return sorted((self._user(number, day) for number in self._codes), key=lambda u: u.code)

    def active(self, day: dt.date) -> list[User]:
        """The users that have a login on a day."""
        return [user for user in self.on(day) if user.login is not None]

    def coded(self, code: str, day: dt.date) -> User | None:
        """The active user of a code."""
        return next((user for user in self.active(day) if user.code == code), None)

    def actor(self, login: str, day: dt.date) -> Actor:
        """Who the owner of a process is to the book: without users anybody may do everything, else a user with that login."""
        if not self:
            return local(login)
        for user in self.active(day):
            if folded(str(user.login)) == folded(login):
                return Actor(user.code, user.roles, user.name)
        return Actor(login, frozenset(), known=False)

    def require(self, actor: Actor, actions: Iterable[str], day: dt.date) -> None:
        """Raise NotAllowed unless the book lets the person do all of it on the day, whatever roles the request brought along."""
        if not self:
            return actor.require(*actions)
        user = self.coded(actor.name, day)
        roles = frozenset[Role]() if user is None else user.roles & actor.roles
        for action in actions:
            if not may(roles, action):
                raise self.refusal(actor, action, day)
        return None

    def institutions(self, actor: Actor, day: dt.date) -> frozenset[str] | None:
        """The state venture firms whose co-investment the person may see on the day, by the book; None: all of them.

        Without users in the book all; of a user of whom the book states none, none.
        """
        if not self:
            return None
        user = self.coded(actor.name, day)
        return frozenset() if user is None else user.institutions

    def may(self, actor: Actor, action: str, day: dt.date, institution: str | None = None) -> bool:
        """Whether the book lets the person do an action on the day; of an institution only where they may see it."""
        try:
            self.require(actor, [action], day)
        except NotAllowed:
            return False
        seen = self.institutions(actor, day)
        return institution is None or seen is None or institution in seen

    def refusal(self, actor: Actor, action: str, day: dt.date) -> NotAllowed:
        """What to do, and by whom."""
        active = self.active(day)
        able = [user.code for user in active if may(user.roles, action) and user.code != actor.name]
        admins = [user.code for user in active if Role.ADMIN in user.roles]
        known = self.coded(actor.name, day) is not None
        return refused(actor.name, action, known=known, able=able, admins=admins)

    def _user(self, number: int, day: dt.date) -> User:
        login = self._stated(number, "login", day)
        name = self._stated(number, "title", day)
        roles = frozenset(
            role
            for fact, role in _ROLES.items()
            if (held := self._stated(number, fact, day)) is not None and held.value == "yes"
        )
        code = self._codes[number]
        seen = self._stated(number, "seen_institutions", day)
        firms = frozenset() if seen is None else frozenset(seen.value.split(",")) - {"", NO_INSTITUTION}
        return User(
            code,
            code if name is None else name.value,
            None if login is None else login.value,
            roles,
            None if login is None else login.day,
            None if login is None else login.until,
            None if EVERY_INSTITUTION in firms else firms,
        )

    def _stated(self, number: int, name: str, day: dt.date) -> UserFact | None:
        holding = [
            f
            for f in self._facts.get((number, name), ())
            if f.day <= day and (f.until is None or day <= f.until)
        ]
        return max(reversed(holding), key=lambda f: f.day, default=None)  # of one day what was booked last
