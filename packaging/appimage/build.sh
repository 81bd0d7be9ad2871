#!/bin/sh
# Make an AppImage of the built folder: `sh packaging/appimage/build.sh BUNDLE_FOLDER DESTINATION`.
#
# Needs appimagetool (https://github.com/AppImage/appimagetool) on the PATH, which CI fetches. The folder that it packs was
# tried; packing it is untested.
set -eu
bundle=$(cd "$1" && pwd)
destination=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' clipsorter/__init__.py)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

chmod 755 "$tree"
share=$tree/usr/share
mkdir -p "$tree/usr/lib"
cp -a "$bundle" "$tree/usr/lib/clipsorter"
install -Dm644 packaging/desktop/clipsorter.desktop -t "$share/applications"
install -Dm644 packaging/desktop/io.github.clipsorter.ClipSorter.metainfo.xml -t "$share/metainfo"
install -Dm644 packaging/desktop/icons/clipsorter-256.png "$share/icons/hicolor/256x256/apps/clipsorter.png"
ln -s usr/share/applications/clipsorter.desktop "$tree/clipsorter.desktop"
ln -s usr/share/icons/hicolor/256x256/apps/clipsorter.png "$tree/clipsorter.png"
ln -s clipsorter.png "$tree/.DirIcon"
cat > "$tree/AppRun" <<'RUN'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/usr/lib/clipsorter/clipsorter" "$@"
RUN
chmod 755 "$tree/AppRun"
ARCH=$(uname -m) VERSION=$version appimagetool --comp zstd "$tree" "$destination/ClipSorter-$version-$(uname -m).AppImage"
