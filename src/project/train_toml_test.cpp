#include "project/train_toml.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "project/kinds.h"

using namespace dragonet;
using Catch::Contains;

static TrainSettings settings_of(const std::string& text, const std::string& kind) {
  TrainSettings settings{.augmentation = find_kind(kind).augmentation};
  read_training(toml::parse(text), "dragonet.toml", settings);
  return settings;
}

static std::string refusal(const std::string& text, const std::string& kind = "image") try {
  settings_of(text, kind);
  return "";
} catch (const Error& error) {
  return error.what();
}

TEST_CASE("training settings are written as they are read, for each kind of project with its own augmentation") {
  TrainSettings settings{.schedule = LearningSchedule::constant, .warm_up = 0.5, .mixup = 0.2, .ema = 0.99};
  settings.qat = Qat::never;
  for (const std::string& kind : kind_names()) {
    settings.augmentation = find_kind(kind).augmentation;
    const std::string text = training_toml(settings);
    const TrainSettings read = settings_of(text, kind);
    CHECK(training_toml(read) == text);
    CHECK(read.schedule == LearningSchedule::constant);
    CHECK(read.ema == 0.99);
    CHECK(read.qat == Qat::never);
  }
  const auto sound = std::get<SoundAugmentation>(settings_of("[augment]\ngain_db = 12\n", "sound").augmentation);
  CHECK(sound.gain_db == 12);
  CHECK(sound.shift == SoundAugmentation{}.shift);
}

TEST_CASE("a word that is none of a setting's is refused with those that are, and so is another kind's setting") {
  CHECK_THAT(refusal("[train]\nschedule = \"cosin\"\n"),
             Contains("line 2, column 12") && Contains("did you mean cosine? There are cosine, constant"));
  CHECK_THAT(refusal("[train]\nqat = true\n"), Contains("train.qat has a value of the wrong type"));
  CHECK_THAT(refusal("[augment]\nflip = true\n", "sound"), Contains("the setting augment.flip is not known"));
  CHECK_THAT(refusal("[augment]\nleast_snr_db = 20\nmost_snr_db = 10\n", "sound"),
             Contains("most_snr_db is 10, not 20"));
}
