// Every element as HTML: it prints what the API says, and decides, formats and translates nothing.
import {
  type ArticleElement,
  type ArticleImage,
  type Byline,
  type Contents,
  type FAQ,
  type KeyPoints,
  type Notice,
  type ProductCard,
  type ProductGrid,
  type Quote,
  type Rating,
  type RelatedArticles,
  type ReviewerBox,
  type Share,
  type ShopRating,
  type Source,
  type SourceList,
  type Steps,
  elementsOf,
} from "../../packages/elements/src/index.js";
import type { Article } from "./article.js";
import { comparison, picks, verdict } from "./deciding.js";
import { el, heading, link, rich, spoken } from "./html.js";

export function renderArticle(article: Article): HTMLElement {
  const elements = elementsOf(article);
  return el(
    "article",
    { dir: elements[0]?.direction ?? "auto" },
    el("header", {}, article.kicker && el("p", {}, article.kicker), el("h1", {}, article.title)),
    image(article.lead, "100vw"),
    ...elements.map(renderElement),
  );
}

/** `tsc` refuses this function when the contract gets an element that it does not know. */
export function renderElement(element: ArticleElement): HTMLElement | null {
  switch (element.type) {
    case "heading":
      return heading(element.level, element.text, element.anchor);
    case "paragraph":
      return rich("div", element.html);
    case "standfirst":
      return el("p", {}, element.text);
    case "figure":
      return el(
        "figure",
        {},
        image(element.image, "(min-width: 44rem) 44rem, 100vw"),
        (element.caption || element.credit) &&
          el("figcaption", {}, element.caption, element.credit && el("small", {}, element.credit)),
      );
    case "reading_time":
      return el("p", {}, el("time", { datetime: element.duration }, element.text));
    case "byline":
      return byline(element);
    case "reviewer":
      return reviewer(element);
    case "faq":
      return faq(element);
    case "sources":
      return sources(element);
    case "product_card":
      return productCard(element);
    case "product_grid":
      return productGrid(element);
    case "product_comparison":
      return comparison(element, productCard);
    case "product_verdict":
      return verdict(element, productCard);
    case "picks":
      return picks(element);
    case "shop_rating":
      return shopRating(element);
    case "share":
      return share(element);
    case "contents":
      return contents(element);
    case "key_points":
      return keyPoints(element);
    case "notice":
      return notice(element);
    case "steps":
      return steps(element);
    case "quote":
      return quote(element);
    case "related_articles":
      return relatedArticles(element);
    case "disclosure":
      return el("p", {}, element.text);
    default:
      return unknown(element);
  }
}

/** An element of a newer contract shows nothing. */
function unknown(_element: never): null {
  return null;
}

function image(given: ArticleImage | null, sizes: string): HTMLElement | null {
  if (given === null) {
    return null;
  }
  const { alt, height, srcset, url, width } = given;
  return el("img", { src: url, srcset, sizes, width, height, alt });
}

function byline(element: Byline): HTMLElement {
  const names = document.createElement("span");
  names.append(
    element.before,
    ...element.authors.flatMap((author, index) => [
      link(author.url, author.name, "author"),
      element.separators[index] ?? "",
    ]),
  );
  const dates = [
    [element.published, element.published_label] as const,
    [element.updated, element.updated_label] as const,
  ].map(
    ([date, label]) =>
      date && el("span", {}, label, el("time", { datetime: date.iso }, date.formatted)),
  );
  return el(
    "p",
    {},
    ...element.portraits.map((photo) => image(photo, "2.5rem")),
    names,
    element.reviewer &&
      el(
        "span",
        {},
        element.reviewer_label,
        link(`#${element.reviewer_anchor}`, element.reviewer),
      ),
    ...dates,
    element.reading_time && renderElement(element.reading_time)?.firstElementChild,
    element.disclosure && el("small", {}, element.disclosure),
  );
}

function keyPoints(element: KeyPoints): HTMLElement {
  const { anchor, heading: words, heading_level: level, points } = element;
  return el(
    "section",
    { id: !words && anchor },
    heading(level, words, anchor),
    el("ul", {}, ...points.map((point) => rich("li", point.html))),
  );
}

function notice(element: Notice): HTMLElement {
  return el(
    "aside",
    { id: element.anchor, role: "note", "aria-label": element.label },
    el("div", {}, element.label),
    heading(element.heading_level, element.heading),
    rich("div", element.html),
  );
}

function steps(element: Steps): HTMLElement {
  const { anchor, heading: words, heading_level: level, title_level: below } = element;
  return el(
    "section",
    { id: !words && anchor },
    heading(level, words, anchor),
    rich("div", element.introduction),
    el("ol", {}, ...element.steps.map((step) =>
      el(
        "li",
        {},
        heading(below, step.title),
        step.duration && el("time", { datetime: step.duration }, step.duration_text),
        rich("div", step.html),
        image(step.image, "(min-width: 40rem) 30rem, 100vw"),
      ),
    )),
  );
}

function quote(element: Quote): HTMLElement {
  return el(
    "figure",
    {},
    rich("blockquote", element.html),
    rich("figcaption", element.attribution),
  );
}

function relatedArticles(element: RelatedArticles): HTMLElement {
  const { anchor, articles, heading: words, heading_level: level } = element;
  return el(
    "nav",
    { id: !words && anchor },
    heading(level, words, anchor),
    el("ul", {}, ...articles.map((other) =>
      el(
        "li",
        {},
        link(other.url, other.title),
        el("div", {}, other.text),
        other.reading_time && renderElement(other.reading_time)?.firstElementChild,
      ),
    )),
  );
}

