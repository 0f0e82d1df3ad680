#!/bin/sh
# Builds a static redis-server from the Debian source package, into the folder named by the first argument.
# Done once: what is in the folder is kept until it is removed. The machine's own package sources are read,
# never changed.
set -eu
target=$1
if [ -x "$target/redis-server" ]; then exit 0; fi

say() { printf '%s\n' "$*" >&2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

step() {
  if "$@" >"$work/log" 2>&1; then return 0; fi
  tail -n 40 "$work/log" >&2
  say "Redis could not be built. What failed:"
  say "  $*"
  exit 1
}

# The same archives as the machine's, asked for sources.
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/parts"
for list in /etc/apt/sources.list.d/*.sources; do
  [ -e "$list" ] || continue
  sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/parts/$(basename "$list")"
done
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -e "$list" ] || continue
  sed -n 's/^deb\(-src\)\{0,1\} /deb-src /p' "$list" | sort -u >"$work/parts/$(basename "$list" .list).list"
done
apt() {
  apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root "$@"
}

say "Building Redis from its Debian source package (once)"
# An archive without sources makes the update complain; what counts is that redis is found.
apt update >"$work/log" 2>&1 || true
cd "$work"
step apt source redis
source=$(find "$work" -maxdepth 1 -type d -name 'redis-*' | head -n 1)
version=$(cd "$source" && dpkg-parsechangelog --show-field Version)
step make -C "$source/src" -j "$(nproc)" MALLOC=libc BUILD_TLS=no USE_SYSTEMD=no LDFLAGS=-static redis-server
cd - >/dev/null
mkdir -p "$target"
strip -o "$target/redis-server.new" "$source/src/redis-server"
cp "$source/COPYING" "$target/COPYING"
printf '%s\n' "$version" >"$target/version"
mv "$target/redis-server.new" "$target/redis-server"
say "Redis $version is built"
