/**
 * Answers that take seconds, kept for as long as nothing new is known: the same page asked again, or in the other
 * language, is quick. Keyed by the question; a new record lets all of them go.
 */
const answersMax = 24;

export class RecentAnswers {
  readonly #knownAt: () => number | undefined;
  readonly #answers = new Map<string, Promise<unknown>>();
  #of: number | undefined;

  /** `knownAt`: up to which record is known now; undefined while that is not settled: then nothing is kept. */
  constructor(knownAt: () => number | undefined) {
    this.#knownAt = knownAt;
  }

  get<T>(question: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const knownAt = this.#knownAt();
    if (knownAt === undefined) return ask();
    if (knownAt !== this.#of) this.#answers.clear();
    this.#of = knownAt;
    const key = JSON.stringify(question);
    const known = this.#answers.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const answer = ask();
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > answersMax && oldest !== undefined) this.#answers.delete(oldest);
    // What failed is asked anew.
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}