function reviewer(element: ReviewerBox): HTMLElement {
  const { next_review: next, person, reviewed } = element;
  return el(
    "div",
    { id: element.anchor, role: "group", "aria-label": element.label },
    image(element.photo, "6rem"),
    el("div", {}, element.label),
    el("div", {}, link(person.url, element.name_line)),
    el("div", {}, element.role),
    el("div", {}, element.scope),
    rich("div", element.bio),
    el("div", {}, element.licence),
    el("ul", { "aria-label": element.links_label }, ...element.links.map(
      ({ rel, text, url }) => el("li", {}, link(url, text, rel)),
    )),
    el("time", { datetime: reviewed.iso }, element.reviewed_text),
    next && el("time", { datetime: next.iso }, element.next_review_text),
  );
}

function faq(element: FAQ): HTMLElement {
  const { anchor, group, question_level: level } = element;
  return el(
    "section",
    { id: !element.heading && anchor },
    heading(element.heading_level, element.heading, anchor),
    rich("div", element.introduction),
    ...element.items.map((item) =>
      el(
        "details",
        { name: group },
        el("summary", {}, heading(level, item.question)),
        el(
          "div",
          { id: item.anchor },
          rich("div", item.answer),
          el("a", { href: `#${item.anchor}` }, element.link_label, spoken(` ${item.question}`)),
        ),
      ),
    ),
  );
}

function sources(element: SourceList): HTMLElement {
  const list = el("ol", {}, ...element.entries.map(source));
  return el(
    "section",
    {},
    heading(element.heading_level, element.heading, element.anchor),
    element.collapsed ? el("details", {}, el("summary", {}, element.summary), list) : list,
  );
}

function source(entry: Source): HTMLElement {
  return el(
    "li",
    { id: entry.anchor },
    el("bdi", {}, entry.before, el("cite", {}, link(entry.url, entry.printed)), entry.after),
    entry.accessed,
    ...entry.links.map(({ rel, text, url }) => el("a", { href: url, rel }, el("bdi", {}, text))),
  );
}

function rating({ count_text, percent, short, text }: Rating): HTMLElement {
  const stars = el("span", { class: "stars", role: "img", "aria-label": text, "data-percent": percent });
  return el("div", {}, stars, el("span", { "aria-hidden": "true" }, short), count_text);
}

/** `data-card` is what `overlay` lays fresh prices over. */
export function productCard(card: ProductCard): HTMLElement {
  const { availability, button, condition, link: address, price, reduction } = card;
  return el(
    "article",
    { class: "card", "data-layout": card.layout, "data-card": JSON.stringify(card) },
    image(card.image, "14rem"),
    ...card.badges.map((badge) =>
      el("span", {}, el("bdi", { "aria-hidden": "true" }, badge.text), spoken(badge.spoken)),
    ),
    heading(card.heading_level, card.title, "", address ? link(address.url, card.title, address.rel) : card.title),
    el("div", {}, card.text),
    card.rating && rating(card.rating),
    price && el("span", {}, spoken(card.price_label), el("bdi", {}, card.price_text)),
    price && reduction &&
      el("s", {}, spoken(reduction.prior_label), el("bdi", {}, reduction.prior.formatted)),
    el("span", {}, condition?.text ?? ""),
    el("span", {}, availability?.text ?? ""),
    el("small", {}, reduction?.prior_text ?? ""),
    el("small", {}, card.unit_price, card.tax_note),
    el("small", {}, card.stale_text),
    button && el("a", { href: button.url, rel: button.rel }, button.text, spoken(` ${card.title}`)),
    el("small", {}, card.disclosure),
  );
}

function productGrid(element: ProductGrid): HTMLElement {
  const { anchor } = element;
  return el(
    "section",
    { id: !element.heading && anchor, "data-grid": true },
    heading(element.heading_level, element.heading, anchor),
    ...element.cards.map(productCard),
  );
}

function shopRating(element: ShopRating): HTMLElement {
  const { as_of, rating: stars, source } = element;
  return el(
    "div",
    { role: "group", "aria-label": element.name },
    el("div", {}, element.name),
    el("span", { "aria-hidden": "true" }, stars.short),
    el("span", { class: "stars", role: "img", "aria-label": stars.text }),
    element.text,
    el("span", {}, link(source.url, source.text, source.rel)),
    el("time", { datetime: as_of.iso }, element.as_of_text),
    el("div", {}, element.verification),
  );
}

function share(element: Share): HTMLElement {
  const { copied_label, copy_label, label, links, native_label, title, url } = element;
  const native = el("button", { type: "button" }, native_label);
  native.addEventListener("click", () => void navigator.share({ title, url }));
  const copy = el("button", { type: "button" }, copy_label);
  copy.addEventListener("click", () => {
    void navigator.clipboard.writeText(url).then(() => copy.replaceChildren(copied_label));
  });
  return el(
    "div",
    { role: "group", "aria-label": label },
    el("span", { "aria-hidden": "true" }, label),
    "share" in navigator && native,
    copy,
    ...links.map((network) =>
      el("a", { href: network.url, rel: "noopener", "aria-label": network.text }, network.name),
    ),
  );
}

function contents(element: Contents): HTMLElement {
  const entries = element.entries.map(({ anchor, text }) =>
    el("li", {}, el("a", { href: `#${anchor}` }, text)),
  );
  return el(
    "nav",
    { "aria-label": element.name },
    el("details", { open: true }, el("summary", {}, element.label), el("ol", {}, ...entries)),
  );
}
