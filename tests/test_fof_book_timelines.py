"""Balances by day: whatever the order changes come in, and however they are made."""

import datetime as dt

from fof.book.timelines import Steps

A, B, C = (dt.date(2020, 1, day) for day in (1, 3, 5))


def test_a_balance_is_that_at_the_close_of_a_day() -> None:
    """Before the first change nothing; of several changes on a day the last counts."""
    own = Steps([(B, 5), (A, 10), (B, -2)])
    assert [own.at(day) for day in (dt.date(2019, 12, 31), A, dt.date(2020, 1, 2), B, C)] == [
        0,
        10,
        10,
        13,
        13,
    ]
    assert (own.before(A), own.before(B), own.before(C)) == (0, 10, 13)
    assert own.changed() == [A, B, B]
    assert own.closings() == {A: 10, B: 13}
    assert own.average(A, C) == round((10 + 10 + 13 + 13 + 13) / 5)


def test_changes_may_come_after_a_balance_was_asked_for() -> None:
    """What it is made of is known before and after, and sums up to the same."""
    own = Steps()
    assert (own.at(C), own.changes(), own.closings()) == (0, [], {})
    own.add(B, 4)
    assert own.at(C) == 4
    own.add(A, 1)
    assert sorted(own.changes()) == [(A, 1), (B, 4)]
    assert [own.at(day) for day in (A, B)] == [1, 5]
    assert own.changes() == [(A, 1), (B, 4)]


def test_balances_that_are_known_already_are_taken_as_they_are() -> None:
    """As the book makes them of columns."""
    own = Steps.of([A, B, B], [10, 15, 13])
    assert (own.at(A), own.at(B), own.changes()) == (10, 13, [(A, 10), (B, 5), (B, -2)])
    own.add(C, 1)
    assert own.at(C) == 14
