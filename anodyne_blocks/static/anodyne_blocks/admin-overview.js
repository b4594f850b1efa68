/* The editor's overview: asked for when it is seen, and again when Wagtail's preview is stale. */
(() => {
  // The second where what was typed while the editor started is taken as its beginning.
  const CHANGED = ["w-unsaved:add", "w-unsaved:watch-edits"];

  customElements.define(
    "anodyne-overview",
    class extends HTMLElement {
      connectedCallback() {
        this.isStale = true;
        this.observer = new IntersectionObserver((entries) => {
          this.isSeen = entries.at(-1).isIntersecting;
          this.update();
        });
        CHANGED.forEach((name) => document.addEventListener(name, this));
        // The form is whole only when Wagtail's scripts have run.
        const watch = () => this.observer.observe(this);
        if (document.readyState === "complete") watch();
        else addEventListener("load", watch, { once: true });
      }

      disconnectedCallback() {
        this.observer.disconnect();
        CHANGED.forEach((name) => document.removeEventListener(name, this));
      }

      handleEvent() {
        this.isStale = true;
        this.update();
      }

      async update() {
        if (!this.isStale || !this.isSeen || this.isAsking) return;
        this.isStale = false;
        this.isAsking = true;
        const html = await this.ask().catch(() => "");
        this.isAsking = false;
        this.ariaBusy = "false";
        this.firstElementChild.hidden = Boolean(html);
        if (html) this.show(html);
        this.update();
      }

      async ask() {
        const body = new FormData(this.closest("form"));
        const answer = await fetch(this.dataset.url, { method: "POST", body });
        return answer.ok ? answer.text() : "";
      }

      show(html) {
        if (html === this.shown) return;
        this.shown = html;
        const all = () => [...this.querySelectorAll("details")];
        const open = all().filter((details) => details.open).map(({ dataset }) => dataset.key);
        this.lastElementChild.innerHTML = html;
        all().forEach((details) => { details.open = open.includes(details.dataset.key); });
      }
    },
  );
})();
