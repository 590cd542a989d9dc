#include "project/train_toml.h"

#include <fmt/format.h>

#include "project/toml_section.h"

namespace dragonet {

static const std::vector<std::string> schedules{"cosine", "constant"};
static const std::vector<std::string> qat_words{"automatic", "always", "never"};

static void make_gentle(ImageAugmentation& image) { image.flip = false, image.brightness = image.contrast = 0; }
static void make_gentle(SoundAugmentation& sound) { sound.gain_db = sound.mask_frames = sound.mask_bands = 0; }
static void make_gentle(MotionAugmentation& motion) { motion.stretch = motion.gain = 0; }

static Augmentation augmentation_of(const std::string& kind) {
  if (kind == "sound") return SoundAugmentation{};
  if (kind == "motion") return MotionAugmentation{};
  return ImageAugmentation{};
}

Augmentation default_augmentation(const std::string& kind, const Task& task) {
  Augmentation augmentation = augmentation_of(kind);
  if (gentle_augmentation(task)) std::visit([](auto& of_kind) { make_gentle(of_kind); }, augmentation);
  return augmentation;
}

/// Sounds are changed so much in every epoch that smaller steps and more of them pay: with 60 epochs of batches of 64,
/// spoken commands were known to 72 %, with these to 84 % (docs/results.md).
TrainSettings default_training(const std::string& kind, const Task& task) {
  TrainSettings settings;
  settings.augmentation = default_augmentation(kind, task);
  if (kind == "sound") settings.epochs = 150, settings.patience = 80, settings.batch = 32;
  return settings;
}

static void read_augmentation(Section& augment, ImageAugmentation& image) {
  augment.read("shift", image.shift, 0, 1);
  augment.read("flip", image.flip);
  augment.read("brightness", image.brightness, 0, 1);
  augment.read("contrast", image.contrast, 0, 1);
  augment.read("noise", image.noise, 0, 1);
}

static void read_augmentation(Section& augment, SoundAugmentation& sound) {
  augment.read("shift", sound.shift, 0, 1);
  augment.read("gain_db", sound.gain_db, 0, 60);
  augment.read("noise", sound.noise, 0, 1);
  augment.read("least_snr_db", sound.least_snr_db, -60, 100);
  augment.read("most_snr_db", sound.most_snr_db, sound.least_snr_db, 100);
  augment.read("mask_frames", sound.mask_frames, 0, 1);
  augment.read("mask_bands", sound.mask_bands, 0, 1);
}

static void read_augmentation(Section& augment, MotionAugmentation& motion) {
  augment.read("shift", motion.shift, 0, 1);
  augment.read("stretch", motion.stretch, 0, 0.9);
  augment.read("gain", motion.gain, 0, 1);
  augment.read("noise", motion.noise, 0, 1);
  augment.read("rotation", motion.rotation, 0, 180);
}

static void read_train(Section& train, TrainSettings& s) {
  train.read("epochs", s.epochs, 1, 100000);
  train.read("patience", s.patience, 1, 100000);
  train.read("batch", s.batch, 1, 4096);
  train.read("learning_rate", s.learning_rate, 1e-9, 10);
  train.read_word("schedule", s.schedule, schedules);
  train.read("warm_up", s.warm_up, 0, 100000);
  train.read("weight_decay", s.weight_decay, 0, 10);
  train.read("label_smoothing", s.label_smoothing, 0, 0.5);
  train.read("mixup", s.mixup, 0, 10);
  train.read("ema", s.ema, 0, 0.99999);
  train.read("class_weights", s.class_weights);
  train.read_word("qat", s.qat, qat_words);
  train.read("qat_epochs", s.qat_epochs, 1, 100000);
  train.read("seed", s.seed, 0);
  train.read("threads", s.threads, 0, 1024);
}

void read_training(const toml::table& root, const std::string& file, const std::string& kind, TrainSettings& settings) {
  Section train(root, "train", file);
  read_train(train, settings);
  train.refuse_others();
  if (const Augmentation own = augmentation_of(kind); own.index() != settings.augmentation.index())
    settings.augmentation = own;
  Section augment(root, "augment", file);
  std::visit([&](auto& of_kind) { read_augmentation(augment, of_kind); }, settings.augmentation);
  augment.refuse_others();
}

static constexpr const char* train_text = R"([train]
epochs = {epochs}          # at most
patience = {patience}        # stop after so many epochs that were no better
batch = {batch}
learning_rate = {learning_rate}
schedule = "{schedule}"  # of the learning rate after its rise: cosine, falling to the end, or constant
warm_up = {warm_up}          # epochs in which the learning rate rises, at most a tenth of all
weight_decay = {weight_decay}
label_smoothing = {label_smoothing} # how much of the truth is shared with the other classes: keeps scores modest
mixup = {mixup}            # blends samples by shares of Beta(mixup, mixup), 0.2 say; 0: never
ema = {ema}              # the model kept is a moving average of the weights with this decay, 0.99 say; 0: the weights
class_weights = {class_weights} # each class weighs the same, however many samples it has
qat = "{qat}"      # quantization-aware training afterwards: automatic, where int8 loses accuracy; always; never
qat_epochs = {qat_epochs}
seed = {seed}             # makes a run repeat
threads = {threads}          # 0: all cores
)";

