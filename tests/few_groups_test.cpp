// What is said where a test has few groups: the program itself.
#include <set>

#include "small_project.h"

using namespace dragonet;
using namespace dragonet::testing;
using nlohmann::json;

TEST_CASE("a test on too few groups says that it cannot know, and training recommends the command that can") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 30);  // six groups, of which the test has one or two
  const json trained = json_of(project, "train");
  CHECK(trained["advice"].get<std::string>().find("`dragonet test --leave-one-group-out` tests on all") !=
        std::string::npos);
  const ProcessResult tested = dragonet_in(project, "test");
  CHECK(tested.output.find("(cannot know: only ") != std::string::npos);
  CHECK(tested.output.find("`dragonet test --leave-one-group-out`") != std::string::npos);
  CHECK(json_of(project, "test")["int8"]["balanced_accuracy"]["low"].is_null());
  CHECK(dragonet_in(project, "runs").output.find(" % (cannot know)") != std::string::npos);
  CHECK(dragonet_in(project, "runs 1").output.find(" % (cannot know: too few groups)") != std::string::npos);
  CHECK(read_text(project / "runs/1/report.html").find("(cannot know: only ") != std::string::npos);

  const json all = json_of(project, "test --leave-one-group-out");
  CHECK(all["folds"].size() == 6);
  CHECK(all["groups"] == 6);
  CHECK(all["samples"] == 48);
  CHECK(all["int8"]["balanced_accuracy"]["low"] <= all["int8"]["balanced_accuracy"]["value"]);
  CHECK(read_text(all["report"].get<std::string>()).find("6 models, one a fold") != std::string::npos);
  const json answers = json::parse(read_text(project / "folds/1/answers.json"));
  REQUIRE(answers.size() == 48);
  std::set<std::string> samples, groups_with_folds;
  int right = 0;
  for (const json& answer : answers) {
    samples.insert(answer["sample"].get<std::string>());
    groups_with_folds.insert(answer["group"].get<std::string>() + " in " + answer["fold"].dump());
    right += answer["truth"] == answer["answer"];
  }
  CHECK(samples.size() == 48);
  CHECK(groups_with_folds.size() == 6);  // each group in a fold of its own
  CHECK(right / 48.0 == Approx(all["int8"]["accuracy"].get<double>()));
  const json listed = json_of(project, "runs");
  REQUIRE(listed["folds"].size() == 1);
  CHECK(listed["folds"][0]["samples"] == "6 folds");
  CHECK(listed["folds"][0]["scores"]["groups"] == 6);
  CHECK(dragonet_in(project, "runs").output.find("6 folds (") != std::string::npos);
}

TEST_CASE("each of two groups can be left out, where training alone wants three") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 8, 2);  // g0 and g1
  const json refused = json_of(project, "train", 2);
  CHECK(refused["error"]["problems"][0]["next"].get<std::string>().find("--leave-one-group-out` makes do with two") !=
        std::string::npos);
  const json tested = json_of(project, "test --leave-one-group-out");
  CHECK(tested["folds"].size() == 2);
  CHECK(tested["samples"] == 16);
  CHECK(tested["groups"] == 2);
  CHECK(tested["int8"]["recall"][0]["unknown"] == "only 2 groups");
}
