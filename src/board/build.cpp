#include "board/build.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"

namespace dragonet {

static constexpr std::size_t bytes_per_command = 46;  // the firmware's command buffer holds 95 characters

BoardBuild build_for_board(const Model& model, const Board& board, const fs::path& folder) {
  BoardBuild build{.emitted = compile_model(model)};
  write_emitted(build.emitted, folder);
  build.image = build_firmware(folder, model.name, board, {.streamed = false});
  if (build.image.fits()) return build;
  build.image = build_firmware(folder, model.name, board, {.streamed = true});
  build.streamed = true;
  return build;
}

std::string BoardSession::send(const std::string& command) {
  const std::string reply = board_.send(command);
  if (const std::size_t error = reply.find("e-["); error != std::string::npos)
    throw Error({fmt::format("the firmware, at `{}%`", command.substr(0, 40)),
                 reply.substr(error, reply.find("\r", error) - error),
                 "`dragonet run` with inputs of the model's own size"});
  return reply;
}

void BoardSession::send_bytes(const std::string& command, std::span<const std::uint8_t> bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += bytes_per_command) {
    std::string line = command;
    for (const std::uint8_t byte : bytes.subspan(at, std::min(bytes_per_command, bytes.size() - at)))
      line += fmt::format("{:02x}", byte);
    send(line);
  }
}

/// "m-outputs-[80,7f]" -> 80 7f
Bytes BoardSession::result() {
  send("infer 1 0");
  const std::string reply = send("outputs");
  Bytes outputs;
  for (std::size_t at = reply.find('['); at != std::string::npos && reply[at] != ']'; at += 3) {
    std::uint8_t byte = 0;
    std::from_chars(&reply[at + 1], &reply[at + 3], byte, 16);
    outputs.push_back(byte);
  }
  return outputs;
}

Bytes BoardSession::infer(std::span<const std::uint8_t> input) {
  send(fmt::format("db load {}", input.size()));
  send_bytes("db ", input);
  return result();
}

Bytes BoardSession::infer_image(const Image& raw) {
  send(fmt::format("image {} {}", raw.width, raw.height));
  send_bytes("px ", raw.pixels);
  return result();
}

}  // namespace dragonet
