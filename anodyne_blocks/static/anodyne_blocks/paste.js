/* The dialog that adds a pasted list of sources to the form, row by row. */
(() => {
  const sources = window.anodyneSources;
  if (sources.paste) return;

  const LONGEST_FILE = 1_000_000;

  const post = (text) => {
    const listed = sources.entries().filter((entry) => !sources.isEmpty(entry));
    return sources.ask("readUrl", {
      text,
      listed: JSON.stringify(listed.map(({ fields }) => fields)),
    });
  };

  sources.paste = () => {
    const dialog = sources.open("paste");
    const part = (name, within = dialog) => within.querySelector(`[data-part=${name}]`);
    let rows = [];

    const turn = (isAsking) => {
      part("ask").hidden = !isAsking;
      part("check").hidden = isAsking;
    };

    const fail = (message, name = "error") => {
      part(name).textContent = message;
      part(name).hidden = !message;
    };

    const chosen = () => rows.filter(({ item }) => part("chosen", item).checked);

    const lacking = () =>
      chosen().filter(
        ({ fields }) => !fields.title && (fields.doi || fields.pubmed_id || fields.url),
      );

    const update = () => {
      for (const { item, fields, sameAs } of rows) {
        const title = item.querySelector("[name=title]").value.trim();
        const typed = Object.fromEntries(
          [...item.querySelectorAll("input[name]")].map(({ name, value }) => [name, value.trim()]),
        );
        Object.assign(fields, typed);
        part("understood", item).textContent = sources.about({ fields }) || "…";
        item.querySelector("[data-note=no-title]").hidden = Boolean(title);
        item.querySelector("[data-note=same]").hidden = !sameAs;
        part("chosen", item).setAttribute("aria-label", title || fields.doi || fields.url || "");
      }
      const count = chosen().length;
      part("count").textContent = count;
      part("add").disabled = !count;
      part("fill").hidden = !lacking().length;
    };

    const show = (found) => {
      part("rows").replaceChildren();
      rows = found.map(({ pasted, fields, same_as: sameAs }) => {
        const item = part("row").content.firstElementChild.cloneNode(true);
        part("pasted", item).textContent = pasted;
        for (const input of item.querySelectorAll("input[name]")) {
          input.value = fields[input.name] || "";
        }
        part("chosen", item).checked = !sameAs;
        item.querySelector("details").open = !fields.title && !sameAs;
        part("rows").append(item);
        return { item, fields: { ...fields }, sameAs };
      });
      turn(false);
      update();
      (part("chosen", part("rows")) || part("back")).focus();
    };

    const read = async (text) => {
      fail("");
      const { rows: found, error } = await post(text);
      if (error) {
        fail(error);
      } else {
        show(found);
      }
    };

    // One after the other: those who answer ask for that.
    const fillIn = async () => {
      fail("", "problem");
      part("fill").disabled = true;
      for (const row of lacking()) {
        const { fields, error } = await sources.ask("fillUrl", row.fields);
        fail(error || "", "problem");
        for (const [name, value] of Object.entries(fields || {})) {
          const input = row.item.querySelector(`[name=${name}]`);
          if (input && !input.value) input.value = value;
          if (name === "kind") row.fields.kind = value;
        }
        if (fields) row.item.querySelector("details").open = false;
        update();
      }
      part("fill").disabled = false;
    };

    part("file").addEventListener("change", async ({ target }) => {
      const [file] = target.files;
      if (file) await read((await file.slice(0, LONGEST_FILE).text()) || "");
      target.value = "";
    });
    part("fill").addEventListener("click", fillIn);
    part("back").addEventListener("click", () => {
      turn(true);
      part("text").focus();
    });
    dialog.addEventListener("input", update);
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (part("check").hidden) {
        read(part("text").value);
        return;
      }
      for (const { fields } of chosen()) {
        const filled = Object.entries(fields).filter(([, value]) => value);
        sources.add(Object.fromEntries(filled));
      }
      dialog.close();
    });
    part("text").focus();
  };
})();
