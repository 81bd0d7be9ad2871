"""Every test runs without a screen unless one is asked for, and leaves no window, thread or process behind."""

import multiprocessing
import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

# Before any Qt import. A test that wants a real display starts its own process with its own environment.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LC_ALL"] = "en_US.UTF-8"  # so that 1,000 has a comma wherever the tests run
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts.warning=false")

# What a machine is doing beside the tests says nothing about the code.
settings.register_profile("clipsorter", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clipsorter")
for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed):
    wait.__kwdefaults__["timeout"] = 60_000  # ms; ends at once where it holds


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail the test that leaks, not a later one."""
    threads = set(threading.enumerate())
    children = set(multiprocessing.active_children())
    yield
    left_threads = [thread.name for thread in threading.enumerate() if thread not in threads]
    left_children = [child.name for child in multiprocessing.active_children() if child not in children]
    assert not left_threads, f"threads still running: {left_threads}"
    assert not left_children, f"processes still running: {left_children}"
