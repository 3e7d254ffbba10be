// The page: sections, contents and theme.

const themes = ['auto', 'light', 'dark'];

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.documentElement.toggleAttribute('data-dark', theme === 'dark' || (theme === 'auto' && prefersDark.matches));
  document.getElementById('theme').textContent = `Theme: ${theme}`;
  recolorCharts();
}

/** Remembering may be forbidden, as in a file that was opened from disk. */
function storedTheme() {
  try {
    return localStorage.getItem('isthmus-theme');
  } catch {
    return null;
  }
}

function storeTheme(theme) {
  try {
    localStorage.setItem('isthmus-theme', theme);
  } catch {
    // then it is auto next time
  }
}

function startTheme() {
  const stored = storedTheme();
  setTheme(themes.includes(stored) ? stored : 'auto');
  document.getElementById('theme').addEventListener('click', () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length];
    storeTheme(next);
    setTheme(next);
  });
  prefersDark.addEventListener('change', () => setTheme(document.documentElement.dataset.theme));
}

const seenCharts = [];

function recolorCharts() {
  seenCharts.forEach(chart => chart.draw());
}

/** Draws when it comes near the window: a ledger may have a hundred charts. */
const whenNear = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    whenNear.unobserve(entry.target);
    seenCharts.push(entry.target);
    entry.target.draw();
  }
}, {rootMargin: '600px'});

/** `above`: the title that stands above it already. */
function makeFigure(figure, above, folded) {
  const charts = chartsWithData(figure).map(chart => {
    return chart.kind === 'heat' ? makeHeatMap(figure.table, chart) : makeChart(figure.table, chart);
  });
  charts.forEach(chart => whenNear.observe(chart));
  const {table} = figure;
  const lid = charts.length > 0 || folded;
  const notes = table.notes.map(note => make('p', {className: 'note', textContent: note}));
  const caption = table.title === above ? [] : [make('figcaption', {}, make('h3', {textContent: table.title}))];
  return make('figure', {}, ...caption, make('div', {className: 'charts'}, ...charts),
              lid ? foldedTable(table, charts.length > 0 ? 'The same as a table' : 'Table') : makeTable(table), ...notes);
}

function makeSection(section) {
  const element = make('section', {id: section.id, attributes: {'aria-labelledby': `${section.id}-title`}},
                       make('h2', {id: `${section.id}-title`, textContent: section.title}),
                       ...section.text.map(text => make('p', {textContent: text})));
  if (section.verdict) element.append(make('p', {className: 'verdict', textContent: section.verdict}));
  if (section.meaning) {
    element.append(make('p', {className: 'meaning'}, make('strong', {textContent: 'What this means for you: '}),
                        section.meaning));
  }
  const openTables = 4;  // of those without a chart
  element.append(...section.figures.map((figure, i) => makeFigure(figure, section.title, i >= openTables)));
  return element;
}

/** The first sentence of a verdict. */
function inShort(text) {
  return text.split(/(?<=\.)\s+(?=\p{Lu})/u)[0];
}

/** Links to the sections that stand under another one, by their headings. */
function listOf(section, members) {
  const parts = distinct(members.map(member => [member.heading]), 0).map(heading => {
    const items = members.filter(member => member.heading === heading).map(member => {
      const link = make('a', {href: `#${member.id}`, textContent: member.name || member.title});
      return make('li', {}, link, make('span', {className: 'note', textContent: inShort(member.verdict)}));
    });
    return make('div', {}, make('h3', {textContent: heading}), make('ul', {}, ...items));
  });
  return make('nav', {className: 'list-of-sections', attributes: {'aria-label': section.title}}, ...parts);
}

function startPage() {
  const page = readData('page-data');
  document.title = page.title;
  document.getElementById('title').textContent = page.title;
  document.getElementById('subtitle').textContent = page.subtitle;
  const main = document.getElementById('main');
  const contents = document.getElementById('contents');
  startTheme();
  for (const section of page.sections) {
    const element = makeSection(section);
    main.append(element);
    if (!section.under) contents.append(make('a', {href: `#${section.id}`, textContent: section.title}));
    const members = page.sections.filter(other => other.under === section.id);
    if (members.length > 0) element.append(listOf(section, members));
    if (!section.sentences) continue;
    const sentences = makeSentences(section.sentences);
    element.append(sentences.element);
    sentences.start();
  }
}

document.addEventListener('DOMContentLoaded', startPage);
