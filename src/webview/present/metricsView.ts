/** The whole page as data, from the picture it was sent. Pure: what draws it adds nothing. */
import { rangeWords } from '../../shared/metricsPicture.ts';
import type { MetricsPicture } from '../../shared/metricsPicture.ts';
import { chartModel } from './chartModel.ts';
import type { ChartModel } from './chartModel.ts';
import type { Figure } from './figures.ts';
import { throughput } from './figures.ts';
import type { Formats } from './formats.ts';
import { hasSeenTasks, sections as allSections } from './sections.ts';
import type { Section } from './sections.ts';

export interface SectionView {
  readonly id: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly charts: readonly ChartModel[];
}

export interface MetricsView {
  /** What must be known to read the rest, in sentences. */
  readonly notes: readonly string[];
  readonly asOf: string;
  readonly sections: readonly SectionView[];
  /** The most important figures in a few sentences, read out on demand. */
  readonly summary: string;
}

export function metricsView(
  picture: MetricsPicture,
  formats: Formats,
  sections: readonly Section[] = allSections,
): MetricsView {
  return {
    notes: notesOf(picture, formats),
    asOf: `As of ${formats.time(picture.at, true)}`,
    sections: sections
      .filter(({ isThere }) => isThere(picture))
      .map(({ id, title, figures, charts }) => ({
        id,
        title,
        figures: figures(picture, formats),
        charts: charts.map((spec) => chartModel(spec, picture, formats)),
      })),
    summary: summaryOf(picture, formats),
  };
}

function notesOf(picture: MetricsPicture, { count }: Formats): readonly string[] {
  return [
    ...(picture.ownedBy === null
      ? []
      : [
          `These tasks belong to ${picture.ownedBy}, which measures their runs and its store. ` +
            'This window only looks on: it knows how many tasks there are and what it did itself.',
        ]),
    ...(picture.trusted
      ? []
      : [
          'Restricted Mode: programs start only after you trust this folder, so nothing is measured of them.',
        ]),
    ...picture.resources
      .filter(({ isCrowded }) => isCrowded)
      .map(
        ({ name, waiting }) =>
          `${count(waiting)} ready tasks need ${name}. They start as it comes back; nothing is lost by waiting.`,
      ),
    ...(picture.judging?.isBacklogged === true
      ? [
          `${count(picture.judging.waiting)} tasks wait for a judgement. ` +
            'They start in the order they have meanwhile; no worker waits for the model.',
        ]
      : []),
    ...(hasSeenTasks(picture)
      ? []
      : ['Nothing has run yet. Add a task, and what is measured of it stands here.']),
  ];
}

function summaryOf(picture: MetricsPicture, formats: Formats): string {
  const { totals, workers, series, ownedBy } = picture;
  const count = formats.count;
  if (!hasSeenTasks(picture)) return 'Nothing has run yet.';
  const sentences = [
    `${count(totals.running)} running, ${count(totals.ready)} ready, ` +
      `${count(totals.blocked + totals.scheduled + totals.held)} waiting, ${count(totals.attention)} need you.`,
    `${count(totals.completed)} completed, ${count(totals.failed)} failed, ${count(totals.cancelled)} cancelled.`,
  ];
  if (ownedBy !== null) return [...sentences, `${ownedBy} measures the rest.`].join(' ');
  sentences.push(`${count(workers.busy)} of ${count(workers.size)} workers are busy.`);
  const range = `the last ${rangeWords[series.range]}`;
  const rate = throughput(picture);
  if (rate !== null) sentences.push(`${count(rate)} tasks a minute were completed in ${range}.`);
  const wait = series.spread.wait?.p95 ?? null;
  const run = series.spread.run?.p95 ?? null;
  if (wait !== null) sentences.push(`95 of 100 waited at most ${formats.duration(wait)}.`);
  if (run !== null) sentences.push(`95 of 100 ran at most ${formats.duration(run)}.`);
  return sentences.join(' ');
}
