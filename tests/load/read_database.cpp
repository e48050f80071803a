// read_database NAME LAYER [max_features=N] [max_fields=N] [max_memory_bytes=N] [extent=BOX]: reads a layer within
// bounds that the command line does not offer, and says how many rows came, or why none.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "yaan/core/error.hpp"
#include "yaan/load/read.hpp"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  yaan::ReadOptions options;
  options.layer = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    const std::string value = word.substr(word.find('=') + 1);
    if (word.starts_with("max_features=")) options.max_features = std::strtoull(value.c_str(), nullptr, 10);
    if (word.starts_with("max_fields=")) options.max_fields = std::strtoull(value.c_str(), nullptr, 10);
    if (word.starts_with("max_memory_bytes=")) options.max_memory_bytes = std::strtoull(value.c_str(), nullptr, 10);
    if (word.starts_with("extent=")) options.extent = value;
  }
  try {
    yaan::Progress silent;
    std::printf("%zu rows\n", yaan::read_layer(argv[1], options, silent).layer.size());
  } catch (const yaan::Error& error) {
    std::printf("%s\n%s\n", error.what(), error.advice().c_str());
  }
  return 0;
}
