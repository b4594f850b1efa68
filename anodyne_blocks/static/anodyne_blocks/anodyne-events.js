/* Optional: tells the page's own scripts which products are seen and chosen. It sends nothing, sets
   nothing and keeps nothing. One DOM event a list that is seen, and one a product that is clicked,
   both bubble from the element; `detail` has the shape of GA4's events of the same name:

   document.addEventListener("anodyne:view_item_list", ({ detail }) => { … });
   document.addEventListener("anodyne:select_item", ({ detail }) => { … }); */
(() => {
  const ITEM = "[data-anodyne-item]";
  const LIST = "[data-anodyne-list]";
  const NAME = "h1, h2, h3, h4, h5, h6, caption, a[data-anodyne-link]";
  const text = (root, selector) => root.querySelector(selector)?.textContent.trim() ?? "";

  // A product that is in no list is a list of one.
  const listOf = (item) => item.closest(LIST) ?? item;
  const itemsOf = (list) => (list.matches(ITEM) ? [list] : [...list.querySelectorAll(ITEM)]);

  const described = (item, index) => {
    const { anodyneItem, market, price } = item.dataset;
    return {
      item_id: anodyneItem,
      item_name: text(item, NAME) || item.textContent.trim(),
      affiliation: market,
      index,
      ...(price && { price: Number(price), quantity: 1 }),
    };
  };

  const raise = (name, list, chosen) => {
    const all = itemsOf(list);
    const items = chosen ?? all;
    const currency = items.find((item) => item.dataset.currency)?.dataset.currency;
    const detail = {
      item_list_id: list.dataset.anodyneList ?? `product-${list.dataset.anodyneItem}`,
      item_list_name: text(list, NAME),
      ...(currency && { currency }),
      items: items.map((item) => described(item, all.indexOf(item))),
    };
    (chosen?.[0] ?? list).dispatchEvent(
      new CustomEvent(`anodyne:${name}`, { bubbles: true, detail }),
    );
  };

  // Seen is what fills half of its own height, or half of the screen.
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
        const fills = rootBounds && intersectionRect.height >= rootBounds.height / 2;
        if (isIntersecting && (intersectionRatio >= 0.5 || fills)) {
          watch.unobserve(target);
          raise("view_item_list", target);
        }
      }
    },
    { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] },
  );

  for (const list of new Set([...document.querySelectorAll(ITEM)].map(listOf))) watch.observe(list);

  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.("a[data-anodyne-link]");
    const list = link?.closest(LIST) ?? link?.closest(ITEM);
    // The button of a table's column is in another cell than the product's name: both name the item.
    const named = link?.dataset.anodyneLink;
    const item =
      link?.closest(ITEM) ?? (list && itemsOf(list).find((one) => one.dataset.anodyneItem === named));
    if (item) raise("select_item", list, [item]);
  });
})();
