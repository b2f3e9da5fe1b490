#!/bin/sh
# Run once by the database's image, when it makes the database: one role that owns the tables and migrates them, and one
# that serves the portal, reads and writes, and can alter nothing (X4). Elsewhere, run it with psql's own variables set.
set -eu
psql --username "${POSTGRES_USER:-postgres}" --dbname postgres --set ON_ERROR_STOP=1 \
  --set owner_password="$OWNER_DATABASE_PASSWORD" --set app_password="$APP_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE ksf_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE ksf LOGIN PASSWORD :'app_password';
CREATE DATABASE ksf OWNER ksf_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE ksf FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE ksf TO ksf;
\connect ksf
ALTER SCHEMA public OWNER TO ksf_owner;
SQL
