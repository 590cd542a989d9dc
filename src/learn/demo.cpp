#include "learn/demo.h"

#include <fmt/format.h>

#include <chrono>

#include "board/memory_map.h"
#include "judge/text.h"
#include "learn/advice.h"
#include "learn/run_report.h"
#include "learn/train_run.h"
#include "project/demo_samples.h"
#include "project/new_project.h"
#include "project/run_log.h"

namespace dragonet {

/// "[3/6] train       what it did -> where its result lies"
static void tell_step(const Observer& observer, int number, const char* name, const std::string& what,
                      const fs::path& where) {
  observer.say(
      fmt::format("[{}/6] {:<11} {}\n                  -> {}", number, name, what, fs::relative(where).string()));
}

static fs::path preprocess(const fs::path& folder, const Observer& observer) {
  const fs::path pictures = folder / "pictures";
  observer.say(
      "making samples of the sprites of The Battle for Wesnoth (Debian's wesnoth-1.16-data, 146 MB the first time)");
  make_demo_samples(pictures, folder / "cache", observer);
  const Dataset dataset = scan_samples(pictures, {});
  tell_step(observer, 1, "preprocess", fmt::format("{} pictures, cropped, on neutral grey", dataset.samples.size()),
            pictures);
  return pictures;
}

static Project create(const fs::path& folder, const fs::path& pictures, const Observer& observer) {
  const fs::path home = folder / "dragon_detector";
  if (!fs::exists(home))
    create_project({.name = home.string(),
                    .samples = pictures.string(),
                    .labels = {.positive = "dragon", .group = demo_group_pattern}});
  const Project project = read_project(home / "dragonet.toml");
  const FeatureShape shape = shape_of(project.features);
  tell_step(observer, 2, "create",
            fmt::format("a project: {} x {} pixels, {} channels, for {}", shape.width, shape.height, shape.channels,
                        project.board),
            home / "dragonet.toml");
  return project;
}

static void tell_training(const Trained& trained, const Run& run, const Observer& observer) {
  std::int64_t parameters = 0;
  for (const Tensor& tensor : trained.real.tensors)
    if (tensor.is_constant() && tensor.dtype == DType::float32) parameters += element_count(tensor.shape);
  tell_step(observer, 3, "train",
            fmt::format("{} parameters on {} pictures, best of {} epochs", parameters, trained.split.train.size(),
                        trained.history.size()),
            run.real_model());
  observer.say(training_curves_text(trained.history));
}

static void tell_test(const Judgement& judgement, const Interval& random_split, const Run& run,
                      const Observer& observer) {
  const Score& score = std::get<Score>(judgement.int8_score);
  tell_step(observer, 4, "test",
            fmt::format("knows {} (balanced) of {} pictures of {} units that it never saw",
                        percent(score.balanced_accuracy), judgement.real.outputs.size(), score.groups),
            run.folder / "report.html");
  if (const std::string more = random_split_text(score.balanced_accuracy, random_split); !more.empty())
    observer.say("      " + more);
  if (const std::string loss = int8_loss_text(judgement.real_score, judgement.int8_score); !loss.empty())
    observer.say("      " + loss);
}

static void tell_conversion(const Judgement& judgement, const Run& run, const Observer& observer) {
  tell_step(observer, 5, "convert",
            fmt::format("to int8: {} bytes; float knew {}, int8 knows {} (balanced)", fs::file_size(run.model()),
                        percent(std::get<Score>(judgement.real_score).balanced_accuracy),
                        percent(std::get<Score>(judgement.int8_score).balanced_accuracy)),
            run.model());
}

static void tell_board(const BoardJudgement& judged, const Board& board, const Observer& observer) {
  const std::size_t samples = judged.answers.outputs.size();
  tell_step(observer, 6, "compile",
            fmt::format("{}; {} of {} outputs on the virtual {} equal the int8 reference, byte for byte",
                        use_text(judged.build.image), samples - judged.different, samples, board.id),
            judged.build.image.elf.parent_path());
}

/// Steps 3 to 5, which are the run.
static void train_and_judge(const Project& project, JudgedRun& judged, RunSummary& summary, const Observer& observer) {
  const Split split = first_split(project, judged.samples);
  const Trained trained = train_and_quantize(project, judged.samples, split, random_start("training"), observer);
  save_run(judged.run, project, record_of(trained, project, judged.samples), trained.real, trained.int8);
  tell_training(trained, judged.run, observer);

  judged.test = split.test;
  judged.int8 = trained.int8;
  judged.judgement = judge(trained.real, trained.int8, judged.samples, split.test);
  take_training(summary, trained, judged.judgement);
  judged.random_split = random_split_claim(project, judged.samples, observer);
  tell_test(judged.judgement, *judged.random_split, judged.run, observer);
  tell_conversion(judged.judgement, judged.run, observer);
}

static void compile_and_load(JudgedRun& judged, const Board& board, const Observer& observer) {
  judged.board = &board;
  add_board(judged.judgement, judged.int8, judged.samples, judged.test,
            {.board = &board, .folder = judged.run.folder / board.id, .all = true}, observer);
  record_board(judged.run, judged.judgement.board->build.image, board, observer);
  tell_board(*judged.judgement.board, board, observer);
}

static std::string demo_text(const JudgedRun& judged, bool color) {
  const BoardJudgement& on_board = *judged.judgement.board;
  return fmt::format(
      "{}\n{}\n{}one inference: {}\n", memory_map_text(on_board.build.image, *judged.board, color),
      layers_text(on_board.build.emitted, on_board.counts),
      confusion_text(std::get<Score>(*judged.judgement.board_score), judged.samples.dataset.labels, {.colour = color}),
      counts_text(on_board.counts, *judged.board));
}

static Json demo_json(const JudgedRun& judged) {
  const Judgement& judgement = judged.judgement;
  Json json = image_json(judgement.board->build.image);
  json.update({{"int8", score_json(judgement.int8_score)},
               {"board", score_json(*judgement.board_score)},
               {"random_split", judged.random_split->value},
               {"equal", judgement.board->different == 0}});
  return json;
}

Outcome run_demo(const fs::path& given, bool color, const Observer& observer) {
  const auto start = std::chrono::steady_clock::now();
  const fs::path folder = fs::absolute(given);
  const Project project = create(folder, preprocess(folder, observer), observer);
  JudgedRun judged{.run = next_run(project),
                   .samples = load_samples(project.samples_folder(), project.labels, project.features,
                                           project.cache_folder(), observer)};
  const auto train = [&](RunSummary& summary) { train_and_judge(project, judged, summary, observer); };
  record_run(judged.run, project, judged.samples, train, observer);
  compile_and_load(judged, find_board(project.board), observer);
  const fs::path page = write_report(project, judged);

  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  Outcome outcome{
      .text = demo_text(judged, color), .json = demo_json(judged), .status = judged.judgement.board->different > 0};
  outcome.text += fmt::format("{:.0f} seconds. Look at {}; then go into {} and try `dragonet --help`.", seconds.count(),
                              fs::relative(page).string(), fs::relative(project.folder).string());
  outcome.json.update({{"seconds", seconds.count()}, {"report", page.string()}});
  return outcome;
}

}  // namespace dragonet
