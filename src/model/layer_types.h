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
  bool takes_many = false;  // inputs; otherwise one
};

const std::vector<LayerType>& layer_types();

/// Null where there is no such type.
const LayerType* find_layer_type(const std::string& name);
std::vector<std::string> layer_type_names();

/// With the values of what was left out and depends on the type: a pool's size and strides, other strides of 1.
Layer settled(Layer layer);

}  // namespace dragonet
