#include "judge/capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "base/error.h"
#include "base/process.h"
#include "compile/emit_layers.h"
#include "ops/emit.h"

namespace dragonet {
namespace {

/// A row of a tensor, complete once its layer's step `step` has run.
struct CompleteRow {
  int node, step, tensor;
  std::size_t in_tensor, in_arena, bytes;
};

std::size_t place_of_row(const std::vector<std::size_t>& places, std::size_t row, std::size_t row_bytes) {
  return places.size() > 1 ? places[row] : places[0] + row * row_bytes;
}

/// A layer makes a row in each step, or, where it keeps sums, all of its output in the last.
std::vector<CompleteRow> complete_rows(const Model& model, const MemoryPlan& plan) {
  std::map<int, int> steps;
  for (const Step& step : plan.steps) ++steps[step.node];
  std::vector<CompleteRow> rows;
  for (const Node& node : model.nodes)
    for (const int t : node.outputs) {
      if (!steps.contains(node.index)) continue;
      const auto [count, bytes] = rows_of(model.tensors[t]);
      for (int row = 0; row < count; ++row)
        rows.push_back({.node = node.index,
                        .step = steps[node.index] == count ? row : steps[node.index] - 1,
                        .tensor = t,
                        .in_tensor = row * bytes,
                        .in_arena = place_of_row(plan.places[t], row, bytes),
                        .bytes = bytes});
    }
  std::ranges::stable_sort(rows, {}, [](const CompleteRow& row) { return std::pair(row.node, row.step); });
  return rows;
}

void keep_row(TensorBytes& tensors, const Model& model, const CompleteRow& row, const std::uint8_t* bytes) {
  Bytes& tensor = tensors[row.tensor];
  tensor.resize(model.tensors[row.tensor].bytes());
  std::copy(bytes, bytes + row.bytes, tensor.begin() + static_cast<std::ptrdiff_t>(row.in_tensor));
}

// --- On this machine

constexpr const char* walk_text = R"(
struct CompleteRow {{ unsigned layer, step, place, bytes; }};
static const CompleteRow complete_rows[] = {{ {rows} }};
enum {{ complete_row_count = {count} }};

// The row's number, then its bytes.
static void capture(const {name}::Model& model, unsigned layer, unsigned step, FILE* out) {{
  for (unsigned i = 0; i < complete_row_count; ++i) {{
    const CompleteRow& row = complete_rows[i];
    if (row.layer != layer || row.step != step) continue;
    fwrite(&i, sizeof i, 1, out);
    fwrite(model.arena + row.place, row.bytes, 1, out);
  }}
}}

// As feed_row goes through the schedule, with a look at each row.
static void infer(const {name}::Input* input, FILE* out) {{
  using namespace {name};
  static {name}::Model model;
  begin(model);
  for (unsigned run = 0; run < runs; ++run) {{
    model.run = run;
    for (int i = schedule[run].rows; i > 0; --i) {{
      const unsigned layer = schedule[run].layer, step = model.next_row[layer];
      if (layer != 0) {{
        make_row(model, layer);
        capture(model, layer, step, out);
      }} else {{
        const uint32_t bytes = next_row_bytes(model);
        take_row(model, input);
        input += bytes / sizeof(Input);
      }}
    }}
  }}
}}

int main(int, char** arguments) {{
  static {name}::Input input[{name}::input_bytes / sizeof({name}::Input)];
  FILE* const in = fopen(arguments[1], "rb");
  FILE* const out = fopen(arguments[2], "wb");
  if (!in || !out) return 2;
  const unsigned end = complete_row_count;
  while (fread(input, sizeof input, 1, in) == 1) {{
    infer(input, out);
    fwrite(&end, sizeof end, 1, out);
  }}
  return fclose(out) ? 2 : 0;
}}
)";

std::string program_text(const EmittedModel& emitted, const Model& model, const std::vector<CompleteRow>& rows) {
  const std::map<int, int> numbers = layer_numbers(model);
  std::string list;
  for (const CompleteRow& row : rows)
    list += fmt::format("{{{},{},{},{}}},", numbers.at(row.node), row.step, row.in_arena, row.bytes);
  return fmt::format("#include <stdio.h>\n#include \"{}.cpp\"\n", emitted.interface.name) +
         fmt::format(walk_text, fmt::arg("rows", list), fmt::arg("count", rows.size()),
                     fmt::arg("name", emitted.interface.name));
}

void run_or_throw(const std::vector<std::string>& command, const std::string& next) {
  const ProcessResult result = run_process(command);
  if (result.status != 0)
    throw Error({command[0], fmt::format("exit status {}: {}", result.status, result.output.substr(0, 2000)), next});
}

Captured parse_captured(const Bytes& bytes, const Model& model, const std::vector<CompleteRow>& rows) {
  Captured captured;
  TensorBytes tensors(model.tensors.size());
  for (std::size_t at = 0; at + 4 <= bytes.size();) {
    std::uint32_t number = 0;
    std::memcpy(&number, &bytes[at], 4);
    at += 4;
    if (number >= rows.size() || at + rows[number].bytes > bytes.size()) {
      captured.push_back(tensors);
      tensors.assign(model.tensors.size(), {});
      continue;
    }
    keep_row(tensors, model, rows[number], &bytes[at]);
    at += rows[number].bytes;
  }
  return captured;
}

// --- On the virtual board

std::uint32_t address_of_model(const BoardBuild& build) {
  for (const Symbol& symbol : build.image.symbols)
    if (!symbol.is_function && unqualified(symbol.name) == firmware_object::model) return symbol.address;
  throw Error({build.image.elf.string(), fmt::format("has no object `{}`", firmware_object::model),
               "build it anew with `dragonet compile`"});
}

/// Which row comes next of which layer: as the firmware counts them, from the beginning of an inference.
class BoardCapture {
 public:
  BoardCapture(const BoardBuild& build, const Board& board, const Model& model)
      : model_(model),
        rows_(complete_rows(model, build.emitted.plan)),
        arena_(address_of_model(build) - board.ram.base) {
    for (const Node& node : model.nodes)
      if (const std::string& function = build.emitted.layers[node.index].function; !function.empty())
        nodes_[function] = node.index;
  }

