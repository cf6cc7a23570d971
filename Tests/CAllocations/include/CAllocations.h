#ifndef TRIALIST_ALLOCATIONS_H
#define TRIALIST_ALLOCATIONS_H

/// How often the program has asked for memory so far, on all threads. An executable that links this target counts every
/// call of malloc, calloc, realloc and the aligned ones.
unsigned long trialist_allocations(void);

#endif
