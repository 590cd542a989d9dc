#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

// Models with golden inputs and outputs lie beside the repository, in ../shared/golden, where a machine has them.
namespace dragonet::testing {

struct Golden {
  std::string name;
  fs::path model;
  std::vector<Bytes> inputs, outputs;  // one per vector, each of which begins anew
  std::vector<Bytes> outputs_in_turn;  // of a model that keeps a state: one vector after the other, without a reset
  /// [vector][operator], of its first output: CRC-32 in hex. None for models of one operator.
  std::vector<std::vector<std::string>> layer_crcs;
};

/// The vectors of inputs.bin, each of `bytes`.
inline std::vector<Bytes> cut(const Bytes& all, std::size_t bytes) {
  std::vector<Bytes> parts;
  for (std::size_t at = 0; at + bytes <= all.size(); at += bytes)
    parts.emplace_back(all.begin() + at, all.begin() + at + bytes);
  return parts;
}

inline std::size_t tensor_bytes(const nlohmann::json& tensors) {
  std::size_t bytes = 0;
  for (const auto& tensor : tensors) bytes += tensor["bytes"].get<std::size_t>();
  return bytes;
}

/// CRC-32 as zlib computes it.
inline std::string crc32_of(const Bytes& bytes) {
  std::uint32_t crc = ~0u;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return fmt::format("{:08x}", ~crc);
}

/// None, and a loud line on stderr, where the folder is missing.
inline std::optional<Golden> find_golden(const std::string& name) {
  const fs::path folder = fs::path("../shared/golden") / name;
  if (!fs::exists(folder)) {
    std::fprintf(stderr, "SKIPPED: %s is not there, so nothing is compared with it\n", folder.c_str());
    return std::nullopt;
  }
  const auto meta = nlohmann::json::parse(read_text(folder / "meta.json"));
  Golden golden{.name = name, .model = folder / "model.tflite"};
  golden.inputs = cut(read_bytes(folder / "inputs.bin"), tensor_bytes(meta["inputs"]));
  golden.outputs = cut(read_bytes(folder / "outputs.bin"), tensor_bytes(meta["outputs"]));
  if (const fs::path in_turn = folder / "outputs_seq.bin"; fs::exists(in_turn))
    golden.outputs_in_turn = cut(read_bytes(in_turn), tensor_bytes(meta["outputs"]));
  if (fs::exists(folder / "layer_crc32.json"))
    golden.layer_crcs = nlohmann::json::parse(read_text(folder / "layer_crc32.json"))["crc32"];
  return golden;
}

/// All of them, or those of a folder in it ("seanet"); none, and a loud line, where the folder is missing.
inline std::vector<Golden> all_golden(const std::string& below = ".") {
  const fs::path folder = fs::path("../shared/golden") / below;
  if (!fs::exists(folder)) {
    std::fprintf(stderr, "SKIPPED: %s is not there, so nothing is compared with it\n", folder.c_str());
    return {};
  }
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    if (fs::exists(entry.path() / "meta.json")) names.push_back((below / entry.path().filename()).lexically_normal());
  std::ranges::sort(names);
  std::vector<Golden> all;
  for (const std::string& name : names) all.push_back(*find_golden(name));
  return all;
}

}  // namespace dragonet::testing