  void begin() {
    steps_.clear();
    tensors_.assign(model_.tensors.size(), {});
  }
  const TensorBytes& tensors() const { return tensors_; }

  void layer_ended(const std::string& layer, std::span<const std::uint8_t> ram) {
    const auto node = nodes_.find(layer);
    if (node == nodes_.end()) return;
    const auto place = [](const CompleteRow& row) { return std::pair(row.node, row.step); };
    for (const CompleteRow& row : std::ranges::equal_range(rows_, std::pair(node->second, steps_[layer]++), {}, place))
      if (arena_ + row.in_arena + row.bytes <= ram.size()) keep_row(tensors_, model_, row, &ram[arena_ + row.in_arena]);
  }

 private:
  const Model& model_;
  const std::vector<CompleteRow> rows_;
  const std::size_t arena_;  // in RAM
  std::map<std::string, int> nodes_, steps_;
  TensorBytes tensors_;
};

}  // namespace

Captured capture_on_host(const EmittedModel& emitted, const Model& model, std::span<const Bytes> inputs,
                         const fs::path& folder) {
  const std::vector<CompleteRow> rows = complete_rows(model, emitted.plan);
  const fs::path own = folder / "capture";  // no model's name is there
  const fs::path source = own / "main.cpp", program = own / "program", in = own / "in", out = own / "out";
  write_emitted(emitted, folder);
  write_file(source, program_text(emitted, model, rows));
  run_or_throw(
      {"g++", "-std=gnu++11", "-O2", "-w", "-fno-exceptions", "-fno-rtti", "-I", folder, source, "-o", program},
      "Debian's package g++ has the compiler; if it is there, this is a fault of Dragonet's");
  Bytes all;
  for (const Bytes& input : inputs) all.insert(all.end(), input.begin(), input.end());
  write_file(in, all);
  run_or_throw({program, in, out}, "this is a fault of Dragonet's: please report it with the model");
  return parse_captured(read_bytes(out), model, rows);
}

Captured capture_on_board(const BoardBuild& build, const Board& board, const Model& model,
                          std::span<const Bytes> inputs, std::vector<Bytes>& outputs,
                          const std::function<void(std::size_t)>& on_vector) {
  BoardCapture capture(build, board, model);
  BoardSession session(build, without_waits(board));
  session.board().on_layer_end(
      [&](const std::string& layer, std::span<const std::uint8_t> ram) { capture.layer_ended(layer, ram); });
  Captured captured;
  for (const Bytes& input : inputs) {
    capture.begin();
    outputs.push_back(session.infer(input));
    captured.push_back(capture.tensors());
    if (on_vector) on_vector(captured.size());
  }
  return captured;
}

}  // namespace dragonet
