#pragma once
// A verb of the command line, described once: parsing, help, man page and shell completion are made from this.

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/console.hpp"

namespace yaan::cli {

struct Option {
  std::string name;    ///< "min-points", without dashes
  std::string letter;  ///< "o" for -o; "" for none
  std::string value;   ///< what stands after it: "LENGTH"; "" for a flag
  std::string help;    ///< without a full stop
  std::vector<std::string> choices;
  bool repeats = false;
};

struct Positional {
  std::string name;  ///< "FILE"
  std::string help;
  bool required = true;
  bool repeats = false;
  std::vector<std::string> choices;
};

/// What was given on the command line, as text.
class Arguments {
 public:
  [[nodiscard]] bool has(std::string_view name) const { return m_values.contains(name); }
  /// The last value; `otherwise` where the option was not given.
  [[nodiscard]] std::string text(std::string_view name, const std::string& otherwise = {}) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  /// A whole number in the range. Throws UsageError.
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise, std::int64_t least,
                                     std::int64_t most) const;
  void add(const std::string& name, std::vector<std::string> values) { m_values[name] = std::move(values); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> m_values;
};

struct Verb {
  std::string name;
  std::string summary;  ///< one line for the list of verbs, without a full stop
  std::string details;  ///< paragraphs for its help; may be empty
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<std::string> examples;  ///< calls that work on data/, without the program's name; the last ends the help
  bool is_method = false;
  std::function<int(const Arguments&, Console&)> run;  ///< returns the exit code
};

/// All verbs, those of the methods last; made once.
const std::vector<Verb>& verbs();
/// Throws UsageError that names the nearest verb.
const Verb& verb_named(std::string_view name);

/// The arguments after the verb. Throws UsageError for an unknown option (naming the nearest), a missing value, a
/// missing or a surplus argument.
Arguments parse_arguments(const Verb& verb, const std::vector<std::string>& words);

/// "yaan dbscan FILE [OPTIONS]"
std::string usage_of(const Verb& verb);
std::string help_of(const Verb& verb);
/// The program's own help, its methods in groups: at most 40 lines of 80 columns.
std::string program_help();
std::string man_page();
std::string bash_completion();
std::string zsh_completion();

/// The option shared by verbs that compute.
Option threads_option();
Option json_option();
Option overwrite_option();
unsigned threads_of(const Arguments& arguments);

// One file per verb.
Verb run_verb();
Verb check_verb();
Verb inspect_verb();
Verb view_verb();
Verb replay_verb();
Verb verify_verb();
Verb methods_verb();
Verb completion_verb();
Verb man_verb();

}  // namespace yaan::cli
