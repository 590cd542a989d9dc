#include "board/fit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace dragonet {
namespace {

std::string too_large(const std::string& memory, std::uint32_t total, std::uint32_t limit) {
  return fmt::format("the firmware takes {} of {}, {} more than the {} there are", bytes_text(total), memory,
                     bytes_text(total - limit), bytes_text(limit));
}

Problem flash_problem(const FirmwareImage& image, const Board& board) {
  constexpr std::size_t named = 3;
  std::vector<std::string> largest;
  for (const LayerBytes& layer : constants_by_layer(image))
    if (largest.size() < named) largest.push_back(fmt::format("{} {}", layer.layer, bytes_text(layer.bytes)));
  return {.where = board.name + ", flash",
          .what = fmt::format("{}: constants {} (largest: {}), model's code {}, firmware's code {}",
                              too_large("flash", image.flash.total, image.flash.limit),
                              bytes_text(image.flash.constants), fmt::join(largest, ", "),
                              bytes_text(image.flash.model_code), bytes_text(image.flash.firmware_code)),
          .next = "give the largest layers fewer filters or units, or choose a board with more flash"};
}

Problem ram_problem(const FirmwareImage& image, const Board& board) {
  const RamUse& ram = image.ram;
  return {.where = board.name + ", RAM",
          .what = fmt::format(
              "{}: the model's activations {}, its features {}, its whole input {}, other variables {}, stack {}",
              too_large("RAM", ram.total, ram.limit), bytes_text(ram.activations), bytes_text(ram.features),
              bytes_text(ram.input), bytes_text(ram.static_), bytes_text(ram.stack)),
          .next = "choose a smaller input, fewer filters in the first layers, or a board with more RAM"};
}

}  // namespace

std::vector<LayerBytes> constants_by_layer(const FirmwareImage& image) {
  std::map<std::string, std::uint32_t> bytes;
  for (const Symbol& symbol : image.symbols) {
    if (symbol.room != Symbol::Room::constants) continue;
    const std::string constant = unqualified(symbol.name), layer = layer_of_constant(image.emitted, constant);
    bytes[layer.empty() ? constant : layer_name(image.emitted, layer)] += symbol.bytes;
  }
  std::vector<LayerBytes> sorted;
  for (const auto& [layer, count] : bytes) sorted.push_back({layer, count});
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  return sorted;
}

std::vector<Problem> fit_problems(const FirmwareImage& image, const Board& board) {
  std::vector<Problem> problems;
  if (image.flash.total > image.flash.limit) problems.push_back(flash_problem(image, board));
  if (image.ram.total > image.ram.limit) problems.push_back(ram_problem(image, board));
  return problems;
}

std::string bytes_text(std::uint32_t bytes) {
  std::string text = std::to_string(bytes);
  for (int at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), 1, ' ');
  return text + " B";
}

}  // namespace dragonet
