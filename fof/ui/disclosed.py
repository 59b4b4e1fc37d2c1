"""One click from any page to the positions an institution disclosed."""

from __future__ import annotations

import streamlit as st

from fof import words
from fof.book.portfolios import portfolios
from fof.ui import foreign, frame, say
from fof.ui.addresses import page
from fof.words import _

PAGE = page("positions")


def links() -> bool:
    """A link for every portfolio but the header's that has disclosed positions; False where there is none."""
    chosen = frame.choice()
    view = frame.view(chosen)
    holders = {p.row.holder for p in view.positions}
    others = [p for p in portfolios(view) if p.party in holders and p.party != chosen.portfolio]
    if not others:
        return False
    say.caption(_("披露了持仓的机构", "Institutions that disclosed positions"))
    with st.container(horizontal=True, gap="small"):
        for portfolio in others:
            st.page_link(
                PAGE,
                label=foreign.escaped(words.beside(portfolio.name, words.listed(portfolio.currencies))),
                icon=":material/account_balance:",
                query_params=frame.address(portfolio=portfolio.code),
            )
    return True
