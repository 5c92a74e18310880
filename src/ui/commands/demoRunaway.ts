import type { CommandRun } from './session.ts';

/** Shows what the fuses do: a simulated agent that splits its work for ever, in a workspace of its own. */
export const demoRunaway: CommandRun = async (session) => {
  await session.house.samples.runaway();
  session.messages.info(
    'A simulated agent now splits its work without an end, in a workspace of its own. Watch the fuses stop it.',
  );
};
