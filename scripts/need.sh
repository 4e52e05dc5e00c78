#!/bin/sh
# See to what pip cannot install: `need.sh venv` (Python with its venv module) for every command,
# `need.sh tests` (a browser, fonts, PostgreSQL's server, a spreadsheet, SQLite's command) for the
# tests, `need.sh bench` (the databases of these) for measuring.
# Where packages may be installed, they are; elsewhere a plain word says what is missing.
set -eu
PYTHON="${PYTHON:-python3}"

say() { printf '%s\n' "$*" >&2; }

# Installs Debian packages; fails when this machine or this user cannot.
install() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif sudo -n true 2>/dev/null; then as_root="sudo -n"
    else return 1
    fi
    say "Installing with apt-get: $*"
    $as_root apt-get update -qq >&2 || say "apt-get could not refresh its lists; trying with the old ones."
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

has_postgres() {
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

has_sqlite() {
    command -v sqlite3 >/dev/null
}

has_browser() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
        || command -v google-chrome >/dev/null
}

has_spreadsheet() {
    command -v soffice >/dev/null
}

has_persian_font() {
    [ -n "$(fc-list :lang=fa 2>/dev/null)" ]
}

need_venv() {
    if ! command -v "$PYTHON" >/dev/null; then
        say "There is no $PYTHON on this machine. Install Python 3.11 or newer, then try again."
        say "On Debian and Ubuntu: sudo apt-get install python3 python3-venv"
        exit 1
    fi
    if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        say "Entente needs Python 3.11 or newer, and $PYTHON is $("$PYTHON" -V 2>&1)."
        say "Name a newer one like this: make run PYTHON=python3.12"
        exit 1
    fi
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null && return
    install python3-venv && "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null && return
    say "This Python has no venv module. On Debian and Ubuntu: sudo apt-get install python3-venv"
    exit 1
}

need_tests() {
    missing=""
    has_postgres || missing="$missing postgresql"
    has_sqlite || missing="$missing sqlite3"
    has_browser || missing="$missing chromium"
    has_spreadsheet || missing="$missing libreoffice-calc"
    has_persian_font || missing="$missing fontconfig fonts-noto-core"
    [ -z "$missing" ] && return
    # shellcheck disable=SC2086
    install $missing && return
    say "These could not be installed here:$missing"
    say "The tests that need them are skipped, and the summary says so."
}

need_bench() {
    missing=""
    has_postgres || missing="$missing postgresql"
    has_sqlite || missing="$missing sqlite3"
    [ -z "$missing" ] && return
    # shellcheck disable=SC2086
    install $missing && return
    say "Measuring needs what could not be installed here:$missing"
    exit 1
}

case "${1:-}" in
    venv) need_venv ;;
    tests) need_tests ;;
    bench) need_bench ;;
    *) say "usage: need.sh venv|tests|bench"; exit 2 ;;
esac
