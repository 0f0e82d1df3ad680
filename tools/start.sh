#!/bin/sh
# Runs Lapak from its source: `npm start` opens the shop, `npm start -- chat --from 6281234567890` any command.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
use_redis
[ "$#" -gt 0 ] || set -- serve
exec "$bun_path" src/main.ts "$@"
