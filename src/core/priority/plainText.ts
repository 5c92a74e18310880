/** A text up to case, punctuation and spaces. */

/** Keys are read by people and kept by the thousand: longer texts are told apart by a checksum. */
const limit = 400;

/** The same for texts that differ in case, punctuation and spaces only; of a long one the beginning and a checksum. */
export function plainText(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  return plain.length <= limit ? plain : `${plain.slice(0, limit)}#${checksum(plain)}`;
}

/** cyrb53 by bryc (public domain): 53 bits, enough to tell some thousand texts apart. */
function checksum(text: string): string {
  let [high, low] = [0xde_ad_be_ef, 0x41_c6_ce_57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36);
}
