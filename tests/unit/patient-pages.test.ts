/**
 * Goal: whoever waits too long is told so, and the work is neither lost nor done twice: the next request for the same
 * page gets what the first one began, also its failure, and after that it is made anew.
 */
import { describe, expect, test } from 'vitest';
import { type Html, html } from '../../src/domain/html.ts';
import { PatientPages } from '../../src/web/patient-pages.ts';

/** Makes pages when told to, and counts how often it was asked. */
class Maker {
  asked = 0;
  #made = Promise.withResolvers<Html>();

  readonly make = (): Promise<Html> => {
    this.asked += 1;
    this.#made = Promise.withResolvers<Html>();
    return this.#made.promise;
  };

  finish(text: string): void {
    this.#made.resolve(html`<p>${text}</p>`);
  }

  fail(message: string): void {
    this.#made.reject(new Error(message));
  }
}

const impatient = (): PatientPages => new PatientPages(1);

describe('a page that takes its time', () => {
  test('is given at once when it is ready at once, and made again the next time', async () => {
    const pages = impatient();
    let made = 0;
    const make = async (): Promise<Html> => {
      made += 1;
      return html`<p>${made}</p>`;
    };
    expect(String(await pages.get('a', make))).toBe('<p>1</p>');
    expect(String(await pages.get('a', make))).toBe('<p>2</p>');
  });

  test('is said not to be there yet, and then given to whoever asks for the same', async () => {
    const pages = impatient();
    const maker = new Maker();
    expect(await pages.get('a', maker.make)).toHaveProperty('waitedMs');
    expect(await pages.get('a', maker.make)).toHaveProperty('waitedMs');
    maker.finish('late');
    expect(String(await pages.get('a', maker.make))).toBe('<p>late</p>');
    expect(maker.asked).toBe(1);
  });

  test('is not given to whoever asks for another', async () => {
    const pages = impatient();
    const maker = new Maker();
    await pages.get('zh /coverage/stock', maker.make);
    maker.finish('中文');
    const other = await pages.get('en /coverage/stock', async () => html`<p>English</p>`);
    expect(String(other)).toBe('<p>English</p>');
  });

  test('says how it failed to the next who asks, once', async () => {
    const pages = impatient();
    const maker = new Maker();
    await pages.get('a', maker.make);
    maker.fail('the disk is gone');
    await expect(pages.get('a', maker.make)).rejects.toThrow('the disk is gone');
    expect(String(await pages.get('a', async () => html`<p>again</p>`))).toBe('<p>again</p>');
  });

  test('is forgotten when too many others came after it', async () => {
    const pages = impatient();
    const first = new Maker();
    await pages.get('first', first.make);
    for (let other = 0; other < 32; other += 1) await pages.get(`other ${other}`, new Maker().make);
    first.finish('old');
    expect(await pages.get('first', first.make)).toHaveProperty('waitedMs');
    expect(first.asked).toBe(2);
  });
});
