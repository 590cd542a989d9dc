#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"

// Models with golden inputs and outputs lie beside the repository, in ../shared/golden, where a machine has them.
namespace dragonet::testing {

struct Golden {
  fs::path model;
  std::vector<Bytes> inputs, outputs;                // one per vector
  std::vector<std::vector<std::string>> layer_crcs;  // [vector][operator], of its first output: CRC-32 in hex
};

/// The vectors of inputs.bin, each of `bytes`.
inline std::vector<Bytes> cut(const Bytes& all, std::size_t bytes) {
  std::vector<Bytes> parts;
  for (std::size_t at = 0; at + bytes <= all.size(); at += bytes)
    parts.emplace_back(all.begin() + at, all.begin() + at + bytes);
  return parts;
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
  Golden golden{.model = folder / "model.tflite"};
  golden.inputs = cut(read_bytes(folder / "inputs.bin"), meta["inputs"][0]["bytes"]);
  golden.outputs = cut(read_bytes(folder / "outputs.bin"), meta["outputs"][0]["bytes"]);
  golden.layer_crcs = nlohmann::json::parse(read_text(folder / "layer_crc32.json"))["crc32"];
  return golden;
}

}  // namespace dragonet::testing
