#!/bin/sh
# Configures Redis with its password's hash, so that the password is in no file and on no command line (printf is built into
# the shell), and starts it
set -eu
sh /etc/berth/version.sh
if [ -n "${REDISCLI_AUTH:-}" ]; then
  access="#$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -c -64)"
else
  access=nopass
fi
echo "user default on $access ~* &* +@all" >/tmp/users.acl
exec redis-server /etc/berth/redis.conf
