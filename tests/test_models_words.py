"""Closed lists, attributes, posting kinds and money text."""

from __future__ import annotations

import inspect
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import kinds, money, rule_kinds
from models.facts import FACTS, FactType
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import counted

LISTS = [
    member
    for module in (kinds, rule_kinds)
    for _, member in inspect.getmembers(module, inspect.isclass)
    if issubclass(member, kinds.Word) and member is not kinds.Word and member.__module__ == module.__name__
]


@pytest.mark.parametrize("words", LISTS, ids=lambda w: w.__name__)
def test_each_word_is_read_by_identifier_chinese_name_and_alias_and_no_name_means_two(
    words: type[kinds.Word],
) -> None:
    meaning: dict[str, kinds.Word] = {}
    for word in words:
        for name in (word.value, word.text.zh, *word.aliases):
            assert words.read(f" {name.upper()} ") is word, name
            assert meaning.setdefault(name.casefold(), word) is word, name
    assert words.read("没有这个词") is None


def test_every_posting_kind_has_one_treatment() -> None:
    assert set(TREATMENTS) == set(PostingKind)
    assert len({t.text.zh for t in TREATMENTS.values()}) == len(TREATMENTS)


@pytest.mark.parametrize("kind", PostingKind, ids=lambda k: k.name)
def test_a_treatment_agrees_with_itself(kind: PostingKind) -> None:
    """Unfunded = committed - paid-in inside commitment + recallable; a promise is no flow; figures need two sides."""
    own = TREATMENTS[kind]
    effects = (own.committed, own.due, own.paid_in, own.distributed, own.unfunded)
    assert set(effects) <= {-1, 0, 1}
    in_kind = (PostingKind.DISTRIBUTION_IN_KIND, PostingKind.CONTRIBUTION_IN_KIND)
    assert not (own.memo and own.irr) or kind in in_kind
    if any(effects) or own.irr:
        assert own.from_investor is not None
    if own.committed:
        assert own.unfunded == own.committed
    if own.paid_in:
        assert own.unfunded in (0, -own.paid_in)
        assert own.irr
    if own.distributed:
        assert own.unfunded in (0, 1)
        assert own.irr


FREE = (FactType.TEXT, FactType.PARTY, FactType.CODES)
"""Any text is one of these."""


@pytest.mark.parametrize("name", sorted(FACTS))
def test_an_attribute_is_named_and_refuses_what_is_not_its_kind(name: str) -> None:
    spec = FACTS[name]
    assert (spec.name, bool(spec.text.zh), bool(spec.text.en)) == (name, True, True)
    assert (spec.words is not None) == (spec.kind in (FactType.WORD, FactType.WORDS))
    for text in () if spec.kind in FREE else ("不是这种值", "NaN", "1.2.3"):
        with pytest.raises(ValueError):
            spec.parse(text)


@pytest.mark.parametrize(
    ("number", "one", "text"),
    [
        (1, "entry", "1 entry"),
        (0, "entry", "0 entries"),
        (2, "day", "2 days"),
        ("1,001", "company", "1,001 companies"),
        (3, "loss", "3 losses"),
        ("?", "year", "? years"),
        (Decimal(1), "more problem", "1 more problem"),
    ],
)
def test_a_number_with_what_it_counts(number: object, one: str, text: str) -> None:
    assert counted(number, one) == text


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_fen_as_text_and_back(fen: int) -> None:
    assert money.fen_of(money.yuan_text(fen)) == fen


@pytest.mark.parametrize(
    "text", ["٨", "0_8", "1e-2", "nan", "Infinity", "", "1/2", "²", "0x1", "1 0", "1,000"]
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    """Of an option or a form; files have the same door (fof.importers.cells)."""
    with pytest.raises(ValueError, match="plain digits"):
        money.decimal_of(text)


def test_a_number_may_be_typed_at_full_width() -> None:
    assert [money.decimal_of(text) for text in (" 0.08 ", "０.０８", "＋8", "-3.50")] == [
        Decimal(x) for x in ("0.08", "0.08", "8", "-3.50")
    ]
