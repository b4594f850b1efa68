// An article as Wagtail's API v2 or v3 gives it.
import type { ArticleImage, ArticlePage } from "../../packages/elements/src/index.js";

export type Version = "v2" | "v3";

/** What this front end uses of magazine.ArticlePage; both versions of the API agree on it. */
export interface Article extends ArticlePage {
  readonly kicker: string;
  readonly lead: ArticleImage | null;
}

interface Listing {
  readonly items: readonly { readonly id: number }[];
}

/** The draft that a token of the preview stands for. */
export function findDraft(parameters: URLSearchParams): Promise<Article> {
  return get<Article>(`/api/v2/page_preview/?${parameters}`);
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
