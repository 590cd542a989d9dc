#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/leftovers.h"

namespace dragonet {
namespace {

constexpr std::int64_t most_read_bytes = std::int64_t{1} << 31;

std::string words_of(int error) { return std::generic_category().message(error); }

const char* advice(int error) {
  switch (error) {
    case ENOENT:
      return "check the spelling";
    case ENOSPC:
    case EDQUOT:
      return "the disk is full: make room and try again; what was saved before is whole";
    case EACCES:
    case EPERM:
      return "check the permissions of the file and its folder";
    case EROFS:
      return "this disk is read-only: choose another folder";
    case EISDIR:
      return "this is a folder: name a file";
    case ENOTDIR:
      return "a part of this path is a file: choose another folder";
    default:
      return "check the disk and the path";
  }
}

[[noreturn]] void fail(const fs::path& path, const char* doing, int error) {
  throw Error({path.string(), fmt::format("cannot {}: {}", doing, words_of(error)), advice(error)});
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool close() { return number < 0 || ::close(std::exchange(number, -1)) == 0; }

  int number;
};

bool write_all(int descriptor, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Where bytes shall really go: through links, so that a linked file stays linked. Renaming over a device would lose it.
fs::path target_of(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored))
    throw Error({path.string(), "cannot write: this is no regular file", "name a file"});
  const fs::path target = fs::weakly_canonical(path, ignored);
  return target.empty() ? path : target;
}

void make_folder_of(const fs::path& file) {
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  if (error) fail(file.parent_path(), "make this folder", error.value());
}

// In bytes. A device may never end, and a pipe may never begin.
std::size_t size_of_regular(const fs::path& path, int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) fail(path, "read", errno);
  if (S_ISDIR(status.st_mode)) fail(path, "read", EISDIR);
  if (!S_ISREG(status.st_mode))
    throw Error({path.string(), "cannot read: this is a device or a pipe", "name a regular file"});
  if (status.st_size > most_read_bytes)
    throw Error({path.string(),
                 fmt::format("cannot read: it holds {:.1f} GB, and {} GB are the most",
                             static_cast<double>(status.st_size) / (1 << 30), most_read_bytes >> 30),
                 "cut it into parts"});
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

Bytes read_bytes(const fs::path& path) {
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);  // opening a pipe would wait for its writer
  if (file.number < 0) fail(path, "read", errno);
  Bytes bytes;
  bytes.reserve(size_of_regular(path, file.number) + 1);  // growing step by step would take twice as much
  for (std::uint8_t part[65536];;) {
    const ssize_t count = ::read(file.number, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path, "read", errno);
    if (count == 0) return bytes;
    bytes.insert(bytes.end(), part, part + count);
    if (std::ssize(bytes) > most_read_bytes)  // it grows while it is read
      throw Error({path.string(), fmt::format("cannot read: it grows beyond {} GB", most_read_bytes >> 30),
                   "cut it into parts"});
  }
}

std::string read_text(const fs::path& path) {
  const Bytes bytes = read_bytes(path);
  return {bytes.begin(), bytes.end()};
}

FileSet::~FileSet() {
  for (const File& file : files_) ::unlink(file.beside.c_str());
}

void FileSet::add(const fs::path& path, std::span<const std::uint8_t> bytes) {
  const fs::path target = target_of(path);
  make_folder_of(target);
  files_.push_back({path, target, fmt::format("{}.{}.tmp", target.string(), ::getpid())});
  Descriptor file(files_.back().beside, O_WRONLY | O_CREAT | O_TRUNC);
  // Synced before it takes the name: else a power failure may leave the new name on an empty file.
  if (file.number < 0 || !write_all(file.number, bytes) || ::fsync(file.number) != 0 || !file.close())
    fail(path, "write", errno);
}

void FileSet::commit() {
  for (; !files_.empty(); files_.erase(files_.begin()))
    if (::rename(files_[0].beside.c_str(), files_[0].target.c_str()) != 0) fail(files_[0].path, "write", errno);
}

void FileSet::add(const fs::path& path, std::string_view text) { add(path, bytes_of(text)); }

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
  FileSet one;
  one.add(path, bytes);
  one.commit();
}

void write_file(const fs::path& path, std::string_view text) { write_file(path, bytes_of(text)); }

fs::path program_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) fail("/proc/self/exe", "find the program's own folder", error.value());
  return program.parent_path();
}

fs::path firmware_folder() {
  const fs::path program = program_folder();
  const fs::path candidates[] = {program.parent_path() / "firmware",  // build/ in the source tree
                                 program.parent_path() / "share" / "dragonet" / "firmware",  // <prefix>/bin/dragonet
                                 fs::path(DRAGONET_SOURCE_DIR) / "firmware"};                // built elsewhere
  for (const fs::path& candidate : candidates)
    if (fs::is_directory(candidate / "boards")) return candidate;
  throw Error({program.string(), fmt::format("the firmware's sources are not in {}", candidates[0].string()),
               "run the program from the source tree's build folder, or install it with its share/dragonet"});
}

TemporaryFolder::TemporaryFolder() {
  static const bool is_swept = (sweep(fs::temp_directory_path(), "dragonet-"), true);
  static_cast<void>(is_swept);
  std::string name = (fs::temp_directory_path() / fmt::format("dragonet-{}-XXXXXX", ::getpid())).string();
  if (!::mkdtemp(name.data())) fail(name, "make a temporary folder", errno);
  path_ = name;
  lock_ = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct flock range {};
  range.l_type = F_RDLCK;
  if (lock_ >= 0) ::fcntl(lock_, F_OFD_SETLK, &range);  // without it, its name tells the process
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace dragonet
