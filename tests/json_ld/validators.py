"""All that checks structured data, under one roof: {name of a page: what is wrong with it}.

Needs what `scripts/install-json-ld-validators.sh` installs, and Node.js.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

from anodyne_blocks.json_ld import script
from tests.json_ld import house_rules
from tests.json_ld.vocabulary import Vocabulary

MODULES = Path(__file__).resolve().parents[2] / "build" / "tools" / "json-ld" / "node_modules"
DECLARATIONS = MODULES / "schema-dts" / "dist" / "schema.d.ts"
TYPESCRIPT = {
    "strict": True,
    "noEmit": True,
    "skipLibCheck": True,
    "module": "esnext",
    "moduleResolution": "bundler",
    "paths": {"schema-dts": [str(DECLARATIONS)]},
    "types": [],
}
_DIAGNOSTIC = re.compile(r"^(?:.*/)?([\w-]+)\.ts\(\d+,\d+\): (error TS\d+: .*)$", re.MULTILINE)

Problems = dict[str, list[str]]


def page_of(graph: dict[str, Any]) -> str:
    """A page with nothing but a graph."""
    return f"<!DOCTYPE html><html><head><title>A</title>{script(graph)}</head></html>"


def strict(pages: dict[str, str]) -> Problems:
    """One script, and JSON by the letter."""
    found: Problems = {}
    for name, html in pages.items():
        try:
            house_rules.graph_of(html)
        except ValueError as error:
            found[name] = [str(error)]
    return found


def vocabulary(pages: dict[str, str]) -> Problems:
    """Types, domains, ranges, enumerations, dates, durations, numbers."""
    known = Vocabulary(DECLARATIONS)
    return _of_graphs(pages, known.problems)


def house(pages: dict[str, str]) -> Problems:
    """Google's minimums and the package's own promises."""
    return _of_graphs(pages, house_rules.problems)


def adobe(pages: dict[str, str], folder: Path) -> Problems:
    """Adobe's structured-data validator: Google's rules, type by type."""
    vocabulary_file = folder / "vocabulary.json"
    vocabulary_file.write_text(json.dumps(Vocabulary(DECLARATIONS).as_json_ld))
    files = {str(folder / f"{name}.html"): name for name in pages}
    for file, name in files.items():
        Path(file).write_text(pages[name], encoding="utf-8")
    program = Path(__file__).with_name("adobe.mjs")
    command = ["node", str(program), str(MODULES), str(vocabulary_file), *files]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return {files[file]: issues for file, issues in json.loads(result.stdout).items() if issues}


def types(pages: dict[str, str], folder: Path) -> Problems:
    """The declarations of schema-dts, under `tsc --strict`."""
    names = []
    for name, graph in _graphs(pages).items():
        text = json.dumps(graph, ensure_ascii=False, indent=2)
        module = (
            f'import type {{ Graph }} from "schema-dts";\nexport const graph: Graph = {text};\n'
        )
        (folder / f"{name}.ts").write_text(module, encoding="utf-8")
        names.append(f"{name}.ts")
    options = {"compilerOptions": TYPESCRIPT, "files": names}
    (folder / "tsconfig.json").write_text(json.dumps(options))
    compiler = MODULES / ".bin" / "tsc"
    command = [str(compiler), "--project", str(folder), "--pretty", "false"]
    result = subprocess.run(command, capture_output=True, text=True)
    found: Problems = defaultdict(list)
    for name, text in _DIAGNOSTIC.findall(result.stdout):
        found[name].append(text)
    if bool(result.returncode) != bool(found):
        raise RuntimeError(result.stdout + result.stderr)
    return dict(found)


def all_of(pages: dict[str, str], folder: Path) -> dict[str, Problems]:
    """{validator: its problems}."""
    return {
        "strict": strict(pages),
        "vocabulary": vocabulary(pages),
        "house": house(pages),
        "adobe": adobe(pages, folder),
        "types": types(pages, folder),
    }


def _graphs(pages: dict[str, str]) -> dict[str, Any]:
    """The graphs of those pages whose JSON can be read."""
    broken = strict(pages)
    return {name: house_rules.graph_of(html) for name, html in pages.items() if name not in broken}


def _of_graphs(pages: dict[str, str], check: Any) -> Problems:
    checked = {name: check(graph) for name, graph in _graphs(pages).items()}
    return {name: issues for name, issues in checked.items() if issues}
