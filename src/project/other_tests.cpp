#include "project/other_tests.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "model/model.h"

namespace dragonet {

static OtherTest read_test(const fs::path& folder) {
  const Json json = Json::parse(read_text(folder / "test.json"));
  return {.samples = json.at("samples"),
          .tested = json.at("tested"),
          .sentence = json.at("sentence"),
          .scores = json.at("scores"),
          .folder = folder};
}

static std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> folders;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none))
    if (entry->is_directory(none)) folders.push_back(entry->path());
  std::ranges::sort(folders);
  return folders;
}

static std::vector<OtherTest> tests_in(const fs::path& all) {
  std::vector<OtherTest> tests;
  for (const fs::path& folder : folders_in(all)) try {
      tests.push_back(read_test(folder));
    } catch (const Error&) {
    } catch (const Json::exception&) {
    }
  return tests;
}

std::vector<OtherTest> other_tests(const Run& run) { return tests_in(run.folder / "tests"); }

std::vector<OtherTest> fold_tests(const fs::path& project) {
  std::vector<OtherTest> tests = tests_in(project / "folds");
  std::ranges::sort(tests, {}, &OtherTest::tested);
  return tests;
}

fs::path next_fold_test_folder(const fs::path& project) {
  int number = 1;
  while (fs::exists(project / "folds" / std::to_string(number))) ++number;
  return project / "folds" / std::to_string(number);
}

fs::path other_test_folder(const Run& run, const fs::path& samples) {
  const std::string given = fs::weakly_canonical(samples).string();
  for (const OtherTest& test : other_tests(run))
    if (test.samples == given) return test.folder;
  const std::string name = identifier_of(fs::path(given).filename().string());
  fs::path folder = run.folder / "tests" / name;
  for (int number = 2; fs::exists(folder); ++number) folder = run.folder / "tests" / fmt::format("{}-{}", name, number);
  return folder;
}

void save_other_test(const OtherTest& test) {
  write_file(
      test.folder / "test.json",
      json_text(
          {{"samples", test.samples}, {"tested", test.tested}, {"sentence", test.sentence}, {"scores", test.scores}}));
}

}  // namespace dragonet
