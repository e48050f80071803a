#pragma once
// The encoding of all the texts of a layer.

#include <string>

#include "load/raw_layer.hpp"

namespace yaan {

/// Makes names and texts UTF-8. `raw_text`: the bytes came as they are, in the encoding `stated` or, where that is "",
/// one to be found; otherwise they should be UTF-8 already.
void settle_encoding(RawLayer& raw, bool raw_text, const std::string& stated, const ReadOptions& options);

}  // namespace yaan
