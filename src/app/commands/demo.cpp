#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "app/command.h"
#include "app/create.h"
#include "app/demo_samples.h"
#include "app/judging.h"
#include "app/report_page.h"
#include "board/fit.h"
#include "board/memory_map.h"
#include "judge/text.h"

namespace dragonet {

/// "[3/6] train       what it did -> where its result lies"
static void tell_step(int number, const char* name, const std::string& what, const fs::path& where) {
  say(fmt::format("[{}/6] {:<11} {}\n                  -> {}", number, name, what, fs::relative(where).string()));
}

static fs::path preprocess(const fs::path& folder) {
  const fs::path pictures = folder / "pictures";
  say("making samples of the sprites of The Battle for Wesnoth (Debian's wesnoth-1.16-data, 146 MB the first time)");
  make_demo_samples(pictures, folder / "cache");
  const Dataset dataset = scan_samples(pictures, {});
  tell_step(1, "preprocess", fmt::format("{} pictures, cropped, on neutral grey", dataset.samples.size()), pictures);
  return pictures;
}

static Project create(const fs::path& folder, const fs::path& pictures) {
  const fs::path home = folder / "dragon_detector";
  if (!fs::exists(home))
    create_project({.name = home.string(),
                    .samples = pictures.string(),
                    .labels = {.positive = "dragon", .group = demo_group_pattern}});
  const Project project = read_project(home / "dragonet.toml");
  tell_step(2, "create",
            fmt::format("a project: {} x {} pixels, {} channels, for {}", project.image.width, project.image.height,
                        project.image.channels, project.board),
            home / "dragonet.toml");
  return project;
}

static void tell_training(const Trained& trained, const Run& run) {
  std::int64_t parameters = 0;
  for (const Tensor& tensor : trained.real.tensors)
    if (tensor.is_constant() && tensor.dtype == DType::float32) parameters += element_count(tensor.shape);
  tell_step(3, "train",
            fmt::format("{} parameters on {} pictures, best of {} epochs", parameters, trained.split.train.size(),
                        trained.history.size()),
            run.real_model());
  say(training_curves_text(trained.history));
}

static void tell_test(const Judgement& judgement, const Interval& random_split, const Run& run) {
  const Score& score = judgement.int8_score;
  tell_step(4, "test",
            fmt::format("knows {} (balanced) of {} pictures of {} units that it never saw",
                        percent(score.balanced_accuracy), judgement.real.answers.size(), score.groups),
            run.folder / "report.html");
  say(fmt::format(
      "      a careless random split would have claimed {}: near duplicates of its test pictures were in training",
      percent(random_split)));
}

static void tell_conversion(const Judgement& judgement, const Run& run) {
  tell_step(
      5, "convert",
      fmt::format("to int8: {} bytes; float knew {}, int8 knows {} (balanced)", fs::file_size(run.model()),
                  percent(judgement.real_score.balanced_accuracy), percent(judgement.int8_score.balanced_accuracy)),
      run.model());
}

static std::string board_text(const BoardJudgement& judged, const Judgement& judgement, const Board& board,
                              const std::vector<std::string>& labels) {
  const FirmwareImage& image = judged.build.image;
  return fmt::format("{}\n{}\n{}one inference: {}\n", memory_map_text(image, board, wants_color()),
                     layers_text(judged.build.emitted, judged.counts),
                     confusion_text(judgement.board_score->confusion, labels, {.colour = wants_color()}),
                     counts_text(judged.counts, board));
}

static void tell_board(const BoardJudgement& judged, const Board& board) {
  const std::size_t samples = judged.answers.answers.size();
  tell_step(6, "compile",
            fmt::format("{}; {} of {} outputs on the virtual {} equal the int8 reference, byte for byte",
                        use_text(judged.build.image), samples - judged.different, samples, board.id),
            judged.build.image.elf.parent_path());
}

static Outcome demo(const std::string& given) {
  const auto start = std::chrono::steady_clock::now();
  const fs::path folder = fs::absolute(given);
  const Project project = create(folder, preprocess(folder));
  const Board& board = find_board(project.board);
  const Samples samples = load_samples(project.samples_folder(), project.labels, project.image);

  const Split split = split_of(group_folds(samples.dataset, project.folds, project.train.seed), 0);
  const Trained trained = train_and_quantize(project, samples, split, "training");
  const Run run = next_run(project);
  save_run(run, project, samples, trained);
  tell_training(trained, run);

  Judgement judgement = judge(trained.real, trained.int8, samples, split.test, nullptr, {});
  const Interval random_split = random_split_claim(project, samples);
  tell_test(judgement, random_split, run);
  tell_conversion(judgement, run);

  add_board(judgement, trained.int8, samples, split.test, board, run.folder / board.id);
  tell_board(*judgement.board, board);
  write_report(run, project, samples, split.test, trained.int8, judgement, &board, read_record(run), random_split);

  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  Outcome outcome{.text = board_text(*judgement.board, judgement, board, samples.dataset.labels),
                  .status = judgement.board->different > 0};
  outcome.text += fmt::format("{:.0f} seconds. Look at {}; then go into {} and try `dragonet --help`.", seconds.count(),
                              fs::relative(run.folder / "report.html").string(), fs::relative(project.folder).string());
  outcome.json = image_json(judgement.board->build.image);
  outcome.json.update({{"int8", score_json(judgement.int8_score)},
                       {"board", score_json(*judgement.board_score)},
                       {"random_split", random_split.value},
                       {"equal", judgement.board->different == 0},
                       {"seconds", seconds.count()},
                       {"report", (run.folder / "report.html").string()}});
  return outcome;
}

void add_demo(CLI::App& app, Action& action) {
  auto folder = std::make_shared<std::string>("demo");
  CLI::App* command = app.add_subcommand("demo", "all six steps on the sprites of a game, ending on the virtual board");
  command->add_option("folder", *folder, "where to put everything")->capture_default_str();
  command->callback([=, &action] { action = [=] { return demo(*folder); }; });
}

}  // namespace dragonet
