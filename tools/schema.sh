#!/bin/sh
# Writes sql/schema.sql anew from the migrations, after one was added.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
bun --no-env-file tools/write-schema.ts
