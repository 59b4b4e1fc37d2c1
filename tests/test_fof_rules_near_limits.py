"""Books near the limits: random offices in which every measured amount lies on a limit, one fen below or one above.

The verdict is worked out beside the product, in whole fen, from what is planted; the rules see the book alone.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from fof import audit
from fof.db import Database
from fof.rules.registry import Verdict
from models.journal import Fact, Party
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K
from tests.conftest import Clerk

AS_OF = "2022-06-30"
CAPS = {"angel": (2, 5), "vc": (3, 10), "growth": (1, 4)}
"""Guidance fund's share of the commitments at most, by strategy (GF-06)."""
TICKET = 100_000_000
"""Fen of the smallest ticket of a person (QI-01)."""
FUNDS = 9


class Planted:
    """One fund with five amounts near limits; `over` says by how many fen each is beyond."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.code, self.number = f"SF{number}", number
        self.strategy = chance.choice(list(CAPS))
        self.over = {
            rule: chance.choice((-1, 0, 1)) for rule in ("GF-06", "GF-24", "GF-09", "GF-65", "QI-01")
        }
        self.total = chance.randrange(20, 90) * 1_000_000_000  # so that every limit is whole fen
        part, whole = CAPS[self.strategy]
        self.guidance = self.total * part // whole + self.over["GF-06"]
        self.partner = self.total // 100 - self.over["GF-09"]  # a floor: one fen beyond is one fen short
        self.person = TICKET - self.over["QI-01"]
        self.others = self.total - self.guidance - self.partner - self.person
        self.first = self.total // 5 + self.over["GF-24"]
        self.paid = self.total * 2 // 5
        self.second = self.paid * 7 // 10 - self.first - self.over["GF-65"]

    def book(self, clerk: Clerk) -> None:
        """Commitments, one payment, two deals in two companies."""
        n, code = self.number, self.code
        more = {"strategy": self.strategy, "gp": f"GP{n}", "status": "investing", "cash_kept": "yes"}
        kinds = {"SO": "social_investor", "P": "person", "A": "company", "B": "company", "GP": "manager"}
        facts = {"fund_kind": "market", "fund_class": "venture", **more}

        def registered(_: Any, ids: Any) -> tuple[list[Any], list[Any]]:
            rows: list[Any] = [Party(ids.party(), f"{letter}{n}", kind) for letter, kind in kinds.items()]
            fund = ids.party()
            rows += [Party(fund, code, "sub_fund"), *(Fact(fund, None, k, v) for k, v in facts.items())]
            return [], [*rows, Fact(rows[-len(facts) - 2].id, None, "ownership", "private")]

        clerk.book(EntryKind.PARTIES, "2015-01-01", registered)
        promised = {"GF": self.guidance, f"GP{n}": self.partner, f"P{n}": self.person, f"SO{n}": self.others}
        clerk.pay_many(
            "2020-01-02",
            [(K.COMMITMENT, who, code, fen / 100) for who, fen in promised.items()],
            fund=code,
            entry=EntryKind.COMMITMENT,
        )
        paid = [(K.CALL_INVESTMENT, f"SO{n}", code, self.paid / 100)]
        clerk.pay_many("2020-02-03", paid, fund=code, entry=EntryKind.CALL_PAYMENT)
        self.deal = clerk.deal(code, f"A{n}", "initial", self.first / 100, "2020-03-04", instrument="equity")
        clerk.deal(code, f"B{n}", "initial", self.second / 100, "2020-03-05", instrument="equity")

    def expected(self, deals: dict[int, str]) -> dict[tuple[str, str], bool]:
        """(rule, what it is about) -> whether its limit is passed. deals: code by entry."""
        about = {"GF-24": deals[self.deal], "QI-01": f"P{self.number}"}
        return {(rule, about.get(rule, self.code)): over > 0 for rule, over in self.over.items()}


@pytest.mark.parametrize("seed", range(1))
def test_a_fen_beyond_a_limit_is_found_and_none_before_it(tmp_path: Any, seed: int) -> None:
    """Broken is what is beyond; at the limit and one fen before it nothing is, whatever else of a subject is unknown."""
    book = Database(f"sqlite:///{tmp_path / 'book.sqlite'}")
    book.init()
    clerk, chance = Clerk(book), random.Random(seed)
    clerk.party("GF", "guidance_fund", day="2015-01-01", province="黑龙江省")
    planted = [Planted(n, chance) for n in range(FUNDS)]
    for one in planted:
        one.book(clerk)
    view = clerk.view(AS_OF)
    deals = {d.entry: d.row.code for d in view.deals}
    expected = {key: broken for one in planted for key, broken in one.expected(deals).items()}
    found: dict[tuple[str, str], bool] = {}
    for f in audit.guidance(view).findings:
        for part in str(f.subject).split("/"):
            if (f.rule, part) in expected:
                broken = f.verdict in (Verdict.BREACH, Verdict.WARN)
                found[f.rule, part] = found.get((f.rule, part), False) or broken
    book.close()
    assert len(set(expected.values())) == 2
    assert found == expected
