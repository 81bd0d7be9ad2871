#!/bin/sh
# Try a .deb on a minimal Debian 12, as root: `sh packaging/deb/try.sh PACKAGE.deb PHOTOS DESTINATION`.
#
# PHOTOS is a folder of photos (copied; a hundred are enough). In a debootstrap chroot without Python and without any
# network the package is installed as an upgrade of itself under an older number, tests itself, opens a window over the
# photos on an X server outside, sorts, meets a second start, ends by its key, declines a screen that refuses and a library
# of a newer version, and is removed and purged. Pictures and what was said go to DESTINATION; a line per check, and the
# exit status is the number of checks that failed. TREE (default DESTINATION/tree) is the chroot and is used again;
# MIRROR is debootstrap's. Needs debootstrap, Xvfb, openbox, xdotool, xauth and ImageMagick.
set -eu
package=$(realpath "$1")
photos=$(realpath "$2")
shots=$(mkdir -p "$3" && realpath "$3")
cd "$(dirname "$0")/../.."
tree=${TREE:-$shots/tree}
home=/home/anna
data=$home/.local/share/ClipSorter
failed=0

check() { # NAME COMMAND...: a line, and the output in a file of that name
    name=$1
    shift
    if "$@" >"$shots/$name.txt" 2>&1; then echo "ok      $name"; else
        echo "FAILED  $name (status $?): $(tail -n 1 "$shots/$name.txt")"
        failed=$((failed + 1))
    fi
}
root() { unshare --net chroot "$tree" env PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
anna() { # [NAME=VALUE...] COMMAND...
    unshare --net chroot --userspec=anna:anna "$tree" env -i HOME=$home USER=anna PATH=/usr/bin:/bin LANG=C.UTF-8 "$@"
}
refused() { # STATUS WORDS COMMAND...: it ends so, and says this
    want=$1
    words=$2
    shift 2
    status=0
    said=$("$@" 2>&1) || status=$?
    echo "$said (status $status)"
    [ "$status" = "$want" ] && echo "$said" | grep -q "$words"
}
window() { DISPLAY=$display xdotool search --onlyvisible --name '^ClipSorter'; }
wait_for() { # SECONDS COMMAND...
    left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 1
    done
}
picture() { DISPLAY=$display import -window root "$shots/$1.png"; }
keys() { DISPLAY=$display xdotool "$@"; }
serve() { # NAME OPTION...: an X server under a free number, which the file of that name has
    name=$1
    shift
    Xvfb -displayfd 3 -nolisten tcp "$@" 3>"$place/number" >"$shots/xvfb-$name.txt" 2>&1 &
    running="$running $!"
    wait_for 20 grep -q . "$place/number"
    echo ":$(cat "$place/number")" >"$place/$name"
}
count_photos() { anna clipsorter sort $home/photos --into "dog, beach" --json --quiet | wc -l; }

if [ ! -e "$tree/bin/sh" ]; then
    libraries=$(sed -n 's/^Depends: //p' packaging/deb/control | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
    debootstrap --variant=minbase --include="$libraries" bookworm "$tree" ${MIRROR:+"$MIRROR"} >"$shots/debootstrap.txt"
fi
place=$(mktemp -d)
running=""
finish() {
    for process in $running; do pkill -P "$process" || kill "$process" || true; done 2>/dev/null
    wait
    for mounted in tmp/.X11-unix proc; do mountpoint -q "$tree/$mounted" && umount "$tree/$mounted"; done
    rm -rf "$place"
}
trap finish EXIT
trap 'exit 130' INT TERM
mount -t proc proc "$tree/proc" # where ONNX Runtime looks up the files that it opened

# An older version: the same program under another number, with a file that the newer one has no more.
dpkg-deb -R "$package" "$place/older"
sed -i 's/^Version: .*/Version: 0.0.1/' "$place/older/DEBIAN/control"
touch "$place/older/usr/lib/clipsorter/_internal/gone.txt"
dpkg-deb --root-owner-group -Znone --build "$place/older" "$tree/older.deb" >/dev/null
rm -r "$place/older"
cp "$package" "$tree/newer.deb"
root sh -c 'id anna || useradd --create-home anna' >/dev/null 2>&1
rm -rf "${tree:?}$home/photos" "${tree:?}$data"
cp -r "$photos" "$tree$home/photos"
root chown -R anna:anna $home

check no-python refused 127 "" root python3 --version
check install-older root dpkg -i /older.deb
check upgrade root dpkg -i /newer.deb
check nothing-left-of-the-older test ! -e "$tree/usr/lib/clipsorter/_internal/gone.txt"
check self-test anna clipsorter --self-test
check doctor anna clipsorter doctor

serve shown -screen 0 1480x920x24 -ac
display=$(cat "$place/shown")
mkdir -p "$tree/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$tree/tmp/.X11-unix"
DISPLAY=$display openbox >"$shots/openbox.txt" 2>&1 &
running="$running $!"

# A window over the folder: indexed, sorted, a second start, the end by its key.
anna DISPLAY="$display" clipsorter $home/photos >"$shots/window.txt" 2>&1 &
main=$!
running="$running $main"
check window-opens wait_for 60 window
keys windowactivate --sync "$(window | head -n 1)"
sleep 5
keys key ctrl+n sleep 1 type --delay 30 'dog, beach, car, food, people'
keys key Return
sleep 5
picture 1-indexing
check second-start anna DISPLAY="$display" clipsorter $home/photos
check one-window test "$(window | wc -l)" = 1
check indexed wait_for 300 sh -c "grep -q 'Indexed' '$tree$data/logs/clipsorter.log'"
sleep 3
picture 2-sorted
keys key ctrl+q
check ends-by-its-key wait_for 20 sh -c "! kill -0 $main"
check every-photo-has-an-outcome test "$(count_photos)" -ge "$(find "$photos" -type f | wc -l)"
check categories-were-kept sh -c "chroot --userspec=anna:anna '$tree' env -i HOME=$home PATH=/usr/bin:/bin clipsorter categories list | grep beach"

# An image as its argument, as a double click or a drop on the icon gives it: the window shows the image's folder.
image=$(cd "$tree" && find ".$home/photos" -type f | sort | head -n 1)
anna DISPLAY="$display" clipsorter "${image#.}" >"$shots/window-2.txt" 2>&1 &
main=$!
running="$running $main"
check window-opens-for-an-image wait_for 60 window
sleep 10
picture 3-image
pkill -TERM -P "$main"
check ends-when-asked-to wait_for 20 sh -c "! kill -0 $main"

check no-screen refused 2 "There is no screen" anna clipsorter
check screen-that-is-not-there refused 2 "could not connect to display :7391" anna DISPLAY=:7391 clipsorter
touch "$place/secret"
xauth -q -f "$place/secret" add :0 . "$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
serve refusing -screen 0 640x480x24 -auth "$place/secret"
check screen-that-refuses refused 2 "could not connect" anna DISPLAY="$(cat "$place/refusing")" clipsorter
# The bundle's own and the system's: Qt's part for X11 needs one of them.
for folder in usr/lib/clipsorter/_internal "usr/lib/$(uname -m)-linux-gnu"; do
    mkdir -p "$place/$folder"
    mv "$tree/$folder/libxcb-cursor.so.0" "$place/$folder/"
done
check missing-library refused 2 "libxcb-cursor.so.0" anna DISPLAY="$display" clipsorter
cp -a "$place/usr" "$tree/"

# user_version stands at byte 60 of an SQLite file, four bytes, the highest first.
cp "$tree$data/library.db" "$place/library.db"
printf '\000\000\000\143' | dd of="$tree$data/library.db" bs=1 seek=60 conv=notrunc status=none
check newer-library-is-refused refused 2 "newer ClipSorter" anna clipsorter index $home/photos --quiet
cp "$place/library.db" "$tree$data/library.db"
root chown -R anna:anna $home

before=$(sha256sum "$tree$data/library.db")
check remove root dpkg -r clipsorter
check purge root dpkg -P clipsorter
check nothing-is-left sh -c "test -z \"\$(find '$tree/usr' '$tree/etc' '$tree/var/lib/dpkg/info' -iname '*clipsorter*')\""
check library-is-left test "$before" = "$(sha256sum "$tree$data/library.db")"
exit "$failed"
