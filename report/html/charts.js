// Charts of a table's data, drawn by Chart.js. Series differ by colour, dash and point.

const pointStyles = ['circle', 'rectRot', 'triangle', 'rect', 'star', 'crossRot'];
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]];

/** A colour of the style sheet. */
function themeColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The place of a column that is drawn; of two with one key, the one for machines. */
function placeOf(data, key) {
  const places = data.columns.flatMap((column, place) => column.key === key ? [place] : []);
  return places.find(place => !data.columns[place].shown) ?? places[0];
}

/** Values of a column in the order in which they come. */
function distinct(rows, place) {
  return [...new Set(rows.map(row => row[place]))];
}

/** One for each group and series: {title, group, series, points: [{x, y, low, high, label}]}. */
function seriesOf(data, chart) {
  const at = key => key ? placeOf(data, key) : undefined;
  const cell = (row, place) => place === undefined ? null : row[place];
  const [x, group, label] = [at(chart.x), at(chart.group), at(chart.label)];
  const groups = group === undefined ? [null] : distinct(data.rows, group);
  const all = groups.flatMap((name, g) => chart.series.map((one, s) => {
    const [y, low, high] = [at(one.y), at(one.low), at(one.high)];
    const points = data.rows.filter(row => (group === undefined || row[group] === name) && row[y] !== null).map(row => ({
      x: row[x], y: row[y], low: cell(row, low), high: cell(row, high), label: cell(row, label),
    }));
    const title = one.title || data.columns[y].title;
    return {title: name === null ? title : chart.series.length > 1 ? `${name}, ${title}` : name, g, s, points};
  }));
  return all.filter(one => one.points.length > 0);
}

/** A point in the axes of Chart.js: dots have their categories from top to bottom. */
function toPoint(point, sideways) {
  return sideways ? {...point, x: point.y, y: point.x} : point;
}

function toDataset(one, chart, index, categorical) {
  const sideways = chart.kind === 'dot';
  const grouped = Boolean(chart.group);
  const colorIndex = grouped ? one.g : index;
  const color = themeColor(`series-${colorIndex % 8}`);
  return {
    label: one.title,
    data: one.points.map(point => toPoint(point, sideways)),
    colorIndex,
    borderColor: color,
    backgroundColor: color,
    showLine: chart.kind === 'line',
    borderDash: dashes[(grouped ? one.s + Math.floor(one.g / 8) : index) % dashes.length],
    pointStyle: pointStyles[colorIndex % pointStyles.length],
    pointRadius: one.points.length > 80 && chart.kind === 'line' ? 0 : chart.kind === 'line' ? 3 : 5,
    pointHoverRadius: 7,
    pointHitRadius: 10,
    borderWidth: 2,
    tension: 0,
    spanGaps: !categorical,
  };
}

/** Whiskers from low to high, for every point that has both. */
const intervals = {
  id: 'intervals',
  afterDatasetsDraw(drawn) {
    const {ctx, scales: {x, y}} = drawn;
    const sideways = drawn.config.options.indexAxis === 'y';
    ctx.save();
    drawn.data.datasets.forEach((dataset, index) => {
      if (!drawn.isDatasetVisible(index)) return;
      ctx.strokeStyle = drawn.config.type === 'bar' ? themeColor('ink') : dataset.borderColor;  // seen on the bar, too
      ctx.lineWidth = 1.5;
      drawn.getDatasetMeta(index).data.forEach((element, i) => {
        const {low, high} = dataset.data[i];
        if (low === null || high === null || low === undefined || high === undefined) return;
        const axis = sideways ? x : y;
        drawWhisker(ctx, element, axis.getPixelForValue(low), axis.getPixelForValue(high), sideways);
      });
    });
    ctx.restore();
  },
};

function drawWhisker(ctx, {x, y}, from, to, sideways) {
  const cap = 5;
  ctx.beginPath();
  for (const [ax, ay, bx, by] of [[0, from, 0, to], [-cap, from, cap, from], [-cap, to, cap, to]]) {
    ctx.moveTo(sideways ? ay : x + ax, sideways ? y + ax : ay);
    ctx.lineTo(sideways ? by : x + bx, sideways ? y + bx : by);
  }
  ctx.stroke();
}

/** A name as lines that leave room for the chart: broken after blanks, the last one cut. */
function labelLines(text) {
  const most = window.innerWidth < 600 ? 17 : 36;
  const lines = [''];
  for (const word of String(text).split(/(?<=\s)/)) {
    if (lines.length < 3 && lines.at(-1) !== '' && (lines.at(-1) + word).trim().length > most) lines.push('');
    lines[lines.length - 1] += word;
  }
  return lines.map(line => line.trim()).map(line => line.length > most ? `${line.slice(0, most - 1)}…` : line);
}

/** The looks of an axis in the theme. */
function themedAxis(axis, title) {
  const [soft, rule] = [themeColor('soft'), themeColor('rule')];
  return {...axis, title: {display: Boolean(title), text: title, color: soft}, ticks: {...axis.ticks, color: soft},
          grid: {color: rule, borderColor: rule, ...axis.grid}};
}

