# Instead of the hook that imports and carries every one of torch's 2,000 modules: what the code names is enough, and
# its configuration modules read their own source.
from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs

module_collection_mode = "pyz+py"
binaries = collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
