// The innermost loops of all engines: one table of functions for each instruction set.
//
// Each topic has a header here that declares its arguments and its loops, and one of the same name
// in `loops` that holds their bodies.

#ifndef NADARAYA_KERNEL_SUMS_H
#define NADARAYA_KERNEL_SUMS_H

#include <stddef.h>

#include "attention.h"
#include "blocks.h"
#include "buckets.h"
#include "cells.h"
#include "near.h"
#include "nodes.h"
#include "rows.h"
#include "softmax.h"
#include "tiles.h"
#include "windows.h"

/// The functions of one instruction set.
typedef struct {
  const char *name;
  /// Whether this processor has the instructions.
  int (*is_supported)(void);
  nadaraya_tile_loops tiles;
  nadaraya_cell_loops cells;
  nadaraya_bucket_loops buckets;
  nadaraya_node_loops nodes;
  nadaraya_block_loops blocks;
  nadaraya_window_loops windows;
  nadaraya_near_loops near;
  nadaraya_softmax_loops softmax;
  nadaraya_row_loops rows;
  nadaraya_attention_loops attention;
} nadaraya_instruction_set;

/// The instruction sets compiled for this architecture, narrowest first.
const nadaraya_instruction_set *const *nadaraya_instruction_sets(ptrdiff_t *count);

#endif
