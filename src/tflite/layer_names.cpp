// A converter that fuses layers joins their names: "net/c1/Relu;net/c1/BiasAdd;net/c1/Conv2D;net/c1/bias". The first
// part is the value that the tensor holds; the rest only tells what went into it. Names are shortened here, once, so
// that every report, profile and listing has the same.
#include <algorithm>
#include <set>

#include "tflite/known_forms.h"

namespace dragonet {

static constexpr std::size_t long_name = 40;

static bool is_long(const std::string& name) { return name.size() > long_name || name.find(';') != std::string::npos; }

static std::string first_part(const std::string& name) {
  std::string part = name.substr(0, name.find(';'));
  constexpr std::string_view call = "StatefulPartitionedCall/";
  while (part.starts_with(call)) part.erase(0, call.size());
  if (part.ends_with(":0")) part.resize(part.size() - 2);
  return part.empty() ? name : part;
}

/// "net/block/" of names that all lie there.
static std::string common_folder(const std::vector<std::string>& names) {
  std::string folder = names.empty() ? "" : names[0];
  for (const std::string& name : names) {
    const auto [end, other] = std::ranges::mismatch(folder, name);
    folder.erase(end, folder.end());
  }
  return folder.substr(0, folder.rfind('/') + 1);
}

/// Of the tensors that nodes make.
static std::vector<int> made_by(const Model& model) {
  std::vector<int> made;
  for (const Node& node : model.nodes) made.insert(made.end(), node.outputs.begin(), node.outputs.end());
  return made;
}

Model with_short_names(Model model) {
  const std::vector<int> made = made_by(model);
  std::vector<std::string> parts;
  std::multiset<std::string> taken;
  for (const int t : made) parts.push_back(first_part(model.tensors[t].name));
  const std::string folder = common_folder(parts);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::string& name = model.tensors[made[i]].name;
    names.push_back(is_long(name) ? parts[i].substr(folder.size()) : name);
    if (names.back().empty()) names.back() = parts[i];
  }
  taken.insert(names.begin(), names.end());
  for (std::size_t i = 0; i < made.size(); ++i)  // a name that is not its own keeps all of it
    if (taken.count(names[i]) == 1) model.tensors[made[i]].name = names[i];
  return model;
}

}  // namespace dragonet
