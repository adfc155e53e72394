#!/usr/bin/env bash
# Brings what the tests need beside Python: a browser, rsync, for the HTML checker Java and its jar, and CommonMark's examples.
# Says how where it cannot.
set -euo pipefail
cd "$(dirname "$0")/.."
jar=.venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar
spec=.venv/commonmark/node_modules/commonmark-spec/spec.txt # CC-BY-SA 4.0, so it is not kept here

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

have_rsync() { command -v rsync >/dev/null; }

have_npm() { command -v npm >/dev/null; }

bring() { # bring FILE PACKAGE: with npm, into the folder of .venv in which the file stands
  local folder
  [ ! -s "$1" ] || return 0
  folder=$(cut -d/ -f1-2 <<<"$1")
  have_npm || { install npm && have_npm; } || missing "npm, once, for the HTML checker and CommonMark's examples" npm node
  npm install --silent --no-audit --no-fund --prefix "$folder" "$2"
  [ -s "$1" ] || { echo "npm did not bring $1; remove $folder and try again." >&2; exit 3; }
}

have_browser || { install chromium && have_browser; } || missing "a browser (Chromium or Chrome)" chromium "--cask google-chrome"
have_java || { install default-jre-headless && have_java; } || missing "Java 11 or newer" default-jre-headless openjdk
have_rsync || { install rsync && have_rsync; } || missing rsync rsync rsync

bring "$jar" vnu-jar
bring "$spec" commonmark-spec@0.31.2
