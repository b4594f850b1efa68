#!/bin/sh
# Collects the package's strings into the message catalogues and compiles them (needs gettext).
set -eu
cd "$(dirname "$0")/../anodyne_blocks"
python="$PWD/../.venv/bin/python"
english=locale/en/LC_MESSAGES/django.po
# English says what the source says: made anew, because merging guesses.
rm -f "$english"
for folder in locale/*/; do
    "$python" -m django makemessages --locale "$(basename "$folder")" --no-location --no-obsolete --verbosity 0
done
msgen --output-file="$english" "$english"
sed -i -e '/^#, fuzzy$/d' -e 's/^"Language: .*/"Language: en\\n"/' "$english"
"$python" -m django compilemessages --verbosity 0
