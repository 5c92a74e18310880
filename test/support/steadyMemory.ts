import type { Memory } from '../../src/core/ports.ts';

/** A process that never grows. */
export const steadyMemory: Memory = { usage: () => ({ heapUsed: 1_000_000, resident: 2_000_000 }) };
