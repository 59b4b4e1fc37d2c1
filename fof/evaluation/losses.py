"""Loss tolerance (容亏率) by class and fund: realised and unrealised loss, and the headroom. Rulebook GF-56, GF-57, PI-07.

Tolerance decides when people are asked to answer. It shields them; it never pays anybody: nothing here is booked, and
no projection reads it. Gains count against losses over a whole portfolio; one deal, which may be lost as a whole
(100 %), never leads to accountability by itself, and neither does a class: only a fund at its test day does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from fof.book.currencies import by_currency, one
from fof.book.holdings import Holding, holdings
from fof.book.reading import Reason, ratio, several
from fof.evaluation.judged import Judged, judged
from fof.ledger import View
from fof.rules.contract import ENDING
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import HoldingFacts
from fof.rules.losses import portfolio_result, test_day
from fof.rules.parameters import DatedNumber
from models.frozen import frozen
from models.kinds import PartyKind, Strategy
from models.text import NO_TEXT, Text

SINGLE_DEAL = 1.0
"""Tolerance of one deal: it may be lost as a whole (GF-56: 广州开发区 2025-02, 湖北 2025-06, 四川 2025)."""

CLASSES = {
    "seed": Text("种子类", "Seed"),
    "angel": Text("天使类", "Angel"),
    "other": Text("其他类", "Other"),
    "unstated": Text("策略未注明", "Strategy not stated"),
}
_OF_STRATEGY = {Strategy.SEED: "seed", Strategy.ANGEL: "angel"}

NO_VALUE = Reason(
    "no_value", Text("部分在持项目没有估值", "some positions that are still held have no value")
)
NO_CLASS = Reason("no_class", Text("基金策略未注明，无法归类", "the fund's strategy is not stated; no class"))
NO_TOLERANCE = Reason("no_tolerance", Text("当日没有有效的容亏率", "no tolerance is in force on this day"))
NOTHING_INVESTED = Reason("nothing_invested", Text("没有投资成本", "nothing was invested"))
NO_REVIEW = Reason("no_review", Text("缺少尽职核查结果", "the due-care review is missing"))

UNTESTED, WITHIN, EXEMPT, REVIEW, UNKNOWN = "untested", "within", "exempt", "review", "unknown"


@frozen
class Loss:
    """Loss of a fund, a class or a deal, in fen.

    invested     : everything ever paid for investments
    returned     : proceeds of exits and dividends        value : of what is held, None where a part is not known
    realised, unrealised, lost : as fof.rules.losses.PortfolioResult has them
    share        : lost / invested, nan where it does not exist
    tolerance    : share of invested, nan where none is in force or there is no class; source: where it comes from
    headroom     : tolerance − share; headroom_fen: the same in money (negative: beyond tolerance)
    state        : of a fund only: untested, within, exempt, review or unknown; None for a class or a deal
    currency     : of the amounts; None of a class whose funds are in several: it has no figures, the rows of each
                   currency follow it
    """

    key: str
    label: str
    loss_class: str
    invested: int | None
    returned: int | None
    value: int | None
    realised: int | None
    unrealised: int | None
    lost: int | None
    share: float
    tolerance: float
    headroom: float
    headroom_fen: int | None
    source: Text
    state: str | None = None
    tested_on: dt.date | None = None
    reason: Reason | None = None
    currency: str | None = None


@frozen
class Losses:
    """Losses by class and fund; deals: of every company of every fund, none of which is ever judged alone (GF-57)."""

    as_of: dt.date | None
    known_at: int
    classes: tuple[Loss, ...]
    funds: tuple[Loss, ...]
    deals: tuple[Loss, ...]


def losses(view: View, funds: Collection[str] | None = None) -> Losses:
    """Loss statistics of all sub-funds of the office with investments (or of some of them, by code), on the view's day."""
    judgement = judged(view)
    own: dict[str, list[Holding]] = {}
    for code, fund in judgement.facts.items():
        if funds is not None and code not in funds:
            continue
        if fund.kind is PartyKind.SUB_FUND and (held := holdings(view, view.party(code).id)):
            own[code] = held
    by_fund = [_fund(view, judgement, judgement.facts[code], held) for code, held in own.items()]
    classes = []
    for name, text in CLASSES.items():
        members = [code for code in own if class_of(judgement.facts[code]) == name]
        if members:
            held = [h for code in members for h in own[code]]
            classes += _class(name, text.zh, held, _tolerance(judgement, name, None))
    deals = [
        _loss(
            f"{code}/{view.parties[h.company].code}",
            f"{view.name(h.fund)} · {view.name(h.company)}",
            class_of(judgement.facts[code]),
            [h],
            SINGLE_DEAL,
            Text("GF-56", "GF-56"),
        )
        for code, held in own.items()
        for h in held
    ]
    return Losses(view.as_of, view.known_at, tuple(classes), tuple(by_fund), tuple(deals))


