/** Keeps what is left of shared resources. */
import type { Bucket } from '../core/arbitration/bucket.ts';
import { fullPace, leastTold, mostShare } from '../core/arbitration/pace.ts';
import { Cells, fieldsOf } from './cells.ts';
import type { Ledger } from './ledger.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** What is kept of each resource, by name. */
export function bucketsIn({ database }: Ledger): ReadonlyMap<string, Bucket> {
  return new Map(
    database.rows(reads.buckets).map((row) => {
      const cells = new Cells(row);
      return [cells.text(), bucketOf(fieldsOf(JSON.parse(cells.text())))] as const;
    }),
  );
}

export function putBuckets({ database }: Ledger, buckets: ReadonlyMap<string, Bucket>): void {
  for (const [name, bucket] of buckets) database.write(writes.putBucket, name, JSON.stringify(bucket));
}

/** What cannot be read is as it would be after a while: nothing is left, at full pace. */
function bucketOf({ level, at, heldUntil, pace }: Readonly<Record<string, unknown>>): Bucket {
  const { share, ceiling, cutAt, grown, spike, failures, retries } = fieldsOf(pace);
  const part = (value: unknown): number => Math.min(mostShare, Math.max(leastTold, numberOr(value, 1)));
  return {
    level: numberOr(level, 0),
    at: numberOr(at, 0),
    heldUntil: typeof heldUntil === 'number' ? heldUntil : null,
    pace: {
      share: part(share),
      ceiling: part(ceiling),
      cutAt: numberOr(cutAt, fullPace.cutAt),
      grown: Math.max(0, numberOr(grown, 0)),
      spike: typeof spike === 'number' ? Math.max(1, spike) : null,
      failures: Math.max(0, numberOr(failures, 0)),
      retries: Math.max(0, numberOr(retries, 0)),
    },
  };
}

function numberOr(value: unknown, instead: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : instead;
}
