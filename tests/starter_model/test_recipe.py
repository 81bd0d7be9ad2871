"""The pure parts of the recipe: sentences, drawing, pseudo-photos, loss, head and judging."""

import numpy as np
import pytest
import torch
from evaluation import fit_scale, recall_labels, retrieve
from features import SIDE, crop_centre, views_of
from PIL import Image
from pseudo_photos import PseudoPhotos, imagine
from rendering import PAINTERS, SENTENCES, render
from sentences import CLASSES, read_class_sentences, read_sentences
from training import Head, Knowledge, Pool, Settings, average_meanings, contrast, join, train

from clipsorter.encoders.branched_head import BranchedHead

FEATURES, DIMENSION = 24, 8


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture
def known() -> Knowledge:
    rng = np.random.default_rng(0)
    sentences = [unit(rng.normal(size=(3, DIMENSION))) for _ in range(5)]
    weight = rng.normal(size=(5, FEATURES)).astype(np.float32)
    return Knowledge(weight, np.zeros(5, np.float32), sentences)


@pytest.fixture
def pool() -> Pool:
    """Photos whose first features tell their sentence."""
    rng = np.random.default_rng(1)
    texts = unit(rng.normal(size=(4, DIMENSION)))
    kinds = rng.integers(4, size=80)
    views = rng.random((80, 2, FEATURES)).astype(np.float32)
    views[np.arange(80), :, kinds] += 4
    return Pool(views, [[int(kind)] for kind in kinds], texts)


def test_every_imagenet_class_has_sentences_beside_its_name() -> None:
    sentences = read_class_sentences([f"name {number}, other name" for number in range(CLASSES)])
    assert len(sentences) == CLASSES
    assert all(group[0] == f"a photo of a name {number}" for number, group in enumerate(sentences))
    bare = [number for number, group in enumerate(sentences) if len(group) < 2]
    assert not bare


def test_ranges_share_their_sentences_and_single_lines_add_to_them() -> None:
    names = ["x"] * CLASSES
    sentences = read_class_sentences(names)
    assert "a pet dog" in sentences[207]
    assert "a golden dog" in sentences[207]
    assert "a golden dog" not in sentences[208]


def test_every_painter_has_sentences_and_every_sentence_a_painter() -> None:
    assert PAINTERS.keys() == SENTENCES.keys() == read_sentences("rendered_sentences.txt").keys()


@pytest.mark.parametrize("number", range(len(PAINTERS)))
def test_a_rendered_picture_follows_from_its_number(number: int) -> None:
    inset = Image.linear_gradient("L").convert("RGB")
    one, same, other = (render(seed, [inset]) for seed in (number, number, number + len(PAINTERS)))
    assert one.kind == other.kind == list(PAINTERS)[number]
    assert one.picture.tobytes() == same.picture.tobytes()
    assert one.picture.tobytes() != other.picture.tobytes()


@pytest.mark.parametrize("size", [(300, 200), (90, 200), (7, 400), (224, 224)])
def test_views_have_the_model_side_and_follow_from_the_seed(size: tuple[int, int]) -> None:
    photo = Image.effect_noise(size, 60).convert("RGB")
    views = views_of(photo, 4, seed=3)
    assert all(view.size == (SIDE, SIDE) for view in views)
    assert views[0].tobytes() == crop_centre(photo).tobytes()
    assert [view.tobytes() for view in views] == [view.tobytes() for view in views_of(photo, 4, seed=3)]


def test_a_pseudo_photo_is_what_the_classifier_takes_for_its_class() -> None:
    rng = np.random.default_rng(2)
    means = rng.normal(scale=3, size=(5, FEATURES))
    labels = rng.integers(5, size=2000)
    features = (means[labels] + rng.normal(size=(2000, FEATURES)) + 10).astype(np.float32)
    classifier = (means - means.mean(axis=0)).astype(np.float32)  # of equal unit covariance, by discriminant analysis
    imagined = imagine(features, labels, classifier)
    cosine = (unit(imagined.offsets) * unit(means - means.mean(axis=0))).sum(axis=1)
    assert cosine.min() > 0.98
    assert (imagined.offsets @ classifier.T).argmax(axis=1).tolist() == [0, 1, 2, 3, 4]


def test_the_loss_is_clips_and_pairs_that_say_the_same_are_no_negatives() -> None:
    vectors = torch.nn.functional.normalize(torch.eye(3), dim=1)
    none = torch.zeros(3, 3, dtype=torch.bool)
    expected = -torch.log(torch.exp(torch.tensor(5.0)) / (torch.exp(torch.tensor(5.0)) + 2))
    assert contrast(vectors, vectors, torch.tensor(5.0), none).item() == pytest.approx(expected.item(), rel=1e-5)
    twins = vectors[[0, 0, 2]]
    alike = none.clone()
    alike[0, 1] = alike[1, 0] = True
    assert contrast(twins, twins, torch.tensor(5.0), alike) < contrast(twins, twins, torch.tensor(5.0), none)


