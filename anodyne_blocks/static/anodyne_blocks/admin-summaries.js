/* What a card will show of the product chosen for it: asked for all cards of a form at once. */
(() => {
  const MOST = 100;
  const waiting = new Map();

  const ask = async () => {
    const asked = [...waiting].slice(0, MOST);
    asked.forEach(([element]) => waiting.delete(element));
    if (waiting.size) setTimeout(ask);
    const [{ dataset }] = asked[0];
    const config = document.getElementById("wagtail-config");
    const { ACTIVE_CONTENT_LOCALE: locale } = JSON.parse(config?.textContent || "{}");
    const query = new URLSearchParams([...new Set(asked.map(([, id]) => id))].map((id) => ["id", id]));
    if (locale) query.set("locale", locale);
    const answer = await fetch(`${dataset.url}?${query}`);
    const summaries = answer.ok ? await answer.json() : {};
    asked.forEach(([element, id]) => {
      if (element.input?.value === id) element.show(summaries[id] || "");
    });
  };

  customElements.define(
    "anodyne-summary",
    class extends HTMLElement {
      connectedCallback() {
        if (document.readyState === "loading") {
          // The script stands in the head, and the input behind this element.
          document.addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
          return;
        }
        this.input = document.getElementById(this.dataset.input);
        this.input?.addEventListener("change", this);
        this.handleEvent();
      }

      disconnectedCallback() {
        this.input?.removeEventListener("change", this);
        waiting.delete(this);
      }

      show(html) {
        this.innerHTML = html;
        const said = [...this.querySelectorAll("bdi, .anodyne-summary__reason")];
        this.fold(said.map(({ textContent }) => textContent).join(" · "));
      }

      // What the block's heading says of it while the block is folded.
      fold(text) {
        const heading = this.closest("[data-streamfield-child]")?.querySelector("[data-panel-heading]");
        let folded = heading?.querySelector(".anodyne-folded");
        if (!folded && heading && text) {
          folded = heading.appendChild(document.createElement("span"));
          folded.className = "anodyne-folded";
        }
        if (folded) folded.textContent = text;
      }

      handleEvent() {
        this.show("");
        if (!this.input?.value) return;
        if (!waiting.size) setTimeout(ask);
        waiting.set(this, this.input.value);
      }
    },
  );
})();
