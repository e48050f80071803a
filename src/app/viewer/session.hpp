#pragma once
// What the window shows: layers, the steps that make more of them, and the worker that runs the steps again when a
// parameter changes. Knows nothing of windows and OpenGL.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "yaan/core/diagnostics.hpp"
#include "yaan/core/layer.hpp"
#include "yaan/core/method.hpp"
#include "yaan/core/picture.hpp"
#include "yaan/core/progress.hpp"
#include "yaan/study/map_colours.hpp"
#include "yaan/study/run.hpp"

namespace yaan::viewer {

/// Layers by name. Shared because the worker and the window read them at the same time; never changed once made.
using SharedLayers = std::map<std::string, std::shared_ptr<const Layer>, std::less<>>;

/// A picture under the map, in its plane.
struct ProjectBackdrop {
  Localized title;
  double opacity = 1;
  std::shared_ptr<const Picture> picture;  ///< shared: large, and projects are copied
  Box box;
};

/// What a viewer opens.
struct Project {
  Localized title;
  LayerMap layers;                                        ///< as loaded
  std::vector<StudyStep> steps;                           ///< in order
  std::string points;                                     ///< layer of sites; "" for none
  std::string areas;                                      ///< layer of provinces; "" for none
  std::string districts;                                  ///< layer that a step makes; "" for none
  std::vector<ProjectBackdrop> backdrops;                 ///< from below
  MapColours colours;                                     ///< of the first map of everything that the study prints
  std::vector<std::pair<std::string, Localized>> titles;  ///< words for the values of category columns
  bool names_points = false;  ///< that map names them, so they are shown beside what has colours
  bool names_districts = false;
  Box ground;               ///< longitudes and latitudes that the backdrops cover
  Diagnostics diagnostics;  ///< of loading
};

/// The answer for one choice of parameters.
struct Outcome {
  std::uint64_t generation = 0;
  SharedLayers layers;
  Diagnostics diagnostics;
  double seconds = 0;
  std::string error;  ///< why there is no new answer; then the layers are empty
  std::string advice;
};

class Session {
 public:
  /// Runs the steps before the first adjustable one at once (throws what they throw) and starts the worker. `wake` is
  /// called from the worker whenever an outcome is ready.
  Session(Project project, std::function<void()> wake, Progress& progress);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// As opened, its steps with the changes made here.
  [[nodiscard]] const Project& project() const { return m_project; }
  /// Steps whose parameters can be changed here, as indices into project().steps.
  [[nodiscard]] const std::vector<std::size_t>& adjustable() const { return m_adjustable; }
  [[nodiscard]] Value value(std::size_t step, const Parameter& parameter) const;
  /// Checks the value (UsageError) and asks the worker for a new answer; the newest request wins and stops older ones.
  void set(std::size_t step, const Parameter& parameter, const Value& value);

  /// Takes a new outcome if there is one; true when outcome() has changed.
  bool poll();
  /// Waits until no request is open, then polls.
  void wait();
  [[nodiscard]] const Outcome& outcome() const { return m_outcome; }
  /// Whether a newer answer than outcome() is on its way, or waits for poll().
  [[nodiscard]] bool busy() const;
  /// The layer in the newest answer, or null.
  [[nodiscard]] std::shared_ptr<const Layer> layer(const std::string& name) const;

 private:
  struct Request {
    std::uint64_t generation = 0;
    std::vector<StudyStep> steps;
  };
  void request();
  void work(const std::stop_token& stop);
  Outcome answer(const Request& request, Progress& progress);
  void prepare(const Request& request, Progress& progress);

  Project m_project;
  std::function<void()> m_wake;
  std::vector<std::size_t> m_adjustable;
  std::size_t m_first_live_step = 0;  // the worker runs the steps from here on
  LayerMap m_prepared;                // after the steps before it; the worker only reads it
  Diagnostics m_prepared_diagnostics;
  std::vector<MethodMemory> m_memories;  // of the live steps; the worker's alone
  Outcome m_outcome;
  std::uint64_t m_generation = 0;

  mutable std::mutex m_mutex;    // guards the four below
  std::uint64_t m_answered = 0;  // generation of the newest answer that nothing newer waits for
  std::optional<Request> m_waiting;
  std::optional<Outcome> m_ready;
  std::shared_ptr<Progress> m_running;  // shared: the worker reads it while a newer request cancels it
  std::condition_variable_any m_changed;
  std::jthread m_worker;  // last: it ends before what it uses
};

}  // namespace yaan::viewer
