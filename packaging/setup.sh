#!/bin/sh
# Set ClipSorter up in .venv beside its source: `sh packaging/setup.sh` for use, `sh packaging/setup.sh test` for work.
#
# On Debian and its relatives the system packages that are missing are installed with apt (as root or through sudo):
# Python's venv module, and with `test` or a screen the libraries that Qt needs.
set -eu
cd "$(dirname "$0")/.."
want=${1:-use}

# What Qt's offscreen platform loads, then what a real X11 window adds (measured on a bare Debian 12).
qt_libraries="libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3"
window_libraries="libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0"

python=${PYTHON:-python3}
missing=""
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    needed=""
    command -v "$python" >/dev/null 2>&1 || needed="python3"
    "$python" -c "import ensurepip" >/dev/null 2>&1 || needed="$needed python3-venv"
    if [ "$want" = test ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        needed="$needed $qt_libraries $window_libraries"
    fi
    for package in $needed; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
    done
fi
if [ -n "$missing" ]; then
    echo "Installing system packages:$missing"
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # one word per package
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends $missing >/dev/null
fi

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "ClipSorter needs Python 3.11 or newer; this is $("$python" --version)." >&2
    exit 2
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
case $want in
    test) .venv/bin/python -m pip install --disable-pip-version-check --quiet -e ".[test]" ;;
    use) .venv/bin/python -m pip install --disable-pip-version-check --quiet . ;;
    *) echo "usage: sh packaging/setup.sh [use|test]" >&2; exit 2 ;;
esac
echo "ClipSorter is set up: .venv/bin/clipsorter"
