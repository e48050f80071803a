#pragma once
// What a program asks of yaan-reader, and what it answers.

#include <string>
#include <variant>

#include "load/reader/wire.hpp"
#include "yaan/load/inspect.hpp"
#include "yaan/load/raster.hpp"
#include "yaan/load/read.hpp"

namespace yaan {

enum class ReaderTask { read, inspect, level, raster, picture };

struct ReaderRequest {
  ReaderTask task = ReaderTask::read;
  std::string path;
  ReadOptions options;
  unsigned threads = 0;          ///< as set_thread_count
  std::uint64_t file_bytes = 0;  ///< for the bounds
  Raster raster;                 ///< of the task picture
  RasterView view;
};

/// What reading threw.
struct ReaderFailure {
  enum class Kind { usage, missing_crs, input, memory, fault };
  Kind kind = Kind::fault;
  std::string what;
  std::string advice;
};

struct IsolationLevel {
  std::string text;
};

using ReaderAnswer = std::variant<ReaderFailure, ReadResult, FileReport, IsolationLevel, Raster, RasterPicture>;

std::string pack_request(ReaderRequest request);
ReaderRequest unpack_request(std::string_view bytes);

/// The packer refers to the answer, which must outlive it.
void pack_answer(Packer& packer, ReaderAnswer& answer);

/// Checks all that a Layer promises: sizes that agree, offsets in range and rising, finite coordinates, UTF-8; of a
/// picture that it has the pixels that it states and no light above alpha. Throws CorruptAnswer, what the source
/// throws, and Cancelled; checks columns in parallel.
ReaderAnswer unpack_answer(ByteSource& source, const Progress& progress);

/// The bound of the reader's memory, and of its answer.
std::uint64_t most_memory(const ReaderRequest& request);

}  // namespace yaan
