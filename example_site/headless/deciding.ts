// The elements that help a reader decide: comparison, verdict and picks.
import type {
  ComparedValue,
  ComparisonRow,
  Picks,
  ProductCard,
  ProductComparison,
  ProductVerdict,
} from "../../packages/elements/src/index.js";
import { el, heading, link } from "./html.js";

type Card = (card: ProductCard) => HTMLElement;

export function comparison(element: ProductComparison, card: Card): HTMLElement {
  const { anchor, choice } = element;
  return el(
    "section",
    { id: !element.heading && anchor },
    heading(element.heading_level, element.heading, anchor),
    el("table", {}, el("caption", {}, element.caption), ...element.rows.map((row) => values(row, element))),
    choice && el("p", {}, choice.label, choice.text, choice.reason),
    ...element.products.map(card),
  );
}

function values(row: ComparisonRow, { best_label, unknown_label }: ProductComparison): HTMLElement {
  const shown = ({ is_best, is_known, text }: ComparedValue) =>
    el("td", {}, is_known ? text : unknown_label, is_best && best_label);
  return el("tr", {}, el("th", { scope: "row" }, row.label), ...row.values.map(shown));
}

export function verdict(element: ProductVerdict, card: Card): HTMLElement {
  const list = (label: string, items: readonly string[]) =>
    items.length > 0 && el("div", {}, label, el("ul", {}, ...items.map((item) => el("li", {}, item))));
  return el(
    "section",
    { id: element.anchor },
    el("div", {}, element.label),
    card(element.product),
    el("p", {}, element.verdict),
    element.score && el("span", {}, element.score.text),
    list(element.good_label, element.good),
    list(element.bad_label, element.bad),
    element.audience && el("p", {}, element.audience_label, element.audience),
    element.method && el("p", {}, element.method_label, element.method),
    el("p", {}, element.tested_text, element.old_text),
  );
}

export function picks(element: Picks): HTMLElement {
  const entries = element.picks.map((pick) =>
    el(
      "li",
      {},
      link(`#${pick.anchor}`, pick.text),
      pick.note,
      pick.score?.text,
      ...pick.products.map((product) =>
        el(
          "span",
          {},
          product.title,
          product.price_text,
          product.availability_text,
          product.is_choice && element.choice_label,
        ),
      ),
    ),
  );
  return el("nav", { "aria-label": element.label }, el("ol", {}, ...entries));
}
