/* A text that is pasted keeps its headings, lists and links: the field takes its HTML. */
document.addEventListener("paste", (event) => {
  if (!event.target.matches?.("[data-anodyne-paste]")) return;
  const html = event.clipboardData?.getData("text/html");
  if (!html) return;
  event.preventDefault();
  event.target.setRangeText(html, event.target.selectionStart, event.target.selectionEnd, "end");
});
