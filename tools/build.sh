#!/bin/sh
# Makes dist/lapak: one executable with everything inside.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_compiler
sh tools/build-redis.sh .cache/redis
bun tools/build.ts
