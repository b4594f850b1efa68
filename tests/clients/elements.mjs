// node elements.mjs PACKAGE ARTICLES.json: guards and helpers of the npm package, on real articles.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , folder, file] = process.argv;
const { absolute, cardsOf, elementsOf, isElement, isKnown, keepsContract } = await import(
  pathToFileURL(`${folder}/index.js`)
);
const articles = JSON.parse(readFileSync(file));
let elements = 0;
for (const article of articles) {
  const shown = elementsOf(article);
  assert.equal(shown.length, article.body.filter(({ value }) => value.resolved).length);
  assert(shown.every(isKnown));
  elements += shown.length;
  const far = JSON.stringify(absolute(shown, "https://cms.example"));
  assert(!/"(url|html_url)":"\//.test(far) && !/(href|src)=\\"\//.test(far), "an address is left");
  assert(!/(^|, )\//.test(absolute(shown, "https://cms.example").map((e) => e.image?.srcset ?? "").join(", ")));
  assert.deepEqual(absolute(absolute(shown, "https://cms.example"), "https://b.example"), absolute(shown, "https://cms.example"));
}
const all = articles.flatMap(elementsOf);
assert(cardsOf(all).length > all.filter((one) => isElement(one, "product_card")).length);
const [one] = all;
assert(keepsContract({ contract: "1.99" }) && !keepsContract({ contract: "2.0" }));
assert(isKnown({ ...one, later: 1, contract: "1.99" }));
for (const wrong of [null, 1, [], {}, { ...one, type: "later" }, { ...one, contract: "2.0" }, { ...one, type: "toString" }]) {
  assert(!isKnown(wrong));
}
console.log(elements);
