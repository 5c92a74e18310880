/** The machine's own chance. */
import { randomUUID } from 'node:crypto';
import type { Chance } from '../core/ports.ts';

export const systemChance: Chance = {
  random: () => Math.random(),
  newId: () => randomUUID(),
};
