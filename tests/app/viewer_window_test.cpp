// A real window under Xvfb, moved by xdotool. Skipped where either is missing.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <thread>

#include "app/viewer/viewer.hpp"
#include "app/viewer_test_files.hpp"

namespace yaan::viewer {
namespace {

using namespace std::chrono_literals;

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
  pclose(pipe);
  return text;
}

/// A process of ours that ends with the test.
class Child {
 public:
  template <class Body>
  explicit Child(Body body) : m_id(fork()) {
    if (m_id == 0) {
      body();
      _exit(127);
    }
  }
  ~Child() {
    if (m_id <= 0) return;
    kill(m_id, SIGTERM);
    waitpid(m_id, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t m_id;
};

/// The last whole state of the window's trace.
struct State {
  std::map<std::string, std::string> values;
  std::map<std::string, std::array<int, 4>> widgets;
};

State last_state(const std::filesystem::path& trace) {
  std::ifstream stream(trace);
  State done;
  State open;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "state") {
      open = {};
      while (words >> word) open.values[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
    } else if (word == "widget") {
      std::string name;
      std::array<int, 4> box{};
      words >> name >> box[0] >> box[1] >> box[2] >> box[3];
      open.widgets[name] = box;
    } else if (word == "end") {
      done = open;
    }
  }
  return done;
}

class Window : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_program("Xvfb") || !has_program("xdotool")) GTEST_SKIP() << "Xvfb and xdotool are needed";
    m_display = ":" + std::to_string(1000 + getpid() % 20000);
    m_server = std::make_unique<Child>([&] {
      if (freopen("/dev/null", "w", stderr) == nullptr) _exit(126);
      execlp("Xvfb", "Xvfb", m_display.c_str(), "-screen", "0", "1300x900x24", "-nolisten", "tcp", nullptr);
    });
    setenv("DISPLAY", m_display.c_str(), 1);
    for (int i = 0; i < 100 && std::system("xdotool getdisplaygeometry >/dev/null 2>&1") != 0; ++i)
      std::this_thread::sleep_for(100ms);
    m_viewer = std::make_unique<Child>([&] {
      ViewerOptions options;
      options.files = {m_folder.study()};
      options.width = 1200;
      options.height = 800;
      options.trace = m_folder / "trace.txt";
      Progress progress;
      try {
        run_viewer(options, progress);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "the window: %s\n", error.what());
      }
    });
    ASSERT_TRUE(becomes(
        [](const State& s) {
          return s.values.contains("districts") && s.values.at("busy") == "0" && s.values.at("districts") == "3";
        },
        30s))
        << "no window with three districts";
    const std::string window = output_of("xdotool search --onlyvisible --name 'Test study' 2>/dev/null");
    ASSERT_FALSE(window.empty());
    xdotool("windowfocus " + window.substr(0, window.find('\n')));
  }

  /// Waits until the window's state is as asked for.
  bool becomes(const std::function<bool(const State&)>& wanted, std::chrono::seconds limit = 10s) {
    for (auto end = std::chrono::steady_clock::now() + limit; std::chrono::steady_clock::now() < end;) {
      if (wanted(state())) return true;
      std::this_thread::sleep_for(100ms);
    }
    return false;
  }
  State state() const { return last_state(m_folder / "trace.txt"); }
  // ImGui 1.86 reads the mouse once a frame and keeps no queue: every action needs a pause.
  static void xdotool(const std::string& arguments) {
    EXPECT_EQ(std::system(("xdotool " + arguments + " >/dev/null").c_str()), 0) << arguments;
    std::this_thread::sleep_for(400ms);
  }
  static void move_to(int x, int y) { xdotool("mousemove " + std::to_string(x) + " " + std::to_string(y)); }
  static void press(const std::string& key) {
    xdotool("keydown " + key);
    xdotool("keyup " + key);
  }
  void click(const std::string& widget) {
    const auto box = state().widgets.at(widget);
    move_to((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    xdotool("mousedown 1");
    xdotool("mouseup 1");
  }

  StudyFolder m_folder;
  std::string m_display;
  std::unique_ptr<Child> m_server;
  std::unique_ptr<Child> m_viewer;  // ends before the server
};

TEST_F(Window, TheRadiusSliderJoinsTheDistricts) {
  const auto box = state().widgets.at("radius");
  const int y = (box[1] + box[3]) / 2;
  move_to((box[0] + box[2]) / 2, y);
  xdotool("mousedown 1");
  move_to(box[2] - 30, y);
  xdotool("mouseup 1");
  EXPECT_TRUE(becomes([](const State& s) { return s.values.at("districts") == "1" && s.values.at("busy") == "0"; }))
      << "still " << state().values.at("districts") << " districts at " << state().values.at("radius");
  EXPECT_NE(state().values.at("radius"), "500m");
}

TEST_F(Window, TheArrowKeysMoveTheSlider) {
  click("min_points");
  const int before = std::stoi(state().values.at("min_points"));
  press("Right");  // wakes keyboard navigation at the slider that was touched last
  press("space");  // takes hold of it
  press("Right");
  // A slow machine sees the key held long enough to repeat, so more than one step is right as well.
  EXPECT_TRUE(becomes([&](const State& s) { return std::stoi(s.values.at("min_points")) > before; }))
      << state().values.at("min_points") << " after " << before;
}

TEST_F(Window, DraggingPansAndTheWheelZoomsAboutThePointer) {
  const State start = state();
  const auto map = start.widgets.at("map");
  const int x = (map[0] + map[2]) / 2 + 150;
  const int y = (map[1] + map[3]) / 2 - 100;
  const auto number = [](const State& s, const char* key) { return std::stod(s.values.at(key)); };
  // The place under the pointer, from the state alone.
  const auto under = [&](const State& s) {
    return std::pair{number(s, "x") + (x - (map[0] + map[2]) / 2.0) * number(s, "units_per_pixel"),
                     number(s, "y") - (y - (map[1] + map[3]) / 2.0) * number(s, "units_per_pixel")};
  };
  move_to(x, y);
  xdotool("click 4");
  xdotool("click 4");
  ASSERT_TRUE(
      becomes([&](const State& s) { return number(s, "units_per_pixel") < 0.9 * number(start, "units_per_pixel"); }));
  std::this_thread::sleep_for(500ms);
  const State zoomed = state();
  EXPECT_NEAR(under(zoomed).first, under(start).first, 1.5 * number(start, "units_per_pixel"));
  EXPECT_NEAR(under(zoomed).second, under(start).second, 1.5 * number(start, "units_per_pixel"));

  xdotool("mousedown 1");
  move_to(x - 120, y + 60);
  xdotool("mouseup 1");
  ASSERT_TRUE(becomes([&](const State& s) { return s.values.at("x") != zoomed.values.at("x"); }));
  std::this_thread::sleep_for(500ms);
  const State moved = state();
  EXPECT_NEAR(number(moved, "x") - number(zoomed, "x"), 120 * number(zoomed, "units_per_pixel"),
              2 * number(zoomed, "units_per_pixel"));
  EXPECT_NEAR(number(moved, "y") - number(zoomed, "y"), 60 * number(zoomed, "units_per_pixel"),
              2 * number(zoomed, "units_per_pixel"));
  EXPECT_EQ(moved.values.at("selected"), "") << "a drag is no click";
}

TEST_F(Window, TableLanguageAndPicture) {
  const State start = state();
  click("row-D2");
  EXPECT_TRUE(becomes([](const State& s) { return s.values.at("selected") == "D2"; }));
  EXPECT_NE(state().values.at("units_per_pixel"), start.values.at("units_per_pixel")) << "the map goes to the district";
  click("language");
  EXPECT_TRUE(becomes([](const State& s) { return s.values.at("language") == "th"; }));
  click("fit");
  EXPECT_TRUE(
      becomes([&](const State& s) { return s.values.at("units_per_pixel") == start.values.at("units_per_pixel"); }));
}

TEST_F(Window, ColumnsColourTheMap) {
  const State plain = state();
  EXPECT_EQ(plain.values.at("coloured"), "");
  EXPECT_NE(plain.values.at("in_districts"), "0");
  click("colours");
  ASSERT_TRUE(becomes([](const State& s) { return s.widgets.contains("colour-districts-count"); }));
  click("colour-districts-count");
  EXPECT_TRUE(becomes([](const State& s) { return s.values.at("coloured") == "districts.count"; }));
  EXPECT_EQ(state().values.at("in_districts"), plain.values.at("in_districts")) << "counted, though not drawn";
  click("row-D2");
  EXPECT_TRUE(becomes([](const State& s) { return s.values.at("selected") == "D2"; })) << "the table stays";
  click("colours");
  click("colour-none");
  EXPECT_TRUE(
      becomes([](const State& s) { return s.values.at("coloured").empty() && s.values.at("districts") == "3"; }));
}

TEST_F(Window, IdleCostsNothing) {
  move_to(30, 780);
  std::this_thread::sleep_for(1s);
  const auto written = std::filesystem::file_size(m_folder / "trace.txt");
  const auto ticks = [] {
    long total = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream stat(entry.path() / "stat");
      std::string line;
      if (!std::getline(stat, line)) continue;
      std::istringstream fields(line.substr(line.rfind(')') + 2));
      std::vector<std::string> words;
      for (std::string word; fields >> word;) words.push_back(word);
      if (words.size() > 12 && words[1] == std::to_string(getpid()) &&
          std::filesystem::path(entry.path()).filename() != std::to_string(getpid()))
        total += std::stol(words[11]) + std::stol(words[12]);
    }
    return total;  // of our children: the window and the server
  };
  const long before = ticks();
  std::this_thread::sleep_for(2s);
  EXPECT_LE(ticks() - before, 6) << "hundredths of a second of processor time in two seconds";
  EXPECT_EQ(std::filesystem::file_size(m_folder / "trace.txt"), written);
}

}  // namespace
}  // namespace yaan::viewer
