/**
 * Recognises text that speaks to whoever scores it instead of describing work. Such a task is never lifted further than
 * the lift limit (see `verdict.ts`), for good: so a sign has to be one that ordinary tasks do not bear, also those about
 * rules, scores and prompts. What is missed is still held by the lift limit until a second batch agrees.
 */

/** What the scale is called, and its upper end; a number that counts something else goes on with what it counts. */
const scores =
  'scores?|priority|rating|punteggi[oi]?|priorità|voto|puntuación|prioridad|prioridade|pontuação|priorité|punktzahl|priorität';
const top = "(?:1[.,' ]?000|999+)";
const ofScale = `${top}(?=\\s*(?:$|[^\\p{L}\\p{N}\\s])|\\s+(?:points|punti|puntos|pontos|punkte|to|for|and|a|al|per|e|für)(?![\\p{L}\\p{N}]))`;
const giving =
  'give|assign|award|grant|rate|score|assegna|assegnare|dai|dare|attribuisci|asigna|dale|donne|attribue|gib|vergib';
const this_ = 'this|it|me|questo|questa|esto|esta|este|ceci|cette|dies|dieser|diesem|diese|das';
const highest = 'max(?:imum|imal|imale|imo|ima)?|massim[oa]|highest|altissim[oa]|máxim[oa]|höchste[nr]?';
const marks = 'scores?|rating|punteggi[oi]?|voto|puntuación|pontuação|punktzahl';

const dropping =
  'ignore|disregard|forget|override|bypass|ignora|ignorare|dimentica|trascura|olvida|ignorez|oubliez?|ignoriere|vergiss';
/** Instructions are dropped all or earlier ones; rules only earlier ones, for linters know how to ignore all theirs. */
const orders = 'instructions?|prompts?|istruzion[ei]|instrucciones|consignes|anweisungen';
const rules = 'rules?|regol[ae]|reglas|règles|regeln';
const earlier =
  'above|previous|prior|earlier|preceding|precedent[ei]|sopra|anterior(?:es)?|précédent[e]?s?|vorherigen?|bisherigen?';
const all = 'all|any|every|tutt[ei]|todas|toutes|alle[nr]?';

/** Who is told to be a judge. An article keeps the Italian "sei" from being a six. */
const youAre =
  "(?:you are|you’re|you're) (?:the|a|an|my)|sei (?:il|lo|la|un|uno|una)|eres (?:el|la|un|una)|tu es (?:le|la|un|une)|vous êtes (?:le|la|un|une)|du bist (?:der|die|ein|eine)";
const judges =
  'scorer|judge|evaluator|rater|giudice|valutatore|juez|evaluador|juge|évaluateur|richter|bewerter';

/** Words of any script between their edges; `\b` knows only those of English. */
function words(alternatives: string): string {
  return `(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`;
}

/** One after the other within a sentence, each so far behind the one before at most. */
function inTurn(distance: number, ...parts: readonly string[]): RegExp {
  return new RegExp(parts.map(words).join(`[^.\\n]{0,${distance}}?`), 'u');
}

const signs: readonly RegExp[] = [
  // The word of the answer itself.
  /priority[_\s-]?score/u,
  // A place on the scale.
  inTurn(24, scores, ofScale),
  inTurn(16, giving, this_, top),
  inTurn(24, giving, marks, highest),
  inTurn(24, giving, highest, marks),
  // The judge's orders taken back.
  inTurn(30, dropping, `${earlier}|${all}`, orders),
  inTurn(30, dropping, orders, earlier),
  inTurn(30, dropping, earlier, rules),
  inTurn(30, dropping, rules, earlier),
  inTurn(24, youAre, judges),
  // Marks that models put around what is said to them.
  /<\/?\s*(?:system|im_start|im_end)\s*>|<\|[^|\n]{0,40}\|>|\[\/?inst\]/u,
];

export function speaksToJudge(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
  return signs.some((sign) => sign.test(plain));
}
