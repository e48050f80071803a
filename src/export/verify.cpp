#include <algorithm>
#include <fstream>

#include "export/json_scan.hpp"
#include "yaan/core/database_name.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/sha256.hpp"
#include "yaan/export/run_record.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kHashMember = R"("content_sha256":")";
constexpr std::uint64_t kHashDigits = 64;
constexpr std::string_view kSidecarTail = ".yaan.json";

/// SHA-256 of a file without its bytes [hole, hole + kHashDigits).
std::string hash_without(const fs::path& file, std::uint64_t hole) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw InputError("cannot read '" + file.string() + "'");
  Sha256 hash;
  std::vector<char> block(1 << 18);
  std::uint64_t at = 0;
  while (stream) {
    const std::uint64_t stop = at < hole ? hole : UINT64_MAX;
    stream.read(block.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(block.size(), stop - at)));
    const auto got = static_cast<std::size_t>(stream.gcount());
    hash.update({block.data(), got});
    at += got;
    if (at == hole) {
      stream.seekg(static_cast<std::streamoff>(hole + kHashDigits));
      at = hole + kHashDigits;
    }
  }
  return hash.hex();
}

std::string content_hash(const fs::path& output) {
  const JsonScan scan = scan_json(output);
  if (!scan.record_begin || scan.record_end == 0) return sha256_of_file(output);
  const std::string record = read_bytes(output, *scan.record_begin, scan.record_end);
  const auto member = record.rfind(kHashMember);
  if (member == std::string::npos ||
      record.find('"', member + kHashMember.size()) != member + kHashMember.size() + kHashDigits)
    return sha256_of_file(output);  // reformatted: the same as nothing
  return hash_without(output, *scan.record_begin + member + kHashMember.size());
}

std::vector<fs::path> places_of(const RecordedInput& input, const fs::path& output, const fs::path& inputs_dir) {
  const fs::path path = input.path;
  if (!inputs_dir.empty()) return {inputs_dir / path.relative_path(), inputs_dir / path.filename()};
  return {path, output.parent_path() / path};
}

VerifiedInput verify(const RecordedInput& input, const fs::path& output, const fs::path& inputs_dir,
                     const HashInput& hash_input) {
  VerifiedInput verified{input, {}, VerifiedInput::State::missing, {}};
  for (const fs::path& place : places_of(input, output, inputs_dir)) {
    if (!fs::is_regular_file(place)) continue;
    const bool same = (hash_input ? hash_input(place) : sha256_of_file(place)) == input.sha256;
    // A file of that name elsewhere may be another one: the right one wins.
    if (verified.state == VerifiedInput::State::missing || same) {
      verified.found = place;
      verified.state = same ? VerifiedInput::State::same : VerifiedInput::State::changed;
    }
    if (same) break;
  }
  return verified;
}

VerifiedInput verify_database(const RecordedInput& input, const RunRecord& record, const HashDatabase& hash_database) {
  VerifiedInput verified{input, {}, VerifiedInput::State::missing, "nobody has read it"};
  if (!hash_database) return verified;
  try {
    const bool same = hash_database(input, record) == input.sha256;
    return {input, input.path, same ? VerifiedInput::State::same : VerifiedInput::State::changed, {}};
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    verified.why = error.what();
    return verified;
  }
}

}  // namespace

std::string_view to_string(VerifiedInput::State state) {
  switch (state) {
    case VerifiedInput::State::same: return "same";
    case VerifiedInput::State::changed: return "changed";
    case VerifiedInput::State::missing: return "missing";
  }
  return "";
}

bool VerifyReport::good() const {
  return content_same && std::all_of(inputs.begin(), inputs.end(), [](const VerifiedInput& input) {
           return input.state == VerifiedInput::State::same;
         });
}

VerifyReport verify_output(const fs::path& named, const fs::path& inputs_dir, const HashInput& hash_input,
                           const HashDatabase& hash_database) {
  fs::path output = named;
  if (const std::string text = named.string(); text.ends_with(kSidecarTail))
    output = text.substr(0, text.size() - kSidecarTail.size());
  VerifyReport report;
  report.record = read_run_record(named);
  report.content_sha256 = content_hash(output);
  report.content_same = report.content_sha256 == report.record.content_sha256;
  report.study_same = !report.record.study.empty() && sha256_hex(report.record.study) == report.record.study_sha256;
  for (const RecordedInput& input : report.record.inputs)
    report.inputs.push_back(names_database(input.path) ? verify_database(input, report.record, hash_database)
                                                       : verify(input, output, inputs_dir, hash_input));
  return report;
}

}  // namespace yaan
