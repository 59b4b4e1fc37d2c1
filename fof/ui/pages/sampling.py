"""Audit samples of staff co-investment: drawn, looked through, judged; and what amounts suggest looking at."""

from decimal import Decimal

import streamlit as st

from fof import users, words
from fof.audit.casefile import audit_samples as samples
from fof.audit.casefile.sample_population import hints_of
from fof.audit.casefile.samples_document import evaluation, sample_document, samples_document
from fof.audit.casefile.workpaper import workpaper, workpaper_pdf, workpaper_xlsx
from fof.audit.coinvestment.register import institutions
from fof.errors import FofError
from fof.ui import booked, cited, frame, permitted, say, table_rows, widgets
from fof.ui.labels import named
from fof.words import _, today
from models.audit_work import SampleMethod, SamplePopulation
from models.money import decimal_of
from models.text import Text

MENU = (78, ("合规", "Compliance"), ("审计抽样", "Audit samples"))
LISTED = "sample population=sample_population method=sample_method as_of_day=sample_as_of size=sample_size seed=sample_seed evaluation=sample_verdict"
ITEMS = "item=sample_item day stratum hits=sample_hits book_amount audited_amount taint entry"

chosen = frame.choice()
view = frame.view(chosen)

widgets.heading()
firms = institutions(view, frame.actor())
if not firms:
    widgets.to_import(_("账中还没有跟投登记。", "No co-investment is registered yet."))
    cited.finish()
if not users.may(view, frame.actor(), "read_audit"):
    say.info(_("样本只供审计人员查看。", "Samples are shown to auditors alone."), icon=":material/lock:")
    cited.finish()
firm = str(
    st.selectbox(
        named("institution"),
        firms,
        key=cited.choice("institution", firms, firms[0], what=Text("机构", "institution")),
        format_func=lambda code: view.name(view.by_code[code].id),
        width=320,
    )
)


def share(label: str, default: str, key: str) -> Decimal | None:
    """A share as a decimal; None where it is none."""
    text = st.text_input(label, default, key=key, width=120)
    try:
        return decimal_of(text)
    except ValueError:
        say.warning(_("应为小数，如 0.05", "A decimal like 0.05"))
        return None


with st.popover(_("抽取样本", "Draw a sample"), icon=":material/casino:"):
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox(
            named("sample_population"),
            list(SamplePopulation),
            format_func=lambda w: str(w.text),
            key=cited.in_new_words("draw_what"),
        )
        method = st.selectbox(
            named("sample_method"),
            list(SampleMethod),
            format_func=lambda w: str(w.text),
            key=cited.in_new_words("draw_method"),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        confidence = share(named("sample_confidence"), "0.95", "draw_confidence")
        tolerable = share(named("sample_tolerable"), "0.05", "draw_tolerable")
        expected = share(named("sample_expected"), "0", "draw_expected")
        strata = int(st.number_input(_("分层数", "Strata"), 1, 20, 1, key="draw_strata", width=120))
    say.caption(
        _(
            "总体由日记账现状固定，种子随后抽取并登记，再显示项目。",
            "The journal as it stands fixes the population; the seed is drawn and recorded then, before the items are shown.",
        )
    )
    if permitted.button(st.button, _("抽取并登记", "Draw and record"), "sample", key="draw"):
        try:
            if confidence is not None and tolerable is not None and expected is not None:
                made = samples.draw_sample(
                    frame.database(),
                    frame.actor(),
                    firm,
                    what or SamplePopulation.PAYMENTS,
                    method or SampleMethod.MONETARY_UNIT,
                    chosen.as_of,
                    today(),
                    confidence,
                    tolerable,
                    expected,
                    strata,
                )
                booked.remember(made)
                st.rerun()
        except FofError as error:
            say.error(error)

newest = view.journal.view()
own = [s for s in samples.audit_samples(newest, frame.actor()) if s.institution == firm]
if own:
    picked = widgets.table(
        _("样本", "Samples"),
        table_rows.listed(samples_document(newest, own)),
        LISTED,
        "samples_table",
        pick=True,
        cite=widgets.Cited("sample", lambda r: str(r["sample"])),
    )
    one = None if not picked else picked["record"]
    if one is not None:
        widgets.section(words.labelled(one.code, one.method.text))
        facts = [
            (named("sample_known_at"), one.known_at),
            (named("sample_seed"), one.seed),
            (named("population_items"), one.items),
            (named("population_amount"), words.amount(one.fen, chosen.unit)),
            (named("sample_confidence"), words.percent(float(one.confidence))),
            (named("sample_tolerable"), words.percent(float(one.tolerable))),
        ]
        say.caption(" · ".join(words.labelled(name, value) for name, value in facts))
        judged = evaluation(one)
        if judged is not None:
            (say.success if samples.within_tolerable(one) else say.warning)(judged)
        widgets.table(
            words.labelled(one.code, _("样本项目", "Items")),
            table_rows.listed(sample_document(newest, one)),
            ITEMS,
            "sample_items_table",
        )
else:
    say.caption(_("还没有样本。", "No sample yet."))

with st.container(horizontal=True):
    for suffix, paper_of in (
        ("xlsx", lambda: workpaper_xlsx(workpaper(view, firm, frame.actor()))),
        ("pdf", lambda: workpaper_pdf(workpaper(view, firm, frame.actor()))),
    ):
        st.download_button(
            _("工作底稿 {}", "Workpaper as {}").format(suffix),
            paper_of,
            file_name=f"workpaper-{firm}-{chosen.as_of}.{suffix}",
            icon=":material/folder_zip:",
            key=f"workpaper_{suffix}",
            on_click="ignore",
        )
widgets.section(_("线索（不是审计结论）", "Hints (never findings)"))
screen = hints_of(view, firm)
first = " · ".join(f"{digit}: {count}" for digit, count in enumerate(screen.digits, 1))
say.caption(
    _(
        "缴款金额首位数字 {}；与本福特定律相比 p {}",
        "First digits of payments {}; against Benford's law p {}",
    ).format(first, words.probability(screen.p_value))
)
for fen, codes in screen.repeated[:10]:
    same = f"{words.amount(fen, '元')} {words.unit_name('元')} × {len(codes)}"  # to the fen: what repeats is the exact amount
    say.caption(words.labelled(same, words.listed(codes[:8])))
