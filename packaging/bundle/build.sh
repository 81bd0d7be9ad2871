#!/bin/sh
# Build the folder that people install: `sh packaging/bundle/build.sh [DESTINATION]` (default: dist/ in the checkout).
#
# The build environment is a folder of its own outside the checkout (CLIPSORTER_BUILD, default ~/.cache/clipsorter-build)
# and is reused. It holds torch, which writes the starter model's graphs; the bundle has the graphs and no torch.
# On Linux it needs a C compiler (cc), strip and xz.
set -eu
cd "$(dirname "$0")/../.."
destination=${1:-dist}
place=${CLIPSORTER_BUILD:-${XDG_CACHE_HOME:-$HOME/.cache}/clipsorter-build}
mkdir -p "$place" "$destination"

[ -d "$place/env" ] || "${PYTHON:-python3}" -m venv "$place/env"
python=$place/env/bin/python
[ -e "$python" ] || python=$place/env/Scripts/python.exe  # Windows
# The tested versions, with the CPU build of torch; torchvision follows, each of its versions belongs to one of torch.
{ grep -v '^torch' packaging/constraints.txt; cat packaging/bundle/constraints.txt; } > "$place/constraints.txt"
"$python" -m pip install --quiet --disable-pip-version-check -c "$place/constraints.txt" ".[raw,heif]" "pyinstaller>=6.11"
source=$(pwd)
"$python" packaging/notices/collect.py resources/NOTICES.txt
"$python" packaging/desktop/render_icons.py packaging/desktop/icons
# Again, because pip keeps what has the same version.
"$python" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
# Elsewhere, so that what is installed is bundled and not what lies here.
(
    cd "$place"
    "$python" "$source/packaging/bundle/export_starter.py" "$place/graphs"
    CLIPSORTER_GRAPHS=$place/graphs "$python" -m PyInstaller --noconfirm --log-level WARN \
        --workpath "$place/work" --distpath "$place/dist" "$source/packaging/bundle/clipsorter.spec"
)
if [ "$(uname)" = Linux ]; then  # Python's own library alone: strip damages libraries that auditwheel has edited
    strip --strip-unneeded "$place"/dist/clipsorter/_internal/libpython3*.so.*
fi
"$place/dist/clipsorter/clipsorter" --self-test
[ "$(uname)" = Linux ] || exit 0  # the other systems pack with tools of their own: packaging/windows, packaging/macos

version=$(cd "$place" && "$python" -c 'import clipsorter; print(clipsorter.__version__)')
archive=$destination/clipsorter-$version-linux-$(uname -m).tar.xz
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" -C "$place/dist" -cf - clipsorter |
    xz --threads=0 --x86 --lzma2=preset=6,dict=64MiB > "$archive"
ls -l "$archive"
