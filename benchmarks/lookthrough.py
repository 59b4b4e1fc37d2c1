"""Integrated shares of 250 owners in 5,250 nodes: guidance funds, parent funds, 200 sub-funds, 5,000 companies.

Peers: every path enumerated in Python, and powers of scipy's sparse matrix (A + A² + …), for the same rows. Everybody
starts from the edge list and ends with the dense (owners, nodes) shares; ours also checks sums and cycles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks import harness
from valuation.lookthrough import integrated_shares, ownership, path_count, paths

TIERS = (20, 30, 200)
"""Guidance funds, parent funds, sub-funds; companies follow."""
ENUMERATED = 10
"""Owners that the enumeration does, the ones with the most below them; its speed is per owner."""


def edges(companies: int, seed: int = 7001) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """owner, owned, share and the number of nodes, from a seed.

    A parent fund has 6 guidance funds above it, a sub-fund 5 parent funds and 2 guidance funds, a company 4
    sub-funds; half of the companies also one guidance fund directly. Shares are drawn and cut to 0.9 in all.
    """
    g = np.random.Generator(np.random.PCG64(seed))
    guidance, parents, funds = TIERS
    first_parent, first_fund, first_company = guidance, guidance + parents, guidance + parents + funds
    above = [[] for _ in range(first_company + companies)]
    for i in range(parents):
        above[first_parent + i] += g.choice(guidance, 6, replace=False).tolist()
    for i in range(funds):
        above[first_fund + i] += (first_parent + g.choice(parents, 5, replace=False)).tolist()
        above[first_fund + i] += g.choice(guidance, 2, replace=False).tolist()
    for i in range(companies):
        above[first_company + i] += (first_fund + g.choice(funds, 4, replace=False)).tolist()
        if g.random() < 0.5:
            above[first_company + i].append(int(g.integers(guidance)))
    owner = np.array([u for owners in above for u in owners])
    owned = np.repeat(np.arange(len(above)), [len(owners) for owners in above])
    share = g.uniform(0.2, 1.0, owner.size)
    share *= 0.9 / np.bincount(owned, share, len(above))[owned]
    return owner, owned, share, len(above)


def main() -> None:
    companies = max(500, int(5_000 * harness.scale()))
    owner, owned, share, nodes = edges(companies)
    owners = np.arange(sum(TIERS))
    graph = ownership(owner, owned, share, nodes)
    reference = integrated_shares(graph, owners)
    size = {"owners": owners.size, "nodes": nodes, "edges": owner.size}

    def check(_: str, matrix: np.ndarray) -> dict[str, float]:
        return {
            "sum": float(matrix[:ENUMERATED].sum()),
            "off": float(np.abs(matrix - reference[: len(matrix)]).max()),
        }

    harness.run(
        "integrated_shares",
        {
            "Python, every path": (lambda: enumerated(owner, owned, share, nodes), ENUMERATED),
            "scipy sparse powers": lambda: sparse_powers(owner, owned, share, nodes, owners),
            "fof ownership + integrated_shares": lambda: integrated_shares(
                ownership(owner, owned, share, nodes), owners
            ),
            "fof integrated_shares, graph ready": lambda: integrated_shares(graph, owners),
        },
        size=size,
        unit="owner",
        n=owners.size,
        vers=("numpy", "numba", "scipy"),
        check=check,
    )
    busiest = max(range(sum(TIERS), nodes), key=lambda v: path_count(graph, 0, v))
    listed = paths(graph, 0, busiest)
    harness.emit(
        workload="path_listing",
        peer="the company with the most paths from one guidance fund",
        size=size,
        paths=len(listed),
        sum_less_integrated=float(abs(sum(p.share for p in listed) - reference[0, busiest])),
    )


def enumerated(owner: np.ndarray, owned: np.ndarray, share: np.ndarray, nodes: int) -> np.ndarray:
    below: list[list[tuple[int, float]]] = [[] for _ in range(nodes)]
    for u, v, s in zip(owner.tolist(), owned.tolist(), share.tolist(), strict=True):
        below[u].append((v, s))
    out = np.zeros((ENUMERATED, nodes))
    for row in range(ENUMERATED):
        total = [0.0] * nodes
        pending = [(row, 1.0)]
        while pending:
            node, product = pending.pop()
            for v, s in below[node]:
                total[v] += product * s
                if below[v]:
                    pending.append((v, product * s))
        out[row] = total
    return out


def sparse_powers(owner: Any, owned: Any, share: Any, nodes: int, owners: np.ndarray) -> np.ndarray:
    from scipy.sparse import csr_matrix

    matrix = csr_matrix((share, (owner, owned)), shape=(nodes, nodes))
    power = matrix[owners]
    total = power.copy()
    while power.nnz:
        power = power @ matrix
        total = total + power
    return total.toarray()


if __name__ == "__main__":
    main()
