/* Wagtail's chooser dialog: ways out of a search that finds nothing. */
(() => {
  const showAll = (dialog, name) => {
    const filter = dialog.querySelector(`[data-chooser-modal-search] [name="${name}"]`);
    filter.value = "";
    filter.dispatchEvent(new Event("change", { bubbles: true }));
    filter.focus();
  };

  // The words that were looked for are most likely the name, or what a shop is asked for.
  const open = (dialog, id) => {
    const panel = dialog.querySelector(`#${id}`);
    const first = panel.querySelector("input:not([type=hidden])");
    const words = dialog.querySelector("[data-chooser-modal-search] [name=q]").value;
    if (words && !first.value && first.type === "text") first.value = words;
    panel.addEventListener("w-tabs:changed", () => first.focus(), { once: true });
    dialog.querySelector(`[role=tab][href="#${id}"]`).click();
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-anodyne-show-all], [data-anodyne-open]");
    if (!button) return;
    const dialog = button.closest(".anodyne-chooser");
    const { anodyneShowAll, anodyneOpen } = button.dataset;
    if (anodyneOpen) open(dialog, anodyneOpen);
    else showAll(dialog, anodyneShowAll);
  });
})();
