// /headless/?page=/nl/some-article/&api=v3 shows an article of the example site.
import { findArticle } from "./article.js";
import { renderArticle } from "./render.js";

async function show(parameters: URLSearchParams): Promise<void> {
  const [locale = "", slug = ""] = (parameters.get("page") ?? "").split("/").filter(Boolean);
  const version = parameters.get("api") === "v3" ? "v3" : "v2";
  const article = await findArticle(version, locale, slug);
  document.title = article.title;
  document.documentElement.lang = article.meta.locale;
  document.querySelector("main")?.replaceChildren(renderArticle(article));
}

await show(new URLSearchParams(location.search));
