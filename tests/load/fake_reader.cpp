// Stands in for yaan-reader and misbehaves in the way that the path asked for names.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <string>

#include "load/reader/call_reader.hpp"
#include "load/reader/serve.hpp"

namespace {

void say_that_it_follows() {
  yaan::ReaderNews news;
  news.kind = yaan::ReaderNews::Kind::answer;
  (void)!::write(yaan::kNewsFd, &news, sizeof news);
}

void answer(const std::string& bytes) { (void)!::write(yaan::kAnswerFd, bytes.data(), bytes.size()); }

int read_one() {
  ::signal(SIGSEGV, SIG_DFL);  // a sanitizer would catch it and exit
  struct stat status {};
  if (::fstat(yaan::kRequestFd, &status) != 0) return 9;
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  if (::pread(yaan::kRequestFd, bytes.data(), bytes.size(), 0) != status.st_size) return 9;
  const std::string deed = yaan::unpack_request(bytes).path;
  if (deed == "segfault") ::raise(SIGSEGV);
  if (deed == "killed") ::raise(SIGKILL);
  if (deed == "cpu") ::raise(SIGXCPU);
  if (deed == "hang") ::sleep(600);
  if (deed == "hang with the pipe closed") {
    ::close(yaan::kNewsFd);
    ::sleep(600);
  }
  if (deed == "half a message") (void)!::write(yaan::kNewsFd, "abc", 3);
  if (deed == "exits" || deed == "half a message") return 0;
  say_that_it_follows();
  if (deed == "garbage") answer(std::string(4096, '\x5A'));
  if (deed == "nothing") return 0;
  yaan::ReaderAnswer whole = yaan::IsolationLevel{"a level of some length"};
  yaan::Packer packer;
  yaan::pack_answer(packer, whole);
  const std::string packed = packer.bytes();
  const std::string half = packed.substr(0, packed.size() / 2);
  if (deed == "more than an answer") answer(packed + "12345678");
  if (deed == "truncated") answer(half);
  if (deed == "segfault in the answer") {
    answer(half);
    ::raise(SIGSEGV);
  }
  if (deed == "hang in the answer") {
    answer(half);
    ::sleep(600);
  }
  return 0;
}

}  // namespace

int main() { return yaan::serve_calls(&read_one); }
