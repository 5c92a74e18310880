/** A binary min-heap of things with an instant; re-adding a key moves it. */

export class DueHeap<Key> {
  readonly #heap: { readonly key: Key; readonly due: number }[] = [];
  readonly #places = new Map<Key, number>();

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest instant, or undefined when empty. */
  get nextDue(): number | undefined {
    return this.#heap[0]?.due;
  }

  /** Adds `key`, or moves it to its new instant. */
  set(key: Key, due: number): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#put(this.#heap.length, { key, due });
      this.#rise(this.#heap.length - 1);
    } else {
      this.#put(place, { key, due });
      this.#sink(this.#rise(place));
    }
  }

  dueOf(key: Key): number | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#heap[place]?.due;
  }

  delete(key: Key): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    const last = this.#heap.pop();
    this.#places.delete(key);
    if (last === undefined || place === this.#heap.length) return;
    this.#put(place, last);
    this.#sink(this.#rise(place));
  }

  /** Takes out everything due at `now` or before, earliest first. */
  takeDue(now: number): Key[] {
    const taken: Key[] = [];
    for (let top = this.#heap[0]; top !== undefined && top.due <= now; top = this.#heap[0]) {
      taken.push(top.key);
      this.delete(top.key);
    }
    return taken;
  }

  #put(place: number, entry: { readonly key: Key; readonly due: number }): void {
    this.#heap[place] = entry;
    this.#places.set(entry.key, place);
  }

  #rise(from: number): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#swapIfLater(above, place)) break;
      place = above;
    }
    return place;
  }

  #sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const earlier = this.#isLater(left, left + 1) ? left + 1 : left;
      if (!this.#swapIfLater(place, earlier)) return;
      place = earlier;
    }
  }

  #isLater(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    return first !== undefined && second !== undefined && first.due > second.due;
  }

  #swapIfLater(above: number, below: number): boolean {
    const upper = this.#heap[above];
    const lower = this.#heap[below];
    if (upper === undefined || lower === undefined || upper.due <= lower.due) return false;
    this.#put(above, lower);
    this.#put(below, upper);
    return true;
  }
}
