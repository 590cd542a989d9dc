#include "board/build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/staging.h"
#include "board/core.h"
#include "board/fit.h"
#include "board/memory_map.h"
#include "compile/plan_picture.h"

namespace dragonet {

static constexpr std::size_t bytes_per_command = 46;  // the firmware's command buffer holds 95 characters

static BoardBuild build_that_fits_best(const Model& model, const Board& board, const fs::path& folder,
                                       Optimize optimize) {
  BoardBuild build{.emitted = compile_model(model, {optimize, core_of(board).kernels})};
  write_emitted(build.emitted, folder);
  const auto fits = [&](bool streamed) {
    build.streamed = streamed;
    build.image = build_firmware(folder, build.emitted.interface, board, {.streamed = streamed});
    return build.image.ram.total <= build.image.ram.limit;
  };
  if (optimize != Optimize::ram && fits(false)) return build;
  if (fits(true) || optimize != Optimize::balanced) return build;
  return build_that_fits_best(model, board, folder, Optimize::ram);
}

BoardBuild build_for_board(const Model& model, const Board& board, const fs::path& folder, Optimize optimize) {
  Staging staging(folder);
  BoardBuild build = build_that_fits_best(model, board, staging.path(), optimize);
  write_file(staging.path() / "memory.svg", memory_map_svg(build.image, board));
  write_file(staging.path() / "plan.svg", plan_svg(build.emitted));
  fs::remove_all(staging.path() / "objects");
  staging.move_into_place();
  build.image.elf = folder / build.image.elf.filename();
  return build;
}

/// "; most at block_2/conv (conv_2d, 1x48x48x16): 55 296 B at once (36 864 B + 18 432 B)"
static std::string peak_text(const EmittedModel& emitted) {
  const MemoryPlan& plan = emitted.plan;
  const int node = plan.steps[std::min<std::size_t>(plan.peak.step, plan.steps.size() - 1)].node;
  const EmittedLayer& layer = emitted.layers[std::max(node, 0)];
  std::vector<std::string> sizes;
  for (const Share& share : shares_of_peak(plan)) sizes.push_back(bytes_text(static_cast<std::uint32_t>(share.bytes)));
  return fmt::format("; most at {} ({}, {}): {} at once ({})", layer.output, layer.op, text_of(layer.shape),
                     bytes_text(static_cast<std::uint32_t>(plan.peak.bytes)), fmt::join(sizes, " + "));
}

std::vector<Problem> fit_problems(const BoardBuild& build, const Board& board) {
  std::vector<Problem> problems = fit_problems(build.image, board);
  if (build.image.ram.total <= build.image.ram.limit) return problems;
  problems.back().what += peak_text(build.emitted);
  if (build.emitted.optimize == Optimize::speed)
    problems.back().next = "leave out `--optimize speed`, or " + problems.back().next;
  return problems;
}

std::string BoardSession::send(const std::string& command) {
  const std::string reply = board_.send(command);
  if (const std::size_t error = reply.find("e-["); error != std::string::npos)
    throw Error({fmt::format("the firmware, at `{}%`", command.substr(0, 40)),
                 reply.substr(error, reply.find('\r', error) - error),
                 "`dragonet run` with inputs of the model's own size"});
  return reply;
}

/// The bytes in hex, as many commands as that takes.
template <typename Send>
static void for_each_command(const std::string& command, std::span<const std::uint8_t> bytes, Send send) {
  for (std::size_t at = 0; at < bytes.size(); at += bytes_per_command) {
    std::string line = command;
    for (const std::uint8_t byte : bytes.subspan(at, std::min(bytes_per_command, bytes.size() - at)))
      line += fmt::format("{:02x}", byte);
    send(line);
  }
}

void BoardSession::send_bytes(const std::string& command, std::span<const std::uint8_t> bytes) {
  for_each_command(command, bytes, [&](const std::string& line) { send(line); });
}

/// "80,7f]..." -> 80 7f
static Bytes bytes_of_hex(std::string_view text) {
  Bytes bytes;
  for (text = text.substr(0, text.find(']')); text.size() >= 2;
       text.remove_prefix(std::min<std::size_t>(text.size(), 3))) {
    std::uint8_t byte = 0;
    std::from_chars(text.data(), text.data() + 2, byte, 16);
    bytes.push_back(byte);
  }
  return bytes;
}

/// "m-outputs-[80,7f]" -> 80 7f
Bytes BoardSession::result() {
  send("infer 1 0");
  const std::string reply = send("outputs");
  return bytes_of_hex(std::string_view(reply).substr(reply.find('[') + 1));
}

Bytes BoardSession::infer(std::span<const std::uint8_t> input) {
  send(fmt::format("db load {}", input.size()));
  send_bytes("db ", input);
  return result();
}

void BoardSession::reset() { send("reset"); }

Bytes BoardSession::infer(const Image& raw) {
  send(fmt::format("image {} {}", raw.width, raw.height));
  send_bytes("px ", raw.pixels);
  return result();
}

/// Little-endian.
static Bytes bytes_of(const Readings& readings) {
  Bytes bytes;
  for (const std::int16_t value : readings.values)
    for (const int shift : {0, 8})
      bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(value) >> shift));
  return bytes;
}

static std::string listen_command(const Readings& readings) {
  return fmt::format("listen {}", readings.values.size() / static_cast<std::size_t>(readings.axes));
}

Bytes BoardSession::infer(const Readings& raw) {
  send(listen_command(raw));
  send_bytes("rd ", bytes_of(raw));
  return result();
}

Bytes BoardSession::infer_raw(const Raw& raw) {
  return std::visit([&](const auto& of_kind) { return infer(of_kind); }, raw);
}

/// "m-heard-[16000,2,80,7f]", as often as it is there.
static void take_heard(std::string_view reply, std::vector<Heard>& all) {
  constexpr std::string_view head = "m-heard-[";
  for (std::size_t at; (at = reply.find(head)) != std::string_view::npos;) {
    reply.remove_prefix(at + head.size());
    Heard heard;
    const char* end = reply.data() + reply.size();
    const char* comma = std::from_chars(reply.data(), end, heard.readings).ptr;
    comma = std::from_chars(comma + 1, end, heard.label).ptr;
    heard.outputs = bytes_of_hex(reply.substr(static_cast<std::size_t>(comma + 1 - reply.data())));
    all.push_back(std::move(heard));
  }
}

std::vector<Heard> BoardSession::listen(const Readings& readings) {
  send(listen_command(readings));
  const Bytes bytes = bytes_of(readings);
  std::vector<Heard> all;
  for_each_command("rd ", bytes, [&](const std::string& command) { take_heard(send(command), all); });
  return all;
}

std::uint32_t BoardSession::stack_used() const {
  const std::uint32_t used = board_.stack_used();
  if (used > stack_bytes_)
    throw Error({"the stack", fmt::format("was seen {} B deep, and the call graph allows {} B", used, stack_bytes_),
                 "this is a fault of Dragonet's: please report it with the model"});
  return used;
}

}  // namespace dragonet
