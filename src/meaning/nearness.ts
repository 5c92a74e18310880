/** How near a wording that nobody judged is to a meaning that is known. */
import { isDeed, isDistinctive, isMostlyNamed, isNeeded, isOtherwise, profileOf } from './knownMeaning.ts';
import type { KnownMeaning, Share, Weight } from './knownMeaning.ts';
import type { Concept } from './lexicon.ts';

/** Below it a wording is of no known meaning. */
const near = 0.45;
/** The same for one that names people of whom nothing was said. */
const nearForOthers = 0.8;

/**
 * 0 when the wording cannot be of this meaning; up to 1 for one that says just what is said of it. It is the cosine
 * between what the two say, of the whole meaning or of its nearest wording.
 */
export function nearness(meaning: KnownMeaning, concepts: readonly Concept[], weightOf: Weight): number {
  const profile = profileOf(meaning);
  if (!mayAdd(profile, concepts) || !hasAllNeeded(profile, concepts)) return 0;
  if (!doesTheSame(meaning, profile, concepts) || isOtherwise(meaning, concepts, 'artefact', 'topic'))
    return 0;
  const likeness = Math.max(
    cosine(concepts, [...profile.values()], weightOf),
    ...[...meaning.wordings.values()].map((wording) =>
      cosine(
        concepts,
        wording.concepts.map((concept) => ({ concept, share: 1 })),
        weightOf,
      ),
    ),
  );
  const addsPeople = concepts.some(({ kind, name }) => kind === 'audience' && !profile.has(name));
  return likeness < (addsPeople ? nearForOthers : near) ? 0 : likeness;
}

/** Cosine of what a text says and what is said elsewhere, 0 to 1. */
export function cosine(concepts: readonly Concept[], there: readonly Share[], weightOf: Weight): number {
  const shares = new Map(there.map(({ concept, share }) => [concept.name, share]));
  let [product, here, other] = [0, 0, 0];
  for (const concept of concepts) {
    const weight = weightOf(concept) ** 2;
    here += weight;
    product += weight * (shares.get(concept.name) ?? 0);
  }
  for (const { concept, share } of there) other += (weightOf(concept) * share) ** 2;
  return here === 0 || other === 0 ? 0 : product / Math.sqrt(here * other);
}

function mayAdd(profile: ReadonlyMap<string, Share>, concepts: readonly Concept[]): boolean {
  return concepts.every(
    (concept) => profile.has(concept.name) || concept.kind === 'audience' || !isDistinctive(concept),
  );
}

function hasAllNeeded(profile: ReadonlyMap<string, Share>, concepts: readonly Concept[]): boolean {
  const said = new Set(concepts.map(({ name }) => name));
  return [...profile.values()].every(
    ({ concept, share }) => share < 1 || said.has(concept.name) || !isNeeded(concept),
  );
}

/** A wording that names what is done names what is done here; one that does not is as silent as others. */
function doesTheSame(
  meaning: KnownMeaning,
  profile: ReadonlyMap<string, Share>,
  concepts: readonly Concept[],
): boolean {
  const deeds = concepts.filter(isDeed);
  if (deeds.length > 0) return deeds.some(({ name }) => profile.has(name));
  const naming = [...meaning.wordings.values()].filter((wording) => wording.concepts.some(isDeed)).length;
  if (naming === meaning.wordings.size) return false;
  const isNamed = [...meaning.named.values()].some(
    (one) => isDeed(one.concept) && isMostlyNamed(meaning, one),
  );
  return naming === 0 || !isNamed;
}
