#!/bin/sh
# Prints one JSON: how much Lapak sells on this machine, beside the raw limits measured in the same run.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_redis
exec "$bun_path" --no-env-file test/bench/main.ts "$@"
