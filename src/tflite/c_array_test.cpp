#include "tflite/c_array.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static std::string complaint(const std::string& text) {
  try {
    bytes_of_c_array(text, "model.h");
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_CASE("the bytes of an array as xxd -i writes it are read") {
  CHECK(bytes_of_c_array("unsigned char model_tflite[] = {\n  0x1c, 0x00, 0xFF,\n  0x54\n};\nunsigned int len = 4;\n",
                         "") == Bytes{0x1c, 0, 0xff, 0x54});
}

TEST_CASE("namespaces, comments, decimal numbers and a trailing comma do not matter") {
  CHECK(bytes_of_c_array("namespace m { /* {9} */ alignas(8) const unsigned char g_model[] = {1, // one, {\n 2,3,}; }",
                         "") == Bytes{1, 2, 3});
}

TEST_CASE("of several arrays the longest is taken") {
  CHECK(bytes_of_c_array("int a[] = {1, 2}; char b[] = {7, 8, 9};", "") == Bytes{7, 8, 9});
}

TEST_CASE("an array of something else is refused with the number that is no byte") {
  CHECK(complaint("int a[] = {1, 256};").find("`256` in its array is no byte") != std::string::npos);
  CHECK(complaint("float a[] = {1.5f};").find("`1.5f`") != std::string::npos);
  CHECK(complaint("int main();").find("holds no array of bytes") != std::string::npos);
}

TEST_CASE("a .tflite file does not look like C, a header does") {
  const std::string header = "const unsigned char model[] = {0x1c};";
  CHECK(looks_like_c({reinterpret_cast<const std::uint8_t*>(header.data()), header.size()}));
  CHECK_FALSE(looks_like_c(Bytes{0x1c, 0, 0, 0, 'T', 'F', 'L', '3', '{'}));
}
