#!/usr/bin/env bash
# Puts Shopify's published schema of the Storefront API into build/tools/, for the tests that
# validate every query against it. It comes with a package of Shopify's on npm (MIT licence).
set -euo pipefail
cd "$(dirname "$0")/.."

package="@shopify/hydrogen-react@2026.4.4" # its first two numbers are the API's version
folder="build/tools/shopify"

if [ -f "$folder/storefront.schema.json" ]; then
    exit 0
fi
mkdir -p "$folder"
archive=$(npm pack --silent --pack-destination "$folder" "$package")
tar --extract --gzip --file "$folder/$archive" --directory "$folder" --strip-components 1 \
    package/storefront.schema.json
rm "$folder/$archive"
