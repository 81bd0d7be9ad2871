"""A person's whole life with the engine, played by hypothesis against a plain model of what must hold.

``python -m tests.engine.machine EXAMPLES`` plays it as long as one likes; the ordinary tests play a little of it.
"""

import argparse
import io
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import xxhash
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from PIL import Image

from clipsorter.engine.engine import Engine
from clipsorter.engine.events import Indexed, Ranked, Recalled, Saved
from clipsorter.engine.filing_steps import TagRequest
from clipsorter.engine.requests import RankRequest
from clipsorter.errors import FilingError
from clipsorter.filing.events import Finished, Started
from clipsorter.filing.plan import FilingRequest, Plan
from clipsorter.filing.tags import TagsFinished
from clipsorter.values import Category, Decision

COLOURS = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (40, 60, 220)}
NAMES = ("a.png", "b.png", "trip/c.png", "trip/é 狗.png", "-dash.png", "trip/deep/d.png")
BINS = ("red", "green", "blue")
Words = Mapping[str, tuple[str | None, frozenset[str]]]  # digest -> the "yes" ("" for none said) and the "no"s


class Life(RuleBasedStateMachine):
    """Photos come, go and move; words are said and taken back; files are sorted, tagged, and all of it undone."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.album = self.home / "album"
        self.album.mkdir()
        self.engine = Engine(self.home / "data", model="colour", workers=1)
        self.categories: list[str] = ["red", "green", "blue"]
        list(self.engine.save_categories([Category(name) for name in self.categories], {}))
        self.words: Words = {}
        self.said: list[tuple[int, Words, Words]] = []  # batch, before, after; the newest can be undone
        self.unsaid: list[tuple[int, Words, Words]] = []
        self.filed: list[tuple[str, dict[str, tuple[bytes, int]]]] = []  # run, the tree before
        self.after_filing: dict[str, tuple[bytes, int]] = {}
        self.seeds = 0

    def teardown(self) -> None:
        self.engine.close()
        shutil.rmtree(self.home)

    # -- what a person does to files -----------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), colour=st.sampled_from(sorted(COLOURS)))
    def add_or_change_photo(self, name: str, colour: str) -> None:
        path = self.album / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self.seeds += 1
        image = Image.new("RGB", (60, 40), COLOURS[colour])
        image.paste((self.seeds % 256, 128, self.seeds // 256), (0, 0, 4, 4))
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        path.write_bytes(buffer.getvalue())

    @precondition(lambda self: self.photos())
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def rename_photo(self, data: st.DataObject, name: str) -> None:
        if not (self.album / name).exists():
            (self.album / name).parent.mkdir(parents=True, exist_ok=True)
            (self.album / data.draw(st.sampled_from(self.photos()))).rename(self.album / name)

    @precondition(lambda self: self.photos())
    @rule(data=st.data())
    def delete_photo(self, data: st.DataObject) -> None:
        (self.album / data.draw(st.sampled_from(self.photos()))).unlink()

    # -- what a person says ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.photos())
    @rule(data=st.data(), name=st.sampled_from([*BINS, None]), yes=st.booleans())
    def decide(self, data: st.DataObject, name: str | None, yes: bool) -> None:
        yes = yes or name is None
        digest = digest_of((self.album / data.draw(st.sampled_from(self.photos()))).read_bytes())
        (saved,) = self.engine.decide([Decision(digest, name, "yes" if yes else "no")])
        assert isinstance(saved, Saved)
        chosen, refused = self.words.get(digest, ("", frozenset()))
        if yes:
            after = (name, refused - {name} if name else refused)
        else:
            assert name is not None
            after = ("" if chosen == name else chosen, refused | {name})
        before, self.words = self.words, {**self.words, digest: after}
        self.said.append((saved.batch, before, self.words))
        self.unsaid.clear()

    @precondition(lambda self: self.said)
    @rule()
    def undo(self) -> None:
        batch, before, after = self.said.pop()
        list(self.engine.undo(batch))
        self.words = before
        self.unsaid.append((batch, before, after))

    @precondition(lambda self: self.unsaid)
    @rule()
    def redo(self) -> None:
        batch, before, after = self.unsaid.pop()
        list(self.engine.redo(batch))
        self.words = after
        self.said.append((batch, before, after))

    @rule(order=st.permutations(BINS), count=st.integers(1, 3))
    def choose_categories(self, order: list[str], count: int) -> None:
        self.categories = order[:count]
        list(self.engine.save_categories([Category(name) for name in self.categories], {}))

    # -- what the engine does -------------------------------------------------------------------------------------

    @rule()
    def index(self) -> None:
        tree = self.tree()
        *_, indexed = self.engine.index(self.album)
        assert isinstance(indexed, Indexed)
        assert indexed.failed == 0
        assert indexed.photos == indexed.embedded + indexed.unchanged == len(self.photos())
        assert self.tree() == tree, "indexing changed something"
        *_, recalled = self.engine.recall(self.album)
        assert isinstance(recalled, Recalled)
        assert sorted(recalled.collection.files) == self.photos()
        for file, digest in zip(recalled.collection.files, recalled.collection.digests, strict=True):
            assert digest == digest_of(tree[file][0])

    @rule()
    def start_again(self) -> None:
        self.engine.close()
        self.engine = Engine(self.home / "data", model="colour", workers=1)

    @rule()
    def look_at_the_board(self) -> None:
        self.index()
        self.board()

    @rule(mode=st.sampled_from(["move", "copy", "hardlink"]), inside=st.booleans())
    def apply(self, mode: str, inside: bool) -> None:
        self.index()
        before, contents = self.tree(), self.contents()
        request = FilingRequest(self.album, self.album / "sorted" if inside else self.home / "sorted", mode)  # type: ignore[arg-type]
        *_, plan = self.engine.plan(self.board(), request)
        assert isinstance(plan, Plan)
        assert self.tree() == before, "planning changed something"
        started, *_, finished = self.engine.apply(plan)
        assert isinstance(started, Started)
        assert isinstance(finished, Finished)
        assert finished.not_filed == finished.untouched == 0
        assert self.contents() == contents, "filing lost or made something"
        if mode != "move":
            assert {name: self.tree()[name][0] for name in before} == {name: kept[0] for name, kept in before.items()}
        self.filed.append((started.run, before))
        self.after_filing = self.tree()

    @precondition(lambda self: self.filed)
    @rule()
    def undo_run(self) -> None:
        run, before = self.filed.pop()
        untouched, contents = self.tree() == self.after_filing, self.contents()
        *_, finished = self.engine.undo_run(run)
        assert isinstance(finished, Finished)
        assert self.contents() == contents, "undoing lost or made something"
        if untouched:
            assert finished.left_alone == 0
            assert self.tree() == before, "undo did not give back the start"
        self.after_filing = {}

    @rule()
    def tag(self) -> None:
        self.index()
        contents = self.contents()
        categories = tuple(map(Category, self.categories))
        *_, finished = self.engine.tag(self.board(), self.album, TagRequest(categories))
        assert isinstance(finished, TagsFinished)
        assert finished.left_alone == 0
        assert self.contents() == contents

    @rule()
    def untag(self) -> None:
        contents = self.contents()
        with suppress(FilingError):
            *_, finished = self.engine.untag(self.album)
            assert isinstance(finished, TagsFinished)
            assert finished.left_alone == 0
        assert self.contents() == contents

    # -- what always holds ----------------------------------------------------------------------------------------

    @invariant()
    def words_are_remembered(self) -> None:
        *_, recalled = self.engine.recall(self.album)
        assert isinstance(recalled, Recalled)
        known = {}
        for digest, decisions in recalled.decisions.items():
            chosen = [decision.bin for decision in decisions if decision.verdict == "yes"]
            refused = frozenset(decision.bin for decision in decisions if decision.verdict == "no")
            known[digest] = (chosen[0] if chosen else "", refused)
        assert known == {digest: said for digest, said in self.words.items() if said != ("", frozenset())}

    def board(self) -> Ranked:
        """The board over everything indexed, after checking it against the words."""
        request = RankRequest(tuple(map(Category, self.categories)), strictness=0)
        *_, ranked = self.engine.rank(self.album, request)
        assert isinstance(ranked, Ranked)
        collection = ranked.collection
        standing: dict[str, str | None] = {}
        for column in ranked.board.bins:
            for row in collection.positions(column.photo_ids):
                assert collection.files[row] not in standing, "a photo stands twice"
                standing[collection.files[row]] = column.name
        assert sorted(standing) == self.photos()
        for file, digest in zip(collection.files, collection.digests, strict=True):
            chosen, refused = self.words.get(digest, ("", frozenset()))
            if chosen is None or chosen in self.categories:
                assert standing[file] == chosen
            else:
                assert standing[file] not in refused
        return ranked

    def photos(self) -> list[str]:
        """Every photo below the album, relative, with "/"."""
        return sorted(path.relative_to(self.album).as_posix() for path in self.album.rglob("*.png"))

    def contents(self) -> set[bytes]:
        """The content of every photo, here and where it was filed."""
        return {path.read_bytes() for path in self.home.glob("[as]*/**/*.png")}

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Content and time of every file below the album, and of those filed outside of it."""
        return {
            (path.relative_to(self.album) if path.is_relative_to(self.album) else path).as_posix(): (
                path.read_bytes(),
                path.stat().st_mtime_ns,
            )
            for path in self.home.glob("[as]*/**/*")
            if path.is_file()
        }


def digest_of(content: bytes) -> str:
    return xxhash.xxh3_128_hexdigest(content)


def play(examples: int, steps: int) -> None:
    """Play so many lives of so many steps; raises what went wrong, with the shortest life that shows it."""
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=checks,
            database=None,
            print_blob=True,
        ),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=int, nargs="?", default=100)
    parser.add_argument("--steps", type=int, default=30)
    asked = parser.parse_args()
    play(asked.examples, asked.steps)
    print(f"{asked.examples} lives of up to {asked.steps} steps, nothing lost")
