#include "project/label_file.h"

#include <fmt/format.h>

#include <sstream>

#include "base/error.h"

namespace dragonet {

static std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream text(read_text(file));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

/// Does every line begin with its own number? Otherwise "7 seas" keeps its 7.
static bool are_numbered(const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!lines[i].starts_with(fmt::format("{} ", i))) return false;
  return true;
}

std::vector<std::string> read_labels(const fs::path& file) {
  std::vector<std::string> lines = lines_of(file);
  if (lines.empty()) throw Error({file.string(), "holds no label", "give one label a line"});
  if (are_numbered(lines))
    for (std::string& line : lines) line.erase(0, line.find(' ') + 1);
  return lines;
}

void take_labels(Model& model, const std::string& file) {
  if (file.empty()) return;
  ModelInfo info = info_of(model);
  info.labels = read_labels(file);
  const std::int64_t outputs = element_count(model.tensors[model.outputs[0]].shape);
  if (static_cast<std::int64_t>(info.labels.size()) != outputs)
    throw Error({file, fmt::format("holds {} labels, and the model has {} outputs", info.labels.size(), outputs),
                 "give one label a line, in the order of the model's outputs"});
  set_info(model, info);
}

}  // namespace dragonet
