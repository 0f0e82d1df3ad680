#!/bin/sh
# Checks the format, the lint rules and the types, runs every test, and closes with the counts.
# With arguments, runs only these tests: `npm test -- test/unit/money.test.ts`.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_redis

passed=0
failed=0
longest_s=900
longest_test_ms=60000

check() {
  name=$1
  shift
  if quietly "$@"; then
    passed=$((passed + 1))
    say "ok: $name"
  else
    failed=$((failed + 1))
    say "FAILED: $name"
  fi
}

# The number before a word in the summary that `bun test` ends with.
count() { sed -n "s/^ *\([0-9][0-9]*\) $1\$/\1/p" "$output" | tail -n 1; }

if [ "$#" = 0 ]; then
  need_chromium
  check "format and lint" node_modules/.bin/biome ci --colors=off .
  check "types" node_modules/.bin/tsc --noEmit
fi

output=$(mktemp)
trap 'rm -f "$output" "$output.status"' EXIT
{
  status=0
  timeout --foreground -k 30 "$longest_s" "$bun_path" --no-env-file test --timeout "$longest_test_ms" "$@" 2>&1 || status=$?
  printf '%s\n' "$status" >"$output.status"
} | tee "$output"

passes=$(count pass)
failures=$(count fail)
errors=$(count 'errors\{0,1\}')
passed=$((passed + ${passes:-0}))
failed=$((failed + ${failures:-0} + ${errors:-0}))
# A run that broke off, or found nothing to run, has no failed test to count.
if [ "$(cat "$output.status")" != 0 ] && [ "$failed" = 0 ]; then failed=1; fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
