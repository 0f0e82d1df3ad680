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

folder=$(mktemp -d)
halves=
stop() {
  # shellcheck disable=SC2086
  if [ -n "$halves" ]; then kill $halves 2>/dev/null || true; fi
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# Runs tests with what they say in a file of the given name, and how they ended in another.
run() {
  name=$1
  shift
  status=0
  timeout -k 30 "$longest_s" "$bun_path" --no-env-file test --timeout "$longest_test_ms" "$@" \
    >"$folder/$name.log" 2>&1 || status=$?
  printf '%s\n' "$status" >"$folder/$name.status"
}

# The numbers before a word in the summaries that `bun test` ends with, added up.
count() {
  sum=0
  for log in "$folder"/*.log; do
    number=$(sed -n "s/^ *\([0-9][0-9]*\) $1\$/\1/p" "$log" | tail -n 1)
    sum=$((sum + ${number:-0}))
  done
  printf '%s' "$sum"
}

if [ "$#" = 0 ]; then
  need_chromium
  check "format and lint" node_modules/.bin/biome ci --colors=off .
  check "types" node_modules/.bin/tsc --noEmit
  # Two halves side by side, each with engines of its own: much of the time is spent waiting.
  say "running every test, in two halves side by side"
  run first --shard=1/2 &
  halves=$!
  run second --shard=2/2 &
  halves="$halves $!"
  wait
  halves=
else
  run chosen "$@"
fi
cat "$folder"/*.log

passed=$((passed + $(count pass)))
failed=$((failed + $(count fail) + $(count 'errors\{0,1\}')))
# A run that broke off, or found nothing to run, has no failed test to count.
if [ "$failed" = 0 ] && grep -qvx 0 "$folder"/*.status; then failed=1; fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
