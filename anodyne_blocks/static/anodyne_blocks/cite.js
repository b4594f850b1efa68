/* The button "Cite a source" of Wagtail's rich text editor, and the dialog that it opens. */
(() => {
  const sources = window.anodyneSources;
  if (!window.draftail || sources.choose) return;

  const { createElement, Component } = window.React;
  const { EditorState, Modifier } = window.DraftJS;
  // What stands in the editor's text for a citation; its style shows the source instead.
  const TEXT = "[*]";

  const fold = (text) =>
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLocaleLowerCase();

  /* Typed text as fields of a source: an address, a DOI, or a title. */
  const asFields = (text) => {
    const doi = text.match(/^(?:(?:https?:\/\/)?(?:(?:dx|www)\.)?doi\.org\/|doi:\s*)?(10\.\d{2,9}\S*\/\S+)$/i);
    if (doi) return { reference: doi[1] };
    return /^(https?:\/\/|www\.)\S+$/i.test(text) ? { reference: text } : { title: text };
  };

  /* Ask which source is meant; gives its key, or null. */
  sources.choose = (chosen) =>
    new Promise((resolve) => {
      const dialog = sources.open("cite");
      const part = (name) => dialog.querySelector(`[data-part=${name}]`);
      const search = part("search");
      const options = part("options");
      let found = [];
      let active = 0;
      let key = null;
      // What is known of the reference beside its title.
      let filled = {};
      dialog.addEventListener("close", () => resolve(key));

      const finish = (entry) => {
        key = entry ? sources.keyOf(entry) : null;
        dialog.close();
      };

      const fail = (message) => {
        part("error").textContent = message;
        part("error").hidden = !message;
      };

      const ask = () => {
        const { title = "", reference = "" } = asFields(search.value.trim());
        part("pick").hidden = true;
        part("new").hidden = false;
        part("title").value = title;
        part("reference").value = reference;
        (title ? part("reference") : part("title")).focus();
      };

      const show = () => {
        found.forEach(({ item }, index) => {
          item.setAttribute("aria-selected", index === active);
        });
        const item = found[active]?.item;
        search.setAttribute("aria-activedescendant", item?.id || "");
        item?.scrollIntoView({ block: "nearest" });
      };

      const option = (text, detail, take) => {
        const item = document.createElement("li");
        item.id = `anodyne-source-option-${found.length}`;
        item.setAttribute("role", "option");
        const line = document.createElement("span");
        line.textContent = text;
        item.append(line);
        if (detail) {
          const more = document.createElement("small");
          more.textContent = detail;
          item.append(more);
        }
        item.addEventListener("click", take);
        options.append(item);
        found.push({ item, take });
        return item;
      };

      const list = () => {
        const wanted = fold(search.value.trim()).split(/\s+/);
        found = [];
        options.replaceChildren();
        active = 0;
        for (const entry of sources.entries()) {
          const text = fold(sources.about(entry));
          if (sources.isEmpty(entry) || !wanted.every((word) => text.includes(word))) continue;
          const { title, ...others } = entry.fields;
          const detail = sources.about({ fields: others });
          const take = () => finish(entry);
          const item = option(title || detail, title ? detail : "", take);
          if (chosen && entry.key === chosen) {
            active = found.length - 1;
            item.setAttribute("aria-current", "true");
          }
        }
        option(sources.word("add"), search.value.trim(), ask).dataset.new = "";
        show();
      };

      search.addEventListener("input", list);
      search.addEventListener("keydown", (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
          active = (active + step + found.length) % found.length;
          show();
        } else if (event.key === "Enter") {
          found[active]?.take();
        } else {
          return;
        }
        event.preventDefault();
      });
      part("back").addEventListener("click", () => {
        part("pick").hidden = false;
        part("new").hidden = true;
        search.focus();
      });
      // What is typed as a reference: a DOI or an address.
      const typed = () => {
        const { reference = "" } = asFields(part("reference").value.trim());
        if (!reference) return {};
        return /^(https?:\/\/|www\.)/i.test(reference)
          ? { url: reference.replace(/^www\./i, "https://www."), kind: "website" }
          : { doi: reference };
      };
      part("fill").addEventListener("click", async () => {
        const { fields, error } = await sources.ask("fillUrl", typed());
        fail(error || "");
        filled = fields || {};
        part("title").value ||= filled.title || "";
        part("title").focus();
      });
      part("reference").addEventListener("input", () => {
        filled = {};
      });
      dialog.querySelector("form").addEventListener("submit", (event) => {
        event.preventDefault();
        if (part("new").hidden) return;
        const entry = sources.add({ ...typed(), ...filled, title: part("title").value.trim() });
        if (entry) {
          finish(entry);
        } else {
          fail(sources.word("failed"));
        }
      });
      list();
      search.focus();
    });

  class CiteSource extends Component {
    async componentDidMount() {
      const { editorState, entityKey, entityType, onClose, onComplete } = this.props;
      const selection = editorState.getSelection();
      // Draftail selects a citation that is edited; behind one, another may stand.
      const entity = selection.isCollapsed() ? null : this.props.entity;
      const id = await sources.choose(entity?.getData().id);
      if (!id) {
        onClose();
        return;
      }
      let content = editorState.getCurrentContent();
      if (entity) {
        content = content.replaceEntityData(entityKey, { id });
        onComplete(EditorState.push(editorState, content, "apply-entity"));
      } else {
        content = content.createEntity(entityType.type, "IMMUTABLE", { id });
        // Behind what is selected: the words stay.
        const at = selection.merge({
          anchorKey: selection.getEndKey(),
          anchorOffset: selection.getEndOffset(),
          focusKey: selection.getEndKey(),
          focusOffset: selection.getEndOffset(),
          isBackward: false,
        });
        const made = content.getLastCreatedEntityKey();
        content = Modifier.insertText(content, at, TEXT, null, made);
        onComplete(EditorState.push(editorState, content, "insert-characters"));
      }
      sources.announce();
    }

    render() {
      return null;
    }
  }

  class Citation extends Component {
    componentDidMount() {
      sources.announce();
    }

    componentDidUpdate() {
      sources.announce();
    }

    render() {
      const { children, contentState, entityKey, onEdit, onRemove } = this.props;
      const { id } = contentState.getEntity(entityKey).getData();
      const text = createElement(
        "span",
        { className: "anodyne-cite", "data-anodyne-cite": id, "data-label": "…" },
        children,
      );
      const entry = sources.entries().find(({ key }) => key === id);
      return createElement(
        window.draftail.TooltipEntity,
        {
          entityKey,
          onEdit,
          onRemove,
          icon: "",
          label: entry ? sources.about(entry) : sources.word("gone"),
        },
        text,
      );
    }
  }

  window.draftail.registerPlugin(
    { type: sources.TYPE, source: CiteSource, decorator: Citation },
    "entityTypes",
  );
})();
