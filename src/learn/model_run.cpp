#include "learn/model_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "board/bare_image.h"
#include "board/build.h"
#include "board/costs.h"
#include "board/host_program.h"
#include "board/load.h"
#include "compile/edges.h"
#include "compile/emit_layers.h"
#include "judge/board_answers.h"
#include "judge/text.h"
#include "learn/raw_inputs.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "ops/near.h"
#include "project/kinds.h"

namespace dragonet {

/// What ran, wherever it ran.
struct Ran {
  Bytes outputs;
  std::size_t vectors = 0;
  std::optional<BoardBuild> build;
  Counts counts;                 // of vector 0
  std::uint64_t cycles_max = 0;  // over all vectors
  std::uint32_t stack_used = 0;
  std::size_t recordings = 0, scored_alone = 0;  // that were listened to; that were too short for a steady answer
  Load slowest;                                  // of the latter
};

/// Before it runs, where the number of vectors is known: a virtual board takes its time.
static void check_expected_size(const RunOptions& options, std::size_t bytes, std::size_t vectors) {
  if (options.expect.empty()) return;
  if (const std::size_t found = read_bytes(options.expect).size(); found != bytes)
    throw Error({options.expect, fmt::format("holds {} bytes, and the outputs are {}", found, bytes),
                 fmt::format("give the raw outputs of {} inference(s), back to back", vectors)});
}

static void append(Bytes& all, const Bytes& part) { all.insert(all.end(), part.begin(), part.end()); }

/// One inference, and what it cost.
template <typename Infer>
static void run_one(Ran& ran, BoardSession& session, Infer infer) {
  session.board().clear_counts();
  append(ran.outputs, infer());
  const Counts counts = session.board().counts();
  if (ran.vectors++ == 0) ran.counts = counts;
  ran.cycles_max = std::max(ran.cycles_max, counts.inference.cycles);
  ran.stack_used = session.stack_used();
}

static Ran run_inputs_on_board(const RunOptions& options, const Model& model, const Board& board,
                               const fs::path& folder, const Observer& observer) {
  const std::vector<Bytes> inputs = options.inputs.empty() ? std::vector<Bytes>{Bytes(bytes_of(model, model.inputs))}
                                                           : read_raw_inputs(options.inputs, model);
  check_expected_size(options, inputs.size() * bytes_of(model, model.outputs), inputs.size());
  Ran ran{.build = build_for_board(model, board, folder, options.optimize)};
  if (auto problems = fit_problems(*ran.build, board); !problems.empty()) throw Refusal(std::move(problems));
  BoardSession session(*ran.build, board);
  Progress progress(observer, "on the virtual " + board.id, inputs.size());
  for (const Bytes& input : inputs) {
    if (options.resets) session.reset();
    run_one(ran, session, [&] { return outer_output(model, session.infer(inner_input(model, input))); });
    progress.update(ran.vectors);
  }
  return ran;
}

static std::string load_text(const Load& load, const Board& board) {
  std::string text = fmt::format("features take {:.1f} % of real time", 100 * load.features);
  if (load.model > 0) text += fmt::format(", the model {:.1f} %", 100 * load.model);
  if (!load.keeps_up())
    text += fmt::format(
        ": {} cannot keep up; raise answers.every_samples to {:.1f} times as many, or make the network "
        "smaller",
        board.name, load.too_often());
  return text;
}

/// What is shorter than a window is padded as for training.
static Readings at_least_a_window(Readings readings, const fs::path& file, const FeatureSettings& settings) {
  if (readings.values.size() >= window_values(settings)) return readings;
  return std::get<Readings>(raw_sample("", {.path = file}, settings).windows.at(0));
}

static void tell_answer(Outcome& outcome, const std::string& answer, const std::string& about) {
  outcome.text += fmt::format("{:<18} {}\n", answer, about);
}

/// A recording, reading by reading, and what was heard in it.
static void listen_to(const fs::path& file, Ran& ran, BoardSession& session, const Model& model, const Board& board,
                      Outcome& outcome) {
  const ModelInfo info = info_of(model);
  const double rate_hz = rate_of(info.features);
  const Readings readings = at_least_a_window(whole_recording(file, info.features), file, info.features);
  const double seconds = static_cast<double>(readings.values.size()) / readings.axes / rate_hz;
  session.board().clear_counts();
  const std::vector<Heard> heard = session.listen(readings);
  const Counts counts = of_one_inference(session.board().counts(), heard.size());
  ++ran.recordings;
  for (const Heard& answer : heard) append(ran.outputs, answer.outputs);
  if (ran.vectors == 0) ran.counts = counts;
  ran.vectors += heard.size();
  ran.cycles_max = std::max(ran.cycles_max, counts.inference.cycles);
  ran.stack_used = session.stack_used();
  const Listened answers = listened(model, heard, readings);
  const Load load = load_of(counts, heard, seconds, rate_hz, board);
  outcome.json["heard"].push_back({{"file", file.string()},
                                   {"seconds", seconds},
                                   {"features_load", load.features},
                                   {"model_load", load.model},
                                   {"keeps_up", load.keeps_up()}});
  outcome.json["heard"].back().update(answers.json);
  if (answers.is_short) {
    tell_answer(outcome, answers.text, file.string());
    ++ran.scored_alone;
    ran.slowest = std::max(ran.slowest, load,
                           [](const Load& a, const Load& b) { return a.features + a.model < b.features + b.model; });
  } else {
    outcome.text += fmt::format("{}: {:.2f} s, {} inferences; {}\n{}", file.string(), seconds, heard.size(),
                                load_text(load, board), answers.text);
  }
}

/// What the recordings that were too short for a steady answer have in common.
static std::string alone_text(const Ran& ran, const Model& model, const Board& board) {
  if (ran.scored_alone == 0) return "";
  const AnswerSettings rules = info_of(model).answers;
  return fmt::format(
      "too short for the chip's steady answer, of {} inferences or more (answers.average {}, answers.debounce {}): "
      "{} of {} recordings; above is the model's own answer, of the mean of their scores\n{}\n",
      rules.average + rules.debounce, rules.average, rules.debounce, ran.scored_alone, ran.recordings,
      load_text(ran.slowest, board));
}

/// A picture, or every row of a table.
static void look_at(const fs::path& file, Ran& ran, BoardSession& session, const Model& model, const Board&,
                    Outcome& outcome) {
  const FeatureSettings settings = info_of(model).features;
  const std::vector<Raw> windows = raw_sample("", {.path = file}, settings).windows;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    run_one(ran, session, [&] { return session.infer_raw(windows[i]); });
    const std::size_t bytes = ran.outputs.size() / ran.vectors;
    BoardAnswer answer = board_answer(model, std::span(ran.outputs).last(bytes), features_of(windows[i], settings));
    const std::string row = windows.size() > 1 ? fmt::format(", row {}", i + 1) : "";
    tell_answer(outcome, answer.text, file.string() + row);
    answer.json["file"] = file.string();
    if (windows.size() > 1) answer.json["row"] = i + 1;
    outcome.json["answers"].push_back(std::move(answer.json));
  }
}

