"""What can be typed after ``clipsorter models``."""

import argparse
from pathlib import Path

from clipsorter.cli.subcommand import add_command


def add_model_actions(models: argparse.ArgumentParser, again: argparse.ArgumentParser) -> None:
    """Give the command its actions; ``again`` has the common options."""
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)

    def add(name: str, words: str, *, model: str = "") -> argparse.ArgumentParser:
        parser = add_command(actions, name, again, words)
        if model:
            parser.add_argument("name", metavar="ID", help=model)
        return parser

    listing = add("list", "print the models there are: languages, size, speed here")
    listing.add_argument("--installed", action="store_true", help="only those on this machine")
    listing.add_argument(
        "--languages", default="en", metavar="en,zh", help="recommend for these (default: %(default)s)"
    )
    add("info", "say all that is known of a model", model="as listed, or any hub repository or ARCHITECTURE/TAG")
    download = add(
        "download",
        "fetch a model from the hub or a mirror, after saying size and licence",
        model="as listed, or any hub repository or ARCHITECTURE/TAG",
    )
    download.add_argument("--yes", action="store_true", help="agree to size and licence beforehand")
    download.add_argument(
        "--mirror", default="", metavar="URL", help="a mirror of the hub, such as https://hf-mirror.com"
    )
    download.add_argument("--proxy", default="", metavar="URL", help="such as http://proxy.example:3128")
    taking = add("add", "copy a model from this machine, without network")
    taking.add_argument("source", metavar="SOURCE", help="a folder, a .zip or .tar, or ARCHITECTURE@FILE.safetensors")
    taking.add_argument("--name", metavar="ID", help="what to call it (default: like the folder or archive)")
    verify = add(
        "verify",
        "compare every byte of a model with what was verified when it came, and its numbers with its library's",
    )
    verify.add_argument("name", nargs="?", metavar="ID", help="any model (default: all that were downloaded or added)")
    half = verify.add_mutually_exclusive_group()
    half.add_argument("--bytes", action="store_true", help="only the bytes; loads no model")
    half.add_argument(
        "--numbers", action="store_true", help="only what it computes, beside its own library and vectors kept before"
    )
    remove = add("remove", "delete a model's files; photos and decisions stay", model="as listed")
    remove.add_argument("--vectors", action="store_true", help="also forget what it saw in your photos")
    export = add("export", "pack a model into one file for a friend; models add takes it in", model="as listed")
    export.add_argument("file", type=Path, metavar="FILE.zip", help="must not be there yet")
