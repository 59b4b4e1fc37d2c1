"""Errors of the kernels.

ValuationError      the inputs cannot be what the caller meant: wrong shape, nan, a share above one.

A figure that merely does not exist for good inputs (a rate without a root, a multiple on nothing
paid in) is nan with a reason, as the docstring of each kernel says; it is never this error.
"""

from __future__ import annotations


class ValuationError(ValueError):
    """An argument a kernel cannot work on: names the argument, the first offending index and what was found.

    argument : name of the parameter as the caller wrote it
    problem  : what is wrong, in words ("not finite", "rate must be above -1")
    index    : first offending position (an int, or a tuple for arrays of several dimensions), None for the whole
    found    : the offending value, None where the shape is the problem
    """

    def __init__(
        self,
        argument: str,
        problem: str,
        *,
        index: int | tuple[int, ...] | None = None,
        found: object = None,
    ) -> None:
        self.argument = argument
        self.problem = problem
        self.index = index
        self.found = found
        where = argument if index is None else f"{argument}[{', '.join(map(str, _as_tuple(index)))}]"
        what = "" if found is None else f", got {found!r}"
        super().__init__(f"{where}: {problem}{what}")


def _as_tuple(index: int | tuple[int, ...]) -> tuple[int, ...]:
    return index if isinstance(index, tuple) else (index,)
