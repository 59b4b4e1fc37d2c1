"""The screens, listed. Start with `fof ui` (or `streamlit run app.py`)."""

import streamlit as st

from fof.ui import frame
from fof.ui.addresses import page
from fof.words import _

st.set_page_config(page_title="fof · 母基金管理", page_icon="📘", layout="wide")
frame.start()
pages = {
    _("组合", "Portfolio"): [
        st.Page(page("overview"), title=_("总览", "Overview"), url_path="start", default=True),
        st.Page(page("overview"), url_path="overview", title=_("总览", "Overview"), visibility="hidden"),
        st.Page(page("commitments"), title=_("认缴与缴款", "Commitments and calls"), url_path="commitments"),
        st.Page(page("fund"), title=_("子基金", "Sub-fund"), url_path="fund"),
        st.Page(page("lookthrough"), title=_("穿透", "Look-through"), url_path="lookthrough"),
        st.Page(page("positions"), title=_("披露持仓", "Disclosed positions"), url_path="positions"),
    ],
    _("运营", "Operations"): [
        st.Page(page("operations"), title=_("运营", "Operations"), url_path="operations"),
    ],
    _("合规", "Compliance"): [
        st.Page(page("compliance"), title=_("合规", "Compliance"), url_path="compliance"),
        st.Page(page("evaluation"), title=_("评价与报送", "Evaluation and reporting"), url_path="evaluation"),
    ],
    _("账簿", "Book"): [
        st.Page(page("intake"), title=_("导入", "Import"), url_path="intake"),
        st.Page(page("journal"), title=_("日记账", "Journal"), url_path="journal"),
    ],
}
frame.run(st.navigation(pages, position="hidden"), pages)
