"""What can be typed: commands, options and their help."""

import argparse
from pathlib import Path

from clipsorter import __version__
from clipsorter.cli.model_parser import add_model_actions
from clipsorter.cli.subcommand import add_command
from clipsorter.library.strictness import DEFAULT_STRICTNESS

_DEVICE_HELP = "auto, cuda, mps, xpu or cpu; several: cuda:0,cuda:1 or all"
COMMAND_NAMES = frozenset(
    {
        *(
            "window",
            "index",
            "import",
            "sort",
            "search",
            "why",
            "teach",
            "decisions",
            "suggest",
            "similar",
            "duplicates",
        ),
        *(
            "categories",
            "apply",
            "undo",
            "recover",
            "runs",
            "tag",
            "untag",
            "models",
            "scan",
            "doctor",
            "self-test",
            "demo",
        ),
    }
)
VALUE_OPTIONS = frozenset({"--data", "--model", "--device"})  # common options followed by a value

DESCRIPTION = """\
Sort your photos by meaning, privately, on your own machine.

Without a command the window opens, on FOLDER if one is given."""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line. Unknown input ends with exit status 2, as argparse does."""
    common = _common_options()
    parser = argparse.ArgumentParser(
        prog="clipsorter", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"ClipSorter {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    window = add_command(
        commands, "window", _common_options(model=None, device=None), "open the window (what happens without a command)"
    )
    window.add_argument(
        "paths", nargs="*", type=_path, metavar="FOLDER", help="open it on this folder, or on the folder of this photo"
    )

    index = add_command(commands, "index", common, "look at every new or changed photo below a folder")
    _add_folder(index)
    index.add_argument(
        "--cluster", metavar="ADDRESS", help="on a Ray cluster (host:port; local: a small one here), into --shards"
    )
    index.add_argument("--shards", type=_path, metavar="DIR", help="new folder that every machine of the cluster sees")

    taken = add_command(commands, "import", common, "take over what a cluster found")
    taken.add_argument("shards", type=_path, metavar="SHARDS", help="the folder given to index as --shards")
    _add_folder(taken)

    sort = add_command(commands, "sort", common, "rank the photos of a folder into your categories")
    _add_folder(sort)
    _add_sorting(sort)
    sort.add_argument("--counts", action="store_true", help="print how many photos each category has, not which")
    sort.add_argument("--csv", type=_path, metavar="FILE", help="also write a table")
    sort.add_argument("--html", type=_path, metavar="FILE", help="also write a contact sheet: one file, no network")
    _add_filing(sort)

    search = add_command(commands, "search", common, "find photos by a phrase")
    _add_folder(search)
    search.add_argument("query", metavar="PHRASE", help='for example "sunset over water"')
    search.add_argument("--limit", type=_count, metavar="N", help="print at most N photos (default: all hits)")

    why = add_command(commands, "why", common, "say why a photo stands in its bin, or is found")
    _add_folder(why)
    why.add_argument("photo", metavar="PHOTO", help="a photo of the folder, by its name in there or its path")
    why.add_argument("--query", default="", metavar="PHRASE", help="also say why this search finds it or does not")
    _add_sorting(why)

    teach = add_command(commands, "teach", common, "learn from decisions or from photos sorted before")
    _add_folder(teach)
    source = teach.add_mutually_exclusive_group(required=True)
    source.add_argument("--decisions", type=_path, metavar="FILE", help="CSV: file, bin (empty: none of these)")
    source.add_argument("--tree", type=_path, metavar="DIR", help="sorted photos: each folder in DIR is a category")
    source.add_argument(
        "--keywords", action="store_true", help="keywords in photos and sidecars that equal a category's name"
    )
    source.add_argument("--undo", type=_number, metavar="BATCH", help="take back what teach said it learned as BATCH")
    teach.add_argument("--dry-run", action="store_true", help="say what would change and learn nothing")

    decisions = add_command(commands, "decisions", common, "print what was decided about a folder's photos")
    _add_folder(decisions)

    _add_exploring_commands(commands, common)
    _add_category_commands(commands, common)
    _add_filing_commands(commands, common)
    models = add_command(commands, "models", common, "download, add, verify, remove and describe models")
    add_model_actions(models, _common_options(again=True))

    _add_care(commands, common)
    return parser


def _common_options(
    *, again: bool = False, model: str | None = "starter", device: str | None = "auto"
) -> argparse.ArgumentParser:
    """``again`` is for a command inside a command, where what was said before must not be reset by a default.

    Without a standard ``model`` or ``device`` those of the window's settings are meant.
    """
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS if again else None)
    group = common.add_argument_group("common options")
    group.add_argument("--data", type=_path, metavar="DIR", help="where ClipSorter keeps its memory")
    chosen = "as in its settings"
    models = group.add_argument("--model", metavar="ID", help=f"which CLIP model (default: {model or chosen})")
    devices = group.add_argument("--device", metavar="NAME", help=f"{_DEVICE_HELP} (default: {device or chosen})")
    json = group.add_argument("--json", action="store_true", help="JSON lines on standard output")
    quiet = group.add_argument("--quiet", action="store_true", help="no progress on standard error")
    for action, default in ((models, model), (devices, device), (json, False), (quiet, False)):
        action.default = argparse.SUPPRESS if again else default
    return common


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=_path, metavar="FOLDER", help="folder with photos, read recursively")


def _add_sorting(parser: argparse.ArgumentParser) -> None:
    categories = parser.add_mutually_exclusive_group()
    categories.add_argument(
        "--into",
        metavar="NAMES",
        help='categories, such as "dog; puppy, cat, beach" (default: those of the window)',
    )
    categories.add_argument("--into-file", type=_path, metavar="FILE", help="categories as [[category]] tables in TOML")
    parser.add_argument(
        "--strictness",
        type=_strictness,
        default=DEFAULT_STRICTNESS,
        metavar="0..1",
        help="how sure to be before a photo leaves Unsorted; 0: nothing stays there (default: %(default)s)",
    )


def _add_filing(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("filing: write a plan, touch nothing; `clipsorter apply` does it")
    group.add_argument("--to", type=_path, metavar="DEST", help="folder that gets one folder per category")
    group.add_argument("--plan", type=_path, metavar="PLAN.json", help="write the plan to this file")
    group.add_argument(
        "--mode", choices=("copy", "move", "hardlink", "symlink"), default="copy", help="(default: %(default)s)"
    )
    group.add_argument(
        "--layout",
        choices=("category", "category/year", "category/year/month"),
        default="category",
        help="folders below DEST (default: %(default)s)",
    )
    group.add_argument(
        "--links",
        choices=("hardlink", "symlink"),
        help="also link each photo into the folders of its other categories (default: one folder per photo)",
    )
    group.add_argument(
        "--dry-run", action="store_true", help="with --to: say what the plan would do now, and write none"
    )


def _add_exploring_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    suggest = add_command(commands, "suggest", common, "propose categories for a folder")
    _add_folder(suggest)
    suggest.add_argument("--limit", type=_count, default=8, metavar="N", help="at most N (default: %(default)s)")

    similar = add_command(commands, "similar", common, "find photos that look like one photo")
    _add_folder(similar)
    similar.add_argument("photo", metavar="PHOTO", help="a photo of the folder, by its name in there or its path")
    similar.add_argument("--limit", type=_count, default=20, metavar="N", help="at most N (default: %(default)s)")

    duplicates = add_command(commands, "duplicates", common, "find copies and near-duplicates")
    _add_folder(duplicates)


def _add_category_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    categories = add_command(commands, "categories", common, "list, keep, exchange and swap lists of categories")
    actions = categories.add_subparsers(dest="action", metavar="ACTION", required=True)
    again = _common_options(again=True)

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return add_command(actions, name, again, words)

    add("list", "print the categories in use")
    add("sets", "print the lists that are kept or come along")
    add("save", "keep the categories in use under a name").add_argument("name", metavar="NAME")
    add("load", "use a list instead of the categories in use").add_argument("name", metavar="NAME")
    rename = add("rename", "give a kept list another name")
    rename.add_argument("name", metavar="OLD")
    rename.add_argument("new", metavar="NEW")
    add("remove", "forget a kept list").add_argument("name", metavar="NAME")
    export = add("export", "write the categories in use, or a list, as TOML")
    export.add_argument("file", type=_path, metavar="FILE.toml")
    export.add_argument("--set", dest="name", metavar="NAME", help="a kept list, or one that comes along")
    taken = add("import", "use the categories of a TOML file instead of those in use")
    taken.add_argument("file", type=_path, metavar="FILE.toml")
    taken.add_argument("--as", dest="name", metavar="NAME", help="keep them under this name and change nothing else")


def _add_filing_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser
) -> None:
    def add(name: str, words: str) -> argparse.ArgumentParser:
        parser = add_command(commands, name, common, words)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and do nothing")
        return parser

    apply = add("apply", "do what a plan says, so that it can be taken back")
    apply.add_argument("plan", type=_path, metavar="PLAN.json", help="as sort --plan wrote it")
    undo = add("undo", "take a run back: photos return to where they were, copies and links go")
    undo.add_argument("run", nargs="?", metavar="RUN", help="as listed by runs (default: the newest)")
    recover = add("recover", "list runs that were interrupted; finish them or take them back")
    way = recover.add_mutually_exclusive_group()
    way.add_argument("--finish", action="store_true", help="do the rest")
    way.add_argument("--undo", action="store_true", help="take back what was done")
    way.add_argument("--library", action="store_true", help="put the newest copy in the place of a damaged library")
    add_command(commands, "runs", common, "list all filing runs, newest first")
    tag = add("tag", "write categories as keywords into .xmp sidecars")
    _add_folder(tag)
    _add_sorting(tag)
    tag.add_argument("--confirmed-only", action="store_true", help="only what a person decided")
    tag.add_argument("--albums", action="store_true", help="also what describes the folder a photo is in; prints it")
    tag.add_argument(
        "--style",
        choices=("digikam", "lightroom"),
        default="digikam",
        help="name of a new sidecar: IMG.jpg.xmp or IMG.xmp (default: %(default)s)",
    )
    tag.add_argument(
        "--embed", action="store_true", help="also into the photos themselves, through ExifTool where it is installed"
    )
    _add_folder(add("untag", "remove our keywords, and only ours, from sidecars and photos"))


def _add_care(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """What is for looking at ClipSorter itself, or at a folder before anything is done with it."""
    scan = add_command(commands, "scan", common, "say of every entry of a folder whether it can be read")
    _add_folder(scan)
    scan.add_argument("--report", type=_path, metavar="FILE", help="write one JSON line per entry to FILE")

    doctor = add_command(commands, "doctor", common, "print versions, device, model and data folder")
    doctor.add_argument(
        "--bundle",
        type=_path,
        metavar="FILE",
        help="also write a zip for a report: this and the logs, without names",
    )

    add_command(commands, "self-test", common, "try whether this installation is whole (also --self-test)")

    demo = add_command(commands, "demo", common, "sort a small folder of pictures that come along")
    demo.add_argument("--to", type=_path, metavar="DIR", help="put the pictures there (default: a temporary folder)")
    demo.add_argument("--html", type=_path, metavar="FILE", help="also write a contact sheet")


def _path(text: str) -> Path:
    if not text:  # an unset variable in a script; Path would make the current folder of it
        raise argparse.ArgumentTypeError("the name is empty")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise argparse.ArgumentTypeError(f"nobody on this machine has the home folder {text}") from error


def _strictness(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:  # also refuses NaN
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a number") from None


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of photos")
    return value
