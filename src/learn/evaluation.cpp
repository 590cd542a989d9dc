#include "learn/evaluation.h"

#include <fmt/format.h>

#include <chrono>

#include "board/fit.h"
#include "board/host_program.h"
#include "compile/edges.h"
#include "judge/input_vectors.h"
#include "model/model_info.h"
#include "project/raw_samples.h"

namespace dragonet {

/// As many as run in some seconds, of most models.
static constexpr std::size_t samples_on_board = 40;

static BoardJudgement build_that_fits(const Model& int8, const BoardTest& on) {
  BoardJudgement result{.build = build_for_board(int8, *on.board, on.folder)};
  if (std::vector<Problem> problems = fit_problems(result.build, *on.board); !problems.empty())
    throw Refusal(std::move(problems));
  return result;
}

/// The outputs of all samples by the code that is compiled for this machine.
static std::vector<Bytes> outputs_on_host(const Model& int8, const EmittedModel& emitted, const Samples& samples,
                                          const Indices& test) {
  const TemporaryFolder folder;
  const fs::path program = build_host_program(emitted, folder.path());
  Bytes inputs;
  for (const int sample : test) {
    const std::span<const std::int8_t> features = samples.features_of(sample);
    inputs.insert(inputs.end(), features.begin(), features.end());
  }
  const Bytes outputs = run_host_program(program, inputs);
  const std::size_t bytes = outputs.size() / test.size();
  std::vector<Bytes> each;
  for (std::size_t i = 0; i < test.size(); ++i)
    each.push_back(outer_output(int8, std::span(outputs).subspan(i * bytes, bytes)));
  return each;
}

/// How long it will take is known after the first sample.
static void tell_duration(std::size_t samples, std::chrono::steady_clock::time_point start, const BoardTest& on,
                          const Observer& observer) {
  const std::chrono::duration<double> one = std::chrono::steady_clock::now() - start;
  const double all = one.count() * static_cast<double>(samples);
  if (all > on.told_from_s)
    observer.say(fmt::format("{} samples on the virtual {} will take about {:.0f} s", samples, on.board->id, all));
}

/// Those of `chosen`, places in `test`, take the place of the outputs that are there.
static void run_on_board(BoardJudgement& result, const Model& int8, const Samples& samples, const Indices& test,
                         const std::vector<std::size_t>& chosen, const BoardTest& on, std::vector<Bytes>& outputs,
                         const Observer& observer) {
  BoardSession session(result.build, *on.board);
  const FeatureSettings settings = info_of(int8).features;
  Progress progress(observer, "on the virtual " + on.board->id, chosen.size());
  const auto start = std::chrono::steady_clock::now();
  for (const std::size_t i : chosen) {
    const Sample& sample = samples.dataset.samples[test[i]];
    outputs[i] = session.infer_raw(raw_sample(samples.dataset.folder, sample, settings).windows.at(sample.window));
    if (result.on_board == 0) {
      result.counts = session.board().counts();
      tell_duration(chosen.size(), start, on, observer);
    }
    progress.update(++result.on_board);
  }
  result.stack_used = session.stack_used();
}

static BoardJudgement judge_on_board(const Model& int8, const Samples& samples, const Indices& test,
                                     const std::vector<Bytes>& reference_outputs, const BoardTest& on,
                                     const Observer& observer) {
  BoardJudgement result = build_that_fits(int8, on);
  const bool all = on.all || test.size() <= samples_on_board;
  std::vector<Bytes> outputs =
      all ? std::vector<Bytes>(test.size()) : outputs_on_host(int8, result.build.emitted, samples, test);
  run_on_board(result, int8, samples, test, spread(test.size(), all ? test.size() : samples_on_board), on, outputs,
               observer);
  for (std::size_t i = 0; i < outputs.size(); ++i) result.different += outputs[i] != reference_outputs[i];
  result.answers = answers_of(int8, samples, test, std::move(outputs));
  return result;
}

Judgement judge(const Model& real, const Model& int8, const Samples& samples, const Indices& test,
                const BoardTest& on_board, const Observer& observer) {
  Judgement result{.real = answer(real, samples, test), .int8 = answer(int8, samples, test)};
  result.real_score = score_of(result.real, samples.dataset);
  result.int8_score = score_of(result.int8, samples.dataset);
  if (on_board.board) add_board(result, int8, samples, test, on_board, observer);
  return result;
}

void add_board(Judgement& judgement, const Model& int8, const Samples& samples, const Indices& test,
               const BoardTest& on_board, const Observer& observer) {
  judgement.board = judge_on_board(int8, samples, test, judgement.int8.outputs, on_board, observer);
  judgement.board_score = score_of(judgement.board->answers, samples.dataset);
}

Interval random_split_claim(const Project& project, const Samples& samples, const Observer& observer) {
  const Split split = split_of(samples.dataset, random_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Trained trained =
      train_and_quantize(project, samples, split, random_start("again, with a careless random split"), observer);
  const Judgement judgement = judge(trained.real, trained.int8, samples, split.test);
  return std::get<Score>(judgement.int8_score).balanced_accuracy;
}

void take_training(RunSummary& summary, const Trained& trained, const Judgement& judgement) {
  summary.state = "finished";
  summary.from = trained.initial_weights.model;
  summary.epochs = static_cast<int>(trained.history.size());
  summary.model_hash = info_of(trained.int8).model_hash;
  summary.real = run_measures(judgement.real_score);
  summary.int8 = run_measures(judgement.int8_score);
}

}  // namespace dragonet
