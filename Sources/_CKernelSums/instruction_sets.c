#include "kernel_sums.h"

extern const nadaraya_instruction_set nadaraya_baseline;
#if defined(__x86_64__)
extern const nadaraya_instruction_set nadaraya_avx2, nadaraya_avx512;
#endif

static const nadaraya_instruction_set *const tables[] = {
    &nadaraya_baseline,
#if defined(__x86_64__)
    &nadaraya_avx2,
    &nadaraya_avx512,
#endif
};

const nadaraya_instruction_set *const *nadaraya_instruction_sets(ptrdiff_t *count) {
  *count = sizeof tables / sizeof tables[0];
  return tables;
}
