#include "learn/raw_inputs.h"

#include <fmt/format.h>

#include "base/error.h"

namespace dragonet {

std::size_t bytes_of(const Model& model, const std::vector<int>& tensors) {
  std::size_t bytes = 0;
  for (const int t : tensors) bytes += model.tensors[t].bytes();
  return bytes;
}

std::vector<Bytes> read_raw_inputs(const fs::path& file, const Model& model) {
  const std::size_t bytes = bytes_of(model, model.inputs);
  const Bytes all = read_bytes(file);
  if (all.empty() || all.size() % bytes != 0)
    throw Error({file.string(), fmt::format("holds {} bytes, and the model's input is {}", all.size(), bytes),
                 "give raw tensors of its type, back to back"});
  std::vector<Bytes> inputs;
  for (auto at = all.begin(); at != all.end(); at += static_cast<std::ptrdiff_t>(bytes))
    inputs.emplace_back(at, at + static_cast<std::ptrdiff_t>(bytes));
  return inputs;
}

}  // namespace dragonet
