// An article as Wagtail's API v2 or v3 gives it.
import type { ArticleElement, ElementValue, Image } from "../../anodyne_blocks/schema/elements";

export type Version = "v2" | "v3";

/** A block of the page's body; `type` is the name that the site gave to the block. */
export interface Block {
  readonly id: string;
  readonly type: string;
  readonly value: ElementValue;
}

/** What this front end uses of magazine.ArticlePage; both versions of the API agree on it. */
export interface Article {
  readonly id: number;
  readonly title: string;
  readonly kicker: string;
  readonly lead: Image | null;
  readonly body: readonly Block[];
  readonly meta: { readonly locale: string };
}

interface Listing {
  readonly items: readonly { readonly id: number }[];
}

async function get<Answer>(address: string): Promise<Answer> {
  const response = await fetch(address, { headers: { accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`${address} answers ${response.status}`);
  }
  return (await response.json()) as Answer;
}

/** The article of a language and slug. */
export async function findArticle(version: Version, locale: string, slug: string): Promise<Article> {
  const wanted = new URLSearchParams({ type: "magazine.ArticlePage", locale, slug });
  const { items } = await get<Listing>(`/api/${version}/pages/?${wanted}`);
  const [found] = items;
  if (found === undefined) {
    throw new Error(`There is no article ${locale}/${slug}.`);
  }
  return get<Article>(`/api/${version}/pages/${found.id}/`);
}

/** The elements that readers see, in order; a block with nothing to show has none. */
export function elementsOf(article: Article): ArticleElement[] {
  return article.body.flatMap(({ value }) => (value.resolved === null ? [] : [value.resolved]));
}
