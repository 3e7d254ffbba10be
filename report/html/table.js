// Tables whose headers sort them.

const rowsAtFirst = 500;  // more are shown when asked for: a table of 100,000 cells is no reading matter

/** Order of two cells: numbers, then text, then nothing. */
function compareCells(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -1 : 1;
  return a.localeCompare(b, undefined, {numeric: true});
}

/** Rows by a column; those without a value stay at the end either way. */
function sortedRows(rows, column, descending) {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const missing = (a[column] === null) - (b[column] === null);
    return missing || sign * compareCells(a[column], b[column]);
  });
}

/** Columns that people see, each with its place in the rows. */
function shownColumns(data) {
  return data.columns
      .map((column, place) => {
        const cells = data.rows.map(row => row[place]).filter(cell => cell !== null);
        return {
          ...column,
          place,
          right: cells.length > 0 && cells.every(cell => typeof cell === 'number'),
          wide: cells.some(cell => typeof cell === 'string' && cell.length > 36),
        };
      })
      .filter(column => column.shown);
}

function tableRow(row, columns) {
  return make('tr', {}, ...columns.map(column => {
    const text = cellText(row[column.place], column);
    const cell = make('td', {textContent: text, className: column.right ? 'number' : column.wide ? 'wide' : ''});
    if (column.path) cell.title = text;
    return cell;
  }));
}

/** A table of figure data, drawn at once. */
function makeTable(data) {
  const columns = shownColumns(data);
  const body = make('tbody');
  const headers = [];
  const state = {column: null, descending: false, all: data.rows.length <= rowsAtFirst};

  function fill() {
    const rows = state.column === null ? data.rows : sortedRows(data.rows, state.column.place, state.descending);
    body.replaceChildren(...rows.slice(0, state.all ? rows.length : rowsAtFirst).map(row => tableRow(row, columns)));
  }
  function sortBy(column) {
    state.descending = state.column === column ? !state.descending : false;
    state.column = column;
    headers.forEach((header, i) => {
      const order = state.descending ? 'descending' : 'ascending';
      header.setAttribute('aria-sort', columns[i] === column ? order : 'none');
    });
    fill();
  }

  for (const column of columns) {
    const button = make('button', {type: 'button', textContent: column.title});
    button.addEventListener('click', () => sortBy(column));
    headers.push(make('th', {className: column.right ? 'number' : '', attributes: {scope: 'col', 'aria-sort': 'none'}},
                      button));
  }
  fill();
  const table = make('table', {attributes: {'aria-label': data.title}}, make('thead', {}, make('tr', {}, ...headers)), body);
  const scroller = make('div', {className: 'scroller', tabIndex: 0, attributes: {role: 'region', 'aria-label': data.title}},
                        table);
  if (state.all) return scroller;
  const more = make('button', {type: 'button', textContent: `Show all ${numberText(data.rows.length)} rows`});
  more.addEventListener('click', () => {
    state.all = true;
    more.remove();
    fill();
  });
  return make('div', {}, scroller, more);
}

/** The table behind a closed lid; drawn when it is opened. */
function foldedTable(data, title) {
  const lid = make('details', {}, make('summary', {textContent: title}));
  lid.addEventListener('toggle', () => {
    if (lid.open && lid.children.length === 1) lid.append(makeTable(data));
  });
  return lid;
}
