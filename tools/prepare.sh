# Installs what is missing: Bun, the packages, and the programs that the caller names. Quiet when nothing is.
# To be read by the scripts beside it (`. tools/prepare.sh`) in the project's folder; it defines:
#   bun ARGUMENTS...         runs Bun, of the one version that this project is written for
#   need_redis, need_chromium, need_compiler   install a program, or end with the line to type
#   use_redis                the same, but only warns

bun_version=1.4.5
bun_path=.cache/bun-$bun_version

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$1"
  say "  $2"
  exit 1
}

# Runs a command silently; what it said is shown when it fails.
quietly() {
  quiet_log=$(mktemp)
  if "$@" >"$quiet_log" 2>&1; then
    rm -f "$quiet_log"
    return 0
  fi
  cat "$quiet_log" >&2
  rm -f "$quiet_log"
  return 1
}

bun() { "$bun_path" "$@"; }

prepare_bun() {
  if [ -x "$bun_path" ] && [ "$("$bun_path" --version)" = "$bun_version" ]; then return 0; fi
  command -v npx >/dev/null || fail "npm is missing. Install Node 20 or later with npm:" "https://nodejs.org"
  say "Installing Bun $bun_version (once)"
  mkdir -p .cache
  # npx takes over a second each time, so the program it fetched is kept.
  quietly npx --yes "bun@$bun_version" -e \
    'require("fs").copyFileSync(process.execPath, process.argv[1])' "$bun_path.new.$$" &&
    chmod 755 "$bun_path.new.$$" && mv "$bun_path.new.$$" "$bun_path" ||
    fail "Bun could not be installed from npm. Look at the connection, then try again:" \
      "npx --yes bun@$bun_version --version"
}

prepare_packages() {
  wanted=$(cat bun.lock package.json | cksum)
  if [ -d node_modules ] && [ "$(cat node_modules/.installed-from 2>/dev/null)" = "$wanted" ]; then return 0; fi
  say "Installing the packages"
  quietly bun install --frozen-lockfile ||
    fail "The packages could not be installed. Look at the connection, then try again:" \
      "npx --yes bun@$bun_version install --frozen-lockfile"
  printf '%s\n' "$wanted" >node_modules/.installed-from
}

# Services that come with a package stay off: Lapak runs its own engines, and nothing here listens unasked.
without_services() {
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  status=0
  "$@" || status=$?
  rm -f "$policy"
  trap - EXIT INT TERM
  return "$status"
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq update &&
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq -y \
      --no-install-recommends install "$@"
}

install_packages() {
  can_install || return 1
  say "Installing $* (once)"
  quietly without_services apt_install "$@"
}

has_redis() { command -v redis-server >/dev/null || command -v valkey-server >/dev/null; }

install_redis() {
  install_packages redis-server || return 1
  # Nor does the service start with the machine: Lapak runs a Redis of its own.
  deb-systemd-helper disable redis-server.service >/dev/null 2>&1 || true
  update-rc.d redis-server disable >/dev/null 2>&1 || true
}

use_redis() {
  [ -n "${REDIS_URL:-}" ] || has_redis || install_redis ||
    say "There is no Redis here; Lapak sells without it. To install it: sudo apt-get install redis-server"
}

need_redis() {
  has_redis || install_redis ||
    fail "Redis is missing. Install it, then try again:" "sudo apt-get install redis-server"
}

need_chromium() {
  command -v chromium >/dev/null || install_packages chromium ||
    fail "Chromium is missing, for the tests of the web pages. Install it, then try again:" \
      "sudo apt-get install chromium"
}

need_compiler() {
  { command -v gcc && command -v make && command -v dpkg-source && [ -e /usr/include/stdio.h ]; } \
    >/dev/null ||
    install_packages gcc make libc6-dev dpkg-dev ||
    fail "A C compiler is missing, to build Redis. Install it, then try again:" \
      "sudo apt-get install gcc make libc6-dev dpkg-dev"
}

prepare_bun
prepare_packages
