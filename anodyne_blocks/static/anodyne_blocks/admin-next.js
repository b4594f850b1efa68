/* Ctrl+Enter, on a Mac ⌘+Enter, in a block or an item of a list: the next one of its kind below it. */
(() => {
  if (window.anodyneNext) return;
  const TYPED = "input[type=text], textarea, [contenteditable=true]";

  /* The first child of a stream of the form that is meant, and its stream; nothing for none. */
  const find = (isMeant) => {
    for (const { rootBlock: stream } of document.querySelectorAll("[id$='-root']")) {
      const child = stream?.children?.find(isMeant);
      if (child) return { stream, child };
    }
    return {};
  };
  window.anodyneNext = { find };

  /* In a stream Wagtail's button asks which block; a list has only one. */
  const addBelow = (element) => {
    const button = element.nextElementSibling;
    if (button?.matches("[data-streamfield-list-add]")) {
      button.click();
      return button.nextElementSibling;
    }
    const { stream, child } = find((child) => child.element === element);
    if (!stream) return null;
    const { type } = child;
    if (stream.getBlockCount(type) >= (stream.getBlockMax(type) || Infinity)) return null;
    const value = stream.blockDef.initialChildStates[type];
    const id = window.anodyneSources?.uuid();
    return stream.insert({ type, value, id }, child.index + 1, { animate: true, focus: true }).element;
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      const made = event.target.closest?.("[data-streamfield-child]");
      const added = made && addBelow(made);
      if (!added) return;
      event.preventDefault();
      event.stopPropagation();
      // Wagtail gives the focus to the first field, once it is there: where nothing is typed, go on.
      setTimeout(() => {
        const { activeElement } = document;
        if (added.contains(activeElement) && activeElement.matches("select"))
          added.querySelector(TYPED)?.focus();
      }, 50);
    },
    true,
  );
})();
