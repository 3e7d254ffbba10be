// The sentence browser: source, reference and systems side by side, searched, sorted and compared.

const systemsAtFirst = 3;

/** All that the browser knows of a corpus, and which of its rows it shows in which order. */
class SentenceModel {
  constructor(data) {
    this.data = data;
    this.size = data.line.length;
    this.shown = data.systems.map((_, i) => i >= data.systems.length - systemsAtFirst);
    this.sort = {by: 'line', minus: '', descending: false};
    this.query = '';
    this.onlyDiffering = false;
    this.sorted = [...Array(this.size).keys()];
    this.rows = this.sorted;
  }

  shownSystems() {
    return this.data.systems.map((_, i) => i).filter(i => this.shown[i]);
  }

  /** What the rows are sorted by; null sorts last. */
  keyOf(row) {
    const {by, minus} = this.sort;
    if (by === 'line' || by === 'words') return this.data[by][row];
    const score = this.data.bleu[by][row];
    if (minus === '') return score;
    const other = this.data.bleu[minus][row];
    return score === null || other === null ? null : score - other;
  }

  sortRows() {
    const keys = Array.from({length: this.size}, (_, row) => this.keyOf(row));
    const sign = this.sort.descending ? -1 : 1;
    this.sorted = [...keys.keys()].sort(
        (a, b) => (keys[a] === null) - (keys[b] === null) || sign * (keys[a] - keys[b]) || a - b);
    this.filterRows();
  }

  /** What is searched, one text for each row; made once. */
  searched() {
    const {source, reference, hypotheses} = this.data;
    this.texts ??= source.map(
        (text, row) => fold([text, reference[row], ...hypotheses.map(system => system[row] ?? '')].join('\n')));
    return this.texts;
  }

  filterRows() {
    const query = fold(this.query).trim();
    const texts = query === '' ? [] : this.searched();
    const systems = this.shownSystems();
    this.rows = this.sorted.filter(row => {
      if (query !== '' && !texts[row].includes(query)) return false;
      return !this.onlyDiffering || this.differs(row, systems);
    });
  }

  /** Whether the systems that are shown do not all say the same. */
  differs(row, systems) {
    return systems.some(system => this.data.hypotheses[system][row] !== this.data.hypotheses[systems[0]][row]);
  }
}

/** Text as it is compared: without case, in one normal form, with single blanks. */
function fold(text) {
  return text.normalize('NFC').toLowerCase().replace(/[ \t]+/g, ' ');
}

/** A number of BLEU points, "–" where there is none. */
function pointsText(score) {
  return score === null ? '–' : numberText(score, 1);
}

class SentenceBrowser {
  constructor(model) {
    this.model = model;
    this.current = -1;
    this.head = make('div', {className: 'row head', attributes: {role: 'row', 'aria-rowindex': '1'}});
    this.list = make('div', {className: 'list', attributes: {role: 'rowgroup'}});
    this.scroller = make('div', {className: 'sentences', tabIndex: 0, attributes: {
      role: 'grid', 'aria-label': `Sentences of ${model.data.title}`,
    }}, this.head, this.list);
    this.count = make('p', {className: 'count', attributes: {role: 'status', 'aria-live': 'polite'}});
    this.element = make('div', {className: 'browser'}, this.tools(), this.count, this.scroller, this.help());
    this.virtual = new VirtualList(this.scroller, this.list, i => this.drawRow(i));
    this.scroller.addEventListener('keydown', event => this.arrow(event));
    this.list.addEventListener('click', event => {
      const row = event.target.closest('.row');
      if (row && document.getSelection().isCollapsed) this.moveTo(Number(row.dataset.place));
    });
  }

  /** When it is in the page. */
  start() {
    this.refresh();
    setTimeout(() => this.model.searched(), 200);  // so that the first letter that one types does not wait for it
  }

