"""Our category weights are open_clip's: same model, same templates, its own classifier builder as the judge."""

import numpy as np
import pytest

from clipsorter.ranking.prompts import build_weights, plan_prompts
from clipsorter.ranking.sentences import TEMPLATES
from clipsorter.ranking.similarity import rank
from clipsorter.values import Category
from tests.ranking.worlds import random_rows

NAMES = ("dog", "cat", "a {} in braces", "海滩", "our dog Rex")


@pytest.fixture(scope="module")
def tiny_clip():
    torch = pytest.importorskip("torch")
    open_clip = pytest.importorskip("open_clip")
    torch.manual_seed(0)
    vision = {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16, "head_width": 32}
    text = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
    model = open_clip.model.CLIP(embed_dim=32, vision_cfg=vision, text_cfg=text)
    return torch, open_clip, model.eval(), open_clip.SimpleTokenizer()


def test_category_weights_equal_open_clips_zero_shot_classifier(tiny_clip):
    torch, open_clip, model, tokenizer = tiny_clip
    plan = plan_prompts([Category(name) for name in NAMES], ("en",))
    with torch.no_grad():
        rows = model.encode_text(tokenizer(list(plan.prompts))).numpy()
    ours = build_weights(plan, dict(zip(plan.prompts, rows, strict=True)))
    templates = [lambda name, form=form: form.replace("{}", name) for form in TEMPLATES["en"]]
    theirs = open_clip.build_zero_shot_classifier(model, tokenizer, NAMES, templates).numpy().T
    np.testing.assert_allclose(ours.weights, theirs, atol=1e-5)

    photos = random_rows(0, 50, 32)
    ranking = rank(photos, ours, logit_scale=100)
    np.testing.assert_array_equal(ranking.best, (photos @ theirs.T).argmax(axis=1))
