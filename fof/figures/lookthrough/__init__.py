"""Look-through: owners and shares on a day, every path to a company, a holder's exposure, the government's share."""

from fof.book.government import (
    LEVELS,
    GovernmentShare,
    deciding_fact,
    government_shares,
    investor_parts,
    looked_through,
    soe_counts_as_government,
)
from fof.book.ownership import BASES, Base, Graph, OwnershipEdge, graph
from fof.figures.lookthrough.exposure import (
    Exposure,
    ExposureAmounts,
    ExposureColumns,
    ExposurePath,
    Reach,
    exposure_columns,
    exposures,
    paths,
    reach,
)

__all__ = [
    "BASES",
    "LEVELS",
    "Base",
    "OwnershipEdge",
    "Exposure",
    "ExposureAmounts",
    "ExposureColumns",
    "GovernmentShare",
    "Graph",
    "ExposurePath",
    "Reach",
    "deciding_fact",
    "exposure_columns",
    "exposures",
    "government_shares",
    "graph",
    "looked_through",
    "investor_parts",
    "paths",
    "reach",
    "soe_counts_as_government",
]
