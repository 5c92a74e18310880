import { ProgressLocation, window } from 'vscode';
import type { Control } from '../../core/control.ts';
import { PodiumError } from '../../core/errors.ts';
import type { Model, ModelReply } from '../../core/models.ts';
import { ensureAllowed } from './consent.ts';
import type { CommandRun } from './session.ts';

/** Asks each model of the settings for one word, and says what came of it; before the first time, whether it may. */
export const testConnection: CommandRun = async (session) => {
  if (!(await ensureAllowed(session))) return;
  const {
    control,
    host: { models, clock },
    messages,
  } = session;
  const { house } = models;
  const chosen = [house.scoring(), house.working()].filter((model) => model !== null);
  const different = [...new Map(chosen.map((model) => [model.name, model])).values()];
  await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Podium asks the model for a word', cancellable: true },
    async (_progress, token) => {
      const ending = new AbortController();
      token.onCancellationRequested(() => ending.abort());
      for (const model of different) {
        const began = clock.monotonic();
        const reply = await models.acting(async () => await greet(control, model, ending.signal));
        if (reply === undefined) return;
        if (reply.kind === 'failed')
          throw new PodiumError('model-unavailable', `${model.name}: ${reply.message}`);
        const { promptTokens, completionTokens } = reply.usage;
        const tokens =
          promptTokens === null || completionTokens === null
            ? ''
            : `, ${promptTokens + completionTokens} tokens`;
        messages.info(
          `${model.name} answered in ${((clock.monotonic() - began) / 1_000).toFixed(1)} s${tokens}.`,
        );
      }
    },
  );
  models.changed();
};

async function greet(
  { resources }: Control,
  model: Model,
  signal: AbortSignal,
): Promise<ModelReply | undefined> {
  using handle = resources.tryOut(model);
  try {
    return await handle.ask(
      { messages: [{ role: 'user', content: 'Answer with the single word: ready' }] },
      AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    );
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  }
}
