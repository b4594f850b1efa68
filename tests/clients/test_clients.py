"""What others make of the API's descriptions: it type-checks, and reads every article.

Needs Node, and `requirements/clients.txt`; the packages of npm are fetched once.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.e2e.site import ARTICLE_ADDRESSES, ROOT

if TYPE_CHECKING:
    from tests.api.conftest import Site

# It needs the served example site, not the browser; of Wagtail 8.0, as the lock file has it.
pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
SCHEMA = ROOT / "anodyne_blocks" / "schema"
TOOLS = ROOT / "build" / "tools" / "clients"
PACKAGE = ROOT / "packages" / "elements"
STRICT = "--noEmit --strict --target es2022 --module esnext --moduleResolution bundler"
STRICT += " --lib es2022,dom,dom.iterable"


class Made(NamedTuple):
    """The folder of what was generated, and the articles in each API's words."""

    folder: Path
    origin: str
    v2: list[Any]
    v3: list[Any]


def run(*command: Any, **environment: str) -> str:
    made = subprocess.run(
        [*map(str, command)],
        cwd=TOOLS,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
    return made.stdout


def tool(name: str) -> Path:
    return TOOLS / "node_modules" / ".bin" / name


def ask(address: str) -> Any:
    with urllib.request.urlopen(address) as response:
        return json.load(response)


@pytest.fixture(scope="module")
def made(site: Site) -> Made:
    run_npm = [
        str(ROOT / "scripts" / "npm-ci.sh"),
        str(ROOT / "requirements" / "clients"),
        str(TOOLS),
    ]
    subprocess.run(run_npm, check=True)
    folder = TOOLS / "made"
    folder.mkdir(exist_ok=True)
    for file in [*HERE.glob("*.mjs"), *HERE.glob("*.graphql")]:
        (TOOLS / file.name).write_text(file.read_text())
    listing = f"{site.origin}/api/v2/pages/?type=magazine.ArticlePage&limit=20&fields=body"
    v2 = ask(listing)["items"]
    v3 = [ask(f"{site.origin}/api/v3/pages/{page['id']}/") for page in v2]
    assert len(v2) >= len(ARTICLE_ADDRESSES)
    (folder / "v2.json").write_text(json.dumps(v2))
    (folder / "openapi.json").write_text(json.dumps(ask(f"{site.origin}/api/v3/openapi.json")))
    return Made(folder, site.origin, v2, v3)


def check(made: Made, name: str, source: str) -> None:
    """Type-check a module strictly."""
    (made.folder / f"{name}.check.ts").write_text(source)
    run(tool("tsc"), *STRICT.split(), made.folder / f"{name}.check.ts")


def written(articles: list[Any]) -> str:
    return ",\n".join(map(json.dumps, articles))


def test_openapi_typescript(made: Made) -> None:
    run(tool("openapi-typescript"), "made/openapi.json", "-o", "made/api.ts")
    type_ = 'components["schemas"]["ArticlePageSchema"]'
    source = f'import type {{ components }} from "./api";\nexport const all: {type_}[] = ['
    check(made, "openapi-typescript", f"{source}{written(made.v3)}];")


def test_orval(made: Made) -> None:
    run(
        tool("orval"),
        "--input",
        "./made/openapi.json",
        "--output",
        "./made/orval.ts",
        "--client",
        "fetch",
    )
    source = 'import { pagesDetail, type ArticlePageSchema } from "./orval";\n'
    source += f"export const all: ArticlePageSchema[] = [{written(made.v3)}];\nvoid pagesDetail;"
    check(made, "orval", source)


def test_the_published_types(made: Made) -> None:
    """`elements.d.ts`, for the pages of both versions, and nothing that a page has is left out."""
    (made.folder / "elements.ts").write_text((SCHEMA / "elements.d.ts").read_text())
    source = 'import type { ArticlePage } from "./elements";\nexport const all: ArticlePage[] = ['
    given = [{key: page[key] for key in ("id", "title", "body")} for page in made.v3]
    metas = [{key: page["meta"][key] for key in META} for page in made.v3]
    pages = [{**page, "meta": meta} for page, meta in zip(given, metas, strict=True)]
    check(made, "published", f"{source}{written(pages)}];")


META = ("type", "detail_url", "html_url", "slug", "locale", "first_published_at")


def test_graphql_codegen(made: Made) -> None:
    out = {"SCHEMA": f"{made.origin}/api/graphql/", "OUT": "made"}
    run(tool("graphql-codegen"), "--config", "codegen.mjs", **out)
    query = json.dumps({"query": (HERE / "articles.graphql").read_text()}).encode()
    request = urllib.request.Request(
        f"{made.origin}/api/graphql/", query, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    assert "errors" not in answer and len(answer["data"]["pages"]) == len(made.v2)
    (made.folder / "graphql.json").write_text(json.dumps(answer["data"]))
    run(tool("tsc"), *STRICT.split(), made.folder / "schema.ts", made.folder / "operations.ts")


def test_openapi_python_client(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made.folder / "python" / "wagtail_client"
    command = "generate --overwrite --meta none --path made/openapi.json --output-path"
    run(Path(sys.executable).parent / "openapi-python-client", *command.split(), folder)
    monkeypatch.syspath_prepend(str(folder.parent))
    model = importlib.import_module("wagtail_client.models").ArticlePageSchema
    for page in made.v3:
        read = model.from_dict(page)
        assert (read.title, len(read.body)) == (page["title"], len(page["body"]))


def test_json_schema(made: Made) -> None:
    """ajv's strict mode and python-jsonschema, both as they come."""
    from jsonschema import Draft202012Validator

    schema = SCHEMA / "elements.schema.json"
    counted = int(run("node", "ajv.mjs", schema, "made/v2.json"))
    Draft202012Validator.check_schema(json.loads(schema.read_text()))
    validator = Draft202012Validator(json.loads(schema.read_text()))
    elements = [block["value"]["resolved"] for page in made.v2 for block in page["body"]]
    assert [list(validator.iter_errors(one)) for one in elements if one] == [[]] * counted
    assert counted > 20 * len(ARTICLE_ADDRESSES)


def test_the_npm_package(made: Made) -> None:
    """Built as it is published, without a dependency; types are those of the schema.

    Its own tests pass, and its guards and helpers read real articles.
    """
    published = json.loads((PACKAGE / "package.json").read_text())
    assert "dependencies" not in published
    assert (PACKAGE / "src" / "elements.ts").read_text() == (SCHEMA / "elements.d.ts").read_text()
    built = made.folder / "elements"
    run(tool("tsc"), "--project", PACKAGE, "--outDir", built / "dist")
    shutil.copy(PACKAGE / "package.json", built)
    shutil.copytree(PACKAGE / "test", built / "test", dirs_exist_ok=True)
    said = run("node", "--test", *built.glob("test/*.test.js"))
    assert re.search(r"^# pass [1-9]", said, re.MULTILINE)
    counted = int(run("node", "elements.mjs", built / "dist", "made/v2.json"))
    assert counted == sum(
        bool(block["value"]["resolved"]) for page in made.v2 for block in page["body"]
    )


def test_answers_keep_what_openapi_promises(made: Made) -> None:
    """Bounded by schemathesis.toml: each reading operation for front ends is asked some dozens."""
    said = run(
        Path(sys.executable).parent / "schemathesis",
        *("--config-file", HERE / "schemathesis.toml"),
        *("run", f"{made.origin}/api/v3/openapi.json", "--url", made.origin),
        r"--include-name-regex=^GET /api/v3/(elements/|pages/find/$|pages/\{page_id\}/$)",
    )
    print(said[said.index(" SUMMARY ") :])
    selected = re.search(r"Selected: (\d+)/", said)
    assert selected and int(selected[1]) == 9


def test_a_listing_costs_the_same_for_any_number(made: Made, site: Site, tmp_path: Path) -> None:
    """1, 5 and 20 articles with all documented fields, in each API; the table is printed."""
    folder = tmp_path / "site"
    shutil.copytree(site.folder, folder)
    environment = os.environ | {"EXAMPLE_VAR": str(folder)}
    counted = subprocess.run(
        [sys.executable, "-m", "tests.api.query_table"],
        cwd=ROOT,
        env={key: value for key, value in environment.items() if key[:7] != "DJANGO_"},
        capture_output=True,
        text=True,
    )
    assert counted.returncode == 0, counted.stderr[-3000:]
    print(counted.stdout)
    for way, queries in json.loads(counted.stdout.splitlines()[-1]).items():
        assert len(set(queries.values())) == 1, way
        assert max(queries.values()) <= 20, way
