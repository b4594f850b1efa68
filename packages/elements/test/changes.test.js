// Messages are signed here as the Standard Webhooks specification has it.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";

import { changesIn } from "anodyne-blocks-elements";

const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString("base64")}`;
const DATA = {
  pages: [{ id: 7, change: "changed", urls: ["https://shop.example/nl/slapen/"] }],
  products: [12],
  tags: ["page-7", "product-12"],
};
const BODY = JSON.stringify({ type: "pages.changed", data: DATA });

function message({ age = 0, body = BODY, key = KEY, version = "v1", ...headers } = {}) {
  const sentAt = String(Math.floor(Date.now() / 1000) - age);
  const signature = createHmac("sha256", key).update(`msg_1.${sentAt}.${BODY}`).digest("base64");
  return new Request("https://front.example/", {
    method: "POST",
    headers: {
      "webhook-id": "msg_1",
      "webhook-timestamp": sentAt,
      "webhook-signature": `${version},${signature}`,
      ...headers,
    },
    body,
  });
}

test("what the secret signed is taken", async () => {
  assert.deepEqual(await changesIn(message(), SECRET), DATA);
  assert.deepEqual(await changesIn(message(), KEY.toString("base64")), DATA);
});

test("what it did not sign, or signed long ago, is nothing", async () => {
  const refused = [
    { body: `${BODY} ` },
    { key: randomBytes(32) },
    { age: 600 },
    { age: -600 },
    { version: "v2" },
    { "webhook-id": "msg_2" },
    { "webhook-timestamp": "soon" },
    { "webhook-signature": "" },
    { "webhook-signature": "v1,?" },
  ];
  for (const one of refused) {
    assert.equal(await changesIn(message(one), SECRET), null, JSON.stringify(one));
  }
  assert.equal(await changesIn(new Request("https://front.example/"), SECRET), null);
});
