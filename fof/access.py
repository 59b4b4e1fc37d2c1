"""Who may do what: one table, checked in the use case. An action that is not in the table is denied."""

from __future__ import annotations

from dataclasses import dataclass

from fof.errors import NotAllowed
from models.kinds import Role

PERMISSIONS: dict[str, frozenset[Role]] = {
    "read": frozenset(Role),
    "prepare": frozenset({Role.MANAGER}),
    "book": frozenset({Role.MANAGER, Role.APPROVER}),
    "approve": frozenset({Role.APPROVER}),
    "reverse": frozenset({Role.MANAGER, Role.APPROVER}),
    "set_parameter": frozenset({Role.MANAGER, Role.APPROVER}),
    "dispose": frozenset({Role.AUDITOR}),
    "close_period": frozenset({Role.APPROVER}),
    "save_mapping": frozenset({Role.MANAGER, Role.APPROVER}),
    "run_scenario": frozenset({Role.ANALYST, Role.MANAGER}),
    "administer": frozenset({Role.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, as the journal will record them."""

    name: str
    roles: frozenset[Role]

    def may(self, action: str) -> bool:
        """True where one of the person's roles includes the action."""
        return bool(self.roles & PERMISSIONS.get(action, frozenset()))

    def require(self, action: str) -> None:
        """Raise NotAllowed unless the person may."""
        if not self.may(action):
            raise NotAllowed(self.name, action)


LOCAL = Actor("local", frozenset({Role.MANAGER, Role.APPROVER, Role.ANALYST, Role.AUDITOR, Role.VIEWER}))
"""The one user of a book on 127.0.0.1 without log-in."""