/// The files of --samples: those of a folder, or the one that it names.
static std::vector<fs::path> sample_files(const fs::path& given) {
  return fs::is_regular_file(given) ? std::vector<fs::path>{given} : files_below(given);
}

static Ran run_samples_on_board(const RunOptions& options, const Model& model, const Board& board,
                                const fs::path& folder, Outcome& outcome, const Observer& observer) {
  if (!has_features(model))
    throw Error({model.source, "is not an int8 model with features, so it cannot take recordings",
                 "give its own tensors with --inputs, or the int8 model"});
  Ran ran{.build = build_for_board(model, board, folder, options.optimize)};
  if (auto problems = fit_problems(*ran.build, board); !problems.empty()) throw Refusal(std::move(problems));
  BoardSession session(*ran.build, board);
  const Kind& kind = kind_of(info_of(model).features);
  const std::vector<fs::path> files = sample_files(options.samples);
  Progress progress(observer, "on the virtual " + board.id, files.size());
  std::size_t done = 0;
  for (const fs::path& file : files) try {
      progress.update(++done);
      (kind.listens ? listen_to : look_at)(file, ran, session, model, board, outcome);
    } catch (const Error& error) {
      observer.say(std::string("skipped: ") + error.what());
    }
  const BoardAnswer explained = explanation(model);
  outcome.text += alone_text(ran, model, board) + explained.text;
  outcome.json.update(explained.json);
  if (ran.vectors == 0) throw Error({options.samples, "holds nothing that the model could take", "give " + kind.files});
  check_expected_size(options, ran.outputs.size(), ran.vectors);
  return ran;
}

static Ran run_inputs_on_host(const RunOptions& options, const Model& model, const fs::path& folder) {
  if (options.inputs.empty())
    throw Error({"--host", "has nothing to run", "give raw input tensors with --inputs FILE"});
  const std::vector<Bytes> inputs = read_raw_inputs(options.inputs, model);
  check_expected_size(options, inputs.size() * bytes_of(model, model.outputs), inputs.size());
  const fs::path program = build_host_program(compile_model(model, {options.optimize}), folder);
  Bytes all;
  for (const Bytes& input : inputs) append(all, inner_input(model, input));
  const Bytes outputs = run_host_program(program, all, options.resets);
  Ran ran{.vectors = inputs.size()};
  const std::size_t bytes = outputs.size() / ran.vectors;
  for (std::size_t at = 0; at < outputs.size(); at += bytes)
    append(ran.outputs, outer_output(model, std::span(outputs).subspan(at, bytes)));
  return ran;
}

