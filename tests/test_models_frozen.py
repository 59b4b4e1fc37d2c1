"""Records are to everybody what frozen dataclasses with slots are; only what they cost at import differs."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Generic, TypeVar

import pytest

from models.frozen import frozen

T = TypeVar("T")


@frozen
class Stated(Generic[T]):
    """What somebody stated."""

    fund: str
    fen: T
    parts: tuple[int, ...] = ()
    notes: list[str] = field(default_factory=list, compare=False)

    def __post_init__(self) -> None:
        if self.fund == "":
            raise ValueError("no fund")

    @property
    def twice(self) -> tuple[T, T]:
        return (self.fen, self.fen)


@frozen
class StatedLater(Stated[int]):
    """The same, and when."""

    day: int = 0


@frozen(eq=False)
class Alone:
    """Equal to itself."""

    fen: int


@frozen
class Empty:
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What a dataclass makes of the same."""

    fund: str
    fen: int
    parts: tuple[int, ...] = ()


def test_fields_come_by_place_and_by_name_and_defaults_are_made_anew() -> None:
    one, other = Stated("F1", 5), Stated(fen=5, fund="F1", parts=())
    assert (one.fund, one.fen, one.parts, one.notes, one.twice) == ("F1", 5, (), [], (5, 5))
    assert one.notes is not other.notes
    assert StatedLater("F1", 5, day=3).day == 3
    assert Empty() == Empty()


@pytest.mark.parametrize(
    ("given", "named"), [((), {}), (("F1",), {}), (("F1", 1, (), [], 9), {}), (("F1", 1), {"fee": 2})]
)
def test_what_is_missing_or_too_much_is_an_error_as_of_any_function(
    given: tuple[object, ...], named: dict[str, int]
) -> None:
    for _ in range(2):  # the first record of a class, and those after it
        with pytest.raises(TypeError, match=r"Stated\.__init__|__init__\(\)"):
            Stated(*given, **named)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no fund"):
        Stated("", 1)


def test_nothing_of_a_record_changes() -> None:
    one = Stated("F1", 5)
    for name in ("fen", "something"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, name, 6)
        with pytest.raises(FrozenInstanceError):
            delattr(one, name)
    assert not hasattr(one, "__dict__")


def test_records_are_equal_by_their_fields_and_class() -> None:
    assert Stated("F1", 5, (1,)) == Stated("F1", 5, (1,), ["not compared"])
    assert hash(Stated("F1", 5)) == hash(Stated("F1", 5, (), ["not compared"]))
    assert Stated("F1", 5) != Stated("F1", 6)
    assert Stated("F1", 5) != StatedLater("F1", 5)
    assert Stated("F1", 5) != Usual("F1", 5)
    one = Alone(1)
    assert one != Alone(1)
    assert len({one, one, Alone(1)}) == 2


def test_a_record_is_copied_replaced_and_handed_to_another_process() -> None:
    one = StatedLater("F1", 5, (1, 2), ["a"], 9)
    for again in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), replace(one, day=9)):
        assert (again, again.notes) == (one, ["a"])
        assert again is not one
    assert replace(one, fen=6).fen == 6


def test_dataclasses_know_records() -> None:
    mine, usual = Stated("F1", 5), Usual("F1", 5)
    assert is_dataclass(mine)
    assert [f.name for f in fields(usual)] == [f.name for f in fields(mine)][:3]
    assert asdict(mine) == asdict(usual) | {"notes": []}
    assert repr(mine) == "Stated(fund='F1', fen=5, parts=(), notes=[])"
    match mine:
        case Stated(fund, fen):
            assert (fund, fen) == ("F1", 5)
