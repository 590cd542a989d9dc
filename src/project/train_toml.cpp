#include "project/train_toml.h"

#include <fmt/format.h>

#include "project/settings_toml.h"
#include "project/toml_section.h"

namespace dragonet {

static const std::vector<std::string> schedules{"cosine", "constant"};
static const std::vector<std::string> qat_words{"automatic", "always", "never"};

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

void read_training(const toml::table& root, const std::string& file, TrainSettings& settings) {
  Section train(root, "train", file);
  read_train(train, settings);
  train.refuse_others();
  std::visit([&](auto& of_kind) { read_settings(root, "augment", file, of_kind); }, settings.augmentation);
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

std::string training_toml(const TrainSettings& s) {
  using fmt::arg;
  return fmt::format(train_text, arg("epochs", s.epochs), arg("patience", s.patience), arg("batch", s.batch),
                     arg("learning_rate", s.learning_rate),
                     arg("schedule", schedules[static_cast<std::size_t>(s.schedule)]), arg("warm_up", s.warm_up),
                     arg("weight_decay", s.weight_decay), arg("label_smoothing", s.label_smoothing),
                     arg("mixup", s.mixup), arg("ema", s.ema), arg("class_weights", s.class_weights),
                     arg("qat", qat_words[static_cast<std::size_t>(s.qat)]), arg("qat_epochs", s.qat_epochs),
                     arg("seed", s.seed), arg("threads", s.threads)) +
         "\n[augment]                # at random, for every sample in every epoch\n" +
         std::visit([](const auto& of_kind) { return settings_text(of_kind); }, s.augmentation);
}

}  // namespace dragonet
