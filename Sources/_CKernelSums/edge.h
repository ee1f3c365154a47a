#ifndef NADARAYA_EDGE_H
#define NADARAYA_EDGE_H

#include "kernel_sums.h"

/// A radial compact kernel is recomputed where |1 − ‖u‖²| is below this.
#define NADARAYA_EDGE 0x1p-7

/// K(‖u‖) of key `index` of the tile, accurate to a few units in the last place however near the
/// key lies to the edge of the window.
double nadaraya_edge_weight(enum nadaraya_kernel kernel, const nadaraya_tile *tile, ptrdiff_t index);

#endif
