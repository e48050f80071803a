#include "yaan/export/whole_file.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "export/sample_layers.hpp"
#include "yaan/core/error.hpp"
#include "yaan/core/progress.hpp"

namespace yaan {
namespace {

using testing::bytes_of;
using testing::TemporaryFolder;
using testing::write_bytes;
namespace fs = std::filesystem;

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const OutputError& error) {
    return std::string(error.what()) + " | " + error.advice();
  }
  return "";
}

/// Runs `act` in a child process; its result is the child's exit status. 99 stands for an exception that got away.
int in_child(const std::function<int()>& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = act();
    } catch (...) {
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(WholeFile, LandsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  const fs::path target = folder / "out.geojson";
  {
    WholeFile file(target);
    file.write("hello ");
    file.write(std::string(200'000, 'x'));
    EXPECT_FALSE(fs::exists(target));
    EXPECT_EQ(folder.entries(), 1U);
    EXPECT_EQ(file.temporary().parent_path(), folder.path());
    EXPECT_EQ(file.temporary().filename().string().front(), '.');
    EXPECT_EQ(file.temporary().extension(), ".geojson");
    file.commit();
    EXPECT_EQ(file.bytes_written(), 200'006U);
  }
  EXPECT_EQ(bytes_of(target), "hello " + std::string(200'000, 'x'));
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(WholeFile, LeavesNothingBehindAnException) {
  const TemporaryFolder folder;
  Progress progress;
  progress.cancel();
  EXPECT_THROW(
      {
        WholeFile file(folder / "out.csv");
        file.write("half a file");
        progress.throw_if_cancelled();
        file.commit();
      },
      Cancelled);
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(WholeFile, ModeFollowsTheUmask) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  WholeFile file(folder / "out.csv");
  file.commit();
  ::umask(before);
  EXPECT_EQ(fs::status(folder / "out.csv").permissions(), static_cast<fs::perms>(0640));
}

TEST(WholeFile, RefusesAnExistingFileUnlessOverwrite) {
  const TemporaryFolder folder;
  write_bytes(folder / "out.csv", "old");
  EXPECT_NE(message_of([&] { WholeFile(folder / "out.csv"); }).find("exists already | add --overwrite"),
            std::string::npos);
  EXPECT_EQ(bytes_of(folder / "out.csv"), "old");
  WholeFile file(folder / "out.csv", {true, {}});
  file.write("new");
  EXPECT_EQ(bytes_of(folder / "out.csv"), "old");
  file.commit();
  EXPECT_EQ(bytes_of(folder / "out.csv"), "new");
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(WholeFile, NeverReplacesAFileThatAppearsMeanwhile) {
  const TemporaryFolder folder;
  {
    WholeFile file(folder / "out.csv");
    file.write("ours");
    write_bytes(folder / "out.csv", "theirs");
    EXPECT_NE(message_of([&] { file.commit(); }).find("appeared while the run was under way"), std::string::npos);
  }
  EXPECT_EQ(bytes_of(folder / "out.csv"), "theirs");
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(WholeFile, RefusesAnInputByAnyName) {
  const TemporaryFolder folder;
  write_bytes(folder / "in.csv", "data");
  fs::create_symlink(folder / "in.csv", folder / "soft.csv");
  fs::create_hard_link(folder / "in.csv", folder / "hard.csv");
  fs::create_directory(folder / "sub");
  const WritePolicy policy{true, {folder / "in.csv"}};
  for (const fs::path& name :
       {folder / "in.csv", folder / "soft.csv", folder / "hard.csv", folder.path() / "sub" / ".." / "in.csv"}) {
    EXPECT_NE(message_of([&] { WholeFile(name, policy); }).find("is the input"), std::string::npos) << name;
    EXPECT_NE(message_of([&] { check_target(name, policy); }).find("never overwritten"), std::string::npos) << name;
  }
  // The input itself named through a link.
  EXPECT_NE(message_of([&] {
              WholeFile(folder / "in.csv", {true, {folder / "soft.csv"}});
            }).find("is the input"),
            std::string::npos);
  EXPECT_EQ(bytes_of(folder / "in.csv"), "data");
}

TEST(WholeFile, OverwritingALinkReplacesTheLinkAlone) {
  const TemporaryFolder folder;
  write_bytes(folder / "kept.csv", "kept");
  fs::create_symlink(folder / "kept.csv", folder / "link.csv");
  WholeFile file(folder / "link.csv", {true, {}});
  file.write("new");
  file.commit();
  EXPECT_EQ(bytes_of(folder / "kept.csv"), "kept");
  EXPECT_EQ(bytes_of(folder / "link.csv"), "new");
}

TEST(WholeFile, RefusesFoldersDevicesAndMissingFolders) {
  const TemporaryFolder folder;
  EXPECT_NE(message_of([&] { WholeFile(folder.path()); }).find("it is a folder"), std::string::npos);
  EXPECT_NE(message_of([&] { WholeFile(folder.path() / ""); }).find("names a folder"), std::string::npos);
  EXPECT_NE(message_of([&] { WholeFile("/dev/full", {true, {}}); }).find("device"), std::string::npos);
  const std::string missing = message_of([&] { WholeFile(folder.path() / "no" / "out.csv"); });
  EXPECT_NE(missing.find("does not exist"), std::string::npos);
  EXPECT_NE(missing.find("mkdir -p"), std::string::npos);
  EXPECT_NE(missing.find("--out"), std::string::npos);
  write_bytes(folder / "file", "");
  EXPECT_NE(message_of([&] { WholeFile(folder.path() / "file" / "out.csv"); }), "");
}

TEST(WholeFile, UnwritableFolder) {
  const TemporaryFolder folder;
  const fs::path locked = folder / "locked";
  fs::create_directory(locked);
  const int status = in_child([&] {
    if (::geteuid() == 0) {
      ::chmod(folder.path().c_str(), 0755);
      ::chmod(locked.c_str(), 0755);
      if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 77;
    } else {
      ::chmod(locked.c_str(), 0555);
    }
    return message_of([&] { WholeFile(locked / "out.csv"); }).find("permission denied") != std::string::npos ? 0 : 1;
  });
  fs::permissions(locked, fs::perms::owner_all);
  if (status == 77) GTEST_SKIP() << "cannot become nobody";
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(fs::is_empty(locked));
}

TEST(WholeFile, FileSizeLimitIsAnErrorWithoutLeftovers) {
  const TemporaryFolder folder;
  const int status = in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message = message_of([&] {
      WholeFile file(folder / "out.csv");
      for (int i = 0; i < 100; ++i) file.write(std::string(10'000, 'x'));
      file.commit();
    });
    return message.find("grows past the size limit") != std::string::npos ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(WholeFile, FullDiskIsAnErrorWithoutLeftovers) {
  const TemporaryFolder folder;
  const fs::path disk = folder / "disk";
  fs::create_directory(disk);
  if (::geteuid() != 0 || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
    GTEST_SKIP() << "cannot mount a small file system";
  write_bytes(disk / "old.csv", "old");
  const std::string message = message_of([&] {
    WholeFile file(disk / "old.csv", {true, {}});
    for (int i = 0; i < 100; ++i) file.write(std::string(10'000, 'x'));
    file.commit();
  });
  const auto left = std::distance(fs::directory_iterator(disk), fs::directory_iterator());
  const std::string old = bytes_of(disk / "old.csv");
  // A small file that only fails when the buffer is flushed.
  write_bytes(disk / "filler", std::string(1 << 20, 'f'));
  const std::string late = message_of([&] {
    WholeFile file(disk / "small.csv");
    file.write(std::string(20'000, 'x'));
    file.commit();
  });
  const bool small_is_there = fs::exists(disk / "small.csv");
  ::umount(disk.c_str());
  EXPECT_NE(message.find("the disk is full | free some space"), std::string::npos) << message;
  EXPECT_EQ(left, 1);
  EXPECT_EQ(old, "old");
  EXPECT_NE(late.find("the disk is full"), std::string::npos) << late;
  EXPECT_FALSE(small_is_there);
}

TEST(StandardOutput, SaysWhenTheDeviceIsFull) {
  const int status = in_child([] {
    ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
    StandardOutput out;
    return message_of([&] { out.write("text"); }).find("standard output: the disk is full") != std::string::npos ? 0
                                                                                                                 : 1;
  });
  EXPECT_EQ(status, 0);
}

TEST(WholeFile, CountBackStopsTheCommit) {
  const TemporaryFolder folder;
  {
    WholeFile file(folder / "out.csv");
    file.write("three");
    EXPECT_THROW(file.commit([](const fs::path& written) {
      if (bytes_of(written) != "four") throw OutputError("not what was meant");
    }),
                 OutputError);
  }
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(WholeFile, NoticesBytesThatDidNotArrive) {
  const TemporaryFolder folder;
  {
    WholeFile file(folder / "out.csv");
    file.write(std::string(100'000, 'x'));
    fs::resize_file(file.temporary(), 10);
    EXPECT_NE(message_of([&] { file.commit(); }).find("of 100000 bytes arrived"), std::string::npos);
  }
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(WholeFile, ServesLibrariesThatWriteThemselves) {
  const TemporaryFolder folder;
  WholeFile file(folder / "map.png");
  fs::remove(file.temporary());  // some replace the file rather than fill it
  write_bytes(file.temporary(), "PNG bytes");
  file.commit();
  EXPECT_EQ(bytes_of(folder / "map.png"), "PNG bytes");
  EXPECT_EQ(folder.entries(), 1U);
}

TEST(WholeFile, LongNamesAndNamesWithoutExtension) {
  const TemporaryFolder folder;
  const std::string name = std::string(240, 'n') + ".geojson";
  WholeFile file(folder / name);
  file.write("x");
  file.commit();
  WholeFile plain(folder / "plain");
  plain.commit();
  EXPECT_TRUE(fs::exists(folder / name));
  EXPECT_TRUE(fs::exists(folder / "plain"));
}

TEST(WholeSet, AppearsTogether) {
  const TemporaryFolder folder;
  WholeSet set;
  WholeFile& first = set.add(folder / "a.csv");
  WholeFile& second = set.add(folder / "b.csv");
  first.write("1");
  second.write("2");
  first.finish();
  EXPECT_EQ(set.targets().size(), 2U);
  EXPECT_FALSE(fs::exists(folder / "a.csv"));
  set.commit();
  EXPECT_EQ(bytes_of(folder / "a.csv"), "1");
  EXPECT_EQ(bytes_of(folder / "b.csv"), "2");
  EXPECT_EQ(folder.entries(), 2U);
}

TEST(WholeSet, InterruptLeavesNothing) {
  const TemporaryFolder folder;
  EXPECT_THROW(
      {
        WholeSet set;
        set.add(folder / "a.csv").write("1");
        set.add(folder / "b.csv").write("2");
        throw Cancelled();
      },
      Cancelled);
  EXPECT_EQ(folder.entries(), 0U);
}

TEST(WholeSet, TakesBackWhenOneCannotBePlaced) {
  const TemporaryFolder folder;
  write_bytes(folder / "old.csv", "old");
  {
    WholeSet set({true, {}});
    set.add(folder / "new.csv").write("new");
    set.add(folder / "old.csv").write("replaced");
    set.add(folder / "blocked.csv").write("blocked");
    fs::create_directory(folder / "blocked.csv");  // a folder cannot be replaced by a file
    write_bytes(folder.path() / "blocked.csv" / "child", "");
    // Exchange would swap a file with a folder, so it must not be asked to.
    EXPECT_NE(message_of([&] { set.commit(); }), "");
  }
  EXPECT_EQ(bytes_of(folder / "old.csv"), "old");
  EXPECT_FALSE(fs::exists(folder / "new.csv"));
  EXPECT_TRUE(fs::is_directory(folder / "blocked.csv"));
  EXPECT_EQ(folder.entries(), 2U);
}

TEST(WholeSet, ReplacesSeveralAndLeavesNoTemporaries) {
  const TemporaryFolder folder;
  write_bytes(folder / "a.csv", "old a");
  write_bytes(folder / "b.csv", "old b");
  WholeSet set({true, {}});
  set.add(folder / "a.csv").write("new a");
  set.add(folder / "b.csv").write("new b");
  set.commit();
  EXPECT_EQ(bytes_of(folder / "a.csv"), "new a");
  EXPECT_EQ(bytes_of(folder / "b.csv"), "new b");
  EXPECT_EQ(folder.entries(), 2U);
}

TEST(WholeSet, RefusesTwoOutputsOfOneName) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "sub");
  WholeSet set;
  set.add(folder / "a.csv");
  EXPECT_NE(message_of([&] { set.add(folder.path() / "sub" / ".." / "a.csv"); }).find("two outputs"),
            std::string::npos);
}

}  // namespace
}  // namespace yaan
