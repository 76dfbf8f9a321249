#!/bin/sh
# Makes the database of POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB at the first start, then runs the server.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/docker
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; }

if [ ! -s "$data/PG_VERSION" ]; then
  chown postgres:postgres /var/lib/postgresql
  umask 077
  printf '%s' "$POSTGRES_PASSWORD" > /tmp/password
  chown postgres:postgres /tmp/password
  as_postgres "$bin/initdb" --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --pgdata="$data"
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  echo "create database \"$POSTGRES_DB\"" | as_postgres "$bin/postgres" --single -j -D "$data" postgres
fi
exec setpriv --reuid=postgres --regid=postgres --clear-groups -- \
  "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp
