#!/usr/bin/env bash
# Makes sure that PostgreSQL answers at 127.0.0.1:5432 and lets the user "postgres" in without a
# password, as the tests expect. A server that already does is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

answers() { (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; }

if answers; then
    exit 0
fi
if ! compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then
    scripts/apt-install.sh postgresql
fi
version=$(find /etc/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n | tail -1)
# Only this machine can reach the server, and it holds nothing but the tests' databases.
sed -i -E 's/^(host\s+all\s+all\s+127\.0\.0\.1\/32\s+).*/\1trust/' \
    "/etc/postgresql/$version/main/pg_hba.conf"
pg_ctlcluster --skip-systemctl-redirect "$version" main restart
for _ in $(seq 30); do
    answers && exit 0
    sleep 1
done
echo "PostgreSQL does not answer at 127.0.0.1:5432" >&2
exit 1
