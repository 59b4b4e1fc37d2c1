"""One click from any page to the positions an institution disclosed."""

from __future__ import annotations

import streamlit as st

from fof.portfolios import portfolios
from fof.ui import frame
from fof.words import _

PAGE = "fof/ui/pages/positions.py"


def _look_at(code: str) -> None:
    """The header's portfolio on the next run; where a page is cited by its address the address follows."""
    st.session_state["portfolio_choice"] = code


def links() -> bool:
    """A button for every portfolio but the header's that has disclosed positions; False where there is none."""
    chosen = frame.choice()
    view = frame.view(chosen)
    holders = {p.row.holder for p in view.positions}
    others = [p for p in portfolios(view) if p.party in holders and p.party != chosen.portfolio]
    if not others:
        return False
    st.caption(_("披露了持仓的机构"))
    with st.container(horizontal=True, gap="small"):
        for portfolio in others:
            label = f"{portfolio.name}（{portfolio.currency}）"
            if st.button(
                label,
                key=f"disclosed_{portfolio.code}",
                icon=":material/account_balance:",
                on_click=_look_at,
                args=(portfolio.code,),
            ):
                st.switch_page(PAGE)
    return True
