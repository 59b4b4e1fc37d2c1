"""The pools of the demo office, put together: parties, agreements, business, plants, statements."""

from __future__ import annotations

from office.days import LAST
from office.economy import Office
from office.pool_agreements import agreements
from office.pool_loans import business, settle
from office.pool_parties import contributors, guarantors, limits, parties, rates, statements
from office.pool_plants_claims import ClaimPlants
from office.pool_register import PoolRegister


def pool_register(office: Office) -> PoolRegister:
    """Everything about pools in the demo office, and its key."""
    register = PoolRegister()
    parties(register)
    rates(register)
    guarantors(register)
    agreements(register)
    limits(register)
    contributors(register)
    dues = business(register, office)
    plants = ClaimPlants(register)
    plants.borrowers()
    plants.tech()
    plants.guaranteed()
    plants.guarantors()
    plants.insured()
    plants.claims()
    plants.refunds()
    plants.angels(office)
    plants.pools()
    settle(register, dues)
    statements(register, LAST)
    return register
