#!/bin/sh
# Brings the database to the schema of this release, and makes the first account where there is none. What is to be handed over to
# its administrator goes to a private file and never to the log, which many can read and which is kept.
set -eu
umask 077
handover=/run/keys/hand-over/first-account

# A run that was interrupted may have left what cannot be made again.
keep_if_made() {
  if grep -q '^One-time password:' "$handover.new" 2>/dev/null; then mv "$handover.new" "$handover"; fi
}

sh /app/docker/postern.sh migrate
keep_if_made
sh /app/docker/postern.sh init --alias "$ACCOUNT_ALIAS" --admin "$ADMIN_USER" --if-needed > "$handover.new"
keep_if_made
rm -f "$handover.new"

if [ -f "$handover" ]; then
  echo 'What to hand over to the first administrator: docker compose exec postern-1 cat /run/keys/hand-over/first-account'
  echo 'Afterwards remove it: docker compose run --rm --no-deps --entrypoint rm set-up /run/keys/hand-over/first-account'
fi
