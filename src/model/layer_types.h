#pragma once

#include <string>
#include <vector>

#include "model/network.h"

namespace dragonet {

/// What is wrong with a layer and what to do about it; empty: nothing.
struct Fault {
  std::string what, next;
};

/// What a type of layer asks for and gives.
struct LayerType {
  const char* name;                             // as in Keras: "Conv2D"
  const char* stem;                             // its layers are called conv2d_1, conv2d_2
  std::vector<std::string> required, optional;  // Keras' names of its arguments
  Fault (*fault)(const Layer&, const std::vector<Shape>& in);
  Shape (*shape)(const Layer&, const std::vector<Shape>& in);
  enum Traits {
    one_input = 0,
    many_inputs = 1,
    takes_norm = 2,  // a BatchNormalization behind it can be folded into it
    is_pool = 4,
    is_part = 8,     // what others become in an expanded network; users list those
    is_fitted = 16,  // its weights are statistics of the training samples: no gradient trains them
    learns = 32      // gradients train its weights
  };
  int traits = one_input;
  const char* in_2d = nullptr;  // of a 1-D layer the 2-D one that it becomes; its shapes and faults are that one's. Of
                                // an LSTM itself: it takes a map's rows as steps too
  bool has(Traits trait) const { return (traits & trait) != 0; }
};

const std::vector<LayerType>& layer_types();

/// Null where there is no such type.
const LayerType* find_layer_type(const std::string& name);
std::vector<std::string> layer_type_names();  // those that users list

/// With the values of what was left out and depends on the type: a pool's size and strides, other strides of 1; a 1-D
/// layer's widths.
Layer settled(Layer layer);

/// As a 1-D layer sees a map: each row is a step. Other layers, and values in a row: as they are.
Shape seen_by(const LayerType& type, const Shape& in);

}  // namespace dragonet
