// Which words of a translation the reference has in the same order: the longest common subsequence of words.

const mostSteps = 400000;  // of the table; beyond, only words that the other text lacks are told

// Scripts without blanks between words are cut into characters.
const wordPattern =
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]+|\s+/gu;

/** Words and the blanks between them: [{text, blank}]. */
function tokensOf(text) {
  return (text.match(wordPattern) ?? []).map(token => ({text: token, blank: token.trim() === ''}));
}

/** For each word of both, whether it is in a longest common subsequence. */
function commonWords(a, b) {
  const [inA, inB] = [new Array(a.length).fill(false), new Array(b.length).fill(false)];
  if (a.length * b.length > mostSteps) {
    const [setA, setB] = [new Set(a), new Set(b)];
    return [a.map(word => setB.has(word)), b.map(word => setA.has(word))];
  }
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);  // of the best subsequence of what is left of both
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      length[i * width + j] = a[i] === b[j] ? length[(i + 1) * width + j + 1] + 1
                                            : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      inA[i++] = inB[j++] = true;
    } else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return [inA, inB];
}

/** A text with its words marked where `common` says no. */
function markedText(tokens, common, className) {
  const parts = [];
  let word = 0;
  for (const token of tokens) {
    const marked = !token.blank && !common[word];
    if (!token.blank) ++word;
    const last = parts[parts.length - 1];
    if (last && last.marked === marked) {
      last.text += token.text;
    } else {
      parts.push({text: token.text, marked});
    }
  }
  return parts.map(part => part.marked ? make('mark', {className, textContent: part.text}) : part.text);
}

/** {hypotheses, reference}: what stands in the cells of a row. A reference's word is marked when no system has it. */
function markedRow(reference, hypotheses) {
  const words = tokens => tokens.filter(token => !token.blank).map(token => token.text);
  const referenceTokens = tokensOf(reference);
  const referenceWords = words(referenceTokens);
  const found = new Array(referenceWords.length).fill(hypotheses.every(text => text === null));
  const marked = hypotheses.map(text => {
    if (text === null) return [];
    const tokens = tokensOf(text);
    const [inHypothesis, inReference] = commonWords(words(tokens), referenceWords);
    inReference.forEach((common, i) => found[i] ||= common);
    return reference === '' ? [text] : markedText(tokens, inHypothesis, 'extra');
  });
  return {hypotheses: marked, reference: markedText(referenceTokens, found, 'missed')};
}
