#!/bin/bash
# Installs the build into a temporary folder, then builds and runs examples/find_districts against it, once by the CMake
# package and once by pkg-config.
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/yaan" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for file in bin/yaan lib*/pkgconfig/yaan.pc lib*/*/pkgconfig/yaan.pc share/yaan/thailand.json; do
  compgen -G "$work/yaan/$file" >/dev/null || [[ "$file" == lib* ]] || { echo "not installed: $file"; exit 1; }
done

sanitize=$(sed -n 's/^YAAN_SANITIZE:STRING=//p' "$build/CMakeCache.txt")
flags=${sanitize:+-fsanitize=$sanitize}
cmake -S "$YAAN_SOURCE/examples/find_districts" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$work/yaan" \
      -DCMAKE_CXX_FLAGS="$flags" >"$work/log" 2>&1 && cmake --build "$work/cmake" >>"$work/log" 2>&1 ||
  { cat "$work/log"; exit 1; }
"$work/cmake/find_districts" "$work/yaan/share/yaan/creative_assets.csv" >"$work/by_cmake"

pc=$(dirname "$(find "$work/yaan" -name yaan.pc)")
# shellcheck disable=SC2046,SC2086: the flags are words
PKG_CONFIG_PATH=$pc g++ -O1 $flags "$YAAN_SOURCE/examples/find_districts/main.cpp" -o "$work/by_hand" \
  $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs yaan)
"$work/by_hand" "$work/yaan/share/yaan/creative_assets.csv" >"$work/by_pkg_config"

cmp "$work/by_cmake" "$work/by_pkg_config"
grep -q 'sites' "$work/by_cmake"
cat "$work/by_cmake"
