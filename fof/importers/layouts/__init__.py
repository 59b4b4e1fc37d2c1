"""Every layout, by name and by sheet title."""

from __future__ import annotations

from fof.importers.columns import Layout
from fof.importers.layouts.attributes import ATTRIBUTES
from fof.importers.layouts.capital_calls import CAPITAL_CALLS, PAYMENTS
from fof.importers.layouts.commitments import COMMITMENTS
from fof.importers.layouts.companies import COMPANIES, COMPANY_YEARS
from fof.importers.layouts.deals import DEALS
from fof.importers.layouts.distributions import DISTRIBUTIONS
from fof.importers.layouts.edges import EDGES
from fof.importers.layouts.fund_cash import FUND_CASH
from fof.importers.layouts.funds import FUNDS
from fof.importers.layouts.office import CLOSES, DISPOSITIONS, MOVEMENTS, SETTINGS
from fof.importers.layouts.parties import PARTIES
from fof.importers.layouts.positions import POSITIONS
from fof.importers.layouts.valuations import VALUATIONS

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        PARTIES,
        FUNDS,
        COMPANIES,
        COMPANY_YEARS,
        EDGES,
        COMMITMENTS,
        CAPITAL_CALLS,
        PAYMENTS,
        DISTRIBUTIONS,
        DEALS,
        ATTRIBUTES,
        FUND_CASH,
        VALUATIONS,
        POSITIONS,
        MOVEMENTS,
        SETTINGS,
        DISPOSITIONS,
        CLOSES,
    )
}
"""In the order in which a plan books them: what others refer to comes first."""


def layout_titled(title: str) -> Layout | None:
    """The layout a sheet title names (identifier, Chinese or English title or alias; case ignored), or None."""
    wanted = title.strip().casefold()
    for layout in LAYOUTS.values():
        if wanted in (
            name.casefold() for name in (layout.name, layout.text.zh, layout.text.en, *layout.aliases)
        ):
            return layout
    return None
