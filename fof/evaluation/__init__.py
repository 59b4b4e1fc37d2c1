"""Evaluation and reporting duties: scorecard, loss tolerance, reinvestment, the national register's export.

judged        the audit of a day by fund, read once for everything here
indicators    the declared indicators, each computed or asked for
weights       block weights, yearly inputs and scales: read from settings, or as if a request were booked
requests      the same asked for: checked whole, booked as one entry
scorecard     the yearly performance evaluation of a fund (rulebook GF-58)
opened        what a computed indicator is made of: formula, rows, documents
whole_life    state venture institutions since inception over all their funds (GF-70)
losses        realised and unrealised loss against tolerance (GF-56, GF-57, PI-07)
reinvestment  返投 as a contract term with a policy warning (GF-37, GF-39)
register      what the national register asks (PI-01…09) and whether it can be signed (GF-60)
"""

from fof.evaluation.judged import evaluated_funds
from fof.evaluation.losses import Losses, losses
from fof.evaluation.national_register import Register, register
from fof.evaluation.opened import Opened, opened
from fof.evaluation.register_document import register_json, register_workbook
from fof.evaluation.reinvestment import Duty, reinvestments
from fof.evaluation.requests import set_input, set_scale, set_weights
from fof.evaluation.scorecard import Scorecard, scorecard
from fof.evaluation.weights import Weights, bands, weights_of
from fof.evaluation.whole_life import Institution, institutions

__all__ = [
    "Duty",
    "Institution",
    "Losses",
    "Opened",
    "Register",
    "Scorecard",
    "Weights",
    "bands",
    "evaluated_funds",
    "institutions",
    "losses",
    "opened",
    "register",
    "register_json",
    "register_workbook",
    "reinvestments",
    "scorecard",
    "set_input",
    "set_scale",
    "set_weights",
    "weights_of",
]
