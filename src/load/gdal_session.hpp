#pragma once
// GDAL, started once with only what this project offers.

#include <gdal_priv.h>

#include <string>
#include <vector>

namespace yaan {

/// Registers the drivers that are offered, one by one, and shuts the network. Any number of calls, from any thread.
void initialise_gdal();

struct GdalMessage {
  bool failure = false;  ///< otherwise a warning
  std::string text;
};

/// Collects what GDAL says on this thread while it lives; nothing reaches standard error.
class GdalMessages {
 public:
  GdalMessages();
  ~GdalMessages();
  GdalMessages(const GdalMessages&) = delete;
  GdalMessages& operator=(const GdalMessages&) = delete;

  [[nodiscard]] const std::vector<GdalMessage>& all() const { return m_messages; }
  /// Messages after the first `kMaxMessages` are only counted, but for the last failure among them, which stands last.
  [[nodiscard]] std::size_t more() const { return m_more; }
  /// The first failure, else the first warning, else "".
  [[nodiscard]] std::string first() const;
  void clear();
  /// Forgets those for which `done` is true.
  template <class Done>
  void drop(Done&& done) {
    std::erase_if(m_messages, done);
  }

 private:
  static constexpr std::size_t kMaxMessages = 1000;
  static void CPL_STDCALL keep(CPLErr level, CPLErrorNum number, const char* text);

  std::vector<GdalMessage> m_messages;
  std::size_t m_more = 0;
};

/// A configuration option of GDAL on this thread while it lives. Global ones would reach the writers of other stages.
class GdalOption {
 public:
  GdalOption(const char* key, const char* value);
  ~GdalOption();
  GdalOption(const GdalOption&) = delete;
  GdalOption& operator=(const GdalOption&) = delete;

 private:
  std::string m_key;
  std::string m_before;
  bool m_had_value = false;
};

}  // namespace yaan
