// /headless/?page=/nl/some-article/&api=v3 shows an article of the example site, and
// /headless/?content_type=…&token=… the draft that somebody previews.
import { overlay } from "../../packages/elements/src/index.js";
import { type Article, findArticle, findDraft } from "./article.js";
import { productCard, renderArticle } from "./render.js";

function find(parameters: URLSearchParams): Promise<Article> {
  if (parameters.has("token")) {
    return findDraft(parameters);
  }
  const [locale = "", slug = ""] = (parameters.get("page") ?? "").split("/").filter(Boolean);
  return findArticle(parameters.get("api") === "v3" ? "v3" : "v2", locale, slug);
}

async function show(parameters: URLSearchParams): Promise<void> {
  const article = await find(parameters);
  document.title = article.title;
  document.documentElement.lang = article.meta.locale ?? "";
  document.querySelector("main")?.replaceChildren(renderArticle(article));
}

const parameters = new URLSearchParams(location.search);
await show(parameters);
// Who comes back to a page has one that was built before. A draft's products are on no public page.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !parameters.has("token")) {
    void overlay(document, "/anodyne/products/", productCard);
  }
});
