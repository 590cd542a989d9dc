#include "board/costs.h"

#include <fmt/format.h>

#include "board/fit.h"
#include "model/model_info.h"

namespace dragonet {

Json image_json(const FirmwareImage& image) {
  const RamUse& ram = image.ram;
  const FlashUse& flash = image.flash;
  return {{"ram",
           {{"activations", ram.activations},
            {"features", ram.features},
            {"input", ram.input},
            {"static", ram.static_},
            {"stack", ram.stack},
            {"total", ram.total},
            {"limit", ram.limit}}},
          {"flash",
           {{"constants", flash.constants},
            {"model_code", flash.model_code},
            {"firmware_code", flash.firmware_code},
            {"total", flash.total},
            {"limit", flash.limit}}}};
}

static Count count_of(const Counts& counts, const std::string& function) {
  for (const LayerCount& layer : counts.layers)
    if (layer.name == function) return layer.count;
  return {};
}

Json layers_json(const EmittedModel& emitted, const Counts& counts) {
  Json list = Json::array();
  for (const EmittedLayer& layer : emitted.layers) {
    const Count count = count_of(counts, layer.function);
    list.push_back({{"name", layer.output},
                    {"op", layer.op},
                    {"kernel", layer.kernel},
                    {"macs", layer.macs},
                    {"live_macs", layer.live_macs},
                    {"instructions", count.instructions},
                    {"cycles", count.cycles},
                    {"wait_cycles", count.wait_cycles}});
  }
  return list;
}

Json dropped_json(const std::vector<DroppedOfLayer>& layers) {
  Json list = Json::array();
  for (const DroppedOfLayer& layer : layers)
    if (layer.lost_some())
      list.push_back({{"name", layer.output},
                      {"op", layer.op},
                      {"channels", layer.channels},
                      {"same_for_every_input", layer.same_for_every_input},
                      {"unread", layer.unread},
                      {"macs", layer.macs},
                      {"live_macs", layer.live_macs},
                      {"weights", layer.weights},
                      {"live_weights", layer.live_weights}});
  return list;
}

double milliseconds(const Count& count, const Board& board) {
  return static_cast<double>(count.all_cycles()) * 1e3 / board.clock_hz;
}

static std::string amount(std::uint64_t number) {
  return number < 100'000 ? fmt::format("{}", number)
                          : fmt::format("{:.2f} million", static_cast<double>(number) / 1e6);
}

std::string count_text(const Count& count, const Board& board) {
  const double ms = milliseconds(count, board);
  return fmt::format("{} instructions, {} cycles and {} waiting for flash: {:.{}f} ms at {} MHz",
                     amount(count.instructions), amount(count.cycles), amount(count.wait_cycles), ms, ms < 10 ? 2 : 0,
                     board.clock_hz / 1'000'000);
}

std::string counts_text(const Counts& counts, const Board& board) {
  return fmt::format("{}; features {} instructions", count_text(counts.inference, board),
                     amount(counts.features.instructions));
}

std::string use_text(const FirmwareImage& image) {
  return fmt::format("flash {} of {}, RAM {} of {} ({} of them stack)", bytes_text(image.flash.total),
                     bytes_text(image.flash.limit), bytes_text(image.ram.total), bytes_text(image.ram.limit),
                     bytes_text(image.ram.stack));
}

std::string layers_text(const EmittedModel& emitted, const Counts& counts) {
  std::string text = fmt::format("{:<28} {:>12} {:>10} {:>10} {:>12} {:>12} {:>11}  {}\n", "function", "output",
                                 "constants", "MACs run", "instructions", "cycles", "flash waits", "layer");
  for (const EmittedLayer& layer : emitted.layers) {
    if (layer.function.empty()) continue;
    const Count count = count_of(counts, layer.function);
    text += fmt::format("{:<28} {:>12} {:>10} {:>10} {:>12} {:>12} {:>11}  {}\n", layer.function, text_of(layer.shape),
                        layer.constant_bytes, layer.live_macs, count.instructions, count.cycles, count.wait_cycles,
                        layer.output);
  }
  return text;
}

}  // namespace dragonet
