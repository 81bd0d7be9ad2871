#!/bin/sh
# Make a .deb of the built folder: `[COMPRESSION=none] sh packaging/deb/build.sh BUNDLE_FOLDER DESTINATION`.
#
# The package has no scripts of its own: the desktop's triggers see the new files, and a person's library, which lies
# in the home folder, is nobody else's to remove. Needs binutils.
set -eu
bundle=$(cd "$1" && pwd)
destination=$(mkdir -p "$2" && cd "$2" && pwd)
cd "$(dirname "$0")/../.."
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}"

version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' clipsorter/__init__.py)
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
share=$tree/usr/share

mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/lib" "$share/doc/clipsorter"
cp -a "$bundle" "$tree/usr/lib/clipsorter"
ln -s ../lib/clipsorter/clipsorter "$tree/usr/bin/clipsorter"
install -Dm644 packaging/desktop/clipsorter.desktop -t "$share/applications"
install -Dm644 packaging/desktop/io.github.clipsorter.ClipSorter.metainfo.xml -t "$share/metainfo"
install -Dm644 resources/icons/clipsorter.svg -t "$share/icons/hicolor/scalable/apps"
for side in 16 24 32 48 64 128 256 512; do
    install -Dm644 "packaging/desktop/icons/clipsorter-$side.png" \
        "$share/icons/hicolor/${side}x$side/apps/clipsorter.png"
done
install -Dm644 packaging/deb/lintian-overrides "$share/lintian/overrides/clipsorter"
mkdir -p "$share/man/man1"
gzip -9n < packaging/deb/clipsorter.1 > "$share/man/man1/clipsorter.1.gz"
install -m644 resources/NOTICES.txt "$share/doc/clipsorter/NOTICES.txt"
{
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: ClipSorter"
    printf '\nFiles: *\nCopyright: The ClipSorter authors\nLicense: MIT\n'
    sed '/^MIT License$/d; s/^$/./; s/^/ /' LICENSE
    printf '\nFiles: usr/lib/clipsorter/_internal/*\nCopyright: their authors\nLicense: various\n'
    echo " The licences of all that comes along: NOTICES.txt in this folder."
} > "$share/doc/clipsorter/copyright"
gzip -9n < CHANGELOG.md > "$share/doc/clipsorter/NEWS.md.gz"
{
    printf 'clipsorter (%s) stable; urgency=medium\n\n  * What is new: NEWS.md.gz in this folder.\n\n' "$version"
    echo " -- $(sed -n 's/^Maintainer: //p' packaging/deb/control)  $(LC_ALL=C date -Rud "@$SOURCE_DATE_EPOCH")"
} | gzip -9n > "$share/doc/clipsorter/changelog.gz"

find "$tree" -type d -exec chmod 755 {} +
find "$tree/usr/lib/clipsorter/_internal" -type f -exec chmod 644 {} +
find "$tree" -type f -exec chmod go=u-w {} +
find "$tree" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
# What the libraries that came along from this machine were built for.
libc=$(find "$tree/usr/lib" -type f -name '*.so*' -exec objdump -T {} + | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
size=$(du -sk --exclude=DEBIAN "$tree" | cut -f1)
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/; s/@LIBC@/${libc#GLIBC_}/" packaging/deb/control > "$tree/DEBIAN/control"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
dpkg-deb --root-owner-group "-Z${COMPRESSION:-xz}" --build "$tree" "$destination/clipsorter_${version}_$architecture.deb"
