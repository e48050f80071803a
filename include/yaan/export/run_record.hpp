#pragma once
// The run record: what made an output, so that anybody can check it and make it again. In GeoJSON it is the foreign
// member `yaan` (RFC 7946 section 6.1); beside any other file FILE it stands in FILE.yaan.json. docs/outputs.md is its
// contract.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"
#include "yaan/export/publish.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

/// Version of the record's format, its member `record`.
inline constexpr int kRunRecordVersion = 1;

struct RecordedInput {
  std::string layer;  ///< key in the study
  std::string path;   ///< as the study or the user named it
  std::string inner;  ///< layer within the file; "" when there is only one
  std::string sha256;
  std::uint64_t features = 0;
  std::string licence;
  std::string attribution;
  bool operator==(const RecordedInput&) const = default;
};

struct RecordedStep {
  std::string method;
  std::vector<std::pair<std::string, Value>> parameters;  ///< roles (as text) and every parameter in force
  std::vector<std::pair<std::string, Value>> summary;     ///< the method's counts
};

struct RecordedOutput {
  std::string kind;            ///< "layer", "table" or "map"
  std::string name;            ///< name of the layer, table or map
  std::string file;            ///< file name without folders
  std::uint64_t features = 0;  ///< features or rows written
  bool operator==(const RecordedOutput&) const = default;
};

struct RunRecord {
  std::string version;       ///< of the program
  std::string study;         ///< the canonical study, one JSON document; "" when there was none
  std::string study_sha256;  ///< of that text, before anything was withheld
  std::vector<RecordedInput> inputs;
  std::vector<RecordedStep> steps;
  std::optional<std::uint64_t> seed;
  RecordedOutput output;
  Diagnostics diagnostics;
  std::string content_sha256;  ///< filled when the output is written; see verify_output
};

/// One input for each source of the layer as it was loaded.
std::vector<RecordedInput> recorded_inputs(const Layer& loaded, std::string_view key);

/// A record that may be shown: the only form that writers take.
class PublishedRecord {
 public:
  /// One JSON object on one line whose `content_sha256` is "".
  [[nodiscard]] const std::string& json() const { return m_json; }

 private:
  friend PublishedRecord publish(const RunRecord& record, const PublicationPolicy& policy);
  std::string m_json;
};

/// Withholds what betrays a protected feature: texts anywhere (keys too) become "[withheld]", pairs of numbers in one
/// array or object that tell a true position become null, ids of hidden features leave the diagnostics.
/// Throws std::invalid_argument when `study` is not JSON.
PublishedRecord publish(const RunRecord& record, const PublicationPolicy& policy);

/// Reads one JSON object as a record. Throws InputError (naming `file`) when it is none or of a later version.
RunRecord parse_run_record(std::string_view json, const std::filesystem::path& file);
/// From a GeoJSON file's member `yaan`, from a sidecar, or from the sidecar of any other output.
/// Throws InputError when the file has none.
RunRecord read_run_record(const std::filesystem::path& output);

/// FILE.yaan.json
std::filesystem::path sidecar_path(const std::filesystem::path& output);
/// Writes the sidecar of a finished (not yet committed) output; the record gets the hash of the output's bytes.
void write_sidecar(WholeFile& sidecar, const WholeFile& finished_output, const PublishedRecord& record);

/// What verify_output found for one input.
struct VerifiedInput {
  enum class State { same, changed, missing };
  RecordedInput recorded;
  std::filesystem::path found;  ///< empty when missing
  State state = State::missing;
  std::string why;  ///< a database could not be read; "" otherwise
};
std::string_view to_string(VerifiedInput::State state);

struct VerifyReport {
  RunRecord record;
  std::string content_sha256;  ///< of the file as it is now
  bool content_same = false;
  bool study_same = false;  ///< the record's study has the recorded hash (false as well where a text was withheld)
  std::vector<VerifiedInput> inputs;
  /// The output is as it was written and every input is there unchanged.
  [[nodiscard]] bool good() const;
};

/// SHA-256 of an input, as the loader makes it.
using HashInput = std::function<std::string(const std::filesystem::path&)>;
/// SHA-256 of an input that is a database, which is read again as the record's study says. Throws Error.
using HashDatabase = std::function<std::string(const RecordedInput&, const RunRecord&)>;

/// Recomputes the content hash (SHA-256 of the file's bytes; in GeoJSON with the 64 digits of `content_sha256` taken
/// out) and compares the inputs. They are looked for under `inputs_dir` (by recorded path, then by file name) where it
/// is given, else by the recorded path from the current folder, then from the output's folder. A database that cannot
/// be read is missing, with the reason. Runs nothing. Throws InputError when the output cannot be read or has no
/// record.
VerifyReport verify_output(const std::filesystem::path& output, const std::filesystem::path& inputs_dir = {},
                           const HashInput& hash_input = {}, const HashDatabase& hash_database = {});

}  // namespace yaan
