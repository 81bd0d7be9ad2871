"""Every open_clip family from a folder: the numbers are those of open_clip's own calls on the same photos."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from clipsorter.encoders.families import MANY
from clipsorter.encoders.sources import find_model
from clipsorter.errors import ModelFilesError
from clipsorter.values import Pixels
from tests.encoders.conftest import PICTURES, load_folder, prepare_all, read_picture

if TYPE_CHECKING:
    from clipsorter.encoders.onnx_encoder import OnnxEncoder
    from clipsorter.encoders.torch_encoder import TorchEncoder

KINDS = (
    *("openai-vit", "openai-rn50", "vit-b-32-256", "vit-h-14", "xlm-roberta", "eva02", "eva02-336", "siglip2"),
    *("mobileclip2", "mobileclip2-s2", "metaclip2", "nllb"),
)
PROMPTS = ("a photo of a cat", "Horse, at the BEACH!", "一张猫的照片", "", "a dog on the beach 海滩 " * 40)


@pytest.fixture(scope="module")
def write(torch_here: None, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny model of a family, written once."""
    place, written = tmp_path_factory.mktemp("families"), dict[str, Path]()

    def written_or_new(kind: str) -> Path:
        from tests.encoders.tiny_open_clip import write_open_clip_model  # noqa: PLC0415 - imports torch

        if kind not in written:
            written[kind] = write_open_clip_model(kind, place / kind)
        return written[kind]

    return written_or_new


