// `npm test`: the package as it is built. What `overlay` does in a browser is tested in tests/e2e.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";

import { freshCards, freshen, unconfirmed, withoutProducts } from "anodyne-blocks-elements";

const EUROS = { amount: "53.00", currency: "EUR", formatted: "€ 53,00" };
const CARD = {
  type: "product_card",
  product: 12,
  market: "nl",
  language: "nl",
  title: "Kussen",
  text: "Zacht.",
  price: EUROS,
  price_text: "€ 53,00",
  reduction: null,
  badges: [{ kind: "editor", text: "Bestseller", spoken: "Bestseller" }],
  unit_price: "€ 5,30 per 100 g",
  availability: { state: "in_stock", text: "Op voorraad", since: null },
  button: { text: "Bekijk", url: "https://shop.example/a", rel: "sponsored" },
  link: { text: "Kussen", url: "https://shop.example/a", rel: "sponsored" },
  own: { title: "", text: "", badge: "Bestseller", button: "", rel: "sponsored" },
};
const REDUCED = { kind: "reduction", text: "−25%", spoken: "Afgeprijsd met 25%" };
const FRESH = {
  product: 12,
  market: "nl",
  language: "nl",
  price: { ...EUROS, amount: "39.75", formatted: "€ 39,75" },
  price_text: "€ 39,75",
  availability: { state: "low_stock", text: "Bijna op", since: null },
  badge: REDUCED,
  button_text: "Naar de winkel",
  offer: { title: "Rugkussen", text: "Stevig.", url: "https://shop.example/b" },
};

let asked = [];
let answer;
const server = createServer((request, response) => {
  const query = new URL(request.url, "http://localhost").searchParams;
  asked.push(Object.fromEntries(query));
  const [status, body] = answer(query);
  response.writeHead(status, { "content-type": "application/json" }).end(body);
});
const given = (query) => {
  const products = query.get("ids").split(",").map(Number).filter((id) => id !== 15);
  const [market, language] = [query.get("market"), query.get("language")];
  return [200, JSON.stringify({ products: products.map((product) => ({ ...FRESH, product, market, language })), gone: [] })];
};

await once(server.listen(0, "127.0.0.1"), "listening");
const endpoint = `http://127.0.0.1:${server.address().port}/`;
beforeEach(() => {
  [asked, answer] = [[], given];
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test("a fresh card says what the shop says now, and keeps what the editor said", () => {
  const card = freshen(CARD, FRESH);
  assert.deepEqual([card.title, card.text, card.price_text], ["Rugkussen", "Stevig.", "€ 39,75"]);
  assert.deepEqual(card.badges, [REDUCED, ...CARD.badges]);
  assert.deepEqual(card.link, { text: "Rugkussen", url: "https://shop.example/b", rel: "sponsored" });
  assert.equal(card.button.text, "Naar de winkel");
  assert(!("offer" in card) && !("badge" in card) && !("button_text" in card));

  const own = { title: "Ons kussen", text: "Al jaren.", badge: "", button: "Bekijk het", rel: "" };
  const said = freshen({ ...CARD, own }, FRESH);
  assert.deepEqual([said.title, said.text, said.button.text], ["Ons kussen", "Al jaren.", "Bekijk het"]);
  assert.deepEqual(said.badges, [REDUCED]);
});

test("a card goes where its product is gone, or has no title left", () => {
  assert.equal(freshen(CARD, undefined), null);
  const offer = { title: "", text: "", url: "" };
  assert.equal(freshen(CARD, { ...FRESH, offer }), null);
  const card = freshen({ ...CARD, own: { ...CARD.own, title: "Ons kussen" } }, { ...FRESH, offer });
  assert.deepEqual([card.title, card.link, card.button], ["Ons kussen", null, null]);
});

test("a withdrawn product bears no praise", () => {
  const availability = { state: "withdrawn", text: "Niet meer te koop", since: null };
  assert.deepEqual(freshen(CARD, { ...FRESH, availability, badge: null }).badges, []);
});

test("where nothing is known, nothing that may have changed is claimed", () => {
  const card = unconfirmed({ ...CARD, badges: [REDUCED, ...CARD.badges] });
  assert.deepEqual(card.badges, CARD.badges);
  assert.deepEqual([card.price, card.price_text, card.unit_price, card.reduction], [null, "", "", null]);
  assert.deepEqual([card.availability, card.link, card.button, card.buyable], [null, null, null, false]);
  assert.deepEqual([card.title, card.text], ["Kussen", "Zacht."]);
});

test("each product is asked for once, by market and language, at most 100 at a time", async () => {
  const many = Array.from({ length: 250 }, (_, index) => ({ ...CARD, product: 100 + index }));
  const danish = { ...CARD, market: "dk", language: "da" };
  const shown = await freshCards(endpoint, [CARD, { ...CARD, product: 15 }, CARD, danish, ...many]);
  assert.deepEqual(shown.map((card) => card === null), [false, true, ...Array(252).fill(false)]);
  assert.deepEqual(asked.map(({ ids }) => ids.split(",").length), [100, 100, 52, 1]);
  assert.deepEqual(new Set(asked.map(({ market, language }) => `${market} ${language}`)), new Set(["nl nl", "dk da"]));
  assert.deepEqual(await freshCards(endpoint, []), []);
});

test("a refusal, nonsense and silence leave the cards unconfirmed", async () => {
  for (const refused of [[400, "{}"], [500, ""], [200, "no JSON"], [200, "{}"]]) {
    answer = () => refused;
    assert.deepEqual(await freshCards(endpoint, [CARD]), [unconfirmed(CARD)]);
  }
  assert.deepEqual(await freshCards("http://127.0.0.1:1/", [CARD]), [unconfirmed(CARD)]);
});

test("built structured data has no offer that could outlive its price", () => {
  const graph = {
    "@context": "https://schema.org",
    "@graph": [
      { "@id": "#article", "@type": "Article", mentions: [{ "@id": "#product-1" }] },
      { "@id": "#product-1", "@type": "Product", offers: { price: "39.75" } },
      { "@id": "#page", "@type": "WebPage", mentions: { "@id": "#someone" } },
    ],
  };
  assert.deepEqual(withoutProducts(graph)["@graph"], [
    { "@id": "#article", "@type": "Article" },
    { "@id": "#page", "@type": "WebPage", mentions: [{ "@id": "#someone" }] },
  ]);
});
