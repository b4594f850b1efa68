// What a front end needs of articles besides a framework: types, guards and small helpers.
import type { ArticleElement, ContractVersion, ElementValue, ProductCard } from "./elements.js";

export { type Changes, changesIn } from "./changes.js";
export type * from "./elements.js";
export { freshCards, freshen, overlay, unconfirmed, withoutProducts } from "./fresh.js";

/** The contract that these types describe. */
export const CONTRACT: ContractVersion = "1.3";

// `tsc` refuses this when the contract gets an element that it does not name.
const KNOWN: Readonly<Record<ArticleElement["type"], true>> = {
  byline: true,
  contents: true,
  disclosure: true,
  faq: true,
  figure: true,
  heading: true,
  key_points: true,
  notice: true,
  paragraph: true,
  picks: true,
  product_card: true,
  product_comparison: true,
  product_grid: true,
  product_verdict: true,
  quote: true,
  reading_time: true,
  related_articles: true,
  reviewer: true,
  share: true,
  shop_rating: true,
  sources: true,
  standfirst: true,
  steps: true,
};

type Of<Type extends ArticleElement["type"]> = Extract<ArticleElement, { readonly type: Type }>;

/** Whether a value keeps a contract that these types can read: the first numbers are equal. */
export function keepsContract(value: { readonly contract: string }): boolean {
  return value.contract.split(".")[0] === CONTRACT.split(".")[0];
}

/** Whether a value is an element of a type that this contract knows. */
export function isKnown(value: unknown): value is ArticleElement {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const { contract, type } = value as Readonly<Record<string, unknown>>;
  const isNamed = typeof type === "string" && Object.hasOwn(KNOWN, type);
  return isNamed && typeof contract === "string" && keepsContract({ contract });
}

/** Whether a value is an element of this type. */
export function isElement<Type extends ArticleElement["type"]>(
  value: unknown,
  type: Type,
): value is Of<Type> {
  return isKnown(value) && value.type === type;
}

/** The elements that readers see, in order; those of a later contract are left out. */
export function elementsOf(page: {
  readonly body: readonly { readonly value: unknown }[];
}): ArticleElement[] {
  return page.body.map(({ value }) => (value as ElementValue | null)?.resolved).filter(isKnown);
}

/** All product cards, those of grids too. */
export function cardsOf(elements: readonly ArticleElement[]): ProductCard[] {
  return elements.flatMap((element) => {
    if (element.type === "product_card") {
      return [element];
    }
    return element.type === "product_grid" ? [...element.cards] : [];
  });
}

const ADDRESSES = new Set(["url", "address", "html_url", "detail_url"]);
const RICH = new Set(["html", "bio", "introduction", "answer"]);

/** The same value with every address absolute: links, images, `srcset`, and those in HTML. */
export function absolute<Value>(value: Value, site: string | URL): Value {
  return joined(value, "", site) as Value;
}

function joined(value: unknown, key: string, site: string | URL): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => joined(item, key, site));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, joined(item, name, site)]),
    );
  }
  if (typeof value !== "string" || value === "") {
    return value;
  }
  if (ADDRESSES.has(key)) {
    return full(value, site);
  }
  if (key === "srcset") {
    const sizes = value.split(", ").map((size) => size.split(" "));
    return sizes.map(([url = "", width = ""]) => `${full(url, site)} ${width}`).join(", ");
  }
  return RICH.has(key)
    ? value.replace(/(\s(?:href|src)=")(\/[^"]*)/g, (_, before: string, url: string) => before + full(url, site))
    : value;
}

/** An address as seen from the site; one within the page stays as it is. */
function full(url: string, site: string | URL): string {
  return url.startsWith("#") ? url : new URL(url, site).href;
}
