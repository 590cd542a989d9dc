#pragma once

#include <new>
#include <string>
#include <vector>

#include "base/error.h"
#include "features/features.h"
#include "model/network.h"
#include "project/raw_samples.h"
#include "train/train.h"

namespace dragonet {

/// A kind of sample: what a project of it reads, how that becomes a model's input, and what it begins with. What the
/// chip computes is apart from it (features/settings.h, compile/emit_features.h). docs/add-a-kind.md says how to add
/// one.
struct Kind {
  std::string name;               // "image": dragonet.toml, --kind, the model's metadata
  std::string files;              // "pictures (PNG, JPEG, BMP)", for messages
  FeatureSettings settings;       // of the kind, at their defaults
  Augmentation augmentation;      // likewise
  AnswerSettings answers;         // of a chip that listens; not used where readings_of(settings) has no axes
  bool listens = false;           // readings come in time, and recordings are listened to as a whole
  bool takes_rate = false;        // recordings may have no times, so that somebody must say their rate
  bool rows_stand_alone = false;  // windows of one file have nothing to do with each other: each is a group
  LabelledRanges own_labels = labelled_readings;  // of files in the samples' folder itself

  /// To begin with, from a look at some of the samples; `dataset` may be empty. Broken ones are for `data` to name.
  /// `rate_hz`: of recordings without times; 0: all have some. Throws Error: no sample of the kind among them.
  FeatureSettings (*default_features)(const Dataset& dataset, double rate_hz);
  /// For input [height, width, channels] and a score for each label.
  Network (*default_network)(int height, int width, int channels, int labels);
  /// For anomalies: what is measured of input [height, width, channels], and its Whitening.
  Network (*default_statistics)(int height, int width, int channels);
  /// Changes what TrainSettings has for all kinds; null: nothing.
  void (*default_training)(TrainSettings& settings);
  /// Fits augmentation to what the features are; null: nothing.
  void (*fit)(const FeatureSettings& features, Augmentation& augmentation);
  /// Takes what would change the numbers of a regression, or make what is normal an anomaly, out of augmentation.
  void (*keep_numbers)(Augmentation& augmentation);
  /// Every window of a file. Throws Error for a file that is none of the kind.
  RawSample (*raw_sample)(const fs::path& path, const Sample& sample, const Bytes& file,
                          const FeatureSettings& settings);
  /// The whole recording at the settings' rate; null where it does not listen.
  Readings (*whole_recording)(const fs::path& path, const FeatureSettings& settings);
  /// What a report shows of a sample: a file that a browser knows as a picture; null: its features, drawn.
  Bytes (*picture)(const fs::path& path, std::span<const std::int8_t> features, const FeatureSettings& settings);
};

const std::vector<const Kind*>& kinds();
std::vector<std::string> kind_names();

/// Throws Error, naming the nearest, where there is none of this name.
const Kind& find_kind(const std::string& name);
const Kind& kind_of(const FeatureSettings& settings);  // which must be of a kind

/// What a report shows of a sample of any kind.
Bytes sample_picture(const fs::path& path, std::span<const std::int8_t> features, const FeatureSettings& settings);

TrainSettings default_training(const Kind& kind, const Task& task);

// --- For the kinds' own files

/// None of a dataset's samples could be read: why not, of the first few.
[[noreturn]] void refuse_samples(const Dataset& dataset, std::size_t looked_at, std::vector<Problem> problems);

/// At most `most` of the dataset's files, spread over all labels, as `read` gives them; what cannot be read is left
/// out. Throws Error if that is all of them.
template <typename Read>
auto some_examples(const Dataset& dataset, std::size_t most, Read read) {
  std::vector<decltype(read(dataset.samples[0]))> examples;
  std::vector<Problem> problems;
  std::size_t looked_at = 0;
  const std::size_t step = dataset.samples.size() / most + 1;
  for (std::size_t i = 0; i < dataset.samples.size(); i += step, ++looked_at) try {
      examples.push_back(read(dataset.samples[i]));
    } catch (const Error& error) {
      problems.insert(problems.end(), error.problems.begin(), error.problems.end());
    } catch (const std::bad_alloc&) {
      problems.push_back({dataset.samples[i].path.string(), "there is not enough memory to read it", "cut it"});
    }
  if (examples.empty() && !problems.empty()) refuse_samples(dataset, looked_at, std::move(problems));
  return examples;
}

}  // namespace dragonet