  tools() {
    const {data} = this.model;
    const systems = data.systems.map((name, i) => [String(i), name]);
    this.search = make('input', {type: 'search', placeholder: 'in any column', spellcheck: false});
    this.search.addEventListener('input', () => this.searchFor(this.search.value));
    this.search.addEventListener('keydown', event => {
      if (event.key === 'Escape' || event.key === 'Enter') {
        if (event.key === 'Escape') this.searchFor(this.search.value = '');
        this.scroller.focus();
        event.preventDefault();
      }
    });
    this.by = choice([['line', 'line'], ['words', 'length of the source'],
                      ...systems.map(([value, name]) => [value, `BLEU of ${name}`])], value => this.sortBy(value));
    this.minus = choice([['', 'nothing'], ...systems.map(([value, name]) => [value, `BLEU of ${name}`])],
                        value => this.setSort({minus: value}));
    this.minus.disabled = true;
    this.direction = make('button', {type: 'button', className: 'direction'});
    this.direction.addEventListener('click', () => this.setSort({descending: !this.model.sort.descending}));
    const tools = [labelled('Search', this.search), labelled('Sort by', this.by)];
    if (systems.length > 1) tools.push(labelled('minus', this.minus));
    tools.push(this.direction);
    return make('div', {className: 'tools'}, ...tools, this.systemBoxes());
  }

  systemBoxes() {
    const {data, shown} = this.model;
    const boxes = data.systems.map((name, i) => tick(name, shown[i], checked => {
      shown[i] = checked;
      this.model.filterRows();
      this.refresh();
    }));
    if (boxes.length > 1) {
      boxes.push(tick('only where they differ', false, checked => {
        this.model.onlyDiffering = checked;
        this.model.filterRows();
        this.refresh();
      }));
    }
    return make('div', {className: 'systems', attributes: {role: 'group', 'aria-label': 'Systems'}}, ...boxes);
  }

  help() {
    const key = text => make('kbd', {textContent: text});
    const mark = (className, text) => make('mark', {className, textContent: text});
    return make('p', {className: 'help'}, mark('extra', 'solid line'), ': not in the reference, or not in this order. ',
                mark('missed', 'dotted line'), ': in no system that is shown. ', key('/'), ' searches, ', key('j'), ' and ',
                key('k'), ' go down and up. BLEU of a sentence is smoothed and of effective order: it ranks, it does not ',
                'add up to the BLEU of the corpus.');
  }

  searchFor(query) {
    this.model.query = query;
    this.model.filterRows();
    this.refresh();
  }

  /** By something new: lines upwards, all else with the most first. */
  sortBy(by) {
    const {sort} = this.model;
    const descending = sort.by === by ? !sort.descending : by !== 'line';
    this.setSort({by, descending, minus: by === 'line' || by === 'words' ? '' : sort.minus});
  }

  setSort(change) {
    Object.assign(this.model.sort, change);
    this.model.sortRows();
    this.refresh();
  }

  refresh() {
    const {sort, rows, size, data} = this.model;
    this.by.value = sort.by;
    this.minus.value = sort.minus;
    this.minus.disabled = sort.by === 'line' || sort.by === 'words';
    this.direction.textContent = sort.descending ? '↓ descending' : '↑ ascending';
    this.count.textContent = rows.length === size ? `${numberText(size)} sentences`
                                                  : `${numberText(rows.length)} of ${numberText(size)} sentences`;
    this.scroller.setAttribute('aria-rowcount', String(rows.length + 1));
    this.scroller.style.setProperty('--systems', String(this.model.shownSystems().length));
    this.current = -1;
    this.scroller.removeAttribute('aria-activedescendant');
    this.drawHead(data, sort);
    this.virtual.reset(rows.length);
  }

