// SSE2 on x86-64, NEON on arm64: what every processor of the architecture has.

#define LANES 2
#define TARGET_NAME nadaraya_baseline
#define TARGET_TEXT "baseline"
#define TARGET_TEST 1
#include "loops/body.h"
