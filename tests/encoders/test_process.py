"""The child process: it answers, it may be killed, it never outlives its parent.

Most tests run the colour encoder in the child: what they are about is the process, and it starts in a moment.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from clipsorter.encoders.colour import SIDE
from clipsorter.encoders.process import EncoderProcess, limit_sending
from clipsorter.encoders.sources import find_model
from clipsorter.errors import EncoderDiedError, ModelFilesError
from clipsorter.values import Pixels
from tests.encoders.conftest import PICTURES

MANY = 6000  # photos that keep the colour encoder busy for about a second


@pytest.fixture
def encoder(tmp_path: Path) -> Iterator[EncoderProcess]:
    process = EncoderProcess(find_model("colour", tmp_path), "cpu", threads=1)
    yield process
    process.close()


@pytest.fixture
def photos() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (3, SIDE, SIDE, 3), np.uint8)


def send(encoder: EncoderProcess, number: signal.Signals) -> int:
    assert encoder.pid is not None
    os.kill(encoder.pid, number)
    return encoder.pid


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for_end(pid: int, seconds: float) -> bool:
    """True once the process is gone."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], seconds)[0])
    finally:
        os.close(descriptor)


def test_starting_returns_at_once_and_readiness_is_polled(encoder: EncoderProcess, photos: Pixels) -> None:
    encoder.start()
    assert not encoder.ready(0.0)
    assert encoder.ready(60)
    assert encoder.ready()
    assert (encoder.spec.id, encoder.device) == ("colour-1", "CPU")
    assert encoder.encode_images(photos).shape == (3, encoder.spec.dimension)


def test_words_overtake_photos_that_wait(encoder: EncoderProcess, photos: Pixels) -> None:
    alone = encoder.encode_texts(["red", "蓝"])
    waiting = [encoder.submit_images(photos[:count]) for count in (1, 2, 3, 0)]
    np.testing.assert_array_equal(encoder.encode_texts(["red", "蓝"]), alone)
    assert [len(wait()) for wait in reversed(waiting)] == [0, 3, 2, 1]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_an_answer_can_be_looked_for_without_waiting(encoder: EncoderProcess, photos: Pixels) -> None:
    expected = encoder.encode_images(photos)
    send(encoder, signal.SIGSTOP)
    answer = encoder.submit_images(photos)
    assert not answer.is_there()
    assert not answer.is_there(0.05)
    send(encoder, signal.SIGCONT)
    assert answer.is_there(60)
    np.testing.assert_array_equal(answer(), expected)


def test_a_failure_is_there_like_any_answer(encoder: EncoderProcess, photos: Pixels) -> None:
    answer = encoder.submit_images(np.zeros((1, 8, 8, 1), np.uint8))
    assert answer.is_there(60)
    with pytest.raises(RuntimeError, match="ValueError"):
        answer()
    waiting = encoder.submit_images(photos)
    encoder.close()
    assert waiting.is_there()
    with pytest.raises(EncoderDiedError, match="closed before"):
        waiting()


def test_what_is_forgotten_leaves_nothing_behind(encoder: EncoderProcess, photos: Pixels) -> None:
    early, late = encoder.submit_images(photos), encoder.submit_images(photos)
    assert early.is_there(60)
    early.forget()
    late.forget()
    assert encoder.under_way == 0
    assert len(encoder.encode_images(photos)) == 3  # answered after the two before
    assert encoder._outcomes == {}


def test_more_than_a_pipe_holds_is_sent_and_answered(encoder: EncoderProcess, photos: Pixels) -> None:
    waiting = [encoder.submit_images(np.repeat(photos, 300, axis=0)) for _ in range(3)]
    assert encoder.encode_texts(["red"] * 5000).shape[0] == 5000
    assert [len(wait()) for wait in waiting] == [900, 900, 900]


def test_a_kill_between_batches_goes_unnoticed(encoder: EncoderProcess, photos: Pixels) -> None:
    before = encoder.encode_images(photos)
    first = send(encoder, signal.SIGKILL)
    np.testing.assert_array_equal(encoder.encode_images(photos), before)
    assert encoder.pid != first