  drawHead(data, sort) {
    const header = (text, by, title) => {
      const state = sort.by === by ? (sort.descending ? 'descending' : 'ascending') : 'none';
      if (by === null) return make('div', {textContent: text, attributes: {role: 'columnheader'}});
      const button = make('button', {type: 'button', textContent: text, title});
      button.addEventListener('click', () => {
        this.sortBy(by);
        this.head.querySelector(`[data-by="${by}"] button`).focus({preventScroll: true});
      });
      return make('div', {attributes: {role: 'columnheader', 'aria-sort': state, 'data-by': by}}, button);
    };
    this.head.replaceChildren(
        header('line', 'line', 'sort by line'), header('source', 'words', 'sort by length of the source'),
        header('reference', null),
        ...this.model.shownSystems().map(i => header(data.systems[i], String(i), 'sort by BLEU')));
  }

  drawRow(place) {
    const {data, rows} = this.model;
    const row = rows[place];
    const systems = this.model.shownSystems();
    const marked = markedRow(data.reference[row], systems.map(i => data.hypotheses[i][row]));
    const cell = (name, note, ...content) => make(
        'div', {className: 'cell', attributes: {role: 'gridcell', 'data-name': name}},
        make('span', {className: 'text', dir: 'auto'}, ...content),
        ...(note === '' ? [] : [make('span', {className: 'note', textContent: note})]));
    const element = make(
        'div',
        {className: 'row', id: `sentence-${data.line[row]}`, attributes: {role: 'row', 'aria-rowindex': String(place + 2)}},
        make('div', {className: 'cell line', textContent: numberText(data.line[row]), attributes: {role: 'gridcell'}}),
        cell('source', `${counted(data.words[row], 'word')}`, data.source[row]),
        cell('reference', '', ...marked.reference),
        ...systems.map((system, i) => cell(data.systems[system], this.scoreText(system, row), ...marked.hypotheses[i])));
    element.dataset.place = place;
    if (place === this.current) element.setAttribute('aria-current', 'true');
    return element;
  }

  scoreText(system, row) {
    const {data, sort} = this.model;
    const score = data.bleu[system][row];
    if (data.hypotheses[system][row] === null) return 'not translated';
    const text = score === null ? '' : `BLEU ${pointsText(score)}`;
    if (sort.minus === '' || String(system) !== sort.by) return text;
    const difference = this.model.keyOf(row);
    return difference === null ? text : `${text} (${difference < 0 ? '−' : '+'}${pointsText(Math.abs(difference))})`;
  }

  arrow(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step || event.target !== this.scroller) return;
    event.preventDefault();
    this.move(step);
  }

  move(step) {
    this.moveTo(this.current < 0 ? (step > 0 ? rowAt(this.virtual.tops, this.scroller.scrollTop) : 0) : this.current + step);
  }

  moveTo(place) {
    this.virtual.elementOf(this.current)?.removeAttribute('aria-current');
    this.current = Math.min(Math.max(place, 0), this.model.rows.length - 1);
    if (this.current < 0) return;
    this.virtual.elementOf(this.current)?.setAttribute('aria-current', 'true');
    this.virtual.show(this.current);
    this.scroller.setAttribute('aria-activedescendant', `sentence-${this.model.data.line[this.model.rows[this.current]]}`);
  }
}

/** "1 word", "2 words". */
function counted(number, noun) {
  return `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Browsers of the corpora of a section, one at a time: {element, start, browser()}. */
function makeSentences(sets) {
  const place = make('div');
  const notes = make('div');
  let browser = null;
  const show = id => {
    const data = readData(id);
    browser = new SentenceBrowser(new SentenceModel(data));
    notes.replaceChildren(...data.notes.map(note => make('p', {className: 'note', textContent: note})));
    place.replaceChildren(browser.element);
    browser.start();
  };
  const names = sets.map(set => [set.id, `${set.title} (${counted(set.systems, 'system')})`]);
  const chooser = sets.length > 1 ? [labelled('Corpus', choice(names, show))] : [make('h3', {textContent: sets[0].title})];
  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input, select, textarea');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !browser) return;
    const keys = {'/': () => browser.search.focus(), j: () => browser.move(1), k: () => browser.move(-1)};
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  return {element: make('div', {}, make('div', {className: 'tools'}, ...chooser), notes, place), start: () => show(sets[0].id)};
}
