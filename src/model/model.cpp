#include "model/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "features/settings_json.h"

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

/// Keywords; global names and macros of the headers that emitted code meets; headers that would be taken for its own.
static constexpr std::string_view taken_names[] = {
    "alignas",     "alignof",      "alloca",       "and",       "and_eq",
    "arm",         "asm",          "assert",       "auto",      "bcmp",
    "bcopy",       "bitand",       "bitor",        "bool",      "break",
    "bzero",       "case",         "catch",        "char",      "char16_t",
    "char32_t",    "char8_t",      "class",        "co_await",  "co_return",
    "co_yield",    "compl",        "complex",      "concept",   "const",
    "const_cast",  "consteval",    "constexpr",    "constinit", "continue",
    "ctype",       "decltype",     "default",      "delete",    "do",
    "double",      "dragonet",     "dynamic_cast", "elf",       "else",
    "endian",      "enum",         "errno",        "explicit",  "export",
    "extern",      "false",        "features",     "fenv",      "ffs",
    "ffsl",        "ffsll",        "float",        "for",       "friend",
    "goto",        "i386",         "if",           "index",     "inline",
    "int",         "inttypes",     "io",           "limits",    "linux",
    "locale",      "long",         "main",         "malloc",    "math",
    "mutable",     "namespace",    "new",          "noexcept",  "not",
    "not_eq",      "nullptr",      "operator",     "or",        "or_eq",
    "private",     "protected",    "public",       "register",  "reinterpret_cast",
    "requires",    "return",       "rindex",       "setjmp",    "short",
    "signal",      "signed",       "sizeof",       "static",    "static_assert",
    "static_cast", "std",          "stdalign",     "stdarg",    "stdbool",
    "stddef",      "stdint",       "stdio",        "stdlib",    "stpcpy",
    "stpncpy",     "struct",       "swab",         "switch",    "template",
    "this",        "thread_local", "threads",      "throw",     "time",
    "true",        "try",          "typedef",      "typeid",    "typename",
    "uchar",       "union",        "unistd",       "unix",      "unsigned",
    "using",       "virtual",      "void",         "volatile",  "wchar",
    "wchar_t",     "wctype",       "while",        "xor",       "xor_eq"};

static bool is_taken(const std::string& name) {
  const bool is_library = name.starts_with("mem") || name.starts_with("str");  // memcpy, strlen
  if (name.ends_with("_t") || name == "NULL" || name == "session" || name == "printf" || name == "remove") return true;
  return name.empty() || is_library || name.find_first_of("0123456789_") == 0 ||
         std::ranges::find(taken_names, name) != std::end(taken_names);
}

std::string identifier_of(const std::string& text) {
  std::string name = text;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return is_taken(name) ? "model_" + name : name;
}

static Task task_from(const std::string& word) {
  const auto found = std::ranges::find(task_words(), word);
  return found == task_words().end() ? Task::classification : static_cast<Task>(found - task_words().begin());
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
    info.task = task_from(json.value("task", ""));
    info.features = features_from(json);
    info.answers = answers_from(json);
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return info;
}

[[noreturn]] static void refuse_task(const Model& model, const std::string& what) {
  throw Error({model.source + ", metadata dragonet.json", what, "train or convert it again"});
}

/// What gives back its input must be as large; and each number has a name.
static void check_task(const Model& model) {
  const ModelInfo info = info_of(model);
  if (info.task == Task::classification) return;
  const Tensor &input = model.tensors[model.inputs[0]], &output = model.tensors[model.outputs[0]];
  const std::int64_t outputs = element_count(output.shape);
  const bool is_int8 = output.dtype == DType::int8;
  if (info.task == Task::anomaly && outputs != element_count(input.shape))
    refuse_task(model, fmt::format("says that the model gives back its input, of {} values, and it gives {}",
                                   element_count(input.shape), outputs));
  if (info.task == Task::anomaly && info.labels.size() != 2)
    refuse_task(model, fmt::format("names {} labels, and an anomaly's model has two", info.labels.size()));
  if (info.task == Task::anomaly && is_int8 && (input.quantization.scale.empty() || output.quantization.scale.empty()))
    refuse_task(model, "says that the model gives back its input, and one of the two has no scale");
  if (info.task == Task::regression && std::ssize(info.labels) != outputs)
    refuse_task(model, fmt::format("names {} numbers, and the model gives {}", info.labels.size(), outputs));
}

void check_features(const Model& model) {
  check_task(model);
  const FeatureShape shape = shape_of(info_of(model).features);
  const Shape &input = model.tensors[model.inputs[0]].shape, expected{1, shape.height, shape.width, shape.channels};
  if (shape.height != 0 && input != expected)
    throw Error({model.source + ", metadata dragonet.json",
                 fmt::format("says that features are {}, and the input is {}", text_of(expected), text_of(input)),
                 "train or convert it again"});
}

bool has_features(const Model& model) {
  return has_kind(info_of(model).features) && model.tensors[model.inputs[0]].dtype == DType::int8;
}

void set_info(Model& model, const ModelInfo& info) {
  nlohmann::ordered_json json{{"labels", info.labels}, {"data_hash", info.data_hash}, {"model_hash", info.model_hash}};
  json.update(features_json(info.features));
  if (info.answers != AnswerSettings()) json["answers"] = answers_json(info.answers);
  if (info.task != Task::classification) json["task"] = word_of(info.task);
  // Labels are names of folders, which need not be UTF-8; JSON must.
  model.metadata[info_key] = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace dragonet
