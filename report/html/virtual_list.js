// A long list of which only the visible rows are in the page. Rows have the heights that their texts need: they are
// guessed first and measured when they are drawn.

const overscan = 400;  // pixels drawn above and below what is visible

/** The largest i with tops[i] <= y. */
function rowAt(tops, y) {
  let [low, high] = [0, tops.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle] <= y) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Math.max(low, 0);
}

/** `scroller` holds `list`; `drawRow(i)` gives the element of row i. */
class VirtualList {
  constructor(scroller, list, drawRow) {
    Object.assign(this, {scroller, list, drawRow, count: 0, guess: 90, heights: [], tops: new Float64Array(1)});
    this.drawn = new Map();  // rows that are in the page
    this.window = make('div', {className: 'window'});
    list.append(this.window);
    scroller.addEventListener('scroll', () => this.draw(), {passive: true});
    new ResizeObserver(() => this.forgetHeights()).observe(scroller);
  }

  /** Other rows, or the same in another order or look. Goes to the top. */
  reset(count) {
    this.count = count;
    this.window.replaceChildren();
    this.drawn.clear();
    this.hasGuess = false;
    this.width = this.scroller.clientWidth;
    this.heights = new Array(count).fill(0);
    this.measure();
    this.scroller.scrollTop = 0;
    this.draw();
  }

  forgetHeights() {
    if (this.scroller.clientWidth === this.width) return this.draw();
    const top = rowAt(this.tops, this.scroller.scrollTop);
    this.width = this.scroller.clientWidth;
    this.heights.fill(0);
    this.hasGuess = false;
    this.measure();
    this.scroller.scrollTop = this.tops[top];
    this.draw();
  }

  /** Where each row begins, from the heights that are known and a guess for the others. */
  measure() {
    this.tops = new Float64Array(this.count + 1);
    for (let i = 0; i < this.count; ++i) this.tops[i + 1] = this.tops[i] + (this.heights[i] || this.guess);
    this.list.style.height = `${this.tops[this.count]}px`;
  }

  draw() {
    // Heights that were guessed too large leave a gap: then once more, knowing better.
    for (let tries = 0; tries < 8 && this.drawOnce(); ++tries) continue;
  }

  /** Draws what is visible; whether some of it stayed empty. */
  drawOnce() {
    const top = this.scroller.scrollTop;
    const end = top + this.scroller.clientHeight + overscan;
    const anchor = rowAt(this.tops, top);
    const offset = top - this.tops[anchor];
    const first = rowAt(this.tops, Math.max(top - overscan, 0));
    const rows = new Map();
    for (let i = first; i < this.count && this.tops[i] < end; ++i) rows.set(i, this.drawn.get(i) ?? this.drawRow(i));
    this.put(rows);
    if (this.learnHeights(first, [...rows.values()])) {
      this.measure();
      // What one reads stays where it is.
      if (Math.abs(this.tops[anchor] + offset - top) > 1) this.scroller.scrollTop = this.tops[anchor] + offset;
    }
    this.window.style.transform = `translateY(${this.tops[first]}px)`;
    const last = first + rows.size;
    return last < this.count && this.tops[last] < this.scroller.scrollTop + this.scroller.clientHeight;
  }

  /** Makes these the rows in the page. Those that stay are not touched: one may be selecting text in them. */
  put(rows) {
    for (const [i, row] of this.drawn) {
      if (rows.get(i) !== row) row.remove();
    }
    let next = this.window.firstChild;
    for (const row of rows.values()) {
      if (row === next) {
        next = next.nextSibling;
      } else {
        this.window.insertBefore(row, next);
      }
    }
    this.drawn = rows;
  }

  /** The element of row i, where it is in the page. */
  elementOf(i) {
    return this.drawn.get(i);
  }

  /** Measures what was drawn; whether something was not as high as thought. */
  learnHeights(first, rows) {
    let changed = false;
    rows.forEach((row, i) => {
      const height = row.getBoundingClientRect().height;
      changed ||= Math.abs(height - this.heights[first + i]) > 0.5;
      this.heights[first + i] = height;
    });
    if (changed && !this.hasGuess) {
      const known = this.heights.slice(first, first + rows.length).sort((a, b) => a - b);
      this.guess = known[known.length >> 1] || this.guess;  // the median: one line may be a whole page
      this.hasGuess = true;
    }
    return changed;
  }

  /** Scrolls so that row i is seen whole. */
  show(i) {
    const [top, bottom] = [this.tops[i], this.tops[i + 1]];
    const view = this.scroller.clientHeight - this.headHeight();
    if (top < this.scroller.scrollTop) {
      this.scroller.scrollTop = top;
    } else if (bottom > this.scroller.scrollTop + view) {
      this.scroller.scrollTop = Math.min(top, bottom - view);
    }
    this.draw();
  }

  /** Of what sticks to the top of the scroller and hides rows. */
  headHeight() {
    return this.list.offsetTop;
  }
}
