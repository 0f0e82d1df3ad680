#!/bin/sh
# Checks the format, the lint rules and the types, runs every test, and closes with the counts.
# With arguments, runs only these tests: `npm test -- test/unit/money.test.ts`.
set -eu
cd "$(dirname "$0")/.."
. tools/prepare.sh
need_redis

passed=0
failed=0
longest_s=1800
longest_test_ms=300000

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
stop() {
  for pid_file in "$folder"/*.pid; do
    if [ -e "$pid_file" ]; then kill "$(cat "$pid_file")" 2>/dev/null || true; fi
  done
}
trap 'stop; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

# Runs the tests of the files that are named after it, with what they say in a file of the folder $1, and how
# they ended in another.
run='
  folder=$1
  shift
  log=$(mktemp "$folder/XXXXXX")
  timeout -k 30 "$longest_s" "$bun_path" --no-env-file test --timeout "$longest_test_ms" "$@" \
    >"$log.log" 2>&1 &
  printf "%s\n" "$!" >"$log.pid"
  status=0
  wait "$!" || status=$?
  rm -f "$log.pid"
  printf "%s\n" "$status" >"$log.status"
'
export bun_path longest_s longest_test_ms

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
  # Much of the time is spent waiting, so three runs go on side by side, each with engines of its own and a
  # few files at a time. Those that take longest come first.
  say "running every test, a few files at a time"
  {
    find test/faults test/end-to-end -name '*.test.ts*' | sort
    find test -name '*.test.ts*' ! -path 'test/faults/*' ! -path 'test/end-to-end/*' | sort
  } | xargs -P 3 -n 8 sh -c "$run" run "$folder" &
  wait "$!"
else
  sh -c "$run" run "$folder" "$@" &
  wait "$!"
fi
cat "$folder"/*.log

passed=$((passed + $(count pass)))
failed=$((failed + $(count fail) + $(count 'errors\{0,1\}')))
# A run that broke off, or found nothing to run, has no failed test to count.
if [ "$failed" = 0 ] && grep -qvx 0 "$folder"/*.status; then failed=1; fi

if [ "$failed" != 0 ]; then
  # What failed once more, with what was said before it: a long log is often cut from the front.
  for log in "$folder"/*.log; do
    grep -B 60 -E '^\(fail\)|^error:|unhandled' "$log" | grep -v '^(pass)' | tail -n 200 || true
  done
fi

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
