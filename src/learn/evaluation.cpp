#include "learn/evaluation.h"

#include <fmt/format.h>

#include "board/fit.h"
#include "model/model_info.h"
#include "project/raw_samples.h"

namespace dragonet {

static BoardJudgement build_that_fits(const Model& int8, const Board& board, const fs::path& folder) {
  BoardJudgement result{.build = build_for_board(int8, board, folder)};
  if (std::vector<Problem> problems = fit_problems(result.build, board); !problems.empty())
    throw Refusal(std::move(problems));
  return result;
}

static BoardJudgement judge_on_board(const Model& int8, const Samples& samples, const Indices& test,
                                     const std::vector<Bytes>& reference_outputs, const Board& board,
                                     const fs::path& folder, const Observer& observer) {
  BoardJudgement result = build_that_fits(int8, board, folder);
  BoardSession session(result.build, board);
  const FeatureSettings settings = info_of(int8).features;
  std::vector<Bytes> outputs;
  Progress progress(observer, "on the virtual " + board.id, test.size());
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
                const fs::path& folder, const Observer& observer) {
  Judgement result{.real = answer(real, samples, test), .int8 = answer(int8, samples, test)};
  result.real_score = score_of(result.real, samples.dataset);
  result.int8_score = score_of(result.int8, samples.dataset);
  if (board) add_board(result, int8, samples, test, *board, folder, observer);
  return result;
}

void add_board(Judgement& judgement, const Model& int8, const Samples& samples, const Indices& test, const Board& board,
               const fs::path& folder, const Observer& observer) {
  judgement.board = judge_on_board(int8, samples, test, judgement.int8.outputs, board, folder, observer);
  judgement.board_score = score_of(judgement.board->answers, samples.dataset);
}

Interval random_split_claim(const Project& project, const Samples& samples, const Observer& observer) {
  const Split split = split_of(samples.dataset, random_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Trained trained =
      train_and_quantize(project, samples, split, random_start("again, with a careless random split"), observer);
  const Judgement judgement = judge(trained.real, trained.int8, samples, split.test, nullptr, {});
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
