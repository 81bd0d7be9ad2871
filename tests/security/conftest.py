"""Photos for these tests, as the engine's tests paint them."""

from tests.engine.conftest import paint

__all__ = ["paint"]
