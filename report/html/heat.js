// Heat maps: a matrix as a grid of coloured cells, of which the reader looks at one, by pointer, touch or keys. The
// colours are the style sheet's, so that a change of theme needs no drawing.

/** Rows of the table by matrix: [name, rows] of each value of the group. */
function matricesOf(data, chart) {
  if (!chart.group) return [[null, data.rows]];
  const place = placeOf(data, chart.group);
  const byName = new Map(distinct(data.rows, place).map(name => [name, []]));
  for (const row of data.rows) byName.get(row[place]).push(row);
  return [...byName];
}

/** Places of an axis in order: {place, name} each. */
function axisOf(rows, place, label) {
  const names = new Map(rows.map(row => [row[place], String(row[label ?? place])]));
  return [...names].sort(([a], [b]) => a - b).map(([at, name]) => ({at, name}));
}

function heatCell(value, most, words) {
  const cell = make('td', {tabIndex: -1, className: 'heat', attributes: {role: 'gridcell', 'aria-label': words}});
  if (value === null) return cell;
  cell.style.setProperty('--heat', most > 0 ? Math.abs(value) / most : 0);
  if (value < 0) cell.classList.add('negative');
  return cell;
}

/** The grid of one matrix. `read(words)` is told of the cell that is looked at. */
function heatGrid(data, chart, rows, most, read) {
  const at = key => key ? placeOf(data, key) : undefined;
  const [x, y, value] = [at(chart.x), at(chart.row), at(chart.series[0].y)];
  const columns = axisOf(rows, x, at(chart.xLabel));
  const lines = axisOf(rows, y, at(chart.rowLabel));
  const values = new Map(rows.map(row => [`${row[y]} ${row[x]}`, row[value]]));
  const heads = columns.map(({name}) => make('th', {className: 'turned', attributes: {scope: 'col'}},
                                            make('span', {textContent: name})));
  const body = lines.map(line => {
    const cells = columns.map(column => {
      const number = values.get(`${line.at} ${column.at}`) ?? null;
      const words = `${line.name} ← ${column.name}: ${number === null ? 'no value' : numberText(number, 3)}`;
      return heatCell(number, most, words);
    });
    return make('tr', {}, make('th', {textContent: line.name, attributes: {scope: 'row'}}), ...cells);
  });
  const corner = make('td', {className: 'corner', textContent: `${chart.yTitle} ↓  ${chart.xTitle} →`});
  const grid = make('table', {className: 'matrix', attributes: {role: 'grid', 'aria-label': chart.title}},
                    make('thead', {}, make('tr', {}, corner, ...heads)), make('tbody', {}, ...body));

  const cellAt = (r, c) => body[r]?.children[c + 1];
  function look(cell) {
    grid.querySelectorAll('.at').forEach(element => element.classList.remove('at'));
    for (const element of [cell, cell.parentElement.firstChild, heads[cell.cellIndex - 1]]) element.classList.add('at');
    read(cell.getAttribute('aria-label'));
  }
  const onCell = action => event => {
    const cell = event.target.closest('td.heat');
    if (cell) action(cell, event);
  };
  grid.addEventListener('pointerover', onCell(look));
  grid.addEventListener('focusin', onCell(cell => {
    grid.querySelector('td[tabindex="0"]')?.setAttribute('tabindex', '-1');
    cell.tabIndex = 0;
    look(cell);
  }));
  grid.addEventListener('keydown', onCell((cell, event) => {
    const moves = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    cellAt(body.indexOf(cell.parentElement) + move[0], cell.cellIndex - 1 + move[1])?.focus();
  }));
  const first = cellAt(0, 0);
  if (first) first.tabIndex = 0;
  return grid;
}

/** What the colours mean. */
function heatScale(most, anyNegative) {
  const bar = name => make('span', {className: `scale ${name}`});
  const end = text => make('span', {textContent: text});
  const negative = anyNegative ? [end(numberText(-most, 2)), bar('negative')] : [];
  return make('p', {className: 'note heat-scale'}, ...negative, end('0'), bar('positive'), end(numberText(most, 2)));
}

/** A heat map with a choice of its matrix, where there are several. */
function makeHeatMap(data, chart) {
  const matrices = matricesOf(data, chart);
  const place = placeOf(data, chart.series[0].y);
  const numbers = data.rows.map(row => row[place]).filter(value => value !== null);
  const most = numbers.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const reading = make('p', {className: 'reading', textContent: ' ', attributes: {'aria-live': 'polite'}});
  const frame = make('div', {className: 'matrix-frame'});
  const title = chart.title === data.title ? [] : [make('h4', {textContent: chart.title})];
  const block = make('div', {className: 'chart heat-map'}, ...title);
  let shown = 0;
  let select = null;
  const buttons = [];

  function show(index) {
    shown = index;
    reading.textContent = 'Point at a cell, or go through them with the arrow keys.';
    frame.replaceChildren(heatGrid(data, chart, matrices[shown][1], most, words => reading.textContent = words));
    if (!select) return;
    select.value = String(shown);
    buttons[0].disabled = shown === 0;
    buttons[1].disabled = shown === matrices.length - 1;
  }
  if (matrices.length > 1) {
    select = choice(matrices.map(([name], index) => [String(index), String(name)]), value => show(Number(value)));
    for (const [text, step] of [['Previous', -1], ['Next', 1]]) {
      const button = make('button', {type: 'button', textContent: text});
      button.addEventListener('click', () => show(shown + step));
      buttons.push(button);
    }
    block.append(make('div', {className: 'tools'}, labelled(data.columns[placeOf(data, chart.group)].title, select),
                      ...buttons));
  }
  block.append(frame, reading, heatScale(most, numbers.some(value => value < 0)));
  block.draw = () => frame.firstChild ?? show(0);
  return block;
}
