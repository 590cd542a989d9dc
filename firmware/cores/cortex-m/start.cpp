// What runs between reset and main() on every chip with a Cortex-M core. The core, or a bootloader, loads the stack
// pointer from the first word of `vectors` and jumps to the second.

#include <stdint.h>

// Cortex-M0+ Devices Generic User Guide, DUI 0662, and Cortex-M4's, DUI 0553, "System control block". An M0 has no VTOR
// and ignores the write.
static volatile uint32_t* const vector_table_offset = (volatile uint32_t*)0xE000ED08;
#ifdef __ARM_FP
static volatile uint32_t* const coprocessor_access = (volatile uint32_t*)0xE000ED88;
#endif

extern "C" {
extern uint32_t __data_load, __data_start, __data_end, __bss_start, __bss_end, __stack_top;
int main();
void Reset_Handler();
void unexpected_exception();
}

// Nothing here asks for an interrupt, so only the processor's own 16 vectors are needed: ARMv6-M Architecture Reference
// Manual, DDI 0419, "The vector table".
extern "C" __attribute__((section(".vectors"), used)) const void* const vectors[16] = {
    &__stack_top,
    (const void*)Reset_Handler,
    (const void*)unexpected_exception,  // NMI
    (const void*)unexpected_exception,  // HardFault
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    (const void*)unexpected_exception,  // SVCall
    nullptr,
    nullptr,
    (const void*)unexpected_exception,  // PendSV
    (const void*)unexpected_exception,  // SysTick
};

// A debugger stops here; without one the processor locks up, rather than going on with wrong answers.
extern "C" void unexpected_exception() {
  asm volatile("bkpt #0");
  for (;;) {
  }
}

// A compiler that has an FPU may use it anywhere, so it is on before anything else: ARMv7-M Architecture Reference
// Manual, DDI 0403, "Coprocessor Access Control Register", full access to CP10 and CP11.
static inline void start_fpu() {
#ifdef __ARM_FP
  *coprocessor_access |= 0xFu << 20;
  asm volatile("dsb\nisb");
#endif
}

extern "C" void Reset_Handler() {
  start_fpu();
  *vector_table_offset = (uint32_t)vectors;  // the bootloader's own would run otherwise
  const uint32_t* from = &__data_load;
  for (uint32_t* to = &__data_start; to != &__data_end;) *to++ = *from++;
  for (uint32_t* to = &__bss_start; to != &__bss_end;) *to++ = 0;
  main();
  unexpected_exception();
}
