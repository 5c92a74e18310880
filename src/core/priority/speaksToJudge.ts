/**
 * Recognises text that speaks to whoever scores it instead of describing work. What it finds decides no order: such a
 * task keeps its provisional value as a ceiling (see `verdict.ts`), so a false alarm costs little and a miss is still
 * held by the lift limit.
 */

const scoreWords =
  'scores?|priority|rating|rank|punteggi[oi]?|priorità|voto|puntuación|prioridad|prioridade|pontuação|note|priorité|punktzahl|priorität';
const numbers = "1[.,' ]?000|9\\d\\d|999+|100\\s*%|10\\s*/\\s*10";
const superlatives = 'max(?:imum|imal|imale|imo|ima)?|massim[oa]|highest|altissim[oa]|máxim[oa]';
const dropping =
  'ignore|disregard|forget|override|bypass|ignora|ignorare|dimentica|trascura|olvida|ignorez|oubliez?|ignoriere|vergiss';
const rules =
  'instructions?|rules?|prompts?|above|previous|prior|istruzion[ei]|regol[ae]|precedent[ei]|sopra|instrucciones|reglas|anterior(?:es)?|consignes|règles|anweisungen|regeln';
const speaking = 'you are|you must|sei|devi|eres|debes|tu es|vous êtes|du bist';
const judges =
  'scorer|judge|scoring|evaluator|assistant|language model|llm|ai|ia|ki|giudice|valutatore|assistente|modello|juez|modelo|juge|modèle|richter|modell';

/** Words of any script between their edges; `\b` knows only those of English. */
function words(alternatives: string): string {
  return `(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`;
}

/** One after the other within a sentence. */
function near(first: string, distance: number, second: string): RegExp {
  return new RegExp(`${words(first)}[^.\\n]{0,${distance}}?${words(second)}`, 'u');
}

const signs: readonly RegExp[] = [
  // The words of the answer itself.
  /priority[_\s-]?score/u,
  /["{]\s*(?:score|priority|tasks|id)["\s]*:/u,
  near(scoreWords, 24, `${numbers}|${superlatives}`),
  near("1[.,' ]?000|999+", 24, `${scoreWords}|points|punti|puntos|punkte`),
  near(dropping, 60, rules),
  near(speaking, 40, judges),
  // Marks of a conversation.
  /(?:^|[\n.!?])\s*(?:system|assistant|developer|sistema|assistente)\s*:/u,
  /<\/?\s*(?:system|instructions?|assistant|prompt|im_start|im_end)\s*>|<\|[^|\n]{0,40}\|>|\[\/?inst\]/u,
];

export function speaksToJudge(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
  return signs.some((sign) => sign.test(plain));
}
