#!/usr/bin/env bash
# Brings what the tests need beside Python: a browser and, for the HTML checker, Java and its jar. Says how where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."

need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$2" >/dev/null
  fi
  command -v "$1" >/dev/null || {
    echo "The tests need \`$1\`. Install it: apt install $2 (Debian, Ubuntu) or brew install $2 (macOS)." >&2
    exit 3
  }
}

command -v chromium >/dev/null || command -v google-chrome >/dev/null || need chromium chromium
need java default-jre-headless
need npm npm
if [ ! -f .venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar ]; then
  npm install --silent --no-audit --no-fund --prefix .venv/vnu vnu-jar
fi