def test_a_captioned_photo_is_joined_with_another_in_features_and_in_words_alike(pool: Pool, known: Knowledge) -> None:
    captioned = Pool(np.full((3, 2, FEATURES), 9, np.float32), [[0]] * 3, np.eye(DIMENSION, dtype=np.float32)[:1])
    imagined = imagine(pool.views[:, 0], np.array([group[0] for group in pool.sentences]), known.weight)
    alone = [sentences * 0 + np.eye(DIMENSION, dtype=np.float32)[1] for sentences in known.sentences]
    still = PseudoPhotos(imagined.mean * 0, imagined.offsets * 0, imagined.residuals * 0)
    photos, texts = join(captioned, still, alone, 40, np.random.default_rng(0))
    shares = photos[:, 0] / 9
    assert 0.25 <= shares.min() < 0.35
    assert 0.6 < shares.max() <= 0.7
    np.testing.assert_allclose(texts[:, 0] / texts[:, 1], shares / (1 - shares), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, rtol=1e-5)


def train_small(pool: Pool, known: Knowledge, seed: int = 0) -> Head:
    imagined = imagine(pool.views[:, 0], np.array([group[0] for group in pool.sentences]), known.weight)
    axis = np.eye(DIMENSION, dtype=np.float32)[0]
    settings = Settings(seed=seed, steps=60, imagined=4, mixed=4, joined=4, rate=1e-2)
    return train({"all": (pool, 24)}, pool, known, imagined, axis, settings=settings)


def test_training_finds_the_pairs_and_follows_from_its_seed(pool: Pool, known: Knowledge) -> None:
    head, again, other = (train_small(pool, known, seed) for seed in (0, 0, 1))
    photos, texts = torch.from_numpy(pool.views[:, 0]), torch.from_numpy(pool.texts)
    with torch.no_grad():
        chosen = (head.images(photos) @ head.texts(texts).T).argmax(dim=1)
    assert (chosen == torch.tensor([group[0] for group in pool.sentences])).float().mean() > 0.9
    ours, same, different = (one.export()["text.proj.weight"] for one in (head, again, other))
    assert torch.equal(ours, same)
    assert not torch.equal(ours, different)


def test_the_shipped_form_computes_what_was_trained(pool: Pool, known: Knowledge) -> None:
    head = train_small(pool, known)
    tensors = {key: tensor.float() for key, tensor in head.export().items()}
    mlp = torch.nn.Sequential(torch.nn.Linear(FEATURES, 768), torch.nn.GELU(), torch.nn.Linear(768, DIMENSION))
    shipped = BranchedHead(mlp, DIMENSION, traits=1)
    shipped.traits, shipped.shown = torch.nn.Linear(FEATURES, 1), torch.nn.Linear(1, DIMENSION, bias=False)
    shipped.classifier, shipped.meanings = torch.nn.Linear(FEATURES, 5), torch.nn.Linear(5, DIMENSION, bias=False)
    with torch.no_grad():
        for layer, name in ((mlp[0], "fc1"), (mlp[2], "fc2")):
            layer.weight.copy_(tensors[f"visual.head.mlp.{name}.weight"])
            layer.bias.copy_(tensors[f"visual.head.mlp.{name}.bias"])
        shipped.classifier.weight.copy_(torch.from_numpy(known.weight))
        shipped.classifier.bias.zero_()
        shipped.meanings.weight.copy_(tensors["visual.head.meanings.weight"])
        shipped.shown.weight.zero_()
        photos = torch.from_numpy(pool.views[:, 0])
        cosine = torch.nn.functional.cosine_similarity(shipped(photos), head.images(photos))
    assert cosine.min() > 0.999


def test_a_meaning_leans_on_what_photos_show_more_than_on_the_name() -> None:
    name, shown = np.eye(2, dtype=np.float32)
    (meaning,) = average_meanings([np.stack([name, shown])])
    assert meaning[1] > meaning[0] > 0


def test_retrieval_counts_captions_whose_photo_is_near_the_top() -> None:
    photos = np.eye(12, dtype=np.float32)
    captions = photos.copy()
    captions[0] = photos[1] * 0.9 + photos[0] * 0.5
    found = retrieve(photos, captions)
    assert found.n == 12
    assert found.at1 == pytest.approx(11 / 12)
    assert found.at5 == found.at10 == 1


def test_label_recall_is_the_mean_over_labels_not_over_photos() -> None:
    photos = np.eye(2, dtype=np.float32)[[0, 0, 0, 0]]
    names = ["cat", "dog"]
    assert recall_labels(photos, ["cat", "cat", "cat", "dog"], names, np.eye(2, dtype=np.float32)) == 0.5


def test_the_fitted_scale_is_the_one_the_answers_were_drawn_with() -> None:
    rng = np.random.default_rng(5)
    texts, photos = unit(rng.normal(size=(6, DIMENSION))), unit(rng.normal(size=(6000, DIMENSION)))
    logits = 12 * photos @ texts.T
    truth = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    assert fit_scale(photos, texts, truth) == pytest.approx(12, rel=0.1)
