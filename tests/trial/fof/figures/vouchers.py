"""How much of a company's vouchers was used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fof.book.currencies import currency_of
from fof.book.reading import Reason, ratio
from fof.figures.answers import declared
from fof.figures.of_facts import OfFacts
from fof.ledger import View
from models.kinds import PartyKind
from models.text import Text

DOCUMENT = declared(
    "vouchers",
    Text("创新券", "Vouchers"),
    "Vouchers by company: given, used, and the part that was used.",
    rows="key label voucher_issued voucher_redeemed voucher_use",
    reasons="voucher_use",
)
_NONE = Reason("no_vouchers", Text("没有发放创新券的记录", "no record of vouchers given"))


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """One company. voucher_use: used over given, nan where nothing was given."""

    key: str
    label: str
    voucher_issued: int | None
    voucher_redeemed: int | None
    voucher_use: float
    currency: str
    reasons: Mapping[str, Reason]


def vouchers(view: View) -> tuple[VoucherUse, ...]:
    """Every company of which vouchers are recorded, by code."""
    every = (_of(view, party.id) for party in view.of_kind(PartyKind.COMPANY))
    return tuple(one for one in every if (one.voucher_issued, one.voucher_redeemed) != (None, None))


def _of(view: View, company: int) -> VoucherUse:
    issued, redeemed = view.fact(company, "voucher_issued"), view.fact(company, "voucher_redeemed")
    use = ratio(redeemed, issued)
    return VoucherUse(
        view.parties[company].code,
        view.name(company),
        issued,
        redeemed,
        use,
        currency_of(view, company),
        {} if use == use else {"voucher_use": _NONE},
    )


def _use(view: View, company: int) -> tuple[float | None, Reason | None]:
    own = _of(view, company)
    return (own.voucher_use, None) if own.voucher_use == own.voucher_use else (None, _NONE)


OPENS = {"voucher_use": OfFacts(("voucher_redeemed", "voucher_issued"), _use)}
