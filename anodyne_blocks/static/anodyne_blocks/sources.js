/* The sources that a form of Wagtail's editor holds, saved or not, and what its texts cite. */
(() => {
  if (window.anodyneSources) return;

  const TYPE = "ANODYNE_SOURCE";
  const lists = new Set();
  const definitions = new Set();

  const template = () => document.getElementById("anodyne-source-dialogs");
  const word = (name) => template()?.dataset[name] || "";

  const random = (bytes) =>
    [...crypto.getRandomValues(new Uint8Array(bytes))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");

  // Wagtail's ids are UUIDs; `randomUUID` is not there without HTTPS.
  const uuid = () =>
    random(16).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-a$4-$5");

  // What is deleted stays in the form, hidden.
  const isThere = (element) =>
    element.isConnected && !element.closest("[data-streamfield-child][aria-hidden=true]");

  const inOrder = (a, b) =>
    a.container[0].compareDocumentPosition(b.container[0]) & Node.DOCUMENT_POSITION_FOLLOWING
      ? -1
      : 1;

  const present = () => [...lists].filter((list) => isThere(list.container[0])).sort(inOrder);

  /* All sources in the form: `fields` as typed, `key` ("" for a copy of another one's), `child`. */
  const entries = () => {
    const keys = new Set([""]);
    return present()
      .flatMap((list) => list.childBlocks.sources?.children || [])
      .map((child) => {
        const fields = child.block.getValue();
        const key = keys.has(fields.key || "") ? "" : fields.key;
        keys.add(key);
        return { child, fields, key };
      });
  };

  const change = (child, fields) => {
    for (const [name, value] of Object.entries(fields)) {
      child.block.childBlocks[name]?.setState(value);
    }
    child.titleElement.text(child.getTextLabel({ maxLength: 70 }) || "");
    // Wagtail's autosave and its warning of unsaved changes listen to fields.
    child.element
      .querySelector("[data-anodyne-key]")
      ?.dispatchEvent(new Event("change", { bubbles: true }));
    announce();
  };

  /* The key of a source; one that was never cited gets one. */
  const keyOf = (entry) => {
    if (!entry.key) {
      entry.key = random(6);
      change(entry.child, { key: entry.key });
    }
    return entry.key;
  };

  const isEmpty = ({ fields }) =>
    !["title", "authors", "url", "doi", "pubmed_id", "key"].some((name) => fields[name]);

  /* The list of sources in the form, put last where there is none; null where none can stand. */
  const listToFill = () => {
    if (present().length) return present().at(-1);
    for (const root of document.querySelectorAll("[id$='-root']")) {
      const stream = root.rootBlock;
      const known = stream?.blockDef?.childBlockDefsByName || {};
      const name = Object.keys(known).find((name) => definitions.has(known[name]));
      if (name) {
        const value = stream.blockDef.initialChildStates[name];
        return stream.insert({ type: name, value, id: uuid() }, stream.children.length).block;
      }
    }
    return null;
  };

  /* Put a source at the end of the form's list; null where there can be none. */
  const add = (fields) => {
    const list = listToFill()?.childBlocks.sources;
    if (!list) return null;
    const empty = entries().find((entry) => list.children.includes(entry.child) && isEmpty(entry));
    const state = { ...list.blockDef.initialChildState, ...fields };
    const child =
      empty?.child ||
      list.insert(state, list.children.length, { id: uuid(), collapsed: true });
    change(child, fields);
    return entries().find((entry) => entry.child === child);
  };

  const shortened = (text, length) =>
    text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;

  /* "Foster 2018", or the beginning of the title: what stands for a source in the text. */
  const label = ({ fields }) => {
    const first = (fields.authors || "").split(/[,;]/)[0].replace(/\s+\p{Lu}{1,3}\.?$/u, "").trim();
    const name = shortened(first || fields.title || fields.doi || fields.url || "…", 24);
    return fields.year ? `${name} ${fields.year}` : name;
  };

  const about = ({ fields }) =>
    [
      fields.authors,
      fields.title,
      fields.container,
      fields.year,
      fields.doi || fields.url || (fields.pubmed_id && `PubMed ${fields.pubmed_id}`),
    ]
      .filter(Boolean)
      .join(" · ");

  // As the editors show it: their fields have it a moment later.
  const citedKeys = () =>
    new Set(
      [...document.querySelectorAll("[data-anodyne-cite]")]
        .filter(isThere)
        .map((mark) => mark.dataset.anodyneCite),
    );

  /* Says at each citation what it cites, and at each source whether the page cites it. */
  const tell = () => {
    const all = entries();
    const known = new Map(all.filter(({ key }) => key).map((entry) => [entry.key, entry]));
    for (const mark of document.querySelectorAll("[data-anodyne-cite]")) {
      const entry = known.get(mark.dataset.anodyneCite);
      mark.dataset.label = entry ? label(entry) : word("gone");
      mark.title = entry ? about(entry) : word("gone");
      mark.classList.toggle("anodyne-cite--gone", !entry);
    }
    const cited = citedKeys();
    const doesCite = all.some(({ key }) => cited.has(key));
    for (const { child, key } of all) {
      if (!child.element.querySelector(".anodyne-fill-button")) fillButton(child);
      const isUncited = doesCite && !cited.has(key);
      note(child, "uncited", isUncited ? word("uncited") : "");
    }
    for (const list of present()) tellRepeats(list);
  };

  /* A sentence at a source of the form; none for an empty one. */
  const note = (child, name, text) => {
    const content = child.block.container[0];
    const before = content.querySelector(`:scope > .anodyne-${name}`);
    if ((before?.textContent || "") === text) return;
    before?.remove();
    if (text) {
      const made = document.createElement("p");
      made.className = `help anodyne-${name}`;
      made.textContent = text;
      content.prepend(made);
    }
    child.element.toggleAttribute(`data-anodyne-${name}`, Boolean(text));
  };

  /* Says at each source which one it repeats: the server knows what makes two the same. */
  const lastAsked = new WeakMap();
  const tellRepeats = async (list) => {
    const children = list.childBlocks.sources?.children || [];
    const listed = JSON.stringify(children.map((child) => child.block.getValue()));
    if (children.length < 2 && !lastAsked.has(list)) return;
    if (lastAsked.get(list) === listed) return;
    lastAsked.set(list, listed);
    const { repeats = {} } = await ask("repeatsUrl", { listed });
    if (lastAsked.get(list) !== listed) return;
    [...children].forEach((child, index) => note(child, "repeated", repeats[index] || ""));
  };

  let waiting;
  const announce = () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, 500);
  };
  for (const name of ["input", "change", "click", "keyup", "drop"]) {
    document.addEventListener(name, announce, true);
  }

  /* A dialog of the page's template, shown; it goes when it is closed. */
  const open = (name) => {
    const dialog = template().content.querySelector(`[data-dialog=${name}]`).cloneNode(true);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
    dialog.showModal();
    return dialog;
  };

  /* The answer of the server to fields; `error` is a sentence. */
  const ask = async (url, fields) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(word(url), {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token },
      });
      return await answer.json();
    } catch {
      return { error: word("failed") };
    }
  };

  /* A button that completes a source of the form by what it names. */
  const fillButton = (child) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary anodyne-fill-button";
    button.textContent = word("fill");
    const problem = document.createElement("p");
    problem.className = "help-block help-critical";
    problem.setAttribute("role", "alert");
    problem.hidden = true;
    button.addEventListener("click", async () => {
      button.disabled = true;
      const given = child.block.getValue();
      const { fields = {}, error = "" } = await ask("fillUrl", given);
      const isLacking = ([name]) => !given[name];
      change(child, Object.fromEntries(Object.entries(fields).filter(isLacking)));
      problem.textContent = error;
      problem.hidden = !error;
      button.disabled = false;
    });
    child.block.container.append(button, problem);
  };

  window.anodyneSources = {
    TYPE, about, add, announce, ask, entries, isEmpty, keyOf, open, uuid, word,
  };

  if (window.wagtailStreamField && window.telepath) {
    const { StructBlockDefinition } = window.wagtailStreamField.blocks;

    class SourceListDefinition extends StructBlockDefinition {
      constructor(...parts) {
        super(...parts);
        definitions.add(this);
      }

      render(...parts) {
        const list = super.render(...parts);
        lists.add(list);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button-small button-secondary anodyne-paste-button";
        button.textContent = word("paste");
        button.addEventListener("click", () => window.anodyneSources.paste?.());
        list.childBlocks.sources?.container.append(button);
        announce();
        return list;
      }
    }

    window.telepath.register("anodyne_blocks.blocks.SourceListBlock", SourceListDefinition);
  }
})();
