// The two ways in which this front end makes HTML.

export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type Child = Node | string | null | undefined | false;

/** An element of the document. "" and false leave an attribute or a child out; true says it is there. */
export function el(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && (value !== "" || name === "alt")) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children) {
    if (child) {
      node.append(child, " ");
    }
  }
  return node;
}

/** Rich text: HTML that Wagtail has cleaned, with its links resolved. */
export function rich(tag: string, html: string): HTMLElement | null {
  if (!html) {
    return null;
  }
  const node = document.createElement(tag);
  node.innerHTML = html;
  return node;
}

/** Text that only screen readers read. */
export function spoken(text: string): HTMLElement {
  return el("span", { class: "for-screen-readers" }, text);
}

export function link(url: string, text: string, rel = ""): HTMLElement | string {
  return url ? el("a", { href: url, rel }, text) : text;
}

export function heading(level: number, text: string, id = "", content: Child = text): HTMLElement | null {
  return text ? el(`h${level}`, { id }, content) : null;
}
