"""The screens, by the places that the pages state. Start with `fof ui` (or `streamlit run app.py`).

`streamlit run` sees the application below, imports this file for it and serves the pages through the same door as `fof ui`.
"""

import streamlit as st

from fof.ui import allowed_hosts, frame, menu
from fof.ui.addresses import page

if __name__ == "app":
    app = st.App(__file__, middleware=[allowed_hosts.door()])
else:
    st.set_page_config(page_title="fof · 母基金管理", page_icon="📘", layout="wide")
    frame.start()
    first, *_rest = menu.places()
    pages: dict[str, list[st.Page]] = {}
    for name, place in menu.places().items():
        title, listed = str(place.title), pages.setdefault(str(place.section), [])
        if name == first:
            listed.append(st.Page(page(name), title=title, url_path="start", default=True))
        visibility = "hidden" if name == first else "visible"
        listed.append(st.Page(page(name), title=title, url_path=name, visibility=visibility))
    frame.run(st.navigation(pages, position="hidden"), pages)
