(() => {
  // The language of the page, and the framework's own words in it: what it writes by itself, never what the office wrote.
  const own = window.fofLanguage ??= { english: new WeakMap(), watching: false };
  const patterns = WORDS.map(([en, zh, place]) => [
    new RegExp("^" + en.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("(.+?)") + "$"),
    zh,
    place,
  ]);
  const attributes = ["aria-label", "title", "placeholder", "alt"];
  const office = "canvas, script, style, [data-testid=stIconMaterial], [data-testid=stFileChipName], [data-testid=stMetric], [data-testid=stAlert], [data-testid=stHtml]";
  document.documentElement.lang = LANGUAGE;

  function translated(english, list) {
    const bare = english.trim();
    for (const [pattern, text, place] of patterns) {
      const match = list && place !== "list" ? null : bare.match(pattern);
      if (match) return english.replace(bare, () => text.replace("{}", () => match[1] ?? ""));
    }
    return english;
  }

  // place: where the words stand in the node; what was English before is kept, so that the other language gets it back
  function set(node, place, now, write, list) {
    const places = own.english.get(node) ?? {};
    const before = places[place];
    const english = before && before.text === now ? before.english : now;
    const text = translated(english, list);
    if (text !== now) write(text);
    if (text !== english) own.english.set(node, { ...places, [place]: { english, text } });
  }

  function ours(element) {
    if (element.closest(office)) return true;
    const written = element.closest("[data-testid=stMarkdownContainer]");
    return written !== null && !written.closest("[data-testid=stFileUploader] section, [data-testid=stFileUploaderDropzone]");
  }

  function text(node) {
    const inside = node.parentElement;
    if (!node.data.trim() || !inside || ours(inside)) return;
    set(node, "text", node.data, (t) => (node.data = t), inside.closest("[role=option]") !== null);  // others are the office's
  }

  function element(one) {
    if (one.closest("canvas")) return;
    for (const name of attributes) {
      const now = one.getAttribute(name);
      if (now) set(one, name, now, (t) => one.setAttribute(name, t));
    }
  }

  own.element = element;
  own.translate = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return text(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    element(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) walker.currentNode.nodeType === Node.TEXT_NODE ? text(walker.currentNode) : element(walker.currentNode);
  };
  own.translate(document.body);
  if (own.watching) return;
  own.watching = true;
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach((node) => own.translate(node));
      else if (change.type === "characterData") own.translate(change.target);
      else own.element(change.target);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes });
})();
