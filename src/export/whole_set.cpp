#include <cerrno>
#include <set>
#include <utility>

#include "export/system_calls.hpp"
#include "yaan/core/error.hpp"
#include "yaan/export/whole_file.hpp"

namespace yaan {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& target) {
  const fs::path parent = target.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// The place that a target names, whichever way it is written.
fs::path place_of(const fs::path& target) { return fs::canonical(folder_of(target)) / target.filename(); }

enum class Placed {
  fresh,      ///< there was no such file
  exchanged,  ///< the temporary's name now holds the former file
  replaced    ///< the former file is gone: the file system cannot exchange names
};

struct Move {
  fs::path temporary;
  fs::path target;
  Placed placed = Placed::fresh;
};

Move put_in_place(const fs::path& temporary, const fs::path& target, bool overwrite) {
  Move move{temporary, target};
  int error = rename_file(temporary, target, Rename::no_replace);
  if (error == EEXIST && overwrite) {
    if (fs::is_directory(fs::symlink_status(target))) throw_write_error("'" + target.string() + "'", EISDIR);
    move.placed = Placed::exchanged;
    error = rename_file(temporary, target, Rename::exchange);
    if (error == EINVAL || error == ENOSYS) {
      move.placed = Placed::replaced;
      error = rename_file(temporary, target, Rename::replace);
    }
  }
  if (error == EEXIST)
    throw OutputError("the output '" + target.string() + "' exists already: it appeared while the run was under way",
                      "add --overwrite to replace it, or choose another name");
  if (error != 0) throw_write_error("'" + target.string() + "'", error);
  return move;
}

void take_back(const std::vector<Move>& moves) {
  for (std::size_t i = moves.size(); i-- > 0;) {
    const Move& move = moves[i];
    if (move.placed == Placed::fresh) rename_file(move.target, move.temporary, Rename::replace);
    if (move.placed == Placed::exchanged) rename_file(move.temporary, move.target, Rename::exchange);
  }
}

}  // namespace

WholeSet::WholeSet(WritePolicy policy) : m_policy(std::move(policy)) {}

WholeFile& WholeSet::add(const fs::path& target) {
  check_target(target, m_policy);
  const fs::path place = place_of(target);
  for (const auto& file : m_files)
    if (place_of(file->target()) == place)
      throw OutputError("two outputs of the run have the same name '" + target.string() + "'", "rename one of them");
  m_files.push_back(std::make_unique<WholeFile>(target, m_policy));
  return *m_files.back();
}

std::vector<fs::path> WholeSet::targets() const {
  std::vector<fs::path> paths;
  for (const auto& file : m_files) paths.push_back(file->target());
  return paths;
}

void WholeSet::commit() {
  for (const auto& file : m_files)
    if (!file->finished()) file->finish();
  std::vector<Move> moves;
  moves.reserve(m_files.size());
  try {
    for (const auto& file : m_files)
      moves.push_back(put_in_place(file->temporary(), file->target(), m_policy.overwrite));
  } catch (...) {
    take_back(moves);
    throw;
  }
  std::set<fs::path> folders;
  for (const Move& move : moves) folders.insert(folder_of(move.target));
  for (const fs::path& folder : folders) flush_folder(folder);
  m_files.clear();  // removes the temporaries, which now hold the former files
}

}  // namespace yaan
