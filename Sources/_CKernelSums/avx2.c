// 256-bit registers with fused multiply-add: x86-64 processors since 2013.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 4
#define TARGET_NAME nadaraya_avx2
#define TARGET_TEXT "avx2"
#define TARGET_TEST __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
#include "loops/body.h"
#pragma clang attribute pop
#endif
