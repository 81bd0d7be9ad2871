"""``clipsorter categories``: lists of categories, kept under a name or exchanged as TOML."""

from clipsorter.cli.contract import DONE, Options
from clipsorter.cli.output import count, print_json, tell_if_nothing
from clipsorter.cli.running import last, open_engine
from clipsorter.cli.terminal import printable, tell
from clipsorter.engine.category_sets import CategorySets, Language
from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Opened, Saved
from clipsorter.errors import CategoryError
from clipsorter.languages import is_cjk
from clipsorter.values import Category, CategorySet

PREVIOUS = "Previous list"  # where the categories in use go before others take their place


def categories(options: Options) -> int:
    """List, keep, exchange and swap lists of categories."""
    with open_engine(options) as engine:
        match options.action:
            case "list":
                in_use = last(engine.open(), Opened).categories
                tell_if_nothing("No categories are in use yet.", in_use, as_json=options.json)
                for category in in_use:
                    _print_category(category, as_json=options.json)
            case "sets":
                _print_sets(last(engine.category_sets(), CategorySets), as_json=options.json)
            case "save":
                chosen = _something(_in_use(engine))
                last(engine.save_category_set(options.name, chosen.categories, chosen.strictness), Saved)
                _report("kept", options.name, chosen.categories, options)
            case "load":
                _use(engine, _find(engine, options.name), options)
            case "rename":
                last(engine.rename_category_set(options.name, options.new), Saved)
            case "remove":
                last(engine.remove_category_set(options.name), Saved)
            case "export":
                chosen = _find(engine, options.name) if options.name else _something(_in_use(engine))
                last(engine.export_categories(options.file, chosen.name, chosen.categories, chosen.strictness), Saved)
                _report("exported", chosen.name, chosen.categories, options)
            case "import":
                found = last(engine.import_categories(options.file), CategorySet)
                if options.name:
                    last(engine.save_category_set(options.name, found.categories, found.strictness), Saved)
                    _report("kept", options.name, found.categories, options)
                else:
                    _use(engine, found, options)
    return DONE


def _find(engine: Engine, name: str) -> CategorySet:
    language: Language = "zh" if is_cjk(name) else "en"
    return last(engine.category_sets(language), CategorySets).find(name)


def _in_use(engine: Engine) -> CategorySet:
    opened = last(engine.open(), Opened)
    return CategorySet("", opened.categories, opened.strictness)


def _something(chosen: CategorySet) -> CategorySet:
    if not chosen.categories:
        raise CategoryError("No categories are in use yet, so there is nothing to keep.")
    return chosen


def _use(engine: Engine, chosen: CategorySet, options: Options) -> None:
    """Swap lists; the one before can be loaded again."""
    before = _in_use(engine)
    if before.categories and before.categories != chosen.categories:
        last(engine.save_category_set(PREVIOUS, before.categories, before.strictness), Saved)
        tell(f"The categories before are kept as “{PREVIOUS}”.")
    last(engine.save_categories(chosen.categories, {}), Saved)
    if chosen.strictness is not None:
        last(engine.save_strictness(chosen.strictness), Saved)
    _report("in use", chosen.name, chosen.categories, options)


def _report(state: str, name: str, listed: tuple[Category, ...], options: Options) -> None:
    if options.json:
        print_json({"state": state, "name": name, "categories": [category.name for category in listed]})
    else:
        title = f"“{printable(name)}”, " if name else ""
        print(f"{title}{count(len(listed), 'category', 'categories')} {state}.")


def _print_category(category: Category, *, as_json: bool) -> None:
    if as_json:
        templates: dict[str, list[str]] = {}
        for language, sentence in category.templates:
            templates.setdefault(language, []).append(sentence)
        print_json(
            {
                "name": category.name,
                "phrases": category.phrases,
                "context": category.context,
                "exclude": category.exclude,
                "parent": category.parent,
                "colour": category.colour,
                "cutoff": category.cutoff,
                "templates": templates,
            }
        )
    else:
        above = f"{category.parent} > " if category.parent else ""
        more = "".join(f"; {phrase}" for phrase in category.phrases)
        print(printable(f"{above}{category.name}{more}"))


def _print_sets(sets: CategorySets, *, as_json: bool) -> None:
    for kept in (True, False):
        for one in sets.kept if kept else sets.built_in:
            names = [category.name for category in one.categories]
            if as_json:
                print_json({"name": one.name, "kept": kept, "categories": names})
            else:
                print(printable(f"{one.name}{'' if kept else ' (comes along)'}: {', '.join(names)}"))
