#pragma once
// An output made again from its own run record.

#include <filesystem>
#include <string>
#include <vector>

#include "yaan/core/progress.hpp"
#include "yaan/export/run_record.hpp"

namespace yaan {

/// verify_output by the hashes that the loader makes; a database is read again as the record's study says. Throws
/// Cancelled as well.
VerifyReport verify_with_inputs(const std::filesystem::path& output, const std::filesystem::path& inputs_dir,
                                Progress& progress);

struct ReplayReport {
  RunRecord record;
  std::vector<VerifiedInput> inputs;
  bool same = false;           ///< the new file equals the old one, byte for byte
  bool same_version = true;    ///< this program is of the version that made it
  std::string content_sha256;  ///< of the old file and of the new one, as verify_output makes them
  std::string replayed_sha256;
};

/// Finds the inputs as verify_output does (Shapefiles with all their parts), runs the study of the record in a
/// temporary folder and compares. Throws InputError when the output has no record, when its study was cut by the
/// publication filter so that it cannot run, or when an input is missing; else as run_study. An input that has changed
/// is no error: the answer says whether it matters.
ReplayReport replay_output(const std::filesystem::path& output, const std::filesystem::path& inputs_dir,
                           unsigned threads, Progress& progress);

}  // namespace yaan
