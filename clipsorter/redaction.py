"""Text about a failure without the names of the person's photos, folders or account.

Logs and reports are read by others, and a path already says much: who, where, which child, which illness. So a path
becomes ``<path-3f2a.jpg>``: the same path always gets the same sign, so that a story can still be followed, and the
kind of file stays. Our own and Python's source files keep the part that names the module.
"""

import hashlib
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

_QUOTES = (("“", "”"), ("‘", "’"), ('"', '"'), ("'", "'"))
_QUOTED_PATH = re.compile(
    "|".join(rf"{left}[^{left}{right}\n]*[/\\][^{left}{right}\n]*{right}" for left, right in _QUOTES)
)
_QUOTED_NAME = re.compile(r"“[^”\n]*”")  # our own sentences put every name of the person's into these
_BARE_PATH = re.compile(r"(?<![\w.<])(?:[A-Za-z]:[\\/]|\\\\|~?/)[^\s:;,)\]}>\"'“”‘’]+")
_SOURCE = re.compile(r"^.*?((?:clipsorter|site-packages|dist-packages|python3\.\d+|_internal)[/\\].*\.py)$")
_SIGN_DIGITS = 8
_LONGEST_SUFFIX = 6  # ".tiff", ".jsonl"; a longer one is part of a name


def redact(text: str) -> str:
    """``text`` with every path and every quoted name replaced by a sign that tells nothing but its kind.

    Errs on the side of hiding: a quotation in “” always goes, a slashed word such as ``a/b`` only when it starts like
    a path or is quoted. The account's name and home folder go wherever they stand.
    """
    text = _QUOTED_PATH.sub(lambda found: f"{found[0][0]}{_sign(found[0][1:-1])}{found[0][-1]}", text)
    text = _QUOTED_NAME.sub(_hide_name, text)
    text = _BARE_PATH.sub(lambda found: _sign(found[0]), text)
    return _hide_account(text)


def _sign(path: str) -> str:
    if source := _SOURCE.match(path):
        return f".../{source[1]}"
    name = PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name
    suffix = Path(name).suffix
    kind = suffix.lower() if 1 < len(suffix) <= _LONGEST_SUFFIX and suffix[1:].isalnum() else ""
    return f"<path-{_mark(path)}{kind}>"


def _hide_name(found: re.Match[str]) -> str:
    inside = found[0][1:-1]
    return found[0] if inside.startswith(("<path-", ".../")) else f"“<name-{_mark(inside)}>”"


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIGN_DIGITS // 2).hexdigest()


def _hide_account(text: str) -> str:
    home = Path.home()
    text = text.replace(str(home), "~")
    account = home.name
    if len(account) < 3 or account.lower() in {"root", "home", "user"}:  # or part of too many words
        return text
    return re.sub(rf"(?<!\w){re.escape(account)}(?!\w)", "<account>", text)
