/* Texts offer Wagtail's "/" palette and splitting; what is pasted becomes blocks or questions. */
(() => {
  if (!window.wagtailStreamField || !window.telepath) return;
  const { StructBlockDefinition } = window.wagtailStreamField.blocks;
  const sources = window.anodyneSources;
  const copies = new WeakSet();

  const hasText = (element) =>
    [...element.querySelectorAll("[data-text]")].some(({ textContent }) => textContent.trim());

  /* Puts states behind a child of a stream or list; the child goes if nothing is in it. */
  const insert = (list, child, states, isEmpty) => {
    states.forEach((state, offset) => {
      const isLast = offset === states.length - 1;
      const id = sources.uuid();
      const place = child.index + 1 + offset;
      list.insert(state.type ? { ...state, id } : state, place, { focus: isLast, id });
    });
    if (isEmpty) list.deleteBlock(child.index);
  };

  /* Ask what a paste is; it goes on as it was where it is one text. */
  const take = async (event, text, block, put) => {
    const { stream, child } = window.anodyneNext.find((child) => child.block === block);
    if (!stream || copies.has(event)) return;
    const data = new DataTransfer();
    for (const type of event.clipboardData.types) data.setData(type, event.clipboardData.getData(type));
    const target = event.target;
    event.preventDefault();
    event.stopPropagation();
    const { states = [] } = await sources.ask("pastedUrl", {
      text,
      field: stream.prefix,
      type: child.type,
      there: JSON.stringify(stream.children.map(({ type }) => type)),
    });
    if (states.length) {
      put(states, stream, child);
    } else if (target.matches("input, textarea")) {
      document.execCommand("insertText", false, data.getData("text/plain"));
    } else {
      const copy = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      copies.add(copy);
      target.dispatchEvent(copy);
    }
  };

  class ParagraphDefinition extends StructBlockDefinition {
    render(placeholder, prefix, state, error, capabilities) {
      const block = super.render(placeholder, prefix, state, error, capabilities);
      const widget = block.childBlocks.text?.widget;
      const { split, addSibling } = Object.fromEntries(capabilities || []);
      if (!split || !addSibling || !widget?.setCapabilityOptions) return block;
      // Wagtail gives a struct's children none of these.
      const both = (before, after, ...rest) => split.fn({ text: before }, { text: after }, ...rest);
      widget.capabilities.set("split", { ...split, fn: both });
      widget.capabilities.set("addSibling", addSibling);
      widget.setCapabilityOptions("split", {});
      block.setCapabilityOptions = (name, options) => {
        if (name === "split") widget.setCapabilityOptions(name, options);
      };
      const paste = (event) => {
        const html = event.clipboardData?.getData("text/html") || "";
        if (!/<h[12]\b/i.test(html)) return;
        const isEmpty = !hasText(block.container[0]);
        take(event, html, block, (states, stream, child) => insert(stream, child, states, isEmpty));
      };
      block.container[0].addEventListener("paste", paste, true);
      return block;
    }
  }

  class FAQDefinition extends StructBlockDefinition {
    render(...parts) {
      const block = super.render(...parts);
      const { questions } = block.childBlocks;
      const paste = (event) => {
        const list = event.clipboardData?.getData("text/plain") || "";
        const item = questions?.children.find(({ element }) => element.contains(event.target));
        if (!event.target.matches("input") || !item || !list.trim().includes("\n")) return;
        const isEmpty = !event.target.value && !hasText(item.element);
        const text = event.clipboardData.getData("text/html") || list;
        take(event, text, block, (states) => insert(questions, item, states, isEmpty));
      };
      block.container[0].addEventListener("paste", paste, true);
      return block;
    }
  }

  window.telepath.register("anodyne_blocks.blocks.ParagraphBlock", ParagraphDefinition);
  window.telepath.register("anodyne_blocks.blocks.FAQBlock", FAQDefinition);
})();
