#!/bin/sh
# Lets customers trade in a shop that is hurt in every way, and judges from outside whether it kept its
# promises: `npm run faults -- --seed 7 --seconds 120`. Prints the figures; ends with 1 when one was broken.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_redis
exec "$bun_path" --no-env-file test/fault-runner/main.ts "$@"
