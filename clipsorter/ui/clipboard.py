"""Files on the clipboard, for a file manager, a mail or a chat to paste."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

FILES_OF_GNOME = "x-special/gnome-copied-files"  # what GNOME's and its relatives' file managers look for


def copy_files(paths: Sequence[Path]) -> None:
    """Offer files to be pasted as copies; where only text can be pasted, their paths. GUI thread."""
    addresses = [path.as_uri() for path in paths]  # of a name's own bytes, so one that is no valid text still arrives
    mime = QMimeData()
    mime.setUrls([QUrl.fromEncoded(address.encode("ascii")) for address in addresses])
    mime.setData(FILES_OF_GNOME, QByteArray("\n".join(("copy", *addresses)).encode("ascii")))
    mime.setText("\n".join(str(path).encode("utf-8", "replace").decode() for path in paths))
    QGuiApplication.clipboard().setMimeData(mime)
