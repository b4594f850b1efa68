// Runs Adobe's structured-data validator over HTML files and prints {file: [problem]} as JSON.
// node adobe.mjs <node_modules> <vocabulary.json> <page.html> …
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [modules, vocabulary, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "index.js"));
const load = async (name) => {
  const module = await import(require.resolve(name));
  return module.default?.default ?? module.default;
};
const Extractor = await load("@marbec/web-auto-extractor");
const Validator = await load("@adobe/structured-data-validator");

const result = {};
for (const file of files) {
  const found = new Extractor().parse(readFileSync(file, "utf8"));
  const issues = await new Validator(JSON.parse(readFileSync(vocabulary, "utf8"))).validate(found);
  // Its other warnings tell of optional properties that are absent.
  result[file] = issues
    .filter((issue) => issue.severity === "ERROR" || issue.errorType === "schemaOrg")
    .map((issue) => `${issue.rootType}: ${issue.issueMessage}`);
}
process.stdout.write(JSON.stringify(result));
