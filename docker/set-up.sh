#!/bin/sh
# Brings the database to the schema of this release, and makes the first account where there is none.
set -eu
sh /app/docker/postern.sh migrate
sh /app/docker/postern.sh init --alias "$ACCOUNT_ALIAS" --admin "$ADMIN_USER" --if-needed
