#include "board/stack.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/image_fixture.h"

using namespace dragonet;
using Catch::Matchers::Contains;

static StackDepth stack_of(const std::string& source, const std::string& optimization = "-O2") {
  const Fixture fixture = link_fixture(source, optimization);
  return deepest_stack(read_elf(fixture.elf), compiler_frames(fixture.folder->path()), "Reset_Handler");
}

// Two functions beside each other and one below them; a switch (a computed jump), division (libgcc) and large frames.
static const char* const many_shapes = R"(
  extern "C" {
  volatile int sink;
  __attribute__((noinline)) void leaf(int n) { volatile int x[20]; x[n] = n; sink = x[3]; }
  __attribute__((noinline)) int divide(int a) { volatile int x[3]; x[a] = 1; leaf(a); return x[2] / a; }
  __attribute__((noinline)) void large() { volatile int x[600]; x[sink] = 1; leaf(1); }
  __attribute__((noinline)) int choose(int a) {
    switch (a) {
      case 0: return sink;
      case 1: return divide(a);
      case 2: large(); return 3;
      case 3: return sink * sink;
      case 4: sink = 1; return 7;
      case 5: return sink / 3;
      case 6: return (int)((long long)sink * sink >> 7);
    }
    return 0;
  }
  void Reset_Handler() { sink = divide(sink) + choose(sink); for (;;) {} }
  }
)";

TEST_CASE("the compiler's frames and the disassembled ones agree, function by function") {
  for (const char* optimization : {"-O0", "-Os", "-O2"}) {
    const Fixture fixture = link_fixture(many_shapes, optimization);
    const Frames compiled = compiler_frames(fixture.folder->path());
    const Frames disassembled = disassembled_frames(read_elf(fixture.elf));
    CHECK(compiled.size() == 5);
    for (const auto& [name, bytes] : compiled) {
      INFO(name << " at " << optimization);
      CHECK(disassembled.at(name) == bytes);
    }
  }
}

TEST_CASE("the deepest chain is the sum of its functions' frames, from reset to leaf") {
  const StackDepth stack = stack_of(many_shapes);
  CHECK(stack.chain == std::vector<std::string>{"Reset_Handler 16", "choose 8", "large 2408", "leaf 80"});
  CHECK(stack.bytes == 16 + 8 + 2408 + 80);
}

TEST_CASE("a function of libgcc, which no .ci file knows, counts by its instructions") {
  const StackDepth stack = stack_of(R"(extern "C" { volatile double x;
    void Reset_Handler() { x = x * x; for (;;) {} } })");
  // arm-none-eabi-objdump of __aeabi_dmul: push {r4-r7, lr}; push {r3, r5-r7, lr}; sub sp, #28. It calls __clzsi2.
  CHECK(stack.chain.at(1) == "__aeabi_dmul 64");
}

TEST_CASE("a branch to another function counts with the stack that is taken by then") {
  const StackDepth stack = stack_of(R"(extern "C" { volatile int sink;
    __attribute__((noinline, used)) void last() { volatile int x[50]; x[sink] = 1; }
    __attribute__((naked)) void first() { asm("push {r0-r7}\n pop {r0-r7}\n push {r4}\n b last"); }
    void Reset_Handler() { first(); for (;;) {} } })");
  CHECK(stack.chain == std::vector<std::string>{"Reset_Handler 8", "first 4", "last 200"});
}

TEST_CASE("assembly that jumps to a computed address or pushes in a loop is named") {
  static constexpr char source[] = R"(extern "C" {{ __attribute__((naked)) void odd() {{ asm("{}"); }}
    void Reset_Handler() {{ odd(); for (;;) {{}} }} }})";
  CHECK_THROWS_WITH(stack_of(fmt::format(source, "mov pc, r3")), Contains("odd: it calls through a pointer at 0x20"));
  CHECK_THROWS_WITH(stack_of(fmt::format(source, "1: push {r0}\\n b 1b")), Contains("odd: it pushes in a loop"));
}

TEST_CASE("a jump through a table stays in its function, whatever stands between the load and the jump") {
  const StackDepth stack = stack_of(R"(extern "C" { volatile int sink;
    __attribute__((naked)) void jumps() { asm("lsl r3, r0, #2\n ldr r2, =jumps\n ldr r3, [r2, r3]\n sxtb r0, r0\n mov pc, r3\n"
                                              "bx lr\n .ltorg"); }
    void Reset_Handler() { jumps(); for (;;) {} } })");
  CHECK(stack.bytes == 8);
}

TEST_CASE("recursion is named, with its circle") {
  CHECK_THROWS_WITH(stack_of(R"(extern "C" { volatile int sink; void odd(int);
    __attribute__((noinline)) void even(int n) { if (n) odd(n - 1); sink = n; }
    __attribute__((noinline)) void odd(int n) { if (n) even(n - 1); sink = -n; }
    void Reset_Handler() { even(sink); for (;;) {} } })"),
                    Contains("function even: it calls itself (even -> odd -> even)"));
}

TEST_CASE("a call through a pointer is named, in the middle and in tail position") {
  const char* const head = R"(extern "C" { void (*volatile hook)(); volatile int sink; )";
  CHECK_THROWS_WITH(stack_of(std::string(head) + "void Reset_Handler() { hook(); sink = 1; for (;;) {} } }"),
                    Contains("function Reset_Handler: it calls through a pointer at 0x20"));
  CHECK_THROWS_WITH(stack_of(std::string(head) + R"(__attribute__((noinline)) void jump() { hook(); }
                    void Reset_Handler() { jump(); for (;;) {} } })"),
                    Contains("function jump: it calls through a pointer"));
}

TEST_CASE("alloca is named, since its depth hangs on data") {
  CHECK_THROWS_WITH(stack_of(R"(extern "C" { volatile int sink;
    void Reset_Handler() { for (;;) { volatile char* x = (char*)__builtin_alloca(sink); x[0] = 1; } } })"),
                    Contains("function Reset_Handler: it takes stack by the size of its data"));
}

TEST_CASE("assembly inside a function counts, though the compiler does not know it") {
  const StackDepth stack = stack_of(R"(extern "C" { volatile int sink;
    __attribute__((noinline)) void pushes() { asm volatile("push {r0-r7}\n pop {r0-r7}"); sink = 1; }
    void Reset_Handler() { pushes(); for (;;) {} } })");
  CHECK(stack.bytes == 8 + 32);
}

TEST_CASE("a function longer than a branch reaches has far jumps, which are no recursion") {
  std::string body;
  for (int i = 0; i < 400; ++i) body += fmt::format("sink = sink * {} + sink;", 1000 + i);
  const StackDepth stack = stack_of(fmt::format(R"(extern "C" {{ volatile int sink;
    __attribute__((noinline)) void longest() {{ while (sink) {{ if (sink == 3) {{ {0} }} else {{ {0} }} }} }}
    void Reset_Handler() {{ longest(); for (;;) {{}} }} }})",
                                                body));
  CHECK(stack.chain.size() == 2);
}
