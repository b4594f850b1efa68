#!/usr/bin/env bash
# Resolves what setup.cfg names into requirements/*.txt, the newest of everything, for all supported
# Pythons and systems at once, with hashes. `make lock` runs it.
set -euo pipefail
cd "$(dirname "$0")/.."

export UV_CUSTOM_COMPILE_COMMAND="make lock" UV_PYTHON_DOWNLOADS=never

compile() { # compile LOCK ARGUMENTS…
    .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
        --no-annotate --upgrade --output-file "$1" "${@:2}"
}

everything=$(mktemp --suffix .txt)
trap 'rm "$everything"' EXIT
mkdir -p requirements

# Targets share one environment, so that no two locks may name different versions of a package.
compile "$everything" setup.cfg --extra dev --extra bench
for extra in demo test browser clients mysql postgres bench docs lint; do
    compile "requirements/$extra.txt" setup.cfg --extra "$extra" --constraint "$everything"
done
# What builds this package, and those that are published as sources only.
echo setuptools | compile requirements/build.txt - --constraint "$everything"
# In an environment of its own: what uploads packages pulls in more than all the rest.
compile requirements/release.txt setup.cfg --extra release
compile requirements/oldest.txt setup.cfg --extra test --extra mysql --resolution lowest-direct
# A fresh site on the older Wagtail, which its patch releases keep up with what it requires.
echo "wagtail~=7.4.0" | compile requirements/wagtail-7.4.txt setup.cfg -
