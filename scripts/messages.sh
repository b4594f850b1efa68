#!/bin/sh
# Collects the package's strings into the message catalogues and compiles them (needs gettext).
set -eu
cd "$(dirname "$0")/../anodyne_blocks"
python="$PWD/../.venv/bin/python"
for language in en nl da sv nb de fr es fi pl ar; do
    "$python" -m django makemessages --locale "$language" --no-location --no-obsolete --verbosity 0
done
# English says what the source says.
english=locale/en/LC_MESSAGES/django.po
msgen --output-file="$english" "$english"
sed -i '/^#, fuzzy$/d' "$english"
"$python" -m django compilemessages --verbosity 0
