/** The WHERE of a list that people narrow down: what the filter names, all of which must hold, with the values bound. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: (string | number)[] = [];

  add(sql: string, ...bound: (string | number)[]): void {
    this.#parts.push(sql);
    this.values.push(...bound);
  }

  get where(): string {
    return this.#parts.length === 0 ? '' : `WHERE ${this.#parts.join(' AND ')}`;
  }
}
