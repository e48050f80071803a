#pragma once
// What a run tells people and programs.

#include <string>
#include <string_view>

#include "app/cli/console.hpp"
#include "yaan/core/diagnostics.hpp"
#include "yaan/export/run_record.hpp"
#include "yaan/load/inspect.hpp"
#include "yaan/study/replay.hpp"
#include "yaan/study/run.hpp"

namespace yaan::cli {

/// One JSON object and a newline. With a method's name its counts are members of the object; without, each step has an
/// entry in `steps`.
std::string json_report(std::string_view method, const RunResult& result);
/// The table at the end of a run: counts of the steps, diagnostics, files written, time and memory.
std::string text_report(const RunResult& result, const Console& console);

std::string json_report(const FileReport& report);
std::string json_report(const VerifyReport& report);
std::string json_report(const ReplayReport& report);
std::string text_report(const Diagnostics& diagnostics);

}  // namespace yaan::cli
