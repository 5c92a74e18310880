/** The memory of this process. */
import type { Memory } from '../core/ports.ts';

export const systemMemory: Memory = {
  usage: () => {
    const { heapUsed, rss } = process.memoryUsage();
    return { heapUsed, resident: rss };
  },
};
