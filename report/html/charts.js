// Charts of a table's data, drawn by Chart.js. Series differ by colour, dash and point.

const pointStyles = ['circle', 'rectRot', 'triangle', 'rect', 'star', 'crossRot'];
const dashes = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
const drawnCharts = [];  // each with a function that takes the colours of the theme

/** A colour of the style sheet. */
function themeColor(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function seriesColor(index) {
  return themeColor(`series-${index % 8}`);
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
  return {
    label: one.title,
    data: one.points.map(point => toPoint(point, sideways)),
    colorIndex: grouped ? one.g : index,
    showLine: chart.kind === 'line',
    borderDash: dashes[(grouped ? one.s + Math.floor(one.g / 8) : index) % dashes.length],
    pointStyle: pointStyles[(grouped ? one.g : index) % pointStyles.length],
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
      ctx.strokeStyle = dataset.borderColor;
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

/** A text that leaves room for the chart. */
function shortLabel(text, most) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function categoryAxis(title, labels, sideways) {
  const axis = {
    type: 'category',
    labels,
    offset: sideways || labels.length < 12,
    title: {display: Boolean(title), text: title},
    grid: {display: sideways},
  };
  if (sideways) {
    axis.ticks = {
      autoSkip: false,
      callback: (_, i) => shortLabel(String(labels[i]), window.innerWidth < 600 ? 16 : 34),
    };
  }
  return axis;
}

function valueAxis(title, logarithmic, all, fromZero) {
  const axis = {type: logarithmic ? 'logarithmic' : 'linear', title: {display: Boolean(title), text: title}};
  if (fromZero && !logarithmic) axis.min = 0;
  axis.grace = logarithmic || all.length === 0 ? 0 : '5%';
  const ends = all.flatMap(point => [point.low, point.high]).filter(end => typeof end === 'number');
  if (ends.length > 0) {
    axis.suggestedMin = Math.min(...ends);
    axis.suggestedMax = Math.max(...ends);
  }
  return axis;
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
  const values = valueAxis(chart.yTitle, chart.logY, all, chart.fromZero || chart.kind === 'bar');
  const places = categorical ? categoryAxis(chart.xTitle, labels, sideways) : valueAxis(chart.xTitle, chart.logX, []);
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

function colorDatasets(datasets) {
  for (const dataset of datasets) {
    const color = seriesColor(dataset.colorIndex);
    for (const part of ['border', 'background', 'pointBorder', 'pointBackground']) dataset[`${part}Color`] = color;
  }
}

function colorChart(drawn) {
  colorDatasets(drawn.data.datasets);
  for (const axis of Object.values(drawn.options.scales)) {
    axis.grid.color = themeColor('rule');
    axis.grid.borderColor = themeColor('rule');
    axis.ticks.color = axis.title.color = themeColor('soft');
  }
  drawn.update('none');
}

/** A box for each series, which the keyboard reaches: ticked ones are drawn. */
function legendOf(drawn) {
  const swatches = [];
  const boxes = drawn.data.datasets.map((dataset, index) => {
    const box = tick(dataset.label, true, shown => {
      drawn.setDatasetVisibility(index, shown);
      drawn.update('none');
    });
    const swatch = make('span', {className: dataset.borderDash.length > 0 ? 'swatch dashed' : 'swatch'});
    swatches.push([swatch, dataset]);
    box.insertBefore(swatch, box.lastChild);
    return box;
  });
  const recolor = () => swatches.forEach(([swatch, dataset]) => swatch.style.borderColor = dataset.borderColor);
  return {element: make('div', {className: 'legend', attributes: {role: 'group', 'aria-label': 'Series'}}, ...boxes), recolor};
}

/** A chart with its title and legend. */
function makeChart(data, chart) {
  const canvas = make('canvas', {attributes: {
    role: 'img', 'aria-label': `Chart: ${chart.title}. The table below it has the same data.`,
  }});
  const frame = make('div', {className: 'canvas'}, canvas);
  const title = chart.title === data.title ? [] : [make('h4', {textContent: chart.title})];
  const block = make('div', {className: 'chart'}, ...title, frame);
  const config = configOf(data, chart);
  if (chart.kind === 'dot') {
    const rows = Math.max(...config.data.datasets.map(dataset => dataset.data.length), 1);
    frame.style.height = `${70 + 34 * rows}px`;
  }
  // A canvas has a size only when it is in the page.
  block.draw = () => {
    colorDatasets(config.data.datasets);
    const drawn = new Chart(canvas, config);
    const legend = config.data.datasets.length > 1 ? legendOf(drawn) : null;
    const recolor = () => {
      colorChart(drawn);
      legend?.recolor();
    };
    if (legend) block.append(legend.element);
    recolor();
    drawnCharts.push(recolor);
  };
  return block;
}

/** Some charts of `charts` have nothing to draw: those are left out. */
function chartsWithData(figure) {
  return figure.charts.filter(chart => seriesOf(figure.table, chart).length > 0);
}
