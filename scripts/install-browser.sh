#!/usr/bin/env bash
# Installs what the browser checks need: Chromium, fonts for every script the site uses, axe-core
# and the Nu HTML checker. Debian or Ubuntu; does nothing where all of it is there already.
#
# Afterwards: /usr/bin/chromium
#             build/tools/node_modules/axe-core/axe.min.js
#             build/tools/node_modules/vnu-jar/build/dist/vnu.jar (started with java -jar)
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v java >/dev/null || packages+=(default-jre-headless)
command -v npm >/dev/null || packages+=(npm)
dpkg -s fonts-noto-core >/dev/null 2>&1 || packages+=(fonts-noto-core)
if [ ${#packages[@]} -gt 0 ]; then
    scripts/apt-install.sh "${packages[@]}"
fi

scripts/npm-ci.sh requirements/browser build/tools
