#!/bin/sh
# Make an AppImage of the built folder: `sh packaging/appimage/build.sh BUNDLE_FOLDER DESTINATION`.
#
# Not tried yet: it needs appimagetool (https://github.com/AppImage/appimagetool) on the PATH, which CI fetches.
set -eu
bundle=$(cd "$1" && pwd)
destination=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' clipsorter/__init__.py)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

mkdir -p "$tree/usr/lib" "$tree/usr/share/metainfo"
cp -a "$bundle" "$tree/usr/lib/clipsorter"
cp packaging/desktop/clipsorter.desktop "$tree/"
cp packaging/desktop/io.github.clipsorter.ClipSorter.metainfo.xml "$tree/usr/share/metainfo/"
cp packaging/desktop/icons/clipsorter-256.png "$tree/clipsorter.png"
ln -s clipsorter.png "$tree/.DirIcon"
cat > "$tree/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/usr/lib/clipsorter/clipsorter" "$@"
RUN
chmod 755 "$tree/AppRun"
ARCH=$(uname -m) VERSION=$version appimagetool --comp zstd "$tree" "$destination/ClipSorter-$version-$(uname -m).AppImage"
