// Fresh prices over a page that was built before: what the server would show now, and no more.
import type { FreshProduct, FreshProducts, ProductCard } from "./elements.js";

/** The products endpoint takes so many ids at once. */
const MOST = 100;
/** Milliseconds after which the endpoint counts as silent. */
const PATIENCE = 5000;

/** Of whom a card speaks: a product, in a market and a language. */
type Key = `${number} ${string} ${string}`;
const key = (one: ProductCard | FreshProduct): Key => `${one.product} ${one.market} ${one.language}`;

/** What holds now of the products of these cards; those that are gone are not in it. */
async function askFor(
  endpoint: string,
  cards: readonly ProductCard[],
): Promise<Map<Key, FreshProduct>> {
  const wanted = new Map<string, Set<number>>();
  for (const { market, language, product } of cards) {
    const query = new URLSearchParams({ market, language }).toString();
    wanted.set(query, (wanted.get(query) ?? new Set()).add(product));
  }
  const found = new Map<Key, FreshProduct>();
  for (const [query, products] of wanted) {
    const ids = [...products];
    while (ids.length > 0) {
      const address = `${endpoint}?${query}&ids=${ids.splice(0, MOST).join(",")}`;
      // The endpoint looks at no cookie, so none is sent: any cache may answer.
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(address, { credentials: "omit", signal });
      if (!response.ok) {
        throw new Error(`${address} answers ${response.status}`);
      }
      const answer = (await response.json()) as FreshProducts;
      answer.products.forEach((one) => found.set(key(one), one));
    }
  }
  return found;
}

/** The card as the server shows it now, or null where it shows none. */
export function freshen(card: ProductCard, fresh: FreshProduct | undefined): ProductCard | null {
  const { own } = card;
  const title = own.title || fresh?.offer.title;
  if (fresh === undefined || !title) {
    return null;
  }
  const { badge, button_text, offer, ...facts } = fresh;
  const isWithdrawn = facts.availability?.state === "withdrawn";
  const said = { kind: "editor", text: own.badge, spoken: own.badge } as const;
  const button = own.button || button_text;
  return {
    ...card,
    ...facts,
    title,
    text: own.text || offer.text,
    badges: [...(badge ? [badge] : []), ...(own.badge && !isWithdrawn ? [said] : [])],
    link: offer.url ? { text: title, url: offer.url, rel: own.rel } : null,
    button: offer.url && button ? { text: button, url: offer.url, rel: own.rel } : null,
  };
}

/** The card where the endpoint is silent: nothing that may have changed is claimed. */
export function unconfirmed(card: ProductCard): ProductCard {
  return {
    ...card,
    price: null,
    price_text: "",
    reduction: null,
    badges: card.badges.filter(({ kind }) => kind === "editor"),
    unit_price: "",
    tax_note: "",
    availability: null,
    buyable: false,
    stale: null,
    stale_text: "",
    link: null,
    button: null,
  };
}

/** The cards as the server shows them now, in their order; null where it shows none. Never fails. */
export async function freshCards(
  endpoint: string,
  cards: readonly ProductCard[],
): Promise<(ProductCard | null)[]> {
  const found = await askFor(endpoint, cards).catch(() => null);
  return cards.map((card) => (found ? freshen(card, found.get(key(card))) : unconfirmed(card)));
}

/** Lays fresh facts over the cards below `root`; each is the JSON of its element in `data-card`. */
export async function overlay(
  root: ParentNode,
  endpoint: string,
  render: (card: ProductCard) => Element,
): Promise<void> {
  const nodes = [...root.querySelectorAll<HTMLElement>("[data-card]")];
  const cards = nodes.map((node) => JSON.parse(node.dataset["card"] ?? "") as ProductCard);
  (await freshCards(endpoint, cards)).forEach((shown, index) => {
    const node = nodes[index];
    if (shown !== null) {
      node?.replaceWith(render(shown));
      return;
    }
    const grid = node?.closest("[data-grid]");
    node?.remove();
    // A heading over nothing goes too.
    if (grid?.querySelector("[data-card]") === null) {
      grid.remove();
    }
  });
}

type Thing = Readonly<Record<string, unknown>>;

/** A page's `json_ld` without its products: the price in a built page would outlive the offer. */
export function withoutProducts<Graph extends { readonly "@graph": readonly Thing[] }>(
  jsonLd: Graph,
): Graph {
  const isProduct = (thing: Thing) => thing["@type"] === "Product";
  const gone = new Set(jsonLd["@graph"].filter(isProduct).map((thing) => thing["@id"]));
  const kept = (value: unknown) => !gone.has((value as Thing | null)?.["@id"]);
  const things = jsonLd["@graph"].filter((thing) => !isProduct(thing)).map(({ mentions, ...thing }) => {
    const left = (Array.isArray(mentions) ? mentions : [mentions]).filter((one) => one && kept(one));
    return left.length > 0 ? { ...thing, mentions: left } : thing;
  });
  return { ...jsonLd, "@graph": things };
}
