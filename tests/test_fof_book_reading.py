"""What is asked of columns: their different values, and which of them are among others, as numpy's own answers say."""

from __future__ import annotations

import numpy as np
import pytest

from fof.book.reading import distinct, is_among

COLUMNS = [[], [3], [3, 3, 3], [5, -1, 5, 2, -1], [2**40, 7, 2**40]]


@pytest.mark.parametrize("column", COLUMNS)
def test_the_different_values_are_numpys(column: list[int]) -> None:
    given = np.array(column, np.int64)
    assert distinct(given).tolist() == np.unique(given).tolist()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("values", [[], [5], [2**40, -1, 2], [9, 9, -7]])
def test_which_are_among_others_is_numpys(column: list[int], values: list[int]) -> None:
    given = np.array(column, np.int64)
    assert is_among(given, values).tolist() == np.isin(given, values).tolist()
    assert is_among(given, np.array(values, np.int32 if 2**40 not in values else np.int64)).dtype == bool
