// What others may know of an emitted program: how it is called, what it takes, how large that is, and which names in a
// linked image are its. The emitter writes by it, and whoever compiles, measures or watches the program reads it, so
// that nobody searches generated text, and a name that is changed here changes on both sides.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dragonet {

/// Functions of the emitted namespace.
namespace entry {
inline constexpr const char* begin = "begin";
inline constexpr const char* feed_row = "feed_row";
inline constexpr const char* invoke = "invoke";
inline constexpr const char* reset = "reset";
inline constexpr const char* begin_image = "begin_image";
inline constexpr const char* feed_image_row = "feed_image_row";
inline constexpr const char* begin_listening = "begin_listening";
inline constexpr const char* feed_reading = "feed_reading";
}  // namespace entry

/// What the program takes besides its own input tensors.
enum class RawInput {
  none,
  images,   // entry::begin_image, entry::feed_image_row
  readings  // of a sensor that does not end: entry::begin_listening, entry::feed_reading
};

struct EmittedInterface {
  std::string name;  // of its namespace, of <name>.h and <name>.cpp
  RawInput raw = RawInput::none;

  // Constants of the header.
  int input_rows = 0;               // of all inputs
  std::size_t input_row_bytes = 0;  // of the longest
  std::size_t input_bytes = 0, output_bytes = 0;
  std::size_t output_count = 0;  // of the first output's values
  std::size_t kept_bytes = 0;    // from one inference to the next
  std::size_t arena_bytes = 0;   // the first member of struct Model: all offsets of a MemoryPlan count from there

  /// Functions that make the layers' rows, in the order of the nodes: "layer_03_conv_2d".
  std::vector<std::string> layers;
  /// What their outputs are called: that name a layer has in every report, profile and comparison.
  std::vector<std::string> layer_names{};

  bool operator==(const EmittedInterface&) const = default;
};

/// Objects of the firmware that hold an emitted program's memory. The firmware is compiled with these names, and they
/// are looked for in the image.
namespace firmware_object {
inline constexpr const char* model = "model_state";   // struct Model
inline constexpr const char* listener = "listener";   // struct Listener, where readings are taken
inline constexpr const char* input = "input_buffer";  // the whole input, where it is kept
}  // namespace firmware_object

/// Of node 3, a conv_2d: "layer_03_conv_2d".
std::string layer_function(int node, const std::string& op);

/// An array in flash that belongs to a layer: "layer_03_conv_2d_weights".
std::string layer_constant(const std::string& layer, const std::string& what);

/// The layer whose constant this is; "" if none's.
std::string layer_of_constant(const EmittedInterface& interface, const std::string& constant);

/// What reports call the layer that has this function; the function where the interface gives it no name.
std::string layer_name(const EmittedInterface& interface, const std::string& function);

/// As the linked image names it: "dragon::begin".
std::string qualified(const EmittedInterface& interface, const std::string& name);

/// "dragon::layer_03_conv_2d", "dragonet::(anonymous namespace)::listener": what stands behind the last colons.
std::string unqualified(const std::string& name);

/// The functions through which inference runs, features left out, and those through which features do; each if it is
/// there.
std::vector<std::string> inference_entries();
std::vector<std::string> feature_entries(RawInput raw);

/// The macro by which the emitted header tells firmware of what it takes: "DRAGON_TAKES_IMAGES"; "" for nothing.
std::string raw_input_macro(const EmittedInterface& interface);

}  // namespace dragonet
