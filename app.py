"""The screens, listed. Start with `fof ui` (or `streamlit run app.py`)."""

import streamlit as st

from fof.ui import frame
from fof.words import _

st.set_page_config(page_title="fof · 母基金管理", page_icon="📘", layout="wide")
frame.start()
page = st.navigation(
    {
        _("组合"): [
            st.Page("fof/ui/pages/overview.py", title=_("总览"), url_path="overview", default=True),
            st.Page("fof/ui/pages/commitments.py", title=_("认缴与缴款"), url_path="commitments"),
            st.Page("fof/ui/pages/fund.py", title=_("子基金"), url_path="fund"),
            st.Page("fof/ui/pages/lookthrough.py", title=_("穿透"), url_path="lookthrough"),
            st.Page("fof/ui/pages/positions.py", title=_("披露持仓"), url_path="positions"),
        ],
        _("运营"): [
            st.Page("fof/ui/pages/operations.py", title=_("运营"), url_path="operations"),
        ],
        _("合规"): [
            st.Page("fof/ui/pages/compliance.py", title=_("合规"), url_path="compliance"),
            st.Page("fof/ui/pages/evaluation.py", title=_("评价与报送"), url_path="evaluation"),
        ],
        _("账簿"): [
            st.Page("fof/ui/pages/intake.py", title=_("导入"), url_path="intake"),
            st.Page("fof/ui/pages/journal.py", title=_("日记账"), url_path="journal"),
        ],
    }
)
frame.run(page)
