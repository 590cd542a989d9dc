#include "data/edge_impulse_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "data/dataset.h"

using namespace dragonet;
using nlohmann::json;

namespace {

json entry(const std::string& path, const std::string& category, const json& label) {
  return {{"path", path}, {"name", path}, {"category", category}, {"label", label}, {"metadata", json::object()}};
}

json one(const std::string& label) { return {{"type", "label"}, {"label", label}}; }

/// Its files lie in the folder, eight that train and three that test of each of two labels.
json export_in(const fs::path& folder) {
  json files = json::array();
  for (const std::string label : {"walk", "run"})
    for (int i = 0; i < 11; ++i) {
      const std::string part = i < 8 ? "training" : "testing", path = fmt::format("{}/{}.{}.csv", part, label, i);
      write_file(folder / path, "t_ms,x\n0,1\n10,2\n20,1\n");
      files.push_back(entry(path, part, one(label)));
    }
  return files;
}

void write_list(const fs::path& folder, const json& files) {
  write_file(folder / export_list, json{{"version", 1}, {"files", files}}.dump());
}

std::string notes_of(const Dataset& dataset) {
  std::string all;
  for (const std::string& note : dataset.notes) all += note + "\n";
  return all;
}

}  // namespace

TEST_CASE("an export of Edge Impulse has the labels and the split of its list") {
  const TemporaryFolder folder;
  write_list(folder.path(), export_in(folder.path()));
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == std::vector<std::string>{"run", "walk"});
  REQUIRE(dataset.samples.size() == 22);
  const Split split = split_of(dataset, group_folds(dataset, 5, 1), 0);
  CHECK(split.test.size() == 6);
  for (const int i : split.test) CHECK(*dataset.samples[i].path.begin() == "testing");
  CHECK_THAT(notes_of(dataset), Catch::Contains("are those of info.labels"));
}

TEST_CASE("what the list does not label, switches off or names in vain is left out with a note") {
  const TemporaryFolder folder;
  json files = export_in(folder.path());
  files[0]["label"] = {{"type", "unlabeled"}};
  files[1]["enabled"] = false;
  files.push_back(entry("training/gone.csv", "training", one("walk")));
  files.push_back(entry("../../etc/passwd", "training", one("walk")));
  write_file(folder.path() / "training/other.csv", "t_ms,x\n0,1\n10,2\n");
  write_list(folder.path(), files);
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.samples.size() == 20);
  CHECK_THAT(notes_of(dataset), Catch::Contains("walk.0.csv: has no label in the list") &&
                                    Catch::Contains("walk.1.csv: is switched off") &&
                                    Catch::Contains("and 1 more: is in the list and not in the folder") &&
                                    Catch::Contains("other.csv: is in the folder and not in the list"));
}

TEST_CASE("a recording with several labels gives a sample for each of their ranges") {
  const TemporaryFolder folder;
  json files = export_in(folder.path());
  files[0]["label"] = {{"type", "multi-label"},
                       {"labels",
                        {{{"label", "walk"}, {"startIndex", 0}, {"endIndex", 0}},
                         {{"label", "run"}, {"startIndex", 1}, {"endIndex", 2}}}}};
  write_list(folder.path(), files);
  const Dataset dataset = scan_samples(folder.path(), {});
  REQUIRE(dataset.samples.size() == 23);
  const auto part = std::ranges::find_if(dataset.samples, [&](const Sample& sample) {
    return sample.path == "training/walk.0.csv" && dataset.labels[sample.label] == "run";
  });
  REQUIRE(part != dataset.samples.end());
  CHECK(part->first_s == Approx(0.01));
  CHECK(part->last_s == Approx(0.03));
}

TEST_CASE("a list that is none, or labels nothing, is refused with what to do") {
  const TemporaryFolder folder;
  write_file(folder.path() / export_list, "{}");
  CHECK_THROWS_WITH(scan_samples(folder.path(), {}), Catch::Contains("info.labels: it lists no files"));
  write_list(folder.path(), json::array({entry("training/a.jpg", "training", {{"type", "unlabeled"}})}));
  CHECK_THROWS_WITH(scan_samples(folder.path(), {}), Catch::Contains("none of its 1 files has a label"));
  write_file(folder.path() / export_list, std::string(100000, '['));
  CHECK_THROWS_WITH(scan_samples(folder.path(), {}), Catch::Contains("nested deeper than 16 levels"));
}
