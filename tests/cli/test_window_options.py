"""What the command line says to the window."""

import pytest

from clipsorter.cli.parser import build_parser
from clipsorter.cli.program import put_command_first


@pytest.mark.parametrize(
    ("typed", "model", "device"),
    [
        ([], None, None),
        (["--model", "starter"], "starter", None),
        (["--device", "auto", "photos"], None, "auto"),
        (["window", "--model", "RN50", "--device", "cpu"], "RN50", "cpu"),
    ],
)
def test_the_window_can_tell_what_was_typed_from_what_was_not(
    typed: list[str], model: str | None, device: str | None
) -> None:
    options = build_parser().parse_args(put_command_first(typed))
    assert (options.model, options.device) == (model, device)


def test_other_commands_have_their_own_standard() -> None:
    options = build_parser().parse_args(["index", "photos"])
    assert (options.model, options.device) == ("starter", "auto")
