#include "judge/html.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace dragonet;

namespace {
std::string encoded(std::string_view text) {
  return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}
}  // namespace

TEST_CASE("base64 is that of RFC 4648, section 10") {
  CHECK(encoded("") == "");
  CHECK(encoded("f") == "Zg==");
  CHECK(encoded("fo") == "Zm8=");
  CHECK(encoded("foo") == "Zm9v");
  CHECK(encoded("foob") == "Zm9vYg==");
  CHECK(encoded("fooba") == "Zm9vYmE=");
  CHECK(encoded("foobar") == "Zm9vYmFy");
  CHECK(base64(std::vector<std::uint8_t>{0xFB, 0xFF, 0xFE}) == "+//+");
}

TEST_CASE("text that is escaped cannot leave its element or attribute") {
  CHECK(escaped("<b a=\"x\" c='y'>&amp;</b>") == "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;");
  CHECK(escaped("Drachengröße") == "Drachengröße");
}

TEST_CASE("a picture's kind is told from its first bytes, not from a name") {
  CHECK(data_uri(std::vector<std::uint8_t>{0x89, 'P', 'N', 'G'}) == "data:image/png;base64,iVBORw==");
  CHECK(data_uri(std::vector<std::uint8_t>{0xFF, 0xD8, 0xFF, 0xE0}).starts_with("data:image/jpeg;"));
  CHECK(data_uri(std::vector<std::uint8_t>{'<', 's', 'v', 'g'}).starts_with("data:image/svg+xml;"));
  CHECK(data_uri(std::vector<std::uint8_t>{'<', 'h', 't', 'm'}).starts_with("data:application/octet-stream;"));
}
