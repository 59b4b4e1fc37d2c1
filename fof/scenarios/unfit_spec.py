"""What is wrong with a specification beside the book: names, days, limits and brackets, and numbers that neither has; in one list."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from fof.book.reading import Floats
from fof.errors import Problem, Where
from fof.ledger import View
from fof.scenarios.company_inputs import TABLE, missing_of_companies
from fof.scenarios.company_terms import BOUNDS, SHARES, OutcomeTerms
from fof.scenarios.limit_inputs import unfit_limits
from fof.scenarios.opening_position import OpeningPosition
from fof.scenarios.pool_inputs import PoolInputs, pool_inputs
from fof.scenarios.scenario_shocks import credit_intensities
from fof.scenarios.scenario_spec import Scenario
from fof.scenarios.unfit_names import unfit_names
from models.text import Text


def unfit_spec(
    scenario: Scenario,
    opening: OpeningPosition,
    view: View | None,
    days: Sequence[dt.date],
    lengths: Floats,
) -> tuple[list[Problem], PoolInputs]:
    """Every problem, and the pools, which are made where they are looked for. view: None where the file names no pools."""
    used = frozenset() if view is None else view.by_code.keys()
    problems = [*unfit_names(scenario, opening, used, days, lengths), *unfit_limits(scenario.pool)]
    lawless = unfit_companies(scenario.companies)
    problems += lawless
    pools = PoolInputs()
    if view is not None and scenario.pool:
        intensity = credit_intensities(scenario, opening.as_of, days, lengths)
        pools, missing = pool_inputs(view, scenario.pool, days, lengths, intensity)
        problems += missing
    if view is not None and scenario.companies is not None:
        known = [*(fund.code for fund in opening.funds), *(fund.code for fund in scenario.planned)]
        # a law that is none has no quantiles; what else is missing is looked for with the one that stands where none is typed
        gone = {"bounds": None, "shares": None} if lawless else {}
        terms = scenario.companies.model_copy(update=gone)
        problems += missing_of_companies(view, terms, opening, known, lengths)
    return problems, pools


def unfit_companies(terms: OutcomeTerms | None) -> list[Problem]:
    """Brackets that are no law: bounds that do not ascend from 0, shares that do not add up to 1, a last bracket without mass."""
    if terms is None or (terms.bounds is None and terms.shares is None):
        return []
    bounds, shares = terms.bounds or BOUNDS, terms.shares or SHARES
    problems = []
    if bounds[0] != 0 or any(b <= a for a, b in itertools.pairwise(bounds)):
        text = Text("自 0 起逐项递增", "ascending from 0")
        problems.append(Problem("out_of_range", text, str(bounds), Where(field=f"{TABLE}.bounds")))
    if len(shares) != len(bounds) or abs(sum(shares) - 1) > 1e-9 or min(shares) <= 0:
        text = Text("与 bounds 等长、均大于 0、合计为 1", "as many as bounds, each above 0, adding up to 1")
        problems.append(Problem("out_of_range", text, str(shares), Where(field=f"{TABLE}.shares")))
    return problems
