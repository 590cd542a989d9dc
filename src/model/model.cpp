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
    case DType::float16:
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
    case DType::float16:
      return "float16";
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

/// Functions of C's library that g++ knows by name even where no header is included: math.h, stdlib.h, stdio.h,
/// ctype.h, and Bessel's and other functions that math.h has had since long before.
static constexpr std::string_view taken_functions[] = {
    "abort",   "abs",     "acos",        "acosh",   "aligned_alloc", "asin",      "asinh",     "atan",
    "atan2",   "atanh",   "atexit",      "atof",    "atoi",          "atol",      "atoll",     "bsearch",
    "calloc",  "cbrt",    "ceil",        "close",   "copysign",      "cos",       "cosh",      "div",
    "drem",    "erf",     "erfc",        "exit",    "exp",           "exp10",     "exp2",      "expm1",
    "fabs",    "fclose",  "fdim",        "feof",    "ferror",        "fflush",    "fgetc",     "fgets",
    "finite",  "floor",   "fma",         "fmax",    "fmin",          "fmod",      "fopen",     "fork",
    "fprintf", "fputc",   "fputs",       "fread",   "free",          "frexp",     "fscanf",    "fseek",
    "ftell",   "fwrite",  "gamma",       "getc",    "getchar",       "getenv",    "gets",      "hypot",
    "ilogb",   "imaxabs", "isalnum",     "isalpha", "isblank",       "iscntrl",   "isdigit",   "isgraph",
    "isinf",   "islower", "isnan",       "isprint", "ispunct",       "isspace",   "isupper",   "isxdigit",
    "j0",      "j1",      "jn",          "labs",    "ldexp",         "ldiv",      "lgamma",    "link",
    "llabs",   "lldiv",   "llrint",      "llround", "log",           "log10",     "log1p",     "log2",
    "logb",    "lrint",   "lround",      "modf",    "nan",           "nearbyint", "nextafter", "nexttoward",
    "open",    "perror",  "pipe",        "pow",     "pow10",         "putc",      "putchar",   "puts",
    "qsort",   "raise",   "rand",        "read",    "realloc",       "remainder", "remquo",    "rename",
    "rewind",  "rint",    "round",       "scalb",   "scalbln",       "scalbn",    "scanf",     "select",
    "signbit", "signgam", "significand", "sin",     "sincos",        "sinh",      "sleep",     "snprintf",
    "sprintf", "sqrt",    "srand",       "sscanf",  "stderr",        "stdin",     "stdout",    "sync",
    "system",  "tan",     "tanh",        "tgamma",  "tmpfile",       "toascii",   "tolower",   "toupper",
    "trunc",   "ungetc",  "vprintf",     "wait",    "write",         "y0",        "y1",        "yn"};

/// Also of its float and long double: fabsf, fabsl.
static bool is_function(const std::string& name) {
  const auto is_one = [](std::string_view word) {
    return std::ranges::find(taken_functions, word) != std::end(taken_functions);
  };
  const bool has_suffix = name.size() > 1 && (name.back() == 'f' || name.back() == 'l');
  return is_one(name) || (has_suffix && is_one(std::string_view(name).substr(0, name.size() - 1)));
}

/// Macros and types in capitals of the same headers and of the firmware, and families of them: M_PI, FP_NAN, INT8_MAX,
/// SIGINT, SEEK_SET.
static bool is_macro(const std::string& name) {
  static constexpr std::string_view macros[] = {
      "BUFSIZ",   "DOMAIN", "EOF",  "FILE",  "HUGE",      "HUGE_VAL", "INFINITY",        "NAN",         "NULL",
      "OVERFLOW", "PLOSS",  "SING", "TLOSS", "UNDERFLOW", "STREAMED", "LISTENER_OBJECT", "INPUT_OBJECT"};
  static constexpr std::string_view families[] = {"EXIT_", "FILENAME_", "FOPEN_", "FP_",    "INT",  "L_",    "MATH_",
                                                  "M_",    "PTRDIFF_",  "RAND_",  "SEEK_",  "SIG",  "SIZE_", "TMP_",
                                                  "UINT",  "WCHAR_",    "WINT_",  "BOARD_", "MODEL"};
  if (std::ranges::any_of(name, [](unsigned char c) { return std::islower(c); })) return false;
  return std::ranges::find(macros, name) != std::end(macros) ||
         std::ranges::any_of(families, [&](std::string_view family) { return name.starts_with(family); });
}

static bool is_taken(const std::string& name) {
  const bool is_library = name.starts_with("mem") || name.starts_with("str");  // memcpy, strlen
  if (name.ends_with("_t") || name == "session" || name == "printf" || name == "remove") return true;
  return name.empty() || is_library || is_macro(name) || is_function(name) || name.find_first_of("0123456789_") == 0 ||
         std::ranges::find(taken_names, name) != std::end(taken_names);
}

std::string identifier_of(const std::string& text) {
  std::string name = text;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  while (name.ends_with("_t")) name.resize(name.size() - 2);  // types are called so
  return is_taken(name) ? "model_" + name : name;
}

}  // namespace dragonet
