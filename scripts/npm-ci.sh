#!/usr/bin/env bash
# npm-ci.sh LOCK FOLDER: installs what LOCK/package-lock.json names into FOLDER/node_modules. Does
# nothing where it is there already.
set -euo pipefail

lock=$1 folder=$2
if ! cmp -s "$lock/package-lock.json" "$folder/.installed"; then
    mkdir -p "$folder"
    cp "$lock/package.json" "$lock/package-lock.json" "$folder"
    # No script of a package runs: vnu-jar's own would fetch a Java runtime, which Debian gives.
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
    cp "$lock/package-lock.json" "$folder/.installed"
fi
