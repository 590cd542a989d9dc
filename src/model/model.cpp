#include "model/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <utility>

namespace dragonet {

static constexpr const char* info_key = "dragonet.json";

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
    case DType::int32:
      return 4;
    case DType::int16:
      return 2;
    case DType::int64:
      return 8;
    default:
      return 1;
  }
}

const char* name_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float32";
    case DType::int8:
      return "int8";
    case DType::int16:
      return "int16";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::uint8:
      return "uint8";
    case DType::boolean:
      return "bool";
  }
  return "?";
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const int side : shape) count *= side;
  return count;
}

std::string text_of(const Shape& shape) { return fmt::format("{}", fmt::join(shape, "x")); }

std::int64_t Node::integer(const std::string& name, std::int64_t otherwise) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : std::get<std::int64_t>(found->second);
}

double Node::real(const std::string& name, double otherwise) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : std::get<double>(found->second);
}

std::string describe(const Model& model, const Node& node) {
  const std::string output = node.outputs.empty() ? "" : model.output(node).name;
  return fmt::format("{}, node {} ({}, {})", model.source, node.index, node.op, output);
}

ModelInfo info_of(const Model& model) {
  const auto found = model.metadata.find(info_key);
  if (found == model.metadata.end()) return {};
  const auto json = nlohmann::json::parse(found->second, nullptr, false);
  if (!json.is_object()) return {};  // somebody else's entry of the same name
  ModelInfo info;
  try {
    info.labels = json.value("labels", info.labels);
    info.data_hash = json.value("data_hash", "");
    info.model_hash = json.value("model_hash", "");
    if (const auto image = json.find("image"); image != json.end())
      info.image = {image->value("height", 0), image->value("width", 0), image->value("channels", 0),
                    image->value("background", 128)};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return info;
}

void set_info(Model& model, const ModelInfo& info) {
  nlohmann::ordered_json json{{"labels", info.labels}, {"data_hash", info.data_hash}, {"model_hash", info.model_hash}};
  if (info.image.height > 0)
    json["image"] = {{"height", info.image.height},
                     {"width", info.image.width},
                     {"channels", info.image.channels},
                     {"background", info.image.background}};
  model.metadata[info_key] = json.dump();
}

}  // namespace dragonet
