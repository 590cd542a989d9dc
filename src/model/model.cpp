#include "model/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace dragonet {

std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
    case DType::int32:
      return 4;
    case DType::int16:
      return 2;
    case DType::int64:
      return 8;
    default:
      return 1;
  }
}

const char* name_of(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float32";
    case DType::int8:
      return "int8";
    case DType::int16:
      return "int16";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::uint8:
      return "uint8";
    case DType::boolean:
      return "bool";
  }
  return "?";
}

std::int64_t element_count(const Shape& shape) {
  std::int64_t count = 1;
  for (const int side : shape) count *= side;
  return count;
}

std::string text_of(const Shape& shape) {
  std::string text;
  for (const int side : shape) text += (text.empty() ? "" : "x") + std::to_string(side);
  return text;
}

std::int64_t Node::integer(const std::string& name, std::int64_t otherwise) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : std::get<std::int64_t>(found->second);
}

double Node::real(const std::string& name, double otherwise) const {
  const auto found = attributes.find(name);
  return found == attributes.end() ? otherwise : std::get<double>(found->second);
}

std::string describe(const Model& model, const Node& node) {
  const std::string output = node.outputs.empty() ? "" : model.output(node).name;
  return fmt::format("{}, node {} ({}, {})", model.source, node.index, node.op, output);
}

/// Keywords; global names and macros of the headers that emitted code meets; headers that would be taken for its own.
static constexpr std::string_view taken_names[] = {
    "alignas",     "alignof",      "alloca",       "and",       "and_eq",
    "arm",         "asm",          "assert",       "auto",      "bcmp",
    "bcopy",       "bitand",       "bitor",        "bool",      "break",
    "bzero",       "case",         "catch",        "char",      "char16_t",
    "char32_t",    "char8_t",      "class",        "co_await",  "co_return",
    "co_yield",    "compl",        "complex",      "concept",   "const",
    "const_cast",  "consteval",    "constexpr",    "constinit", "continue",
    "ctype",       "decltype",     "default",      "delete",    "do",
    "double",      "dragonet",     "dynamic_cast", "elf",       "else",
    "endian",      "enum",         "errno",        "explicit",  "export",
    "extern",      "false",        "features",     "fenv",      "ffs",
    "ffsl",        "ffsll",        "float",        "for",       "friend",
    "goto",        "i386",         "if",           "index",     "inline",
    "int",         "inttypes",     "io",           "limits",    "linux",
    "locale",      "long",         "main",         "malloc",    "math",
    "mutable",     "namespace",    "new",          "noexcept",  "not",
    "not_eq",      "nullptr",      "operator",     "or",        "or_eq",
    "private",     "protected",    "public",       "register",  "reinterpret_cast",
    "requires",    "return",       "rindex",       "setjmp",    "short",
    "signal",      "signed",       "sizeof",       "static",    "static_assert",
    "static_cast", "std",          "stdalign",     "stdarg",    "stdbool",
    "stddef",      "stdint",       "stdio",        "stdlib",    "stpcpy",
    "stpncpy",     "struct",       "swab",         "switch",    "template",
    "this",        "thread_local", "threads",      "throw",     "time",
    "true",        "try",          "typedef",      "typeid",    "typename",
    "uchar",       "union",        "unistd",       "unix",      "unsigned",
    "using",       "virtual",      "void",         "volatile",  "wchar",
    "wchar_t",     "wctype",       "while",        "xor",       "xor_eq"};

static bool is_taken(const std::string& name) {
  const bool is_library = name.starts_with("mem") || name.starts_with("str");  // memcpy, strlen
  if (name.ends_with("_t") || name == "NULL" || name == "session" || name == "printf" || name == "remove") return true;
  return name.empty() || is_library || name.find_first_of("0123456789_") == 0 ||
         std::ranges::find(taken_names, name) != std::end(taken_names);
}

std::string identifier_of(const std::string& text) {
  std::string name = text;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return is_taken(name) ? "model_" + name : name;
}

}  // namespace dragonet
