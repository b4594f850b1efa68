"""The TypeScript of the documentation: it type-checks strictly, and its receivers receive."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from anodyne_blocks.shops.webhooks import sign_standard_webhook
from tests.api.test_headless_site import tsc
from tests.catalogue.receiver import SECRET
from tests.conftest import ROOT

# It needs Node, not the browser.
pytestmark = pytest.mark.browser

GUIDES = ROOT / "docs" / "how-to"
PACKAGE = ROOT / "packages" / "elements"
# What the snippets use of others' frameworks, as these document it; the caches note what they are
# told.
FRAMEWORKS = {
    "next/package.json": '{"type": "module", "exports": {"./cache": "./cache.js"}}',
    "next/cache.js": """export const told = [];
export const revalidateTag = (tag, { expire }) => told.push([tag, expire]);
export const revalidatePath = (path) => told.push(path);
""",
    "next/cache.d.ts": """export declare const told: readonly unknown[];
export declare function revalidateTag(tag: string, profile: { expire: number }): void;
export declare function revalidatePath(path: string): void;
""",
    "astro/package.json": '{"types": "./index.d.ts"}',
    "astro/index.d.ts": """interface Cache {
  invalidate(options: { tags: readonly string[] }): Promise<void>;
}
export type APIRoute = (context: { request: Request; cache: Cache }) => Promise<Response>;
""",
}
AMBIENT = """interface ImportMeta { readonly env: Readonly<Record<string, string>> }
declare const process: { readonly env: Readonly<Record<string, string | undefined>> };
declare const Astro: { readonly params: Readonly<Record<string, string>> };
declare const api: string, id: number;
declare module "*.astro" {
  const component: (props: object) => JSX.Element;
  export default component;
}
declare namespace JSX {
  interface Element { readonly type: unknown }
  interface IntrinsicElements { [name: string]: object }
}
interface RequestInit { next?: { tags: string[] } }
"""
OPTIONS = {
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom", "dom.iterable"],
    "types": [],
    "strict": True,
    "jsx": "preserve",
    "outDir": "made",
    "rootDir": "src",
}
DELIVER = """import { told } from "next/cache";
import { POST as next } from "./made/next.js";
import { POST as astro } from "./made/astro.js";
const cache = { invalidate: async ({ tags }) => void told.push(tags) };
const said = [];
for (const given of JSON.parse(process.argv[2])) {
  const ask = () => new Request("https://front.example/", { method: "POST", ...given });
  const [{ status }, other] = [await next(ask()), await astro({ request: ask(), cache })];
  said.push([status, other.status, told.splice(0)]);
}
console.log(JSON.stringify(said));
"""


def snippets(guide: Path, language: str) -> list[str]:
    """The code blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", guide.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A front end that holds all snippets, compiled."""
    folder = tmp_path_factory.mktemp("front_end")
    modules, source = folder / "node_modules", folder / "src"
    package = modules / "anodyne-blocks-elements"
    tsc("--project", PACKAGE, "--outDir", package / "dist")
    shutil.copy(PACKAGE / "package.json", package)
    for name, text in FRAMEWORKS.items():
        (modules / name).parent.mkdir(exist_ok=True)
        (modules / name).write_text(text)

    next_receiver, next_fetch, astro_receiver = snippets(GUIDES / "change-events.md", "ts")
    (page,) = snippets(GUIDES / "headless.md", "text")
    _, frontmatter, template = page.split("---\n")
    (questions,) = snippets(GUIDES / "headless.md", "tsx")
    (read_me,) = snippets(PACKAGE / "README.md", "ts")
    written = {
        "next.ts": next_receiver,
        "fetch.ts": f"{next_fetch}export {{ page }};",
        # Astro's compiler fills in what Node does not know.
        "astro.ts": astro_receiver.replace("import.meta.env", "(process.env as ImportMeta['env'])"),
        "questions.tsx": questions,
        "pages/[id].tsx": f"{frontmatter}export default <>{template}</>;",
        "readme.ts": read_me,
        "ambient.d.ts": AMBIENT,
        "elements.d.ts": (ROOT / "anodyne_blocks" / "schema" / "elements.d.ts").read_text(),
    }
    for name, text in written.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}))
    tsc("--project", folder)
    return folder


def test_the_documented_receivers_take_what_this_site_has_signed(site: Path) -> None:
    """Those for Next and Astro forget tags and addresses; what nobody signed they refuse."""
    pages = [{"id": 7, "change": "changed", "urls": ["https://shop.example/nl/slapen/"]}]
    body = json.dumps({"type": "pages.changed", "data": {"tags": ["page-7"], "pages": pages}})
    now = int(time.time())

    def sent(sent_at: int = now, changed: str = "", signature: str = "") -> dict[str, Any]:
        signed = sign_standard_webhook("msg_1", str(sent_at), body.encode(), SECRET)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(sent_at),
            "webhook-signature": signature or signed,
        }
        return {"headers": headers, "body": body + changed}

    given = [sent(), sent(now - 600), sent(changed=" "), sent(signature="v1,?")]
    (site / "deliver.js").write_text(DELIVER)
    result = subprocess.run(
        ["node", "deliver.js", json.dumps(given)],
        cwd=site,
        env=os.environ | {"CHANGES_SECRET": SECRET},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    taken, *refused = json.loads(result.stdout)
    assert taken == [204, 204, [["page-7", 0], "/nl/slapen/", ["page-7"]]]
    assert refused == [[401, 401, []]] * 3
