// Long work tells an observer how far it is, and never prints: a bar in a terminal, a widget in a notebook and an event
// in a browser are three observers.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dragonet {

/// Where a piece of work stands.
struct ProgressReport {
  std::string what;      // "reading samples"
  std::size_t done = 0;  // of total; 0 of 0: its length is not known
  std::size_t total = 0;
  std::string note = {};                                     // "validation: 91 % right"
  std::vector<std::pair<std::string, double>> figures = {};  // of an epoch of training: "train_loss" and the like
};

/// Called on the thread that called the work. What is left out is not asked.
struct Observer {
  std::function<void(const ProgressReport&)> progress = {};
  std::function<void(const std::string&)> remark = {};  // a sentence: what was done, or left out, and why
  std::function<bool()> wants_stop = {};                // asked after every epoch; true: keep the best so far and end

  void say(const std::string& sentence) const {
    if (remark) remark(sentence);
  }
  bool asks_to_stop() const { return wants_stop && wants_stop(); }
};

/// One piece of work, of a length that is known.
class Progress {
 public:
  /// `observer` must outlive it.
  Progress(const Observer& observer, std::string what, std::size_t total)
      : observer_(observer), report_{.what = std::move(what), .total = total} {}
  void update(std::size_t done, const std::string& note = {},
              std::vector<std::pair<std::string, double>> figures = {}) {
    if (!observer_.progress) return;
    report_.done = done, report_.note = note, report_.figures = std::move(figures);
    observer_.progress(report_);
  }

 private:
  const Observer& observer_;
  ProgressReport report_;
};

}  // namespace dragonet
