#!/bin/sh
# Prints one JSON: how much Lapak sells on this machine, beside the raw limits measured in the same run; with
# `whatsapp` as first word, how it talks on WhatsApp, beside the bare client.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_redis
program=test/bench/main.ts
if [ "${1:-}" = whatsapp ]; then
  program=test/bench/whatsapp/main.ts
  shift
fi
exec "$bun_path" --no-env-file "$program" "$@"
