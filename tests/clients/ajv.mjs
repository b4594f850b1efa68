// node ajv.mjs SCHEMA.json ARTICLES.json: every element, with ajv's strict mode and its defaults.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const [, , schema, file] = process.argv;
const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync(schema)));
let elements = 0;
for (const { body } of JSON.parse(readFileSync(file))) {
  for (const { value } of body) {
    if (value.resolved && !validate(value.resolved)) {
      console.error(value.resolved.type, validate.errors);
      process.exit(1);
    }
    elements += value.resolved ? 1 : 0;
  }
}
const later = { type: "poll", contract: "1.9", question: "Why?" };
if (!validate(later) || validate({ type: "heading" })) {
  console.error("What a later version adds must fit, and half a heading must not.");
  process.exit(1);
}
console.log(elements);
