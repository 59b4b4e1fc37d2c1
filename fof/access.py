"""Who may do what: one table, checked in the use case and once more at the booking door. What is not in the table is denied.

Without users in the book whoever works on this machine may do everything, under the operating system's name. With users
(fof.ledger.users) a person is who the book says has that login, and may do what its roles include.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from fof.errors import NotAllowed
from models.frozen import frozen
from models.kinds import EntryKind, Role
from models.text import Text


class Permission(NamedTuple):
    """An action: who may do it, and its name."""

    roles: frozenset[Role]
    text: Text


def _for(text: Text, *roles: Role) -> Permission:
    return Permission(frozenset(roles), text)


PERMISSIONS: dict[str, Permission] = {
    "read": _for(Text("查看", "read the book"), *Role),
    "prepare": _for(Text("经办", "prepare entries for another's approval"), Role.MANAGER),
    "book": _for(Text("登记分录", "book entries"), Role.MANAGER, Role.APPROVER),
    "approve": _for(Text("复核", "approve what another prepared"), Role.APPROVER),
    "reverse": _for(Text("冲销分录", "reverse entries"), Role.MANAGER, Role.APPROVER),
    "set_parameter": _for(Text("设定参数", "set numbers of the rules"), Role.MANAGER, Role.APPROVER),
    "dispose": _for(Text("处置检查结论", "decide about findings"), Role.AUDITOR),
    "close_period": _for(Text("季度结账", "close a quarter"), Role.APPROVER),
    "save_mapping": _for(Text("保存列映射", "save column mappings"), Role.MANAGER, Role.APPROVER),
    "run_scenario": _for(Text("运行情景", "run scenarios"), Role.ANALYST, Role.MANAGER),
    "administer": _for(Text("管理用户与权限", "manage users and roles"), Role.ADMIN),
    # staff co-investment: the auditor is not the office, and what is being audited is not told to it before it is issued
    "read_audit": _for(
        Text("查看审计底稿、样本与未出具的结论", "see drafts, samples and findings that are not issued"),
        Role.AUDITOR,
    ),
    "sample": _for(Text("抽取审计样本", "draw audit samples"), Role.AUDITOR),
    "request": _for(Text("要求提供资料", "ask for documents"), Role.AUDITOR),
    "review": _for(Text("办理与复核审计事项", "keep and review audit cases"), Role.AUDITOR),
    "unmask": _for(Text("查看个人信息原值", "open personal data"), Role.AUDITOR),
    "erase": _for(Text("清除个人信息", "erase personal data"), Role.ADMIN),
    "keep_key": _for(Text("管理个人信息密钥", "keep the key of personal data"), Role.ADMIN),
}

ENTRY_ACTIONS: dict[EntryKind, str] = {
    **dict.fromkeys(EntryKind, "book"),
    EntryKind.SETTING: "set_parameter",
    EntryKind.DISPOSITION: "dispose",
    EntryKind.PERIOD_CLOSE: "close_period",
    EntryKind.MAPPING: "save_mapping",
    EntryKind.REVERSAL: "reverse",
    EntryKind.USERS: "administer",
    EntryKind.AUDIT_CASE: "review",
    EntryKind.AUDIT_SAMPLE: "sample",
    EntryKind.AUDIT_REQUEST: "request",
    EntryKind.SCENARIO: "run_scenario",
    EntryKind.UNMASKING: "unmask",
    EntryKind.ERASURE: "erase",
}
"""What it takes to write an entry of a kind, whatever screen or file it came from."""
_OWN_REVERSALS = frozenset(
    {
        EntryKind.DISPOSITION,
        EntryKind.PERIOD_CLOSE,
        EntryKind.USERS,
        EntryKind.AUDIT_CASE,
        EntryKind.AUDIT_SAMPLE,
        EntryKind.AUDIT_REQUEST,
        EntryKind.UNMASKING,
        EntryKind.ERASURE,
    }
)


def reversal_action(kind: str) -> str:
    """What it takes to take back an entry of a kind: who decides, closes or grants takes that back, nobody else."""
    own = EntryKind(kind) if kind in tuple(EntryKind) else None
    return ENTRY_ACTIONS[own] if own in _OWN_REVERSALS else ENTRY_ACTIONS[EntryKind.REVERSAL]


@frozen
class Actor:
    """The person behind a request, as the journal will record them.

    name  : what the journal records: a user's code, without users in the book the operating system's name
    label : the name shown, where the book has one
    known : False for a person whom a book with users does not know
    """

    name: str
    roles: frozenset[Role]
    label: str = ""
    known: bool = True

    def may(self, action: str) -> bool:
        """True where one of the person's roles includes the action."""
        return may(self.roles, action)

    def require(self, *actions: str) -> None:
        """Raise NotAllowed unless the person may do all of them."""
        for action in actions:
            if not self.may(action):
                raise refused(self.name, action, known=self.known)


def may(roles: Collection[Role], action: str) -> bool:
    """Whether one of the roles includes an action."""
    allowed = PERMISSIONS.get(action)
    return allowed is not None and not allowed.roles.isdisjoint(roles)


def refused(
    person: str, action: str, *, known: bool = True, able: Collection[str] = (), admins: Collection[str] = ()
) -> NotAllowed:
    """The refusal: who may not do what, who may, and who can grant it.

    able : people who may; admins : people who can grant it
    """
    permission = PERMISSIONS.get(action, Permission(frozenset(), Text(action, action)))
    roles = sorted(permission.roles)
    zh = (
        [f"{person} 无权{permission.text.zh}"]
        if known
        else [f"账中没有登录名为 {person} 的用户，不能{permission.text.zh}"]
    )
    en = (
        [f"{person} may not {permission.text.en}"]
        if known
        else [f"the book has no user with the login {person}: may not {permission.text.en}"]
    )
    if len(roles) < len(Role):
        zh.append(f"需要角色：{'、'.join(role.zh for role in roles)}")
        en.append(f"it takes the role {' or '.join(role.value for role in roles)}")
    if able:
        zh.append(f"可由 {'、'.join(able)} 办理")
        en.append(f"{', '.join(able)} can do it")
    if admins:
        command = "fof users grant" if known else "fof users add"
        zh.append(f"或请管理员 {'、'.join(admins)} 办理权限（{command}）")
        en.append(f"or ask {', '.join(admins)} for it ({command})")
    return NotAllowed(person, action, Text("；".join(zh), "; ".join(en)))


def folded(name: str) -> str:
    """A person's name as it is compared: two spellings of one person are one person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def process_owner() -> str:
    """The operating system's name of whom this process belongs to; environment variables have no say in it."""
    if hasattr(os, "geteuid"):
        import pwd

        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:  # a container's user without a name
            return f"uid-{os.geteuid()}"
    return os.getlogin()


def local(name: str) -> Actor:
    """Whoever works on a book without users: everything is allowed."""
    return Actor(name, frozenset(Role))


LOCAL = local("local")
"""The one user of a book without users, where no name is asked for."""
SEED = local("seed")
"""Under whose name invented and disclosed books are seeded, the same on every machine."""
