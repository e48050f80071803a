#include "app/viewer/session.hpp"

#include <algorithm>
#include <chrono>

#include "yaan/core/error.hpp"

namespace yaan::viewer {

namespace {

SharedLayers shared(LayerMap&& layers) {
  SharedLayers map;
  for (auto& [name, layer] : layers) map[name] = std::make_shared<const Layer>(std::move(layer));
  return map;
}

/// The clustering; in a study without one the last step that has something to show.
std::size_t first_live_step(const std::vector<StudyStep>& steps) {
  for (std::size_t s = 0; s < steps.size(); ++s)
    if (steps[s].method->find_parameter("radius") != nullptr) return s;
  for (std::size_t s = steps.size(); s-- > 0;)
    if (const OutputField* shown = steps[s].method->shown_field(); shown != nullptr && tells_more_than_which(*shown))
      return s;
  return steps.size();
}

}  // namespace

Session::Session(Project project, std::function<void()> wake, Progress& progress)
    : m_project(std::move(project)), m_wake(std::move(wake)) {
  m_first_live_step = first_live_step(m_project.steps);
  for (std::size_t s = m_first_live_step; s < m_project.steps.size(); ++s) m_adjustable.push_back(s);

  m_prepared = m_project.layers;
  m_prepared_diagnostics = m_project.diagnostics;
  for (std::size_t s = 0; s < m_first_live_step; ++s)
    run_step(m_project.steps[s], m_prepared, m_prepared_diagnostics, progress);
  m_outcome.layers = shared(LayerMap(m_prepared));
  m_outcome.diagnostics = m_prepared_diagnostics;
  m_memories.resize(m_adjustable.size());
  m_worker = std::jthread([this](const std::stop_token& stop) { work(stop); });
  if (!m_adjustable.empty()) request();
}

Session::~Session() {
  m_worker.request_stop();
  {
    const std::lock_guard lock(m_mutex);
    if (m_running) m_running->cancel();
  }
  m_changed.notify_all();
}

Value Session::value(std::size_t step, const Parameter& parameter) const {
  return parameter.get(m_project.steps[step].options);
}

void Session::set(std::size_t step, const Parameter& parameter, const Value& value) {
  check(parameter, value);
  if (this->value(step, parameter) == value) return;
  parameter.set(m_project.steps[step].options, value);
  request();
}

void Session::request() {
  {
    const std::lock_guard lock(m_mutex);
    m_waiting =
        Request{++m_generation,
                {m_project.steps.begin() + static_cast<std::ptrdiff_t>(m_first_live_step), m_project.steps.end()}};
    if (m_running) m_running->cancel();
  }
  m_changed.notify_all();
}

void Session::work(const std::stop_token& stop) {
  while (true) {
    Request request;
    std::shared_ptr<Progress> progress;
    {
      std::unique_lock lock(m_mutex);
      if (!m_changed.wait(lock, stop, [this] { return m_waiting.has_value(); })) return;
      request = std::move(*m_waiting);
      m_waiting.reset();
      progress = std::make_shared<Progress>();
      m_running = progress;
    }
    Outcome outcome = answer(request, *progress);
    {
      const std::lock_guard lock(m_mutex);
      if (!progress->cancelled()) m_ready = std::move(outcome);
      m_answered = m_waiting ? m_answered : request.generation;
    }
    m_changed.notify_all();
    if (m_wake) m_wake();
    prepare(request, *progress);  // a new request cancels it
    const std::lock_guard lock(m_mutex);
    m_running.reset();
  }
}

void Session::prepare(const Request& request, Progress& progress) {
  // Only the first step sees the same columns in every answer; later ones remember what they can by themselves.
  if (request.steps.empty() || progress.cancelled()) return;
  try {
    prepare_step(request.steps.front(), m_prepared, m_memories.front(), progress);
  } catch (const std::exception&) {
    // Cancelled, or refused with the reason that the answer gives: the next answer takes the longer way.
  }
}

Outcome Session::answer(const Request& request, Progress& progress) {
  Outcome outcome;
  outcome.generation = request.generation;
  const auto start = std::chrono::steady_clock::now();
  try {
    LayerMap layers = m_prepared;
    outcome.diagnostics = m_prepared_diagnostics;
    for (std::size_t s = 0; s < request.steps.size(); ++s) {
      progress.throw_if_cancelled();
      run_step(request.steps[s], layers, outcome.diagnostics, progress, &m_memories[s]);
    }
    outcome.layers = shared(std::move(layers));
  } catch (const Error& error) {
    outcome.error = error.what();
    outcome.advice = error.advice();
  } catch (const std::exception& error) {  // a thread of ours must not end the program: the window shows the reason
    outcome.error = error.what();
  }
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

bool Session::poll() {
  const std::lock_guard lock(m_mutex);
  if (!m_ready) return false;
  Outcome fresh = std::move(*m_ready);
  m_ready.reset();
  if (!fresh.error.empty()) {  // the last good answer stays on the map
    fresh.layers = std::move(m_outcome.layers);
    fresh.diagnostics = std::move(m_outcome.diagnostics);
  }
  m_outcome = std::move(fresh);
  return true;
}

void Session::wait() {
  {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_answered == m_generation; });
  }
  poll();
}

bool Session::busy() const {
  const std::lock_guard lock(m_mutex);
  return m_ready.has_value() || m_answered != m_generation;
}

std::shared_ptr<const Layer> Session::layer(const std::string& name) const {
  const auto found = m_outcome.layers.find(name);
  return found == m_outcome.layers.end() ? nullptr : found->second;
}

}  // namespace yaan::viewer
