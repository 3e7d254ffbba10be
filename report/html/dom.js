// Elements and numbers. All text of a ledger goes through textContent: nothing here takes markup.

/** An element with properties, attributes (in `attributes`) and children, which are elements or text. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'attributes') {
      for (const [key, text] of Object.entries(value)) element.setAttribute(key, text);
    } else {
      element[name] = value;
    }
  }
  element.append(...children);
  return element;
}

const formats = new Map();  // making one takes longer than using it

function formatOf(digits) {
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat('en', {minimumFractionDigits: digits, maximumFractionDigits: digits}));
  }
  return formats.get(digits);
}

/** A number as people read it; a name (a run, a seed) has no marks at its thousands. */
function numberText(value, decimals, isName) {
  if (isName) return String(value);
  return formatOf(decimals ?? 0).format(value);
}

/** What a cell of a table shows. */
function cellText(value, column) {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return numberText(value, column.decimals, column.name);
}

/** The JSON of a data element. */
function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

/** A labelled control. */
function labelled(text, control) {
  return make('label', {}, make('span', {textContent: text}), control);
}

/** A choice of [value, text] pairs. */
function choice(options, change) {
  const select = make('select', {}, ...options.map(([value, text]) => make('option', {value, textContent: text})));
  select.addEventListener('change', () => change(select.value));
  return select;
}

/** A box to tick. */
function tick(text, checked, change) {
  const box = make('input', {type: 'checkbox', checked});
  box.addEventListener('change', () => change(box.checked));
  return make('label', {className: 'tick'}, box, make('span', {textContent: text}));
}
