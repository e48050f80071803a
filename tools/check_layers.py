#!/usr/bin/env python3
"""Checks that the stages include only what the floor plan allows, and that third-party headers stop at their folder.

usage: check_layers.py [ROOT]

The plan is docs/architecture.md. Prints every breach as file:line and exits with 1 when there is one.
"""
import pathlib
import re
import sys

# Which stages a stage may include, itself apart.
ALLOWED = {
    "core": set(),
    "load": {"core"},
    "analyse": {"core"},
    "text": {"core"},
    "style": {"core"},
    "district": {"core", "analyse"},
    "export": {"core", "style", "text"},
    "render": {"core", "style", "text"},
    "study": {"core", "load", "analyse", "district", "style", "text", "export"},
    "app": {"core", "load", "analyse", "district", "style", "text", "export", "render", "study"},
}

# Third-party headers by pattern, and the folders below src/ or include/yaan/ that may see them.
THIRD_PARTY = [
    (r"(gdal|ogr|cpl_|ogrsf_frmts|vrtdataset)[\w/]*\.h", ["load", "export"]),
    (r"zip\.h", ["load"]),
    (r"simdjson\.h", ["load"]),
    (r"flatbuffers/.*\.h", ["load"]),
    (r"seccomp\.h", ["load/reader"]),
    (r"geos(_c)?[\w/]*\.h", ["core"]),
    (r"(proj|geodesic)\.h", ["core"]),
    (r"cairo[\w-]*(/cairo[\w-]*)?\.h", ["export"]),
    (r"(hb|hb-[\w-]+|harfbuzz/.*)\.h", ["text"]),
    (r"(ft2build|freetype/.*)(\.h)?", ["text", "export"]),
    (r"thai/.*\.h", ["text"]),
    (r"epoxy/.*\.h", ["render/gl", "app/viewer"]),
    (r"GLFW/.*\.h", ["app/viewer"]),
    (r"(imgui|imgui/.*|backends/imgui.*|imgui_.*)\.h", ["app/viewer"]),
    (r"nlohmann/.*\.hpp", ["export", "study", "app"]),
    (r"CLI/.*\.hpp", ["app/cli"]),
    (r"tbb/.*\.h", ["core"]),
    (r"openssl/.*\.h", ["core"]),
    (r"png\.h", ["core"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')


def stage_of(relative):
    """'src/core/x.cpp' and 'include/yaan/core/x.hpp' -> ('core', 'core'); the second is the whole folder."""
    parts = relative.parts
    inner = parts[2:] if parts[:2] == ("include", "yaan") else parts[1:]
    return inner[0], "/".join(inner[:-1])


def stage_of_include(name, directory):
    """The stage that an include belongs to, or None when it is not ours."""
    path = pathlib.PurePosixPath(name)
    if path.parts[0] == "yaan":
        return path.parts[1]
    if path.parts[0] in ALLOWED and len(path.parts) > 1:
        return path.parts[0]
    if (directory / name).exists():
        return "same folder"
    return None


def check(root):
    breaches = []
    files = [f for base in ("src", "include/yaan") for f in sorted((root / base).rglob("*")) if f.suffix in (".cpp", ".hpp")]
    for file in files:
        relative = file.relative_to(root)
        stage, folder = stage_of(relative)
        if stage not in ALLOWED:
            breaches.append(f"{relative}: folder {stage} is not in the plan")
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            name = match.group(1)
            target = stage_of_include(name, file.parent)
            if target is not None:
                if target not in ("same folder", stage) and target not in ALLOWED[stage]:
                    breaches.append(f"{relative}:{number}: {stage} must not include {target} ({name})")
                continue
            for pattern, folders in THIRD_PARTY:
                if re.fullmatch(pattern, name) and not any((folder + "/").startswith(f + "/") for f in folders):
                    breaches.append(f"{relative}:{number}: {name} belongs to {', '.join(folders)}, not to {folder}")
    return breaches, len(files)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    breaches, files = check(root)
    for breach in breaches:
        print(breach)
    print(f"{files} files checked, {len(breaches)} breaches")
    return 1 if breaches or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