def test_a_kill_in_the_middle_repeats_everything_asked(encoder: EncoderProcess, photos: Pixels) -> None:
    before = encoder.encode_images(photos)
    send(encoder, signal.SIGSTOP)  # whatever is asked now is certainly unanswered
    waiting = [encoder.submit_images(photos), encoder.submit_images(photos[:1])]
    send(encoder, signal.SIGKILL)
    np.testing.assert_array_equal(waiting[1](), before[:1])
    np.testing.assert_array_equal(waiting[0](), before)


def test_photos_that_kill_twice_are_given_up_and_the_next_are_not(encoder: EncoderProcess, photos: Pixels) -> None:
    assert encoder.ready(60)
    wait = encoder.submit_images(np.repeat(photos, MANY // 3, axis=0))
    first = send(encoder, signal.SIGKILL)
    while encoder.pid == first:
        encoder.ready(0.05)
    assert encoder.ready(60)  # the second child is there and busy with the same photos
    send(encoder, signal.SIGKILL)
    with pytest.raises(EncoderDiedError, match="twice while working"):
        wait()
    assert len(encoder.encode_images(photos)) == 3


def test_a_child_that_dies_twice_while_loading_is_given_up(encoder: EncoderProcess, photos: Pixels) -> None:
    encoder.start()
    first = send(encoder, signal.SIGKILL)
    while encoder.pid == first:
        encoder.ready(0.05)
    send(encoder, signal.SIGKILL)
    with pytest.raises(EncoderDiedError, match="could not be loaded"):
        encoder.encode_images(photos)
    assert len(encoder.encode_images(photos)) == 3  # asked again, it tries afresh


def test_a_bug_in_the_child_arrives_with_its_traceback_and_does_no_harm(
    encoder: EncoderProcess, photos: Pixels
) -> None:
    with pytest.raises(RuntimeError, match=r"colour\.py.*(?s:.*)ValueError"):
        encoder.encode_images(np.zeros((1, 8, 8, 1), np.uint8))
    assert len(encoder.encode_images(photos)) == 3


def test_closing_ends_a_frozen_child_within_two_seconds(encoder: EncoderProcess, photos: Pixels) -> None:
    assert encoder.ready(60)
    pid = send(encoder, signal.SIGSTOP)
    wait = encoder.submit_images(photos)
    began = monotonic()
    encoder.close()
    encoder.close()
    assert monotonic() - began < 2
    assert not is_alive(pid)
    with pytest.raises(EncoderDiedError, match="closed"):
        wait()


def test_ctrl_c_does_not_end_the_child(encoder: EncoderProcess, photos: Pixels) -> None:
    assert encoder.ready(60)
    pid = send(encoder, signal.SIGINT)
    assert len(encoder.encode_images(photos)) == 3
    assert encoder.pid == pid


@pytest.mark.parametrize("busy", [False, True])
def test_the_child_leaves_when_its_parent_is_killed(busy: bool, tmp_path: Path) -> None:
    program = f"""
import os, signal, sys
from pathlib import Path
import numpy as np
from clipsorter.encoders.process import EncoderProcess, limit_sending
from clipsorter.encoders.sources import find_model
if __name__ == "__main__":
    encoder = EncoderProcess(find_model("colour", Path(".")), "cpu")
    encoder.ready(60)
    if {busy}:
        encoder.submit_images(np.zeros(({10 * MANY}, 32, 32, 3), np.uint8))
    print(encoder.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    script = tmp_path / "parent.py"
    script.write_text(program, "utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert parent.wait(60) == -signal.SIGKILL
        assert wait_for_end(pid, 2)


def test_the_starter_sorts_pictures_from_its_own_process(starter_process: EncoderProcess, pictures: Pixels) -> None:
    words = ["a photo of a cat", "a cup of coffee", "a rocket", "a horse", "a page of text"]
    photos = starter_process.submit_images(pictures)
    cosine = photos() @ starter_process.encode_texts(words).T
    assert cosine.argmax(axis=1).tolist() == list(range(len(PICTURES)))
    assert starter_process.device.startswith("CPU (")


@pytest.mark.slow
def test_weights_damaged_after_they_were_found_arrive_as_a_sentence(tiny_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_folder, tmp_path / "tiny")
    encoder = EncoderProcess(find_model(str(tmp_path / "tiny"), tmp_path), "cpu")
    (tmp_path / "tiny" / "open_clip_model.safetensors").write_bytes(b"not a model")
    try:
        with pytest.raises(ModelFilesError, match="damaged"):
            encoder.ready(120)
    finally:
        encoder.close()


def test_a_child_that_takes_long_to_die_is_left_to_the_system(
    encoder: EncoderProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying:
        """Killed, but the system still takes its memory back."""

        exitcode = None

        def join(self, timeout: float) -> None:
            assert timeout < 2

        def kill(self) -> None: ...

        terminate = kill

        def close(self) -> None:
            raise ValueError("Cannot close a process while it is still running.")

    monkeypatch.setattr(encoder, "_child", Dying())
    encoder.close()
    assert encoder.pid is None


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_a_child_that_hangs_is_replaced_and_the_batch_repeated(encoder: EncoderProcess, photos: Pixels) -> None:
    expected = encoder.encode_images(photos)
    stopped = send(encoder, signal.SIGSTOP)
    wait = encoder.submit_images(photos)
    encoder._most_silence = 1
    encoder._take_message(None)  # the end of its patience
    encoder._most_silence = 200
    assert np.array_equal(wait(), expected)
    assert encoder.pid != stopped
    assert wait_for_end(stopped, 10)


def stop_each_child(encoder: EncoderProcess) -> None:
    """Until it is given up, which takes two children."""
    for _ in range(9):
        encoder._take_message(None)
        send(encoder, signal.SIGSTOP)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_a_child_that_hangs_twice_is_told_in_words(encoder: EncoderProcess, photos: Pixels) -> None:
    encoder.encode_images(photos)
    send(encoder, signal.SIGSTOP)
    wait = encoder.submit_images(photos)
    encoder._most_silence = 1
    encoder._take_message(None)
    send(encoder, signal.SIGSTOP)  # the next one, before it is loaded
    with pytest.raises(EncoderDiedError, match="did not answer for 1 seconds, twice"):
        stop_each_child(encoder)
    with pytest.raises(EncoderDiedError, match="did not answer"):
        wait()
    encoder._most_silence = 200
    assert encoder.encode_images(photos).shape[0] == len(photos)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="stops a process")
def test_a_child_that_reads_nothing_does_not_hold_the_sender_for_ever(encoder: EncoderProcess, photos: Pixels) -> None:
    expected = encoder.encode_images(photos)
    assert encoder._pipe is not None
    limit_sending(encoder._pipe, 0.2)
    stopped = send(encoder, signal.SIGSTOP)
    wait = encoder.submit_images(np.repeat(photos, 1000, axis=0))  # 9 MB, more than a pipe holds
    np.testing.assert_array_equal(wait()[:3], expected[:1].repeat(3, axis=0))
    assert encoder.pid != stopped
    assert wait_for_end(stopped, 10)


def test_silence_without_a_question_is_no_hang(encoder: EncoderProcess, photos: Pixels) -> None:
    encoder.encode_images(photos)
    pid, encoder._most_silence = encoder.pid, 0.1
    assert encoder.ready(0.3)
    assert encoder.pid == pid


@pytest.mark.parametrize("moment", ["loading", "busy", "stopped"])
def test_whoever_waits_is_let_go_when_another_thread_abandons_the_encoder(
    encoder: EncoderProcess, photos: Pixels, moment: str
) -> None:
    encoder.start()
    if moment != "loading":
        assert encoder.ready(60)
    if moment == "stopped":
        send(encoder, signal.SIGSTOP)
    pid = encoder.pid
    assert pid is not None
    other = threading.Timer(0.05, encoder.abandon)
    other.start()
    began = monotonic()
    with pytest.raises(EncoderDiedError, match="closed before"):
        encoder.submit_images(np.repeat(photos, MANY // 3, axis=0))()  # more than a pipe holds
    other.join()
    encoder.close()
    assert monotonic() - began < 30  # a hang would be noticed after SILENCE, twenty times that
    assert wait_for_end(pid, 10)
    with pytest.raises(EncoderDiedError, match="closed before"):
        encoder.encode_texts(["red"])
    assert encoder.pid is None


def test_an_abandoned_encoder_that_was_never_started_starts_no_child(encoder: EncoderProcess) -> None:
    encoder.abandon()
    with pytest.raises(EncoderDiedError, match="closed before"):
        encoder.ready(60)
    assert encoder.pid is None
