"""Co-investment by person and by deal: cards, participation, and who is tied to whom."""

import streamlit as st

from fof.audit.casefile.cards_document import (
    deal_document,
    participation_document,
    person_document,
    relations_document,
)
from fof.audit.coinvestment.person_cards import deals_seen, people_seen
from fof.audit.coinvestment.register import institutions
from fof.errors import FofError
from fof.personal.keyring import without_key
from fof.ui import background, cards, cited, frame, say, unmasked, widgets
from fof.ui.labels import named
from fof.words import _
from models.text import Text

MENU = (79, ("合规", "Compliance"), ("跟投人员与项目", "People and deals"))
VIEWS = {
    "person": Text("人员卡", "Person card"),
    "deal": Text("项目卡", "Deal card"),
    "participation": Text("参与率", "Participation"),
    "relations": Text("关系", "Ties"),
}

chosen = frame.choice()
view = frame.view(chosen)
actor = frame.actor()

widgets.heading()
firms = institutions(view, actor)
if not firms:
    widgets.to_import(
        _("账中还没有您可查看的跟投登记。", "No co-investment that you may see is registered yet.")
    )
    cited.finish()
shape = str(
    st.segmented_control(
        _("内容", "What"),
        list(VIEWS),
        key=cited.choice("card", list(VIEWS), "person", what=Text("内容", "what")),
        format_func=lambda code: str(VIEWS[code]),
        label_visibility="collapsed",
    )
    or "person"
)
if (sentence := without_key()) is not None:
    say.caption(sentence)
prefix = (view.prefix.digest, chosen.as_of, actor.name)
people = people_seen(view, actor)
try:
    if shape == "deal":
        deals = deals_seen(view, actor)
        code = st.selectbox(
            named("deal"),
            deals,
            key=cited.choice("deal", deals, deals[0], what=Text("交易", "deal")),
            width=320,
        )
        cards.deal(deal_document(view, str(code), actor), chosen)
    elif shape == "participation":
        every = ["", *firms]
        firm = st.selectbox(
            named("institution"),
            every,
            key=cited.choice("institution", every, "", what=Text("机构", "institution")),
            format_func=lambda c: view.name(view.by_code[c].id) if c else _("全部机构", "All institutions"),
            width=320,
        )
        document = background.answer(
            "participation", (*prefix, firm), lambda: participation_document(view, firm or None, None, actor)
        )
        cards.participation(document)
    elif shape == "relations":
        code = st.text_input(
            _("人员、平台或企业编号", "Code of a person, vehicle or company"),
            key=cited.text("around", people[0] if people else ""),
            width=320,
        )
        if code:
            document = background.answer(
                "relations", (*prefix, code), lambda: relations_document(view, str(code).strip(), actor)
            )
            cards.relations(document)
    elif people:
        code = str(
            st.selectbox(
                named("person"),
                people,
                key=cited.choice("person", people, people[0], what=Text("人员", "person")),
                width=320,
            )
        )
        cards.person(person_document(view, code, actor), chosen)
        unmasked.personal_panel(code)
        cards.gap(participation_document(view, None, code, actor))
except FofError as error:
    say.error(error)
