// 512-bit registers: x86-64 servers since 2017.

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx2,fma"))), apply_to = function)
#define LANES 8
#define TARGET_NAME nadaraya_avx512
#define TARGET_TEXT "avx512"
#define TARGET_TEST __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
#include "loops/body.h"
#pragma clang attribute pop
#endif
