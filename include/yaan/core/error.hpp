#pragma once
// What stops a run. Every message says what, which file, layer and feature; the advice says what to try.
// A program catches these once, in main, and turns them into exit codes: 1 for InputError and OutputError, 2 for
// UsageError, 130 for Cancelled.

#include <stdexcept>
#include <string>

namespace yaan {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what, std::string advice = {})
      : std::runtime_error(what), m_advice(std::move(advice)) {}
  /// One sentence on what to try; may be empty.
  [[nodiscard]] const std::string& advice() const noexcept { return m_advice; }

 private:
  std::string m_advice;
};

/// The call itself is wrong: an unknown key, a parameter out of range, a missing unit.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// A file, layer or feature cannot be used as it is.
class InputError : public Error {
 public:
  using Error::Error;
};

/// The file does not say in which coordinate reference system its coordinates are, and nobody else did.
class MissingCrs : public InputError {
 public:
  using InputError::InputError;
};

/// A result cannot be written where it was asked for.
class OutputError : public Error {
 public:
  using Error::Error;
};

/// The user asked to stop; nothing was written.
class Cancelled : public Error {
 public:
  Cancelled() : Error("interrupted") {}
};

}  // namespace yaan
