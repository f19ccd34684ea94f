#!/bin/sh
# Run once by the image of PostgreSQL, when its volume is empty: the login that owns the database, which is no superuser.
# The same as ingest/embedded.py provides. Everything else comes with `python ingest/run.py --init`, on either server.
set -eu

psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
    --set=login="$SALTWORKS_USER" --set=password="$SALTWORKS_PASSWORD" --set=database="$SALTWORKS_DATABASE" <<'SQL'
create role :"login" login createrole password :'password';
create database :"database" owner :"login" template template0
    encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C';
SQL
