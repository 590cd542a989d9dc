#include "judge/compare.h"

#include <algorithm>

#include "judge/reals.h"

namespace dragonet {
namespace {

void append(std::vector<Finding>& all, const std::vector<Finding>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// Also through a pool or a reshape.
bool reads(const SideBySide& both, const Place& place, int tensor_b) {
  return place.input < 0 && std::ranges::any_of(both.b.nodes[place.node_b].inputs, [&](int t) {
           return t == tensor_b || (t >= 0 && origin_of(both.b, t) == tensor_b);
         });
}

/// Does `cause` account for `other`, which would else be a fault of its own?
bool explains(const SideBySide& both, const Finding& cause, const Finding& other) {
  const bool is_here = cause.place == other.place;
  const bool is_next = reads(both, both.places[other.place], both.places[cause.place].tensor_b);
  // An input transform makes everything of the first layer look wrong, down to the order of its weights.
  if (cause.cause == Cause::input && other.cause != Cause::input) return is_here || is_next;
  if (cause.cause == Cause::other_model) return other.cause != Cause::input;
  if (other.is_certain) return false;
  // The next layer's bias was rounded for the scale that was.
  if (cause.is_certain) return is_here || (is_next && cause.cause == Cause::scale);
  return is_here && cause.cause != Cause::arithmetic && other.cause == Cause::arithmetic;
}

void remove_explained(const SideBySide& both, std::vector<Finding>& findings) {
  const std::vector<Finding> all = findings;
  std::vector<Finding> kept;
  for (const Finding& finding : all) {
    const bool is_explained = std::ranges::any_of(
        all, [&](const Finding& cause) { return &cause != &finding && explains(both, cause, finding); });
    if (!is_explained) kept.push_back(finding);
  }
  findings = kept;
}

/// What is wrong with the input comes first; then by how much a layer falls short, where what was read off the models
/// counts for more than what was inferred.
double weight_of(const SideBySide& both, const Finding& finding) {
  if (finding.cause == Cause::input) return 1000;
  return shortfall_db(both, both.places[finding.place]) + (finding.is_certain ? 20 : 0) - (finding.is_fault ? 0 : 1000);
}

}  // namespace

bool Comparison::is_equal() const { return std::ranges::none_of(findings, &Finding::is_fault); }

Comparison compare_models(const Model& a, const Model& b, std::vector<Bytes> inputs_a, std::vector<Bytes> inputs_b,
                          const std::function<void(std::size_t)>& on_vector) {
  Comparison result{.both = run_side_by_side(a, b, std::move(inputs_a), std::move(inputs_b), on_vector)};
  const SideBySide& both = result.both;
  for (const auto find :
       {find_input_faults, find_attribute_faults, find_constant_faults, find_range_faults, find_noise})
    append(result.findings, find(both));
  remove_explained(both, result.findings);
  std::ranges::stable_sort(result.findings, {}, &Finding::place);
  std::ranges::stable_sort(result.findings, std::greater{},
                           [&](const Finding& finding) { return weight_of(both, finding); });
  result.is_exact = std::ranges::all_of(
      both.places, [&](const Place& place) { return place.is_measured() && is_on_same_grids(both, place); });
  return result;
}

}  // namespace dragonet
