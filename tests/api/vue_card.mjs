// node vue_card.mjs FOLDER: renders the component on standard input ({"component", "cards"}) with
// FOLDER's Vue, once for each card, and prints the HTML of all as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/here.js`);
const { compileScript, parse } = require("vue/compiler-sfc");
const { renderToString } = require("vue/server-renderer");
const { createSSRApp } = require("vue");
const { ModuleKind, transpile } = require("typescript");

const { component, cards } = JSON.parse(readFileSync(0, "utf8"));
const { descriptor, errors } = parse(component);
if (errors.length > 0) throw errors[0];
const { content } = compileScript(descriptor, { id: "card", inlineTemplate: true });
const made = {};
new Function("require", "exports", transpile(content, { module: ModuleKind.CommonJS }))(require, made);
const pages = cards.map((card) => renderToString(createSSRApp(made.default, { card })));
console.log(JSON.stringify(await Promise.all(pages)));
