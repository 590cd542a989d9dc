#pragma once

#include <string>

namespace dragonet {

/// A shared library beside the program that is loaded when its first function is wanted: LibTorch and OpenCV take 50 to
/// 800 ms to load, which `dragonet --help` should not pay.
struct LateLibrary {
  std::string file;     // "libdragonet_images.so"
  std::string purpose;  // "reading images", for the message where it is missing
};

/// The address of an `extern "C"` function in it. Loads the library once; it stays. Throws Error if either is missing.
void* late_symbol(const LateLibrary& library, const char* function);

/// The same with the function's type, which the library's header declares:
///     late_function<decltype(dragonet_decode_image)>(library, "dragonet_decode_image")(file, ...)
template <typename Function>
Function* late_function(const LateLibrary& library, const char* name) {
  return reinterpret_cast<Function*>(late_symbol(library, name));
}

}  // namespace dragonet
