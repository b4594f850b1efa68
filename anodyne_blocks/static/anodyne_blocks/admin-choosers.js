/* Wagtail's chooser dialog: the cursor where one types, and ways out of a search without result. */
(() => {
  const showAll = (dialog, name) => {
    const filter = dialog.querySelector(`[data-chooser-modal-search] [name="${name}"]`);
    filter.value = "";
    filter.dispatchEvent(new Event("change", { bubbles: true }));
    filter.focus();
  };

  const focusWhenShown = (panel, field) => {
    if (!panel.isConnected) return;
    if (panel.hidden) requestAnimationFrame(() => focusWhenShown(panel, field));
    else field.focus();
  };

  // The words that were looked for are most likely the name, or what a shop is asked for.
  const open = (dialog, id) => {
    const panel = dialog.querySelector(`#${id}`);
    const field = panel.querySelector("input:not([type=hidden])");
    const words = dialog.querySelector("[data-chooser-modal-search] [name=q]").value;
    if (words && !field.value && field.type === "text") field.value = words;
    dialog.querySelector(`[role=tab][href="#${id}"]`).click();
    focusWhenShown(panel, field);
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-anodyne-show-all], [data-anodyne-open]");
    if (!button) return;
    const dialog = button.closest(".anodyne-chooser");
    const { anodyneShowAll, anodyneOpen } = button.dataset;
    if (anodyneOpen) open(dialog, anodyneOpen);
    else showAll(dialog, anodyneShowAll);
  });

  // Wagtail gives the focus to the dialog itself, once it has opened.
  document.addEventListener("focusin", ({ target }) => {
    const chooser = target.matches(".modal") && target.querySelector("[data-anodyne-cursor]");
    if (!chooser) return;
    document.getElementById(chooser.dataset.anodyneCursor).focus();
    delete chooser.dataset.anodyneCursor;
  });

  // And when it closes, to the button that opened it, which is gone once something is chosen.
  document.addEventListener("change", ({ target }) => {
    const dialog = document.querySelector("body > .modal");
    const chooser = document.getElementById(`${target.id}-chooser`);
    if (!dialog || !chooser?.classList.contains("snippet-chooser")) return;
    new MutationObserver((_changes, observer) => {
      if (dialog.isConnected) return;
      observer.disconnect();
      if (document.activeElement === document.body) chooser.querySelector(".chosen button").focus();
    }).observe(document.body, { childList: true });
  });
})();