@pytest.fixture(scope="module")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real pictures as files, of different shapes."""
    folder = tmp_path_factory.mktemp("photos")
    for name in PICTURES:
        read_picture(name).save(folder / f"{name}.png")
    return folder


def reference(folder: Path, photo_folder: Path) -> tuple[NDArray[np.float64], NDArray[np.float64], Pixels]:
    """open_clip's documented calls: create_model_and_transforms, get_tokenizer, encode_image, encode_text.

    Returns image rows, text rows, and the photos as its transform left them before it made tensors of them.
    """
    import open_clip  # noqa: PLC0415
    import torch  # noqa: PLC0415

    from tests.encoders.tiny_open_clip import point_to_text_files  # noqa: PLC0415

    place = point_to_text_files(folder, photo_folder.with_name(f"{photo_folder.name}-{folder.name}"))
    model, _, transform = open_clip.create_model_and_transforms(f"local-dir:{place}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{place}")
    photos = [Image.open(file).convert("RGB") for file in sorted(photo_folder.iterdir())]
    batch = torch.stack([transform(photo) for photo in photos])
    pixels = np.stack([np.asarray(type(transform)(transform.transforms[:-2])(photo)) for photo in photos])
    with torch.inference_mode():
        texts = []
        for prompt in PROMPTS:
            if hasattr(tokenizer, "set_lang_fn"):
                tokenizer.set_language("zho_Hans" if any("一" <= letter <= "龥" for letter in prompt) else "eng_Latn")
            texts.append(model.eval().encode_text(tokenizer([prompt]), normalize=True).double().numpy())
        return model.encode_image(batch, normalize=True).double().numpy(), np.concatenate(texts), pixels


def export(encoder: "TorchEncoder", folder: Path, place: Path) -> "OnnxEncoder":
    from clipsorter.encoders.onnx_encoder import OnnxEncoder  # noqa: PLC0415 - after torch_here
    from clipsorter.encoders.onnx_export import replace_by_graphs  # noqa: PLC0415

    graphs = replace_by_graphs(encoder, find_model(str(folder), folder.parent), "cpu", 1, place / "graphs")
    assert isinstance(graphs, OnnxEncoder)
    return graphs


@pytest.mark.slow
@pytest.mark.timeout(900)  # an export of a deep convolutional network takes a minute and more on a busy core
@pytest.mark.parametrize("kind", KINDS)
def test_it_gives_the_numbers_open_clip_gives(
    kind: str, write: Callable[[str], Path], photo_folder: Path, tmp_path: Path
) -> None:
    """Through torch and through the ONNX graphs exported from it."""
    folder = write(kind)
    encoder = load_folder(folder)
    images, texts, pixels = reference(folder, photo_folder)
    assert (encoder.encode_images(pixels) * images).sum(axis=1).min() >= 0.9999
    ours = prepare_all(photo_folder, encoder.spec.shape)
    assert (encoder.encode_images(ours) * images).sum(axis=1).min() >= 0.9999
    assert (encoder.encode_texts(PROMPTS) * texts).sum(axis=1).min() >= 0.9999
    if kind != "nllb":  # its tokenizer is told a language, which no graph's is
        graphs = export(encoder, folder, tmp_path)
        for count in (1, 3, len(ours)):
            assert (graphs.encode_images(ours[:count]) * images[:count]).sum(axis=1).min() >= 0.9999
        for start in (0, 2):
            assert (graphs.encode_texts(PROMPTS[start:]) * texts[start:]).sum(axis=1).min() >= 0.9999
    for rows in (images, texts):
        assert (rows @ rows.T)[~np.eye(len(rows), dtype=bool)].max() < 0.9999  # else anything would have passed


def test_blocks_that_were_trained_as_several_branches_are_one_convolution(write: Callable[[str], Path]) -> None:
    from timm.models.fastvit import MobileOneBlock  # noqa: PLC0415 - imports torch

    blocks = [block for block in load_folder(write("mobileclip2")).model.modules() if isinstance(block, MobileOneBlock)]
    assert blocks
    assert all(block.reparam_conv is not None and not hasattr(block, "conv_kxk") for block in blocks)


def test_each_family_brings_its_own_preparation(write: Callable[[str], Path]) -> None:
    siglip, mobile, plain = (load_folder(write(kind)).spec for kind in ("siglip2", "mobileclip2", "vit-b-32-256"))
    assert (siglip.shape.resize, siglip.mean, siglip.logit_bias) == ("squash", (0.5,) * 3, -12.5)
    assert (mobile.shape.side, mobile.shape.interpolation, mobile.std) == (256, "bilinear", (1.0,) * 3)
    assert (plain.shape.side, plain.shape.resize, plain.logit_bias) == (256, "shortest", None)


def test_the_text_tower_tells_what_a_model_reads(write: Callable[[str], Path], tmp_path: Path) -> None:
    many = {"xlm-roberta", "siglip2", "metaclip2", "nllb"}
    for kind in KINDS:
        expected = MANY if kind in many else ("en",)
        assert find_model(str(write(kind)), tmp_path).languages == expected
        if kind in many:
            assert load_folder(write(kind)).spec.languages == expected


def test_quick_gelu_is_not_gelu(write: Callable[[str], Path], tmp_path: Path, photo_folder: Path) -> None:
    """The same weights under the other activation: nearly the same photo, so only the file can tell."""
    folder = tmp_path / "gelu"
    shutil.copytree(write("openai-vit"), folder)
    config = folder / "open_clip_config.json"
    config.write_text(config.read_text("utf-8").replace('"quick_gelu": true', '"quick_gelu": false'), "utf-8")
    quick, exact = load_folder(write("openai-vit")), load_folder(folder)
    pixels = prepare_all(photo_folder, quick.spec.shape)
    rows = quick.encode_images(pixels)
    np.testing.assert_allclose(rows, load_folder(write("openai-vit")).encode_images(pixels), atol=1e-6)
    assert np.abs(rows - exact.encode_images(pixels)).max() > 1e-3
    assert quick.spec.id != exact.spec.id


@pytest.mark.parametrize("kind", ["xlm-roberta", "siglip2"])
def test_a_missing_tokenizer_is_not_downloaded(kind: str, write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "part"
    shutil.copytree(write(kind), folder)
    for file in folder.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(ModelFilesError, match="cannot be loaded"):
        load_folder(folder)


def test_a_missing_text_configuration_is_not_downloaded(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "part"
    shutil.copytree(write("nllb"), folder)
    shutil.rmtree(folder / "text_config")
    with pytest.raises(ModelFilesError, match="cannot be loaded"):
        load_folder(folder)


def test_a_text_tower_nobody_knows_is_named(write: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "llama"
    shutil.copytree(write("xlm-roberta"), folder)
    (folder / "text_config" / "config.json").write_text('{"model_type": "llama"}', "utf-8")
    with pytest.raises(ModelFilesError, match='text tower that is not known here: "llama"'):
        load_folder(folder)


def test_a_tokenizer_of_another_model_is_refused(write: Callable[[str], Path], tmp_path: Path) -> None:
    import json  # noqa: PLC0415

    folder = tmp_path / "mixed"
    shutil.copytree(write("xlm-roberta"), folder)
    file = folder / "tokenizer.json"
    content: dict[str, Any] = json.loads(file.read_text("utf-8"))
    content["model"]["vocab"] += [[f"word{number}", -9.0] for number in range(500)]
    file.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ModelFilesError, match=r"tokenizer of .* does not belong to its weights"):
        load_folder(folder)
