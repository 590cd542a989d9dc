#include "board/firmware.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <future>
#include <system_error>
#include <thread>

#include "base/process.h"
#include "board/core.h"
#include "board/measure.h"

namespace dragonet {
namespace {

struct Job {
  fs::path source, object;
  const char* optimization;
};

/// What is linked for every model of the board, in this order.
std::vector<fs::path> firmware_parts(const Board& board) {
  const fs::path all = firmware_folder();
  return {all / "io", all / "chips" / board.chip, start_up_folder(board), all / "boards" / board.id};
}

std::vector<Job> jobs_of(const fs::path& part, const fs::path& objects) {
  std::vector<Job> jobs;
  for (const fs::directory_entry& entry : fs::directory_iterator(part)) {
    const fs::path& source = entry.path();
    const std::string object = fmt::format("{}_{}.o", part.filename().string(), source.stem().string());
    if (source.extension() == ".cpp" || source.extension() == ".S") jobs.push_back({source, objects / object, "-Os"});
  }
  std::ranges::sort(jobs, {}, &Job::object);
  return jobs;
}

// The emitted model for speed; start-up and protocol are small and rarely run.
std::vector<Job> jobs_for(const fs::path& folder, const std::string& model, const Board& board) {
  const fs::path objects = folder / "objects";
  std::vector<Job> jobs{{folder / (model + ".cpp"), objects / ("model_" + model + ".o"), "-O2"}};
  for (const fs::path& part : firmware_parts(board))
    for (Job& job : jobs_of(part, objects)) jobs.push_back(std::move(job));
  return jobs;
}

std::vector<std::string> core_flags(const Board& board) {
  std::vector<std::string> flags = core_of(board).compiler_flags;
  flags.insert(flags.end(), {"-mthumb", "-g"});
  return flags;
}

// What the protocol must know of the model, and the names by which its memory is found in the image.
std::vector<std::string> model_definitions(const EmittedInterface& emitted, const FirmwareOptions& options) {
  const bool listens = emitted.raw == RawInput::readings;  // then the rows of its window are kept, and are the buffer
  // In angles: a quoted name would first be looked for beside the protocol, which has headers of its own.
  return {fmt::format("-DMODEL_HEADER=<{}.h>", emitted.name),
          fmt::format("-DMODEL={}", emitted.name),
          fmt::format("-DMODEL_TAKES_IMAGES={:d}", emitted.raw == RawInput::images),
          fmt::format("-DMODEL_TAKES_READINGS={:d}", listens),
          fmt::format("-DMODEL_OBJECT={}", firmware_object::model),
          fmt::format("-DLISTENER_OBJECT={}", firmware_object::listener),
          fmt::format("-DINPUT_OBJECT={}", firmware_object::input),
          fmt::format("-DSTREAMED={:d}", options.streamed && !listens)};
}

// Its name, and what the chip's drivers must know of its wires.
std::vector<std::string> board_definitions(const Board& board) {
  const UartWiring& uart = board.uart;
  std::vector<std::string> all{fmt::format("-DBOARD_ID=\"{}\"", board.id),
                               fmt::format("-DBOARD_UART_UNIT={}", uart.unit)};
  for (const auto& [name, pin] : {std::pair{"TX", uart.tx}, {"RX", uart.rx}})
    for (const auto& [what, number] : {std::pair{"", pin.number}, {"_FUNCTION", pin.function}, {"_PAD", pin.pad}})
      all.push_back(fmt::format("-DBOARD_UART_{}{}={}", name, what, number));
  return all;
}

std::vector<std::string> compiler_flags(const fs::path& folder, const EmittedInterface& emitted, const Board& board,
                                        const FirmwareOptions& options) {
  std::vector<std::string> flags = core_flags(board);
  for (const std::string& definition : model_definitions(emitted, options)) flags.push_back(definition);
  for (const std::string& definition : board_definitions(board)) flags.push_back(definition);
  for (const char* flag : {"-Wall", "-Wextra", "-Werror", "-ffreestanding", "-ffunction-sections", "-fdata-sections",
                           "-fstack-usage", "-fcallgraph-info=su"})
    flags.push_back(flag);
  flags.push_back("-ffile-prefix-map=" + folder.string() + "=.");  // a debugger finds the model beside the image
  flags.push_back("-I" + folder.string());
  flags.push_back("-I" + firmware_folder().string());
  return flags;
}

std::vector<std::string> command_for(const Job& job, const std::vector<std::string>& flags) {
  std::vector<std::string> command{"arm-none-eabi-g++", job.optimization};
  command.insert(command.end(), flags.begin(), flags.end());
  if (job.source.extension() == ".cpp")
    for (const char* flag : {"-std=gnu++11", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"})
      command.push_back(flag);
  command.insert(command.end(), {"-c", job.source.string(), "-o", job.object.string()});
  return command;
}

bool says_disk_full(const std::string& words) {
  const auto holds = [&](int error) { return words.find(std::generic_category().message(error)) != std::string::npos; };
  return holds(ENOSPC) || holds(EDQUOT) || holds(EFBIG);
}

// Runs a part of the toolchain. Throws Error with its words unless it answers 0.
std::string run_tool(const std::vector<std::string>& command, const fs::path& about) {
  const ProcessResult result = run_process(command);
  if (result.status == 0) return result.output;
  if (result.status == 127)
    throw Error({command[0], "it is not installed", "install Debian's package gcc-arm-none-eabi"});
  if (says_disk_full(result.output))
    throw Error({about.string(), fmt::format("{} has no room to write", command[0]),
                 "the disk is full, or the one of temporary files: make room and try again"});
  throw Error({about.string(), fmt::format("{} refuses it:\n{}", command[0], result.output),
               "if you changed this file, mend it there; otherwise please report this with the model"});
}

// Every job once, on all cores. Throws what the first that failed threw.
void compile_all(const std::vector<Job>& jobs, const std::vector<std::string>& flags) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < jobs.size();) run_tool(command_for(jobs[i], flags), jobs[i].source);
  };
  std::vector<std::future<void>> workers;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    workers.push_back(std::async(std::launch::async, work));
  for (std::future<void>& worker : workers) worker.wait();
  for (std::future<void>& worker : workers) worker.get();
}

// The model stands first: what it shares with the firmware (inline functions, templates) is linked from its object.
std::vector<std::string> link_command(const fs::path& folder, const std::vector<Job>& jobs, const Board& board) {
  std::vector<std::string> command{"arm-none-eabi-g++"};
  for (const std::string& flag : core_flags(board)) command.push_back(flag);
  for (const Job& job : jobs) command.push_back(job.object.string());
  for (const std::string& flag : linker_script_flags(board)) command.push_back(flag);
  // -nostdlib: nobody else's start-up, and no C library; libgcc divides, since these cores cannot.
  command.insert(command.end(),
                 {"-nostdlib", "-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments", "-Xlinker",
                  "-Map=" + (folder / "firmware.map").string(), "-lgcc", "-o", (folder / "firmware.elf").string()});
  return command;
}

bool says_too_large(const std::string& words) {
  const auto holds = [&](const char* part) { return words.find(part) != std::string::npos; };
  return holds("overflowed by") && !holds("undefined reference") && !holds("multiple definition");
}

// An image that is too large for its regions is linked all the same, to be measured: the sections then just run on
// past the region's end (GNU ld manual, --noinhibit-exec).
void link(const fs::path& folder, const std::vector<Job>& jobs, const Board& board) {
  std::vector<std::string> command = link_command(folder, jobs, board);
  if (says_too_large(run_process(command).output)) command.push_back("-Wl,--noinhibit-exec");
  run_tool(command, folder / "firmware.elf");
}

void forget_former_build(const fs::path& folder) {
  fs::remove_all(folder / "objects");
  for (const char* name : {"firmware.elf", "firmware.bin", "firmware.map"}) fs::remove(folder / name);
  fs::create_directories(folder / "objects");
}

}  // namespace

fs::path start_up_folder(const Board& board) { return firmware_folder() / "cores" / core_of(board).start_up; }

std::vector<std::string> linker_script_flags(const Board& board) {
  const fs::path script = firmware_folder() / "boards" / board.id / (board.id + ".ld");
  return {"-T", script.string(), "-L", firmware_folder().string()};  // from there it includes its core's sections.ld
}

FirmwareImage build_firmware(const fs::path& folder, const EmittedInterface& emitted, const Board& board,
                             const FirmwareOptions& options) {
  forget_former_build(folder);
  const std::vector<Job> jobs = jobs_for(folder, emitted.name, board);
  compile_all(jobs, compiler_flags(folder, emitted, board, options));
  link(folder, jobs, board);
  const fs::path elf = folder / "firmware.elf";
  run_tool({"arm-none-eabi-objcopy", "-O", "binary", elf.string(), (folder / "firmware.bin").string()}, elf);
  FirmwareImage image = measure(elf, board, defined_names(jobs[0].object), compiler_frames(folder / "objects"));
  image.emitted = emitted;
  return image;
}

}  // namespace dragonet
