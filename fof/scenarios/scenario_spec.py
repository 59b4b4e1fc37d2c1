"""What a scenario says: a frozen, validated specification, read from a TOML file or made by a form.

Every error of a file is listed at once, with its path in the file and what is allowed there. Money is text in yuan (or a whole
number of yuan), rates are fractions a year, days are TOML days. What a file leaves out is said by the defaults of this module,
and each assumption carries where it came from.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from fof.errors import Problem, Where
from fof.scenarios.company_terms import OutcomeTerms
from fof.scenarios.pool_terms import PoolTerms
from fof.scenarios.programme_terms import ProgrammeTerms
from fof.scenarios.spec_parts import (
    Flag,
    Growth,
    Rate,
    SpecPart,
    Volatility,
    Yuan,
    as_stated,
    stated_defaults,
)
from fof.scenarios.spec_problems import UnfitScenario, spec_problems
from models.kinds import City, Strategy
from models.text import Text


class PacingTerms(SpecPart):
    """How a fund calls, pays back and grows; what is left out is taken from the wider table, then from the default.

    rates : share of unfunded called in fund year 1, 2, …; the last repeats      life : years      bow, yield_rate, growth
    """

    rates: Annotated[tuple[Rate, ...], Field(min_length=1, max_length=30)] | None = None
    life: Annotated[float, Field(strict=True, gt=0.0, le=50.0)] | None = None
    bow: Annotated[float, Field(strict=True, ge=0.0, le=20.0)] | None = None
    yield_rate: Rate | None = None
    growth: Growth | None = None
    source: str = ""


class NoiseTerms(SpecPart):
    """Volatilities per year of growth: the common factor, the fund's own factor, its own noise; and of pacing, per step."""

    market: Volatility | None = None
    fund: Volatility | None = None
    own: Volatility | None = None
    pacing: Volatility | None = None
    source: str = ""


class PlannedFund(SpecPart):
    """A sub-fund of the commitment programme. signed_on: when it begins to be a commitment; its first call follows within the
    next step. commitment: the portfolio's own; size: of all investors, None: as the book's funds of its strategy gather beside the
    portfolio; government_share: of its size, as planned, None: as in those funds."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    commitment: Yuan
    signed_on: dt.date
    strategy: Strategy | None = None
    city: City | None = None
    government_share: Rate | None = None
    size: Yuan | None = None
    manager: str | None = None
    source: str = ""


class CashTerms(SpecPart):
    """The portfolio's own cash. opening None: as the book has it; reuse: part of distributions that may be used anew;
    yearly_costs: what it pays itself a year; floor: cash that should always be there."""

    opening: Yuan | None = None
    reuse: Rate = 1.0
    yearly_costs: Yuan = 0
    floor: Yuan = 0
    source: str = ""


class DatedMoney(SpecPart):
    """Money by year; quarter: in which it comes."""

    year: Annotated[int, Field(strict=True, ge=2000, le=2100)]
    amount: Yuan
    quarter: Annotated[int, Field(strict=True, ge=1, le=4)] = 4
    source: str = ""


class BudgetAppropriation(DatedMoney):
    """What a government pays in."""

    payer: str = ""


class CountedIncome(DatedMoney):
    """What is counted on beside appropriations: a reward for what was invested (IN-01), a subsidy. No cut of appropriations touches
    it, and no rule takes it for one."""


class ExitFreeze(SpecPart):
    """Exits stop (or a share of them) for some quarters; what a fund pays at its very end comes after the freeze."""

    kind: Literal["exit_freeze"]
    since: dt.date
    quarters: Annotated[int, Field(strict=True, ge=1, le=40)] = 4
    share: Rate = 1.0
    strategy: Strategy | None = None


class MarkDown(SpecPart):
    """Values fall by a share in the step that holds the day."""

    kind: Literal["mark_down"]
    on: dt.date
    share: Rate
    strategy: Strategy | None = None


class PartnerDefault(SpecPart):
    """A share of the other partners of the funds no longer pays; the rest is called for it, up to their own unfunded."""

    kind: Literal["partner_default"]
    since: dt.date
    share: Annotated[float, Field(strict=True, ge=0.0, lt=1.0)]


class AppropriationCut(SpecPart):
    """Appropriations of a year (of every year where none is named) are cut by a share, and come some quarters late."""

    kind: Literal["appropriation_cut"]
    year: Annotated[int, Field(strict=True, ge=2000, le=2100)] | None = None
    share: Rate = 0.0
    delay_quarters: Annotated[int, Field(strict=True, ge=0, le=40)] = 0


class CreditShock(SpecPart):
    """Loans of a pool (of every pool where none is named) default more often for some quarters. The intensity of default, -ln(1 - PD), is
    multiplied by default_factor and, where interest rises (0.02: by two points a year), by exp(sensitivity * interest_rise);
    sensitivity: by how much its logarithm rises with interest, stated where interest rises, since no book says it."""

    kind: Literal["credit_shock"]
    since: dt.date
    quarters: Annotated[int, Field(strict=True, ge=1, le=40)] = 4
    default_factor: Annotated[float, Field(strict=True, gt=0.0, le=100.0)] = 1.0
    interest_rise: Annotated[float, Field(strict=True, ge=-0.2, le=0.5)] = 0.0
    sensitivity: Annotated[float, Field(strict=True, ge=0.0, le=100.0)] | None = None
    pool: str | None = None


class ManagerHaircut(SpecPart):
    """The values that one manager states are taken down by a share, in the first step."""

    kind: Literal["manager_haircut"]
    manager: str
    share: Rate


Shock = Annotated[
    ExitFreeze | MarkDown | PartnerDefault | AppropriationCut | CreditShock | ManagerHaircut,
    Field(discriminator="kind"),
]


class Scenario(SpecPart):
    """A scenario: inputs alone. Together with a prefix of the journal and the version of the program it gives one result.

    portfolio : code, None: the book's first      horizon : years      step : of the projection      paths, seed
    pacing, pacing_by_strategy, pacing_by_fund : the narrower goes first
    basis     : where what the file leaves out comes from: the book's own fit, shrunk to the published prior, or that alone
    noise     : what is left out is fitted (basis book) or 0 (published)
    """

    name: Annotated[str, Field(min_length=1, max_length=80)]
    portfolio: str | None = None
    horizon: Annotated[int, Field(strict=True, ge=1, le=40)] = 15
    step: Literal["quarter", "year"] = "quarter"
    paths: Annotated[int, Field(strict=True, ge=1, le=10_000_000)] = 10_000
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**63)] = 1
    basis: Literal["book", "publication"] = "book"
    pacing: PacingTerms = PacingTerms()
    pacing_by_strategy: Mapping[Strategy, PacingTerms] = {}
    pacing_by_fund: Mapping[str, PacingTerms] = {}
    extension: Annotated[float, Field(strict=True, gt=0.0, le=10.0)] = 2.0
    noise: NoiseTerms = NoiseTerms()
    planned: tuple[PlannedFund, ...] = ()
    cash: CashTerms = CashTerms()
    appropriation: tuple[BudgetAppropriation, ...] = ()
    income: tuple[CountedIncome, ...] = ()
    shock: tuple[Shock, ...] = ()
    pool: tuple[PoolTerms, ...] = ()
    companies: OutcomeTerms | None = None
    plan: ProgrammeTerms | None = None
    by_fund: Flag = True
    rates_of_return: Flag = True
    rules: Flag = True

    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any input, however the file is written."""
        return hashlib.sha256(self._inputs(stated=False).encode()).hexdigest()[:12]

    def canonical(self) -> str:
        """The whole specification as JSON text, defaults included, in one order; money in fen. What a later program asks beside
        it is left out where nothing is said, so that a file has the digest it always had; `stated` lists the defaults that the
        file states, which no digest hangs on."""
        return self._inputs(stated=True)

    def _inputs(self, *, stated: bool) -> str:
        data = self.model_dump(mode="json")
        if not data["income"]:
            del data["income"]
        for fund in data["planned"]:
            if fund["size"] is None:
                del fund["size"]
        for pool in data["pool"]:
            if pool["guarantor_share"] is None:
                del pool["guarantor_share"]
        if stated and (own := sorted(stated_defaults(self))):
            data["stated"] = own
        return json.dumps(data, sort_keys=True, ensure_ascii=False)

    def without_shocks(self) -> Scenario:
        """The same scenario without its overlays."""
        return self.model_copy(update={"shock": ()})


