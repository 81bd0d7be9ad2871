#!/bin/sh
# Sign, pack and notarise ClipSorter.app: `sh packaging/macos/build.sh dist/ClipSorter.app DESTINATION`.
#
# Untested: written without a Mac. Without SIGNING_IDENTITY the app is signed for this machine only ("-"); with
# NOTARY_PROFILE (made by `xcrun notarytool store-credentials`) the disk image is notarised and stapled.
set -eu
app=$1
destination=$2
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' clipsorter/__init__.py)
identity=${SIGNING_IDENTITY:--}
image="$destination/ClipSorter-$version-$(uname -m).dmg"

sign() {
    if [ "$identity" = - ]; then timestamp=--timestamp=none; else timestamp=--timestamp; fi
    codesign --force "$timestamp" --options runtime --sign "$identity" "$@"
}
# Inside out: each program and library first (Qt's have no ending), then the frameworks around them, the app last.
find "$app/Contents" -type f | while IFS= read -r file; do
    if file -b "$file" | grep -q Mach-O; then sign "$file"; fi
done
find "$app/Contents" -depth -type d -name '*.framework' | while IFS= read -r framework; do sign "$framework"; done
sign --entitlements packaging/macos/entitlements.plist "$app"
codesign --verify --deep --strict "$app"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cp -R "$app" "$place/"
ln -s /Applications "$place/Applications"
hdiutil create -volname ClipSorter -srcfolder "$place" -format ULMO -ov "$image"
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
