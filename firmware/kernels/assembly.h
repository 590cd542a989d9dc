// Whose instructions kernels may use: 1 or 0 for each core that some are written for. Without optimization a compiler
// needs registers for itself that they take; DRAGONET_NO_ASSEMBLY has the C++ beside them compiled everywhere.
#pragma once

#if defined(__arm__) && defined(__OPTIMIZE__) && !defined(DRAGONET_NO_ASSEMBLY)
#define DRAGONET_MAY_USE_ASSEMBLY 1
#else
#define DRAGONET_MAY_USE_ASSEMBLY 0
#endif

#if DRAGONET_MAY_USE_ASSEMBLY && defined(__ARM_ARCH_6M__)
#define DRAGONET_CORTEX_M0 1
#else
#define DRAGONET_CORTEX_M0 0
#endif

#if DRAGONET_MAY_USE_ASSEMBLY && defined(__ARM_FEATURE_SIMD32) && defined(__thumb2__)
#define DRAGONET_CORTEX_M4 1
#else
#define DRAGONET_CORTEX_M4 0
#endif
