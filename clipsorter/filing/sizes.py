"""Sizes of files as people say them."""


def said_size(size: float) -> str:
    """A number of bytes: "3.4 MB", in steps of 1,000 as disks are sold."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.{0 if unit == 'bytes' else 1}f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
