#!/bin/sh
# Wheel and source archive, the same bytes every time: `sh packaging/build_distributions.sh [DESTINATION]` (default dist/).
#
# Built from what is committed, with its date, so neither the clock nor leftovers of the working folder get in. Needs
# the package "build" in PYTHON (default python3).
set -eu
destination=$(mkdir -p "${1:-dist}" && cd "${1:-dist}" && pwd)
cd "$(dirname "$0")/.."
python=$(command -v "${PYTHON:-python3}")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
umask 022

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/source" "$place/out"
git archive HEAD | tar -x -C "$place/source"
"$python" -m build --outdir "$place/out" "$place/source" >"$place/log" 2>&1 || { cat "$place/log" >&2; exit 1; }

# setuptools dates the wheel by SOURCE_DATE_EPOCH but not the archive: pack that again, in order, without clock or user.
archive=$(basename "$place"/out/*.tar.gz)
mkdir "$place/again"
tar -x -C "$place/again" -f "$place/out/$archive"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar --mode=go=rX,u+rw,a-s \
    -C "$place/again" -c "${archive%.tar.gz}" | gzip -9n > "$place/out/$archive"
cp "$place"/out/* "$destination"
(cd "$destination" && sha256sum "$archive" ./*.whl)
