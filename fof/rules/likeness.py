"""What stakes of staff have in common, as numbers."""

from __future__ import annotations

from typing import NamedTuple


class Likeness(NamedTuple):
    """Numbers that stakes share of which the rows say the same (fof.audit.coinvestment.alike_stakes).

    holding : all but how much was paid, how and on which days, and the documents; whether anything was paid is the same
    paying  : how often was paid, to whom, out of which money and account
    papers  : the items that documents stand for which fit the stake, and those of which it cannot be told
    rows    : everything
    """

    holding: int
    paying: int
    papers: int
    rows: int
