"""Models of the transformers library from a folder: the numbers are those of the library's own calls."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipsorter.encoders.families import MANY
from clipsorter.encoders.sources import find_model
from clipsorter.encoders.weight_files import INDEX_NAME
from clipsorter.errors import ModelFilesError
from clipsorter.values import InputShape
from tests.encoders.conftest import PICTURES, load_folder, prepare_all, read_picture

KINDS = ("clip", "siglip", "siglip2", "chinese_clip", "metaclip_2")
PROMPTS = ("a photo of a cat", "horse", "一张猫的照片", "", "a dog on the beach 海滩 " * 40)


@pytest.fixture(scope="module")
def write(torch_here: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny model of a kind, written once."""
    place, written = tmp_path_factory.mktemp("families"), dict[str, Path]()

    def written_or_new(kind: str) -> Path:
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - imports torch

        from tests.encoders.tiny_models import write_transformers_model  # noqa: PLC0415

        disable_progress_bar()  # its thread would stay
        if kind not in written:
            written[kind] = write_transformers_model(kind, place / kind)
        return written[kind]

    return written_or_new


@pytest.fixture(scope="module")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real pictures as files, of different shapes."""
    folder = tmp_path_factory.mktemp("photos")
    for name in PICTURES:
        read_picture(name).save(folder / f"{name}.png")
    return folder


def unit(rows: Any) -> NDArray[np.float64]:
    rows = np.asarray(getattr(rows, "pooler_output", rows).detach(), np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def reference(folder: Path, photo_folder: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """transformers' documented calls: Auto classes, the processor's own pictures and padding."""
    import torch  # noqa: PLC0415
    from transformers import AutoImageProcessor, AutoModel, AutoTokenizer  # noqa: PLC0415

    model = AutoModel.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    pictures = [Image.open(file).convert("RGB") for file in sorted(photo_folder.iterdir())]
    pixels = AutoImageProcessor.from_pretrained(folder)(images=pictures, return_tensors="pt")["pixel_values"]
    length = {"siglip": 16, "chinese_clip": 52}.get(model.config.model_type, 77)
    padding = "max_length" if model.config.model_type == "siglip" else True
    texts = [
        tokenizer(prompt, padding=padding, truncation=True, max_length=length, return_tensors="pt")
        for prompt in PROMPTS  # one by one: a neighbour must not change an embedding
    ]
    with torch.inference_mode():
        rows = [
            model.get_text_features(input_ids=text["input_ids"])
            if padding == "max_length"
            else model.get_text_features(**text)
            for text in texts
        ]
        return unit(model.get_image_features(pixel_values=pixels)), np.concatenate([unit(row) for row in rows])


@pytest.mark.parametrize("kind", KINDS)
def test_it_gives_the_numbers_transformers_gives(kind: str, write: Callable[[str], Path], photo_folder: Path) -> None:
    folder = write(kind)
    encoder = load_folder(folder)
    images, texts = reference(folder, photo_folder)
    ours = encoder.encode_images(prepare_all(photo_folder, encoder.spec.shape))
    assert (ours * images).sum(axis=1).min() >= 0.999999
    assert (encoder.encode_texts(PROMPTS) * texts).sum(axis=1).min() >= 0.999999
    others = (images @ images.T)[~np.eye(len(images), dtype=bool)]
    assert others.max() < 0.9999  # else any photo's embedding would have passed


@pytest.mark.parametrize("size", [(640, 427), (427, 640), (451, 300), (300, 452), (301, 301), (224, 225)])
def test_the_middle_is_cut_where_transformers_cuts_it(
    size: tuple[int, int], write: Callable[[str], Path], tmp_path: Path
) -> None:
    """Half a pixel off, its processors round down and torchvision to the even pixel: one pixel beside."""
    from transformers import AutoImageProcessor  # noqa: PLC0415

    folder = write("clip")
    picture = read_picture("coffee").resize(size)
    picture.save(tmp_path / "coffee.png")
    spec = load_folder(folder).spec
    theirs = AutoImageProcessor.from_pretrained(folder)(picture, return_tensors="pt")["pixel_values"][0].numpy()
    pixels = (theirs.transpose(1, 2, 0) * spec.std + spec.mean) * 255
    assert np.abs(pixels - prepare_all(tmp_path, spec.shape)[0]).max() < 1.01  # torch resizes in other integers


def test_a_spec_is_read_from_the_models_own_files(write: Callable[[str], Path]) -> None:
    clip, siglip = load_folder(write("clip")).spec, load_folder(write("siglip")).spec
    assert (clip.shape, clip.dimension) == (InputShape(224, "shortest", "bicubic", middle="down"), 24)
    assert clip.mean == pytest.approx((0.48145466, 0.4578275, 0.40821073))
    assert (clip.logit_scale, clip.logit_bias) == (pytest.approx(np.exp(4.6), rel=1e-5), None)
    assert (siglip.shape, siglip.dimension) == (InputShape(224, "squash", "bilinear"), 32)
    assert (siglip.mean, siglip.std, siglip.logit_bias) == ((0.5,) * 3, (0.5,) * 3, -12.5)
    assert load_folder(write("chinese_clip")).spec.shape == InputShape(224, "squash", "bicubic")


def test_the_vocabulary_tells_what_a_model_reads(write: Callable[[str], Path], tmp_path: Path) -> None:
    languages = {kind: find_model(str(write(kind)), tmp_path).languages for kind in KINDS}
    assert languages == {
        "clip": ("en",),
        "siglip": ("en",),
        "siglip2": MANY,
        "chinese_clip": ("zh-Hans",),
        "metaclip_2": MANY,
    }
    english, chinese = (find_model(str(write(kind)), tmp_path) for kind in ("clip", "chinese_clip"))
    assert [english.understands(words) for words in ("beach", "海滩", "пляж", "my 狗", "2024", "café")] == [
        True,
        False,
        False,
        True,
        True,
        True,
    ]
    assert all(chinese.understands(words) for words in ("海滩", "beach"))
    assert load_folder(write("chinese_clip")).spec.languages == ("zh-Hans",)


def test_a_file_beside_its_description_is_its_model(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = write("clip")
    alone = find_model(str(folder / "model.safetensors"), tmp_path)
    assert alone == find_model(str(folder), tmp_path)
    assert alone.kind == "transformers"


def change(folder: Path, copy: Path, name: str, **changes: Any) -> Path:
    """A copy of a model whose description differs; a change to None takes the entry away."""
    shutil.copytree(folder, copy)
    content = json.loads((copy / name).read_text("utf-8")) | changes
    (copy / name).write_text(json.dumps({key: value for key, value in content.items() if value is not None}), "utf-8")
    return copy


def test_every_file_that_changes_a_number_changes_the_encoder(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = write("chinese_clip")
    other = change(folder, tmp_path / "other", "preprocessor_config.json", image_mean=[0.1, 0.2, 0.3])
    words = tmp_path / "words"
    shutil.copytree(folder, words)
    (words / "vocab.txt").write_text((words / "vocab.txt").read_text("utf-8") + "新\n", "utf-8")
    moved = tmp_path / "moved"
    shutil.copytree(folder, moved)
    ids = [find_model(str(one), tmp_path).encoder_id for one in (folder, other, words, moved)]
    assert len(set(ids[:3])) == 3
    assert ids[3] == ids[0]


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("config.json", {"model_type": "llama"}, 'the architecture "llama".*known here are clip'),
        ("config.json", {"model_type": None}, "says no architecture"),
        ("config.json", {"model_type": "siglip2"}, "NaFlex"),
    ],
)
def test_an_unknown_architecture_is_named(
    name: str, changes: dict[str, Any], sentence: str, write: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(ModelFilesError, match=sentence):
        find_model(str(change(write("clip"), tmp_path / "odd", name, **changes)), tmp_path)


@pytest.mark.parametrize("gone", ["preprocessor_config.json", "vocab.txt", "model.safetensors"])
def test_a_missing_file_is_named(gone: str, write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "part"
    shutil.copytree(write("chinese_clip"), folder)
    (folder / gone).unlink()
    with pytest.raises(ModelFilesError, match=r"preprocessor_config\.json|tokenizer|safetensors"):
        find_model(str(folder), tmp_path)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": {"height": 224, "width": 32}, "do_center_crop": False}, "not known here"),
        ({"size": {"shortest_edge": 256}}, "not known here"),
        ({"resample": 1}, "not known here"),
        ({"do_rescale": False}, "not known here"),
        ({"size": {"shortest_edge": 32}, "crop_size": {"height": 32, "width": 32}}, "do not belong together"),
    ],
)
def test_preprocessing_that_cannot_be_followed_is_refused(
    changes: dict[str, Any], sentence: str, write: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(ModelFilesError, match=sentence):
        load_folder(change(write("clip"), tmp_path / "odd", "preprocessor_config.json", **changes))


def test_weights_that_leave_something_out_are_refused(write: Callable[[str], Path], tmp_path: Path) -> None:
    """transformers itself would fill the gap with random numbers and only warn."""
    from safetensors.torch import load_file, save_file  # noqa: PLC0415

    folder = tmp_path / "part"
    shutil.copytree(write("chinese_clip"), folder)
    weights = load_file(folder / "model.safetensors")
    del weights["text_projection.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelFilesError, match="do not fit its architecture"):
        load_folder(folder)


def test_weights_of_another_size_are_refused(write: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(ModelFilesError, match="do not fit its architecture"):
        load_folder(change(write("clip"), tmp_path / "other", "config.json", projection_dim=48))


def test_a_tokenizer_of_another_model_is_refused(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(write("chinese_clip"), folder)
    more = (folder / "vocab.txt").read_text("utf-8") + "".join(f"word{number}\n" for number in range(500))
    (folder / "vocab.txt").write_text(more, "utf-8")
    with pytest.raises(ModelFilesError, match=r"tokenizer of .* does not belong to its weights"):
        load_folder(folder)


def test_a_text_that_ends_differently_is_refused(write: Callable[[str], Path], tmp_path: Path) -> None:
    config = json.loads((write("clip") / "config.json").read_text("utf-8"))
    text = config["text_config"] | {"eos_token_id": 7}
    with pytest.raises(ModelFilesError, match="texts end differently"):
        load_folder(change(write("clip"), tmp_path / "ends", "config.json", text_config=text))


@pytest.mark.parametrize("content", [b"not weights at all", b"<!DOCTYPE html><html>sign in</html>" * 9, b""])
def test_a_text_file_renamed_is_refused(content: bytes, write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "text"
    shutil.copytree(write("clip"), folder)
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelFilesError, match="is no safetensors file"):
        load_folder(folder)


def test_code_that_a_model_brings_is_not_run(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = change(
        write("clip"), tmp_path / "code", "config.json", auto_map={"AutoModel": "evil.Model", "AutoConfig": "evil.C"}
    )
    (folder / "evil.py").write_text("raise SystemExit('ran')", "utf-8")
    assert load_folder(folder).spec.dimension == 24


@pytest.mark.parametrize("kind", ["siglip", "siglip2"])
def test_siglip_reads_capitals_as_it_was_trained(kind: str, write: Callable[[str], Path]) -> None:
    encoder = load_folder(write(kind))
    upper, lower, other = encoder.encode_texts(["a Photo of a CAT", "a photo of a cat", "a photo of a horse"])
    np.testing.assert_allclose(upper, lower, atol=1e-6)
    assert not np.allclose(lower, other, atol=1e-3)


def test_a_model_in_pieces_gives_the_numbers_of_the_whole(write: Callable[[str], Path], tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file  # noqa: PLC0415 - imports torch

    whole = write("clip")
    folder = shutil.copytree(whole, tmp_path / "pieces")
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(tensors)
    weight_map = {}
    for number, part in enumerate((names[::2], names[1::2]), start=1):
        file = f"model-{number:05}-of-00002.safetensors"
        save_file({name: tensors[name] for name in part}, folder / file, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(part, file)
    (folder / INDEX_NAME).write_text(json.dumps({"metadata": {}, "weight_map": weight_map}), "utf-8")
    assert find_model(str(folder), tmp_path).encoder_id != find_model(str(whole), tmp_path).encoder_id
    ours, theirs = (load_folder(one).encode_texts(PROMPTS) for one in (folder, whole))
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_loading_starts_no_threads_that_could_outlive_it(
    write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import core_model_loading  # noqa: PLC0415 - imports torch

    def refuse(**settings: Any) -> None:
        raise AssertionError("a pool of threads was made")

    monkeypatch.setattr(core_model_loading, "ThreadPoolExecutor", refuse)
    assert load_folder(write("clip")).spec.dimension == 24