function categoryAxis(title, labels, sideways) {
  const axis = {type: 'category', labels, offset: sideways || labels.length < 12, grid: {display: sideways}};
  if (sideways) axis.ticks = {autoSkip: false, callback: (_, i) => labelLines(labels[i])};
  return themedAxis(axis, title);
}

/** An axis that holds the points with their intervals, and some room; not below 0 where nothing is. */
function valueAxis(title, points, {logarithmic = false, fromZero = false} = {}) {
  const axis = {type: logarithmic ? 'logarithmic' : 'linear'};
  const values = points.flatMap(point => [point.y, point.low, point.high]).filter(value => typeof value === 'number');
  if (values.length > 0 && !logarithmic) {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const room = (most - least) / 20;
    axis.suggestedMin = fromZero ? Math.min(least, 0) : least >= 0 ? Math.max(least - room, 0) : least - room;
    axis.suggestedMax = most + room;
  }
  return themedAxis(axis, title);
}

function pointText(item, chart) {
  const point = item.raw;
  const value = chart.kind === 'dot' ? point.x : point.y;
  let text = `${item.dataset.label}: ${numberText(value, 2)}`;
  if (typeof point.low === 'number' && typeof point.high === 'number') {
    text += ` (${numberText(point.low, 2)} – ${numberText(point.high, 2)})`;
  }
  return point.label ? [text, String(point.label)] : text;
}

/** What Chart.js is asked for. */
function configOf(data, chart) {
  const series = seriesOf(data, chart);
  const all = series.flatMap(one => one.points);
  const sideways = chart.kind === 'dot';
  const categorical = chart.kind !== 'scatter' && all.some(point => typeof point.x === 'string');
  const labels = categorical ? distinct(data.rows, placeOf(data, chart.x)) : [];
  const values = valueAxis(chart.yTitle, all, {logarithmic: chart.logY, fromZero: chart.fromZero || chart.kind === 'bar'});
  const places = categorical ? categoryAxis(chart.xTitle, labels, sideways)
                             : valueAxis(chart.xTitle, [], {logarithmic: chart.logX});
  return {
    type: {line: 'line', dot: 'line', bar: 'bar', scatter: 'scatter'}[chart.kind],
    data: {datasets: series.map((one, index) => toDataset(one, chart, index, categorical))},
    options: {
      indexAxis: sideways ? 'y' : 'x',
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: {mode: 'nearest', intersect: false},
      scales: sideways ? {x: values, y: places} : {x: places, y: values},
      plugins: {legend: {display: false}, tooltip: {callbacks: {label: item => pointText(item, chart)}}},
    },
    plugins: [intervals],
  };
}

/** A box for each series, which the keyboard reaches: ticked ones are drawn. `change(index, shown)`. */
function legendOf(datasets, change) {
  const boxes = datasets.map((dataset, index) => {
    const box = tick(dataset.label, true, shown => change(index, shown));
    const swatch = make('span', {className: dataset.borderDash.length > 0 ? 'swatch dashed' : 'swatch'});
    swatch.style.borderColor = `var(--series-${dataset.colorIndex % 8})`;
    box.insertBefore(swatch, box.lastChild);
    return box;
  });
  return make('div', {className: 'legend', attributes: {role: 'group', 'aria-label': 'Series'}}, ...boxes);
}

/** A chart with its title and legend. */
function makeChart(data, chart) {
  const canvas = make('canvas', {attributes: {
    role: 'img', 'aria-label': `Chart: ${chart.title}. The table below it has the same data.`,
  }});
  const frame = make('div', {className: 'canvas'}, canvas);
  const title = chart.title === data.title ? [] : [make('h4', {textContent: chart.title})];
  const block = make('div', {className: 'chart'}, ...title, frame);
  const hidden = new Set();
  let drawn = null;

  // A canvas has a size only when it is in the page, and Chart.js keeps the colours that it began with: so charts are
  // drawn when they are seen, and again in other colours.
  block.draw = () => {
    drawn?.destroy();
    const config = configOf(data, chart);
    config.data.datasets.forEach((dataset, index) => dataset.hidden = hidden.has(index));
    if (chart.kind === 'dot') frame.style.height = `${rowsHeight(config)}px`;
    drawn = new Chart(canvas, config);
  };
  const {datasets} = configOf(data, chart).data;
  if (datasets.length > 1) {
    block.append(legendOf(datasets, (index, shown) => {
      shown ? hidden.delete(index) : hidden.add(index);
      drawn?.setDatasetVisibility(index, shown);
      drawn?.update('none');
    }));
  }
  return block;
}

/** Of a chart with its categories from top to bottom. */
function rowsHeight(config) {
  const {labels} = config.options.scales.y;
  return 70 + labels.reduce((sum, label) => sum + 18 + 16 * labelLines(label).length, 0);
}

/** Some charts of `charts` have nothing to draw: those are left out. */
function chartsWithData(figure) {
  return figure.charts.filter(chart => seriesOf(figure.table, chart).length > 0);
}
