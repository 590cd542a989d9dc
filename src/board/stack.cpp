// How much stack can a program take at most? Measuring a run shows what that run took; here the question is answered
// for every run, from the linked image itself, so that libgcc's helpers and assembly count like everything else.
//
// Each function is disassembled (stack_walk.cpp): how deep it pushes, whom it calls and how deep it is by then. The
// compiler's own word on frames (-fcallgraph-info=su) is a second witness: the larger of the two counts. The answer is
// the longest path through the graph of calls, which exists if nothing recurses or calls through a pointer.
//
// Exceptions are not in it: the firmware enables no interrupts, and after a fault there is no stack left to keep whole.
#include "board/stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "board/stack_walk.h"

namespace dragonet {
namespace {

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t start = text.find(before);
  if (start == std::string::npos) return "";
  const std::size_t end = text.find(after, start + before.size());
  return text.substr(start + before.size(), end - start - before.size());
}

// node: { title: "a.cpp:_ZL4leafi" label: "void leaf(int)\na.cpp:4:44\n80 bytes (static)" }; without a size where the
// function is only called from here. "dynamic,bounded" is as good as static; "dynamic" alone has no bound.
void add_frame(const std::string& line, const fs::path& file, Frames& frames, std::vector<Problem>& problems) {
  const std::string title = between(line, "title: \"", "\"");
  const std::size_t size = line.rfind(" bytes (");
  if (!line.starts_with("node:") || size == std::string::npos) return;
  const std::string name = title.substr(title.rfind(':') + 1);  // a local function's follows its file's
  if (line.compare(size, 16, " bytes (dynamic)") == 0)
    problems.push_back({fmt::format("{}, function {}", file.stem().string(), readable_name(name)),
                        "it takes stack by the size of its data, so that the stack's depth is unknown",
                        "use an array of fixed size instead of alloca"});
  std::uint32_t bytes = 0;
  std::from_chars(&line[line.rfind('n', size) + 1], &line[size], bytes);  // after the two characters \n
  frames[name] = std::max(frames[name], bytes);
}

void add_frames(const fs::path& file, Frames& frames, std::vector<Problem>& problems) {
  const std::string text = read_text(file);
  for (std::size_t start = 0, end; start < text.size(); start = end + 1) {
    end = std::min(text.find('\n', start), text.size());
    add_frame(text.substr(start, end - start), file, frames, problems);
  }
}

// The longest path from a function, depth first; `path` holds the functions that are being looked at.
class DeepestChain {
 public:
  DeepestChain(const Elf& elf, const Frames& frames) : elf_(elf), frames_(frames), walker_(elf) {}

  StackDepth from(const ElfSymbol& root) {
    const std::uint32_t bytes = depth_of(root);
    if (!problems_.empty()) throw Error(problems_);
    StackDepth deepest{.bytes = bytes, .chain = {}};
    for (const ElfSymbol* function = &root; function; function = done_.at(function).next)
      deepest.chain.push_back(fmt::format("{} {}", readable_name(function->name), done_.at(function).own_bytes));
    return deepest;
  }

 private:
  struct Found {
    std::uint32_t bytes = 0;          // with all that it calls
    std::uint32_t own_bytes = 0;      // when it calls `next`, or at most
    const ElfSymbol* next = nullptr;  // the callee on the deepest chain
  };

  std::uint32_t depth_of(const ElfSymbol& function) {
    if (const auto found = done_.find(&function); found != done_.end()) return found->second.bytes;
    if (is_recursion(function)) return 0;
    path_.push_back(&function);
    const Found found = look_at(function);
    path_.pop_back();
    return (done_[&function] = found).bytes;
  }

  Found look_at(const ElfSymbol& function) {
    const auto stated = frames_.find(function.name);
    const FunctionWalk walk = walker_.walk(function, stated != frames_.end());
    for (const std::string& what : walk.unknowns) report(function, what);
    const std::uint32_t frame = std::max(walk.frame_bytes, stated == frames_.end() ? 0 : stated->second);
    Found deepest{.bytes = frame, .own_bytes = frame, .next = nullptr};
    for (const Call& call : walk.calls) {
      const std::uint32_t own = call.is_tail ? call.depth.value_or(frame) : frame;
      const std::uint32_t bytes = own + depth_of(*call.callee);
      if (bytes > deepest.bytes) deepest = {.bytes = bytes, .own_bytes = own, .next = call.callee};
    }
    return deepest;
  }

  bool is_recursion(const ElfSymbol& function) {
    const auto first = std::find(path_.begin(), path_.end(), &function);
    if (first == path_.end()) return false;
    std::string circle;
    for (auto it = first; it != path_.end(); ++it) circle += readable_name((*it)->name) + " -> ";
    report(function, fmt::format("it calls itself ({}{}), so that the stack's depth is unknown", circle,
                                 readable_name(function.name)));
    return true;
  }

  void report(const ElfSymbol& function, const std::string& what) {
    problems_.push_back({fmt::format("{}, function {}", elf_.source, readable_name(function.name)), what,
                         "change the function: firmware calls by name, and never in a circle"});
  }

  const Elf& elf_;
  const Frames& frames_;
  StackWalker walker_;
  std::map<const ElfSymbol*, Found> done_;
  std::vector<const ElfSymbol*> path_;
  std::vector<Problem> problems_;
};

const ElfSymbol& function_named(const Elf& elf, const std::string& name) {
  for (const ElfSymbol& symbol : elf.symbols)
    if (symbol.is_function && symbol.name == name) return symbol;
  throw Error({elf.source, fmt::format("it has no function {}", name), "let the board's start-up code define it"});
}

}  // namespace

Frames compiler_frames(const fs::path& folder) {
  Frames frames;
  std::vector<Problem> problems;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".ci") add_frames(entry.path(), frames, problems);
  if (!problems.empty()) throw Error(problems);
  return frames;
}

Frames disassembled_frames(const Elf& elf) {
  StackWalker walker(elf);
  Frames frames;
  for (const ElfSymbol& symbol : elf.symbols)
    if (symbol.is_function) frames[symbol.name] = walker.walk(symbol, true).frame_bytes;
  return frames;
}

StackDepth deepest_stack(const Elf& elf, const Frames& frames, const std::string& root) {
  return DeepestChain(elf, frames).from(function_named(elf, root));
}

}  // namespace dragonet
