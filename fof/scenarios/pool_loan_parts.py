"""How the loans of a pool are parted by the banks and guarantors that have limits of their own, so that each limit has its loans.

A bank and a guarantor with limits of their own part the loans into cells: of both, of one alone, of neither. A cell is kept where it
has loans, or a limit is of just it; the last is of whoever has no limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Ends = tuple[int | None, int | None]
"""Bank and guarantor, by the ids of the parties; None: whichever has no limit, of a limit: any."""

WHOLE: Ends = (None, None)


def cell_of(ends: Ends, limits: Sequence[Ends]) -> Ends:
    """The cell of a loan by its bank and guarantor; limits: of whom limits are."""
    lender, guarantor = ends
    return (
        lender if any(own[0] == lender for own in limits) else None,
        guarantor if any(own[1] == guarantor for own in limits) else None,
    )


def cells_of(limits: Sequence[Ends], loans: Iterable[Ends]) -> list[Ends]:
    """The cells that are kept, banks and guarantors in the order of their limits; loans: their banks and guarantors."""
    lenders, guarantors = ([*dict.fromkeys(own[n] for own in limits if own[n] is not None)] for n in (0, 1))
    wanted = {WHOLE, *limits, *(cell_of(ends, limits) for ends in loans)}
    every: list[Ends] = [(lender, by) for lender in (*lenders, None) for by in (*guarantors, None)]
    return [cell for cell in every if cell in wanted]


def places_of(limit: Ends, cells: Sequence[Ends]) -> tuple[int, ...]:
    """The cells whose loans a limit is of; empty: all."""
    if limit == WHOLE:
        return ()
    return tuple(
        n for n, cell in enumerate(cells) if limit[0] in (None, cell[0]) and limit[1] in (None, cell[1])
    )
