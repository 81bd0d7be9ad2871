"""An index run against rclip (MIT), the nearest program that can be installed, over the same photos.

rclip is looked for in this interpreter, or in the one that the variable RCLIP_PYTHON names. Its model, which it would
download, is replaced by one of the same architecture with random weights; ours is the same one. Both keep what they
found; rclip makes no thumbnails, reads no dates and turns nothing upright.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.figures import Figure, ask_child
from tests.benchmarks.indexing import ALL_CORES, INDEX, SIZES, make_first, make_graphs, make_model, make_pairs

ARCHITECTURE = "ViT-B-32-256"  # rclip's
GOALS = {"large": 1.8, "small": 1.1}
VARIABLE = "RCLIP_PYTHON"

EXPORT = """
import sys, warnings
import open_clip, torch
warnings.simplefilter("ignore")
model, _, _ = open_clip.create_model_and_transforms(f"local-dir:{sys.argv[1]}")
torch.backends.mha.set_fastpath_enabled(False)
with torch.no_grad():
    torch.onnx.export(model.visual.eval(), (torch.zeros(2, 3, 256, 256),), sys.argv[2], input_names=["input"],
                      output_names=["output"], dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
                      opset_version=17, dynamo=False)
"""

RCLIP = """
import json, sys, time
from pathlib import Path
from rclip import db, main, model, model_download
graph, database, *folders = sys.argv[1:]
session = model_download._load_onnx_session(graph)
model_download.load_visual_query_session = lambda: session
rclip = main.RClip(model.Model(), db.DB(database), 8, None)
numbers = []
for pair in zip(folders[::2], folders[1::2]):
    spent, lasted = [], []
    for folder in pair:
        began, clock = time.process_time(), time.perf_counter()
        rclip.ensure_index(folder)
        spent.append(time.process_time() - began)
        lasted.append(time.perf_counter() - clock)
    few, many = (len(list(Path(folder).iterdir())) for folder in pair)
    numbers += [(spent[1] - spent[0]) / (many - few), (lasted[1] - lasted[0]) / (many - few)]
rclip.close()
print(json.dumps(numbers))
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """Large and small photos, by processor time and by the clock; nothing but a sentence where rclip is absent."""
    python = os.environ.get(VARIABLE, sys.executable)
    if subprocess.run([python, "-c", "import rclip"], capture_output=True, check=False).returncode:
        print(f"rclip is not installed here (pip install rclip, or name its interpreter in {VARIABLE}): not compared.")
        return
    rounds, count = (1, 32) if quick else (3, 64)
    with tempfile.TemporaryDirectory(prefix="clipsorter-benchmark-") as place:
        folder = Path(place)
        photos = [path for pair in make_pairs(folder, count) for path in pair]
        first = make_first(folder)
        model = make_model(folder, ARCHITECTURE)
        graph = folder / "visual.onnx"
        subprocess.run([sys.executable, "-c", EXPORT, str(model), str(graph)], check=True, capture_output=True)
        make_graphs(folder / "data", str(model))
        ours, theirs = [], []
        for number in range(rounds):
            shutil.copytree(folder / "data", folder / f"data-{number}")
            ours.append(ask_child(INDEX, folder / f"data-{number}", model, ALL_CORES, first, *photos))
            theirs.append(ask_child(RCLIP, graph, folder / f"rclip-{number}.db", *photos, python=python))
    for index, size in enumerate(SIZES):
        what = f"rclip / index, {'12 megapixels' if size == 'large' else '500 x 375'}"
        for column, method in enumerate(("processor time", "by the clock")):
            ratio = statistics.median(
                their[2 * index + column] / our[4 * index + column] for their, our in zip(theirs, ours, strict=True)
            )
            yield Figure(f"{what}, {method}", ratio, "x", rounds, "median of rounds in turns", GOALS[size], "more")
