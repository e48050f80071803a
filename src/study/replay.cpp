#include "yaan/study/replay.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/load/read.hpp"
#include "yaan/study/registry.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

/// A folder for one replay, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "yaan-replay-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw OutputError(fmt::format("cannot make a temporary folder: {}", std::strerror(errno)),
                        "set TMPDIR to a folder that can be written");
    m_path = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return m_path; }

 private:
  fs::path m_path;
};

bool same_bytes(const fs::path& a, const fs::path& b) {
  if (fs::file_size(a) != fs::file_size(b)) return false;
  std::ifstream first(a, std::ios::binary);
  std::ifstream second(b, std::ios::binary);
  std::vector<char> block_a(1 << 18);
  std::vector<char> block_b(block_a.size());
  while (first && second) {
    first.read(block_a.data(), static_cast<std::streamsize>(block_a.size()));
    second.read(block_b.data(), static_cast<std::streamsize>(block_b.size()));
    const auto got = static_cast<std::size_t>(first.gcount());
    if (got != static_cast<std::size_t>(second.gcount()) || std::memcmp(block_a.data(), block_b.data(), got) != 0)
      return false;
  }
  return first.eof() && second.eof();
}

/// The output itself, where its run record was named.
fs::path output_of(const fs::path& named) {
  constexpr std::string_view kTail = ".yaan.json";
  const std::string text = named.string();
  return text.ends_with(kTail) ? fs::path(text.substr(0, text.size() - kTail.size())) : named;
}

Study study_of(const VerifyReport& verified, const fs::path& output, const fs::path& inputs_dir) {
  if (verified.record.study.empty())
    throw InputError(fmt::format("the run record of {} holds no study to run", output.string()));
  if (!verified.study_same)
    throw InputError(fmt::format("the study in the run record of {} is not the one that was run", output.string()),
                     "the publication filter withheld a part of it, or the file was edited; only the owner of the "
                     "study can run it again");
  // A study of that folder, so that tables of decisions are found there.
  return Study::parse(verified.record.study, inputs_dir / "study.json");
}

/// Of what the study of the record reads from a database today.
std::string database_hash(const RecordedInput& input, const RunRecord& record, const fs::path& inputs_dir,
                          Progress& progress) {
  if (record.study.empty() || sha256_hex(record.study) != record.study_sha256)
    throw InputError(
        "the study in the run record, which says what to read, was cut by the publication filter or edited");
  const Study study = Study::parse(record.study, inputs_dir / "study.json");
  const StudyLayer* layer = study.find_layer(input.layer);
  if (layer == nullptr || layer->file != input.path)
    throw InputError("the study in the run record reads no such database");
  ReadOptions options = read_options_of(*layer);
  options.table = options.plain_table = true;  // for the hash, rows need neither coordinates nor a system
  return read_layer(input.path, options, progress).layer.sources.at(0).sha256;
}

std::string reason_of(const VerifiedInput& input) { return input.why.empty() ? std::string() : ": " + input.why; }

}  // namespace

VerifyReport verify_with_inputs(const fs::path& output, const fs::path& inputs_dir, Progress& progress) {
  return verify_output(output, inputs_dir, sha256_of_source, [&](const RecordedInput& input, const RunRecord& record) {
    return database_hash(input, record, inputs_dir, progress);
  });
}

ReplayReport replay_output(const fs::path& named, const fs::path& inputs_dir, unsigned threads, Progress& progress) {
  const VerifyReport verified = verify_with_inputs(named, inputs_dir, progress);
  const fs::path output = output_of(named);
  const Study study = study_of(verified, output, inputs_dir);

  RunOptions options;
  for (const VerifiedInput& input : verified.inputs) {
    if (input.state == VerifiedInput::State::missing)
      throw InputError(
          fmt::format("the input {} of {} is not there{}", input.recorded.path, output.string(), reason_of(input)),
          input.why.empty() ? "name the folder that holds the inputs with --inputs DIR"
                            : "make the service of that name reach the database; PGSERVICEFILE may name "
                              "another file of services");
    if (names_database(input.recorded.path)) continue;  // read anew from there
    const StudyLayer* layer = study.find_layer(input.recorded.layer);
    if (layer != nullptr && !layer->decisions.empty() && input.recorded.path == layer->decisions) continue;
    options.input_files[input.recorded.layer].push_back(input.found);
  }
  const TemporaryFolder folder;
  options.out_dir = folder.path();
  options.threads = threads;
  options.only_file = verified.record.output.file;
  const RunResult result = run_study(study, options, progress);
  if (result.outputs.size() != 1)
    throw InputError(
        fmt::format("the study in the run record of {} makes no output {}", output.string(), options.only_file),
        "the inputs have changed, or the run record was edited");

  ReplayReport report;
  report.record = verified.record;
  report.inputs = verified.inputs;
  report.same_version = verified.record.version == version();
  report.same = same_bytes(output, result.outputs.front().path);
  report.content_sha256 = verified.content_sha256;
  report.replayed_sha256 = verify_output(result.outputs.front().path).content_sha256;
  return report;
}

}  // namespace yaan
