"""``clipsorter models verify``, the second half: does a model give the numbers that its own library gives?"""

from clipsorter.cli.contract import DONE, PARTLY_DONE, Options
from clipsorter.cli.output import print_json
from clipsorter.cli.terminal import tell
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.verification import Agreement
from clipsorter.engine.verifying import Comparing, Verified, verify_model
from clipsorter.errors import ModelError
from clipsorter.library.data_folder import DataFolder


def try_numbers(name: str, place: DataFolder, options: Options) -> int:
    """As ``verify_numbers``; a model that cannot be loaded is said and not done."""
    try:
        return verify_numbers(name, place, options)
    except ModelError as error:
        if options.json:
            print_json({"model": name, "device": None, "holds": None, "error": str(error)})
        else:
            print(f"NO NUMBERS  {name}: {error}")
        return PARTLY_DONE


def verify_numbers(name: str, place: DataFolder, options: Options) -> int:
    """Embed drawn pictures and words both ways and say how near the two come."""
    source = find_model(name, place.models_path)
    said = ""
    for event in verify_model(source, options.device, place.models_path / "verification", place.graphs_path):
        words = "its library computes" if isinstance(event, Comparing) else "the model computes"
        if isinstance(event, Verified):
            _report(event, options)
            return DONE if event.holds else PARTLY_DONE
        if words != said and not options.quiet:
            tell(f"{source.name}: {words}…")
            said = words
    raise AssertionError("verify_model ends with its answer")


def _report(verified: Verified, options: Options) -> None:
    if options.json:
        print_json(
            {
                "model": verified.name,
                "device": verified.device,
                "holds": verified.holds,
                "library": _facts(verified.library) if verified.library else None,
                "kept": _facts(verified.kept) if verified.kept else None,
            }
        )
        return
    print(f"{'same numbers' if verified.holds else 'OTHER NUMBERS'}  {verified.name} on {verified.device}")
    if verified.library:
        print(f"  beside its own library      {_line(verified.library)}")
    if verified.kept:
        print(f"  beside the vectors kept     {_line(verified.kept)}")


def _facts(agreement: Agreement) -> dict[str, float | bool]:
    return {
        "images": agreement.images,
        "texts": agreement.texts,
        "wanted": agreement.wanted,
        "holds": agreement.holds,
    }


def _line(agreement: Agreement) -> str:
    return (
        f"lowest cosine {agreement.images:.6f} for pictures, {agreement.texts:.6f} for words; "
        f"at least {agreement.wanted} wanted"
    )
