#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "judge/finding.h"

namespace dragonet {

/// Of how the file is written, not of what is computed.
static bool is_immaterial(const std::string& attribute) {
  static const std::set<std::string> names{"asymmetric_quantize_inputs",
                                           "weights_format",
                                           "quantized_bias_type",
                                           "pot_scale_int16",
                                           "new_shape",
                                           "keep_num_dims"};
  return names.contains(attribute);
}

/// A file may leave out what is at its default: 0, or 1 for the few that multiply.
static bool is_default(const Attribute& attribute) {
  const auto* integer = std::get_if<std::int64_t>(&attribute);
  const auto* real = std::get_if<double>(&attribute);
  return (integer && (*integer == 0 || *integer == 1)) || (real && (*real == 0 || *real == 1));
}

static std::string attribute_value(const Attributes& attributes, const std::string& name) {
  static const char* const activations[] = {"none", "RELU", "RELU_N1_TO_1", "RELU6"};
  const auto found = attributes.find(name);
  if (found == attributes.end()) return "left out";
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&found->second))
    return fmt::format("[{}]", fmt::join(*list, ", "));
  if (const auto* real = std::get_if<double>(&found->second)) return fmt::format("{:g}", *real);
  const std::int64_t integer = std::get<std::int64_t>(found->second);
  if (name == "fused_activation_function" && integer >= 0 && integer < 4) return activations[integer];
  if (name == "padding") return integer == 0 ? "SAME" : "VALID";
  return std::to_string(integer);
}

static bool differs(const Attributes& a, const Attributes& b, const std::string& name) {
  const auto in_a = a.find(name), in_b = b.find(name);
  if (in_a != a.end() && in_b != b.end()) return in_a->second != in_b->second;
  const Attribute& only = in_a != a.end() ? in_a->second : in_b->second;
  // An activation left out is none: a default of 1 is nothing that it has.
  if (name == "fused_activation_function" || name == "padding") return only != Attribute{std::int64_t{0}};
  return !is_default(only);
}

static std::string attribute_differences(const Node& a, const Node& b) {
  std::set<std::string> names;
  for (const Attributes& attributes : {a.attributes, b.attributes})
    for (const auto& [name, value] : attributes)
      if (!is_immaterial(name)) names.insert(name);
  std::string text;
  for (const std::string& name : names)
    if (differs(a.attributes, b.attributes, name))
      text += fmt::format("{}its {} is {} and should be {}", text.empty() ? "" : ", ", name,
                          attribute_value(b.attributes, name), attribute_value(a.attributes, name));
  return text;
}

std::vector<Finding> find_attribute_faults(const SideBySide& both) {
  constexpr double noticeable = 3;  // another attribute may do no harm: RELU where the range ends at 0 anyway
  std::vector<Finding> found;
  for (std::size_t i = 0; i < both.places.size(); ++i) {
    const Place& place = both.places[i];
    if (place.node_a < 0 || place.input >= 0 || shortfall_db(both, place) < noticeable) continue;
    const Node &a = both.a.nodes[place.node_a], &b = both.b.nodes[place.node_b];
    const std::string what =
        a.op == b.op ? attribute_differences(a, b) : fmt::format("its operator is {} and should be {}", b.op, a.op);
    if (!what.empty())
      found.push_back(
          {static_cast<int>(i), Cause::attribute, what, "convert it anew, or set it as the original has it"});
  }
  return found;
}

}  // namespace dragonet