/// The first difference of one inference, in words; empty if there is none.
static std::string difference(const Model& model, std::span<const std::uint8_t> actual,
                              std::span<const std::uint8_t> expected) {
  for (const int t : model.outputs) {
    const Tensor& tensor = model.tensors[t];
    if (!is_near(tensor, actual.first(tensor.bytes()), expected.first(tensor.bytes()))) {
      const auto ours = stored_values(tensor, actual), theirs = stored_values(tensor, expected);
      const std::size_t i = std::ranges::mismatch(ours, theirs).in1 - ours.begin();
      return fmt::format("{}, value {}: {} instead of {}", one_line(tensor.name), i, ours[i], theirs[i]);
    }
    actual = actual.subspan(tensor.bytes()), expected = expected.subspan(tensor.bytes());
  }
  return "";
}

static std::string difference(const Model& model, const Ran& ran, const Bytes& expected) {
  const std::size_t bytes = expected.size() / ran.vectors;
  for (std::size_t v = 0; v < ran.vectors; ++v)
    if (const std::string different = difference(model, std::span(ran.outputs).subspan(v * bytes, bytes),
                                                 std::span(expected).subspan(v * bytes, bytes));
        !different.empty())
      return fmt::format("vector {}, output {}", v, different);
  return "";
}

static void tell_board(Outcome& outcome, const Ran& ran, const Board& board, bool layers) {
  const Counts& counts = ran.counts;
  outcome.json.update(image_json(ran.build->image));
  outcome.json["optimize"] = name_of(ran.build->emitted.optimize);
  outcome.json["instructions"] = counts.inference.instructions;
  outcome.json["cycles"] = counts.inference.cycles;
  outcome.json["cycles_max"] = ran.cycles_max;
  outcome.json["wait_cycles"] = counts.inference.wait_cycles;
  outcome.json["ms"] = milliseconds(counts.inference, board);
  outcome.json["feature_instructions"] = counts.features.instructions;
  outcome.json["stack_used"] = ran.stack_used;
  outcome.json["layers"] = layers_json(ran.build->emitted, counts);
  if (layers) outcome.text += layers_text(ran.build->emitted, counts);
  outcome.text += fmt::format("one inference: {}\n", counts_text(counts, board));
  outcome.text += fmt::format("{}; deepest stack seen {} B\n", use_text(ran.build->image), ran.stack_used);
}

/// Floats are as expected within ops/near.h's tolerance, everything else byte for byte.
static std::string exactness(const Model& model) {
  const auto is_real = [&](int t) { return model.tensors[t].dtype == DType::float32; };
  if (!std::ranges::any_of(model.outputs, is_real)) return "byte for byte";
  return fmt::format("within {} of the largest value", real_tolerance);
}

static void check_expected(Outcome& outcome, const RunOptions& options, const Model& model, const Ran& ran) {
  if (!options.outputs.empty()) write_file(options.outputs, ran.outputs);
  if (options.expect.empty()) return;
  const std::string different = difference(model, ran, read_bytes(options.expect));
  outcome.json["equal"] = different.empty();
  outcome.status = !different.empty();
  if (!different.empty()) outcome.json["first_difference"] = different;
  outcome.text += different.empty() ? fmt::format("all {} outputs are as expected, {}\n", ran.vectors, exactness(model))
                                    : "differs: " + different + "\n";
}

/// Somebody's program, none of ours: docs/virtual-board.md says what it may count on.
Outcome run_image(const fs::path& image, const Board& board) {
  const BareRun ran = run_bare(read_elf(image), board);
  Outcome outcome{.json = {{"image", image.string()},
                           {"board", board.id},
                           {"printed", ran.printed},
                           {"exit_status", ran.exit_status},
                           {"instructions", ran.count.instructions},
                           {"cycles", ran.count.cycles},
                           {"wait_cycles", ran.count.wait_cycles},
                           {"ms", milliseconds(ran.count, board)},
                           {"stack_used", ran.stack_used}}};
  outcome.text = ran.printed + (ran.printed.empty() || ran.printed.ends_with('\n') ? "" : "\n");
  outcome.text += fmt::format("exit status {}; {}; deepest stack seen {} B\n", ran.exit_status,
                              count_text(ran.count, board), ran.stack_used);
  outcome.status = ran.exit_status != 0;
  return outcome;
}

Outcome run_on_host(const Model& model, const RunOptions& options) {
  const TemporaryFolder folder;
  const Ran ran = run_inputs_on_host(options, model, folder.path());
  Outcome outcome{.text = fmt::format("{} inference(s) on this machine\n", ran.vectors),
                  .json = {{"model", model.source}, {"board", "host"}, {"vectors", ran.vectors}}};
  check_expected(outcome, options, model, ran);
  return outcome;
}

Outcome run_on_board(const Model& model, const Board& board, const RunOptions& options, const Observer& observer) {
  const TemporaryFolder folder;
  Outcome outcome;
  const Ran ran = options.samples.empty()
                      ? run_inputs_on_board(options, model, board, folder.path(), observer)
                      : run_samples_on_board(options, model, board, folder.path(), outcome, observer);
  outcome.json.update({{"model", model.source}, {"board", board.id}, {"vectors", ran.vectors}});
  tell_board(outcome, ran, board, options.layers);
  check_expected(outcome, options, model, ran);
  return outcome;
}

}  // namespace dragonet
