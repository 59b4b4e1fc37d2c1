"""What a fund is agreed to be, and what is meant to go wrong in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

Fee = tuple[str, int]
"""Basis (commitment, paid_in, invested) and yearly rate in basis points."""


@dataclass(frozen=True, slots=True)
class OneOffDeal:
    """A deal written by hand because a rule looks at it: industry, instrument, ten thousands of yuan, day."""

    day: dt.date
    industry: str
    wan: int
    instrument: str = "股权"
    city: str | None = None
    post_wan: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One investor sells a part (per cent) of its stake to another on a day, for a share (per cent) of its cost."""

    day: dt.date
    seller: str
    buyer: str
    per_cent: int
    price_per_cent: int


@dataclass(frozen=True, slots=True)
class Fund:
    """A sub-fund. Money in ten thousands of yuan (万元), rates in basis points, times in years.

    The second block holds the oddities: each is there so that a rule of the rulebook finds something, and
    seeds/README.md lists them by rule.
    """

    code: str
    name: str
    strategy: str
    start: dt.date  # first close
    investors: tuple[tuple[str, int], ...]
    city: str
    manager: int
    families: tuple[str, ...]
    positions: int
    term: int
    invest: int = 4
    fees: tuple[Fee, Fee, int] = (("commitment", 150), ("invested", 150), 0)
    hurdle: int = 800
    carry: int = 2000
    kind: str = "market"
    mode: str | None = None
    custodian: str | None = "BK-01"

    extended: int = 0  # years added to the term
    extensions: int = 0  # in how many decisions
    extension_level: str = "province"
    closes: bool = False  # wound up at the end of its life
    second_close: tuple[int, tuple[tuple[str, int], ...]] | None = None  # days after the first, who joins
    first_call: int | None = (
        None  # per cent of commitments called at first close; None: what the filing asks for
    )
    idle_days: int = 0  # money called at first close and left lying so long
    filing_workdays: int | None = 12  # AMAC filing after the first close; None: never filed
    approved_days: int = 150  # approved so many days before the first close
    selected_days: int = 120
    overcharge: int = 0  # basis points a year above the terms
    fee_after_term: bool = False
    early_carry: int = 0  # ten thousands of yuan of carry paid before the hurdle is met
    big_ticket: int = 0  # per cent of commitments put into one company
    mandate: tuple[str, ...] | None = None  # families of the mandate where the fund strays from them
    late_stage: bool = False  # an angel fund that does not invest early
    one_off_deals: tuple[OneOffDeal, ...] = ()
    sales: tuple[Sale, ...] = ()
    late: tuple[str, ...] = ()  # investors that pay late, short or not at all
    excused: str | None = None  # investor excused from one deal
    recallable: bool = False  # an early exit is given back as recallable
    province: str = "黑龙江省"
    sponsor_level: str = "province"
    reinvest: tuple[int, str] | None = None  # multiple in per cent, basis
    mandate_doc: str | None = None
    borrowing_wan: int | None = None
    concession: int | None = None
    form: str = "limited_partnership"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def klass(self) -> str:
        return "industrial" if self.strategy in ("industrial", "merger") else "venture"

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages of the mandate: early funds may go along with their companies into growth, but for one that strays."""
        if self.strategy in ("seed", "angel"):
            return ("seed", "startup") if self.late_stage else ("seed", "startup", "growth")
        return {
            "vc": ("startup", "growth"),
            "conversion": ("seed", "startup", "growth"),
            "growth": ("startup", "growth", "mature"),
            "industrial": ("growth", "mature"),
            "merger": ("growth", "mature"),
            "secondary": ("growth", "mature"),
        }[self.strategy]

    @property
    def size(self) -> int:
        """Total commitments at first close, ten thousands of yuan."""
        return sum(wan for _, wan in self.investors)


@dataclass(frozen=True, slots=True)
class Planned:
    """A fund approved on paper and not set up by the last day (GF-52, AF-04)."""

    code: str
    name: str
    strategy: str
    city: str
    manager: int
    approved_on: dt.date
    selected_on: dt.date
    target_wan: int
    investors: tuple[tuple[str, int], ...] = ()  # what is promised already