def _class(name: str, label: str, held: Sequence[Holding], tolerance: DatedNumber | None) -> list[Loss]:
    """A class as one row; over several currencies a row without figures and one for each."""
    parts = by_currency(held, lambda h: h.currency)
    rows = [_loss(name, label, name, own, tolerance) for own in parts.values()]
    if len(parts) < 2:
        return rows
    nan = float("nan")
    together = Loss(
        name,
        label,
        name,
        None,
        None,
        None,
        None,
        None,
        None,
        nan,
        nan,
        nan,
        None,
        NO_TEXT,
        reason=several(parts),
    )
    return [together, *rows]


def class_of(fund: FundFacts) -> str:
    """seed, angel, other or unstated, by the fund's strategy."""
    return "unstated" if fund.strategy is None else _OF_STRATEGY.get(fund.strategy, "other")


def _tolerance(judgement: Judged, loss_class: str, fund: str | None) -> DatedNumber | None:
    if loss_class == "unstated":
        return None
    return judgement.settings.on(f"loss_tolerance_{loss_class}", judgement.day, fund)


def _fund(view: View, judgement: Judged, fund: FundFacts, held: Sequence[Holding]) -> Loss:
    name, on = class_of(fund), fund.tolerance_test_on
    if (
        on is not None and view.as_of is not None and on < view.as_of
    ):  # as it stood on the recorded test day (GF-56)
        held = holdings(view.on(on), view.party(fund.code).id)
    loss = _loss(
        fund.code, view.name(view.party(fund.code).id), name, held, _tolerance(judgement, name, fund.code)
    )
    day = test_day(fund)
    state, reason = _state(fund, loss, day, alone=len(held) == 1)
    return Loss(
        loss.key,
        loss.label,
        name,
        loss.invested,
        loss.returned,
        loss.value,
        loss.realised,
        loss.unrealised,
        loss.lost,
        loss.share,
        loss.tolerance,
        loss.headroom,
        loss.headroom_fen,
        loss.source,
        state,
        day,
        reason,
        loss.currency,
    )


def _state(fund: FundFacts, loss: Loss, day: dt.date | None, *, alone: bool) -> tuple[str, Reason | None]:
    """What a fund's loss means for people (GF-56): nothing before the test day, and only with the due-care review;
    of a fund with one deal alone only that review decides (GF-57)."""
    tested = (day is not None and day <= fund.as_of) or fund.status in ENDING
    if not tested:
        return UNTESTED, loss.reason
    if loss.reason is not None:
        return UNKNOWN, loss.reason
    if loss.headroom_fen is not None and loss.headroom_fen < 0 and not alone:
        return REVIEW, None
    if loss.lost == 0:
        return WITHIN, None
    if fund.due_care is None:
        return UNKNOWN, NO_REVIEW
    return (EXEMPT, None) if fund.due_care else (REVIEW, None)


def _loss(
    key: str,
    label: str,
    loss_class: str,
    held: Iterable[Holding],
    tolerance: DatedNumber | float | None,
    source: Text = NO_TEXT,
) -> Loss:
    held = list(held)
    own = portfolio_result(HoldingFacts("", h.invested, h.value.fen, h.received, h.released) for h in held)
    lost, invested = own.lost, own.cost
    if isinstance(tolerance, DatedNumber):
        limit, source = float(str(tolerance.value)), tolerance.source
    else:
        limit = float("nan") if tolerance is None else tolerance
    share = ratio(lost, invested)
    reason = _why_not(own.value, invested, loss_class, tolerance)
    room = None if lost is None or limit != limit else round(limit * invested) - lost
    return Loss(
        key,
        label,
        loss_class,
        invested,
        own.proceeds,
        own.value,
        own.realised,
        own.unrealised,
        lost,
        share,
        limit,
        limit - share,
        room,
        source,
        reason=reason,
        currency=one({h.currency for h in held}),
    )


def _why_not(
    value: int | None, invested: int, loss_class: str, tolerance: DatedNumber | float | None
) -> Reason | None:
    if value is None:
        return NO_VALUE
    if invested <= 0:
        return NOTHING_INVESTED
    if tolerance is None:
        return NO_CLASS if loss_class == "unstated" else NO_TOLERANCE
    return None
