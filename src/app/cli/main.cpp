#include <atomic>
#include <csignal>
#include <exception>
#include <new>

#include "app/cli/verb.hpp"
#include "yaan/load/read.hpp"
#include "yaan/study/registry.hpp"

namespace yaan::cli {

namespace {

std::atomic<Progress*> interruptible = nullptr;  // a signal handler can reach nothing but globals

/// While it lives, SIGINT and SIGTERM cancel the progress.
class Interruption {
 public:
  explicit Interruption(Progress& progress) {
    interruptible = &progress;
    struct sigaction action {};
    action.sa_handler = [](int /*signal*/) {
      if (Progress* running = interruptible.load()) running->cancel();
    };
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write like any other,
    ::signal(SIGXFSZ, SIG_IGN);  // and so is a file beyond the limit of its size
  }
  ~Interruption() { interruptible = nullptr; }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
};

int dispatch(const std::vector<std::string>& words, Console& console) {
  if (words.empty()) throw UsageError("say what to do", "yaan --help lists the verbs");
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || first == "help") {
    console.print(words.size() > 1 && first == "help" ? help_of(verb_named(words[1])) : program_help());
    return 0;
  }
  if (first == "--version" || first == "-V") {
    console.print("yaan " + std::string(version()) + "\nfiles are read under " + isolation_level() + "\n");
    return 0;
  }
  const Verb& verb = verb_named(first);
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  for (const std::string& word : rest)
    if (word == "--help" || word == "-h") {
      console.print(help_of(verb));
      return 0;
    }
  return verb.run(parse_arguments(verb, rest), console);
}

int run(const std::vector<std::string>& words) {
  Console console;
  const Interruption interruption(console.progress());
  try {
    return dispatch(words, console);
  } catch (const Cancelled&) {
    console.complain("interrupted; nothing was written", "");
    return 130;
  } catch (const UsageError& error) {
    console.complain(error.what(), error.advice());
    return 2;
  } catch (const Error& error) {
    console.complain(error.what(), error.advice());
    return 1;
  } catch (const std::bad_alloc&) {
    console.complain("there is not enough memory", "try a part of the data");
    return 1;
  } catch (const std::exception& error) {
    console.complain(std::string("a fault in yaan: ") + error.what(), "please report it with the call that led here");
    return 1;
  }
}

}  // namespace

}  // namespace yaan::cli

int main(int argc, char** argv) { return yaan::cli::run(std::vector<std::string>(argv + 1, argv + argc)); }
