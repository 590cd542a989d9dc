// memcpy and memset, the two functions that a compiler may call of its own accord. Ours, so that the stack of every
// function in the image is known and no C library need be there.

#include <stddef.h>
#include <stdint.h>

// Without this, GCC sees that the loop is a memcpy and calls memcpy.
#define NOT_A_CALL_TO_ITSELF __attribute__((optimize("no-tree-loop-distribute-patterns")))

static bool aligned(const void* a) { return ((uintptr_t)a & 3) == 0; }

extern "C" NOT_A_CALL_TO_ITSELF void* memcpy(void* to, const void* from, size_t bytes) {
  size_t i = 0;
  if (aligned(to) && aligned(from))
    for (; i + 4 <= bytes; i += 4) *(uint32_t*)((uint8_t*)to + i) = *(const uint32_t*)((const uint8_t*)from + i);
  for (; i < bytes; ++i) ((uint8_t*)to)[i] = ((const uint8_t*)from)[i];
  return to;
}

extern "C" NOT_A_CALL_TO_ITSELF void* memset(void* to, int value, size_t bytes) {
  size_t i = 0;
  if (aligned(to))
    for (; i + 4 <= bytes; i += 4) *(uint32_t*)((uint8_t*)to + i) = 0x01010101u * (uint8_t)value;
  for (; i < bytes; ++i) ((uint8_t*)to)[i] = (uint8_t)value;
  return to;
}
