/* Optional: elements work without. Share sheet, copied links, and printing what is folded. */
(() => {
  const root = (button) => button.closest(".anodyne-share");
  const address = (button) => root(button).dataset.url || location.href;

  const offer = (selector, able, act) => {
    if (!able) return;
    for (const button of document.querySelectorAll(selector)) {
      button.hidden = false;
      button.addEventListener("click", () => act(button));
    }
  };

  offer("[data-anodyne-share]", navigator.share, (button) => {
    const title = root(button).dataset.title;
    // Closing the sheet is no error.
    navigator.share({ title, url: address(button) }).catch(() => {});
  });

  offer("[data-anodyne-copy]", navigator.clipboard, async (button) => {
    await navigator.clipboard.writeText(address(button));
    const status = root(button).querySelector("[role=status]");
    status.textContent = button.textContent = button.dataset.anodyneCopied;
  });

  // Where print styles cannot open a disclosure.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details[class*=anodyne-]:not([open])")].map((item) => {
      const name = item.name;
      item.name = ""; // Those with one name would close each other.
      item.open = true;
      return [item, name];
    });
  });
  addEventListener("afterprint", () => {
    for (const [item, name] of opened) {
      item.open = false;
      item.name = name;
    }
  });
})();
