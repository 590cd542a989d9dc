#pragma once

#include "judge/code_stage.h"
#include "judge/finding.h"

namespace dragonet {

/// Model B beside model A: what differs, and what is likely to be wrong with it, the likeliest first.
struct Comparison {
  SideBySide both;
  std::vector<Finding> findings;
  bool is_exact = false;  // equal bytes stand for equal values all through: then equal is equal bit for bit
  bool is_equal() const;  // nothing is found that is a fault
};

/// Both models have passed check_supported. `inputs_b`: what B was given; empty: A's inputs, in B's type.
Comparison compare_models(const Model& a, const Model& b, std::vector<Bytes> inputs_a, std::vector<Bytes> inputs_b = {},
                          const std::function<void(std::size_t)>& on_vector = {});

/// A layer as `compare` prints it, of whichever comparisons were made.
struct ComparedLayer {
  std::string name, op;
  Shape shape;
  std::optional<double> sqnr_db, alone_db, expected_db;  // none: nothing to compare with
  std::vector<std::pair<int, double>> worst_channels;    // with their dB, alone
  double saturated = 0;                                  // share of the values
  int dead_channels = 0, channels = 0;
  bool equal = true;                      // bit for bit with all that it was compared with; of float and int8: no fault
  std::vector<std::optional<bool>> code;  // equal on each code stage; none: nothing runs there
};

/// All comparisons of one call.
struct FullComparison {
  std::string a, b;  // of what; b empty: code alone
  std::size_t vectors = 0;
  std::optional<Comparison> models;
  std::vector<CodeStage> code;  // of B, or of A where there is no B
  Model compiled;               // whose layers those are
  std::vector<std::string> notes;
  bool is_equal() const;
};

std::vector<ComparedLayer> layers_of(const FullComparison& full);

/// Where, what and what next, the likeliest first: of the models, then of the code.
std::vector<Problem> verdict(const FullComparison& full);

/// What is no fault, but worth knowing.
std::vector<Problem> remarks(const FullComparison& full);

/// A table of the layers, and the verdict in sentences.
std::string comparison_text(const FullComparison& full);

}  // namespace dragonet
