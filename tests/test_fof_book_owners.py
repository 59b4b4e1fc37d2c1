"""Whose money stands behind a party: one walk, against a count of all paths; what each kind of party counts as."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction
from typing import Any

import pytest

from fof.book.government import government_shares
from fof.book.index import book_of
from fof.book.owners import EndOwners, Owners, counts_as
from models.kinds import EntryKind, Ownership, PartyKind
from models.posting_kinds import PostingKind as K

DAY = dt.date(2020, 12, 31)


@pytest.mark.parametrize("seed", range(20))
def test_the_walk_adds_up_every_path(seed: int) -> None:
    chance = random.Random(seed)
    owners = {
        party: [(o, Fraction(chance.randint(1, 9), 40)) for o in chance.sample(range(party), min(party, 3))]
        for party in range(12)
    }
    ends = {
        party: chance.choice(["a", "b", None]) for party in range(4)
    }  # some end the path whoever owns them
    walk = EndOwners(lambda p: owners[p], lambda p, owned: ends.get(p) if not owned or p < 2 else None)

    def paths(party: int, share: Fraction) -> list[tuple[int, Fraction]]:
        if not owners[party] or (party < 2 and ends[party] is not None):
            return [(party, share)]
        return [end for owner, part in owners[party] for end in paths(owner, share * part)]

    for party in range(12):
        second: dict[Any, Fraction] = {}
        for end, share in paths(party, Fraction(1)):
            if (name := ends.get(end)) is not None:
                second[name] = second.get(name, Fraction(0)) + share
        assert walk.of(party) == second


@pytest.mark.parametrize(
    ("kind", "ownership", "alone", "owned"),
    [
        (PartyKind.GOVERNMENT, None, "government", "government"),
        (PartyKind.GUIDANCE_FUND, None, "government", None),
        (PartyKind.NATIONAL_FUND, None, "government", None),
        (PartyKind.STATE_INVESTOR, None, "state", "state"),
        (PartyKind.SOE_VC, None, "state", "state"),
        (PartyKind.MANAGER, Ownership.SOE_CONTROLLED_MIXED, "state", "state"),
        (PartyKind.SOCIAL_INVESTOR, None, None, None),
        (PartyKind.PARENT_FUND, None, "unrecorded", None),
        (PartyKind.SUB_FUND, None, "unrecorded", None),
        (PartyKind.SUB_FUND, Ownership.SOE, "state", None),
    ],
)
def test_what_a_partys_money_counts_as(kind: PartyKind, ownership: Any, alone: Any, owned: Any) -> None:
    assert (counts_as(kind, ownership, owned=False), counts_as(kind, ownership, owned=True)) == (alone, owned)


def office(clerk: Any, **investors: dict[str, Any]) -> tuple[Any, Owners]:
    """A fund in which each investor has promised the same."""
    clerk.party("F", "sub_fund", day="2015-01-01", cash_kept="no")
    for code, more in investors.items():
        clerk.party(code, more.pop("kind"), day="2015-01-01", **more)
        clerk.pay(K.COMMITMENT, code, "F", 100, "2016-01-10", fund="F", entry=EntryKind.COMMITMENT)
    view = clerk.view(str(DAY))
    return view, Owners(book_of(view), DAY)


def test_the_home_province_is_asked_for_where_the_figure_is_of_it(clerk: Any) -> None:
    """Money of any government is public (PI-01); in-province money asks for the province (GF-05), and is unknown without."""
    view, owners = office(
        clerk,
        GOV={"kind": "government", "province": "黑龙江省"},
        NF={"kind": "national_fund"},
        AWAY={"kind": "state_investor", "province": "吉林省"},
        SOC={"kind": "social_investor"},
    )
    fund = view.by_code["F"].id
    assert owners.public(fund) == (Fraction(1, 4), 0)
    assert owners.public(fund, anywhere=True) == (Fraction(2, 4), Fraction(1, 4))
    clerk.fact("NF", "2016-02-01", "province", "黑龙江省")  # the nation's money all the same
    clerk.party("NEW", "state_investor", day="2016-02-01")
    clerk.pay(K.COMMITMENT, "NEW", "F", 100, "2016-02-10", fund="F", entry=EntryKind.COMMITMENT)
    owners = Owners(book_of(clerk.view(str(DAY))), DAY)
    assert owners.public(fund) is None
    assert owners.public(fund, anywhere=True) == (Fraction(2, 5), Fraction(2, 5))


def test_a_fund_of_which_nobody_recorded_the_investors(clerk: Any) -> None:
    """The rules cannot tell whose it is; the government share takes a parent fund as money of its level. What is stated of
    its ownership counts for both (the government share passed over it)."""
    view, owners = office(
        clerk,
        PF={"kind": "parent_fund", "sponsor_level": "province"},
        SOC={"kind": "social_investor"},
    )
    fund = view.by_code["F"].id
    [share] = government_shares(view, [fund])
    assert (owners.public(fund), share.looked_through, share.by_level["province"]) == (None, 0.5, 0.5)
    assert owners.guidance(fund) == (0, Fraction(1, 2))
    clerk.fact("PF", "2016-02-01", "ownership", "soe")
    clerk.fact("PF", "2016-02-01", "province", "黑龙江省")
    view = clerk.view(str(DAY))
    [share] = government_shares(view, [fund])
    assert (share.looked_through, share.with_soe) == (0.0, 0.5)
    assert Owners(book_of(view), DAY).public(fund) == (0, Fraction(1, 2))
