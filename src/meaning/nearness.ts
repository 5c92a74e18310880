/** How near a wording that nobody judged is to a meaning that is known. */
import { isCircumstance, isDeed, isDistinctive, isOtherwise, profileOf, sharesOf } from './knownMeaning.ts';
import type { KnownMeaning, Profile, Shares, Weight } from './knownMeaning.ts';
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
  const here = sharesOf(concepts);
  if (!mayAdd(profile, concepts) || !profile.needed.every((name) => here.has(name))) return 0;
  if (saysAnotherWord(profile, here) || !isOfTheSame(profile, here)) return 0;
  if (!doesTheSame(profile, concepts) || isOtherwise(meaning, concepts, 'artefact', 'topic')) return 0;
  let likeness = cosine(here, profile.shares, weightOf);
  for (const wording of profile.wordings) likeness = Math.max(likeness, cosine(here, wording, weightOf));
  const addsPeople = concepts.some(({ kind, name }) => kind === 'audience' && !profile.shares.has(name));
  return likeness < (addsPeople ? nearForOthers : near) ? 0 : likeness;
}

/** Cosine of what is said in two places, 0 to 1. */
export function cosine(here: Shares, there: Shares, weightOf: Weight): number {
  let [product, one, other] = [0, 0, 0];
  for (const { concept, share } of here.values()) {
    const weight = weightOf(concept) ** 2 * share;
    one += weight * share;
    product += weight * (there.get(concept.name)?.share ?? 0);
  }
  if (product === 0) return 0;
  for (const { concept, share } of there.values()) other += (weightOf(concept) * share) ** 2;
  return product / Math.sqrt(one * other);
}

function mayAdd({ shares }: Profile, concepts: readonly Concept[]): boolean {
  return concepts.every(
    (concept) => shares.has(concept.name) || concept.kind === 'audience' || !isDistinctive(concept),
  );
}

/** Whether a word that nobody knows stands where the meaning always says another one: a parser is not a lexer. */
function saysAnotherWord({ shares, words }: Profile, here: Shares): boolean {
  return (
    words.some((name) => !here.has(name)) &&
    [...here.values()].some(({ concept }) => concept.kind === 'word' && !shares.has(concept.name))
  );
}

/** Whether the two have more in common than how many, who, where or when. */
function isOfTheSame({ shares }: Profile, here: Shares): boolean {
  return [...here.values()].some(({ concept }) => !isCircumstance(concept) && shares.has(concept.name));
}

/** A wording that names what is done names what is done here; one that does not is as silent as others. */
function doesTheSame(profile: Profile, concepts: readonly Concept[]): boolean {
  const deeds = concepts.filter(isDeed);
  if (deeds.length > 0) return deeds.some(({ name }) => profile.shares.has(name));
  return profile.naming < profile.wordings.length && (profile.naming === 0 || !profile.isDeedNamed);
}
