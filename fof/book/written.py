"""What the program itself wrote into the book in Chinese, said in the language that is asked.

Entries hold for ever what was written: the plan that is their source (出资计划 F1 2024-1), why something was booked late (补记：…),
who was left out of a call (豁免 …), the closing that gives money back. Around these words stands what somebody typed, and that stays
as it was typed. Values for programs and exports are those of the book; this is for who reads.
"""

from __future__ import annotations

import re

from fof.book.entries import CARRIED
from fof.importers.layouts import LAYOUTS
from models.pools import ClaimStep
from models.text import Text

_PLANS = {
    "出资计划": "Call plan",
    "分配计划": "Distribution plan",
    "缴款": "Payment",
    "后续交割": "Later closing",
    "补偿": "Compensation",
}
"""First word of the name of a plan, in Chinese and in English."""
_CLAIM = re.compile(r"申请 (\S+) (\S+)")
_LATE = re.compile(r"(^|；)补记：")
_LEFT_OUT = re.compile(r"(^|；)(豁免|违约) (?=[^；：]+：)")
_STATES = {"豁免": "excused", "违约": "in default"}
_TITLES = {layout.text.zh: layout.text for layout in LAYOUTS.values()}
_BY_HAND = Text("账内登记", "entered in the book")


def plan_text(name: str) -> Text | None:
    """The name of a plan that was made here; None for any other name."""
    if (claim := _CLAIM.fullmatch(name)) and (step := ClaimStep.read(claim[2])) is not None:
        return Text(name, f"Claim {claim[1]} {step.en.lower()}")
    kind, _, rest = name.partition(" ")
    return Text(name, f"{_PLANS[kind]} {rest}") if rest and kind in _PLANS else None


def document_text(document: str | None) -> str | None:
    """A source in one line (fof.book.entries.document_of), as it is said; a file's name and sheet stay as they are."""
    if document is None:
        return None
    carried = document.endswith(CARRIED)
    first, *rest = document.removesuffix(CARRIED).split(" · ")
    ending = str(Text(CARRIED, " (exported)")) if carried else ""
    if first == _BY_HAND.zh and not rest:
        return f"{_BY_HAND}{ending}"
    if (plan := plan_text(first)) is None:
        return document.removesuffix(CARRIED) + ending
    return " · ".join([str(plan), *(str(_TITLES.get(part, part)) for part in rest)]) + ending


def note_text(note: str | None, source: str | None = None) -> str | None:
    """The note of an entry, as it is said. source: the name of what it was booked from, which says what the program wrote."""
    if note is None:
        return None
    worded = _LATE.sub(lambda m: str(Text(m[0], f"{'; ' if m[1] else ''}booked late: ")), note)
    plan = None if source is None else plan_text(source)
    if plan is not None and plan.en.startswith("Call plan"):
        worded = _LEFT_OUT.sub(lambda m: str(Text(m[0], f"{'; ' if m[1] else ''}{_STATES[m[2]]} ")), worded)
    elif plan is not None and (name := plan_text(worded)) is not None:
        worded = str(name)
    return worded
