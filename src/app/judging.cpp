#include "app/judging.h"

#include <fmt/format.h>

#include "app/recordings.h"
#include "base/progress.h"
#include "board/fit.h"
#include "model/model_info.h"

namespace dragonet {

static BoardJudgement build_that_fits(const Model& int8, const Board& board, const fs::path& folder) {
  BoardJudgement result{.build = build_for_board(int8, board, folder)};
  if (std::vector<Problem> problems = fit_problems(result.build, board); !problems.empty())
    throw Refusal(std::move(problems));
  return result;
}

static BoardJudgement judge_on_board(const Model& int8, const Samples& samples, const Indices& test,
                                     const std::vector<Bytes>& reference_outputs, const Board& board,
                                     const fs::path& folder) {
  BoardJudgement result = build_that_fits(int8, board, folder);
  BoardSession session(result.build, board);
  const FeatureSettings settings = info_of(int8).features;
  std::vector<Bytes> outputs;
  Progress progress("on the virtual " + board.id, test.size());
  for (std::size_t i = 0; i < test.size(); ++i) {
    const Sample& sample = samples.dataset.samples[test[i]];
    outputs.push_back(
        session.infer_raw(raw_sample(samples.dataset.folder, sample, settings).windows.at(sample.window)));
    if (i == 0) result.counts = session.board().counts();
    if (outputs.back() != reference_outputs[i]) ++result.different;
    progress.update(i + 1);
  }
  result.stack_used = session.stack_used();
  result.answers = answers_of(int8, samples, test, std::move(outputs));
  return result;
}

Judgement judge(const Model& real, const Model& int8, const Samples& samples, const Indices& test, const Board* board,
                const fs::path& folder) {
  Judgement result{.real = answer(real, samples, test), .int8 = answer(int8, samples, test)};
  result.real_score = score_of(result.real, samples.dataset);
  result.int8_score = score_of(result.int8, samples.dataset);
  if (board) add_board(result, int8, samples, test, *board, folder);
  return result;
}

void add_board(Judgement& judgement, const Model& int8, const Samples& samples, const Indices& test, const Board& board,
               const fs::path& folder) {
  judgement.board = judge_on_board(int8, samples, test, judgement.int8.outputs, board, folder);
  judgement.board_score = score_of(judgement.board->answers, samples.dataset);
}

Interval random_split_claim(const Project& project, const Samples& samples) {
  const Split split = split_of(samples.dataset, random_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Trained trained = train_and_quantize(project, samples, split, "again, with a careless random split");
  const Judgement judgement = judge(trained.real, trained.int8, samples, split.test, nullptr, {});
  return std::get<Score>(judgement.int8_score).balanced_accuracy;
}

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
                    {"macs", layer.macs},
                    {"instructions", count.instructions},
                    {"cycles", count.cycles},
                    {"wait_cycles", count.wait_cycles}});
  }
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
  std::string text = fmt::format("{:<28} {:>12} {:>10} {:>10} {:>12} {:>12} {:>11}\n", "layer", "output", "constants",
                                 "MACs", "instructions", "cycles", "flash waits");
  for (const EmittedLayer& layer : emitted.layers) {
    if (layer.function.empty()) continue;
    const Count count = count_of(counts, layer.function);
    text += fmt::format("{:<28} {:>12} {:>10} {:>10} {:>12} {:>12} {:>11}\n", layer.function, text_of(layer.shape),
                        layer.constant_bytes, layer.macs, count.instructions, count.cycles, count.wait_cycles);
  }
  return text;
}

}  // namespace dragonet
