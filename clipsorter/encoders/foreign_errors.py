"""The border to the model libraries: what they raise about files becomes ModelFilesError."""

from collections.abc import Iterator
from contextlib import contextmanager

from safetensors import SafetensorError

from clipsorter.errors import ModelFilesError


@contextmanager
def explaining(name: str) -> Iterator[None]:
    """Map what open_clip, transformers and safetensors raise about the files of the model ``name``."""
    try:
        yield
    except SafetensorError as error:
        raise ModelFilesError(f'The weights of "{name}" are damaged.') from error
    except RuntimeError as error:
        if "state_dict" not in str(error):
            raise
        raise ModelFilesError(
            f'The weights of "{name}" do not fit its architecture: they are those of another model. '
            "Choose another one, or add it again from the right file."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        # transformers says OSError for a tokenizer or text configuration that is not here and may not be downloaded
        raise ModelFilesError(f'"{name}" cannot be loaded: {_first_line(error)}') from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
