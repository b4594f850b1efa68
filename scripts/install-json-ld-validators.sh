#!/usr/bin/env bash
# Installs what checks structured data: Adobe's validator, and schema.org's types with a TypeScript
# compiler. Does nothing where they are there already. Debian or Ubuntu.
#
# Afterwards: build/tools/json-ld/node_modules/
set -euo pipefail
cd "$(dirname "$0")/.."

command -v npm >/dev/null || scripts/apt-install.sh npm
scripts/npm-ci.sh requirements/json-ld build/tools/json-ld
