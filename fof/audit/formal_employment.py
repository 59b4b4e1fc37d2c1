"""Whether an investor that is deemed qualified as staff was formally employed by its fund's manager when it joined (QI-03)."""

from __future__ import annotations

import datetime as dt

from fof.audit.coinvestment.register import staff_register
from fof.book.index import Book
from fof.rules.engine import ask
from fof.rules.facts_coinvest import StaffStakeFacts
from fof.rules.facts_parties import InvestorFacts
from fof.rules.questions import listed
from fof.rules.registry import Verdict
from models.rule_kinds import DeemedQualified

_HOLDS = {Verdict.PASS: True, Verdict.BREACH: False}


def formal_employment(
    book: Book, fund: int, investor: InvestorFacts, party: int, day: dt.date
) -> tuple[str | None, bool | None]:
    """The employment at the fund's manager or general partner that covers the day on which the investor joined, and whether it meets
    CI-05 on that day. None and False: employments there are recorded, none covers the day; None and None: none is recorded, or the
    investor is not deemed to be staff.
    """
    if investor.deemed is not DeemedQualified.MANAGER_STAFF:
        return None, None
    firms = [book.by_code.get(str(book.facts.of(fund, name, day))) for name in ("manager", "gp")]
    register, recorded = staff_register(book, day), False
    for firm in dict.fromkeys(f for f in firms if f is not None):
        recorded = recorded or bool(register.spells(party, firm))
        spell = register.spell_on(party, firm, day)
        if spell is not None:
            code = book.code(party)
            facts = StaffStakeFacts(spell.code, code, None, None, day, day, spell=spell, spells_known=True)
            [outcome] = listed(ask("CI-05", facts, day=day))
            return spell.code, _HOLDS.get(outcome.verdict)
    return None, False if recorded else None