def read_scenario(text: str, what: str | Text = "") -> Scenario:
    """The specification that a TOML text holds. Refused with every problem, its path in the file and what is allowed there."""
    try:
        data = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # a number of thousands of digits, tables nested beyond reason
        wrong = Text("应为 TOML 文件", "a TOML file is expected")
        raise UnfitScenario([Problem("not_toml", wrong, str(error))], what) from None
    return scenario_of(data, what)


def scenario_of(data: Mapping[str, Any], what: str | Text = "") -> Scenario:
    """The specification of plain values, as `read_scenario`."""
    twice = _twice(data, "planned", Text("拟设基金", "planned fund"))
    twice += _twice(data, "pool", Text("资金池", "pool"))
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise UnfitScenario([*spec_problems(error, Scenario), *twice], what) from None
    if twice:
        raise UnfitScenario(twice, what)
    return scenario


def _twice(data: Mapping[str, Any], table: str, kind: Text) -> list[Problem]:
    """Codes that a list has before, whatever else is wrong with its members."""
    text = Text(f"每个{kind.zh}一个编号", f"one code for each {kind.en}")
    members = data.get(table)
    seen: set[str] = set()
    problems = []
    for n, member in enumerate(members if isinstance(members, list | tuple) else (), 1):
        code = member.get("code") if isinstance(member, dict) else getattr(member, "code", None)
        if isinstance(code, str) and code in seen:
            problems.append(Problem(f"{table}_twice", text, code, Where(field=f"{table}[{n}].code")))
        elif isinstance(code, str):
            seen.add(code)
    return problems


def stored_scenario(canonical: str) -> Scenario:
    """The specification from its canonical text (money is fen there)."""
    data = json.loads(canonical)
    stated = frozenset(data.pop("stated", ()))
    whole = _in_yuan(data)
    return Scenario.model_validate(as_stated(whole, Scenario.model_validate(whole), stated))


def _in_yuan(value: Any, name: str = "") -> Any:
    """Canonical values with amounts as the validator reads them."""
    if isinstance(value, dict):
        return {key: _in_yuan(own, key) for key, own in value.items()}
    if isinstance(value, list):
        return [_in_yuan(own) for own in value]
    if name in AMOUNTS and value is not None:
        return f"{value // 100}.{value % 100:02d}"
    return value


AMOUNTS = frozenset(
    {
        "commitment",
        "opening",
        "yearly_costs",
        "floor",
        "amount",
        "outstanding",
        "lending",
        "top_up",
        "ticket",
        "most_a_year",
        "size",
    }
)
