#include "data/sample_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "data/dataset.h"

using namespace dragonet;

namespace {

void make_files(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) write_file(folder / name, "");
}

std::vector<std::string> paths_of(const Dataset& dataset) {
  std::vector<std::string> paths;
  for (const Sample& sample : dataset.samples) paths.push_back(sample.path.generic_string());
  return paths;
}

std::string notes_of(const Dataset& dataset) {
  std::string all;
  for (const std::string& note : dataset.notes) all += note + "\n";
  return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("links out of the folder, loops, pipes and devices are left out and told, and refuse nothing") {
  const TemporaryFolder outside, home;
  make_files(outside.path(), {"secret", "more/deep"});
  const fs::path samples = home.path() / "s";
  make_files(samples, {"cat/1", "cat/2", "dog/1"});
  fs::create_symlink(outside.path() / "secret", samples / "cat/link");
  fs::create_symlink("1", samples / "cat/again");  // within the folder
  fs::create_directory_symlink(outside.path(), samples / "bird");
  fs::create_directory_symlink(samples, samples / "dog/up");
  fs::create_symlink("loop", samples / "loop");
  fs::create_symlink("gone", samples / "dog/dead");
  fs::create_symlink("/dev/zero", samples / "dog/zero");
  REQUIRE(::mkfifo((samples / "dog/pipe").c_str(), 0600) == 0);
  const Dataset dataset = scan_samples(samples, {});
  CHECK(dataset.labels == Strings{"cat", "dog"});
  CHECK(paths_of(dataset) == Strings{"cat/1", "cat/2", "cat/again", "dog/1"});
  CHECK_THAT(notes_of(dataset),
             Catch::Contains("left out: cat/link and 1 more: a link out of the folder; put a copy") &&
                 Catch::Contains("left out: bird and 1 more: a link to a folder") &&
                 Catch::Contains("left out: loop and 1 more: a link that leads nowhere") &&
                 Catch::Contains("left out: dog/pipe: a pipe or a device"));
}

TEST_CASE("folders whose names say that they are no label are left out, but not the one of noise") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"yes/1", "no/1", "_continuous/1", "_unlabelled/1", "Unlabeled/1", "@eaDir/1", "__MACOSX/1",
                             "_background_noise_/1"});
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == Strings{"no", "silence", "yes"});
  CHECK_THAT(notes_of(dataset), Catch::Contains("and 4 more: a folder whose name says that it is no label"));
}

TEST_CASE("train and test with folders of labels are a split and no labels") {
  const TemporaryFolder folder;
  Strings names;
  for (const char* label : {"cat", "dog"})
    for (int i = 0; i < 8; ++i) {
      names.push_back("train/" + std::string(label) + "/" + std::to_string(i));
      if (i < 3) names.push_back("test/" + std::string(label) + "/" + std::to_string(i));
    }
  make_files(folder.path(), names);
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == Strings{"cat", "dog"});
  CHECK(dataset.samples.size() == 22);
  CHECK_THAT(notes_of(dataset), Catch::Contains("training and testing are as the folders say"));
  const Split split = split_of(dataset, group_folds(dataset, 5, 1), 0);
  CHECK(split.test.size() == 6);
  CHECK(split.train.size() + split.validation.size() == 16);
  for (const int i : split.test) CHECK(*dataset.samples[i].path.begin() == "test");
}

TEST_CASE("a name with a control character is refused, since terminals obey them") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"cat/1", "d\033[2Jog/1"});
  CHECK_THROWS_WITH(scan_samples(folder.path(), {}), Catch::Contains("its name holds a control character"));
  const TemporaryFolder loose;
  write_file(loose.path() / "a.csv", "t_ms,x,label\n0,1,a\n10,2,a\n20,1,b\x07\n30,2,b\x07\n");
  CHECK_THROWS_WITH(scan_samples(loose.path(), {}), Catch::Contains("the label holds a control character"));
}

TEST_CASE("a folder that may not be read is left out and told") {
  if (::geteuid() == 0) return;  // root may read everything
  const TemporaryFolder folder;
  make_files(folder.path(), {"cat/1", "dog/1", "dog/locked/2"});
  fs::permissions(folder.path() / "dog/locked", fs::perms::none);
  const Dataset dataset = scan_samples(folder.path(), {});
  fs::permissions(folder.path() / "dog/locked", fs::perms::owner_all);
  CHECK(paths_of(dataset) == Strings{"cat/1", "dog/1"});
  CHECK_THAT(notes_of(dataset), Catch::Contains("left out: dog/locked: a folder that may not be read"));
}
