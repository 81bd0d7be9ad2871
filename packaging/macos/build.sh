#!/bin/sh
# Sign, pack and notarise ClipSorter.app: `sh packaging/macos/build.sh dist/ClipSorter.app DESTINATION`.
#
# Not tried yet: written without a Mac. Without SIGNING_IDENTITY the app is signed for this machine only ("-"); with
# NOTARY_PROFILE (made by `xcrun notarytool store-credentials`) the disk image is notarised and stapled.
set -eu
app=$1
destination=$2
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' clipsorter/__init__.py)
identity=${SIGNING_IDENTITY:--}
image="$destination/ClipSorter-$version-$(uname -m).dmg"

# Inside out: each library first, the app last.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 codesign --force --timestamp --options runtime --sign "$identity"
codesign --force --timestamp --options runtime --sign "$identity" \
    --entitlements packaging/macos/entitlements.plist "$app"
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
