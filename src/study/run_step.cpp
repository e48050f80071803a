#include <fmt/format.h>

#include <algorithm>

#include "study/check_run.hpp"
#include "yaan/core/error.hpp"
#include "yaan/study/run.hpp"

namespace yaan {

namespace {

std::string file_of(const Layer& layer) {
  return layer.sources.empty() ? std::string() : fmt::format(" ({})", layer.sources.front().path);
}

std::string what_it_holds(const Layer& layer) {
  if (layer.geometry.kind != GeometryKind::none) return fmt::format("holds {}s", to_string(layer.geometry.kind));
  return layer.size() == 0 ? "holds no rows" : "has no positions";
}

const Layer& layer_in_role(const Method& method, const InputRole& role, const std::string& name,
                           const LayerMap& layers) {
  const auto at = layers.find(name);
  if (at == layers.end()) throw UsageError(fmt::format("there is no layer {} for the role {}", name, role.name));
  const GeometryKind kind = at->second.geometry.kind;
  if (kind != role.geometry && role.geometry != GeometryKind::none)
    throw UsageError(fmt::format("layer {}{} {}, but {} takes {}s as {}", name, file_of(at->second),
                                 what_it_holds(at->second), method.name, to_string(role.geometry), role.name),
                     role.geometry == GeometryKind::point && kind != GeometryKind::none
                         ? fmt::format("make points of it first: a step with the method site-points, or yaan "
                                       "site-points, whose layer is then the {}",
                                       role.name)
                         : fmt::format("{}: {}", role.name, role.help));
  return at->second;
}

MethodInputs inputs_of(const StudyStep& step, const LayerMap& layers, MethodMemory* memory) {
  MethodInputs inputs;
  for (const InputRole& role : step.method->inputs)
    if (const auto named = step.roles.find(role.name); named != step.roles.end())
      inputs.layers[role.name] = &layer_in_role(*step.method, role, named->second, layers);
  inputs.memory = memory;
  return inputs;
}

void add_sources(Layer& layer, const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    const bool known = std::any_of(layer.sources.begin(), layer.sources.end(), [&](const Source& other) {
      return other.path == source.path && other.layer == source.layer && other.sha256 == source.sha256;
    });
    if (!known) layer.sources.push_back(source);
  }
}

/// What a step reports. What one before said in the same words of the same features is said once; of other features it
/// names the step, so that counts of several steps are never added up.
void add_from_step(Diagnostics& all, const Diagnostics& own, const std::string& method) {
  for (Diagnostic entry : own.entries()) {
    const std::string message = entry.message;
    for (int turn = 0;; ++turn) {
      const auto known = std::find_if(all.entries().begin(), all.entries().end(), [&](const Diagnostic& other) {
        return other.code == entry.code && other.where == entry.where && other.message == entry.message;
      });
      if (known == all.entries().end()) {
        all.entries().push_back(entry);
        break;
      }
      if (known->count == entry.count && known->features == entry.features) break;
      entry.message = fmt::format("{}, in {}{}", message, turn == 0 ? "" : "another step of ", method);
      if (turn > 1) entry.message += fmt::format(" ({})", turn);
    }
  }
}

/// Does it, and puts the place of the step before the words of what went wrong.
template <class Work>
auto at_place(const StudyStep& step, const Work& work) {
  const auto placed = [&](const Error& error) {
    return step.place.empty() ? std::string(error.what()) : fmt::format("{}: {}", step.place, error.what());
  };
  try {
    return work();
  } catch (const UsageError& error) {
    throw UsageError(placed(error), error.advice());
  } catch (const InputError& error) {
    throw InputError(placed(error), error.advice());
  }
}

}  // namespace

void check_step(const StudyStep& step, const LayerMap& layers) {
  at_place(step, [&] {
    for (const InputRole& role : step.method->inputs)
      if (const auto named = step.roles.find(role.name); named != step.roles.end() && layers.contains(named->second))
        layer_in_role(*step.method, role, named->second, layers);
  });
}

void prepare_step(const StudyStep& step, const LayerMap& layers, MethodMemory& memory, Progress& progress) {
  if (!step.method->prepare) return;
  at_place(step, [&] { step.method->prepare(inputs_of(step, layers, &memory), step.options, progress); });
}

std::vector<std::pair<std::string, Value>> run_step(const StudyStep& step, LayerMap& layers, Diagnostics& diagnostics,
                                                    Progress& progress, MethodMemory* memory) {
  const Method& method = *step.method;
  const MethodInputs inputs = at_place(step, [&] { return inputs_of(step, layers, memory); });
  progress.throw_if_cancelled();
  progress.report(method.name, 0);
  MethodResult result = at_place(step, [&] { return method.run(inputs, step.options, progress); });

  Layer& first = layers.at(step.roles.at(method.inputs.front().name));
  std::vector<Source> sources;
  for (const auto& [role, layer] : inputs.layers)
    for (const Source& source : layer->sources) sources.push_back(source);
  for (Column& column : result.columns) {
    column.name.insert(0, step.prefix);
    first.set(std::move(column));
  }
  add_sources(first, sources);
  for (Layer& made : result.layers) {
    made.name = step.output;
    if (made.title.empty()) made.title = method.title;
    add_sources(made, sources);
    layers.insert_or_assign(step.output, std::move(made));
  }
  add_from_step(diagnostics, result.diagnostics, method.name);
  return std::move(result.summary);
}

}  // namespace yaan
