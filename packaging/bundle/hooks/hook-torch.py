# Instead of the hook that imports and carries every one of torch's 2,000 modules: what the code names is enough, and
# its configuration modules read their own source.
from pathlib import Path

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs, get_package_paths

module_collection_mode = "pyz+py"
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
# torch refuses to be imported without its helper program for shared memory, which ClipSorter never starts.
folder = Path(get_package_paths("torch")[1], "bin")
binaries += [(str(file), "torch/bin") for file in folder.glob("torch_shm_manager*")]
# Named in a table that is read at run time (torch/_dynamo/polyfills/loader.py).
polyfills = Path(get_package_paths("torch")[1], "_dynamo", "polyfills")
hiddenimports = [f"torch._dynamo.polyfills.{file.stem}" for file in sorted(polyfills.glob("[!_]*.py"))]
