#!/bin/sh
# Runs a verb of the command line on the database of this composition.
set -eu
DATABASE_URL="postgres://postern:$(cat /run/database/password)@postgres:5432/postern"
export DATABASE_URL
exec postern "$@"
