#!/usr/bin/env bash
# Brings what the tests need beside Python: a browser and, for the HTML checker, Java and its jar. Says how where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
jar=.venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar

install() { # install PACKAGE: only where nobody is asked for a password
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$1" >/dev/null
}

missing() { # missing WHAT PACKAGE FORMULA
  echo "The tests need $1. Install it: apt install $2 (Debian, Ubuntu) or brew install $3 (macOS)." >&2
  exit 3
}

have_browser() {
  local name
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && return
  done
  [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ]
}

have_java() { # a `java` that only asks to be installed, or is older than 11, is none
  local release
  release=$(java -version 2>&1 | sed -n 's/^[^"]* version "\([0-9]*\).*/\1/p') && [ "${release:-0}" -ge 11 ]
}

have_npm() { command -v npm >/dev/null; }

have_browser || { install chromium && have_browser; } || missing "a browser (Chromium or Chrome)" chromium "--cask google-chrome"
have_java || { install default-jre-headless && have_java; } || missing "Java 11 or newer" default-jre-headless openjdk
if [ ! -s "$jar" ]; then
  have_npm || { install npm && have_npm; } || missing "npm, once, for the HTML checker" npm node
  npm install --silent --no-audit --no-fund --prefix .venv/vnu vnu-jar
  [ -s "$jar" ] || { echo "npm did not bring $jar; remove .venv/vnu and try again." >&2; exit 3; }
fi