static std::string text_of(const ImageAugmentation& image) {
  return fmt::format(R"(
[augment]            # at random, for every picture in every epoch
shift = {}          # at most this fraction of the width, either way
flip = {}          # left to right
brightness = {}    # at most, either way; 1 is from black to white
contrast = {}
noise = {}         # standard deviation
)",
                     image.shift, image.flip, image.brightness, image.contrast, image.noise);
}

static std::string text_of(const SoundAugmentation& sound) {
  return fmt::format(R"(
[augment]            # at random, for every sound in every epoch
shift = {}          # in time, at most this fraction of the window, either way
gain_db = {}          # louder or softer by at most so much
noise = {}          # this share of the sounds gets background noise
least_snr_db = {}     # by how much the sound is louder than that noise
most_snr_db = {}
mask_frames = {}    # at most this fraction of the frames is hidden, and of the bands
mask_bands = {}
)",
                     sound.shift, sound.gain_db, sound.noise, sound.least_snr_db, sound.most_snr_db, sound.mask_frames,
                     sound.mask_bands);
}

static std::string text_of(const MotionAugmentation& motion) {
  return fmt::format(R"(
[augment]            # at random, for every recording in every epoch
shift = {}          # in time, at most this fraction of the window, either way
stretch = {}        # faster or slower by at most this fraction
gain = {}           # stronger or weaker by at most this fraction
noise = {}         # standard deviation, as a fraction of each axis' own
rotation = {}        # degrees, at most, about any axis: another grip
)",
                     motion.shift, motion.stretch, motion.gain, motion.noise, motion.rotation);
}

std::string training_toml(const TrainSettings& s) {
  using fmt::arg;
  return fmt::format(train_text, arg("epochs", s.epochs), arg("patience", s.patience), arg("batch", s.batch),
                     arg("learning_rate", s.learning_rate),
                     arg("schedule", schedules[static_cast<std::size_t>(s.schedule)]), arg("warm_up", s.warm_up),
                     arg("weight_decay", s.weight_decay), arg("label_smoothing", s.label_smoothing),
                     arg("mixup", s.mixup), arg("ema", s.ema), arg("class_weights", s.class_weights),
                     arg("qat", qat_words[static_cast<std::size_t>(s.qat)]), arg("qat_epochs", s.qat_epochs),
                     arg("seed", s.seed), arg("threads", s.threads)) +
         std::visit([](const auto& of_kind) { return text_of(of_kind); }, s.augmentation);
}

}  // namespace dragonet
