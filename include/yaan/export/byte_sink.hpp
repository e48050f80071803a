#pragma once
// Where a writer's bytes go: a whole file, standard output or memory.

#include <string>
#include <string_view>

namespace yaan {

class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;
  virtual ~ByteSink() = default;
  /// Takes all of the bytes or throws OutputError.
  virtual void write(std::string_view bytes) = 0;
};

/// Standard output. Throws OutputError when a write fails (a full disk, a closed pipe).
class StandardOutput : public ByteSink {
 public:
  void write(std::string_view bytes) override;
};

class StringSink : public ByteSink {
 public:
  void write(std::string_view bytes) override { text.append(bytes); }
  std::string text;
};

}  // namespace yaan
