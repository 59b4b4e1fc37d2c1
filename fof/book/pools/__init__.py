"""Risk-compensation pools in the book: agreements, loans and what happened to them, claims, the money of pools by contributor,
compensation rates and limits. Read from a prefix once and asked on any day; nothing of it is stored."""

from fof.book.pools.reading import Pools, counted_pools, many_loans, pools_of

__all__ = ["Pools", "counted_pools", "many_loans", "pools_of"]
