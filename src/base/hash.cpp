#include "base/hash.h"

#include <sha2.h>
#include <sys/types.h>

namespace dragonet {

std::string sha256_of(std::span<const std::uint8_t> bytes) {
  char hex[SHA256_DIGEST_STRING_LENGTH];
  return SHA256Data(bytes.data(), bytes.size(), hex);
}

}  // namespace dragonet
