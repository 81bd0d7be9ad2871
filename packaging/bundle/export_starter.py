"""Write the starter model's graphs for the bundle: ``python packaging/bundle/export_starter.py FOLDER``.

Runs in the build environment, which has torch; the bundle has not. Every embedding is compared with torch's before the
folder is there (``clipsorter.encoders.onnx_export``), and no weight is rounded, so embeddings keep their encoder id.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from torchvision_operators import import_torchvision

from clipsorter.encoders.child import prepare_environment
from clipsorter.encoders.sources import find_model


def main() -> int:
    folder = Path(sys.argv[1])
    prepare_environment(threads=1)
    import_torchvision()
    from clipsorter.encoders.loading import load_encoder  # noqa: PLC0415 - these import it
    from clipsorter.encoders.onnx_export import export_graphs  # noqa: PLC0415

    source = find_model("starter", folder.parent)
    encoder = load_encoder(source, "cpu", 1)
    export_graphs(encoder, source, 1, folder, "")
    for file in sorted(folder.iterdir()):
        print(f"{file.stat().st_size:>12,}  {file.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
