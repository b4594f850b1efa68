#!/usr/bin/env bash
# Installs what checks structured data: Adobe's validator, and schema.org's types with a TypeScript
# compiler. Does nothing where they are there already. Debian or Ubuntu.
#
# Afterwards: build/tools/json-ld/node_modules/
set -euo pipefail
cd "$(dirname "$0")/.."

wanted="@adobe/structured-data-validator@1.7.1 @marbec/web-auto-extractor@2.2.1 schema-dts@2.1.0 typescript@7.0.2"
folder=build/tools/json-ld

command -v npm >/dev/null || scripts/apt-install.sh npm
if [ "$(cat $folder/.installed 2>/dev/null)" != "$wanted" ]; then
    mkdir -p $folder
    echo '{"private": true}' >$folder/package.json
    # shellcheck disable=SC2086
    npm install --prefix $folder --ignore-scripts --no-audit --no-fund --loglevel=error $wanted
    echo "$wanted" >$folder/.installed
fi
