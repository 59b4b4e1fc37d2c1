"""A party by its code, with those that may have been meant where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from fof.errors import Unknown
from models.kinds import FUND_KINDS, PartyKind
from models.text import Text

if TYPE_CHECKING:
    from fof.ledger import View


def party(view: View, code: str) -> int:
    """The id of a code; Unknown otherwise, with the parties that may have been meant."""
    try:
        return view.party(code).id
    except Unknown as error:
        raise Unknown(error.kind, error.name, near(view, code)) from None


def fund_party(view: View, code: str) -> int:
    """The id of a fund's code; Unknown where it is no fund."""
    number = party(view, code)
    if view.parties[number].kind not in FUND_KINDS:
        kind = view.parties[number].kind
        name = code if kind in _QUIET else named(view, number)
        raise Unknown(Text("基金", "fund"), Text(f"{name}（{kind.zh}）", f"{name} ({kind.en})"))
    return number


NEAR_AT_MOST = 5
_QUIET = frozenset({PartyKind.PERSON, PartyKind.HOLDING_VEHICLE})
"""Kinds of parties that are not proposed by name: not everybody may know of staff and their vehicles."""


def near(view: View, text: str, among: Iterable[int] | None = None) -> list[str]:
    """Parties that may have been meant: codes that begin alike or are spelt alike, names that hold the text."""
    wanted = text.strip().casefold()
    listed = [p for p in view.parties if view.parties[p].kind not in _QUIET] if among is None else among
    parties = {view.parties[p].code.casefold(): p for p in listed}
    candidates = [p for code, p in sorted(parties.items()) if wanted and code.startswith(wanted)]
    if len(wanted) > 1:
        candidates += [p for _, p in sorted(parties.items()) if wanted in view.name(p).casefold()]
    candidates += [parties[c] for c in get_close_matches(wanted, list(parties), NEAR_AT_MOST, 0.75)]
    return [named(view, p) for p in list(dict.fromkeys(candidates))[:NEAR_AT_MOST]]


def named(view: View, party: int) -> str:
    """Code and name of a party, the code alone where that is its name."""
    code, name = view.parties[party].code, view.name(party)
    return code if name == code else f"{code} {name}"
