#!/usr/bin/env bash
# Makes sure that MariaDB answers at 127.0.0.1:3306 and lets the user "root" in without a password,
# as the tests expect. A server that already does is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

answers() { mariadb --host 127.0.0.1 --user root --execute "SELECT 1" >/dev/null 2>&1; }

if answers; then
    exit 0
fi
if [ ! -x /usr/sbin/mariadbd ]; then
    scripts/apt-install.sh mariadb-server
fi
if ! (exec 3<>/dev/tcp/127.0.0.1/3306) 2>/dev/null; then
    install --directory --owner mysql --group mysql /run/mysqld
    start-stop-daemon --start --oknodo --background --exec /usr/sbin/mariadbd -- --user=mysql
fi
for _ in $(seq 30); do
    answers && exit 0
    # Only this machine can reach the server, and it holds nothing but the tests' databases.
    mariadb --execute "ALTER USER root@localhost IDENTIFIED VIA unix_socket OR mysql_native_password USING ''" \
        2>/dev/null || true
    sleep 1
done
echo "MariaDB does not answer at 127.0.0.1:3306" >&2
exit 1
