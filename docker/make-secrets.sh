#!/bin/sh
# Makes what must be secret, once; what is there already stays. Runs as root, to give each file to its reader.
set -eu

# Written aside and moved: a run that is interrupted leaves no half of a secret.
keep() { # <file> <mode> <owner>
  chmod "$2" "$1.new"
  chown "$3" "$1.new"
  mv "$1.new" "$1"
}

if [ ! -s /run/keys/encryption-keys ]; then
  node -p "'k1:' + require('node:crypto').randomBytes(32).toString('base64')" > /run/keys/encryption-keys.new
  keep /run/keys/encryption-keys 0400 node
fi
# Where the set-up leaves what is handed over to the first administrator.
install -d -o node -g node -m 700 /run/keys/hand-over

if [ ! -s /run/database/password ]; then
  node -p "require('node:crypto').randomBytes(24).toString('hex')" > /run/database/password.new
  # Read by Postgres, which has a user of its own, and by Postern; nobody else mounts this volume.
  keep /run/database/password 0444 node
fi
