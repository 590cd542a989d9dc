#pragma once

#include <cstdio>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/process.h"

namespace dragonet::testing {

struct OpenedPage {
  std::string text;                     // the document as the browser understood it, among the browser's own messages
  std::vector<std::string> complaints;  // lines of the console: script errors, what the page's policy forbids
};

/// The page as Chromium opens it, without a window. None, and a loud line on stderr, where there is no Chromium.
inline std::optional<OpenedPage> open_in_chromium(const fs::path& page) {
  const TemporaryFolder profile;
  // No sandbox: it does not start as root, and the page is our own.
  const ProcessResult result =
      run_process({"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                   "--enable-logging=stderr", "--user-data-dir=" + profile.path().string(),
                   "--virtual-time-budget=2000", "--dump-dom", "file://" + fs::absolute(page).string()});
  if (result.status == 127) {
    std::fprintf(stderr, "SKIPPED: Chromium is not installed, so no browser has opened %s\n", page.c_str());
    return std::nullopt;
  }
  OpenedPage opened{.text = result.output, .complaints = {}};
  const std::regex complaint(":CONSOLE[:(][^\n]*");
  for (std::sregex_iterator at(opened.text.begin(), opened.text.end(), complaint), end; at != end; ++at)
    opened.complaints.push_back(at->str());
  return opened;
}

}  // namespace dragonet::testing
